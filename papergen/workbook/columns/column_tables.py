"""Tables to the right or left of a list: a key to the colours, words to choose from, a list."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence

from papergen.workbook.columns import column_kinds as kinds
from papergen.workbook.columns.column_cells import first_cell
from papergen.workbook.columns.column_choice import ColumnChoice
from papergen.workbook.columns.heading_words import word_set, words
from papergen.workbook.columns.headings import BY_WORDS, meanings
from papergen.workbook.reading import Answer
from papergen.workbook.sheets import column_letters, shown

_OF_A_KEY = word_set(
    "key legend meaning definition lookup dropdown value option rag brag colour status rating code "
    "to the of and list"
)
_KEY_HEADINGS = word_set("key legend meaning definition lookup dropdown value option")
_COLOURS = word_set("r a g b red amber green blue grey purple black white yellow brag rag")


class TablesBeside:
    """Finds the columns of other tables among those of a list.

    `headless`: the columns that hold something without a heading.
    """

    def __init__(self, choice: ColumnChoice, width: int, headless: Container[int]) -> None:
        self.choice = choice
        self._width = width
        self._headless = headless
        self._parts = list(self._find_parts())

    def leave(self, free: Sequence[int]) -> list[int]:
        """The columns of the list, without those of another table to its right or left."""
        main = max(self._parts, key=self._weight, default=[])
        fields = self._fields(main)
        left_out: set[int] = set()
        for part in self._parts:
            if part is not main and self._is_other_table(part, fields, part > main):
                left_out.update(part)
                self._leave_table([column for column in part if column in free])
        return [column for column in free if column not in left_out]

    def _find_parts(self) -> Iterator[list[int]]:
        """The groups of columns between columns that hold nothing at all, or before a key."""
        part: list[int] = []
        for column in range(self._width):
            has_any = self.choice.full_heading(column) or column in self.choice.headings.under
            has_any = bool(has_any) or column in self._headless
            if part and (not has_any or self._begins_key(column)):
                yield part
                part = []
            if has_any:
                part.append(column)
        if part:
            yield part

    def _begins_key(self, column: int) -> bool:
        """Whether a key begins with a column: by its heading, or by its first cell below none.

        No column of the list is to the right of one without a gap between.
        """
        heading = self.choice.full_heading(column)
        if not heading and column in self._headless:
            first = first_cell(self.choice.grid, column, self.choice.body)
            heading = shown(self.choice.grid.cell(first, column)) if first is not None else ""
        right = range(column + 1, self._width)
        return _is_key(heading) and not self._fields(right)

    def _is_legend(self, part: Sequence[int]) -> bool:
        """Whether columns are a key: by the heading or first cell, or by colours below none."""
        if self._begins_key(part[0]):
            return True
        if any(column not in self._headless for column in part):
            return False
        return _COLOURS.issuperset(self.choice.cells(part[0]).different)

    def _fields(self, part: Sequence[int]) -> set[str]:
        found: set[str] = set()
        for column in part:
            close = meanings(self.choice.full_heading(column))[:1]
            found.update(meaning.field for meaning in close if meaning.closeness >= BY_WORDS)
            named = [name for name, taken in self.choice.indexes.items() if taken == column]
            found.update(named)
        return found

    def _weight(self, part: Sequence[int]) -> tuple[bool, bool, int]:
        named = self.choice.indexes.get("text") in part
        fields = self._fields(part)
        return named, "text" in fields, len(fields)

    def _is_other_table(
        self,
        part: Sequence[int],
        main: set[str],
        is_right: bool,
    ) -> bool:
        """Whether columns apart are a table of their own: a key, or fields that the list has."""
        headings = [self.choice.full_heading(column) for column in part]
        fields = self._fields(part)
        if is_right and self._is_legend(part):
            return True
        if is_right and _is_key(headings[0]) and len(fields - main) < 2:
            return True
        repeated = fields & main
        if len(part) == 1:
            return bool(repeated) and self._is_lookup(part[0])
        return len(repeated) * 2 >= sum(1 for heading in headings if heading) and bool(repeated)

    def _is_lookup(self, column: int) -> bool:
        """Whether a column is a short list of different words beside a longer list."""
        cells = self.choice.cells(column)
        if not cells.is_all_different or cells.total * 5 > cells.rows * 4:
            return False
        rows = [row for row in self.choice.body if self.choice.grid.cell(row, column) is not None]
        return rows == list(range(self.choice.body.start, self.choice.body.start + len(rows)))

    def _leave_table(self, columns: Sequence[int]) -> None:
        choice = self.choice
        texts = [column for column in columns if "text" in self._fields([column])]
        is_list = bool(texts) and not choice.is_empty(texts[0])
        confirmed = "text" in choice.indexes
        for column in columns:
            why = "it is in a table beside the list"
            if is_list and column == texts[0] and not confirmed:
                first = self._first_text()
                answer = Answer("columns", first, "text") if first else None
                choice.leave(kinds.LIST_BESIDE, column, why, answer)
            elif is_list:
                choice.unused[column] = why
            elif column in self._headless:
                self.choice.leave_headless(kinds.BESIDE, column)
            else:
                choice.leave(kinds.BESIDE, column, why)

    def _first_text(self) -> str:
        """The letters of the column of actions of the list that is read."""
        main = max(self._parts, key=self._weight)
        for column in main:
            if "text" in self._fields([column]):
                return column_letters(column + 1)
        return ""


def _is_key(text: str) -> bool:
    """Whether a text is the heading of a key: “Key”, “RAG key: …”, “Status definitions”."""
    found = words(text.partition(":")[0])
    return not _KEY_HEADINGS.isdisjoint(found) and _OF_A_KEY.issuperset(found)
