"""Dates as papers state them: a day, a month or a year, each at its own precision (ISO 8601 reduced
precision). Periods between two such dates, and which of several entries holds on a day.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import total_ordering
from typing import Protocol, TypeVar

_FORM = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)


@total_ordering
@dataclass(frozen=True, slots=True)
class PartialDate:
    """A year, a month of a year, or a day.

    Dates are ordered by their first day, then by precision, the vaguer first. Raises ValueError for
    a day without a month, and for one that does not exist.
    """

    year: int
    month: int | None = None
    day: int | None = None

    def __post_init__(self) -> None:
        if self.day is not None and self.month is None:
            raise ValueError("a day needs its month")
        month = 1 if self.month is None else self.month
        day = 1 if self.day is None else self.day
        date(self.year, month, day)  # raises ValueError if there is no such day

    @classmethod
    def parse(cls, text: str) -> PartialDate:
        """The date that `2012-11-08`, `2012-11` or `2012` is.

        Raises ValueError for any other form, and for days that do not exist.
        """
        found = _FORM.fullmatch(text)
        if not found:
            raise ValueError("not a date of the form 2012-11-08, 2012-11 or 2012")
        year, month, day = found.groups()
        return cls(int(year), int(month) if month else None, int(day) if day else None)

    @classmethod
    def of(cls, day: date) -> PartialDate:
        return cls(day.year, day.month, day.day)

    @property
    def first(self) -> date:
        """The first day it can be."""
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def last(self) -> date:
        """The last day it can be."""
        month = self.month or 12
        return date(self.year, month, self.day or calendar.monthrange(self.year, month)[1])

    def plus_months(self, months: int) -> PartialDate:
        """The corresponding date, `months` later; the last day of that month where there is none.

        Source: the corresponding date rule, Dodds v Walker [1981] 1 WLR 1027 (HL). Raises
        ValueError for a year alone and months that are not whole years.
        """
        if self.month is None and months % 12:
            raise ValueError("months cannot be added to a year without its month")
        total = self.year * 12 + (self.month or 1) - 1 + months
        year, month = divmod(total, 12)
        if self.month is None:
            return PartialDate(year)
        if self.day is None:
            return PartialDate(year, month + 1)
        last_day = calendar.monthrange(year, month + 1)[1]
        return PartialDate(year, month + 1, min(self.day, last_day))

    def isoformat(self) -> str:
        parts = [f"{self.year:04d}"]
        if self.month is not None:
            parts.append(f"{self.month:02d}")
        if self.day is not None:
            parts.append(f"{self.day:02d}")
        return "-".join(parts)

    def __str__(self) -> str:
        return self.isoformat()

    def _key(self) -> tuple[date, int]:
        return (self.first, (self.month is not None) + (self.day is not None))

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, PartialDate):
            return NotImplemented
        return self._key() < other._key()


@dataclass(frozen=True, slots=True)
class WrittenDate:
    """A due date that is no date, as somebody wrote it: “Q3 2025/26”, “w/c 3 November”, “ongoing”.

    `first` and `last` are the days between which it lies, as far as these can be computed: all days
    that it can mean are between them.
    """

    text: str
    first: PartialDate | None = None
    last: PartialDate | None = None

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Period:
    """The days from `start` to `end`, both inclusive; None leaves that side open."""

    start: PartialDate | None = None
    end: PartialDate | None = None

    def starts_by(self, day: PartialDate) -> bool:
        """Whether the period can have started on `day`, or before it."""
        return self.start is None or self.start.first <= day.last

    def lasts_until(self, day: PartialDate) -> bool:
        """Whether the period can end on `day`, or after it."""
        return self.end is None or self.end.last >= day.first

    def includes(self, day: PartialDate) -> bool:
        """Whether `day` can be a day of the period."""
        return self.starts_by(day) and self.lasts_until(day)

    def is_reversed(self) -> bool:
        """Whether the period ends before it starts."""
        return self.start is not None and not self.lasts_until(self.start)

    def overlaps(self, other: Period) -> bool:
        """Whether the two periods can have a day in common."""
        starts_in_time = other.start is None or self.lasts_until(other.start)
        lasts_long_enough = self.start is None or other.lasts_until(self.start)
        return starts_in_time and lasts_long_enough


class HasPeriod(Protocol):
    """An entry that holds for a period: a name of a body, a holder of a post."""

    @property
    def period(self) -> Period: ...


E = TypeVar("E", bound=HasPeriod)


def entry_on(day: PartialDate, entries: Iterable[E]) -> E | None:
    """The first of the entries whose period includes `day`; None if there is none."""
    for entry in entries:
        if entry.period.includes(day):
            return entry
    return None
