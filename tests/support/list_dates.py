"""The ways to write a date into a list, each with what is right to read.

A form takes a day and gives a `DateCase`, or None where it cannot write that day without doubt.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from list_parts import Ask, Put

_UK = ZoneInfo("Europe/London")
_EPOCH = date(1899, 12, 30)


@dataclass(frozen=True, slots=True)
class DateCase:
    """A cell with a date, and what is right to read of it.

    `lasts`: the last day by which it can be due, None where that cannot be computed; each is right.
    """

    put: Put
    values: tuple[Any, ...]
    lasts: tuple[date | None, ...]
    ask: Ask = Ask.NO
    revised: tuple[Any, ...] = (None,)
    is_urgent: bool = False
    """Whether it may make the priority urgent: “ASAP”."""

    def late(self, as_at: date) -> bool | None:
        """Whether its last day is past; None where that depends on the reading."""
        past = {last is not None and last < as_at for last in self.lasts}
        return past.pop() if len(past) == 1 else None


Form = Callable[[Random, date, date], DateCase | None]
"""From the source of chance, the day that is meant, and the as-at day."""


def month_end(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def _day(value: Any, day: date, form: str = "") -> DateCase:
    return DateCase(Put(value, form), (day.isoformat(),), (day,))


def _month(value: Any, day: date, form: str = "") -> DateCase:
    return DateCase(Put(value, form), (f"{day:%Y-%m}",), (month_end(day),))


def _written(text: str, *lasts: date | None, also: tuple[Any, ...] = ()) -> DateCase:
    """What prints as it stands, or as one of `also`."""
    return DateCase(Put(text), (text, *also), lasts)


EXCEL_FORMATS = (
    "dd/mm/yyyy",
    "d mmm yyyy",
    "yyyy-mm-dd",
    "dddd, d mmmm yyyy",
    "[$-809]dd mmmm yyyy",
    "dd.mm.yy",
    "d/m/yy;@",
    "ddd d mmm",
    "mm-dd-yy",
)


def excel_day(rng: Random, day: date, as_at: date) -> DateCase:
    return _day(day, day, rng.choice(EXCEL_FORMATS))


def excel_moment(rng: Random, day: date, as_at: date) -> DateCase:
    moment = datetime.combine(day, time(rng.choice([0, 9, 17]), rng.choice([0, 30])))
    return _day(moment, day, rng.choice(["dd/mm/yyyy hh:mm", "dd/mm/yyyy"]))


def excel_month(rng: Random, day: date, as_at: date) -> DateCase:
    first = day.replace(day=1)
    return _month(first, day, rng.choice(["mmm-yy", "mmmm yyyy", "mmm yyyy", "mm/yyyy"]))


def excel_year(rng: Random, day: date, as_at: date) -> DateCase:
    first = day.replace(month=1, day=1)
    return DateCase(Put(first, "yyyy"), (f"{day.year}",), (date(day.year, 12, 31),))


def excel_first(rng: Random, day: date, as_at: date) -> DateCase:
    """The first of a month whose format shows the day is a day."""
    first = day.replace(day=1)
    return _day(first, first, "dd/mm/yyyy")


def serial(rng: Random, day: date, as_at: date) -> DateCase:
    return _day((day - _EPOCH).days, day, rng.choice(["", "General", "0"]))


def number_of_year(rng: Random, day: date, as_at: date) -> DateCase:
    return DateCase(Put(day.year), (f"{day.year}",), (date(day.year, 12, 31),))


def _ordinal(day: int) -> str:
    if 11 <= day <= 13:
        return f"{day}th"
    return str(day) + {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")


def short_text(rng: Random, day: date, as_at: date) -> DateCase:
    mark = rng.choice("/.-")
    two = rng.random() < 0.4
    year = f"{day:%y}" if two else f"{day.year}"
    padded = rng.random() < 0.5
    first, second = (f"{day:%d}", f"{day:%m}") if padded else (str(day.day), str(day.month))
    return _day(mark.join([first, second, year]), day)


def long_text(rng: Random, day: date, as_at: date) -> DateCase:
    forms = [
        f"{day.day} {day:%B} {day.year}",
        f"{_ordinal(day.day)} {day:%B} {day.year}",
        f"{day.day} {day:%b} {day.year}",
        f"{day.day} {day:%b} {day:%y}",
        f"{day:%d}-{day:%b}-{day.year}",
        f"{day:%d}-{day:%b}-{day:%y}",
        f"{day:%A} {day.day} {day:%B} {day.year}",
        f"{day:%a} {day.day} {day:%b} {day.year}",
        f"{day:%A}, {_ordinal(day.day)} {day:%B} {day.year}",
        f"{_ordinal(day.day)} of {day:%B} {day.year}",
        f"{day:%B} {day.day}, {day.year}",
        f"by {day.day} {day:%B} {day.year}",
        f"By {_ordinal(day.day)} {day:%b} {day.year}",
        f"{day.day}  {day:%B}\u00a0{day.year}",
    ]
    return _day(rng.choice(forms), day)


def iso_text(rng: Random, day: date, as_at: date) -> DateCase:
    forms = [
        day.isoformat(),
        f"{day.isoformat()}T00:00:00",
        f"{day.isoformat()} 00:00:00",
        f"{day.isoformat()} 12:30",
        f"{day.year}/{day:%m}/{day:%d}",
        f"{day:%d/%m/%Y} 09:00",
    ]
    return _day(rng.choice(forms), day)


def utc_text(rng: Random, day: date, as_at: date) -> DateCase:
    """A moment in UTC: in summer, the last hour of a day is the next day in the UK."""
    hour = rng.choice([0, 12, 22, 23])
    moment = datetime(day.year, day.month, day.day, hour, 30, tzinfo=UTC)
    text = f"{day.isoformat()}T{hour:02d}:30:00" + rng.choice(["Z", ".000Z", "+00:00"])
    return _day(text, moment.astimezone(_UK).date())


def without_year(rng: Random, day: date, as_at: date) -> DateCase | None:
    if abs((day - as_at).days) > 150:
        return None
    forms = [
        f"{_ordinal(day.day)} {day:%b}",
        f"{day.day} {day:%B}",
        f"{day:%A} {day.day} {day:%B}",
        f"by {day.day} {day:%b}",
    ]
    return _of_some_year(_day(rng.choice(forms), day), day, as_at)


def _of_some_year(case: DateCase, day: date, as_at: date) -> DateCase:
    """A date without its year: if the nearest one is past, the year must be asked."""
    if day >= as_at:
        return case
    written = case.put.value
    if (day.year, day.month) == (as_at.year, as_at.month):
        lasts = (*case.lasts, None)
        return DateCase(case.put, case.values, lasts, Ask.MAY)
    return DateCase(case.put, (written,), (None,), Ask.MUST)


# -- months as text


def month_text(rng: Random, day: date, as_at: date) -> DateCase:
    short = "Sept" if day.month == 9 else f"{day:%b}"
    forms = [
        f"{day:%B} {day.year}",
        f"{short} {day.year}",
        f"{day:%b}-{day.year}",
        f"{day:%m}/{day.year}",
        f"by {day:%B} {day.year}",
        f"{day:%B} {day.year}".upper(),
    ]
    return _month(rng.choice(forms), day)


def month_short_year(rng: Random, day: date, as_at: date) -> DateCase:
    short = "Sept" if day.month == 9 else f"{day:%b}"
    text = rng.choice([f"{short} {day:%y}", f"{day:%b}-{day:%y}", f"{short} ’{day:%y}"])
    return _month(text, day)


def month_alone(rng: Random, day: date, as_at: date) -> DateCase | None:
    if abs((day - as_at).days) > 120:
        return None
    case = _month(rng.choice([f"{day:%B}", f"{day:%b}", f"by {day:%B}"]), day)
    return _of_some_year(case, day, as_at)


def part_of_month(rng: Random, day: date, as_at: date) -> DateCase:
    part = rng.choice(["end of", "End", "end", "late", "by the end of"])
    text = f"{part} {day:%B} {day.year}"
    last = month_end(day)
    return _written(text, last, also=(f"{day:%Y-%m}", last.isoformat()))


def mid_month(rng: Random, day: date, as_at: date) -> DateCase:
    text = rng.choice([f"Mid-{day:%B} {day.year}", f"mid {day:%b} {day.year}"])
    end = month_end(day)
    lasts = (*(day.replace(day=number) for number in (15, 16, 19, 20, 21)), end)
    return _written(text, *lasts, also=(f"{day:%Y-%m}",))


# -- periods and free text


def _quarter_end(day: date) -> date:
    month = (day.month - 1) // 3 * 3 + 3
    return month_end(day.replace(month=month, day=1))


def financial_year(day: date) -> tuple[int, str]:
    """The year in which it begins, and “2025/26”."""
    start = day.year if day.month >= 4 else day.year - 1
    return start, f"{start}/{(start + 1) % 100:02d}"


def quarter(rng: Random, day: date, as_at: date) -> DateCase:
    _, name = financial_year(day)
    number = ((day.month - 4) % 12) // 3 + 1
    forms = [
        f"Q{number} {name}",
        f"End Q{number} {name}",
        f"Quarter {number} {name}",
        f"{name} Q{number}",
        f"end of Q{number} {name}",
        f"Q{number} ({name})",
    ]
    return _written(rng.choice(forms), _quarter_end(day))


def quarter_alone(rng: Random, day: date, as_at: date) -> DateCase:
    """A quarter without its year may be read as the nearest one, or not at all."""
    near = as_at + timedelta(days=60)
    number = ((near.month - 4) % 12) // 3 + 1
    return _written(f"Q{number}", _quarter_end(near), None)


def season(rng: Random, day: date, as_at: date) -> DateCase:
    # The last days of a season by the calendar of meteorologists, and by that of astronomers.
    name, month, later = rng.choice(
        [("Spring", 5, (6, 20)), ("Summer", 8, (9, 22)), ("Autumn", 11, (12, 21))]
    )
    end = month_end(date(day.year, month, 1))
    last = date(day.year, *later)
    lasts = (end, *(last + timedelta(days=days) for days in (-1, 0, 1)))
    text = rng.choice([f"{name} {day.year}", f"{name.lower()} {day.year}", f"by {name} {day.year}"])
    return _written(text, *lasts)


def winter(rng: Random, day: date, as_at: date) -> DateCase:
    end = month_end(date(day.year, 2, 1))
    name = f"{day.year - 1}/{day:%y}"
    lasts = (end, *(date(day.year, 3, number) for number in (19, 20, 21)), None)
    return _written(
        rng.choice([f"Winter {name}", f"winter {(day.year - 1) % 100}/{day:%y}"]), *lasts
    )


def week(rng: Random, day: date, as_at: date) -> DateCase:
    monday = day - timedelta(days=day.weekday())
    friday, sunday = monday + timedelta(days=4), monday + timedelta(days=6)
    if rng.random() < 0.5:
        first = f"{monday.day} {monday:%B} {monday.year}"
        text = rng.choice(
            [f"w/c {first}", f"W/C {monday:%d/%m/%y}", f"week commencing {first}", f"wc {first}",
             f"Week of {first}", f"week beginning {first}"]
        )  # fmt: skip
        return _written(text, friday, sunday)
    last = f"{friday.day} {friday:%B} {friday.year}"
    text = rng.choice([f"w/e {last}", f"week ending {last}", f"W/E {friday:%d/%m/%Y}"])
    return _written(text, friday, sunday, also=(friday.isoformat(),))


def whole_financial_year(rng: Random, day: date, as_at: date) -> DateCase:
    start, name = financial_year(day)
    long = f"{start}/{start + 1}"
    forms = [name, long, f"{start}-{(start + 1) % 100:02d}", f"end of {name}", f"during {name}"]
    return _written(rng.choice(forms), date(start + 1, 3, 31))


def fiscal_year(rng: Random, day: date, as_at: date) -> DateCase:
    """“FY26” is 2025/26 to most and 2026/27 to some."""
    year = day.year + 1
    return _written(f"FY{year % 100}", date(year, 3, 31), date(year + 1, 3, 31), None)


def two_months(rng: Random, day: date, as_at: date) -> DateCase:
    following = month_end(day) + timedelta(days=1)
    if following.year != day.year:
        return month_text(rng, day, as_at)
    end = month_end(following)
    forms = [
        f"{day:%b}/{following:%b} {day.year}",
        f"{day:%B} – {following:%B} {day.year}",
        f"{day:%B} to {following:%B} {day.year}",
        f"{day.replace(day=1).day} {day:%b} - {end.day} {end:%b} {end.year}",
        f"between {day:%B} and {following:%B} {day.year}",
    ]
    return _written(rng.choice(forms), end)


def moved(rng: Random, day: date, as_at: date) -> DateCase:
    """A date that was put off, in one cell: what is due is the later one."""
    before = day - timedelta(days=rng.randint(31, 200))
    old, new = f"{before.day} {before:%B} {before.year}", f"{day.day} {day:%B} {day.year}"
    text = rng.choice(
        [f"{new} (was {old})", f"{old} (revised {new})", f"{new} (slipped from {old})",
         f"{old} revised to {new}", f"{new} (previously {old})"]
    )  # fmt: skip
    values = (text, before.isoformat(), day.isoformat(), None)
    return DateCase(Put(text), values, (day,), Ask.MAY, (None, day.isoformat()))


NO_DATES = (
    "ongoing",
    "Ongoing",
    "On-going",
    "monthly",
    "Quarterly",
    "Annually",
    "as required",
    "Continuous",
    "Spring and Autumn each year",
    "every six weeks",
    "rolling programme",
)
NOT_KNOWN = ("TBC", "tbc", "n/a", "N/A", "-", "TBA", "To be confirmed", "tbd", "?", "—")
SAID = (
    "TBC – subject to funding",
    "TBC subject to Cabinet approval",
    "subject to recruitment",
    "when the new system is live",
    "after the election",
    "following consultation",
    "see project plan",
    "as per contract",
    "Next Council meeting",
    "6 months after approval",
    "within 3 months",
)
URGENT = ("ASAP", "Immediate", "asap", "Immediately", "as soon as possible")


def no_date(rng: Random, day: date, as_at: date) -> DateCase:
    return _written(rng.choice(NO_DATES), None)


def not_known(rng: Random, day: date, as_at: date) -> DateCase:
    return _written(rng.choice(NOT_KNOWN), None, also=(None,))


def said(rng: Random, day: date, as_at: date) -> DateCase:
    return _written(rng.choice(SAID), None, also=(None,))


def urgent(rng: Random, day: date, as_at: date) -> DateCase:
    text = rng.choice(URGENT)
    return DateCase(Put(text), (text,), (None,), is_urgent=True)


def about(rng: Random, day: date, as_at: date) -> DateCase:
    """Words about a year to come: what they mean ends within it."""
    year = as_at.year + 1
    text = rng.choice(
        [f"early {year}", f"Late {year}", f"mid {year}", f"by Easter {year}", f"H1 {year}",
         f"first half of {year}", f"April {year} onwards", f"from April {year}",
         f"before the May {year} elections", f"New Year {year}", f"not before June {year}"]
    )  # fmt: skip
    # Whatever last day is computed, it is not past.
    lasts = (None, *(as_at + timedelta(days=days) for days in range(800)))
    return DateCase(Put(text), (text, f"{year}", f"{year}-04", f"{year}-05"), lasts, Ask.MAY)


def empty(rng: Random, day: date, as_at: date) -> DateCase:
    return DateCase(Put(None), (None,), (None,))


SURE_TEXT: tuple[Form, ...] = (short_text, long_text, iso_text)
FAMILIES: dict[str, tuple[Form, ...]] = {
    "Excel days": (excel_day,),
    "Excel days and moments": (excel_day, excel_moment, excel_first),
    "Excel months": (excel_month, excel_month, excel_year, excel_day),
    "serial numbers": (serial, serial, excel_day, number_of_year),
    "short text": (short_text,),
    "long text": (long_text,),
    "ISO": (iso_text,),
    "UTC": (utc_text,),
    "without a year": (without_year, month_alone),
    "months as text": (month_text, month_short_year),
    "parts of months": (part_of_month, mid_month, month_text),
    "quarters": (quarter, quarter, quarter_alone),
    "seasons and weeks": (season, winter, week),
    "years": (whole_financial_year, fiscal_year, month_text),
    "periods": (two_months, week, quarter),
    "moved": (moved, long_text),
    "no dates": (no_date, not_known, said, urgent, about, empty),
    "mixed text": (
        short_text, long_text, iso_text, month_text, month_short_year, quarter, season, week,
        no_date, not_known, said, part_of_month, without_year, moved, urgent, about,
        whole_financial_year, two_months,
    ),
    "mixed": (
        excel_day, excel_day, excel_month, short_text, long_text, month_short_year, quarter,
        no_date, not_known, without_year, empty, week,
    ),
}  # fmt: skip

WORKBOOK_ONLY = frozenset(
    [excel_day, excel_moment, excel_month, excel_year, excel_first, serial, number_of_year]
)
"""The forms that a CSV file cannot have."""


def forms_of(family: str, *, in_csv: bool) -> tuple[Form, ...]:
    forms = FAMILIES[family]
    if not in_csv:
        return forms
    return tuple(form for form in forms if form not in WORKBOOK_ONLY) or SURE_TEXT


def write_date(forms: tuple[Form, ...], rng: Random, day: date, as_at: date) -> DateCase:
    """The day in one of the forms."""
    made = rng.choice(forms)(rng, day, as_at)
    return made if made is not None else long_text(rng, day, as_at)


def sure_date(rng: Random, day: date, *, in_csv: bool) -> DateCase:
    """The day in a form that leaves no doubt."""
    form = rng.choice(SURE_TEXT if in_csv else (excel_day, *SURE_TEXT))
    made = form(rng, day, day)
    assert made is not None
    return made
