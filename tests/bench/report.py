"""Figures, what they must be, and the table of them."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import NamedTuple


class Measure(NamedTuple):
    """A figure and what it must be: at least `bound`, or, unless `least`, at most. Without a bound
    it is only told.
    """

    what: str
    figure: float
    bound: float | None = None
    least: bool = True
    seconds: tuple[float, ...] = ()

    @property
    def holds(self) -> bool:
        if self.bound is None:
            return True
        return self.figure >= self.bound if self.least else self.figure <= self.bound

    def line(self) -> str:
        must = (
            ""
            if self.bound is None
            else f"{'≥' if self.least else '≤'} {self.bound:<6g}{'' if self.holds else 'MISSED'}"
        )
        times = " / ".join(f"{second * 1000:,.2f}" for second in self.seconds)
        return f"{self.what:<52}{self.figure:>8.2f}   {must:<16}{times}".rstrip()


def tell(measures: Iterable[Measure]) -> int:
    """Print a line for each figure, as it comes; 1 where one is not what it must be."""
    _say(f"{'':<52}{'figure':>8}   {'must be':<16}milliseconds of one and the other")
    missed = 0
    for measure in measures:
        _say(measure.line())
        missed += not measure.holds
    _say(f"{missed} of them missed" if missed else "All are as they must be.")
    return 1 if missed else 0


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
