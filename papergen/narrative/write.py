"""The blocks of a section as pieces: paragraphs, tables, and the starts of lists."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import accumulate, count, pairwise
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
from papergen.narrative.blocks import CAPTION, Block, Leaf, MarkdownTable, Row
from papergen.narrative.controls import keyword_of
from papergen.narrative.flow import Flow
from papergen.narrative.layout import Layout, ParagraphStyle, indent_of, level_of
from papergen.narrative.runs import Runs, put, statement
from papergen.narrative.source import Place
from papergen.narrative.spans import Control, Node, Span, SpanKind, is_optional
from papergen.narrative.typography import settle

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
_AFTER_TABLE: Final = '<w:spacing w:before="160"/>'
"""The space above a paragraph that follows a table, which has none of its own below it."""
_RAG: Final = re.compile(r"\|\s*rag\s*$")
_QUOTED: Final = re.compile("'([^']*)'")
# Widths of columns are in characters.
_NARROWEST: Final = 8
_WIDEST: Final = 48
_EXPRESSION_WIDTH: Final = 14
_FIELD_WIDTHS: Final = {
    **dict.fromkeys(("ref", "number", "index"), 5),
    **dict.fromkeys(("due", "latest_due", "date"), 20),
    **dict.fromkeys(("owner", "by", "lead", "oversight", "responsible", "body"), 20),
    "rating": 14,  # “confirmed:” of a gap fits as well
    **dict.fromkeys(("text", "what", "title", "area"), 30),
}
"""Numbers are short, dates (“30 September 2012”) must not wrap, texts are long."""


class PieceWriter:
    """Writes the blocks of one section.

    `ends`: the closer of each control, by the offset of its opener.
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
        """The numbers of the section's paragraphs, for their bookmarks."""
        self.keys: dict[int, int] = {}
        """The program's keys of the lists that have started, by the section's own."""

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

    def _start_list(self, key: int, style: ParagraphStyle) -> None:
        if style.number is None:
            return
        program_key = next(self.lists)
        self.keys[key] = program_key
        self.pieces.append(NewList(program_key, style.number))

    # -- paragraphs

    def _leaf(self, leaf: Leaf, *, after_table: bool) -> None:
        styles = self.layout.styles_of(leaf.kind)
        deepest = len(styles) - 1
        style = styles[min(leaf.level, deepest)]
        new_list = 0
        if leaf.kind == "ordered":
            new_list = self.keys.get(leaf.lists[-1], 0)
        properties = self._paragraph_properties(leaf, style, bool(new_list), after_table)
        is_caption = leaf.kind == "caption"
        spans = leaf.spans
        if is_caption:
            spans = _numbered_caption(spans)
        nodes = settle(spans, self.ends)
        # What may be empty, or may end with the blank of a loop's last round, is written before it
        # is put into its paragraph. The text between parts that may all be missing is left over
        # too, where they are.
        is_empty_without_controls = is_optional(spans)
        leaves_text = is_empty_without_controls and _has_text_about_control(nodes)
        trims = leaves_text or _ends_blank(nodes)
        settings = _leading_statements(nodes)
        # A variable that is set at the start of a paragraph is there for those after it, even when
        # this one is dropped.
        for tag in settings:
            self.pieces.append(statement(tag, self.place))
        paragraph = Paragraph(
            open_xml=_opening(properties),
            where=leaf.where,
            bookmark=self._next_bookmark(),
            number=style.number,
            optional=is_empty_without_controls or trims,
            new_list=new_list,
            trims=trims,
        )
        self._paragraph(
            paragraph,
            nodes[len(settings) :],
            introduces=leaf.kind not in ("subheadings", "caption"),
            is_caption=is_caption,
        )

    def _paragraph_properties(
        self,
        leaf: Leaf,
        style: ParagraphStyle,
        starts_list: bool,
        after_table: bool,
    ) -> str:
        """The children of a paragraph's `<w:pPr>`, in the order that the schema asks for."""
        styled_depth = 0
        if leaf.depth:
            styles = self.layout.styles_of(leaf.kind)
            styled_depth = min(leaf.level + 1, len(styles))
        properties = f'<w:pStyle w:val="{style.style}"/>'
        if leaf.leads or leaf.kind == "caption":
            properties += "<w:keepNext/>"
        if starts_list:
            properties += LIST_HERE
        else:
            beyond = leaf.level + 1 - styled_depth
            properties += level_of(leaf.kind, style, beyond)
        if after_table and leaf.kind != "subheadings":
            properties += _AFTER_TABLE
        return properties + indent_of(self.layout, style, styled_depth, leaf.depth)

    def _next_bookmark(self) -> str:
        number = next(self.numbers)
        return bookmark(self.section, number)

    def _paragraph(
        self,
        paragraph: Paragraph,
        nodes: Sequence[Node],
        *,
        introduces: bool,
        is_caption: bool = False,
    ) -> None:
        runs = Runs(self.layout, self.links, self.place, introduces=introduces)
        runs.write(nodes)
        runs.close()
        self.pieces.append(Begin(paragraph))
        if is_caption:
            self.pieces.append(Caption(self.layout.table_word))
        self.pieces += runs.pieces
        self.pieces.append(End(paragraph))

    # -- tables

    def _table(self, table: MarkdownTable) -> None:
        widths = column_widths(table, self.layout.width)
        columns = [f'<w:gridCol w:w="{width}"/>' for width in widths]
        grid = "".join(columns)
        properties = self.layout.table_properties
        put(self.pieces, f"<w:tbl>{properties}<w:tblGrid>{grid}</w:tblGrid>")
        self._row(table.header, table.alignments, widths, is_header=True)
        for each in table.body:
            if isinstance(each, Row):
                self._row(each, table.alignments, widths, is_header=False)
            else:
                self.pieces.append(statement(each, self.place))
        put(self.pieces, "</w:tbl>")

    def _row(
        self,
        row: Row,
        alignments: Sequence[str],
        widths: Sequence[int],
        *,
        is_header: bool,
    ) -> None:
        style = self.layout.cell
        repeated = ""
        if is_header:
            style = self.layout.cell_heading
            repeated = "<w:tblHeader/>"
        put(self.pieces, f"<w:tr><w:trPr><w:cantSplit/>{repeated}</w:trPr>")
        cells = zip(row.cells, alignments, widths, strict=True)
        for spans, alignment, width in cells:
            self._start_cell(spans, width, is_header)
            properties = f'<w:pStyle w:val="{style.style}"/>{_JUSTIFY[alignment]}'
            paragraph = Paragraph(
                open_xml=_opening(properties),
                where=row.where,
                bookmark=self._next_bookmark(),
                number=style.number,
            )
            nodes = settle(spans, self.ends)
            self._paragraph(paragraph, nodes, introduces=not is_header)
            put(self.pieces, "</w:tc>")
        put(self.pieces, "</w:tr>")

    def _start_cell(
        self,
        spans: Sequence[Span],
        width: int,
        is_header: bool,
    ) -> None:
        put(self.pieces, f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>')
        rating = _rating(spans)
        if is_header:
            put(self.pieces, self.layout.header_cell_properties)
        elif rating is not None:
            where = self.place(rating.start)
            self.pieces.append(Expression(rating.body, where, Context.TINT))
        put(self.pieces, "</w:tcPr>")


def _opening(properties: str) -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>"


def _numbered_caption(spans: Sequence[Span]) -> list[Span]:
    """The spans of a caption, with a colon in place of the word that marks it as one.

    The number goes before it.
    """
    first, *others = spans
    unmarked = first.text.removeprefix(CAPTION.strip())
    start = replace(first, text=f": {unmarked.lstrip()}")
    return [start, *others]


def _rating(spans: Sequence[Span]) -> RawTag | None:
    """The tag of a cell that holds a rating and nothing else: `{{ action.rating|rag }}`."""
    printed = [span for span in spans if not span.is_text or span.text.strip()]
    if len(printed) != 1:
        return None
    tag = printed[0].tag
    if tag is None or not _RAG.search(tag.body):
        return None
    return tag


def _leading_statements(nodes: Sequence[Node]) -> list[RawTag]:
    """The tags of the statements that a paragraph begins with."""
    tags = []
    for node in nodes:
        if not isinstance(node, Span) or node.tag is None:
            break
        if node.kind is not SpanKind.STATEMENT:
            break
        tags.append(node.tag)
    return tags


def _has_text_about_control(nodes: Sequence[Node]) -> bool:
    return len(nodes) > 1 and any(isinstance(node, Control) for node in nodes)


def _ends_blank(nodes: Sequence[Node], in_loop: bool = False) -> bool:
    """Whether the nodes can end with a blank.

    The blank between the rounds of a loop is left over after the last one.
    """
    for last in reversed(nodes):
        if isinstance(last, Span):
            return in_loop and last.is_text and last.text.endswith(" ")
        keywords = [keyword_of(branch.tag) for branch in last.branches]
        loops = in_loop or keywords[0] == "for"
        if any(_ends_blank(branch.nodes, loops) for branch in last.branches):
            return True
        if "else" in keywords:
            return False
    return False


def bookmark(section: str, number: int) -> str:
    """The stem of a paragraph's bookmark, made of its section and its number in it.

    It is at most 30 of `[A-Za-z0-9_]`; no two are alike.
    """
    name = re.sub("[^A-Za-z0-9]", "_", section)
    room = _LONGEST_BOOKMARK - 1 - len(str(number))
    is_reversible = name.replace("_", "-") == section
    if len(name) > room or not is_reversible:
        checksum = zlib.crc32(section.encode(errors="surrogatepass"))
        shortened = name[: room - 9]
        name = f"{shortened}_{checksum:08x}"
    return f"{name}_{number}"


# -- widths of columns


def column_widths(table: MarkdownTable, width: int) -> list[int]:
    """`width` divided among the columns by the longest text in each, within limits."""
    rows = [table.header]
    rows += [each for each in table.body if isinstance(each, Row)]
    shares = []
    for column in range(len(table.alignments)):
        lengths = [_length(row.cells[column]) for row in rows]
        longest = min(max(lengths), _WIDEST)
        shares.append(max(longest, _NARROWEST))
    total = sum(shares)
    sums = accumulate(shares, initial=0)
    edges = [width * before // total for before in sums]
    return [right - left for left, right in pairwise(edges)]


def _length(spans: Sequence[Span]) -> int:
    """How long a cell's text will be: of the branches of a control, the longest counts."""
    longest = 0
    length = 0
    for span in spans:
        if span.kind is SpanKind.STATEMENT:
            length = 0
        elif span.kind is SpanKind.EXPRESSION:
            length += _expected(span)
        elif span.is_text:
            length += len(span.text)
        longest = max(longest, length)
    return longest


def _expected(span: Span) -> int:
    """How long an expression's value will be, by its own texts or the name of its field."""
    body = ""
    if span.tag is not None:
        body = span.tag.body
    value, _, _ = body.partition("|")
    own_texts = _QUOTED.findall(value)
    if own_texts and " if " in body:
        return max(len(text) for text in own_texts)
    _, _, field = value.strip().rpartition(".")
    return _FIELD_WIDTHS.get(field, _EXPRESSION_WIDTH)
