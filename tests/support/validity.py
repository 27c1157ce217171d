"""What validators of WordprocessingML do not see, checked on a whole .docx: `faults(docx)` lists
all that is wrong.

Word repairs, or quietly drops, what breaks these rules. Numbers in brackets are sections of ISO/IEC
29500-1.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from typing import Any

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_PACKAGE = "{http://schemas.openxmlformats.org/package/2006/"
_BOOKMARK = re.compile("[A-Za-z0-9_]{1,40}")
_LEFT_BEHIND = re.compile(r"\bw:rsid\w*=|w14:(?:paraId|textId)=|<w:proofErr\b|<w:rsids\b|_GoBack")
# Relationships that hold by being there; all others must be used by an r:id.
_IMPLICIT = {
    *(
        "styles",
        "numbering",
        "settings",
        "fontTable",
        "theme",
        "comments",
        "footnotes",
        "endnotes",
        "webSettings",
    ),
    *(
        "customXml",
        "glossaryDocument",
        "officeDocument",
        "core-properties",
        "extended-properties",
        "thumbnail",
    ),
}
# What holds paragraphs: a range must end in the one it began in.
_CONTAINERS = {
    f"{W}{name}"
    for name in ("body", "tc", "hdr", "ftr", "footnote", "endnote", "comment", "txbxContent")
}
_VISIBLE = [
    f"{W}{name}"
    for name in ("drawing", "pict", "object", "fldSimple", "sym", "footnoteRef", "endnoteRef")
]
_STYLED = {"pStyle": "paragraph", "rStyle": "character", "tblStyle": "table"}


@dataclass
class Package:
    """A .docx, its XML parts parsed when they are asked for."""

    members: dict[str, bytes]

    @cached_property
    def parts(self) -> dict[str, Any]:
        return {
            name: etree.fromstring(data)
            for name, data in self.members.items()
            if name.endswith((".xml", ".rels"))
        }

    @cached_property
    def stories(self) -> dict[str, Any]:
        """The parts that hold paragraphs, the main one first."""
        kinds = ("document", "hdr", "ftr", "footnotes", "endnotes", "comments")
        found = {
            name: root
            for name, root in self.parts.items()
            if root.tag in {W + kind for kind in kinds}
        }
        return dict(sorted(found.items(), key=lambda item: item[1].tag != f"{W}document"))

    @property
    def main(self) -> str:
        return next(name for name, root in self.stories.items() if root.tag == f"{W}document")

    def part(self, kind: str) -> Any | None:
        """The part whose root is this element of the main namespace."""
        return next((root for root in self.parts.values() if root.tag == W + kind), None)

    @cached_property
    def styles(self) -> dict[str, Any]:
        root = self.part("styles")
        return (
            {}
            if root is None
            else {node.get(f"{W}styleId"): node for node in root.iter(f"{W}style")}
        )

    def inherited(self, style: str | None, path: str) -> Any | None:
        """An element of a style's, or else of those that it is based on."""
        seen: set[str] = set()
        while style in self.styles and style not in seen:
            seen.add(style)
            found = self.styles[style].find(path)
            if found is not None:
                return found
            base = self.styles[style].find(f"{W}basedOn")
            style = None if base is None else base.get(f"{W}val")
        return None


def open_package(docx: bytes) -> Package:
    with zipfile.ZipFile(BytesIO(docx)) as archive:
        return Package({entry.filename: archive.read(entry) for entry in archive.infolist()})


def faults(docx: bytes) -> list[str]:
    """All that is wrong with a .docx, in words."""
    package = open_package(docx)
    return [fault for check in CHECKS for fault in check(package)]


def text_of(element: Any) -> str:
    return "".join(node.text or "" for node in element.iter(f"{W}t"))


def _val(element: Any | None) -> str | None:
    return None if element is None else element.get(f"{W}val")


def _container(node: Any) -> Any:
    return next(above for above in node.iterancestors() if above.tag in _CONTAINERS)


def bookmarks(package: Package) -> Iterator[str]:
    """17.13.6: each start has one end, later and in the same container; names are unique, whatever
    their case.
    """
    names: Counter[str] = Counter()
    ids: Counter[str] = Counter()
    for part, root in package.stories.items():
        opened: dict[str, Any] = {}
        for node in root.iter(f"{W}bookmarkStart", f"{W}bookmarkEnd"):
            id_ = node.get(f"{W}id")
            if node.tag == f"{W}bookmarkStart":
                name = node.get(f"{W}name")
                names[name.lower()] += 1
                ids[id_] += 1
                opened[id_] = node
                if not _BOOKMARK.fullmatch(name):
                    yield f"{part}: the bookmark name “{name}” is not a name"
            elif id_ not in opened:
                yield f"{part}: the end of bookmark {id_} has no start before it"
            elif _container(opened.pop(id_)) is not _container(node):
                yield f"{part}: bookmark {id_} ends in another container than it starts in"
        for id_ in opened:
            yield f"{part}: bookmark {id_} has no end"
    yield from (
        f"the bookmark name “{name}” stands {count} times"
        for name, count in names.items()
        if count > 1
    )
    yield from (
        f"the bookmark id {id_} stands {count} times" for id_, count in ids.items() if count > 1
    )


