"""A .docx as short text, for golden files: a line a paragraph, and nothing left out that a draft
writes.

An element is its name, with its attributes in round brackets and what it holds in square ones;
`name:x` is short for one with nothing but `w:val="x"`. A run is `{its properties}` and what it
holds; text is in quotation marks.
"""

from __future__ import annotations

import json
from typing import Any

from lxml import etree
from validity import W, open_package

_LINES = {
    f"{W}{name}" for name in ("p", "tbl", "tr", "tc", "comment", "sectPr", "tblPr", "tblGrid")
}
_SKIPPED = {"word/styles.xml", "word/settings.xml", "word/fontTable.xml", "word/theme/theme1.xml"}


def dump(docx: bytes) -> str:
    """All parts but those that are the template's own and the same in every paper; of the lists,
    only their instances.
    """
    package = open_package(docx)
    lines: list[str] = []
    for name in sorted(package.parts.keys() - _SKIPPED):
        lines.append(f"== {name}")
        root = package.parts[name]
        children = root if root.tag != f"{W}document" else root[0]
        if name == "word/numbering.xml":
            children = root.findall(f"{W}num")
        for child in children:
            _lines(child, 0, lines)
    return "\n".join(lines) + "\n"


def _lines(node: Any, depth: int, lines: list[str]) -> None:
    if node.tag in _LINES and node.tag != f"{W}p" and any(child.tag in _LINES for child in node):
        held = [child for child in node if child.tag not in _LINES]
        lines.append("  " * depth + _name(node) + "".join(f" {_short(child)}" for child in held))
        for child in node:
            if child.tag in _LINES:
                _lines(child, depth + 1, lines)
    else:
        lines.append("  " * depth + _short(node))


def _short(node: Any) -> str:
    if node.tag == f"{W}p":
        properties = node.find(f"{W}pPr")
        rest = [child for child in node if child is not properties]
        head = "p" if properties is None else "p " + " ".join(_short(child) for child in properties)
        return " ".join([head, *map(_short, rest)])
    if node.tag == f"{W}r":
        properties = node.find(f"{W}rPr")
        shown = (
            ""
            if properties is None
            else "{" + " ".join(_short(child) for child in properties) + "}"
        )
        return shown + " ".join(_short(child) for child in node if child is not properties)
    if node.tag == f"{W}t":
        return json.dumps(node.text or "", ensure_ascii=False)
    if list(node.attrib) == [f"{W}val"] and len(node) == 0:
        return f"{etree.QName(node).localname}:{node.get(f'{W}val')}"
    text = json.dumps(node.text, ensure_ascii=False) if (node.text or "").strip() else ""
    held = " ".join([text] * bool(text) + [_short(child) for child in node])
    return _name(node) + (f"[{held}]" if held else "")


def _name(node: Any) -> str:
    values = " ".join(f"{etree.QName(key).localname}={value}" for key, value in node.attrib.items())
    return etree.QName(node).localname + (f"({values})" if values else "")
