"""`python tests/bench`: papergen's speed beside docxtpl's. Prints a table; ends with 1 where a
ratio is not what it must be.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from report import Measure, tell
from timing import Times, in_turn, processes, python
from workloads import BOARD, HERE, PAPER, drafted, drafters, engines, same_content, sample


def measures() -> Iterator[Measure]:
    """All figures, one after the other."""
    yield _faster(
        "engine, 40 rows, times faster", in_turn(*engines(40), rounds=40, ours_a_round=10), 30
    )
    small, large = engines(400)[0], engines(4000)
    times = in_turn(*large, rounds=7)
    yield _faster("engine, 4,000 rows, times faster", times, 15)
    few, many = in_turn(small, large[0], rounds=25)
    yield Measure("engine, time of 4,000 rows over time of 400", many / few, 11, False, (many, few))
    yield _faster(
        "sample paper, times faster", in_turn(*drafters(), rounds=60, ours_a_round=10), 25
    )
    yield from _drafted_from_data()
    yield from _cold(rounds=21)
    if sys.platform == "linux":
        grown = subprocess.run(
            python(HERE / "memory.py"), capture_output=True, check=True, text=True
        ).stdout
        yield Measure(
            "memory, MB from the 50th paper to the 1,000th", int(grown) / 1024**2, 2, False
        )
        yield from _lists()


def _lists(rounds: int = 5) -> Iterator[Measure]:
    """Lists of actions: the best of some runs, each in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        few, memory = _list_of(5_000, Path(folder, "few.xlsx"), rounds)
        many, _ = _list_of(50_000, Path(folder, "many.xlsx"), 1)
    yield Measure("list of 5,000 rows, seconds", few, 1, False)
    yield Measure("list of 5,000 rows, MB", memory, 150, False)
    yield Measure("list, time of 50,000 rows over time of 5,000", many / few, 13, False)


def _list_of(rows: int, file: Path, rounds: int) -> tuple[float, float]:
    """The seconds and megabytes that a list of so many rows takes."""
    found = []
    for _ in range(rounds):
        printed = subprocess.run(
            python(HERE / "lists.py", str(rows), file), capture_output=True, check=True, text=True
        ).stdout
        seconds, megabytes = map(float, printed.split())
        found.append((seconds, megabytes))
    return min(found)


def _drafted_from_data() -> Iterator[Measure]:
    times = in_turn(drafted(40, from_data=True), drafted(40, from_data=False), rounds=40)
    yield Measure(
        "sections drafted from data, over written, 40 actions",
        times.ours / times.theirs,
        2,
        False,
        times,
    )
    few, many = in_turn(drafted(400, from_data=True), drafted(4000, from_data=True), rounds=9)
    yield Measure(
        "drafted, time of 4,000 actions over time of 400", many / few, 11, False, (many, few)
    )


def _faster(what: str, times: Times, bound: float) -> Measure:
    return Measure(what, times.theirs / times.ours, bound, True, times)


def _cold(rounds: int) -> Iterator[Measure]:
    with tempfile.TemporaryDirectory() as folder:
        template, values = Path(folder, "template.docx"), Path(folder, "values.json")
        data, texts = same_content(sample())
        template.write_bytes(data)
        values.write_text(json.dumps(texts), encoding="utf-8")

        def theirs(out: Path) -> list[str]:
            return python(HERE / "docxtpl_script.py", template, values, out / "paper.docx")

        def ours(out: Path) -> list[str]:
            return python("-m", "papergen", "draft", PAPER, "--board", BOARD, "--out", out)

        for what, bound, options in (
            ("first time", 2.6, ["--no-cache"]),
            ("from the cache", 1.0, []),
        ):
            times = processes(lambda out, more=options: [*ours(out), *more], theirs, rounds)
            yield Measure(
                f"whole process, {what}, over docxtpl's",
                times.ours / times.theirs,
                bound,
                False,
                times,
            )


if __name__ == "__main__":
    sys.exit(tell(measures()))
