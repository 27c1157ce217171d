"""What Word would have to repair, or would drop in silence, in a well-formed template.

Numbers in brackets are sections of ISO/IEC 29500-1. A paper is written from the template's own XML,
so what is wrong there would be wrong in every paper.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from functools import partial

from lxml import etree

from papergen.engine.limits import MOST_COLUMNS
from papergen.errors import Location, Problem
from papergen.word.paragraphs import quoted
from papergen.word.runs import atoms, place_of
from papergen.word.tree import MC, Element, M, W, attribute_of, local_name, val_of, w

_HIGHEST_START = 32767  # Word's own limit
_LEVELS = 9
_AGAIN = "Open the file in Word and save it again."
_STYLE = (
    "In Word, choose Modify for the style, then Format, Numbering; set it anew, or to None, and "
    "save the file."
)
_NUMBERING = (
    "In Word, click into the paragraph, take its numbering off (Home, Numbering) and put it on "
    "again; save the file."
)
_START = "In Word, right-click a number of the list, choose Set Numbering Value, and set it to 1."

# How the namespaces begin whose elements Word reads. A part may name others that it can ignore.
_KNOWN = (
    W,
    M,
    MC,
    "http://schemas.openxmlformats.org/",
    "http://schemas.microsoft.com/",
    "urn:schemas-microsoft-com:",
)
# What these hold follows other rules: any XML may stand in a picture's data or in an equation.
_OPAQUE = {
    w("drawing"),
    w("pict"),
    w("object"),
    f"{{{MC}}}AlternateContent",
}


def part_faults(root: Element, where: Location, lists: Collection[int]) -> Iterator[Problem]:
    """The faults of a document, header, footer or note. `lists`: the template's numIds."""
    yield from _misplaced(root, where)
    for node in root.iter(w("pPr")):
        place = partial(place_of, node, where)
        yield from _paragraph_faults(node, place, lists, "paragraph", _NUMBERING)
    for node in root.iter(w("rStyle"), w("tblStyle")):
        if not val_of(node):
            yield _unnamed_style(node, where)
    for node in root.iter(w("gridSpan")):
        columns = _number(val_of(node))
        if columns is None or not 1 <= columns <= MOST_COLUMNS:
            yield _wrong_span(node, where)


def _unnamed_style(node: Element, where: Location) -> Problem:
    what = "a stretch of text" if node.tag == w("rStyle") else "a table"
    name = local_name(node)
    message = f"the style of {what} here has no name (w:{name} without w:val)"
    hint = "In Word, choose its style again and save the file."
    return Problem("template-xml", message, _beside(node, where), hint)


def _wrong_span(node: Element, where: Location) -> Problem:
    message = f"a cell spans {_said(node)} columns, and Word takes 1 to {MOST_COLUMNS}"
    hint = "In Word, split the cell, or make the table anew."
    cell = next(node.iterancestors(w("tc")), node)
    paragraph = next(cell.iter(w("p")), None)
    if paragraph is not None and len(paragraph):
        where = place_of(paragraph[0], where)
    return Problem("template-xml", message, where, hint)


def numbering_faults(root: Element, where: Location) -> Iterator[Problem]:
    """The faults of the numbering part: numbers that no list can begin with (17.9.25, 17.9.26)."""
    for node in root.iter(w("start"), w("startOverride")):
        number = _number(val_of(node))
        if number is not None and number <= _HIGHEST_START:
            continue
        levels = node.iterancestors(w("lvl"), w("lvlOverride"))
        index = attribute_of(next(levels, node), "ilvl")
        shown = "a level"
        if index.isascii() and index.isdecimal():
            shown = f"level {int(index) + 1}"
        message = f"{shown} of a list begins at {_said(node)}, and Word takes 0 to {_HIGHEST_START}"
        yield Problem("template-xml", message, where, _START)


def style_faults(root: Element, where: Location, lists: Collection[int]) -> Iterator[Problem]:
    """The faults of the styles: the same that a paragraph's own properties can have."""
    for style in root.iter(w("style")):
        properties = style.find(w("pPr"))
        if properties is None or style.get(w("type")) == "numbering":
            continue
        name = val_of(style.find(w("name"))) or attribute_of(style, "styleId")
        detail = f"{where.detail}, style “{name}”"
        place = partial(Location, where.source, detail=detail)
        yield from _paragraph_faults(properties, place, lists, "style", _STYLE)


