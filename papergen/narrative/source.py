"""A narrative's text made ready for Markdown: each tag one character, lines of statements taken
out, places kept.

Markdown must not see what Jinja tags hold: a `*` in a tag is a product, not emphasis. So each tag
becomes one character of the two private planes of Unicode, which Markdown takes for a letter, and
which no source may therefore hold.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from papergen.engine.tags import RawTag, TagKind, scan
from papergen.errors import Location, Problem
from papergen.text import NOT_XML

Place = Callable[[int], Location]
"""Returns the place in the source of the character at an offset of a text."""

_FIRST_MARK: Final = 0xF0000
_PER_PLANE: Final = 0xFFFE
_PLANE: Final = 0x10000
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
    if found is None:
        return ""
    return found[0]


def bad_character(char: str, where: Location) -> Problem:
    """The problem of a character that may not stand in a paper."""
    kind = "which no Word file can hold"
    if ord(char) >= _FIRST_MARK:
        kind = "which papergen keeps for its own use"
    return Problem(
        code="bad-character",
        message=f"the text holds the character U+{ord(char):04X}, {kind}",
        where=where,
        hint=(
            "Delete it and type the text there again; such a character most often comes in when "
            "text is pasted."
        ),
    )


def _mark(index: int) -> str:
    """The character that stands for the `index`-th tag of a text."""
    plane, within = divmod(index, _PER_PLANE)
    return chr(_FIRST_MARK + plane * _PLANE + within)


def _index(mark: str) -> int:
    """Which tag of a text a mark stands for."""
    plane, within = divmod(ord(mark) - _FIRST_MARK, _PLANE)
    return plane * _PER_PLANE + within


@dataclass(frozen=True, slots=True)
class MarkedSource:
    """A text with marks in place of its tags.

    `marked` holds one mark for each tag and only line feeds as line breaks. Comments are gone.
    """

    marked: str
    tags: tuple[RawTag, ...]
    place: Place
    _starts: tuple[int, ...]
    """Where each part of `marked` begins that is a piece of the source."""
    _offsets: tuple[int, ...]
    """Where each of these parts begins in the source."""
    unclosed: tuple[int, ...] = ()
    """The offsets of tags that are never closed."""
    unclosed_keywords: tuple[str, ...] = ()

    def tag(self, mark: str) -> RawTag:
        return self.tags[_index(mark)]

    def where(self, at: int) -> Location:
        """The place of `marked[at]`."""
        part = max(bisect_right(self._starts, at) - 1, 0)
        within = at - self._starts[part]
        return self.place(self._offsets[part] + within)


def prepare(text: str, place: Place, problems: list[Problem]) -> MarkedSource:
    """`text` with its tags marked. Unclosed tags and characters that no paper can hold are added to
    `problems`.
    """
    for found in _BAD.finditer(text):
        where = place(found.start())
        problems.append(bad_character(found[0], where))
    text = _BAD.sub("\ufffd", text)
    raw, faults = scan(text)
    for fault in faults:
        where = place(fault.offset)
        problem = Problem("tag-unclosed", fault.message, where, fault.hint)
        problems.append(problem)
    if len(raw) > _MOST_TAGS:
        problem = Problem(
            code="tag-forbidden",
            message=f"the text holds {len(raw):,} Jinja tags; papergen takes {_MOST_TAGS:,}",
            where=place(raw[_MOST_TAGS].start),
            hint="Divide the text among several sections.",
        )
        problems.append(problem)
        raw = raw[:_MOST_TAGS]
    parts, tags = _marked(text, raw)
    unclosed = tuple(fault.offset for fault in faults)
    return MarkedSource(
        marked="".join(parts.parts),
        tags=tuple(tags),
        place=place,
        _starts=tuple(parts.starts),
        _offsets=tuple(parts.offsets),
        unclosed=unclosed,
        unclosed_keywords=_keywords_at(text, unclosed),
    )


def _keywords_at(text: str, offsets: Iterable[int]) -> tuple[str, ...]:
    """The keywords of the statements that begin at these offsets."""
    keywords = []
    for at in offsets:
        found = _STATEMENT.match(text, at)
        if found:
            keywords.append(found[1])
    return tuple(keywords)


def _marked(text: str, raw: Iterable[RawTag]) -> tuple[_Parts, list[RawTag]]:
    """The text with marks in place of its tags, and these tags; comments are left out."""
    parts = _Parts()
    tags: list[RawTag] = []
    at = 0
    for tag in raw:
        parts.add_text(text[at : tag.start], at)
        at = tag.end
        if tag.kind is TagKind.COMMENT:
            at = parts.without_comment(text, at)
        else:
            parts.add(_mark(len(tags)), tag.start)
            tags.append(tag)
    parts.add_text(text[at:], at)
    return parts, tags


class _Parts:
    """The marked text as it grows, with the offset in the source of each part."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.starts: list[int] = [0]
        self.offsets: list[int] = [0]
        self.length = 0
        self.line_is_blank = True
        """Whether the last line holds nothing but white space so far."""

    def add(self, part: str, offset: int) -> None:
        if not part:
            return
        self.parts.append(part)
        self.starts.append(self.length)
        self.offsets.append(offset)
        self.length += len(part)
        _, line_feed, line = part.rpartition("\n")
        if line.strip(" \t"):
            self.line_is_blank = False
        elif line_feed:
            self.line_is_blank = True

    def add_text(self, text: str, offset: int) -> None:
        """Add text, its line breaks as line feeds."""
        at = 0
        for found in _LINE_BREAK.finditer(text):
            end = found.start()
            self.add(text[at:end], offset + at)
            self.add("\n", offset + end)
            at = found.end()
        self.add(text[at:], offset + at)

    def without_comment(self, text: str, end: int) -> int:
        """Leave out a comment that ended at `text[end]`, with its line or with one of the blanks
        about it. Return the offset of what follows.
        """
        after = end
        while text[after : after + 1] in (" ", "\t"):
            after += 1
        ends_line = after == len(text) or text[after] in "\n\r"
        if ends_line:
            self._strip_blanks()
            if self.line_is_blank:
                return _after_line_break(text, after)
            return after
        if self.line_is_blank:
            return after
        last_char = self.parts[-1][-1]
        if last_char in " \t":
            return after
        return end

    def _strip_blanks(self) -> None:
        """Remove the blanks at the end."""
        while self.parts:
            last = self.parts[-1]
            kept = last.rstrip(" \t")
            self.length -= len(last) - len(kept)
            self.parts[-1] = kept
            if kept:
                return
            self.parts.pop()
            self.starts.pop()
            self.offsets.pop()


