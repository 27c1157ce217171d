"""Reading a Word paper back: `read_paper` returns what it says, and the numbers that Word shows.

`read_package` holds the file to its bounds before python-docx opens it, and python-docx gets a
package made of what was checked. Where python-docx has no interface, the elements are walked.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import TypeAlias
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
)
from papergen.word.styles import Level, TemplateStyles
from papergen.word.tree import Element, attribute_of, child_of, parse, part_bytes, val_of, w

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
_CommentPlace: TypeAlias = tuple[WordParagraph | None, str]
"""The paragraph where a comment's range begins, and the text of that range."""
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
        others = _other_stories(document)
        comment_roots = _roots(document, RELATIONSHIP_TYPE.COMMENTS)
        readings = _read_stories(document, others, source)
    except _DAMAGE as fault:
        raise _damaged(source, str(fault) or type(fault).__name__) from fault
    paragraphs: list[WordParagraph] = []
    tables: list[WordTable] = []
    places: dict[str, _CommentPlace] = {}
    for reading in readings:
        paragraphs += reading.paragraphs
        tables += reading.tables
        places.update(reading.places)
    comments: list[WordComment] = []
    for root in comment_roots:
        comments += [_comment(node, places) for node in root.iter(w("comment"))]
    return WordPaper(tuple(paragraphs), tuple(tables), tuple(comments))


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
        joined = posixpath.join("/", folder, target)
        path = posixpath.normpath(joined).lstrip("/")
        if path not in members or path == CONTENT_TYPES:
            relationship.set("TargetMode", "External")


def _read_stories(
    document: Part, others: Sequence[tuple[StoryKind, Part]], source: str
) -> list[_Reading]:
    """The readings of the document and its other stories, in this order."""
    style_root = _root_of(document, RELATIONSHIP_TYPE.STYLES)
    if style_root is not None and len(style_root) > MAX_STYLES:
        raise _too_large(source)
    list_root = _root_of(document, RELATIONSHIP_TYPE.NUMBERING)
    styles = read_styles(style_root, list_root)
    headings = _style_headings(styles, style_root)
    readings = [_Reading("document", document, styles, headings)]
    for kind, part in others:
        readings.append(_Reading(kind, part, styles, headings))
    return readings


def _other_stories(document: Part) -> list[tuple[StoryKind, Part]]:
    """Headers, footers, footnotes and endnotes, each once."""
    found: dict[str, tuple[StoryKind, Part]] = {}
    for relationship in document.rels.values():
        kind = _STORIES.get(relationship.reltype)
        if kind is not None and not relationship.is_external:
            part = relationship.target_part
            found[str(part.partname)] = (kind, part)
    return sorted(found.values(), key=_story_order)


def _story_order(story: tuple[StoryKind, Part]) -> tuple[int, str]:
    kind, part = story
    return list(_STORIES.values()).index(kind), part.partname


def _roots(document: Part, kind: str) -> list[Element]:
    """The roots of the parts of one kind that the document is related to."""
    related = [each for each in document.rels.values() if each.reltype == kind]
    return [_root(each.target_part) for each in related if not each.is_external]


def _root_of(document: Part, kind: str) -> Element | None:
    """The root of the first part of one kind, None where there is none."""
    roots = _roots(document, kind)
    return roots[0] if roots else None


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
        self._text_counters = Counters(styles.lists)
        self._box_counters = Counters(styles.lists)
        walk = StoryWalk(targets)
        walk.walk(_root(part))
        self._values = {each: self._paragraph(each) for each in walk.paragraphs}
        self.paragraphs = list(self._values.values())
        self.tables = [self._table(table) for table in walk.tables]
        self.places: dict[str, _CommentPlace] = {}
        for comment, found in walk.ranges.items():
            self.places[comment] = self._place(found)

    def _paragraph(self, paragraph: OpenParagraph) -> WordParagraph:
        properties = child_of(paragraph.element, "pPr")
        style_id = _style_id(properties, self._styles)
        style = self._styles.by_id.get(style_id)
        outline = child_of(properties, "outlineLvl")
        heading = self._headings.get(style_id)
        if outline is not None:
            heading = _heading_level(outline)
        text = "".join(paragraph.text)
        deleted = not text and _mark_is_deleted(properties)
        number = None
        if not deleted:
            list_id, level_in_list = own_number(properties)
            number = self._styles.number(style_id, list_id, level_in_list)
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
        list_id, at = number
        counters = self._box_counters if in_text_box else self._text_counters
        counters.count(number)
        levels = self._styles.lists[list_id].levels
        level = levels[at]
        if level.format == "bullet":
            return _bullet(level.text), "", at
        counts = counters.reached(number)[1:]
        if not _is_printable(levels, counts):
            return "", "", at
        return _shown(levels, counts, level), counters.number(number), at

    def _place(self, found: CommentRange) -> _CommentPlace:
        """Where a comment begins, and the text it is on."""
        paragraph = None
        if found.paragraph is not None:
            paragraph = self._values[found.paragraph]
        return paragraph, "".join(found.text).strip("\n")

    def _table(self, table: OpenTable) -> WordTable:
        rows: list[WordRow] = []
        for header, cells in table.rows:
            read = [self._cell(cell) for cell in cells]
            rows.append(WordRow(header, tuple(read)))
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
    style_id = val_of(child_of(properties, "pStyle"))
    return style_id if style_id in styles.by_id else styles.default


