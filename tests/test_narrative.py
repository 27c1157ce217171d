"""Narrative from Markdown to paragraphs: the cases stand as text in `cases/narrative`."""

from __future__ import annotations

import json
import re
from itertools import count
from pathlib import Path
from typing import NamedTuple

import pytest

from narrative_reader import LAYOUT, compile_text, draft, draft_inline, place_in
from papergen.errors import Problem
from papergen.merge.pieces import Begin, Expression, Links
from papergen.narrative.compile import compile_narrative

CASES = Path(__file__).parent / "cases" / "narrative"
_CASE = re.compile(
    r"^===== (?P<name>.+)\n(?P<text>(?s:.*?))(?:^----- values\n(?P<values>(?s:.*?)))?^----- expected\n(?P<expected>(?s:.*?))(?=^=====|\Z)",
    re.MULTILINE,
)


class Case(NamedTuple):
    file: Path
    name: str
    text: str
    values: str
    expected: str


def cases() -> list[Case]:
    return [
        Case(file, found["name"], found["text"], found["values"] or "{}", found["expected"].strip("\n"))
        for file in sorted(CASES.glob("*.md"))
        for found in _CASE.finditer(file.read_text(encoding="utf-8"))
    ]


def shown(problems: list[Problem]) -> list[str]:
    ordered = sorted(problems, key=lambda problem: problem.where.sort_key())
    return [line for problem in ordered for line in (str(problem), f"    {problem.hint}")]


def outcome(case: Case) -> str:
    values = json.loads(case.values)
    if case.file.stem == "inline":
        problems, text = draft_inline(case.text.removesuffix("\n"), values)
        return "\n".join(shown(problems) if problems else [f"“{text}”"])
    drafted = draft(case.text, values)
    return "\n".join(shown(drafted.problems) if drafted.problems else drafted.lines)


@pytest.mark.parametrize("case", cases(), ids=lambda case: f"{case.file.stem}: {case.name}")
def test_a_case_comes_out_as_written_beside_it(case: Case, update: bool):
    found = outcome(case)
    if update and found != case.expected:
        text = case.file.read_text(encoding="utf-8")
        head = next(m for m in _CASE.finditer(text) if m["name"] == case.name)
        start, end = head.span("expected")
        case.file.write_text(f"{text[:start]}{found}\n\n{text[end:]}".rstrip("\n") + "\n", encoding="utf-8")
        return
    assert found == case.expected


def test_no_two_cases_of_a_file_have_one_name_and_there_are_enough():
    names = [(case.file, case.name) for case in cases()]
    assert len(set(names)) == len(names) >= 80
    for file in CASES.glob("*.md"):
        headings = file.read_text(encoding="utf-8").count("\n===== ") + 1
        assert headings == sum(case.file == file for case in cases()), f"a case of {file.name} is not well-formed"
