"""What a paragraph consists of: stretches of text, expressions, breaks and links, and the controls
about them.

Here the white space that controls leave behind is put right: “Board {% if no %}must{% endif %} act”
must not print two blanks when the control prints nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Final

from papergen.engine.tags import RawTag, TagKind
from papergen.narrative.controls import keyword_of
from papergen.narrative.quotes import curled
from papergen.narrative.source import MARK, MarkedSource

_BLANKS: Final = re.compile(r"[ \t\r\n]+")
_LABEL: Final = re.compile(r"label\s*\([^()]*\)")
_NO_BLANK_BEFORE: Final = frozenset(" .,;:!?)]”’")


class SpanKind(Enum):
    """What a span is."""

    TEXT = 1
    EXPRESSION = 2
    STATEMENT = 3
    BREAK = 4
    LINK = 5
    LINK_END = 6
    SILENT = 7
    """An expression that prints nothing: `{{ label('x') }}`. The blanks about it are those of one
    place.
    """


@dataclass(frozen=True, slots=True)
class Format:
    """How a stretch of text is set off."""

    strong: bool = False
    emphasis: bool = False
    link: bool = False


PLAIN: Final = Format()


@dataclass(slots=True, eq=False)
class Span:
    """`text` is a TEXT's characters or a LINK's address; `fixed` text was escaped by its author and
    is left as it is.
    """

    kind: SpanKind
    text: str = ""
    tag: RawTag | None = None
    formatting: Format = PLAIN
    fixed: bool = False
    title: str = ""


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


def text_spans(text: str, prepared: MarkedSource, formatting: Format) -> list[Span]:
    """The spans of plain text: its tags, and the text between them with each stretch of white space
    made one blank.
    """
    spans: list[Span] = []
    at = 0
    for found in MARK.finditer(text):
        if found.start() > at:
            spans.append(
                Span(
                    SpanKind.TEXT, _BLANKS.sub(" ", text[at : found.start()]), formatting=formatting
                )
            )
        tag = prepared.tag(found[0])
        kind = SpanKind.STATEMENT
        if tag.kind is TagKind.EXPRESSION:
            kind = SpanKind.SILENT if is_label(tag) else SpanKind.EXPRESSION
        spans.append(Span(kind, tag=tag, formatting=formatting))
        at = found.end()
    if at < len(text):
        spans.append(Span(SpanKind.TEXT, _BLANKS.sub(" ", text[at:]), formatting=formatting))
    return spans


def is_label(tag: RawTag) -> bool:
    """Whether a tag gives a label, and so prints nothing."""
    return tag.kind is TagKind.EXPRESSION and _LABEL.fullmatch(tag.body) is not None


def settle(spans: Iterable[Span], ends: Mapping[int, RawTag]) -> list[Node]:
    """The spans of one paragraph as they are to be printed: trimmed, quotation marks curled,
    controls with their branches.

    `ends`: the closer of each control, by the offset of its opener. All controls of the spans must
    be whole.
    """
    kept = _merge(_strip_ends(_trim(list(spans))))
    _curl(kept)
    return _space(_tree(iter(kept), ends), rest=True, at_start=True)


def is_optional(spans: Iterable[Span]) -> bool:
    """Whether there is no text that is printed whatever the values are."""
    depth = 0
    for span in spans:
        if span.kind is SpanKind.STATEMENT and span.tag is not None:
            keyword = keyword_of(span.tag)
            depth += (keyword in ("if", "for")) - (keyword in ("endif", "endfor"))
        elif span.kind is SpanKind.TEXT and not depth and span.text.strip():
            return False
    return True


def _trim(spans: list[Span]) -> list[Span]:
    """`{{-` and `-}}` take away the white space on their side, within the paragraph."""
    for index, span in enumerate(spans):
        if span.tag is None:
            continue
        if span.tag.trim_left and index and spans[index - 1].kind is SpanKind.TEXT:
            spans[index - 1] = replace(spans[index - 1], text=spans[index - 1].text.rstrip(" "))
        if (
            span.tag.trim_right
            and index + 1 < len(spans)
            and spans[index + 1].kind is SpanKind.TEXT
        ):
            spans[index + 1] = replace(spans[index + 1], text=spans[index + 1].text.lstrip(" "))
    return spans


def _strip_ends(spans: list[Span]) -> list[Span]:
    while spans and spans[0].kind is SpanKind.TEXT and not spans[0].text.strip(" "):
        del spans[0]
    while spans and spans[-1].kind is SpanKind.TEXT and not spans[-1].text.strip(" "):
        del spans[-1]
    if spans and spans[0].kind is SpanKind.TEXT:
        spans[0] = replace(spans[0], text=spans[0].text.lstrip(" "))
    if spans and spans[-1].kind is SpanKind.TEXT:
        spans[-1] = replace(spans[-1], text=spans[-1].text.rstrip(" "))
    return spans


def _merge(spans: list[Span]) -> list[Span]:
    """No empty text, and no two blanks where two texts meet."""
    merged: list[Span] = []
    for span in spans:
        if span.kind is SpanKind.TEXT:
            before = merged[-1] if merged else None
            if (
                before
                and before.kind is SpanKind.TEXT
                and before.text.endswith(" ")
                and span.text.startswith(" ")
            ):
                span = replace(span, text=span.text[1:])
            if not span.text:
                continue
        merged.append(span)
    return merged


_STANDS_FOR: Final = {SpanKind.EXPRESSION: "x", SpanKind.BREAK: "\n"}


def _curl(spans: list[Span]) -> None:
    """Quotation marks are judged by all that stands about them, whatever its format; statements are
    no wider than nothing.
    """
    shown = [
        span.text if span.kind is SpanKind.TEXT else _STANDS_FOR.get(span.kind, "")
        for span in spans
    ]
    text = "".join(shown)
    after = curled(text)
    if after == text:
        return
    at = 0
    for index, part in enumerate(shown):
        if spans[index].kind is SpanKind.TEXT and not spans[index].fixed:
            spans[index] = replace(spans[index], text=after[at : at + len(part)])
        at += len(part)


def _tree(spans: Iterable[Span], ends: Mapping[int, RawTag]) -> list[Node]:
    root: list[Node] = []
    open_controls: list[Control] = []
    for span in spans:
        nodes = open_controls[-1].branches[-1].nodes if open_controls else root
        keyword = (
            keyword_of(span.tag) if span.tag is not None and span.kind is SpanKind.STATEMENT else ""
        )
        if keyword in ("if", "for"):
            assert span.tag is not None
            control = Control([Branch(span.tag)], ends[span.tag.start])
            nodes.append(control)
            open_controls.append(control)
        elif keyword in ("elif", "else"):
            assert span.tag is not None
            open_controls[-1].branches.append(Branch(span.tag))
        elif keyword in ("endif", "endfor"):
            open_controls.pop()
        else:
            nodes.append(span)
    return root


def _gaps(nodes: Sequence[Node], rest: bool) -> list[bool]:
    """For each index, whether what is printed from there on can do without a blank before it,
    whichever branches are taken.

    So it is with a blank, a closing mark, a break or the end; `rest` says it of what follows the
    nodes.
    """
    gaps = [rest] * (len(nodes) + 1)
    for index in range(len(nodes) - 1, -1, -1):
        node, after = nodes[index], gaps[index + 1]
        if isinstance(node, Control):
            gaps[index] = after and all(_gaps(branch.nodes, after)[0] for branch in node.branches)
        elif node.kind is SpanKind.TEXT:
            gaps[index] = node.text[0] in _NO_BLANK_BEFORE if node.text else after
        elif node.kind is SpanKind.BREAK:
            gaps[index] = True
        elif node.kind is SpanKind.EXPRESSION:
            gaps[index] = False
        else:
            gaps[index] = after
    return gaps


def _space(nodes: list[Node], *, rest: bool, at_start: bool) -> list[Node]:
    """Take the blanks about controls into their branches, so that a control that prints nothing
    leaves one blank, not two.
    """
    gaps = _gaps(nodes, rest)
    out: list[Node] = []
    started = not at_start
    for index, node in enumerate(nodes):
        following = nodes[index + 1] if index + 1 < len(nodes) else None
        if isinstance(node, Control):
            blank = _take_blank_before(out) if gaps[index + 1] else None
            if blank is not None:
                _put_blank(node, blank, before=True)
            elif not started and _starts_with_blank(following):
                assert isinstance(following, Span)
                _put_blank(node, following, before=False)
                following.text = following.text[1:]
            _drop_double_blanks(node, out, following)
            for branch in node.branches:
                branch.nodes = _space(branch.nodes, rest=gaps[index + 1], at_start=not started)
        elif node.kind in (SpanKind.STATEMENT, SpanKind.SILENT) and _starts_with_blank(following):
            before = out[-1] if out else None
            if not started or (
                isinstance(before, Span)
                and before.kind is SpanKind.TEXT
                and before.text.endswith(" ")
            ):
                assert isinstance(following, Span)
                following.text = following.text[1:]
        elif node.kind is SpanKind.SILENT and gaps[index + 1]:
            _take_blank_before(out)
        elif node.kind is SpanKind.TEXT and not started:
            node.text = node.text.lstrip(" ")
        if not isinstance(node, Span) or node.kind is not SpanKind.TEXT or node.text:
            out.append(node)
            started = isinstance(node, Control) or (
                node.kind is not SpanKind.BREAK
                and (started or node.kind not in (SpanKind.STATEMENT, SpanKind.SILENT))
            )
    return out


def _starts_with_blank(node: Node | None) -> bool:
    return isinstance(node, Span) and node.kind is SpanKind.TEXT and node.text.startswith(" ")


def _drop_double_blanks(control: Control, before: Sequence[Node], following: Node | None) -> None:
    """A blank just within a control goes where one stands just outside it; within a loop it also
    parts the turns.
    """
    last = before[-1] if before else None
    after_blank = isinstance(last, Span) and last.kind is SpanKind.TEXT and last.text.endswith(" ")
    for branch in control.branches:
        loops = keyword_of(branch.tag) == "for"
        if after_blank and not loops and branch.nodes and _starts_with_blank(branch.nodes[0]):
            _cut(branch.nodes, 0, slice(1, None))
        if (
            _starts_with_blank(following)
            and branch.nodes
            and (not loops or _starts_with_blank(branch.nodes[0]))
        ):
            edge = branch.nodes[-1]
            if isinstance(edge, Span) and edge.kind is SpanKind.TEXT and edge.text.endswith(" "):
                _cut(branch.nodes, -1, slice(None, -1))


def _cut(nodes: list[Node], index: int, kept: slice) -> None:
    """Keep a part of the text at `index`; nothing is left of it when that is empty."""
    node = nodes[index]
    assert isinstance(node, Span)
    node.text = node.text[kept]
    if not node.text:
        del nodes[index]


def _take_blank_before(out: list[Node]) -> Span | None:
    last = out[-1] if out else None
    if not isinstance(last, Span) or last.kind is not SpanKind.TEXT or not last.text.endswith(" "):
        return None
    last.text = last.text[:-1]
    if not last.text:
        out.pop()
    return last


def _put_blank(control: Control, like: Span, *, before: bool) -> None:
    """Put a blank in the format of `like` at the start or the end of each branch that prints
    something; once in a loop.
    """
    for branch in control.branches:
        if not branch.nodes:
            continue
        edge = branch.nodes[0 if before else -1]
        if (
            isinstance(edge, Span)
            and edge.kind is SpanKind.TEXT
            and (edge.text[0] in _NO_BLANK_BEFORE if before else edge.text[-1] == " ")
        ):
            continue
        blank = replace(like, text=" ")
        inserted: Node = blank
        if keyword_of(branch.tag) == "for":
            once = replace(branch.tag, body="if loop.first" if before else "if loop.last")
            inserted = Control([Branch(once, [blank])], replace(branch.tag, body="endif"))
        branch.nodes.insert(0 if before else len(branch.nodes), inserted)
