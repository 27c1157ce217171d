"""The XML of docxtpl's rich text and listings, read, checked and put in the order of the schema.

docxtpl writes styles, fonts and colours into its XML as they are. So only the elements that it
makes are taken, and only values that Word knows. Sections in brackets are of ISO/IEC 29500-1.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from papergen.engine.values import ValueMisuse
from papergen.text import FORBIDDEN_IN_XML
from papergen.word.tree import XML_SPACE, Element, R, W, local_name, w

BREAK = "papergen-break"
"""The target of the processing instruction that stands where a new paragraph or page begins."""
PARAGRAPH, PAGE = "paragraph", "page"

_PARAGRAPH_BREAK = f"<?{BREAK} {PARAGRAPH}?>"
_PAGE_BREAK = f"<?{BREAK} {PAGE}?>"
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
    w("p"): {
        w("pPr"),
        w("r"),
        w("hyperlink"),
    },
    w("pPr"): {w("pStyle")},
    w("hyperlink"): {w("r")},
    w("r"): {
        w("rPr"),
        w("t"),
        w("tab"),
        w("br"),
        w("noBreakHyphen"),
        w("softHyphen"),
    },
    w("rPr"): {w(name) for name in _RUN_PROPERTIES},
    w("t"): {etree.PI},
}
_COLOUR = re.compile("[0-9A-Fa-f]{6}|auto")
_COLOUR_HINT = "Give the colour as six digits 0-9 or A-F: D9E2E8."
_SIZE_HINT = "Give the size in half points, a whole number from 2 to 3276: 24 is 12 points."
_LANGUAGE = re.compile("[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
_UNDERLINE = re.compile("[a-z]+([A-Z][a-z]+)*")
_POSITION = re.compile("superscript|subscript")
_LANGUAGE_HINT = "Give the language as Word writes it: en-GB."
_MADE_HINT = "Make it with docxtpl’s add, and give no XML of your own."


@dataclass(frozen=True, slots=True)
class _Check:
    """What an attribute's value must be, and what it is called in messages."""

    key: str
    what: str
    form: re.Pattern[str]
    hint: str


_SIZE = _Check(w("val"), "size", re.compile("[0-9]{1,4}"), _SIZE_HINT)
_CHECKED = {
    w("color"): _Check(w("val"), "colour", _COLOUR, _COLOUR_HINT),
    w("shd"): _Check(w("fill"), "highlight", _COLOUR, _COLOUR_HINT),
    w("sz"): _SIZE,
    w("szCs"): _SIZE,
    w("lang"): _Check(w("val"), "language", _LANGUAGE, _LANGUAGE_HINT),
    w("u"): _Check(w("val"), "underline", _UNDERLINE, _MADE_HINT),
    w("vertAlign"): _Check(w("val"), "position", _POSITION, _MADE_HINT),
}
_ATTRIBUTES: dict[str, set[str]] = {
    w("t"): {XML_SPACE},
    w("hyperlink"): {f"{{{R}}}id", w("tgtFrame")},
    w("rFonts"): {w("ascii"), w("hAnsi"), w("cs"), w("eastAsia")},
    w("shd"): {w("fill"), w("val")},
    w("pStyle"): {w("val")},
    **{w(name): {w("val")} for name in _RUN_PROPERTIES if name not in ("rFonts", "shd")},
}
"""The attributes that docxtpl writes, by element."""
_SWITCHES = {
    w("b"),
    w("bCs"),
    w("i"),
    w("iCs"),
    w("strike"),
    w("rtl"),
}
_LARGEST_SIZE = 3276
_NAMESPACES = {"w": W, "r": R}


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
    _check_characters(text)
    at = 0
    for sign in _BREAKS.finditer(text):
        yield from _text_node(text[at : sign.start()])
        at = sign.end()
        name = _ELEMENTS.get(sign[0], "br")
        if name in (PARAGRAPH, PAGE):
            yield _break(name)
        else:
            yield etree.Element(w(name))
    yield from _text_node(text[at:])


def _check_characters(text: str) -> None:
    found = FORBIDDEN_IN_XML.search(_BREAKS.sub("", text))
    if found:
        code = f"U+{ord(found[0]):04X}"
        message = f"the value holds the character {code}, which no Word file can hold"
        raise ValueMisuse(message, "Delete the character from the data.")


def _text_node(text: str) -> Iterator[Element]:
    if text:
        node = etree.Element(w("t"))
        node.set(XML_SPACE, "preserve")
        node.text = text
        yield node


def _break(kind: str) -> Element:
    return etree.ProcessingInstruction(BREAK, kind)


