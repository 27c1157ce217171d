"""A Word paper as plain values, as `papergen.word.reader` returns it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

ChangeKind: TypeAlias = Literal["inserted", "deleted"]
StoryKind: TypeAlias = Literal["document", "header", "footer", "footnotes", "endnotes"]


@dataclass(frozen=True, slots=True)
class WordLink:
    """A hyperlink: the text it shows and its target, “#name” for a bookmark of the same paper."""

    text: str
    target: str


@dataclass(frozen=True, slots=True)
class WordField:
    r"""A field: its instruction (“REF _pg_x \w \h”) and the cached result that the paper shows."""

    instruction: str
    result: str


@dataclass(frozen=True, slots=True)
class WordChange:
    """A tracked change. Inserted text is part of the paragraph's text; deleted text is not.

    A move is a deletion where the text was and an insertion where it is now. `date` is as the file
    has it, "" where it has none.
    """

    kind: ChangeKind
    author: str
    date: str
    text: str


@dataclass(frozen=True, slots=True)
class CellPlace:
    """Where a paragraph is in a table: the table's number within its part, the row and the grid
    column, each from 0.
    """

    table: int
    row: int
    column: int


@dataclass(frozen=True, slots=True)
class WordParagraph:
    r"""A paragraph.

    `part` is the name of its part, `index` its place among all w:p elements of that part, from 0.
    `text` has a tab for each tab, a line feed for each break, and cached results of fields.
    `style` is the name that Word shows, `style_id` the id ("" where the paper has no such style).
    `heading` is the outline level, 1 to 9, or None.

    `number` is the number or bullet that Word prints at the paragraph, as “(b)”; `full_number` is
    the number in full context, as `REF … \w` shows it: “2.1(b)”. Both are "" where there is none.
    `list_level` is the level in its list, from 0, or None.

    `comments` are the ids of the comments whose ranges include some of the paragraph. `note` is
    the id of the footnote or endnote that it belongs to, or "". `deleted`: a tracked change
    deletes all of it, and Word does not count it.
    """

    story: StoryKind
    part: str
    index: int
    text: str
    style: str
    style_id: str
    heading: int | None
    number: str
    full_number: str
    list_level: int | None
    bookmarks: tuple[str, ...]
    comments: tuple[str, ...]
    links: tuple[WordLink, ...]
    fields: tuple[WordField, ...]
    changes: tuple[WordChange, ...]
    cell: CellPlace | None
    in_text_box: bool
    note: str
    deleted: bool


@dataclass(frozen=True, slots=True)
class WordCell:
    """A table cell. `column` counts the columns of the table's grid from 0; a merged cell takes
    `column_span` columns and `row_span` rows. `tables` are the tables nested in it.
    """

    column: int
    column_span: int
    row_span: int
    paragraphs: tuple[WordParagraph, ...]
    tables: tuple[WordTable, ...]

    @property
    def text(self) -> str:
        """The paragraphs' texts, one a line."""
        return "\n".join(paragraph.text for paragraph in self.paragraphs)


@dataclass(frozen=True, slots=True)
class WordRow:
    """A table row: the cells that begin in it, and whether Word repeats it on each page."""

    header: bool
    cells: tuple[WordCell, ...]


@dataclass(frozen=True, slots=True)
class WordTable:
    """A table. `number` counts the tables of its part in document order from 0, nested ones too."""

    story: StoryKind
    part: str
    number: int
    rows: tuple[WordRow, ...]


@dataclass(frozen=True, slots=True)
class WordComment:
    """A comment. `text` has one line a paragraph; `date` is as the file has it, or "".

    `paragraph` is the paragraph where its range begins (None where it is attached to nothing), and
    `quote` the text of that range.
    """

    id: str
    author: str
    date: str
    text: str
    paragraph: WordParagraph | None
    quote: str


@dataclass(frozen=True, slots=True)
class WordPaper:
    """A paper: the document's paragraphs in order, then those of its headers, footers, footnotes
    and endnotes; the outermost tables; and the comments in the order of their part.
    """

    paragraphs: tuple[WordParagraph, ...]
    tables: tuple[WordTable, ...]
    comments: tuple[WordComment, ...]

    @property
    def document(self) -> tuple[WordParagraph, ...]:
        """The paragraphs of the main document."""
        return tuple(each for each in self.paragraphs if each.story == "document")

    @property
    def headings(self) -> tuple[WordParagraph, ...]:
        """The headings of the main document."""
        return tuple(each for each in self.document if each.heading is not None)

    def bookmarked(self, name: str) -> WordParagraph | None:
        """The paragraph in which the bookmark begins, or None."""
        for paragraph in self.paragraphs:
            if name in paragraph.bookmarks:
                return paragraph
        return None
