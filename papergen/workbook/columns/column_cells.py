"""What kind of cells a column has: dates, figures, codes, short words or prose."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum, auto
from functools import lru_cache

from papergen.workbook.settings import plain
from papergen.workbook.sheets import Broken, Cell, Grid, Moment, Number, shown
from papergen.workbook.status_words import is_status
from papergen.workbook.words import is_not_known

MOST_CELLS = 2_000
"""Cells with content by which a column is judged."""

LONG = 60
"""Characters of a text that is more than a name, a date or a status."""

_MOST_DIFFERENT = 200
_YES_OR_NO = frozenset({"yes", "no", "y", "n", "x", "✓", "✔", "☑", "not yet"})
_MONTHS = (
    r"jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
_DAY = re.compile(
    r"\d{1,4}[/.-]\d{1,2}[/.-]\d{2,4}(?: \d{1,2}:\d\d.*)?|\d{1,2}/\d{1,2}"
    rf"|(?:\d{{1,2}}(?:st|nd|rd|th)?[ -])?(?:{_MONTHS})[ '’-]*(?:\d{{4}}|\d\d)?"
    r"|\d{4}-\d\d-\d\dt[\d:.z+-]+",
    re.IGNORECASE,
)
_TIME = re.compile(
    rf"\b(?:{_MONTHS}|spring|summer|autumn|winter|christmas|easter|q[1-4]|quarter|20\d\d"
    r"|ongoing|on-going|continuous|immediate(?:ly)?|asap|tbc|tba|tbd|n/a|monthly|quarterly"
    r"|annual(?:ly)?|weekly|w/c|w/e|weeks?|months?|years?|short term|medium term|long term"
    r"|as soon as possible|year end|end of)\b|\d{1,2}[/.]\d{1,2}[/.]\d{2,4}|20\d\d/\d\d",
    re.IGNORECASE,
)
_SEASON = re.compile(
    r"(?:spring|summer|autumn|winter) (?:of )?\d[\d/]*|fy ?\d[\d/-]*", re.IGNORECASE
)
_BEGINS_TIME = re.compile(
    r"(?:week|w/c|w/e|by|before|end|mid|early|late|from|between|during|\d{1,2})\b", re.IGNORECASE
)
_FIGURE = re.compile(r"[£$€]?-?\d[\d,]*(?:\.\d+)?[km]?", re.IGNORECASE)
_SHARE = re.compile(r"\d{1,3}(?:\.\d+)? ?(?:%|per ?cent)", re.IGNORECASE)
_CODE = re.compile(
    r"[a-z]{0,6}[-./ ]?\d+(?:[-./]\d+)*[a-z]?\.?|[a-z]{1,6}\d*(?:[-./][a-z]{0,6}\d+)+[a-z]?",
    re.IGNORECASE,
)
_QUARTER = re.compile(r"q[1-4]", re.IGNORECASE)


class CellKind(Enum):
    """What a cell looks like, by its form alone."""

    FIGURE = auto()
    SHARE = auto()
    DATE = auto()
    TIME = auto()
    """Words for a time that is no date: “Autumn 2025”, “ongoing”."""
    CODE = auto()
    WORD = auto()
    WORDS = auto()
    """Two or three words."""
    PROSE = auto()


@lru_cache(maxsize=65536)
def kind_of_text(text: str) -> CellKind:
    """What a text looks like. A quarter is a time, and not a code."""
    if len(text) > LONG:
        return CellKind.PROSE
    text = text.strip()
    if _SHARE.fullmatch(text):
        return CellKind.SHARE
    if _FIGURE.fullmatch(text):
        return CellKind.FIGURE
    if _DAY.fullmatch(text):
        return CellKind.DATE
    if _SEASON.fullmatch(text):
        return CellKind.TIME
    if _CODE.fullmatch(text) and not _QUARTER.fullmatch(text):
        return CellKind.CODE
    count = len(text.split())
    if count <= (6 if _BEGINS_TIME.match(text) else 4) and _TIME.search(text):
        return CellKind.TIME
    if count < 2:
        return CellKind.WORD
    return CellKind.WORDS if count <= 3 else CellKind.PROSE


def kind_of(cell: Cell) -> CellKind | None:
    """What a cell looks like; None for one without a value."""
    match cell:
        case None | Broken():
            return None
        case Number():
            return CellKind.SHARE if cell.is_share else CellKind.FIGURE
        case Moment():
            return CellKind.DATE
        case bool():
            return CellKind.WORD
        case _:
            return kind_of_text(cell)


@dataclass(slots=True, eq=False)
class ColumnCells:
    """How many cells of each kind a column has below its heading, and which are different."""

    counts: dict[CellKind, int] = field(default_factory=dict)
    different: set[str] = field(default_factory=set)
    rows: int = 0
    """Rows that hold anything in more than one column."""
    states: int = 0
    """Cells with a usual word for a status, a yes or no, or a mark that something is not known."""
    is_small_numbers: bool = True
    """Whether all figures are from 0 to 100."""
    long: int = 0
    """Texts that are longer than a line of a cell."""

    def count(self, *kinds: CellKind) -> int:
        """How many cells are of these kinds."""
        return sum(self.counts.get(kind, 0) for kind in kinds)

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    def only(self, *kinds: CellKind) -> bool:
        """Whether there are cells, and all are of these kinds."""
        return 0 < self.total == self.count(*kinds)

    def mostly(self, *kinds: CellKind) -> bool:
        """Whether at least three of five cells are of these kinds."""
        return 0 < self.total * 3 <= self.count(*kinds) * 5

    @property
    def is_prose(self) -> bool:
        """Whether most cells are whole phrases, of which few are the same."""
        prose = self.count(CellKind.PROSE)
        return 0 < self.total <= prose * 2 and self._is_of_rows

    @property
    def is_phrases(self) -> bool:
        """Whether most cells are of two words or more, of which few are the same."""
        phrases = self.count(CellKind.PROSE, CellKind.WORDS)
        return 0 < self.total * 2 <= phrases * 3 and self._is_of_rows

    @property
    def _is_of_rows(self) -> bool:
        """Whether most rows have a text of their own."""
        is_grouped = self.total > 2 and len(self.different) * 5 <= self.total * 3
        return not is_grouped and self.total * 5 >= self.rows * 3

    @property
    def is_narrative(self) -> bool:
        """Whether most cells are longer than any word for a status is."""
        return 0 < self.total * 3 <= self.long * 5

    @property
    def is_repeated(self) -> bool:
        """Whether many rows have the same, as where they are grouped."""
        return self.rows > 2 and len(self.different) * 5 <= self.rows * 3

    @property
    def is_all_different(self) -> bool:
        return len(self.different) == min(self.total, _MOST_DIFFERENT)


def column_cells(
    grid: Grid,
    column: int,
    body: range,
    heading: str,
) -> ColumnCells:
    """What the cells of a column look like, without those that repeat its heading."""
    found = ColumnCells()
    repeated = plain(heading)
    for index in body:
        row = grid.rows[index]
        found.rows += len(row) - row.count(None) > 1
        cell = row[column] if column < len(row) else None
        kind = kind_of(cell)
        if kind is None:
            continue
        text = plain(shown(cell)[:200])
        if text == repeated:
            continue
        found.counts[kind] = found.counts.get(kind, 0) + 1
        _add(found, cell, text)
        if found.total >= MOST_CELLS:
            break
    return found


def _add(found: ColumnCells, cell: Cell, text: str) -> None:
    if len(found.different) < _MOST_DIFFERENT:
        found.different.add(text)
    if isinstance(cell, Number) and not 0 <= cell.value <= 100:
        found.is_small_numbers = False
    if isinstance(cell, str):
        found.states += is_status(text) or text in _YES_OR_NO or is_not_known(text)
    if len(text) > LONG:
        found.long += 1


def has_content(grid: Grid, column: int, body: Iterable[int]) -> bool:
    """Whether a column holds anything in the rows of `body`."""
    return first_cell(grid, column, body) is not None


def first_cell(grid: Grid, column: int, body: Iterable[int]) -> int | None:
    """The row of the first cell of a column that holds anything; None where none does."""
    for index in body:
        row = grid.rows[index]
        if column < len(row) and row[column] is not None:
            return index
    return None


def all_same(grid: Grid, columns: Iterable[int], body: range) -> bool:
    """Whether columns hold the same in every row."""
    columns = list(columns)
    return all(len({shown(grid.cell(index, each)) for each in columns}) == 1 for index in body)
