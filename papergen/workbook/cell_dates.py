"""Dates as people type them in action lists: UK order, months alone, dates that slipped."""

from __future__ import annotations

import calendar
import math
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeAlias

from papergen.dates import PartialDate
from papergen.language.cldr import make_locale
from papergen.text import shorten_line

EARLIEST = 1990
LATEST = 2100
"""Years that a date of an action can have. They also separate years from Excel's day numbers."""

_EXCEL_DAY_0 = date(1899, 12, 30)

MONTHS = make_locale().months
_NAMES = [name.lower() for name in MONTHS]
_MONTHS = {"sept": 9}
for _number, _name in enumerate(_NAMES, 1):
    _MONTHS[_name] = _number
    _MONTHS[_name[:3]] = _number
_LONGEST_FIRST = sorted(_MONTHS, key=len, reverse=True)
_MONTH = rf"(?P<month>{'|'.join(_LONGEST_FIRST)})\b\.?"
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
_FORMS = (
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
)
"""In the order in which they are tried."""

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
_DATE = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}")
_DAY_WITH_YEAR = re.compile(r"\d[/.]\d+[/.]\d")
_SEASON = re.compile("spring|summer|autumn|winter")
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
    """A date that the workbook itself holds as one. Raises DateError."""
    day = value
    if isinstance(value, datetime):
        day = value.date()
    iso = day.isoformat()
    if not EARLIEST <= day.year <= LATEST:
        message = f"the cell holds {iso}, which cannot be a date of an action"
        raise DateError(message, "Type the date again.")
    return Dated(iso)


def from_number(value: float, serials: bool) -> Dated:
    """A year, or a day as Excel counts them in its 1900 system, if there may be `serials`.

    Raises DateError.
    """
    if math.isfinite(value) and value == int(value) and EARLIEST <= value <= LATEST:
        return Dated(f"{int(value)}")
    shown = f"{value:.15g}"
    # Excel's day 60, 29 February 1900, never was, and is long before `EARLIEST`.
    first = date(EARLIEST, 1, 1) - _EXCEL_DAY_0
    behind = date(LATEST + 1, 1, 1) - _EXCEL_DAY_0
    if not first.days <= value < behind.days:
        hint = "Type the date again, and give the cell a date format."
        raise DateError(f"the number {shown} is not a date", hint)
    if not serials:
        message = (
            f"the number {shown} cannot be read as a date: this workbook counts days from 1904"
        )
        hint = "Give the cell a date format in Excel, and check the date it shows."
        raise DateError(message, hint)
    day = _EXCEL_DAY_0 + timedelta(days=int(value))
    iso = day.isoformat()
    note = f"the number {shown} is read as Excel's number for {iso}"
    return Dated(iso, (note,))


def two_dates(text: str, as_at: PartialDate, *, later: bool) -> tuple[Dated | None, Dated] | None:
    """The first and the revised date of “30/10/12 (revised 30/11/12)” and its like.

    The first is None in “slipped to 30/11/12”. The whole is None where the text does not say that a
    date was moved. Raises DateError where one of them is no date.
    """
    plain = _plain(text)
    for pattern in (_ARROW, _BACK, _THEN):
        found = pattern.fullmatch(plain)
        if found is None:
            continue
        first = None
        old = found["old"]
        if old:
            first = read_date(old.strip(" ,;:([-–"), as_at, later=later)
        new = found["new"].strip(" ,;:)]")
        return first, read_date(new, as_at, later=later)
    return None


def read_date(text: str, as_at: PartialDate, *, later: bool) -> Dated:
    """The date that `text` says.

    `later` decides which of two equally near years a month without a year has. Raises DateError for
    what is no date, is not exact enough to be one, or does not exist.
    """
    typed = shorten_line(text)
    plain = _LEAD.sub("", _plain(text))
    plain = _WEEKDAY.sub("", plain)
    plain = _TIME.sub("", plain)
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
    given = _match(rest, typed, as_at)
    if given is None:
        raise _no_date(plain, typed)
    year, month, day = given
    if part and day is not None:
        message = f"“{typed}” names a day and a part of a month"
        raise DateError(message, "Write either the day or the month.")
    if year is None:
        assert month is not None
        year = _nearest_year(month, as_at, typed, later)
        notes.append(f"“{typed}” has no year: {year} is taken, the nearest to {as_at}")
    found = _existing(year, month, day, typed)
    return Dated(found.isoformat(), tuple(notes))


def _plain(text: str) -> str:
    """The text in small letters, with single spaces and without a full stop at its end."""
    text = text.casefold().replace("’", "'")
    text = text.replace("\u2011", "-")
    return " ".join(text.split()).rstrip(".")


_Given: TypeAlias = tuple[int | None, int | None, int | None]
"""Year, month and day, as far as they are given."""


