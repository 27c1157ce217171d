"""A subdocument's content, made ready to stand in another document: what it names in its own
package (styles, lists, pictures, links, notes) is brought along, and ids stay unique.

docxtpl has first let docxcompose fit the content to a copy of the template, its `master`. What
docxcompose leaves where it was is found in the subdocument's own package.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from functools import cached_property

from lxml import etree

from papergen.engine.state import RenderState
from papergen.engine.values import ValueMisuse
from papergen.errors import Location
from papergen.word.cleaning import clean_tree
from papergen.word.open_package import OpenPackage
from papergen.word.parts import Parts, Relationship
from papergen.word.tree import WP, Element, R, remove, w
from papergen.word.validity import part_faults

_DIAGRAM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}relIds"
_STYLE_TAGS = {w("pStyle"): "paragraph", w("rStyle"): "character", w("tblStyle"): "table"}
_LINKED = ("basedOn", "next", "link")
_NOTES = {w("footnoteReference"): "footnotes", w("endnoteReference"): "endnotes"}
_WORD = re.compile(r"[^\s\"\\]+")


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
        """The parts of foot- and endnotes."""
        roots = {kind: self._root(kind) for kind in ("footnotes", "endnotes")}
        return {kind: root for kind, root in roots.items() if root is not None}

    def relationship(self, part: str, id_: str) -> Relationship | None:
        return next((one for one in self.parts.relationships(part) if one.id == id_), None)


@dataclass(slots=True, eq=False)
class Subdocument:
    """A subdocument as it is placed. `root`: its `w:document`; `own`: its own package, None where
    its content was made in the master.
    """

    root: Element
    master: DefinitionSource
    own: DefinitionSource | None


@dataclass(slots=True, eq=False)
class SubdocumentWriter:
    """Makes content of subdocuments ready for one document."""

    package: OpenPackage
    run: RenderState
    _bookmarks: set[str] | None = None
    _added_lists: set[str] = field(default_factory=set)
    """The lists of other subdocuments: another one like these begins anew."""

    def content(self, sub: Subdocument, part: str, *, sections: bool) -> list[Element]:
        """The paragraphs and tables of a subdocument, to stand in `part`. `sections`: whether
        sections may begin there.

        Raises ValueMisuse where something in it cannot stand there.
        """
        root = deepcopy(sub.root)
        self.run.budget.write(100 * sum(1 for _ in root.iter()))
        clean_tree(root)
        lists = _lists(sub.master.numbering)
        for node in list(root.iter(w("numPr"))):
            number = node.find(w("numId"))
            if number is not None and _val(number) not in {"0", *map(str, lists)}:
                remove(node)  # Word shows no number of a list that is not there
        for problem in part_faults(root, Location("subdocument"), lists):
            raise ValueMisuse(f"in the subdocument, {problem.message}", problem.hint)
        body = root.find(w("body"))
        if body is None:
            raise ValueMisuse("the subdocument has no text", "Open it in Word and save it again.")
        self._drop_sections(body, every=not sections)
        self._bring_relationships(body, sub, part)
        self._bring_definitions(body, sub, sub.master)
        self._bring_notes(body, sub, part)
        self._renumber(body)
        self.package.adopt_namespaces(part, root)
        return list(body)

    # -- what is left out

    def _drop_sections(self, body: Element, *, every: bool) -> None:
        for section in body.findall(w("sectPr")):
            remove(section)
        if every:
            for section in list(body.iter(w("sectPr"))):
                remove(section)

    # -- relationships

    def _bring_relationships(self, body: Element, sub: Subdocument, part: str) -> None:
        for node, key, id_ in _references(body):
            source = sub.master
            if sub.own is not None and not _is_composed(node, key):
                source = sub.own
            node.set(key, self._relationship(source, source.parts.main, id_, node, part))

    def _relationship(
        self, source: DefinitionSource, owner: str, id_: str, node: Element, part: str
    ) -> str:
        found = source.relationship(owner, id_)
        if found is None or not (found.external or source.parts.holds(found.target)):
            name = etree.QName(node).localname
            raise ValueMisuse(
                f"the subdocument holds something (“{name}”) that leads nowhere",
                "Open the subdocument in Word and save it again.",
            )
        return self.package.copy_relationship(source.parts, found, part)

    # -- styles and lists

    def _bring_definitions(
        self, content: Element, sub: Subdocument, source: DefinitionSource
    ) -> None:
        """`source`: the package whose ids of styles and lists the content has."""
        for node in list(content.iter(*_STYLE_TAGS)):
            style = self._style(_val(node), _STYLE_TAGS[node.tag], sub, source)
            if style:
                _set_val(node, style)
            else:
                remove(node)
        for node in list(content.iter(w("numId"))):
            self._renumber_list(node, source)

    def _renumber_list(self, node: Element, source: DefinitionSource) -> None:
        number = self._number(_val(node), source)
        if number:
            _set_val(node, number)
        else:
            remove(node.getparent())

    def _style(self, id_: str, kind: str, sub: Subdocument, source: DefinitionSource) -> str:
        """The id of a style in the document, which gets a copy where it has none of this id; empty
        where there is no such style.
        """
        root = self.package.tree(self.package.own_part("styles"))
        known = _by_id(root, id_)
        if known is not None:
            return id_ if known.get(w("type")) == kind else ""
        found = _by_id(source.styles, id_)
        if found is None or found.get(w("type")) != kind:
            return ""
        return self._copy_style(found, sub, source, root)

    def _copy_style(
        self, style: Element, sub: Subdocument, source: DefinitionSource, root: Element
    ) -> str:
        """The id of the document's style of this name, or of a copy. `source`: the package whose
        lists the style names.
        """
        same = _by_name(root, style)
        if same is not None:
            return same.get(w("styleId")) or ""
        copy = deepcopy(style)
        id_ = copy.get(w("styleId")) or ""
        copy.attrib.pop(w("default"), None)
        for key in [key for key in copy.attrib if key.startswith(w("rsid"))]:
            del copy.attrib[key]
        for node in list(copy.iter(w("rsid"))):
            remove(node)
        root.append(copy)
        for name in _LINKED:
            for node in copy.findall(w(name)):
                self._relink(node, sub, root)
        for node in list(copy.iter(w("numId"))):
            self._renumber_list(node, source)
        return id_

    def _relink(self, node: Element, sub: Subdocument, root: Element) -> None:
        """Let a copied style name the document's own styles, or copies of those that it lacks.

        docxcompose copies styles as they are: what they name has its id in the subdocument's own
        package.
        """
        source = sub.own or sub.master
        other = _by_id(source.styles, _val(node))
        if other is not None:
            _set_val(node, self._copy_style(other, sub, source, root))
        elif _by_id(root, _val(node)) is None:
            remove(node)

    def _number(self, id_: str, source: DefinitionSource) -> str:
        """The numId of a list in the document, which gets a copy where its own list of that number
        is another; empty where there is no such list.
        """
        if id_ == "0" or id_ in source.numbers:
            return source.numbers.get(id_, id_)
        number = _find(source.numbering, "num", "numId", id_)
        abstract = None if number is None else _abstract_of(source.numbering, number)
        if number is None or abstract is None:
            return ""
        root = self.package.tree(self.package.own_part("numbering"))
        same = _find(root, "num", "numId", id_)
        if same is not None and id_ not in self._added_lists and _shape(same) == _shape(number):
            own = _abstract_of(root, same)
            if own is not None and _shape(own) == _shape(abstract):
                source.numbers[id_] = id_
                return id_
        copy = deepcopy(number)
        copied = str(_highest(root, "num", "numId") + 1)
        copy.set(w("numId"), copied)
        _set_val(_child(copy, "abstractNumId"), self._abstract(abstract, source, root))
        _insert_after(root, copy, ("numPicBullet", "abstractNum", "num"))
        source.numbers[id_] = copied
        self._added_lists.add(copied)
        return copied

    def _abstract(self, abstract: Element, source: DefinitionSource, root: Element) -> str:
        id_ = abstract.get(w("abstractNumId")) or ""
        if id_ in source.abstracts:
            return source.abstracts[id_]
        own = _find(root, "abstractNum", "abstractNumId", id_)
        if own is not None and _shape(own) == _shape(abstract):
            source.abstracts[id_] = id_
            return id_
        copy = deepcopy(abstract)
        number = _highest(root, "abstractNum", "abstractNumId") + 1
        copy.set(w("abstractNumId"), str(number))
        for node in list(copy.iter(w("styleLink"), w("lvlPicBulletId"), w("pStyle"), w("tmpl"))):
            remove(node)
        for node in copy.findall(w("nsid")):  # two lists with one nsid are one list to Word
            _set_val(node, f"{0x50470000 + number:08X}")
        _insert_after(root, copy, ("numPicBullet", "abstractNum"))
        source.abstracts[id_] = str(number)
        return str(number)

    # -- notes

    def _bring_notes(self, body: Element, sub: Subdocument, part: str) -> None:
        for node in list(body.iter(*_NOTES)):
            if part != self.package.main:
                raise ValueMisuse(
                    "the subdocument has notes, which can stand in the text only",
                    "Take them out, or print it in the text.",
                )
            kind = _NOTES[node.tag]
            own = sub.own or sub.master
            note = _note(sub.master if kind == "footnotes" else own, kind, node.get(w("id")))
            if note is None:
                raise ValueMisuse(
                    "the subdocument refers to a note that is not there",
                    "Open the subdocument in Word and save it again.",
                )
            node.set(w("id"), self._copy_note(note, kind, sub))

    def _copy_note(self, note: Element, kind: str, sub: Subdocument) -> str:
        name = self.package.own_part(kind)
        root = self.package.tree(name)
        own = sub.own or sub.master
        if not len(root):
            source = sub.master if kind == "footnotes" else own
            for separator in source.notes[kind]:
                if separator.get(w("type")) is not None:
                    root.append(deepcopy(separator))
        copy = deepcopy(note)
        clean_tree(copy)
        number = str(max(0, _highest(root, kind[:-1], "id")) + 1)
        copy.set(w("id"), number)
        owner = own.parts.related(own.parts.main, kind)
        for node, key, id_ in _references(copy):
            node.set(key, self._relationship(own, owner[0], id_, node, name))
        self._bring_definitions(copy, sub, sub.master if kind == "footnotes" else own)
        self._renumber(copy)
        self.package.adopt_namespaces(name, note.getroottree().getroot())
        self.package.tree(name).append(copy)
        return number

    # -- ids

    def _renumber(self, content: Element) -> None:
        """Give drawings, bookmarks and content controls ids that nothing else in the document
        has.
        """
        for node in content.iter(f"{{{WP}}}docPr"):
            node.set("id", self.run.ids.drawing_id())
        for control in content.iter(w("sdtPr")):
            for node in control.findall(w("id")):
                remove(node)
        self._renumber_bookmarks(content)

    def _renumber_bookmarks(self, content: Element) -> None:
        ends = {node.get(w("id")): node for node in content.iter(w("bookmarkEnd"))}
        paired: set[Element] = set()
        renamed: dict[str, str] = {}
        for start in list(content.iter(w("bookmarkStart"))):
            end = ends.pop(start.get(w("id")), None)
            if end is None:
                remove(start)
                continue
            paired.add(end)
            number = str(self.run.ids.next())
            start.set(w("id"), number)
            end.set(w("id"), number)
            name = start.get(w("name")) or ""
            renamed[name] = self._unique(name)
            start.set(w("name"), renamed[name])
        for end in list(content.iter(w("bookmarkEnd"))):
            if end not in paired:
                remove(end)
        _follow(content, renamed)

    def _unique(self, name: str) -> str:
        if self._bookmarks is None:
            self._bookmarks = self.package.bookmark_names()
        unique, number = name, 1
        while unique.lower() in self._bookmarks:
            number += 1
            unique = f"{name[: 39 - len(str(number))]}_{number}"
        self._bookmarks.add(unique.lower())
        return unique


def _is_composed(node: Element, key: str) -> bool:
    """Whether docxcompose has fitted a reference of a subdocument's to its master."""
    if node.tag == _DIAGRAM:
        return True
    name = etree.QName(node).localname
    if key == f"{{{R}}}id":
        return name not in ("fill", "stroke")
    return name in ("blip", "svgBlip") and node.get(f"{{{R}}}embed") is not None


