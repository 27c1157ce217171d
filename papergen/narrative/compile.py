"""Narrative to pieces: the Markdown of a section, and the plain text of titles and recommendations.

Where a text has faults, all of them are added to the problems, and the pieces returned are its tags
alone: only of use to find the faults of the tags in the same run.
"""

from __future__ import annotations

from collections.abc import Iterator

from papergen.engine.pieces import Context, Expression, Links, Piece, Statement
from papergen.engine.tags import TagKind
from papergen.errors import Problem
from papergen.narrative.controls import Container, Controls
from papergen.narrative.layout import Layout
from papergen.narrative.runs import put, statement
from papergen.narrative.source import MarkedSource, Place, divide, prepare
from papergen.narrative.spans import PLAIN, Control, Node, SpanKind, text_spans
from papergen.narrative.typography import settle


def compile_narrative(
    text: str,
    *,
    section: str,
    place: Place,
    layout: Layout,
    links: Links,
    lists: Iterator[int],
    problems: list[Problem],
) -> list[Piece]:
    """The pieces of a section's Markdown.

    `section` is the section's id, after which its bookmarks are named. `place` returns the place of
    a character of `text`. Link addresses are added to `links`; each ordered list takes a key from
    `lists`.
    """
    from papergen.narrative.markdown import read_blocks
    from papergen.narrative.write import PieceWriter

    found = len(problems)
    prepared = prepare(text, place, problems)
    controls = Controls(place, problems, unclosed=list(prepared.unclosed_keywords))
    blocks = read_blocks(
        prepared=prepared,
        lines=divide(prepared),
        controls=controls,
        problems=problems,
        deepest_ordered=len(layout.ordered),
    )
    controls.finish()
    if len(problems) > found:
        return _tags_alone(text, prepared, controls)
    writer = PieceWriter(
        section=section,
        place=place,
        layout=layout,
        links=links,
        lists=lists,
        ends=controls.ends,
    )
    return writer.write(blocks)


def compile_inline(
    text: str,
    *,
    place: Place,
    problems: list[Problem],
) -> list[Piece]:
    """The pieces of plain text with Jinja tags.

    These are literals as the characters they are, expressions for VALUE, and statements. White
    space, line breaks too, becomes single blanks; typewriter quotation marks become printed ones.
    """
    found = len(problems)
    prepared = prepare(text, place, problems)
    controls = Controls(place, problems, unclosed=list(prepared.unclosed_keywords))
    spans = text_spans(prepared.marked, prepared, PLAIN)
    container = Container("text", 1)
    for span in spans:
        if span.tag is not None and span.kind is SpanKind.STATEMENT:
            controls.add(span.tag, container)
    controls.finish()
    if len(problems) > found:
        return _tags_alone(text, prepared, controls)
    pieces: list[Piece] = []
    nodes = settle(spans, controls.ends)
    _write_plain(nodes, place, pieces)
    return pieces


def _tags_alone(
    text: str,
    prepared: MarkedSource,
    controls: Controls,
) -> list[Piece]:
    """The pieces of a faulty text: its tags, without the paragraphs."""
    tags: list[Expression | Statement] = []
    for tag in prepared.tags:
        if tag.kind is TagKind.EXPRESSION:
            where = prepared.place(tag.start)
            tags.append(Expression(tag.body, where, Context.PLAIN))
        else:
            tags.append(statement(tag, prepared.place))
    if controls.sound and not prepared.unclosed:
        # A label names a paragraph, and there are none here.
        return [tag for tag in tags if not _gives_label(tag)]
    from papergen.engine.checking import tags_alone, unread

    unclosed = []
    for at in prepared.unclosed:
        line, _, _ = text[at:].partition("\n")
        if line.startswith("{%"):
            where = prepared.place(at)
            unclosed.append(unread(line, where))
    return tags_alone([*unclosed, *tags])


def _gives_label(tag: Expression | Statement) -> bool:
    return isinstance(tag, Expression) and tag.source.startswith("label(")


def _write_plain(
    nodes: list[Node],
    place: Place,
    pieces: list[Piece],
) -> None:
    for node in nodes:
        if isinstance(node, Control):
            for branch in node.branches:
                pieces.append(statement(branch.tag, place))
                _write_plain(branch.nodes, place, pieces)
            pieces.append(statement(node.end, place))
        elif node.is_text:
            put(pieces, node.text)
        elif node.tag is not None:
            if node.kind is SpanKind.STATEMENT:
                pieces.append(statement(node.tag, place))
            else:
                where = place(node.tag.start)
                pieces.append(Expression(node.tag.body, where, Context.VALUE))
