"""Putting elements into a part's tree in the place of a mark, which divides what holds it.

A mark is a processing instruction in a text, among runs or among paragraphs.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy

from lxml import etree

from papergen.engine.values import ValueMisuse
from papergen.word.rich_text import BREAK, PAGE
from papergen.word.tree import Element, ancestor, w

_PROPERTIES = {
    w("rPr"),
    w("pPr"),
    w("smartTagPr"),
    w("customXmlPr"),
}
_DIVISIBLE = {
    w("t"),
    w("r"),
    w("hyperlink"),
    w("smartTag"),
    w("customXml"),
    w("dir"),
    w("bdo"),
}
"""What a new paragraph may begin in: each becomes two of its kind."""
_ENDS_WITH_PARAGRAPH = {
    w("tc"),
    w("hdr"),
    w("ftr"),
    w("footnote"),
    w("endnote"),
    w("txbxContent"),
}
"""ISO/IEC 29500-1 §17.4.65 and what Word asks of the others."""
_BLOCKS = {
    w("p"),
    w("tbl"),
    w("sdt"),
    w("customXml"),
}


def put_text(mark: Element, nodes: Sequence[Element]) -> None:
    """Put what a run holds (`w:t`, `w:br`, breaks) in the place of a mark in a run's text."""
    _divide(mark)
    _replace(mark, nodes)


def put_runs(mark: Element, nodes: Sequence[Element]) -> None:
    """Put runs and links in the place of a mark in a run's text, or among runs."""
    while mark.getparent().tag in (w("t"), w("r")):
        _divide(mark)
    holds_link = any(node.tag == w("hyperlink") for node in nodes)
    while holds_link and ancestor(mark, "hyperlink") is not None:
        _divide(mark)  # no link may stand within another
    _replace(mark, nodes)


def put_blocks(mark: Element, nodes: Sequence[Element]) -> None:
    """Put paragraphs and tables in the place of a mark among paragraphs."""
    holder = mark.getparent()
    _replace(mark, nodes)
    if holder.tag not in _ENDS_WITH_PARAGRAPH:
        return
    blocks = [node for node in holder if node.tag in _BLOCKS]
    if not blocks or blocks[-1].tag != w("p"):
        etree.SubElement(holder, w("p"))


def stands_among_blocks(mark: Element) -> bool:
    """Whether a mark stands where paragraphs stand, and not within one."""
    nearest = next(mark.iterancestors(w("p"), w("body"), *_ENDS_WITH_PARAGRAPH))
    return bool(nearest.tag != w("p"))


def break_paragraphs(nodes: Sequence[Element]) -> None:
    """Begin new paragraphs at the breaks within elements that have been put in.

    A new paragraph has the properties of the one it is broken off from; a section that ends there
    ends with the last. Raises ValueMisuse where no paragraph can begin.
    """
    for mark in _breaks(nodes):
        while mark.getparent().tag != w("p"):
            if mark.getparent().tag not in _DIVISIBLE:
                raise ValueMisuse(
                    "a new paragraph cannot begin here, within a content control or a field",
                    "Take \\a and \\f out of the value, or move the tag out of the control.",
                )
            _divide(mark)
        _divide_paragraph(mark)


def _breaks(nodes: Sequence[Element]) -> list[Element]:
    found: list[Element] = []
    for node in nodes:
        found += [mark for mark in node.iter(etree.PI) if mark.target == BREAK]
    return found


def _replace(mark: Element, nodes: Sequence[Element]) -> None:
    for node in nodes:
        mark.addprevious(node)
    mark.getparent().remove(mark)


def _divide(mark: Element) -> None:
    """Divide the element that holds the mark, which then stands between its two parts.

    A part that holds nothing is removed.
    """
    owner = mark.getparent()
    after = _second_part(owner, mark)
    owner.addnext(after)
    owner.addnext(mark)
    for part in (owner, after):
        holds_something = part.text or any(child.tag not in _PROPERTIES for child in part)
        if not holds_something:
            part.getparent().remove(part)


def _second_part(owner: Element, mark: Element) -> Element:
    """A new element with the owner's properties and what follows the mark in it."""
    after = etree.Element(owner.tag, dict(owner.attrib))
    first = owner[0]
    if first.tag in _PROPERTIES:
        after.append(deepcopy(first))
    following = list(mark.itersiblings())
    if owner.tag == w("t"):
        after.text = mark.tail
    mark.tail = None
    after.extend(following)
    return after


def _divide_paragraph(mark: Element) -> None:
    owner = mark.getparent()
    after = _second_part(owner, mark)
    for section in owner.findall(f"{w('pPr')}/{w('sectPr')}"):
        section.getparent().remove(section)
    owner.addnext(after)
    if mark.text == PAGE:
        owner.addnext(_page_break())
    owner.remove(mark)


def _page_break() -> Element:
    """A paragraph with a page break."""
    paragraph = etree.Element(w("p"))
    run = etree.SubElement(paragraph, w("r"))
    line = etree.SubElement(run, w("br"))
    line.set(w("type"), "page")
    return paragraph
