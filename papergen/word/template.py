"""Compiling a Word template: the bytes of a .docx to pieces, and members copied as they are.

A stage is a plain function; `_Part` calls them in order. lxml is imported here: this module
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
from papergen.word.paragraphs import ParagraphRequests, Surroundings, mark_paragraph
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
    """What is known of a template even where it is faulty.

    `tags`: those of each part.
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
    """Compile the bytes of a .docx.

    `source` names it in messages; `language` is that of its papers (BCP 47). `every_paragraph`:
    all paragraphs become `Begin` and `End`. Raises TemplateError with all problems; `remains`
    then holds what other checks need.
    """
    if remains is None:
        remains = Remains()
    parts = Parts(read_package(data, source), source)
    clean_package(parts, language)
    problems = link_faults(parts)
    numbering = next(iter(parts.related(parts.main, "numbering")), "")
    styles = remains.styles = _styles(parts, numbering, language, problems)
    numbers = Numbers.new()
    compiled: list[PartPieces] = []
    for kind, name in _stories(parts):
        part = _Part(parts, kind, name, styles, every_paragraph)
        try:
            pieces = part.compile(numbers, problems, remains)
        except PapergenError as error:
            problems += error.problems
            continue
        if kind == "document" or any(_varies(piece) for piece in pieces):
            compiled.append(PartPieces(name, kind, pieces))
        elif pieces:
            parts.replace(name, "".join(map(_literal, pieces)).encode())
    problems += graphic_faults(parts)
    check(problems)
    return CompiledTemplate(
        main=parts.main,
        numbering=numbering,
        parts=tuple(compiled),
        members=parts.members(without={part.name for part in compiled}),
        styles=styles,
        next_drawing=next(numbers.drawings),
        next_bookmark=next(numbers.bookmarks),
        text_width=remains.text_width,
    )


def _styles(
    parts: Parts,
    numbering: str,
    language: str,
    problems: list[Problem],
) -> TemplateStyles:
    """The styles and lists of the template, of which the language becomes that of its papers.

    `numbering`: the part of its lists, or empty.
    """
    style_part = next(iter(parts.related(parts.main, "styles")), "")
    style_root = parts.xml(style_part) if style_part else None
    if style_root is not None and set_default_language(style_root, language):
        parts.replace(style_part, part_bytes(style_root))
    list_root = parts.xml(numbering) if numbering else None
    styles = read_styles(style_root, list_root)
    if list_root is not None:
        problems += numbering_faults(list_root, Location(parts.source, detail=numbering))
    if style_root is not None:
        where = Location(parts.source, detail=style_part)
        problems += style_faults(style_root, where, styles.lists)
    return styles


def _varies(piece: Piece) -> bool:
    """Whether a piece is more than the same text in every run."""
    if isinstance(piece, (Begin, End)):
        return piece.paragraph.number is not None
    return not isinstance(piece, str)


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


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """A part that may hold tags, and what all parts share."""

    parts: Parts
    kind: str
    name: str
    styles: TemplateStyles
    every_paragraph: bool

    @property
    def where(self) -> Location:
        """The part, for what has no paragraph."""
        return Location(self.parts.source, detail=self.name)

    def compile(
        self, numbers: Numbers, problems: list[Problem], remains: Remains
    ) -> tuple[Piece, ...]:
        """The part's pieces; none where there are problems."""
        root = self.parts.xml(self.name)
        text = serialise(root)
        markers = Markers()
        own: list[Problem] = []
        fault = self._unusable(root, text)
        if fault is not None:
            own.append(fault)
        elif self.kind == "core-properties":
            mark_properties(root, markers, self.where, own)
            check_controls(root, markers, self.where, own)
        else:
            self._mark_story(root, text, markers, numbers, own)
        problems += own
        remains.tags.append(markers.tags())
        if self.kind == "document":
            remains.text_width = _text_width(root)
        if own:
            return ()
        pieces = markers.pieces(root)
        check_well_formed(pieces)
        return pieces

    def _unusable(self, root: Element, text: str) -> Problem | None:
        """What leaves nothing of the part to be compiled."""
        is_document = root.tag == w("document") and root.find(w("body")) is not None
        if self.kind == "document" and not is_document:
            return Problem(
                "template-xml",
                "the document has no body",
                self.where,
                "Open the file in Word and save it again.",
            )
        if OPEN in text or CLOSE in text:
            message = "this part holds a code (U+FDD0 or U+FDD1) that is no character"
            hint = "Delete it, or type the text around it again."
            return Problem("template-xml", message, self.where, hint)
        return None

    def _mark_story(
        self,
        root: Element,
        text: str,
        markers: Markers,
        numbers: Numbers,
        problems: list[Problem],
    ) -> None:
        """Put markers into the tree of a part with paragraphs. `text`: the part as it was."""
        source, where = self.parts.source, self.where
        clean_tree(root)
        problems += part_faults(root, where, self.styles.lists)
        found = self._mark_paragraphs(root, markers, problems)
        replace_rows_and_cells(found, source, self.name, problems)
        join_paragraphs(root, found, problems)
        mark_alternative_texts(root, markers, where, problems)
        refuse_codes(root, source, self.name, problems)
        refuse_attributes(root, text, where, problems)
        if found.sure:
            check_controls(root, markers, where, problems)
        if not problems:
            copy_columns(root, markers)
        apply_commands(found.commands, markers, problems)
        if problems:
            return
        number_ids(root, markers, numbers, where, problems)
        guard(root, markers)
        self._wrap_paragraphs(root, markers, found)

    def _mark_paragraphs(
        self, root: Element, markers: Markers, problems: list[Problem]
    ) -> ParagraphRequests:
        found = ParagraphRequests()
        about = Surroundings(
            self.parts.source,
            self.name,
            comments=self.kind == "document",
            introduces=self.kind in ("document", "footnotes", "endnotes"),
        )
        heading = replace(about, introduces=False)
        has_boxes = next(root.iter(w("txbxContent")), None) is not None
        for paragraph in list(root.iter(w("p"))):
            is_heading = self.styles.is_heading(_style(paragraph, self.styles))
            own = heading if is_heading else about
            if has_boxes and next(paragraph.iterancestors(w("txbxContent")), None) is not None:
                own = replace(own, comments=False)
            mark_paragraph(paragraph, markers, own, found, problems)
        return found

    def _wrap_paragraphs(self, root: Element, markers: Markers, found: ParagraphRequests) -> None:
        """Paragraphs that take a number, or all of them, get a mark at their beginning and end."""
        styles = self.styles
        for paragraph in root.iter(w("p")):
            properties = paragraph.find(w("pPr"))
            number = styles.number(_style(paragraph, styles), *own_number(properties))
            if number is not None and not styles.counts(number):
                number = None
            if number is None and not self.every_paragraph:
                continue
            where = found.where.get(paragraph)
            if where is None:
                where = place(self.parts.source, self.name, atoms(paragraph)[0])
            index = 0 if properties is None else paragraph.index(properties) + 1
            paragraph.insert(index, markers.node(Start(where, number)))
            paragraph.append(markers.node(Stop()))


def _style(paragraph: Element, styles: TemplateStyles) -> str:
    node = paragraph.find(f"{w('pPr')}/{w('pStyle')}")
    return styles.default if node is None else node.get(w("val")) or ""