def _mark_is_deleted(properties: Element | None) -> bool:
    """Whether a tracked change deletes, or moves away, the paragraph itself."""
    mark = child_of(properties, "rPr")
    return child_of(mark, "del") is not None or child_of(mark, "moveFrom") is not None


def _style_headings(styles: TemplateStyles, root: Element | None) -> dict[str, int | None]:
    """For each style the heading level of its paragraphs, from 1: its own, else that of the style
    that it is based on. A style can say that its paragraphs are text (“TOC Heading”).
    """
    own = {} if root is None else _stated_headings(root)
    found: dict[str, int | None] = {}
    for style_id in styles.by_id:
        seen: set[str] = set()
        at = style_id
        while at not in own and at in styles.by_id and at not in seen:
            seen.add(at)
            at = styles.by_id[at].based_on
        found[style_id] = own.get(at)
    return found


def _stated_headings(root: Element) -> dict[str, int | None]:
    """The heading levels that styles state themselves, by id."""
    found: dict[str, int | None] = {}
    for style in root.iter(w("style")):
        properties = style.find(w("pPr"))
        outline = child_of(properties, "outlineLvl")
        if outline is not None:
            found[attribute_of(style, "styleId")] = _heading_level(outline)
    return found


def _heading_level(outline: Element) -> int | None:
    value = val_of(outline)
    return int(value) + 1 if re.fullmatch("[0-8]", value) else None


def _bullet(text: str) -> str:
    """The bullet as text: symbol fonts have theirs among private characters, which say nothing."""
    is_of_symbol_font = "\ue000" <= text[:1] <= "\uf8ff"
    return "•" if is_of_symbol_font else text


def _is_printable(levels: Sequence[Level], counts: Sequence[int | None]) -> bool:
    """Whether Word prints numbers of these levels that have reached these counts."""
    for level, count in zip(levels, counts, strict=False):
        if len(level.text) > _LONGEST_PATTERN:
            return False
        largest = _LAST_LETTER if "Letter" in level.format else _LARGEST_NUMBER
        if count is not None and count > largest:
            return False
    return True


def _shown(levels: Sequence[Level], counts: Sequence[int | None], own: Level) -> str:
    """The number as it is printed: the level's pattern, with what each level has reached."""
    if own.format == "none":
        return ""

    def number_of(found: re.Match[str]) -> str:
        at = int(found[1]) - 1
        reached = counts[at] if at < len(counts) else None
        if reached is None:
            return ""
        return format_number(reached, "decimal" if own.legal else levels[at].format)

    return re.sub("%([1-9])", number_of, own.text)


def _comment(node: Element, places: Mapping[str, _CommentPlace]) -> WordComment:
    walk = StoryWalk({})
    walk.walk(node)
    lines = ["".join(paragraph.text) for paragraph in walk.paragraphs]
    key = attribute_of(node, "id")
    paragraph, quote = places.get(key, (None, ""))
    return WordComment(
        id=key,
        author=attribute_of(node, "author"),
        date=attribute_of(node, "date"),
        text="\n".join(lines),
        paragraph=paragraph,
        quote=quote,
    )
