"""Branches added so that no branch of a template's own leaves a document that Word must repair.

A cell ends with a paragraph, a table has a row and a row a cell (ISO/IEC 29500-1 §17.4.65,
§17.4.37, §17.4.78). Where the controls of a template may leave one without, an empty paragraph, row
or cell is put into the branch that lacks it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from lxml import etree

from papergen.engine.limits import MOST_COLUMNS
from papergen.engine.pieces import Context, Expression, Statement
from papergen.word.markers import Markers
from papergen.word.statements import OPENERS, keyword
from papergen.word.tree import Element, ancestor, w


@dataclass(slots=True, eq=False)
class _GuardedControl:
    """An `if` or `for` among the children of an element: what stands in each branch, and the mark
    that ends it.
    """

    word: str
    branches: list[list[_GuardedControl | Element]] = field(default_factory=lambda: [[]])
    ends: list[Element] = field(default_factory=list)
    complete: bool = False
    """There is an `else`."""


_Items = Sequence["_GuardedControl | Element"]


@dataclass(frozen=True, slots=True)
class _Need:
    """What an element must hold: one child of `kinds` on every path, `last` of all where so said;
    `filler` makes one.
    """

    kinds: tuple[str, ...]
    last: bool
    filler: Callable[[Element], Element]


def guard(root: Element, markers: Markers) -> None:
    """Add the branches that a part's cells, tables, rows and stories need. Its controls have been
    checked.
    """
    holders: dict[Element, None] = {}
    for node in root.iter(etree.PI):
        if isinstance(markers.piece(node), Statement) or _is_block(node, markers):
            holders.setdefault(node.getparent())
    for holder in holders:
        need = _NEEDS.get(holder.tag)
        if need is not None:
            _ensure(_items(holder, markers), holder, need, markers)


def _is_block(node: Element, markers: Markers) -> bool:
    piece = markers.piece(node)
    return isinstance(piece, Expression) and piece.context is Context.BLOCK


def _items(holder: Element, markers: Markers) -> _Items:
    """The children of an element that count; those within controls are in these."""
    lists: list[list[_GuardedControl | Element]] = [[]]
    opened: list[_GuardedControl] = []
    for child in holder:
        piece = markers.piece(child) if child.tag is etree.PI else None
        if not isinstance(piece, Statement):
            if child.tag in _BLOCKS or (piece is not None and _is_block(child, markers)):
                lists[-1].append(child)
            continue
        word = keyword(piece.source)
        if word in OPENERS:
            opened.append(_GuardedControl(word))
            lists[-1].append(opened[-1])
            lists.append(opened[-1].branches[0])
        elif word != "set":
            lists.pop()
            opened[-1].ends.append(child)
            if word in OPENERS.values():
                opened.pop()
                continue
            opened[-1].complete = word == "else"
            opened[-1].branches.append([])
            lists.append(opened[-1].branches[-1])
    return lists[0]


_BLOCKS = {w(name) for name in ("p", "tbl", "tr", "tc", "sdt", "customXml", "gridCol")}


def _holds(items: _Items, need: _Need) -> bool:
    """Whether every path has what is needed."""
    for item in reversed(items):
        if isinstance(item, _GuardedControl):
            if item.complete and all(_holds(branch, need) for branch in item.branches):
                return True
            if need.last and not all(
                not branch or _holds(branch, need) for branch in item.branches
            ):
                return False
        elif item.tag in need.kinds:
            return True
        elif need.last:
            return False
    return False


def _ensure(items: _Items, holder: Element, need: _Need, markers: Markers) -> None:
    if not _holds(items, need):
        _mend(
            items,
            holder,
            need,
            markers,
            need.last and _holds(items[:-1], need),
            lambda: holder.append(need.filler(holder)),
        )


def _add_before(end: Element, need: _Need, holder: Element) -> None:
    end.addprevious(need.filler(holder))


def _mend(
    items: _Items,
    holder: Element,
    need: _Need,
    markers: Markers,
    covered: bool,
    fill: Callable[[], None],
) -> None:
    """Give every path what it needs, in the last control if it can be, else by `fill`.

    `covered`: a path that adds nothing has it already.
    """
    target = items[-1] if items else None
    if isinstance(target, _GuardedControl) and (
        target.word == "if" or _holds(target.branches[0], need)
    ):
        _extend(target, holder, need, markers, covered)
    elif (
        need.last
        and target is not None
        and not isinstance(target, _GuardedControl)
        and target.tag is etree.PI
    ):
        _close_block(target, holder, markers)
    else:  # a loop whose content may come out empty, among others: its end cannot know
        fill()


def _extend(
    control: _GuardedControl, holder: Element, need: _Need, markers: Markers, covered: bool
) -> None:
    for branch, end in zip(control.branches, control.ends, strict=True):
        if _holds(branch, need) or (covered and not branch):
            continue
        inner = _holds(branch[:-1], need) if branch[:-1] else covered
        _mend(
            branch,
            holder,
            need,
            markers,
            inner and need.last,
            partial(_add_before, end, need, holder),
        )
    if not control.complete and not covered:
        end = control.ends[-1]
        piece = markers.piece(end)
        assert isinstance(piece, Statement)
        end.addprevious(markers.node(Statement("else", piece.where)))
        end.addprevious(need.filler(holder))


def _close_block(node: Element, holder: Element, markers: Markers) -> None:
    """What a `{{p … }}` prints at the end of a cell must end with a paragraph: its context says
    so.
    """
    piece = markers.piece(node)
    assert isinstance(piece, Expression)
    node.addnext(markers.node(replace(piece, context=Context.LAST_BLOCK)))
    holder.remove(node)


def _empty_paragraph(_: Element) -> Element:
    return etree.Element(w("p"))


def _empty_cell(_: Element) -> Element:
    cell = etree.Element(w("tc"))
    width = etree.SubElement(etree.SubElement(cell, w("tcPr")), w("tcW"))
    width.set(w("w"), "0")
    width.set(w("type"), "auto")
    etree.SubElement(cell, w("p"))
    return cell


def _empty_row(table: Element) -> Element:
    """A row of empty cells, one for each column."""
    row = etree.Element(w("tr"))
    for _ in range(max(1, len(table.findall(f"{w('tblGrid')}/{w('gridCol')}")))):
        row.append(_empty_cell(table))
    return row


def _empty_column(_: Element) -> Element:
    return etree.Element(w("gridCol"))


_COLUMN = _Need((w("gridCol"),), False, _empty_column)
_STORY = _Need((w("p"), w("sdt")), True, _empty_paragraph)
_NEEDS = {
    **{w(name): _STORY for name in ("tc", "hdr", "ftr", "footnote", "endnote", "txbxContent")},
    w("tbl"): _Need((w("tr"), w("sdt")), False, _empty_row),
    w("tr"): _Need((w("tc"), w("sdt")), False, _empty_cell),
}


def copy_columns(root: Element, markers: Markers) -> None:
    """Give tables whose columns come from a loop a grid that is made by the same loop. The part's
    controls have been checked.

    It is that of the first row that holds `{%tc … %}` and does not itself stand in a control, where
    names could be missing.
    """
    rows = (node.getparent() for node in root.iter(etree.PI) if node.getparent().tag == w("tr"))
    for table in list(dict.fromkeys(ancestor(row, "tbl") for row in rows)):
        if table is not None:
            _copy_columns(table, markers)


def _copy_columns(table: Element, markers: Markers) -> None:
    grid = table.find(w("tblGrid"))
    depth = 0
    for child in table:
        piece = markers.piece(child) if child.tag is etree.PI else None
        if isinstance(piece, Statement):
            depth += (keyword(piece.source) in OPENERS) - (
                keyword(piece.source) in OPENERS.values()
            )
        if (
            grid is not None
            and child.tag == w("tr")
            and not depth
            and any(node.tag is etree.PI for node in child)
        ):
            _fill_grid(grid, child, markers)
            return


def _fill_grid(grid: Element, row: Element, markers: Markers) -> None:
    widths = [column.get(w("w")) for column in grid.findall(w("gridCol"))]
    columns: list[Element] = []
    count = 0
    for node in row:
        piece = markers.piece(node) if node.tag is etree.PI else None
        if isinstance(piece, Statement):
            columns.append(markers.node(piece))
        elif node.tag == w("tc"):
            span = node.find(f"{w('tcPr')}/{w('gridSpan')}")
            own = span.get(w("val"), "1") if span is not None else "1"
            known = own.isascii() and own.isdecimal() and len(own) <= 2
            for _ in range(min(int(own), MOST_COLUMNS) if known else 1):
                entry = etree.Element(w("gridCol"))
                if count < len(widths) and widths[count] is not None:
                    entry.set(w("w"), widths[count])
                columns.append(entry)
                count += 1
    for old in list(grid):
        grid.remove(old)
    grid.extend(columns)
    _ensure(_items(grid, markers), grid, _COLUMN, markers)
