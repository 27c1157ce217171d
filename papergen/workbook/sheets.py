"""Sheets of workbooks, and CSV files, as grids of cells with what Excel shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from typing import TypeAlias

from papergen.dates import PartialDate
from papergen.errors import Location
from papergen.workbook.reading import Remark


@dataclass(frozen=True, slots=True)
class Broken:
    """A cell without a usable value. `why` completes “the cell …”; `hint` says what to do."""

    why: str
    hint: str


@dataclass(frozen=True, slots=True)
class Number:
    """A number, and what Excel shows for it by the cell's number format: “1.10”, “007”, “60%”."""

    value: float
    shown: str
    is_share: bool = False
    """Whether the format is that of a percentage."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A date that the workbook holds as one, at the precision that the cell's format shows.

    The first of a month whose format has no day is that month, and 1 January whose format has the
    year alone is that year: `is_reduced`. `time`: the time of day, where it is not midnight.
    """

    date: PartialDate
    shown: str = ""
    is_reduced: bool = False
    time: time | None = None


Cell: TypeAlias = str | Number | Moment | bool | Broken | None
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
    """The lines that are hidden, by hand or by a filter."""
    is_filtered: bool = False
    """Whether the sheet has a filter that hides rows."""
    hidden_columns: frozenset[int] = frozenset()
    """From 0. Columns of width 0 are hidden too."""
    merges: tuple[Merge, ...] = ()
    struck: Mapping[tuple[int, int], str] = field(default_factory=dict)
    """By index of the row and column, both from 0, the cells that are struck through, and what is
    left of each: empty where all of it is struck.
    """
    serials: bool = True
    """Whether a number may be a day of Excel's 1900 system."""
    remarks: tuple[Remark, ...] = ()
    """What there is to say of how the sheet or file as a whole was read."""

    def place(self, index: int, column: int) -> Location:
        """The cell in row `index` of `rows` and in `column`, both from 0."""
        return cell_location(self.source, self.sheet, self.lines[index], column + 1)

    def cell(self, index: int, column: int) -> Cell:
        """The cell in row `index` and in `column`, both from 0; None behind the row's end."""
        row = self.rows[index]
        return row[column] if column < len(row) else None


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


def shown(cell: Cell) -> str:
    """A cell's text as Excel shows it; empty for None and for a cell that is broken."""
    match cell:
        case None | Broken():
            return ""
        case bool():
            return "TRUE" if cell else "FALSE"
        case Number() | Moment():
            return cell.shown
        case _:
            return cell
