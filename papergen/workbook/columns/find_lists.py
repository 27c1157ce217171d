"""Where the lists of actions are in a workbook: the sheets, the headings, the columns of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from papergen.errors import Location, Problem, check, error
from papergen.text import did_you_mean, join_words, quote_names, shorten_line
from papergen.workbook.columns import column_kinds as kinds
from papergen.workbook.columns.column_cells import CellKind, column_cells
from papergen.workbook.columns.column_fit import fits
from papergen.workbook.columns.heading_names import DESCRIPTIONS, FIELDS
from papergen.workbook.columns.heading_rows import MOST_ROWS_ABOVE, NamedColumns, named_columns
from papergen.workbook.columns.heading_words import is_private, is_private_sheet
from papergen.workbook.columns.headings import IF_CELLS_FIT, is_something_else, meanings
from papergen.workbook.columns.sheet_lists import SheetList, SheetSearch, repeats, search_sheet
from papergen.workbook.reading import Answer, FindingKind, Findings, ReadColumn, Remark
from papergen.workbook.settings import ListSettings, plain
from papergen.workbook.sheets import Grid, column_letters, sheet_reference, shown

_WRONG = "wrong-value"
_MISSING = "missing-field"


@dataclass(frozen=True, slots=True)
class FoundList:
    """A list of actions: its headings, the rows that belong to it, and what its columns are for.

    `heading_index`: the index in `grid.rows` of the last row of headings, and `heading_rows` all of
    them. `body`: the indexes of the rows below, up to the next list. `columns` and `indexes`: by
    field, in the order of `FIELDS`, the column and its number from 0. `unused`: the columns that
    hold something and are not used.
    """

    grid: Grid
    heading_index: int
    heading_rows: tuple[int, ...]
    body: range
    columns: Mapping[str, ReadColumn]
    indexes: Mapping[str, int]
    unused: tuple[ReadColumn, ...]
    sheet_list: SheetList

    def repeats_headings(self, index: int) -> bool:
        """Whether a row repeats the headings, as on each printed page."""
        return repeats(self.sheet_list.headings, self.grid.rows[index])


def find_lists(
    grids: Sequence[Grid],
    source: str,
    settings: ListSettings,
    findings: Findings,
) -> list[FoundList]:
    """The lists of actions in a file, in the order in which they are read.

    `source`: what the user calls the file. Raises DataError where there is none, and where the
    settings name a sheet or a heading that is not in it; adds to `findings` what there is to say of
    how the lists were found.
    """
    named = named_columns(settings.columns, FIELDS)
    _check_fields(settings, source)
    wanted = _named_sheets(grids, source, settings)
    searched = [_search(grid, named, settings) for grid in grids]
    chosen = _Sheets(grids, source, settings, findings, searched)
    lists = chosen.of_names(wanted) if wanted else chosen.of_all()
    _check_headings(lists, source, settings, named)
    found = []
    for made in lists:
        _report(made, findings)
        found.append(_found(made))
    return found


def _search(grid: Grid, named: NamedColumns, settings: ListSettings) -> SheetSearch:
    """The lists of a sheet, by the row of headings that the settings give if it has one there."""
    line = settings.heading_row
    if line is None:
        return search_sheet(grid, named, settings.hidden_columns, None)
    answered = search_sheet(grid, named, settings.hidden_columns, line)
    if answered.lists:
        return answered
    found = search_sheet(grid, named, settings.hidden_columns, None)
    return found if found.lists else answered


# -- which sheets


def _named_sheets(grids: Sequence[Grid], source: str, settings: ListSettings) -> list[Grid]:
    """The sheets that the settings name. Raises DataError for a name that no sheet has."""
    known = {plain(grid.sheet): grid for grid in grids if grid.sheet}
    problems = []
    for name in settings.sheets:
        if plain(name) not in known:
            names = [grid.sheet for grid in grids if grid.sheet]
            hint = did_you_mean(name, names)
            if not hint and names:
                hint = f"Its sheets are {quote_names(names)}."
            elif not hint:
                hint = "A CSV file has no sheets; leave `sheets` out."
            message = f"the file has no sheet “{name}”, which `sheets` in plan.yaml names"
            problems.append(Problem(_WRONG, message, Location(source), hint))
    check(problems)
    return [known[plain(name)] for name in dict.fromkeys(settings.sheets)]


class _Sheets:
    """Decides which of the sheets with lists are read."""

    def __init__(
        self,
        grids: Sequence[Grid],
        source: str,
        settings: ListSettings,
        findings: Findings,
        searched: Sequence[SheetSearch],
    ) -> None:
        self.grids = grids
        self.source = source
        self.settings = settings
        self.findings = findings
        self.searched = searched

    def of_names(self, wanted: Sequence[Grid]) -> list[SheetList]:
        """The lists of the sheets that the settings name; raises DataError for one without."""
        lists: list[SheetList] = []
        problems: list[Problem] = []
        for grid in wanted:
            search = next(each for each in self.searched if each.grid is grid)
            lists += search.lists
            if not search.lists:
                problems.append(_no_list(search))
        check(problems)
        return lists

    def of_all(self) -> list[SheetList]:
        """The lists of all sheets that are read where the settings name none."""
        searched = self._with_lists()
        open_ones = [each for each in searched if each.grid.visible]
        public = [each for each in open_ones if not is_private_sheet(each.grid.sheet)]
        if len(public) not in (0, len(open_ones)):
            for each in open_ones:
                if each not in public:
                    answer = Answer("sheets", public[0].grid.sheet)
                    self._note(kinds.SHEET_PRIVATE, each.grid, answer)
            open_ones = public
        hidden = [each for each in searched if not each.grid.visible]
        if self.settings.hidden_sheets == "read":
            for each in hidden:
                self._note(kinds.SHEET_HIDDEN_READ, each.grid)
            open_ones = [each for each in searched if each in open_ones or each in hidden]
        if not open_ones:
            raise error([self._fault(hidden)])
        if self.settings.hidden_sheets is None:
            for each in hidden:
                self._note(kinds.SHEET_HIDDEN, each.grid, Answer("hidden", "skip"))
        self._note_others(searched)
        return [made for each in self._of_several(open_ones) for made in each.lists]

    def _with_lists(self) -> list[SheetSearch]:
        """The sheets with lists: those whose actions are sure, and that have rows, if any."""
        found = [each for each in self.searched if each.lists]
        sure = [each for each in found if any(made.is_sure for made in each.lists)]
        found = sure if any(each.grid.visible for each in sure) else found
        filled = [each for each in found if any(made.has_rows for made in each.lists)]
        return filled if any(each.grid.visible for each in filled) else found

    def _note(self, kind: FindingKind, grid: Grid, answer: Answer | None = None) -> None:
        where = Location(self.source, cell=sheet_reference(grid.sheet) if grid.sheet else "")
        self.findings.add(Remark(kind, grid.sheet, answer=answer), where)

    def _note_others(self, searched: Sequence[SheetSearch]) -> None:
        """A note for the other sheets that are shown and hold anything."""
        with_lists = {id(each.grid) for each in searched}
        for grid in self.grids:
            if grid.visible and id(grid) not in with_lists and _holds_anything(grid):
                self._note(kinds.SHEET_NOT_READ, grid)

    def _of_several(self, searched: list[SheetSearch]) -> list[SheetSearch]:
        """Of several sheets with lists all but copies of one before, as of another month."""
        if len(searched) < 2:
            return searched
        every = [made for each in searched for made in each.lists]
        with_refs = all("ref" in made.columns.choice.indexes for made in every)
        read: list[tuple[SheetSearch, set[tuple[str, ...]]]] = []
        copies: dict[int, str] = {}
        for number, each in enumerate(searched):
            found = [_identities(made, with_refs=with_refs) for made in each.lists]
            own = set().union(*found)
            same = [other.grid.sheet for other, actions in read if _are_copies(own, actions)]
            if same:
                copies[number] = same[0]
            else:
                read.append((each, own))
        for number, each in enumerate(searched):
            of = copies.get(number)
            answer = None if of else Answer("sheets", each.grid.sheet)
            read_as = f"not read: it has the same actions as “{of}”" if of else "read"
            where = Location(self.source, cell=sheet_reference(each.grid.sheet))
            self.findings.add(Remark(kinds.SHEETS, each.grid.sheet, read_as, answer), where)
        return [each for each, _ in read]

    def _fault(self, hidden: Sequence[SheetSearch]) -> Problem:
        """The fault that there is no list, with the row that is nearest to headings."""
        if hidden:
            names = quote_names([each.grid.sheet for each in hidden])
            message = f"the only list of actions is in a hidden sheet: {names}"
            hint = f"To read it, write in plan.yaml, below `actions:`, `sheets: [{names}]`."
            hint = hint.replace("“", "").replace("”", "")
            return Problem(_MISSING, message, Location(self.source), hint)
        visible = [each for each in self.searched if each.grid.visible] or list(self.searched)
        near = [each for each in visible if each.likeliest is not None]
        if not near:
            message = "no list of actions is found: no row holds two texts or more"
            hint = "Check that it is the right file."
            return Problem(_MISSING, message, Location(self.source), hint)
        best = max(near, key=lambda each: each.likeliest.headings.score if each.likeliest else 0)
        return _no_list(best)


def _holds_anything(grid: Grid) -> bool:
    return any(cell is not None for row in grid.rows for cell in row)


def _identities(made: SheetList, *, with_refs: bool) -> set[tuple[str, ...]]:
    """What tells the actions of a list apart: their texts, and their references."""
    indexes = made.columns.choice.indexes
    columns = [indexes[name] for name in ("text", "ref") if name == "text" or with_refs]
    found = set()
    for index in made.body:
        if made.grid.cell(index, columns[0]) is not None:
            found.add(tuple(plain(shown(made.grid.cell(index, column))) for column in columns))
    return found


def _are_copies(actions: set[tuple[str, ...]], others: set[tuple[str, ...]]) -> bool:
    """Whether half or more of the actions of the shorter of two lists are in the other too."""
    shorter = min(len(actions), len(others))
    return 0 < shorter <= 2 * len(actions & others)


# -- faults


def _check_fields(settings: ListSettings, source: str) -> None:
    problems = []
    for name, value in settings.columns.items():
        is_letters = name.isalpha() and len(name) < 4 and plain(value) == "none"
        if name not in FIELDS and not is_letters:
            message = f"`columns` in plan.yaml names “{name}”, which no column can be for"
            hint = did_you_mean(name, FIELDS, "``") or f"It can be {', '.join(FIELDS)}."
            problems.append(Problem(_WRONG, message, Location(source), hint))
    check(problems)


def _check_headings(
    lists: Sequence[SheetList],
    source: str,
    settings: ListSettings,
    named: NamedColumns,
) -> None:
    """Check that each column that the settings name is in a list, and the row of headings too."""
    problems = []
    line = settings.heading_row
    if line is not None and not any(_is_at(made, line) for made in lists):
        message = f"no list has its headings in row {line}, which `heading_row` in plan.yaml names"
        rows = [str(made.grid.lines[made.headings.rows[-1]]) for made in lists]
        hint = f"They are found in row {join_words(rows, 'or')}."
        problems.append(Problem(_WRONG, message, Location(source), hint))
    known = [name for made in lists for names in made.headings.names for name in names]
    for name, value in settings.columns.items():
        if name not in FIELDS or name in named.without:
            continue
        if not any(name in made.columns.choice.indexes for made in lists):
            message = f"no column is called “{value}”, which `columns` in plan.yaml names"
            headings = [shorten_line(each, 60) for each in known]
            hint = did_you_mean(value, headings) or f"The headings are {quote_names(headings, 20)}."
            problems.append(Problem(_WRONG, message, Location(source), hint))
    check(problems)


def _is_at(made: SheetList, line: int) -> bool:
    return any(made.grid.lines[index] == line for index in made.headings.rows)


def _no_list(search: SheetSearch) -> Problem:
    """The fault that a sheet has no list: the nearest row, what of it is known, what to answer."""
    made = search.likeliest
    if made is None:
        sheet = f" in the sheet “{search.grid.sheet}”" if search.grid.sheet else ""
        message = f"no list of actions is found{sheet}"
        hint = f"Its headings must be among the first {MOST_ROWS_ABOVE} rows."
        return Problem(_MISSING, message, Location(search.grid.source), hint)
    index = made.headings.rows[-1]
    line = search.grid.lines[index]
    first = next(column for column, text in enumerate(made.headings.headings) if text)
    message = f"no column is known to hold the actions; row {line} looks most like headings"
    message += _what_is_known(made)
    return Problem(_MISSING, message, search.grid.place(index, first), _what_to_answer(made, line))


def _what_is_known(made: SheetList) -> str:
    """The headings of a row that are known, and those that are not."""
    choice = made.columns.choice
    names = {column: name for name, column in choice.indexes.items()}
    known, unknown = [], []
    for column, heading in enumerate(made.headings.headings):
        if heading and column in names:
            known.append(f"“{choice.heading(column)}” ({DESCRIPTIONS[names[column]]})")
        elif heading and column not in made.grid.hidden_columns and not _is_headed_action(heading):
            unknown.append(f"“{choice.heading(column)}”")
    text = f" – known: {join_words(known[:12])}" if known else ""
    if unknown:
        text += f"{';' if known else ' –'} not known: {join_words(unknown[:12])}"
    mixed = made.columns.mixed
    if mixed is not None:
        text += f"; “{choice.heading(mixed)}” has other things among the actions"
    for column, heading in enumerate(made.headings.headings):
        is_left = column in choice.unused and column not in made.grid.hidden_columns
        if is_left and _is_headed_action(heading):
            text += f"; the cells below “{choice.heading(column)}” do not look like actions"
    hidden = [column for column in _candidates(made) if column in made.grid.hidden_columns]
    if hidden:
        text += f"; “{choice.heading(hidden[0])}” is in a hidden column"
    return text


def _is_headed_action(heading: str) -> bool:
    """Whether a heading says clearly that the actions are below it."""
    return any(each.field == "text" and each.closeness > IF_CELLS_FIT for each in meanings(heading))


def _what_to_answer(made: SheetList, line: int) -> str:
    choice = made.columns.choice
    candidates = _candidates(made)
    name = choice.name_for_answer(candidates[0]) if candidates else "…"
    if any(sign in name for sign in ":#,[]{}&*!|>'\"%@`") or name != name.strip():
        name = "'" + name.replace("'", "''") + "'"
    return (
        "Write in plan.yaml which column has the actions, below `actions:`: "
        f"`heading_row: {line}` and `columns: {{text: {name}}}`."
    )


def _candidates(made: SheetList) -> list[int]:
    """The columns that could be that of the actions, the likeliest first."""
    choice = made.columns.choice
    found = []
    for column, heading in enumerate(made.headings.headings):
        if not heading or column in choice.indexes.values() or is_private(heading):
            continue
        cells = column_cells(made.grid, column, made.body, heading)
        is_no_text = cells.mostly(CellKind.DATE, CellKind.FIGURE, CellKind.CODE)
        if is_something_else(heading) or is_no_text:
            continue
        is_text = [each for each in meanings(heading) if each.field == "text"]
        is_likely = any(fits(each, heading, cells) for each in is_text)
        found.append((not is_likely, -cells.count(CellKind.PROSE), column))
    return [column for *_, column in sorted(found)]


# -- what was found


def _report(made: SheetList, findings: Findings) -> None:
    choice = made.columns.choice
    if len(made.headings.rows) > 1:
        lines = [str(made.grid.lines[index]) for index in made.headings.rows]
        remark = Remark(kinds.TWO_ROWS, f"rows {join_words(lines)}", "one")
        findings.add(remark, made.grid.place(made.headings.rows[-1], 0))
    for remark, where in choice.remarks:
        findings.add(remark, where)


def _found(made: SheetList) -> FoundList:
    choice = made.columns.choice
    indexes = {name: choice.indexes[name] for name in FIELDS if name in choice.indexes}
    columns = {}
    for name, column in indexes.items():
        letters, heading = column_letters(column + 1), choice.heading(column)
        columns[name] = ReadColumn(letters, heading, name, choice.whys[name])
    used = set(indexes.values())
    unused = []
    for column, why in sorted(choice.unused.items()):
        if column not in used and not choice.is_empty(column):
            letters, heading = column_letters(column + 1), choice.heading(column)
            unused.append(ReadColumn(letters, heading, "", why))
    return FoundList(
        grid=made.grid,
        heading_index=made.headings.rows[-1],
        heading_rows=made.headings.rows,
        body=made.body,
        columns=columns,
        indexes=indexes,
        unused=tuple(unused),
        sheet_list=made,
    )
