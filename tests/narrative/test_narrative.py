"""Narrative from Markdown to paragraphs: the cases stand as text in `cases/narrative`."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from itertools import count
from pathlib import Path
from typing import NamedTuple

import places
import pytest
from narrative_reader import LAYOUT, compile_text, draft, draft_inline, place_in

from papergen.engine.pieces import Begin, Expression, Links
from papergen.errors import Problem
from papergen.narrative.compile import compile_narrative

CASES = places.CASES / "narrative"
_CASE = re.compile(
    r"^===== (?P<name>.+)\n(?P<text>(?s:.*?))(?:^----- values\n(?P<values>(?s:.*?)))?"
    r"^----- expected\n(?P<expected>(?s:.*?))(?=^=====|\Z)",
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
        Case(
            file,
            found["name"],
            found["text"],
            found["values"] or "{}",
            found["expected"].strip("\n"),
        )
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
        case.file.write_text(
            f"{text[:start]}{found}\n\n{text[end:]}".rstrip("\n") + "\n", encoding="utf-8"
        )
        return
    assert found == case.expected


def test_no_two_cases_of_a_file_have_one_name_and_there_are_enough():
    names = [(case.file, case.name) for case in cases()]
    assert len(set(names)) == len(names) >= 80
    for file in CASES.glob("*.md"):
        headings = file.read_text(encoding="utf-8").count("\n===== ") + 1
        assert headings == sum(case.file == file for case in cases()), (
            f"a case of {file.name} is not well-formed"
        )


def paragraphs_of(text: str, section: str = "s") -> list:
    pieces, _, problems = compile_text(text, section)
    assert problems == []
    return [piece.paragraph for piece in pieces if isinstance(piece, Begin)]


@pytest.mark.parametrize(
    "section", ["purpose", "management-activity", "a" * 80, "a" * 79 + "b", "Überblick", "x y", ""]
)
def test_bookmarks_are_short_legal_and_numbered_within_their_section(section: str):
    names = [
        paragraph.bookmark
        for paragraph in paragraphs_of("One.\n\n- two\n\n## Three\n\n| a |\n|---|\n| b |", section)
    ]
    assert [name.rsplit("_", 1)[1] for name in names] == ["1", "2", "3", "4", "5"]
    assert all(re.fullmatch("[A-Za-z0-9_]{1,30}", name) for name in names)
    assert names == [
        paragraph.bookmark for paragraph in paragraphs_of("A\n\nB\n\nC\n\nD\n\nE", section)
    ]


def test_sections_whose_ids_are_cut_or_cleaned_have_different_bookmarks():
    sections = ["a" * 80, "a" * 79 + "b", "x-y", "x y", "x_y", "x.y", "x"]
    names = {paragraphs_of("One.", section)[0].bookmark for section in sections}
    assert len(names) == len(sections)


def test_a_bookmark_in_a_loop_is_made_different_each_time():
    drafted = draft("{% for x in xs %}\nText {{ x }}.\n{% endfor %}", {"xs": [1, 2, 3]})
    names = re.findall('w:name="([^"]*)"', drafted.xml)
    assert len(names) == len(set(names)) == 3


def test_tags_are_placed_at_their_line_and_column():
    pieces, _, _ = compile_text("One\n\n- **two {{ a }}** {{\n b }}\n- {{ c }}")
    places = [str(piece.where) for piece in pieces if isinstance(piece, Expression)]
    assert places == ["paper.yaml:3:9", "paper.yaml:3:19", "paper.yaml:5:3"]


def test_bodies_are_introduced_in_text_and_not_in_headings():
    pieces, _, _ = compile_text("## {{ a }}\n\n{{ b }}\n\n| {{ c }} |\n|---|\n| {{ d }} |")
    introduces = {
        piece.source: piece.introduces for piece in pieces if isinstance(piece, Expression)
    }
    assert introduces == {"a": False, "b": True, "c": False, "d": True}


def test_windows_and_old_line_ends_are_line_ends_and_keep_places_right():
    drafted = draft("One\r\ntwo.\r\n\r\n- a\r- b\r\n", {})
    assert drafted.lines == ["Para+ 1: One two.", "Bullet1: a", "Bullet1: b"]
    assert str(draft("One\r\n\r\n- a\r\n- `b`", {}).problems[0]).startswith(
        "paper.yaml:4:3: markdown-unsupported"
    )


@pytest.mark.parametrize(
    "char",
    [
        "\x00",
        "\x01",
        "\x08",
        "\x0b",
        "\x0c",
        "\x1f",
        "\ud800",
        "\ufffe",
        "\U000f0000",
        "\U0010ffff",
    ],
)
def test_a_character_that_cannot_stand_in_a_paper_is_refused_at_its_place(char: str):
    (problem,) = draft(f"One.\n\nTwo {char}three.", {}).problems
    assert str(problem).startswith(
        f"paper.yaml:3:5: bad-character: the text holds the character U+{ord(char):04X}, "
    )
    (problem,) = draft_inline(f"A\n {char}", {})[0]
    assert (problem.code, problem.where.line, problem.where.column) == ("bad-character", 2, 2)


def test_lists_and_links_of_several_sections_do_not_meet():
    links, keys, problems = Links(), count(1), []
    found = []
    for section, text in (
        ("a", "One:\n\n1. x\n\n[l](https://a.org)"),
        ("b", "One:\n\n1. y\n\n[l](https://b.org) [m](https://a.org)"),
    ):
        found += compile_narrative(
            text,
            section=section,
            place=place_in(text),
            layout=LAYOUT,
            links=links,
            lists=keys,
            problems=problems,
        )
    assert problems == []
    assert [piece.paragraph.new_list for piece in found if isinstance(piece, Begin)] == [
        0,
        1,
        0,
        0,
        2,
        0,
    ]
    assert list(links.ids) == ["https://a.org", "https://b.org"]


def test_problems_that_were_there_before_do_not_stop_a_text():
    problems = [Problem("gap", "another text's")]
    pieces = compile_narrative(
        "One.",
        section="s",
        place=place_in("One."),
        layout=LAYOUT,
        links=Links(),
        lists=count(1),
        problems=problems,
    )
    assert pieces
    assert len(problems) == 1


def test_deep_nesting_and_many_signs_are_read_in_good_time():
    for text in (
        "- " * 500 + "x",
        "*" * 5000,
        "[" * 5000,
        "(" * 5000 + "'" * 5000,
        "{% if x %}" * 1000 + "{% endif %}" * 1000,
        "_a " * 3000,
    ):
        draft(text, {"x": True})


def test_a_cell_of_ten_thousand_characters_stands():
    long = "x" * 10_000
    assert draft(f"| a |\n|---|\n| {long} {{{{ v }}}} |", {"v": long}).lines == [
        "table 9000",
        "|| a |",
        f"| {long} {long} |",
    ]


def test_nothing_heavy_is_imported_until_a_narrative_is_compiled():
    script = (
        "import sys; import papergen.narrative.compile, papergen.narrative.layout\n"
        "print([name for name in ('markdown_it', 'lxml', 'pydantic', 'babel', 'click') if name in "
        "sys.modules])"
    )
    found = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == "[]"
