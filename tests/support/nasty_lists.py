"""Lists that were thought of by hand: what councils keep, part by part of what can go wrong.

Each is a table of cells and, by row, what is right to read. A value stands for itself; a tuple for
any of its values. `Must(…)`: a question must name a cell of the row, and one of these is read
meanwhile. `May(value, …)`: the value, or a question and one of the others. Fields of a row that are
not given are not compared; rows that are not given are no actions.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from list_files import write_list
from list_parts import AS_AT, Ask, Column, MadeList, Page, Put, Wanted, WantedAction

from papergen.dates import PartialDate
from papergen.workbook.settings import ListSettings

Row = Sequence[Any]
_CELL = re.compile(r"(?:(.+)!)?([A-Z]+)(\d+)")


@dataclass(frozen=True, slots=True)
class Must:
    """The list does not settle it: a question names a cell of the row."""

    quiet: tuple[Any, ...]

    def __init__(self, *quiet: Any) -> None:
        object.__setattr__(self, "quiet", quiet or (None,))


@dataclass(frozen=True, slots=True)
class May:
    """Read as `value`, or asked about and read as one of `quiet`."""

    value: Any
    quiet: tuple[Any, ...]

    def __init__(self, value: Any, *quiet: Any) -> None:
        object.__setattr__(self, "value", value)
        object.__setattr__(self, "quiet", quiet or (None,))


@dataclass(frozen=True, slots=True)
class NastyList:
    """A list as a table, and what is right.

    `wanted`: by row (or “Sheet!row”) the fields of its action; the key `overdue` says whether it
    may be called overdue, and `presence` is that of a `WantedAction`. `asks`: groups of cells, of
    each of which a question must name one.
    """

    title: str
    rows: Sequence[Row]
    wanted: Mapping[Any, Mapping[str, Any]]
    asks: tuple[str, ...] = ()
    says: str = ""
    """Cells that an entry of any level, or a column that is not used, must name."""
    never: tuple[str, ...] = ()
    """Texts that must not get into any action."""
    may_ask: bool = False
    """Whether questions about anything else are right."""
    may_refuse: bool = False
    merges: str = ""
    hidden: str = ""
    """Rows and columns: `5 D`."""
    struck: str = ""
    others: Mapping[str, Sequence[Row]] = field(default_factory=dict)
    """Other sheets; one whose name begins with “~” is hidden."""
    headings: tuple[int, ...] = (1,)
    """The rows of headings."""
    as_at: PartialDate = AS_AT
    settings: ListSettings = field(default_factory=ListSettings)
    scheme: Mapping[str, Any] | None = None
    register: Mapping[str, Any] | None = None
    csv: str = ""
    """The separator of a CSV file."""
    encoding: str = "utf-8"

    def make(self) -> MadeList:
        made = MadeList(
            f"nasty.{'csv' if self.csv else 'xlsx'}",
            {"title": self.title, "defect": "nasty"},
            as_at=self.as_at,
            settings=self.settings,
            register=self.register,
            scheme=self.scheme,
            secrets=set(self.never),
            may_ask=self.may_ask,
            may_refuse=self.may_refuse,
            separator=self.csv or ",",
            encoding=self.encoding,
        )
        made.pages = [_page("Sheet1", self.rows, self.headings)]
        made.pages += [_page(name.lstrip("~"), rows, (1,)) for name, rows in self.others.items()]
        for page, name in zip(made.pages[1:], self.others, strict=True):
            page.visible = not name.startswith("~")
        self._mark(made.pages[0])
        for key, fields in self.wanted.items():
            _want(made, str(key), fields)
        made.must_ask = tuple(
            tuple(_put(made, name) for name in group.split()) for group in self.asks
        )
        made.must_say = tuple(_put(made, name) for name in self.says.split())
        write_list(made)
        return made

    def _mark(self, page: Page) -> None:
        for name in self.merges.split():
            (_, left, top), (_, right, bottom) = (_parsed(part) for part in name.split(":"))
            page.merges.append((top, left, bottom, right))
        for name in self.hidden.split():
            if name.isdigit():
                page.hidden_rows.add(int(name))
            else:
                page.hidden_columns.add(_number(name))
        for name in self.struck.split():
            for (row, _), put in page.grid.items():
                put.struck = put.struck or row == int(name)


def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _parsed(name: str) -> tuple[str, int, int]:
    """“Sheet!F8” as sheet, column and row."""
    found = _CELL.fullmatch(name)
    assert found is not None, name
    return found[1] or "Sheet1", _number(found[2]), int(found[3])


def _put(made: MadeList, name: str) -> Put:
    sheet, column, row = _parsed(name)
    page = next(page for page in made.pages if page.sheet == sheet)
    return page.grid.setdefault((row, column), Put(None))


def _page(sheet: str, rows: Sequence[Row], headings: tuple[int, ...]) -> Page:
    page = Page(sheet)
    for row in rows:
        puts = [cell if isinstance(cell, Put) else Put(cell) for cell in row]
        page.write({n: put for n, put in enumerate(puts, 1) if put.parts or put.value is not None})
    page.heading_rows = set(headings)
    page.columns = {
        column: Column(f"column {column}", put)
        for (row, column), put in page.grid.items()
        if row == headings[0]
    }
    return page


def _want(made: MadeList, key: str, fields: Mapping[str, Any]) -> None:
    sheet, _, row_text = key.rpartition("!")
    row = int(row_text)
    page = next(page for page in made.pages if page.sheet == (sheet or "Sheet1"))
    cells = tuple(put for (line, _), put in page.grid.items() if line == row)
    action = WantedAction(is_partial=True, is_open=None, late=None)
    action.cells = {f"column {number}": put for number, put in enumerate(cells)}
    action.cells.setdefault("text", cells[0] if cells else Put(None))
    action.presence = fields.get("presence", "yes")
    action.struck = any(put.struck for put in cells)
    for name, value in fields.items():
        if name == "overdue":
            action.late, action.is_open = value, value
        elif name != "presence":
            action.wanted[name] = _wanted(value, cells)
    action.wanted.setdefault("text", Wanted(_texts(cells)))
    page.actions[row] = action


def _texts(cells: tuple[Put, ...]) -> tuple[Any, ...]:
    """Any text of the row, where it is not said which is that of the action."""
    return tuple(put.shown for put in cells if put.value is not None) or (None,)


def _wanted(value: Any, cells: tuple[Put, ...]) -> Wanted:
    if isinstance(value, Must):
        return Wanted((), cells, Ask.MUST, value.quiet)
    if isinstance(value, May):
        return Wanted(_tuple(value.value), cells, Ask.MAY, value.quiet)
    return Wanted(_tuple(value), ())


def _tuple(value: Any) -> tuple[Any, ...]:
    return value if isinstance(value, tuple) else (value,)
