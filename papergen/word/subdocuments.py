"""A subdocument's content, made ready to stand in another document: what it names in its own
package (styles, lists, pictures, links, notes) is brought along, and ids stay unique.

docxtpl has first let docxcompose fit the content to a copy of the template, its `master`. What
docxcompose leaves where it was is found in the subdocument's own package.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from copy import deepcopy
from dataclasses import dataclass, field

from lxml import etree

from papergen.engine.state import RenderState
from papergen.engine.values import ValueMisuse
from papergen.errors import Location
from papergen.word.cleaning import clean_tree
from papergen.word.definitions import (
    DefinitionSource,
    abstract_of,
    find_element,
    has_list,
    highest_number,
    insert_after,
    list_ids,
    shape_of,
    style_by_id,
    style_by_name,
)
from papergen.word.links import is_safe_link
from papergen.word.open_package import OpenPackage
from papergen.word.tree import WP, Element, R, attribute_of, local_name, remove, val_of, w
from papergen.word.validity import part_faults

_ID = f"{{{R}}}id"
_EMBEDDED = f"{{{R}}}embed"
_DIAGRAM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}relIds"
_STYLE_TAGS = {
    w("pStyle"): "paragraph",
    w("rStyle"): "character",
    w("tblStyle"): "table",
}
_DRAWING_PROPERTIES = f"{{{WP}}}docPr"
_LINKED = ("basedOn", "next", "link")
_NOTES = {
    w("footnoteReference"): "footnotes",
    w("endnoteReference"): "endnotes",
}
_WORD = re.compile(r"[^\s\"\\]+")


@dataclass(slots=True, eq=False)
class Subdocument:
    """A subdocument as it is placed. `root`: its `w:document`; `own`: its own package, None where
    its content was made in the master.
    """

    root: Element
    master: DefinitionSource
    own: DefinitionSource | None

    @property
    def source(self) -> DefinitionSource:
        """The package in which what docxcompose has not fitted to the master is found."""
        return self.own or self.master

    def note_source(self, kind: str) -> DefinitionSource:
        """The package that has the notes: docxcompose brings footnotes alone to the master."""
        return self.master if kind == "footnotes" else self.source


@dataclass(slots=True, eq=False)
class SubdocumentWriter:
    """Makes content of subdocuments ready for one document."""

    package: OpenPackage
    run: RenderState
    _bookmarks: set[str] | None = None
    _added_lists: set[str] = field(default_factory=set)
    """The lists of other subdocuments: another one like these begins anew."""

    def content(self, sub: Subdocument, part: str, *, sections: bool) -> list[Element]:
        """The paragraphs and tables of a subdocument, for `part`.

        `sections`: whether sections may begin there.
        Raises ValueMisuse where something in it cannot stand there.
        """
        root = deepcopy(sub.root)
        self._charge(root)
        clean_tree(root)
        lists = list_ids(sub.master.numbering)
        _drop_unknown_lists(root, lists)
        for problem in part_faults(root, Location("subdocument"), lists):
            raise ValueMisuse(f"in the subdocument, {problem.message}", problem.hint)
        body = root.find(w("body"))
        if body is None:
            raise ValueMisuse("the subdocument has no text", "Open it in Word and save it again.")
        _drop_sections(body, every=not sections)
        self._bring_relationships(body, sub, part)
        self._bring_definitions(body, sub, sub.master)
        self._bring_notes(body, sub, part)
        self._renumber(body)
        self.package.adopt_namespaces(part, root)
        return list(body)

    def _charge(self, root: Element) -> None:
        """Count the subdocument's elements against what a document may hold."""
        elements = sum(1 for _ in root.iter())
        self.run.budget.write(100 * elements)

    # -- relationships

    def _bring_relationships(self, body: Element, sub: Subdocument, part: str) -> None:
        for reference in _references(body):
            source = sub.master if _is_composed(reference) else sub.source
            self._bring_relationship(reference, source, source.parts.main, part)

    def _bring_relationship(
        self,
        reference: _Reference,
        source: DefinitionSource,
        owner: str,
        part: str,
    ) -> None:
        """Make a reference, to a relationship of `owner`, one to a relationship of `part`."""
        found = source.relationship(owner, reference.id)
        if found is None or not (found.external or source.parts.holds(found.target)):
            name = local_name(reference.node)
            raise ValueMisuse(
                f"the subdocument holds something (“{name}”) that leads nowhere",
                "Open the subdocument in Word and save it again.",
            )
        if found.external and not is_safe_link(found.kind, found.target):
            raise ValueMisuse(
                f"the subdocument leads to “{found.target[:80]}”, which is not a link to a page",
                "Take it out of the subdocument; put pictures and objects into it as copies.",
            )
        id_ = self.package.copy_relationship(source.parts, found, part)
        reference.node.set(reference.key, id_)

    # -- styles and lists

    def _bring_definitions(
        self, content: Element, sub: Subdocument, source: DefinitionSource
    ) -> None:
        """`source`: the package whose ids of styles and lists the content has."""
        for node in list(content.iter(*_STYLE_TAGS)):
            kind = _STYLE_TAGS[node.tag]
            id_ = val_of(node)
            style = self._style(id_, kind, sub, source)
            if style:
                node.set(w("val"), style)
            else:
                remove(node)
        self._renumber_lists(content, source)

    def _renumber_lists(self, content: Element, source: DefinitionSource) -> None:
        for node in list(content.iter(w("numId"))):
            number = self._number(val_of(node), source)
            if number:
                node.set(w("val"), number)
            else:
                remove(node.getparent())

    def _own_root(self, kind: str) -> Element:
        """The root of the document's part of that kind."""
        name = self.package.own_part(kind)
        return self.package.tree(name)

    def _style(
        self,
        id_: str,
        kind: str,
        sub: Subdocument,
        source: DefinitionSource,
    ) -> str:
        """The id of a style in the document, which gets a copy where it has none of this id.

        Empty where there is no such style.
        """
        root = self._own_root("styles")
        known = style_by_id(root, id_)
        if known is not None:
            return id_ if known.get(w("type")) == kind else ""
        found = style_by_id(source.styles, id_)
        if found is None or found.get(w("type")) != kind:
            return ""
        return self._copy_style(found, sub, source, root)

    def _copy_style(
        self,
        style: Element,
        sub: Subdocument,
        source: DefinitionSource,
        root: Element,
    ) -> str:
        """The id of the document's style of this name, or of a copy.

        `source`: the package whose lists the style names.
        """
        same = style_by_name(root, style)
        if same is not None:
            return attribute_of(same, "styleId")
        copy = deepcopy(style)
        copy.attrib.pop(w("default"), None)
        for key in list(copy.attrib):
            if key.startswith(w("rsid")):
                del copy.attrib[key]
        _remove_all(copy, "rsid")
        root.append(copy)
        for name in _LINKED:
            for node in copy.findall(w(name)):
                self._relink(node, sub, root)
        self._renumber_lists(copy, source)
        return attribute_of(copy, "styleId")

    def _relink(self, node: Element, sub: Subdocument, root: Element) -> None:
        """Let a copied style name the document's own styles, or copies of those that it lacks.

        docxcompose copies styles as they are: they name others by ids of the subdocument's package.
        """
        id_ = val_of(node)
        other = style_by_id(sub.source.styles, id_)
        if other is not None:
            style = self._copy_style(other, sub, sub.source, root)
            node.set(w("val"), style)
        elif style_by_id(root, id_) is None:
            remove(node)

    def _number(self, id_: str, source: DefinitionSource) -> str:
        """The numId of a list in the document, which gets a copy where its own list of that number
        is another; empty where there is no such list.
        """
        if id_ == "0" or id_ in source.numbers:
            return source.numbers.get(id_, id_)
        number = find_element(source.numbering, "num", "numId", id_)
        if number is None:
            return ""
        abstract = abstract_of(source.numbering, number)
        if abstract is None:
            return ""
        root = self._own_root("numbering")
        if id_ not in self._added_lists and has_list(root, number, abstract):
            source.numbers[id_] = id_
            return id_
        copy = deepcopy(number)
        copied = str(max(0, highest_number(root, "num", "numId")) + 1)  # 0 means “no list”
        copy.set(w("numId"), copied)
        reference = copy.find(w("abstractNumId"))
        abstract_id = self._abstract(abstract, source, root)
        reference.set(w("val"), abstract_id)
        insert_after(root, copy, ("numPicBullet", "abstractNum", "num"))
        source.numbers[id_] = copied
        self._added_lists.add(copied)
        return copied

    def _abstract(self, abstract: Element, source: DefinitionSource, root: Element) -> str:
        """The id of an abstract list in the document, which gets a copy where it has none such."""
        id_ = attribute_of(abstract, "abstractNumId")
        if id_ in source.abstracts:
            return source.abstracts[id_]
        own = find_element(root, "abstractNum", "abstractNumId", id_)
        if own is not None and shape_of(own) == shape_of(abstract):
            source.abstracts[id_] = id_
            return id_
        copy = deepcopy(abstract)
        number = highest_number(root, "abstractNum", "abstractNumId") + 1
        copied = str(number)
        copy.set(w("abstractNumId"), copied)
        _remove_all(copy, "styleLink", "lvlPicBulletId", "pStyle", "tmpl")
        for node in copy.findall(w("nsid")):  # two lists with one nsid are one list to Word
            node.set(w("val"), f"{0x50470000 + number:08X}")
        insert_after(root, copy, ("numPicBullet", "abstractNum"))
        source.abstracts[id_] = copied
        return copied

    # -- notes

    def _bring_notes(self, body: Element, sub: Subdocument, part: str) -> None:
        for node in list(body.iter(*_NOTES)):
            if part != self.package.main:
                raise ValueMisuse(
                    "the subdocument has notes, which can stand in the text only",
                    "Take them out, or print it in the text.",
                )
            kind = _NOTES[node.tag]
            source = sub.note_source(kind)
            note = _note(source, kind, node.get(w("id")))
            if note is None:
                raise ValueMisuse(
                    "the subdocument refers to a note that is not there",
                    "Open the subdocument in Word and save it again.",
                )
            copied = self._copy_note(note, kind, sub)
            node.set(w("id"), copied)

    def _copy_note(self, note: Element, kind: str, sub: Subdocument) -> str:
        """The id of the copy of a note in the document."""
        name = self.package.own_part(kind)
        root = self.package.tree(name)
        source = sub.note_source(kind)
        if not len(root):
            for separator in source.notes[kind]:
                if separator.get(w("type")) is not None:
                    root.append(deepcopy(separator))
        copy = deepcopy(note)
        clean_tree(copy)
        highest = highest_number(root, _note_tag(kind), "id")
        number = str(max(0, highest) + 1)
        copy.set(w("id"), number)
        parts = sub.source.parts
        owner = parts.related(parts.main, kind)[0]
        for reference in _references(copy):
            self._bring_relationship(reference, sub.source, owner, name)
        self._bring_definitions(copy, sub, source)
        self._renumber(copy)
        self.package.adopt_namespaces(name, note.getroottree().getroot())
        self.package.tree(name).append(copy)
        return number

    # -- ids

    def _renumber(self, content: Element) -> None:
        """Give drawings and bookmarks ids of their own; Word gives new ones to content controls."""
        for node in content.iter(_DRAWING_PROPERTIES):
            node.set("id", self.run.ids.drawing_id())
        for control in content.iter(w("sdtPr")):
            for node in control.findall(w("id")):
                remove(node)
        self._renumber_bookmarks(content)

    def _renumber_bookmarks(self, content: Element) -> None:
        """Ends without a start are removed, and starts without an end."""
        ends: dict[str | None, Element] = {}
        for end in content.iter(w("bookmarkEnd")):
            ends[end.get(w("id"))] = end
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
            name = attribute_of(start, "name")
            unique = self._unique(name)
            start.set(w("name"), unique)
            renamed[name] = unique
        for end in list(content.iter(w("bookmarkEnd"))):
            if end not in paired:
                remove(end)
        _follow(content, renamed)

    def _unique(self, name: str) -> str:
        """A bookmark's name that the document does not have yet: Word takes 40 characters."""
        if self._bookmarks is None:
            self._bookmarks = self.package.bookmark_names()
        unique = name
        number = 1
        while unique.lower() in self._bookmarks:
            number += 1
            kept = 39 - len(str(number))
            unique = f"{name[:kept]}_{number}"
        self._bookmarks.add(unique.lower())
        return unique