def fields(package: Package) -> Iterator[str]:
    """17.16: begin, instruction, separate, result, end; properly nested, in one container; a REF
    leads to a bookmark.
    """
    known = {
        node.get(f"{W}name")
        for root in package.stories.values()
        for node in root.iter(f"{W}bookmarkStart")
    }
    for part, root in package.stories.items():
        opened: list[tuple[Any, list[str]]] = []
        for node in root.iter(f"{W}fldChar", f"{W}instrText"):
            kind = "instruction" if node.tag == f"{W}instrText" else node.get(f"{W}fldCharType")
            if kind == "begin":
                opened.append((node, []))
                continue
            if not opened:
                yield f"{part}: {kind} outside any field"
                continue
            begin, seen = opened[-1]
            if _container(begin) is not _container(node):
                yield f"{part}: a field goes on in another container"
            if "separate" in seen and kind != "end":
                yield f"{part}: {kind} after a field's separator"
            seen.append(kind)
            if kind == "instruction":
                words = (node.text or "").split()
                if words[:1] in (["REF"], ["PAGEREF"]) and (
                    len(words) < 2 or words[1] not in known
                ):
                    yield f"{part}: “{node.text}” refers to no bookmark"
            elif kind == "end":
                opened.pop()
                if "instruction" not in seen:
                    yield f"{part}: a field without an instruction"
        yield from (f"{part}: a field without an end" for _ in opened)


def drawings(package: Package) -> Iterator[str]:
    """20.4.2.5: no two drawings share an id, whatever part they are in. Alternative texts are
    there.
    """
    ids: Counter[str] = Counter()
    for part, root in package.stories.items():
        for node in root.iter("{*}docPr"):
            ids[node.get("id")] += 1
            if not (node.get("descr") or "").strip():
                yield f"{part}: drawing {node.get('id')} has no alternative text"
    yield from (
        f"the drawing id {id_} stands {count} times" for id_, count in ids.items() if count > 1
    )


def comments(package: Package) -> Iterator[str]:
    """17.13.4: each comment has one range and one reference, in this order, and each of these a
    comment; only in the body.
    """
    root = package.part("comments")
    listed = [] if root is None else [node.get(f"{W}id") for node in root.iter(f"{W}comment")]
    yield from (
        f"the comment id {id_} stands {n} times" for id_, n in Counter(listed).items() if n > 1
    )
    kinds = ("commentRangeStart", "commentRangeEnd", "commentReference")
    for part, story in package.stories.items():
        anchored: dict[str, list[str]] = {}
        for node in story.iter(*(W + kind for kind in kinds)):
            anchored.setdefault(node.get(f"{W}id"), []).append(etree.QName(node).localname)
            if part != package.main or any(
                above.tag == f"{W}txbxContent" for above in node.iterancestors()
            ):
                yield f"{part}: comment {node.get(f'{W}id')} stands where Word takes none"
        if part == package.main:
            for id_ in set(listed) - set(anchored):
                yield f"comment {id_} is anchored nowhere"
        for id_, order in anchored.items():
            if id_ not in listed:
                yield f"{part}: there is no comment {id_}"
            if tuple(order) != kinds:
                yield f"{part}: comment {id_} is anchored by {', '.join(order)}"


def numbering(package: Package) -> Iterator[str]:
    """17.9: each list in use is defined, has the level, and its levels' styles point back to it."""
    root = package.part("numbering")
    abstracts = (
        {}
        if root is None
        else {node.get(f"{W}abstractNumId"): node for node in root.iter(f"{W}abstractNum")}
    )
    nums = [] if root is None else list(root.iter(f"{W}num"))
    by_id = {node.get(f"{W}numId"): _val(node.find(f"{W}abstractNumId")) for node in nums}
    for id_, count in Counter(node.get(f"{W}numId") for node in nums).items():
        if count > 1:
            yield f"the list {id_} is defined {count} times"
    for id_, abstract in by_id.items():
        if abstract not in abstracts:
            yield f"the list {id_} is an instance of {abstract}, which is not defined"
    used = [
        ("styles", node) for style in package.styles.values() for node in style.iter(f"{W}numPr")
    ]
    used += [
        (part, node) for part, story in package.stories.items() for node in story.iter(f"{W}numPr")
    ]
    for part, node in used:
        id_, level = _val(node.find(f"{W}numId")), _val(node.find(f"{W}ilvl")) or "0"
        if id_ in (None, "0"):
            continue
        if id_ not in by_id:
            yield f"{part}: the list {id_} is not defined"
        elif by_id[id_] in abstracts and level not in {
            lvl.get(f"{W}ilvl") for lvl in abstracts[by_id[id_]].iter(f"{W}lvl")
        }:
            yield f"{part}: the list {id_} has no level {level}"
    for abstract, node in abstracts.items():
        for lvl in node.iter(f"{W}lvl"):
            style = _val(lvl.find(f"{W}pStyle"))
            number = package.inherited(style, f"{W}pPr/{W}numPr/{W}numId") if style else None
            if style and by_id.get(_val(number) or "") != abstract:
                yield (
                    f"level {lvl.get(f'{W}ilvl')} of list definition {abstract} is of style "
                    f"{style}, which counts elsewhere"
                )


