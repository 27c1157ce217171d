"""Tags that stand where no run can: in the document's properties, in alternative texts; and tags
where none may stand.
"""

from __future__ import annotations

import re
from urllib.parse import unquote

from lxml import etree

from papergen.engine.pieces import Context, Expression, Statement
from papergen.engine.tags import RawTag, TagKind, scan
from papergen.errors import Location, Problem
from papergen.word.markers import Markers
from papergen.word.paragraphs import quoted
from papergen.word.parts import Parts
from papergen.word.runs import atoms, place, place_of
from papergen.word.statements import statement_fault
from papergen.word.tree import WP, Element, M, w

_HOLDS_TAG = re.compile(r"\{[{%#]")
_TAG_IN_MARKUP = re.compile(r"<[^<>]*\{[{%#][^<>]*>")


def mark_properties(
    root: Element,
    markers: Markers,
    where: Location,
    problems: list[Problem],
) -> None:
    """Tags in the document's properties: title, subject and so on."""
    for node in root.iter(etree.Element):
        text = node.text or ""
        if "{" in text or "}" in text:
            name = etree.QName(node).localname
            own = Location(where.source, detail=f"{where.detail}, “{name}”")
            _mark_property(node, text, markers, own, problems)


def _mark_property(
    node: Element,
    text: str,
    markers: Markers,
    where: Location,
    problems: list[Problem],
) -> None:
    tags, faults = scan(text)
    problems += [Problem("template-tag", fault.message, where, fault.hint) for fault in faults]
    node.text = ""
    at = 0
    for tag in tags:
        _append(node, text[at : tag.start])
        at = tag.end
        if tag.kind is TagKind.COMMENT:
            continue
        fault = _property_fault(tag, quoted(text[tag.start : tag.end]), where)
        if fault is not None:
            problems.append(fault)
            continue
        piece: Statement | Expression
        if tag.kind is TagKind.STATEMENT:
            piece = Statement(tag.body, where)
        else:
            piece = Expression(tag.body, where, Context.PLAIN, introduces=False, comments=False)
        node.append(markers.node(piece))
    _append(node, text[at:])


def _property_fault(tag: RawTag, shown: str, where: Location) -> Problem | None:
    if tag.kind is TagKind.STATEMENT:
        return statement_fault(tag.body, shown, where)
    if tag.body:
        return None
    hint = "Write a name into it, or delete it."
    return Problem("template-tag", f"the tag {shown} is empty", where, hint)


def _append(node: Element, text: str) -> None:
    if len(node):
        node[-1].tail = (node[-1].tail or "") + text
    else:
        node.text = (node.text or "") + text


def mark_alternative_texts(
    root: Element,
    markers: Markers,
    where: Location,
    problems: list[Problem],
) -> None:
    """Expressions in the alternative text of pictures, drawings and tables."""
    described: list[tuple[Element, tuple[str, ...]]] = [
        *((node, ("descr", "title", "name")) for node in root.iter(f"{{{WP}}}docPr")),
        *((node, (w("val"),)) for node in root.iter(w("tblCaption"), w("tblDescription"))),
    ]
    for node, keys in described:
        for key in keys:
            text = node.get(key) or ""
            if "{" in text:
                node.set(key, _with_tokens(text, markers, place_of(node, where), problems))


def _with_tokens(
    text: str,
    markers: Markers,
    where: Location,
    problems: list[Problem],
) -> str:
    """The text with tokens in the places of its expressions; nothing of it where there are faults,
    which go to `problems`.
    """
    tags, faults = scan(text)
    problems += [Problem("template-tag", fault.message, where, fault.hint) for fault in faults]
    if faults:
        return ""
    written = ""
    at = 0
    for tag in tags:
        written += text[at : tag.start]
        at = tag.end
        if tag.kind is TagKind.EXPRESSION and tag.body:
            written += markers.token(tag.body, where)
        elif tag.kind is not TagKind.COMMENT:
            message = f"{quoted(text[tag.start : tag.end])} cannot stand in an alternative text"
            hint = "Use {{ … }} there; a choice can be made inside it: {{ 'a' if x else 'b' }}."
            problems.append(Problem("template-forbidden", message, where, hint))
    return written + text[at:]


_ACCEPT = "Accept the changes in Word (Review, Accept All Changes) and save."
_CODES = {
    w("instrText"): (
        "a field code",
        "Put the tag into the text, not into the field (Alt+F9 shows field codes).",
    ),
    w("delText"): ("deleted text", _ACCEPT),
    w("delInstrText"): ("deleted text", _ACCEPT),
    f"{{{M}}}t": ("an equation", "Put the tag into the text beside the equation."),
}


def refuse_codes(
    root: Element,
    source: str,
    part: str,
    problems: list[Problem],
) -> None:
    """Refuse tags in field codes, where a value could make a field, deleted text and equations."""
    pieces: dict[tuple[Element, str], str] = {}
    for node in root.iter(*_CODES):
        key = (next(node.iterancestors(w("p")), root), node.tag)
        pieces[key] = pieces.get(key, "") + (node.text or "")
    for (paragraph, kind), text in pieces.items():
        if _HOLDS_TAG.search(text):
            what, hint = _CODES[kind]
            message = f"a tag stands in {what}: {quoted(text)}"
            where = place(source, part, atoms(paragraph)[0])
            problems.append(Problem("template-forbidden", message, where, hint))


def refuse_attributes(
    root: Element,
    text: str,
    where: Location,
    problems: list[Problem],
) -> None:
    """Tags in attributes other than alternative texts, which have their marks already. `text`: the
    part as it was read.
    """
    if not _TAG_IN_MARKUP.search(text):
        return
    for node in root.iter(etree.Element):
        for key, value in node.attrib.items():
            if not _HOLDS_TAG.search(value):
                continue
            if key == w("instr"):
                what = "a field code"
            else:
                what = f"the setting “{etree.QName(key).localname}”"
            hint = "Tags may stand in text, and in the alternative text of a picture or table."
            message = f"a tag stands in {what}: {quoted(value)}"
            problems.append(Problem("template-forbidden", message, place_of(node, where), hint))


def link_faults(parts: Parts) -> list[Problem]:
    """Tags in link targets: an address made of data could lead anywhere."""
    found = []
    for part in ["", *parts.names()]:
        for relationship in parts.relationships(part):
            target = unquote(relationship.target)
            if _HOLDS_TAG.search(target):
                message = f"the link target {quoted(target)} holds a tag"
                hint = (
                    "Remove the link (in Word: right-click, Remove Hyperlink) and keep the tag as "
                    "text."
                )
                where = Location(parts.source, detail=part or "the package")
                found.append(Problem("template-forbidden", message, where, hint))
    return found


def graphic_faults(parts: Parts) -> list[Problem]:
    """Tags in charts and diagrams, which are not filled in."""
    found = []
    for name in parts.names():
        if not name.endswith(".xml") or not name.startswith(("word/charts/", "word/diagrams/")):
            continue
        if _HOLDS_TAG.search("".join(parts.xml(name).itertext())):
            message = "a tag stands in a chart or diagram, which papergen does not fill in"
            where = Location(parts.source, detail=name)
            hint = "Write the text out, or put it into a paragraph."
            found.append(Problem("template-forbidden", message, where, hint))
    return found
