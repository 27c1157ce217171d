"""Lists of actions as councils keep them: read to the right actions, or to faults at their
cells.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import places
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.cell import Cell
from small_papers import BODIES, paper_of, paragraphs, write_paper

import papergen
from papergen.dates import PartialDate
from papergen.errors import PapergenError
from papergen.workbook import ActionList, list_notes, read_action_list

CASES = places.CASES / "actions" / "lists.txt"
AS_AT = PartialDate(2012, 10, 31)
HEAD, *BLOCKS = CASES.read_text(encoding="utf-8").split("\n=== ")
TITLES = {block.partition("\n")[0]: block.partition("\n")[2] for block in BLOCKS}


def put(cell: Cell, text: str) -> None:
    kind, _, value = text.partition(":")
    if kind == "d":
        cell.value = date.fromisoformat(value)
    elif kind == "n":
        cell.value = int(value)
    elif kind == "!":
        cell.value, cell.data_type = value, "e"
    elif text:
        cell.value = text


def workbook(source: str) -> bytes:
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    orders = [line[1:].split(" ", 1) for line in source.split("\n") if line.startswith("@")]
    grid = re.sub(r"^@.*\n?", "", source, flags=re.MULTILINE)
    # A line that has no bar continues the cell before.
    rows = (
        re.sub(r"\n(?=[^|\n]*\| Responsible)", "\n", re.sub(r"\n(?=taken)", "\x01", grid))
        .rstrip("\n")
        .split("\n")
    )
    for number, row in enumerate(rows, 1):
        for column, text in enumerate(row.split("|"), 1):
            put(sheet.cell(number, column), text.strip().replace("\x01", "\n"))
    other = None
    for order, rest in orders:
        if order == "merge":
            sheet.merge_cells(rest)
        elif order == "hide":
            sheet.row_dimensions[int(rest)].hidden = True
        elif order == "sheet":
            other = other or made.create_sheet("Other")
            other.append([text.strip() for text in rest.split("|")])
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def file_of(source: str) -> tuple[bytes, str]:
    if source.startswith("@csv\n"):
        return source.removeprefix("@csv\n").encode(), "list.csv"
    return workbook(source), "list.xlsx"


def outcome(data: bytes, name: str) -> str:
    try:
        listed = read_action_list(data, name, as_at=AS_AT)
    except PapergenError as fault:
        return "".join(f"{problem}\n    {problem.hint}\n" for problem in fault.problems)
    lines = list_notes(listed)
    for action in listed.rows:
        fields = "; ".join(
            f"{key} {value!r}" for key, value in action.fields.items() if value is not None
        )
        lines.append(f"row {action.row}: {fields}")
    return "\n".join(lines) + "\n"


def test_there_are_as_many_cases_as_there_were() -> None:
    assert len(TITLES) >= 20


@pytest.mark.parametrize("title", TITLES)
def test_a_list_is_read_as_written_beside_it(title: str, update: bool) -> None:
    source, _, expected = TITLES[title].partition("\n---\n")
    if update:
        return
    assert outcome(*file_of(source)) == expected.rstrip("\n") + "\n"


def test_the_cases_can_be_written_anew(update: bool) -> None:
    """All at once, whichever process runs it: run `--update` before any other run."""
    if update:
        sources = {title: block.partition("\n---\n")[0] for title, block in TITLES.items()}
        blocks = [
            f"\n=== {title}\n{source}\n---\n{outcome(*file_of(source))}"
            for title, source in sources.items()
        ]
        CASES.write_text(
            "\n".join([HEAD.rstrip("\n"), *blocks]).replace("\n\n\n", "\n\n"), encoding="utf-8"
        )


def rows_of(listed: ActionList) -> list[str | None]:
    return [action.fields["text"] for action in listed.rows]


def test_fifty_thousand_rows_are_read() -> None:
    text = "Ref,Action,Owner,Due\n" + "".join(
        f"{n},Do thing {n},Lead,30/10/2012\n" for n in range(50_000)
    )
    listed = read_action_list(text.encode(), "list.csv", as_at=AS_AT)
    assert (len(listed.rows), listed.rows[-1].fields["due"]) == (50_000, "2012-10-30")


def test_more_rows_than_any_list_has_are_refused() -> None:
    with pytest.raises(PapergenError) as caught:
        read_action_list(b"Action\n" + b"x\n" * 100_001, "list.csv", as_at=AS_AT)
    assert [problem.code for problem in caught.value.problems] == ["file-too-large"]


def test_a_cell_far_away_is_refused_before_all_cells_up_to_it_are_laid_out() -> None:
    made = Workbook()
    made.active["A1"], made.active["XFD1048576"] = "Action", "x"
    stream = io.BytesIO()
    made.save(stream)
    with pytest.raises(PapergenError) as caught:
        read_action_list(stream.getvalue(), "list.xlsx", as_at=AS_AT)
    assert [problem.code for problem in caught.value.problems] == ["file-too-large"]


def test_a_quotation_mark_that_is_never_closed_swallows_no_rows() -> None:
    with pytest.raises(PapergenError) as caught:
        read_action_list(b'Action,Owner\n"Train,x\nAudit,y\n', "list.csv", as_at=AS_AT)
    assert "quotation marks" in caught.value.problems[0].hint


def package(**parts: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name.replace("__", "/"), text)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "(.xls)"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 60 + "EncryptedPackage".encode("utf-16-le"), "password"),
        (package(**{"content.xml": "<x/>"}), "(.ods)"),
        (package(**{"xl__workbook.bin": "x"}), "(.xlsb)"),
        (package(**{"word__document.xml": "x"}), "not a workbook"),
        (package(**{"xl__workbook.xml": "<x"}), "cannot be read"),
        (b"PK\x03\x04 broken", "damaged"),
        (b"%PDF-1.7", "not a workbook"),
        (b"", "empty"),
        (b"\0\1\2", "not a workbook"),
    ],
)
def test_what_is_no_list_is_refused_with_what_to_do(data: bytes, said: str) -> None:
    with pytest.raises(PapergenError) as caught:
        read_action_list(data, "list.xlsx", as_at=AS_AT)
    (problem,) = caught.value.problems
    assert (problem.code, said in problem.message, bool(problem.hint)) == (
        "file-unreadable",
        True,
        True,
    ), problem


def test_a_bomb_is_refused() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b" " * (70 * 1024 * 1024))
    with pytest.raises(PapergenError) as caught:
        read_action_list(stream.getvalue(), "list.xlsx", as_at=AS_AT)
    assert caught.value.problems[0].code == "file-too-large"


@settings(max_examples=200, deadline=None)
@given(st.lists(st.lists(st.text(max_size=20), min_size=3, max_size=3), max_size=5))
def test_any_text_in_any_cell_is_read_or_is_a_fault(rows: list[list[str]]) -> None:
    stream = io.StringIO()
    csv.writer(stream).writerows([["Action", "Due", "RAG"], *rows])
    try:
        data = stream.getvalue().encode()
    except UnicodeEncodeError:
        return
    try:
        listed = read_action_list(data, "list.csv", as_at=AS_AT)
    except PapergenError as fault:
        problems, texts = list(fault.problems), []
    else:
        problems, texts = [], rows_of(listed)
    assert all(problem.hint for problem in problems)
    assert all(texts)


# -- in a plan


def drafted(
    folder: Path, text: str, plan: dict[str, Any], listed: bytes, name: str = "list.csv"
) -> list[str]:
    path = write_paper(folder, paper_of(text), plan=plan | {"actions": name}, bodies=BODIES)
    (folder / name).write_bytes(listed)
    return paragraphs(papergen.compile(papergen.load(path)).draft("hwb"))


def test_the_actions_of_a_plan_come_from_its_list(tmp_path: Path) -> None:
    listed = b"Ref,Action,Owner,Due\n1,Train & <learn>,director of childrens services,30/10/12\n2,{{ audit }},,\n"
    text = "{% for a in plan.actions %}{{ a.ref }} {{ a.text }}, {{ a.owner|name }}; {% endfor %}"
    (said,) = drafted(tmp_path, text, {}, listed)
    assert said.startswith(
        "1 Train & <learn>, Director of Children’s Services; 2 {{ audit }}, [to be confirmed: "
        "owner of"
    )


def test_an_owner_may_be_given_by_the_name_of_who_holds_one_post(tmp_path: Path) -> None:
    register = """
