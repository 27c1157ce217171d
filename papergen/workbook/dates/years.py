"""Years in a text, and what quarters, halves, seasons and terms are in each kind of year."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from papergen.workbook.dates import ranges
from papergen.workbook.dates.ranges import DaysOfYear, months
from papergen.workbook.dates.readings import EARLIEST
from papergen.workbook.dates.words import DateToken, Sort

_LONGEST_PLAN = 20
"""Years that “2025-2035” can run."""


@dataclass(frozen=True, slots=True)
class WrittenYear:
    """A year in a text.

    `kind`: `plain` for 2025; `two` for 2025/26; `named` for FY26, which can be either of two years;
    `plan` for 2025-2028; `month` for 2025-10. `precision` is that of a `DatePoint`.
    """

    year: int
    kind: str = "plain"
    days: DaysOfYear = ranges.WHOLE_YEAR
    precision: int = 0


def full_year(figures: str) -> int:
    """The year that two or four figures are: 95 is 1995, and 25 is 2025."""
    year = int(figures)
    if len(figures) > 2:
        return year
    return 1900 + year if year >= EARLIEST % 100 else 2000 + year


def year_of(token: DateToken, name: str, *, can_be_short: bool) -> WrittenYear | None:
    """The year that a figure gives, if it gives one.

    `name` is the word for a kind of year beside it, as “financial year”. `can_be_short`: whether
    “25” can be a year, and “25/26” two.
    """
    text = token.text
    if token.sort is Sort.YEARS or (token.sort is Sort.PAIR and can_be_short):
        year = years_of(text)
        if year is not None and name in ranges.YEARS_BY_NAME:
            return replace(year, days=ranges.YEARS_BY_NAME[name])
        return year
    is_short = token.sort is Sort.SHORT_YEAR or (can_be_short and len(text) == 2)
    is_number = token.sort is Sort.NUMBER and (len(text) == 4 or is_short)
    if not is_number and token.sort is not Sort.SHORT_YEAR:
        return None
    year_number = full_year(text.strip("'"))
    if not name or name == "calendar year":
        return WrittenYear(year_number, precision=1)
    days = ranges.YEARS_BY_NAME.get(name, ranges.FINANCIAL_YEAR)
    return WrittenYear(year_number, "named", _either(days))


def years_of(text: str) -> WrittenYear | None:
    """The years of “2025/26”, “2025-2028” or “25/26”, or the month of “2025-10”.

    None for figures that are none of these.
    """
    first, second = re.findall("[0-9]+", text)
    year = full_year(first)
    is_dash = "-" in text
    number = int(second)
    is_month = len(first) == 4 and len(second) < 3 and 1 <= number <= 12
    if second == str(year + 1)[-len(second) :]:
        days = ranges.FINANCIAL_YEAR
        if is_month and (is_dash or len(second) == 1):
            # “2011-12” is a month to a computer, and a financial year to an officer.
            days = months(number, number).with_all_of(days)
        if is_dash and len(second) == 4:
            days = DaysOfYear((0, 1, 1), (1, 12, 0))
        return WrittenYear(year, "two", days)
    if len(first) != 4:
        return None
    if is_month:
        return WrittenYear(year, "month", months(number, number), 2)
    return _plan(year, second)


def _plan(year: int, second: str) -> WrittenYear | None:
    """“2025-2028”: years of the calendar, or financial ones, of which the last ends in 2029."""
    last = int(second) if len(second) == 4 else year - year % 100 + int(second)
    if not 1 < last - year <= _LONGEST_PLAN:
        return None
    return WrittenYear(year, "plan", DaysOfYear((0, 1, 1), (last - year + 1, 3, 0)))


# -- pieces of years


def quarters_of(first: int, last: int, year: WrittenYear | None) -> DaysOfYear:
    """All days that the quarters from `first` to `last` can be."""
    calendar = ranges.CALENDAR_QUARTERS
    financial = ranges.FINANCIAL_QUARTERS
    calendar_days = calendar[first - 1].with_all_of(calendar[last - 1])
    financial_days = financial[first - 1].with_all_of(financial[last - 1])
    return _of_year(calendar_days, financial_days, year)


def half_of(number: int, year: WrittenYear | None) -> DaysOfYear:
    """All days that the first or second half of a year can be."""
    return _of_year(ranges.CALENDAR_HALVES[number - 1], ranges.FINANCIAL_HALVES[number - 1], year)


def season_of(index: int, year: WrittenYear | None) -> DaysOfYear:
    """All days that a season of a year can be."""
    if year is None:
        return ranges.SEASONS[index]
    if year.kind == "two":
        return ranges.SEASONS_OF_TWO_YEARS[index]
    if year.kind == "named":
        return _either(ranges.SEASONS_OF_TWO_YEARS[index])
    if ranges.SEASONS[index].last[0]:
        return ranges.WINTER_OF_ONE_YEAR
    return ranges.SEASONS[index]


def term_of(index: int, year: WrittenYear | None) -> DaysOfYear:
    """All days that a school's term can be; one in winter is that which is called autumn's."""
    index = min(index, 2)
    if year is None or year.kind == "plain":
        return ranges.TERMS[index]
    if year.kind == "two":
        return ranges.TERMS_OF_TWO_YEARS[index]
    return _either(ranges.TERMS_OF_TWO_YEARS[index])


def _of_year(calendar: DaysOfYear, financial: DaysOfYear, year: WrittenYear | None) -> DaysOfYear:
    """A piece of a year of the kind: all days that it can be."""
    if year is None or year.kind == "plain":
        return calendar.with_all_of(financial)
    if year.kind == "two":
        return financial
    return _either(financial)


def _either(days: DaysOfYear) -> DaysOfYear:
    """The days of a year that is called by its first or by its last calendar year."""
    return days.later(-1).with_all_of(days)
