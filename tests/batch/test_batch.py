"""`papergen batch`: which papers it makes, what becomes of each, and how a run is continued."""

from __future__ import annotations

import errno
import os
import re
import shlex
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import places
import pytest
from batch_runs import Office, command, edit, here, left_over, lines_of, papers_in, run_command
from many_papers import make_papers
from places import SAMPLES

from papergen.batch import placement
from papergen.batch.lock import lock_folder
from papergen.batch.pool import OpenPool
from papergen.batch.processes import WorkerLostError
from papergen.cli import main
from papergen.errors import BatchError, OutputError, PapergenError

CASES = places.CASES / "batch"
PLANS, BOARDS = 3, 4


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of its own, with `plans/`: three plans for four boards each."""
    monkeypatch.setenv("PAPERGEN_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("PAPERGEN_DEBUG", raising=False)
    folder = tmp_path / "desk"
    make_papers(folder / "plans", PLANS, BOARDS)
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def papergen(capfd: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """A command line's exit code, and what it wrote to standard output and standard error; with one
    process for its work.
    """

    def run(*arguments: str) -> tuple[int, str, str]:
        capfd.readouterr()
        code = main(list(arguments))
        out, err = capfd.readouterr()
        assert "Traceback" not in out + err
        return code, out, err

    return run


@pytest.fixture
def in_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command line's work is done in this process: what is tested is not its workers."""
    monkeypatch.setattr("papergen.batch.pool.local", lambda _: here())


@pytest.fixture
def undisturbed(desk: Path) -> dict[str, bytes]:
    """The papers of a run that nothing came between."""
    Office().run("plans", out="undisturbed")
    return papers_in("undisturbed")


def states(office: Office) -> dict[str, int]:
    found = [event.result.state for event in office.done]
    return {state: found.count(state) for state in found}


def problems_of(office: Office) -> set[tuple[str, str]]:
    return {
        (problem.code, event.board) for event in office.done for problem in event.result.problems
    }


# -- what is made


def test_papers_are_those_of_draft(desk: Path, papergen: Any):
    """By real workers: every sample, and the same bytes as when each is drafted alone."""
    shutil.copytree(SAMPLES, "samples")
    code, _, err = papergen(
        "batch", "samples", "samples/post-inspection/drafted.yaml", "--workers", "2", "--out", "all"
    )
    assert code == 0, err
    assert err == "", "quiet where there is no terminal"
    for paper in (
        "post-inspection/paper.yaml",
        "post-inspection-gaps/paper.yaml",
        "action-list/paper.yaml",
    ):
        assert papergen("draft", f"samples/{paper}", "--out", "one")[0] == 0
    assert papergen("draft", "samples/post-inspection/drafted.yaml", "--out", "one")[0] == 0
    assert papers_in("all") == papers_in("one")
    assert left_over("all") == []


def test_a_folder_stands_for_all_papers_in_it_and_below(desk: Path):
    hidden = desk / "plans" / ".git"
    shutil.copytree(desk / "plans" / "plan-001", hidden)
    office = Office()
    summary = office.run("plans", "plans/plan-002/paper.yaml", "plans/plan-002", out="plans/out")
    assert (summary.finished, dict(summary.outcomes)) == (True, {"written": PLANS * BOARDS})
    assert office.run("plans", out="plans/out").outcomes == {"same": PLANS * BOARDS}, (
        "its own papers are not looked into"
    )


def test_boards_and_meetings_choose_among_the_papers(desk: Path):
    office = Office()
    assert office.run("plans", boards=("board-002",), out="a").outcomes == {"written": PLANS}
    assert set(papers_in("a")) == {
        f"2012-11-06-board-002-plan-00{number}.docx" for number in (1, 2, 3)
    }
    assert office.run("plans", since="2012-11-06", until="2012-11-07", out="b").outcomes == {
        "written": 2 * PLANS
    }
    assert office.run("plans", since="2012-11", until="2012-11", out="c").outcomes == {
        "written": PLANS * BOARDS
    }
    assert office.run("plans", until="2012-11-05", out="d").outcomes == {"written": PLANS}


@pytest.mark.parametrize(
    ("meetings", "boards"),
    [("2012-11", BOARDS), ("2012-11-06", 1), ("2012-11-06..", 3), ("..2012-11-06", 2)],
)
def test_meetings_are_given_by_one_date_or_two(
    desk: Path, papergen: Any, in_process: None, meetings: str, boards: int
):
    assert papergen("batch", "plans", "--out", "out", "--meetings", meetings)[0] == 0
    assert len(papers_in("out")) == PLANS * boards


def test_the_brand_may_be_another(desk: Path, papergen: Any):
    Office().run("plans/plan-001/paper.yaml", brand="plain")
    papergen("draft", "plans/plan-001/paper.yaml", "--brand", "plain", "--out", "one")
    assert papers_in("out") == papers_in("one")


def test_a_run_without_shared_disk_makes_the_same(desk: Path, undisturbed: dict[str, bytes]):
    """As on a cluster: sources and papers travel as values."""
    office = Office(here(shares_disk=False))
    assert office.run("plans").outcomes == {"written": PLANS * BOARDS}
    assert papers_in("out") == undisturbed
    assert left_over("out") == []


