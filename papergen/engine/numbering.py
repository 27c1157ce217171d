r"""Counting numbered paragraphs as Word does, so that a reference can show the right number at
once.

ECMA-376 Part 1, 17.9: paragraphs count in their *abstract* numbering; a `w:num` may restart a
level; a level restarts after a higher one. `REF … \w` prints the full context: the number with
those of its ancestors, without trailing full stops.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol


class LevelFormat(Protocol):
    """One level of a list, as `word.styles.Level` has it.

    `text` is the pattern with %1 to %9; `restart` the level (from 1) after which it restarts (None:
    any higher; 0: never); `legal`: all numbers of the pattern in decimal.
    """

    @property
    def format(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def start(self) -> int: ...
    @property
    def restart(self) -> int | None: ...
    @property
    def legal(self) -> bool: ...


class ListFormat(Protocol):
    """A `w:num`: its abstract list, its levels, and by level the start it overrides."""

    @property
    def abstract(self) -> int: ...
    @property
    def levels(self) -> Sequence[LevelFormat]: ...
    @property
    def starts(self) -> Mapping[int, int]: ...


@dataclass(frozen=True, slots=True)
class NewNumber:
    """A `w:num` made in a run: its numId, the numId and abstract list it is based on, the level
    that starts again, and at what.
    """

    number: int
    base: int
    abstract: int
    level: int
    start: int


_WITHOUT_NUMBERS = ("bullet", "none")
_NOTHING: list[int | None] = [None] * 9


class Counters:
    """The numbers reached so far in one document."""

    __slots__ = ("_counts", "_lists", "_seen", "new_lists")

    def __init__(self, lists: Mapping[int, ListFormat]) -> None:
        self._lists = lists
        self._counts: dict[int, list[int | None]] = {}
        self._seen: set[tuple[int, int]] = set()
        self.new_lists: list[NewNumber] = []
        """The numIds made in this run, in order."""

    def count(self, number: tuple[int, int]) -> None:
        """Count one paragraph of the list and level."""
        num_id, level = number
        new = self._new_list(num_id)
        known = self._lists.get(new.base if new else num_id)
        if known is None or level >= len(known.levels):
            return
        counts = self._counts.setdefault(known.abstract, [*_NOTHING])
        reached = counts[level]
        start = None
        if number not in self._seen:
            self._seen.add(number)
            start = _override(known, new, level)
        if start is not None:
            counts[level] = start
        elif reached is None:
            counts[level] = known.levels[level].start
        else:
            counts[level] = reached + 1
        if counts[level + 1 :] != _NOTHING[level + 1 :]:
            _restart_deeper(known.levels, counts, level)
        if None in counts[:level]:
            _begin_higher(known.levels, counts, level)

    def _new_list(self, num_id: int) -> NewNumber | None:
        """The list made in this run that has this numId."""
        for new in self.new_lists:
            if new.number == num_id:
                return new
        return None

    def _known(self, num_id: int) -> ListFormat | None:
        """The template's list of that numId, or the one behind a list made in this run."""
        new = self._new_list(num_id)
        return self._lists.get(new.base if new else num_id)

    def number(self, number: tuple[int, int]) -> str:
        r"""The number that the list has reached at this level, in full context, as `REF … \w` shows
        it; empty for a list without numbers.
        """
        num_id, level = number
        known = self._known(num_id)
        if known is None or level >= len(known.levels):
            return ""
        if known.levels[level].format in _WITHOUT_NUMBERS:
            return ""
        return _full_context(known.levels, self._counts[known.abstract], level)

    def reached(self, number: tuple[int, int]) -> tuple[int | None, ...]:
        """What tells the number just counted from others: its abstract list, and the counts down to
        its level.
        """
        num_id, level = number
        known = self._known(num_id)
        if known is None:
            return ()
        counts = self._counts[known.abstract]
        return known.abstract, *counts[: level + 1]

    def new_list(self, number: tuple[int, int]) -> int | None:
        """A list starts at this level: None when its numbers start from the beginning anyway, else
        a numId of its own.
        """
        num_id, level = number
        known = self._lists.get(num_id)
        if known is None or self._counts.get(known.abstract, _NOTHING)[level] is None:
            return None
        own = max([*self._lists, *(new.number for new in self.new_lists)]) + 1
        start = known.levels[level].start
        self.new_lists.append(NewNumber(own, num_id, known.abstract, level, start))
        return own


def _override(known: ListFormat, new: NewNumber | None, level: int) -> int | None:
    """The number at which an instance of a list starts a level, where it overrides the list's."""
    if new is None:
        return known.starts.get(level)
    return new.start if new.level == level else None


def _restart_deeper(levels: Sequence[LevelFormat], counts: list[int | None], level: int) -> None:
    for deeper in range(level + 1, len(levels)):
        restart = levels[deeper].restart
        if restart is None or level < restart:
            counts[deeper] = None


def _begin_higher(levels: Sequence[LevelFormat], counts: list[int | None], level: int) -> None:
    """A level that was skipped counts as begun."""
    for higher in range(level):
        if counts[higher] is None:
            counts[higher] = levels[higher].start


def _full_context(levels: Sequence[LevelFormat], counts: list[int | None], level: int) -> str:
    own = levels[level]

    def shown(found: re.Match[str]) -> str:
        return _shown(levels, counts, int(found[1]) - 1, own.legal)

    number = re.sub("%([1-9])", shown, own.text).rstrip(".")
    if level == 0 or "%1" in own.text:
        return number
    return _full_context(levels, counts, level - 1) + number


def _shown(
    levels: Sequence[LevelFormat],
    counts: list[int | None],
    level: int,
    legal: bool,
) -> str:
    reached = counts[level]
    number = levels[level].start if reached is None else reached
    return format_number(number, "decimal" if legal else levels[level].format)


def format_number(number: int, number_format: str) -> str:
    """A number in a w:numFmt: empty for bullets, decimal for formats that papergen does not
    know.
    """
    if number_format in _WITHOUT_NUMBERS:
        return ""
    if number_format in ("lowerLetter", "upperLetter"):
        letter = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
        return letter if number_format == "lowerLetter" else letter.upper()
    if number_format in ("lowerRoman", "upperRoman"):
        roman = _roman(number)
        return roman if number_format == "lowerRoman" else roman.upper()
    if number_format == "decimalZero":
        return f"{number:02d}"
    return str(number)


def _roman(number: int) -> str:
    text = ""
    for value, letters in _ROMAN:
        while number >= value:
            text += letters
            number -= value
    return text


_ROMAN = (
    (1000, "m"),
    (900, "cm"),
    (500, "d"),
    (400, "cd"),
    (100, "c"),
    (90, "xc"),
    (50, "l"),
    (40, "xl"),
    (10, "x"),
    (9, "ix"),
    (5, "v"),
    (4, "iv"),
    (1, "i"),
)
