"""What one cell of a column says: words for status, rating and priority, dates, and texts as
typed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from papergen.dates import PartialDate
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
from papergen.workbook.result import DATE_FIELDS, TEXT_FIELDS, Broken, Cell, shorten

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
"""Words for an action that is not done, from which one cannot tell whether it has been begun."""

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
_DASHES = frozenset("-–—−?.…_/*")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a cell says: `value` for the field of its column, `also` for others, and a fault as
    code, message and hint.
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
    name: str, label: str, cell: Cell, as_at: PartialDate, *, serials: bool = True
) -> Reading:
    """What `cell` says in the column of field `name`, whose heading is `label`."""
    if cell is None:
        return Reading()
    if isinstance(cell, Broken):
        return Reading(fault=(CELL_VALUE, f"the cell {cell.why}", cell.hint))
    if isinstance(cell, str) and not_known(cell):
        return Reading(notes=(f"“{label}” is given as “{shorten(cell)}”: taken as not known",))
    if name in DATE_FIELDS:
        return _date(name, cell, as_at, serials)
    if isinstance(cell, date):
        return _stray_date(name, label, cell)
    text = as_text(cell)
    if name == "status":
        return _status(text)
    if name == "rating":
        return _looked_up(
            text,
            RATING,
            "a rating",
            "Write red, amber, green, blue, or grey for what is not rated.",
        )
    if name == "priority":
        return _priority(text, label)
    return Reading(lines(text) if name in TEXT_FIELDS else " ".join(text.split()))


def as_text(cell: str | int | float | bool) -> str:
    """A cell's text; a number as Excel shows it without a format."""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return f"{cell:.15g}"
    return str(cell)


def lines(text: str) -> str:
    """A text whose line breaks are kept, without the white space round its lines and the blank
    lines round it.
    """
    return "\n".join(" ".join(line.split()) for line in text.splitlines()).strip()


def kinds(cells: Iterable[Cell]) -> tuple[bool, bool]:
    """Whether there are words among `cells` that only a status can be, and words that only a rating
    can be.
    """
    words = {plain(cell) for cell in cells if isinstance(cell, str)}
    return (
        any(
            (_known(word, STATUS) and not _known(word, RATING)) or word in UNSAID for word in words
        ),
        any(_known(word, RATING) and not _known(word, STATUS) for word in words),
    )


def only_rating(cell: Cell) -> bool:
    """Whether a cell holds a word that only a rating can be."""
    return kinds([cell])[1]


def _known(word: str, table: dict[str, str]) -> str | None:
    """What `word` means in `table`, be it that more stands after it: “complete – see minutes”."""
    meaning = table.get(word)
    if meaning is None:
        for found in _TAIL.finditer(word):
            meaning = table.get(word[: found.start()])
            if meaning is not None and len(word[: found.start()]) > 1:
                return meaning
            if found.start() > 40:
                break
        return None
    return meaning


def _looked_up(text: str, table: dict[str, str], what: str, hint: str) -> Reading:
    word = plain(text)
    meaning = _known(word, table)
    if meaning is None:
        return Reading(
            fault=(CELL_VALUE, f"“{shorten(text)}” is not {what} that papergen knows", hint)
        )
    if word in table:
        return Reading(meaning)
    return Reading(meaning, notes=(f"of “{shorten(text)}” only “{meaning}” is read",))


def _status(text: str) -> Reading:
    word = plain(text)
    if word in UNSAID:
        note = (
            f"“{shorten(text)}” does not say whether work has begun: the status is taken as not "
            "known"
        )
        return Reading(notes=(note,))
    if only_rating(text):
        hint = "Put ratings into a column of their own, headed “RAG”, and in this column write "
        hint += "not started, in progress, complete or cancelled."
        return Reading(
            fault=(
                CELL_VALUE,
                f"“{shorten(text)}” is a rating, in a column that holds statuses too",
                hint,
            )
        )
    return _looked_up(
        text, STATUS, "a status", "Write not started, in progress, complete or cancelled."
    )


def _priority(text: str, label: str) -> Reading:
    word = plain(text)
    if "urgent" in plain(label) and (word in _YES or word in _NO):
        return Reading("urgent" if word in _YES else "normal")
    reading = _looked_up(text, PRIORITY, "a priority", "Write urgent or normal.")
    if reading.value and word not in _PLAIN_PRIORITIES and not reading.notes:
        return Reading(
            reading.value, notes=(f"priority “{shorten(text)}” is read as “{reading.value}”",)
        )
    return reading


def _date(
    name: str, cell: str | int | float | bool | date, as_at: PartialDate, serials: bool
) -> Reading:
    later = name != "completed"
    try:
        if isinstance(cell, date):
            dated = from_cell(cell)
        elif isinstance(cell, (int, float)) and not isinstance(cell, bool):
            dated = from_number(cell, serials)
        else:
            return _date_text(name, as_text(cell), as_at, later)
    except DateError as fault:
        return Reading(fault=("bad-date", fault.message, fault.hint))
    return Reading(dated.value, notes=dated.notes)


def _date_text(name: str, text: str, as_at: PartialDate, later: bool) -> Reading:
    word = plain(text)
    said = shorten(text)
    if name != "completed" and word in _AT_ONCE:
        return Reading(
            None,
            {"priority": "urgent"},
            (f"“{said}” is no date: none is taken, and the priority is urgent",),
        )
    if word in _STANDING:
        return Reading(notes=(f"“{said}” is no date: none is taken",))
    if word in _YES:
        return Reading(
            None,
            {"status": "complete"},
            (f"“{said}” is no date: none is taken, and the action is complete",),
        )
    if name == "completed" and (word in _NO or word in UNSAID or STATUS.get(word)):
        return Reading(notes=(f"“{said}” is no date: none is taken",))
    if len(text) > LONGEST_DATE:
        raise DateError(f"“{said}” cannot be read as a date")
    try:
        dated = read_date(text, as_at, later=later)
    except DateError:
        moved = two_dates(text, as_at, later=later)
        if moved is None:
            raise
        return _moved(name, said, *moved)
    return Reading(dated.value, notes=dated.notes)


def _moved(name: str, said: str, first: Dated | None, second: Dated) -> Reading:
    """A date that was put off. Only a due date can be, and it can be put off once in a cell."""
    if name == "completed" or (name == "revised_due" and first is not None):
        raise DateError(
            f"“{said}” holds two dates, where one is expected",
            "Keep the one that this column is for.",
        )
    if name == "revised_due":
        return Reading(second.value, notes=second.notes)
    notes = (
        *(first.notes if first else ()),
        *second.notes,
        f"“{said}” is read as a due date and its revision to {second.value}",
    )
    if first is None:
        notes = (
            *second.notes,
            f"“{said}” is read as a revised due date; what it was before is not said",
        )
    return Reading(first.value if first else None, {"revised_due": second.value}, notes)


def _stray_date(name: str, label: str, day: date) -> Reading:
    typed = f"{day.day} {MONTHS[day.month - 1]} {day.year}"
    if name == "comment":
        return Reading(typed)
    message = f"the cell holds the date {typed}, in the column “{label}”"
    hint = "Check the heading of the column."
    if name == "ref":
        message += ": Excel may have made a date of a reference such as 1-3"
        hint = "Format the column as Text in Excel, and type the reference again."
    return Reading(fault=(CELL_VALUE, message, hint))
