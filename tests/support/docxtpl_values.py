"""What a reader sees of a document, for comparing papergen's with docxtpl's: text, the look of each
stretch of it, tables, lists, pictures and links. Also pictures and documents to put in.
"""

from __future__ import annotations

import hashlib
import io
import posixpath
import struct
import zlib
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from docxtpl import DocxTemplate
from lxml import etree
from ooxml_integrity import check
from openxml_audit import OpenXmlValidator
from validity import (
    Package,
    R,
    W,
    bookmarks,
    comments,
    content_types,
    fields,
    numbering,
    open_package,
    relationships,
    styles,
)

from papergen.word import Template

_WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_SIGNS = {"tab": "\t", "br": "\n", "cr": "\n"}
Values = Callable[[Any], dict[str, Any]]
"""What makes the values for an engine's template, which docxtpl's objects are made for."""


def both(template: bytes, values: Values) -> tuple[bytes, bytes]:
    """The documents that papergen and docxtpl make of one template, each with values of its
    own.
    """
    return by_papergen(template, values), by_docxtpl(template, values)


def by_papergen(template: bytes, values: Values) -> bytes:
    made = Template(template)
    return made.render(values(made))


def by_docxtpl(template: bytes, values: Values) -> bytes:
    made = DocxTemplate(io.BytesIO(template))
    made.get_docx()
    made.render(values(made), autoescape=True)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def seen(document: bytes) -> dict[str, list[Any]]:
    """What a reader sees, by story: the text, headers, footers and notes."""
    package = open_package(document)
    found: dict[str, list[Any]] = {}
    for name, root in package.stories.items():
        reader = _Story(package, name)
        kind = etree.QName(root).localname
        found.setdefault(kind, []).extend(
            reader.blocks(root.find(f"{W}body") if kind == "document" else root)
        )
    return found