# -- what is wrong with the command


WRONG = {
    "no path": ([], 2),
    "nothing to resume": (["--resume"], 2),
    "no such path": (["none"], 3),
    "no such folder": (["plans/plan-001/plan.yaml/none"], 3),
    "an empty folder": (["empty"], 3),
    "no such board": (["plans", "--board", "board-0"], 2),
    "no such meeting": (["plans", "--meetings", "2013-01.."], 2),
    "no such day": (["plans", "--meetings", "2012-11-31.."], 2),
    "no date at all": (["plans", "--meetings", "10/11/2012.."], 2),
    "no dates": (["plans", "--meetings", ".."], 2),
    "dates the wrong way round": (["plans", "--meetings", "2012-12..2012-11"], 2),
    "no workers": (["plans", "--workers", "0"], 2),
    "workers of a cluster": (["plans", "--workers", "2", "--scheduler", "tcp://127.0.0.1:1"], 2),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_command_makes_nothing_and_leaves_no_run(
    desk: Path, papergen: Any, in_process: None, name: str, update: bool
):
    (desk / "empty").mkdir()
    arguments, code = WRONG[name]
    found, out, err = papergen("batch", *arguments, "--out", "out")
    assert (found, out) == (code, "")
    golden(f"command {name}", err, update)
    assert papers_in("out") == {}
    assert Office().run("plans").finished, "nothing is left that would have to be resumed"


def golden(name: str, text: str, update: bool) -> None:
    path = CASES / f"{name}.txt"
    if update:
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


# -- faults are outcomes


def test_faults_of_some_papers_do_not_keep_the_others(
    desk: Path, papergen: Any, in_process: None, update: bool
):
    _spoil(desk)
    code, out, err = papergen("batch", "plans", "--out", "out")
    assert code == 7
    golden("faults", f"{_without_seconds(out)}----\n{err}", update)
    assert sorted(papers_in("out")) == [
        f"2012-11-0{day}-board-00{day - 4}-plan-003.docx" for day in (5, 6, 7, 8)
    ]
    assert left_over("out") == []


def _spoil(desk: Path) -> None:
    """One plan is not YAML, one paper asks for a brand that there is not."""
    plan = desk / "plans/plan-001/plan.yaml"
    plan.write_text(plan.read_text() + "\n\tnot: yaml\n")
    paper = desk / "plans/plan-002/paper.yaml"
    paper.write_text(
        paper.read_text().replace("brand: central-bedfordshire", "brand: central-bedford")
    )


def _without_seconds(text: str) -> str:
    return re.sub(r"\([\d.]+ seconds.*?\)", "(… seconds)", text)


def test_what_failed_is_done_when_it_is_mended(desk: Path, undisturbed: dict[str, bytes]):
    shutil.copytree("plans", "kept")
    _spoil(desk)
    office = Office()
    summary = office.run("plans")
    assert (summary.finished, summary.failed) == (True, 2 * BOARDS)
    shutil.rmtree("plans")
    shutil.move("kept", "plans")
    office = Office()
    summary = office.run(resume=True)
    assert dict(summary.outcomes) == {"written": PLANS * BOARDS}
    assert len(office.done) == 2 * BOARDS, "those that were done are not done again"
    assert papers_in("out") == undisturbed


def test_a_paper_that_cannot_be_read_at_all_is_a_failure_too(desk: Path):
    (desk / "plans/plan-002/paper.yaml").write_bytes(b"\xff\xfe")
    office = Office()
    summary = office.run("plans")
    assert summary.outcomes == {"written": 2 * BOARDS, "failed": 1}
    assert problems_of(office) == {("encoding", "")}
    assert summary.failures[0][1][0]["shown"] == "plans/plan-002/paper.yaml"


def test_two_plans_of_one_id_clash_at_each_board(desk: Path):
    for number in (1, 2):
        paper = desk / f"plans/plan-00{number}/paper.yaml"
        paper.write_text("id: same\n" + paper.read_text())
    office = Office()
    assert office.run("plans").outcomes == {"written": BOARDS, "failed": 2 * BOARDS}
    assert {code for code, _ in problems_of(office)} == {"output-name"}
    assert all("plan-003" in name for name in papers_in("out"))
    paper.write_text(paper.read_text().replace("id: same", "id: other"))
    assert Office().run(resume=True).outcomes == {"written": PLANS * BOARDS}


def test_two_boards_whose_names_give_the_same_file_name(desk: Path):
    """Board “a” with plan “x-plan”, and board “a-x” with “plan”, on one day."""
    for path in desk.glob("plans/**/*.yaml"):
        text = (
            path.read_text()
            .replace("board-001", "a")
            .replace("board-002", "a-x")
            .replace("2012-11-06", "2012-11-05")
        )
        path.write_text(text)
    for number, slug in ((1, "x-plan"), (2, "plan")):
        paper = desk / f"plans/plan-00{number}/paper.yaml"
        paper.write_text(f"id: {slug}\n{paper.read_text()}")
    office = Office()
    assert office.run("plans/plan-001", "plans/plan-002").outcomes == {
        "written": 2 * BOARDS - 2,
        "failed": 2,
    }
    assert problems_of(office) == {("output-name", "a"), ("output-name", "a-x")}
    assert "2012-11-05-a-x-plan.docx" not in papers_in("out")


def test_an_internal_error_in_one_paper_is_that_papers_outcome(
    desk: Path, monkeypatch: pytest.MonkeyPatch, update: bool
):
    from papergen.drafting.program import Program

    real = Program.draft_once

    def draft_once(program: Program, board: str) -> Any:
        if board == "board-003":
            raise KeyError("due")
        return real(program, board)

    monkeypatch.setattr(Program, "draft_once", draft_once)
    office = Office()
    assert office.run("plans").outcomes == {"written": PLANS * (BOARDS - 1), "failed": PLANS}
    assert problems_of(office) == {("batch-own-fault", "board-003")}
    golden("own fault", shown(office), update)


def test_files_that_change_while_the_run_is_on(desk: Path, update: bool):
    plan = desk / "plans/plan-003/plan.yaml"
    before = plan.read_text()

    def change(work: Any) -> None:
        if hasattr(work, "batches"):
            plan.write_text(before.replace("Action Plan", "Plan of Action"))

    office = Office(here(change))
    assert office.run("plans").outcomes == {"written": 2 * BOARDS, "failed": BOARDS}
    assert {code for code, _ in problems_of(office)} == {"batch-changed"}
    golden("changed", shown(office), update)
    plan.write_text(before)
    office = Office()
    assert office.run(resume=True).outcomes == {"written": PLANS * BOARDS}
    assert len(office.done) == BOARDS
    Office().run("plans", out="undisturbed")
    assert papers_in("out") == papers_in("undisturbed")


# -- stopping, continuing


def many(desk: Path) -> int:
    """Enough papers for several chunks: their number."""
    make_papers(desk / "many", 3, 25)
    return 75


def test_a_run_that_was_stopped_goes_on_with_resume(desk: Path):
    total = many(desk)
    Office().run("many", out="undisturbed")
    office = Office(stop_after=1)
    summary = office.run("many")
    done = len(office.done)
    assert (summary.finished, dict(summary.outcomes)) == (
        False,
        {"written": done, "pending": total - done},
    )
    assert 0 < done < total
    assert left_over("out") == []
    with pytest.raises(OutputError) as refused:
        Office().run("many")
    assert {problem.code for problem in refused.value.problems} == {"batch-unfinished"}
    office = Office()
    assert office.run(resume=True).outcomes == {"written": total}
    assert len(office.done) == total - done
    assert papers_in("out") == papers_in("undisturbed")
    assert Office().run("many").finished, "a finished run is no hindrance to the next"


def test_resume_on_a_new_folder_just_starts(desk: Path, undisturbed: dict[str, bytes]):
    assert Office().run("plans", resume=True).outcomes == {"written": PLANS * BOARDS}
    assert papers_in("out") == undisturbed


def test_resume_trusts_nothing_that_does_not_stand_in_the_folder_as_it_was_made(
    desk: Path, undisturbed: dict[str, bytes]
):
    Office().run("plans")
    names = sorted(undisturbed)
    gone, torn, empty = (desk / "out" / name for name in names[:3])
    gone.unlink()
    torn.write_bytes(torn.read_bytes()[:1000])
    empty.write_bytes(b"")
    office = Office()
    summary = office.run(resume=True)
    assert len(office.done) == 3
    assert states(office) == {"written": 1, "beside": 2}, (
        "what papergen did not write it does not write over"
    )
    assert summary.finished
    office = Office()
    office.run("plans", force=True)
    assert papers_in("out").items() >= undisturbed.items()


def test_sources_that_change_between_stop_and_resume(desk: Path):
    """Only the papers of what changed are made anew; all are then those of a run on the new
    files.
    """
    assert Office().run("plans").finished
    plan, paper = desk / "plans/plan-001/plan.yaml", desk / "plans/plan-002/paper.yaml"
    plan.write_text(plan.read_text().replace("grade: adequate", "grade: good"))
    paper.write_text(paper.read_text().replace("2012-11-08", "2012-12-08"))
    office = Office()
    summary = office.run(resume=True)
    assert {(event.shown, event.board) for event in office.done} == {
        (f"plans/plan-00{number}/paper.yaml", f"board-00{board}")
        for number in (1, 2)
        for board in (1, 2, 3, 4)
    }
    assert summary.finished
    Office().run("plans", out="fresh")
    old = "2012-11-08-board-004-plan-002.docx"
    assert {name: data for name, data in papers_in("out").items() if name != old} == papers_in(
        "fresh"
    )


def regrade(desk: Path, number: int = 1, before: str = "adequate", after: str = "good") -> None:
    """Change a fact that the plan's papers print."""
    plan = desk / f"plans/plan-00{number}/plan.yaml"
    text = plan.read_text()
    assert f"grade: {before}" in text
    plan.write_text(text.replace(f"grade: {before}", f"grade: {after}"))


def test_a_resumed_run_that_is_stopped_again_takes_nothing_old_for_done(desk: Path):
    total = many(desk)
    assert Office().run("many").finished
    for plan in (desk / "many").glob("plan-*/plan.yaml"):
        plan.write_text(plan.read_text().replace("grade: adequate", "grade: good"))
    assert not Office(stop_after=1).run(resume=True).finished
    office = Office()
    assert office.run(resume=True).finished
    assert 0 < len(office.done) < total
    Office().run("many", out="fresh")
    assert papers_in("out") == papers_in("fresh")


def test_what_failed_and_is_as_it_was_again_is_done(desk: Path):
    Office().run("plans")
    plan = desk / "plans/plan-001/plan.yaml"
    before = plan.read_text()
    plan.write_text(before.replace("status: complete", "status: done"))
    assert Office().run(resume=True).failed == BOARDS
    plan.write_text(before)
    office = Office()
    summary = office.run(resume=True)
    assert (summary.finished, len(office.done), dict(summary.outcomes)) == (
        True,
        0,
        {"written": PLANS * BOARDS},
    )


def test_a_run_that_is_stopped_before_it_began_goes_on_too(desk: Path):
    office = Office()
    office.events = _Stopping(office)
    with pytest.raises(KeyboardInterrupt):
        office.run("plans", boards=("board-001",))
    assert papers_in("out") == {}
    with pytest.raises(OutputError):
        Office().run("plans")
    assert Office().run(resume=True).outcomes == {"written": PLANS}


class _Stopping(list[Any]):
    """Events; with the first the run is asked to stop."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def append(self, event: Any) -> None:
        super().append(event)
        self._office.stop_after = 0


def test_a_paper_of_another_plan_is_not_written_over(desk: Path):
    Office().run("plans/plan-001")
    before = papers_in("out")
    shutil.copytree("plans", "others")
    other = desk / "others/plan-001/plan.yaml"
    other.write_text(other.read_text().replace("id: post-inspection-1", "id: another"))
    office = Office()
    assert office.run("others/plan-001").outcomes == {"failed": BOARDS}
    assert {code for code, _ in problems_of(office)} == {"output-name"}
    assert papers_in("out") == before


def test_a_template_that_changes_between_stop_and_resume(desk: Path):
    shutil.copytree(SAMPLES.parent / "templates/plain", "templates/plain")
    Office().run("plans", brand="plain")
    brand = desk / "templates/plain/brand.yaml"
    brand.write_text(brand.read_text().replace("Purpose", "Why this paper"))
    office = Office()
    office.run(resume=True)
    assert states(office) == {"replaced": PLANS * BOARDS}
    Office().run("plans", brand="plain", out="fresh")
    assert papers_in("out") == papers_in("fresh")


def test_jobs_that_are_not_asked_for_any_more_are_withdrawn(desk: Path):
    Office(stop_after=1).run("plans")
    summary = Office().run("plans/plan-003", boards=("board-004",), resume=True)
    assert (summary.finished, dict(summary.outcomes)) == (True, {"written": 1})


def test_a_clock_that_is_set_back_changes_nothing(desk: Path, undisturbed: dict[str, bytes]):
    backwards = iter([f"2012-11-{day:02}T09:00:00+00:00" for day in range(28, 0, -1)])
    many(desk)
    Office(stop_after=1, times=backwards).run("many")
    assert Office(times=backwards).run(resume=True).outcomes == {"written": 75}
    office = Office(times=backwards)
    assert office.run("plans", out="new").seconds > 0
    assert papers_in("new") == undisturbed


def test_two_runs_on_one_folder(desk: Path, undisturbed: dict[str, bytes]):
    refused = []

    class Second(Office):
        def run(self, *paths: str, **order: Any) -> Any:
            self.events = _Watched(refused)
            return super().run(*paths, **order)

    assert Second().run("plans").outcomes == {"written": PLANS * BOARDS}
    assert {problem.code for fault in refused for problem in fault.problems} == {"batch-running"}
    assert papers_in("out") == undisturbed


class _Watched(list[Any]):
    """Events; while the first comes in, another run on the same folder is tried."""

    def __init__(self, refused: list[PapergenError]) -> None:
        self._refused = refused

    def append(self, event: Any) -> None:
        if not self:
            try:
                Office().run("plans")
            except PapergenError as fault:
                self._refused.append(fault)
        super().append(event)


# -- officers' edits


def test_files_that_an_officer_has_edited_are_kept(desk: Path):
    Office().run("plans")
    name = "2012-11-05-board-001-plan-001.docx"
    edited = edit(desk / "out" / name)
    office = Office()
    office.run("plans")
    assert states(office) == {"kept": 1, "same": PLANS * BOARDS - 1}
    plan = desk / "plans/plan-001/plan.yaml"
    plan.write_text(plan.read_text().replace("grade: adequate", "grade: good"))
    office = Office()
    office.run("plans")
    assert states(office) == {"beside": 1, "replaced": BOARDS - 1, "same": (PLANS - 1) * BOARDS}
    (beside,) = (event.result for event in office.done if event.result.state == "beside")
    assert (beside.file, beside.edited) == ("2012-11-05-board-001-plan-001 (new).docx", name)
    assert (desk / "out" / name).read_bytes() == edited
    assert Office().run(resume=True).finished, "which draft stands beside is known"
    office = Office()
    office.run("plans", force=True)
    assert states(office) == {"overwritten": 1, "same": PLANS * BOARDS - 1}
    assert not (desk / "out/2012-11-05-board-001-plan-001 (new).docx").exists(), (
        "it is of no more use"
    )
    assert (desk / "out/2012-11-05-board-001-plan-001 (edited).docx").read_bytes() == edited


def test_to_write_over_edited_drafts_is_asked_for_anew_each_time(desk: Path):
    Office().run("plans", force=True)
    name = "2012-11-05-board-001-plan-001.docx"
    edited = edit(desk / "out" / name)
    office = Office()
    office.run(resume=True)
    assert states(office) == {"kept": 1}
    assert (desk / "out" / name).read_bytes() == edited
    regrade(desk)
    Office().run(resume=True)
    assert (desk / "out" / name).read_bytes() == edited
    office = Office()
    office.run(resume=True, force=True)
    assert states(office) == {"overwritten": 1}
    assert (desk / "out/2012-11-05-board-001-plan-001 (edited).docx").read_bytes() == edited


def test_an_edited_draft_that_is_open_in_word_is_not_written_over(
    desk: Path, papergen: Any, in_process: None
):
    Office().run("plans/plan-001")
    name = "2012-11-05-board-001-plan-001.docx"
    edited = edit(desk / "out" / name)
    regrade(desk)
    (desk / "out/~$12-11-05-board-001-plan-001.docx").write_bytes(b"")
    for _ in range(2):
        code, out, err = papergen("batch", "plans/plan-001", "--out", "out", "--force")
        assert (code, "output-locked" in err) == (7, True), out + err
    assert (desk / "out" / name).read_bytes() == edited
    assert not (desk / "out/2012-11-05-board-001-plan-001 (edited 2).docx").exists(), (
        "one copy is enough"
    )
    (desk / "out/~$12-11-05-board-001-plan-001.docx").unlink()
    assert papergen("batch", "--resume", "--out", "out", "--force")[0] == 0
    assert (desk / "out/2012-11-05-board-001-plan-001 (edited).docx").read_bytes() == edited


def test_an_edited_draft_beside_an_edited_paper_is_kept_as_well(desk: Path):
    Office().run("plans/plan-001")
    edit(desk / "out/2012-11-05-board-001-plan-001.docx")
    regrade(desk)
    Office().run("plans/plan-001")
    beside = desk / "out/2012-11-05-board-001-plan-001 (new).docx"
    edited = edit(beside)
    office = Office()
    office.run("plans/plan-001")
    assert states(office) == {"kept": 1, "same": BOARDS - 1}
    assert beside.read_bytes() == edited
    assert not (desk / "out/2012-11-05-board-001-plan-001 (new 2).docx").exists()


def test_a_paper_of_draft_that_was_open_in_word_is_still_known_as_papergens(
    desk: Path, papergen: Any
):
    papergen("draft", "plans/plan-001/paper.yaml", "--out", "out")
    regrade(desk)
    lock = desk / "out/~$12-11-05-board-001-plan-001.docx"
    lock.write_bytes(b"")
    office = Office()
    office.run("plans/plan-001")
    assert states(office) == {"failed": 1, "replaced": BOARDS - 1}
    lock.unlink()
    assert left_over("out") == [".papergen/papers.json"]
    office = Office()
    office.run(resume=True)
    assert states(office) == {"replaced": 1}


@pytest.mark.parametrize("cut", ["after the copy", "after the paper"])
def test_a_kill_between_a_paper_and_its_copy_leaves_no_file_taken_for_an_officers(
    desk: Path, papergen: Any, monkeypatch: pytest.MonkeyPatch, cut: str
):
    """Of papers that only their pristine copies know."""
    papergen("draft", "plans/plan-001/paper.yaml", "--out", "out")
    regrade(desk)

    class Killed(BaseException):
        pass

    def die(*_: Any, **__: Any) -> Any:
        raise Killed

    with monkeypatch.context() as patched:
        if cut == "after the copy":
            patched.setattr(placement, "carry_out", die)
        else:
            patched.setattr(Path, "replace", die)
        with pytest.raises(Killed):
            Office().run("plans/plan-001")
    office = Office()
    assert office.run(resume=True).finished
    assert set(states(office)) <= {"replaced", "same"}
    assert left_over("out") == [".papergen/papers.json"]
    Office().run("plans/plan-001", out="fresh")
    assert papers_in("out") == papers_in("fresh")


def test_papers_that_draft_put_there_are_papergens_own(desk: Path, papergen: Any):
    papergen("draft", "plans/plan-001/paper.yaml", "--out", "out")
    plan = desk / "plans/plan-001/plan.yaml"
    plan.write_text(plan.read_text().replace("grade: adequate", "grade: good"))
    office = Office()
    office.run("plans/plan-001")
    assert states(office) == {"replaced": BOARDS}
    plan.write_text(plan.read_text().replace("grade: good", "grade: adequate"))
    code, out, _ = papergen("draft", "plans/plan-001/paper.yaml", "--out", "out")
    assert (code, out.count("written over the earlier draft")) == (0, BOARDS)


# -- what befalls workers


def test_a_worker_that_is_lost_once_costs_nothing(desk: Path, undisturbed: dict[str, bytes]):
    lost = iter([True])

    def lose(_: Any) -> None:
        if next(lost, False):
            raise WorkerLostError

    office = Office(here(lose, worker_lost=(WorkerLostError,)))
    assert office.run("plans").outcomes == {"written": PLANS * BOARDS}
    assert papers_in("out") == undisturbed


def test_a_paper_that_takes_its_worker_along_each_time_fails_alone(
    desk: Path, undisturbed: dict[str, bytes], update: bool
):
    def lose(work: Any) -> None:
        if hasattr(work, "batches") and any(
            task.board == "board-002" for batch in work.batches for task in batch.tasks
        ):
            raise WorkerLostError

    office = Office(here(lose, worker_lost=(WorkerLostError,)))
    assert office.run("plans").outcomes == {"written": PLANS * (BOARDS - 1), "failed": PLANS}
    assert problems_of(office) == {("batch-worker", "board-002")}
    assert (
        papers_in("out").items()
        == {name: data for name, data in undisturbed.items() if "board-002" not in name}.items()
    )
    golden("worker", shown(office), update)


def test_what_a_worker_cannot_do_is_told_of_all_its_papers(desk: Path):
    def fail(work: Any) -> None:
        if hasattr(work, "batches"):
            raise ModuleNotFoundError("No module named 'papergen'")

    office = Office(here(fail))
    assert office.run("plans").outcomes == {"failed": PLANS * BOARDS}
    assert Office().run(resume=True).outcomes == {"written": PLANS * BOARDS}


def test_a_cluster_of_another_version_does_no_work(desk: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("papergen.batch.run.__version__", "99")
    office = Office()
    assert office.run("plans").outcomes == {"failed": PLANS * BOARDS}
    assert {code for code, _ in problems_of(office)} == {"batch-worker"}


def lost_cluster() -> OpenPool:
    """One that does one chunk."""
    calls = iter(range(100))

    def lose(_: Any) -> None:
        if next(calls) == 1:
            raise ConnectionError("the scheduler is gone")

    return here(lose, shares_disk=False, pool_lost=(ConnectionError,))


def test_a_cluster_that_is_lost_leaves_its_work_to_this_machine(
    desk: Path, papergen: Any, monkeypatch: pytest.MonkeyPatch
):
    total = many(desk)
    Office().run("many", out="undisturbed")
    monkeypatch.setattr("papergen.batch.pool.cluster", lambda _: lost_cluster())
    monkeypatch.setattr("papergen.batch.pool.local", lambda _: here())
    code, out, err = papergen("batch", "many", "--out", "out", "--scheduler", "tcp://127.0.0.1:1")
    assert code == 0
    assert (
        err == "\nThe cluster was lost (the scheduler is gone). The run goes on on this machine.\n"
    )
    assert f"{total} papers in out: {total} written" in out
    assert papers_in("out") == papers_in("undisturbed")
    code, out, err = papergen(
        "batch", "many", "--out", "other", "--scheduler", "tcp://127.0.0.1:1", "--json"
    )
    assert (code, err) == (0, "")
    assert {"event": "cluster-lost", "reason": "the scheduler is gone"} in lines_of(out)


def test_where_nobody_is_left_the_run_stops(desk: Path, update: bool):
    total = many(desk)
    summary = Office(lost_cluster()).run("many")
    assert (summary.finished, dict(summary.outcomes)) == (
        False,
        {"written": 25, "pending": total - 25},
    )
    golden(
        "cluster lost",
        "".join(f"{problem}\n    {problem.hint}\n" for problem in summary.problems),
        update,
    )
    assert Office().run(resume=True).outcomes == {"written": total}


def test_a_scheduler_that_cannot_be_reached(desk: Path, update: bool):
    from papergen.batch.pool import cluster

    with pytest.raises(BatchError) as unreachable, cluster("tcp://127.0.0.1:1", 0.5)():
        pass
    (problem,) = unreachable.value.problems
    assert problem.code == "batch-cluster"
    assert problem.message.startswith("the scheduler at “tcp://127.0.0.1:1” cannot be reached")
    with pytest.raises(BatchError), cluster("nonsense", 0.5)():
        pass


def shown(office: Office) -> str:
    """Each problem of a run's jobs once, as it is printed."""
    found = {problem: None for event in office.done for problem in event.result.problems}
    return "".join(f"{problem}\n    {problem.hint}\n" for problem in sorted(found, key=str))


# -- what befalls the folder


def test_a_disk_that_is_full_for_the_papers(desk: Path, undisturbed: dict[str, bytes]):
    """A limit on the size of files stands for the end of the disk: what is written is real."""
    total = many(desk)
    Office().run("many", out="whole")
    calls = iter(range(100))

    @contextmanager
    def full(work: Any) -> Iterator[None]:
        if hasattr(work, "batches") and next(calls) == 1:
            with largest_file(10_000):
                yield
        else:
            yield

    office = Office(here(around=full))
    summary = office.run("many")
    assert summary.finished
    assert summary.outcomes == {"written": total - 25, "failed": 25}
    assert {code for code, _ in problems_of(office)} == {"output-full"}
    assert left_over("out") == []
    assert Office().run(resume=True).outcomes == {"written": total}
    assert papers_in("out") == papers_in("whole")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no limit on the size of files")
def test_a_disk_that_is_full_for_the_manifest(desk: Path):
    total = many(desk)
    Office().run("many", out="whole")
    done = run_command(
        "many", "--out", "out", "--workers", "1", preexec_fn=lambda: limit_files(100_000)
    )
    assert done.returncode == 6, done.stderr
    assert "output-full" in done.stderr or "output-unwritable" in done.stderr
    assert "--resume" in done.stderr
    # The worker was ended in the middle of its work: the copy of a paper that was coming may be
    # there until it is.
    assert all(name.startswith(".papergen/next/") for name in left_over("out"))
    assert Office().run("many", resume=True).outcomes.keys() <= {"written", "same"}
    assert left_over("out") == []
    assert papers_in("out") == papers_in("whole")
    assert len(papers_in("out")) == total


@contextmanager
def largest_file(size: int) -> Iterator[None]:
    resource = pytest.importorskip("resource", reason="Windows knows no limit on the size of files")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def limit_files(size: int) -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def test_a_folder_that_cannot_be_written_to(desk: Path, papergen: Any, in_process: None):
    (desk / "file").write_text("")
    nowhere = ("/proc/papers",) if sys.platform == "linux" else ()
    for out in (*nowhere, "file", "file/papers"):
        code, reported, err = papergen("batch", "plans", "--out", out)
        assert (code, reported) == (6, "")
        assert "output-unwritable" in err


def test_a_folder_that_becomes_read_only(
    desk: Path, undisturbed: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
):
    real = os.open

    def refuse(path: Any, *arguments: Any, **options: Any) -> int:
        if "tmp-" in str(path):
            raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(path))
        return real(path, *arguments, **options)

    monkeypatch.setattr(os, "open", refuse)
    office = Office()
    assert office.run("plans").outcomes == {"failed": PLANS * BOARDS}
    assert {code for code, _ in problems_of(office)} == {"output-unwritable"}
    monkeypatch.undo()
    os.chdir(desk)
    assert Office().run(resume=True).outcomes == {"written": PLANS * BOARDS}
    assert papers_in("out") == undisturbed


