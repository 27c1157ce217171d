"""Dates and times as the formats of a workbook show them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from papergen.dates import PartialDate
from papergen.language.cldr import make_locale
from papergen.workbook.files.format_codes import DATE_PARTS, FormatPart, FormatSection
from papergen.workbook.sheets import Moment

_MONTHS = make_locale().months
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_DAY = 86_400
_BEHIND_LAST_DAY = 2_958_466
"""The day after 31 December 9999, in the 1900 system."""
_NO_DAY = 60
"""29 February 1900 in the 1900 system. It never was."""
_BETWEEN_SYSTEMS = 1462
"""Days between the first of January 1900 and that of 1904, as the 1900 system counts them."""


class ClockFace(NamedTuple):
    """What a format shows parts of. `total`: all seconds, for elapsed times."""

    year: int
    month: int
    day: int
    weekday: int
    hour: int
    minute: int
    second: float
    total: float


def moment_cell(section: FormatSection, value: float, is_1904: bool) -> Moment | str | None:
    """The cell for a number whose format shows a date or a time.

    A date is a Moment. A time without a date, and an elapsed time, is the text that Excel shows.
    None where the number is no day.
    """
    parts = section.parts
    if FormatPart.ELAPSED in parts or parts.isdisjoint(DATE_PARTS):
        is_time = 0 <= value < _BEHIND_LAST_DAY
        return _shown(section, _clock_face(section, value)) if is_time else None
    day_number = value + _BETWEEN_SYSTEMS if is_1904 else value
    moment = _moment(day_number, _decimals(section))
    if moment is None:
        return None
    day = PartialDate.of(moment)
    reduced = _reduced(parts, day)
    clock = moment.time().replace(microsecond=0)
    return Moment(
        date=reduced,
        shown=_shown(section, _face_of(moment)) or day.isoformat(),
        is_reduced=reduced != day,
        time=None if clock == time.min else clock,
    )


def shown_without_day(section: FormatSection, value: float) -> str | None:
    """What Excel shows for a number below 1 in a format of dates: a day 0 of January 1900."""
    return _shown(section, _clock_face(section, value))


def _reduced(parts: frozenset[FormatPart], day: PartialDate) -> PartialDate:
    """The month or the year, where the format shows no more: a day that nobody sees is not read."""
    if FormatPart.DAY in parts or not parts:
        return day
    if FormatPart.MONTH in parts:
        return PartialDate(day.year, day.month)
    return PartialDate(day.year)


def _moment(day_number: float, decimals: int) -> datetime | None:
    """The day and time of a number of the 1900 system; None where it is neither."""
    if not 1 <= day_number < _BEHIND_LAST_DAY:
        return None
    seconds = round(day_number * _DAY, decimals)
    days, rest = divmod(seconds, _DAY)
    if days == _NO_DAY or days >= _BEHIND_LAST_DAY:
        return None
    before_first = date(1899, 12, 31 if days < _NO_DAY else 30)
    midnight = datetime.combine(before_first + timedelta(days=days), time.min)
    return midnight + timedelta(seconds=rest)


def _decimals(section: FormatSection) -> int:
    """How many digits of a fraction of a second the section shows, at most 3."""
    digits = [part for part, _ in section.pieces if part is FormatPart.SECOND_DIGITS]
    return min(len(digits), 3)


def _clock_face(section: FormatSection, value: float) -> ClockFace:
    """The time that a number shows without its day."""
    total = round(value * _DAY, _decimals(section))
    hour, rest = divmod(total % _DAY, 3600)
    minute, second = divmod(rest, 60)
    return ClockFace(1900, 1, 0, 5, int(hour), int(minute), second, total)


def _face_of(moment: datetime) -> ClockFace:
    second = moment.second + moment.microsecond / 1_000_000
    return ClockFace(
        moment.year,
        moment.month,
        moment.day,
        moment.weekday(),
        moment.hour,
        moment.minute,
        second,
        0,
    )


def _shown(section: FormatSection, face: ClockFace) -> str | None:
    """What a section shows; None where it has what is not known here."""
    parts = section.parts
    if FormatPart.UNKNOWN in parts or not section.is_english:
        return None
    half_day = FormatPart.HALF_DAY in parts
    fraction = iter(f"{face.second % 1:.3f}"[2:])
    shown = []
    for part, text in section.pieces:
        if part is FormatPart.SECOND_DIGITS:
            shown.append(next(fraction, "0"))
        else:
            shown.append(_piece(part, text, face, half_day))
    return "".join(shown).strip()


def _piece(part: FormatPart, text: str, face: ClockFace, half_day: bool) -> str:
    match part:
        case FormatPart.YEAR:
            return f"{face.year:04}" if len(text) > 2 else f"{face.year % 100:02}"
        case FormatPart.MONTH:
            return _month(face.month, len(text))
        case FormatPart.DAY:
            return _day(face, len(text))
        case FormatPart.HOUR:
            hour = (face.hour + 11) % 12 + 1 if half_day else face.hour
            return _padded(hour, text)
        case FormatPart.MINUTE:
            return _padded(face.minute, text)
        case FormatPart.SECOND:
            return _padded(int(face.second), text)
        case FormatPart.HALF_DAY:
            return _half_of_day(face.hour, text)
        case FormatPart.ELAPSED:
            unit = {"h": 3600, "m": 60, "s": 1}[text[0]]
            return _padded(int(face.total // unit), text)
        case _:
            return text


def _padded(number: int, text: str) -> str:
    """The number with at least as many digits as the code has letters."""
    return f"{number:0{len(text)}}"


def _month(month: int, letters: int) -> str:
    name = _MONTHS[month - 1]
    if letters == 5:
        return name[0]
    if letters < 3:
        return f"{month:0{letters}}"
    return name[:3] if letters == 3 else name


def _day(face: ClockFace, letters: int) -> str:
    if letters < 3:
        return f"{face.day:0{letters}}"
    name = _WEEKDAYS[face.weekday]
    return name[:3] if letters == 3 else name


def _half_of_day(hour: int, text: str) -> str:
    """AM or PM, or A or P, as the code has it."""
    before, after = text.split("/")
    return before if hour < 12 else after
