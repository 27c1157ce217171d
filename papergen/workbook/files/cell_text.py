"""The text of a cell: line ends, characters that show nothing, and timestamps of other systems."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta

from papergen.dates import PartialDate
from papergen.text import FORBIDDEN_IN_XML
from papergen.workbook.sheets import Moment

_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_TIMESTAMP = re.compile(
    r"(?P<local>\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?)(?:[.,]\d{1,9})?"
    r"(?: ?(?P<zone>Z|UTC|[+-]\d\d:?\d\d))?",
    re.ASCII | re.IGNORECASE,
)
_SHORTEST_TIMESTAMP = 16
_LONGEST_TIMESTAMP = 40


def text_cell(text: str) -> str | Moment | None:
    """The cell for a text.

    None where it is nothing but white space, a Moment where all of it is a timestamp.
    """
    text = clean_text(text)
    if not text or text.isspace():
        return None
    # Most texts are no timestamps, and are to cost little.
    if _SHORTEST_TIMESTAMP <= len(text) <= _LONGEST_TIMESTAMP and text.lstrip()[4:5] == "-":
        return timestamp(text) or text
    return text


def clean_text(text: str) -> str:
    """The text with LF for each line end."""
    if text.isprintable():
        return text
    return _LINE_ENDS.sub("\n", text)


def printable(text: str) -> str:
    """The text without the control characters that no Word file can hold; they show nothing."""
    return text if text.isprintable() else FORBIDDEN_IN_XML.sub("", text)


def timestamp(text: str) -> Moment | None:
    """The day of a timestamp, in UK time where it gives its time zone; None for another text."""
    found = _TIMESTAMP.fullmatch(text.strip())
    if found is None:
        return None
    zone = found["zone"] or ""
    if zone.upper() == "UTC":
        zone = "Z"
    try:
        moment = datetime.fromisoformat((found["local"] + zone).upper())
        if zone:
            moment = uk_time(moment.astimezone(UTC))
    except (ValueError, OverflowError):
        # It has the form of a timestamp, but there is no such day or hour.
        return None
    clock = moment.time()
    return Moment(
        date=PartialDate.of(moment),
        shown=text.strip(),
        time=None if clock == time.min else clock,
    )


def uk_time(moment: datetime) -> datetime:
    """What clocks in the UK show at a moment that is given in UTC.

    Without a time zone database, as Windows has none. Source: the Summer Time Order 2002 (SI
    2002/262): clocks are one hour ahead from 1 a.m. GMT on the last Sunday of March to that of
    October. Before 1996 the day in October was another.
    """
    starts = _last_sunday(moment.year, 3)
    ends = _last_sunday(moment.year, 10)
    is_summer = starts <= moment < ends
    return (moment + timedelta(hours=is_summer)).replace(tzinfo=None)


def _last_sunday(year: int, month: int) -> datetime:
    """1 a.m. GMT on the last Sunday of a month that has 31 days."""
    last = datetime(year, month, 31, 1, tzinfo=UTC)
    return last - timedelta(days=last.isoweekday() % 7)
