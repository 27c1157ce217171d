"""The parts of a template as a package: which is the document, what relates to what, and what must
not reach a paper.

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
from papergen.word.tree import DECLARATION, W14, Element, W, parse, part_bytes, remove, w

_CT = "http://schemas.openxmlformats.org/package/2006/content-types"
_RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
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
"""Last words of the relationship types whose parts say nothing a reader should see, or name the
template's own people.
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
    """The members of a template, with their content types and relationships. Changes keep these
    consistent.
    """

    def __init__(self, members: Sequence[Member], source: str) -> None:
        self.source = source
        self._members = {member.name: member for member in members}
        self._names = {name.lower(): name for name in self._members}
        self._types = parse(content(self._members[CONTENT_TYPES]), source, CONTENT_TYPES)
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
            raise TemplateError(
                [Problem(p.code, p.message, Location(self.source), p.hint) for p in error.problems]
            ) from None

    def xml(self, name: str) -> Element:
        return parse(self.data(name), self.source, name)

    def replace(self, name: str, data: bytes) -> None:
        self._members[name] = deflate(name, data)
        self._names[name.lower()] = name

    def type_of(self, name: str) -> str:
        """The content type of a part; empty if none is declared."""
        for node in self._types.iter(f"{{{_CT}}}Override"):
            if (node.get("PartName") or "").lower() == f"/{name.lower()}":
                return node.get("ContentType") or ""
        extension = name.rpartition(".")[2].lower()
        for node in self._types.iter(f"{{{_CT}}}Default"):
            if (node.get("Extension") or "").lower() == extension:
                return node.get("ContentType") or ""
        return ""

    def relationships(self, part: str) -> Iterator[Relationship]:
        """The relationships of a part; of the package itself for the empty name."""
        root = self._relations_of(part)
        if root is None:
            return
        for node in root.iter(f"{{{_RELS}}}Relationship"):
            target = node.get("Target") or ""
            external = node.get("TargetMode") == "External"
            yield Relationship(
                node.get("Id") or "",
                node.get("Type") or "",
                target if external else self._resolve(part, target),
                external,
            )

    def related(self, part: str, kind: str) -> list[str]:
        """The parts that `part` relates to by a relationship type that ends in `/kind`, in
        order.
        """
        found = [
            r.target
            for r in self.relationships(part)
            if r.kind.endswith(f"/{kind}") and not r.external
        ]
        return [name for name in dict.fromkeys(found) if name in self._members]

    def add(self, part: str, kind: str, name: str, content_type: str, data: bytes) -> None:
        """A new part with its content type, and the relationship of `part` to it."""
        self.declare(name, content_type, data)
        self.relate(part, kind, name)

    def declare(self, name: str, content_type: str, data: bytes) -> None:
        """A new part with its content type, which nothing relates to yet."""
        self.replace(name, data)
        etree.SubElement(
            self._types, f"{{{_CT}}}Override", PartName=f"/{name}", ContentType=content_type
        )

    def relate(
        self, part: str, kind: str, target: str, *, external: bool = False, id_: str = ""
    ) -> str:
        """A new relationship of `part` to another part or, `external`, to an address. Returns its
        id: `id_`, or the next that is free.
        """
        root = self._relations_of(part)
        if root is None:
            root = self._relations[part] = etree.Element(
                f"{{{_RELS}}}Relationships", nsmap={None: _RELS}
            )
        taken = {node.get("Id") for node in root}
        id_ = id_ or next(f"rId{n}" for n in range(1, len(taken) + 2) if f"rId{n}" not in taken)
        if part and not external:
            target = posixpath.relpath(f"/{target}", f"/{posixpath.dirname(part)}")
        node = etree.SubElement(root, f"{{{_RELS}}}Relationship", Id=id_, Type=kind, Target=target)
        if external:
            node.set("TargetMode", "External")
        return id_

    def drop_relationships(self, part: str, kinds: Sequence[str]) -> None:
        """Drop the relationships of `part` whose type ends in one of these words, and the parts
        that only they reach.
        """
        root = self._relations_of(part)
        if root is None:
            return
        for node in list(root):
            if (node.get("Type") or "").rpartition("/")[2] in kinds:
                remove(node)

    def members(self, *, without: Set[str]) -> tuple[Member, ...]:
        """All parts that are reachable, but for `without`; content types and root relationships
        come first.

        Checks the sum of each part that is copied.

        `[Content_Types].xml` ends with `</Types>`, and each relationships part with
        `</Relationships>`; the document always has one, so that a paper can add to them.
        """
        reached = self._reachable()
        for node in list(self._types.iter(f"{{{_CT}}}Override")):
            if self._names.get((node.get("PartName") or "").lstrip("/").lower()) not in reached:
                remove(node)
        made = [deflate(CONTENT_TYPES, part_bytes(self._types))]
        relations: list[Member] = []
        for part in ["", *(name for name in self._members if name in reached)]:
            root = self._relations_of(part)
            if root is None and part == self.main:
                root = etree.Element(f"{{{_RELS}}}Relationships", nsmap={None: _RELS})
            if root is not None:
                root.text = root.text or ""  # an empty one is then written with an end tag
                relations.append(deflate(relationships_name(part), part_bytes(root)))
        kept = [
            member
            for name, member in self._members.items()
            if name in reached and name not in without
        ]
        for member in kept:
            self.data(member.name)
        return (*made, *relations, *kept)

    def _reachable(self) -> set[str]:
        reached: set[str] = set()
        waiting = [""]
        while waiting:
            part = waiting.pop()
            for relationship in self.relationships(part):
                name = relationship.target
                if not relationship.external and name in self._members and name not in reached:
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
        target = unquote(target.partition("#")[0])
        path = (
            target.lstrip("/")
            if target.startswith("/")
            else posixpath.normpath(posixpath.join(posixpath.dirname(part), target))
        )
        return self._names.get(path.lower(), path)

    def _find_main(self) -> str:
        hint = "Check that the right file is named; in Word, save it as a Word Document (*.docx)."
        found = self.related("", "officeDocument")
        if not found:
            raise TemplateError(
                [Problem("not-a-docx", "it holds no Word document", Location(self.source), hint)]
            )
        kind = self.type_of(found[0])
        macros = "macroEnabled" in kind or any(
            "vbaProject" in self.type_of(name) for name in self._members
        )
        if macros:
            message = "it holds macros (.docm or .dotm), which papergen does not carry into papers"
            raise TemplateError(
                [
                    Problem(
                        "unsafe-docx",
                        message,
                        Location(self.source),
                        "In Word, save it as a Word Document (*.docx), without macros.",
                    )
                ]
            )
        if kind == _WORD_TYPE + "template.main+xml":
            message = "it is a Word template (.dotx)"
            raise TemplateError(
                [
                    Problem(
                        "not-a-docx",
                        message,
                        Location(self.source),
                        "Open it in Word and save it as a Word Document (*.docx).",
                    )
                ]
            )
        if kind != _WORD_TYPE + "document.main+xml":
            raise TemplateError(
                [
                    Problem(
                        "not-a-docx",
                        "it is not a Word document but another kind of Office file",
                        Location(self.source),
                        hint,
                    )
                ]
            )
        return found[0]


