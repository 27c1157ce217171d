"""Codes of number formats, such as `#,##0.00;[Red]-0`, taken to pieces.

Source: ECMA-376 part 1, 18.8.31, and what Excel makes of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import TypeAlias

LONGEST_CODE = 255
"""Characters of a code that Excel takes."""


class FormatPart(StrEnum):
    """What a piece of a code stands for."""

    LITERAL = "literal"
    GENERAL = "general"
    DIGIT = "digit"
    POINT = "point"
    COMMA = "comma"
    PERCENT = "percent"
    EXPONENT = "exponent"
    SLASH = "slash"
    YEAR = "year"
    MONTH = "month"
    DAY = "day"
    HOUR = "hour"
    MINUTE = "minute"
    SECOND = "second"
    SECOND_DIGITS = "second digits"
    HALF_DAY = "half day"
    ELAPSED = "elapsed"
    UNKNOWN = "unknown"


Piece: TypeAlias = tuple[FormatPart, str]
"""What it stands for, and how it is written; for a literal, the characters that it shows."""

DATE_PARTS = frozenset((FormatPart.YEAR, FormatPart.MONTH, FormatPart.DAY))
_TIME_PARTS = frozenset(
    (
        FormatPart.HOUR,
        FormatPart.MINUTE,
        FormatPart.SECOND,
        FormatPart.HALF_DAY,
        FormatPart.ELAPSED,
    )
)
_MOMENT_PARTS = DATE_PARTS | _TIME_PARTS


@dataclass(frozen=True, slots=True)
class FormatSection:
    """One of the up to four sections of a code."""

    pieces: tuple[Piece, ...]
    condition: tuple[str, float] | None = None
    """Of `[>=100]`, the comparison and the number."""
    is_english: bool = True
    """Whether the names of months are English, and the calendar is ours."""

    @property
    def parts(self) -> frozenset[FormatPart]:
        """What the pieces stand for."""
        return frozenset(part for part, _ in self.pieces)

    @property
    def is_of_moments(self) -> bool:
        """Whether the section shows dates or times."""
        return not self.parts.isdisjoint(_MOMENT_PARTS)


_SYSTEM_CODES = (
    ("[$-f800]", "dd mmmm yyyy"),
    ("[$-x-sysdate]", "dd mmmm yyyy"),
    ("[$-f400]", "hh:mm:ss"),
    ("[$-x-systime]", "hh:mm:ss"),
)
"""Marks of the long date and the time of Windows, and what they show in the UK."""

_PIECE = re.compile(
    r'"(?P<quoted>[^"]*)"?'
    r"|\\(?P<escaped>.)"
    r"|(?P<space>[_*].)"
    r"|\[(?P<bracket>[^\]]*)\]"
    r"|(?P<general>general|@)"
    r"|(?P<half>am/pm|a/p)"
    r"|(?P<exponent>e[+-])"
    r"|(?P<moment>y+|m+|d+|h+|s+)"
    r"|(?P<digit>[0#?])"
    r"|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)
_SIMPLE = {
    "quoted": FormatPart.LITERAL,
    "escaped": FormatPart.LITERAL,
    "general": FormatPart.GENERAL,
    "half": FormatPart.HALF_DAY,
    "exponent": FormatPart.EXPONENT,
    "digit": FormatPart.DIGIT,
}
_MOMENTS = {
    "y": FormatPart.YEAR,
    "m": FormatPart.MONTH,
    "d": FormatPart.DAY,
    "h": FormatPart.HOUR,
    "s": FormatPart.SECOND,
}
_MARKS = {
    ".": FormatPart.POINT,
    ",": FormatPart.COMMA,
    "%": FormatPart.PERCENT,
    "/": FormatPart.SLASH,
}
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=) ?(-?\d+(?:\.\d+)?)")
_ELAPSED = re.compile(r"h+|m+|s+", re.IGNORECASE)
_COLOUR = re.compile(r"black|blue|cyan|green|magenta|red|white|yellow|colou?r ?\d+", re.IGNORECASE)
_LOCALE = re.compile(r"\$([^-]*)(?:-(.*))?", re.DOTALL)


@lru_cache(maxsize=1024)
def sections_of(code: str) -> tuple[FormatSection, ...]:
    """The sections of a code; none where it is longer than Excel takes."""
    if len(code) > LONGEST_CODE:
        return ()
    lower = code.lower()
    for mark, meant in _SYSTEM_CODES:
        if mark in lower:
            code = meant
    sections = []
    found: list[re.Match[str]] = []
    for piece in _PIECE.finditer(code):
        if piece["other"] == ";":
            sections.append(_section(found))
            found = []
        else:
            found.append(piece)
    sections.append(_section(found))
    return tuple(sections)


def _section(found: Iterable[re.Match[str]]) -> FormatSection:
    pieces: list[Piece] = []
    condition = None
    is_english = True
    for piece in found:
        bracket = piece["bracket"]
        if bracket is None:
            pieces += _pieces(piece)
            continue
        compared = _CONDITION.fullmatch(bracket)
        locale = _LOCALE.fullmatch(bracket)
        if compared:
            condition = compared[1], float(compared[2])
        elif locale:
            if locale[1]:
                pieces.append((FormatPart.LITERAL, locale[1]))
            is_english = is_english and _is_english(locale[2])
        elif _ELAPSED.fullmatch(bracket):
            pieces.append((FormatPart.ELAPSED, bracket.lower()))
        elif not _COLOUR.fullmatch(bracket):
            pieces.append((FormatPart.UNKNOWN, bracket))
    return FormatSection(tuple(_in_context(pieces)), condition, is_english)


def _pieces(found: re.Match[str]) -> list[Piece]:
    """The piece that was found, or none for one that shows but a space of some width."""
    group = found.lastgroup
    assert group is not None
    text = found[group]
    if group in _SIMPLE:
        return [(_SIMPLE[group], text)]
    if group == "moment":
        text = text.lower()
        return [(_MOMENTS[text[0]], text)]
    if group == "space":
        return []
    is_letter = text.isascii() and text.isalpha()
    part = FormatPart.UNKNOWN if is_letter else _MARKS.get(text, FormatPart.LITERAL)
    return [(part, text)]


def _is_english(locale: str | None) -> bool:
    """Whether `809`, `1010409` or `en-GB` is English with the calendar that is ours."""
    if locale is None or locale.lower().startswith("en"):
        return True
    try:
        number = int(locale.partition(",")[0], 16)
    except ValueError:
        return False
    language = number & 0x3FF
    calendar = number >> 16 & 0xFF
    return language in (0, 9) and calendar in (0, 1)


def _in_context(pieces: list[Piece]) -> list[Piece]:
    """The pieces, with what depends on those beside it: `m` is a minute beside hours or seconds.

    In a date every other mark is a literal.
    """
    if not any(part in _MOMENT_PARTS for part, _ in pieces):
        return pieces
    settled: list[Piece] = []
    clock = []
    for index, (part, _) in enumerate(pieces):
        if part in _MOMENT_PARTS and part is not FormatPart.HALF_DAY:
            clock.append(index)
    for index, (part, text) in enumerate(pieces):
        if part is FormatPart.MONTH and len(text) < 3 and _is_minute(pieces, clock, index):
            part = FormatPart.MINUTE
        elif part is FormatPart.DIGIT:
            if not _follows_seconds(settled):
                # Digits of a number and parts of a date: this is neither.
                return [(FormatPart.UNKNOWN, text)]
            part = FormatPart.SECOND_DIGITS
        elif part in _MARKS.values():
            part = FormatPart.LITERAL
        settled.append((part, text))
    return settled


def _is_minute(pieces: list[Piece], clock: list[int], index: int) -> bool:
    """Whether the `m` at `index` follows hours or is followed by seconds."""
    place = clock.index(index)
    before = pieces[clock[place - 1]] if place else None
    after = pieces[clock[place + 1]] if place + 1 < len(clock) else None
    if before is not None and before[1].startswith("h"):
        return True
    return after is not None and after[0] is FormatPart.SECOND


def _follows_seconds(settled: list[Piece]) -> bool:
    """Whether a digit behind these is one of a fraction of a second, as in `ss.00`."""
    if settled and settled[-1][0] is FormatPart.SECOND_DIGITS:
        return True
    if len(settled) < 2 or settled[-1] != (FormatPart.LITERAL, "."):
        return False
    return settled[-2][0] in (FormatPart.SECOND, FormatPart.ELAPSED)