def test_a_path_that_is_too_long(
    desk: Path, papergen: Any, in_process: None, monkeypatch: pytest.MonkeyPatch
):
    """For the system, or for SQLite; or only for a paper, on a disk with shorter names than
    others.
    """
    for deep in ("folder/" * 900, "folder/" * 85):
        code, out, err = papergen("batch", "plans", "--out", deep)
        assert (code, out) == (6, "")
        assert "too long" in err, err
    real = os.replace

    def refuse(source: Any, target: Any, **options: Any) -> None:
        if "board-003" in Path(target).name:
            raise OSError(errno.ENAMETOOLONG, os.strerror(errno.ENAMETOOLONG), str(target))
        real(source, target, **options)

    monkeypatch.setattr(os, "replace", refuse)
    office = Office()
    assert office.run("plans").outcomes == {"written": PLANS * (BOARDS - 1), "failed": PLANS}
    assert problems_of(office) == {("output-unwritable", "board-003")}
    assert left_over("out") == []


def test_a_paper_that_is_open_in_word_fails_alone(desk: Path):
    Office().run("plans")
    (desk / "out/~$12-11-05-board-001-plan-001.docx").write_bytes(b"")
    plan = desk / "plans/plan-001/plan.yaml"
    plan.write_text(plan.read_text().replace("grade: adequate", "grade: good"))
    office = Office()
    office.run("plans")
    assert states(office) == {"failed": 1, "replaced": BOARDS - 1, "same": (PLANS - 1) * BOARDS}
    assert problems_of(office) == {("output-locked", "board-001")}
    (desk / "out/~$12-11-05-board-001-plan-001.docx").unlink()
    assert Office().run(resume=True).failed == 0