def _paragraph_faults(
    properties: Element,
    place: Callable[[], Location],
    lists: Collection[int],
    owner: str,
    hint: str,
) -> Iterator[Problem]:
    """The faults of a paragraph's or a style's properties. `owner`: which of the two it is."""
    style = properties.find(w("pStyle"))
    if style is not None and not val_of(style):
        message = "this paragraph’s style has no name (w:pStyle without w:val)"
        choose = "In Word, click into the paragraph, choose its style again and save the file."
        yield Problem("template-xml", message, place(), choose)
    numbering = properties.find(w("numPr"))
    if numbering is None:
        return
    message = _list_fault(numbering.find(w("numId")), lists, owner)
    if message:
        yield Problem("template-xml", message, place(), hint)
    message = _list_level_fault(numbering.find(w("ilvl")), owner)
    if message:
        yield Problem("template-xml", message, place(), hint)


def _list_fault(node: Element | None, lists: Collection[int], owner: str) -> str:
    """What is wrong with a `w:numId`, "" if nothing is."""
    if node is None:
        return ""
    number = _number(val_of(node))
    if number is None:
        return f"this {owner}’s list is {_said(node)}, which is no number (w:numId)"
    if number and number not in lists:
        return (
            f"this {owner} belongs to the list {number}, which the template has not got (w:numId)"
        )
    return ""


def _list_level_fault(node: Element | None, owner: str) -> str:
    """What is wrong with a `w:ilvl`, "" if nothing is."""
    if node is None:
        return ""
    level = _number(val_of(node))
    if level is not None and level < _LEVELS:
        return ""
    return (
        f"this {owner} stands at level {_said(node)} of its list, and a list has 0 to "
        f"{_LEVELS - 1} (w:ilvl)"
    )


def _misplaced(root: Element, where: Location) -> Iterator[Problem]:
    """Other files put in whole (17.17.2.1), and elements that keep Word from opening a paper."""
    ignorable = (root.get(f"{{{MC}}}Ignorable") or "").split()
    passed_over = {root.nsmap.get(prefix) for prefix in ignorable}
    waiting = [root]
    while waiting:
        for child in waiting.pop():
            if not isinstance(child.tag, str):
                continue
            namespace = etree.QName(child).namespace or ""
            if child.tag == w("altChunk"):
                message = "another file is put in here whole, to be read by Word alone (w:altChunk)"
                hint = f"{_AGAIN} Word then puts the file’s text in its place."
                yield Problem("template-xml", message, _beside(child, where), hint)
            elif not namespace.startswith(_KNOWN) and namespace not in passed_over:
                yield _foreign_element(child, namespace, where)
            elif child.tag not in _OPAQUE:
                waiting.append(child)


def _foreign_element(node: Element, namespace: str, where: Location) -> Problem:
    message = f"an element “{local_name(node)}” stands here that is none of Word’s"
    if namespace:
        message += f" ({namespace})"
    hint = f"{_AGAIN} If Word cannot open it, make the template anew from a file of Word’s own."
    return Problem("template-xml", message, _beside(node, where), hint)


def _beside(node: Element, where: Location) -> Location:
    """The paragraph that holds the node, or else the nearest one before it."""
    at = place_of(node, where)
    if at != where:
        return at
    before = next(node.itersiblings(w("p"), preceding=True), None)
    text = "" if before is None else atoms(before)[0]
    if not text:
        return where
    detail = f"{where.detail}, after the paragraph “{text[:60]}”"
    return Location(where.source, detail=detail)


def _said(node: Element) -> str:
    """What stands in an element's `w:val`, for messages."""
    value = val_of(node)
    return quoted(value) if value else "nothing"


def _number(text: str) -> int | None:
    """The number that a text states, None if it states none that Word reads."""
    if not text or len(text) >= 10:
        return None
    return int(text) if text.isascii() and text.isdecimal() else None
