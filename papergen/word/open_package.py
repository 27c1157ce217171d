"""A written document, opened again so that parts and relationships can be added to it."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence
from hashlib import sha256

from lxml import etree

from papergen.word.package import Member
from papergen.word.parts import Parts, Relationship
from papergen.word.tree import MC, Element, part_bytes, w

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml."
_IGNORABLE = f"{{{MC}}}Ignorable"
_EMPTY = {
    "numbering": "numbering",
    "styles": "styles",
    "footnotes": "footnotes",
    "endnotes": "endnotes",
}
_STORIES = ("document", "header", "footer", "footnotes", "endnotes")
_BOOKMARK = re.compile(rb'<w:bookmarkStart\b[^>]*?\bw:name="([^"]*)"')


class OpenPackage:
    """The parts of a document that is being written. `tree` gives the tree of one, which is written
    when `members` is asked for.
    """

    def __init__(self, members: Sequence[Member], source: str) -> None:
        self.parts = Parts(members, source)
        self._trees: dict[str, Element] = {}
        self._relations: dict[tuple[str, str, str], str] = {}
        self._media: dict[str, str] = {}
        self._copies: dict[tuple[int, str], str] = {}

    @property
    def main(self) -> str:
        return self.parts.main

    def stories(self) -> Iterator[str]:
        """The parts that hold paragraphs, the main one first."""
        yield self.main
        for kind in _STORIES[1:]:
            yield from self.parts.related(self.main, kind)

    def data(self, name: str) -> bytes:
        return self.parts.data(name)

    def tree(self, name: str) -> Element:
        """The root of a part. What is changed in it is written."""
        if name not in self._trees:
            parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
            self._trees[name] = etree.fromstring(self.parts.data(name), parser)
        return self._trees[name]

    def own_part(self, kind: str) -> str:
        """The name of the main document's part of that kind; it is made where there is none."""
        found = self.parts.related(self.main, kind)
        if found:
            return found[0]
        name = posixpath.join(posixpath.dirname(self.main), f"{kind}.xml")
        root = etree.Element(w(_EMPTY[kind]), nsmap={"w": w("")[1:-1]})
        self.parts.add(self.main, OFFICE + kind, name, f"{_WORD_TYPE}{kind}+xml", part_bytes(root))
        return name

    def bookmark_names(self) -> set[str]:
        """The names of all bookmarks, in small letters: Word takes no two that differ in case
        alone.
        """
        names: set[str] = set()
        for story in self.stories():
            found = _BOOKMARK.findall(self.parts.data(story))
            names.update(name.decode().lower() for name in found)
        return names

    def relate(self, part: str, kind: str, target: str, *, external: bool = False) -> str:
        """The id of a relationship of `part`, which is made where this package has made none."""
        key = (part, kind, target)
        if key not in self._relations:
            self._relations[key] = self.parts.relate(part, kind, target, external=external)
        return self._relations[key]

    def add_media(self, data: bytes, extension: str, content_type: str) -> str:
        """The name of the part that holds a picture; pictures that are the same share one."""
        key = sha256(data).hexdigest()
        if key not in self._media:
            folder = posixpath.join(posixpath.dirname(self.main), "media")
            name = self._free_name(f"{folder}/image", extension)
            self.parts.declare(name, content_type, data)
            self._media[key] = name
        return self._media[key]

    def copy_relationship(self, source: Parts, relationship: Relationship, part: str) -> str:
        """A relationship of another package as one of `part`, with the part that it leads to.
        Returns its id.
        """
        if relationship.external:
            return self.relate(part, relationship.kind, relationship.target, external=True)
        return self.relate(part, relationship.kind, self._copy(source, relationship.target))

    def _copy(self, source: Parts, name: str) -> str:
        """The name of the copy of a part, which has those that it relates to beside it."""
        key = (id(source), name)
        if key in self._copies:
            return self._copies[key]
        data, content_type = source.data(name), source.type_of(name)
        extension = name.rpartition(".")[2]
        if content_type.startswith("image/"):
            self._copies[key] = self.add_media(data, extension, content_type)
            return self._copies[key]
        stem = re.sub("[0-9]*$", "", name.rpartition(".")[0])
        copy = self._copies[key] = self._free_name(stem, extension)
        self.parts.declare(copy, content_type, data)
        for inner in source.relationships(name):
            target = inner.target if inner.external else self._copy(source, inner.target)
            self.parts.relate(copy, inner.kind, target, external=inner.external, id_=inner.id)
        return copy

    def _free_name(self, stem: str, extension: str) -> str:
        taken = {name.lower() for name in self.parts.names()}
        number = 1
        while f"{stem}{number}.{extension}".lower() in taken:
            number += 1
        return f"{stem}{number}.{extension}"

    def adopt_namespaces(self, name: str, other: Element) -> None:
        """Let readers of a part pass over what those of `other` may pass over: what is newer than
        they are.
        """
        root = self.tree(name)
        passed_over = (root.get(_IGNORABLE) or "").split()
        declared = dict(root.nsmap)
        for prefix in (other.get(_IGNORABLE) or "").split():
            uri = other.nsmap.get(prefix)
            if uri is not None and declared.setdefault(prefix, uri) == uri:
                passed_over += [prefix] if prefix not in passed_over else []
        if not passed_over or passed_over == (root.get(_IGNORABLE) or "").split():
            return
        declared.setdefault("mc", MC)
        fresh = etree.Element(root.tag, dict(root.attrib), nsmap=declared)
        fresh.set(_IGNORABLE, " ".join(passed_over))
        fresh.extend(list(root))
        self._trees[name] = fresh

    def members(self) -> tuple[Member, ...]:
        """All parts, as they will be written."""
        for name, root in self._trees.items():
            self.parts.replace(name, part_bytes(root))
        return self.parts.members(without=frozenset())
