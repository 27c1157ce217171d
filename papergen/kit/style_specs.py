"""The styles of the shipped brands, as plain values."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeAlias

from papergen.kit.lists import BULLETS, PARAGRAPHS, RECOMMENDATIONS
from papergen.kit.look import LINK, TAG_COLOUR, TEXT_GREY, TEXT_WIDTH, Look

Spacing: TypeAlias = tuple[float, float, float]
"""Points before and after a paragraph, and its line spacing."""

NO_LIST = (0, None)
TIGHT = 1.05  # for large letters and for tables
_LINES = 1.15
_IDS = {
    "annotation text": "CommentText",
    "annotation reference": "CommentReference",
    "annotation subject": "CommentSubject",
    "Normal Table": "TableNormal",
}


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule at one side of a paragraph, `eighths` of a point thick and `space` points away."""

    side: str
    eighths: int
    colour: str
    space: int


@dataclass(frozen=True, slots=True)
class StyleSpec:
    """A style. Sizes and spaces are in points, indents and tab stops in twips.

    `gallery`: shown in Word's style gallery, in the order of `priority`. `based_on` and `next` are
    names; without `based_on` a style is based on the default one of its kind. `spacing` is the
    space before, the space after, and the line spacing; `number` the list and level; `indent` the
    left and the hanging indent; `tab` a tab stop and whether text ends there. What is None or
    False is inherited.
    """

    name: str
    kind: str = "paragraph"
    priority: int = 99
    next: str = ""
    based_on: str = ""
    gallery: bool = True
    default: bool = False
    keep: bool = False
    keep_next: bool = False
    new_page: bool = False
    spacing: Spacing | None = None
    number: tuple[int, int | None] | None = None
    rule: Rule | None = None
    tab: tuple[int, bool] | None = None
    indent: tuple[int, int] | None = None
    outline: int | None = None
    bold: bool = False
    italic: bool = False
    underlined: bool = False
    proofed: bool = True
    colour: str = ""
    size: float | None = None

    @property
    def id(self) -> str:
        """The id: the name's words, each with a capital, unless Word has another for it."""
        if self.name in _IDS:
            return _IDS[self.name]
        words = re.split("[ -]", self.name)
        return "".join(word[:1].upper() + word[1:] for word in words)


def spaced(before: float = 0, after: float = 0, lines: float = _LINES) -> Spacing:
    """A `StyleSpec.spacing`."""
    return before, after, lines


def brand_styles(look: Look) -> list[StyleSpec]:
    """The styles both brands have. Their names are what brand.yaml and a clerk know them by."""
    return [
        *main_heading_styles(look),
        *subheading_styles(look),
        *text_styles(look),
        *table_styles(look),
        *page_styles(look),
        *word_styles(),
    ]


def main_heading_styles(look: Look) -> list[StyleSpec]:
    """The default style, and those of titles and headings of the first level."""
    number = (PARAGRAPHS, 0) if look.decimal else None
    return [
        StyleSpec("Normal", priority=0, default=True, spacing=spaced(after=look.after)),
        StyleSpec(
            "Title",
            priority=1,
            next="Header label block",
            keep=True,
            spacing=spaced(after=10, lines=TIGHT),
            size=look.title,
            bold=True,
            colour=look.colour,
        ),
        StyleSpec(
            "heading 1",
            priority=2,
            next="Numbered paragraph",
            keep=True,
            number=number,
            spacing=spaced(14, 4),
            outline=0,
            size=look.heading,
            bold=True,
            colour=look.colour,
        ),
        StyleSpec(
            "Appendix heading",
            priority=4,
            next="Unnumbered paragraph",
            based_on="heading 1",
            new_page=True,
            number=NO_LIST,
            spacing=spaced(0, 6),
            indent=(0, 0),
        ),
    ]


def subheading_styles(look: Look) -> list[StyleSpec]:
    """Headings below the first level, at the left edge of the paragraphs' text."""
    edge = (look.step, 0) if look.decimal else None
    return [
        StyleSpec(
            "heading 2",
            priority=3,
            next="Numbered paragraph",
            keep=True,
            spacing=spaced(8, 4),
            indent=edge,
            outline=1,
            size=look.size,
            bold=True,
        ),
        StyleSpec(
            "heading 3",
            priority=4,
            next="Numbered paragraph",
            keep=True,
            spacing=spaced(6, 4),
            indent=edge,
            outline=2,
            size=look.size,
            bold=True,
            colour=TEXT_GREY,
        ),
    ]