def _checked(xml: object, kind: str, outer: set[object]) -> list[Element]:
    """The elements of docxtpl's XML, with line breaks and tabs as elements. `outer`: the tags
    that it may have outermost.
    """
    root = _parsed(xml, kind)
    _check_children(root, outer, kind)
    for node in root.iterdescendants(etree.Element):
        _check_children(node, _CHILDREN.get(node.tag, set()), kind)
        _check_attributes(node, kind)
        _check_order(node, kind)
    for properties in root.iter(w("rPr")):
        properties[:] = sorted(properties, key=_schema_rank)
    for shading in root.iter(w("shd")):
        shading.set(w("val"), "clear")
        shading.set(w("color"), "auto")
    for text in list(root.iter(w("t"))):
        _break_text(text)
    return list(root)


def _schema_rank(run_property: Element) -> int:
    return _RUN_PROPERTIES.index(local_name(run_property))


def _parsed(xml: object, kind: str) -> Element:
    if not isinstance(xml, str):
        raise ValueMisuse(f"this {kind} holds no text", _MADE_HINT)
    _check_characters(xml)
    # docxtpl escapes the text, but not the names of styles and fonts.
    written = _BARE_AMPERSAND.sub("&amp;", xml)
    written = written.replace("\a", _PARAGRAPH_BREAK)
    written = written.replace("\f", _PAGE_BREAK)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    wrapped = f'<rich xmlns:w="{W}" xmlns:r="{R}">{written}</rich>'
    try:
        return etree.fromstring(wrapped.encode(), parser)
    except etree.XMLSyntaxError:
        message = f"the XML of this {kind} cannot be read"
        hint = 'Look for a style, font, colour or language in it with a sign such as < or ".'
        raise ValueMisuse(message, hint) from None


def _check_children(node: Element, allowed: set[object], kind: str) -> None:
    """Raise ValueMisuse for elements, and text beside elements, that docxtpl does not make."""
    if len(node.nsmap) > len(_NAMESPACES):
        raise ValueMisuse(f"this {kind} holds a namespace of its own", _MADE_HINT)
    for child in node:
        if child.tag not in allowed or not _is_of_docxtpl(child):
            name = f"“{local_name(child)}”" if isinstance(child.tag, str) else "an instruction"
            raise ValueMisuse(f"this {kind} holds {name}, which docxtpl does not make", _MADE_HINT)
    if node.tag == w("t"):
        return
    texts = [node.text, *(child.tail for child in node)]
    if any(text and text.strip() for text in texts):
        raise ValueMisuse(f"this {kind} holds text outside its runs", _MADE_HINT)


def _check_order(node: Element, kind: str) -> None:
    """Raise ValueMisuse for properties that are not first in their element, or are there twice."""
    children = [child.tag for child in node]
    for properties in (w("rPr"), w("pPr")):
        if properties in children[1:]:
            raise ValueMisuse(f"this {kind} holds properties behind its text", _MADE_HINT)
    is_properties = node.tag in (w("rPr"), w("pPr"))
    if is_properties and len(set(children)) < len(children):
        raise ValueMisuse(f"this {kind} holds one property twice", _MADE_HINT)


def _is_of_docxtpl(node: Element) -> bool:
    """Whether a node is an element, or the only processing instruction that texts have."""
    return node.tag is not etree.PI or node.target == BREAK


def _check_attributes(node: Element, kind: str) -> None:
    is_switch = node.tag in _SWITCHES
    for key, value in node.attrib.items():
        is_known = key in _ATTRIBUTES.get(node.tag, set())
        if not is_known or (is_switch and value != "true"):
            name = key.rpartition("}")[2]
            message = f"this {kind} holds the setting “{name}”, which docxtpl does not make"
            raise ValueMisuse(message, _MADE_HINT)
    check = _CHECKED.get(node.tag)
    if check is None:
        return
    value = node.get(check.key) or ""
    fits = check.form.fullmatch(value) is not None
    if fits and check is _SIZE:
        fits = 2 <= int(value) <= _LARGEST_SIZE
    if not fits:
        message = f"the {check.what} “{value[:40]}” is none that Word knows"
        raise ValueMisuse(message, check.hint)


def _break_text(text: Element) -> None:
    """Put elements in the places of line breaks and tabs in a `w:t`."""
    nodes: list[Element] = list(text_nodes(text.text or ""))
    for mark in text:
        nodes.append(_break(mark.text))
        nodes += text_nodes(mark.tail or "")
    for node in nodes:
        text.addprevious(node)
    text.getparent().remove(text)
