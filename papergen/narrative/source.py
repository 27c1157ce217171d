"""A narrative's text made ready for Markdown: each tag one character, lines of statements taken
out, places kept.

Markdown must not see what Jinja tags hold: a `*` in a tag is a product, not emphasis. So each tag
becomes one character of the two private planes of Unicode, which Markdown takes for a letter, and
which no source may therefore hold.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from papergen.engine.tags import RawTag, TagKind, scan
from papergen.errors import Location, Problem
from papergen.text import NOT_XML

Place = Callable[[int], Location]
"""Where the character at an offset of a text stands in its source."""

_FIRST: Final = 0xF0000
_PER_PLANE: Final = 0xFFFE
_MOST_TAGS: Final = 2 * _PER_PLANE
MARK: Final = re.compile("[\U000f0000-\U0010fffd]")
# What XML has no place for, and the private planes.
_BAD: Final = re.compile(f"[{NOT_XML}\U000f0000-\U0010ffff]")
_TABLE_RULE: Final = re.compile(r"[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*")


_STATEMENT: Final = re.compile(r"\{%[-+]?\s*(\w+)")


def is_table_rule(line: str) -> bool:
    """Whether a line is a table's line of dashes, `|---|--:|`."""
    return "|" in line and _TABLE_RULE.fullmatch(line) is not None


def first_bad_character(text: str) -> str:
    """The first character that may not stand in a paper, or the empty string."""
    found = _BAD.search(text)
    return found[0] if found else ""


def bad_character(char: str, where: Location) -> Problem:
    """The problem of a character that may not stand in a paper."""
    kind = (
        "which papergen keeps for its own use"
        if ord(char) >= _FIRST
        else "which no Word file can hold"
    )
    return Problem(
        "bad-character",
        f"the text holds the character U+{ord(char):04X}, {kind}",
        where,
        (
            "Delete it and type the text there again; such a character most often comes in when "
            "text is pasted."
        ),
    )


@dataclass(frozen=True, slots=True)
class MarkedSource:
    """A text with marks in place of its tags.

    `marked` holds one mark a tag (`tag(mark)` tells which) and only line feeds as line breaks.
    Comments are gone.
    """

    marked: str
    tags: tuple[RawTag, ...]
    place: Place
    _starts: tuple[int, ...]
    _offsets: tuple[int, ...]
    unclosed: tuple[int, ...] = ()
    """The offsets of tags that are never closed."""
    unclosed_keywords: tuple[str, ...] = ()

    def tag(self, mark: str) -> RawTag:
        plane, index = divmod(ord(mark) - _FIRST, 0x10000)
        return self.tags[plane * _PER_PLANE + index]

    def where(self, at: int) -> Location:
        """The place of `marked[at]`."""
        index = max(bisect_right(self._starts, at) - 1, 0)
        return self.place(self._offsets[index] + at - self._starts[index])

    def where_tag(self, tag: RawTag) -> Location:
        return self.place(tag.start)


def prepare(text: str, place: Place, problems: list[Problem]) -> MarkedSource:
    """`text` with its tags marked. Unclosed tags and characters that cannot be are added to
    `problems`.
    """
    problems += [bad_character(found[0], place(found.start())) for found in _BAD.finditer(text)]
    text = _BAD.sub("\ufffd", text)
    raw, faults = scan(text)
    problems += [
        Problem("tag-unclosed", fault.message, place(fault.offset), fault.hint) for fault in faults
    ]
    if len(raw) > _MOST_TAGS:
        message = f"the text holds {len(raw):,} Jinja tags; papergen takes {_MOST_TAGS:,}"
        problems.append(
            Problem(
                "tag-forbidden",
                message,
                place(raw[_MOST_TAGS].start),
                "Divide the text among several sections.",
            )
        )
        raw = raw[:_MOST_TAGS]
    unclosed = tuple(fault.offset for fault in faults)
    words = [found[1] for at in unclosed if (found := _STATEMENT.match(text, at))]
    tags: list[RawTag] = []
    parts = _Parts()
    at = 0
    for tag in raw:
        parts.add_text(text[at : tag.start], at)
        at = tag.end
        if tag.kind is TagKind.COMMENT:
            at = parts.without_comment(text, at)
        else:
            plane, index = divmod(len(tags), _PER_PLANE)
            parts.add(chr(_FIRST + plane * 0x10000 + index), tag.start)
            tags.append(tag)
    parts.add_text(text[at:], at)
    return MarkedSource(
        "".join(parts.parts),
        tuple(tags),
        place,
        tuple(parts.starts),
        tuple(parts.offsets),
        unclosed,
        tuple(words),
    )


