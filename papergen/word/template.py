"""Compiling a Word template: bytes of a .docx to pieces of its parts, and members that are copied as they are.

A stage is a plain function; `_compile_part` lists them in order. lxml is imported here, so importing this module is for compiling only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

from papergen.errors import Location, PapergenError, Problem, check
from papergen.merge.pieces import Context, Expression, Piece, Statement
from papergen.merge.tags import TagKind, scan
from papergen.word.cleaning import clean_tree
from papergen.word.controls import Numbers, check_controls
from papergen.word.marks import CLOSE, OPEN, Marks, Start, Stop
from papergen.word.package import Member, read_package
from papergen.word.paragraphs import Found, Surroundings, atoms, drop_fallbacks, mark_paragraph, place
from papergen.word.parts import Parts, clean_package, link_faults
from papergen.word.proof import prove_well_formed
from papergen.word.read_styles import own_number, read_styles
from papergen.word.statements import statement_fault
from papergen.word.structure import apply_commands, guard, join_paragraphs, replace_rows_and_cells
from papergen.word.styles import Styles
from papergen.word.tree import WP, Element, M, w


@dataclass(frozen=True, slots=True)
class PartPieces:
    """A part that papers differ in. `kind` is `document`, `header`, `footer`, `footnotes`, `endnotes` or `core-properties`."""

    name: str
    kind: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class CompiledTemplate:
    """A template, ready for `merge.code`.

    `parts`: the document first, then the other parts that hold something to be filled in or counted. `members`: all other parts, content
    types and root relationships first. `main` and `numbering` are the names of these parts (`numbering` empty where there is none).
    `next_drawing` and `next_bookmark` are the first numbers that no drawing and no bookmark of the template has.
    """

    main: str
    numbering: str
    parts: tuple[PartPieces, ...]
    members: tuple[Member, ...]
    styles: Styles
    next_drawing: int
    next_bookmark: int
    text_width: int
    """Between the margins of the last section, in twentieths of a point."""


def compile_template(data: bytes, source: str, *, every_paragraph: bool = False) -> CompiledTemplate:
    """Compile the bytes of a .docx. `source` names it in messages; `every_paragraph`: all paragraphs become `Begin` and `End`.

    Raises TemplateError with all problems that were found.
    """
    parts = Parts(read_package(data, source), source)
    clean_package(parts)
    problems = link_faults(parts)
    numbering = next(iter(parts.related(parts.main, "numbering")), "")
    style_part = next(iter(parts.related(parts.main, "styles")), "")
    styles = read_styles(parts.data(style_part) if style_part else None, parts.data(numbering) if numbering else None, source)
    numbers = Numbers.new()
    compiled: list[PartPieces] = []
    for kind, name in _stories(parts):
        try:
            pieces = _compile_part(parts, kind, name, styles, numbers, every_paragraph, problems)
        except PapergenError as error:
            problems += error.problems
            continue
        if kind == "document" or any(not isinstance(piece, str) for piece in pieces):
            compiled.append(PartPieces(name, kind, pieces))
        else:
            parts.replace(name, "".join(piece for piece in pieces if isinstance(piece, str)).encode())
    problems += _tags_elsewhere(parts, {name for _, name in _stories(parts)})
    check(problems)
    dynamic = {part.name for part in compiled}
    members = tuple(member for member in parts.members() if member.name not in dynamic)
    return CompiledTemplate(
        parts.main,
        numbering,
        tuple(compiled),
        members,
        styles,
        next(numbers.drawings),
        next(numbers.bookmarks),
        _text_width(parts.xml(parts.main)),
    )


def _text_width(root: Element) -> int:
    """Between the margins of the last section (CT_PageSz, CT_PageMar); as on A4 with margins of 2.5 cm where it says nothing."""
    section = next(reversed(list(root.iter(w("sectPr")))), None)
    size = section.find(w("pgSz")) if section is not None else None
    margins = section.find(w("pgMar")) if section is not None else None
    taken = sum(_twips(margins, name, default) for name, default in (("left", 1417), ("right", 1417), ("gutter", 0)))
    return _twips(size, "w", 11906) - taken


def _twips(node: Element | None, name: str, default: int) -> int:
    value = (node.get(w(name)) if node is not None else None) or ""
    return int(value) if value.isascii() and value.isdecimal() else default


def _stories(parts: Parts) -> list[tuple[str, str]]:
    """The parts that may hold tags, as (kind, name)."""
    found = [("document", parts.main)]
    for kind in ("footnotes", "endnotes", "header", "footer"):
        found += [(kind, name) for name in parts.related(parts.main, kind)]
    found += [("core-properties", name) for name in parts.related("", "core-properties")]
    return found


def _compile_part(
    parts: Parts, kind: str, name: str, styles: Styles, numbers: Numbers, every_paragraph: bool, problems: list[Problem]
) -> tuple[Piece, ...]:
    data = parts.data(name)
    where = Location(parts.source, detail=name)
    if OPEN.encode() in data or CLOSE.encode() in data:
        problems.append(
            Problem("template-xml", "this part holds a code (U+FDD0 or U+FDD1) that is no character", where, "Delete it.")
        )
        return ()
    root = parts.xml(name)
    marks = Marks()
    before = len(problems)
    if kind == "core-properties":
        _mark_properties(root, marks, where, problems)
        check_controls(root, marks, numbers, where, problems)
    else:
        clean_tree(root)
        drop_fallbacks(root)
        found = _mark_paragraphs(
            root, marks, Surroundings(parts.source, name, kind == "document", kind in _INTRODUCING), styles, problems
        )
        replace_rows_and_cells(found, parts.source, name, problems)
        join_paragraphs(root, found)
        apply_commands(found.commands, marks, problems)
        _mark_alternative_texts(root, marks, where, problems)
        _refuse_codes(root, parts.source, name, problems)
        if _TAG_IN_MARKUP.search(data):
            _refuse_attributes(root, where, problems)
        check_controls(root, marks, numbers, where, problems)
        if len(problems) == before:
            guard(root, marks)
            _wrap_paragraphs(root, marks, found, parts.source, name, styles, every_paragraph)
    if len(problems) > before:
        return ()
    pieces = marks.pieces(root)
    prove_well_formed(pieces)
    return pieces


_INTRODUCING = ("document", "footnotes", "endnotes")
_TAG_IN_MARKUP = re.compile(rb"<[^<>]*\{[{%#][^<>]*>")


def _mark_paragraphs(root: Element, marks: Marks, about: Surroundings, styles: Styles, problems: list[Problem]) -> Found:
    found = Found()
    heading = Surroundings(about.source, about.part, about.comments, False)
    boxed = bool(next(root.iter(w("txbxContent")), None) is not None)
    for paragraph in list(root.iter(w("p"))):
        own = heading if styles.is_heading(_style(paragraph, styles)) else about
        if boxed and next(paragraph.iterancestors(w("txbxContent")), None) is not None:
            own = Surroundings(own.source, own.part, False, own.introduces)
        mark_paragraph(paragraph, marks, own, found, problems)
    return found


def _style(paragraph: Element, styles: Styles) -> str:
    node = paragraph.find(f"{w('pPr')}/{w('pStyle')}")
    return styles.default if node is None else node.get(w("val")) or ""


def _wrap_paragraphs(
    root: Element, marks: Marks, found: Found, source: str, part: str, styles: Styles, every_paragraph: bool
) -> None:
    """Paragraphs that take a number, or all of them, get a mark at their beginning and end."""
    for paragraph in root.iter(w("p")):
        properties = paragraph.find(w("pPr"))
        number = styles.number(_style(paragraph, styles), *own_number(properties))
        if number is not None and not styles.counts(number):
            number = None
        if number is None and not every_paragraph:
            continue
        where = found.where.get(paragraph) or place(source, part, atoms(paragraph)[0])
        paragraph.insert(0 if properties is None else paragraph.index(properties) + 1, marks.node(Start(where, number)))
        paragraph.append(marks.node(Stop()))


def _mark_properties(root: Element, marks: Marks, where: Location, problems: list[Problem]) -> None:
    """Tags in the document's properties: title, subject and so on."""
    for node in root.iter(etree.Element):
        text = node.text or ""
        if "{" not in text and "}" not in text:
            continue
        place_ = Location(where.source, detail=f"{where.detail}, “{etree.QName(node).localname}”")
        tags, faults = scan(text, prefixes=True)
        problems += [Problem("template-tag", fault.message, place_, fault.hint) for fault in faults]
        node.text = ""
        at = 0
        for tag in tags:
            _append_text(node, text[at : tag.start])
            at = tag.end
            if tag.kind is TagKind.STATEMENT:
                fault = statement_fault(tag.body, f"“{text[tag.start : tag.end]}”", place_)
                problems += [fault] if fault else []
                node.append(marks.node(Statement(tag.body, place_)))
            elif tag.kind is TagKind.EXPRESSION:
                node.append(marks.node(Expression(tag.body, place_, Context.PLAIN, introduces=False, comments=False)))
        _append_text(node, text[at:])


