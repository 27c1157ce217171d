"""What a paper states is written beside it, and its paragraphs are found again after the paper was
edited.
"""

from __future__ import annotations

import copy
import io
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.document import Document
from docx.text.paragraph import Paragraph
from papers import CASES

import papergen
from papergen.cli import main
from papergen.drafting.traces import printed_paragraphs, statements, trace_of

PLAN = CASES["post-inspection-drafted"].with_name("plan.yaml")
NAME = "2012-11-08-hwb-post-inspection-drafted"


@pytest.fixture(scope="module")
def drafted() -> tuple[bytes, dict[str, Any]]:
    sources = papergen.load(CASES["post-inspection-drafted"])
    program = papergen.compile(sources)
    draft = program.draft("hwb", trace=True)
    return draft.docx, trace_of(draft, program.store, sources)


def test_a_trace_has_the_text_the_place_and_the_values_of_what_is_stated(
    drafted: tuple[bytes, dict[str, Any]],
) -> None:
    data, trace = drafted
    paragraphs = {(each.part, each.index): each for each in printed_paragraphs(data)}
    assert (trace["board"], trace["meeting"], trace["as_at"]) == ("hwb", "2012-11-08", "2012-10-31")
    for entry in trace["paragraphs"]:
        if entry["part"].startswith("word/"):
            paragraph = paragraphs[entry["part"], entry["index"]]
            assert entry["text"] == paragraph.text
            assert entry["bookmark"] in (*paragraph.bookmarks, None)
        assert entry["facts"]
        for fact in entry["facts"]:
            assert fact["where"].split(":")[0].endswith(("plan.yaml", "bodies.yaml")), fact


def test_what_a_cell_states_is_the_value_that_it_prints(
    drafted: tuple[bytes, dict[str, Any]],
) -> None:
    cells = [entry for entry in drafted[1]["paragraphs"] if entry["cell"]]
    texts = {
        fact["value"]: entry["text"]
        for entry in cells
        for fact in entry["facts"]
        if fact["path"].endswith(".text")
    }
    assert len(texts) == 12
    assert all(value == text for value, text in texts.items())


def edited(data: bytes) -> Document:
    return docx.Document(io.BytesIO(data))


def paragraph_of(document: Document, text: str) -> Any:
    return next(paragraph for paragraph in document.paragraphs if text in paragraph.text)


def saved(document: Document) -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def states(trace: dict[str, Any], data: bytes) -> dict[str, tuple[str, str]]:
    asked = {fact["path"] for entry in trace["paragraphs"] for fact in entry["facts"]}
    entries = [entry for entry in trace["paragraphs"] if entry["facts"]]
    found = statements(trace, asked, data)
    return {
        entry["bookmark"]: (each.state, each.text)
        for entry, each in zip(entries, found, strict=True)
        if entry["bookmark"] is not None
    }


def change(data: bytes) -> bytes:
    """Words edited, a paragraph inserted before it, another deleted, one split, one moved."""
    document = edited(data)
    words = paragraph_of(document, "was drawn up in July")
    words.runs[0].text = words.runs[0].text.replace("was ", "had been ")
    words.insert_paragraph_before("An officer's own paragraph.")
    deleted = paragraph_of(document, "Work on Phase")._p
    deleted.getparent().remove(deleted)
    split = paragraph_of(document, "The Programme Board monitors")
    first, rest = split.runs[0].text[:30], split.runs[0].text[30:]
    split.runs[0].text = first
    following = copy.deepcopy(paragraph_of(document, "An officer's own")._p)
    split._p.addnext(following)
    Paragraph(following, split._parent).text = rest
    moved, after = (
        paragraph_of(document, "There is a risk of"),
        paragraph_of(document, "The purpose of this report"),
    )
    after._p.addprevious(moved._p)
    return saved(document)


