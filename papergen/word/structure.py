"""What tags ask of their rows, cells and paragraphs, done on a part's tree."""

from __future__ import annotations

from lxml import etree

from papergen.engine.pieces import Context, Statement
from papergen.errors import Location, Problem
from papergen.word.markers import Markers
from papergen.word.paragraphs import Command, ParagraphRequests, quoted
from papergen.word.runs import OBJECT, atoms, place
from papergen.word.tree import Element, ancestor, w

_OBJECTS = tuple(
    w(name)
    for name in (
        "drawing",
        "pict",
        "object",
        "footnoteReference",
        "endnoteReference",
        "fldChar",
        "tbl",
    )
)
_CELL_ORDER = [
    w(name)
    for name in (
        "cnfStyle",
        "tcW",
        "gridSpan",
        "hMerge",
        "vMerge",
        "tcBorders",
        "shd",
        "noWrap",
        "tcMar",
        "textDirection",
        "tcFitText",
        "vAlign",
        "hideMark",
        "headers",
        "cellIns",
        "cellDel",
        "cellMerge",
        "tcPrChange",
    )
]
"""ISO/IEC 29500-1 A.1, CT_TcPr."""


def replace_rows_and_cells(
    found: ParagraphRequests,
    source: str,
    part: str,
    problems: list[Problem],
) -> None:
    """Put the marks of `{%tc … %}` and `{%tr … %}` in the places of their cells and rows.

    A row or cell with nothing but a comment, `{#tr … #}`, goes with its text.
    """
    for prefix, whole, owners in (("tc", "cell", found.cells), ("tr", "row", found.rows)):
        for owner, nodes in owners.items():
            left = _rest(owner) if nodes else None
            if left is not None:
                where = _place_of_owner(owner, found, source, part)
                message = (
                    f"{left} would be lost, since the {{%{prefix} … %}} tag beside it replaces "
                    f"its whole {whole}"
                )
                hint = f"Give the tag a {whole} of its own."
                problems.append(Problem("template-text-beside-tag", message, where, hint))
            for node in nodes:
                owner.addprevious(node)
            owner.getparent().remove(owner)


def _place_of_owner(
    owner: Element,
    found: ParagraphRequests,
    source: str,
    part: str,
) -> Location:
    """The first paragraph with a tag in a row or cell; the text of all where none has one."""
    paragraphs = list(owner.iter(w("p")))
    for paragraph in paragraphs:
        where = found.where.get(paragraph)
        if where is not None:
            return where
    text = " ".join(atoms(paragraph)[0] for paragraph in paragraphs)
    return place(source, part, text)


def _rest(owner: Element) -> str | None:
    """What a row or cell holds beside its tag, for a message; None for nothing."""
    for paragraph in owner.iter(w("p")):
        text = atoms(paragraph)[0].replace(OBJECT, "").strip()
        if text:
            return quoted(text)
    if next(owner.iter(etree.PI), None) is not None:
        return "another tag"
    if next(owner.iter(*_OBJECTS), None) is not None:
        return "something that is not text"
    return None


def join_paragraphs(root: Element, found: ParagraphRequests, problems: list[Problem]) -> None:
    """Join paragraphs: `{%-` at a start to the one before, `-%}` at an end to the one after."""
    if not found.joins_previous and not found.joins_next:
        return
    for paragraph in list(root.iter(w("p"))):
        previous = paragraph.getprevious()
        if previous is None or previous.tag != w("p"):
            continue
        if paragraph not in found.joins_previous and previous not in found.joins_next:
            continue
        if _ends_section(previous) or _ends_section(paragraph):
            where = found.where.get(paragraph) or found.where[previous]
            message = (
                "a “-” in a tag joins two paragraphs, and the section break between them would be "
                "lost"
            )
            hint = "Take the “-” out of the tag."
            problems.append(Problem("template-text-beside-tag", message, where, hint))
            continue
        for child in list(paragraph):
            if child.tag != w("pPr"):
                previous.append(child)
        found.joins_next.discard(previous)
        if paragraph in found.joins_next:
            found.joins_next.add(previous)
        paragraph.getparent().remove(paragraph)


def _ends_section(paragraph: Element) -> bool:
    return paragraph.find(f"{w('pPr')}/{w('sectPr')}") is not None


def apply_commands(commands: list[Command], markers: Markers, problems: list[Problem]) -> None:
    """Do what `cellbg`, `colspan`, `vm` and `hm` ask of their cells, as docxtpl does."""
    for command in commands:
        cell = ancestor(command.paragraph, "tc")
        if cell is None:
            message = f"“{{% {command.name} %}}” stands outside a table"
            hint = "Put it into the cell it is meant for, or delete it."
            problems.append(Problem("template-control", message, command.where, hint))
            continue
        properties = cell.find(w("tcPr"))
        if properties is None:
            properties = etree.Element(w("tcPr"))
            cell.insert(0, properties)
        if command.name == "cellbg":
            fill = markers.token(command.argument, command.where, Context.COLOUR)
            _set_property(properties, "shd", {"val": "clear", "color": "auto", "fill": fill})
        elif command.name == "colspan":
            width = markers.token(command.argument, command.where, Context.NUMBER)
            _set_property(properties, "gridSpan", {"val": width})
        elif command.name == "vm":
            _merge_down(command.paragraph, properties, command.where, markers)
        else:
            _merge_across(cell, properties, command.where, markers)


def _merge_down(
    paragraph: Element,
    properties: Element,
    where: Location,
    markers: Markers,
) -> None:
    """The first cell of a loop starts a cell merged downwards, and alone has the text."""
    merge = markers.token("'restart' if loop.first else 'continue'", where)
    _set_property(properties, "vMerge", {"val": merge})
    has_properties = len(paragraph) > 0 and paragraph[0].tag == w("pPr")
    first = 1 if has_properties else 0
    paragraph.insert(first, markers.node(Statement("if loop.first", where)))
    paragraph.append(markers.node(Statement("endif", where)))


def _merge_across(
    cell: Element,
    properties: Element,
    where: Location,
    markers: Markers,
) -> None:
    """Of the cells of a loop only the first stays, as wide as all of them."""
    width = "loop.length"
    span = properties.find(w("gridSpan"))
    if span is not None:
        own = span.get(w("val"), "1")
        if own.isascii() and own.isdecimal() and own != "1":
            width = f"{own} * {width}"
    token = markers.token(width, where, Context.NUMBER)
    _set_property(properties, "gridSpan", {"val": token})
    cell.addprevious(markers.node(Statement("if loop.first", where)))
    cell.addnext(markers.node(Statement("endif", where)))


def _set_property(properties: Element, name: str, attributes: dict[str, str]) -> None:
    """Give a cell the property `name` in place of any that it has, where the schema wants it."""
    for old in properties.findall(w(name)):
        properties.remove(old)
    node = etree.Element(w(name))
    for key, value in attributes.items():
        node.set(w(key), value)
    rank = _CELL_ORDER.index(w(name))
    for later in properties:
        if later.tag in _CELL_ORDER and _CELL_ORDER.index(later.tag) > rank:
            later.addprevious(node)
            return
    properties.append(node)
