"""Lists of actions from the file to the paper: a council's whole tracker, lists that tend to be read
wrong, and the answers that settle what a list leaves open.
"""

from __future__ import annotations

import html
import json
import re
import sqlite3
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from batch_runs import Office, here, lines_of
from openpyxl import load_workbook
from places import CASES

import papergen
from papergen.batch.events import ListReading
from papergen.cli import main
from papergen.drafting import named_list
from papergen.model.action_list import ActionsFrom
from papergen.readers import read
from papergen.workbook.listed import ListedActions
from papergen.workbook.reading import Certainty
from papergen.workbook.reading_plain import from_plain

RIVERMEAD = CASES / "lists" / "rivermead"
BOARDS = ("cabinet", "osc", "audit")
MOST_LINES = 15
FIRST_LINE = "tracker.xlsx, sheet “Action tracker”: 25 actions are read; headings in row 5"
Said = tuple[int, str, str]
Command = Callable[..., Said]


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The tracker of Rivermead with its paper for three boards, in a folder of its own."""
    folder = tmp_path / "rivermead"
    copytree(RIVERMEAD, folder)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("PAPERGEN_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("PAPERGEN_DEBUG", raising=False)
    monkeypatch.setattr("papergen.batch.pool.local", lambda _: here())
    return folder


@pytest.fixture
def command(capfd: pytest.CaptureFixture[str]) -> Command:
    def run(*arguments: str) -> Said:
        capfd.readouterr()
        code = main(list(arguments))
        out, err = capfd.readouterr()
        assert "Traceback" not in out + err
        return code, out, err

    return run


def answer(command: Command) -> str:
    """Paste the answers that `papergen read --json` proposes into the plan; the lines."""
    answers = json.loads(command("read", "paper.yaml", "--json")[1])["answers"]
    plan = Path("plan.yaml").read_text(encoding="utf-8")
    assert plan.count("actions: tracker.xlsx\n") == 1
    Path("plan.yaml").write_text(plan.replace("actions: tracker.xlsx\n", answers), "utf-8")
    assert isinstance(answers, str)
    return answers


# -- a whole tracker as a council keeps it


def questions_printed(out: str) -> list[str]:
    """The lines of questions that a command has printed."""
    lines = out.splitlines()
    starts = [at for at, line in enumerate(lines) if line.startswith("Questions (")]
    if not starts:
        return []
    (start,) = starts
    after = [at for at, line in enumerate(lines) if at > start and not line.startswith(" ")]
    return lines[start : after[0]]


def test_the_first_run_is_without_a_fault_and_asks_little(desk: Path, command: Command):
    code, out, err = command("draft", "paper.yaml", "--out", "out")
    assert (code, err) == (0, "")
    assert out.splitlines()[0] == FIRST_LINE
    assert 0 < len(questions_printed(out)) <= MOST_LINES
    assert "To see all of it, and what to write in plan.yaml: papergen read paper.yaml" in out
    assert len(list(Path("out").glob("*.docx"))) == len(BOARDS)


def test_with_the_answers_nothing_is_asked(desk: Path, command: Command):
    answers = answer(command)
    group = read(answers.encode(), "plan.yaml").value["actions"]
    assert ActionsFrom.model_validate(group).file == "tracker.xlsx"
    code, out, err = command("read", "paper.yaml", "--strict")
    assert (code, err) == (0, "")
    assert questions_printed(out) == []
    code, out, err = command("draft", "paper.yaml", "--out", "out")
    assert (code, err) == (0, "")
    assert questions_printed(out) == []
    assert "papergen read" not in out


def secrets() -> list[str]:
    """What the hidden column and the struck row hold, but their headings."""
    sheet = load_workbook(RIVERMEAD / "tracker.xlsx")["Action tracker"]
    assert sheet.column_dimensions["D"].hidden
    hidden = [sheet.cell(row, 4).value for row in range(6, sheet.max_row + 1)]
    struck = [cell.value for cell in sheet[24] if cell.value and cell.font.strike]
    texts = [value for value in (*hidden, *struck) if isinstance(value, str)]
    assert "members unhappy" in texts
    assert "Relocate the staff canteen" in texts
    assert len(set(texts)) >= 7
    return texts


def plain(text: str) -> str:
    """Text without the tags, entities, escapes and quotation marks that a file puts between."""
    text = html.unescape(re.sub(r"<[^<>]*>", "", text))
    text = re.sub(r"\\u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), text)
    return " ".join(re.sub(r"[’‘'\"“”\\]", "", text).casefold().split())


def contents(folder: Path) -> Iterator[tuple[str, str]]:
    """Every file below a folder, every part of a package, and every value of a manifest, as text."""
    for path in folder.rglob("*"):
        if path.suffix == ".docx":
            with zipfile.ZipFile(path) as package:
                for part in package.namelist():
                    yield f"{path.name}/{part}", package.read(part).decode("utf-8", "replace")
        elif path.suffix == ".db":
            for value in values_of(path):
                yield path.name, value
        elif path.is_file():
            yield path.name, path.read_bytes().decode("utf-8", "replace")


def values_of(database: Path) -> Iterator[str]:
    """Every value of a manifest, as text; what is compressed as it was before."""
    with closing(sqlite3.connect(database)) as connection:
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        for (table,) in tables.fetchall():
            for row in connection.execute(f'SELECT * FROM "{table}"'):
                for value in row:
                    is_bytes = isinstance(value, bytes)
                    yield zlib.decompress(value).decode() if is_bytes else str(value)


def leaks(folder: Path, *printed: str) -> dict[str, list[str]]:
    """By secret, the files and parts that hold it, and whether it is printed."""
    texts = [(name, plain(text)) for name, text in contents(folder)]
    texts += [("what is printed", plain(text)) for text in printed]
    found = {
        secret: [name for name, text in texts if plain(secret) in text] for secret in secrets()
    }
    return {secret: names for secret, names in found.items() if names}


@pytest.mark.parametrize("is_answered", [False, True])
def test_what_is_hidden_or_struck_is_in_no_paper_and_no_trace(
    desk: Path, command: Command, is_answered: bool
):
    if is_answered:
        answer(command)
    code, out, err = command("draft", "paper.yaml", "--out", "out", "--trace")
    assert code == 0
    names = {name for name, _ in contents(Path("out"))}
    assert len([name for name in names if name.endswith("/word/document.xml")]) == len(BOARDS)
    assert len([name for name in names if name.endswith(".trace.json")]) == len(BOARDS)
    read_out = command("read", "paper.yaml")[1]
    read_json = command("read", "paper.yaml", "--json")[1]
    assert leaks(Path("out"), out, err, read_out, read_json) == {}


def test_what_is_hidden_or_struck_is_not_in_what_a_batch_leaves(desk: Path, command: Command):
    code, out, err = command("batch", "paper.yaml", "--out", "out", "--json")
    assert code == 0
    _, report, _ = command("batch", "report", "out", "--csv")
    assert {"manifest.db", "index.html", "lists.csv"} <= {name for name, _ in contents(Path("out"))}
    assert leaks(Path("out"), out, err, report) == {}


def test_what_is_struck_is_found_where_it_is_asked_for(desk: Path, command: Command):
    """So the tests above look where it would be."""
    group = "actions:\n  file: tracker.xlsx\n  struck_through: read\n"
    plan = Path("plan.yaml").read_text("utf-8").replace("actions: tracker.xlsx\n", group)
    Path("plan.yaml").write_text(plan, "utf-8")
    assert command("draft", "paper.yaml", "--out", "out", "--trace")[0] == 0
    names = leaks(Path("out"))["Relocate the staff canteen"]
    assert len([name for name in names if name.endswith("/word/document.xml")]) >= len(BOARDS)
    assert len([name for name in names if name.endswith(".trace.json")]) == len(BOARDS)
    assert command("batch", "paper.yaml", "--out", "batch")[0] == 0
    names = leaks(Path("batch"))["Relocate the staff canteen"]
    assert "manifest.db" in names


# -- questions as faults


def test_strict_makes_questions_faults(desk: Path, command: Command, update: bool):
    assert command("draft", "paper.yaml", "--out", "out")[0] == 0
    code, out, _ = command("draft", "paper.yaml", "--out", "strict", "--strict", "--json")
    assert code == 4
    assert not Path("strict").exists()
    problems = json.loads(out)["problems"]
    asked = [problem for problem in problems if problem["code"] == "list-question"]
    (reading,) = papergen.load("paper.yaml").readings
    assert [problem["where"]["cell"] for problem in asked] == [
        entry.where[0].cell for entry in reading.of(Certainty.QUESTION)
    ]
    for problem in asked:
        start, group = problem["hint"].split("\n", 1)
        assert start == "Answer it in plan.yaml:"
        values = read(group.encode(), "plan.yaml").value["actions"]
        assert ActionsFrom.model_validate(values | {"file": "tracker.xlsx"})
    _, _, err = command("draft", "paper.yaml", "--out", "strict", "--strict")
    printed = re.findall(r"^\S.*: list-question: .*\n(?:    .*\n)+", err, re.MULTILINE)
    assert len(printed) == len(asked)
    path = CASES / "lists" / "strict.txt"
    if update:
        path.write_text("".join(printed), encoding="utf-8")
    assert "".join(printed) == path.read_text(encoding="utf-8")


# -- the same reading everywhere


def test_the_interface_for_python_has_the_reading(desk: Path, command: Command):
    (reading,) = papergen.load("paper.yaml").readings
    assert (reading.source, reading.sheets[0].actions) == ("tracker.xlsx", 25)
    files = {path.as_posix(): path.read_bytes() for path in Path().rglob("*.*") if path.is_file()}
    assert papergen.load(files).readings == (reading,)
    assert papergen.compile(papergen.load("paper.yaml")).sources.readings == (reading,)
    for arguments in (("draft", "paper.yaml", "--json"), ("draft", "paper.yaml", "--json")):
        printed = json.loads(command(*arguments)[1])["readings"]
        assert [from_plain(one) for one in printed] == [reading]
    printed = json.loads(command("read", "paper.yaml", "--json")[1])["reading"]
    assert from_plain(printed) == reading


def test_a_draft_from_the_cache_prints_the_same_reading(
    desk: Path, command: Command, monkeypatch: pytest.MonkeyPatch
):
    def printed() -> str:
        out = command("draft", "paper.yaml", "--out", "out")[1]
        return out.partition("To see all of it")[0]

    def refuse(*_: Any, **__: Any) -> ListedActions:
        raise AssertionError("the list is read again")

    first = printed()
    assert first.startswith(FIRST_LINE)
    monkeypatch.setattr(named_list, "read_action_list", refuse)
    assert printed() == first


def test_a_list_that_has_changed_is_read_again(desk: Path, command: Command):
    command("draft", "paper.yaml", "--out", "out")
    workbook = load_workbook("tracker.xlsx")
    workbook["Action tracker"]["F8"] = "sometime"
    workbook.save("tracker.xlsx")
    out = command("draft", "paper.yaml", "--out", "out")[1]
    assert "“sometime”" in out


def second_paper() -> Path:
    """Another paper for the same boards, about the same list."""
    path = Path("other.yaml")
    text = Path("paper.yaml").read_text("utf-8").replace("title:", "id: other\ntitle:", 1)
    path.write_text(text, "utf-8")
    return path


def test_a_batch_has_one_reading_for_all_boards_and_papers_of_a_list(desk: Path, command: Command):
    second_paper()
    code, out, _ = command("batch", "paper.yaml", "other.yaml", "--out", "out")
    assert code == 0
    assert len(list(Path("out").glob("*.docx"))) == 2 * len(BOARDS)
    assert out.splitlines()[0] == f"{FIRST_LINE} (for 2 papers)"
    assert out.count("actions are read; headings in row") == 1
    (reading,) = papergen.load("paper.yaml").readings
    for entry in reading.entries:
        words = " ".join(out.split())
        assert words.count(" ".join(entry.kind.message.split())) == 1, entry.kind.code

    lines = lines_of(command("batch", "paper.yaml", "other.yaml", "--out", "json", "--json")[1])
    events = [line for line in lines if line["event"] == "reading"]
    assert [(from_plain(one["reading"]), one["papers"]) for one in events] == [
        (reading, ["paper.yaml", "other.yaml"])
    ]

    code, out, _ = command("batch", "report", "out")
    assert code == 0
    assert out.count(FIRST_LINE) == 1
    page = Path("out/index.html").read_text("utf-8")
    for entry in reading.entries:
        sentence = html.escape(entry.kind.message, quote=False)
        assert page.count(sentence[1:].replace("'", "&#39;")) == 1, entry.kind.code
    reported = json.loads(command("batch", "report", "out", "--json")[1])["lists"]
    assert [from_plain(one["reading"]) for one in reported] == [reading]


def test_a_batch_that_goes_on_has_the_reading_once(desk: Path, command: Command):
    other = second_paper()
    good = other.read_text("utf-8")
    other.write_text(good.replace("{{ plan }}", "{{ plan.tite }}"), "utf-8")
    (reading,) = papergen.load("paper.yaml").readings
    papers = ["paper.yaml", "other.yaml"]

    first = Office()
    assert first.run(*papers).failed == len(BOARDS)
    other.write_text(good, "utf-8")
    office = Office()
    summary = office.run(resume=True)
    assert (summary.failed, summary.done) == (0, len(BOARDS))
    for events in (first.events, office.events, summary.readings):
        assert [event for event in events if isinstance(event, ListReading)] == [
            ListReading(reading, papers)
        ]
    assert command("batch", "--resume", "--out", "out")[1].count(FIRST_LINE) == 1
