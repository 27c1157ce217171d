"""Dates as people type them in action lists: UK order, months alone, dates that slipped."""

from __future__ import annotations

import calendar
import math
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from papergen.dates import PartialDate
from papergen.language.cldr import make_locale
from papergen.text import shorten_line

EARLIEST, LATEST = 1990, 2100
"""Years that a date of an action can have. Also what tells a year from a day's number in Excel."""

MONTHS = make_locale().months
_NAMES = [name.lower() for name in MONTHS]
_MONTHS = {
    **{name[:3]: at for at, name in enumerate(_NAMES, 1)},
    **{name: at for at, name in enumerate(_NAMES, 1)},
    "sept": 9,
}
_MONTH = "(?P<month>" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\b\.?"
_YEAR = r"'?(?P<year>\d{4}|\d{2})"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"

# One of these must match the whole text, in small letters and with single spaces.
_ISO = re.compile(r"(?P<year>\d{4})-(?P<month>\d{2})(?:-(?P<day>\d{2}))?")
_YMD = re.compile(r"(?P<year>\d{4})[/.-](?P<month>\d{1,2})[/.-](?P<day>\d{1,2})")
_DMY = re.compile(
    r"(?P<day>\d{1,2}) ?(?P<sep>[/.\- ]) ?(?P<month>\d{1,2}) ?(?P=sep) ?(?P<year>\d{4}|\d{2})"
)
_MY = re.compile(r"(?P<month>\d{1,2})[/.-](?P<year>\d{4})")
_DM = re.compile(r"(?P<day>\d{1,2})/(?P<month>\d{1,2})")
_DAY_FIRST = re.compile(rf"{_DAY}(?: of)?[ \-/.]*{_MONTH}(?:[ ,\-/.]*{_YEAR})?")
_MONTH_FIRST = re.compile(rf"{_MONTH} ?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<year>\d{{4}})")
_MONTH_ALONE = re.compile(rf"{_MONTH}(?P<gap>[ ,\-/.]*){_YEAR}")
_MONTH_ONLY = re.compile(_MONTH)
_YEAR_ONLY = re.compile(r"(?P<year>\d{4})")
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")

_WEEKDAY = re.compile(
    r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b[.,]? (?=\d)"
)
_TIME = re.compile(r"(?<=\d)(?:t| )\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?z?$")
_LEAD = re.compile(
    r"(?:by the|by|on the|on|due by|due on|due|no later than|before the end of(?= )) ?:? (?=\S)"
)
_PART = re.compile(
    r"(?P<part>end|mid|middle|early|late|beginning|start)(?:-| )?(?:of )?(?:the )?(?=\S)"
)

_QUARTER = re.compile(
    r"q(?:tr|uarter)? ?([1-4])\b|\b(?:first|second|third|fourth|1st|2nd|3rd|4th) quarter\b"
)
_FINANCIAL_YEAR = re.compile(r"(?:fy ?)?(\d{4})[/-](\d{2}|\d{4})")
_WEEK = re.compile(r"w\.?/?[ce]\.?\b|week (?:commencing|ending|beginning)")

_MOVED = (
    r"(?:revised|slipped|moved|extended|changed|deferred|rescheduled|postponed|put back|now|new)"
)
_TO = r"(?: ?(?:due )?(?:date|deadline))?(?: (?:to|until|is|as))?(?: ?[:=])? ?"
_ARROW = re.compile(r"(?P<old>.+?) ?(?:->|=>|→|➔) ?(?P<new>.+)")
_THEN = re.compile(
    rf"(?:was|originally)?(?: |: ?)?(?P<old>\S.*?)? ?"
    rf"[(\[,;–-]? ?\b{_MOVED}\b{_TO}(?P<new>\S.*?)[)\]]?"
)
_BACK = re.compile(
    r"(?P<new>.+?) ?[(\[,;–-] ?(?:was|originally|previously|formerly|original date) ?:? ?"
    r"(?P<old>.+?)[)\]]?"
)


