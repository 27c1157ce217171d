"""Which lists are found in files as councils keep them, and what their columns are read as."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import places
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.utils import column_index_from_string, range_boundaries
from test_headings import KNOWN

from papergen.dates import PartialDate
from papergen.errors import Location, PapergenError
from papergen.workbook.columns.find_lists import FoundList, find_lists
from papergen.workbook.columns.heading_names import FIELDS, USUAL_NAMES
from papergen.workbook.reading import Answer, Certainty, Findings
from papergen.workbook.settings import ListSettings
from papergen.workbook.sheets import Cell, Grid, Merge, Moment, Number

CASES = places.CASES / "actions" / "find_lists.txt"
HEAD, *BLOCKS = CASES.read_text(encoding="utf-8").split("\n=== ")
TITLES = [block.partition("\n")[0] for block in BLOCKS]
SHARED = Path("/work/shared/cases")
NO_SETTINGS = ListSettings()


# -- files from text


def cell_of(text: str) -> Cell:
    kind, _, value = text.partition(":")
    if kind in ("d", "m"):
        date = PartialDate.parse(value)
        return Moment(date, f"{date.first:%b-%y}" if kind == "m" else value, kind == "m")
    if kind == "n":
        return Number(float(value), value)
    if kind == "%":
        return Number(float(value) / 100, f"{value}%", is_share=True)
    return text or None


def merge_of(reference: str) -> Merge:
    left, top, right, bottom = (edge or 0 for edge in range_boundaries(reference))
    return top, left, bottom, right


def grid_of(source: str, name: str) -> Grid:
    rows: list[list[Cell]] = []
    orders: dict[str, str] = {}
    for line in source.split("\n"):
        if line.startswith("@"):
            order, _, rest = line[1:].partition(" ")
            orders[order] = rest
        else:
            rows.append([cell_of(cell.strip()) for cell in line.split("|")])
    merges = [merge_of(each.strip()) for each in orders.get("merge", "").split(",") if each]
    hidden = [column_index_from_string(each) - 1 for each in orders.get("hide", "").split()]
    return Grid(
        source="list.xlsx" if name else "list.csv",
        sheet=name,
        rows=rows,
        lines=list(range(1, len(rows) + 1)),
        visible="hidden" not in orders,
        hidden_columns=frozenset(hidden),
        merges=tuple(merges),
    )


def file_of(source: str) -> tuple[list[Grid], ListSettings]:
    plan: dict[str, Any] = {"columns": {}}
    for name, value in re.findall(r"^@plan ([\w.]+): (.*)$", source, re.MULTILINE):
        group, _, key = name.partition(".")
        if key:
            plan[group][key] = value
        elif name == "sheets":
            plan[name] = tuple(value.split(", "))
        else:
            plan[name] = int(value) if value.isdigit() else value
    source = re.sub(r"^@plan .*\n?", "", source, flags=re.MULTILINE).rstrip("\n")
    first, *others = re.split(r"^@sheet ", source, flags=re.MULTILINE)
    grids = []
    if first.strip() or not others:
        is_text = not others and "@" not in first
        grids.append(grid_of(first.rstrip("\n"), "" if is_text else "Sheet"))
    for other in others:
        name, _, rest = other.rstrip("\n").partition("\n")
        grids.append(grid_of(rest, name))
    return grids, ListSettings(**plan)


def read(grids: list[Grid], plan: ListSettings = NO_SETTINGS) -> tuple[list[FoundList], Findings]:
    findings = Findings()
    return find_lists(grids, grids[0].source, plan, findings), findings


# -- what was found, as text


def in_words(grids: list[Grid], plan: ListSettings) -> Iterator[str]:
    try:
        lists, findings = read(grids, plan)
    except PapergenError as error:
        for problem in error.problems:
            yield f"fault: {problem}"
            yield f"    {problem.hint}"
        return
    for found in lists:
        lines = [str(found.grid.lines[index]) for index in found.heading_rows]
        rows = f"{found.body.start + 1} to {found.body.stop}"
        yield f"{found.grid.sheet or 'list'}: headings in {' and '.join(lines)}, rows {rows}"
        for name, column in found.columns.items():
            yield f"  {name}: {column.letters} “{column.heading}” – {column.why}"
        for column in found.unused:
            yield f"  {column.letters} “{column.heading}” – {column.why}"
    for entry in findings.entries():
        places = ", ".join(where.cell or where.source for where in entry.where)
        answers = "; ".join(map(answer_in_words, entry.answers))
        yield f"{entry.level}: {entry.kind.code} at {places}" + (f" [{answers}]" if answers else "")


def answer_in_words(answer: Answer) -> str:
    if answer.key:
        return f"{answer.setting}: {{{answer.key}: {answer.value}}}"
    return f"{answer.setting}: {answer.value}"


@pytest.mark.parametrize("title", TITLES)
def test_lists_are_found(title: str, update: bool):
    block = BLOCKS[TITLES.index(title)]
    _, _, body = block.partition("\n")
    source, _, expected = f"{body}\n".partition("---\n")
    found = "\n".join(in_words(*file_of(source)))
    if update:
        head, *blocks = CASES.read_text(encoding="utf-8").split("\n=== ")
        blocks[TITLES.index(title)] = f"{title}\n{source}---\n{found}\n"
        CASES.write_text("\n=== ".join([head, *blocks]), encoding="utf-8")
        return
    assert found == expected.strip("\n")


# -- the files of the cases


def cell_of_workbook(cell: Any) -> Cell:
    match cell.value:
        case datetime():
            return Moment(PartialDate.of(cell.value.date()), f"{cell.value:%d/%m/%Y}")
        case bool() | None:
            return cell.value
        case int() | float():
            is_share = "%" in cell.number_format
            shown = f"{cell.value:.0%}" if is_share else f"{cell.value:g}"
            return Number(float(cell.value), shown, is_share)
        case _:
            return str(cell.value)


def grids_of_workbook(path: Path) -> list[Grid]:
    if path.suffix == ".csv":
        with path.open(encoding="utf-8", newline="") as stream:
            rows: list[list[Cell]] = [[cell or None for cell in row] for row in csv.reader(stream)]
        return [Grid(path.name, "", rows, list(range(1, len(rows) + 1)))]
    grids = []
    for sheet in load_workbook(path):
        rows = [[cell_of_workbook(cell) for cell in row] for row in sheet.iter_rows()]
        hidden = {
            column_index_from_string(letters) - 1
            for letters, column in sheet.column_dimensions.items()
            if column.hidden
        }
        merges = [merge_of(str(each)) for each in sheet.merged_cells.ranges]
        grid = Grid(
            source=path.name,
            sheet=sheet.title,
            rows=rows,
            lines=list(range(1, len(rows) + 1)),
            visible=sheet.sheet_state == "visible",
            hidden_columns=frozenset(hidden),
            merges=tuple(merges),
        )
        grids.append(grid)
    return grids


PLAIN = "ref: A, text: B, owner: C, due: D, status: E"
TRACKER = "ref: A, text: C, owner: D, workstream: B, due: E, rating: F"
FOUND = {
    "01-data-row-as-headings/list.xlsx": "missing-field",
    "02-date-completed-ignored/list.csv": "ref: A, text: B, owner: C, due: D, completed: E",
    "03-column-without-heading/list.xlsx": "ref: A, text: B, owner: C, status: F",
    "06-status-tail/list.csv": f"{PLAIN}, rating: F",
    "08-action-twice/list.csv": PLAIN,
    "11-share-as-update/list.xlsx": f"{PLAIN}, share: F",
    "19-merged-owner-and-date/list.xlsx": PLAIN,
    "20-two-heading-rows/list.xlsx": (
        "ref: A, text: B, owner: C, due: D, revised_due: E, status: F"
    ),
    "21-notes-cut-at-forty/list.xlsx": PLAIN,
    "23-no-list-found/list.csv": PLAIN,
    "24-progress-and-comments/list.csv": (
        "ref: A, text: B, responsible: C, due: D, status: E, comment: F"
    ),
    "25-hidden-column/list.xlsx": "ref: A, text: B, owner: C, due: E, status: F",
    "27-month-cells/list.xlsx": PLAIN,
    "a_green100/t.xlsx": f"{TRACKER}, share: H, comment: G",
    "d2_two_updates/t.xlsx": f"{TRACKER}, comment: H",
    "d3_hidden_comments_only/t.xlsx": f"{TRACKER}, share: H",
    "d_hidden_comments/t.xlsx": f"{TRACKER}, comment: H",
    "n2_bands/t.xlsx": "ref: A, text: B, owner: C, due: D, rating: E, comment: F",
    "o_two_sheets/t.xlsx": (f"{TRACKER}, share: H, comment: G; {TRACKER}, comment: G"),
    "t_terms/t.xlsx": f"{PLAIN}, comment: F",
}
QUESTIONS = {
    "03-column-without-heading/list.xlsx": ["heading-merged"],
    "25-hidden-column/list.xlsx": ["column-hidden"],
    "d3_hidden_comments_only/t.xlsx": ["column-hidden"],
    "o_two_sheets/t.xlsx": ["sheets-several"],
}


@pytest.mark.skipif(not SHARED.exists(), reason="the shared cases are not here")
@pytest.mark.parametrize("name", FOUND)
def test_the_lists_of_the_cases_are_found(name: str):
    grids = grids_of_workbook(SHARED / "lists" / name)
    if FOUND[name] == "missing-field":
        with pytest.raises(PapergenError, match=r"A1: missing-field: .* row 1 .*“Description”"):
            read(grids)
        return
    lists, findings = read(grids)
    columns = [
        ", ".join(f"{field}: {column.letters}" for field, column in found.columns.items())
        for found in lists
    ]
    assert "; ".join(columns) == FOUND[name]
    asked = [entry.kind.code for entry in findings.entries() if entry.level is Certainty.QUESTION]
    assert asked == QUESTIONS.get(name, [])


@pytest.mark.skipif(not SHARED.exists(), reason="the shared cases are not here")
def test_the_tracker_of_rivermead_is_found_without_a_question():
    grids = grids_of_workbook(SHARED / "rivermead" / "tracker_original.xlsx")
    (found,), findings = read(grids)
    assert found.grid.lines[found.heading_index] == 5
    assert {name: column.letters for name, column in found.columns.items()} == {
        "ref": "A",
        "text": "C",
        "owner": "E",
        "workstream": "B",
        "due": "F",
        "rating": "G",
        "share": "I",
        "comment": "H",
    }
    assert [column.letters for column in found.unused] == ["D"]
    entries = {entry.kind.code: entry.level for entry in findings.entries()}
    assert entries == {"sheet-not-read": Certainty.NOTE, "column-private": Certainty.NOTE}


# -- single rules


def test_headings_repeated_on_each_page_are_known_again():
    grid = grid_of(
        "Ref | Action | Owner\n1 | Do it | Ann\nREF | Action | Owner:\n2 | Go | Bob", "S"
    )
    ((found,), _) = read([grid])
    assert [index for index in found.body if found.repeats_headings(index)] == [2]


def test_an_answer_for_two_columns_of_one_heading_has_letters():
    grid = grid_of("Action | Status | Status\nMend the roof | Open | Closed", "S")
    _, findings = read([grid])
    (question,) = findings.entries()
    assert question.answers == (Answer("columns", "B", "status"),)
    _, answered = read([grid], ListSettings(columns={"status": "C"}))
    assert not [entry for entry in answered.entries() if entry.level is Certainty.QUESTION]


def test_sheets_with_odd_names_are_answered_by_their_names():
    grids = [
        grid_of("Ref | Action\n1 | Mend the roof", "Live: 2025/26"),
        grid_of("Ref | Action\n2 | Paint the door", "Jo's"),
    ]
    _, findings = read(grids)
    (question,) = findings.entries()
    assert question.answers == (Answer("sheets", "Live: 2025/26"), Answer("sheets", "Jo's"))


def test_the_place_of_a_column_is_its_heading():
    grid = grid_of("Plan\n\nRef | Action | Wobble\n1 | Mend the roof | x", "S")
    _, findings = read([grid])
    (entry,) = findings.entries()
    assert entry.where == (Location("list.xlsx", 3, 3, cell="S!C3"),)


def test_the_headings_are_among_the_first_sixty_rows_that_hold_anything():
    above = "\n\n".join(f"Sentence {number} of the guidance" for number in range(59))
    rows = "\nRef | Action | Owner\n1 | Mend the roof | Ann"
    ((found,), _) = read([grid_of(above + rows, "S")])
    assert found.grid.rows[found.heading_index][0] == "Ref"
    with pytest.raises(PapergenError):
        read([grid_of("One more sentence\n" + above + rows, "S")])


# -- lists from headings and cells of each kind

HEADINGS: dict[str, list[str]] = {name: names.split(", ") for name, names in USUAL_NAMES.items()}
OTHERS = [heading for heading, named in KNOWN if not named and heading not in ("Key", "Legend")]
for heading, named in KNOWN:
    if named and named[0][1] > 1:
        HEADINGS[named[0][0]].append(heading)
# What these are read as depends on the cells below them, of which other tests are.
HEADINGS["comment"].remove("progress")
HEADINGS["comment"].remove("Progress")
HEADINGS["comment"].remove("PROGRESS")
CELLS = {
    "ref": ["1.1", "A2", "R3.4"],
    "text": ["Mend the roof of the hall", "Train all of the staff", "Paint the door in blue"],
    "owner": ["Head of Service", "Ann Bell", "Chief Executive"],
    "responsible": ["Midshire Trust", "Police", "The Board"],
    "workstream": ["Money", "People", "Money"],
    "phase": ["1", "2", "2"],
    "priority": ["High", "Low", "High"],
    "due": ["31/03/2025", "Autumn 2025", "TBC"],
    "revised_due": ["30/06/2025", "", "June 2026"],
    "status": ["Open", "In progress", "Not started"],
    "completed": ["30/03/2025", "", ""],
    "rating": ["R", "A", "G"],
    "share": ["50%", "0%", "100%"],
    "comment": ["Well on the way by now", "A draft has been sent", "Nothing has been done so far"],
    "evidence": ["Minutes of 3 May", "Register", ""],
    "signed_off": ["Audit Committee", "", "Board"],
}
OTHER_CELLS = [
    ["x", "y", "z"],
    ["01/02/2025", "02/02/2025", "03/02/2025"],
    ["Words of no use at all", "Other words of no use", "Still more words of no use"],
    ["4", "17", "200"],
    ["Finance", "Finance", "ICT"],
    ["", "", ""],
]
NAMES = st.lists(st.sampled_from([name for name in FIELDS if name != "text"]), unique=True)


@st.composite
def plans(draw: st.DrawFn) -> tuple[list[tuple[str, str, list[str]]], int]:
    """The columns of a list: field, heading and cells; empty for a gap. And the rows above it."""
    columns = []
    for name in draw(st.permutations(["text", *draw(NAMES)])):
        heading = draw(st.sampled_from(HEADINGS[name]))
        if heading.islower():
            heading = draw(st.sampled_from([str, str.capitalize, str.upper, str.title]))(heading)
        columns.append((name, heading, CELLS[name]))
    for heading in draw(st.lists(st.sampled_from(OTHERS), max_size=3)):
        place = draw(st.integers(0, len(columns)))
        columns.insert(place, ("", heading, draw(st.sampled_from(OTHER_CELLS))))
    if draw(st.booleans()):
        columns.insert(draw(st.integers(0, len(columns))), ("", "", ["", "", ""]))
    return columns, draw(st.integers(0, 3))


@given(plans())
@settings(max_examples=300, deadline=None)
def test_each_column_is_read_as_what_it_was_made_for(
    plan: tuple[list[tuple[str, str, list[str]]], int],
):
    columns, above = plan
    rows: list[list[Cell]] = [["Plan of the board"] for _ in range(above)]
    rows.append([heading or None for _, heading, _ in columns])
    rows += [[cells[row] or None for _, _, cells in columns] for row in range(3)]
    grid = Grid("list.csv", "", rows, list(range(1, len(rows) + 1)))
    ((found,), findings) = read([grid])
    assert found.heading_rows == (above,)
    made = {name: place for place, (name, *_) in enumerate(columns) if name}
    assert dict(found.indexes) == made
    assert list(found.indexes) == [name for name in FIELDS if name in made]
    asked = [entry.kind.code for entry in findings.entries() if entry.level is Certainty.QUESTION]
    assert "due" in made or asked in ([], ["column-date-unclear"])
    assert "due" not in made or not asked


ANY_CELL = st.one_of(
    st.none(),
    st.sampled_from([each for names in HEADINGS.values() for each in names[:3]]),
    st.sampled_from([each for cells in CELLS.values() for each in cells if each]),
    st.text(max_size=12),
    st.booleans(),
    st.floats(-1, 1e5).map(lambda value: Number(value, f"{value:g}")),
    st.dates().map(lambda day: Moment(PartialDate.of(day), day.isoformat())),
)
ANY_ROWS = st.lists(st.lists(ANY_CELL, max_size=6), max_size=8)
ANY_MERGE = st.tuples(*[st.integers(1, 6)] * 4).map(
    lambda each: (min(each[0], each[2]), min(each[1], each[3]), max(each[0::2]), max(each[1::2]))
)


@given(ANY_ROWS, st.lists(ANY_MERGE, max_size=3), st.frozensets(st.integers(0, 5), max_size=2))
@settings(max_examples=300, deadline=None)
def test_any_sheet_is_a_list_or_a_fault(
    rows: list[list[Cell]],
    merges: list[Merge],
    hidden: frozenset[int],
):
    grid = Grid(
        source="list.xlsx",
        sheet="S",
        rows=rows,
        lines=list(range(1, len(rows) + 1)),
        merges=tuple(merges),
        hidden_columns=hidden,
    )
    lists: list[FoundList] = []
    with suppress(PapergenError):
        lists, _ = read([grid])
    last = 0
    for found in lists:
        assert "text" in found.columns
        assert not hidden.intersection(found.indexes.values())
        assert last <= found.heading_rows[0] <= found.heading_index < found.body.start
        assert not {column.letters for column in found.columns.values()} & {
            column.letters for column in found.unused
        }
        last = found.body.stop
    assert last <= len(rows)


def test_a_long_list_is_one_list():
    rows: list[list[Cell]] = [["Ref", "Action", "Owner", "Due date", "Status", "Update"]]
    for number in range(5_000):
        text = f"Do the thing that is called {number}"
        rows.append([f"A{number}", text, "Ann", "31/03/2025", "Open", f"Week {number} of it"])
    grid = Grid("list.csv", "", rows, list(range(1, len(rows) + 1)))
    ((found,), _) = read([grid])
    assert len(found.body) == 5_000
