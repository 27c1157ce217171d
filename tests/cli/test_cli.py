"""The command line: what is printed, what is written, and the exit code of each kind of ending."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from places import ROOT
from readings import PLAIN_CSV, RIVERMEAD

import papergen
from papergen.cli import main
from papergen.drafting.papers import BoardDraft
from papergen.errors import DataError, Location, PapergenError, Problem
from papergen.word.package import package_hash
from papergen.workbook.reading import Answer, Certainty, Entry, Reading, ReadValue
from papergen.workbook.reading import FindingKind as ReadKind
from papergen.workbook.reading_plain import from_plain


@dataclass(frozen=True)
class Gap:
    message: str
    where: Location | None
    hint: str


@dataclass(frozen=True)
class Draft:
    docx: bytes
    name: str
    gaps: tuple[Gap, ...]
    content_hash: str


@dataclass
class Pipeline:
    """Stands where `prepare` and what it returns stand: what is tested here is what the command
    line makes of them.
    """

    gaps: dict[str, tuple[Gap, ...]] = field(default_factory=dict)
    faults: dict[str, BaseException] = field(default_factory=dict)
    """By the step that fails: `prepare`, `draft <board>`."""
    content: str = "1"
    readings: tuple[Reading, ...] = ()
    notices: tuple[Problem, ...] = ()
    asked: list[tuple[object, ...]] = field(default_factory=list)

    source_hash = "sources"
    from_cache = False
    boards = {"hwb": "house", "lscb": "plain"}  # noqa: RUF012 (never changed)

    def prepare(
        self, path: Path, boards: tuple[str, ...], brand: str | None, *, use_cache: bool
    ) -> Pipeline:
        self.asked.append((path, boards, brand, use_cache))
        self._fail("prepare")
        return self

    def draft(self, board: str, *, trace: bool = False) -> BoardDraft:
        self._fail(f"draft {board}")
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            archive.writestr("word/document.xml", f"{board} {self.content}")
        content_hash = package_hash(stream.getvalue())
        assert content_hash
        draft = Draft(
            stream.getvalue(),
            f"2012-11-08-{board}-case.docx",
            self.gaps.get(board, ()),
            content_hash,
        )
        return BoardDraft(board, draft, self.source_hash)

    def _fail(self, step: str) -> None:
        if step in self.faults:
            raise self.faults[step]


@pytest.fixture
def pipeline(monkeypatch, tmp_path):
    fake = Pipeline()
    monkeypatch.setattr("papergen.drafting.papers.prepare", fake.prepare)
    monkeypatch.chdir(tmp_path)
    for name in ("NO_COLOR", "PAPERGEN_DEBUG"):
        monkeypatch.delenv(name, raising=False)
    return fake


def written() -> list[str]:
    return sorted(str(path) for path in Path().rglob("*.docx") if ".papergen" not in path.parts)


HWB, LSCB = "drafts/2012-11-08-hwb-case.docx", "drafts/2012-11-08-lscb-case.docx"
OWNER = Gap("owner of action 1.3", Location("plan.yaml", 118, 9), "Add `owner:` to the action.")
DATE = Gap("date of publication", None, "")
BAD_DATE = Problem(
    "bad-date",
    "30 February 2012 does not exist",
    Location("plan.yaml", 7, 3),
    "Write dates as 2012-11-08.",
)
BAD_ID = Problem(
    "unknown-id", "there is no post “dsc”", Location("paper.yaml", 2, 1), "Did you mean “dcs”?"
)


def test_every_boards_paper_is_written_and_listed(pipeline, capsys):
    assert main(["draft", "paper.yaml"]) == 0
    assert written() == [HWB, LSCB]
    *papers, last = capsys.readouterr().out.splitlines()
    assert papers == [f"{HWB}: written", f"{LSCB}: written"]
    assert last.startswith("2 papers in drafts, no gaps (")


def test_a_board_and_a_folder_can_be_chosen(pipeline, capsys):
    assert main(["draft", "paper.yaml", "--board", "lscb", "--out", "a/b"]) == 0
    assert written() == ["a/b/2012-11-08-lscb-case.docx"]
    assert "1 paper in a/b" in capsys.readouterr().out


def test_a_board_named_twice_is_drafted_once_and_in_the_papers_order(pipeline, capsys):
    assert (
        main(["draft", "paper.yaml", "--board", "lscb", "--board", "hwb", "--board", "lscb"]) == 0
    )
    assert capsys.readouterr().out.splitlines()[:2] == [f"{HWB}: written", f"{LSCB}: written"]


def test_an_unknown_board_is_a_wrong_command_and_the_nearest_is_named(pipeline, capsys):
    assert main(["draft", "paper.yaml", "--board", "hbw", "--board", "zzz"]) == 2
    assert written() == []
    assert capsys.readouterr().err.splitlines() == [
        "unknown-board: the paper is not for a board “hbw”",
        "    Did you mean “hwb”? The paper is for hwb, lscb.",
        "unknown-board: the paper is not for a board “zzz”",
        "    The paper is for hwb, lscb.",
        "2 problems",
    ]


def test_brand_and_cache_are_asked_for_as_the_command_says(pipeline):
    assert main(["draft", "paper.yaml"]) == 0
    assert main(["draft", "paper.yaml", "--board", "hwb", "--brand", "other", "--no-cache"]) == 0
    assert pipeline.asked == [
        (Path("paper.yaml"), (), None, True),
        (Path("paper.yaml"), ("hwb",), "other", False),
    ]


@pytest.mark.parametrize(
    ("problem", "code"),
    [
        (Problem("file-missing", "there is no file “paper.yaml”", Location("paper.yaml")), 3),
        (BAD_DATE, 4),
        (
            Problem(
                "template-tag",
                "a tag cannot be understood",
                Location("paper.docx", detail="word/header1.xml"),
            ),
            5,
        ),
    ],
)
def test_the_exit_code_says_who_can_mend_a_fault(pipeline, problem, code):
    pipeline.faults["prepare"] = PapergenError([problem])
    assert main(["draft", "paper.yaml"]) == code
    assert written() == []


def test_problems_are_printed_in_the_order_of_their_places_with_hints_and_a_count(pipeline, capsys):
    pipeline.faults["prepare"] = DataError([BAD_DATE, BAD_ID])
    assert main(["draft", "paper.yaml"]) == 4
    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines() == [
        "paper.yaml:2:1: unknown-id: there is no post “dsc”",
        "    Did you mean “dcs”?",
        "plan.yaml:7:3: bad-date: 30 February 2012 does not exist",
        "    Write dates as 2012-11-08.",
        "2 problems",
    ]


def test_the_faults_of_all_boards_are_told_at_once_and_nothing_is_written(pipeline, capsys):
    pipeline.faults = {"draft hwb": DataError([BAD_DATE]), "draft lscb": DataError([BAD_ID])}
    assert main(["draft", "paper.yaml"]) == 4
    assert "2 problems" in capsys.readouterr().err
    assert not Path("drafts").exists()


def test_a_fault_of_one_board_keeps_the_others_from_being_written(pipeline):
    pipeline.faults = {"draft lscb": DataError([BAD_ID])}
    assert main(["draft", "paper.yaml"]) == 4
    assert written() == []


def test_gaps_are_listed_by_paper_with_place_and_hint(pipeline, capsys):
    pipeline.gaps = {"hwb": (OWNER, DATE), "lscb": (DATE,)}
    assert main(["draft", "paper.yaml"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[2:10] == [
        "",
        "Gaps in 2012-11-08-hwb-case.docx:",
        "  - owner of action 1.3 (plan.yaml:118:9)",
        "      Add `owner:` to the action.",
        "  - date of publication",
        "",
        "Gaps in 2012-11-08-lscb-case.docx:",
        "  - date of publication",
    ]
    assert "2 gaps to fill" in lines[-1]


def test_papers_with_the_same_gaps_share_one_list(pipeline, capsys):
    pipeline.gaps = {"hwb": (OWNER,), "lscb": (OWNER,)}
    assert main(["draft", "paper.yaml"]) == 0
    out = capsys.readouterr().out
    assert "Gaps in 2012-11-08-hwb-case.docx and 2012-11-08-lscb-case.docx:" in out
    assert out.count("owner of action 1.3") == 1
    assert "1 gap to fill" in out


def test_strict_makes_gaps_faults_and_writes_nothing(pipeline, capsys):
    pipeline.gaps = {"hwb": (OWNER,), "lscb": (OWNER, DATE)}
    assert main(["draft", "paper.yaml", "--strict"]) == 4
    assert written() == []
    assert capsys.readouterr().err.splitlines() == [
        "gap: date of publication",
        "plan.yaml:118:9: gap: owner of action 1.3",
        "    Add `owner:` to the action.",
        "2 problems",
    ]


def test_strict_has_nothing_against_a_paper_without_gaps(pipeline):
    assert main(["draft", "paper.yaml", "--strict"]) == 0
    assert written() == [HWB, LSCB]


def test_the_summary_says_what_became_of_each_file(pipeline, capsys):
    main(["draft", "paper.yaml"])
    capsys.readouterr()
    main(["draft", "paper.yaml"])
    assert f"{HWB}: no change since the last draft\n" in capsys.readouterr().out
    Path(HWB).write_bytes(b"edited")
    pipeline.content = "2"
    main(["draft", "paper.yaml"])
    out = capsys.readouterr().out
    assert (
        "(new).docx: written; “2012-11-08-hwb-case.docx” was edited, or is not papergen's, "
        "and is left as it is\n"
    ) in out
    assert f"{LSCB}: written over the earlier draft\n" in out
    main(["draft", "paper.yaml", "--force"])
    out = capsys.readouterr().out
    assert (
        f"{HWB}: written over an edited draft, which is kept as “2012-11-08-hwb-case "
        "(edited).docx”\n"
    ) in out
    assert Path("drafts/2012-11-08-hwb-case (edited).docx").read_bytes() == b"edited"


def test_a_file_open_in_word_is_a_problem_of_the_output(pipeline, capsys):
    main(["draft", "paper.yaml"])
    pipeline.content = "2"
    Path("drafts/~$12-11-08-hwb-case.docx").touch()
    capsys.readouterr()
    assert main(["draft", "paper.yaml"]) == 6
    assert f"{HWB}: output-locked: " in capsys.readouterr().err


def test_a_disk_that_fills_up_while_writing_is_told_after_what_was_written(
    pipeline, capsys, monkeypatch
):
    replace = os.replace

    def fail_for_lscb(source: str, target: str) -> None:
        if Path(target).name == Path(LSCB).name and Path(target).parent.name == "drafts":
            raise OSError(28, "No space left on device")
        replace(source, target)

    monkeypatch.setattr(os, "replace", fail_for_lscb)
    assert main(["draft", "paper.yaml"]) == 6
    out, err = capsys.readouterr()
    assert f"{HWB}: written\n" in out
    assert f"{LSCB}: not written\n" in out
    assert "output-full" in err
    assert written() == [HWB]


NOT_PRINTED = Problem(
    "not-printed", "no place for “wards”", Location("paper.yaml", 5, 8), "Take it out."
)


def test_what_is_not_printed_is_told_and_refused_where_that_is_asked_for(pipeline, capsys):
    pipeline.notices = (NOT_PRINTED,)
    assert main(["draft", "paper.yaml"]) == 0
    assert capsys.readouterr().out.splitlines()[2:-1] == [
        "Not printed:",
        "  - no place for “wards” (paper.yaml:5:8)",
        "      Take it out.",
        "",
    ]
    assert main(["draft", "paper.yaml", "--json"]) == 0
    assert [notice["message"] for notice in json.loads(capsys.readouterr().out)["notices"]] == [
        "no place for “wards”"
    ]
    assert main(["draft", "paper.yaml", "--strict"]) == 4
    assert "paper.yaml:5:8: not-printed: no place for “wards”" in capsys.readouterr().err


# JSON


def test_how_a_list_was_read_is_printed_in_short_and_where_the_rest_is(pipeline, capsys):
    pipeline.readings = (RIVERMEAD,)
    assert main(["draft", "paper.yaml"]) == 0
    out = capsys.readouterr().out.splitlines()
    assert out[:3] == [
        "tracker.xlsx, sheet “Action tracker”: 25 actions are read; headings in row 5",
        "Questions (4):",
        "  ? D5: a column is not read, because it is hidden: “Internal notes – NOT FOR PUBLICATION”",
    ]
    assert out[-4:-1] == [
        "To see all of it, and what to write in plan.yaml: papergen read paper.yaml",
        f"{HWB}: written",
        f"{LSCB}: written",
    ]


def test_a_list_without_questions_is_printed_without_more(pipeline, capsys):
    pipeline.readings = (PLAIN_CSV,)
    assert main(["draft", "paper.yaml", "--strict"]) == 0
    out = capsys.readouterr().out.splitlines()
    assert out[0] == "list.csv: 1 action is read; headings in row 1"
    assert not any("papergen read" in line for line in out)


def test_strict_makes_questions_faults_together_with_the_gaps(pipeline, capsys):
    pipeline.readings = (RIVERMEAD,)
    pipeline.gaps["hwb"] = (OWNER,)
    assert main(["draft", "paper.yaml", "--strict"]) == 4
    assert written() == []
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("list-question: ") == 4
    assert "gap: owner of action 1.3" in err
    assert err.endswith("5 problems\n")


def test_json_has_how_the_lists_were_read(pipeline, capsys):
    pipeline.readings = (RIVERMEAD, PLAIN_CSV)
    assert main(["draft", "paper.yaml", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["readings"]
    assert [from_plain(one) for one in found] == [RIVERMEAD, PLAIN_CSV]


def test_what_a_list_holds_does_not_act_on_the_terminal(pipeline, capsys):
    where = Location("t\x1b[2J.xlsx", 2, 1, cell="A\u202e2")
    kind = ReadKind("x", Certainty.QUESTION, "what it is")
    value = ReadValue("\x1b[31m", "\x07", 1, where)
    answer = Answer("owners", "as-written", "\x1b]0;x\x07")
    entry = Entry(kind, 1, (where,), (value,), 1, (answer,))
    pipeline.readings = (Reading("t\x1b[2J.xlsx", (), (entry,)),)
    main(["draft", "paper.yaml"])
    main(["draft", "paper.yaml", "--strict"])
    printed = "".join(capsys.readouterr())
    assert not set(printed) & {"\x1b", "\x07", "\u202e"}


def test_json_is_one_object_with_papers_and_gaps(pipeline, capsys):
    pipeline.gaps = {"hwb": (OWNER, DATE)}
    assert main(["draft", "paper.yaml", "--json"]) == 0
    out, err = capsys.readouterr()
    outcome = json.loads(out)
    assert err == ""
    assert outcome.pop("seconds") >= 0
    papers = outcome.pop("papers")
    assert [
        (paper["board"], Path(paper["path"]).as_posix(), paper["state"]) for paper in papers
    ] == [
        ("hwb", HWB, "written"),
        ("lscb", LSCB, "written"),
    ]
    assert outcome == {
        "exit_code": 0,
        "gaps": [
            {
                "board": "hwb",
                "message": "owner of action 1.3",
                "where": {
                    "source": "plan.yaml",
                    "line": 118,
                    "column": 9,
                    "detail": "",
                    "cell": "",
                },
                "hint": "Add `owner:` to the action.",
            },
            {"board": "hwb", "message": "date of publication", "where": None, "hint": ""},
        ],
        "readings": [],
        "notices": [],
        "problems": [],
    }


def test_json_tells_problems_on_standard_output_alone(pipeline, capsys):
    pipeline.faults["prepare"] = DataError([BAD_DATE])
    assert main(["draft", "paper.yaml", "--json"]) == 4
    out, err = capsys.readouterr()
    assert err == ""
    assert json.loads(out) == {
        "exit_code": 4,
        "papers": [],
        "gaps": [],
        "readings": [],
        "notices": [],
        "problems": [
            {
                "code": "bad-date",
                "message": "30 February 2012 does not exist",
                "where": {"source": "plan.yaml", "line": 7, "column": 3, "detail": "", "cell": ""},
                "hint": "Write dates as 2012-11-08.",
            }
        ],
    }


def test_json_tells_a_fault_of_our_own(pipeline, capsys):
    pipeline.faults["prepare"] = RuntimeError("boom")
    assert main(["draft", "paper.yaml", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["own_fault"] == "RuntimeError: boom"


# Endings


def test_a_fault_of_our_own_shows_no_traceback_but_how_to_get_one(pipeline, capsys):
    pipeline.faults["prepare"] = RuntimeError("boom")
    assert main(["draft", "paper.yaml"]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("papergen failed: RuntimeError: boom\n")
    assert "PAPERGEN_DEBUG" in err
    assert "Traceback" not in err


def test_the_traceback_can_be_asked_for(pipeline, capsys, monkeypatch):
    monkeypatch.setenv("PAPERGEN_DEBUG", "1")
    pipeline.faults["prepare"] = RuntimeError("boom")
    assert main(["draft", "paper.yaml"]) == 1
    assert "Traceback (most recent call last)" in capsys.readouterr().err


def test_stopping_it_is_not_a_fault_of_our_own(pipeline, capsys):
    pipeline.faults["prepare"] = KeyboardInterrupt()
    assert main(["draft", "paper.yaml"]) == 130
    assert capsys.readouterr().err.strip() == "Stopped."


@pytest.mark.parametrize(
    "arguments",
    [["drfat"], ["draft"], ["draft", "paper.yaml", "--bord", "hwb"], ["schema", "extra"]],
)
def test_a_wrong_command_ends_with_2_and_says_why(pipeline, capsys, arguments):
    assert main(arguments) == 2
    assert "Usage: papergen" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments", [["--help"], ["draft", "--help"], ["schema", "-h"], ["--version"]]
)
def test_asking_for_help_or_the_version_is_no_fault(capsys, arguments):
    assert main(arguments) == 0
    assert "papergen" in capsys.readouterr().out


def test_what_would_act_on_the_terminal_is_shown_by_its_code(pipeline, capsys):
    message = "no name “\x1b[31mred\x07”\nand \u202eright to left\u202c, but مجلس 🎉 stay"
    pipeline.faults["prepare"] = DataError(
        [Problem("wrong-value", message, Location("a\nb.yaml", 1, 1), "one\ntwo\x1b")]
    )
    assert main(["draft", "paper.yaml"]) == 4
    assert capsys.readouterr().err.splitlines() == [
        r"a\nb.yaml:1:1: wrong-value: no name “\x1b[31mred\x07”\nand \u202eright to left\u202c, but مجلس 🎉 stay",
        "    one",
        r"    two\x1b",
        "1 problem",
    ]


# The process


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """papergen in a process of its own."""
    values = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
    return subprocess.run(
        [sys.executable, "-m", "papergen", *arguments], capture_output=True, env=values, check=False
    )


def test_the_module_runs_as_the_command_does(tmp_path):
    done = run("--version")
    assert done.returncode == 0
    assert done.stdout.decode().strip() == f"papergen {papergen.__version__}"


def test_a_paper_that_is_not_there_ends_with_3_whatever_the_terminal_can_show(tmp_path):
    name = str(tmp_path / "pâpier-🎉.yaml")
    for encoding in ("ascii", "cp1252", "utf-8"):
        done = run("draft", name, PYTHONIOENCODING=encoding)
        assert done.returncode == 3, done.stderr
        assert b"file-missing" in done.stderr
        assert b"Traceback" not in done.stderr


def test_help_loads_nothing_heavy():
    script = (
        "import sys; from papergen.cli import main; main(['--help']); main(['draft', '--help']); "
        "main(['batch', '--help'])\n"
        "heavy = {'pydantic', 'jinja2', 'lxml', 'yaml', 'babel', 'markdown_it', 'json', "
        "'sqlalchemy', 'distributed', 'docx'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, env=environment, check=True
    )
    assert done.stderr.strip() == "[]"


# Schemas


def test_the_schemas_are_one_object_by_name(capsys):
    assert main(["schema"]) == 0
    schemas = json.loads(capsys.readouterr().out)
    assert set(schemas) == {"plan", "bodies", "paper", "brand"}
    assert all(schema["type"] == "object" for schema in schemas.values())


def test_the_schemas_can_be_written_to_files(tmp_path, capsys):
    assert main(["schema"]) == 0
    printed = json.loads(capsys.readouterr().out)
    out = tmp_path / "schemas"
    assert main(["schema", "--out", str(out)]) == 0
    assert capsys.readouterr().out.splitlines() == [str(out / f"{name}.json") for name in printed]
    assert {
        path.stem: json.loads(path.read_text(encoding="utf-8")) for path in out.iterdir()
    } == printed


def test_schemas_that_cannot_be_written_are_a_problem_of_the_output(tmp_path, capsys):
    (tmp_path / "schemas").touch()
    assert main(["schema", "--out", str(tmp_path / "schemas")]) == 6
    assert "output-unwritable" in capsys.readouterr().err