def styles(package: Package) -> Iterator[str]:
    """17.7: styles in use are there, and of the right kind."""
    for part, story in package.stories.items():
        for name, kind in _STYLED.items():
            for id_ in {node.get(f"{W}val") for node in story.iter(W + name)}:
                if id_ not in package.styles:
                    yield f"{part}: there is no style {id_}"
                elif package.styles[id_].get(f"{W}type") != kind:
                    yield f"{part}: the style {id_} is not a {kind} style"
    for id_, style in package.styles.items():
        for name in ("basedOn", "next", "link"):
            other = _val(style.find(W + name))
            if other is not None and other not in package.styles:
                yield f"the style {id_} names {other} in {name}, which is not there"


def relationships(package: Package) -> Iterator[str]:
    """Every r:id leads somewhere, every relationship is used, every part is reached, targets
    exist.
    """
    reached = {"[Content_Types].xml"}
    for rels, root in package.parts.items():
        if not rels.endswith(".rels"):
            continue
        reached.add(rels)
        source = rels.replace("_rels/", "").removesuffix(".rels")
        folder = posixpath.dirname(source)
        if source and source not in package.members:
            yield f"{rels}: there is no {source}"
        ids: dict[str, str] = {}
        for node in root:
            if node.get("Id") in ids:
                yield f"{rels}: {node.get('Id')} stands twice"
            ids[node.get("Id")] = node.get("Type").rpartition("/")[2]
            if node.get("TargetMode") != "External":
                target = node.get("Target")
                path = (
                    target.lstrip("/")
                    if target.startswith("/")
                    else posixpath.normpath(posixpath.join(folder, target))
                )
                reached.add(path)
                if path not in package.members:
                    yield f"{rels}: {node.get('Id')} leads to {path}, which is not there"
        used = _used_ids(package.parts[source]) if source in package.parts else set()
        yield from (
            f"{source}: there is no relationship {id_}" for id_ in sorted(used - ids.keys())
        )
        unused = {id_ for id_, kind in ids.items() if kind not in _IMPLICIT} - used
        yield from (f"{rels}: {id_} is used nowhere" for id_ in sorted(unused))
    for name, root in package.parts.items():
        rels = posixpath.join(posixpath.dirname(name), "_rels", posixpath.basename(name) + ".rels")
        if not name.endswith(".rels") and rels not in package.members:
            yield from (
                f"{name}: there is no relationship {id_}" for id_ in sorted(_used_ids(root))
            )
    yield from (f"nothing leads to {name}" for name in sorted(package.members.keys() - reached))


def _used_ids(root: Any) -> set[str]:
    return {
        value for node in root.iter() for key, value in node.attrib.items() if key.startswith(R)
    }


def content_types(package: Package) -> Iterator[str]:
    """Every member has a content type, and every content type a member."""
    root = package.parts["[Content_Types].xml"]
    tag = _PACKAGE + "content-types}"
    defaults = {node.get("Extension").lower() for node in root.iter(f"{tag}Default")}
    overrides = Counter(
        node.get("PartName").removeprefix("/") for node in root.iter(f"{tag}Override")
    )
    for name in package.members:
        extension = name.rpartition(".")[2].lower()
        if (
            name != "[Content_Types].xml"
            and name not in overrides
            and (extension not in defaults or extension == "xml")
        ):
            yield f"{name} has no content type"
    for name, count in overrides.items():
        if name not in package.members or count > 1:
            yield (
                f"the content type of {name} stands {count} times for "
                f"{int(name in package.members)} member"
            )
    if next(iter(package.members)) != "[Content_Types].xml":
        yield "[Content_Types].xml is not the first member"


