"""Which rows of a sheet are headings: judged by all of a row, and by the row above.

A row of headings holds nothing but texts that say what is below them. Two rows are one where cells
of the upper one are merged over several columns, or cells of both into one: “Target date” over
“Original” and “Revised”.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

from papergen.workbook.columns.column_cells import CellKind, kind_of
from papergen.workbook.columns.heading_rules import is_another
from papergen.workbook.columns.heading_words import heading_period, is_private, words
from papergen.workbook.columns.headings import (
    BY_WORDS,
    IF_CELLS_FIT,
    USUAL,
    is_something_else,
    meanings,
)
from papergen.workbook.settings import NOT_USED, plain
from papergen.workbook.sheets import Broken, Cell, Grid, Moment, Number, column_letters, shown

MOST_ROWS_ABOVE = 60
"""The headings are in one of the first so many rows that hold anything."""

MOST_COLUMNS = 200
_LONGEST = 200
_LETTERS = re.compile(r"[^\W\d_]{5}")
_WEIGHTS = {4: 1.2, 3: 1.0, BY_WORDS: 0.9, IF_CELLS_FIT: 0.3}
_ANSWERED = 4
"""How closely a heading is known that plan.yaml names."""


@dataclass(frozen=True, slots=True)
class NamedColumns:
    """The columns that plan.yaml names: by field a heading or letters, and those without a column.

    `declined`: the letters of columns that are for no field.
    """

    by_heading: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    by_letters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    without: frozenset[str] = frozenset()
    declined: frozenset[str] = frozenset()

    def fields_of(self, column: int, headings: Sequence[str]) -> tuple[str, ...]:
        """The fields that a column is named for, by a heading or by its letters."""
        letters = column_letters(column + 1).casefold()
        found = list(self.by_letters.get(letters, ()))
        for heading in headings:
            found += self.by_heading.get(plain(heading), ())
        return tuple(dict.fromkeys(found))


def named_columns(columns: Mapping[str, str], fields: Sequence[str]) -> NamedColumns:
    """The columns that the settings name. A name is that of a heading as well as letters."""
    by_heading: dict[str, tuple[str, ...]] = {}
    by_letters: dict[str, tuple[str, ...]] = {}
    without = set()
    declined = set()
    for name, value in columns.items():
        is_none = plain(value) == NOT_USED
        if name not in fields:
            if is_none:
                declined.add(name.casefold())
        elif is_none:
            without.add(name)
        else:
            key = plain(value)
            by_heading[key] = (*by_heading.get(key, ()), name)
            if re.fullmatch(r"[A-Za-z]{1,3}", value.strip()):
                by_letters[key] = (*by_letters.get(key, ()), name)
    return NamedColumns(by_heading, by_letters, frozenset(without), frozenset(declined))


@dataclass(frozen=True, slots=True)
class HeadingRow:
    """A row of headings, or two that are one.

    `rows`: their indexes. `headings`: by column, empty where there is none. `names`: what each
    column may be called, by either row. `under`: by column, the column whose heading is merged
    over it. `known`: the fields, with how closely each is named. `strange`: cells that no row of
    headings has.
    """

    rows: tuple[int, ...]
    headings: tuple[str, ...]
    names: tuple[tuple[str, ...], ...]
    under: Mapping[int, int]
    known: Mapping[str, int]
    strange: int

    @property
    def score(self) -> float:
        """How much a row looks like headings: its fields, less the cells that are strange."""
        return sum(_WEIGHTS[closeness] for closeness in self.known.values()) - self.strange

    @property
    def filled(self) -> int:
        return sum(1 for heading in self.headings if heading)

    @property
    def is_mostly_known(self) -> bool:
        return self.clear * 5 >= self.filled * 3

    @property
    def clear(self) -> int:
        """How many fields are named clearly, whatever the cells below are."""
        return sum(1 for closeness in self.known.values() if closeness >= BY_WORDS)

    @property
    def is_list(self) -> bool:
        """Whether it is sure enough to begin a list: the action is among several fields."""
        if self.strange or "text" not in self.known:
            return False
        return self.clear > 1


class HeadingSearch:
    """The rows of a grid that can be headings."""

    def __init__(self, grid: Grid, named: NamedColumns) -> None:
        self.grid = grid
        self.named = named
        self._across: dict[int, list[tuple[int, int]]] = {}
        self._down: dict[int, set[int]] = {}
        self._read_merges()

    def _read_merges(self) -> None:
        """Note by line the cells that are merged over columns, and those merged with one above."""
        for top, left, bottom, right in self.grid.merges:
            if right > left:
                self._across.setdefault(top, []).append((left - 1, right - 1))
            # Few lists have headings of more than two rows; merged cells of data may be long.
            for line in range(top + 1, min(bottom, top + 3) + 1):
                self._down.setdefault(line, set()).update(range(left - 1, right))

    def first_rows(self) -> Iterator[int]:
        """The indexes of the rows that are searched: the first that hold anything."""
        count = 0
        for index, row in enumerate(self.grid.rows):
            if any(cell is not None for cell in row):
                yield index
                count += 1
            if count == MOST_ROWS_ABOVE:
                return

    def at(self, index: int) -> HeadingRow:
        """The headings that end in row `index`, with the row above where both are one."""
        own = self._single(index)
        if index == 0 or not self._may_be_below(index):
            return own
        if own.strange and self.grid.lines[index - 1] not in self._across:
            return own
        pair = self._pair(index)
        if pair is None or pair.strange:
            return own
        if self._is_joined(index):
            return pair
        is_better = pair.score > max(own.score, self._single(index - 1).score)
        return pair if is_better and self._completes(index, own) else own

    # -- one row

    def _single(self, index: int) -> HeadingRow:
        texts = self._texts(index)
        under = {}
        for left, right in self._across.get(self.grid.lines[index], []):
            for column in range(left + 1, right + 1):
                if left < len(texts) and texts[left]:
                    under[column] = left
        names = [(text,) if text else () for text in texts]
        return self._made((index,), texts, names, under)

    def _texts(self, index: int) -> list[str]:
        row = self.grid.rows[index][:MOST_COLUMNS]
        return [_heading_text(cell) for cell in row]

    # -- two rows

    def _may_be_below(self, index: int) -> bool:
        """Whether the rows `index` and the one above follow each other, and both hold texts."""
        lines = self.grid.lines
        if lines[index] != lines[index - 1] + 1:
            return False
        return any(self._texts(index)) and any(self._texts(index - 1))

    def _is_joined(self, index: int) -> bool:
        """Whether merged cells say that a row and the one above are headings together."""
        above, line = self.grid.lines[index - 1], self.grid.lines[index]
        texts = self._texts(index)
        filled = [column for column, text in enumerate(texts) if text]
        bands = 0
        covered = set()
        for left, right in self._across.get(above, []):
            below = [column for column in filled if left <= column <= right]
            if below and not self._is_title(left, right, index):
                bands += 1
                covered.update(below)
        down = self._down.get(line, set())
        into_one = any(top and column in down for column, top in enumerate(self._texts(index - 1)))
        free = [column for column in filled if column not in covered]
        # A row of data has cells of its own below headings that are merged over nothing.
        has_own = any(self._text_at(index - 1, column) for column in free)
        if has_own and len(self._single(index).known) * 2 < max(len(filled), 4):
            return False
        return bands > 0 or (into_one and bool(filled))

    def _completes(self, index: int, own: HeadingRow) -> bool:
        """Whether a row is headings with the one above although no merged cells say so.

        It is where it is one of headings itself, or where all it holds is below headings that are
        followed by empty cells, two or more below each.
        """
        upper = self._texts(index - 1)
        if any(text.endswith(":") for text in upper):
            return False
        if len(own.known) > 1 and len(own.known) * 2 >= own.filled:
            return True
        below: dict[int, int] = {}
        left = -1
        for column, text in enumerate(self._texts(index)):
            if column < len(upper) and upper[column]:
                left = column
            if text:
                below[left] = below.get(left, 0) + 1
        return -1 not in below and min(below.values(), default=0) > 1

    def _is_title(self, left: int, right: int, index: int) -> bool:
        """Whether merged cells lie over so much of the row below that they are its title."""
        rows = self._texts(index - 1), self._texts(index)
        width = max((column for row in rows for column, text in enumerate(row) if text), default=0)
        return (right - left + 1) * 5 >= (width + 1) * 4 and right - left > 1

    def _text_at(self, index: int, column: int) -> str:
        row = self.grid.rows[index]
        return _heading_text(row[column]) if column < len(row) else ""

    def _pair(self, index: int) -> HeadingRow | None:
        """The headings of a row together with those above."""
        upper, lower = self._texts(index - 1), self._texts(index)
        merged = self._across.get(self.grid.lines[index - 1])
        # A text alone above headings is a title.
        if not any(lower) or (not merged and sum(1 for text in upper if text) < 2):
            return None
        width = max(len(upper), len(lower))
        upper += [""] * (width - len(upper))
        lower += [""] * (width - len(lower))
        over, under = self._spread(index, upper, lower)
        texts, names = [], []
        for column in range(width):
            joined = _joined(over[column], lower[column])
            texts.append(joined)
            names.append(_names(over[column], lower[column]))
            if joined and column in under and not lower[column]:
                texts[-1] = ""
        # A column that alone has no heading of its own below a band has none.
        headed = {under.get(column, column) for column in range(width) if lower[column]}
        under = {column: left for column, left in under.items() if left not in headed}
        return self._made((index - 1, index), texts, names, under)

    def _spread(
        self,
        index: int,
        upper: list[str],
        lower: list[str],
    ) -> tuple[list[str], dict[int, int]]:
        """The upper heading over each column, and the columns over which one is merged."""
        over = list(upper)
        under: dict[int, int] = {}
        merged = self._across.get(self.grid.lines[index - 1], [])
        for left, right in merged:
            title = self._is_title(left, right, index)
            for column in range(left, min(right, len(over) - 1) + 1):
                over[column] = "" if title else upper[left]
                if column > left and not title:
                    under[column] = left
        if not merged:
            last = ""
            for column, text in enumerate(upper):
                last = text or (last if lower[column] else "")
                over[column] = last
        return over, under

    # -- what is known of them

    def _made(
        self,
        rows: tuple[int, ...],
        texts: Sequence[str],
        names: Sequence[tuple[str, ...]],
        under: Mapping[int, int],
    ) -> HeadingRow:
        known: dict[str, int] = {}
        for column, text in enumerate(texts):
            for name, closeness in self._fields(column, text, names[column]):
                known[name] = max(known.get(name, 0), closeness)
        strange = self._strange(rows, len(known))
        return HeadingRow(rows, tuple(texts), tuple(names), under, known, strange)

    def _fields(self, column: int, text: str, names: tuple[str, ...]) -> list[tuple[str, int]]:
        if not text:
            return []
        answered = self.named.fields_of(column, names)
        if answered:
            return [(name, _ANSWERED) for name in answered]
        return [(meaning.field, meaning.closeness) for meaning in meanings(text)[:1]]

    def _strange(self, rows: tuple[int, ...], known: int) -> int:
        """How many cells are such as no heading is: dates, figures, codes, long prose."""
        cells = [cell for index in rows for cell in self.grid.rows[index][:MOST_COLUMNS]]
        strange = sum(1 for cell in cells if _is_strange(cell, known))
        return strange + _labels(cells)


def _heading_text(cell: Cell) -> str:
    if cell is None or isinstance(cell, Broken):
        return ""
    return shown(cell).strip()


def _labels(cells: Sequence[Cell]) -> int:
    """How many cells are labels of what is beside them: “Owner:” before “Policy team”."""
    filled = [shown(cell).strip() for cell in cells if cell is not None]
    labels = sum(1 for text in filled if _is_label(text))
    pairs = 0
    for text, beside in pairwise(filled):
        is_heading = beside.endswith(":") or meanings(beside) or is_something_else(beside)
        pairs += _is_label(text) and not is_heading
    return labels if pairs * 2 > labels else 0


def _is_label(text: str) -> bool:
    """Whether a text may be a label. “Action:” is the heading of the actions."""
    names_actions = any(
        meaning.field == "text" and meaning.closeness == USUAL for meaning in meanings(text)
    )
    return text.endswith(":") and not names_actions


def _is_strange(cell: Cell, known: int) -> bool:
    kind = kind_of(cell)
    if kind is None:
        return False
    if isinstance(cell, Moment):
        return not (cell.is_reduced and known >= 3)
    if isinstance(cell, Number):
        return not (known >= 3 and 1990 <= cell.value <= 2100)
    if isinstance(cell, bool):
        return True
    text = shown(cell)
    if kind is CellKind.CODE:
        return not meanings(text) and _LETTERS.search(text) is None
    if kind in (CellKind.FIGURE, CellKind.SHARE):
        return True
    if kind is CellKind.DATE:
        return known < 3 or not _is_month(text)
    return len(text) > _LONGEST and not meanings(text.split("\n", 1)[0])


@lru_cache(maxsize=1024)
def _is_month(text: str) -> bool:
    period = heading_period(text)[1]
    return period is not None and not period.day


@lru_cache(maxsize=4096)
def _joined(upper: str, lower: str) -> str:
    """The heading that an upper and a lower one make: the lower alone where that says the same."""
    if not upper or not lower:
        return upper or lower
    both = f"{upper} {lower}"
    if is_private(both) or (is_another(words(upper)) and is_something_else(both)):
        return both
    together, alone = meanings(both), meanings(lower)
    if not alone or not together:
        return both if not alone else lower
    if together[0].field == alone[0].field:
        is_group = bool(meanings(upper)) and together[0].closeness >= alone[0].closeness
        return both if is_group else lower
    # The upper one is often no more than a band: “Plan”, “Status of implementation”.
    is_surer = alone[0].closeness == IF_CELLS_FIT or together[0].closeness == USUAL
    return both if is_surer else lower


def _names(upper: str, lower: str) -> tuple[str, ...]:
    """What a column may be called in plan.yaml."""
    found = [f"{upper} {lower}".strip(), lower or upper]
    return tuple(dict.fromkeys(name for name in found if name))
