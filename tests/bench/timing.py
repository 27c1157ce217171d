"""Ratios of times. Both sides are timed in turn, so that a change of the machine's speed meets both
alike.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any, NamedTuple

ROOT = Path(__file__).parents[2]


class Times(NamedTuple):
    """Medians in seconds."""

    ours: float
    theirs: float


def in_turn(
    ours: Callable[[], Any],
    theirs: Callable[[], Any],
    rounds: int,
    ours_a_round: int = 1,
    clock: Callable[[], float] = process_time,
) -> Times:
    """Time both by turns. What is short is called several times a round.

    The usual clock counts the processor's time alone, so that what else the machine does counts
    little.
    """
    ours()
    theirs()
    mine, others = [], []
    for _ in range(rounds):
        started = clock()
        for _ in range(ours_a_round):
            ours()
        between = clock()
        theirs()
        others.append(clock() - between)
        mine.append((between - started) / ours_a_round)
    return Times(median(mine), median(others))


def processes(
    ours: Callable[[Path], Sequence[str]], theirs: Callable[[Path], Sequence[str]], rounds: int
) -> Times:
    """Time whole processes by turns; each gets an empty folder of its own to write to. The first of
    each is not counted.
    """
    with tempfile.TemporaryDirectory() as folder:
        numbers = iter(range(2 * rounds + 2))

        def run(command: Callable[[Path], Sequence[str]]) -> None:
            out = Path(folder, str(next(numbers)))
            out.mkdir()
            subprocess.run(
                command(out), env=_environment(folder), check=True, stdout=subprocess.DEVNULL
            )

        return in_turn(lambda: run(ours), lambda: run(theirs), rounds, clock=perf_counter)


def _environment(folder: str) -> dict[str, str]:
    """Byte code is kept, as it is in an installed package; the cache starts empty."""
    own = {
        "PYTHONPATH": str(ROOT),
        "PYTHONPYCACHEPREFIX": f"{folder}/bytecode",
        "PAPERGEN_CACHE": f"{folder}/cache",
    }
    return {
        name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"
    } | own


def python(*arguments: str | Path) -> list[str]:
    return [sys.executable, *map(str, arguments)]
