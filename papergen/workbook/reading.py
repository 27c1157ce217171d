"""What was read of a list, and how sure it is: one entry for each kind of thing, with its cells.

A *note* says what is certain: a number in a column of dates is a day of Excel's. A *question* is
asked where the list does not settle what a paper would state. Until it is answered, what says least
is read: the action counts neither as complete nor as overdue, and what was hidden is not printed.
A *fault* is a cell that has no value to read.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from papergen.errors import Location

FIRST_CELLS = 3
"""Cells that an entry names."""

MOST_VALUES = 50
"""Different values that an entry lists; it counts the cells of all."""


class Certainty(StrEnum):
    """How sure a reading is."""

    NOTE = "note"
    QUESTION = "question"
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class FindingKind:
    """A kind of thing that is said of a list.

    `code` names it, in small letters with hyphens; `message` is a sentence without its full stop,
    true of one cell and of many.
    """

    code: str
    level: Certainty
    message: str


@dataclass(frozen=True, slots=True)
class Answer:
    """A line of the `actions:` group of plan.yaml: `setting: value`, or below `setting:` a line
    `key: value`.
    """

    setting: str
    value: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class Remark:
    """What there is to say of how one cell was read.

    `typed`: what the cell holds, as far as that matters. `read_as`: what is made of it, in words.
    `answer`: the line that would settle it.
    """

    kind: FindingKind
    typed: str = ""
    read_as: str = ""
    answer: Answer | None = None


@dataclass(frozen=True, slots=True)
class ReadValue:
    """A value that cells hold, what it was read as, in how many cells, and the first of them."""

    typed: str
    read_as: str
    count: int
    where: Location


@dataclass(frozen=True, slots=True)
class Entry:
    """All that was found of one kind: in how many cells, the first of them, and the values."""

    kind: FindingKind
    count: int
    where: tuple[Location, ...]
    values: tuple[ReadValue, ...] = ()
    """The first `MOST_VALUES` different values; none where the kind is not about values."""
    different: int = 0
    """How many different values there are."""
    answers: tuple[Answer, ...] = ()

    @property
    def level(self) -> Certainty:
        return self.kind.level


@dataclass(frozen=True, slots=True)
class ReadColumn:
    """A column of a list: its letters, its heading as typed, the field it is read as, and why.

    `field` is empty for a column that is not used; `why` then says why not.
    """

    letters: str
    heading: str
    field: str
    why: str


@dataclass(frozen=True, slots=True)
class ReadSheet:
    """One list: the sheet (empty for a CSV file), the row of its headings, its columns, and how
    many actions it has.
    """

    sheet: str
    heading_row: int
    columns: tuple[ReadColumn, ...]
    actions: int


@dataclass(frozen=True, slots=True)
class Reading:
    """How a file was read: its lists, and what there is to say, faults and questions first."""

    source: str
    sheets: tuple[ReadSheet, ...]
    entries: tuple[Entry, ...]
    register: str = ""
    """The entries that bodies.yaml lacks, as YAML to paste; empty where it lacks none."""

    def plus(self, remarks: Sequence[tuple[Remark, Location]]) -> Reading:
        """The reading with further remarks, each with its cell, of kinds that it has not yet."""
        findings = Findings()
        for remark, where in remarks:
            findings.add(remark, where)
        return replace(self, entries=in_level_order((*self.entries, *findings.entries())))

    def of(self, level: Certainty) -> tuple[Entry, ...]:
        """The entries of a level."""
        return tuple(entry for entry in self.entries if entry.level is level)


@dataclass(slots=True, eq=False)
class _Gathered:
    """What was found of one kind so far."""

    kind: FindingKind
    count: int = 0
    where: list[Location] = field(default_factory=list)
    values: dict[tuple[str, str], list[Location]] = field(default_factory=dict)
    counts: dict[tuple[str, str], int] = field(default_factory=dict)
    answers: dict[Answer, None] = field(default_factory=dict)


class Findings:
    """Gathers remarks, one entry for each kind."""

    def __init__(self) -> None:
        self._by_kind: dict[str, _Gathered] = {}

    def add(self, remark: Remark, where: Location) -> None:
        gathered = self._by_kind.setdefault(remark.kind.code, _Gathered(remark.kind))
        gathered.count += 1
        if len(gathered.where) < FIRST_CELLS:
            gathered.where.append(where)
        if remark.typed or remark.read_as:
            value = remark.typed, remark.read_as
            gathered.counts[value] = gathered.counts.get(value, 0) + 1
            gathered.values.setdefault(value, [where])
        if remark.answer is not None:
            gathered.answers.setdefault(remark.answer)

    def add_all(self, remarks: Sequence[Remark], where: Location) -> None:
        for remark in remarks:
            self.add(remark, where)

    def entries(self) -> tuple[Entry, ...]:
        """The entries, faults first and notes last, each level in the order of first finding."""
        return in_level_order(_entry(one) for one in self._by_kind.values())


def in_level_order(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """The entries, faults first and notes last."""
    order = list(Certainty)[::-1]
    return tuple(sorted(entries, key=lambda entry: order.index(entry.level)))


def _entry(gathered: _Gathered) -> Entry:
    values = []
    for (typed, read_as), places in list(gathered.values.items())[:MOST_VALUES]:
        count = gathered.counts[typed, read_as]
        values.append(ReadValue(typed, read_as, count, places[0]))
    return Entry(
        kind=gathered.kind,
        count=gathered.count,
        where=tuple(gathered.where),
        values=tuple(values),
        different=len(gathered.values),
        answers=tuple(gathered.answers),
    )