class DateError(ValueError):
    """Why a text is no date. `hint` says what to do."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint or "Write the day as 30/10/2012, or a month as October 2012."


@dataclass(frozen=True, slots=True)
class Dated:
    """A date in ISO 8601, at the precision it was given in, and what was decided to get it."""

    value: str
    notes: tuple[str, ...] = ()


def from_cell(value: date | datetime) -> Dated:
    """A date that the workbook itself holds as one."""
    day = value.date() if isinstance(value, datetime) else value
    if not EARLIEST <= day.year <= LATEST:
        raise DateError(
            f"the cell holds {day.isoformat()}, which cannot be a date of an action",
            "Type the date again.",
        )
    return Dated(day.isoformat())


def from_number(value: float, serials: bool) -> Dated:
    """A year, or a day as Excel counts them in its 1900 system. (Day 60, which never was, is long
    before `EARLIEST`.)
    """
    if math.isfinite(value) and value == int(value) and EARLIEST <= value <= LATEST:
        return Dated(f"{int(value)}")
    first, last = (
        (date(EARLIEST, 1, 1) - date(1899, 12, 30)).days,
        (date(LATEST, 12, 31) - date(1899, 12, 30)).days,
    )
    if not first <= value < last + 1:
        raise DateError(
            f"the number {value:.15g} is not a date",
            "Type the date again, and give the cell a date format.",
        )
    if not serials:
        message = (
            f"the number {value:.15g} cannot be read as a date: this workbook counts days from 1904"
        )
        raise DateError(
            message, "Give the cell a date format in Excel, and check the date it shows."
        )
    day = date(1899, 12, 30) + timedelta(days=int(value))
    return Dated(
        day.isoformat(),
        (f"the number {value:.15g} is read as Excel's number for {day.isoformat()}",),
    )


def two_dates(text: str, as_at: PartialDate, *, later: bool) -> tuple[Dated | None, Dated] | None:
    """The first and the revised date of “30/10/12 (revised 30/11/12)” and its like; the first is
    None in “slipped to 30/11/12”.

    None where the text does not say that a date was moved. Raises DateError where one of them is
    none.
    """
    plain = _plain(text)
    for pattern in (_ARROW, _BACK, _THEN):
        found = pattern.fullmatch(plain)
        if found:
            old = found["old"]
            first = read_date(old.strip(" ,;:([-–"), as_at, later=later) if old else None
            return first, read_date(found["new"].strip(" ,;:)]"), as_at, later=later)
    return None


def read_date(text: str, as_at: PartialDate, *, later: bool) -> Dated:
    """The date that `text` says. `later` says which of two equally near years a month without a
    year has.

    Raises DateError for what is no date, is not exact enough to be one, or does not exist.
    """
    typed = shorten_line(text)
    plain = _TIME.sub("", _WEEKDAY.sub("", _LEAD.sub("", _plain(text))))
    notes: list[str] = []
    part = _PART.match(plain)
    rest = plain
    if part:
        rest = plain[part.end() :]
        if part["part"] != "end":
            notes.append(
                f"of “{typed}” the month or year is read; papers have no word for the part of it"
            )
    if _SERIAL.fullmatch(plain):
        return from_number(float(plain), serials=True)
    found = _match(rest, typed, as_at)
    if found is None:
        raise _no_date(plain, typed)
    year, month, day = found
    if part and day is not None:
        raise DateError(
            f"“{typed}” names a day and a part of a month", "Write either the day or the month."
        )
    if year is None:
        assert month is not None
        year = _nearest_year(month, as_at, typed, later)
        notes.append(f"“{typed}” has no year: {year} is taken, the nearest to {as_at}")
    return Dated(_existing(year, month, day, typed).isoformat(), tuple(notes))


def _plain(text: str) -> str:
    return " ".join(text.casefold().replace("’", "'").replace("\u2011", "-").split()).rstrip(".")


def _match(
    text: str, typed: str, as_at: PartialDate
) -> tuple[int | None, int | None, int | None] | None:
    """Year, month and day, as far as they are given."""
    for pattern in (
        _ISO,
        _YMD,
        _DMY,
        _MY,
        _DAY_FIRST,
        _MONTH_FIRST,
        _MONTH_ALONE,
        _MONTH_ONLY,
        _YEAR_ONLY,
        _DM,
    ):
        found = pattern.fullmatch(text)
        if not found or (pattern is _ISO and text[5:7] > "12" and len(text) == 7):
            continue
        given = found.groupdict()
        if pattern is _DM and int(given["month"]) <= 12 and int(given["day"]) <= 12:
            message = f"“{typed}” can be a day and a month, or a month and a year"
            raise DateError(
                message, "Write the year in full: 10/12/2012 for a day, December 2012 for a month."
            )
        year = _full_year(given["year"]) if given.get("year") else None
        month = given.get("month")
        if pattern is _MONTH_ALONE and len(given["year"]) == 2 and year is not None:
            _check_year_not_day(given["gap"], given["year"], year, typed, as_at)
        return (
            year,
            (_MONTHS.get(month) or int(month)) if month else None,
            int(given["day"]) if given.get("day") else None,
        )
    return None


def _check_year_not_day(gap: str, digits: str, year: int, typed: str, as_at: PartialDate) -> None:
    """“Oct 12” is a month of 2012 to whoever writes in 2012; “Oct 30” is more likely a day."""
    if gap.strip() == "" and abs(year - as_at.year) > 10 and 1 <= int(digits) <= 31:
        message = f"“{typed}” can be a day or a month of {year}"
        raise DateError(
            message, "Write the year in full: 30 October 2012 for a day, October 2012 for a month."
        )


def _full_year(digits: str) -> int:
    year = int(digits)
    return year if len(digits) == 4 else 1900 + year if year >= EARLIEST % 100 else 2000 + year


def _nearest_year(month: int, as_at: PartialDate, typed: str, later: bool) -> int:
    if as_at.month is None:
        raise DateError(
            f"“{typed}” has no year, and it cannot be told from {as_at}", "Write the year."
        )
    now = as_at.year * 12 + as_at.month

    def distance(year: int) -> tuple[int, int]:
        return abs(year * 12 + month - now), -year if later else year

    return min((as_at.year - 1, as_at.year, as_at.year + 1), key=distance)


def _existing(year: int, month: int | None, day: int | None, typed: str) -> PartialDate:
    """The date, if there is such a day, in a year that an action can have."""
    if month is not None and not 1 <= month <= 12:
        swapped = " Dates are read day first." if day is not None and 1 <= day <= 12 else ""
        raise DateError(
            f"“{typed}” does not exist: there is no month {month}",
            f"Write it as 30/10/2012.{swapped}",
        )
    if not EARLIEST <= year <= LATEST:
        raise DateError(
            f"“{typed}” is in the year {year}, which cannot be that of an action",
            "Correct the year.",
        )
    if (
        month is not None
        and day is not None
        and not 1 <= day <= calendar.monthrange(year, month)[1]
    ):
        length = calendar.monthrange(year, month)[1]
        name = MONTHS[month - 1]
        message = f"“{typed}” does not exist: {name} {year} has {length} days"
        raise DateError(message, "Correct the day, or write the month alone.")
    return PartialDate(year, month, day)


def _no_date(plain: str, typed: str) -> DateError:
    if _QUARTER.search(plain):
        message = f"“{typed}” is a quarter, which a date in papergen cannot be"
        return DateError(
            message, "Write the last month of the quarter: December 2012 for Q3 2012/13."
        )
    if _WEEK.search(plain):
        return DateError(
            f"“{typed}” is a week, which a date in papergen cannot be",
            "Write the last day of the week.",
        )
    if _FINANCIAL_YEAR.search(plain) and not re.search(r"\d[/.]\d+[/.]\d", plain):
        message = f"“{typed}” names two years, which a date in papergen cannot be"
        return DateError(
            message, "Write the month by which it is due: March 2013 for the end of 2012/13."
        )
    if re.search(r"spring|summer|autumn|winter", plain):
        return DateError(
            f"“{typed}” is a season, which a date in papergen cannot be", "Write the month."
        )
    if len(re.findall(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}", plain)) > 1:
        message = f"“{typed}” holds several dates, and does not say which of them counts"
        return DateError(
            message,
            (
                "Write 30/10/12 (revised 30/11/12), or put the later date into a column “Revised "
                "date”."
            ),
        )
    return DateError(f"“{typed}” cannot be read as a date")
