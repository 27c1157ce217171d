"""What tags ask of the rows, cells and paragraphs they stand in, done on a part's tree."""

from __future__ import annotations

from lxml import etree

from papergen.engine.pieces import Context, Statement
from papergen.errors import Location, Problem
from papergen.word.markers import Markers
from papergen.word.paragraphs import Command, FoundTag, quoted
from papergen.word.runs import OBJECT, atoms, place
from papergen.word.tree import Element, ancestor, w

"""The simple types of `w:fill` and `w:gridSpan` (ISO/IEC 29500-1 §17.18.38, §17.18.10): Word
repairs other values.
"""

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
    found: FoundTag, source: str, part: str, problems: list[Problem]
) -> None:
    """Put the marks of `{%tc … %}` and `{%tr … %}` in the places of their cells and rows.

    A row or cell that only a comment, `{#tr … #}`, asks to go takes its text with it: it has been
    commented out.
    """
    for owners, whole, prefix in ((found.cells, "cell", "tc"), (found.rows, "row", "tr")):
        for owner, nodes in owners.items():
            left = _rest(owner) if nodes else None
            if left is not None:
                message = (
                    f"{left} would be lost, since the {{%{prefix} … %}} tag beside it replaces "
                    f"its whole {whole}"
                )
                where = place(source, part, " ".join(atoms(p)[0] for p in owner.iter(w("p"))))
                first = next(
                    (
                        location
                        for p in owner.iter(w("p"))
                        if (location := found.where.get(p)) is not None
                    ),
                    where,
                )
                hint = f"Give the tag a {whole} of its own."
                problems.append(Problem("template-text-beside-tag", message, first, hint))
            for node in nodes:
                owner.addprevious(node)
            owner.getparent().remove(owner)


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


def join_paragraphs(root: Element, found: FoundTag, problems: list[Problem]) -> None:
    """`{%-` at the start of a paragraph joins it to the one before, `-%}` at its end the one after
    to it.
    """
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
        if any(p.find(f"{w('pPr')}/{w('sectPr')}") is not None for p in (previous, paragraph)):
            where = found.where.get(paragraph) or found.where[previous]
            message = (
                "a “-” in a tag joins two paragraphs, and the section break between them would be "
                "lost"
            )
            problems.append(
                Problem("template-text-beside-tag", message, where, "Take the “-” out of the tag.")
            )
            continue
        for child in list(paragraph):
            if child.tag != w("pPr"):
                previous.append(child)
        found.joins_next.discard(previous)
        if paragraph in found.joins_next:
            found.joins_next.add(previous)
        paragraph.getparent().remove(paragraph)


def apply_commands(commands: list[Command], markers: Markers, problems: list[Problem]) -> None:
    """`cellbg`, `colspan`, `vm` and `hm`, as docxtpl means them, in the order the schema asks of
    cell properties.
    """
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
            _set_property(
                properties,
                "gridSpan",
                {"val": markers.token(command.argument, command.where, Context.NUMBER)},
            )
        elif command.name == "vm":
            _merge_down(command.paragraph, properties, command.where, markers)
        else:
            _merge_across(cell, properties, command.where, markers)


def _merge_down(paragraph: Element, properties: Element, where: Location, markers: Markers) -> None:
    """The first cell of a loop starts a cell merged downwards; the paragraph's text stands in that
    one only.
    """
    _set_property(
        properties,
        "vMerge",
        {"val": markers.token("'restart' if loop.first else 'continue'", where)},
    )
    first = 1 if len(paragraph) and paragraph[0].tag == w("pPr") else 0
    paragraph.insert(first, markers.node(Statement("if loop.first", where)))
    paragraph.append(markers.node(Statement("endif", where)))


def _merge_across(cell: Element, properties: Element, where: Location, markers: Markers) -> None:
    """Of the cells of a loop only the first stays, as wide as all of them."""
    span = properties.find(w("gridSpan"))
    own = span.get(w("val"), "1") if span is not None else "1"
    width = f"{own} * " if own.isascii() and own.isdecimal() and own != "1" else ""
    _set_property(
        properties, "gridSpan", {"val": markers.token(f"{width}loop.length", where, Context.NUMBER)}
    )
    cell.addprevious(markers.node(Statement("if loop.first", where)))
    cell.addnext(markers.node(Statement("endif", where)))


def _set_property(properties: Element, name: str, attributes: dict[str, str]) -> None:
    for old in properties.findall(w(name)):
        properties.remove(old)
    rank = _CELL_ORDER.index(w(name))
    later = (
        i
        for i, child in enumerate(properties)
        if child.tag in _CELL_ORDER and _CELL_ORDER.index(child.tag) > rank
    )
    node = etree.Element(w(name))
    for key, value in attributes.items():
        node.set(w(key), value)
    properties.insert(next(later, len(properties)), node)
