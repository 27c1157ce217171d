"""Reading a Word paper back: `read_paper` returns what it says, and the numbers that Word shows.

`read_package` holds the file to its bounds before python-docx opens it, and python-docx gets a
package made of what was checked. Where python-docx has no interface, the elements are walked.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping, Sequence
from io import BytesIO
from zipfile import BadZipFile

from docx.exceptions import PythonDocxError
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.exceptions import OpcError
from docx.opc.part import Part, XmlPart
from docx.oxml.parser import parse_xml
from docx.package import Package
from docx.styles import BabelFish
from lxml import etree

from papergen.engine.numbering import Counters, format_number
from papergen.errors import Location, Problem, TemplateError
from papergen.word.package import (
    CONTENT_TYPES,
    Member,
    content,
    deflate,
    read_package,
    write_package,
)
from papergen.word.paper import (
    StoryKind,
    WordCell,
    WordComment,
    WordPaper,
    WordParagraph,
    WordRow,
    WordTable,
)
from papergen.word.read_styles import LEVELS, own_number, read_styles
from papergen.word.story import (
    CommentRange,
    OpenCell,
    OpenParagraph,
    OpenTable,
    StoryWalk,
    attribute,
    child,
)
from papergen.word.styles import Level, TemplateStyles
from papergen.word.tree import Element, parse, part_bytes, w

MAX_XML = 64 * 1024 * 1024
MAX_RELATIONSHIPS = 20_000
MAX_STYLES = 10_000

# What Word prints. Beyond it, numbers of a hostile file would be texts without an end.
_LONGEST_PATTERN = 64
_LARGEST_NUMBER = 32_767
_LAST_LETTER = 780  # thirty times “z”
_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_STORIES: Mapping[str, StoryKind] = {
    RELATIONSHIP_TYPE.HEADER: "header",
    RELATIONSHIP_TYPE.FOOTER: "footer",
    RELATIONSHIP_TYPE.FOOTNOTES: "footnotes",
    RELATIONSHIP_TYPE.ENDNOTES: "endnotes",
}
_ORDER: Sequence[StoryKind] = ("document", "header", "footer", "footnotes", "endnotes")
# What python-docx raises, by chance more than by design, for a package that is not as it expects.
_DAMAGE = (
    AssertionError,
    AttributeError,
    BadZipFile,
    LookupError,
    NotImplementedError,
    OpcError,
    PythonDocxError,
    RecursionError,
    TypeError,
    ValueError,
    etree.LxmlError,
)


def read_paper(data: bytes, source: str) -> WordPaper:
    """What a .docx says. `source` names the file in messages.

    Raises TemplateError where the bytes are no Word document, are damaged, or ask for more work
    than a paper does (not-a-docx, unsafe-docx, template-xml).
    """
    package = _checked_package(data, source)
    try:
        document = _main_part(package, source)
        stories = [("document", document), *_other_stories(document)]
        comments = _roots(document, RELATIONSHIP_TYPE.COMMENTS)
        style_root = next(iter(_roots(document, RELATIONSHIP_TYPE.STYLES)), None)
        if style_root is not None and len(style_root) > MAX_STYLES:
            raise _too_large(source)
        list_root = next(iter(_roots(document, RELATIONSHIP_TYPE.NUMBERING)), None)
        styles = read_styles(style_root, list_root)
        headings = _style_headings(styles, style_root)
        readings = [_Reading(kind, part, styles, headings) for kind, part in stories]
    except _DAMAGE as fault:
        raise _damaged(source, str(fault) or type(fault).__name__) from fault
    paragraphs = [paragraph for reading in readings for paragraph in reading.paragraphs]
    tables = [table for reading in readings for table in reading.tables]
    places = {key: place for reading in readings for key, place in reading.places.items()}
    found = [_comment(node, places) for root in comments for node in root.iter(w("comment"))]
    return WordPaper(tuple(paragraphs), tuple(tables), tuple(found))


def _main_part(package: bytes, source: str) -> Part:
    document: Part = Package.open(BytesIO(package)).main_document_part
    if document.content_type != CONTENT_TYPE.WML_DOCUMENT_MAIN:
        message = "it is not a Word document (.docx), but a template, or a document with macros"
        hint = "Open it in Word and save it as a Word Document (*.docx)."
        raise TemplateError([Problem("not-a-docx", message, Location(source), hint)])
    if _root(document).tag != w("document"):
        raise _damaged(source, f"its part “{document.partname}” is not a document")
    return document


def _damaged(source: str, what: str) -> TemplateError:
    message = f"the file is damaged: {what}"
    hint = "Take a fresh copy of it, or open it in Word (which may repair it) and save it again."
    return TemplateError([Problem("unsafe-docx", message, Location(source), hint)])


# The package


def _checked_package(data: bytes, source: str) -> bytes:
    """The package anew, from members that keep the bounds and are well-formed."""
    members = read_package(data, source)
    names = {member.name for member in members}
    checked: list[Member] = []
    xml_size = 0
    relationships = 0
    for member in members:
        is_relationships = member.name.endswith(".rels")
        is_xml = is_relationships or member.name.endswith(".xml")
        if not is_xml or member.name.startswith("customXml/"):
            content(member)  # raises where it is damaged
            checked.append(member)
            continue
        xml_size += member.size
        if xml_size > MAX_XML:
            raise _too_large(source)
        root = parse(content(member), source, member.name)
        if is_relationships:
            relationships += len(root)
            if relationships > MAX_RELATIONSHIPS:
                raise _too_large(source)
            _point_outside(root, member.name, names)
            member = deflate(member.name, part_bytes(root))
        checked.append(member)
    return write_package(checked)


def _too_large(source: str) -> TemplateError:
    message = "it holds far more than a committee paper does"
    hint = "Do not open it; ask whoever sent it for another copy."
    return TemplateError([Problem("unsafe-docx", message, Location(source), hint)])


def _point_outside(relationships: Element, name: str, members: set[str]) -> None:
    """Mark relationships as external where their target is not in the package.

    Word opens papers with such links (“NULL”, “#_Toc1”), and python-docx does not.
    """
    folder = posixpath.dirname(posixpath.dirname(name))
    for relationship in relationships.iter(_RELATIONSHIP):
        target = relationship.get("Target", "")
        path = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
        if path not in members or path == CONTENT_TYPES:
            relationship.set("TargetMode", "External")


def _other_stories(document: Part) -> list[tuple[StoryKind, Part]]:
    """Headers, footers, footnotes and endnotes, each once."""
    found: dict[str, tuple[StoryKind, Part]] = {}
    for relationship in document.rels.values():
        kind = _STORIES.get(relationship.reltype)
        if kind is not None and not relationship.is_external:
            part = relationship.target_part
            found[str(part.partname)] = (kind, part)
    return sorted(found.values(), key=lambda story: (_ORDER.index(story[0]), story[1].partname))


def _roots(document: Part, kind: str) -> list[Element]:
    """The roots of the parts of one kind that the document is related to."""
    related = [each for each in document.rels.values() if each.reltype == kind]
    return [_root(each.target_part) for each in related if not each.is_external]


def _root(part: Part) -> Element:
    return part.element if isinstance(part, XmlPart) else parse_xml(part.blob)


# What a part contains


class _Reading:
    """One part of the paper, as values."""

    def __init__(
        self,
        story: StoryKind,
        part: Part,
        styles: TemplateStyles,
        headings: Mapping[str, int | None],
    ) -> None:
        targets = {key: each.target_ref for key, each in part.rels.items() if each.is_external}
        self._story = story
        self._part = str(part.partname).lstrip("/")
        self._styles = styles
        self._headings = headings
        # Word counts the lists of text boxes apart from those of the text.
        self._counters = {False: Counters(styles.lists), True: Counters(styles.lists)}
        walk = StoryWalk(targets)
        walk.walk(_root(part))
        self._values = {each: self._paragraph(each) for each in walk.paragraphs}
        self.paragraphs = list(self._values.values())
        self.tables = [self._table(table) for table in walk.tables]
        self.places = {key: self._place(each) for key, each in walk.ranges.items()}

    def _paragraph(self, paragraph: OpenParagraph) -> WordParagraph:
        properties = child(paragraph.element, "pPr")
        style_id = _style_id(properties, self._styles)
        style = self._styles.by_id.get(style_id)
        outline = child(properties, "outlineLvl")
        heading = self._headings.get(style_id)
        if outline is not None:
            heading = _heading_level(outline)
        text = "".join(paragraph.text)
        deleted = not text and _mark_is_deleted(properties)
        number = None if deleted else self._styles.number(style_id, *own_number(properties))
        shown, full, level = self._count(number, paragraph.in_text_box)
        return WordParagraph(
            story=self._story,
            part=self._part,
            index=paragraph.index,
            text=text,
            style=BabelFish.internal2ui(style.name) if style is not None else "",
            style_id=style_id,
            heading=heading,
            number=shown,
            full_number=full,
            list_level=level,
            bookmarks=tuple(paragraph.bookmarks),
            comments=tuple(paragraph.comments),
            links=tuple(paragraph.links),
            fields=tuple(paragraph.fields),
            changes=tuple(paragraph.changes),
            cell=paragraph.cell,
            in_text_box=paragraph.in_text_box,
            note=paragraph.note,
            deleted=deleted,
        )

    def _count(
        self, number: tuple[int, int] | None, in_text_box: bool
    ) -> tuple[str, str, int | None]:
        """The number shown at the next paragraph, that in full context, and the list level."""
        if number is None or number[1] not in LEVELS:
            return "", "", None
        counters = self._counters[in_text_box]
        counters.count(number)
        levels = self._styles.lists[number[0]].levels
        level = levels[number[1]]
        if level.format == "bullet":
            of_symbol_font = "\ue000" <= level.text[:1] <= "\uf8ff"
            return "•" if of_symbol_font else level.text, "", number[1]
        counts = counters.reached(number)[1:]
        if not _is_printable(levels, counts):
            return "", "", number[1]
        return _shown(levels, counts, level), counters.number(number), number[1]

    def _place(self, found: CommentRange) -> tuple[WordParagraph | None, str]:
        """Where a comment begins, and the text it is on."""
        paragraph = None if found.paragraph is None else self._values[found.paragraph]
        return paragraph, "".join(found.text).strip("\n")

    def _table(self, table: OpenTable) -> WordTable:
        rows = [
            WordRow(header, tuple(self._cell(cell) for cell in cells))
            for header, cells in table.rows
        ]
        return WordTable(self._story, self._part, table.number, tuple(rows))

    def _cell(self, cell: OpenCell) -> WordCell:
        return WordCell(
            column=cell.place.column,
            column_span=cell.column_span,
            row_span=cell.row_span,
            paragraphs=tuple(self._values[each] for each in cell.paragraphs),
            tables=tuple(self._table(table) for table in cell.tables),
        )


def _style_id(properties: Element | None, styles: TemplateStyles) -> str:
    """The id of a paragraph's style: the default one where it names none that the paper has."""
    named = child(properties, "pStyle")
    style_id = "" if named is None else attribute(named, "val")
    return style_id if style_id in styles.by_id else styles.default


def _mark_is_deleted(properties: Element | None) -> bool:
    """Whether a tracked change deletes, or moves away, the paragraph itself."""
    mark = child(properties, "rPr")
    return child(mark, "del") is not None or child(mark, "moveFrom") is not None


def _style_headings(styles: TemplateStyles, root: Element | None) -> dict[str, int | None]:
    """For each style the heading level of its paragraphs, from 1: its own, else that of the style
    that it is based on. A style can say that its paragraphs are text (“TOC Heading”).
    """
    own: dict[str, int | None] = {}
    for node in root.iter(w("style")) if root is not None else ():
        outline = child(child(node, "pPr"), "outlineLvl")
        if outline is not None:
            own[attribute(node, "styleId")] = _heading_level(outline)
    found: dict[str, int | None] = {}
    for style_id in styles.by_id:
        seen: set[str] = set()
        at = style_id
        while at not in own and at in styles.by_id and at not in seen:
            seen.add(at)
            at = styles.by_id[at].based_on
        found[style_id] = own.get(at)
    return found


def _heading_level(outline: Element) -> int | None:
    value = attribute(outline, "val")
    return int(value) + 1 if re.fullmatch("[0-8]", value) else None


def _is_printable(levels: Sequence[Level], counts: Sequence[int | None]) -> bool:
    """Whether Word prints numbers of these levels that have reached these counts."""
    for level, count in zip(levels, counts, strict=False):
        largest = _LAST_LETTER if "Letter" in level.format else _LARGEST_NUMBER
        if len(level.text) > _LONGEST_PATTERN or (count or 0) > largest:
            return False
    return True


def _shown(levels: Sequence[Level], counts: Sequence[int | None], own: Level) -> str:
    """The number as it is printed: the level's pattern, with what each level has reached."""

    def number_of(found: re.Match[str]) -> str:
        at = int(found[1]) - 1
        reached = counts[at] if at < len(counts) else None
        if reached is None:
            return ""
        return format_number(reached, "decimal" if own.legal else levels[at].format)

    return "" if own.format == "none" else re.sub("%([1-9])", number_of, own.text)


def _comment(node: Element, places: Mapping[str, tuple[WordParagraph | None, str]]) -> WordComment:
    walk = StoryWalk({})
    walk.walk(node)
    key = attribute(node, "id")
    paragraph, quote = places.get(key, (None, ""))
    return WordComment(
        id=key,
        author=attribute(node, "author"),
        date=attribute(node, "date"),
        text="\n".join("".join(each.text) for each in walk.paragraphs),
        paragraph=paragraph,
        quote=quote,
    )