@dataclass(frozen=True, slots=True)
class _Reference:
    """An attribute, by its node and key, that holds the id of a relationship."""

    node: Element
    key: str
    id: str


def _is_composed(reference: _Reference) -> bool:
    """Whether docxcompose has fitted a reference of a subdocument's to its master."""
    if reference.node.tag == _DIAGRAM:
        return True
    name = local_name(reference.node)
    if reference.key == _ID:
        return name not in ("fill", "stroke")
    is_embedded = reference.node.get(_EMBEDDED) is not None
    return is_embedded and name in ("blip", "svgBlip")


def _drop_unknown_lists(root: Element, lists: Collection[int]) -> None:
    """Drop list properties with a list that is not there: Word shows no number for them."""
    known = {"0", *map(str, lists)}
    for node in list(root.iter(w("numPr"))):
        number = node.find(w("numId"))
        if number is not None and val_of(number) not in known:
            remove(node)


def _drop_sections(body: Element, *, every: bool) -> None:
    """Drop the body's own section and, on request, those that end within it."""
    for section in body.findall(w("sectPr")):
        remove(section)
    if every:
        _remove_all(body, "sectPr")


def _remove_all(root: Element, *names: str) -> None:
    tags = [w(name) for name in names]
    for node in list(root.iter(*tags)):
        remove(node)


