"""A written document, opened again so that parts and relationships can be added to it."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence
from hashlib import sha256
from string import digits

from lxml import etree

from papergen.word.package import Member
from papergen.word.parts import Parts, Relationship
from papergen.word.tree import MC, Element, W, part_bytes, w

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml."
_IGNORABLE = f"{{{MC}}}Ignorable"
_BOOKMARK = re.compile(rb'<w:bookmarkStart\b[^>]*?\bw:name="([^"]*)"')


class OpenPackage:
    """The parts of a document that is being written.

    `tree` returns the tree of one, which is written when `members` is called.
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
        for kind in ("header", "footer", "footnotes", "endnotes"):
            yield from self.parts.related(self.main, kind)

    def data(self, name: str) -> bytes:
        return self.parts.data(name)

    def tree(self, name: str) -> Element:
        """The root of a part. What is changed in it is written."""
        if name not in self._trees:
            parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
            data = self.parts.data(name)
            self._trees[name] = etree.fromstring(data, parser)
        return self._trees[name]

    def own_part(self, kind: str) -> str:
        """The name of the main document's part of that kind; it is made where there is none.

        `kind` is the last word of its relationship type, which the root is named after.
        """
        found = self.parts.related(self.main, kind)
        if found:
            return found[0]
        name = self._path(f"{kind}.xml")
        root = etree.Element(w(kind), nsmap={"w": W})
        content_type = f"{_WORD_TYPE}{kind}+xml"
        data = part_bytes(root)
        self.parts.add(self.main, OFFICE + kind, name, content_type, data)
        return name

    def _path(self, name: str) -> str:
        """The name of a part that is given by its path from the main document."""
        folder = posixpath.dirname(self.main)
        return posixpath.join(folder, name)

    def bookmark_names(self) -> set[str]:
        """The names of all bookmarks, in small letters: to Word, case makes no difference."""
        names: set[str] = set()
        for story in self.stories():
            found = _BOOKMARK.findall(self.parts.data(story))
            names.update(name.decode().lower() for name in found)
        return names

    def relate(
        self,
        part: str,
        kind: str,
        target: str,
        *,
        external: bool = False,
    ) -> str:
        """The id of a relationship of `part`, which is made where this package has made none."""
        key = (part, kind, target)
        if key not in self._relations:
            made = self.parts.relate(part, kind, target, external=external)
            self._relations[key] = made
        return self._relations[key]

    def add_media(self, data: bytes, extension: str, content_type: str) -> str:
        """The name of the part that holds a picture; pictures that are the same share one."""
        key = sha256(data).hexdigest()
        if key not in self._media:
            name = self._free_name(self._path("media/image"), extension)
            self.parts.declare(name, content_type, data)
            self._media[key] = name
        return self._media[key]

    def copy_relationship(self, source: Parts, relationship: Relationship, part: str) -> str:
        """The id of a relationship of `part` to a copy of what one of another package leads to."""
        target = relationship.target
        if not relationship.external:
            target = self._copy(source, target)
        return self.relate(part, relationship.kind, target, external=relationship.external)

    def _copy(self, source: Parts, name: str) -> str:
        """The name of the copy of a part; the parts that it relates to are copied with it."""
        key = (id(source), name)
        if key not in self._copies:
            stem, _, extension = name.rpartition(".")
            data = source.data(name)
            content_type = source.type_of(name)
            if content_type.startswith("image/"):
                self._copies[key] = self.add_media(data, extension, content_type)
            else:
                copy = self._free_name(stem.rstrip(digits), extension)
                self._copies[key] = copy  # before its relationships, which may lead back to it
                self.parts.declare(copy, content_type, data)
                self._copy_relationships(source, name, copy)
        return self._copies[key]

    def _copy_relationships(self, source: Parts, name: str, copy: str) -> None:
        """Give the copy of a part its relationships, under the ids by which it refers to them."""
        for relationship in source.relationships(name):
            kind = relationship.kind
            external = relationship.external
            target = relationship.target
            if not external:
                target = self._copy(source, target)
            self.parts.relate(copy, kind, target, external=external, id_=relationship.id)

    def _free_name(self, stem: str, extension: str) -> str:
        """The stem with the first number that makes it the name of no part, in any case."""
        taken = {name.lower() for name in self.parts.names()}
        number = 1
        name = f"{stem}{number}.{extension}"
        while name.lower() in taken:
            number += 1
            name = f"{stem}{number}.{extension}"
        return name

    def adopt_namespaces(self, name: str, other: Element) -> None:
        """Let readers of a part ignore the newer namespaces that `other` lets them ignore."""
        root = self.tree(name)
        own = (root.get(_IGNORABLE) or "").split()
        ignorable = list(own)
        declared = dict(root.nsmap)
        for prefix in (other.get(_IGNORABLE) or "").split():
            uri = other.nsmap.get(prefix)
            if uri is None or declared.setdefault(prefix, uri) != uri:
                continue
            if prefix not in ignorable:
                ignorable.append(prefix)
        if ignorable == own:
            return
        declared.setdefault("mc", MC)
        fresh = etree.Element(root.tag, dict(root.attrib), nsmap=declared)
        fresh.set(_IGNORABLE, " ".join(ignorable))
        fresh.extend(list(root))
        self._trees[name] = fresh

    def members(self) -> tuple[Member, ...]:
        """All parts, as they will be written."""
        for name, root in self._trees.items():
            self.parts.replace(name, part_bytes(root))
        return self.parts.members(without=frozenset())
