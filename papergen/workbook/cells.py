"""What one cell of a column says: a status, rating or priority, a date, or a text as typed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from papergen.dates import PartialDate
from papergen.text import shorten_line
from papergen.workbook.cell_dates import (
    MONTHS,
    Dated,
    DateError,
    from_cell,
    from_number,
    read_date,
    two_dates,
)
from papergen.workbook.cell_faults import CELL_VALUE
from papergen.workbook.result import DATE_FIELDS, TEXT_FIELDS, Broken, Cell

LONGEST_DATE = 120
"""No cell with more characters is read as a date."""


def _words(**meanings: str) -> dict[str, str]:
    return {
        word.strip(): meaning.replace("_", "-")
        for meaning, words in meanings.items()
        for word in words.split(",")
    }


NOT_KNOWN = frozenset(
    [
        "tbc",
        "tba",
        "tbd",
        "to be confirmed",
        "to be agreed",
        "to be advised",
        "to be determined",
        "to be decided",
        "to be completed",
        "n/a",
        "na",
        "n.a",
        "not applicable",
        "not known",
        "unknown",
        "not set",
        "none",
        "nil",
        "pending confirmation",
        "awaiting confirmation",
    ]
)

STATUS = _words(
    not_started=(
        "not started,not yet started,not begun,to start,yet to start,not commenced,to "
        "do,planned,scheduled"
    ),
    in_progress="in progress,in-progress,inprogress,ongoing,on-going,on going,underway,under "
    "way,started,commenced,begun,in hand,progressing,in train,work in progress,wip,on "
    "track,on-track,on target,on schedule,partially complete,partially completed,partly "
    "complete,partly completed,part complete,continuing",
    complete=(
        "complete,completed,closed,done,finished,delivered,achieved,implemented,complete and closed"
    ),
    cancelled="cancelled,canceled,withdrawn,no longer required,no longer "
    "needed,abandoned,superseded,deleted,not required,not pursued,dropped",
)

UNSAID = frozenset(
    [
        "open",
        "overdue",
        "late",
        "delayed",
        "slipped",
        "slipping",
        "behind",
        "behind schedule",
        "off track",
        "at risk",
        "outstanding",
        "on hold",
        "suspended",
        "paused",
        "deferred",
        "pending",
        "incomplete",
        "not complete",
        "not completed",
        "not yet complete",
        "not yet completed",
        "not done",
    ]
)
"""Words for an action that is not done, which do not say whether it has been begun."""

RATING = _words(
    red="red,r",
    amber="amber,a,yellow,orange",
    green="green,g",
    blue="blue,b,complete,completed",
    unrated="grey,gray,unrated,not rated,no rating,not yet rated,white",
)

PRIORITY = _words(
    urgent=(
        "urgent,high,very high,critical,immediate,top,h,top priority,high priority,asap,essential"
    ),
    normal=(
        "normal,medium,low,routine,standard,m,l,med,medium priority,low priority,not "
        "urgent,non-urgent,very low"
    ),
)
_PLAIN_PRIORITIES = ("urgent", "normal")

_YES = frozenset(("yes", "y", "true", "✓", "✔", "x", "done", "complete", "completed", "closed"))
_NO = frozenset(
    (
        "no",
        "n",
        "false",
        "✗",
        "✘",
        "not yet",
        "not complete",
        "not completed",
        "incomplete",
        "in progress",
    )
)
_STANDING = frozenset(
    [
        "ongoing",
        "on-going",
        "on going",
        "continuous",
        "continuing",
        "rolling",
        "weekly",
        "fortnightly",
        "monthly",
        "quarterly",
        "annually",
        "annual",
        "as required",
        "as needed",
        "as and when",
        "no date",
        "undated",
    ]
)
_AT_ONCE = frozenset(
    [
        "asap",
        "a.s.a.p",
        "as soon as possible",
        "immediate",
        "immediately",
        "urgent",
        "urgently",
        "at once",
        "now",
        "straight away",
    ]
)
_TAIL = re.compile(r"\s*[-–—:;,(/\n]")
_LONGEST_WORD = 40
_DASHES = frozenset("-–—−?.…_/*")


@dataclass(frozen=True, slots=True)
class CellReading:
    """What a cell says: `value` for the field of its column, `also` for other fields.

    `notes` say what was decided. `fault` is the code, message and hint of what is wrong.
    """

    value: str | None = None
    also: dict[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    fault: tuple[str, str, str] | None = None


def plain(text: str) -> str:
    """A word as it is looked up: small letters, single spaces, no full stop at its end."""
    return " ".join(text.casefold().split()).strip(" .!*")


def not_known(text: str) -> bool:
    """Whether a text stands for something that is not known yet."""
    return set(text) - {" "} <= _DASHES or plain(text) in NOT_KNOWN


def read_value(
    name: str,
    label: str,
    cell: Cell,
    as_at: PartialDate,
    *,
    serials: bool = True,
) -> CellReading:
    """What `cell` says in the column of field `name`, whose heading is `label`."""
    if cell is None:
        return CellReading()
    if isinstance(cell, Broken):
        return CellReading(fault=(CELL_VALUE, f"the cell {cell.why}", cell.hint))
    if isinstance(cell, str) and not_known(cell):
        note = f"“{label}” is given as “{shorten_line(cell)}”: taken as not known"
        return CellReading(notes=(note,))
    if name in DATE_FIELDS:
        return _date(name, cell, as_at, serials)
    if isinstance(cell, date):
        return _stray_date(name, label, cell)
    text = as_text(cell)
    if name == "status":
        return _status(text)
    if name == "rating":
        hint = "Write red, amber, green, blue, or grey for what is not rated."
        return _looked_up(text, RATING, "a rating", hint)
    if name == "priority":
        return _priority(text, label)
    return CellReading(lines(text) if name in TEXT_FIELDS else " ".join(text.split()))


def as_text(cell: str | int | float | bool) -> str:
    """A cell's text; a number as Excel shows it without a format."""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return f"{cell:.15g}"
    return str(cell)


