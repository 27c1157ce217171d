"""`papergen draft` with the real pipeline, on the samples: what is written where, gaps, `--strict`,
edits, the cache, JSON.
"""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn
from places import SAMPLES
from small_papers import paper_of, write_paper

import papergen as library
from papergen.cli import main

PAPER, GAPS = "post-inspection/paper.yaml", "post-inspection-gaps/paper.yaml"
HWB, LSCB, CTB = (
    "2012-11-08-hwb-post-inspection.docx",
    "2012-11-20-lscb-post-inspection.docx",
    "2012-11-22-ctb-post-inspection.docx",
)

Said = tuple[int, list[str], list[str]]


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of its own with the samples in it, and a cache of its own."""
    shutil.copytree(SAMPLES, tmp_path / "desk")
    monkeypatch.setenv("PAPERGEN_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("PAPERGEN_DEBUG", raising=False)
    monkeypatch.chdir(tmp_path / "desk")
    return tmp_path / "desk"


@pytest.fixture
def papergen(desk: Path, capfd: pytest.CaptureFixture[str]) -> Callable[..., Said]:
    """A command line's exit code, and the lines it wrote to standard output and standard error."""

    def run(*arguments: str) -> Said:
        capfd.readouterr()
        code = main(["draft", *arguments])
        out, err = capfd.readouterr()
        assert "Traceback" not in out + err
        return code, out.splitlines(), err.splitlines()

    return run


def written(folder: str = "drafts") -> list[str]:
    return sorted(path.name for path in Path(folder).glob("*"))


def text_of(path: str | Path) -> str:
    return "\n".join(paragraph.text for paragraph in docx.Document(str(path)).paragraphs)


def edit(path: Path) -> bytes:
    """What an officer makes of a draft in Word."""
    document = docx.Document(str(path))
    document.add_paragraph("Added by hand.")
    document.save(str(path))
    return path.read_bytes()


def change_title(desk: Path) -> None:
    paper = desk / PAPER
    text = paper.read_text(encoding="utf-8")
    changed = re.sub(r"^title: \|\n  ", "title: |\n  Second ", text, flags=re.MULTILINE)
    assert changed != text
    paper.write_text(changed, encoding="utf-8")


# What is written


def test_every_board_gets_its_own_paper(papergen) -> None:
    code, out, err = papergen(PAPER)
    assert (code, err) == (0, [])
    assert out[:3] == [f"drafts/{name}: written" for name in (HWB, LSCB, CTB)]
    assert re.fullmatch(r"3 papers in drafts, no gaps \(\d+\.\d\d seconds\)", out[3])
    assert written() == [".papergen", HWB, LSCB, CTB]
    texts = [text_of(f"drafts/{name}") for name in (HWB, LSCB, CTB)]
    assert len(set(texts)) == 3
    assert all(len(text) > 5000 for text in texts)


def test_boards_and_a_folder_can_be_chosen(papergen) -> None:
    code, out, _ = papergen(PAPER, "--board", "ctb", "--board", "hwb", "--out", "for the/meeting")
    assert code == 0
    assert written("for the/meeting") == [".papergen", HWB, CTB]
    assert not Path("drafts").exists()
    assert out[-1].startswith("2 papers in for the/meeting, no gaps")


def test_another_brand_can_be_chosen_by_name_and_by_the_path_of_its_folder(papergen, desk) -> None:
    assert papergen(PAPER, "--board", "hwb", "--out", "own")[0] == 0
    assert papergen(PAPER, "--board", "hwb", "--brand", "plain", "--out", "named")[0] == 0
    shutil.copytree(SAMPLES.parent / "templates" / "plain", desk / "styles" / "ours")
    assert papergen(PAPER, "--board", "hwb", "--brand", "styles/ours", "--out", "by-path")[0] == 0
    own, named, by_path = (
        (desk / folder / HWB).read_bytes() for folder in ("own", "named", "by-path")
    )
    assert named == by_path != own


def test_a_second_run_changes_nothing_and_says_so(papergen) -> None:
    papergen(PAPER)
    before = {path: path.stat().st_mtime_ns for path in Path("drafts").rglob("*")}
    code, out, _ = papergen(PAPER)
    assert code == 0
    assert out[0] == f"drafts/{HWB}: no change since the last draft"
    assert {path: path.stat().st_mtime_ns for path in Path("drafts").rglob("*")} == before


