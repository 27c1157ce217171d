"""Compiling a Word template: bytes of a .docx to pieces of its parts, and members that are copied
as they are.

A stage is a plain function; `_compile_part` lists them in order. lxml is imported here: this module
is for compiling only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from papergen.engine.pieces import Begin, End, Expression, Piece, Statement
from papergen.errors import Location, PapergenError, Problem, check
from papergen.word.attribute_tags import (
    graphic_faults,
    link_faults,
    mark_alternative_texts,
    mark_properties,
    refuse_attributes,
    refuse_codes,
)
from papergen.word.cleaning import clean_tree
from papergen.word.controls import Numbers, check_controls, number_ids
from papergen.word.guards import copy_columns, guard
from papergen.word.markers import CLOSE, OPEN, Markers, Start, Stop
from papergen.word.package import Member, read_package
from papergen.word.paragraphs import FoundTag, Surroundings, mark_paragraph
from papergen.word.parts import Parts, clean_package, set_default_language
from papergen.word.read_styles import own_number, read_styles
from papergen.word.runs import atoms, place
from papergen.word.structure import apply_commands, join_paragraphs, replace_rows_and_cells
from papergen.word.styles import TemplateStyles
from papergen.word.tree import Element, part_bytes, serialise, w
from papergen.word.validity import numbering_faults, part_faults, style_faults
from papergen.word.wellformed import check_well_formed


@dataclass(frozen=True, slots=True)
class PartPieces:
    """A part that papers differ in. `kind` is `document`, `header`, `footer`, `footnotes`,
    `endnotes` or `core-properties`.
    """

    name: str
    kind: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class CompiledTemplate:
    """A template, ready for `engine.codegen`.

    `parts`: the document first, then the other parts that hold something to be filled in or
    counted. `members`: all other parts, content types and root relationships first. `main` and
    `numbering` are the names of these parts (`numbering` empty where there is none). `next_drawing`
    and `next_bookmark`: the first numbers that no drawing and no bookmark here has. `text_width`:
    between the margins of the last section, in twentieths of a point.
    """

    main: str
    numbering: str
    parts: tuple[PartPieces, ...]
    members: tuple[Member, ...]
    styles: TemplateStyles
    next_drawing: int
    next_bookmark: int
    text_width: int


@dataclass(slots=True, eq=False)
class Remains:
    """What can be told of a template even where it is faulty: the tags of each part, its styles and
    its text's width.
    """

    tags: list[list[Expression | Statement]] = field(default_factory=list)
    styles: TemplateStyles | None = None
    text_width: int = 0


def compile_template(
    data: bytes,
    source: str,
    *,
    language: str,
    every_paragraph: bool = False,
    remains: Remains | None = None,
) -> CompiledTemplate:
    """Compile the bytes of a .docx. `source` names it in messages; `language` is that of its papers
    (BCP 47); `every_paragraph`: all paragraphs become `Begin` and `End`.

    Raises TemplateError with all problems that were found; `remains` then has what more can be
    found by.
    """
    remains = remains or Remains()
    parts = Parts(read_package(data, source), source)
    clean_package(parts, language)
    problems = link_faults(parts)
    numbering = next(iter(parts.related(parts.main, "numbering")), "")
    style_part = next(iter(parts.related(parts.main, "styles")), "")
    style_root = parts.xml(style_part) if style_part else None
    if style_root is not None and set_default_language(style_root, language):
        parts.replace(style_part, part_bytes(style_root))
    list_root = parts.xml(numbering) if numbering else None
    styles = remains.styles = read_styles(style_root, list_root)
    if list_root is not None:
        problems += numbering_faults(list_root, Location(source, detail=numbering))
    if style_root is not None:
        problems += style_faults(style_root, Location(source, detail=style_part), styles.lists)
    numbers = Numbers.new()
    compiled: list[PartPieces] = []
    width = 0
    for kind, name in _stories(parts):
        try:
            root, pieces = _compile_part(
                parts, kind, name, styles, numbers, every_paragraph, problems, remains
            )
        except PapergenError as error:
            problems += error.problems
            continue
        if kind == "document":
            width = remains.text_width = _text_width(root)
        if kind == "document" or any(_varies(piece) for piece in pieces):
            compiled.append(PartPieces(name, kind, pieces))
        elif pieces:
            parts.replace(name, "".join(map(_literal, pieces)).encode())
    problems += graphic_faults(parts)
    check(problems)
    members = parts.members(without={part.name for part in compiled})
    return CompiledTemplate(
        parts.main,
        numbering,
        tuple(compiled),
        members,
        styles,
        next(numbers.drawings),
        next(numbers.bookmarks),
        width,
    )


def _varies(piece: Piece) -> bool:
    """Whether a piece is more than the same text in every run: a paragraph that takes no number is
    not.
    """
    return not isinstance(piece, (str, Begin, End)) or (
        not isinstance(piece, str) and piece.paragraph.number is not None
    )


def _literal(piece: Piece) -> str:
    if isinstance(piece, Begin):
        return piece.paragraph.open_xml
    return piece if isinstance(piece, str) else "</w:p>"


def _text_width(root: Element) -> int:
    """Between the margins of the last section (CT_PageSz, CT_PageMar), taken as A4 with 2.5 cm
    where it says nothing.
    """
    section = next(reversed(list(root.iter(w("sectPr")))), None)
    size = section.find(w("pgSz")) if section is not None else None
    margins = section.find(w("pgMar")) if section is not None else None
    taken = sum(
        _twips(margins, name, default)
        for name, default in (("left", 1417), ("right", 1417), ("gutter", 0))
    )
    return _twips(size, "w", 11906) - taken


def _twips(node: Element | None, name: str, default: int) -> int:
    value = (node.get(w(name)) if node is not None else None) or ""
    return int(value) if value.isascii() and value.isdecimal() else default


def _stories(parts: Parts) -> Sequence[tuple[str, str]]:
    """The parts that may hold tags, as (kind, name)."""
    found = [("document", parts.main)]
    for kind in ("footnotes", "endnotes", "header", "footer"):
        found += [(kind, name) for name in parts.related(parts.main, kind)]
    return [*found, *(("core-properties", name) for name in parts.related("", "core-properties"))]


def _compile_part(
    parts: Parts,
    kind: str,
    name: str,
    styles: TemplateStyles,
    numbers: Numbers,
    every_paragraph: bool,
    problems: list[Problem],
    remains: Remains,
) -> tuple[Element, tuple[Piece, ...]]:
    """The part's tree and pieces; no pieces where there are problems."""
    where = Location(parts.source, detail=name)
    root = parts.xml(name)
    text = serialise(root)
    markers = Markers()
    before = len(problems)
    if kind == "document" and (root.tag != w("document") or root.find(w("body")) is None):
        problems.append(
            Problem(
                "template-xml",
                "the document has no body",
                where,
                "Open the file in Word and save it again.",
            )
        )
    elif OPEN in text or CLOSE in text:
        message = "this part holds a code (U+FDD0 or U+FDD1) that is no character"
        problems.append(
            Problem("template-xml", message, where, "Delete it, or type the text around it again.")
        )
    elif kind == "core-properties":
        mark_properties(root, markers, where, problems)
        check_controls(root, markers, where, problems)
    else:
        clean_tree(root)
        problems += part_faults(root, where, styles.lists)
        found = _mark_paragraphs(root, markers, kind, parts.source, name, styles, problems)
        replace_rows_and_cells(found, parts.source, name, problems)
        join_paragraphs(root, found, problems)
        mark_alternative_texts(root, markers, where, problems)
        refuse_codes(root, parts.source, name, problems)
        refuse_attributes(root, text, where, problems)
        if found.sure:
            check_controls(root, markers, where, problems)
        if len(problems) == before:
            copy_columns(root, markers)
        apply_commands(found.commands, markers, problems)
        if len(problems) == before:
            number_ids(root, markers, numbers, where, problems)
            guard(root, markers)
            _wrap_paragraphs(root, markers, found, parts.source, name, styles, every_paragraph)
    remains.tags.append(markers.tags())
    if len(problems) > before:
        return root, ()
    pieces = markers.pieces(root)
    check_well_formed(pieces)
    return root, pieces


