"""What the tests read from the shipped templates: paragraphs, styles with all they inherit, lists,
contrast.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from lxml import etree
from places import ROOT

TEMPLATES = ROOT / "templates"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@cache
def members(name: str) -> dict[str, bytes]:
    with zipfile.ZipFile(TEMPLATES / name / "paper.docx") as archive:
        return {entry.filename: archive.read(entry) for entry in archive.infolist()}


@cache
def part(name: str, path: str) -> Any:
    return etree.fromstring(members(name)[path])


def text_parts(name: str) -> list[str]:
    return [
        "word/document.xml",
        *sorted(path for path in members(name) if re.match(r"word/(header|footer)\d", path)),
    ]


def text_of(paragraph: Any) -> str:
    return "".join(
        "\t" if run.tag == f"{W}tab" else run.text or ""
        for run in paragraph.iter(f"{W}t", f"{W}tab")
    )


def paragraphs(name: str) -> Iterator[tuple[str, Any]]:
    for path in text_parts(name):
        for paragraph in part(name, path).iter(f"{W}p"):
            yield path, paragraph


def style_of(paragraph: Any) -> str:
    found = paragraph.find(f"{W}pPr/{W}pStyle")
    return "Normal" if found is None else str(found.get(f"{W}val"))


@dataclass
class Style:
    """A style with all it inherits. `values`: attributes by element and attribute name, as in
    `("spacing", "after")`.
    """

    id: str
    name: str
    kind: str
    values: dict[tuple[str, str], str] = field(default_factory=dict)

    def get(self, element: str, attribute: str = "val", default: str = "") -> str:
        return self.values.get((element, attribute), default)

    def has(self, element: str) -> bool:
        return any(key[0] == element for key in self.values)

    @property
    def points(self) -> float:
        return int(self.get("sz")) / 2

    @property
    def bold(self) -> bool:
        return self.has("b")


@cache
def styles(name: str) -> dict[str, Style]:
    root = part(name, "word/styles.xml")
    nodes = {node.get(f"{W}styleId"): node for node in root.iter(f"{W}style")}
    defaults = {}
    for node in root.find(f"{W}docDefaults").iter():
        defaults.update(_values(node))

    def made(style_id: str) -> Style:
        node = nodes[style_id]
        base = node.find(f"{W}basedOn")
        inherited = dict(defaults) if base is None else made(base.get(f"{W}val")).values
        for child in node.iterfind(f"{W}pPr//*"):
            inherited.update(_values(child))
        for child in node.iterfind(f"{W}rPr//*"):
            inherited.update(_values(child))
        return Style(
            style_id, node.find(f"{W}name").get(f"{W}val"), node.get(f"{W}type"), inherited
        )

    return {style_id: made(style_id) for style_id in nodes}


def _values(node: Any) -> dict[tuple[str, str], str]:
    tag = etree.QName(node).localname
    found = {(tag, etree.QName(key).localname): value for key, value in node.attrib.items()}
    return found or {(tag, ""): ""}


def by_name(name: str, style_name: str) -> Style:
    return next(
        style for style in styles(name).values() if style.name.lower() == style_name.lower()
    )


@dataclass
class Level:
    format: str
    text: str
    style: str
    at: int
    text_at: int


@cache
def lists(name: str) -> dict[str, list[Level]]:
    root = part(name, "word/numbering.xml")
    abstract = {node.get(f"{W}abstractNumId"): node for node in root.iterfind(f"{W}abstractNum")}
    return {
        number.get(f"{W}numId"): [
            _level(node) for node in abstract[val(number, "abstractNumId")].iterfind(f"{W}lvl")
        ]
        for number in root.iterfind(f"{W}num")
    }


def val(node: Any, child: str) -> str:
    found = node.find(f"{W}{child}")
    return "" if found is None else str(found.get(f"{W}val"))


def _level(node: Any) -> Level:
    edge = node.find(f"{W}pPr/{W}ind")
    left, hanging = int(edge.get(f"{W}left")), int(edge.get(f"{W}hanging"))
    return Level(
        val(node, "numFmt"), val(node, "lvlText"), val(node, "pStyle"), left - hanging, left
    )


def luminance(colour: str) -> float:
    """WCAG 2.2, “relative luminance”."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)