def test_a_draft_nobody_edited_is_written_over_by_the_next(papergen, desk) -> None:
    papergen(PAPER)
    change_title(desk)
    code, out, _ = papergen(PAPER)
    assert code == 0
    assert out[0] == f"drafts/{HWB}: written over the earlier draft"
    assert written() == [".papergen", HWB, LSCB, CTB]
    assert "Second " in text_of(f"drafts/{HWB}")


def test_an_edited_draft_is_never_lost(papergen, desk) -> None:
    papergen(PAPER, "--board", "hwb")
    edited = edit(desk / "drafts" / HWB)
    change_title(desk)
    new = HWB.replace(".docx", " (new).docx")
    for _ in range(2):
        assert papergen(PAPER, "--board", "hwb")[0] == 0
        assert written() == [".papergen", new, HWB]
        assert (desk / "drafts" / HWB).read_bytes() == edited
    assert "Second " in text_of(f"drafts/{new}")
    assert papergen(PAPER, "--board", "hwb", "--force")[0] == 0
    assert (desk / "drafts" / HWB.replace(".docx", " (edited).docx")).read_bytes() == edited
    assert "Added by hand." not in text_of(f"drafts/{HWB}")
    assert (desk / "drafts" / ".papergen" / "pristine" / HWB).read_bytes() == (
        desk / "drafts" / HWB
    ).read_bytes()


def test_the_folder_of_a_paper_without_an_id_names_its_files(papergen, desk) -> None:
    (desk / "post-inspection").rename(desk / "Überprüfung & Co. (2012)")
    assert papergen("Überprüfung & Co. (2012)/paper.yaml", "--board", "hwb")[0] == 0
    assert written() == [".papergen", "2012-11-08-hwb-uberprufung-co-2012.docx"]


# Gaps


def test_gaps_are_told_with_place_and_remedy_and_the_paper_is_written_all_the_same(
    papergen,
) -> None:
    code, out, err = papergen(GAPS)
    assert (code, err) == (0, [])
    assert out[0] == "drafts/2012-11-08-hwb-post-inspection-gaps.docx: written"
    assert out[2] == "Gaps in 2012-11-08-hwb-post-inspection-gaps.docx:"
    reported = [
        (line, hint)
        for line, hint in zip(out[3::2], out[4::2], strict=False)
        if line.startswith("  - ")
    ]
    assert len(reported) >= 10
    for line, hint in reported:
        assert re.fullmatch(
            r"  - to be confirmed: .+ \(post-inspection-gaps/(?:plan|bodies|paper)\.yaml(?::\d+)?\)",
            line,
        ), line
        assert re.match(r" {6}Add (?:“[a-z_]+:” (?:to|under) |the meeting to “meetings:”)", hint), (
            hint
        )
    assert f"{len(reported)} gaps to fill" in out[-1]


def test_the_line_a_gap_names_is_that_of_the_thing_that_lacks_the_fact(papergen, desk) -> None:
    _, out, _ = papergen(GAPS)
    line = next(line for line in out if "owner of action 3.2" in line)
    number = int(re.search(r"plan\.yaml:(\d+)\)", line)[1])
    lines = (desk / "post-inspection-gaps" / "plan.yaml").read_text(encoding="utf-8").splitlines()
    assert lines[number - 1].strip() == "- id: services-assessments"


def test_a_gap_of_the_paper_itself_names_the_file_and_the_board_whose_entry_lacks_it_and_no_line(
    tmp_path: Path,
) -> None:
    path = write_paper(
        tmp_path,
        paper_of("{{ paper.reference }}, {{ paper.considerations[0].item }}, {{ plan.owner }}"),
    )
    draft = library.compile(library.load(path)).draft("hwb")
    hints = [
        "Add “reference:” to the paper in paper.yaml.",
        "Add “item:” to the consideration with “board: hwb” in paper.yaml.",
        "Add “owner:” to Plan in plan.yaml.",
    ]
    assert [gap.hint for gap in draft.gaps] == hints
    line = next(
        at
        for at, text in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if "board:" in text
    )
    assert [str(gap.where).removeprefix(f"{tmp_path}/") for gap in draft.gaps] == [
        "paper.yaml",
        f"paper.yaml:{line}",
        "plan.yaml",
    ]
    with zipfile.ZipFile(io.BytesIO(draft.docx)) as package:
        comments = package.read("word/comments.xml").decode()
    assert all(hint in comments for hint in hints)


