"""What docs/authoring.md says of lists of actions: its list is read as the page prints it, its
answers settle it, and its tables name what there is.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from doc_pages import Block, blocks, rows, text_of
from openpyxl import Workbook
from places import ROOT

import papergen
from papergen.cli import main
from papergen.model.action_list import ActionsFrom
from papergen.readers import read
from papergen.workbook.columns.heading_names import FIELDS
from papergen.workbook.columns.headings import meanings
from papergen.workbook.reading import Certainty, Reading
from papergen.workbook.status_words import CLOSED, STATUSES
from papergen.workbook.words import words_of

PAGE = "docs/authoring.md"
ABOUT_LISTS = "### A list of actions in Excel"
KINDS = "#### What is recognised, and what is asked"
COLUMNS = "##### Columns"
STATUS = "##### Status and ratings"
PRINTED = "reading of tracker.xlsx"

Command = Callable[..., str]


def block(about: str) -> Block:
    """The one example of the page whose fence says this."""
    found = [
        each
        for each in blocks("yaml", "text")
        if each.page.name == "authoring.md" and each.about == about
    ]
    (one,) = found
    return one


def tracker() -> bytes:
    """The list of the page, the first table of its section, as a workbook."""
    section = text_of(PAGE).split(f"\n{ABOUT_LISTS}\n", 1)[1]
    table = re.search(r"(?:^\|.*\n)+", section, re.MULTILINE)
    assert table
    lines = [line for line in table[0].splitlines() if not line.startswith("|---")]
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.title = "Tracker"
    for line in lines:
        sheet.append([cell.strip() or None for cell in line.strip("|").split("|")])
    data = io.BytesIO()
    workbook.save(data)
    return data.getvalue()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The small paper of the page, with the page's list in place of its actions."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tracker.xlsx").write_bytes(tracker())
    (tmp_path / "bodies.yaml").write_text(block("bodies.yaml").text, encoding="utf-8")
    (tmp_path / "paper.yaml").write_text(block("paper.yaml").text, encoding="utf-8")
    write_plan("actions: tracker.xlsx\n")
    return tmp_path


def write_plan(*parts: str) -> None:
    """The plan of the page, with these parts in place of its actions."""
    head = block("plan.yaml").text.split("\nphases:", 1)[0]
    Path("plan.yaml").write_text("\n".join([head, *parts]), encoding="utf-8")


@pytest.fixture
def command(folder: Path, capsys: pytest.CaptureFixture[str]) -> Command:
    """What a command prints in that folder; it succeeds."""

    def run(*arguments: str) -> str:
        assert main(list(arguments)) == 0
        out, err = capsys.readouterr()
        assert err == ""
        return out.replace("\u00a0", " ")

    return run


def reading_of_paper() -> Reading:
    (reading,) = papergen.load("paper.yaml").readings
    return reading


# -- the list of the page


def test_the_list_is_read_as_the_page_prints_it(command: Command, update: bool):
    printed = command("read", "paper.yaml")
    shown = block(PRINTED)
    if update:
        page = ROOT / PAGE
        old = f"```text {PRINTED}\n{shown.text}```\n"
        assert old in page.read_text(encoding="utf-8")
        new = page.read_text(encoding="utf-8").replace(old, f"```text {PRINTED}\n{printed}```\n")
        page.write_text(new, encoding="utf-8")
        shown = block(PRINTED)
    assert shown.text == printed


def test_the_answers_of_the_page_settle_its_list(folder: Path):
    assert reading_of_paper().of(Certainty.QUESTION)
    write_plan(block("answers-of-list.yaml").text)
    assert reading_of_paper().of(Certainty.QUESTION) == ()


def test_the_register_lacks_what_the_page_says(command: Command):
    (part,) = [
        each.text
        for each in blocks("yaml")
        if each.page.name == "authoring.md"
        and each.about == "part of bodies.yaml"
        and "s-patel" in each.text
    ]
    assert command("read", "paper.yaml", "--register") == part


def test_what_the_plan_adds_is_joined_to_the_list(folder: Path):
    write_plan(block("answers-of-list.yaml").text, block("joined-to-list.yaml").text)
    sources = papergen.load("paper.yaml")
    workstreams = [each for phase in sources.plan.phases for each in phase.workstreams]
    actions = [action for workstream in workstreams for action in workstream.actions]
    (joined,) = [action for action in actions if action.ref == "3.1"]
    assert joined.text.startswith("Share attendance data")
    assert joined.status == "complete"
    assert joined.evidence
    assert joined.signed_off is not None
    assert joined.outcome == "not-shown"
    assert len(actions) == 5
    (reading,) = sources.readings
    assert "joined" in {entry.kind.code for entry in reading.entries}


# -- the tables


def as_group(line: str) -> ActionsFrom:
    """The group `actions:` with one line of settings."""
    text = line if line.startswith("file:") else f"file: tracker.xlsx\n{line}"
    return ActionsFrom.model_validate(read(text.encode(), "plan.yaml").value)


def examples(cell: str) -> list[str]:
    """The lines of settings in a cell of a table."""
    return [code for code in re.findall(r"`([^`]+)`", cell) if ": " in code]


SETTINGS = {row[0].strip("`"): row[2] for row in rows(PAGE, "#### Answer in plan.yaml")}
ANSWERS = {
    row[3].strip("`"): examples(row[4])
    for row in rows(PAGE, KINDS)
    if len(row) == 5 and examples(row[4])
}


def test_every_setting_is_in_the_table_and_no_other():
    assert list(SETTINGS) == list(ActionsFrom.model_fields)


@pytest.mark.parametrize("name", SETTINGS)
def test_the_example_of_a_setting_is_one_that_a_plan_takes(name: str):
    (example,) = examples(SETTINGS[name])
    assert example.startswith(f"{name}: ")
    assert as_group(example).model_fields_set == {"file", name}


@pytest.mark.parametrize("code", ANSWERS)
def test_an_answer_of_the_tables_is_one_that_a_plan_takes(code: str):
    for example in ANSWERS[code]:
        assert as_group(example).model_fields_set - {"file"}


def test_every_field_of_a_list_is_in_the_table_and_no_other():
    fields = [row[0].strip("`") for row in rows(PAGE, COLUMNS) if len(row) == 3]
    assert fields == list(FIELDS)


def headings() -> list[tuple[str, str]]:
    table = [row for row in rows(PAGE, COLUMNS) if len(row) == 3]
    return [(row[0].strip("`"), heading) for row in table for heading in row[2].split(", ")]


@pytest.mark.parametrize(("field", "heading"), headings(), ids=lambda value: str(value))
def test_a_heading_of_the_table_names_its_field(field: str, heading: str):
    assert meanings(heading)[0].field == field


def status_words() -> list[tuple[str, str]]:
    table = [row for row in rows(PAGE, STATUS) if len(row) == 2]
    return [(row[0].strip("`"), word) for row in table for word in re.split(r"[,;] ", row[1])]


def test_every_meaning_of_a_status_is_in_the_table():
    assert {status for status, _ in status_words()} == set(STATUSES.values())


@pytest.mark.parametrize(("status", "word"), status_words(), ids=lambda value: str(value))
def test_a_word_of_the_table_is_read_as_its_status(status: str, word: str):
    if words_of(word) in CLOSED:
        assert status == "complete"
    elif not word.startswith("where "):
        assert STATUSES[words_of(word)] == status
