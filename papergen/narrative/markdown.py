"""Markdown to the blocks of a section. Whatever has no place in a paper is a fault."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count, pairwise
from typing import Final

from markdown_it.token import Token

from papergen.engine.tags import RawTag
from papergen.errors import Location, Problem
from papergen.narrative import unsupported
from papergen.narrative.blocks import CAPTION, Block, Leaf, MarkdownTable, Row
from papergen.narrative.controls import Container, Controls
from papergen.narrative.inline import Content, Inline, parser
from papergen.narrative.source import MARK, Line, MarkedSource, SourceLines, is_table_rule
from papergen.narrative.spans import Span, is_label

_DEEPEST_LIST: Final = 8


def read_blocks(
    prepared: MarkedSource,
    lines: SourceLines,
    controls: Controls,
    problems: list[Problem],
    *,
    deepest_ordered: int,
) -> list[Block]:
    """The blocks of a section in order, with the statements between them.

    Faults are added to `problems`. `deepest_ordered`: how deep the brand's styles let ordered lists
    nest.
    """
    reader = _MarkdownReader(
        prepared=prepared,
        lines=lines,
        controls=controls,
        problems=problems,
        deepest_ordered=deepest_ordered,
    )
    return reader.read()


@dataclass(slots=True, eq=False)
class _List:
    """A list that is open."""

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
        """The statements on lines of their own that are still to come, the next one last."""
        self.controls = controls
        self.problems = problems
        self.deepest_ordered = deepest_ordered
        self.blocks: list[Block] = []
        self.lists: list[_List] = []
        """The lists that are open, the innermost last."""
        self.list_keys = count(1)
        self.has_lead_in = False
        """Whether there is a numbered paragraph above, since the last subheading.

        The (a) of a list is then “4(a)”.
        """
        self.container_keys = count(1)
        self.section = Container("line of its own", 0)
        self.inline = Inline(prepared, controls, problems, self.container_keys)

    def read(self) -> list[Block]:
        text = "\n".join(line.text for line in self.lines)
        tokens: list[Token] = []
        parser().block.parse(text, parser(), {}, tokens)
        stream = iter(tokens)
        for token in stream:
            self._block(token, stream)
        self._statements_before(len(self.lines))
        self._mark_leads()
        return self.blocks

    def _block(self, token: Token, stream: Iterator[Token]) -> None:
        """Read the block that begins with `token`, its other tokens from `stream`."""
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
        """Add the statements that go before a line as blocks."""
        for tag in self._pop_statements(line):
            self.controls.add(tag, self.section)
            self.blocks.append(tag)

    def _pop_statements(self, line: int) -> Iterator[RawTag]:
        while self.pending and self.pending[-1][0] <= line:
            _, tag = self.pending.pop()
            yield tag

    def _mark_leads(self) -> None:
        """Mark the paragraphs that a list or table follows directly."""
        before: Leaf | None = None
        for block in self.blocks:
            if isinstance(block, RawTag):
                continue
            if isinstance(block, MarkdownTable):
                if before is not None:
                    before.leads = True
                before = None
                continue
            if before is not None:
                before.leads = block.begins_list and block.depth > before.depth
            before = block

    # -- paragraphs and lists

    def _open_list(self, token: Token) -> None:
        opened = _List(
            ordered=token.type == "ordered_list_open",
            key=next(self.list_keys),
        )
        if self.lists:
            self.lists[-1].item_has_child = True
        self.lists.append(opened)
        where = self._line_place(_first_line(token))
        if len(self.lists) == _DEEPEST_LIST + 1:
            message = f"lists are nested more than {_DEEPEST_LIST} deep"
            self._unsupported((message, "Use fewer levels."), where)
        if not opened.ordered:
            return
        start = token.attrGet("start")
        if start is not None:
            self._typed_number(f"{start}{token.markup}", "text", where)
        elif len(self.lists) == 1 and not self.has_lead_in:
            hint = unsupported.ORPHAN_HINT.format(f"1{token.markup}")
            problem = Problem("typed-number", unsupported.ORPHAN_LIST, where, hint)
            self.problems.append(problem)
        if self._ordered_depth() == self.deepest_ordered + 1:
            message = f"numbered lists are nested more than {self.deepest_ordered} deep"
            hint = "Use bullets (-) for the innermost list, or fewer levels."
            self._unsupported((message, hint), where)

    def _ordered_depth(self) -> int:
        return sum(each.ordered for each in self.lists)

    def _paragraph(self, inline: Token) -> None:
        content = self._content(inline)
        self._check_paragraph(content)
        if not self.lists:
            kind = "paragraph"
            if content.text.startswith(CAPTION):
                kind = "caption"
            self._leaf(
                kind=kind,
                level=0,
                name=kind,
                inline=inline,
                content=content,
            )
            if kind == "paragraph":
                self.has_lead_in = True
            return
        innermost = self.lists[-1]
        depth = len(self.lists)
        if innermost.item_has_child:
            kind = "continuation"
        elif innermost.ordered:
            kind = "ordered"
            depth = self._ordered_depth()
        else:
            kind = "bullets"
        self._leaf(
            kind=kind,
            level=depth - 1,
            name="list item",
            inline=inline,
            content=content,
        )
        innermost.item_has_child = True

    def _leaf(
        self,
        kind: str,
        level: int,
        name: str,
        inline: Token,
        content: Content,
    ) -> None:
        self._statements_before(_first_line(inline))
        begins_list = bool(self.lists) and not self.lists[-1].has_leaf
        for each in self.lists:
            each.has_leaf = True
        leaf = Leaf(
            kind=kind,
            level=level,
            where=self.inline.where(content, 0),
            spans=self.inline.read(content, name),
            lists=tuple(each.key for each in self.lists if each.ordered),
            depth=len(self.lists),
            begins_list=begins_list,
        )
        self.blocks.append(leaf)

    def _check_paragraph(self, content: Content) -> None:
        """Report what looks like a number, a bullet, a table or a heading and is none."""
        start = self._after_labels(content.text)
        number = unsupported.typed_number(content.text, start)
        if number:
            where = self.inline.where(content, start)
            self._typed_number(number, "text", where)
        at = 0
        for line in content.text.split("\n"):
            words = _fault_of_line(line)
            if words is not None:
                where = self.inline.where(content, at)
                self._unsupported(words, where)
            at += len(line) + 1

    def _after_labels(self, text: str) -> int:
        """Where the text of a paragraph starts, after labels, which print nothing."""
        at = 0
        while True:
            mark = MARK.match(text, at)
            if mark is None or not is_label(self.prepared.tag(mark[0])):
                return at
            at = _skip(text, mark.end(), " ")

    def _heading(self, token: Token, inline: Token) -> None:
        content = self._content(inline)
        first, end = _lines_of(token)
        if token.markup in ("=", "-"):
            self._unsupported(unsupported.SETEXT, self._line_place(end - 1))
        elif token.tag not in ("h2", "h3"):
            hint = (
                "Use ## for a subheading and ### for one below it; the section’s own heading is "
                "its “heading” field."
            )
            message = f"“{token.markup}” is not a subheading of a paper"
            self._unsupported((message, hint), self._line_place(first))
        elif self.lists:
            message = "a subheading stands inside a list"
            hint = "Put it at the start of its line, with a blank line before it."
            self._unsupported((message, hint), self._line_place(first))
        number = unsupported.typed_number(content.text, 0, heading=True)
        if number:
            where = self.inline.where(content, 0)
            self._typed_number(number, "subheading", where)
        self.has_lead_in = False
        level = 0
        if token.tag == "h3":
            level = 1
        self._leaf(
            kind="subheadings",
            level=level,
            name="subheading",
            inline=inline,
            content=content,
        )

    # -- tables

    def _table(self, token: Token, stream: Iterator[Token]) -> None:
        first, last = _lines_of(token)
        if self.lists:
            message = "a table stands inside a list"
            hint = "Put it after the list, at the start of the line, with a blank line before it."
            self._unsupported((message, hint), self._line_place(first))
        self._statements_before(first)
        container = Container("table row", next(self.container_keys))
        table: MarkdownTable | None = None
        for each in stream:
            if each.type == "table_close":
                break
            if each.type != "tr_open":
                continue
            line = _first_line(each)
            if table is None:
                alignments, header = self._row(line, stream, None)
                table = MarkdownTable(header, alignments)
                continue
            self._statements_in(table, container, line)
            _, row = self._row(line, stream, len(table.alignments))
            table.body.append(row)
        assert table is not None
        self._statements_after(table, container, last)
        self.blocks.append(table)

    def _statements_in(
        self,
        table: MarkdownTable,
        container: Container,
        line: int,
    ) -> None:
        """Add the statements that go before a line to the table."""
        for tag in self._pop_statements(line):
            self.controls.add(tag, container)
            table.body.append(tag)

    def _statements_after(
        self,
        table: MarkdownTable,
        container: Container,
        line: int,
    ) -> None:
        """Add the statements that follow the last row.

        These are all, as long as a control that began among the rows is open.
        """
        for following in self.lines[line:]:
            if following.text.strip():
                break
            line += 1
        while self.pending and self.controls.is_open_in(container):
            next_line, _ = self.pending[-1]
            if next_line > line:
                break
            self._statements_in(table, container, next_line)

    def _row(
        self,
        line: int,
        stream: Iterator[Token],
        columns: int | None,
    ) -> tuple[list[str], Row]:
        """The alignments and the cells of a row, of which the table has `columns`, if known."""
        starts = _cell_starts(self.lines[line])
        alignments: list[str] = []
        cells: list[list[Span]] = []
        for token in stream:
            if token.type == "tr_close":
                break
            if token.type in ("th_open", "td_open"):
                style = str(token.attrGet("style") or "")
                alignments.append(style.removeprefix("text-align:"))
            elif token.type == "inline":
                start = self.lines[line].start
                if len(cells) < len(starts):
                    start = starts[len(cells)]
                content = Content(token.content, ((0, start),))
                cells.append(self.inline.read(content, "table cell"))
        if columns is not None and len(starts) > columns:
            message = f"a row has {len(starts)} cells, its table {columns} columns"
            hint = (
                "Give each row as many cells as the header row; write a vertical bar within a cell "
                "as \\|."
            )
            where = self.prepared.where(starts[columns])
            self._unsupported((message, hint), where)
        where = self._line_place(line)
        return alignments, Row(cells, where)

    # -- what has no place in a paper

    def _unsupported_block(self, token: Token) -> None:
        line = _first_line(token)
        self._statements_before(line)
        words = unsupported.BLOCKS[token.type]
        self._unsupported(words, self._line_place(line))
        container = Container("block", next(self.container_keys))
        self.inline.statements_in(token.content, container)

    def _unsupported(self, words: unsupported.Words, where: Location) -> None:
        message, hint = words
        problem = Problem("markdown-unsupported", message, where, hint)
        self.problems.append(problem)

    def _typed_number(self, number: str, kind: str, where: Location) -> None:
        message = f"the {kind} starts with the typed number “{number}”"
        problem = Problem("typed-number", message, where, unsupported.HINT)
        self.problems.append(problem)

    # -- places

    def _content(self, inline: Token) -> Content:
        """A paragraph's text.

        Each of its lines is the end of a line of the source, without the signs and blanks before
        it.
        """
        starts = []
        at = 0
        last = len(self.lines) - 1
        for number, text in enumerate(inline.content.split("\n"), _first_line(inline)):
            line = self.lines[min(number, last)]
            shown = text.rstrip()
            column = 0
            if shown.strip():
                column = max(line.text.rfind(shown), 0)
            starts.append((at, line.start + column))
            at += len(text) + 1
        return Content(inline.content, tuple(starts))

    def _line_place(self, number: int) -> Location:
        """The place of the first letter of a line."""
        line = self.lines[number]
        first_letter = _skip(line.text, 0, " \t")
        return self.prepared.where(line.start + first_letter)


def _lines_of(token: Token) -> tuple[int, int]:
    """The first line of a block, and the one after it."""
    assert token.map is not None, f"{token.type} has no lines"
    first, end = token.map
    return first, end


def _first_line(token: Token) -> int:
    first, _ = _lines_of(token)
    return first


def _fault_of_line(line: str) -> unsupported.Words | None:
    """What is wrong with a line of a paragraph, by how it looks; None for nothing."""
    if is_table_rule(line):
        return unsupported.TABLE_RULE
    ends_with_bar = line.rstrip().endswith("|")
    if len(line) > 1 and line.startswith("|") and ends_with_bar:
        return unsupported.LONE_ROW
    if line and not line.strip("= "):
        return unsupported.SETEXT
    if unsupported.DEFINITION.match(line):
        return unsupported.REFERENCE
    if unsupported.BULLET.match(line):
        return unsupported.TYPED_BULLET
    return None


def _cell_starts(line: Line) -> list[int]:
    """Where the text of each cell of a row starts, in the marked source.

    A bar after a backslash divides nothing.
    """
    text = line.text
    bars = [found.start() for found in _BAR.finditer(text)]
    cells = list(pairwise([-1, *bars, len(text)]))
    _, first_bar = cells[0]
    if not text[:first_bar].strip():
        del cells[0]
    if cells:
        last_bar, _ = cells[-1]
        if not text[last_bar + 1 :].strip():
            del cells[-1]
    starts = []
    for bar, end in cells:
        letter = _first_letter(text, bar + 1, end)
        starts.append(line.start + letter)
    return starts


_BAR: Final = re.compile(r"(?<!\\)\|")


def _first_letter(text: str, start: int, end: int) -> int:
    """The first character of `text[start:end]` that is no white space; `start` if there is none."""
    stripped = text[start:end].lstrip()
    if not stripped:
        return start
    return end - len(stripped)


def _skip(text: str, start: int, characters: str) -> int:
    """The index of the first character from `start` on that is none of these."""
    rest = text[start:]
    return len(text) - len(rest.lstrip(characters))