def test_a_gap_that_is_filled_where_the_summary_says_is_gone(papergen, desk) -> None:
    _, before, _ = papergen(GAPS)
    plan = desk / "post-inspection-gaps" / "plan.yaml"
    text = plan.read_text(encoding="utf-8")
    plan.write_text(
        text.replace("            # Missing: `owner:`.\n", "            owner: dcs\n"),
        encoding="utf-8",
    )
    _, after, _ = papergen(GAPS)
    gone = [line for line in before if line.startswith("  - ") and line not in after]
    assert gone == [line for line in before if "owner of action 3.2" in line]


def test_each_gap_in_the_body_is_highlighted_and_carries_a_comment_of_papergen(papergen) -> None:
    papergen(GAPS)
    path = "drafts/2012-11-08-hwb-post-inspection-gaps.docx"
    with zipfile.ZipFile(path) as archive:
        comments = archive.read("word/comments.xml").decode()
    authors = set(re.findall(r'w:author="([^"]*)"', comments))
    assert authors == {"papergen"}
    assert "w:date" not in comments
    document = docx.Document(path)
    runs = [
        run
        for run in document.element.body.iter(qn("w:r"))
        if "[to be confirmed: " in "".join(run.itertext())
    ]
    assert len(runs) == comments.count("<w:comment ") >= 5
    for run in runs:
        assert run.find(f"{qn('w:rPr')}/{qn('w:shd')}").get(qn("w:fill")) == "FFFF00"


def test_strict_makes_every_gap_a_fault_and_writes_nothing(papergen) -> None:
    _, out, _ = papergen(GAPS, "--out", "loose")
    gaps = [line.removeprefix("  - ").rsplit(" (", 1)[0] for line in out if line.startswith("  - ")]
    code, out, err = papergen(GAPS, "--strict")
    assert (code, out) == (4, [])
    assert not Path("drafts").exists()
    problems = [line for line in err[:-1] if not line.startswith("    ")]
    assert sorted(line.split(": gap: ")[1] for line in problems) == sorted(gaps)
    assert err[-1] == f"{len(gaps)} problems"


def test_strict_leaves_an_earlier_draft_as_it_is(papergen, desk) -> None:
    papergen(GAPS)
    before = {path: path.stat().st_mtime_ns for path in Path("drafts").rglob("*")}
    assert papergen(GAPS, "--strict", "--force")[0] == 4
    assert {path: path.stat().st_mtime_ns for path in Path("drafts").rglob("*")} == before


def test_strict_has_nothing_against_the_sample_without_gaps(papergen) -> None:
    assert papergen(PAPER, "--strict")[0] == 0
    assert written() == [".papergen", HWB, LSCB, CTB]


# JSON


def test_json_says_all_that_the_summary_does(papergen) -> None:
    code, out, err = papergen(GAPS, "--json")
    reported = json.loads("\n".join(out))
    assert (code, err, reported["exit_code"], reported["problems"]) == (0, [], 0, [])
    (paper,) = reported["papers"]
    assert (paper["board"], paper["state"]) == ("hwb", "written")
    assert Path(paper["path"]).is_file()
    assert len(reported["gaps"]) >= 10
    assert all(gap["hint"] and gap["where"]["source"].endswith(".yaml") for gap in reported["gaps"])


def test_json_tells_the_faults_of_several_files(papergen, desk) -> None:
    for name, old, new in (
        ("plan", "completed: 2012-07", "completed: 2012-13"),
        ("bodies", "kind: council", "kind: concil"),
    ):
        path = desk / "post-inspection" / f"{name}.yaml"
        path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    code, out, err = papergen(PAPER, "--json")
    reported = json.loads("\n".join(out))
    assert (code, err, reported["exit_code"], reported["papers"]) == (4, [], 4, [])
    assert [(one["code"], one["where"]["source"]) for one in reported["problems"]] == [
        ("wrong-value", "post-inspection/bodies.yaml"),
        ("bad-date", "post-inspection/plan.yaml"),
    ]
    assert all(
        one["where"]["line"] and one["where"]["column"] and one["hint"]
        for one in reported["problems"]
    )


# The cache