def _append_text(node: Element, text: str) -> None:
    if len(node):
        node[-1].tail = (node[-1].tail or "") + text
    else:
        node.text = (node.text or "") + text


def _mark_alternative_texts(root: Element, marks: Marks, where: Location, problems: list[Problem]) -> None:
    """Tags in the alternative text of pictures, drawings and tables."""
    described = [(node, ("descr", "title", "name")) for node in root.iter(f"{{{WP}}}docPr")]
    described += [(node, (w("val"),)) for node in root.iter(w("tblCaption"), w("tblDescription"))]
    for node, keys in described:
        for key in keys:
            text = node.get(key) or ""
            if "{" not in text:
                continue
            tags, faults = scan(text, prefixes=True)
            problems += [Problem("template-tag", fault.message, where, fault.hint) for fault in faults]
            written, at = "", 0
            for tag in tags:
                written, at = written + text[at : tag.start], tag.end
                if tag.kind is TagKind.EXPRESSION and not tag.prefix and tag.body:
                    written += marks.token(tag.body, where)
                elif tag.kind is not TagKind.COMMENT:
                    problems.append(
                        Problem(
                            "template-forbidden",
                            f"“{text[tag.start : tag.end]}” cannot stand in an alternative text",
                            where,
                            "Use {{ … }} there; a choice can be made inside it: {{ 'a' if x else 'b' }}.",
                        )
                    )
            node.set(key, written + text[at:])