def _follow(content: Element, renamed: dict[str, str]) -> None:
    """Let links and fields lead to bookmarks under their new names."""
    for node in content.iter(w("hyperlink")):
        anchor = node.get(w("anchor"))
        if anchor in renamed:
            node.set(w("anchor"), renamed[anchor])

    def rename(found: re.Match[str]) -> str:
        return renamed.get(found[0], found[0])

    for node in content.iter(w("instrText")):
        node.text = _WORD.sub(rename, node.text or "")
    for node in content.iter(w("fldSimple")):
        node.set(w("instr"), _WORD.sub(rename, node.get(w("instr")) or ""))


def _val(node: Element) -> str:
    """What stands in the element's `w:val`."""
    return node.get(w("val")) or ""


def _set_val(node: Element, value: str) -> None:
    node.set(w("val"), value)


def _references(content: Element) -> Iterator[tuple[Element, str, str]]:
    """The attributes in which ids of relationships stand: element, key and id."""
    for node in list(content.iter(etree.Element)):
        for key, id_ in list(node.attrib.items()):
            if key.startswith(f"{{{R}}}") and id_:
                yield node, key, id_


def _lists(numbering: Element | None) -> set[int]:
    """The numIds of a numbering part."""
    if numbering is None:
        return set()
    return {int(node.get(w("numId")) or 0) for node in numbering.iter(w("num"))}


