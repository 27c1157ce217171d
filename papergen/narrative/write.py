"""The blocks of a section as pieces: paragraphs with their styles and bookmarks, tables, and the
starts of lists.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import count, pairwise, takewhile
from typing import Final

from papergen.engine.pieces import (
    LIST_HERE,
    Begin,
    Caption,
    Context,
    End,
    Expression,
    Links,
    NewList,
    Paragraph,
    Piece,
)
from papergen.engine.tags import RawTag
from papergen.errors import Location
from papergen.narrative.controls import keyword_of
from papergen.narrative.flow import Flow
from papergen.narrative.indents import indent_of, level_of
from papergen.narrative.layout import Block as Style
from papergen.narrative.layout import Layout
from papergen.narrative.markdown import CAPTION, Block, Leaf, MarkdownTable, Row
from papergen.narrative.runs import Runs, put, statement
from papergen.narrative.source import Place
from papergen.narrative.spans import Control, Node, Span, SpanKind, is_optional, settle

_LONGEST_BOOKMARK: Final = 30
_JUSTIFY: Final = {
    "center": '<w:jc w:val="center"/>',
    "right": '<w:jc w:val="right"/>',
    "left": '<w:jc w:val="left"/>',
    "": "",
}
_BETWEEN_TABLES: Final = (
    '<w:p><w:pPr><w:spacing w:before="0" w:after="0" w:line="160" '
    'w:lineRule="exact"/></w:pPr></w:p>'
)
# A table has no space of its own below it; headings bring theirs.
_AFTER_TABLE: Final = '<w:spacing w:before="160"/>'
_RAG: Final = re.compile(r"\|\s*rag\s*$")
_QUOTED: Final = re.compile("'([^']*)'")
_NARROWEST: Final = 8
_WIDEST: Final = 48
_EXPRESSION_WIDTH: Final = 14
# What fields hold, in characters: numbers are short, dates (“30 September 2012”) must not wrap,
# texts are long.
_FIELD_WIDTHS: Final = {
    **dict.fromkeys(("ref", "number", "index"), 5),
    **dict.fromkeys(("due", "latest_due", "date"), 20),
    **dict.fromkeys(("owner", "by", "lead", "oversight", "responsible", "body"), 20),
    "rating": 14,  # “confirmed:” of a gap fits as well
    **dict.fromkeys(("text", "what", "title", "area"), 30),
}


class PieceWriter:
    """Writes the blocks of one section. `ends`: the closer of each control, by the offset of its
    opener.
    """

    def __init__(
        self,
        section: str,
        place: Place,
        layout: Layout,
        links: Links,
        lists: Iterator[int],
        ends: Mapping[int, RawTag],
    ) -> None:
        self.section = section
        self.place = place
        self.layout = layout
        self.links = links
        self.lists = lists
        self.ends = ends
        self.pieces: list[Piece] = []
        self.numbers = count(1)
        self.keys: dict[int, int] = {}

    def write(self, blocks: Sequence[Block]) -> list[Piece]:
        flow = Flow(blocks, self.ends)
        starts = flow.list_starts()
        after_table = False
        for index, block in enumerate(blocks):
            for key, level in starts.get(index, ()):
                self._start_list(key, self.layout.ordered[level])
            if isinstance(block, RawTag):
                self.pieces.append(statement(block, self.place))
            elif isinstance(block, Leaf):
                self._leaf(block, after_table=after_table)
                after_table = False
            else:
                self._table(block)
                after_table = True
                if flow.meets_table(index):
                    # Word makes one table of two that touch.
                    put(self.pieces, _BETWEEN_TABLES)
        return self.pieces

    def _start_list(self, key: int, style: Style) -> None:
        if style.number is not None:
            self.keys[key] = next(self.lists)
            self.pieces.append(NewList(self.keys[key], style.number))

    def _leaf(self, leaf: Leaf, *, after_table: bool) -> None:
        style = _style(self.layout, leaf.kind, leaf.level)
        new_list = self.keys.get(leaf.lists[-1], 0) if leaf.kind == "ordered" else 0
        keep = "<w:keepNext/>" if leaf.leads or leaf.kind == "caption" else ""
        own = min(leaf.level, len(getattr(self.layout, leaf.kind)) - 1) + 1 if leaf.depth else 0
        number = LIST_HERE if new_list else level_of(leaf.kind, style, leaf.level + 1 - own)
        properties = f'<w:pStyle w:val="{style.style}"/>{keep}{number}'
        if after_table and leaf.kind != "subheadings":
            properties += _AFTER_TABLE
        properties += indent_of(self.layout, style, own, leaf.depth)
        captions = leaf.kind == "caption"
        spans = _without(leaf.spans, CAPTION) if captions else leaf.spans
        nodes = settle(spans, self.ends)
        # What may be empty, or may end with the blank of a loop's last round, is written before it
        # is put into its paragraph. What stands between parts that may all be missing is left over
        # too, where they are.
        optional = is_optional(spans)
        trims = _ends_blank(nodes) or (
            optional and any(isinstance(node, Control) for node in nodes) and len(nodes) > 1
        )
        optional = optional or trims
        settings = list(
            takewhile(
                lambda node: isinstance(node, Span) and node.kind is SpanKind.STATEMENT, nodes
            )
        )
        # A variable that is set at the start of a paragraph is there for those after it, even when
        # this one is dropped.
        self.pieces += [
            statement(node.tag, self.place)
            for node in settings
            if isinstance(node, Span) and node.tag is not None
        ]
        self._paragraph(
            nodes[len(settings) :],
            style,
            properties,
            leaf.where,
            optional,
            new_list,
            trims,
            introduces=leaf.kind not in ("subheadings", "caption"),
            captions=captions,
        )

    def _paragraph(
        self,
        nodes: Sequence[Node],
        style: Style,
        properties: str,
        where: Location,
        optional: bool,
        new_list: int,
        trims: bool,
        *,
        introduces: bool,
        captions: bool = False,
    ) -> None:
        open_xml = f"<w:p><w:pPr>{properties}</w:pPr>"
        name = bookmark(self.section, next(self.numbers))
        paragraph = Paragraph(open_xml, where, name, style.number, optional, new_list, trims)
        runs = Runs(self.layout, self.links, self.place, introduces=introduces)
        runs.write(nodes)
        runs.close()
        number: list[Piece] = [Caption(self.layout.table_word)] if captions else []
        self.pieces += [Begin(paragraph), *number, *runs.pieces, End(paragraph)]

    def _table(self, table: MarkdownTable) -> None:
        widths = column_widths(table, self.layout.width)
        grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
        put(self.pieces, f"<w:tbl>{self.layout.table_properties}<w:tblGrid>{grid}</w:tblGrid>")
        self._row(table.header, table.alignments, widths, header=True)
        for each in table.body:
            if isinstance(each, Row):
                self._row(each, table.alignments, widths, header=False)
            else:
                self.pieces.append(statement(each, self.place))
        put(self.pieces, "</w:tbl>")

    def _row(
        self, row: Row, alignments: Sequence[str], widths: Sequence[int], *, header: bool
    ) -> None:
        style = self.layout.cell_heading if header else self.layout.cell
        shading = self.layout.header_cell_properties if header else ""
        put(
            self.pieces,
            f"<w:tr><w:trPr><w:cantSplit/>{'<w:tblHeader/>' if header else ''}</w:trPr>",
        )
        for spans, alignment, width in zip(row.cells, alignments, widths, strict=True):
            put(self.pieces, f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{shading}')
            rating = None if header else _rating(spans)
            if rating is not None:
                self.pieces.append(Expression(rating.body, self.place(rating.start), Context.TINT))
            put(self.pieces, "</w:tcPr>")
            properties = f'<w:pStyle w:val="{style.style}"/>{_JUSTIFY[alignment]}'
            nodes = settle(spans, self.ends)
            self._paragraph(
                nodes, style, properties, row.where, False, 0, False, introduces=not header
            )
            put(self.pieces, "</w:tc>")
        put(self.pieces, "</w:tr>")


def _without(spans: Sequence[Span], start: str) -> list[Span]:
    """The spans of a caption, with a colon in place of what marks it as one."""
    return [
        replace(spans[0], text=f": {spans[0].text.removeprefix(start.strip()).lstrip()}"),
        *spans[1:],
    ]


def _rating(spans: Sequence[Span]) -> RawTag | None:
    """The tag of a cell that holds a rating and nothing else: `{{ action.rating|rag }}`."""
    written = [span for span in spans if span.kind is not SpanKind.TEXT or span.text.strip()]
    tag = written[0].tag if len(written) == 1 else None
    return tag if tag is not None and _RAG.search(tag.body) else None


def _ends_blank(nodes: Sequence[Node], in_loop: bool = False) -> bool:
    """Whether the nodes can end with a blank: that between the rounds of a loop is left over after
    the last one.
    """
    for last in reversed(nodes):
        if isinstance(last, Span):
            return in_loop and last.kind is SpanKind.TEXT and last.text.endswith(" ")
        loop = in_loop or keyword_of(last.branches[0].tag) == "for"
        if any(_ends_blank(branch.nodes, loop) for branch in last.branches):
            return True
        if any(keyword_of(branch.tag) == "else" for branch in last.branches):
            return False
    return False


def _style(layout: Layout, kind: str, level: int) -> Style:
    if kind == "paragraph":
        return layout.paragraph
    if kind == "caption":
        return layout.caption
    styles: tuple[Style, ...] = getattr(layout, kind)
    return styles[min(level, len(styles) - 1)]


def bookmark(section: str, number: int) -> str:
    """The stem of a paragraph's bookmark: its section and its number in it, at most 30 of
    `[A-Za-z0-9_]`, no two alike.
    """
    name = re.sub("[^A-Za-z0-9]", "_", section)
    room = _LONGEST_BOOKMARK - 1 - len(str(number))
    if len(name) > room or name.replace("_", "-") != section:
        name = f"{name[: room - 9]}_{zlib.crc32(section.encode(errors='surrogatepass')):08x}"
    return f"{name}_{number}"


def column_widths(table: MarkdownTable, width: int) -> list[int]:
    """`width` divided among the columns in proportion to the longest text in each, within
    reason.
    """
    rows = [table.header, *(each for each in table.body if isinstance(each, Row))]
    shares = [
        max(_NARROWEST, *(min(_length(row.cells[column]), _WIDEST) for row in rows))
        for column in range(len(table.alignments))
    ]
    edges = [width * sum(shares[:index]) // sum(shares) for index in range(len(shares) + 1)]
    return [right - left for left, right in pairwise(edges)]


def _length(spans: Sequence[Span]) -> int:
    """How long a cell's text will be: of the branches of controls, which stand in for each other,
    the longest.
    """
    lengths = [0]
    for span in spans:
        if span.kind is SpanKind.STATEMENT:
            lengths.append(0)
        else:
            lengths[-1] += (
                _expected(span)
                if span.kind is SpanKind.EXPRESSION
                else len(span.text) * (span.kind is SpanKind.TEXT)
            )
    return max(lengths)


def _expected(span: Span) -> int:
    """How long an expression's value will be, as far as its own texts or the name of its field
    tell.
    """
    body = span.tag.body if span.tag is not None else ""
    own = [len(found[1]) for found in _QUOTED.finditer(body.partition("|")[0])]
    if own and " if " in body:
        return max(own)
    return _FIELD_WIDTHS.get(body.partition("|")[0].strip().rpartition(".")[2], _EXPRESSION_WIDTH)
