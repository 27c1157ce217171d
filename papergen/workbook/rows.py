"""From the grid of a list to its actions: which rows are actions, and what every cell says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

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
    data: bytes,
    source: str,
    *,
    as_at: PartialDate,
    problems: list[Problem] | None = None,
) -> ActionList:
    """The actions of a workbook (.xlsx) or a CSV file, with the cell of every value, and notes.

    `source` is what the user calls the file. `as_at` decides the year of a month that is given
    without one. Raises a PapergenError with all that is wrong in the file. Where `problems` is
    given, faults of single cells are added to it, and the actions come without those cells.
    """
    grids = read_grids(data, source)
    grid, header = _the_list(grids, source)
    reader = _ListReader(
        grid=grid,
        header=header,
        as_at=as_at,
        notes=[*grid.notes, *_sheets_not_read(grids, grid, source)],
        problems=list(header.problems),
    )
    reader.read()
    found = capped(reader.problems)
    if problems is None or header.problems or not reader.actions:
        check(found)
    else:
        problems += found
    headings = header.headings
    return ActionList(
        source=source,
        sheet=grid.sheet,
        columns={name: headings[name] for name in FIELDS if name in headings},
        unrecognised=tuple(heading for _, heading in header.unrecognised),
        rows=tuple(reader.actions),
        notes=tuple(reader.notes),
    )


def _the_list(grids: Sequence[Grid], source: str) -> tuple[Grid, Header]:
    """The one sheet that has a row of headings; one that is hidden only where no other has."""
    lists = []
    for grid in grids:
        header = find_header(grid)
        if header is not None:
            lists.append((grid, header))
    visible = [each for each in lists if each[0].visible]
    lists = visible or lists
    where = Location(source)
    if not lists:
        message = "no list of actions is found in this file"
        check([Problem("missing-field", message, where, WHAT_IS_LOOKED_FOR)])
    if len(lists) > 1:
        names = " and ".join(f"“{grid.sheet}”" for grid, _ in lists[:3])
        message = f"there are lists of actions in the sheets {names}"
        hint = "Keep the list in one sheet, and delete the other or its headings."
        check([Problem(LIST_UNCLEAR, message, where, hint)])
    return lists[0]


def _sheets_not_read(grids: Sequence[Grid], the_list: Grid, source: str) -> Iterator[Note]:
    """A note for each other sheet that has anything in it."""
    for grid in grids:
        if grid is not the_list and _has_content(grid):
            where = Location(source, cell=sheet_reference(grid.sheet))
            yield Note(where, "this sheet is not read")


def _has_content(grid: Grid) -> bool:
    cells = chain.from_iterable(grid.rows)
    return any(cell is not None for cell in cells)


@dataclass(slots=True, eq=False)
class _RowValues:
    """What the cells of one row say: the value of each field, and its place."""

    values: dict[str, str | None] = field(default_factory=lambda: dict.fromkeys(FIELDS))
    places: dict[str, Location] = field(default_factory=dict)
    implied: dict[str, tuple[str, Location]] = field(default_factory=dict)
    """What a cell says of fields other than that of its column."""

    def put(self, name: str, value: str, where: Location) -> None:
        self.values[name] = value
        self.places[name] = where

    def settle_implied(self) -> None:
        """Take what is implied for fields without a value, and for the priority."""
        for name, (value, where) in self.implied.items():
            if self.values[name] is None or name == "priority":
                self.put(name, value, where)


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
    """The row that a cell's value is in, for the cells that are merged with one above."""

    @property
    def _text_column(self) -> int:
        return self.header.columns["text"]

    @property
    def _rows_below_headings(self) -> range:
        first = self.header.index + 1
        return range(first, len(self.grid.rows))

    def read(self) -> None:
        """Fill `actions`, `notes` and `problems`."""
        self._settle_status()
        self._find_carried()
        last = self._last_action()
        self._note_rows_above()
        for index in self._rows_below_headings:
            self._read_row(index, last)
        if not self.actions and not self.problems:
            message = "there are headings, but no actions below them"
            hint = "Write one action on each row below the headings."
            where = self._heading_place(self._text_column)
            self._report("missing-field", message, where, hint)

    # -- rows

    def _heading_place(self, column: int) -> Location:
        return self.grid.place(self.header.index, column)

    def _last_action(self) -> int:
        """The last row with the text of an action; that of the headings if there is none."""
        last = self.header.index
        for index in self._rows_below_headings:
            text = self._cell(index, self._text_column)
            if text is not None and not self._is_remark(index):
                last = index
        return last

    def _note_rows_above(self) -> None:
        for index in range(self.header.index):
            cells = self._cells(index)
            if cells:
                text = first_text(cells)
                message = f"this row above the headings is not read: “{text}”"
                self._note(index, min(cells), message)

    def _read_row(self, index: int, last: int) -> None:
        """Read one row below the headings. `last`: that of the last action."""
        cells = self._cells(index)
        headings = self.grid.rows[self.header.index]
        if not cells or same_headings(self.grid.rows[index], headings):
            return
        if index > last:
            self._after(index, cells)
        elif self._is_title(index, cells):
            self._title(index, cells)
        else:
            self._action(index)

    def _cells(self, index: int) -> dict[int, Cell]:
        """The cells of a row that have anything in them, by their columns."""
        row = self.grid.rows[index]
        return {column: cell for column, cell in enumerate(row) if cell is not None}

    def _cell(self, index: int, column: int) -> Cell:
        row = self.grid.rows[index]
        if column < len(row):
            return row[column]
        return None

    def _is_remark(self, index: int) -> bool:
        """Whether a row holds one cell only, which begins as remarks below a list do."""
        cells = list(self._cells(index).values())
        if len(cells) != 1:
            return False
        return _REMARK.match(str(cells[0])) is not None

    def _is_title(self, index: int, cells: Mapping[int, Cell]) -> bool:
        """Whether a row's only cell is a title between actions, and not an action alone.

        That is one merged cell, or a text left of the column of actions that is no reference.
        """
        if len(cells) != 1:
            return False
        if self._is_merged(index):
            return True
        ((column, cell),) = cells.items()
        if column >= self._text_column or not isinstance(cell, str):
            return False
        return re.search(r"[^\W\d]{2}", cell) is not None

    def _is_merged(self, index: int) -> bool:
        """Whether cells of a row are merged over three columns or more."""
        line = self.grid.lines[index]
        for top, left, bottom, right in self.grid.merges:
            if top <= line <= bottom and right - left >= 2:
                return True
        return False

    def _title(self, index: int, cells: Mapping[int, Cell]) -> None:
        """Take a title for that of a workstream, unless workstreams have a column."""
        column, cell = next(iter(cells.items()))
        title = first_text(cells)
        if "workstream" in self.header.columns:
            self._note(index, column, f"this row is not read: “{title}”")
            return
        whole = " ".join(str(cell).split())
        self._titles.append((index, whole))
        message = f"the actions below are read as those of the workstream “{title}”"
        self._note(index, column, message)

    def _after(self, index: int, cells: Mapping[int, Cell]) -> None:
        """Read a row below the last action: a remark, or an action that lacks its text."""
        known = self.header.columns.values()
        used = [column for column in cells if column in known]
        if len(used) > 2:
            self._without_text(index)
            return
        text = first_text(cells)
        message = f"this row below the actions is not read: “{text}”"
        self._note(index, min(cells), message)

    def _without_text(self, index: int) -> None:
        heading = self.header.headings["text"]
        message = f"this row has no “{heading}”"
        hint = "Write what is to be done, or delete the row."
        where = self.grid.place(index, self._text_column)
        self._report("missing-field", message, where, hint)

    # -- actions

    def _action(self, index: int) -> None:
        said = _RowValues()
        for name, column in self.header.columns.items():
            self._read_cell(index, name, column, said)
        said.settle_implied()
        if said.values["text"] is None:
            if not self._is_reported(index):
                self._without_text(index)
            return
        self._status_from_rating(said)
        self._workstream_from_title(said)
        line = self.grid.lines[index]
        if line in self.grid.hidden_rows:
            message = "this row is hidden, and is read all the same"
            self._note(index, self._text_column, message)
        self.actions.append(ListedAction(line, said.values, said.places))

    def _read_cell(
        self,
        index: int,
        name: str,
        column: int,
        said: _RowValues,
    ) -> None:
        """Put into `said` what the row's cell for the field `name` says."""
        if name in _CARRIED:
            index = self._carried.get((index, column), index)
        cell = self._cell(index, column)
        where = self.grid.place(index, column)
        if isinstance(cell, str):
            bad = forbidden(cell)
            if bad:
                self.problems.append(bad_character(cell[bad[0]], where))
                return
        reading = read_value(
            name,
            self.header.headings[name],
            cell,
            self.as_at,
            serials=self.grid.serials,
        )
        self.notes += [Note(where, note) for note in reading.notes]
        if reading.fault:
            code, message, hint = reading.fault
            self._report(code, message, where, hint)
            return
        said.values[name] = reading.value or None
        if cell is not None:
            said.places[name] = where
        for other, value in reading.also.items():
            said.implied[other] = value, where

    def _is_reported(self, index: int) -> bool:
        """Whether the text of the row's action has a fault that is reported already."""
        where = self.grid.place(index, self._text_column)
        recent = self.problems[-20:]
        return any(problem.where == where for problem in recent)

    def _status_from_rating(self, said: _RowValues) -> None:
        """Take an action that is rated blue for complete, where no column is for the status."""
        if "status" in self.header.columns or said.values["status"] is not None:
            return
        if said.values["rating"] == "blue":
            said.put("status", "complete", said.places["rating"])

    def _workstream_from_title(self, said: _RowValues) -> None:
        """Take the last title above for the workstream, where the row has none."""
        if said.values["workstream"] is None and self._titles:
            row, title = self._titles[-1]
            where = self.grid.place(row, min(self._cells(row)))
            said.put("workstream", title, where)

    # -- columns

    def _settle_status(self) -> None:
        """Read the column headed “Status” as that of the ratings, where it holds ratings only."""
        columns = self.header.columns
        headings = self.header.headings
        if "status" not in columns:
            return
        column = columns["status"]
        cells = [self._cell(index, column) for index in self._rows_below_headings]
        statuses, ratings = kinds(cells)
        if not ratings or statuses:
            return
        if "rating" in columns:
            where = self._heading_place(column)
            message = f"“{headings['status']}” holds ratings, and so does “{headings['rating']}”"
            hint = "Keep one of the two columns."
            self._report(LIST_UNCLEAR, message, where, hint)
            return
        columns["rating"] = columns.pop("status")
        headings["rating"] = headings.pop("status")
        note = f"“{headings['rating']}” holds ratings and is read as such"
        self._note(self.header.index, column, note)

    def _find_carried(self) -> None:
        """Find merged cells of workstreams and phases, which hold for all of their rows."""
        headings_line = self.grid.lines[self.header.index]
        for name in _CARRIED:
            column = self.header.columns.get(name)
            if column is None:
                continue
            for top, left, bottom, right in self.grid.merges:
                is_in_column = left <= column + 1 <= right
                if is_in_column and bottom > top > headings_line:
                    self._carry(column, top, bottom)
            if any(carried == column for _, carried in self._carried):
                heading = self.header.headings[name]
                note = f"merged cells below “{heading}” hold for all of their rows"
                self._note(self.header.index, column, note)

    def _carry(self, column: int, top: int, bottom: int) -> None:
        """Let the cell on line `top` hold for the lines below it down to `bottom`."""
        last = min(bottom, len(self.grid.rows))
        for line in range(top + 1, last + 1):
            self._carried[line - 1, column] = top - 1

    # -- what is wrong, and what is decided

    def _report(
        self,
        code: str,
        message: str,
        where: Location,
        hint: str,
    ) -> None:
        self.problems.append(Problem(code, message, where, hint))

    def _note(self, index: int, column: int, message: str) -> None:
        where = self.grid.place(index, column)
        self.notes.append(Note(where, message))
