"""The nodes of a paragraph as pieces: runs of WordprocessingML with expressions in them, and
statements between them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from papergen.engine.pieces import Context, Expression, Links, Piece, Statement
from papergen.engine.tags import RawTag
from papergen.narrative.layout import Layout
from papergen.narrative.source import Place
from papergen.narrative.spans import Control, Format, Node, SpanKind
from papergen.text import escape_attribute, escape_xml

_OPEN: Final = '<w:t xml:space="preserve">'
_SHUT: Final = "</w:t>"


def statement(tag: RawTag, place: Place) -> Statement:
    """The piece of a statement's tag."""
    return Statement(tag.body, place(tag.start))


class Runs:
    """Writes nodes one after another; `pieces` is what came of them, whole once `close` was
    called.
    """

    def __init__(self, layout: Layout, links: Links, place: Place, *, introduces: bool) -> None:
        self.layout = layout
        self.links = links
        self.place = place
        self.introduces = introduces
        self.pieces: list[Piece] = []
        self.open_properties: str | None = None
        self.in_text = False

    def write(self, nodes: Sequence[Node]) -> None:
        for node in nodes:
            if isinstance(node, Control):
                self._control(node)
            elif node.kind is SpanKind.TEXT:
                self._text(node.text, node.formatting)
            elif node.kind is SpanKind.BREAK:
                self._break(node.formatting)
            elif node.kind is SpanKind.LINK:
                self.close()
                title = f' w:tooltip="{escape_attribute(node.title)}"' if node.title else ""
                self._put(f'<w:hyperlink r:id="{self.links.add(node.text)}" w:history="1"{title}>')
            elif node.kind is SpanKind.LINK_END:
                self.close()
                self._put("</w:hyperlink>")
            elif node.tag is not None and node.kind in (SpanKind.EXPRESSION, SpanKind.SILENT):
                properties = self._properties(node.formatting)
                self._start_text(properties)
                where = self.place(node.tag.start)
                self.pieces.append(
                    Expression(node.tag.body, where, Context.TEXT, properties, self.introduces)
                )
            elif node.tag is not None:
                self.close()
                self.pieces.append(statement(node.tag, self.place))

    def close(self) -> None:
        """End the run that is open, if one is."""
        if self.open_properties is not None:
            self._put(f"{_SHUT if self.in_text else ''}</w:r>")
            self.open_properties, self.in_text = None, False

    def _control(self, control: Control) -> None:
        for branch in control.branches:
            self.close()
            self.pieces.append(statement(branch.tag, self.place))
            self.write(branch.nodes)
        self.close()
        self.pieces.append(statement(control.end, self.place))

    def _text(self, text: str, formatting: Format) -> None:
        self._start_text(self._properties(formatting))
        self._put(escape_xml(text))

    def _break(self, formatting: Format) -> None:
        self._start_run(self._properties(formatting))
        self._put(f"{_SHUT if self.in_text else ''}<w:br/>")
        self.in_text = False

    def _start_text(self, properties: str) -> None:
        self._start_run(properties)
        if not self.in_text:
            self._put(_OPEN)
            self.in_text = True

    def _start_run(self, properties: str) -> None:
        if self.open_properties != properties:
            self.close()
            self._put(f"<w:r>{properties}")
            self.open_properties = properties

    def _properties(self, formatting: Format) -> str:
        inner = (
            (self.layout.link if formatting.link else "")
            + (self.layout.strong if formatting.strong else "")
            + (self.layout.emphasis if formatting.emphasis else "")
        )
        return f"<w:rPr>{inner}</w:rPr>" if inner else ""

    def _put(self, xml: str) -> None:
        put(self.pieces, xml)


def put(pieces: list[Piece], xml: str) -> None:
    """Add literal XML, as one piece with the literal before it."""
    if pieces and isinstance(pieces[-1], str):
        pieces[-1] += xml
    else:
        pieces.append(xml)
