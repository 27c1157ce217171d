"""XML trees of a package's parts: safe parsing, the usual prefixes, plain serialising."""

from __future__ import annotations

from typing import TypeAlias

from lxml import etree

from papergen.errors import Location, Problem, TemplateError

Element: TypeAlias = etree._Element

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
WP = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
W14 = "http://schemas.microsoft.com/office/word/2010/wordml"
M = "http://schemas.openxmlformats.org/officeDocument/2006/math"
XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
PREFIXES = {
    W: "w",
    R: "r",
    MC: "mc",
    WP: "wp",
    W14: "w14",
    M: "m",
}
"""The prefixes that compiled pieces count on; all others may be as the template has them."""

_STRICT = "http://purl.oclc.org/ooxml/"
_DOCTYPES = (b"<!DOCTYPE", "<!DOCTYPE".encode("utf-16-le"), "<!DOCTYPE".encode("utf-16-be"))
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def w(name: str) -> str:
    """`w("p")`: the qualified name lxml uses for w:p."""
    return f"{{{W}}}{name}"


def parse(data: bytes, source: str, part: str) -> Element:
    """The root of a part. Raises TemplateError (template-xml) for XML that is malformed, has a DTD,
    or is Strict Open XML.
    """
    where = Location(source, detail=part)
    # Before parsing: entities can grow without bounds.
    if any(mark in data for mark in _DOCTYPES):
        message = "this part declares a document type, which no Word document does"
        hint = (
            "Open the file in Word and save it again; do not use a file from a sender you do not "
            "know."
        )
        raise TemplateError([Problem("template-xml", message, where, hint)])
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=True,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as fault:
        message = f"this part is not well-formed XML ({fault.msg})"
        hint = "Open the file in Word, which may repair it, and save it again."
        raise TemplateError([Problem("template-xml", message, where, hint)]) from None
    if any(uri and uri.startswith(_STRICT) for uri in root.nsmap.values()):
        message = "it is saved in Word's “Strict Open XML” form"
        hint = "In Word choose File, Save As, and the type “Word Document (*.docx)”."
        raise TemplateError([Problem("not-a-docx", message, where, hint)])
    return _with_usual_prefixes(root)


def _with_usual_prefixes(root: Element) -> Element:
    """The same tree with the prefixes of `PREFIXES`; the tree itself where it has them already."""
    if all(PREFIXES.get(uri, prefix) == prefix for prefix, uri in root.nsmap.items()):
        return root
    taken = set(PREFIXES.values())
    renamed: dict[str | None, str | None] = {}
    declared: dict[str | None, str] = {}
    for prefix, uri in root.nsmap.items():
        if uri in PREFIXES:
            renamed[prefix] = PREFIXES[uri]
        elif prefix in taken:
            renamed[prefix] = f"{prefix}1"
        declared[renamed.get(prefix, prefix)] = uri
    fresh = etree.Element(root.tag, dict(root.attrib), nsmap=declared)
    fresh.text = root.text
    fresh.extend(list(root))
    for node in fresh.iter(etree.Element):
        for key in (f"{{{MC}}}Ignorable", "Requires"):  # their values are lists of prefixes
            value = node.get(key)
            if value is not None:
                prefixes = [renamed.get(prefix) or prefix for prefix in value.split()]
                node.set(key, " ".join(prefixes))
    return fresh


def serialise(root: Element) -> str:
    """The part's XML as text, with a declaration."""
    text: str = etree.tostring(root, encoding="unicode", with_tail=False)
    return DECLARATION + text


def part_bytes(root: Element) -> bytes:
    """The part's XML as it is stored."""
    return serialise(root).encode()


def fragment(node: Element) -> str:
    """The XML of one element, without the declarations that its part's root already makes."""
    text: str = etree.tostring(node, encoding="unicode", with_tail=False)
    if " xmlns" not in text:
        return text
    root = node.getroottree().getroot()
    for prefix, uri in root.nsmap.items():
        declared = f"xmlns:{prefix}" if prefix else "xmlns"
        text = text.replace(f' {declared}="{uri}"', "")
    return text


def remove(node: Element) -> None:
    """Take the node out of its parent; text that follows it stays."""
    parent = node.getparent()
    assert parent is not None
    before = node.getprevious()
    if node.tail and before is not None:
        before.tail = (before.tail or "") + node.tail
    elif node.tail:
        parent.text = (parent.text or "") + node.tail
    node.tail = None
    parent.remove(node)


def child_of(node: Element | None, name: str) -> Element | None:
    """The first child w:`name`, None where there is none, or no node."""
    return None if node is None else node.find(w(name))


def attribute_of(node: Element, name: str) -> str:
    """The attribute w:`name`, "" where it is missing."""
    return node.get(w(name)) or ""


def val_of(node: Element | None) -> str:
    """The attribute w:val, "" where it is missing, or there is no node."""
    return "" if node is None else attribute_of(node, "val")


def local_name(node: Element) -> str:
    """The element's name without its namespace."""
    return str(node.tag).rpartition("}")[2]


def ancestor(node: Element, name: str) -> Element | None:
    """The innermost enclosing w:`name`."""
    return next(node.iterancestors(w(name)), None)