def _match(text: str, typed: str, as_at: PartialDate) -> _Given | None:
    """What a text gives in the first of the forms that it has; None where it has none."""
    for form in _FORMS:
        found = form.fullmatch(text)
        if found is None or _is_financial_year(form, text):
            continue
        if form is _DM:
            _check_day_not_month(found, typed)
        given = found.groupdict()
        digits = given.get("year")
        year = _full_year(digits) if digits else None
        if form is _MONTH_ALONE and year is not None:
            _check_year_not_day(found, year, typed, as_at)
        return year, _month(given.get("month")), _number_of(given.get("day"))
    return None


def _month(typed: str | None) -> int | None:
    """The number of a month that is typed as a word or in digits."""
    if typed in _MONTHS:
        return _MONTHS[typed]
    return _number_of(typed)


def _number_of(digits: str | None) -> int | None:
    if not digits:
        return None
    return int(digits)


def _is_financial_year(form: re.Pattern[str], text: str) -> bool:
    """Whether “2012-13” is what looks like a year and a month."""
    return form is _ISO and len(text) == 7 and text[5:7] > "12"


def _check_day_not_month(found: re.Match[str], typed: str) -> None:
    """“10/12” is a day of December to some, and December 2012 to others."""
    if int(found["month"]) <= 12 and int(found["day"]) <= 12:
        message = f"“{typed}” can be a day and a month, or a month and a year"
        hint = "Write the year in full: 10/12/2012 for a day, December 2012 for a month."
        raise DateError(message, hint)


def _check_year_not_day(
    found: re.Match[str],
    year: int,
    typed: str,
    as_at: PartialDate,
) -> None:
    """“Oct 12” is a month of 2012 to whoever writes in 2012; “Oct 30” is more likely a day."""
    digits = found["year"]
    if len(digits) != 2 or found["gap"].strip():
        return
    if abs(year - as_at.year) > 10 and 1 <= int(digits) <= 31:
        message = f"“{typed}” can be a day or a month of {year}"
        hint = "Write the year in full: 30 October 2012 for a day, October 2012 for a month."
        raise DateError(message, hint)


def _full_year(digits: str) -> int:
    year = int(digits)
    if len(digits) == 4:
        return year
    if year >= EARLIEST % 100:
        return 1900 + year
    return 2000 + year


def _nearest_year(
    month: int,
    as_at: PartialDate,
    typed: str,
    later: bool,
) -> int:
    if as_at.month is None:
        message = f"“{typed}” has no year, and it cannot be told from {as_at}"
        raise DateError(message, "Write the year.")
    now = as_at.year * 12 + as_at.month

    def distance(year: int) -> int:
        return abs(year * 12 + month - now)

    years = [as_at.year - 1, as_at.year, as_at.year + 1]
    if later:
        # Of two that are equally near, `min` takes the first.
        years.reverse()
    return min(years, key=distance)


def _existing(
    year: int,
    month: int | None,
    day: int | None,
    typed: str,
) -> PartialDate:
    """The date, if there is such a day, in a year that an action can have. Raises DateError."""
    if month is not None and not 1 <= month <= 12:
        message = f"“{typed}” does not exist: there is no month {month}"
        hint = "Write it as 30/10/2012."
        if day is not None and 1 <= day <= 12:
            hint += " Dates are read day first."
        raise DateError(message, hint)
    if not EARLIEST <= year <= LATEST:
        message = f"“{typed}” is in the year {year}, which cannot be that of an action"
        raise DateError(message, "Correct the year.")
    if month is not None and day is not None:
        _, length = calendar.monthrange(year, month)
        if not 1 <= day <= length:
            name = MONTHS[month - 1]
            message = f"“{typed}” does not exist: {name} {year} has {length} days"
            raise DateError(message, "Correct the day, or write the month alone.")
    return PartialDate(year, month, day)


def _no_date(plain: str, typed: str) -> DateError:
    """The error for a text that is in none of the forms."""
    cannot_be = "which a date in papergen cannot be"
    if _QUARTER.search(plain):
        hint = "Write the last month of the quarter: December 2012 for Q3 2012/13."
        return DateError(f"“{typed}” is a quarter, {cannot_be}", hint)
    if _WEEK.search(plain):
        hint = "Write the last day of the week."
        return DateError(f"“{typed}” is a week, {cannot_be}", hint)
    if _FINANCIAL_YEAR.search(plain) and not _DAY_WITH_YEAR.search(plain):
        hint = "Write the month by which it is due: March 2013 for the end of 2012/13."
        return DateError(f"“{typed}” names two years, {cannot_be}", hint)
    if _SEASON.search(plain):
        return DateError(f"“{typed}” is a season, {cannot_be}", "Write the month.")
    if len(_DATE.findall(plain)) > 1:
        message = f"“{typed}” holds several dates, and does not say which of them counts"
        hint = (
            "Write 30/10/12 (revised 30/11/12), or put the later date into a column “Revised date”."
        )
        return DateError(message, hint)
    return DateError(f"“{typed}” cannot be read as a date")
