"""Days of a year that have a name, as ranges: quarters, seasons, terms, years, weeks."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TypeAlias

from papergen.dates import PartialDate
from papergen.workbook.dates.readings import EARLIEST, LATEST
from papergen.workbook.reading import FindingKind

Corner: TypeAlias = tuple[int, int, int]
"""A day as the number of years behind a base year, the month and the day.

Day 0 is the last of the month.
"""


@dataclass(frozen=True, slots=True)
class DaysOfYear:
    """The days from one corner to the other, both inclusive, for any base year."""

    first: Corner
    last: Corner

    def later(self, years: int) -> DaysOfYear:
        """The same days, so many years later."""
        first, last = self.first, self.last
        return DaysOfYear((first[0] + years, *first[1:]), (last[0] + years, *last[1:]))

    def with_all_of(self, other: DaysOfYear) -> DaysOfYear:
        """The days from the earlier first day to the later last day."""
        first = min(self.first, other.first)
        last = max(self.last, other.last, key=_without_day_0)
        return DaysOfYear(first, last)


def _without_day_0(corner: Corner) -> Corner:
    return (*corner[:2], corner[2] or 31)


def months(first: int, last: int) -> DaysOfYear:
    """Whole months; a last month that comes before the first is one of the next year."""
    return DaysOfYear((0, first, 1), (int(last < first), last, 0))


def one_day(month: int, day: int) -> DaysOfYear:
    """A single day."""
    return DaysOfYear((0, month, day), (0, month, day))


WHOLE_YEAR = months(1, 12)
FINANCIAL_YEAR = months(4, 3)
NAMED_YEAR = FINANCIAL_YEAR.later(-1).with_all_of(FINANCIAL_YEAR)
"""“FY26”: to most the year that ends in 2026, to some the one that begins then."""

YEARS_BY_NAME = {
    "municipal year": DaysOfYear((0, 5, 1), (1, 5, 0)),
    "civic year": DaysOfYear((0, 5, 1), (1, 5, 0)),
    "academic year": months(9, 8),
    "school year": months(9, 8),
    "calendar year": WHOLE_YEAR,
}
"""Years that are not financial ones. A municipal year ends with the annual meeting, in May."""

FINANCIAL_QUARTERS = (months(4, 6), months(7, 9), months(10, 12), months(1, 3).later(1))
CALENDAR_QUARTERS = (months(1, 3), months(4, 6), months(7, 9), months(10, 12))
FINANCIAL_HALVES = (months(4, 9), months(10, 3))
CALENDAR_HALVES = (months(1, 6), months(7, 12))

SEASONS = (months(3, 5), months(6, 8), months(9, 11), months(12, 2))
"""From spring to winter."""
WINTER_OF_ONE_YEAR = DaysOfYear((0, 1, 1), (1, 2, 0))
"""“Winter 2025” is the one that ends, or the one that begins, in 2025."""
SEASONS_OF_TWO_YEARS = (
    # Spring and summer 2025/26 are those of 2025 in a financial year, and of 2026 at a school.
    DaysOfYear((0, 3, 1), (1, 5, 0)),
    DaysOfYear((0, 6, 1), (1, 8, 0)),
    months(9, 11),
    months(12, 2),
)
TERMS = (months(1, 4), months(4, 7), months(9, 12))
"""The spring, summer and autumn terms of a calendar year."""
TERMS_OF_TWO_YEARS = (months(1, 4).later(1), months(4, 7).later(1), months(9, 12))

CHRISTMAS = DaysOfYear((0, 12, 25), (0, 12, 31))
BY_CHRISTMAS = one_day(12, 25)
EASTER = DaysOfYear((0, 3, 20), (0, 4, 30))
"""Good Friday is never before 20 March, nor Easter Monday after 26 April."""


@dataclass(frozen=True, slots=True)
class DatePoint:
    """A date in a text: its place there, its days, and what there is to say of them.

    `year` is the base year of `days`, None where the text has none. `precision` is the number of
    parts of the date that the text gives, year, month and day; 0 for what is no exact date. `lead`
    and `lag` are days before and after. `problem` is the question to ask, where the date is not
    sure; `suggestion` then is a date that it may be.
    """

    start: int
    end: int
    days: DaysOfYear
    year: int | None = None
    precision: int = 0
    lead: int = 0
    lag: int = 0
    notes: tuple[FindingKind, ...] = ()
    problem: FindingKind | None = None
    suggestion: str = ""

    def first(self, year: int) -> date:
        """The first day that it can be. Raises ValueError where there is no such day."""
        return _day(year, self.days.first) - timedelta(self.lead)

    def last(self, year: int) -> date:
        """The last day that it can be. Raises ValueError where there is no such day."""
        return _day(year, self.days.last) + timedelta(self.lag)

    def exact(self, year: int) -> PartialDate:
        """The date in the precision of the text. Raises ValueError where there is no such day."""
        _, month, day = self.days.first
        parts = (month, day)[: self.precision - 1]
        return PartialDate(year, *parts)

    def in_year(self, year: int) -> DatePoint:
        """The same with a year."""
        return replace(self, year=year)

    def exists_in(self, year: int) -> bool:
        """Whether there are such days, in years that an action can have."""
        if not EARLIEST <= year <= LATEST:
            return False
        try:
            self.first(year)
            self.last(year)
        except ValueError:
            return False
        return True


def _day(year: int, corner: Corner) -> date:
    later, month, day = corner
    year += later
    return date(year, month, day or calendar.monthrange(year, month)[1])


# -- dates without a year


def with_years(points: Sequence[DatePoint]) -> tuple[DatePoint, ...] | None:
    """The points, each with a year, from the years that some of them have.

    In “1 Oct - 31 Dec 2025” the first is in the last such year that does not put it behind the
    second. None where no point has a year, or one cannot have any.
    """
    known = list(points)
    for index in range(len(known) - 2, -1, -1):
        after = known[index + 1]
        if known[index].year is None and after.year is not None:
            year = year_before(known[index], after)
            known[index] = known[index] if year is None else known[index].in_year(year)
    for index in range(1, len(known)):
        before = known[index - 1]
        if known[index].year is None and before.year is not None:
            year = year_after(known[index], before)
            known[index] = known[index] if year is None else known[index].in_year(year)
    if any(point.year is None for point in known):
        return None
    return tuple(known)


def year_before(point: DatePoint, limit: DatePoint) -> int | None:
    """The last year in which `point` does not begin after the end of `limit`."""
    assert limit.year is not None
    end = limit.last(limit.year)
    for year in range(limit.year + 1, limit.year - 3, -1):
        if point.exists_in(year) and point.first(year) <= end:
            return year
    return None


def year_after(point: DatePoint, limit: DatePoint) -> int | None:
    """The first year in which `point` does not end before `limit` begins."""
    assert limit.year is not None
    start = limit.first(limit.year)
    for year in range(limit.year - 1, limit.year + 3):
        if point.exists_in(year) and point.last(year) >= start:
            return year
    return None


@dataclass(frozen=True, slots=True)
class NearestYear:
    """The points in the years that put them nearest to the as-at date.

    `is_past`: whether that is before the as-at month.
    """

    points: tuple[DatePoint, ...]
    is_past: bool


def nearest_year(
    points: Sequence[DatePoint],
    as_at: PartialDate,
    *,
    later: bool = True,
) -> NearestYear | None:
    """Points of which none has a year, in the nearest ones.

    `later` decides between two that are equally near. None where the as-at date has no month, and
    where there are no such days in the years around it.
    """
    if as_at.month is None:
        return None
    now = _months(as_at.first)
    best: tuple[int, NearestYear] | None = None
    years = (as_at.year - 2, as_at.year - 1, as_at.year, as_at.year + 1)
    for year in reversed(years) if later else years:
        if not points[0].exists_in(year):
            continue
        dated = with_years([points[0].in_year(year), *points[1:]])
        if dated is None:
            continue
        first, last = limits(dated)
        past = now - _months(last)
        away = max(past, _months(first) - now, 0)
        if best is None or away < best[0]:
            best = away, NearestYear(dated, past > 0)
    return None if best is None else best[1]


def limits(points: Sequence[DatePoint]) -> tuple[date, date]:
    """The first and the last day of points that have their years."""
    firsts = [point.first(point.year) for point in points if point.year is not None]
    lasts = [point.last(point.year) for point in points if point.year is not None]
    return min(firsts), max(lasts)


def _months(day: date) -> int:
    return day.year * 12 + day.month
