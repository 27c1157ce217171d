"""`papergen batch report`: what was told to whom, on the terminal, as tables, and as a page."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import lxml.html
import places
import pytest
from batch_runs import Office, edit
from many_papers import make_papers

from papergen.batch.report.files import read_report
from papergen.batch.report.gather import report_on
from papergen.batch.report.page import as_page
from papergen.batch.report.tables import as_tables
from papergen.cli import main
from papergen.dates import PartialDate

CASES = places.CASES / "batch"
TODAY = PartialDate.parse("2012-12-01")


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    make_papers(tmp_path / "plans", 2, 3)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PAPERGEN_DEBUG", raising=False)
    return tmp_path


@pytest.fixture
def reported(desk: Path) -> Path:
    """November's papers; then a plan changes, and one board has its next meeting; one paper is
    faulty, one edited, one gone.
    """
    assert Office().run("plans").finished
    change(desk / "plans/plan-001/plan.yaml", "grade: adequate", "grade: good")
    change(desk / "plans/plan-001/paper.yaml", "meeting: '2012-11-06'", "meeting: '2012-12-04'")
    assert Office().run("plans/plan-001", boards=("board-002",)).finished
    change(desk / "plans/plan-002/plan.yaml", "status: complete", "status: done")
    assert Office().run("plans/plan-002", boards=("board-003",)).failed == 1
    edit(desk / "out/2012-11-05-board-001-plan-001.docx")
    (desk / "out/2012-11-05-board-001-plan-002.docx").unlink()
    return desk / "out"


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def golden(name: str, text: str, update: bool) -> None:
    path = CASES / name
    if update:
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


def test_the_page_is_what_it_was(reported: Path, update: bool):
    golden("report.html", as_page(read_report(Path("out"), TODAY), TODAY), update)


@pytest.mark.parametrize(
    "name", ["papers.csv", "faults.csv", "differences.csv", "changes.csv", "commitments.csv"]
)
def test_the_tables_are_what_they_were(reported: Path, name: str, update: bool):
    text = as_tables(read_report(Path("out"), TODAY))[name].decode("utf-8-sig")
    golden(f"report-{name}", text.replace("\r\n", "\n"), update)


def test_the_terminal_tells_it(
    reported: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    update: bool,
):
    assert main(["batch", "report", "out", "--csv"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    golden("report.txt", out.replace(", overdue", ""), update)  # by today's date
    assert {path.name for path in (reported / "report").iterdir()} == {
        "papers.csv",
        "faults.csv",
        "differences.csv",
        "changes.csv",
        "commitments.csv",
        "lists.csv",
    }


def test_as_json_it_is_one_object(reported: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["batch", "report", "out", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["exit_code"] == 0
    assert report["runs"] == 3
    assert {paper["state"] for meeting in report["meetings"] for paper in meeting["papers"]} == {
        "as drafted",
        "edited since",
        "not in the folder",
        "as drafted; an earlier draft, as the last run failed",
    }


def test_each_change_is_told_to_whom_it_was(reported: Path):
    report = read_report(reported, TODAY)
    (difference,) = report.differences
    assert difference.fact.startswith("grade of judgement")
    assert dict(difference.values) == {
        "good": [("Partnership Board 2", "2012-12-04")],
        "adequate": [("Partnership Board 1", "2012-11-05"), ("Partnership Board 3", "2012-11-07")],
    }
    (changed,) = report.changes
    assert (changed.before, changed.now, changed.since, changed.told) == (
        "adequate",
        "good",
        "meeting",
        [("Partnership Board 2", "2012-12-04")],
    )


def test_a_draft_for_the_same_meeting_is_compared_with_the_one_before(desk: Path):
    Office().run("plans")
    change(desk / "plans/plan-001/plan.yaml", "grade: adequate", "grade: good")
    Office().run("plans")
    report = read_report(desk / "out", TODAY)
    assert report.differences == []
    assert [(one.now, one.since, len(one.told)) for one in report.changes] == [("good", "draft", 3)]


def test_a_change_is_still_told_when_the_run_is_repeated(desk: Path):
    Office().run("plans")
    change(desk / "plans/plan-001/plan.yaml", "grade: adequate", "grade: good")
    for _ in range(2):
        Office().run("plans")
        assert [(one.now, one.since) for one in read_report(desk / "out", TODAY).changes] == [
            ("good", "draft")
        ]
    change(desk / "plans/plan-001/plan.yaml", "published: '2012-04-10'", "published: '2012-04-11'")
    Office().run("plans")
    changed = {(one.before, one.now) for one in read_report(desk / "out", TODAY).changes}
    assert changed == {("adequate", "good"), ("10 April 2012", "11 April 2012")}


def test_facts_of_the_register_are_compared_across_plans(desk: Path):
    Office().run("plans")
    change(desk / "plans/bodies.yaml", "name: Ofsted", "name: Office for Standards")
    Office().run("plans/plan-001")
    Office().run("plans/plan-002", boards=("board-002",))
    report = read_report(desk / "out", TODAY)
    (difference,) = [one for one in report.differences if one.plan == "Register of bodies"]
    reported = {value: [board for board, _ in to] for value, to in difference.values}
    assert reported == {
        "Office for Standards": [
            "Partnership Board 1",
            "Partnership Board 2",
            "Partnership Board 3",
        ],
        "Ofsted": ["Partnership Board 1", "Partnership Board 3"],
    }


@pytest.mark.parametrize(
    ("names", "reported"),
    [
        (
            "[{name: Ofsted, to: 2012-10-31}, {name: Office, from: 2012-11-01}]",
            {"Ofsted", "Office"},
        ),
        ("[{name: Inspectorate, to: 2000-12-31}, {name: Ofsted, from: 2001-01-01}]", set()),
    ],
    ids=["a body has a new name", "a name it had long ago is put in front"],
)
def test_names_are_compared_as_they_are_on_the_day_and_not_by_their_places(
    desk: Path, names: str, reported: set[str]
):
    Office().run("plans")
    change(desk / "plans/bodies.yaml", "name: Ofsted", f"names: {names}")
    Office().run("plans")
    changes = read_report(desk / "out", TODAY).changes
    assert {value for one in changes for value in (one.before, one.now)} == reported
    assert all(one.fact == "name of body “ofsted”" for one in changes)


def test_a_paper_whose_last_run_failed_is_told_once_as_an_earlier_draft(desk: Path):
    Office().run("plans")
    change(desk / "plans/plan-002/plan.yaml", "status: complete", "status: done")
    Office().run("plans")
    report = read_report(desk / "out", TODAY)
    assert report.papers == 6
    states = {
        paper.state
        for meeting in report.meetings
        for paper in meeting.papers
        if paper.plan_title.endswith("2")
    }
    assert states == {"as drafted; an earlier draft, as the last run failed"}
    assert all(
        paper.problems
        for meeting in report.meetings
        for paper in meeting.papers
        if paper.plan_title.endswith("2")
    )


def test_what_a_resumed_run_makes_anew_is_compared_too(desk: Path):
    Office().run("plans")
    change(desk / "plans/plan-001/plan.yaml", "grade: adequate", "grade: good")
    Office().run(resume=True)
    report = read_report(desk / "out", TODAY)
    assert [(one.before, one.now, one.since, len(one.told)) for one in report.changes] == [
        ("adequate", "good", "draft", 3)
    ]


def test_a_meeting_that_is_moved_and_a_plan_that_breaks_take_nothing_from_what_was_told(desk: Path):
    Office().run("plans")
    due = read_report(desk / "out", TODAY).commitments
    change(desk / "plans/plan-001/paper.yaml", "meeting: '2012-11-06'", "meeting: '2012-12-04'")
    change(desk / "plans/plan-002/plan.yaml", "status: complete", "status: done")
    Office().run(resume=True)
    report = read_report(desk / "out", TODAY)
    assert report.commitments == due
    papers = [paper for meeting in report.meetings for paper in meeting.papers]
    assert len(papers) == 7
    assert all(paper.file and paper.plan_title for paper in papers)
    assert {paper.meeting for paper in papers if paper.board == "board-002"} == {
        "2012-11-06",
        "2012-12-04",
    }


def test_two_papers_of_one_plan_are_compared_each_with_its_own(desk: Path):
    short = (desk / "plans/plan-001/paper.yaml").read_text(encoding="utf-8")
    (desk / "plans/plan-001/short.yaml").write_text(f"id: short\n{short}", encoding="utf-8")
    both = ("plans/plan-001/paper.yaml", "plans/plan-001/short.yaml")
    Office().run(*both)
    change(desk / "plans/plan-001/plan.yaml", "grade: adequate", "grade: good")
    Office().run(both[0], boards=("board-001",))
    report = read_report(desk / "out", TODAY)
    (difference,) = report.differences
    assert {value: len(reported) for value, reported in difference.values} == {
        "adequate": 3,
        "good": 1,
    }
    assert len(report.changes) == 1


def test_a_paper_that_could_not_be_read_is_forgotten_once_it_can(desk: Path):
    path = desk / "plans/plan-001/paper.yaml"
    before = path.read_bytes()
    path.write_bytes(b"\xff\xfe")
    Office().run("plans")
    assert "failed" in {
        paper.state
        for meeting in read_report(desk / "out", TODAY).meetings
        for paper in meeting.papers
    }
    path.write_bytes(before)
    Office().run("plans")
    assert {
        paper.state
        for meeting in read_report(desk / "out", TODAY).meetings
        for paper in meeting.papers
    } == {"as drafted"}


def test_what_came_first_is_told_by_the_runs_and_not_by_the_clock(desk: Path):
    Office(times=iter(["2012-11-02"] * 20)).run("plans")
    change(desk / "plans/plan-001/plan.yaml", "grade: adequate", "grade: good")
    Office(times=iter(["2012-11-01"] * 20)).run("plans")
    assert [one.now for one in read_report(desk / "out", TODAY).changes] == ["good"]


def test_the_page_is_accessible_and_its_links_lead_to_the_papers(reported: Path):
    page = lxml.html.fromstring(as_page(read_report(reported, TODAY), TODAY))
    assert page.get("lang") == "en-GB"
    assert page.findtext(".//title")
    levels = [int(heading.tag[1]) for heading in page.iter("h1", "h2", "h3", "h4")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(second <= first + 1 for first, second in pairwise(levels))
    for table in page.iter("table"):
        assert table.findtext("caption")
        assert all(cell.get("scope") for cell in table.iter("th"))
        assert not any(
            cell.get("colspan") or cell.get("rowspan") for cell in table.iter("th", "td")
        )
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    files = set()
    for link in page.iter("a"):
        assert link.text_content().strip()
        address = link.get("href")
        if address.startswith("#"):
            assert address[1:] in ids
        else:
            files.add(unquote(address).removeprefix("./"))
    assert files == {path.name for path in reported.glob("*.docx")}


def test_what_a_plan_says_is_text_in_the_page_and_in_the_tables(desk: Path):
    bad = "=1+1 <script>alert('&')</script> \N{RIGHT-TO-LEFT MARK}\N{GRINNING FACE}"
    plan = desk / "plans/plan-001/plan.yaml"
    plan.write_text(
        re.sub(
            "^title: .*$",
            lambda _: f"title: {json.dumps(bad, ensure_ascii=False)}",
            plan.read_text(),
            flags=re.M,
        )
    )
    assert Office().run("plans/plan-001").finished
    report = read_report(desk / "out", TODAY)
    page = lxml.html.fromstring(as_page(report, TODAY))
    assert not list(page.iter("script"))
    assert bad in page.text_content()
    rows = list(csv.DictReader(io.StringIO(as_tables(report)["papers.csv"].decode("utf-8-sig"))))
    assert {row["plan"] for row in rows} == {f"'{bad}"}


def test_a_page_of_somebody_elses_is_not_written_over(
    reported: Path, capsys: pytest.CaptureFixture[str]
):
    (reported / "index.html").write_text("<p>Ours</p>")
    assert main(["batch", "report", "out"]) == 6
    assert "is not papergen’s" in capsys.readouterr().err
    assert (reported / "index.html").read_text() == "<p>Ours</p>"


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda path: path.unlink(), "file-missing: no batch was drafted into “out”"),
        (
            lambda path: path.write_bytes(b"no database" * 100),
            "batch-manifest: the manifest cannot be read: it is damaged",
        ),
        (
            lambda path: _database(path, "CREATE TABLE other (a)"),
            "batch-manifest: the manifest cannot be read: it is a database of",
        ),
        (
            lambda path: _database(path, "PRAGMA user_version = 99"),
            "batch-manifest: the manifest cannot be read: it has format 99",
        ),
    ],
    ids=["missing", "no database", "of something else", "of another format"],
)
def test_a_manifest_that_cannot_be_read(
    reported: Path, capsys: pytest.CaptureFixture[str], spoil: Callable[[Path], Any], message: str
):
    spoil(reported / "manifest.db")
    code = main(["batch", "report", "out"])
    assert code == (3 if "file-missing" in message else 6)
    assert message in capsys.readouterr().err
    assert not (reported / "index.html").exists()


def _database(path: Path, statement: str) -> None:
    import sqlite3

    if "CREATE" in statement:
        path.unlink()
    connection = sqlite3.connect(path)
    connection.execute(statement)
    connection.commit()
    connection.close()


def test_an_empty_report_is_one(desk: Path):
    from papergen.batch.manifest.manifest import Manifest

    (desk / "out").mkdir()
    with Manifest.open(desk / "out") as manifest:
        report = report_on(manifest, desk / "out", TODAY)
    assert report.papers == 0
    assert "No paper was drafted" in as_page(report, TODAY)