_HOLDS_TAG = re.compile(r"\{[{%#]")


def _refuse_codes(root: Element, source: str, part: str, problems: list[Problem]) -> None:
    """Tags in field codes, deleted text and equations: they would run unseen, or not at all."""
    kinds = {
        w("instrText"): ("a field code", "Put the tag into the text, not into the field (Alt+F9 shows field codes)."),
        w("delText"): ("deleted text", "Accept the changes in Word (Review, Accept All Changes) and save."),
        w("delInstrText"): ("deleted text", "Accept the changes in Word (Review, Accept All Changes) and save."),
        f"{{{M}}}t": ("an equation", "Put the tag into the text beside the equation."),
    }
    pieces: dict[tuple[Element, str], str] = {}
    for node in root.iter(*kinds):
        paragraph = next(node.iterancestors(w("p")), root)
        key = (paragraph, node.tag)
        pieces[key] = pieces.get(key, "") + (node.text or "")
    for (paragraph, tag), text in pieces.items():
        if _HOLDS_TAG.search(text):
            what, hint = kinds[tag]
            shown = " ".join(text.split())[:60]
            problems.append(
                Problem(
                    "template-forbidden",
                    f"a tag stands in {what}: “{shown}”",
                    place(source, part, atoms(paragraph)[0]),
                    hint,
                )
            )


def _refuse_attributes(root: Element, where: Location, problems: list[Problem]) -> None:
    for node in root.iter(etree.Element):
        for key, value in node.attrib.items():
            if _HOLDS_TAG.search(value):
                what = "a field code" if key == w("instr") else f"the setting “{etree.QName(key).localname}”"
                problems.append(
                    Problem(
                        "template-forbidden",
                        f"a tag stands in {what}: “{value[:60]}”",
                        where,
                        "Tags may stand in text, and in the alternative text of a picture or table.",
                    )
                )


def _tags_elsewhere(parts: Parts, known: set[str]) -> list[Problem]:
    """Tags in charts and diagrams, which are not filled in."""
    found = []
    for name in parts.names():
        if name in known or not name.endswith(".xml") or not name.startswith(("word/charts/", "word/diagrams/")):
            continue
        if _HOLDS_TAG.search("".join(parts.xml(name).itertext())):
            found.append(
                parts.fault(
                    "template-forbidden",
                    "a tag stands in a chart or diagram, which papergen does not fill in",
                    name,
                    "Write the text out, or put it into a paragraph.",
                )
            )
    return found