def _mark_paragraphs(
    root: Element,
    markers: Markers,
    kind: str,
    source: str,
    part: str,
    styles: TemplateStyles,
    problems: list[Problem],
) -> FoundTag:
    found = FoundTag()
    about = Surroundings(
        source,
        part,
        comments=kind == "document",
        introduces=kind in ("document", "footnotes", "endnotes"),
    )
    heading = replace(about, introduces=False)
    boxed = next(root.iter(w("txbxContent")), None) is not None
    for paragraph in list(root.iter(w("p"))):
        own = heading if styles.is_heading(_style(paragraph, styles)) else about
        if boxed and next(paragraph.iterancestors(w("txbxContent")), None) is not None:
            own = replace(own, comments=False)
        mark_paragraph(paragraph, markers, own, found, problems)
    return found


def _style(paragraph: Element, styles: TemplateStyles) -> str:
    node = paragraph.find(f"{w('pPr')}/{w('pStyle')}")
    return styles.default if node is None else node.get(w("val")) or ""


def _wrap_paragraphs(
    root: Element,
    markers: Markers,
    found: FoundTag,
    source: str,
    part: str,
    styles: TemplateStyles,
    every_paragraph: bool,
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
        paragraph.insert(
            0 if properties is None else paragraph.index(properties) + 1,
            markers.node(Start(where, number)),
        )
        paragraph.append(markers.node(Stop()))
