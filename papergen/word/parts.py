"""The parts of a template: which is the document, what relates to what, what no paper may carry.

Source of the content types and relationship types: ISO/IEC 29500-1 §11.3, 29500-2 §9 and §10;
[MS-DOCX] §2.2 for Word's own.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from urllib.parse import unquote

from lxml import etree

from papergen.errors import Location, Problem, TemplateError
from papergen.word.package import CONTENT_TYPES, Member, content, deflate
from papergen.word.tree import (
    DECLARATION,
    W14,
    Element,
    W,
    attribute_of,
    parse,
    part_bytes,
    remove,
    w,
)

_CT = "http://schemas.openxmlformats.org/package/2006/content-types"
_RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_OVERRIDE = f"{{{_CT}}}Override"
_DEFAULT = f"{{{_CT}}}Default"
_RELATIONSHIP = f"{{{_RELS}}}Relationship"
_WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml."
CORE_PROPERTIES = "docProps/core.xml"
_CORE_TYPE = "application/vnd.openxmlformats-package.core-properties+xml"
_CORE_RELATIONSHIP = (
    "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
)

_DROPPED = (
    "comments",
    "commentsExtended",
    "commentsIds",
    "commentsExtensible",
    "people",
    "stylesWithEffects",
    "printerSettings",
    "custom-properties",
    "thumbnail",
    "customXml",
    "customXmlProps",
    "attachedTemplate",
    "mailMergeSource",
    "mailMergeHeaderSource",
    "recipientData",
    "keyMapCustomizations",
    "origin",
    "signature",
)
"""Last words of relationship types whose parts readers should not see, as they name the template's
people, or that are of no use in a paper.
"""

_APP = (
    DECLARATION
    + '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    + "<Application>papergen</Application></Properties>"
)
_CORE = (
    DECLARATION
    + '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
    + ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
    + ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"></cp:coreProperties>'
)
_SETTINGS = (
    DECLARATION
    + '<w:settings xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"></w:settings>'
)


@dataclass(frozen=True, slots=True)
class Relationship:
    """A relationship of a part. `target` is a part's name, or an address when `external`."""

    id: str
    kind: str
    target: str
    external: bool


