"""One sheet of a workbook: its cells with what Excel shows, and what of it is hidden."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from papergen.text import counted, shorten_line
from papergen.workbook.files.cell_text import text_cell
from papergen.workbook.files.limits import MOST_COLUMNS, MOST_ROWS, too_many_cells
from papergen.workbook.files.number_formats import text_shown
from papergen.workbook.files.xlsx_cells import Book, no_value
from papergen.workbook.files.xlsx_package import Attributes, is_on
from papergen.workbook.files.xlsx_styles import PLAIN
from papergen.workbook.files.xlsx_texts import TextReader, TextRun, left_of
from papergen.workbook.reading import Certainty, FindingKind, Remark
from papergen.workbook.sheets import Cell, Grid, Merge, column_letters

HIDDEN_BY_FORMAT = FindingKind(
    "hidden-by-format",
    Certainty.NOTE,
    "a number format that shows nothing, such as ;;;, hides what a cell holds: it is not read",
)

_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_LAST_ROW = 1_048_576
_LAST_COLUMN = 16_384
"""The last ones that a sheet of Excel can have."""
_INVISIBLE_WIDTH = 0.3
"""Characters: a narrower column shows nothing of a text."""
_INVISIBLE_HEIGHT = 1
"""Points: a lower row shows nothing of a text."""
_CELLS_NAMED = 3
_FILTERS = ("filters", "customFilters", "top10", "dynamicFilter", "colorFilter", "iconFilter")


@lru_cache(maxsize=1024)
def _column_number(letters: str) -> int:
    """The number of a column, from 1: AB is 28."""
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return column


def _at(reference: str) -> tuple[int, int]:
    """The row and column, from 1, of a reference such as AB12. Raises ValueError."""
    found = _REFERENCE.fullmatch(reference)
    if found is None:
        raise ValueError(f"there is no cell “{shorten_line(reference)}”")
    return int(found[2]), _column_number(found[1])


class FilterReader(TextReader):
    """Finds whether a sheet, or a table of it, has a filter that is set."""

    def __init__(self) -> None:
        super().__init__()
        self.is_filtered = False
        self._is_view = False
        self.on_start(dict.fromkeys(_FILTERS, self._filter))
        self.on_start({"customSheetViews": self._views})
        self.on_end({"customSheetViews": self._end_views})

    def _filter(self, _: Attributes) -> None:
        self.is_filtered = self.is_filtered or not self._is_view

    def _views(self, _: Attributes) -> None:
        # Views that somebody saved have filters of their own.
        self._is_view = True

    def _end_views(self) -> None:
        self._is_view = False


class FrameReader(FilterReader):
    """Gathers what a sheet says of its rows and columns: which are hidden, and which are merged."""

    def __init__(self) -> None:
        super().__init__()
        self.row = 0
        """The number of the row that is read, from 1."""
        self._is_worksheet = False
        self._merges: list[Merge] = []
        self._hidden_columns: set[tuple[int, int]] = set()
        self._hidden_rows: set[int] = set()
        self._shown_rows: set[int] = set()
        self._are_others_hidden = False
        self.on_start(
            {
                "worksheet": self._worksheet,
                "sheetPr": self._properties,
                "sheetFormatPr": self._defaults,
                "col": self._columns,
                "row": self._start_row,
                "mergeCell": self._merge,
            }
        )

    def hidden_rows(self, count: int) -> frozenset[int]:
        """The hidden ones of the first `count` rows."""
        rows = range(1, count + 1)
        if self._are_others_hidden:
            return frozenset(rows) - self._shown_rows
        return frozenset(row for row in self._hidden_rows if row in rows)

    def hidden_columns(self, count: int) -> frozenset[int]:
        """The hidden ones of the first `count` columns, from 0."""
        hidden: set[int] = set()
        for first, last in self._hidden_columns:
            hidden.update(range(first - 1, min(last, count)))
        return frozenset(hidden)

    def merges(self, rows: int, columns: int) -> tuple[Merge, ...]:
        """The merged cells, as far as they are within that many rows and columns.

        Raises ValueError where they overlap.
        """
        within = []
        area = 0
        for top, left, last_row, last_column in dict.fromkeys(self._merges):
            if top <= rows and left <= columns:
                bottom, right = min(last_row, rows), min(last_column, columns)
                within.append((top, left, bottom, right))
                area += (bottom - top + 1) * (right - left + 1)
        if area > rows * columns:
            raise ValueError("merged cells overlap")
        return tuple(within)

    def _worksheet(self, _: Attributes) -> None:
        self._is_worksheet = True

    def _properties(self, attributes: Attributes) -> None:
        self.is_filtered = self.is_filtered or is_on(attributes.get("filterMode"))

    def _defaults(self, attributes: Attributes) -> None:
        self._are_others_hidden = is_on(attributes.get("zeroHeight"))

    def _columns(self, attributes: Attributes) -> None:
        width = float(attributes.get("width", "9"))
        if is_on(attributes.get("hidden")) or width < _INVISIBLE_WIDTH:
            first = max(int(attributes.get("min", "1")), 1)
            last = min(int(attributes.get("max", "0")), MOST_COLUMNS)
            self._hidden_columns.add((first, last))

    def _start_row(self, attributes: Attributes) -> None:
        self.row = int(attributes.get("r") or self.row + 1)
        if not 1 <= self.row <= _LAST_ROW:
            raise ValueError(f"there is no row {self.row}")
        height = float(attributes.get("ht", "15"))
        if is_on(attributes.get("hidden")) or height < _INVISIBLE_HEIGHT:
            self._hidden_rows.add(self.row)
        else:
            self._shown_rows.add(self.row)

    def _merge(self, attributes: Attributes) -> None:
        first, _, last = attributes.get("ref", "").partition(":")
        top, left = _at(first)
        bottom, right = _at(last or first)
        if bottom < top or right < left:
            raise ValueError(f"the merged cells {first}:{last} end before they begin")
        self._merges.append((top, left, bottom, right))


class SheetReader(FrameReader):
    """Gathers the cells of a sheet, row by row."""

    def __init__(self, book: Book, source: str, name: str) -> None:
        super().__init__()
        self._book = book
        self._source = source
        self._name = name
        self._rows: list[list[Cell]] = []
        self._struck: dict[tuple[int, int], str] = {}
        self._hidden_cells: list[str] = []
        # Of the cell that is read.
        self._column = 0
        self._line = 0
        self._kind = ""
        self._style = PLAIN
        self._value: str | None = None
        self._has_formula = False
        self._has_text = False
        self.on_start(
            {
                "c": self._start_cell,
                "v": self.listen,
                "f": self._formula,
                "is": self._inline,
            }
        )
        self.on_end({"c": self._end_cell, "v": self._end_value})

    def grid(self, *, visible: bool, is_filtered: bool) -> Grid:
        """The sheet as it was read. Raises ValueError for a part that is no worksheet."""
        if not self._is_worksheet:
            raise ValueError(f"the sheet “{self._name}” is not one of cells")
        rows = self._rows
        widest = max(map(len, rows), default=0)
        hidden = self.hidden_rows(len(rows))
        return Grid(
            source=self._source,
            sheet=self._name,
            rows=rows,
            lines=list(range(1, len(rows) + 1)),
            visible=visible,
            hidden_rows=hidden,
            is_filtered=bool(hidden) and (is_filtered or self.is_filtered),
            hidden_columns=self.hidden_columns(widest),
            merges=self.merges(len(rows), widest),
            struck=self._struck,
            serials=not self._book.is_1904,
            remarks=self._remarks(),
        )

    def _remarks(self) -> tuple[Remark, ...]:
        if not self._hidden_cells:
            return ()
        named = ", ".join(self._hidden_cells[:_CELLS_NAMED])
        more = len(self._hidden_cells) - _CELLS_NAMED
        if more > 0:
            named += f" and {counted(more, 'more cell')}"
        return (Remark(HIDDEN_BY_FORMAT, named),)

    def _start_row(self, attributes: Attributes) -> None:
        super()._start_row(attributes)
        self._column = 0

    def _start_cell(self, attributes: Attributes) -> None:
        self._place(attributes.get("r") or "")
        self._kind = attributes.get("t", "n")
        self._style = self._book.styles.get(attributes.get("s", "0"), PLAIN)
        self._value = None
        self._has_formula = self._has_text = False

    def _place(self, reference: str) -> None:
        """Find where the cell is. One without a reference is behind the one before it."""
        if reference:
            self._line, self._column = _at(reference)
        else:
            self._line, self._column = self.row, self._column + 1
        if self._column > _LAST_COLUMN:
            raise ValueError(f"row {self._line} has more than {_LAST_COLUMN:,} cells")

    def _formula(self, _: Attributes) -> None:
        self._has_formula = True

    def _inline(self, attributes: Attributes) -> None:
        self._has_text = True
        self.start_text(attributes)

    def _end_value(self) -> None:
        self._value = self.heard()

    def _end_cell(self) -> None:
        if self._has_text and self._kind == "inlineStr":
            self._put(text_cell(self.text()), self.runs())
        elif self._has_formula and (broken := no_value(self._kind, self._value)):
            self._put(broken)
        elif self._value is not None:
            cell = self._book.cell(self._kind, self._value, self._style)
            runs = self._book.runs(self._value) if self._kind == "s" else ()
            self._put(cell, runs)

    def _put(self, cell: Cell, runs: Sequence[TextRun] = ()) -> None:
        """Put a cell into its place, unless it holds nothing or its format hides it."""
        if cell is None:
            return
        line, column = self._line, self._column
        if not 1 <= line <= MOST_ROWS or not 1 <= column <= MOST_COLUMNS:
            raise too_many_cells(self._source, f"the sheet “{self._name}”")
        if self._style.changes_text and isinstance(cell, str):
            cell = text_shown(self._style.code, cell)
        if self._style.shows_nothing or cell == "":
            self._hidden_cells.append(f"{column_letters(column)}{line}")
            return
        while len(self._rows) < line:
            self._rows.append([])
        row = self._rows[line - 1]
        row.extend([None] * (column - len(row)))
        row[column - 1] = cell
        self._strike_through(line - 1, column - 1, runs)

    def _strike_through(self, index: int, column: int, runs: Sequence[TextRun]) -> None:
        if runs:
            left = left_of(runs, self._style.is_struck)
            if left is not None:
                self._struck[index, column] = left
        elif self._style.is_struck:
            self._struck[index, column] = ""
