"""The sample's text: each word that differs from the example paper has its defect, and no fact is
typed.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from typing import Any

import places
import pytest
from places import ROOT

from papergen import load
from papergen.drafting.sources import Sources
from papergen.engine.tags import scan

CASES = places.CASES / "sample"
SAMPLE = ROOT / "samples" / "post-inspection" / "paper.yaml"

WORDING = {
    2,
    4,
    5,
    6,
    8,
    9,
    11,
    15,
    16,
    19,
    20,
    22,
    23,
    24,
    26,
    27,
    28,
    29,
    31,
    34,
    35,
    37,
    38,
    39,
    41,
    42,
    44,
    45,
    50,
    51,
    52,
    53,
    57,
    59,
}
FIELDS = {1, 3, 12, 13, 14, 17, 18, 25, 36, 60}
LEFT = {7, 10, 21, 30, 32, 33, 40, 43, 46, 47, 48, 49, 54, 55, 56, 58}
OUTSIDE_PARAGRAPHS = {1, 2, 4, 5, 6, 8, 45}
"""Defects of the header block and the headings, and (8) the ask that is now one field."""
SAME_WORDS = {13, 14}
"""Counts that are computed now and come out as they were typed."""

FIGURE = re.compile(r"\d")
MONTH = re.compile(
    r"\b(?:January|February|March|April|May|June|July|August|September|October|November|December)\b"
)
NUMBER = re.compile(
    r"\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozen|once|twice"
    r"|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth)\b",
    re.IGNORECASE,
)
GRADES = ["outstanding", "good", "adequate", "inadequate", "red", "amber", "green"]
NOT_A_GRADE = "a good thing for children"


def words_of(text: str) -> list[str]:
    """Words, with spaces and quotation marks normalised."""
    for printed, typed in {"’": "'", "‘": "'", "“": '"', "”": '"', "\u00a0": " "}.items():
        text = text.replace(printed, typed)
    return text.split()


def example_paragraphs() -> dict[int, list[str]]:
    """The numbered paragraphs of the example, their bullets in line; a paragraph torn by a page
    break is whole again.
    """
    found: dict[int, list[str]] = {}
    number = 0
    for line in (CASES / "example-paper.txt").read_text(encoding="utf-8").splitlines():
        start = re.match(r"(?:- )?(\d+)\. (.*)", line)
        if start:
            number = int(start[1])
            found[number] = words_of(start[2])
        elif number and (line.startswith(" - ") or line[:1].islower()):
            found[number] += words_of(line.removeprefix(" - "))
    return found


def expected_paragraphs() -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for line in (CASES / "hwb-paragraphs.txt").read_text(encoding="utf-8").splitlines():
        number, text = line.split("\t")
        found.setdefault(int(number.removesuffix(".•")), []).extend(words_of(text))
    return found


def stretches() -> list[tuple[int, str, str]]:
    """Every differing stretch of words: paragraph, old words, new words."""
    old, new = example_paragraphs(), expected_paragraphs()
    found = []
    for number in old:
        matcher = difflib.SequenceMatcher(None, old[number], new[number], autojunk=False)
        for kind, a, b, c, d in matcher.get_opcodes():
            if kind != "equal":
                found.append(
                    (number, " ".join(old[number][a:b]) or "-", " ".join(new[number][c:d]) or "-")
                )
    return found


def listed() -> list[tuple[tuple[int, str, str], set[int]]]:
    lines = [
        line.split("\t")
        for line in (CASES / "differences.txt").read_text(encoding="utf-8").splitlines()
    ]
    return [
        ((int(number), old, new), {int(defect) for defect in defects.split()})
        for number, old, new, defects in lines
    ]


def test_both_papers_have_paragraphs_1_to_23() -> None:
    assert list(example_paragraphs()) == list(expected_paragraphs()) == list(range(1, 24))


def test_every_differing_stretch_of_words_is_listed_and_nothing_else_is() -> None:
    assert [stretch for stretch, _ in listed()] == stretches()


def test_every_difference_carries_a_defect_that_may_be_mended() -> None:
    wrong = {
        stretch: defects
        for stretch, defects in listed()
        if not defects or defects - WORDING - FIELDS
    }
    assert not wrong


def test_every_defect_to_be_mended_in_the_paragraphs_has_a_difference() -> None:
    mended = set().union(*(defects for _, defects in listed()))
    assert mended == (WORDING | FIELDS) - OUTSIDE_PARAGRAPHS - SAME_WORDS


def test_the_readme_has_each_of_the_60_defects_in_its_list() -> None:
    text = (SAMPLE.parent / "README.md").read_text(encoding="utf-8")
    parts = re.split(r"^## ", text, flags=re.MULTILINE)[1:]
    found = []
    for part in parts:
        cells = re.findall(r"^\| ([\d, ]+) \|", part, flags=re.MULTILINE)
        found.append([int(number) for cell in cells for number in cell.split(",")])
    assert [sorted(part) for part in found] == [sorted(WORDING), sorted(FIELDS), sorted(LEFT)]
    assert sorted(WORDING | FIELDS | LEFT) == list(range(1, 61))


# No typed facts


@pytest.fixture(scope="module")
def sample() -> Sources:
    return load(SAMPLE)


def leaves(
    value: Any, path: tuple[str | int, ...] = ()
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, (*path, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from leaves(inner, (*path, number))
    elif isinstance(value, str):
        yield path, value


def literals(sample: Sources) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """What `paper.yaml` says outside tags, everywhere but in its two fields of dates, which are
    inputs.
    """
    for path, text in leaves(sample.documents["paper"].value):
        if path[-1] not in ("as_at", "meeting"):
            tags, faults = scan(text)
            assert not faults
            for tag in reversed(tags):
                text = f"{text[: tag.start]} {text[tag.end :]}"
            yield path, " ".join(text.split())


def names(sample: Sources) -> set[str]:
    """Every name, short form, alias and initials of the register, without article."""
    found: set[str] = set()
    for path, text in leaves(sample.documents["bodies"].value):
        if path[-1] in ("name", "title", "short", "initials") or "aliases" in path:
            found.add(text.removeprefix("the "))
    return found


def whole_words(text: str, wanted: set[str]) -> set[str]:
    return {word for word in wanted if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text)}


def test_the_paper_types_no_figure_date_or_number_in_words(sample: Sources) -> None:
    patterns = (FIGURE, MONTH, NUMBER)
    typed = {
        path: text
        for path, text in literals(sample)
        if any(pattern.search(text) for pattern in patterns)
    }
    assert not typed


def test_the_paper_types_no_grade(sample: Sources) -> None:
    typed = {
        path: whole_words(text.replace(NOT_A_GRADE, "").lower(), set(GRADES))
        for path, text in literals(sample)
    }
    assert not {path: found for path, found in typed.items() if found}


def test_the_paper_types_no_name_of_a_body_post_or_person(sample: Sources) -> None:
    registered = names(sample)
    assert {"LSCB", "Council", "Lead Member for Children's Services", "Edwina Grant"} <= registered
    typed = {
        path: whole_words(text.replace("’", "'"), registered) for path, text in literals(sample)
    }
    assert not {path: found for path, found in typed.items() if found}


# What is invented


def test_single_actions_and_invented_meetings_are_marked_as_illustrative(sample: Sources) -> None:
    actions = [
        action
        for phase in sample.plan.phases
        for stream in phase.workstreams
        for action in stream.actions
    ]
    assert actions
    assert all(action.illustrative for action in actions)
    assert [consideration.illustrative for consideration in sample.paper.considerations] == [
        False,
        True,
        True,
    ]


def test_the_invented_actions_agree_with_the_words_of_the_paper(sample: Sources) -> None:
    streams = {stream.id: stream.actions for stream in sample.plan.phases[0].workstreams}
    health = [*streams["health-safeguarding"], *streams["health-looked-after"]]
    services = streams["services-safeguarding"]
    assert sum(action.status == "complete" for action in health) * 2 > len(health), (
        "paragraph 9: the majority completed"
    )
    assert sum(action.status != "complete" for action in services) * 2 > len(services), (
        "paragraph 10: the majority not completed"
    )
    urgent = [action for action in services if action.priority == "urgent"]
    assert urgent
    assert all(action.status != "not-started" for action in urgent), (
        "paragraph 10: those marked urgent have been prioritised"
    )
    education = [
        action for action in streams["services-looked-after"] if "education" in action.text
    ]
    assert education
    assert all(action.status == "complete" for action in education), (
        "paragraph 16: the education aspects all delivered"
    )


def test_no_invented_word_is_printed(sample: Sources) -> None:
    printed = " ".join(word for words in expected_paragraphs().values() for word in words)
    for phase in sample.plan.phases:
        for stream in phase.workstreams:
            for text in (stream.title, *(action.text for action in stream.actions)):
                assert text is None or str(text) not in printed


def test_the_other_sample_lacks_facts_of_at_least_five_kinds() -> None:
    gaps = load(ROOT / "samples" / "post-inspection-gaps" / "paper.yaml")
    plan, bodies = gaps.plan, gaps.bodies
    actions = [
        action for phase in plan.phases for stream in phase.workstreams for action in stream.actions
    ]
    assert plan.inspections[0].published is None
    assert plan.inspections[0].judgements[0].grade is None
    assert plan.decisions[0].date is None
    assert bodies.posts[0].holders == ()
    assert any(action.owner is None for action in actions)
    assert any(action.due is None for action in actions)
    assert not any(meeting.status == "planned" for meeting in plan.meetings)
    assert "legal" not in gaps.paper.implications
