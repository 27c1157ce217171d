"""Elements put into a part's tree in the place of a mark, between the runs or paragraphs that the
mark divides.

A mark is a processing instruction in a text, among runs or among paragraphs.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy

from lxml import etree

from papergen.engine.values import ValueMisuse
from papergen.word.rich_text import BREAK, PAGE
from papergen.word.tree import Element, w

_PROPERTIES = {w(name) for name in ("rPr", "pPr", "smartTagPr", "customXmlPr")}
_DIVISIBLE = {w(name) for name in ("t", "r", "hyperlink", "smartTag", "customXml", "dir", "bdo")}
"""What a new paragraph may begin in: each becomes two of its kind."""
_ENDS_WITH_PARAGRAPH = {
    w(name) for name in ("tc", "hdr", "ftr", "footnote", "endnote", "txbxContent")
}
"""ISO/IEC 29500-1 §17.4.65 and what Word asks of the others."""
_BLOCKS = {w(name) for name in ("p", "tbl", "sdt", "customXml")}


def put_text(mark: Element, nodes: Sequence[Element]) -> None:
    """Put what a run holds (`w:t`, `w:br`, breaks) in the place of a mark in a run's text."""
    _divide(mark)
    _replace(mark, nodes)


def put_runs(mark: Element, nodes: Sequence[Element]) -> None:
    """Put runs and links in the place of a mark in a run's text, or among runs."""
    while mark.getparent().tag in (w("t"), w("r")):
        _divide(mark)
    if any(node.tag == w("hyperlink") for node in nodes):
        while any(above.tag == w("hyperlink") for above in mark.iterancestors()):
            _divide(mark)  # no link may stand within another
    _replace(mark, nodes)


def put_blocks(mark: Element, nodes: Sequence[Element]) -> None:
    """Put paragraphs and tables in the place of a mark among paragraphs."""
    holder = mark.getparent()
    _replace(mark, nodes)
    if holder.tag not in _ENDS_WITH_PARAGRAPH:
        return
    last = next((node for node in reversed(holder) if node.tag in _BLOCKS), None)
    if last is None or last.tag != w("p"):
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
    breaks = [mark for node in nodes for mark in node.iter(etree.PI) if mark.target == BREAK]
    for mark in breaks:
        while mark.getparent().tag != w("p"):
            if mark.getparent().tag not in _DIVISIBLE:
                raise ValueMisuse(
                    "a new paragraph cannot begin here, within a content control or a field",
                    "Take \\a and \\f out of the value, or move the tag out of the control.",
                )
            _divide(mark)
        _divide_paragraph(mark)


def _replace(mark: Element, nodes: Sequence[Element]) -> None:
    for node in nodes:
        mark.addprevious(node)
    mark.getparent().remove(mark)


def _divide(mark: Element) -> None:
    """Divide the element that holds the mark, which then stands between its two parts. A part that
    holds nothing goes.
    """
    owner = mark.getparent()
    after = _second_part(owner, mark)
    owner.addnext(after)
    owner.addnext(mark)
    for part in (owner, after):
        if not part.text and all(child.tag in _PROPERTIES for child in part):
            part.getparent().remove(part)


def _second_part(owner: Element, mark: Element) -> Element:
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
        page = etree.Element(w("p"))
        line = etree.SubElement(etree.SubElement(page, w("r")), w("br"))
        line.set(w("type"), "page")
        owner.addnext(page)
    owner.remove(mark)
