"""What Word would have to repair, or would drop in silence, in a template that is well-formed: told
with its place.

Numbers in brackets are sections of ISO/IEC 29500-1. A paper is written from the template's own XML,
so what is wrong there would be wrong in every paper.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from functools import partial

from papergen.engine.limits import MOST_COLUMNS
from papergen.errors import Location, Problem
from papergen.word.paragraphs import quoted
from papergen.word.runs import atoms, place_of
from papergen.word.tree import MC, Element, M, W, w

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

# Namespaces of elements that Word reads beside its own, by their beginnings; and those that a part
# says may be passed over.
_KNOWN = (
    W,
    M,
    MC,
    "http://schemas.openxmlformats.org/",
    "http://schemas.microsoft.com/",
    "urn:schemas-microsoft-com:",
)
# What these hold follows other rules: any XML may stand in a picture's data or in an equation.
_OPAQUE = {w("drawing"), w("pict"), w("object"), f"{{{MC}}}AlternateContent"}


def part_faults(root: Element, where: Location, lists: Collection[int]) -> Iterator[Problem]:
    """The faults of a document, header, footer or note. `lists`: the numIds that the template
    has.
    """
    yield from _misplaced(root, where)
    for node in root.iter(w("pPr")):
        yield from _paragraph_faults(
            node, partial(place_of, node, where), lists, "paragraph", _NUMBERING
        )
    for node in root.iter(w("rStyle"), w("tblStyle")):
        if not node.get(w("val")):
            what = "a stretch of text" if node.tag == w("rStyle") else "a table"
            message = (
                f"the style of {what} here has no name "
                f"(w:{node.tag.rpartition('}')[2]} without w:val)"
            )
            yield Problem(
                "template-xml",
                message,
                _beside(node, where),
                "In Word, choose its style again and save the file.",
            )
    for node in root.iter(w("gridSpan")):
        if (number := _number(node.get(w("val")))) is None or not 1 <= number <= MOST_COLUMNS:
            message = f"a cell spans {_said(node)} columns, and Word takes 1 to {MOST_COLUMNS}"
            cell = next(node.iterancestors(w("tc")), node)
            inside = next(cell.iter(w("p")), None)
            at = place_of(inside[0], where) if inside is not None and len(inside) else where
            yield Problem(
                "template-xml", message, at, "In Word, split the cell, or make the table anew."
            )


def numbering_faults(root: Element, where: Location) -> Iterator[Problem]:
    """The faults of the numbering part: numbers that no list can begin with (17.9.25, 17.9.26)."""
    for node in root.iter(w("start"), w("startOverride")):
        if (number := _number(node.get(w("val")))) is None or number > _HIGHEST_START:
            level = next(node.iterancestors(w("lvl"), w("lvlOverride")), node).get(w("ilvl")) or ""
            shown = (
                f"level {int(level) + 1}" if level.isascii() and level.isdecimal() else "a level"
            )
            message = (
                f"{shown} of a list begins at {_said(node)}, and Word takes 0 to {_HIGHEST_START}"
            )
            hint = (
                "In Word, right-click a number of the list, choose Set Numbering Value, and set "
                "it to 1."
            )
            yield Problem("template-xml", message, where, hint)


def style_faults(root: Element, where: Location, lists: Collection[int]) -> Iterator[Problem]:
    """The faults of the styles: the same that a paragraph's own properties can have."""
    for style in root.iter(w("style")):
        properties = style.find(w("pPr"))
        if properties is None or style.get(w("type")) == "numbering":
            continue
        name = style.find(w("name"))
        shown = (name.get(w("val")) if name is not None else None) or style.get(w("styleId")) or ""
        where_of_style = partial(Location, where.source, detail=f"{where.detail}, style “{shown}”")
        yield from _paragraph_faults(properties, where_of_style, lists, "style", _STYLE)


def _paragraph_faults(
    properties: Element,
    where: Callable[[], Location],
    lists: Collection[int],
    owner: str,
    hint: str,
) -> Iterator[Problem]:
    style = properties.find(w("pStyle"))
    if style is not None and not style.get(w("val")):
        choose = "In Word, click into the paragraph, choose its style again and save the file."
        yield Problem(
            "template-xml",
            "this paragraph’s style has no name (w:pStyle without w:val)",
            where(),
            choose,
        )
    numbering = properties.find(w("numPr"))
    if numbering is None:
        return
    num, level = numbering.find(w("numId")), numbering.find(w("ilvl"))
    if num is not None:
        number = _number(num.get(w("val")))
        if number is None:
            message = f"this {owner}’s list is {_said(num)}, which is no number (w:numId)"
            yield Problem("template-xml", message, where(), hint)
        elif number and number not in lists:
            message = (
                f"this {owner} belongs to the list {number}, which the template has not got "
                "(w:numId)"
            )
            yield Problem("template-xml", message, where(), hint)
    if level is not None and (
        (number := _number(level.get(w("val")))) is None or number >= _LEVELS
    ):
        message = (
            f"this {owner} stands at level {_said(level)} of its list, and a list has 0 to "
            f"{_LEVELS - 1} (w:ilvl)"
        )
        yield Problem("template-xml", message, where(), hint)


def _misplaced(root: Element, where: Location) -> Iterator[Problem]:
    """Other files put in whole (17.17.2.1), and elements that Word does not know: a paper could not
    be opened.
    """
    passed_over = {
        root.nsmap.get(prefix) for prefix in (root.get(f"{{{MC}}}Ignorable") or "").split()
    }
    waiting = [root]
    while waiting:
        for child in waiting.pop():
            if not isinstance(child.tag, str):
                continue
            namespace = child.tag[1:].partition("}")[0] if child.tag.startswith("{") else ""
            if child.tag == w("altChunk"):
                message = "another file is put in here whole, to be read by Word alone (w:altChunk)"
                yield Problem(
                    "template-xml",
                    message,
                    _beside(child, where),
                    f"{_AGAIN} Word then puts the file’s text in its place.",
                )
            elif not namespace.startswith(_KNOWN) and namespace not in passed_over:
                name = child.tag.rpartition("}")[2]
                message = f"an element “{name}” stands here that is none of Word’s" + (
                    f" ({namespace})" if namespace else ""
                )
                hint = (
                    f"{_AGAIN} If Word cannot open it, make the template anew from a file of "
                    "Word’s own."
                )
                yield Problem("template-xml", message, _beside(child, where), hint)
            elif child.tag not in _OPAQUE:
                waiting.append(child)


def _beside(node: Element, where: Location) -> Location:
    """The paragraph that holds the node, or else the nearest one before it."""
    at = place_of(node, where)
    if at != where:
        return at
    before = next(node.itersiblings(w("p"), preceding=True), None)
    if before is None:
        return where
    text = atoms(before)[0]
    return (
        Location(where.source, detail=f"{where.detail}, after the paragraph “{text[:60]}”")
        if text
        else where
    )


def _said(node: Element) -> str:
    """What stands in an element's `w:val`, for messages."""
    value = node.get(w("val"))
    return quoted(value) if value else "nothing"


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 10 else None