def headings(package: Package) -> Iterator[str]:
    """Headings go down one level at a time, from the first, so that a screen reader's list of them
    makes sense (WCAG 1.3.1).
    """
    before = 0
    for paragraph in package.stories[package.main].iter(f"{W}p"):
        own = paragraph.find(f"{W}pPr/{W}outlineLvl")
        style = _val(paragraph.find(f"{W}pPr/{W}pStyle"))
        outline = _val(
            own if own is not None else package.inherited(style, f"{W}pPr/{W}outlineLvl")
        )
        if outline is not None and outline != "9":
            level = int(outline) + 1
            if level > before + 1:
                yield (
                    f"the heading “{text_of(paragraph)}” is of level {level}, after one of level "
                    f"{before}"
                )
            before = level


def tables(package: Package) -> Iterator[str]:
    """Tables have a repeated header row, rows that do not split and as many cells as columns, and
    do not touch.
    """
    for part, story in package.stories.items():
        for table in story.iter(f"{W}tbl"):
            rows = table.findall(f"{W}tr")
            shown = text_of(table)[:30]
            if len(rows) < 2 or rows[0].find(f"{W}trPr/{W}tblHeader") is None:
                yield f"{part}: the table “{shown}” has no header row, or nothing else"
            columns = len(table.findall(f"{W}tblGrid/{W}gridCol"))
            for row in rows:
                spans = [
                    int(_val(cell.find(f"{W}tcPr/{W}gridSpan")) or 1)
                    for cell in row.findall(f"{W}tc")
                ]
                if sum(spans) != columns:
                    yield (
                        f"{part}: a row of the table “{shown}” has {sum(spans)} of {columns} "
                        "columns"
                    )
                if row.find(f"{W}trPr/{W}cantSplit") is None:
                    yield f"{part}: a row of the table “{shown}” may split"
                for cell in row.findall(f"{W}tc"):
                    if len(cell) == 0 or cell[-1].tag != f"{W}p":
                        yield f"{part}: a cell of the table “{shown}” does not end with a paragraph"
            after = table.getnext()
            if after is not None and after.tag == f"{W}tbl":
                yield f"{part}: the table “{shown}” touches the next one"


def properties(package: Package) -> Iterator[str]:
    """The document says its title and its language; nothing of the template's author is left."""
    core = next((root for name, root in package.parts.items() if name.endswith("core.xml")), None)
    texts = (
        {}
        if core is None
        else {etree.QName(node).localname: (node.text or "").strip() for node in core}
    )
    for name in ("title", "creator", "language", "created", "modified"):
        if not texts.get(name):
            yield f"the document's properties have no {name}"
    defaults = package.part("styles")
    language = (
        None if defaults is None else defaults.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr/{W}lang")
    )
    if _val(language) != texts.get("language"):
        yield f"the styles are in {_val(language)}, the properties in {texts.get('language')}"
    settings = package.part("settings")
    mode = [] if settings is None else list(settings.iter(f"{W}compatSetting"))
    if [node.get(f"{W}val") for node in mode if node.get(f"{W}name") == "compatibilityMode"] != [
        "15"
    ]:
        yield "Word would open it in compatibility mode"


def empty_paragraphs(package: Package) -> Iterator[str]:
    """No paragraph is blank, but for the thin one that keeps two tables apart."""
    for part, story in package.stories.items():
        for paragraph in story.iter(f"{W}p"):
            if text_of(paragraph).strip() or next(paragraph.iter(*_VISIBLE), None) is not None:
                continue
            spacing = paragraph.find(f"{W}pPr/{W}spacing")
            thin = (
                spacing is not None
                and spacing.get(f"{W}lineRule") == "exact"
                and int(spacing.get(f"{W}line")) <= 160
            )
            between = [
                node is not None and node.tag == f"{W}tbl"
                for node in (paragraph.getprevious(), paragraph.getnext())
            ]
            if not (thin and all(between)):
                before = paragraph.getprevious()
                yield (
                    f"{part}: there is an empty paragraph after "
                    f"“{'' if before is None else text_of(before)[:30]}”"
                )


def left_behind(package: Package) -> Iterator[str]:
    """What Word writes for its own use, and what papergen puts in by the way, is gone."""
    for name, data in package.members.items():
        if name.endswith(".xml"):
            text = data.decode()
            yield from (
                f"{name}: {found} is left" for found in sorted(set(_LEFT_BEHIND.findall(text)))
            )
            if re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\ue000-\uf8ff]|\\{[{%]|[%}]\\}", text):
                yield f"{name}: a tag or a stand-in is left"


CHECKS: tuple[Callable[[Package], Iterator[str]], ...] = (
    bookmarks,
    fields,
    drawings,
    comments,
    numbering,
    styles,
    relationships,
    content_types,
    headings,
    tables,
    properties,
    empty_paragraphs,
    left_behind,
)