def _follow(content: Element, renamed: dict[str, str]) -> None:
    """Let links and fields lead to bookmarks under their new names."""
    for node in content.iter(w("hyperlink")):
        anchor = node.get(w("anchor"))
        if anchor in renamed:
            node.set(w("anchor"), renamed[anchor])
    for node in content.iter(w("instrText")):
        node.text = _renamed(node.text or "", renamed)
    for node in content.iter(w("fldSimple")):
        instruction = attribute_of(node, "instr")
        node.set(w("instr"), _renamed(instruction, renamed))


def _renamed(instruction: str, names: dict[str, str]) -> str:
    """A field's instruction with new names of bookmarks."""
    return _WORD.sub(lambda word: names.get(word[0], word[0]), instruction)


def _references(content: Element) -> Iterator[_Reference]:
    """The references to relationships, which may be changed one after another."""
    for node in list(content.iter(etree.Element)):
        for key, id_ in list(node.attrib.items()):
            if key.startswith(f"{{{R}}}") and id_:
                yield _Reference(node, key, id_)


def _note(source: DefinitionSource, kind: str, id_: str | None) -> Element | None:
    if id_ is None:
        return None
    return find_element(source.notes.get(kind), _note_tag(kind), "id", id_)


def _note_tag(kind: str) -> str:
    """The name of one note's element: "footnote" in the part "footnotes"."""
    return kind.removesuffix("s")
