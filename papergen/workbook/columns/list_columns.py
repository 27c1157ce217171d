"""The columns of a list: those that plan.yaml names, those that are not read, and those chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from papergen.workbook.columns import column_kinds as kinds
from papergen.workbook.columns.column_cells import CellKind
from papergen.workbook.columns.column_choice import AS_ANSWERED, ColumnChoice
from papergen.workbook.columns.column_contest import ColumnContest
from papergen.workbook.columns.column_fit import fits
from papergen.workbook.columns.column_tables import TablesBeside
from papergen.workbook.columns.heading_names import DESCRIPTIONS, FIELDS
from papergen.workbook.columns.heading_rows import MOST_COLUMNS, HeadingRow, NamedColumns
from papergen.workbook.columns.heading_words import is_private, word_set, words
from papergen.workbook.columns.headings import IF_CELLS_FIT, meanings
from papergen.workbook.reading import Answer
from papergen.workbook.sheets import Grid, column_letters

SKIP, READ = "skip", "read"


@dataclass(frozen=True, slots=True)
class ListColumns:
    """The columns of a list as chosen.

    `mixed`: the column that says that the list has other things among its actions, where no column
    is surely that of the actions.
    """

    choice: ColumnChoice
    mixed: int | None = None


def choose_columns(
    grid: Grid,
    headings: HeadingRow,
    body: range,
    named: NamedColumns,
    hidden: str | None,
) -> ListColumns:
    """Which column of a list is for which field.

    `body`: its rows. `hidden`: whether hidden columns are read, as `ListSettings.hidden_columns`.
    """
    also_present: frozenset[str] = frozenset()
    would_be_used: set[int] = set()
    if hidden != READ and grid.hidden_columns:
        shadow = _Columns(grid, headings, body, named, READ)
        shadow.choose()
        also_present, would_be_used = shadow.hidden_uses()
    columns = _Columns(grid, headings, body, named, hidden)
    columns.choice.also_present = also_present
    columns.would_be_used = would_be_used
    return ListColumns(columns.choice, columns.choose())


class _Columns:
    """Sets aside the columns that are not read, and lets the others be chosen from."""

    def __init__(
        self,
        grid: Grid,
        headings: HeadingRow,
        body: range,
        named: NamedColumns,
        hidden: str | None,
    ) -> None:
        self.grid = grid
        self.headings = headings
        self.named = named
        self.hidden = hidden
        self.choice = ColumnChoice(grid, headings, body, named)
        self.would_be_used: set[int] = set()
        self._width = self._find_width(body)
        self._headless = self._find_headless(body)
        self._refs: list[int] = []

    def choose(self) -> int | None:
        """Choose, and return the column of kinds that makes the action unsure."""
        self._take_named()
        free = [column for column in range(self._width) if column not in self._taken()]
        free = TablesBeside(self.choice, self._width, self._headless).leave(free)
        free = [column for column in free if not self._is_set_aside(column)]
        free = self._without_merged(free)
        ColumnContest(self.choice).choose(free)
        self._take_refs()
        self._report_hidden_read()
        return self._check_kinds()

    def hidden_uses(self) -> tuple[frozenset[str], set[int]]:
        """The fields that hidden columns are for, and these columns."""
        hidden = self.grid.hidden_columns
        used = {name for name, column in self.choice.indexes.items() if column in hidden}
        columns = {self.choice.indexes[name] for name in used}
        for name, tied in self.choice.tied.items():
            if hidden.intersection(tied):
                used.add(name)
                columns.update(hidden.intersection(tied))
        return frozenset(used), columns

    # -- what there is

    def _find_width(self, body: range) -> int:
        rows = self.grid.rows
        longest = max((len(rows[index]) for index in body), default=0)
        return min(max(longest, len(self.headings.headings)), MOST_COLUMNS)

    def _find_headless(self, body: range) -> dict[int, int]:
        """How many cells hold anything in each column without a heading."""
        every = [column for column in range(self._width) if column not in self.headings.under]
        without = [column for column in every if not self.choice.full_heading(column)]
        counts: dict[int, int] = {}
        for index in body if without else ():
            row = self.grid.rows[index]
            size = len(row)
            for column in without:
                if column < size and row[column] is not None:
                    counts[column] = counts.get(column, 0) + 1
        return counts

    def _taken(self) -> set[int]:
        return set(self.choice.indexes.values())

    def _letters(self, column: int) -> str:
        return column_letters(column + 1)

    # -- what plan.yaml says

    def _take_named(self) -> None:
        for name in FIELDS:
            column = self._named_column(name)
            if column is not None:
                self.choice.take(name, column, AS_ANSWERED)

    def _named_column(self, name: str) -> int | None:
        """The column that plan.yaml names for a field: by its heading, or by its letters."""
        by_heading = NamedColumns(self.named.by_heading)
        found = []
        for column, called in enumerate(self.headings.names):
            if name in by_heading.fields_of(column, called):
                found.append(column)
        if not found:
            every = range(self._width)
            found = [column for column in every if name in self.named.fields_of(column, ())]
        filled = [column for column in found if not self.choice.is_empty(column)]
        return next(iter(filled or found), None)

    # -- what is not read

    def _is_set_aside(self, column: int) -> bool:
        """Whether a column is not read whatever it holds; if so, that is reported."""
        choice = self.choice
        heading = choice.full_heading(column)
        if self._letters(column).casefold() in self.named.declined:
            choice.unused[column] = AS_ANSWERED
        elif is_private(self._whole_heading(column)):
            choice.leave(kinds.PRIVATE, column, "its heading says that it is not for publication")
        elif column in self.grid.hidden_columns and self.hidden != READ:
            self._leave_hidden(column)
        elif not heading and column not in self.headings.under:
            self._leave_headless(column)
        else:
            return False
        return True

    def _whole_heading(self, column: int) -> str:
        over = self.headings.under.get(column, column)
        return self.choice.full_heading(column) or self.choice.full_heading(over)

    def _leave_hidden(self, column: int) -> None:
        choice = self.choice
        if choice.is_empty(column):
            return
        if self.hidden == SKIP:
            choice.unused[column] = f"it is hidden, and not read {AS_ANSWERED}"
        elif column in self.would_be_used:
            choice.leave(kinds.HIDDEN, column, "it is hidden", Answer("hidden", SKIP))
        else:
            choice.leave(kinds.HIDDEN_UNUSED, column, "it is hidden")

    def _leave_headless(self, column: int) -> None:
        count = self._headless.get(column, 0)
        if not count:
            return
        choice = self.choice
        if count == 1:
            choice.leave_headless(kinds.STRAY, column)
        else:
            answer = Answer("unused_columns", self._letters(column))
            choice.leave_headless(kinds.NO_HEADING, column, answer)

    def _report_hidden_read(self) -> None:
        for name, column in self.choice.indexes.items():
            if column in self.grid.hidden_columns:
                self.choice.remark(kinds.HIDDEN_READ, column, DESCRIPTIONS[name])

    # -- headings that are merged over several columns

    def _without_merged(self, free: Sequence[int]) -> list[int]:
        """The columns, with one at most for each heading that is merged over several."""
        groups: dict[int, list[int]] = {}
        for column, left in self.headings.under.items():
            groups.setdefault(left, [left]).append(column)
        left_out: set[int] = set()
        for left, group in groups.items():
            filled = [column for column in group if not self.choice.is_empty(column)]
            left_out.update(column for column in group if column not in filled)
            if not filled:
                left_out.discard(left)
            elif any(column in free for column in filled):
                left_out.update(self._of_merged(left, filled, free))
        return [column for column in free if column not in left_out]

    def _of_merged(self, left: int, filled: list[int], free: Sequence[int]) -> list[int]:
        """Settle which of the filled columns below a merged heading is read; the others."""
        choice = self.choice
        heading = choice.full_heading(left)
        able = [column for column in filled if column in free]
        if len(filled) > 1 and len(able) == len(filled):
            able = [column for column in filled if self._fits_merged(heading, column)]
        if len(able) == 1:
            choice.aliases[able[0]] = heading
            others = [column for column in filled if column != able[0] and column in free]
            for column in others:
                self._leave_beside_fitting(able[0], column)
            return [column for column in filled if column != able[0]]
        self._ask_merged(heading, filled)
        return filled

    def _fits_merged(self, heading: str, column: int) -> bool:
        found = meanings(heading)
        if not found:
            return False
        cells = self.choice.cells(column)
        if found[0].field in ("text", "owner", "comment"):
            return not cells.mostly(CellKind.CODE, CellKind.FIGURE, CellKind.DATE, CellKind.SHARE)
        return fits(found[0], heading, cells)

    def _leave_beside_fitting(self, taken: int, column: int) -> None:
        cells = self.choice.cells(column)
        if cells.mostly(CellKind.CODE, CellKind.FIGURE) and cells.is_all_different:
            self._refs.append(column)
            return
        why = f"not used: column {self._letters(taken)} fits its heading"
        self.choice.leave(kinds.MERGED_SETTLED, column, why)

    def _ask_merged(self, heading: str, columns: Sequence[int]) -> None:
        choice = self.choice
        found = meanings(heading)
        if not found:
            for column in columns:
                choice.leave(kinds.NOT_KNOWN, column, "its heading names nothing that is read")
            return
        name = found[0].field
        letters = " and ".join(map(self._letters, columns))
        choice.tied[name] = list(columns)
        for number, column in enumerate(columns):
            answer = Answer("columns", self._letters(column), name)
            why = f"not read: its heading is that of the columns {letters}"
            choice.leave(kinds.MERGED, column, why, None if number else answer)

    def _take_refs(self) -> None:
        """Read codes beside the actions, below the same heading, as their references."""
        for column in self._refs:
            if "ref" in self.choice.indexes:
                self.choice.leave(kinds.MERGED_SETTLED, column, "not used: there is a reference")
                continue
            self.choice.take("ref", column, "codes beside the actions, below one heading")
            self.choice.remark(kinds.MERGED_SETTLED, column, DESCRIPTIONS["ref"])

    # -- other things among the actions

    def _check_kinds(self) -> int | None:
        """Check for a column that calls some rows actions, and others something else."""
        choice = self.choice
        text = choice.indexes.get("text")
        if text is None or choice.whys["text"] == AS_ANSWERED:
            return None
        column = self._column_of_kinds(text)
        if column is None:
            return None
        found = meanings(choice.full_heading(text))
        if any(each.field == "text" and each.closeness > IF_CELLS_FIT for each in found):
            answer = Answer("columns", choice.name_for_answer(text), "text")
            choice.remark(kinds.KINDS_MIXED, column, "all rows are read as actions", answer)
            return None
        del choice.indexes["text"]
        del choice.whys["text"]
        return column

    def _column_of_kinds(self, text: int) -> int | None:
        for column, heading in enumerate(self.headings.headings):
            if not heading or column == text or self.choice.is_empty(column):
                continue
            different = self.choice.cells(column).different
            if len(different) <= _MOST_KINDS and _are_kinds(heading, different):
                return column
        return None


_MOST_KINDS = 15
_ACTIONS = frozenset({"action", "actions", "agreed action", "agreed actions"})
_OTHER_KINDS = word_set(
    "risk issue decision dependency assumption information info note question query opportunity "
    "change lesson recommendation discussion agreement risks issues decisions dependencies "
    "assumptions"
) | {"for information", "for info", "for noting", "lesson learned"}
_OF_KINDS = word_set("type category raid kind classification class")


def _are_kinds(heading: str, different: set[str]) -> bool:
    """Whether the different words of a column are kinds of things, actions among them."""
    is_type = bool(_OF_KINDS.intersection(words(heading)))
    if is_type and {"a"} < different <= set("raidocln"):
        return True
    if not different & _ACTIONS:
        return False
    return bool(different & _OTHER_KINDS) or (is_type and len(different - _ACTIONS) > 0)