@pytest.mark.parametrize(
    "data", [b"no database" * 100, b"SQLite format 3\0" + b"\xff" * 5000], ids=["text", "damaged"]
)
def test_a_manifest_that_is_broken_ends_the_run_and_spoils_nothing(
    desk: Path, papergen: Any, in_process: None, data: bytes
):
    Office().run("plans")
    before = papers_in("out")
    (desk / "out/manifest.db").write_bytes(data)
    code, _, err = papergen("batch", "plans", "--out", "out", "--resume")
    assert (code, "batch-manifest" in err) == (6, True), err
    assert papers_in("out") == before
    (desk / "out/manifest.db").unlink()
    assert Office().run("plans").outcomes == {"same": PLANS * BOARDS}


def test_messages_are_told_as_the_documentation_has_them(
    desk: Path, papergen: Any, in_process: None, update: bool
):
    many(desk)
    Office(stop_after=1, times=iter(["2012-11-01T09:00:00.000+00:00"] * 20)).run(
        "many", out="papers"
    )
    reported = papergen("batch", "many", "--out", "papers")[2]
    with lock_folder(Path("papers")):
        reported += papergen("batch", "many", "--out", "papers")[2]
    Path("papers/manifest.db").write_bytes(b"no database" * 100)
    reported += papergen("batch", "many", "--out", "papers")[2]
    golden("refusals", reported, update)