def relationships_name(part: str) -> str:
    """The part that holds the relationships of `part`; those of the package, for the empty name
    (ISO/IEC 29500-2 §9.3.3).
    """
    folder, _, name = part.rpartition("/")
    return f"{folder}/_rels/{name}.rels" if folder else f"_rels/{name}.rels"


def clean_package(parts: Parts, language: str) -> None:
    """Leave out of a template what no paper may carry: comments, custom properties, thumbnails, its
    company, mail merge.

    Settings get compatibility mode 15 and the language; a settings part and core properties are
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
    settings = parts.related(parts.main, "settings")
    if not settings:
        settings = [posixpath.join(posixpath.dirname(parts.main), "settings.xml")]
        parts.add(
            parts.main,
            _OFFICE + "settings",
            settings[0],
            _WORD_TYPE + "settings+xml",
            _SETTINGS.encode(),
        )
    root = parts.xml(settings[0])
    clean_settings(root, language)
    parts.replace(settings[0], part_bytes(root))


_SETTINGS_DROPPED = {
    *map(
        w,
        (
            "rsids",
            "attachedTemplate",
            "mailMerge",
            "updateFields",
            "docVars",
            "proofState",
            "linkStyles",
            "saveThroughXslt",
        ),
    ),
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
    """Settings of a paper, from those of a template (order of elements: ISO/IEC 29500-1 §17.15.1,
    CT_Settings).
    """
    for node in list(root):
        if node.tag in _SETTINGS_DROPPED:
            remove(node)
    compat = root.find(w("compat"))
    if compat is None:
        compat = etree.Element(w("compat"))
        _insert_before(root, compat, _AFTER_COMPAT)
    for node in list(compat):
        if node.tag == w("compatSetting") and node.get(w("name")) == "compatibilityMode":
            remove(node)
    mode = etree.SubElement(compat, w("compatSetting"))
    for key, value in (
        ("name", "compatibilityMode"),
        ("uri", "http://schemas.microsoft.com/office/word"),
        ("val", "15"),
    ):
        mode.set(w(key), value)
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
    names = {w(name) for name in followers}
    math = (
        "rsids" in followers
    )  # m:mathPr stands between rsids and attachedSchema; all other extensions stand at the end
    index = next(
        (
            i
            for i, child in enumerate(root)
            if child.tag in names
            or (not child.tag.startswith(f"{{{W}}}") and (math or child.tag != _MATH_PROPERTIES))
        ),
        len(root),
    )
    root.insert(index, node)
