"""The lists of one sheet: where each begins and ends, and the row that is nearest to headings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace

from papergen.workbook.columns.column_cells import has_content
from papergen.workbook.columns.heading_names import USUAL_NAMES
from papergen.workbook.columns.heading_rows import HeadingRow, HeadingSearch, NamedColumns
from papergen.workbook.columns.headings import IF_CELLS_FIT, USUAL, meanings
from papergen.workbook.columns.list_columns import ListColumns, choose_columns
from papergen.workbook.settings import plain
from papergen.workbook.sheets import Cell, Grid, shown


@dataclass(frozen=True, slots=True)
class SheetList:
    """Rows of a sheet that can be a list: its headings, its rows, and the columns as chosen."""

    grid: Grid
    headings: HeadingRow
    body: range
    columns: ListColumns

    @property
    def has_text(self) -> bool:
        return "text" in self.columns.choice.indexes

    @property
    def is_sure(self) -> bool:
        """Whether the column of the actions is known by its heading, or by many others."""
        known = self.headings.known
        is_clear = known.get("text", 0) > IF_CELLS_FIT
        return self.has_text and len(known) > (1 if is_clear else 3)

    @property
    def has_rows(self) -> bool:
        """Whether anything is below the headings in the columns that are read."""
        columns = set(self.columns.choice.indexes.values())
        return any(has_content(self.grid, column, self.body) for column in columns)


@dataclass(frozen=True, slots=True)
class SheetSearch:
    """What was found in a sheet: its lists, and the row that looks most like headings."""

    grid: Grid
    lists: tuple[SheetList, ...]
    likeliest: SheetList | None


def search_sheet(
    grid: Grid,
    named: NamedColumns,
    hidden: str | None,
    heading_row: int | None,
) -> SheetSearch:
    """Find the lists of a sheet.

    `heading_row`: the line of the headings, if plan.yaml says it. A list that is found in another
    way must have more than one field, or stand alone.
    """
    search = HeadingSearch(grid, named)
    first = _starts(search) if heading_row is None else _answered(search, heading_row)
    starts = _with_later(search, first)
    lists = [made for made in _made(grid, starts, named, hidden) if made.has_text]
    lists = [made for made in lists if not _lists_headings(made)]
    lists = [made for made in lists if made.has_rows] or lists
    nearest = None
    if not lists:
        nearest = _nearest(search, starts[0] if starts else None, named, hidden)
    return SheetSearch(grid, tuple(lists), nearest)


def _answered(search: HeadingSearch, line: int) -> list[HeadingRow]:
    """The headings that plan.yaml says are in a line: alone, or together with the next one."""
    lines = search.grid.lines
    if line not in lines:
        return []
    index = lines.index(line)
    found = [search.at(index)]
    if index + 1 < len(lines):
        below = search.at(index + 1)
        if below.rows[0] == index:
            found.append(below)
    return [max(found, key=lambda row: row.score)]


def _starts(search: HeadingSearch) -> list[HeadingRow]:
    """The row with which the first list begins: the first that is sure, else the likeliest one."""
    grid = search.grid
    rows: list[HeadingRow] = []
    for index in search.first_rows():
        row = search.at(index)
        if rows and rows[-1].rows[-1] == row.rows[0]:
            rows.pop()  # the upper one of two rows, which is not there alone
        elif rows and _is_sure(grid, rows):
            return rows[-1:]
        if row.known:
            rows.append(row)
    if rows and _is_sure(grid, rows):
        return rows[-1:]
    able = [row for row in rows if row.score > 0 and not _is_word_in_data(grid, row)]
    return sorted(able, key=lambda row: -row.score)[:1]


def _is_sure(grid: Grid, rows: Sequence[HeadingRow]) -> bool:
    """Whether the last of several rows is surely one of headings."""
    return rows[-1].is_list and not _is_within(grid, rows, rows[-1])


def _is_word_in_data(grid: Grid, row: HeadingRow) -> bool:
    """Whether a row with one known heading is rather one of data: as full a row is above it."""
    index = row.rows[0]
    if row.clear > 1 or not index:
        return False
    above = sum(1 for cell in grid.rows[index - 1] if cell is not None)
    return above > 1 and above >= row.filled


def _is_within(grid: Grid, rows: Sequence[HeadingRow], row: HeadingRow) -> bool:
    """Whether a row is one of data, below a row that looks more like headings."""
    if row.is_mostly_known and row.known["text"] > IF_CELLS_FIT:
        return any(
            above.score > row.score and _follows(grid, above, row) and not above.is_list
            for above in rows
        )
    return any(above.score >= row.score and _follows(grid, above, row) for above in rows)


def _follows(grid: Grid, above: HeadingRow, row: HeadingRow) -> bool:
    """Whether one row is below another without an empty row between."""
    if above.rows[-1] >= row.rows[0]:
        return False
    between = range(above.rows[-1] + 1, row.rows[0])
    return all(any(cell is not None for cell in grid.rows[index]) for index in between)


# -- lists below the first one


def _common_headings() -> frozenset[str]:
    names = [name for listed in USUAL_NAMES.values() for name in listed.split(", ")]
    return frozenset(names) | {f"{name}s" for name in names}


_COMMON = _common_headings()


def _with_later(search: HeadingSearch, starts: Sequence[HeadingRow]) -> list[HeadingRow]:
    """The first list, and those that begin below it with headings of their own."""
    found = list(starts)
    if not found:
        return found
    grid = search.grid
    names = _COMMON | {heading.casefold() for heading in found[0].headings if heading}
    for index in range(found[0].rows[-1] + 1, len(grid.rows)):
        if not _may_be_headings(grid.rows[index], names):
            continue
        row = search.at(index)
        is_clear = row.is_list and (row.is_mostly_known or row.clear > 2)
        if row.rows[0] <= found[-1].rows[-1] or not is_clear:
            continue
        is_apart = row.known["text"] > IF_CELLS_FIT and _is_apart(grid, row)
        if is_apart and not repeats(found[-1], grid.rows[index]):
            found.append(row)
    return found


def _is_apart(grid: Grid, row: HeadingRow) -> bool:
    """Whether a row begins something new: nothing or a title is above it, or it is all headings."""
    above = grid.rows[row.rows[0] - 1]
    if sum(1 for cell in above if cell is not None) < 2:
        return True
    return len(row.known) == row.filled > 2


def _may_be_headings(row: Sequence[Cell], names: Set[str]) -> bool:
    """Whether a row holds nothing but texts, two usual names among them; quick, for every row."""
    count = 0
    for cell in row:
        if cell is None:
            continue
        if not isinstance(cell, str):
            return False
        if cell.casefold() in names:
            count += 1
    return count > 1


def repeats(headings: HeadingRow, row: Sequence[Cell]) -> bool:
    """Whether a row repeats headings in the same columns, as on each printed page."""
    same = other = 0
    for column, cell in enumerate(row):
        if cell is None:
            continue
        names = headings.names[column] if column < len(headings.names) else ()
        text = shown(cell)
        if any(plain(name) == plain(text) for name in names) or _same_field(names, text):
            same += 1
        else:
            other += 1
    return same > 1 and same >= other * 4


def _same_field(names: Sequence[str], text: str) -> bool:
    own = meanings(text)[:1]
    for name in names:
        known = meanings(name)[:1]
        if own and known and own[0].field == known[0].field and own[0].closeness == USUAL:
            return True
    return False


# -- columns


def _made(
    grid: Grid,
    starts: Sequence[HeadingRow],
    named: NamedColumns,
    hidden: str | None,
) -> Iterator[SheetList]:
    for number, start in enumerate(starts, 1):
        end = starts[number].rows[0] if number < len(starts) else len(grid.rows)
        start = _with_numbers(grid, start)
        body = range(start.rows[-1] + 1, end)
        columns = choose_columns(grid, start, body, named, hidden)
        yield SheetList(grid, start, body, columns)


def _with_numbers(grid: Grid, start: HeadingRow) -> HeadingRow:
    """The headings, with a row below them that numbers the columns: 1, 2, 3."""
    index = start.rows[-1] + 1
    if index >= len(grid.rows):
        return start
    texts = [shown(cell).strip(" ()") for cell in grid.rows[index] if cell is not None]
    if len(texts) < 3 or texts != [str(number) for number in range(1, len(texts) + 1)]:
        return start
    return replace(start, rows=(*start.rows, index))


def _lists_headings(made: SheetList) -> bool:
    """Whether the column of the actions holds headings, as in a sheet that explains a list."""
    column = made.columns.choice.indexes["text"]
    texts = [shown(made.grid.cell(index, column)) for index in made.body[:50]]
    filled = [text for text in texts if text]
    known = [text for text in filled if any(each.closeness == USUAL for each in meanings(text))]
    return len(known) * 2 > len(filled) and len(filled) > 1


def _nearest(
    search: HeadingSearch,
    likeliest: HeadingRow | None,
    named: NamedColumns,
    hidden: str | None,
) -> SheetList | None:
    """The row that looks most like headings; where none is known, the first with several texts."""
    row = likeliest or _first_of_texts(search)
    if row is None:
        return None
    return next(_made(search.grid, [row], named, hidden))


def _first_of_texts(search: HeadingSearch) -> HeadingRow | None:
    best = None
    for index in search.first_rows():
        row = search.at(index)
        has_more = best is None or row.filled > best.filled
        if has_more and not row.strange and row.filled > 1:
            best = row
    return best
