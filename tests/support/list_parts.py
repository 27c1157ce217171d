"""What a generated list is made of: cells to write, and what is right to read of each.

A cell is a `Put`; it is compared by identity, so that a merged cell can be that of several actions.
`Wanted` says which readings of a field are right; `WantedAction` joins those of one row.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from enum import Enum
from random import Random
from typing import Any

from papergen.dates import PartialDate
from papergen.workbook.settings import ListSettings

FACTS = (
    "ref",
    "text",
    "owner",
    "workstream",
    "phase",
    "priority",
    "due",
    "revised_due",
    "status",
    "completed",
    "rating",
    "share",
    "update",
)
"""The fields that are compared; `due_last`, `unsettled` and `not_due` decide what is overdue."""

ENDED = ("complete", "cancelled", "suspended")
"""The statuses of an action that is not overdue, whatever its date."""


AS_AT = PartialDate(2025, 9, 30)
"""The as-at date of a list, where it has no other."""


class Ask(Enum):
    """Whether a reading has to say something of a cell."""

    NO = "no"
    """It must not ask: the cell is clear."""
    SAID = "said"
    """An entry of any level must name the cell: something was passed over or decided."""
    MAY = "may"
    """It may read the right value, or read what says least and ask."""
    MUST = "must"
    """It must ask, or report a fault, whatever it reads: the list does not settle it."""


@dataclass(eq=False, slots=True)
class Put:
    """A cell to write. `kind` is `error` for an error value, `formula` for one without a result.

    `parts` are the runs of a text, and whether each is struck through.
    """

    value: str | int | float | bool | date | time | None = None
    format: str = ""
    kind: str = ""
    struck: bool = False
    parts: tuple[tuple[str, bool], ...] = ()

    @property
    def shown(self) -> str:
        """About what Excel shows; exactly that of a text."""
        if self.parts:
            return "".join(text for text, _ in self.parts)
        if self.value is None:
            return ""
        if isinstance(self.value, date):
            return f"{self.value:%d/%m/%Y}"
        if isinstance(self.value, float) and "%" in self.format:
            return f"{self.value:.0%}"
        return str(self.value)


@dataclass(eq=False, slots=True)
class Wanted:
    """What is right to read for one field of an action.

    Each of `values` is right without a word. Each of `quiet` is right where a question or a fault
    names one of `cells` (for `Ask.SAID`, where any entry does).
    """

    values: tuple[Any, ...]
    cells: tuple[Put, ...] = ()
    ask: Ask = Ask.NO
    quiet: tuple[Any, ...] = (None,)


@dataclass(eq=False, slots=True)
class WantedAction:
    """An action of the known plan: its cells by the key of their column, and what is right.

    `late` and `is_open` are None where both answers are right. `presence`: `yes`; `may`: it may be
    missing where an entry names its row; `no`: it must be missing, and an entry says so;
    `answered`: it must be missing, and nothing has to be said.
    """

    status: str | None = None
    """The truth: a status of the model, `not-due`, or None for what is open in any way."""
    due: date | None = None
    cells: dict[str, Put] = field(default_factory=dict)
    wanted: dict[str, Wanted] = field(default_factory=dict)
    late: bool | None = False
    is_open: bool | None = None
    presence: str = "yes"
    beside: tuple[Put, ...] = ()
    """Cells of other rows that may be named in place of this row."""
    struck: bool = False
    hidden: bool = False
    is_partial: bool = False
    """Whether fields that are not in `wanted` may have any value."""

    def put(self, key: str, cell: Put, *values: Any, ask: Ask = Ask.NO, quiet: Any = None) -> Put:
        """Write `cell` into the column `key`, and want `values` (by default its text) of it."""
        self.cells[key] = cell
        least = quiet if isinstance(quiet, tuple) else (quiet,)
        self.wanted[key] = Wanted(values or (cell.value,), (cell,), ask, least)
        return cell

    @property
    def overdue(self) -> bool | None:
        """Whether a paper may call it overdue; None where both are right."""
        if self.late is False or self.is_open is False or self.is_unsettled:
            return False
        return True if self.late and self.is_open else None

    @property
    def is_unsettled(self) -> bool:
        return self.wanted.get("status", Wanted((None,))).ask is Ask.MUST


@dataclass(eq=False, slots=True)
class Column:
    """A column of a list. `key` is a field of `FACTS`, or `extra:…` for a column of no field."""

    key: str
    heading: Put
    is_sure: bool = True
    """Whether its heading must be recognised."""
    hidden: bool = False

    @property
    def is_extra(self) -> bool:
        return self.key.startswith("extra:")


@dataclass(eq=False, slots=True)
class Page:
    """One sheet, or a CSV file: cells by row and column from 1, and what is done to them."""

    sheet: str
    grid: dict[tuple[int, int], Put] = field(default_factory=dict)
    actions: dict[int, WantedAction] = field(default_factory=dict)
    """By row."""
    columns: dict[int, Column] = field(default_factory=dict)
    """By column, those of its (first) list."""
    heading_rows: set[int] = field(default_factory=set)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    filter: str = ""
    visible: bool = True
    row: int = 0
    """The last row that is written."""

    def write(self, cells: Mapping[int, Put | None]) -> int:
        """Write the next row; its number."""
        self.row += 1
        for column, cell in cells.items():
            if cell is not None:
                self.grid[self.row, column] = cell
        return self.row


@dataclass(eq=False, slots=True)
class MadeList:
    """A list as a file, with the plan that it is made from."""

    name: str
    choices: dict[str, str]
    pages: list[Page] = field(default_factory=list)
    as_at: PartialDate = AS_AT
    settings: ListSettings = field(default_factory=ListSettings)
    register: Mapping[str, Any] | None = None
    scheme: Mapping[str, Any] | None = None
    secrets: set[str] = field(default_factory=set)
    """Texts of columns, rows and sheets that must not get into any action."""
    may_ask: bool = False
    """Whether a question about the list as a whole, or about a column, is right."""
    must_ask: tuple[tuple[Put, ...], ...] = ()
    """Of each of these groups of cells, a question must name one."""
    may_refuse: bool = False
    """Whether no list may be found, if the fault is at one of its cells."""
    must_say: tuple[Put, ...] = ()
    """An entry of any level, or a column that is not used, must name each of these."""
    sheets_said: tuple[str, ...] = ()
    """Sheets with a list that is not read: an entry of any level must name each."""
    uses_1904: bool = False
    separator: str = ","
    encoding: str = "utf-8"
    data: bytes = b""
    lines: dict[int, int] = field(default_factory=dict)
    """Of a CSV file, the line on which each row starts."""

    @property
    def is_csv(self) -> bool:
        return self.name.endswith(".csv")

    def all_actions(self) -> list[WantedAction]:
        return [action for page in self.pages for action in page.actions.values()]


@dataclass(eq=False, slots=True)
class Draft:
    """A list while it is made: its columns and actions, before they have places on pages."""

    rng: Random
    made: MadeList
    as_at: date
    actions: list[WantedAction]
    columns: list[Column] = field(default_factory=list)
    way: str = "plain"
    """How its headings are written."""

    @property
    def in_csv(self) -> bool:
        return self.made.is_csv

    def column(self, key: str) -> Column | None:
        return next((column for column in self.columns if column.key == key), None)

    def add_column(self, key: str, heading: str, *, is_sure: bool = True) -> Column:
        """A column at a place that chance decides, but not before the first two."""
        column = Column(key, Put(heading), is_sure)
        least = min(2, len(self.columns))
        self.columns.insert(self.rng.randint(least, len(self.columns)), column)
        return column