class Parts:
    """The members of a template, with content types and relationships that changes keep valid."""

    def __init__(self, members: Sequence[Member], source: str) -> None:
        self.source = source
        self._members = {member.name: member for member in members}
        self._names = {name.lower(): name for name in self._members}
        types = content(self._members[CONTENT_TYPES])
        self._types = parse(types, source, CONTENT_TYPES)
        self._relations: dict[str, Element] = {}
        self.main = self._find_main()

    def names(self) -> list[str]:
        return list(self._members)

    def holds(self, name: str) -> bool:
        return name in self._members

    def data(self, name: str) -> bytes:
        try:
            return content(self._members[name])
        except TemplateError as error:
            where = Location(self.source)
            problems = [Problem(p.code, p.message, where, p.hint) for p in error.problems]
            raise TemplateError(problems) from None

    def xml(self, name: str) -> Element:
        return parse(self.data(name), self.source, name)

    def replace(self, name: str, data: bytes) -> None:
        self._members[name] = deflate(name, data)
        self._names[name.lower()] = name

    def type_of(self, name: str) -> str:
        """The content type of a part; empty if none is declared."""
        part_name = f"/{name.lower()}"
        for node in self._types.iter(_OVERRIDE):
            if (node.get("PartName") or "").lower() == part_name:
                return node.get("ContentType") or ""
        extension = name.rpartition(".")[2].lower()
        for node in self._types.iter(_DEFAULT):
            if (node.get("Extension") or "").lower() == extension:
                return node.get("ContentType") or ""
        return ""

    def relationships(self, part: str) -> Iterator[Relationship]:
        """The relationships of a part; of the package itself for the empty name."""
        root = self._relations_of(part)
        if root is None:
            return
        for node in root.iter(_RELATIONSHIP):
            id_ = node.get("Id") or ""
            kind = node.get("Type") or ""
            target = node.get("Target") or ""
            external = node.get("TargetMode") == "External"
            if not external:
                target = self._resolve(part, target)
            yield Relationship(id_, kind, target, external)

    def related(self, part: str, kind: str) -> list[str]:
        """The parts that `part` relates to by types that end in `/kind`, in order."""
        found: list[str] = []
        for relationship in self.relationships(part):
            name = relationship.target
            is_part = not relationship.external and name in self._members
            if is_part and relationship.kind.endswith(f"/{kind}"):
                found.append(name)
        return list(dict.fromkeys(found))

    def add(
        self,
        part: str,
        kind: str,
        name: str,
        content_type: str,
        data: bytes,
    ) -> None:
        """A new part with its content type, and the relationship of `part` to it."""
        self.declare(name, content_type, data)
        self.relate(part, kind, name)

    def declare(self, name: str, content_type: str, data: bytes) -> None:
        """A new part with its content type, which nothing relates to yet."""
        self.replace(name, data)
        node = etree.SubElement(self._types, _OVERRIDE)
        node.set("PartName", f"/{name}")
        node.set("ContentType", content_type)

    def relate(
        self,
        part: str,
        kind: str,
        target: str,
        *,
        external: bool = False,
        id_: str = "",
    ) -> str:
        """A new relationship of `part` to another part or, `external`, to an address.

        Returns its id: `id_`, or the next that is free.
        """
        root = self._relations_of(part)
        if root is None:
            root = _no_relationships()
            self._relations[part] = root
        if not id_:
            id_ = _free_id(root)
        if part and not external:
            folder = posixpath.dirname(part)
            target = posixpath.relpath(f"/{target}", f"/{folder}")
        node = etree.SubElement(root, _RELATIONSHIP, Id=id_, Type=kind, Target=target)
        if external:
            node.set("TargetMode", "External")
        return id_

    def drop_relationships(self, part: str, kinds: Sequence[str]) -> None:
        """Drop the relationships of `part` whose type ends in one of these words.

        Parts that only they reach are not among `members`.
        """
        root = self._relations_of(part)
        if root is None:
            return
        for node in list(root):
            kind = node.get("Type") or ""
            if kind.rpartition("/")[2] in kinds:
                remove(node)

    def members(self, *, without: Set[str]) -> tuple[Member, ...]:
        """All parts that are reachable, but for `without`; content types and root relationships
        come first. Checks the sum of each part that is copied.

        `[Content_Types].xml` ends with `</Types>`, and each relationships part with
        `</Relationships>`; the document always has one, so that a paper can add to them.
        """
        reached = self._reachable()
        for node in list(self._types.iter(_OVERRIDE)):
            part_name = (node.get("PartName") or "").lstrip("/")
            if self._names.get(part_name.lower()) not in reached:
                remove(node)
        types = deflate(CONTENT_TYPES, part_bytes(self._types))
        in_order = [name for name in self._members if name in reached]
        relations: list[Member] = []
        for part in ["", *in_order]:
            root = self._relations_of(part)
            if root is None and part == self.main:
                root = _no_relationships()
            if root is not None:
                root.text = root.text or ""  # an empty one is then written with an end tag
                relations.append(deflate(relationships_name(part), part_bytes(root)))
        kept = [self._members[name] for name in in_order if name not in without]
        for member in kept:
            self.data(member.name)
        return (types, *relations, *kept)

    def _reachable(self) -> set[str]:
        reached: set[str] = set()
        waiting = [""]
        while waiting:
            part = waiting.pop()
            for relationship in self.relationships(part):
                name = relationship.target
                is_part = not relationship.external and name in self._members
                if is_part and name not in reached:
                    reached.add(name)
                    waiting.append(name)
        return reached

    def _relations_of(self, part: str) -> Element | None:
        if part not in self._relations:
            name = self._names.get(relationships_name(part).lower())
            if name is None:
                return None
            self._relations[part] = self.xml(name)
        return self._relations[part]

    def _resolve(self, part: str, target: str) -> str:
        """The name of the part that a relationship of `part` leads to, as the package has it."""
        path = unquote(target.partition("#")[0])
        if path.startswith("/"):
            path = path.lstrip("/")
        else:
            folder = posixpath.dirname(part)
            path = posixpath.normpath(posixpath.join(folder, path))
        return self._names.get(path.lower(), path)

    def _find_main(self) -> str:
        wrong_file = (
            "Check that the right file is named; in Word, save it as a Word Document (*.docx)."
        )
        found = self.related("", "officeDocument")
        if not found:
            raise self._unusable("not-a-docx", "it holds no Word document", wrong_file)
        kind = self.type_of(found[0])
        if "macroEnabled" in kind or self._holds_macros():
            message = "it holds macros (.docm or .dotm), which papergen does not carry into papers"
            hint = "In Word, save it as a Word Document (*.docx), without macros."
            raise self._unusable("unsafe-docx", message, hint)
        if kind == _WORD_TYPE + "template.main+xml":
            hint = "Open it in Word and save it as a Word Document (*.docx)."
            raise self._unusable("not-a-docx", "it is a Word template (.dotx)", hint)
        if kind != _WORD_TYPE + "document.main+xml":
            message = "it is not a Word document but another kind of Office file"
            raise self._unusable("not-a-docx", message, wrong_file)
        return found[0]

    def _holds_macros(self) -> bool:
        return any("vbaProject" in self.type_of(name) for name in self._members)

    def _unusable(self, code: str, message: str, hint: str) -> TemplateError:
        problem = Problem(code, message, Location(self.source), hint)
        return TemplateError([problem])


def _no_relationships() -> Element:
    return etree.Element(f"{{{_RELS}}}Relationships", nsmap={None: _RELS})


def _free_id(relationships: Element) -> str:
    taken = {node.get("Id") for node in relationships}
    number = 1
    while f"rId{number}" in taken:
        number += 1
    return f"rId{number}"