class _Story:
    def __init__(self, package: Package, part: str) -> None:
        self._package = package
        self._part = part
        rels = posixpath.join(posixpath.dirname(part), "_rels", posixpath.basename(part) + ".rels")
        root = package.parts.get(rels)
        self._targets = {} if root is None else {node.get("Id"): node for node in root}

    def blocks(self, holder: Any) -> Iterator[Any]:
        for node in holder:
            name = etree.QName(node).localname
            if name == "p":
                yield self._paragraph(node)
            elif name == "tbl":
                rows = node.findall(f"{W}tr")
                yield [[list(self.blocks(cell)) for cell in row.findall(f"{W}tc")] for row in rows]
            elif name in ("sdtContent", "sdt"):
                yield from self.blocks(node)
            elif name in ("footnote", "endnote") and node.get(f"{W}type") is None:
                yield list(self.blocks(node))

    def _paragraph(self, node: Any) -> tuple[Any, ...]:
        style = self._style(node.find(f"{W}pPr/{W}pStyle"), "paragraph")
        alignment = node.find(f"{W}pPr/{W}jc")
        aligned = None if alignment is None else alignment.get(f"{W}val")
        return style, aligned, self._list(node), self._stretches(node)

    def _style(self, node: Any, kind: str) -> str | None:
        """The style's name; None where Word knows none of this kind, and shows the default."""
        found = None if node is None else self._package.styles.get(node.get(f"{W}val"))
        if found is None or found.get(f"{W}type") != kind:
            return None
        return found.find(f"{W}name").get(f"{W}val")

    def _list(self, node: Any) -> tuple[str | None, str | None] | None:
        """The format and text of the list's level that the paragraph itself names."""
        number = node.find(f"{W}pPr/{W}numPr/{W}numId")
        root = self._package.part("numbering")
        if number is None or root is None:
            return None
        for one in root.iter(f"{W}num"):
            if one.get(f"{W}numId") == number.get(f"{W}val"):
                abstract = one.find(f"{W}abstractNumId").get(f"{W}val")
                for known in root.iter(f"{W}abstractNum"):
                    if known.get(f"{W}abstractNumId") == abstract:
                        level = known.find(f"{W}lvl")
                        return tuple(
                            level.find(W + name).get(f"{W}val") for name in ("numFmt", "lvlText")
                        )  # type: ignore[return-value]
        return None

    def _stretches(self, paragraph: Any) -> list[tuple[Any, ...]]:
        """Texts of one look each, and pictures, in order."""
        found: list[tuple[Any, ...]] = []
        for run in paragraph.iter(f"{W}r"):
            link = next(
                (self._target(a.get(f"{R}id")) for a in run.iterancestors(f"{W}hyperlink")), None
            )
            look = self._look(run.find(f"{W}rPr"))
            for node in run:
                piece = self._piece(node)
                if isinstance(piece, tuple):
                    found.append(piece)
                elif piece and found and found[-1][1:] == (look, link):
                    found[-1] = (found[-1][0] + piece, look, link)
                elif piece:
                    found.append((piece, look, link))
        return found

    def _piece(self, node: Any) -> Any:
        name = etree.QName(node).localname
        if name == "t":
            return node.text or ""
        if name == "br" and node.get(f"{W}type") == "page":
            return "\f"
        if name == "drawing":
            return self._picture(node)
        if name == "footnoteReference":
            return "[note]"
        return _SIGNS.get(name, "")

    def _look(self, properties: Any) -> frozenset[tuple[str, str]]:
        found = set()
        for node in () if properties is None else properties:
            name = etree.QName(node).localname
            if name == "rStyle":
                found.add((name, str(self._style(node, "character"))))
            elif name == "rFonts":
                found |= {(etree.QName(key).localname, value) for key, value in node.attrib.items()}
            else:
                found.add((name, node.get(f"{W}fill" if name == "shd" else f"{W}val") or "on"))
        return frozenset(found - {("rStyle", "None")})

    def _picture(self, drawing: Any) -> tuple[Any, ...]:
        extent = next(drawing.iter(f"{_WP}extent"))
        about = next(drawing.iter(f"{_WP}docPr"))
        links = {self._target(node.get(f"{R}id")) for node in drawing.iter(f"{_A}hlinkClick")}
        data = {self._target(node.get(f"{R}embed")) for node in drawing.iter(f"{_A}blip")}
        name = next(drawing.iter("{http://schemas.openxmlformats.org/drawingml/2006/picture}cNvPr"))
        return (
            "picture",
            extent.get("cx"),
            extent.get("cy"),
            about.get("descr"),
            name.get("name"),
            frozenset(links),
            frozenset(data),
        )

    def _target(self, id_: str | None) -> str | None:
        """The address that a relationship leads to, or the hash of the part's content; “nowhere”
        where there is no such relationship.
        """
        if id_ is None or id_ not in self._targets:
            return id_ and "nowhere"
        node = self._targets[id_]
        if node.get("TargetMode") == "External":
            return node.get("Target")
        path = posixpath.normpath(posixpath.join(posixpath.dirname(self._part), node.get("Target")))
        return hashlib.sha256(self._package.members[path.lstrip("/")]).hexdigest()


def text(document: bytes, story: str = "document") -> str:
    """The text of a story, a line for each paragraph."""
    return "\n".join(
        "".join(piece[0] for piece in block[3]) for block in _flat(seen(document)[story])
    )


def _flat(blocks: Any) -> Iterator[Any]:
    for block in blocks:
        if isinstance(block, list):
            yield from _flat(block)
        else:
            yield block


def invalid(document: bytes, folder: Path) -> list[str]:
    """What Word would repair, by two validators and our own checks. That pictures have alternative
    texts is the caller's matter.
    """
    path = folder / "document.docx"
    path.write_bytes(document)
    found = [str(error) for error in _validator().validate(str(path)).errors]
    found += [str(fault) for fault in check(str(path))]
    return found + broken(document)


@cache
def _validator() -> OpenXmlValidator:
    return OpenXmlValidator()


def broken(document: bytes) -> list[str]:
    """What our own checks find that Word would repair."""
    package = open_package(document)
    found: list[str] = []
    for rules in (bookmarks, fields, comments, numbering, styles, relationships, content_types):
        found += rules(package)
    ids = [node.get("id") for root in package.stories.values() for node in root.iter(f"{_WP}docPr")]
    if len(set(ids)) != len(ids):
        found.append("two drawings have one id")
    return found


def picture(width: int = 12, height: int = 8, colour: bytes = b"\xff\0\0") -> bytes:
    """A PNG of one colour."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        sums = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + sums

    rows = b"".join(b"\0" + colour * width for _ in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def saved(document: Any) -> bytes:
    """The bytes of a document of python-docx's."""
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()
