"""Branches added so that no branch of a template's own leaves a document that Word must repair.

A cell ends with a paragraph, a table has a row and a row a cell (ISO/IEC 29500-1 §17.4.65,
§17.4.37, §17.4.78). Where the controls of a template may leave one without, an empty paragraph, row
or cell is put into the branch that lacks it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from lxml import etree

from papergen.engine.blocks import is_closer, is_middle, is_opener
from papergen.engine.limits import MOST_COLUMNS
from papergen.engine.pieces import Context, Expression, Statement
from papergen.word.markers import Markers
from papergen.word.statements import keyword
from papergen.word.tree import Element, ancestor, w


@dataclass(slots=True, eq=False)
class _GuardedControl:
    """An `if` or `for` among the children of an element: its branches, and their end marks."""

    word: str
    branches: list[list[_GuardedControl | Element]] = field(default_factory=lambda: [[]])
    ends: list[Element] = field(default_factory=list)
    complete: bool = False
    """There is an `else`."""


_Items = Sequence["_GuardedControl | Element"]


@dataclass(frozen=True, slots=True)
class _Need:
    """What an element must hold on every path: a child of `kinds`, which `filler` makes.

    `last`: it must be the last child.
    """

    kinds: tuple[str, ...]
    last: bool
    filler: Callable[[Element], Element]


def guard(root: Element, markers: Markers) -> None:
    """Add the branches that the cells, tables, rows and stories of a part need.

    Its controls have been checked.
    """
    holders: dict[Element, None] = {}
    for node in root.iter(etree.PI):
        if isinstance(markers.piece(node), Statement) or _is_block(node, markers):
            holders.setdefault(node.getparent())
    for holder in holders:
        need = _NEEDS.get(holder.tag)
        if need is not None:
            _Repair(holder, need, markers).repair()


def _is_block(node: Element, markers: Markers) -> bool:
    piece = markers.piece(node)
    return isinstance(piece, Expression) and piece.context is Context.BLOCK


def _items(holder: Element, markers: Markers) -> _Items:
    """The children of an element that count; those within controls are in these."""
    # The part's controls have been matched: this makes a tree of their branches.
    root: list[_GuardedControl | Element] = []
    opened: list[_GuardedControl] = []
    for child in holder:
        items = opened[-1].branches[-1] if opened else root
        piece = markers.piece(child) if child.tag is etree.PI else None
        if not isinstance(piece, Statement):
            if child.tag in _BLOCKS or (piece is not None and _is_block(child, markers)):
                items.append(child)
            continue
        word = keyword(piece.source)
        if is_opener(word):
            control = _GuardedControl(word)
            items.append(control)
            opened.append(control)
        elif is_middle(word):
            opened[-1].ends.append(child)
            opened[-1].complete = word == "else"
            opened[-1].branches.append([])
        elif is_closer(word):
            control = opened.pop()
            control.ends.append(child)
    return root


_BLOCKS = {w(name) for name in ("p", "tbl", "tr", "tc", "sdt", "customXml", "gridCol")}


def _holds(items: _Items, need: _Need) -> bool:
    """Whether every path has what is needed."""
    for item in reversed(items):
        if isinstance(item, _GuardedControl):
            if item.complete and all(_holds(branch, need) for branch in item.branches):
                return True
            if need.last and not _ends_well(item, need):
                return False
        elif item.tag in need.kinds:
            return True
        elif need.last:
            return False
    return False


def _ends_well(control: _GuardedControl, need: _Need) -> bool:
    """Whether no branch of a control ends with anything else than what is needed."""
    return all(not branch or _holds(branch, need) for branch in control.branches)


@dataclass(frozen=True, slots=True)
class _Repair:
    """How one element gets what it needs on every path."""

    holder: Element
    need: _Need
    markers: Markers

    def repair(self) -> None:
        items = _items(self.holder, self.markers)
        if _holds(items, self.need):
            return
        is_covered = self.need.last and _holds(items[:-1], self.need)
        self._mend(items, is_covered, before=None)

    def _mend(self, items: _Items, is_covered: bool, before: Element | None) -> None:
        """Give every path what it needs: in the last control if it can be; else by a filler before
        the mark `before`, at the end of the element where there is none.

        `is_covered`: a path that adds nothing has it already.
        """
        target = items[-1] if items else None
        if isinstance(target, _GuardedControl):
            if target.word == "if" or _holds(target.branches[0], self.need):
                self._extend(target, is_covered)
                return
        elif self.need.last and target is not None and target.tag is etree.PI:
            self._close_block(target)
            return
        # A loop whose content may come out empty, among others: its end cannot know.
        if before is None:
            self.holder.append(self.need.filler(self.holder))
        else:
            self._add_before(before)

    def _extend(self, control: _GuardedControl, is_covered: bool) -> None:
        """Give the branches of a control what they need, and the control an `else`."""
        for branch, end in zip(control.branches, control.ends, strict=True):
            if _holds(branch, self.need) or (is_covered and not branch):
                continue
            inner = branch[:-1]
            is_inner_covered = _holds(inner, self.need) if inner else is_covered
            self._mend(branch, is_inner_covered and self.need.last, end)
        if not control.complete and not is_covered:
            end = control.ends[-1]
            piece = self.markers.piece(end)
            assert isinstance(piece, Statement)
            end.addprevious(self.markers.node(Statement("else", piece.where)))
            self._add_before(end)

    def _add_before(self, end: Element) -> None:
        end.addprevious(self.need.filler(self.holder))

    def _close_block(self, node: Element) -> None:
        """Say in the context of a `{{p … }}` at a cell's end that it must end with a paragraph."""
        piece = self.markers.piece(node)
        assert isinstance(piece, Expression)
        node.addnext(self.markers.node(replace(piece, context=Context.LAST_BLOCK)))
        self.holder.remove(node)