def relationships_name(part: str) -> str:
    """The part that holds the relationships of `part`; those of the package, for the empty name
    (ISO/IEC 29500-2 §9.3.3).
    """
    folder, _, name = part.rpartition("/")
    if not folder:
        return f"_rels/{name}.rels"
    return f"{folder}/_rels/{name}.rels"


def clean_package(parts: Parts, language: str) -> None:
    """Leave out of a template what no paper may carry: comments, custom properties, thumbnails,
    its company, mail merge.

    Settings get compatibility mode 15 and the language. A settings part and core properties are
    made where there are none.
    """
    for part in ["", *parts.names()]:
        parts.drop_relationships(part, _DROPPED)
    for name in parts.related("", "extended-properties"):
        parts.replace(name, _APP.encode())
    core = parts.related("", "core-properties")
    if core != [CORE_PROPERTIES]:
        properties = parts.data(core[0]) if core else _CORE.encode()
        parts.drop_relationships("", ("core-properties",))
        parts.add("", _CORE_RELATIONSHIP, CORE_PROPERTIES, _CORE_TYPE, properties)
    settings = _settings_part(parts)
    root = parts.xml(settings)
    clean_settings(root, language)
    parts.replace(settings, part_bytes(root))


def _settings_part(parts: Parts) -> str:
    """The name of the settings part, which is made where there is none."""
    found = parts.related(parts.main, "settings")
    if found:
        return found[0]
    folder = posixpath.dirname(parts.main)
    name = posixpath.join(folder, "settings.xml")
    content_type = _WORD_TYPE + "settings+xml"
    parts.add(parts.main, _OFFICE + "settings", name, content_type, _SETTINGS.encode())
    return name


_SETTINGS_DROPPED = {
    w("rsids"),
    w("attachedTemplate"),
    w("mailMerge"),
    w("updateFields"),
    w("docVars"),
    w("proofState"),
    w("linkStyles"),
    w("saveThroughXslt"),
    f"{{{W14}}}docId",
    "{http://schemas.microsoft.com/office/word/2012/wordml}docId",
}
_AFTER_COMPAT = (
    "docVars",
    "rsids",
    "attachedSchema",
    "themeFontLang",
    "clrSchemeMapping",
    "doNotIncludeSubdocsInStats",
    "doNotAutoCompressPictures",
    "forceUpgrade",
    "captions",
    "readModeInkLockDown",
    "smartTagType",
    "schemaLibrary",
    "shapeDefaults",
    "doNotEmbedSmartTags",
    "decimalSymbol",
    "listSeparator",
)
_MATH_PROPERTIES = "{http://schemas.openxmlformats.org/officeDocument/2006/math}mathPr"
_AFTER_FONT_LANGUAGE = _AFTER_COMPAT[4:]


def clean_settings(root: Element, language: str) -> None:
    """Make the settings of a template those of a paper (order of elements: ISO/IEC 29500-1
    §17.15.1, CT_Settings).
    """
    for node in list(root):
        if node.tag in _SETTINGS_DROPPED:
            remove(node)
    compat = root.find(w("compat"))
    if compat is None:
        compat = etree.Element(w("compat"))
        _insert_before(root, compat, _AFTER_COMPAT)
    for node in compat.findall(w("compatSetting")):
        if attribute_of(node, "name") == "compatibilityMode":
            remove(node)
    mode = etree.SubElement(compat, w("compatSetting"))
    mode.set(w("name"), "compatibilityMode")
    mode.set(w("uri"), "http://schemas.microsoft.com/office/word")
    mode.set(w("val"), "15")
    font_language = root.find(w("themeFontLang"))
    if font_language is None:
        font_language = etree.Element(w("themeFontLang"))
        _insert_before(root, font_language, _AFTER_FONT_LANGUAGE)
    font_language.set(w("val"), language)


def set_default_language(styles: Element, language: str) -> bool:
    """Make `language` that of all text that names no other (ISO/IEC 29500-1 §17.7.5.1). Returns
    whether the styles part is changed by it.
    """
    node = styles
    for name in ("docDefaults", "rPrDefault", "rPr"):
        found = node.find(w(name))
        if found is None:
            found = etree.Element(w(name))
            node.insert(0, found)
        node = found
    lang = node.find(w("lang"))
    if lang is None:
        lang = etree.Element(w("lang"))
        _insert_before(node, lang, ("eastAsianLayout", "specVanish", "oMath"))
    changed: bool = lang.get(w("val")) != language
    lang.set(w("val"), language)
    return changed


def _insert_before(root: Element, node: Element, followers: Sequence[str]) -> None:
    """Insert the node before the first of its followers, and before extensions, which come last.

    Only m:mathPr has its place between rsids and attachedSchema.
    """
    following_tags = {w(name) for name in followers}
    if "rsids" in followers:
        following_tags.add(_MATH_PROPERTIES)
    for index, child in enumerate(root):
        is_extension = not child.tag.startswith(f"{{{W}}}") and child.tag != _MATH_PROPERTIES
        if child.tag in following_tags or is_extension:
            root.insert(index, node)
            return
    root.append(node)