def check(trace: dict[str, Any], data: bytes) -> None:
    now = states(trace, data)
    by_text = {text: state for state, text in now.values()}
    assert (
        next(state for text, state in by_text.items() if "had been drawn up in July" in text)
        == "edited"
    )
    assert (
        next(
            state
            for text, state in by_text.items()
            if text.startswith("The Programme Board monitors")
        )
        == "edited"
    )
    assert (
        next(state for text, state in by_text.items() if text.startswith("There is a risk of"))
        == "as drafted"
    )
    assert [text for state, text in now.values() if state == "gone"] == [
        "Work on Phase\xa02 is suspended."
    ]
    assert sum(state == "edited" for state, _ in now.values()) == 2


def test_what_is_stated_is_told_from_what_decided_the_words(
    drafted: tuple[bytes, dict[str, Any]],
) -> None:
    _, trace = drafted

    def stated(beginning: str) -> dict[str, bool]:
        facts = next(
            each["facts"]
            for each in trace["paragraphs"]
            if (each["text"] or "").startswith(beginning)
        )
        return {fact["path"]: fact["stated"] for fact in facts}

    risk = stated("There is a risk of")
    assert {path for path, is_stated in risk.items() if is_stated} >= {
        f"plan.risks[0].{name}" for name in ("event", "cause", "consequence", "controls[0]")
    }
    counts = stated("As at 31\xa0October 2012, half of the actions")
    statuses = {path: is_stated for path, is_stated in counts.items() if path.endswith(".status")}
    assert len(statuses) == 12
    assert not any(statuses.values())
    assert counts["plan.phases[0].number"]


def test_an_edited_paragraph_is_found_again(drafted: tuple[bytes, dict[str, Any]]) -> None:
    data, trace = drafted
    assert {state for state, _ in states(trace, data).values()} == {"as drafted"}
    check(trace, change(data))


@pytest.mark.needs_office
def test_it_is_found_again_after_libreoffice_has_saved_the_file(
    drafted: tuple[bytes, dict[str, Any]], tmp_path: Path
) -> None:
    data, trace = drafted
    (tmp_path / "in.docx").write_bytes(change(data))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = [
        "soffice",
        profile,
        "--headless",
        "--convert-to",
        "docx:MS Word 2007 XML",
        "--outdir",
        "out",
        "in.docx",
    ]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=120)
    check(trace, (tmp_path / "out" / "in.docx").read_bytes())


def test_the_command_line_writes_traces_and_finds_facts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("plan.yaml", "bodies.yaml", "drafted.yaml"):
        shutil.copy(PLAN.with_name(name), tmp_path)
    monkeypatch.chdir(tmp_path)
    assert main(["draft", "drafted.yaml", "--board", "hwb", "--trace", "--no-cache"]) == 0
    assert (
        json.loads(Path(f"drafts/{NAME}.trace.json").read_text(encoding="utf-8"))["plan"]["id"]
        == "post-inspection"
    )
    capsys.readouterr()
    assert main(["facts", "plan.yaml", "services-case-audit"]) == 0
    said = capsys.readouterr().out
    assert "10\xa0October\xa02012, overdue" in said.replace("10 October", "10\xa0October").replace(
        "October 2012", "October\xa02012"
    )
    assert "status = not-started" in said
    assert main(["facts", "plan.yaml", "adoption", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert {each["state"] for each in found["statements"]} == {"as drafted"}


@pytest.mark.parametrize("content", ["", "[]", "{", '{"format": 99, "plan": {}}'])
def test_a_file_that_is_no_trace_is_told(
    content: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "x.trace.json").write_text(content, encoding="utf-8")
    assert main(["facts", "plan.yaml", "x", "--in", str(tmp_path)]) == 3
    assert "file-unreadable" in capsys.readouterr().err


def test_a_folder_without_traces_is_told_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["facts", "plan.yaml", "x", "--in", str(tmp_path / "gone")]) == 3
    assert "--trace" in capsys.readouterr().err
