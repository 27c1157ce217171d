"""Finding Jinja tags in text. One scanner serves Markdown and Word paragraphs alike.

The scanner knows strings and nested brackets, so that `{{ '}}' }}` and `{{ {'a': {}}['a'] }}` are
each one tag. It does not parse what a tag holds: Jinja does that later.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from papergen.engine.limits import MAX_UNCLOSED
from papergen.text import shorten

OPENERS = {"{{": "}}", "{%": "%}", "{#": "#}"}
PREFIXES = ("p", "tr", "tc", "r")
_BRACKETS = {"(": ")", "[": "]", "{": "}"}
_SIMPLE = re.compile(r"""\{(?:\{[^{}()[\]"']*\}|%[^{}()[\]"']*%)\}""")
"""A tag without strings and brackets, as most are."""


class TagKind(Enum):
    """The three kinds of tags, by their opening braces."""

    EXPRESSION = "{{"
    STATEMENT = "{%"
    COMMENT = "{#"


@dataclass(frozen=True, slots=True)
class RawTag:
    """A tag as found: `text[start:end]` with its delimiters; `body` is the text between them,
    without white space around it.

    `prefix` is docxtpl's `p`, `tr`, `tc` or `r` (only found where `scan` is asked for them).
    `trim_left` and `trim_right`: whether it is written with `{{-` and `-}}`.
    """

    kind: TagKind
    start: int
    end: int
    body: str
    prefix: str = ""
    trim_left: bool = False
    trim_right: bool = False


@dataclass(frozen=True, slots=True)
class TagFault:
    """A tag that never ends, or an end without a start, at `text[offset]`."""

    offset: int
    message: str
    hint: str


def scan(text: str, *, prefixes: bool = False) -> tuple[list[RawTag], list[TagFault]]:
    """All tags of `text` in order, and all that is wrong with its delimiters.

    `prefixes`: whether `{%p …`, `{{r …` and the like have docxtpl's prefixes, as in Word, or are
    plain Jinja, as in Markdown.
    """
    tags: list[RawTag] = []
    faults: list[TagFault] = []
    at = unclosed = 0
    while True:
        start = _next_opener(text, at)
        closer = _stray_closer(text, at, len(text) if start < 0 else start)
        if closer >= 0:
            faults.append(_never_opened(text, closer))
        if start < 0:
            return tags, faults
        end = _end_of_tag(text, start)
        if end >= 0:
            tags.append(_tag(text, start, end, prefixes))
            at = end
            continue
        unclosed += 1
        if unclosed == MAX_UNCLOSED:
            faults.append(_never_closed(text, start, " What follows has not been looked at."))
            return tags, faults
        faults.append(_never_closed(text, start))
        at = start + 2


def _never_opened(text: str, offset: int) -> TagFault:
    message = f"“{text[offset : offset + 2]}” closes a tag that was never opened"
    return TagFault(offset, message, "Put the opening braces in, or delete these.")


def _never_closed(text: str, offset: int, note: str = "") -> TagFault:
    line = text[offset:].split("\n", 1)[0]
    closer = OPENERS[text[offset : offset + 2]]
    hint = (
        f"End it with “{closer}”; check that quotation marks and brackets inside it are in pairs."
    )
    return TagFault(offset, f"the tag “{shorten(line)}” is never closed", hint + note)


def _tag(
    text: str,
    start: int,
    end: int,
    prefixes: bool,
) -> RawTag:
    kind = TagKind(text[start : start + 2])
    inner = text[start + 2 : end - 2]
    left, right = inner[:1], inner[-1:]
    if left in _TRIM_SIGNS:
        inner = inner[1:]
    prefix = _prefix(inner) if prefixes else ""
    inner = inner.removeprefix(prefix)
    has_trim_right = kind is not TagKind.COMMENT and inner[-1:] in _TRIM_SIGNS
    if has_trim_right:
        inner = inner[:-1]
    trims_right = has_trim_right and right == "-"
    return RawTag(kind, start, end, inner.strip(), prefix, left == "-", trims_right)


_TRIM_SIGNS = ("-", "+")
"""In `{{-` and `{{+`: white space outside the tag goes, or stays."""


def _prefix(inner: str) -> str:
    for prefix in PREFIXES:
        after = inner[len(prefix) : len(prefix) + 1]
        if inner.startswith(prefix) and after.isspace():
            return prefix
    return ""


def _next_opener(text: str, at: int) -> int:
    while True:
        at = text.find("{", at)
        if at < 0 or text[at : at + 2] in OPENERS:
            return at
        at += 1


def _stray_closer(text: str, at: int, end: int) -> int:
    found = [i for i in (text.find("}}", at, end), text.find("%}", at, end)) if i >= 0]
    return min(found, default=-1)


def _end_of_tag(text: str, start: int) -> int:
    """The offset after the tag's closing braces; -1 if there are none, or if another tag opens
    first.
    """
    simple = _SIMPLE.match(text, start)
    if simple is not None:
        return simple.end()
    opener = text[start : start + 2]
    closer = OPENERS[opener]
    if opener == "{#":
        end = text.find("#}", start + 2)
        return end + 2 if end >= 0 else -1
    open_brackets: list[str] = []
    at = start + 2
    while at < len(text):
        char = text[at]
        if not open_brackets and text.startswith(closer, at):
            return at + 2
        if char in "\"'":
            at = _end_of_string(text, at)
            if at < 0:
                return -1
            continue
        if _opens_another(text[at : at + 2], opener, in_brackets=bool(open_brackets)):
            return -1
        if char in _BRACKETS:
            open_brackets.append(_BRACKETS[char])
        elif open_brackets and char == open_brackets[-1]:
            open_brackets.pop()
        at += 1
    return -1


def _opens_another(characters: str, opener: str, *, in_brackets: bool) -> bool:
    """Whether two characters within a tag begin another tag: `{{` may be a mapping in a mapping."""
    if characters in ("{%", "{#"):
        return True
    return characters == "{{" and opener == "{%" and not in_brackets


def _end_of_string(text: str, at: int) -> int:
    quote = text[at]
    at += 1
    while at < len(text):
        if text[at] == "\\":
            at += 2
        elif text[at] == quote:
            return at + 1
        else:
            at += 1
    return -1
