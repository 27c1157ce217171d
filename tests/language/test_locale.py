"""What a language brings: dates in a brand's form, numbers in prose, lists."""

from __future__ import annotations

from datetime import date

import pytest
from babel import Locale
from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_decimal
from hypothesis import given
from hypothesis import strategies as st

from papergen.dates import PartialDate
from papergen.language.cldr import make_locale

EN = make_locale()


@pytest.mark.parametrize(
    ("pattern", "day", "month", "year"),
    [
        ("d MMMM yyyy", "8_November 2012", "November 2012", "2012"),
        ("dd MMMM yyyy", "08_November 2012", "November 2012", "2012"),
        ("EEEE d MMMM yyyy", "Thursday 8_November 2012", "November 2012", "2012"),
        ("EEEE, d MMMM yyyy", "Thursday, 8_November 2012", "November 2012", "2012"),
        ("d MMM yyyy", "8_Nov 2012", "Nov 2012", "2012"),
        ("d LLLL y", "8_November 2012", "November 2012", "2012"),
        ("dd/MM/yyyy", "08/11/2012", "11/2012", "2012"),
        ("d.M.yy", "8.11.12", "11.12", "12"),
        ("yyyy-MM-dd", "2012-11-08", "2012-11", "2012"),
        ("d 'of' MMMM yyyy", "8_of November 2012", "November 2012", "2012"),
        ("d 'o''''' MMMM yyyy", "8_o'' November 2012", "November 2012", "2012"),
    ],
)
def test_a_date_prints_in_the_brands_form_at_its_own_precision(
    pattern: str, day: str, month: str, year: str
) -> None:
    brand = make_locale(pattern=pattern)
    for text, printed in (("2012-11-08", day), ("2012-11", month), ("2012", year)):
        assert brand.format(PartialDate.parse(text)) == printed.replace("_", "\xa0")


@pytest.mark.parametrize(
    ("fields", "printed"),
    [
        ("dM", "8_November"),
        ("M", "November"),
        ("My", "November 2012"),
        ("y", "2012"),
        ("d", "8"),
        ("dMy", "8_November 2012"),
    ],
)
def test_a_date_prints_only_the_fields_that_are_asked_for(fields: str, printed: str) -> None:
    assert EN.format(PartialDate(2012, 11, 8), fields) == printed.replace("_", "\xa0")


def test_a_weekday_stands_before_a_date_once_and_only_before_a_day() -> None:
    named = make_locale(pattern="EEEE d MMMM yyyy")
    for brand in (EN, named):
        assert brand.with_weekday(PartialDate(2012, 2, 29)) == "Wednesday 29\xa0February 2012"
    assert EN.with_weekday(PartialDate(2012, 11)) == "November 2012"


@pytest.mark.parametrize("pattern", ["hh:mm", "d MMMM", "Q yyyy", "", "d MMMM YYYY"])
def test_a_pattern_that_is_not_of_a_date_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match=r"pattern"):
        make_locale(pattern=pattern)


@pytest.mark.parametrize("language", ["xx", "fr", "../en", ""])
def test_a_language_that_is_not_there_is_refused(language: str) -> None:
    with pytest.raises(ValueError, match="does not write"):
        make_locale(language)


def test_numbers_are_words_up_to_nine_and_then_figures() -> None:
    assert [EN.number(n) for n in (0, 1, 9, 10, 999, 1000, 1234567)] == [
        "no",
        "one",
        "nine",
        "10",
        "999",
        "1,000",
        "1,234,567",
    ]


def test_ordinals_are_words_up_to_ninth_and_then_figures_with_their_mark() -> None:
    expected = (
        "first ninth 10th 11th 12th 13th 21st 22nd 23rd 24th 100th 101st 111th 112th 113th "
        "1,001st 1,011th"
    )
    numbers = (1, 9, 10, 11, 12, 13, 21, 22, 23, 24, 100, 101, 111, 112, 113, 1001, 1011)
    assert " ".join(EN.ordinal(n) for n in numbers) == expected


def test_a_list_has_commas_and_one_and() -> None:
    assert [EN.join(list("abcd"[:n])) for n in range(5)] == [
        "",
        "a",
        "a and b",
        "a, b and c",
        "a, b, c and d",
    ]


@given(st.lists(st.text(max_size=5), max_size=5))
def test_items_of_a_list_are_kept_as_they_are(items: list[str]) -> None:
    assert len(EN.join(items)) == sum(map(len, items)) + max(0, len(items) - 2) * 2 + (
        5 if len(items) > 1 else 0
    )
    assert EN.join(["{}", "{0}", "{x}"]) == "{}, {0} and {x}"


def test_a_language_is_plain_data() -> None:
    assert make_locale("en", "d MMMM yyyy") == EN
    assert len(EN.months) == 12
    assert EN.weekdays[0] == "Monday"
    assert all(not callable(getattr(EN, name)) for name in EN.__slots__)


PATTERNS = [
    "d MMMM yyyy",
    "dd MMM yyyy",
    "EEEE d MMMM y",
    "EEE d MMM yy",
    "E d/MM/yyyy",
    "EEEEE d MMMMM yyyy",
    "EEEEEE d LLL yyyy",
    "yyyy 'day' d, LLLL",
    "d ''MMMM'' yyyy",
]


@given(st.dates(date(1000, 1, 1)), st.sampled_from(PATTERNS))
def test_a_day_prints_as_cldr_prints_it(day: date, pattern: str) -> None:
    printed = make_locale(pattern=pattern).format(PartialDate.of(day))
    assert printed.replace("\xa0", " ") == format_date(day, pattern, locale="en_GB").rstrip("'")


def test_september_has_the_short_name_of_cldr() -> None:
    assert make_locale(pattern="d MMM yyyy").format(PartialDate(2012, 9, 8)) == "8\xa0Sept 2012"


@pytest.mark.parametrize("pattern", ["d of MMMM yyyy", "yyyy 'of", "d MMMM yyyy 'o'clock"])
def test_letters_of_a_pattern_are_fields_unless_they_are_quoted(pattern: str) -> None:
    with pytest.raises(ValueError, match=r"“[oc]” is not a field of a date pattern"):
        make_locale(pattern=pattern)


@given(st.integers(0, 10**9))
def test_numbers_take_the_forms_that_cldr_gives_them(number: int) -> None:
    british = Locale.parse("en_GB")
    assert EN.plural_form(number) == ["one", "other"].index(british.plural_form(number))
    mark = {"one": "st", "two": "nd", "few": "rd", "other": "th"}[british.ordinal_form(number)]
    figures = format_decimal(number, locale="en_GB")
    if number > 9:
        assert EN.number(number) == figures
        assert EN.ordinal(number) == figures + mark


@given(st.lists(st.text(max_size=5), max_size=6))
def test_a_list_is_joined_as_cldr_joins_it(items: list[str]) -> None:
    assert EN.join(items) == format_list(items, locale="en_GB")


def test_names_of_months_and_weekdays_are_those_of_cldr() -> None:
    british = Locale.parse("en_GB")
    assert EN.months == tuple(british.months["format"]["wide"][number] for number in range(1, 13))
    assert EN.weekdays == tuple(british.days["format"]["wide"][number] for number in range(7))
