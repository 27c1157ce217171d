"""Dates of a day, a month or a year: read, ordered, and counted on."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papergen.dates import PartialDate, Period, entry_on

days = st.dates(date(1900, 1, 1), date(2200, 12, 31)).map(PartialDate.of)
months = days.map(lambda day: PartialDate(day.year, day.month))
years = days.map(lambda day: PartialDate(day.year))
dates = st.one_of(days, months, years)


@given(dates)
def test_a_date_is_read_as_it_is_written(when: PartialDate) -> None:
    assert PartialDate.parse(str(when)) == when
    assert str(when) == when.isoformat()


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            " 2012",
            "2012 ",
            "12",
            "2012-1",
            "2012-11-8",
            "2012-13",
            "2012-00",
            "2012-02-30",
            "2011-02-29",
            "1900-02-29",
        ),
        *(
            "0000",
            "20121108",
            "2012/11/08",
            "2012-11-08T00:00",
            "-2012",
            "2012-W45",
            "2012\n",
            "today",
        ),
        *("٢٠١٢", "2012-1１", "２０１２"),  # digits of other scripts
    ],
)
def test_what_is_not_a_date_or_does_not_exist_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        PartialDate.parse(text)


@pytest.mark.parametrize("text", ["2012-02-29", "2000-02-29", "0001", "9999-12-31"])
def test_a_leap_day_and_the_ends_of_the_calendar_are_dates(text: str) -> None:
    assert str(PartialDate.parse(text)) == text


def test_a_day_needs_its_month() -> None:
    with pytest.raises(ValueError, match="a day needs its month"):
        PartialDate(2012, None, 8)


@given(dates)
def test_a_date_lasts_from_its_first_day_to_its_last(when: PartialDate) -> None:
    length = (when.last - when.first).days + 1
    if when.day:
        assert length == 1
    elif when.month:
        assert length == calendar.monthrange(when.year, when.month)[1]
    else:
        assert length == 365 + calendar.isleap(when.year)
    before, after = (
        PartialDate.of(when.first - timedelta(1)),
        PartialDate.of(when.last + timedelta(1)),
    )
    assert before < when < after


@given(dates, dates)
def test_dates_are_in_order_of_their_first_days_and_of_two_the_vaguer_is_first(
    one: PartialDate, other: PartialDate
) -> None:
    assert (one < other) + (one == other) + (one > other) == 1
    assert (one == other) == (str(one) == str(other))
    if one.first < other.first or (one.first == other.first and len(str(one)) < len(str(other))):
        assert one < other


def test_a_date_is_not_ordered_with_anything_else() -> None:
    with pytest.raises(TypeError):
        assert PartialDate(2012) < "2013"  # type: ignore[operator]
    assert PartialDate(2012) != "2012"


@pytest.mark.parametrize(
    ("start", "more", "end"),
    [
        ("2012-04-10", 0, "2012-04-10"),
        ("2012-04-10", 3, "2012-07-10"),
        ("2012-04-10", 6, "2012-10-10"),
        ("2012-04-10", 9, "2013-01-10"),
        ("2012-11-30", 3, "2013-02-28"),
        ("2011-11-30", 3, "2012-02-29"),
        ("2012-02-29", 12, "2013-02-28"),
        ("2012-02-29", 48, "2016-02-29"),
        ("2012-08-31", 1, "2012-09-30"),
        ("2012-12-31", 1, "2013-01-31"),
        ("2012-04-10", 120, "2022-04-10"),
        ("2012-04", 3, "2012-07"),
        ("2012-11", 3, "2013-02"),
        ("2012", 0, "2012"),
        ("2012", 12, "2013"),
        ("2012", 120, "2022"),
    ],
)
def test_months_are_added_by_the_corresponding_date_rule_and_keep_the_precision(
    start: str, more: int, end: str
) -> None:
    assert str(PartialDate.parse(start).plus_months(more)) == end


@pytest.mark.parametrize("more", [1, 3, 13])
def test_a_part_of_a_year_is_not_added_to_a_year_alone(more: int) -> None:
    with pytest.raises(ValueError, match="without its month"):
        PartialDate(2012).plus_months(more)


@given(days, st.integers(0, 120), st.integers(0, 120))
def test_more_months_are_never_earlier(day: PartialDate, some: int, more: int) -> None:
    assert day.plus_months(some) <= day.plus_months(some + more)
    assert day.plus_months(some).day in (day.day, *range(28, 31))


# -- periods


@dataclass(frozen=True)
class Entry:
    period: Period


periods = st.builds(Period, st.none() | dates, st.none() | dates)


@given(periods, days)
def test_a_period_includes_the_days_from_its_start_to_its_end(period: Period, when: PartialDate):
    day = when.first
    starts_by = period.start is None or period.start.first <= day
    lasts = period.end is None or day <= period.end.last
    assert period.includes(when) == (starts_by and lasts)


@given(periods, periods, days)
def test_two_periods_with_a_day_in_common_overlap(one: Period, other: Period, day: PartialDate):
    assert one.overlaps(other) == other.overlaps(one)
    if one.includes(day) and other.includes(day):
        assert one.overlaps(other)


@given(periods, days)
def test_a_reversed_period_includes_no_day(period: Period, day: PartialDate) -> None:
    if period.is_reversed():
        assert not period.includes(day)


def test_the_entry_on_a_day_is_the_first_whose_period_includes_it() -> None:
    early = Entry(Period(None, PartialDate(2012, 3)))
    late = Entry(Period(PartialDate(2012, 4), None))
    assert entry_on(PartialDate(2012, 3, 31), [early, late]) is early
    assert entry_on(PartialDate(2012, 4, 1), [early, late]) is late
    assert entry_on(PartialDate(2012), [early, late]) is early
    assert entry_on(PartialDate(2012, 3, 31), [late]) is None
    assert entry_on(PartialDate(2012, 3, 31), []) is None
