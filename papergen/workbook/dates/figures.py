"""Dates in figures alone: 30/10/2012, 2012-10-30, 10/2012, 30/11, 2012/13."""

from __future__ import annotations

import calendar
import re
from dataclasses import replace

from papergen.workbook.dates import ranges
from papergen.workbook.dates.ranges import DatePoint, months, one_day
from papergen.workbook.dates.readings import (
    DAY_FIRST_ONLY,
    DAY_OR_MONTH,
    DAY_OR_YEAR,
    EARLIEST,
    MONTH_FIRST,
    NEAR_YEAR,
    NO_SUCH_DATE,
    PAIR_UNCLEAR,
)
from papergen.workbook.dates.rules import DateRules
from papergen.workbook.dates.years import full_year, years_of


def figures_date(point: DatePoint, text: str, rules: DateRules) -> DatePoint:
    """`point` as the day or month that `text`, 30/10/2012 or a form like it, says."""
    first, *others = re.findall("[0-9]+", text)
    if len(first) == 4:
        month, day = others[:2]
        return _day(point, int(first), int(month), int(day))
    if len(others) == 1:
        return _month(point, full_year(others[0]), int(first))
    a, b, year = int(first), int(others[0]), full_year(others[1])
    if b > 12 and a <= 12:
        return _month_first_only(point, year, a, b, rules)
    if rules.order == "month-first":
        if a <= 12:
            return _day(point, year, a, b)
        point = replace(point, notes=(DAY_FIRST_ONLY,))
    elif rules.is_unsettled and a != b and a <= 12:
        return replace(point, problem=DAY_OR_MONTH)
    return _day(point, year, b, a)


def _month_first_only(
    point: DatePoint,
    year: int,
    month: int,
    day: int,
    rules: DateRules,
) -> DatePoint:
    """12/31/2025, which is a date only where dates are month first."""
    read = _day(point, year, month, day)
    if read.problem is not None or rules.order == "month-first":
        return read
    return replace(point, problem=MONTH_FIRST, suggestion=f"{year:04}-{month:02}-{day:02}")


def _day(point: DatePoint, year: int, month: int, day: int) -> DatePoint:
    if not 1 <= month <= 12:
        return replace(point, problem=NO_SUCH_DATE)
    length = calendar.monthrange(year, month)[1] if 1 <= year <= 9999 else 31
    if not 1 <= day <= length:
        suggestion = f"{year:04}-{month:02}-{length:02}" if day > length else ""
        return replace(point, problem=NO_SUCH_DATE, suggestion=suggestion)
    read = replace(point, days=one_day(month, day), year=year, precision=3)
    return read if read.exists_in(year) else replace(read, problem=NO_SUCH_DATE)


def _month(point: DatePoint, year: int, month: int) -> DatePoint:
    if not 1 <= month <= 12:
        return replace(point, problem=NO_SUCH_DATE)
    read = replace(point, days=months(month, month), year=year, precision=2)
    return read if read.exists_in(year) else replace(read, problem=NO_SUCH_DATE)


def is_month_first_date(text: str) -> bool:
    """Whether 12/31/2025, or a form like it, is a date only where the month comes first."""
    a, b, year = re.findall("[0-9]+", text)
    if int(a) > 12 or int(b) <= 12:
        return False
    point = DatePoint(0, 0, ranges.WHOLE_YEAR)
    return _day(point, full_year(year), int(a), int(b)).problem is None


# -- two figures


def pair_date(point: DatePoint, text: str, rules: DateRules) -> DatePoint | None:
    """`point` as what two figures say: a day and a month, a month and a year, two years."""
    a, b = (int(figures) for figures in re.findall("[0-9]+", text))
    is_slash = "/" in text
    if "-" in text:
        return _two_years(point, text) if a > 12 else None
    if b > 12:
        if not is_slash:
            return None
        if a > 12:
            return _two_years(point, text) or replace(point, problem=NO_SUCH_DATE)
        return _month_and_two_figures(point, a, b, rules)
    if is_slash and a <= 12 and rules.is_near(full_year(f"{b:02}")):
        return replace(point, problem=PAIR_UNCLEAR, suggestion=_suggested(a, b, rules))
    return _day_and_month(point, a, b, rules)


def _suggested(day: int, month: int, rules: DateRules) -> str:
    return rules.nearest_day(month, day) if day and month else ""


def _two_years(point: DatePoint, text: str) -> DatePoint | None:
    years = years_of(text)
    if years is None:
        return None
    return replace(point, days=years.days, year=years.year)


def _month_and_two_figures(
    point: DatePoint,
    month: int,
    figures: int,
    rules: DateRules,
) -> DatePoint:
    """“10/25”: a month of a year near the as-at date, or a day if the month comes first."""
    year = full_year(str(figures))
    can_be_day = figures <= 31 and (rules.is_unsettled or rules.order == "month-first")
    can_be_two_years = figures == month + 1
    if not month:
        return replace(point, problem=NO_SUCH_DATE)
    if not rules.is_near(year) or can_be_day or can_be_two_years:
        return replace(point, problem=DAY_OR_YEAR)
    read = _month(point, year, month)
    return replace(read, notes=(NEAR_YEAR,))


def _day_and_month(point: DatePoint, a: int, b: int, rules: DateRules) -> DatePoint:
    if a <= 12 and a != b and rules.is_unsettled:
        return replace(point, problem=DAY_OR_MONTH)
    day, month = a, b
    if rules.order == "month-first" and a <= 12:
        day, month = b, a
    if not 1 <= month <= 12 or not 1 <= day <= (29 if month == 2 else _length(month)):
        return replace(point, problem=NO_SUCH_DATE)
    return replace(point, days=one_day(month, day), precision=3)


def _length(month: int) -> int:
    return calendar.monthrange(EARLIEST, month)[1]
