"""What a language brings, as plain data, made by `papergen.language.cldr`.

A compiled program holds it, and writes dates, numbers and lists without Babel.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from papergen.dates import PartialDate
from papergen.language.words import Words

NO_BREAK = "\u00a0"


@dataclass(frozen=True, slots=True)
class DateField:
    """One field of a date pattern."""

    before: str
    """The text between this field and the one before it."""
    letter: str
    """CLDR's: d, M, y or E."""
    length: int
    names: tuple[str, ...] = ()
    """The names of the months or weekdays, in their order; none where a number is printed."""

    def text(self, when: PartialDate) -> str:
        """The field's part of a date, which must have it."""
        if self.letter == "E":
            weekday = when.first.weekday()
            return self.names[weekday]
        if self.letter == "y":
            year = f"{when.year:04}"
            if self.length == 2:
                return year[2:]
            return year
        number = when.month
        if self.letter == "d":
            number = when.day
        assert number is not None
        if self.names:
            return self.names[number - 1]
        return str(number).zfill(self.length)


@dataclass(frozen=True, slots=True)
class Separators:
    """The texts between the items of a list."""

    of_two: str
    """Where there are only two items."""
    first: str
    middle: str
    last: str


@dataclass(frozen=True, slots=True)
class Locale:
    """A language as plain data. `pattern` has the fields of a full date, in order."""

    language: str
    months: tuple[str, ...]
    weekdays: tuple[str, ...]
    pattern: tuple[DateField, ...]
    separators: Separators
    thousands: str
    """The mark between groups of three digits."""
    plurals: tuple[int, ...]
    """For each number, which form of a noun goes with it (see `_row`)."""
    ordinals_in_figures: tuple[str, ...]
    """For each number, the form of its ordinal: “{number}th” (see `_row`)."""
    words: Words

    def format(self, when: PartialDate, fields: str = "EdMy") -> str:
        """The date at its own precision, in the pattern's order.

        Only the given `fields` (d, M, y, E) are in it.
        """
        wanted = set(fields)
        if when.day is None:
            wanted -= {"d", "E"}
        if when.month is None:
            wanted -= {"M"}
        written = ""
        for field in self.pattern:
            if field.letter not in wanted:
                continue
            if written:
                written += field.before
            written += field.text(when)
        return _hold_together(written)

    def with_weekday(self, when: PartialDate) -> str:
        """The date in the pattern's form with its day of the week: “Thursday 8 November 2012”."""
        shown = self.format(when)
        letters = {field.letter for field in self.pattern}
        if when.day is None or "E" in letters:
            return shown
        weekday = when.first.weekday()
        return f"{self.weekdays[weekday]} {shown}"

    def number(self, number: int) -> str:
        """A whole number as prose has it: “nine”, “10”, “1,200”."""
        in_words = self.words.numbers
        if 0 <= number < len(in_words):
            return in_words[number]
        return self._figures(number)

    def ordinal(self, number: int) -> str:
        """“first”, “10th”, “21st”."""
        in_words = self.words.ordinals
        if 1 <= number <= len(in_words):
            return in_words[number - 1]
        row = _row(number)
        form = self.ordinals_in_figures[row]
        return form.format(number=self._figures(number))

    def plural_form(self, number: int) -> int:
        """The index of the form of a noun that goes with a whole number: 0 is the singular."""
        row = _row(number)
        return self.plurals[row]

    def join(self, items: Sequence[str]) -> str:
        """“a, b and c”."""
        return "".join(self.separated(items))

    def separated(self, items: Sequence[Any]) -> list[Any]:
        """The items of a list with the texts between them: “a”, “, ”, “b”, “ and ”, “c”."""
        pieces: list[Any] = []
        count = len(items)
        for at, item in enumerate(items):
            if at > 0:
                separator = self._separator(at, count)
                pieces.append(separator)
            pieces.append(item)
        return pieces

    def _separator(self, at: int, count: int) -> str:
        """What stands before the item `at` of `count`."""
        if count == 2:
            return self.separators.of_two
        if at == count - 1:
            return self.separators.last
        if at == 1:
            return self.separators.first
        return self.separators.middle

    def _figures(self, number: int) -> str:
        grouped = f"{number:,}"
        return grouped.replace(",", self.thousands)


def _row(number: int) -> int:
    """The index of a number in a table of CLDR's categories.

    Of a number from 100 on, only the last two digits count.
    """
    if 0 <= number < 100:
        return number
    return 100 + number % 100


def _hold_together(date: str) -> str:
    """A no-break space between a day and its month, so that a line never ends in a bare day."""
    return re.sub(r"(?<=\d) (?=[^\W\d])", NO_BREAK, date)