# -- what is reported


def test_json_is_a_line_for_each_thing_that_happens(desk: Path, papergen: Any, in_process: None):
    code, out, err = papergen("batch", "plans", "--out", "out", "--json", "--board", "board-001")
    assert (code, err) == (0, "")
    started, *papers, ended = lines_of(out)
    assert started == {"event": "started", "run": 1, "papers": PLANS, "to_do": PLANS}
    assert [paper["paper"] for paper in papers] == [
        f"plans/plan-00{number}/paper.yaml" for number in (1, 2, 3)
    ]
    assert {
        (paper["event"], paper["board"], paper["state"], paper["gaps"]) for paper in papers
    } == {("paper", "board-001", "written", 1)}
    assert {paper["file"] for paper in papers} == set(papers_in("out"))
    assert ended.pop("seconds") > 0
    assert ended == {
        "event": "ended",
        "exit_code": 0,
        "run": 1,
        "outcomes": {"written": PLANS},
        "gaps": PLANS,
        "problems": [],
    }
    code, out, err = papergen("batch", "none", "--json")
    assert (code, err) == (3, "")
    (ended,) = lines_of(out)
    assert (ended["event"], ended["exit_code"], ended["problems"][0]["code"]) == (
        "ended",
        3,
        "file-missing",
    )