def lines(text: str) -> str:
    """The text without white space round its lines, and without blank lines round it."""
    return "\n".join(" ".join(line.split()) for line in text.splitlines()).strip()


def kinds(cells: Iterable[Cell]) -> tuple[bool, bool]:
    """Whether some of `cells` can only be statuses, and whether some can only be ratings."""
    words = {plain(cell) for cell in cells if isinstance(cell, str)}
    statuses = {word for word in words if _known(word, STATUS)}
    ratings = {word for word in words if _known(word, RATING)}
    return bool(statuses - ratings or words & UNSAID), bool(ratings - statuses)


def only_rating(cell: Cell) -> bool:
    """Whether a cell holds a word that only a rating can be."""
    return kinds([cell])[1]


def _known(word: str, table: dict[str, str]) -> str | None:
    """What `word` means in `table`, even if more follows it: “complete – see minutes”."""
    if word in table:
        return table[word]
    for found in _TAIL.finditer(word):
        first = word[: found.start()]
        if first in table and len(first) > 1:
            return table[first]
        if len(first) > _LONGEST_WORD:
            break
    return None


def _looked_up(
    text: str,
    table: dict[str, str],
    what: str,
    hint: str,
) -> CellReading:
    word = plain(text)
    meaning = _known(word, table)
    if meaning is None:
        message = f"“{shorten_line(text)}” is not {what} that papergen knows"
        return CellReading(fault=(CELL_VALUE, message, hint))
    if word in table:
        return CellReading(meaning)
    note = f"of “{shorten_line(text)}” only “{meaning}” is read"
    return CellReading(meaning, notes=(note,))


