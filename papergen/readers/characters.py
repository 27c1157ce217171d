"""Characters of a source that YAML changes or refuses, and those that no Word file can hold."""

from __future__ import annotations

import re
from dataclasses import dataclass

from papergen.errors import Location, Problem
from papergen.readers.document import line_starts, place_at
from papergen.text import FORBIDDEN_IN_XML, NOT_XML

# YAML 1.1 takes NEL, U+2028 and U+2029 for line breaks; libyaml refuses DEL, C1 controls and an
# inner byte order mark.
_TROUBLESOME = re.compile(f"[{NOT_XML}\x7f-\x9f\u2028\u2029\ufeff]")
_ESCAPED = re.compile(r"\\U([0-9A-Fa-f]{8})")
_PLANE_15 = 0xF0000
MOST = 20

_NAMES = {
    "\x00": "a null character",
    "\x07": "a bell character",
    "\x08": "a backspace character",
    "\x0b": "a vertical tab, which Word and Excel use for a line break",
    "\x0c": "a page break",
    "\x1b": "an escape character",
    "\x1e": "a no-break hyphen of Word's own",
    "\x1f": "an optional hyphen of Word's own",
}


@dataclass(frozen=True, slots=True)
class Disguise:
    """A text with harmless stand-ins for troublesome characters, one for one.

    `back` has the real character of each.
    """

    text: str
    back: dict[int, str]

    def reveal(self, value: str) -> str:
        """The value with the real characters."""
        if not self.back:
            return value
        return value.translate(self.back)


def disguise(text: str) -> Disguise:
    """The text with stand-ins for all that YAML changes or refuses.

    None of them occurs in `text`, not even as an escape.
    """
    troublesome = sorted(set(_TROUBLESOME.findall(text)))
    if not troublesome:
        return Disguise(text, {})
    taken = {ord(char) for char in text}
    taken.update(int(code, 16) for code in _ESCAPED.findall(text))
    private = range(_PLANE_15, _PLANE_15 + 0xFFFE)
    free = (code for code in private if code not in taken)
    back = dict(zip(free, troublesome, strict=False))
    stand_ins = {ord(real): code for code, real in back.items()}
    return Disguise(text.translate(stand_ins), back)


def forbidden(text: str) -> list[int]:
    """Offsets of the characters of `text` that no Word file can hold."""
    return [found.start() for found in FORBIDDEN_IN_XML.finditer(text)]


def without_forbidden(text: str) -> str:
    """The text with U+FFFD in place of each of them."""
    return FORBIDDEN_IN_XML.sub("\ufffd", text)


def bad_character(char: str, where: Location, *, escaped: bool = False) -> Problem:
    """The problem for one such character, written as it is or as an escape."""
    usual = "a control character"
    if "\ud800" <= char <= "\udfff":
        usual = "half of a surrogate pair"
    name = _NAMES.get(char, usual)
    if escaped:
        hint = "Delete the backslash and the code after it."
    else:
        hint = (
            "Delete it. It is not visible in most editors: delete the characters round this place "
            "and type them again."
        )
    message = f"{name} (U+{ord(char):04X}) stands here, which no Word file can hold"
    return Problem("bad-character", message, where, hint)


def forbidden_in(text: str, source: str) -> list[Problem]:
    """A problem for each character that no Word file can hold; the last one counts the rest."""
    found = forbidden(text)
    if not found:
        return []
    starts = line_starts(text)
    problems = []
    for at in found[:MOST]:
        line, column = place_at(starts, at)
        problem = bad_character(text[at], Location(source, line, column))
        problems.append(problem)
    if len(found) > MOST:
        rest = len(found) - MOST
        line, column = place_at(starts, found[MOST])
        message = f"{rest} more characters that no Word file can hold stand from here on"
        hint = "Is this a text file? Save the text again as plain text in UTF-8."
        where = Location(source, line, column)
        problems.append(Problem("bad-character", message, where, hint))
    return problems