def test_on_a_terminal_a_bar_shows_rate_time_left_and_failures(desk: Path):
    _spoil(desk)
    seen = on_a_terminal(command("plans", "--out", "out", "--workers", "1"))
    assert "Reading the papers" in seen
    assert re.search(r"Drafting  \[#+-*\]  +\d+%", seen)
    assert re.search(r"\d+ a second, 8 failed", seen)
    assert "4 written, 8 failed" in seen


def on_a_terminal(arguments: list[str]) -> str:
    """What a command writes to a terminal."""
    pty = pytest.importorskip("pty", reason="Windows has no pseudo-terminals")
    ours, theirs = pty.openpty()
    process = subprocess.Popen(arguments, stdin=theirs, stdout=theirs, stderr=theirs)
    os.close(theirs)
    seen = b""
    try:
        while data := os.read(ours, 65536):
            seen += data
    except OSError as fault:  # Linux says so when the other end is closed
        if fault.errno != errno.EIO:
            raise
    finally:
        os.close(ours)
        process.wait(60)
    return seen.decode()


@pytest.mark.skipif(sys.platform != "linux", reason="needs /dev/full and a shell")
@pytest.mark.parametrize(
    ("redirection", "code"),
    [
        ("> /dev/full", 6),
        ("--json > /dev/full", 6),
        ("2>&-", 0),
        ("<&- >&- 2>&-", 0),
        ("--json | head -1", 0),
        ("2>&1 | true", 0),
    ],
)
def test_the_papers_are_drafted_whatever_becomes_of_the_output(
    desk: Path, redirection: str, code: int
):
    line = (
        f"set -o pipefail; {shlex.join(command('plans', '--out', 'out', '--workers', '1'))} "
        f"{redirection}"
    )
    done = subprocess.run(
        ["bash", "-c", line], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, "Traceback" in done.stderr) == (code, False), done.stderr
    assert len(papers_in("out")) == PLANS * BOARDS
    assert Office().run("plans").finished, "the run had ended, and was written down"


def test_folders_behind_links_are_looked_into_once(desk: Path):
    (desk / "linked").mkdir()
    (desk / "linked/one").symlink_to(desk / "plans/plan-001", target_is_directory=True)
    (desk / "linked/again").symlink_to(desk / "linked", target_is_directory=True)
    (desk / "linked/two").symlink_to(desk / "plans/plan-001", target_is_directory=True)
    assert sum(Office().run("linked", "plans/plan-001/paper.yaml").outcomes.values()) == BOARDS


def test_a_manifest_with_nonsense_in_it_is_told_as_damaged(
    desk: Path, papergen: Any, in_process: None
):
    Office(stop_after=1).run("plans")
    for nonsense in ("{}", "xx", "[]"):
        with sqlite3.connect("out/manifest.db") as connection:
            connection.execute("UPDATE run SET state = 'stopped', arguments = ?", [nonsense])
        connection.close()
        code, _, err = papergen("batch", "--resume", "--out", "out")
        assert (code, "batch-manifest" in err) == (6, True), err
