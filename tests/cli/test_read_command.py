"""`papergen read`: which list is read and by what, what is printed, and the exit code."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from list_cases import case_of
from places import SAMPLES

from papergen.cli import main
from papergen.readers import read
from papergen.workbook.reading import Certainty
from papergen.workbook.reading_plain import from_plain

Said = tuple[int, str, str]
PAPER = "title: x\nas_at: 2012-10-31\nplan: plan.yaml\nbodies: bodies.yaml\nbrand: plain\n"
PLAN = "id: p\ntitle: Plan\nrag_scheme: brag\nactions: tracker.xlsx\n"
BODIES = """\
bodies: []
posts:
  - id: hr
    title: Head of HR
rag_schemes:
  - id: brag
    values: [{code: red, label: Red}]
"""
TRACKER = """\
@hide D
Ref | Action | Owner | Notes | Due | Status | RAG
1 | Train staff | Head of HR | A secret | 30th Nov | On it | R
2 | Audit files | J Patel | Another one | d:2012-09-30 | Complete | B
3 | ~~Move the canteen~~ | ~~Head of HR~~ | | ~~d:2012-09-30~~ | ~~Open~~ |
"""
ASKED = ["hidden", "ratings", "owners", "statuses", "struck_through"]
SETTLED = "Ref,Action,Status\n1,Train staff,In progress\n"


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PAPERGEN_DEBUG", raising=False)
    Path("tracker.xlsx").write_bytes(case_of(TRACKER).data)
    Path("settled.csv").write_text(SETTLED)
    Path("paper.yaml").write_text(PAPER)
    Path("plan.yaml").write_text(PLAN)
    Path("bodies.yaml").write_text(BODIES)
    return tmp_path


@pytest.fixture
def papergen(capsys: pytest.CaptureFixture[str]) -> Callable[..., Said]:
    def run(*arguments: str) -> Said:
        code = main(["read", *arguments])
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        return code, out, err

    return run


def words(printed: str) -> str:
    """What is printed, on one line."""
    return " ".join(printed.split())


# -- which list, and by what


def test_a_list_alone_is_read_as_of_today_and_without_a_register(papergen: Any):
    code, out, err = papergen("tracker.xlsx")
    assert (code, err) == (0, "")
    first, second = out.splitlines()[:2]
    assert first.startswith("Read as on ")
    assert first.endswith(", without a register of bodies: no owner is known.")
    assert second == "tracker.xlsx, sheet “Sheet”: 2 actions are read; headings in row 1"
    assert "“Head of HR”; “J Patel”" in words(out)


def test_the_as_at_date_may_be_given(papergen: Any):
    _, out, _ = papergen("paper.yaml", "--as-at", "2025-11")
    assert words(out).startswith("Read as on November 2025. ")
    assert "“30th Nov” (30 November 2025)" in words(out)
    code, _, err = papergen("tracker.xlsx", "--as-at", "31/10/25")
    assert code == 2
    assert "31/10/25" in err


def test_a_paper_brings_its_plan_its_register_and_its_date(papergen: Any):
    code, out, _ = papergen("paper.yaml")
    assert code == 0
    assert words(out).startswith("Read as on 31 October 2012 (paper.yaml).")
    assert "“30th Nov” (30 November 2012)" in words(out)
    assert "the register of bodies lacks" in out
    assert "the plan has no rating scheme" not in out


def test_a_plan_names_its_list_seen_from_its_folder(papergen: Any, folder: Path):
    (folder / "plans").mkdir()
    Path("plans/plan.yaml").write_text("title: x\nactions:\n  file: ../tracker.xlsx\n")
    code, out, _ = papergen("plans/plan.yaml", "--bodies", "bodies.yaml", "--as-at", "2012-10")
    assert code == 0
    assert "\ntracker.xlsx, sheet “Sheet”: 2 actions are read" in out
    assert "without a register" not in out
    assert '\n  file: "../tracker.xlsx"\n' in out


def test_a_list_may_be_read_as_a_paper_would_read_it(papergen: Any):
    Path("plan.yaml").write_text("title: x\nactions:\n  file: tracker.xlsx\n  hidden: skip\n")
    _, out, _ = papergen("tracker.xlsx", "--paper", "paper.yaml")
    assert words(out).startswith("Read as on 31 October 2012 (paper.yaml).")
    assert "the register of bodies lacks" in out
    assert "under actions: hidden:" not in out
    assert "\n  hidden: skip\n" in out


def test_the_file_that_is_named_comes_before_that_of_the_paper(papergen: Any):
    Path("other.yaml").write_text("title: x\nactions:\n  file: settled.csv\n")
    Path("none.yaml").write_text("bodies: []\n")
    _, out, _ = papergen("paper.yaml", "--plan", "other.yaml")
    assert "\nsettled.csv: 1 action is read" in out
    register = papergen("paper.yaml", "--register", "--bodies", "none.yaml")[1]
    assert "Head of HR" in register
    assert "Head of HR" not in papergen("paper.yaml", "--register")[1]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("id: p\ntitle: x\n", "plan.yaml: missing-field: no list of actions is named here"),
        ("title: [x\n", "plan.yaml:1:8: syntax: "),
        ("actions: gone.xlsx\n", "plan.yaml:1:10: file-missing: there is no file “gone.xlsx”"),
        (
            "actions:\n  file: tracker.xlsx\n  hidden: maybe\n",
            "plan.yaml:3:11: wrong-value: “maybe” is not allowed",
        ),
    ],
)
def test_a_plan_without_a_list_to_read(papergen: Any, text: str, message: str):
    Path("plan.yaml").write_text(text)
    code, out, err = papergen("plan.yaml")
    assert code in (3, 4)
    assert out == ""
    assert message in err


def test_a_paper_whose_date_is_none(papergen: Any):
    Path("paper.yaml").write_text(PAPER.replace("2012-10-31", "31/10/25"))
    code, _, err = papergen("paper.yaml")
    assert code == 4
    assert err.startswith("paper.yaml:2:8: bad-date: “31/10/25” is not a date")


def test_a_file_that_is_not_there(papergen: Any):
    code, _, err = papergen("trakcer.xlsx")
    assert code == 3
    assert "Did you mean “tracker.xlsx”?" in err


# -- what is printed


def test_the_answers_stand_at_the_end_as_a_group_to_paste(papergen: Any):
    _, out, _ = papergen("paper.yaml")
    before, group = out.split("\nTo answer, have this in plan.yaml, with what is right:\n")
    assert f"Questions ({len(ASKED)}):" in before
    yaml, register = group.split("\n\n")
    answered = read(yaml.encode(), "plan.yaml").value["actions"]
    assert answered["file"] == "tracker.xlsx"
    assert set(answered) == {"file", *ASKED}
    assert register == "What bodies.yaml lacks, as YAML to paste: add --register\n"


def test_the_answers_settle_the_list(papergen: Any):
    answers = json.loads(papergen("paper.yaml", "--json")[1])["answers"]
    Path("plan.yaml").write_text(PLAN.replace("actions: tracker.xlsx\n", "") + answers)
    code, out, err = papergen("paper.yaml", "--strict")
    assert (code, err) == (0, "")
    assert "Questions" not in out
    assert "To answer" not in out


def test_without_questions_there_is_nothing_to_answer(papergen: Any):
    code, out, err = papergen("settled.csv", "--strict")
    assert (code, err) == (0, "")
    assert out.splitlines()[1:] == [
        "settled.csv: 1 action is read; headings in row 1",
        "  A “Ref” reference · B “Action” the action · C “Status” status",
    ]


def test_what_is_hidden_or_struck_is_printed_nowhere(papergen: Any):
    for arguments in ((), ("--json",), ("--strict",), ("--register",)):
        code, out, err = papergen("paper.yaml", *arguments)
        assert code in (0, 4)
        for text in ("secret", "Another one", "canteen"):
            assert text not in out + err


def test_as_json_it_is_one_object(papergen: Any):
    code, out, err = papergen("paper.yaml", "--json")
    assert (code, err) == (0, "")
    found = json.loads(out)
    assert list(found) == ["exit_code", "as_at", "reading", "answers", "problems"]
    assert found["as_at"] == "2012-10-31"
    reading = from_plain(found["reading"])
    assert (reading.source, len(reading.of(Certainty.QUESTION))) == ("tracker.xlsx", len(ASKED))
    assert found["answers"].startswith("actions:\n  file: tracker.xlsx\n")
    assert found["problems"] == []
    found = json.loads(papergen("paper.yaml", "--json", "--strict")[1])
    assert found["exit_code"] == 4
    assert {problem["code"] for problem in found["problems"]} == {"list-question"}


def test_the_register_is_printed_alone(papergen: Any):
    code, out, err = papergen("paper.yaml", "--register")
    assert (code, err) == (0, "")
    assert "J Patel" in out
    assert read(out.encode(), "bodies.yaml").value
    code, out, err = papergen("settled.csv", "--register")
    assert (code, out) == (0, "")
    assert err == "The register lacks no owner of the list.\n"
    assert papergen("tracker.xlsx", "--register", "--json")[0] == 2


# -- exit codes


def test_questions_are_faults_where_that_is_asked_for(papergen: Any):
    assert papergen("paper.yaml")[0] == 0
    code, out, err = papergen("paper.yaml", "--strict")
    assert code == 4
    assert f"Questions ({len(ASKED)}):" in out
    assert err == f"{len(ASKED)} questions to answer\n"


def test_a_fault_of_a_cell_ends_with_4_and_is_printed_once(papergen: Any):
    Path("tracker.xlsx").write_bytes(case_of("Ref | Action | Due\n1 | Train staff | !:#REF!").data)
    code, out, err = papergen("tracker.xlsx")
    assert code == 4
    assert "Faults" not in out
    assert "tracker.xlsx!Sheet!C2: wrong-value: the cell holds the error #REF!\n    " in err
    assert err.endswith("\n1 problem\n")
    found = json.loads(papergen("tracker.xlsx", "--json")[1])
    assert (found["exit_code"], len(found["problems"])) == (4, 1)


@pytest.mark.parametrize("name", ["actions.xlsx", "plan.yaml", "paper.yaml"])
def test_the_sample_can_be_read(papergen: Any, name: str):
    code, out, err = papergen(str(SAMPLES / "action-list" / name))
    assert (code, err) == (0, "")
    assert "sheet “Action log”: 40 actions are read; headings in row " in out
