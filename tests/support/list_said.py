"""Which cells the entries and faults of a reading name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from papergen.errors import Location, Problem
from papergen.workbook.reading import Certainty, Entry, Reading
from papergen.workbook.settings import plain

Place = tuple[str, int, int]
"""Sheet, row and column."""


@dataclass(slots=True, eq=False)
class Said:
    """The cells that entries and faults name. `asked`: those of questions and faults."""

    asked: set[Place] = field(default_factory=set)
    named: set[Place] = field(default_factory=set)
    asked_rows: set[tuple[str, int]] = field(default_factory=set)
    named_rows: set[tuple[str, int]] = field(default_factory=set)
    sheets: set[str] = field(default_factory=set)
    whole_sheets: set[str] = field(default_factory=set)
    unused: set[tuple[str, str]] = field(default_factory=set)
    """Sheet and letters of columns that are reported as not used."""
    texts: set[tuple[str, bool]] = field(default_factory=set)
    """Texts of cells that an entry lists, and whether it asks."""
    columns: set[tuple[str, int, bool]] = field(default_factory=set)
    """Columns of entries of more cells than they name, and whether these ask."""

    def add(self, where: Location, *, asks: bool) -> None:
        sheet = sheet_of(where)
        self.sheets.add(sheet)
        if where.line is None:
            self.whole_sheets.add(sheet)
            return
        place = sheet, where.line, where.column or 0
        self.named.add(place)
        self.named_rows.add(place[:2])
        if asks:
            self.asked.add(place)
            self.asked_rows.add(place[:2])


def sheet_of(where: Location) -> str:
    """The sheet of a place: “'Action log'!F8”, or the name of a sheet alone."""
    sheet, mark, _ = where.cell.rpartition("!")
    if not mark and where.line is None:
        sheet = where.cell
    if sheet.startswith("'") and sheet.endswith("'"):
        sheet = sheet[1:-1].replace("''", "'")
    return sheet


def said_of(reading: Reading, problems: Iterable[Problem]) -> Said:
    said = Said()
    for problem in problems:
        if problem.where is not None:
            said.add(problem.where, asks=True)
    for entry in reading.entries:
        _add_entry(said, entry)
    for sheet in reading.sheets:
        said.unused |= {
            (sheet.sheet, column.letters) for column in sheet.columns if not column.field
        }
    return said


def _add_entry(said: Said, entry: Entry) -> None:
    asks = entry.level is not Certainty.NOTE
    for where in (*entry.where, *(value.where for value in entry.values)):
        said.add(where, asks=asks)
    said.texts |= {(plain(value.typed), asks) for value in entry.values if value.typed}
    if entry.count > len(entry.where) and not entry.values:
        for where in entry.where:
            if where.column is not None:
                said.columns.add((sheet_of(where), where.column, asks))