def text_styles(look: Look) -> list[StyleSpec]:
    """Paragraphs and lists. Where indents are missing they come from the style's list."""
    after = spaced(after=look.after)
    level = 1 if look.decimal else 0
    return [
        StyleSpec("Numbered paragraph", priority=5, number=(PARAGRAPHS, level), spacing=after),
        StyleSpec("Unnumbered paragraph", priority=5, spacing=after),
        StyleSpec("Sub-paragraph", priority=6, number=(PARAGRAPHS, level + 1), spacing=after),
        StyleSpec("Sub-sub-paragraph", priority=7, number=(PARAGRAPHS, level + 2), spacing=after),
        StyleSpec("List Bullet", priority=8, number=(BULLETS, 0), spacing=spaced(after=6)),
        StyleSpec("List Bullet 2", priority=9, number=(BULLETS, 1), spacing=spaced(after=6)),
        StyleSpec("List Continue", priority=10, spacing=after, indent=(2 * look.step, 0)),
        StyleSpec("List Continue 2", priority=10, spacing=after, indent=(3 * look.step, 0)),
        StyleSpec("Relation line", priority=15, spacing=spaced(after=6), bold=True),
        StyleSpec("Classification line", priority=17, spacing=after, bold=True),
    ]


def table_styles(look: Look) -> list[StyleSpec]:
    """Text, headings and captions of tables."""
    small = look.size - 1
    return [
        StyleSpec("Table text", priority=11, spacing=spaced(2, 2, TIGHT), size=small),
        StyleSpec("Table heading", priority=12, based_on="Table text", keep_next=True, bold=True),
        StyleSpec("Paper table", kind="table", priority=13),
        StyleSpec(
            "caption",
            priority=14,
            next="Numbered paragraph",
            keep=True,
            spacing=spaced(8, 4),
            size=small,
            bold=True,
        ),
    ]


def page_styles(look: Look) -> list[StyleSpec]:
    """The block of labels and values at the head of a paper, and the margins of a page."""
    return [
        StyleSpec(
            "Header label block",
            priority=20,
            # Word and LibreOffice draw one rule below neighbours of the same style, whichever of
            # them is the last.
            rule=Rule("bottom", 6, look.colour, 6),
            tab=(look.label_column, False),
            spacing=spaced(after=4),
            indent=(look.label_column, look.label_column),
        ),
        StyleSpec("Header label", kind="character", priority=21, bold=True),
        StyleSpec(
            "Council name",
            priority=23,
            based_on="header",
            rule=Rule("bottom", look.council_rule, look.colour, 4),
            spacing=spaced(after=12),
            size=14,
            bold=True,
            colour=look.colour,
        ),
        StyleSpec("header", priority=24, gallery=False, tab=(TEXT_WIDTH, True), spacing=spaced()),
        StyleSpec(
            "footer",
            priority=25,
            gallery=False,
            rule=Rule("top", 4, TEXT_GREY, 4),
            tab=(TEXT_WIDTH, True),
            spacing=spaced(lines=1),
            size=9,
            colour=TEXT_GREY,
        ),
    ]


def word_styles() -> list[StyleSpec]:
    """What Word itself expects, what comments need, and the look of the template's tags."""
    one_line = spaced(lines=1)
    return [
        StyleSpec("Default Paragraph Font", kind="character", default=True, gallery=False),
        StyleSpec("Normal Table", kind="table", default=True, gallery=False),
        StyleSpec("No List", kind="numbering", default=True, gallery=False),
        StyleSpec("Strong", kind="character", priority=30, bold=True),
        StyleSpec("Emphasis", kind="character", priority=31, italic=True),
        StyleSpec(
            "Hyperlink", kind="character", priority=32, gallery=False, colour=LINK, underlined=True
        ),
        StyleSpec("annotation text", gallery=False, spacing=one_line, size=10),
        StyleSpec("annotation reference", kind="character", gallery=False, size=8),
        StyleSpec(
            "annotation subject",
            next="annotation text",
            based_on="annotation text",
            gallery=False,
            bold=True,
        ),
        StyleSpec(
            "Template tag",
            gallery=False,
            spacing=one_line,
            proofed=False,
            size=9,
            colour=TAG_COLOUR,
        ),
    ]


def central_bedfordshire_styles(look: Look) -> list[StyleSpec]:
    """The styles of Central Bedfordshire's form alone."""
    return [
        StyleSpec(
            "Recipient line",
            priority=16,
            next="Header label block",
            spacing=spaced(after=12),
            bold=True,
        ),
        StyleSpec("Paper title", kind="character", priority=22, size=look.title, bold=True),
    ]


def plain_styles(look: Look) -> list[StyleSpec]:
    """The styles of the neutral form alone."""
    return [
        StyleSpec(
            "Recommendations lead-in",
            priority=16,
            next="Recommendation",
            keep=True,
            spacing=spaced(after=look.after),
        ),
        StyleSpec(
            "Recommendation", priority=18, number=(RECOMMENDATIONS, 0), spacing=spaced(after=6)
        ),
        StyleSpec(
            "Unnumbered heading",
            priority=19,
            next="Normal",
            based_on="heading 1",
            number=NO_LIST,
            indent=(0, 0),
        ),
    ]
