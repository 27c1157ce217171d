"""Dates in a text, each read at its place: days, months, quarters, seasons, weeks, years."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias

from papergen.dates import PartialDate
from papergen.workbook.dates import ranges
from papergen.workbook.dates.figures import figures_date, pair_date
from papergen.workbook.dates.parts import part_of
from papergen.workbook.dates.ranges import DatePoint, DaysOfYear, months, one_day
from papergen.workbook.dates.readings import (
    DAY_OR_YEAR,
    EARLIEST,
    LATEST,
    MISSPELT,
    NEAR_YEAR,
    NO_SUCH_DATE,
)
from papergen.workbook.dates.rules import DateRules
from papergen.workbook.dates.words import DateToken, Sort, is_misspelt
from papergen.workbook.dates.years import (
    WrittenYear,
    full_year,
    half_of,
    quarters_of,
    season_of,
    term_of,
    year_of,
    years_of,
)

_LONGEST_MONTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_BETWEEN_PARTS = ("-", ",", "/", ".", ":")
_ALONE = ("plan", "month")
"""Kinds of years in which nothing is a piece."""

_Form: TypeAlias = "Callable[[], DatePoint | None]"


class PointReader:
    """Reads the dates of a text one after the other. `at` is the next token."""

    def __init__(self, tokens: tuple[DateToken, ...], rules: DateRules) -> None:
        self.tokens = tokens
        self.rules = rules
        self.at = 0

    def read(self) -> DatePoint | None:
        """The date that begins at the next token, or None; `at` is then where it was."""
        for form in (self._part, self._week, self._core):
            point = self._tried(form)
            if point is not None:
                return point
        return None

    # -- tokens

    def _sort(self, ahead: int = 0) -> Sort | None:
        place = self.at + ahead
        return self.tokens[place].sort if place < len(self.tokens) else None

    def _take(self, *sorts: Sort) -> DateToken | None:
        """The next token, if it is of one of the sorts."""
        if self._sort() not in sorts:
            return None
        self.at += 1
        return self.tokens[self.at - 1]

    def _skip(self, *sorts: Sort, marks: tuple[str, ...] = _BETWEEN_PARTS) -> None:
        """Pass over marks between the parts of a date, and over tokens of the sorts."""
        while self.at < len(self.tokens):
            token = self.tokens[self.at]
            if token.text not in marks and token.sort not in sorts:
                return
            self.at += 1

    def _tried(self, form: _Form) -> DatePoint | None:
        """What `form` reads; where that is nothing, the next token stays the same."""
        at = self.at
        point = form()
        if point is None:
            self.at = at
        return point

    def _point(self, start: int, days: DaysOfYear, year: int | None = None) -> DatePoint:
        """A point from token `start` to the last one taken."""
        begins = self.tokens[start].start
        return _checked(DatePoint(begins, self.tokens[self.at - 1].end, days, year))

    # -- parts of months and years, weeks

    def _part(self) -> DatePoint | None:
        """“end of March 2026”, “mid-October”, “early 2026”, “early to mid March”."""
        start = self.at
        part = self._take(Sort.PART)
        if part is None:
            return None
        name = part.text
        self._skip(Sort.FILLER, marks=("-", "."))
        if self._sort() in (Sort.TO, Sort.LIST) and self._sort(1) is Sort.PART:
            self.at += 1
        if self._take(Sort.PART) is not None:
            name = "mid"
            self._skip(Sort.FILLER, marks=("-", "."))
        point = self._tried(self._week) or self._core()
        if point is None:
            return None
        point = replace(point, start=self.tokens[start].start)
        return part_of(point, name)

    def _week(self) -> DatePoint | None:
        """“w/c 3 November 2025”, “week ending 7/11/25”."""
        start = self.at
        token = self._take(Sort.WEEK_FROM, Sort.WEEK_TO)
        if token is None:
            return None
        self._skip(Sort.FILLER, Sort.WEEKDAY)
        point = self._core()
        if point is None:
            return None
        point = replace(point, start=self.tokens[start].start, precision=0)
        if token.sort is Sort.WEEK_FROM:
            return replace(point, lag=6)
        return replace(point, lead=6)

    # -- whole dates

    def _core(self) -> DatePoint | None:
        forms: tuple[_Form, ...] = (
            self._figures,
            self._quarter,
            self._half,
            self._season,
            self._holiday,
            self._days_of_month,
            self._month_and_day,
            self._month,
            self._year_first,
        )
        for form in forms:
            point = self._tried(form)
            if point is not None:
                return point
        return None

    def _figures(self) -> DatePoint | None:
        """30/10/2012, 2012-10-30, 10/2012, 30/11; and 30 10 2012."""
        start = self.at
        token = self._take(Sort.STAMP, Sort.YMD, Sort.DMY, Sort.MONTH_YEAR, Sort.PAIR)
        if token is None:
            return self._figures_apart()
        point = self._point(start, ranges.WHOLE_YEAR)
        if token.sort is Sort.PAIR:
            return pair_date(point, token.text, self.rules)
        return figures_date(point, token.text, self.rules)

    def _figures_apart(self) -> DatePoint | None:
        """“30 10 2012”."""
        start = self.at
        taken = [self._take(Sort.NUMBER) for _ in range(3)]
        figures = [token.text for token in taken if token is not None]
        lengths = [len(figure) for figure in figures]
        if len(lengths) != 3 or max(lengths[:2]) > 2:
            return None
        # “30 10 12” is a date only where there is nothing else.
        if lengths[2] != 4 and (lengths[2] != 2 or len(self.tokens) != 3):
            return None
        point = self._point(start, ranges.WHOLE_YEAR)
        return figures_date(point, "/".join(figures), self.rules)

    def _quarter(self) -> DatePoint | None:
        """“Q3 2025/26”; the year may stand before it, see `_year_first`."""
        start = self.at
        quarters = self._quarters()
        if quarters is None:
            return None
        year = self._year(two_figures=True)
        days = quarters_of(*quarters, year)
        return self._point(start, days, None if year is None else year.year)

    def _quarters(self) -> tuple[int, int] | None:
        """The first and the last quarter of “Q3” and of “Q3/4”."""
        token = self._take(Sort.QUARTER)
        if token is None:
            return None
        if self._sort() in (Sort.LIST, Sort.DASH) and self._sort(1) is Sort.NUMBER:
            second = self.tokens[self.at + 1]
            if second.text in ("2", "3", "4") and second.value > token.value:
                self.at += 2
                return token.value, second.value
        return token.value, token.value

    def _half(self) -> DatePoint | None:
        """“H2 2025/26”, “first half of 2026”, “first half of October 2025”."""
        start = self.at
        token = self._take(Sort.HALF)
        if token is None:
            return None
        self._skip(Sort.FILLER)
        if self._sort() is Sort.MONTH:
            point = self._month()
            if point is None:
                return None
            point = replace(point, start=self.tokens[start].start)
            return part_of(point, "early" if token.value == 1 else "late")
        year = self._year(two_figures=True)
        days = half_of(token.value, year)
        return self._point(start, days, None if year is None else year.year)

    def _season(self) -> DatePoint | None:
        """“Autumn 2025”, “Winter 25/26”, “autumn term 2025”."""
        start = self.at
        token = self._take(Sort.SEASON)
        if token is None:
            return None
        index = token.value - 1
        is_term = self._take(Sort.TERM) is not None
        year = self._year(two_figures=True)
        days = term_of(index, year) if is_term else season_of(index, year)
        return self._point(start, days, None if year is None else year.year)

    def _holiday(self) -> DatePoint | None:
        """“Christmas 2025”, “Easter”."""
        start = self.at
        token = self._take(Sort.HOLIDAY)
        if token is None:
            return None
        days = ranges.EASTER if token.text == "easter" else ranges.CHRISTMAS
        if start and token.text != "easter" and self.tokens[start - 1].sort is Sort.FORECAST:
            days = ranges.BY_CHRISTMAS
        year = self._year(two_figures=True)
        if year is not None and year.kind != "plain":
            days = days.with_all_of(days.later(1))
        return self._point(start, days, None if year is None else year.year)

    def _days_of_month(self) -> DatePoint | None:
        """“30th October 2012”, “1-5 December”, “30 Oct”."""
        start = self.at
        first = self._day()
        if first is None:
            return None
        last = self._last_day() or first
        self._skip(Sort.FILLER)
        month = self._take(Sort.MONTH)
        if month is None:
            return None
        notes = (MISSPELT,) if is_misspelt(month) else ()
        at = self.at
        year = self._year(two_figures=True)
        if year is not None and year.kind != "plain":
            self.at = at
            year = None
        if last < first:
            return None
        point = self._point(start, DaysOfYear((0, month.value, first), (0, month.value, last)))
        point = replace(point, precision=3 if first == last else 0, notes=notes)
        return _checked_day(point, last, month.value, None if year is None else year.year)

    def _last_day(self) -> int | None:
        """The second day of “1-5 December”."""
        at = self.at
        if self._take(Sort.DASH, Sort.TO, Sort.LIST) is not None:
            day = self._day()
            if day is not None and self._sort() is Sort.MONTH:
                return day
        self.at = at
        return None

    def _day(self) -> int | None:
        """A number that can be a day: one or two figures, or an ordinal."""
        token = self._take(Sort.ORDINAL, Sort.NUMBER)
        if token is None or (token.sort is Sort.NUMBER and len(token.text) > 2):
            return None
        return token.value

    def _month_and_day(self) -> DatePoint | None:
        """“October 30, 2012”, “Oct 30th”, “Oct 5”: a month, and a number that can only be a day."""
        start = self.at
        month = self._take(Sort.MONTH)
        if month is None:
            return None
        self._skip(Sort.FILLER, marks=())
        day = self._take(Sort.ORDINAL, Sort.NUMBER)
        if day is None or (day.sort is Sort.NUMBER and len(day.text) > 2):
            return None
        if self._sort() in (Sort.PAIR, Sort.MONTH):
            return None
        at = self.at
        self._skip(Sort.FILLER, marks=(",",))
        year = self._take(Sort.NUMBER)
        if year is None or len(year.text) != 4:
            self.at = at
            year = None
        if year is None and day.sort is Sort.NUMBER and len(day.text) == 2:
            return None
        point = replace(self._point(start, one_day(month.value, day.value)), precision=3)
        if is_misspelt(month):
            point = replace(point, notes=(MISSPELT,))
        number = None if year is None else year.value
        return _checked_day(point, day.value, month.value, number)

    def _month(self) -> DatePoint | None:
        """“October 2012”, “Oct-12”, “October”."""
        start = self.at
        month = self._take(Sort.MONTH)
        if month is None:
            return None
        notes = (MISSPELT,) if is_misspelt(month) else ()
        year = self._year(two_figures=False)
        if year is None:
            two = self._two_figures()
            point = replace(
                self._point(start, months(month.value, month.value)), precision=2, notes=notes
            )
            return point if two is None else self._with_two_figures(point, two)
        if year.kind == "named":
            return None
        days = months(month.value, month.value)
        precision = 2
        if year.kind == "two":
            # March 2025/26 is in 2026, and October 2025/26 in 2025.
            days = days.later(int(month.value < 4))
            precision = 0
        return replace(self._point(start, days, year.year), precision=precision, notes=notes)

    def _two_figures(self) -> DateToken | None:
        """Two figures behind a month, which may be a year or a day."""
        at = self.at
        self._skip()
        token = self._take(Sort.NUMBER, Sort.PAIR)
        if token is None or self._sort() is Sort.MONTH:
            # A number before a month is the day of the next date.
            self.at = at
            return None
        is_two_years = token.sort is Sort.PAIR and years_of(token.text) is not None
        if not is_two_years and (token.sort is Sort.PAIR or len(token.text) != 2):
            self.at = at
            return None
        return token

    def _with_two_figures(self, point: DatePoint, token: DateToken) -> DatePoint:
        point = replace(point, end=token.end)
        year = full_year(token.text[:2])
        if token.sort is Sort.NUMBER and self.rules.is_near(year):
            return replace(point, year=year, notes=(*point.notes, NEAR_YEAR))
        _, month, _ = point.days.first
        suggestion = self.rules.nearest_day(month, token.value) if token.value else ""
        return replace(point, problem=DAY_OR_YEAR, suggestion=suggestion)

    def _year_first(self) -> DatePoint | None:
        """“2025/26”, “2026/27 – Q1”, “2012”, “2012 October”, “FY26”."""
        start = self.at
        year = self._year(two_figures=False, alone=True)
        if year is None:
            return None
        end = self.at
        self._skip(marks=("-", ",", "/", ":", "("))
        days = None if year.kind in _ALONE else self._piece_of(year)
        if days is not None and self._tried_year() is None:
            return self._point(start, days, year.year)
        self.at = end
        month = self._take(Sort.MONTH) if year.kind == "plain" and year.precision == 1 else None
        if month is not None and self._tried_year() is None and self._sort() is not Sort.NUMBER:
            point = self._point(start, months(month.value, month.value), year.year)
            return replace(point, precision=2)
        self.at = end
        point = self._point(start, year.days, year.year)
        return replace(point, precision=year.precision)

    def _piece_of(self, year: WrittenYear) -> DaysOfYear | None:
        """The days of a quarter or half that stands behind its year."""
        quarters = self._quarters()
        if quarters is not None:
            return quarters_of(*quarters, year)
        half = self._take(Sort.HALF)
        return None if half is None else half_of(half.value, year)

    def _tried_year(self) -> WrittenYear | None:
        at = self.at
        year = self._year(two_figures=True)
        self.at = at
        return year

    # -- years

    def _year(self, *, two_figures: bool, alone: bool = False) -> WrittenYear | None:
        """A year, if one comes next. `two_figures`: whether “25” can be one. `alone`: whether
        “2025-10”, a year with its month, can be one.
        """
        at = self.at
        self._skip(Sort.FILLER, Sort.STOP)
        in_brackets = self._take(Sort.OPEN) is not None
        year = self._bare_year(two_figures=two_figures)
        is_closed = not in_brackets or self._take(Sort.CLOSE) is not None
        if year is None or not is_closed or (year.kind in _ALONE and not alone):
            self.at = at
            return None
        return year

    def _bare_year(self, *, two_figures: bool) -> WrittenYear | None:
        """A year, with the word for its kind before or behind it."""
        word = self._take(Sort.YEAR_WORD)
        if word is not None:
            self._skip(Sort.FILLER, Sort.STOP)
        token = self._take(Sort.YEARS, Sort.NUMBER, Sort.SHORT_YEAR, Sort.PAIR)
        if token is None:
            return None
        can_be_short = two_figures or word is not None
        if token.sort is Sort.NUMBER and len(token.text) < 3 and self._sort() is Sort.MONTH:
            # The day of another date.
            can_be_short = False
        word = word or self._take(Sort.YEAR_WORD)
        return year_of(token, "" if word is None else word.text, can_be_short=can_be_short)


def _checked(point: DatePoint) -> DatePoint:
    """The point, or the question of what it is, where there is no such date."""
    if point.year is None or point.exists_in(point.year):
        return point
    return replace(point, problem=NO_SUCH_DATE)


def _checked_day(point: DatePoint, day: int, month: int, year: int | None) -> DatePoint:
    """A day of a month; the nearest that exists is suggested for one that does not."""
    point = replace(point, year=year)
    exists = 1 <= day <= _LONGEST_MONTHS[month - 1]
    if exists and (year is None or point.exists_in(year)):
        return point
    suggestion = ""
    if year is not None and EARLIEST <= year <= LATEST and day:
        suggestion = PartialDate(year, month).last.isoformat()
    return replace(point, problem=NO_SUCH_DATE, suggestion=suggestion)
