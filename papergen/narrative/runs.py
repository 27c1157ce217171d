"""The nodes of a paragraph as pieces.

These are runs of WordprocessingML with expressions in them, and statements between them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from papergen.engine.pieces import Context, Expression, Links, Piece, Statement
from papergen.engine.tags import RawTag
from papergen.narrative.layout import Layout
from papergen.narrative.source import Place
from papergen.narrative.spans import Control, Format, Node, Span, SpanKind
from papergen.text import escape_attribute, escape_xml

_OPEN: Final = '<w:t xml:space="preserve">'
_SHUT: Final = "</w:t>"


def statement(tag: RawTag, place: Place) -> Statement:
    """The piece of a statement's tag."""
    return Statement(tag.body, place(tag.start))


class Runs:
    """Writes nodes one after another; `pieces` is the result, complete once `close` was called."""

    def __init__(
        self,
        layout: Layout,
        links: Links,
        place: Place,
        *,
        introduces: bool,
    ) -> None:
        self.layout = layout
        self.links = links
        self.place = place
        self.introduces = introduces
        self.pieces: list[Piece] = []
        self.open_properties: str | None = None
        """The properties of the run that is open; None if none is."""
        self.in_text = False
        """Whether a `<w:t>` is open in it."""

    def write(self, nodes: Sequence[Node]) -> None:
        """Add the pieces of the nodes, the last run still open."""
        for node in nodes:
            if isinstance(node, Control):
                self._control(node)
            else:
                self._span(node)

    def close(self) -> None:
        """End the run that is open, if one is."""
        if self.open_properties is None:
            return
        self._end_text()
        self._put("</w:r>")
        self.open_properties = None

    def _control(self, control: Control) -> None:
        for branch in control.branches:
            self._statement(branch.tag)
            self.write(branch.nodes)
        self._statement(control.end)

    def _span(self, span: Span) -> None:
        if span.is_text:
            self._text(span.text, span.formatting)
        elif span.kind is SpanKind.BREAK:
            self._start_run(span.formatting)
            self._end_text()
            self._put("<w:br/>")
        elif span.kind is SpanKind.LINK:
            self._link(span)
        elif span.kind is SpanKind.LINK_END:
            self.close()
            self._put("</w:hyperlink>")
        elif span.tag is not None:
            if span.kind is SpanKind.STATEMENT:
                self._statement(span.tag)
            else:
                self._expression(span.tag, span.formatting)

    def _statement(self, tag: RawTag) -> None:
        self.close()
        self.pieces.append(statement(tag, self.place))

    def _expression(self, tag: RawTag, formatting: Format) -> None:
        self._start_text(formatting)
        expression = Expression(
            source=tag.body,
            where=self.place(tag.start),
            context=Context.TEXT,
            properties=self._properties(formatting),
            introduces=self.introduces,
        )
        self.pieces.append(expression)

    def _link(self, span: Span) -> None:
        self.close()
        target = self.links.add(span.text)
        title = ""
        if span.title:
            tooltip = escape_attribute(span.title)
            title = f' w:tooltip="{tooltip}"'
        self._put(f'<w:hyperlink r:id="{target}" w:history="1"{title}>')

    def _text(self, text: str, formatting: Format) -> None:
        self._start_text(formatting)
        self._put(escape_xml(text))

    def _start_text(self, formatting: Format) -> None:
        self._start_run(formatting)
        if not self.in_text:
            self._put(_OPEN)
            self.in_text = True

    def _end_text(self) -> None:
        if self.in_text:
            self._put(_SHUT)
            self.in_text = False

    def _start_run(self, formatting: Format) -> None:
        """Open a run of that format, unless one is open."""
        properties = self._properties(formatting)
        if self.open_properties != properties:
            self.close()
            self._put(f"<w:r>{properties}")
            self.open_properties = properties

    def _properties(self, formatting: Format) -> str:
        inner = ""
        if formatting.link:
            inner += self.layout.link
        if formatting.strong:
            inner += self.layout.strong
        if formatting.emphasis:
            inner += self.layout.emphasis
        if not inner:
            return ""
        return f"<w:rPr>{inner}</w:rPr>"

    def _put(self, xml: str) -> None:
        put(self.pieces, xml)


def put(pieces: list[Piece], xml: str) -> None:
    """Add literal XML, as one piece with the literal before it."""
    if pieces and isinstance(pieces[-1], str):
        pieces[-1] += xml
    else:
        pieces.append(xml)
