"""Putting papers into a folder: an officer's edit is never lost."""

from __future__ import annotations

import io
import json
import os
import zipfile
from pathlib import Path

import pytest

from papergen.errors import OutputError, Problem
from papergen.storage import files
from papergen.storage.drafts import write_papers
from papergen.storage.overwrite import FinishedPaper, Outcome, State
from papergen.word.package import package_hash

NAME = "2012-11-08-hwb-case.docx"
NEW = "2012-11-08-hwb-case (new).docx"
NEW_2 = "2012-11-08-hwb-case (new 2).docx"
EDITED = "2012-11-08-hwb-case (edited).docx"


def package(text: str, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """The least that has a content hash."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, data in (("[Content_Types].xml", "<Types/>"), ("word/document.xml", text)):
            # With a date of its own: two that are made a moment apart are the same bytes.
            archive.writestr(zipfile.ZipInfo(name), data, method)
    return stream.getvalue()


def paper(text: str, name: str = NAME) -> FinishedPaper:
    data = package(text)
    content_hash = package_hash(data)
    assert content_hash
    return FinishedPaper(name, data, content_hash, "sources")


def edit(path: Path, text: str = "what an officer wrote") -> bytes:
    path.write_bytes(package(text))
    return path.read_bytes()


def drafts(out: Path) -> set[str]:
    """What an officer sees in the folder."""
    return {name for name in os.listdir(out) if not name.startswith(".")}


def one(outcomes: list[Outcome]) -> tuple[State, str, str | None]:
    (outcome,) = outcomes
    return outcome.state, outcome.path.name, outcome.edited.name if outcome.edited else None


def test_a_first_draft_is_written_with_a_pristine_copy(tmp_path):
    out = tmp_path / "a" / "drafts"
    assert one(write_papers([paper("1")], out)) == (State.WRITTEN, NAME, None)
    assert drafts(out) == {NAME}
    assert (
        (out / NAME).read_bytes()
        == (out / ".papergen/pristine" / NAME).read_bytes()
        == package("1")
    )
    memory = json.loads((out / ".papergen/papers.json").read_text())
    assert memory["papers"][NAME]["content_hash"] == paper("1").content_hash
    assert memory["papers"][NAME]["source_hash"] == "sources"


def test_no_papers_are_no_outcomes(tmp_path):
    assert write_papers([], tmp_path) == []
    assert drafts(tmp_path) == set()


def test_the_same_draft_again_does_not_touch_the_file(tmp_path):
    write_papers([paper("1")], tmp_path)
    os.utime(tmp_path / NAME, (1, 1))
    assert one(write_papers([paper("1")], tmp_path)) == (State.SAME, NAME, None)
    assert (tmp_path / NAME).stat().st_mtime == 1


def test_the_same_content_packed_otherwise_is_the_same_draft(tmp_path):
    (tmp_path / NAME).write_bytes(package("1", zipfile.ZIP_STORED))
    assert one(write_papers([paper("1")], tmp_path)) == (State.SAME, NAME, None)


def test_a_draft_nobody_edited_is_replaced(tmp_path):
    write_papers([paper("1")], tmp_path)
    assert one(write_papers([paper("2")], tmp_path)) == (State.REPLACED, NAME, None)
    assert (
        (tmp_path / NAME).read_bytes()
        == (tmp_path / ".papergen/pristine" / NAME).read_bytes()
        == package("2")
    )
    assert drafts(tmp_path) == {NAME}


def test_an_edited_draft_stays_and_the_new_one_stands_beside_it(tmp_path):
    write_papers([paper("1")], tmp_path)
    edited = edit(tmp_path / NAME)
    assert one(write_papers([paper("2")], tmp_path)) == (State.BESIDE, NEW, NAME)
    assert (tmp_path / NAME).read_bytes() == edited
    assert (tmp_path / NEW).read_bytes() == package("2")
    assert (tmp_path / ".papergen/pristine" / NAME).read_bytes() == package("1"), (
        "the base of what was edited"
    )


def test_an_edited_draft_stays_and_nothing_is_put_beside_it_while_the_draft_is_the_one_that_was_edited(
    tmp_path,
):
    write_papers([paper("1")], tmp_path)
    edited = edit(tmp_path / NAME)
    assert one(write_papers([paper("1")], tmp_path)) == (State.KEPT, NAME, NAME)
    assert (tmp_path / NAME).read_bytes() == edited
    assert drafts(tmp_path) == {NAME}


def test_a_draft_that_was_cut_short_is_not_taken_for_an_edited_one(tmp_path):
    write_papers([paper("1")], tmp_path)
    (tmp_path / NAME).write_bytes(package("1")[:-10])
    assert one(write_papers([paper("1")], tmp_path)) == (State.BESIDE, NEW, NAME)
    assert (tmp_path / NEW).read_bytes() == package("1")


def test_the_new_draft_beside_an_edited_one_is_itself_replaced_until_edited(tmp_path):
    write_papers([paper("1")], tmp_path)
    first = edit(tmp_path / NAME, "first")
    write_papers([paper("2")], tmp_path)
    assert one(write_papers([paper("2")], tmp_path)) == (State.SAME, NEW, NAME)
    assert one(write_papers([paper("3")], tmp_path)) == (State.BESIDE, NEW, NAME)
    assert drafts(tmp_path) == {NAME, NEW}
    second = edit(tmp_path / NEW, "second")
    assert one(write_papers([paper("4")], tmp_path)) == (State.BESIDE, NEW_2, NAME)
    assert (tmp_path / NAME).read_bytes() == first
    assert (tmp_path / NEW).read_bytes() == second


@pytest.mark.parametrize(
    "content", [b"", b"not a zip", package("1")[:-10]], ids=["empty", "text", "cut short"]
)
def test_a_file_that_is_no_word_file_stays(tmp_path, content):
    (tmp_path / NAME).write_bytes(content)
    assert one(write_papers([paper("1")], tmp_path)) == (State.BESIDE, NEW, NAME)
    assert (tmp_path / NAME).read_bytes() == content


broken_memories = pytest.mark.parametrize(
    "memory",
    [
        b"",
        b"\xff",
        b"[]",
        b'{"format": 9, "papers": {}}',
        b'{"format": 1, "papers": {"a": 1}}',
        b'{"format": 1}',
        b"[" * 100_000,
    ],
    ids=["empty", "not text", "a list", "another format", "a number", "no papers", "deep"],
)


@broken_memories
def test_a_broken_memory_is_made_good_by_the_pristine_copies(tmp_path, memory):
    write_papers([paper("1")], tmp_path)
    (tmp_path / ".papergen/papers.json").write_bytes(memory)
    assert one(write_papers([paper("2")], tmp_path)) == (State.REPLACED, NAME, None)
    (tmp_path / ".papergen/papers.json").write_bytes(memory)
    edit(tmp_path / NAME)
    assert one(write_papers([paper("3")], tmp_path)) == (State.BESIDE, NEW, NAME)


@broken_memories
def test_without_pristine_copies_a_broken_memory_makes_every_file_count_as_edited(tmp_path, memory):
    write_papers([paper("1")], tmp_path)
    (tmp_path / ".papergen/papers.json").write_bytes(memory)
    (tmp_path / ".papergen/pristine" / NAME).unlink()
    assert one(write_papers([paper("2")], tmp_path)) == (State.BESIDE, NEW, NAME)
    assert (tmp_path / NAME).read_bytes() == package("1")
    assert one(write_papers([paper("2")], tmp_path)) == (State.SAME, NEW, NAME), (
        "and the memory is mended"
    )


def test_a_draft_that_was_deleted_is_written_again(tmp_path):
    write_papers([paper("1")], tmp_path)
    (tmp_path / NAME).unlink()
    assert one(write_papers([paper("1")], tmp_path)) == (State.WRITTEN, NAME, None)


def test_force_writes_over_an_edited_draft_and_keeps_what_it_held(tmp_path):
    write_papers([paper("1")], tmp_path)
    edited = edit(tmp_path / NAME)
    assert one(write_papers([paper("2")], tmp_path, force=True)) == (
        State.OVERWRITTEN,
        NAME,
        EDITED,
    )
    assert (tmp_path / NAME).read_bytes() == package("2")
    assert (tmp_path / EDITED).read_bytes() == edited
    again = edit(tmp_path / NAME, "again")
    write_papers([paper("3")], tmp_path, force=True)
    assert (tmp_path / EDITED).read_bytes() == edited
    assert (tmp_path / "2012-11-08-hwb-case (edited 2).docx").read_bytes() == again


def test_force_keeps_no_copy_of_a_draft_nobody_edited(tmp_path):
    write_papers([paper("1")], tmp_path)
    assert one(write_papers([paper("2")], tmp_path, force=True)) == (State.REPLACED, NAME, None)
    assert drafts(tmp_path) == {NAME}


def test_nothing_is_written_while_one_of_the_files_is_open_and_all_open_ones_are_named(tmp_path):
    names = ["2012-11-08-hwb-case.docx", "2012-11-20-lscb-case.docx", "2012-12-01-ctb-case.docx"]
    write_papers([paper("1", name) for name in names], tmp_path)
    for name in names[1:]:
        (tmp_path / f".~lock.{name}#").touch()
    with pytest.raises(OutputError) as caught:
        write_papers([paper("2", name) for name in names], tmp_path)
    assert [problem.code for problem in caught.value.problems] == ["output-locked", "output-locked"]
    assert all((tmp_path / name).read_bytes() == package("1") for name in names)


def test_an_open_file_that_needs_no_writing_is_no_problem(tmp_path):
    write_papers([paper("1")], tmp_path)
    (tmp_path / f".~lock.{NAME}#").touch()
    assert one(write_papers([paper("1")], tmp_path)) == (State.SAME, NAME, None)
    edit(tmp_path / NAME)
    assert one(write_papers([paper("2")], tmp_path)) == (State.BESIDE, NEW, NAME)


def test_two_papers_of_one_name_are_a_problem_whatever_their_capitals(tmp_path):
    with pytest.raises(OutputError) as caught:
        write_papers([paper("1", "a.docx"), paper("2", "A.docx")], tmp_path)
    assert [problem.code for problem in caught.value.problems] == ["output-name"]
    assert drafts(tmp_path) == set()


def test_a_folder_whose_place_a_file_takes_is_a_problem(tmp_path):
    (tmp_path / "drafts").touch()
    with pytest.raises(OutputError) as caught:
        write_papers([paper("1")], tmp_path / "drafts")
    assert [problem.code for problem in caught.value.problems] == ["output-unwritable"]


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="this system has no /proc")
def test_a_folder_that_cannot_be_made_is_a_problem():
    with pytest.raises(OutputError) as caught:
        write_papers([paper("1")], Path("/proc/drafts"))
    assert [problem.code for problem in caught.value.problems] == ["output-unwritable"]


def test_a_write_that_fails_is_an_outcome_and_the_other_papers_are_remembered(
    tmp_path, monkeypatch
):
    names = ["a.docx", "b.docx", "c.docx"]
    write_papers([paper("1", name) for name in names], tmp_path)
    replace = os.replace

    def fail_for_b(source: str, target: Path) -> None:
        if Path(target) == tmp_path / "b.docx":
            raise OSError(28, "No space left on device")
        replace(source, target)

    monkeypatch.setattr(files.os, "replace", fail_for_b)
    outcomes = write_papers([paper("2", name) for name in names], tmp_path)
    monkeypatch.undo()
    assert [outcome.state for outcome in outcomes] == [State.REPLACED, State.FAILED, State.REPLACED]
    assert isinstance(outcomes[1].problem, Problem)
    assert outcomes[1].problem.code == "output-full"
    assert (tmp_path / "b.docx").read_bytes() == package("1")
    assert drafts(tmp_path) == set(names)
    assert [
        outcome.state for outcome in write_papers([paper("3", name) for name in names], tmp_path)
    ] == [State.REPLACED] * 3


def test_nothing_is_overwritten_when_the_edited_copy_cannot_be_kept(tmp_path, monkeypatch):
    write_papers([paper("1")], tmp_path)
    edited = edit(tmp_path / NAME)

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, "replace", fail)
    (outcome,) = write_papers([paper("2")], tmp_path, force=True)
    assert outcome.state is State.FAILED
    assert (tmp_path / NAME).read_bytes() == edited
    assert drafts(tmp_path) == {NAME}


@pytest.mark.parametrize("name", ["papers.json", "pristine/b.docx"])
def test_a_paper_that_was_written_and_cannot_be_remembered_is_told_as_written(
    tmp_path, monkeypatch, name
):
    replace = os.replace

    def fail(source: str, target: Path) -> None:
        if Path(target) == tmp_path / ".papergen" / name:
            raise OSError(28, "No space left on device")
        replace(source, target)

    monkeypatch.setattr(files.os, "replace", fail)
    outcomes = write_papers([paper("1", "a.docx"), paper("1", "b.docx")], tmp_path)
    assert [outcome.state for outcome in outcomes] == [State.WRITTEN, State.WRITTEN]
    assert (tmp_path / "b.docx").read_bytes() == package("1")
    problem = outcomes[1].problem
    assert problem is not None
    assert problem.code == "output-full"
    assert "the paper itself is written" in problem.message
    assert (outcomes[0].problem is None) == (name != "papers.json")


def test_nothing_is_written_where_nothing_can_be_remembered(tmp_path):
    write_papers([paper("1", "a.docx")], tmp_path)
    (tmp_path / ".papergen" / "pristine" / "b.docx").mkdir()
    with pytest.raises(OutputError) as caught:
        write_papers([paper("2", "a.docx"), paper("2", "b.docx")], tmp_path)
    assert [problem.code for problem in caught.value.problems] == ["output-unwritable"]
    assert (tmp_path / "a.docx").read_bytes() == package("1")
    assert drafts(tmp_path) == {"a.docx"}