def _note(source: DefinitionSource, kind: str, id_: str | None) -> Element | None:
    root = source.notes.get(kind)
    return None if root is None or id_ is None else _find(root, kind[:-1], "id", id_)


def _by_id(root: Element | None, id_: str) -> Element | None:
    return _find(root, "style", "styleId", id_)


def _by_name(root: Element, style: Element) -> Element | None:
    """The style of the same kind and name: ids differ from language to language."""
    name = style.find(w("name"))
    if name is None:
        return None
    wanted = _val(name).lower()
    for known in root.iter(w("style")):
        own = known.find(w("name"))
        if own is not None and _val(own).lower() == wanted:
            return known if known.get(w("type")) == style.get(w("type")) else None
    return None


def _find(root: Element | None, name: str, key: str, value: str) -> Element | None:
    if root is None:
        return None
    return next((node for node in root.iter(w(name)) if node.get(w(key)) == value), None)


def _child(node: Element, name: str) -> Element:
    child = node.find(w(name))
    assert child is not None
    return child


def _abstract_of(numbering: Element, number: Element) -> Element | None:
    """The list that a `w:num` is an instance of; one that another defines is that other
    (17.9.21).
    """
    reference = number.find(w("abstractNumId"))
    value = None if reference is None else _val(reference)
    found = None if value is None else _find(numbering, "abstractNum", "abstractNumId", value)
    link = None if found is None else found.find(w("numStyleLink"))
    if link is None:
        return found
    return next(
        (node.getparent() for node in numbering.iter(w("styleLink")) if _val(node) == _val(link)),
        found,
    )


def _shape(node: Element) -> tuple[object, ...]:
    """What an element says, less its prefixes and blanks: equal for elements that say the same."""
    children = tuple(_shape(child) for child in node if isinstance(child.tag, str))
    return node.tag, tuple(sorted(node.attrib.items())), (node.text or "").strip(), children


def _highest(root: Element, name: str, key: str) -> int:
    numbers = [node.get(w(key)) or "" for node in root.iter(w(name))]
    return max((int(number) for number in numbers if number.lstrip("-").isdecimal()), default=-1)


def _insert_after(root: Element, node: Element, names: tuple[str, ...]) -> None:
    """Put a child behind the last of these names (CT_Numbering, 17.9.16)."""
    tags = {w(name) for name in names}
    places = [index for index, child in enumerate(root) if child.tag in tags]
    root.insert(places[-1] + 1 if places else 0, node)
