"""A language's data from CLDR, from Babel: made into plain data when a program is compiled."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import babel
from babel.dates import tokenize_pattern
from babel.plural import PluralRule

from papergen.language.catalogue import read_catalogue
from papergen.language.locale import DateField, Locale, Separators
from papergen.language.words import ENGLISH

_LETTERS = "dMLyE"
_CATEGORIES = ("zero", "one", "two", "few", "many", "other")
_MONTH_CONTEXTS = {
    "M": "format",
    "L": "stand-alone",
}
# By the number of their letters (UTS 35, “Date Field Symbol Table”); those not here are wide.
_MONTH_WIDTHS = {
    3: "abbreviated",
    5: "narrow",
}
_WEEKDAY_WIDTHS = {
    1: "abbreviated",
    2: "abbreviated",
    3: "abbreviated",
    5: "narrow",
    6: "short",
}


@lru_cache(maxsize=64)
def make_locale(language: str = ENGLISH, pattern: str = "d MMMM yyyy") -> Locale:
    """The data of a language, an ISO 639 code, with dates in a CLDR pattern. English is British.

    Raises ValueError for a language that papergen has no catalogue of, and for a pattern that has
    no year, or a field other than day, month, year and weekday.
    """
    catalogue = read_catalogue(language)
    words = catalogue.words
    cldr = catalogue.cldr
    months = cldr.months["format"]
    weekdays = cldr.days["format"]
    symbols = cldr.number_symbols[cldr.default_numbering_system]
    return Locale(
        language=language,
        months=_names(months["wide"]),
        weekdays=_names(weekdays["wide"]),
        pattern=_date_fields(pattern, cldr),
        separators=_separators(cldr.list_patterns["standard"]),
        thousands=symbols["group"],
        plurals=_plurals(cldr.plural_form),
        ordinals_in_figures=_by_category(cldr.ordinal_form, words.ordinals_in_figures),
        words=words,
    )


def _names(by_number: Mapping[int, str]) -> tuple[str, ...]:
    """The names of months or weekdays in their order: January or Monday comes first."""
    numbers = sorted(by_number)
    return tuple(by_number[number] for number in numbers)


def _date_fields(pattern: str, cldr: babel.Locale) -> tuple[DateField, ...]:
    fields: list[DateField] = []
    before = ""
    tokens = tokenize_pattern(_checked(pattern))
    for kind, token in tokens:
        if kind == "chars":
            before += str(token)
            continue
        letter = str(token[0])
        length = int(token[1])
        field = _date_field(before, letter, length, cldr)
        fields.append(field)
        before = ""
    letters = {field.letter for field in fields}
    if "y" not in letters:
        raise ValueError("a date pattern needs a year: “d MMMM yyyy”")
    return tuple(fields)


def _checked(pattern: str) -> str:
    """The pattern, without a quotation mark that is never closed. Raises ValueError for a letter
    that is no field of a date: Babel takes those that CLDR gives no meaning for text.
    """
    if pattern.count("'") % 2:
        before, _, after = pattern.rpartition("'")
        pattern = before + after
    unquoted = re.sub("'[^']*'", " ", pattern)
    for letter in re.findall("[A-Za-z]", unquoted):
        if letter not in _LETTERS:
            advice = "use d, M, y and E, as in “d MMMM yyyy”"
            raise ValueError(f"“{letter}” is not a field of a date pattern; {advice}")
    return pattern


def _date_field(
    before: str,
    letter: str,
    length: int,
    cldr: babel.Locale,
) -> DateField:
    names: Mapping[int, str] = {}
    if letter == "E":
        width = _WEEKDAY_WIDTHS.get(length, "wide")
        weekdays = cldr.days["format"]
        names = weekdays[width]
    elif letter in _MONTH_CONTEXTS:
        if length > 2:
            context = _MONTH_CONTEXTS[letter]
            width = _MONTH_WIDTHS.get(length, "wide")
            months = cldr.months[context]
            names = months[width]
        letter = "M"
    return DateField(before, letter, length, _names(names))


def _separators(patterns: Mapping[str, str]) -> Separators:
    """In the languages of these islands a list has its texts between the items only."""
    between: dict[str, str] = {}
    for part, pattern in patterns.items():
        after_first = pattern.removeprefix("{0}")
        between[part] = after_first.removesuffix("{1}")
    return Separators(
        of_two=between["2"],
        first=between["start"],
        middle=between["middle"],
        last=between["end"],
    )


def _plurals(rule: PluralRule) -> tuple[int, ...]:
    """For each number of the table, the index of its form among those the language has."""
    known = {*rule.tags, "other"}
    indexes: dict[str, int] = {}
    for category in _CATEGORIES:
        if category in known:
            indexes[category] = len(indexes)
    return _by_category(rule, indexes)


def _by_category(rule: PluralRule, values: Mapping[str, Any]) -> tuple[Any, ...]:
    """The value of the category of each number from 0 to 199 (see `Locale`)."""
    categories = map(rule, range(200))
    return tuple(values[category] for category in categories)
