"""Parts of months and years: the end of one, early, mid and late, the first week."""

from __future__ import annotations

from dataclasses import replace

from papergen.workbook.dates.ranges import DatePoint, DaysOfYear, months

_LATE = ("late", "late in")
_EARLY = ("early", "early in", "start of", "beginning of")
_LAST_DAYS = {
    **dict.fromkeys(("early", "start", "beginning"), 15),
    # A first week of seven days, from Monday, can begin on the 7th.
    **dict.fromkeys(("first", "1st"), 13),
    **dict.fromkeys(("second", "2nd"), 20),
    **dict.fromkeys(("third", "3rd"), 27),
}
"""The last day of a month that can be in such a part of it. Other parts can end with the month."""
_END = ("end", "end of", "ending")


def part_of(point: DatePoint, part: str) -> DatePoint | None:
    """A part of a month or a year; that of anything else is somewhere in the whole of it."""
    if point.precision == 3:
        return None
    if point.precision == 2 and part in _END:
        return point
    _, month, _ = point.days.first
    days = point.days
    if point.precision == 2:
        days = DaysOfYear((0, month, 1), (0, month, _LAST_DAYS.get(part.split()[0], 0)))
    if point.precision == 1 and part in _EARLY:
        days = months(1, 6)
    if point.precision == 1 and part == "mid":
        days = months(4, 9)
    if point.precision == 1 and part in _LATE:
        days = months(7, 12)
    return replace(point, days=days, precision=0)
