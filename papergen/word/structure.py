"""What tags ask of rows, cells, paragraphs and tables, done on a part's tree so that each branch leaves valid WordprocessingML.

A cell ends with a paragraph, a table has a row and a row a cell (ISO/IEC 29500-1 §17.4.65, §17.4.37, §17.4.78; Word
repairs files that break this). Where a template's branches may leave one without, a branch that fills it is added.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from lxml import etree

from papergen.errors import Problem
from papergen.merge.pieces import Context, Expression, Statement
from papergen.word.marks import Marks
from papergen.word.paragraphs import OBJECT, Command, Found, atoms, place
from papergen.word.statements import OPENERS, keyword
from papergen.word.tree import Element, ancestor, w

_OBJECTS = tuple(w(name) for name in ("drawing", "pict", "object", "footnoteReference", "endnoteReference", "fldChar", "tbl"))
COLOUR, NUMBER = "ST_HexColor", "ST_DecimalNumber"
"""The simple types of `w:fill` and `w:gridSpan` (ISO/IEC 29500-1 §17.18.38 and §17.18.10); any other value makes a file Word repairs."""

_CELL_ORDER = [
    w(name)
    for name in (
        "cnfStyle", "tcW", "gridSpan", "hMerge", "vMerge", "tcBorders", "shd", "noWrap", "tcMar", "textDirection", "tcFitText",
        "vAlign", "hideMark", "headers", "cellIns", "cellDel", "cellMerge", "tcPrChange",
    )
]  # fmt: skip
"""ISO/IEC 29500-1 A.1, CT_TcPr."""


def replace_rows_and_cells(found: Found, source: str, part: str, problems: list[Problem]) -> None:
    """Put the marks of `{%tc … %}` and `{%tr … %}` in the places of their cells and rows."""
    for owners, what in ((found.cells, "cell"), (found.rows, "row")):
        for owner, nodes in owners.items():
            left = _rest(owner)
            if left is not None:
                prefix = "tr" if what == "row" else "tc"
                problems.append(
                    Problem(
                        "template-text-beside-tag",
                        f"{left} would be lost, since the {{%{prefix} … %}} tag beside it replaces its whole {what}",
                        place(source, part, " ".join(atoms(p)[0] for p in owner.iter(w("p")))),
                        f"Give the tag a {what} of its own.",
                    )
                )
                continue
            for node in nodes:
                owner.addprevious(node)
            parent = owner.getparent()
            assert parent is not None
            parent.remove(owner)


def _rest(owner: Element) -> str | None:
    """What a row or cell holds beside its tag, for a message; None for nothing."""
    for paragraph in owner.iter(w("p")):
        text = atoms(paragraph)[0].replace(OBJECT, "").strip()
        if text:
            return f"“{text[:60]}”"
    if next(owner.iter(etree.PI), None) is not None:
        return "another tag"
    if next(owner.iter(*_OBJECTS), None) is not None:
        return "something that is not text"
    return None


def join_paragraphs(root: Element, found: Found) -> None:
    """`{%-` at the start of a paragraph joins it to the one before, `-%}` at its end the one after to it."""
    if not found.joins_previous and not found.joins_next:
        return
    for paragraph in list(root.iter(w("p"))):
        previous = paragraph.getprevious()
        if (
            previous is None
            or previous.tag != w("p")
            or not (paragraph in found.joins_previous or previous in found.joins_next)
        ):
            continue
        for child in list(paragraph):
            if child.tag != w("pPr"):
                previous.append(child)
        found.joins_next.discard(previous)
        if paragraph in found.joins_next:
            found.joins_next.add(previous)
        parent = paragraph.getparent()
        assert parent is not None
        parent.remove(paragraph)


def apply_commands(commands: list[Command], marks: Marks, problems: list[Problem]) -> None:
    """`cellbg`, `colspan`, `vm` and `hm`, as docxtpl means them, in the order the schema asks of cell properties."""
    for command in commands:
        cell = ancestor(command.paragraph, "tc")
        if cell is None:
            problems.append(
                Problem(
                    "template-control",
                    f"“{{% {command.name} %}}” stands outside a table",
                    command.where,
                    "Put it into the cell it is meant for, or delete it.",
                )
            )
            continue
        properties = cell.find(w("tcPr"))
        if properties is None:
            properties = etree.Element(w("tcPr"))
            cell.insert(0, properties)
        _APPLY[command.name](command, cell, properties, marks)


def _background(command: Command, cell: Element, properties: Element, marks: Marks) -> None:
    fill = marks.token(command.argument, command.where, COLOUR)
    _set_property(properties, "shd", {"val": "clear", "color": "auto", "fill": fill})


def _span(command: Command, cell: Element, properties: Element, marks: Marks) -> None:
    _set_property(properties, "gridSpan", {"val": marks.token(command.argument, command.where, NUMBER)})


def _merge_down(command: Command, cell: Element, properties: Element, marks: Marks) -> None:
    token = marks.token("'restart' if loop.first else 'continue'", command.where)
    _set_property(properties, "vMerge", {"val": token})
    paragraph = command.paragraph
    first = 1 if len(paragraph) and paragraph[0].tag == w("pPr") else 0
    paragraph.insert(first, marks.node(Statement("if loop.first", command.where)))
    paragraph.append(marks.node(Statement("endif", command.where)))


def _merge_across(command: Command, cell: Element, properties: Element, marks: Marks) -> None:
    span = properties.find(w("gridSpan"))
    own = span.get(w("val"), "1") if span is not None else "1"
    width = int(own) if own.isdecimal() else 1
    source = "loop.length" if width == 1 else f"{width} * loop.length"
    _set_property(properties, "gridSpan", {"val": marks.token(source, command.where, NUMBER)})
    cell.addprevious(marks.node(Statement("if loop.first", command.where)))
    cell.addnext(marks.node(Statement("endif", command.where)))


_APPLY: dict[str, Callable[[Command, Element, Element, Marks], None]] = {
    "cellbg": _background,
    "colspan": _span,
    "vm": _merge_down,
    "hm": _merge_across,
}


def _set_property(properties: Element, name: str, attributes: dict[str, str]) -> None:
    for old in properties.findall(w(name)):
        properties.remove(old)
    rank = _CELL_ORDER.index(w(name))
    index = next(
        (i for i, child in enumerate(properties) if child.tag in _CELL_ORDER and _CELL_ORDER.index(child.tag) > rank),
        len(properties),
    )
    node: Element = etree.Element(w(name))
    for key, value in attributes.items():
        node.set(w(key), value)
    properties.insert(index, node)


# guards


@dataclass(slots=True)
class _Branches:
    """An `if` or `for` among the children of an element, with what stands in each branch."""

    word: str
    end: Element | None = None
    branches: list[list[_Branches | Element]] = field(default_factory=lambda: [[]])
    complete: bool = False


_Items = list["_Branches | Element"]


def guard(root: Element, marks: Marks) -> None:
    """Add the branches that keep cells, tables, rows and stories from coming out without what they need."""
    holders: dict[Element, None] = {}
    for node in root.iter(etree.PI):
        parent = node.getparent()
        if parent is not None and _is_structural(node, marks):
            holders.setdefault(parent)
    for holder in holders:
        if holder.tag == w("tbl"):
            _copy_grid(holder, marks)
            _ensure(_items(holder, marks), holder, (w("tr"), w("sdt")), _empty_row, marks, last=False)
        elif holder.tag == w("tr"):
            _ensure(_items(holder, marks), holder, (w("tc"), w("sdt")), _empty_cell, marks, last=False)
        elif holder.tag in _STORIES:
            _ensure(_items(holder, marks), holder, (w("p"), w("sdt")), _empty_paragraph, marks, last=True)


_STORIES = {w(name) for name in ("tc", "hdr", "ftr", "footnote", "endnote", "txbxContent")}


def _is_structural(node: Element, marks: Marks) -> bool:
    piece = marks.piece(node)
    return isinstance(piece, Statement) or (isinstance(piece, Expression) and piece.context is Context.BLOCK)


def _items(holder: Element, marks: Marks) -> _Items:
    """The children of an element that count, those of controls within `_Branches`."""
    top: _Items = []
    lists: list[_Items] = [top]
    opened: list[_Branches] = []
    for child in holder:
        piece = marks.piece(child) if child.tag is etree.PI else None
        if isinstance(piece, Statement):
            word = keyword(piece.source)
            if word in OPENERS:
                opened.append(_Branches(word))
                lists[-1].append(opened[-1])
                lists.append(opened[-1].branches[0])
            elif word in ("elif", "else"):
                lists.pop()
                opened[-1].branches.append([])
                opened[-1].complete = word == "else"
                lists.append(opened[-1].branches[-1])
            elif word in OPENERS.values():
                lists.pop()
                opened.pop().end = child
        elif child.tag in _BLOCKS or (isinstance(piece, Expression) and piece.context is Context.BLOCK):
            lists[-1].append(child)
    return top


_BLOCKS = {w(name) for name in ("p", "tbl", "tr", "tc", "sdt", "customXml")}


def _ensure(
    items: _Items, holder: Element, good: tuple[str, str], filler: Callable[[Element], Element], marks: Marks, *, last: bool
) -> None:
    """Change the tree so that on every path there is an element of `good` (`last`: at the end)."""
    if _holds(items, good, last):
        return
    target = items[-1] if items else None
    if isinstance(target, Element) and not isinstance(target.tag, str) and last:
        _fill_block(target, holder, marks)
    elif isinstance(target, _Branches) and _extendable(target, good, last):
        _extend(target, holder, good, filler, marks, last)
    else:
        holder.append(filler(holder))


def _extendable(control: _Branches, good: tuple[str, str], last: bool) -> bool:
    """Whether a branch more is enough: a loop whose own content may come out empty cannot be told at its end."""
    return control.word == "if" or _holds(control.branches[0], good, last)


def _extend(
    control: _Branches, holder: Element, good: tuple[str, str], filler: Callable[[Element], Element], marks: Marks, last: bool
) -> None:
    assert control.end is not None
    for number, branch in enumerate(control.branches):
        if _holds(branch, good, last):
            continue
        target = branch[-1] if branch else None
        if isinstance(target, _Branches) and _extendable(target, good, last):
            _extend(target, holder, good, filler, marks, last)
        elif isinstance(target, Element) and not isinstance(target.tag, str) and last:
            _fill_block(target, holder, marks)
        else:
            _before_end(control, number, holder, marks).addprevious(filler(holder))
    if not control.complete:
        piece = marks.piece(control.end)
        assert isinstance(piece, Statement)
        control.end.addprevious(marks.node(Statement("else", piece.where)))
        control.end.addprevious(filler(holder))


def _before_end(control: _Branches, number: int, holder: Element, marks: Marks) -> Element:
    """The mark that ends the branch of that number."""
    assert control.end is not None
    ends = [control.end]
    depth = 0
    node = control.end.getprevious()
    while node is not None:
        piece = marks.piece(node) if node.tag is etree.PI else None
        if isinstance(piece, Statement):
            word = keyword(piece.source)
            if word in OPENERS.values():
                depth += 1
            elif word in OPENERS:
                if not depth:
                    break
                depth -= 1
            elif word in ("elif", "else") and not depth:
                ends.insert(0, node)
        node = node.getprevious()
    return ends[number]


def _holds(items: _Items, good: tuple[str, str], last: bool) -> bool:
    """Whether there is an element of `good` on every path (`last`: whether it is the last that counts)."""
    for position in range(len(items) - 1, -1, -1):
        item = items[position]
        if isinstance(item, _Branches):
            sure = item.complete and all(_holds(branch, good, last) for branch in item.branches)
            if sure:
                return True
            if last and not all(not branch or _holds(branch, good, last) for branch in item.branches):
                return False
        elif item.tag in good:
            return True
        elif last:
            return False
    return False


def _fill_block(node: Element, holder: Element, marks: Marks) -> None:
    """A `{{p … }}` that ends a cell: what it prints must end with a paragraph, so it carries one to add where it does not."""
    piece = marks.piece(node)
    assert isinstance(piece, Expression)
    node.addnext(marks.node(replace(piece, properties="<w:p/>")))
    holder.remove(node)


def _empty_paragraph(holder: Element) -> Element:
    return etree.Element(w("p"))


def _empty_cell(holder: Element) -> Element:
    cell: Element = etree.Element(w("tc"))
    properties = etree.SubElement(cell, w("tcPr"))
    width = etree.SubElement(properties, w("tcW"))
    width.set(w("w"), "0")
    width.set(w("type"), "auto")
    cell.append(etree.Element(w("p")))
    return cell


def _empty_row(holder: Element) -> Element:
    """A row of empty cells, one for each column, so that a table of no rows is still a table."""
    row: Element = etree.Element(w("tr"))
    for _ in range(max(1, len(holder.findall(f"{w('tblGrid')}/{w('gridCol')}")))):
        row.append(_empty_cell(holder))
    return row


def _copy_grid(table: Element, marks: Marks) -> None:
    """Give a table whose columns come from a loop a grid made by the same loop.

    Taken from the first row that holds `{%tc … %}` and does not itself stand in a loop over rows, where names would be missing.
    """
    grid = table.find(w("tblGrid"))
    depth = 0
    for child in table:
        piece = marks.piece(child) if child.tag is etree.PI else None
        if isinstance(piece, Statement):
            depth += (keyword(piece.source) in OPENERS) - (keyword(piece.source) in OPENERS.values())
        if child.tag == w("tr") and not depth and any(node.tag is etree.PI for node in child):
            if grid is not None:
                _fill_grid(grid, child, marks)
            return


def _fill_grid(grid: Element, row: Element, marks: Marks) -> None:
    widths = [column.get(w("w")) for column in grid.findall(w("gridCol"))]
    columns: list[Element] = []
    column = 0
    for node in row:
        piece = marks.piece(node) if node.tag is etree.PI else None
        if isinstance(piece, Statement):
            columns.append(marks.node(piece))
        elif node.tag == w("tc"):
            span = node.find(f"{w('tcPr')}/{w('gridSpan')}")
            own = span.get(w("val"), "1") if span is not None else "1"
            for _ in range(int(own) if own.isdecimal() else 1):
                entry: Element = etree.Element(w("gridCol"))
                width = widths[column] if column < len(widths) else None
                if width is not None:
                    entry.set(w("w"), width)
                columns.append(entry)
                column += 1
    for old in list(grid):
        grid.remove(old)
    grid.extend(columns)