def _status(text: str) -> CellReading:
    said = shorten_line(text)
    if plain(text) in UNSAID:
        note = f"“{said}” does not say whether work has begun: the status is taken as not known"
        return CellReading(notes=(note,))
    words = "not started, in progress, complete or cancelled"
    if only_rating(text):
        message = f"“{said}” is a rating, in a column that holds statuses too"
        hint = (
            "Put ratings into a column of their own, headed “RAG”, and in this column write "
            f"{words}."
        )
        return CellReading(fault=(CELL_VALUE, message, hint))
    return _looked_up(text, STATUS, "a status", f"Write {words}.")


def _priority(text: str, label: str) -> CellReading:
    word = plain(text)
    if "urgent" in plain(label) and (word in _YES or word in _NO):
        return CellReading("urgent" if word in _YES else "normal")
    reading = _looked_up(text, PRIORITY, "a priority", "Write urgent or normal.")
    if reading.value and word not in _PLAIN_PRIORITIES and not reading.notes:
        note = f"priority “{shorten_line(text)}” is read as “{reading.value}”"
        return CellReading(reading.value, notes=(note,))
    return reading


def _date(
    name: str,
    cell: str | int | float | bool | date,
    as_at: PartialDate,
    serials: bool,
) -> CellReading:
    later = name != "completed"
    try:
        if isinstance(cell, date):
            dated = from_cell(cell)
        elif isinstance(cell, (int, float)) and not isinstance(cell, bool):
            dated = from_number(cell, serials)
        else:
            return _date_text(name, as_text(cell), as_at, later)
    except DateError as fault:
        return CellReading(fault=("bad-date", fault.message, fault.hint))
    return CellReading(dated.value, notes=dated.notes)


def _date_text(
    name: str,
    text: str,
    as_at: PartialDate,
    later: bool,
) -> CellReading:
    word = plain(text)
    said = shorten_line(text)
    no_date = f"“{said}” is no date: none is taken"
    if name != "completed" and word in _AT_ONCE:
        note = f"{no_date}, and the priority is urgent"
        return CellReading(None, {"priority": "urgent"}, (note,))
    if word in _STANDING:
        return CellReading(notes=(no_date,))
    if word in _YES:
        note = f"{no_date}, and the action is complete"
        return CellReading(None, {"status": "complete"}, (note,))
    if name == "completed" and (word in _NO or word in UNSAID or STATUS.get(word)):
        return CellReading(notes=(no_date,))
    if len(text) > LONGEST_DATE:
        raise DateError(f"“{said}” cannot be read as a date")
    try:
        dated = read_date(text, as_at, later=later)
    except DateError:
        moved = two_dates(text, as_at, later=later)
        if moved is None:
            raise
        return _moved(name, said, *moved)
    return CellReading(dated.value, notes=dated.notes)


def _moved(
    name: str,
    said: str,
    first: Dated | None,
    second: Dated,
) -> CellReading:
    """A date that was put off. Only a due date can be, and it can be put off once in a cell."""
    if name == "completed" or (name == "revised_due" and first is not None):
        raise DateError(
            f"“{said}” holds two dates, where one is expected",
            "Keep the one that this column is for.",
        )
    if name == "revised_due":
        return CellReading(second.value, notes=second.notes)
    also = {"revised_due": second.value}
    if first is None:
        note = f"“{said}” is read as a revised due date; what it was before is not said"
        return CellReading(None, also, (*second.notes, note))
    note = f"“{said}” is read as a due date and its revision to {second.value}"
    return CellReading(first.value, also, (*first.notes, *second.notes, note))


def _stray_date(name: str, label: str, day: date) -> CellReading:
    typed = f"{day.day} {MONTHS[day.month - 1]} {day.year}"
    if name == "comment":
        return CellReading(typed)
    message = f"the cell holds the date {typed}, in the column “{label}”"
    hint = "Check the heading of the column."
    if name == "ref":
        message += ": Excel may have made a date of a reference such as 1-3"
        hint = "Format the column as Text in Excel, and type the reference again."
    return CellReading(fault=(CELL_VALUE, message, hint))
