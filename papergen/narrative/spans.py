"""What a paragraph consists of: text, expressions, breaks and links, and controls about them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from papergen.engine.blocks import is_closer, is_middle, is_opener
from papergen.engine.tags import RawTag, TagKind
from papergen.narrative.controls import keyword_of
from papergen.narrative.source import MARK, MarkedSource

_BLANKS: Final = re.compile(r"[ \t\r\n]+")
_LABEL: Final = re.compile(r"label\s*\([^()]*\)")


class SpanKind(Enum):
    """What a span is."""

    TEXT = 1
    EXPRESSION = 2
    STATEMENT = 3
    BREAK = 4
    LINK = 5
    LINK_END = 6
    SILENT = 7
    """An expression that prints nothing: `{{ label('x') }}`. One blank is left about it."""


@dataclass(frozen=True, slots=True)
class Format:
    """How a stretch of text is set off."""

    strong: bool = False
    emphasis: bool = False
    link: bool = False


PLAIN: Final = Format()


@dataclass(slots=True, eq=False)
class Span:
    """A stretch of a paragraph.

    `text` is a TEXT's characters or a LINK's address; `fixed` text was escaped by its author, and
    stays as it is.
    """

    kind: SpanKind
    text: str = ""
    tag: RawTag | None = None
    formatting: Format = PLAIN
    fixed: bool = False
    title: str = ""

    @property
    def is_text(self) -> bool:
        return self.kind is SpanKind.TEXT

    @property
    def keyword(self) -> str:
        """The first word of a statement; empty for any other span."""
        if self.kind is SpanKind.STATEMENT and self.tag is not None:
            return keyword_of(self.tag)
        return ""


@dataclass(slots=True, eq=False)
class Branch:
    """A part of a control: the statement that begins it, and what it holds."""

    tag: RawTag
    nodes: list[Node] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Control:
    """A whole `{% if %}` or `{% for %}`; `end` is its closer."""

    branches: list[Branch]
    end: RawTag


Node = Span | Control


def text_spans(
    text: str,
    prepared: MarkedSource,
    formatting: Format,
) -> list[Span]:
    """The spans of plain text: its tags, and the text between them.

    Each stretch of white space becomes one blank.
    """
    spans: list[Span] = []
    at = 0
    for found in MARK.finditer(text):
        before = text[at : found.start()]
        if before:
            spans.append(_text_span(before, formatting))
        tag = prepared.tag(found[0])
        span = Span(_kind_of(tag), tag=tag, formatting=formatting)
        spans.append(span)
        at = found.end()
    after = text[at:]
    if after:
        spans.append(_text_span(after, formatting))
    return spans


def _text_span(text: str, formatting: Format) -> Span:
    shown = _BLANKS.sub(" ", text)
    return Span(SpanKind.TEXT, shown, formatting=formatting)


def _kind_of(tag: RawTag) -> SpanKind:
    if tag.kind is not TagKind.EXPRESSION:
        return SpanKind.STATEMENT
    if is_label(tag):
        return SpanKind.SILENT
    return SpanKind.EXPRESSION


def is_label(tag: RawTag) -> bool:
    """Whether a tag defines a label, and so prints nothing."""
    if tag.kind is not TagKind.EXPRESSION:
        return False
    return _LABEL.fullmatch(tag.body) is not None


def is_optional(spans: Iterable[Span]) -> bool:
    """Whether there is no text that is printed whatever the values are."""
    depth = 0
    for span in spans:
        if is_opener(span.keyword):
            depth += 1
        elif is_closer(span.keyword):
            depth -= 1
        elif span.is_text and not depth and span.text.strip():
            return False
    return True


def tree(spans: Iterable[Span], ends: Mapping[int, RawTag]) -> list[Node]:
    """The spans with each control as one node.

    `ends`: the closer of each, by the offset of its opener.
    """
    # The controls have been matched: this makes a tree of their branches.
    root: list[Node] = []
    open_controls: list[Control] = []
    for span in spans:
        nodes = root
        if open_controls:
            nodes = open_controls[-1].branches[-1].nodes
        keyword = span.keyword
        tag = span.tag
        if tag is None or keyword == "":
            nodes.append(span)
        elif is_opener(keyword):
            control = Control([Branch(tag)], ends[tag.start])
            nodes.append(control)
            open_controls.append(control)
        elif is_middle(keyword):
            open_controls[-1].branches.append(Branch(tag))
        elif is_closer(keyword):
            open_controls.pop()
        else:
            nodes.append(span)
    return root