bodies:
  - {id: hwb, name: Board, powers: [note]}
posts:
  - {id: dcs, title: Director, holders: [{person: pat}]}
  - {id: head, title: Head, holders: [{person: both}]}
  - {id: deputy, title: Deputy Head, holders: [{person: both}]}
people:
  - {id: pat, name: Pat O'Lee}
  - {id: both, name: Sam Both}
"""
    path = write_paper(
        tmp_path,
        paper_of("{{ (plan.actions|first).owner|name }}"),
        plan={"actions": "list.csv"},
        bodies=register,
    )
    (tmp_path / "list.csv").write_bytes("Action,Owner\nTrain,PAT O’LEE\n".encode())
    assert paragraphs(papergen.compile(papergen.load(path)).draft("hwb")) == ["Director"]
    (tmp_path / "list.csv").write_bytes(b"Action,Owner\nTrain,Sam Both\n")
    with pytest.raises(PapergenError) as caught:
        papergen.load(path)
    assert [problem.code for problem in caught.value.problems] == ["unknown-id"]


def test_they_join_the_workstreams_that_the_plan_has(tmp_path: Path) -> None:
    plan = {
        "phases": [
            {"id": "p", "number": "1", "workstreams": [{"id": "homes", "title": "Safe homes"}]}
        ]
    }
    listed = b"Theme,Action\nSafe Homes,One\nOther,Two\nhomes,Three\n"
    text = "{% for w in plan.workstreams %}{{ w.title }}: {{ w.actions|count }}; {% endfor %}"
    assert drafted(tmp_path, text, plan, listed) == ["Safe homes: 2; Other: 1;"]


def test_faults_are_told_at_their_cells(tmp_path: Path) -> None:
    listed = b"Action,Owner,Due\nTrain,Director of Childrens Servics,31/11/12\n"
    with pytest.raises(PapergenError) as caught:
        drafted(tmp_path, "x", {}, listed)
    told = [(str(problem.where), problem.code) for problem in caught.value.problems]
    assert told == [
        (f"{tmp_path / 'list.csv'}!B2", "unknown-id"),
        (f"{tmp_path / 'list.csv'}!C2", "bad-date"),
    ]
    with pytest.raises(PapergenError) as caught:
        drafted(tmp_path, "x", {}, listed.replace(b"31/11/12", b"30/11/12"))
    (problem,) = caught.value.problems
    assert (str(problem.where), problem.code) == (f"{tmp_path / 'list.csv'}!B2", "unknown-id")


def test_what_is_wrong_in_a_cell_hides_nothing_that_is_wrong_elsewhere(tmp_path: Path) -> None:
    listed = b"Action,Owner,Due\nTrain,Director of Childrens Servics,31/11/12\nMend,,30/11/12\n"
    with pytest.raises(PapergenError) as caught:
        drafted(tmp_path, "x {{ plan.tite }}", {}, listed)
    assert sorted(problem.code for problem in caught.value.problems) == [
        "bad-date",
        "undefined-name",
        "unknown-id",
    ]


def test_a_share_of_completion_is_no_date(tmp_path: Path) -> None:
    path = write_paper(tmp_path, paper_of("x"), plan={"actions": "list.csv"})
    (tmp_path / "list.csv").write_bytes(b"Action,% complete,Percent complete\nTrain,100%,50\n")
    assert (
        papergen.load(path)
        .notes[1]
        .endswith("not used: the columns “% complete”, “Percent complete”.")
    )


def test_a_list_that_is_missing_is_told_at_the_plan(tmp_path: Path) -> None:
    path = write_paper(tmp_path, paper_of("x"), plan={"actions": "gone.xlsx"})
    with pytest.raises(PapergenError) as caught:
        papergen.load(path)
    assert [problem.code for problem in caught.value.problems] == ["file-missing"]


def test_how_a_list_was_read_is_among_the_notes(tmp_path: Path) -> None:
    path = write_paper(tmp_path, paper_of("x"), plan={"actions": "list.csv"})
    (tmp_path / "list.csv").write_bytes(b"Action,Budget\nTrain,1\n")
    notes = papergen.load(path).notes
    assert [note.partition(": ")[2] for note in notes] == [
        "1 action is read. Columns: “Action”: the action.",
        "not used: the columns “Budget”.",
    ]
