"""Faulty inputs, end to end: what the command line says of each, its exit code, and that nothing is written."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
from fault_cases import Case, cases, everything, lay_out, write_said

from papergen.cli import main
from papergen.errors import REGISTRY

CASES = cases()


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of its own to work in, and a cache of its own."""
    folder = tmp_path / "desk"
    folder.mkdir()
    monkeypatch.setenv("PAPERGEN_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("PAPERGEN_DEBUG", raising=False)
    monkeypatch.chdir(folder)
    return folder


def test_there_are_enough_cases_and_no_two_of_one_name() -> None:
    assert len(CASES) >= 50
    assert len({case.name for case in CASES}) == len(CASES)


def test_the_paper_that_the_cases_spoil_has_no_fault(desk: Path, capfd: pytest.CaptureFixture[str]) -> None:
    lay_out(Case("", "", (), 0, ""), desk)
    assert main(["draft", "paper.yaml", "--strict"]) == 0
    out, err = capfd.readouterr()
    assert err == ""
    assert [line.split(":")[0] for line in out.splitlines()[:-1]] == [
        "drafts/2012-11-08-hwb-progress.docx",
        "drafts/2012-11-20-lscb-progress.docx",
    ]


def test_what_is_not_printed_is_told_by_every_run_and_hinders_none(desk: Path, capfd: pytest.CaptureFixture[str]) -> None:
    lay_out(Case("", "", (), 0, ""), desk)
    paper = desk / "paper.yaml"
    paper.write_text(f"{paper.read_text(encoding='utf-8')}wards: All\nappendices: none\n", encoding="utf-8")
    for _ in ("compiled", "from the cache"):
        assert main(["draft", "paper.yaml"]) == 0
        out, err = capfd.readouterr()
        assert err == ""
        assert out.splitlines()[2:5] == [
            "Not printed:",
            "  - the brand “house” has no place for “wards”, which its papers therefore lack (paper.yaml:39:8)",
            "      Take it out of paper.yaml, or put {{ wards }} into templates/house/paper.docx where it is to stand.",
        ]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_fault_is_told_with_its_place_and_what_to_do(
    case: Case, desk: Path, capfd: pytest.CaptureFixture[str], update: bool
) -> None:
    if "make a pipe" in case.part("done") and sys.platform == "win32":
        pytest.skip("Windows has no such pipes")
    lay_out(case, desk)
    before = everything(desk)
    code = main(["draft", *case.part("command", "paper.yaml").split()])
    out, err = capfd.readouterr()
    if update:
        write_said(case, code, err.rstrip("\n"))
        return
    assert err.rstrip("\n") == case.said
    assert code == case.exit_code
    assert out == ""
    assert "Traceback" not in err
    assert everything(desk) == before, "something was written"
    problems = re.findall(r"^(\S.*)\n(    \S.*)?", err, flags=re.MULTILINE)[:-1]
    assert all(hint for _, hint in problems), "each problem says what to do"
    codes = {
        found for line, _ in problems for found in re.findall(r"(?:^|(?<=: ))([a-z]+(?:-[a-z]+)*): ", line)
    } & REGISTRY.keys()
    assert code == (2 if "unknown-board" in codes else min(REGISTRY[found][0] for found in codes))
