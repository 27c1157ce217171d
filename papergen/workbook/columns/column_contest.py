"""Which column of a list is for which field: by the headings first, then by the cells."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from papergen.text import join_words
from papergen.workbook.columns import column_kinds as kinds
from papergen.workbook.columns.column_cells import all_same
from papergen.workbook.columns.column_choice import AS_ANSWERED, ColumnChoice
from papergen.workbook.columns.column_dates import (
    ask_of_plain_dates,
    settle_dates,
    settle_due_dates,
)
from papergen.workbook.columns.column_fit import place_of_wording, rank
from papergen.workbook.columns.heading_names import DESCRIPTIONS, FIELDS
from papergen.workbook.columns.heading_words import heading_period, latest_period
from papergen.workbook.columns.headings import BY_WORDS, IF_CELLS_FIT, is_target_or_done, meanings
from papergen.workbook.reading import Answer
from papergen.workbook.sheets import column_letters

_NEITHER = ("due", "revised_due", "status", "completed", "rating", "share", "signed_off")
"""Fields of which none is read where two columns are as close: either could state an untruth."""


class ColumnContest:
    """Decides which of the columns of a list are for which field."""

    def __init__(self, choice: ColumnChoice) -> None:
        self.choice = choice

    def choose(self, free: Sequence[int]) -> None:
        """Choose among the columns `free`: by their headings first, then by their cells."""
        choice = self.choice
        primary = self._primary(free)
        self._read_progress_as_status(primary)
        settle_due_dates(choice, primary)
        for name in FIELDS:
            is_free = name not in choice.indexes and name not in choice.named.without
            if is_free and primary.get(name):
                self._contest(name, primary[name])
        settle_dates(choice, free)
        self._fill(free)
        ask_of_plain_dates(choice, free)
        self._explain_rest(free)

    def _primary(self, free: Iterable[int]) -> dict[str, list[int]]:
        """By field, the columns whose headings say clearly that they are for it."""
        found: dict[str, list[int]] = {}
        for column in free:
            for meaning in self.choice.fitting(column)[:1]:
                if meaning.closeness >= BY_WORDS:
                    found.setdefault(meaning.field, []).append(column)
        return found

    def _read_progress_as_status(self, primary: dict[str, list[int]]) -> None:
        """Take “Progress” for the status where it holds only short words, and nothing else is."""
        if "status" in primary or "status" in self.choice.indexes:
            return
        for column in primary.get("comment", ()):
            may_be = any(meaning.field == "status" for meaning in self.choice.fitting(column))
            if may_be and self.choice.cells(column).total:
                primary["comment"].remove(column)
                self.choice.take_by_cells("status", column)
                return

    # -- of several columns one

    def _contest(self, name: str, columns: Sequence[int]) -> None:
        """Take the closest of the columns for a field."""
        filled = [column for column in columns if not self.choice.is_empty(column)]
        filled = filled or list(columns)[:1]
        for column in columns:
            if column not in filled:
                self.choice.unused[column] = "it is empty"
        ranks = {column: rank(name, self.choice.full_heading(column)) for column in filled}
        best = min(ranks.values())
        top = [column for column in filled if ranks[column] == best]
        if len(top) > 1:
            top = self._latest(top)
        if len(top) > 1 and all_same(self.choice.grid, top, self.choice.body):
            for column in top[1:]:
                why = f"not used: as “{self.choice.heading(top[0])}”"
                self.choice.leave(kinds.SAME_CELLS, column, why)
            top = top[:1]
        if len(top) > 1:
            self._ask_which(name, top)
        else:
            self.choice.take(name, top[0], self._why(name, top[0]))
            if name == "revised_due" and not self._names(top[0], name):
                self.choice.remark(kinds.DUE_HOLDS, top[0], DESCRIPTIONS[name])
        self._leave_others(name, top, filled)

    def _why(self, name: str, column: int) -> str:
        whys = [each.why for each in self.choice.fitting(column) if each.field == name]
        return whys[0] if whys else "the date that holds now, beside the original one"

    def _names(self, column: int, name: str) -> bool:
        """Whether the heading of a column names a field."""
        return any(each.field == name for each in meanings(self.choice.full_heading(column)))

    def _latest(self, columns: list[int]) -> list[int]:
        """Of columns for several periods that of the latest; all where that is not clear."""
        periods = [heading_period(self.choice.full_heading(column))[1] for column in columns]
        known = [period for period in periods if period is not None]
        if len(known) < len(columns):
            return columns
        latest = latest_period(known)
        if latest is None:
            return columns
        taken = columns[latest]
        for column in columns:
            if column != taken:
                why = f"not used: “{self.choice.heading(taken)}” is later"
                self.choice.leave(kinds.EARLIER, column, why)
        return [taken]

    def _ask_which(self, name: str, columns: Sequence[int]) -> None:
        """Ask which of several columns is meant; read none where a wrong one would be untrue."""
        self.choice.tied[name] = list(columns)
        names = join_words([f"“{self.choice.heading(column)}”" for column in columns])
        reads_none = name in _NEITHER
        if not reads_none:
            self.choice.take(name, columns[0], f"the first of {names}")
        for number, column in enumerate(columns):
            answer = Answer("columns", self.choice.name_for_answer(column), name)
            if reads_none:
                why = f"not read: each of {names} can be {DESCRIPTIONS[name]}"
            elif number:
                why = f"not used: “{self.choice.heading(columns[0])}” is the first one"
            else:
                why = DESCRIPTIONS[name]
            if reads_none or number:
                self.choice.unused[column] = why
            self.choice.remark(kinds.ALIKE, column, why, None if number else answer)

    def _leave_others(
        self,
        name: str,
        top: Sequence[int],
        columns: Iterable[int],
    ) -> None:
        for column in columns:
            is_left = column not in top and column not in self.choice.unused
            if is_left and not self._has_other_use(column, name):
                why = f"not used: “{self.choice.heading(top[0])}” is closer to {DESCRIPTIONS[name]}"
                if name == "revised_due":
                    answer = Answer("columns", self.choice.name_for_answer(column), name)
                    self.choice.leave(kinds.ALIKE, column, why, answer)
                else:
                    self.choice.leave(kinds.LESS_CLOSE, column, why)

    def _has_other_use(self, column: int, name: str) -> bool:
        """Whether the cells of a column that lost one field say that it is for a missing one."""
        others = {meaning.field for meaning in self.choice.fitting(column)} - {name}
        return not others <= self.choice.indexes.keys() | self.choice.tied.keys()

    # -- what is missing, by the cells

    def _fill(self, free: Sequence[int]) -> None:
        """Take headings that say little for what is missing, where the cells below fit."""
        choice = self.choice
        self._fill_text(free)
        for name in FIELDS:
            if self._is_decided(name):
                continue
            for column in free:
                is_used = column in choice.indexes.values() or column in choice.unused
                if not is_used and self._may_be(name, column):
                    choice.take_by_cells(name, column)
                    break

    def _is_decided(self, name: str) -> bool:
        choice = self.choice
        return name in choice.indexes or name in choice.tied or name in choice.named.without

    def _may_be(self, name: str, column: int) -> bool:
        """Whether the heading of a column can be for a field, and its cells are such."""
        if is_target_or_done(self.choice.full_heading(column)) and name in ("due", "completed"):
            return False
        if not self.choice.cells(column).total:
            return False
        found = [each for each in self.choice.fitting(column) if each.field == name]
        return bool(found) and found[0].closeness == IF_CELLS_FIT

    def _fill_text(self, free: Sequence[int]) -> None:
        if self._is_decided("text"):
            return
        able = [column for column in free if self._may_be("text", column)]
        # A column that is already for something else is so only where it groups the actions.
        taken = {column: name for name, column in self.choice.indexes.items()}
        able = [column for column in able if taken.get(column, "workstream") == "workstream"]
        if not able:
            return
        able.sort(key=lambda column: place_of_wording(self.choice.full_heading(column)))
        if taken.get(able[0]) == "workstream":
            del self.choice.indexes["workstream"]
            del self.choice.whys["workstream"]
        if len(able) == 1:
            self.choice.take_by_cells("text", able[0])
        else:
            self._ask_which("text", able)

    # -- the rest

    def _explain_rest(self, free: Iterable[int]) -> None:
        """Say of the columns that are still not used why they are not."""
        used = set(self.choice.indexes.values())
        for column in free:
            if column in used or column in self.choice.unused:
                continue
            found = meanings(self.choice.full_heading(column))
            if not found:
                self.choice.leave(kinds.NOT_KNOWN, column, "its heading names nothing that is read")
            elif self.choice.fitting(column):
                self._leave_fitting(column)
            else:
                why = f"its cells do not look like {DESCRIPTIONS[found[0].field]}"
                self.choice.leave(kinds.FIGURES, column, why)

    def _leave_fitting(self, column: int) -> None:
        name = self.choice.fitting(column)[0].field
        if name in self.choice.named.without:
            self.choice.leave(kinds.DECLINED, column, f"{AS_ANSWERED}, no column is for it")
        elif self.choice.whys.get(name) == AS_ANSWERED:
            letters = column_letters(self.choice.indexes[name] + 1)
            why = f"{AS_ANSWERED}, column {letters} is {DESCRIPTIONS[name]}"
            self.choice.leave(kinds.DECLINED, column, why)
        elif name in self.choice.indexes:
            taken = self.choice.heading(self.choice.indexes[name])
            why = f"not used: “{taken}” is closer to {DESCRIPTIONS[name]}"
            self.choice.leave(kinds.LESS_CLOSE, column, why)
        else:
            self.choice.leave(kinds.FIGURES, column, f"not clear enough for {DESCRIPTIONS[name]}")