def _empty_paragraph(_: Element) -> Element:
    return etree.Element(w("p"))


def _empty_cell(_: Element) -> Element:
    cell = etree.Element(w("tc"))
    properties = etree.SubElement(cell, w("tcPr"))
    width = etree.SubElement(properties, w("tcW"))
    width.set(w("w"), "0")
    width.set(w("type"), "auto")
    etree.SubElement(cell, w("p"))
    return cell


def _empty_row(table: Element) -> Element:
    """A row of empty cells, one for each column."""
    columns = len(table.findall(f"{w('tblGrid')}/{w('gridCol')}"))
    row = etree.Element(w("tr"))
    for _ in range(max(1, columns)):
        row.append(_empty_cell(table))
    return row


def _empty_column(_: Element) -> Element:
    return etree.Element(w("gridCol"))


_COLUMN = _Need((w("gridCol"),), last=False, filler=_empty_column)
_STORY = _Need((w("p"), w("sdt")), last=True, filler=_empty_paragraph)
_NEEDS = {
    w("tc"): _STORY,
    w("hdr"): _STORY,
    w("ftr"): _STORY,
    w("footnote"): _STORY,
    w("endnote"): _STORY,
    w("txbxContent"): _STORY,
    w("tbl"): _Need((w("tr"), w("sdt")), last=False, filler=_empty_row),
    w("tr"): _Need((w("tc"), w("sdt")), last=False, filler=_empty_cell),
}


def copy_columns(root: Element, markers: Markers) -> None:
    """Give tables whose columns come from a loop a grid that is made by the same loop.

    That loop is taken from the first row that holds `{%tc … %}` and is not itself in a control,
    where names could be missing. The part's controls have been checked.
    """
    tables: dict[Element, None] = {}
    for node in root.iter(etree.PI):
        row = node.getparent()
        table = ancestor(row, "tbl") if row.tag == w("tr") else None
        if table is not None:
            tables.setdefault(table)
    for table in tables:
        _copy_columns(table, markers)


def _copy_columns(table: Element, markers: Markers) -> None:
    grid = table.find(w("tblGrid"))
    if grid is None:
        return
    depth = 0
    for child in table:
        piece = markers.piece(child) if child.tag is etree.PI else None
        if isinstance(piece, Statement):
            word = keyword(piece.source)
            depth += is_opener(word) - is_closer(word)
        elif child.tag == w("tr") and not depth and _has_marks(child):
            _fill_grid(grid, child, markers)
            return


def _has_marks(row: Element) -> bool:
    return any(node.tag is etree.PI for node in row)


def _fill_grid(grid: Element, row: Element, markers: Markers) -> None:
    widths = [column.get(w("w")) for column in grid.findall(w("gridCol"))]
    columns: list[Element] = []
    count = 0
    for node in row:
        piece = markers.piece(node) if node.tag is etree.PI else None
        if isinstance(piece, Statement):
            columns.append(markers.node(piece))
        elif node.tag == w("tc"):
            for _ in range(_span(node)):
                column = etree.Element(w("gridCol"))
                if count < len(widths) and widths[count] is not None:
                    column.set(w("w"), widths[count])
                columns.append(column)
                count += 1
    for old in list(grid):
        grid.remove(old)
    grid.extend(columns)
    _Repair(grid, _COLUMN, markers).repair()


def _span(cell: Element) -> int:
    """The number of columns that a cell takes; 1 where that is not known."""
    span = cell.find(f"{w('tcPr')}/{w('gridSpan')}")
    if span is None:
        return 1
    written = span.get(w("val"), "1")
    if not (written.isascii() and written.isdecimal() and len(written) <= 2):
        return 1
    return min(int(written), MOST_COLUMNS)