_LINE_BREAK: Final = re.compile("\r\n?")


def _after_line_break(text: str, at: int) -> int:
    """The offset after the line break at `text[at]`; `at` itself at the end of the text."""
    if text.startswith("\r\n", at):
        return at + 2
    return min(at + 1, len(text))


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the text that Markdown gets. `start`: its offset in the marked text."""

    text: str
    start: int


@dataclass(frozen=True, slots=True)
class SourceLines:
    """The lines for Markdown, and the statements that stood on lines of their own, each with the
    number of the line that follows it.
    """

    lines: tuple[Line, ...]
    statements: tuple[tuple[int, RawTag], ...]


def divide(prepared: MarkedSource) -> SourceLines:
    """Take out the lines that hold statements alone.

    Such a line becomes blank, since it is a block of its own; between the rows of a table it is
    removed, since a blank line would end the table.
    """
    lines: list[Line] = []
    statements: list[tuple[int, RawTag]] = []
    source = prepared.marked.split("\n")
    alone = [_statements_alone(prepared, text) for text in source]
    others = [text for text, tags in zip(source, alone, strict=True) if not tags]
    in_table = False
    start = 0
    passed = 0
    for text, tags in zip(source, alone, strict=True):
        if tags:
            statements += [(len(lines), tag) for tag in tags]
            is_between_rows = in_table and _is_row(others[passed : passed + 2])
            if not is_between_rows:
                lines.append(Line("", start))
                in_table = False
        else:
            passed += 1
            if not text.strip():
                in_table = False
            elif lines and is_table_rule(text) and "|" in lines[-1].text:
                in_table = True
            lines.append(Line(text, start))
        start += len(text) + 1
    return SourceLines(tuple(lines), tuple(statements))


def _is_row(following: list[str]) -> bool:
    """Whether the first of the lines that follow is a row of the table before it, rather than the
    header of the next one.
    """
    if not following or "|" not in following[0]:
        return False
    is_header = len(following) > 1 and is_table_rule(following[1])
    return not is_header


def _statements_alone(prepared: MarkedSource, line: str) -> list[RawTag]:
    """The statements of a line that holds nothing else; none for any other line."""
    tags = []
    for char in line:
        if char in " \t":
            continue
        if not MARK.match(char):
            return []
        tag = prepared.tag(char)
        if tag.kind is not TagKind.STATEMENT:
            return []
        tags.append(tag)
    return tags
