"""What a language brings: month names, the order of a date, small numbers in words, all as plain
data.

Names of months and days are those of CLDR. They stand here because loading Babel takes a good part
of a first run; a test holds them to Babel's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from papergen.dates import PartialDate

NO_BREAK = "\u00a0"
# Not calendar.month_name, which follows the machine's locale.
ENGLISH_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_MONTHS = {"en": ENGLISH_MONTHS}
_WEEKDAYS = {"en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")}
# One to nine in words, then figures: GOV.UK style guide, “Numbers”. Nought is said as a word of its
# own.
_NUMBER_WORDS = {
    "en": ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
}
# First to ninth in words, then 10th: the same guide, “Numbers”.
_ORDINAL_WORDS = {
    "en": ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
}
_ORDINAL_MARKS = {"en": {1: "st", 2: "nd", 3: "rd"}}
_LIST_WORDS = {"en": ("{}, {}", "{} and {}")}
_TOKEN = re.compile(r"'(?:[^']|'')*'|([A-Za-z])\1*|[^A-Za-z']+")


@dataclass(frozen=True, slots=True)
class Locale:
    """A language as plain data. `pattern` is the tokens of a full date: (“d” | “M” | “y” | “E” |
    "", text or field length).
    """

    language: str
    months: tuple[str, ...]
    weekdays: tuple[str, ...]
    pattern: tuple[tuple[str, str], ...]
    numbers: tuple[str, ...]
    ordinals: tuple[str, ...]
    ordinal_marks: Mapping[int, str]
    """The mark after an ordinal in figures, by its last digit; “th” for all others."""
    list_forms: tuple[str, str]

    def format(self, when: PartialDate, fields: str = "EdMy") -> str:
        """The date at its own precision, in the pattern's order, with only those `fields` (d, M, y,
        E) that are asked for.
        """
        wanted = set(fields)
        if when.day is None:
            wanted -= {"d", "E"}
        if when.month is None:
            wanted -= {"M"}
        written: list[str] = []
        between = ""
        for field, text in self.pattern:
            if not field:
                between = text
            elif field in wanted:
                if written:
                    written.append(between)
                written.append(self._field(when, field, len(text)))
        return _hold_together("".join(written))

    def with_weekday(self, when: PartialDate) -> str:
        """The date in the pattern's form with its day of the week: “Thursday 8 November 2012”."""
        shown = self.format(when)
        if when.day is None or any(field == "E" for field, _ in self.pattern):
            return shown
        return f"{self.weekdays[when.first.weekday()]} {shown}"

    def _field(self, when: PartialDate, field: str, length: int) -> str:
        if field == "d":
            return f"{when.day:0{length}d}"
        if field == "M":
            assert when.month is not None
            name = self.months[when.month - 1]
            return name if length > 3 else name[:3] if length == 3 else f"{when.month:0{length}d}"
        if field == "E":
            return self.weekdays[when.first.weekday()]
        return f"{when.year:04d}" if length != 2 else f"{when.year % 100:02d}"

    def number(self, number: int) -> str:
        """A whole number as prose has it: in words up to nine, then in figures with a comma for
        thousands.
        """
        return self.numbers[number] if 0 <= number < len(self.numbers) else f"{number:,}"

    def ordinal(self, number: int) -> str:
        """“first”, “10th”, “21st”."""
        if 1 <= number <= len(self.ordinals):
            return self.ordinals[number - 1]
        teens = 10 < number % 100 < 20
        return f"{number:,}{'th' if teens else self.ordinal_marks.get(number % 10, 'th')}"

    def join(self, items: list[str]) -> str:
        """“a, b and c”."""
        if len(items) < 2:
            return "".join(items)
        comma, last = self.list_forms
        start = items[0]
        for item in items[1:-1]:
            start = comma.format(start, item)
        return last.format(start, items[-1])


def _hold_together(date: str) -> str:
    """A no-break space between a day and its month, so that a line never ends in a bare day."""
    return re.sub(r"(?<=\d) (?=[^\W\d])", NO_BREAK, date)


def locale(language: str = "en", pattern: str = "d MMMM yyyy") -> Locale:
    """The data of a language (an ISO 639 code; British usage for English). Raises ValueError for a
    language we have not got.
    """
    if language not in _NUMBER_WORDS:
        raise ValueError(f"papergen does not write “{language}” yet")
    return Locale(
        language=language,
        months=_MONTHS[language],
        weekdays=_WEEKDAYS[language],
        pattern=_tokens(pattern),
        numbers=_NUMBER_WORDS[language],
        ordinals=_ORDINAL_WORDS[language],
        ordinal_marks=_ORDINAL_MARKS[language],
        list_forms=_LIST_WORDS[language],
    )


def _tokens(pattern: str) -> tuple[tuple[str, str], ...]:
    """A CLDR date pattern, taken apart. Raises ValueError for a field other than day, month, year
    and weekday.
    """
    tokens: list[tuple[str, str]] = []
    for found in _TOKEN.finditer(pattern):
        field = found[1] or ""
        if field == "L":
            field = "M"
        if field and field not in "dMyE":
            raise ValueError(
                f"“{field}” is not a field of a date pattern; use d, M, y and E, as in “d "
                "MMMM yyyy”"
            )
        text = found[0]
        if text.startswith("'"):
            text = text[1:-1].replace("''", "'") or "'"
        if not field and tokens and not tokens[-1][0]:
            tokens[-1] = ("", tokens[-1][1] + text)
        else:
            tokens.append((field, text))
    if not any(field == "y" for field, _ in tokens):
        raise ValueError("a date pattern needs a year: “d MMMM yyyy”")
    return tuple(tokens)
