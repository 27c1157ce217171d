"""One part of a Word paper, walked once from its first element to its last.

The walk collects what each paragraph, table and comment range contains; `papergen.word.reader`
makes values of it, when styles and lists are known.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from lxml import etree

from papergen.word.paper import CellPlace, ChangeKind, WordChange, WordField, WordLink
from papergen.word.tree import MC, Element, R, attribute_of, child_of, local_name, val_of, w

_MOST_OPEN = 100
"""Nested fields, and comment ranges open at one place, whose text is collected. A paper has a few;
without a bound a hostile one makes the work grow with the square of its size.
"""

_MARKS = {
    "tab": "\t",
    "ptab": "\t",
    "br": "\n",
    "cr": "\n",
    "noBreakHyphen": "-",
}
_CHANGES: Mapping[str, ChangeKind] = {
    "ins": "inserted",
    "moveTo": "inserted",
    "del": "deleted",
    "moveFrom": "deleted",
}
_OLDER_COPY = f"{{{MC}}}Fallback"
_LINK_ADDRESS = re.compile(r'HYPERLINK\s+(?:"([^"]*)"|([^\s"\\]\S*))')
_LINK_BOOKMARK = re.compile(r'\\l\s+"([^"]*)"')


@dataclass(slots=True, eq=False)
class OpenParagraph:
    """A paragraph as far as it has been walked."""

    element: Element
    index: int
    in_text_box: bool
    note: str
    cell: CellPlace | None = None
    text: list[str] = field(default_factory=list)
    bookmarks: list[str] = field(default_factory=list)
    comments: dict[str, None] = field(default_factory=dict)
    links: list[WordLink] = field(default_factory=list)
    fields: list[WordField] = field(default_factory=list)
    changes: list[WordChange] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class OpenCell:
    """A cell as far as it has been walked."""

    place: CellPlace
    column_span: int
    row_span: int = 1
    paragraphs: list[OpenParagraph] = field(default_factory=list)
    tables: list[OpenTable] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class OpenTable:
    """A table as far as it has been walked: for each row its header flag and the cells that begin
    in it. `above` has, for each grid column, the cell that a vertical merge would continue.
    """

    number: int
    rows: list[tuple[bool, list[OpenCell]]] = field(default_factory=list)
    next_column: int = 0
    above: dict[int, OpenCell] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class _OpenField:
    paragraph: OpenParagraph | None
    deleted: bool
    in_result: bool = False
    instruction: list[str] = field(default_factory=list)
    result: list[str] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class _OpenLink:
    target: str
    text: list[str] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class _OpenChange:
    kind: ChangeKind
    author: str
    date: str
    text: list[str] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class CommentRange:
    """Where a comment begins, and the text of its range."""

    paragraph: OpenParagraph | None
    text: list[str] = field(default_factory=list)


_Handler: TypeAlias = Callable[["StoryWalk", Element], None]


class StoryWalk:
    """What one part contains. `targets`: the part's relationships, target by id.

    `paragraphs` are in document order, `tables` the outermost ones, `ranges` by comment id.
    """

    def __init__(self, targets: Mapping[str, str]) -> None:
        self.paragraphs: list[OpenParagraph] = []
        self.tables: list[OpenTable] = []
        self.ranges: dict[str, CommentRange] = {}
        self._targets = targets
        self._index = 0
        self._table_count = 0
        self._note = ""
        self._open_paragraphs: list[OpenParagraph] = []
        self._open_tables: list[OpenTable] = []
        self._open_cells: list[OpenCell | None] = []
        self._open_fields: list[_OpenField] = []
        self._open_links: list[_OpenLink] = []
        self._open_changes: list[_OpenChange] = []
        self._open_ranges: dict[str, CommentRange] = {}
        self._waiting_bookmarks: list[str] = []
        self._waiting_ranges: list[CommentRange] = []
        self._text_boxes = 0
        self._deletions = 0

    def walk(self, root: Element) -> None:
        """Walk all of a part."""
        tags = [w(name) for name in (*self._STARTS, *self._ENDS)]
        walker = etree.iterwalk(root, events=("start", "end"), tag=[*tags, _OLDER_COPY])
        for event, element in walker:
            starts = event == "start"
            if starts and self._is_skipped(element):
                skipped = list(element.iter(w("p")))
                self._index += len(skipped)
                walker.skip_subtree()
                continue
            handlers = self._STARTS if starts else self._ENDS
            handler = handlers.get(local_name(element))
            if handler is not None:
                handler(self, element)

    def _is_skipped(self, element: Element) -> bool:
        """The older copy of a drawing, and the lines that separate notes from the text."""
        if element.tag == _OLDER_COPY:
            return True
        is_note = element.tag in (w("footnote"), w("endnote"))
        return is_note and attribute_of(element, "type") not in ("", "normal")

    def _paragraph(self) -> OpenParagraph | None:
        """The innermost open paragraph."""
        return self._open_paragraphs[-1] if self._open_paragraphs else None

    def _cell(self) -> OpenCell | None:
        """The innermost open cell, None in a text box."""
        return self._open_cells[-1] if self._open_cells else None

    # Text

    def _add(self, text: str) -> None:
        if not text or not self._open_paragraphs:
            return
        for change in self._open_changes:
            change.text.append(text)
        if self._deletions:
            return
        fields = self._open_fields[:_MOST_OPEN]
        for open_field in fields:
            if open_field.in_result:
                open_field.result.append(text)
        if any(self._is_instruction(open_field) for open_field in fields):
            return
        self._open_paragraphs[-1].text.append(text)
        for link in self._open_links:
            link.text.append(text)
        for comment in self._open_ranges.values():
            comment.text.append(text)

    def _is_instruction(self, open_field: _OpenField) -> bool:
        """Whether text here belongs to the field's instruction.

        A field whose instruction goes on in a later paragraph is damaged: its text is text.
        """
        paragraph = self._open_paragraphs[-1]
        return open_field.paragraph is paragraph and not open_field.in_result

    def _text(self, element: Element) -> None:
        self._add(element.text or "")

    def _deleted_text(self, element: Element) -> None:
        for change in self._open_changes:
            change.text.append(element.text or "")

    def _mark(self, element: Element) -> None:
        parent = element.getparent()
        if parent is not None and parent.tag != w("tabs"):  # tab stops are no text
            self._add(_MARKS[local_name(element)])

    # Paragraphs, text boxes and notes

    def _start_paragraph(self, element: Element) -> None:
        paragraph = OpenParagraph(
            element,
            self._index,
            in_text_box=self._text_boxes > 0,
            note=self._note,
        )
        paragraph.bookmarks += self._waiting_bookmarks
        paragraph.comments.update(dict.fromkeys(self._open_ranges))
        for waiting in self._waiting_ranges:
            waiting.paragraph = paragraph
        self._waiting_bookmarks = []
        self._waiting_ranges = []
        self._index += 1
        self.paragraphs.append(paragraph)
        self._open_paragraphs.append(paragraph)
        cell = self._cell()
        if cell is not None:
            paragraph.cell = cell.place
            cell.paragraphs.append(paragraph)

    def _end_paragraph(self, _: Element) -> None:
        self._open_paragraphs.pop()
        if self._open_paragraphs:
            return
        for open_field in self._open_fields[:_MOST_OPEN]:
            open_field.result.append("\n")
        for comment in self._open_ranges.values():
            comment.text.append("\n")

    def _start_text_box(self, _: Element) -> None:
        self._text_boxes += 1
        self._open_cells.append(None)

    def _end_text_box(self, _: Element) -> None:
        self._text_boxes -= 1
        self._open_cells.pop()

    def _start_note(self, element: Element) -> None:
        self._note = attribute_of(element, "id")

    # Tables

    def _start_table(self, _: Element) -> None:
        table = OpenTable(self._table_count)
        self._table_count += 1
        cell = self._cell()
        if cell is None:
            self.tables.append(table)
        else:
            cell.tables.append(table)
        self._open_tables.append(table)

    def _end_table(self, _: Element) -> None:
        self._open_tables.pop()

    def _start_row(self, element: Element) -> None:
        if not self._open_tables:
            return
        table = self._open_tables[-1]
        properties = element.find(w("trPr"))
        is_header = _is_on(properties, "tblHeader")
        table.rows.append((is_header, []))
        table.next_column = _number(properties, "gridBefore", 0)

    def _start_cell(self, element: Element) -> None:
        if not self._open_tables or not self._open_tables[-1].rows:
            self._open_cells.append(None)
            return
        table = self._open_tables[-1]
        row = len(table.rows) - 1
        properties = element.find(w("tcPr"))
        column = table.next_column
        place = CellPlace(table.number, row, column)
        cell = OpenCell(place, column_span=_number(properties, "gridSpan", 1))
        table.next_column += cell.column_span
        merge = child_of(properties, "vMerge")
        begins = merge is None or val_of(merge) == "restart"
        origin = table.above.get(column)
        if begins or origin is None:
            table.rows[-1][1].append(cell)
            table.above[column] = cell
        else:
            origin.row_span += 1
        self._open_cells.append(cell)

    def _end_cell(self, _: Element) -> None:
        self._open_cells.pop()

    # Bookmarks and comments

    def _bookmark(self, element: Element) -> None:
        name = attribute_of(element, "name")
        if self._open_paragraphs:
            self._open_paragraphs[-1].bookmarks.append(name)
        else:
            self._waiting_bookmarks.append(name)

    def _start_range(self, element: Element) -> None:
        comment = attribute_of(element, "id")
        paragraph = self._paragraph()
        found = CommentRange(paragraph)
        self.ranges[comment] = found
        if paragraph is None:
            self._waiting_ranges.append(found)
        else:
            paragraph.comments[comment] = None
        if len(self._open_ranges) < _MOST_OPEN:
            self._open_ranges[comment] = found

    def _end_range(self, element: Element) -> None:
        self._open_ranges.pop(attribute_of(element, "id"), None)

    def _comment_mark(self, element: Element) -> None:
        """A comment without a range is attached to where its mark is."""
        comment = attribute_of(element, "id")
        if comment not in self.ranges and self._open_paragraphs:
            paragraph = self._open_paragraphs[-1]
            paragraph.comments[comment] = None
            self.ranges[comment] = CommentRange(paragraph)

    # Fields and links

    def _field_mark(self, element: Element) -> None:
        kind = attribute_of(element, "fldCharType")
        if kind == "begin":
            paragraph = self._paragraph()
            self._open_fields.append(_OpenField(paragraph, self._deletions > 0))
        elif kind == "separate" and self._open_fields:
            self._open_fields[-1].in_result = True
        elif kind == "end" and self._open_fields:
            self._close_field()

    def _instruction(self, element: Element) -> None:
        if not self._open_fields:
            return
        innermost = self._open_fields[-1]
        if not innermost.in_result:
            innermost.instruction.append(element.text or "")

    def _start_simple_field(self, element: Element) -> None:
        paragraph = self._paragraph()
        instruction = [attribute_of(element, "instr")]
        opened = _OpenField(
            paragraph,
            deleted=self._deletions > 0,
            in_result=True,
            instruction=instruction,
        )
        self._open_fields.append(opened)

    def _end_simple_field(self, _: Element) -> None:
        if self._open_fields:  # an end too many may have closed it
            self._close_field()

    def _close_field(self) -> None:
        closed = self._open_fields.pop()
        if closed.paragraph is None or closed.deleted:
            return
        instruction = "".join(closed.instruction).strip()
        result = "".join(closed.result).strip("\n")
        closed.paragraph.fields.append(WordField(instruction, result))
        if instruction.startswith("HYPERLINK"):
            link = WordLink(result, _link_target(instruction))
            closed.paragraph.links.append(link)

    def _start_link(self, element: Element) -> None:
        relationship = element.get(f"{{{R}}}id", "")
        target = self._targets.get(relationship, "")
        anchor = attribute_of(element, "anchor")
        if anchor:
            target += f"#{anchor}"
        self._open_links.append(_OpenLink(target))

    def _end_link(self, _: Element) -> None:
        link = self._open_links.pop()
        if self._open_paragraphs:
            text = "".join(link.text)
            paragraph = self._open_paragraphs[-1]
            paragraph.links.append(WordLink(text, link.target))

    # Tracked changes

    def _start_change(self, element: Element) -> None:
        kind = _CHANGES[local_name(element)]
        author = attribute_of(element, "author")
        date = attribute_of(element, "date")
        self._open_changes.append(_OpenChange(kind, author, date))
        if kind == "deleted":
            self._deletions += 1

    def _end_change(self, _: Element) -> None:
        change = self._open_changes.pop()
        if change.kind == "deleted":
            self._deletions -= 1
        text = "".join(change.text)
        if text and self._open_paragraphs:
            paragraph = self._open_paragraphs[-1]
            found = WordChange(change.kind, change.author, change.date, text)
            paragraph.changes.append(found)

    _STARTS: Mapping[str, _Handler] = {
        "t": _text,
        "delText": _deleted_text,
        "tab": _mark,
        "ptab": _mark,
        "br": _mark,
        "cr": _mark,
        "noBreakHyphen": _mark,
        "ins": _start_change,
        "moveTo": _start_change,
        "del": _start_change,
        "moveFrom": _start_change,
        "p": _start_paragraph,
        "txbxContent": _start_text_box,
        "footnote": _start_note,
        "endnote": _start_note,
        "tbl": _start_table,
        "tr": _start_row,
        "tc": _start_cell,
        "bookmarkStart": _bookmark,
        "commentRangeStart": _start_range,
        "commentRangeEnd": _end_range,
        "commentReference": _comment_mark,
        "fldChar": _field_mark,
        "instrText": _instruction,
        "fldSimple": _start_simple_field,
        "hyperlink": _start_link,
    }
    _ENDS: Mapping[str, _Handler] = {
        "ins": _end_change,
        "moveTo": _end_change,
        "del": _end_change,
        "moveFrom": _end_change,
        "p": _end_paragraph,
        "txbxContent": _end_text_box,
        "tbl": _end_table,
        "tc": _end_cell,
        "fldSimple": _end_simple_field,
        "hyperlink": _end_link,
    }


def _link_target(instruction: str) -> str:
    """The target of a HYPERLINK field."""
    address = _LINK_ADDRESS.match(instruction)
    bookmark = _LINK_BOOKMARK.search(instruction)
    target = ""
    if address is not None:
        target = address[1] or address[2] or ""
    if bookmark is not None:
        target += f"#{bookmark[1]}"
    return target


def _is_on(properties: Element | None, name: str) -> bool:
    node = child_of(properties, name)
    return node is not None and val_of(node) not in ("0", "false", "off")


def _number(properties: Element | None, name: str, default: int) -> int:
    """A count in table properties: at least `default`, which also stands for what is no number."""
    node = child_of(properties, name)
    if node is None:
        return default
    try:
        return max(int(val_of(node)), default)
    except ValueError:
        return default
