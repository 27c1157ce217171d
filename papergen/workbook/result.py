"""An action list as read: values with their cells, and notes of what was decided or left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias

from papergen.errors import Location
from papergen.text import shorten_line

FIELDS = (
    "ref",
    "text",
    "owner",
    "responsible",
    "workstream",
    "phase",
    "priority",
    "due",
    "revised_due",
    "status",
    "completed",
    "rating",
    "comment",
)
"""The fields of a listed action, in the order of `ListedAction.fields`."""

TEXT_FIELDS = ("text", "comment")
"""Those that may run over several lines."""

DATE_FIELDS = ("due", "revised_due", "completed")


@dataclass(frozen=True, slots=True)
class Note:
    """Something that was decided or left out, and where."""

    where: Location
    message: str


@dataclass(frozen=True, slots=True)
class ListedAction:
    """One action of a list.

    `row` counts from 1; in a CSV file it is the line on which the record starts. `fields` has every
    one of `FIELDS`: its value as the plan model takes it, or None where the list does not say.
    `places` has the cell of each value that is given, and of each that was typed as not known
    (“TBC”).
    """

    row: int
    fields: dict[str, str | None]
    places: dict[str, Location]


@dataclass(frozen=True, slots=True)
class ActionList:
    """A list as read.

    `sheet` is empty for a CSV file. `columns` has the heading, as typed, of each field that has a
    column; `unrecognised` has the headings of the other columns, of which nothing is used.
    """

    source: str
    sheet: str
    columns: dict[str, str]
    unrecognised: tuple[str, ...]
    rows: tuple[ListedAction, ...]
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Broken:
    """A cell without a usable value. `why` completes “the cell …”; `hint` says what to do."""

    why: str
    hint: str


Cell: TypeAlias = str | int | float | bool | date | datetime | Broken | None
"""What a cell holds. A cell without anything in it, or with nothing but white space, is None."""

Merge: TypeAlias = tuple[int, int, int, int]
"""First row, first column, last row, last column of merged cells, from 1."""


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet of a workbook, or a CSV file, whose `sheet` is empty.

    `rows` are its cells, `lines` the number of each row, from 1: rows of a sheet, and lines of a
    CSV file.
    """

    source: str
    sheet: str
    rows: list[list[Cell]]
    lines: list[int]
    visible: bool = True
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    merges: tuple[Merge, ...] = ()
    serials: bool = True
    """Whether a number may be a day of Excel's 1900 system."""
    notes: tuple[Note, ...] = ()

    def place(self, index: int, column: int) -> Location:
        """The cell in row `index` of `rows` and in `column`, both from 0."""
        return cell_location(self.source, self.sheet, self.lines[index], column + 1)


def cell_location(
    source: str,
    sheet: str,
    row: int,
    column: int,
) -> Location:
    """A cell by its row and column, from 1."""
    name = f"{column_letters(column)}{row}"
    return Location(source, row, column, cell=f"{sheet_reference(sheet)}!{name}" if sheet else name)


def sheet_reference(sheet: str) -> str:
    """A sheet's name as Excel writes it in a reference."""
    plain = sheet.isascii() and sheet.replace("_", "a").isalnum() and not sheet[0].isdigit()
    return sheet if plain else "'" + sheet.replace("'", "''") + "'"


def column_letters(column: int) -> str:
    """The letters of a column, which counts from 1: 28 is AB."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def first_text(cells: Mapping[int, Cell]) -> str:
    """The first text of a row, for a message."""
    return shorten_line(str(next(iter(cells.values()), "")))
