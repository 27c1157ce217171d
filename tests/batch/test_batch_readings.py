"""How lists of actions were read, as `papergen batch` and its report carry it: once for each reading,
not once for each board or paper.
"""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import lxml.html
import pytest
from batch_runs import Office, here, lines_of
from many_papers import make_papers
from readings import PLAIN_CSV, RIVERMEAD

from papergen.batch import survey
from papergen.batch.events import ListReading
from papergen.batch.report.files import read_report
from papergen.batch.report.page import as_page
from papergen.batch.report.tables import as_tables
from papergen.cli import main
from papergen.dates import PartialDate
from papergen.drafting.sources import Sources
from papergen.workbook.reading import Reading
from papergen.workbook.reading_plain import from_plain, plain_reading

TODAY = PartialDate.parse("2012-12-01")
PLANS = 3
FIRST, SECOND, THIRD = (f"plans/plan-00{number}/paper.yaml" for number in (1, 2, 3))


@pytest.fixture
def read_as(monkeypatch: pytest.MonkeyPatch) -> dict[str, tuple[Reading, ...]]:
    """By paper, how its lists were read: two of the papers share a list."""
    found: dict[str, tuple[Reading, ...]] = {
        FIRST: (RIVERMEAD,),
        SECOND: (PLAIN_CSV,),
        THIRD: (RIVERMEAD,),
    }
    load = survey.load_paper

    def loaded(files: Any, brands: Any) -> Sources:
        return replace(load(files, brands), readings=found[files.paper.shown])

    monkeypatch.setattr(survey, "load_paper", loaded)
    monkeypatch.setattr("papergen.batch.pool.local", lambda _: here())
    return found


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, read_as: Any) -> Path:
    make_papers(tmp_path / "plans", PLANS, 2)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PAPERGEN_DEBUG", raising=False)
    return tmp_path


