"""The place in the source of each character of a scalar, in YAML's five styles.

JSON's strings are one of them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TypeAlias

_WHITE = re.compile(r"[ \t\r\n]+")
_BREAK = re.compile(r"\r\n|\r|\n")
_LINE = re.compile(r"([^\r\n]*)(\r\n|\r|\n|\Z)")
_SURROGATES = re.compile(r"\\ud[89ab]..\\ud[c-f]", re.IGNORECASE)
_MOST_BREAKS = 80
_HEX = {"x": 2, "u": 4, "U": 8}


def align(text: str, start: int, value: str) -> list[int]:
    """The offset in `text` of each character of `value`, and one more for the place after it.

    `start` is the offset of the scalar: its first character, quotation mark, `|` or `>`. An escape
    is at its backslash, a folded space at the line break that it is made from.
    """
    style = text[start : start + 1]
    length = len(value)
    if style == ">":
        offsets, end = _folded_block(text, start, value)
    elif style == "|":
        offsets, end = _literal_block(text, start, value)
    elif style in ("'", '"'):
        offsets, end = _flow(text, start + 1, length, style)
    else:
        offsets, end = _flow(text, start, length, "")
    missing = length + 1 - len(offsets)
    last = min(end, len(text))
    return offsets + [last] * missing


# -- plain and quoted scalars


def _flow(
    text: str,
    at: int,
    length: int,
    quote: str,
) -> tuple[list[int], int]:
    """The offsets of a plain or quoted scalar's characters, and the offset after them.

    Source: YAML 1.2.2, 6.5 (line folding) and 5.7 (escapes).
    """
    offsets: list[int] = []
    while len(offsets) < length and at < len(text):
        char = text[at]
        white = _WHITE.match(text, at)
        if white:
            offsets += _white(text, at, white.end())
            at = white.end()
        elif quote == '"' and char == "\\":
            at = _escape(text, at, offsets)
        elif quote == "'" and char == "'":
            # An apostrophe in single quotation marks is written as two.
            offsets.append(at)
            at += 2
        else:
            offsets.append(at)
            at += 1
    return offsets[:length], at


def _white(text: str, start: int, end: int) -> Sequence[int]:
    """The offsets of the characters that white space between words is read as.

    One line break is folded to a space; of more, all but the first are kept.
    """
    breaks = _breaks(text, start, end)
    if not breaks:
        return range(start, end)
    return breaks[1:] or breaks


def _escape(text: str, at: int, offsets: list[int]) -> int:
    """The offset after the escape at `text[at]`, whose characters are added to `offsets`."""
    kind = text[at + 1 : at + 2]
    if kind in ("\r", "\n"):
        white = _WHITE.match(text, at + 1)
        assert white
        breaks = _breaks(text, at + 1, white.end())
        offsets += breaks[1:]
        return white.end()
    offsets.append(at)
    end = at + 2 + _HEX.get(kind, 0)
    if kind == "u" and _SURROGATES.match(text, at):
        return end + 6
    return end


def _breaks(text: str, start: int, end: int) -> list[int]:
    return [found.start() for found in _BREAK.finditer(text, start, end)]


# -- blocks

_Lines: TypeAlias = list[tuple[int, int]]
"""The offsets of the start and the end of each line."""


def _literal_block(text: str, start: int, value: str) -> tuple[list[int], int]:
    """The offsets of the characters of a block after `|`, and the offset after them."""
    needed = value.count("\n") + 1
    lines, at = _lines(text, start, needed)
    indent = _indent(text, lines, value)
    offsets: list[int] = []
    for begin, end in lines:
        inner = min(begin + indent, end)
        offsets += range(inner, end + 1)
    length = len(value)
    if len(offsets) > length:
        at = offsets[length]
    return offsets[:length], at


def _folded_block(text: str, start: int, value: str) -> tuple[list[int], int]:
    """The same of a block after `>`."""
    lines, _ = _lines(text, start, None)
    indent = _indent(text, lines, value)
    offsets: list[int] = []
    breaks: list[int] = []
    for begin, end in lines:
        if len(offsets) >= len(value):
            break
        inner = min(begin + indent, end)
        if inner < end:
            offsets += _folded_breaks(value, len(offsets), breaks)
            offsets += range(inner, end)
            breaks = []
        breaks.append(end)
    count = _newlines(value, len(offsets))
    offsets += breaks[:count]
    after = breaks[count:] or [len(text)]
    return offsets[: len(value)], after[0]


def _folded_breaks(value: str, at: int, breaks: list[int]) -> list[int]:
    """The offsets of what the line breaks before a line are read as: a space, or line breaks."""
    if breaks and value[at] == " ":
        return breaks[:1]
    count = _newlines(value, at)
    return breaks[len(breaks) - count :]


def _lines(text: str, start: int, needed: int | None) -> tuple[_Lines, int]:
    """The lines of the block whose header is at `start`, and the offset after them.

    That is as many as are `needed`. A folded text has more of them than its value: with None, all
    until one that is indented less.
    """
    header = _LINE.match(text, start)
    assert header
    at = header.end()
    lines: _Lines = []
    least = 0
    while at < len(text) and len(lines) != needed:
        found = _LINE.match(text, at)
        assert found
        line = found[1]
        if _has_text(line):
            lead = _lead(line)
            if lead < least:
                break
            if lead > 0:
                least = 1
        lines.append(found.span(1))
        at = found.end()
    return lines, at


def _indent(text: str, lines: _Lines, value: str) -> int:
    """How deep the block's text is indented: as its first line that holds more than spaces."""
    typed = [text[begin:end] for begin, end in lines]
    values = value.split("\n")
    inner = next(filter(_has_text, values), None)
    if inner is None:
        # There are only spaces: what a line has more of than its value.
        differences = []
        for whole, line in zip(typed, values, strict=False):
            if line:
                differences.append(len(whole) - len(line))
        return max(differences, default=0)
    outer = next(filter(_has_text, typed), "")
    return _lead(outer) - _lead(inner)


def _has_text(line: str) -> bool:
    return line.strip(" ") != ""


def _lead(line: str) -> int:
    """The number of spaces before a line's text."""
    words = line.lstrip(" ")
    return len(line) - len(words)


def _newlines(value: str, at: int) -> int:
    """The number of line feeds from `at` on."""
    # A long text is not copied for each of its lines.
    rest = value[at : at + _MOST_BREAKS]
    if not rest.strip("\n"):
        rest = value[at:]
    behind = rest.lstrip("\n")
    return len(rest) - len(behind)
