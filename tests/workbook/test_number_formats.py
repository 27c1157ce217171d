"""Numbers and dates as Excel shows them: each case is a line of text."""

from __future__ import annotations

import places
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from papergen.dates import PartialDate
from papergen.workbook.files.number_formats import (
    BUILT_IN,
    changes_text,
    general,
    number_cell,
    shows_nothing,
    text_shown,
)
from papergen.workbook.sheets import Moment, Number

TEXT = (places.CASES / "actions" / "number_formats.txt").read_text(encoding="utf-8")
CASES = [line.split(" => ") for line in TEXT.splitlines()[2:] if line.count(" => ") == 2]


def said(code: str, typed: str) -> str:
    if typed.startswith("text "):
        return f"text {text_shown(code, typed.removeprefix('text '))}"
    match number_cell(code, float(typed)):
        case Number(_, shown, is_share):
            return f"{shown} (a share)" if is_share else shown
        case Moment(date, shown, is_reduced, time):
            precision = "year" if date.month is None else "month" if date.day is None else "day"
            assert is_reduced == (precision != "day")
            clock = f" at {time:%H:%M}" if time else ""
            return f"the {precision} {date}{clock}, {shown}"
        case text:
            return f"text {text}"


@pytest.mark.parametrize(("code", "typed", "expected"), CASES, ids=[" ".join(c) for c in CASES])
def test_a_cell_shows_what_excel_shows(code: str, typed: str, expected: str) -> None:
    assert said(code, typed) == expected


def test_there_are_as_many_cases_as_there_were() -> None:
    assert len(CASES) >= 110


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (14, "the day 2024-07-01, 01/07/2024"),
        (15, "the day 2024-07-01, 1-Jul-24"),
        (16, "the day 2024-07-01, 1-Jul"),
        (17, "the month 2024-07, Jul-24"),
        (20, "text 0:00"),
        (22, "the day 2024-07-01, 01/07/2024 00:00"),
        (27, "the day 2024-07-01, 01/07/2024"),
        (36, "the day 2024-07-01, 01/07/2024"),
        (46, "text 1091376:00:00"),
        (58, "the day 2024-07-01, 01/07/2024"),
        (9, "4547400% (a share)"),
        (3, "45,474"),
        (44, "£45,474.00"),
    ],
)
def test_formats_that_have_but_a_number_are_known(number: int, expected: str) -> None:
    assert said(BUILT_IN[number], "45474") == expected


def test_days_of_a_workbook_that_counts_from_1904() -> None:
    assert number_cell("dd/mm/yyyy", 0, is_1904=True) == Moment(
        PartialDate(1904, 1, 1), "01/01/1904"
    )
    assert number_cell("mmm-yy", 44012, is_1904=True) == Moment(
        PartialDate(2024, 7), "Jul-24", is_reduced=True
    )
    assert number_cell("h:mm", 0.5, is_1904=True) == "12:00"


def test_formats_that_hide_whatever_a_cell_holds() -> None:
    assert [code for code in (";;;", '"";;;', ";;", "0;;;", ";;;@", "") if shows_nothing(code)] == [
        ";;;"
    ]
    assert [
        code for code in ("@", "General", "0", "0;0;0;@", '"x"@', ";;;") if changes_text(code)
    ] == [
        '"x"@',
        ";;;",
    ]


CODES = st.one_of(
    st.text(max_size=30),
    st.text(alphabet='0#?,.%@;_*\\"[]/ -+()Eeydmhs:AP$£', max_size=30),
    st.sampled_from([case[0] for case in CASES]),
)
NUMBERS = st.floats(allow_nan=False, allow_infinity=False)


@settings(max_examples=1000, deadline=None)
@given(CODES, NUMBERS, st.booleans())
def test_any_number_in_any_format_is_a_cell(code: str, value: float, is_1904: bool) -> None:
    cell = number_cell(code, value, is_1904=is_1904)
    if isinstance(cell, Number):
        assert cell.value == value
    text_shown(code, "x")


@given(st.integers(-999_999_999_999, 999_999_999_999), st.integers(0, 9))
def test_what_general_shows_is_the_number(whole: int, decimals: int) -> None:
    value = whole / 10**decimals
    assert float(general(value)) == pytest.approx(value, rel=1e-8)


@given(st.integers(0, 10**12), st.integers(0, 6))
def test_fixed_decimals_show_the_number_as_python_has_it(units: int, decimals: int) -> None:
    value = units / 10**decimals
    cell = number_cell("0." + "0" * decimals if decimals else "0", value)
    assert isinstance(cell, Number)
    assert cell.shown == f"{value:.{decimals}f}"


def test_a_code_longer_than_excel_takes_is_general() -> None:
    assert number_cell("0" * 300, 5) == Number(5, "5")
