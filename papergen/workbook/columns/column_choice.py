"""The columns of one list: what they are, and what is decided of them."""

from __future__ import annotations

from dataclasses import dataclass, field

from papergen.errors import Location
from papergen.text import shorten_line
from papergen.workbook.columns import column_kinds as kinds
from papergen.workbook.columns.column_cells import (
    ColumnCells,
    column_cells,
    first_cell,
    has_content,
)
from papergen.workbook.columns.column_fit import fits
from papergen.workbook.columns.heading_names import DESCRIPTIONS
from papergen.workbook.columns.heading_rows import HeadingRow, NamedColumns
from papergen.workbook.columns.headings import Meanings, meanings
from papergen.workbook.reading import Answer, FindingKind, Remark
from papergen.workbook.settings import plain
from papergen.workbook.sheets import Grid, column_letters

AS_ANSWERED = "as plan.yaml says"


@dataclass(slots=True, eq=False)
class ColumnChoice:
    """The columns of one list, and which of them is for which field.

    `indexes` and `whys`: by field, its column and why. `unused`: by column, why it is not used.
    `remarks`: what there is to say of them. `tied`: fields of which two columns are as close.
    """

    grid: Grid
    headings: HeadingRow
    body: range
    named: NamedColumns
    indexes: dict[str, int] = field(default_factory=dict)
    whys: dict[str, str] = field(default_factory=dict)
    unused: dict[int, str] = field(default_factory=dict)
    remarks: list[tuple[Remark, Location]] = field(default_factory=list)
    tied: dict[str, list[int]] = field(default_factory=dict)
    also_present: frozenset[str] = frozenset()
    """Fields that hidden columns are for."""
    aliases: dict[int, str] = field(default_factory=dict)
    """The headings of columns that are below one that is merged over them."""
    _cells: dict[int, ColumnCells] = field(default_factory=dict)
    _fitting: dict[int, Meanings] = field(default_factory=dict)

    # -- what a column is

    def heading(self, column: int) -> str:
        """A column's heading on one line; that which is merged over it where it has no other."""
        over = self.headings.under.get(column)
        own = self.full_heading(column)
        return shorten_line(own or (self.full_heading(over) if over is not None else ""), 80)

    def full_heading(self, column: int) -> str:
        """A column's own heading as typed; empty where it has none."""
        if column in self.aliases:
            return self.aliases[column]
        headings = self.headings.headings
        return headings[column] if column < len(headings) else ""

    def cells(self, column: int) -> ColumnCells:
        """What the cells of a column look like."""
        if column not in self._cells:
            heading = self.full_heading(column)
            self._cells[column] = column_cells(self.grid, column, self.body, heading)
        return self._cells[column]

    def fitting(self, column: int) -> Meanings:
        """What the heading of a column names, as far as its cells are such."""
        if column not in self._fitting:
            heading, cells = self.full_heading(column), self.cells(column)
            found = [each for each in meanings(heading) if fits(each, heading, cells)]
            self._fitting[column] = tuple(found)
        return self._fitting[column]

    def has(self, name: str) -> bool:
        """Whether a column is read for a field, could be, or is and is hidden."""
        is_read = name in self.indexes or name in self.tied
        return is_read or name in self.also_present

    def is_empty(self, column: int) -> bool:
        return not has_content(self.grid, column, self.body)

    def place(self, column: int) -> Location:
        """The cell of a column's heading."""
        return self.grid.place(self.headings.rows[-1], column)

    def name_for_answer(self, column: int) -> str:
        """What plan.yaml may call a column: its heading, or its letters where that is not its own.

        A long heading is not called by its name either.
        """
        heading = " ".join(self.headings.headings[column : column + 1]).strip()
        called = [name for names in self.headings.names for name in names]
        twice = sum(1 for name in called if plain(name) == plain(heading)) > 1
        if not heading or twice or len(heading) > 60:
            return column_letters(column + 1)
        return " ".join(heading.split())

    # -- what is decided

    def remark(
        self,
        kind: FindingKind,
        column: int,
        read_as: str = "",
        answer: Answer | None = None,
    ) -> None:
        """Say something of a column at its heading."""
        self.remarks.append(
            (Remark(kind, self.heading(column), read_as, answer), self.place(column))
        )

    def leave(
        self,
        kind: FindingKind,
        column: int,
        why: str,
        answer: Answer | None = None,
    ) -> None:
        """Decide that a column is not used; an empty one is left without a word."""
        self.unused[column] = why
        if not self.is_empty(column):
            self.remark(kind, column, why, answer)

    def leave_headless(self, kind: FindingKind, column: int, answer: Answer | None = None) -> None:
        """Decide that a column without a heading is not used, and say so at its first cell."""
        first = first_cell(self.grid, column, self.body)
        if first is not None:
            self.unused[column] = "it has no heading"
            remark = Remark(kind, f"column {column_letters(column + 1)}", "not read", answer)
            self.remarks.append((remark, self.grid.place(first, column)))

    def take(self, name: str, column: int, why: str) -> None:
        """Decide that a column is for the field `name`."""
        self.indexes[name] = column
        self.whys[name] = why
        self.unused.pop(column, None)

    def take_by_cells(self, name: str, column: int) -> None:
        self.take(name, column, "by its heading and the cells below")
        self.remark(kinds.BY_CELLS, column, DESCRIPTIONS[name])
