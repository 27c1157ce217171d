"""Counting numbered paragraphs as Word does: levels restart, starts are overridden, references show
the full context.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papergen.engine.numbering import Counters, format_number


@dataclass(frozen=True)
class Level:
    text: str
    format: str = "decimal"
    start: int = 1
    restart: int | None = None
    legal: bool = False


@dataclass(frozen=True)
class NumberedList:
    levels: tuple[Level, ...]
    abstract: int = 0
    starts: Mapping[int, int] = field(default_factory=dict)


CONTINUOUS = NumberedList((Level("%1."), Level("(%2)", "lowerLetter"), Level("(%3)", "lowerRoman")))
DECIMAL = NumberedList(
    (Level("%1"), Level("%1.%2"), Level("(%3)", "lowerLetter"), Level("(%4)", "lowerRoman"))
)


def numbers(levels: list[int], one: NumberedList = CONTINUOUS) -> str:
    """The references to paragraphs of these levels, in order."""
    counters = Counters({1: one})
    shown = []
    for level in levels:
        counters.count((1, level))
        shown.append(counters.number((1, level)))
    return " ".join(shown)


@pytest.mark.parametrize(
    ("one", "levels", "shown"),
    [
        (CONTINUOUS, [0, 0, 0], "1 2 3"),
        (CONTINUOUS, [0, 1, 1, 0, 1], "1 1(a) 1(b) 2 2(a)"),
        (CONTINUOUS, [0, 1, 2, 2, 1, 2, 0], "1 1(a) 1(a)(i) 1(a)(ii) 1(b) 1(b)(i) 2"),
        (DECIMAL, [0, 1, 1, 2, 2, 1, 0, 1], "1 1.1 1.2 1.2(a) 1.2(b) 1.3 2 2.1"),
        (DECIMAL, [0, 1, 2, 3], "1 1.1 1.1(a) 1.1(a)(i)"),
        # A level skipped counts as begun.
        (CONTINUOUS, [2, 2], "1(a)(i) 1(a)(ii)"),
        (DECIMAL, [0, 2], "1 1.1(a)"),
    ],
)
def test_levels_count_and_restart(one: NumberedList, levels: list[int], shown: str) -> None:
    assert numbers(levels, one) == shown


@pytest.mark.parametrize(
    ("restart", "shown"),
    [
        (None, "1 1(a) 1(a)(i) 1(b) 1(b)(i) 2 2(a) 2(a)(i)"),
        (0, "1 1(a) 1(a)(i) 1(b) 1(b)(ii) 2 2(a) 2(a)(iii)"),
        (1, "1 1(a) 1(a)(i) 1(b) 1(b)(ii) 2 2(a) 2(a)(i)"),
    ],
)
def test_a_level_may_restart_after_any_higher_one_after_none_or_after_one_of_them(
    restart: int | None, shown: str
) -> None:
    one = NumberedList((*CONTINUOUS.levels[:2], Level("(%3)", "lowerRoman", restart=restart)))
    assert numbers([0, 1, 2, 1, 2, 0, 1, 2], one) == shown


def test_a_level_starts_where_it_says() -> None:
    assert (
        numbers([0, 1, 0, 1], NumberedList((Level("%1", start=5), Level("%1.%2", start=0))))
        == "5 5.0 6 6.0"
    )


def test_an_override_of_the_start_holds_for_the_first_paragraph_of_its_instance_alone() -> None:
    counters = Counters({1: CONTINUOUS, 2: NumberedList(CONTINUOUS.levels, 0, {0: 1})})
    shown = []
    for number in (1, 1, 2, 2, 1, 2):
        counters.count((number, 0))
        shown.append(counters.number((number, 0)))
    assert shown == ["1", "2", "1", "2", "3", "4"]


def test_instances_of_one_list_count_together_and_other_lists_by_themselves() -> None:
    counters = Counters({1: CONTINUOUS, 2: CONTINUOUS, 3: NumberedList(CONTINUOUS.levels, 7)})
    shown = []
    for number in (1, 2, 3, 2, 1, 3):
        counters.count((number, 0))
        shown.append(counters.number((number, 0)))
    assert shown == ["1", "2", "1", "3", "4", "2"]


def test_legal_numbering_shows_all_its_numbers_as_figures() -> None:
    one = NumberedList((Level("%1", "upperRoman"), Level("%1.%2", "lowerLetter", legal=True)))
    assert numbers([0, 0, 1], one) == "I II 2.1"


def test_a_second_list_under_one_paragraph_gets_an_instance_of_its_own() -> None:
    counters = Counters({1: CONTINUOUS, 4: CONTINUOUS})
    counters.count((1, 0))
    assert counters.new_list((1, 1)) is None
    counters.count((1, 1))
    counters.count((1, 1))
    second = counters.new_list((1, 1))
    assert second == 5
    for shown in ("1(a)", "1(b)"):
        counters.count((second, 1))
        assert counters.number((second, 1)) == shown
    third = counters.new_list((1, 1))
    assert third == 6
    counters.count((third, 1))
    counters.count((third, 2))
    assert counters.number((third, 2)) == "1(a)(i)"
    counters.count((1, 0))
    assert counters.new_list((1, 1)) is None
    assert [(new.number, new.base, new.level, new.start) for new in counters.new_lists] == [
        (5, 1, 1, 1),
        (6, 1, 1, 1),
    ]


@pytest.mark.parametrize("number", [(9, 0), (1, 3), (1, 8)])
def test_what_is_not_in_the_template_counts_nothing(number: tuple[int, int]) -> None:
    counters = Counters({1: CONTINUOUS})
    counters.count(number)
    assert counters.number(number) == ""
    counters.count((1, 0))
    assert counters.number((1, 0)) == "1"


@pytest.mark.parametrize(
    ("form", "shown"),
    [
        ("decimal", "1 2 9 10 26 27 52 53 100"),
        ("decimalZero", "01 02 09 10 26 27 52 53 100"),
        ("lowerLetter", "a b i j z aa zz aaa vvvv"),
        ("upperLetter", "A B I J Z AA ZZ AAA VVVV"),
        ("lowerRoman", "i ii ix x xxvi xxvii lii liii c"),
        ("upperRoman", "I II IX X XXVI XXVII LII LIII C"),
    ],
)
def test_numbers_are_written_as_word_writes_them(form: str, shown: str) -> None:
    assert (
        " ".join(format_number(number, form) for number in (1, 2, 9, 10, 26, 27, 52, 53, 100))
        == shown
    )


@pytest.mark.parametrize("form", ["bullet", "none"])
def test_bullets_have_no_number(form: str) -> None:
    assert format_number(3, form) == ""


@given(st.integers(1, 3999))
def test_roman_numbers_add_up(number: int) -> None:
    values = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}
    roman = [values[letter] for letter in format_number(number, "lowerRoman")]
    assert sum(-a if a < b else a for a, b in zip(roman, [*roman[1:], 0], strict=True)) == number


@given(st.lists(st.integers(0, 2), max_size=30))
def test_each_number_is_given_once(levels: list[int]) -> None:
    """Under one paragraph no number comes twice, and paragraphs count up by one."""
    shown = numbers([0, *levels]).split()
    assert len(set(shown)) == len(shown)
    assert [int(number) for number in shown if number.isdigit()] == list(
        range(1, 2 + levels.count(0))
    )
