"""Markdown to the blocks of a section: markdown-it reads it, and whatever has no place in a paper
is a located fault.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count, pairwise
from typing import Final

from markdown_it.token import Token

from papergen.engine.tags import RawTag
from papergen.errors import Location, Problem
from papergen.narrative import typed_numbers, unsupported
from papergen.narrative.controls import Container, Controls
from papergen.narrative.inline import Content, Inline, parser
from papergen.narrative.source import MARK, Line, MarkedSource, SourceLines, is_table_rule
from papergen.narrative.spans import Span, is_label

_DEEPEST_LIST: Final = 8


@dataclass(slots=True, eq=False)
class Leaf:
    """A paragraph of a section.

    `kind` is the name of a field of `Layout`: `paragraph`, `subheadings`, `bullets`, `ordered` or
    `continuation`; `level` is the nesting within it, from 0. `lists` are the keys of the ordered
    lists it stands in, the innermost last; `depth` counts the bulleted ones too. `begins_list`: it
    is the first paragraph of a list. `leads`: a list or table follows it directly.
    """

    kind: str
    level: int
    where: Location
    spans: list[Span]
    lists: tuple[int, ...] = ()
    depth: int = 0
    begins_list: bool = False
    leads: bool = False


@dataclass(slots=True, eq=False)
class Row:
    """A row of a table: the spans of each cell."""

    cells: list[list[Span]]
    where: Location


@dataclass(slots=True, eq=False)
class MarkdownTable:
    """`body` holds rows and the statements between them; `alignments` are `left`, `center`, `right`
    or empty.
    """

    header: Row
    alignments: list[str]
    body: list[Row | RawTag] = field(default_factory=list)


CAPTION = "Table: "
"""What a paragraph begins with that is the caption of the table after it."""

Block = Leaf | MarkdownTable | RawTag


def read_blocks(
    prepared: MarkedSource,
    lines: SourceLines,
    controls: Controls,
    problems: list[Problem],
    *,
    deepest_ordered: int,
) -> list[Block]:
    """The blocks of a section in order, with the statements that stand between them. Faults are
    added to `problems`.
    """
    return _MarkdownReader(prepared, lines, controls, problems, deepest_ordered).read()


@dataclass(slots=True, eq=False)
class _List:
    ordered: bool
    key: int
    has_leaf: bool = False
    item_has_child: bool = False


class _MarkdownReader:
    def __init__(
        self,
        prepared: MarkedSource,
        lines: SourceLines,
        controls: Controls,
        problems: list[Problem],
        deepest_ordered: int,
    ) -> None:
        self.prepared = prepared
        self.lines = lines.lines
        self.pending = list(reversed(lines.statements))
        self.controls = controls
        self.problems = problems
        self.deepest_ordered = deepest_ordered
        self.blocks: list[Block] = []
        self.lists: list[_List] = []
        self.list_keys = count(1)
        self.leads = False
        """Whether a numbered paragraph stands above, since the last subheading: the (a) of a list
        is then “4(a)”.
        """
        self.container_keys = count(1)
        self.section = Container("line of its own", 0)
        self.inline = Inline(prepared, controls, problems, self.container_keys)

    def read(self) -> list[Block]:
        tokens: list[Token] = []
        parser().block.parse("\n".join(line.text for line in self.lines), parser(), {}, tokens)
        stream = iter(tokens)
        for token in stream:
            self._block(token, stream)
        self._statements_before(len(self.lines))
        self._mark_leads()
        return self.blocks

    def _block(self, token: Token, stream: Iterator[Token]) -> None:
        kind = token.type
        if kind in ("bullet_list_open", "ordered_list_open"):
            self._open_list(token)
        elif kind in ("bullet_list_close", "ordered_list_close"):
            self.lists.pop()
        elif kind == "list_item_open":
            self.lists[-1].item_has_child = False
        elif kind == "paragraph_open":
            self._paragraph(next(stream))
        elif kind == "heading_open":
            self._heading(token, next(stream))
        elif kind == "table_open":
            self._table(token, stream)
        elif kind in unsupported.BLOCKS:
            self._unsupported_block(token)

    def _statements_before(self, line: int) -> None:
        while self.pending and self.pending[-1][0] <= line:
            tag = self.pending.pop()[1]
            self.controls.add(tag, self.section)
            self.blocks.append(tag)

    # -- paragraphs and lists

    def _open_list(self, token: Token) -> None:
        where = self._line_place(_map(token)[0])
        if self.lists:
            self.lists[-1].item_has_child = True
        self.lists.append(_List(token.type == "ordered_list_open", next(self.list_keys)))
        if len(self.lists) == _DEEPEST_LIST + 1:
            self._unsupported(
                (f"lists are nested more than {_DEEPEST_LIST} deep", "Use fewer levels."), where
            )
        start = token.attrGet("start")
        if start is not None:
            self._typed_number(f"{start}{token.markup}", "text", where)
        elif self.lists[-1].ordered and len(self.lists) == 1 and not self.leads:
            self.problems.append(
                Problem(
                    "typed-number",
                    typed_numbers.ORPHAN_LIST,
                    where,
                    typed_numbers.ORPHAN_HINT.format(f"1{token.markup}"),
                )
            )
        if (
            self.lists[-1].ordered
            and sum(each.ordered for each in self.lists) == self.deepest_ordered + 1
        ):
            message = f"numbered lists are nested more than {self.deepest_ordered} deep"
            self._unsupported(
                (message, "Use bullets (-) for the innermost list, or fewer levels."), where
            )

    def _paragraph(self, inline: Token) -> None:
        content = self._content(inline)
        self._check_paragraph(content)
        if not self.lists:
            kind = "caption" if content.text.startswith(CAPTION) else "paragraph"
            self._leaf(kind, 0, kind, inline, content)
            self.leads = self.leads or kind == "paragraph"
            return
        innermost = self.lists[-1]
        if innermost.item_has_child:
            self._leaf("continuation", len(self.lists) - 1, "list item", inline, content)
        elif innermost.ordered:
            self._leaf(
                "ordered",
                sum(each.ordered for each in self.lists) - 1,
                "list item",
                inline,
                content,
            )
        else:
            self._leaf("bullets", len(self.lists) - 1, "list item", inline, content)
        innermost.item_has_child = True

    def _leaf(self, kind: str, level: int, name: str, inline: Token, content: Content) -> None:
        self._statements_before(_map(inline)[0])
        begins = bool(self.lists) and not self.lists[-1].has_leaf
        for each in self.lists:
            each.has_leaf = True
        keys = tuple(each.key for each in self.lists if each.ordered)
        where = self.inline.where(content, 0)
        spans = self.inline.read(content, name)
        self.blocks.append(Leaf(kind, level, where, spans, keys, len(self.lists), begins))

    def _check_paragraph(self, content: Content) -> None:
        start = self._after_labels(content.text)
        if number := typed_numbers.typed_number(content.text, start):
            self._typed_number(number, "text", self.inline.where(content, start))
        at = 0
        for line in content.text.split("\n"):
            where = self.inline.where(content, at)
            if is_table_rule(line):
                self._unsupported(unsupported.TABLE_RULE, where)
            elif len(line) > 1 and line.startswith("|") and line.rstrip().endswith("|"):
                self._unsupported(unsupported.LONE_ROW, where)
            elif line and not line.strip("= "):
                self._unsupported(unsupported.SETEXT, where)
            elif unsupported.DEFINITION.match(line):
                self._unsupported(unsupported.REFERENCE, where)
            elif typed_numbers.BULLET.match(line):
                self._unsupported(unsupported.TYPED_BULLET, where)
            at += len(line) + 1

    def _after_labels(self, text: str) -> int:
        """Where the text of a paragraph starts, after labels, which print nothing."""
        at = 0
        while (mark := MARK.match(text, at)) and is_label(self.prepared.tag(mark[0])):
            at = mark.end() + len(text[mark.end() :]) - len(text[mark.end() :].lstrip(" "))
        return at

    def _heading(self, token: Token, inline: Token) -> None:
        content = self._content(inline)
        first, end = _map(token)
        if token.markup in ("=", "-"):
            self._unsupported(unsupported.SETEXT, self._line_place(end - 1))
        elif token.tag not in ("h2", "h3"):
            hint = (
                "Use ## for a subheading and ### for one below it; the section’s own heading is "
                "its “heading” field."
            )
            self._unsupported(
                (f"“{token.markup}” is not a subheading of a paper", hint), self._line_place(first)
            )
        elif self.lists:
            hint = "Put it at the start of its line, with a blank line before it."
            self._unsupported(("a subheading stands inside a list", hint), self._line_place(first))
        if number := typed_numbers.typed_number(content.text, 0, heading=True):
            self._typed_number(number, "subheading", self.inline.where(content, 0))
        self.leads = False
        self._leaf("subheadings", int(token.tag == "h3"), "subheading", inline, content)

    # -- tables

    def _table(self, token: Token, stream: Iterator[Token]) -> None:
        first, last = _map(token)
        if self.lists:
            hint = "Put it after the list, at the start of the line, with a blank line before it."
            self._unsupported(("a table stands inside a list", hint), self._line_place(first))
        self._statements_before(first)
        container = Container("table row", next(self.container_keys))
        table: MarkdownTable | None = None
        for each in stream:
            if each.type == "table_close":
                break
            if each.type != "tr_open":
                continue
            line = _map(each)[0]
            if table is not None:
                self._statements_in(table, container, line)
            alignments, row = self._row(line, stream, len(table.alignments) if table else None)
            if table is None:
                table = MarkdownTable(row, alignments)
            else:
                table.body.append(row)
        assert table is not None
        self._statements_after(table, container, last)
        self.blocks.append(table)

    def _statements_in(self, table: MarkdownTable, container: Container, line: int) -> None:
        while self.pending and self.pending[-1][0] <= line:
            tag = self.pending.pop()[1]
            self.controls.add(tag, container)
            table.body.append(tag)

    def _statements_after(self, table: MarkdownTable, container: Container, line: int) -> None:
        """Statements that follow the last row belong to the table as long as a control begun among
        its rows is open.
        """
        while line < len(self.lines) and not self.lines[line].text.strip():
            line += 1
        while self.pending and self.pending[-1][0] <= line and self.controls.is_open_in(container):
            self._statements_in(table, container, self.pending[-1][0])

    def _row(
        self, line: int, stream: Iterator[Token], columns: int | None
    ) -> tuple[list[str], Row]:
        starts = _cell_starts(self.lines[line])
        alignments: list[str] = []
        cells: list[list[Span]] = []
        for token in stream:
            if token.type == "tr_close":
                break
            if token.type in ("th_open", "td_open"):
                alignments.append(str(token.attrGet("style") or "").removeprefix("text-align:"))
            elif token.type == "inline":
                start = starts[len(cells)] if len(cells) < len(starts) else self.lines[line].start
                cells.append(self.inline.read(Content(token.content, ((0, start),)), "table cell"))
        if columns is not None and len(starts) > columns:
            self._unsupported(
                (
                    f"a row has {len(starts)} cells, its table {columns} columns",
                    (
                        "Give each row as many cells as the header row; write a vertical bar "
                        "within a cell as \\|."
                    ),
                ),
                self.prepared.where(starts[columns]),
            )
        return alignments, Row(cells, self._line_place(line))

    # -- what has no place in a paper

    def _unsupported_block(self, token: Token) -> None:
        line = _map(token)[0]
        self._statements_before(line)
        self._unsupported(unsupported.BLOCKS[token.type], self._line_place(line))
        self.inline.statements_in(token.content, Container("block", next(self.container_keys)))

    def _unsupported(self, words: unsupported.Words, where: Location) -> None:
        self.problems.append(Problem("markdown-unsupported", words[0], where, words[1]))

    def _typed_number(self, number: str, kind: str, where: Location) -> None:
        message = f"the {kind} starts with the typed number “{number}”"
        self.problems.append(Problem("typed-number", message, where, typed_numbers.HINT))

    # -- places

    def _content(self, inline: Token) -> Content:
        """A paragraph's text, of which each line is the end of a line of the source, its markers
        and blanks gone.
        """
        starts = []
        at = 0
        for index, text in enumerate(inline.content.split("\n")):
            line = self.lines[min(_map(inline)[0] + index, len(self.lines) - 1)]
            starts.append(
                (at, line.start + max(line.text.rfind(text.rstrip()) if text.strip() else 0, 0))
            )
            at += len(text) + 1
        return Content(inline.content, tuple(starts))

    def _line_place(self, line: int) -> Location:
        text = self.lines[line].text
        return self.prepared.where(self.lines[line].start + len(text) - len(text.lstrip(" \t")))

    def _mark_leads(self) -> None:
        before: Leaf | None = None
        for block in self.blocks:
            if isinstance(block, RawTag):
                continue
            if before is not None:
                before.leads = isinstance(block, MarkdownTable) or (
                    block.begins_list and block.depth > before.depth
                )
            before = block if isinstance(block, Leaf) else None


def _map(token: Token) -> list[int]:
    assert token.map is not None, f"{token.type} has no lines"
    return token.map


def _cell_starts(line: Line) -> list[int]:
    """Where the text of each cell of a row starts, in the marked source; a bar after a backslash
    divides nothing.
    """
    text = line.text
    bars = [at for at, char in enumerate(text) if char == "|" and text[at - 1 : at] != "\\"]
    edges = [-1, *bars, len(text)]
    cells = list(pairwise(edges))
    if not text[: cells[0][1]].strip():
        cells.pop(0)
    if cells and not text[cells[-1][0] + 1 :].strip():
        cells.pop()
    return [line.start + _first_letter(text, start + 1, end) for start, end in cells]


def _first_letter(text: str, start: int, end: int) -> int:
    return (
        start + len(text[start:end]) - len(text[start:end].lstrip())
        if text[start:end].strip()
        else start
    )
