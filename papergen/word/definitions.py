"""Styles, lists and notes of a package, found and compared in the roots of their parts.

Numbers in brackets are sections of ISO/IEC 29500-1.
"""

from __future__ import annotations

from functools import cached_property

from papergen.word.parts import Parts, Relationship
from papergen.word.tree import Element, attribute_of, child_of, val_of, w


class DefinitionSource:
    """A package from which styles and lists are taken."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.numbers: dict[str, str] = {}
        """What lists of this package have become in the document, by numId."""
        self.abstracts: dict[str, str] = {}

    def _root(self, kind: str) -> Element | None:
        found = self.parts.related(self.parts.main, kind)
        return self.parts.xml(found[0]) if found else None

    @cached_property
    def numbering(self) -> Element | None:
        return self._root("numbering")

    @cached_property
    def styles(self) -> Element | None:
        return self._root("styles")

    @cached_property
    def notes(self) -> dict[str, Element]:
        """The parts of foot- and endnotes, as far as there are any."""
        found: dict[str, Element] = {}
        for kind in ("footnotes", "endnotes"):
            root = self._root(kind)
            if root is not None:
                found[kind] = root
        return found

    def relationship(self, part: str, id_: str) -> Relationship | None:
        for relationship in self.parts.relationships(part):
            if relationship.id == id_:
                return relationship
        return None


def list_ids(numbering: Element | None) -> set[int]:
    """The numIds of a numbering part."""
    if numbering is None:
        return set()
    numbers = [attribute_of(node, "numId") for node in numbering.iter(w("num"))]
    return {int(number or 0) for number in numbers}


def style_by_id(root: Element | None, id_: str) -> Element | None:
    """The style of this id, None where there is none, or no styles part."""
    return find_element(root, "style", "styleId", id_)


def style_by_name(root: Element, style: Element) -> Element | None:
    """The style of the same kind and name: ids differ from language to language."""
    name = style.find(w("name"))
    if name is None:
        return None
    wanted = val_of(name).lower()
    for known in root.iter(w("style")):
        own = known.find(w("name"))
        if own is None or val_of(own).lower() != wanted:
            continue
        is_same_kind = known.get(w("type")) == style.get(w("type"))
        return known if is_same_kind else None
    return None


def find_element(
    root: Element | None,
    name: str,
    key: str,
    value: str,
) -> Element | None:
    """The first element w:`name` whose attribute w:`key` is `value`."""
    if root is None:
        return None
    for node in root.iter(w(name)):
        if node.get(w(key)) == value:
            return node
    return None


def has_list(numbering: Element, number: Element, abstract: Element) -> bool:
    """Whether the document has the same list, of the same abstract list, under the same numId."""
    same = find_element(numbering, "num", "numId", attribute_of(number, "numId"))
    if same is None or shape_of(same) != shape_of(number):
        return False
    own = abstract_of(numbering, same)
    return own is not None and shape_of(own) == shape_of(abstract)


def abstract_of(numbering: Element, number: Element) -> Element | None:
    """The abstract list of a `w:num`; one that is only a link to a list style's is that one
    (17.9.21).
    """
    reference = number.find(w("abstractNumId"))
    if reference is None:
        return None
    found = find_element(numbering, "abstractNum", "abstractNumId", val_of(reference))
    link = child_of(found, "numStyleLink")
    if link is None:
        return found
    for node in numbering.iter(w("styleLink")):
        if val_of(node) == val_of(link):
            return node.getparent()
    return found


def shape_of(node: Element) -> tuple[object, ...]:
    """What an element says, without prefixes and blanks: equal for elements that say the same."""
    attributes = tuple(sorted(node.attrib.items()))
    text = (node.text or "").strip()
    children = [shape_of(child) for child in node if isinstance(child.tag, str)]
    return node.tag, attributes, text, tuple(children)


def highest_number(root: Element, name: str, key: str) -> int:
    """The highest number in an attribute of these elements, -1 where there is none."""
    numbers: list[int] = []
    for node in root.iter(w(name)):
        number = attribute_of(node, key)
        if number.lstrip("-").isdecimal():
            numbers.append(int(number))
    return max(numbers, default=-1)


def insert_after(root: Element, node: Element, names: tuple[str, ...]) -> None:
    """Put a child after the last of these names (CT_Numbering, 17.9.16)."""
    tags = {w(name) for name in names}
    place = 0
    for index, child in enumerate(root):
        if child.tag in tags:
            place = index + 1
    root.insert(place, node)
