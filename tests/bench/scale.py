"""`python tests/bench/scale.py`: a batch of ten thousand papers. Prints a table; ends with 1 where
a figure is missed.

It runs on Linux, whose /proc tells of other processes, and for the rate of two workers on two
processors or more.
"""

from __future__ import annotations

import argparse
import pickle
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from threading import Event, Thread
from time import perf_counter
from typing import Any, NamedTuple

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent / "support")]

from batch_runs import Office, here  # noqa: E402 (tests' helpers, beside this folder)
from many_papers import make_papers  # noqa: E402
from report import Measure, tell  # noqa: E402

MEGABYTE = 1024**2
_PARTS = ("rendering", "writing", "noting what was told", "loading and compiling", "all else")


class Ran(NamedTuple):
    """A run: how long it took, and the memory of its workers, in bytes: each one's readings, in
    order.
    """

    seconds: float
    memory: dict[int, list[int]]


def measures(plans: int, boards: int, rounds: int) -> Iterator[Measure]:
    """All figures, for so many plans that go to so many boards."""
    with tempfile.TemporaryDirectory() as folder:
        make_papers(Path(folder, "plans"), plans, boards)
        one, two, without = [], [], []
        for _ in range(rounds):
            one.append(run(folder, "--workers", "1"))
            two.append(run(folder, "--workers", "2"))
            without.append(run(folder, "--workers", "2", unwritten=True))
        papers = plans * boards
        single, double, bare = (median(each.seconds for each in ran) for ran in (one, two, without))
        yield Measure("papers a second, one worker", papers / single, seconds=(single,))
        yield Measure("papers a second, two workers", papers / double, seconds=(double,))
        yield Measure(
            "two workers, times one worker's rate", single / double, 1.7, True, (double, single)
        )
        yield Measure(
            "manifest, per cent of a run with two workers",
            100 * (1 - bare / double),
            10,
            False,
            (bare, double),
        )
        readings = [
            series for ran in (*one, *two) for series in ran.memory.values() if len(series) > 2
        ]
        yield Measure("peak memory of a worker, MB", max(map(max, readings)) / MEGABYTE, 150, False)
        grown = max(max(series) - max(series[: len(series) // 3]) for series in readings)
        yield Measure(
            "growth of a worker after a third of its life, MB", grown / MEGABYTE, 10, False
        )
        parts = profile(Path(folder), min(plans, 20))
        whole = sum(parts.values())
        for name, seconds in parts.items():
            yield Measure(
                f"warm worker, per cent: {name}", 100 * seconds / whole, seconds=(seconds,)
            )
        yield Measure(
            "rendering and writing together",
            100 * (parts["rendering"] + parts["writing"]) / whole,
            80,
            True,
        )


def run(folder: str, *options: str, unwritten: bool = False) -> Ran:
    """A run as a process of its own, into a folder of its own. `unwritten`: outcomes are not
    written to the manifest.

    Nothing is deleted before the end: where many files have just been deleted, ext4 makes new ones
    many times more slowly.
    """
    out = Path(tempfile.mkdtemp(prefix="out-", dir=folder))
    arguments = ["batch", str(Path(folder, "plans")), "--out", str(out), *options]
    start = f"import scale; scale.unwritten({unwritten}, {arguments!r})"
    with subprocess.Popen(
        [sys.executable, "-c", start],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=HERE,
        text=True,
    ) as process:
        stop = Event()
        memory: dict[int, list[int]] = {}
        watcher = Thread(target=_watch, args=(process.pid, memory, stop))
        watcher.start()
        assert process.stdout is not None
        assert process.stderr is not None
        reported = process.stdout.read()
        wrong = process.stderr.read()
        stop.set()
        watcher.join()
    seconds = re.search(r"papers in .*: .*\(([\d.]+) seconds", reported)
    assert seconds, wrong
    assert unwritten or not wrong, wrong
    return Ran(float(seconds[1]), memory)


def unwritten(really: bool, arguments: list[str]) -> None:
    """The process of a run."""
    from papergen.batch.manifest.manifest import Manifest
    from papergen.cli import main

    if really:
        Manifest.record = lambda *_: None  # type: ignore[method-assign]
    main(arguments)


def _watch(process: int, memory: dict[int, list[int]], stop: Event) -> None:
    """Read the memory that a process's workers hold, again and again."""
    while not stop.wait(0.1):
        for path in Path(f"/proc/{process}/task").glob("*/children"):
            for child in _read(path).split():
                if "spawn_main" in _read(Path(f"/proc/{child}/cmdline")):
                    held = _read(Path(f"/proc/{child}/statm")).split()
                    if held and held[1] != "0":
                        memory.setdefault(int(child), []).append(int(held[1]) * 4096)


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except (OSError, UnicodeDecodeError):  # it has ended meanwhile
        return ""


def profile(folder: Path, plans: int) -> dict[str, float]:
    """Seconds of a worker that has its first plan behind it, by what it does."""
    from papergen.batch import placement, worker
    from papergen.drafting.program import Program

    spent = dict.fromkeys(_PARTS, 0.0)

    def timed(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            started = perf_counter()
            try:
                return function(*arguments, **named)
            finally:
                spent[name] += perf_counter() - started

        return call

    def travelling(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
        """Work comes to a worker, and goes from it, as bytes."""

        def call(item: Any) -> Any:
            if not hasattr(item, "batches"):
                return function(item)
            started, known = perf_counter(), sum(spent.values())
            answer = function(pickle.loads(pickle.dumps(item)))
            pickle.dumps(answer)
            spent["all else"] += perf_counter() - started - (sum(spent.values()) - known)
            return answer

        return call

    patched = [
        (Program, "draft_once", "rendering"),
        (placement, "put_in_place", "writing"),
        (worker, "reported_facts", "noting what was told"),
        (worker, "_pack_facts", "noting what was told"),
        (worker, "_load", "loading and compiling"),
        (worker, "compile_paper", "loading and compiling"),
    ]
    real = [getattr(owner, name) for owner, name, _ in patched]
    office = Office(here(wrap=travelling), times=iter(lambda: "", None))
    paths = [str(folder / "plans" / f"plan-{number:03}") for number in range(1, plans + 1)]
    try:
        for (owner, name, part), function in zip(patched, real, strict=True):
            setattr(owner, name, timed(part, function))
        office.run(paths[0], out=str(folder / "out"))
        spent.update(dict.fromkeys(spent, 0.0))
        office.run(*paths[1:], out=str(folder / "out"))
    finally:
        for (owner, name, _), function in zip(patched, real, strict=True):
            setattr(owner, name, function)
    return spent


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--plans", type=int, default=100)
    parser.add_argument("--boards", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    return tell(measures(given.plans, given.boards, given.rounds))


if __name__ == "__main__":
    sys.exit(main())
