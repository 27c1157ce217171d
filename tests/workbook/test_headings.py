"""Headings as councils write them, and what they are known to be for."""

from __future__ import annotations

import re

import places
import pytest
from hypothesis import given
from hypothesis import strategies as st

from papergen.workbook.columns.heading_names import DESCRIPTIONS, FIELDS, USUAL_NAMES
from papergen.workbook.columns.heading_words import (
    HeadingPeriod,
    heading_period,
    is_private,
    latest_period,
    words,
)
from papergen.workbook.columns.headings import (
    is_some_date,
    is_something_else,
    is_target_or_done,
    meanings,
)

CASES = places.CASES / "actions" / "headings.txt"
Named = list[tuple[str, int]]


def read_cases() -> list[tuple[str, Named]]:
    """Each heading of the cases, and the fields it begins with."""
    _, *blocks = CASES.read_text(encoding="utf-8").split("\n=== ")
    found: list[tuple[str, Named]] = []
    for block in blocks:
        title, _, body = block.partition("\n")
        # A line that begins with a bracket continues the heading above.
        lines = re.sub(r"\n(?=\()", "\x01", body).strip().split("\n")
        name, _, closeness = title.partition(" ")
        first = [(name, int(closeness))] if closeness else []
        for line in lines:
            headings, more = [line], first
            if line.startswith("|"):
                listed, _, others = line[1:].rpartition(": ")
                headings = listed.split("; ")
                other, _, other_closeness = others.rpartition(" ")
                more = [*first, (other, int(other_closeness))]
            found += [(heading.strip().replace("\x01", "\n"), more) for heading in headings]
    return found


KNOWN = read_cases()
PRIVATE = CASES.read_text(encoding="utf-8").partition("\n=== private\n")[2].strip().split("\n")


@pytest.mark.parametrize(("heading", "named"), KNOWN)
def test_a_heading_is_known_by_its_words(heading: str, named: Named):
    found = [(meaning.field, meaning.closeness) for meaning in meanings(heading)]
    assert found[: len(named)] == named
    if not named:
        assert found == []


@pytest.mark.parametrize(("heading", "named"), KNOWN)
def test_a_line_break_between_words_does_not_count(heading: str, named: Named):
    for place in re.finditer(" ", heading):
        broken = f"{heading[: place.start()]}\n{heading[place.end() :]}"
        assert [each.field for each in meanings(broken)][:1] == [name for name, _ in named][:1]


@pytest.mark.parametrize("heading", PRIVATE)
def test_a_heading_that_says_so_is_private(heading: str):
    assert is_private(heading)


def test_a_long_heading_is_read_to_its_end_for_that():
    assert is_private("Notes " + "of the officer " * 60 + "(not for publication)")


@pytest.mark.parametrize(
    "heading",
    ["Internal audit recommendation", "Internal control", "Private sector lead", "Notes", "Public"],
)
def test_other_headings_are_not_private(heading: str):
    assert not is_private(heading)


@pytest.mark.parametrize("field", ["text", "owner", "due", "status", "comment", "rating", "ref"])
def test_there_are_forty_cases_for_each_great_field(field: str):
    assert len({heading for heading, named in KNOWN if named and named[0][0] == field}) >= 40


def test_there_are_sixty_cases_that_name_nothing():
    assert len([heading for heading, named in KNOWN if not named]) >= 60


def test_each_field_has_names_and_a_description():
    assert set(FIELDS) == set(USUAL_NAMES) == set(DESCRIPTIONS)


@pytest.mark.parametrize("heading", ["Start date", "Risk owner", "Date raised", "Budget status"])
def test_what_is_known_to_be_something_else(heading: str):
    assert is_something_else(heading)
    assert not is_something_else("Wobble")


def test_dates_that_can_be_either():
    assert is_target_or_done("Completion date")
    assert not is_target_or_done("Target completion date")
    assert is_some_date("Date")
    assert is_some_date("Date:")
    assert not is_some_date("Due date")
    assert not is_some_date("Date (of meeting)")


@pytest.mark.parametrize(
    ("heading", "rest", "period"),
    [
        ("Update Sept 2025", "Update", (2025, 9, 0)),
        ("Update – October", "Update", (0, 10, 0)),
        ("Progress at Q2", "Progress", (0, 7, 0)),
        ("Progress Q4 2025/26", "Progress", (2026, 1, 0)),
        ("Position as at 30/09/2025", "Position", (2025, 9, 30)),
        ("Position as at 30th September 2025", "Position", (2025, 9, 30)),
        ("RAG (Aug-25)", "RAG", (2025, 8, 0)),
        ("Sept 25 update", "update", (2025, 9, 0)),
        ("Actions 2025/26", "Actions", (2025, 0, 0)),
        ("Update 2025-09", "Update", (2025, 9, 0)),
        ("Comments", "Comments", None),
        ("Mayor's comments", "Mayor's comments", None),
    ],
)
def test_the_period_of_a_heading(heading: str, rest: str, period: tuple[int, int, int] | None):
    found, named = heading_period(heading)
    assert found == rest
    assert (named and (named.year, named.month, named.day)) == period


@pytest.mark.parametrize(
    ("headings", "latest"),
    [
        (["RAG Aug", "RAG Sep"], 1),
        (["RAG Nov", "RAG Dec", "RAG Jan"], 2),
        (["RAG Jan", "RAG Dec", "RAG Nov"], 0),
        (["Q1", "Q2", "Q3", "Q4"], 3),
        (["Update Dec 2024", "Update Jan 2025"], 1),
        (["Update Jan 2025", "Update Dec 2024"], 0),
        (["RAG Aug", "RAG Aug"], None),
        (["RAG Aug 2025", "RAG Sep"], None),
        (["RAG Aug", "RAG Dec", "RAG Sep"], None),
    ],
)
def test_the_latest_of_several_periods(headings: list[str], latest: int | None):
    periods = [heading_period(heading)[1] for heading in headings]
    assert latest_period([period for period in periods if period]) == latest


def test_periods_have_their_order():
    assert HeadingPeriod(2025, 9, 0) < HeadingPeriod(2026, 1, 0)


@given(st.text(max_size=400))
def test_any_text_has_meanings(text: str):
    found = meanings(text)
    assert all(meaning.field in FIELDS and 1 <= meaning.closeness <= 3 for meaning in found)
    assert meanings(text) == found
    assert not (is_private(text) and found)
    rest, _ = heading_period(text)
    assert len(rest) <= len(text) + 1


@given(st.sampled_from([heading for heading, named in KNOWN if named]))
def test_case_and_spaces_do_not_count(heading: str):
    # “by who” is written as one or as two in `byWhom`, which capitals undo.
    if " " not in heading:
        return
    assert words(f"  {heading.replace(' ', '  ')}:") == words(heading)
    assert [each.field for each in meanings(f" {heading} ")] == [
        each.field for each in meanings(heading)
    ]
