"""Faulty inputs, end to end: what the command line says of each, its exit code, and that nothing is
written.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import pytest
from fault_cases import Case, cases, everything, lay_out, write_said

from papergen.cli import main
from papergen.errors import REGISTRY

CASES = cases()
# Faults that spoil one value, tag or name: of two of these in different places, neither may hide
# the other.
OF_ONE_PLACE = {
    "bad-character",
    "bad-date",
    "duplicate-key",
    "expression-failed",
    "quote-value",
    "tag-forbidden",
    "tag-syntax",
    "template-forbidden",
    "template-name",
    "template-tag",
    "undefined-name",
    "unknown-field",
    "unknown-id",
    "value-misused",
    "wrong-value",
}


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


def test_the_paper_that_the_cases_spoil_has_no_fault(
    desk: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    lay_out(Case("", "", (), 0, ""), desk)
    assert main(["draft", "paper.yaml", "--strict"]) == 0
    out, err = capfd.readouterr()
    assert err == ""
    assert [line.split(":")[0] for line in out.splitlines()[:-1]] == [
        "drafts/2012-11-08-hwb-progress.docx",
        "drafts/2012-11-20-lscb-progress.docx",
    ]


def test_what_is_not_printed_is_told_by_every_run_and_hinders_none(
    desk: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    lay_out(Case("", "", (), 0, ""), desk)
    paper = desk / "paper.yaml"
    paper.write_text(
        f"{paper.read_text(encoding='utf-8')}wards: All\nappendices: none\n", encoding="utf-8"
    )
    for _ in ("compiled", "from the cache"):
        assert main(["draft", "paper.yaml"]) == 0
        out, err = capfd.readouterr()
        assert err == ""
        assert out.splitlines()[2:5] == [
            "Not printed:",
            (
                "  - the brand “house” has no place for “wards”, which its papers therefore lack "
                "(paper.yaml:39:8)"
            ),
            (
                "      Take it out of paper.yaml, or put {{ wards }} into "
                "templates/house/paper.docx where it is to stand."
            ),
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
        found
        for line, _ in problems
        for found in re.findall(r"(?:^|(?<=: ))([a-z]+(?:-[a-z]+)*): ", line)
    } & REGISTRY.keys()
    assert code == (2 if "unknown-board" in codes else min(REGISTRY[found][0] for found in codes))


def test_faults_of_drafting_are_all_told_again_when_the_compiled_paper_was_kept(
    desk: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    case = next(case for case in CASES if case.name.startswith("faults that show in drafting"))
    lay_out(case, desk)
    for _ in range(2):
        assert main(["draft", "paper.yaml"]) == case.exit_code
        assert capfd.readouterr().err.rstrip("\n") == case.said


def told(said: str) -> set[tuple[str, str]]:
    """What problems say, by code and message. Numbers of lines are left out: they move."""
    found = re.findall(r"^\S.*?: ([a-z]+(?:-[a-z]+)*): (.*)", said, flags=re.MULTILINE)
    return {
        (code, re.sub(r"\d+(?::\d+)?", "0", message)) for code, message in found if code in REGISTRY
    }


def both(one: Case, other: Case) -> Case:
    """The files with the faults of two cases. Raises AssertionError where these are in the same
    place.
    """
    parts = dict(one.parts)
    for name, hunks in other.parts:
        parts[name] = f"{parts[name]}\n@@\n{hunks}" if name in parts else hunks
    return Case("", f"{one.name} + {other.name}", tuple(parts.items()), 0, "")


def pairs() -> Iterator[tuple[Case, Case]]:
    """Each case of one place with some of the others, always the same ones."""
    of_one_place = [
        case
        for case in CASES
        if case.file not in ("together.txt", "bounds.txt")
        and not case.part("done")
        and not case.part("command")
        and {code for code, _ in told(case.said)} <= OF_ONE_PLACE
    ]
    # What stands in a loop is not run where the loop itself is at fault.
    looped = {"a single value that is looped over"}
    for number, (one, other) in enumerate(combinations(of_one_place, 2)):
        if number % 5 == 0 and not {one.name, other.name} & looped:
            yield one, other


def test_of_two_faults_in_different_places_neither_hides_the_other_nor_makes_a_third(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    tried = 0
    for number, (one, other) in enumerate(pairs()):
        desk = tmp_path / str(number)
        desk.mkdir()
        try:
            lay_out(both(one, other), desk)
        except AssertionError:
            continue  # they are in the same place
        monkeypatch.chdir(desk)
        tried += 1
        assert main(["draft", "paper.yaml", "--no-cache"])
        assert told(capfd.readouterr().err) == told(one.said) | told(other.said), (
            f"{one.name} + {other.name}"
        )
    assert tried > 50