@pytest.fixture
def papergen(capfd: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    def run(*arguments: str) -> tuple[int, str, str]:
        capfd.readouterr()
        code = main(list(arguments))
        out, err = capfd.readouterr()
        assert "Traceback" not in out + err
        return code, out, err

    return run


def readings_of(office: Office) -> list[tuple[Reading, list[str]]]:
    return [(e.reading, list(e.papers)) for e in office.events if isinstance(e, ListReading)]


BOTH = [(RIVERMEAD, [FIRST, THIRD]), (PLAIN_CSV, [SECOND])]


def test_each_reading_is_reported_once_with_its_papers(desk: Path):
    office = Office()
    summary = office.run("plans")
    assert readings_of(office) == BOTH
    assert [(one.reading, list(one.papers)) for one in summary.readings] == BOTH


def test_papers_that_read_one_list_otherwise_have_readings_of_their_own(
    desk: Path, read_as: dict[str, tuple[Reading, ...]]
):
    other = replace(RIVERMEAD, entries=RIVERMEAD.entries[:1])
    read_as[THIRD] = (other,)
    assert Office().run("plans").readings == [
        ListReading(RIVERMEAD, [FIRST]),
        ListReading(PLAIN_CSV, [SECOND]),
        ListReading(other, [THIRD]),
    ]


def test_a_plan_may_have_several_lists(desk: Path, read_as: dict[str, tuple[Reading, ...]]):
    read_as[FIRST] = (PLAIN_CSV, RIVERMEAD)
    office = Office()
    office.run("plans")
    assert readings_of(office) == [
        (PLAIN_CSV, [FIRST, SECOND]),
        (RIVERMEAD, [FIRST, THIRD]),
    ]


def test_a_run_that_goes_on_has_them_too(desk: Path):
    Office(stop_after=1).run("plans")
    office = Office()
    assert office.run(resume=True).finished
    assert readings_of(office) == BOTH
    with sqlite3.connect("out/manifest.db") as connection:
        (count,) = connection.execute("SELECT count(*) FROM reading").fetchone()
    assert count == 2


def test_a_changed_list_is_read_anew_and_a_faulty_paper_keeps_its_reading(
    desk: Path, read_as: dict[str, tuple[Reading, ...]]
):
    Office().run("plans")
    read_as[FIRST] = read_as[THIRD] = (replace(RIVERMEAD, entries=()),)
    Path(SECOND).write_text("title: [")
    office = Office()
    office.run(resume=True)
    assert readings_of(office) == [
        (replace(RIVERMEAD, entries=()), [FIRST, THIRD]),
        (PLAIN_CSV, [SECOND]),
    ]


def test_only_the_lists_of_papers_that_are_asked_for_are_reported(desk: Path):
    office = Office()
    office.run("plans/plan-002")
    assert readings_of(office) == [(PLAIN_CSV, [SECOND])]


# -- what is printed


def test_the_end_of_a_run_has_them_in_short(desk: Path, papergen: Any):
    code, out, _ = papergen("batch", "plans", "--out", "out")
    assert code == 0
    lines = out.splitlines()
    assert lines[:2] == [
        "tracker.xlsx, sheet “Action tracker”: 25 actions are read; headings in row 5 (for 2 papers)",
        "Questions (4):",
    ]
    assert f"list.csv: 1 action is read; headings in row 1 (for {SECOND})" in lines
    assert out.count("because it is hidden") == 1
    assert f"papergen read {FIRST}" in out


def test_of_many_lists_those_with_questions_are_printed_and_the_others_counted(
    desk: Path, papergen: Any, read_as: dict[str, tuple[Reading, ...]]
):
    plain = tuple(replace(PLAIN_CSV, source=f"{number}.csv") for number in range(12))
    asking = tuple(replace(RIVERMEAD, source=f"{number}.xlsx") for number in range(12))
    read_as[FIRST] = plain
    read_as[SECOND] = ()
    read_as[THIRD] = asking
    _, out, _ = papergen("batch", "plans", "--out", "out")
    assert out.count("Questions (4):") == 10
    assert ".csv" not in out
    assert "… and 14 lists more, 2 of them with questions, which the report has" in out


def test_json_has_a_line_for_each(desk: Path, papergen: Any):
    _, out, _ = papergen("batch", "plans", "--out", "out", "--json")
    lines = lines_of(out)
    assert [line["event"] for line in lines[:4]] == ["started", "reading", "reading", "paper"]
    found = [(from_plain(line["reading"]), line["papers"]) for line in lines[1:3]]
    assert found == BOTH


# -- the report


def test_the_report_has_them_as_the_papers_read_them_last(
    desk: Path, papergen: Any, read_as: dict[str, tuple[Reading, ...]]
):
    Office().run("plans")
    read_as[THIRD] = (replace(RIVERMEAD, entries=()),)
    Office().run("plans/plan-003", boards=("board-001",))
    report = read_report(Path("out"), TODAY)
    assert [(one.reading, list(one.papers)) for one in report.lists] == [
        (RIVERMEAD, [FIRST]),
        (PLAIN_CSV, [SECOND]),
        (replace(RIVERMEAD, entries=()), [THIRD]),
    ]
    assert report.questions == 4
    found = json.loads(papergen("batch", "report", "out", "--json")[1])["lists"]
    assert [(from_plain(one["reading"]), one["papers"]) for one in found] == [
        (one.reading, list(one.papers)) for one in report.lists
    ]
    _, out, _ = papergen("batch", "report", "out")
    assert "How the lists of actions were read:\ntracker.xlsx, sheet “Action tracker”: " in out


def test_the_page_has_columns_questions_and_notes_and_is_accessible(desk: Path):
    Office().run("plans")
    page = lxml.html.fromstring(as_page(read_report(Path("out"), TODAY), TODAY))
    (section,) = page.xpath("//section[h2/@id='lists']")
    assert [heading.text for heading in section.iter("h3")] == ["tracker.xlsx", "list.csv"]
    text = " ".join(section.text_content().split())
    for part in (
        "For 2 papers: plans/plan-001/paper.yaml and plans/plan-003/paper.yaml.",
        "“J Patel / Head of ICT” (written as it is)",
        "“B” (not known): 4 cells",
        "hidden: skip (skip or read; or rows, columns and sheets, each skip or read)",
    ):
        assert part in text
    rows = [[cell.text_content() for cell in row] for row in section.iter("tr")]
    assert ["C", "Action", "the action", "A usual name of it"] in rows
    assert ["D", "Internal notes – NOT FOR PUBLICATION", "not used", "It is hidden"] in rows
    levels = [int(heading.tag[1]) for heading in page.iter("h1", "h2", "h3", "h4")]
    assert all(second <= first + 1 for first, second in pairwise(levels))
    for table in section.iter("table"):
        assert table.findtext("caption")
        assert all(cell.get("scope") for cell in table.iter("th"))
    regions = section.xpath(".//*[@role='region']")
    assert all(region.get("tabindex") == "0" for region in regions)
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    (link,) = page.xpath("//nav//a[@href='#lists']")
    assert link.tail == " (2; 4 questions)"


def test_what_a_cell_holds_is_text_in_the_page_and_in_the_tables(
    desk: Path, read_as: dict[str, tuple[Reading, ...]]
):
    bad = "=1+1 <script>alert('&')</script>"
    text = json.dumps(plain_reading(RIVERMEAD)).replace("Chief Executive", bad)
    read_as[FIRST] = (from_plain(json.loads(text)),)
    Office().run("plans/plan-001")
    report = read_report(Path("out"), TODAY)
    page = as_page(report, TODAY)
    assert "<script>" not in page
    assert bad in lxml.html.fromstring(page).text_content()
    table = as_tables(report)["lists.csv"].decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(table)))
    assert next(row["typed"] for row in rows if row["code"] == "owner-unknown") == f"'{bad}"
    assert {row["level"] for row in rows} == {"question", "note"}
    assert {row["papers"] for row in rows} == {FIRST}
    (rating,) = [row for row in rows if row["code"] == "rating-unknown"]
    assert (rating["cells"], rating["first cell"], rating["read as"]) == (
        "4",
        "tracker.xlsx!'Action tracker'!G6",
        "not known",
    )
    assert rating["answers"] == "ratings: {B: complete}"
    assert rating["what they may be"].startswith("a code of the plan's rag_scheme")


def test_a_manifest_with_nonsense_for_a_reading_is_damaged(desk: Path, papergen: Any):
    Office().run("plans")
    with sqlite3.connect("out/manifest.db") as connection:
        connection.execute("UPDATE reading SET reading = '{}'")
    code, _, err = papergen("batch", "report", "out")
    assert code == 6
    assert "batch-manifest" in err