class _Parts:
    """The marked text as it grows, with the offset in the source of each part."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.starts: list[int] = [0]
        self.offsets: list[int] = [0]
        self.length = 0
        self.line_is_blank = True

    def add(self, part: str, offset: int) -> None:
        if part:
            self.parts.append(part)
            self.starts.append(self.length)
            self.offsets.append(offset)
            self.length += len(part)
            line = part[part.rfind("\n") + 1 :]
            self.line_is_blank = not line.strip(" \t") and (self.line_is_blank or "\n" in part)

    def add_text(self, text: str, offset: int) -> None:
        if "\r" not in text:
            self.add(text, offset)
            return
        at = 0
        for found in re.finditer("\r\n?", text):
            self.add(text[at : found.start()], offset + at)
            self.add("\n", offset + found.start())
            at = found.end()
        self.add(text[at:], offset + at)

    def without_comment(self, text: str, end: int) -> int:
        """Leave out a comment that ended at `text[end]`, with its line or with one of the blanks
        about it; the new offset.
        """
        after = end
        while text[after : after + 1] in (" ", "\t"):
            after += 1
        at_line_end = text[after : after + 1] in ("", "\n", "\r")
        if self.line_is_blank:
            if at_line_end:
                self._strip_blanks()
                return after + (
                    2 if text.startswith("\r\n", after) else 1 if after < len(text) else 0
                )
            return after
        if at_line_end:
            self._strip_blanks()
            return after
        return after if self.parts[-1][-1] in " \t" else end

    def _strip_blanks(self) -> None:
        while self.parts:
            kept = self.parts[-1].rstrip(" \t")
            self.length -= len(self.parts[-1]) - len(kept)
            self.parts[-1] = kept
            if kept:
                return
            self.parts.pop()
            self.starts.pop()
            self.offsets.pop()


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the text that Markdown gets: where it starts in the marked text."""

    text: str
    start: int


@dataclass(frozen=True, slots=True)
class SourceLines:
    """The lines for Markdown, and the statements that stood on lines of their own, each with the
    line it goes before.
    """

    lines: tuple[Line, ...]
    statements: tuple[tuple[int, RawTag], ...]


def divide(prepared: MarkedSource) -> SourceLines:
    """Take out the lines that hold statements alone.

    Such a line becomes blank, since it is a block of its own; between the rows of a table it goes
    altogether, since a blank line would end the table.
    """
    lines: list[Line] = []
    statements: list[tuple[int, RawTag]] = []
    source = prepared.marked.split("\n")
    alone = [_statements_alone(prepared, text) for text in source]
    others = [text for text, tags in zip(source, alone, strict=True) if not tags]
    in_table = False
    start = passed = 0
    for text, tags in zip(source, alone, strict=True):
        if tags:
            statements += [(len(lines), tag) for tag in tags]
            if not (in_table and _is_row(others[passed : passed + 2])):
                lines.append(Line("", start))
                in_table = False
        else:
            passed += 1
            if not text.strip():
                in_table = False
            elif is_table_rule(text) and lines and "|" in lines[-1].text:
                in_table = True
            lines.append(Line(text, start))
        start += len(text) + 1
    return SourceLines(tuple(lines), tuple(statements))


def _is_row(lines: list[str]) -> bool:
    """Whether the first of two lines is a row of the table before it, rather than the header of the
    next one.
    """
    return "|" in "".join(lines[:1]) and not is_table_rule("".join(lines[1:]))


def _statements_alone(prepared: MarkedSource, line: str) -> list[RawTag]:
    tags = []
    for char in line:
        if MARK.match(char) and (tag := prepared.tag(char)).kind is TagKind.STATEMENT:
            tags.append(tag)
        elif char not in " \t":
            return []
    return tags
