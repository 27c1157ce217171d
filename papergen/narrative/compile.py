"""Narrative to pieces: the Markdown of a section, and the plain text of titles and recommendations.

Where a text has faults, all of them are added to the problems, and the pieces that come back are
its tags alone: they are of no use but to have their own faults found in the same run.
"""

from __future__ import annotations

from collections.abc import Iterator

from papergen.engine.pieces import Context, Expression, Links, Piece
from papergen.engine.tags import TagKind
from papergen.errors import Problem
from papergen.narrative.controls import Container, Controls
from papergen.narrative.layout import Layout
from papergen.narrative.runs import put, statement
from papergen.narrative.source import MarkedSource, Place, divide, prepare
from papergen.narrative.spans import PLAIN, Control, Node, SpanKind, settle, text_spans


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

    `section` is the section's id, from which its bookmarks are named. `place` gives the place of a
    character of `text`. Link addresses are added to `links`; each ordered list takes a key from
    `lists`.
    """
    from papergen.narrative.markdown import read_blocks
    from papergen.narrative.write import PieceWriter

    found = len(problems)
    prepared = prepare(text, place, problems)
    controls = Controls(place, problems, unclosed=list(prepared.unclosed_keywords))
    blocks = read_blocks(
        prepared, divide(prepared), controls, problems, deepest_ordered=len(layout.ordered)
    )
    controls.finish()
    if len(problems) > found:
        return _tags_alone(text, prepared, controls)
    return PieceWriter(section, place, layout, links, lists, controls.ends).write(blocks)


def compile_inline(text: str, *, place: Place, problems: list[Problem]) -> list[Piece]:
    """The pieces of plain text with Jinja tags: literals as the characters they are, expressions
    for VALUE, statements.

    White space, line breaks too, becomes single blanks; typewriter quotation marks become printed
    ones.
    """
    found = len(problems)
    prepared = prepare(text, place, problems)
    controls = Controls(place, problems, unclosed=list(prepared.unclosed_keywords))
    spans = text_spans(prepared.marked, prepared, PLAIN)
    container = Container("text", 1)
    for span in spans:
        if span.kind is SpanKind.STATEMENT and span.tag is not None:
            controls.add(span.tag, container)
    controls.finish()
    if len(problems) > found:
        return _tags_alone(text, prepared, controls)
    pieces: list[Piece] = []
    _write_plain(settle(spans, controls.ends), place, pieces)
    return pieces


def _tags_alone(text: str, prepared: MarkedSource, controls: Controls) -> list[Piece]:
    tags = [
        Expression(tag.body, prepared.place(tag.start), Context.PLAIN)
        if tag.kind is TagKind.EXPRESSION
        else statement(tag, prepared.place)
        for tag in prepared.tags
    ]
    if controls.sound and not prepared.unclosed:
        # A label names a paragraph, and there are none here.
        return [
            tag
            for tag in tags
            if not (isinstance(tag, Expression) and tag.source.startswith("label("))
        ]
    from papergen.engine.checking import tags_alone, unread

    lines = [(text[at:].partition("\n")[0], prepared.place(at)) for at in prepared.unclosed]
    return tags_alone(
        [*(unread(line, where) for line, where in lines if line.startswith("{%")), *tags]
    )


def _write_plain(nodes: list[Node], place: Place, pieces: list[Piece]) -> None:
    for node in nodes:
        if isinstance(node, Control):
            for branch in node.branches:
                pieces.append(statement(branch.tag, place))
                _write_plain(branch.nodes, place, pieces)
            pieces.append(statement(node.end, place))
        elif node.kind is SpanKind.TEXT:
            put(pieces, node.text)
        elif node.tag is not None and node.kind in (SpanKind.EXPRESSION, SpanKind.SILENT):
            pieces.append(Expression(node.tag.body, place(node.tag.start), Context.VALUE))
        elif node.tag is not None:
            pieces.append(statement(node.tag, place))
