"""The XML of docxtpl's rich text and listings, read, checked and put in the order of the schema.

docxtpl writes styles, fonts and colours into its XML as they are. So only the elements that it
makes are taken, and only values that Word knows. Sections in brackets are of ISO/IEC 29500-1.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from papergen.engine.values import ValueMisuse
from papergen.text import FORBIDDEN_IN_XML
from papergen.word.tree import XML_SPACE, Element, R, W, w

BREAK = "papergen-break"
"""The target of the processing instruction that stands where a new paragraph or page begins."""
PARAGRAPH, PAGE = "paragraph", "page"

_BARE_AMPERSAND = re.compile("&(?!(?:amp|lt|gt|quot|apos|#[0-9]+|#x[0-9A-Fa-f]+);)")
_BREAKS = re.compile("\r\n|[\r\n\t\a\f]")
_ELEMENTS = {"\t": "tab", "\a": PARAGRAPH, "\f": PAGE}
_RUN_PROPERTIES = (
    "rStyle",
    "rFonts",
    "b",
    "bCs",
    "i",
    "iCs",
    "strike",
    "color",
    "sz",
    "szCs",
    "u",
    "shd",
    "vertAlign",
    "rtl",
    "lang",
)
"""Those that docxtpl makes, in the order of CT_RPr (17.3.2.28)."""
_CHILDREN = {
    w("p"): {w("pPr"), w("r"), w("hyperlink")},
    w("pPr"): {w("pStyle")},
    w("hyperlink"): {w("r")},
    w("r"): {w(name) for name in ("rPr", "t", "tab", "br", "noBreakHyphen", "softHyphen")},
    w("rPr"): {w(name) for name in _RUN_PROPERTIES},
    w("t"): {etree.PI},
}
_COLOUR = re.compile("[0-9A-Fa-f]{6}|auto")
_COLOUR_HINT = "Give the colour as six digits 0-9 or A-F: D9E2E8."
_SIZE_HINT = "Give the size in half points, a whole number from 2 to 3276: 24 is 12 points."
_LANGUAGE = re.compile("[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
_LANGUAGE_HINT = "Give the language as Word writes it: en-GB."
_MADE_HINT = "Make it with docxtpl’s add, and give no XML of your own."
_CHECKED = {
    w("color"): (w("val"), "colour", _COLOUR, _COLOUR_HINT),
    w("shd"): (w("fill"), "highlight", _COLOUR, _COLOUR_HINT),
    w("sz"): (w("val"), "size", re.compile("[0-9]{1,4}"), _SIZE_HINT),
    w("szCs"): (w("val"), "size", re.compile("[0-9]{1,4}"), _SIZE_HINT),
    w("lang"): (w("val"), "language", _LANGUAGE, _LANGUAGE_HINT),
    w("u"): (w("val"), "underline", re.compile("[a-z]+([A-Z][a-z]+)*"), _MADE_HINT),
    w("vertAlign"): (w("val"), "position", re.compile("superscript|subscript"), _MADE_HINT),
}
_ATTRIBUTES = {
    XML_SPACE,
    f"{{{R}}}id",
    *(w(name) for name in ("val", "fill", "ascii", "hAnsi", "cs", "eastAsia", "tgtFrame")),
}
_SWITCHES = {w(name) for name in ("b", "bCs", "i", "iCs", "strike", "rtl")}
_LARGEST_SIZE = 3276


def rich_runs(xml: object) -> list[Element]:
    """The runs and links of a RichText. Raises ValueMisuse where its XML cannot be used."""
    return _checked(xml, "RichText", {w("r"), w("hyperlink")})


def rich_paragraphs(xml: object) -> list[Element]:
    """The paragraphs of a RichTextParagraph. Raises ValueMisuse where its XML cannot be used."""
    return _checked(xml, "RichTextParagraph", {w("p")})


def text_nodes(text: str) -> Iterator[Element]:
    r"""What a run holds for a text: `w:t`, `w:br` and `w:tab`, and a `BREAK` for each `\a` and
    `\f`. Raises ValueMisuse for characters that XML has no place for.
    """
    found = FORBIDDEN_IN_XML.search(_BREAKS.sub("", text))
    if found:
        raise ValueMisuse(
            f"the value holds the character U+{ord(found[0]):04X}, which no Word file can hold",
            "Delete the character from the data.",
        )
    at = 0
    for sign in _BREAKS.finditer(text):
        yield from _text_node(text[at : sign.start()])
        at = sign.end()
        name = _ELEMENTS.get(sign[0], "br")
        yield _break(name) if name in (PARAGRAPH, PAGE) else etree.Element(w(name))
    yield from _text_node(text[at:])


def _text_node(text: str) -> Iterator[Element]:
    if text:
        node = etree.Element(w("t"))
        node.set(XML_SPACE, "preserve")
        node.text = text
        yield node


def _break(kind: str) -> Element:
    return etree.ProcessingInstruction(BREAK, kind)


def _checked(xml: object, kind: str, outer: set[object]) -> list[Element]:
    root = _parsed(xml, kind)
    _check_children(root, outer, kind)
    for node in list(root.iter(etree.Element)):
        if node is root or node.tag is etree.PI:
            continue
        _check_children(node, _CHILDREN.get(node.tag, set()), kind)
        _check_attributes(node, kind)
    for properties in root.iter(w("rPr")):
        properties[:] = sorted(properties, key=lambda node: _rank(node.tag))
    for shading in root.iter(w("shd")):
        shading.set(w("val"), "clear")
        shading.set(w("color"), "auto")
    for text in list(root.iter(w("t"))):
        _break_text(text)
    return list(root)


def _rank(tag: str) -> int:
    return _RUN_PROPERTIES.index(tag.rpartition("}")[2])


def _parsed(xml: object, kind: str) -> Element:
    if not isinstance(xml, str):
        raise ValueMisuse(f"this {kind} holds no text", _MADE_HINT)
    found = FORBIDDEN_IN_XML.search(_BREAKS.sub("", xml))
    if found:
        raise ValueMisuse(
            f"the value holds the character U+{ord(found[0]):04X}, which no Word file can hold",
            "Delete the character from the data.",
        )
    # docxtpl escapes the text, but not the names of styles and fonts.
    written = _BARE_AMPERSAND.sub("&amp;", xml)
    for sign, name in (("\a", PARAGRAPH), ("\f", PAGE)):
        written = written.replace(sign, f"<?{BREAK} {name}?>")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    wrapped = f'<rich xmlns:w="{W}" xmlns:r="{R}">{written}</rich>'
    try:
        return etree.fromstring(wrapped.encode(), parser)
    except etree.XMLSyntaxError:
        message = f"the XML of this {kind} cannot be read"
        hint = 'Look for a style, font, colour or language in it with a sign such as < or ".'
        raise ValueMisuse(message, hint) from None


def _check_children(node: Element, allowed: set[object], kind: str) -> None:
    """Raises ValueMisuse for elements, and text beside elements, that docxtpl does not make."""
    texts = [node.text if node.tag != w("t") else None]
    for child in node:
        is_break = child.tag is etree.PI and child.target == BREAK
        if child.tag not in allowed or (child.tag is etree.PI and not is_break):
            name = f"“{_local(child)}”" if isinstance(child.tag, str) else "an instruction"
            raise ValueMisuse(f"this {kind} holds {name}, which docxtpl does not make", _MADE_HINT)
        if node.tag != w("t"):
            texts.append(child.tail)
    if any(text and text.strip() for text in texts):
        raise ValueMisuse(f"this {kind} holds text outside its runs", _MADE_HINT)


def _local(node: Element) -> str:
    return str(node.tag).rpartition("}")[2]


def _check_attributes(node: Element, kind: str) -> None:
    for key in node.attrib:
        if key not in _ATTRIBUTES or (node.tag in _SWITCHES and node.get(key) != "true"):
            name = key.rpartition("}")[2]
            message = f"this {kind} holds the setting “{name}”, which docxtpl does not make"
            raise ValueMisuse(message, _MADE_HINT)
    if node.tag not in _CHECKED:
        return
    key, what, form, hint = _CHECKED[node.tag]
    value = node.get(key) or ""
    fits = form.fullmatch(value) is not None
    if fits and what == "size":
        fits = 2 <= int(value) <= _LARGEST_SIZE
    if not fits:
        raise ValueMisuse(f"the {what} “{value[:40]}” is none that Word knows", hint)


def _break_text(text: Element) -> None:
    """Put elements in the places of line breaks and tabs in a `w:t`."""
    nodes: list[Element] = list(text_nodes(text.text or ""))
    for mark in text:
        nodes.append(_break(mark.text))
        nodes += text_nodes(mark.tail or "")
    for node in nodes:
        text.addprevious(node)
    text.getparent().remove(text)