def test_a_paper_is_the_same_with_the_cache_without_it_and_from_it(papergen, tmp_path) -> None:
    assert papergen(PAPER, "--no-cache", "--out", "none")[0] == 0
    assert not (tmp_path / "cache").exists()
    assert papergen(PAPER, "--out", "filling")[0] == 0
    assert list((tmp_path / "cache").iterdir())
    assert papergen(PAPER, "--out", "filled")[0] == 0
    for name in (HWB, LSCB, CTB):
        assert (
            len({Path(folder, name).read_bytes() for folder in ("none", "filling", "filled")}) == 1
        )


def test_a_broken_cache_does_not_matter(papergen, tmp_path) -> None:
    papergen(PAPER, "--out", "first")
    for entry in (tmp_path / "cache").iterdir():
        entry.write_bytes(b"rubbish")
    assert papergen(PAPER, "--out", "second")[0] == 0
    assert Path("first", HWB).read_bytes() == Path("second", HWB).read_bytes()


def test_a_fault_that_comes_after_a_good_run_is_told_and_one_that_goes_is_forgotten(
    papergen, desk
) -> None:
    assert papergen(PAPER, "--board", "hwb")[0] == 0
    paper = desk / PAPER
    good = paper.read_text(encoding="utf-8")
    paper.write_text(good.replace("as_at: 2012-10-31", "as_at: 2012-02-30"), encoding="utf-8")
    for _ in range(2):
        code, _, err = papergen(PAPER, "--board", "hwb")
        assert code == 4
        assert "30 February 2012 does not exist" in err[0]
    paper.write_text(good, encoding="utf-8")
    assert papergen(PAPER, "--board", "hwb")[0] == 0


# Where nothing can be written


def test_a_folder_that_may_not_be_written_to_is_a_problem_of_the_output(
    papergen, monkeypatch
) -> None:
    Path("drafts").mkdir()
    opened = os.open

    def refuse(path: str | Path, flags: int, *rest: int, **more: int) -> int:
        # What a write-protected folder answers, also where the tests run as a user who may write
        # everywhere.
        if Path(path).parent.name == "drafts" and flags & os.O_CREAT:
            raise PermissionError(13, "Permission denied", str(path))
        return opened(path, flags, *rest, **more)

    monkeypatch.setattr(os, "open", refuse)
    code, out, err = papergen(PAPER)
    assert (code, out) == (6, [])
    assert err == [
        "drafts: output-unwritable: “drafts” cannot be written (Permission denied)",
        "    Choose a folder you may write to with --out.",
        "1 problem",
    ]
    assert written() == []


@pytest.mark.parametrize("lock", [f"~${HWB[2:]}", f".~lock.{HWB}#"], ids=["Word", "LibreOffice"])
def test_one_draft_that_is_open_keeps_all_from_being_written(papergen, desk, lock) -> None:
    papergen(PAPER)
    change_title(desk)
    (desk / "drafts" / lock).touch()
    before = {path: path.read_bytes() for path in Path("drafts").rglob("*") if path.is_file()}
    code, out, err = papergen(PAPER)
    assert (code, out) == (6, [])
    assert err[0] == f"drafts/{HWB}: output-locked: “{HWB}” is open in another program"
    assert lock in err[1]
    assert {
        path: path.read_bytes() for path in Path("drafts").rglob("*") if path.is_file()
    } == before


def test_what_was_written_is_a_whole_package(papergen) -> None:
    papergen(PAPER)
    for name in (HWB, LSCB, CTB):
        with zipfile.ZipFile(io.BytesIO(Path("drafts", name).read_bytes())) as archive:
            assert archive.testzip() is None
            assert archive.namelist()[0] == "[Content_Types].xml"


def test_a_trace_that_cannot_be_written_hides_no_paper_that_was(papergen):
    trace = Path("drafts", HWB).with_suffix(".trace.json")
    trace.mkdir(parents=True)
    code, out, err = papergen(PAPER, "--trace", "--board", "hwb")
    assert code == 6
    assert f"drafts/{HWB}: written" in out
    assert err[0].startswith(f"{trace}: output-unwritable: ")


def test_a_paper_that_cannot_be_remembered_is_told_as_written(papergen, monkeypatch):
    replace = os.replace

    def fail(source: str, target: Path) -> None:
        if Path(target).name == "papers.json":
            raise OSError(28, "No space left on device")
        replace(source, target)

    monkeypatch.setattr(os, "replace", fail)
    code, out, err = papergen(PAPER, "--board", "hwb", "--no-cache")
    assert code == 6
    assert f"drafts/{HWB}: written" in out
    assert "the paper itself is written" in err[0]
