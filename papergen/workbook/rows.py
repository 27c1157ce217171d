"""From the grid of a list to its actions: which rows are actions, and what every cell says."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from papergen.dates import PartialDate
from papergen.errors import Location, Problem, check
from papergen.readers.characters import bad_character, forbidden
from papergen.workbook.cell_faults import LIST_UNCLEAR, capped
from papergen.workbook.cells import kinds, read_value
from papergen.workbook.columns import WHAT_IS_LOOKED_FOR, Header, find_header, same_headings
from papergen.workbook.grid import read_grids
from papergen.workbook.result import (
    FIELDS,
    ActionList,
    Cell,
    Grid,
    ListedAction,
    Note,
    first_text,
    sheet_reference,
)

_REMARK = re.compile(
    r"\W*(?:(?:key|legend|notes?|sources?|totals?|version|end)\s*(?:[:=–-]|$)"
    r"|(?:last )?updated\b|prepared by\b)",
    re.IGNORECASE,
)
_CARRIED = ("workstream", "phase")
"""The columns in which cells are merged over the rows that they hold for."""


def read_action_list(
    data: bytes, source: str, *, as_at: PartialDate, problems: list[Problem] | None = None
) -> ActionList:
    """The actions of a workbook (.xlsx) or a CSV file, with the cell of every value, and notes.

    `source` is what the user calls the file; `as_at` tells the year of a month that is given
    without one. Raises papergen.errors with all that is wrong in the file; but where `problems` is
    given, what is wrong in single cells is added to it, and the actions come without those cells.
    """
    grids = read_grids(data, source)
    grid, header, notes = _the_list(grids, source)
    reader = _ListReader(grid, header, as_at, [*grid.notes, *notes], list(header.problems))
    reader.read()
    if problems is None or header.problems or not reader.actions:
        check(capped(reader.problems))
    else:
        problems += capped(reader.problems)
    return ActionList(
        source,
        grid.sheet,
        {name: header.headings[name] for name in FIELDS if name in header.headings},
        tuple(heading for _, heading in header.unrecognised),
        tuple(reader.actions),
        tuple(reader.notes),
    )


def _the_list(grids: Sequence[Grid], source: str) -> tuple[Grid, Header, list[Note]]:
    """The one sheet that has a row of headings; one that is hidden only where no other has."""
    found = [(grid, header) for grid in grids if (header := find_header(grid)) is not None]
    found = [each for each in found if each[0].visible] or found
    if not found:
        message = "no list of actions is found in this file"
        check([Problem("missing-field", message, Location(source), WHAT_IS_LOOKED_FOR)])
    if len(found) > 1:
        names = " and ".join(f"“{grid.sheet}”" for grid, _ in found[:3])
        message = f"there are lists of actions in the sheets {names}"
        hint = "Keep the list in one sheet, and delete the other or its headings."
        check([Problem(LIST_UNCLEAR, message, Location(source), hint)])
    grid, header = found[0]
    others = [
        Note(Location(source, cell=sheet_reference(other.sheet)), "this sheet is not read")
        for other in grids
        if other is not grid and any(cell is not None for row in other.rows for cell in row)
    ]
    return grid, header, others


@dataclass(slots=True, eq=False)
class _ListReader:
    grid: Grid
    header: Header
    as_at: PartialDate
    notes: list[Note]
    problems: list[Problem]
    actions: list[ListedAction] = field(default_factory=list)
    _titles: list[tuple[int, str]] = field(default_factory=list)
    _carried: dict[tuple[int, int], int] = field(default_factory=dict)

    def read(self) -> None:
        self._settle_status()
        self._find_carried()
        rows = range(self.header.index + 1, len(self.grid.rows))
        column = self.header.columns["text"]
        texts = [index for index in rows if self._cell(index, column) is not None]
        last = max(
            (index for index in texts if not self._is_remark(index)), default=self.header.index
        )
        for index in range(self.header.index):
            cells = self._cells(index)
            if cells:
                text = first_text(cells)
                self._note(index, min(cells), f"this row above the headings is not read: “{text}”")
        for index in rows:
            cells = self._cells(index)
            if not cells or same_headings(self.grid.rows[index], self.grid.rows[self.header.index]):
                continue
            if index > last:
                self._after(index, cells)
            elif len(cells) == 1 and (self._is_title(index) or self._before(cells, column)):
                self._title(index, cells)
            else:
                self._action(index)
        if not self.actions and not self.problems:
            message = "there are headings, but no actions below them"
            hint = "Write one action on each row below the headings."
            where = self.grid.place(self.header.index, column)
            self.problems.append(Problem("missing-field", message, where, hint))

    # -- rows

    def _cells(self, index: int) -> dict[int, Cell]:
        return {at: cell for at, cell in enumerate(self.grid.rows[index]) if cell is not None}

    def _cell(self, index: int, column: int) -> Cell:
        row = self.grid.rows[index]
        return row[column] if column < len(row) else None

    def _is_remark(self, index: int) -> bool:
        """Whether a row holds one cell only, which begins as remarks below a list do."""
        cells = self._cells(index)
        return len(cells) == 1 and bool(_REMARK.match(str(next(iter(cells.values())))))

    def _is_title(self, index: int) -> bool:
        """Whether a row is one merged cell: a title between actions, not an action alone."""
        line = self.grid.lines[index]
        return any(
            top <= line <= bottom and right - left >= 2
            for top, left, bottom, right in self.grid.merges
        )

    def _before(self, cells: Mapping[int, Cell], column: int) -> bool:
        """Whether a row's only cell is a text left of the column of actions, and no reference."""
        (at, cell), *_ = cells.items()
        return at < column and isinstance(cell, str) and bool(re.search(r"[^\W\d]{2}", cell))

    def _title(self, index: int, cells: Mapping[int, Cell]) -> None:
        title = first_text(cells)
        if "workstream" in self.header.columns:
            self._note(index, min(cells), f"this row is not read: “{title}”")
            return
        self._titles.append((index, " ".join(str(next(iter(cells.values()))).split())))
        self._note(
            index, min(cells), f"the actions below are read as those of the workstream “{title}”"
        )

    def _after(self, index: int, cells: Mapping[int, Cell]) -> None:
        """Read a row below the last action: a remark, or an action that lacks its text."""
        used = [at for at in cells if at in self.header.columns.values()]
        if len(used) > 2:
            self._without_text(index)
        else:
            text = first_text(cells)
            self._note(index, min(cells), f"this row below the actions is not read: “{text}”")

    def _without_text(self, index: int) -> None:
        heading = self.header.headings["text"]
        where = self.grid.place(index, self.header.columns["text"])
        hint = "Write what is to be done, or delete the row."
        self.problems.append(Problem("missing-field", f"this row has no “{heading}”", where, hint))

    def _action(self, index: int) -> None:
        values: dict[str, str | None] = dict.fromkeys(FIELDS)
        places: dict[str, Location] = {}
        also: dict[str, tuple[str, Location]] = {}
        for name, column in self.header.columns.items():
            at = self._carried.get((index, column), index) if name in _CARRIED else index
            cell = self._cell(at, column)
            where = self.grid.place(at, column)
            if isinstance(cell, str) and (found := forbidden(cell)):
                self.problems.append(bad_character(cell[found[0]], where))
                continue
            reading = read_value(
                name, self.header.headings[name], cell, self.as_at, serials=self.grid.serials
            )
            self.notes += [Note(where, note) for note in reading.notes]
            if reading.fault:
                code, message, hint = reading.fault
                self.problems.append(Problem(code, message, where, hint))
                continue
            values[name] = reading.value or None
            if cell is not None:
                places[name] = where
            also |= {other: (value, where) for other, value in reading.also.items()}
        for name, (value, where) in also.items():
            if values[name] is None or name == "priority":
                values[name], places[name] = value, where
        column = self.header.columns["text"]
        if values["text"] is None:
            where = self.grid.place(index, column)
            if not any(problem.where == where for problem in self.problems[-20:]):
                self._without_text(index)
            return
        has_no_status = "status" not in self.header.columns and values["status"] is None
        if values["rating"] == "blue" and has_no_status:
            values["status"], places["status"] = "complete", places["rating"]
        if values["workstream"] is None and self._titles:
            row, title = self._titles[-1]
            values["workstream"] = title
            places["workstream"] = self.grid.place(row, min(self._cells(row)))
        line = self.grid.lines[index]
        if line in self.grid.hidden_rows:
            self._note(index, column, "this row is hidden, and is read all the same")
        self.actions.append(ListedAction(line, values, places))

    # -- columns

    def _settle_status(self) -> None:
        """A column headed “Status” may hold ratings."""
        columns, headings = self.header.columns, self.header.headings
        if "status" not in columns:
            return
        column = columns["status"]
        cells = [
            self._cell(index, column) for index in range(self.header.index + 1, len(self.grid.rows))
        ]
        statuses, ratings = kinds(cells)
        if not ratings or statuses:
            return
        if "rating" in columns:
            where = self.grid.place(self.header.index, column)
            message = f"“{headings['status']}” holds ratings, and so does “{headings['rating']}”"
            problem = Problem(LIST_UNCLEAR, message, where, "Keep one of the two columns.")
            self.problems.append(problem)
            return
        columns["rating"] = columns.pop("status")
        headings["rating"] = headings.pop("status")
        note = f"“{headings['rating']}” holds ratings and is read as such"
        self._note(self.header.index, column, note)

    def _find_carried(self) -> None:
        """Find merged cells of workstreams and phases, which hold for all of their rows."""
        for name in _CARRIED:
            column = self.header.columns.get(name)
            if column is None:
                continue
            for top, left, bottom, right in self.grid.merges:
                below_headings = bottom > top > self.grid.lines[self.header.index]
                if left <= column + 1 <= right and below_headings:
                    last = min(bottom, len(self.grid.rows))
                    for line in range(top + 1, last + 1):
                        self._carried[line - 1, column] = top - 1
            if any(at == column for _, at in self._carried):
                heading = self.header.headings[name]
                note = f"merged cells below “{heading}” hold for all of their rows"
                self._note(self.header.index, column, note)

    def _note(self, index: int, column: int, message: str) -> None:
        self.notes.append(Note(self.grid.place(index, column), message))
