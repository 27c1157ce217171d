"""How the shipped brands look: their measures, styles and lists. Only `make.py` uses this
module.
"""

from __future__ import annotations

from dataclasses import dataclass

from wordml import (
    LINK,
    TEXT_GREY,
    TEXT_WIDTH,
    Level,
    Style,
    cell_margins,
    cm,
    indent,
    letters,
    numbered,
    rule,
    spacing,
    tab_stop,
)

PARAGRAPHS, BULLETS, RECOMMENDATIONS = 1, 2, 3
KEEP_WITH_NEXT = "<w:keepNext/><w:keepLines/>"
TAG_COLOUR = "7A1F5C"
TIGHT = 252  # 1.05 lines, for large letters and for tables


@dataclass(frozen=True, slots=True)
class Look:
    """What makes one brand look unlike another. Sizes in points, lengths in twips."""

    colour: str
    tint: str
    size: float
    heading: float
    title: float
    after: float
    step: int
    """The width of the column in which numbers stand, and of each further step to the right."""
    label_column: int
    council_rule: int
    """How thick the rule under the council's name is, in eighths of a point."""
    decimal: bool
    """Sections are numbered 1, 2 and their paragraphs 1.1, 1.2; otherwise paragraphs run 1, 2, 3
    through the paper.
    """


CENTRAL_BEDFORDSHIRE = Look("00563F", "DCEAE4", 12, 13, 14, 8, cm(1), cm(5.5), 8, decimal=False)
PLAIN = Look("24476B", "D9E2E8", 11, 13, 20, 7, cm(1.2), cm(4.5), 18, decimal=True)


def number_levels(look: Look) -> list[Level]:
    """The brand's one multi-level list: `16`, `(a)`, `(i)`, or `5`, `5.4`, `(a)`, `(i)`.

    No level has a full stop: a full-context reference (`REF … \\w`) would carry it along and read
    “16.(a)”.
    """
    step = look.step
    first = ["Heading1", "NumberedParagraph"] if look.decimal else ["NumberedParagraph"]
    levels = [
        Level("decimal", ".".join(f"%{n}" for n in range(1, depth + 2)), 0, step, style)
        for depth, style in enumerate(first)
    ]
    rest = [("lowerLetter", "SubParagraph"), ("lowerRoman", "SubSubParagraph")]
    rest += [
        ("upperLetter", ""),
        ("upperRoman", ""),
        ("decimal", ""),
        ("lowerLetter", ""),
        ("lowerRoman", ""),
        ("decimal", ""),
    ]
    for depth, (form, style) in enumerate(rest[: 9 - len(levels)], 1):
        levels.append(Level(form, f"(%{len(levels) + 1})", depth * step, (depth + 1) * step, style))
    return levels


BULLET_FONT = '<w:rFonts w:ascii="Arial" w:hAnsi="Arial" w:cs="Arial" w:hint="default"/>'


def lists(look: Look) -> list[list[Level]]:
    """Bullets are ordinary characters of the text's own font, so that no substitute font can turn
    them into boxes.
    """
    step, hang = look.step, cm(0.7)
    bullets = [
        Level(
            "bullet",
            "•–"[(depth - 1) % 2],
            (depth + 1) * step - hang,
            (depth + 1) * step,
            style,
            BULLET_FONT,
        )
        for depth, style in enumerate(["ListBullet", "ListBullet2", *[""] * 6], 1)
    ]
    found = [number_levels(look), bullets]
    if look.decimal:
        found.append([Level("lowerLetter", "(%1)", 0, step, "Recommendation")])
    return found


def base_styles(look: Look) -> list[Style]:
    """The styles both brands have. The names are what `brand.yaml` and a clerk know them by."""
    return [*text_styles(look), *table_styles(look), *page_styles(look), *word_styles()]


def text_styles(look: Look) -> list[Style]:
    """Headings, paragraphs and lists. Where indents are missing they come from the list the style
    counts in.
    """
    after = spacing(after=look.after)
    subheading_edge = indent(look.step) if look.decimal else ""
    heading_number = numbered(PARAGRAPHS) if look.decimal else ""
    level = 1 if look.decimal else 0
    bold = letters(look.size, bold=True)
    small_bold = letters(look.size, bold=True, colour=TEXT_GREY)

    def heading(depth: int, before: str, edge: str, run: str, number: str = "") -> Style:
        outline = f'<w:outlineLvl w:val="{depth - 1}"/>'
        paragraph = f"{KEEP_WITH_NEXT}{number}{before}{edge}{outline}"
        return Style(
            f"heading {depth}",
            f"Heading{depth}",
            "NumberedParagraph",
            depth + 1,
            paragraph=paragraph,
            run=run,
        )

    return [
        Style("Normal", "Normal", priority=0, default=True, paragraph=f"<w:widowControl/>{after}"),
        Style("Title", "Title", "HeaderLabelBlock", 1, paragraph=KEEP_WITH_NEXT + spacing(after=10, line=TIGHT),
              run=letters(look.title, bold=True, colour=look.colour)),
        heading(1, spacing(14, 4), "", letters(look.heading, bold=True, colour=look.colour), heading_number),
        Style("Appendix heading", "AppendixHeading", "UnnumberedParagraph", 4, based_on="Heading1",
              paragraph=(
'<w:pageBreakBefore/><w:numPr><w:numId '
f'w:val="0"/></w:numPr>{spacing(0, 6)}{indent(0)}'
)),
        heading(2, spacing(8, 4), subheading_edge, bold),
        heading(3, spacing(6, 4), subheading_edge, small_bold),
        Style("Numbered paragraph", "NumberedParagraph", priority=5, paragraph=numbered(PARAGRAPHS, level) + after),
        Style("Unnumbered paragraph", "UnnumberedParagraph", priority=5, paragraph=after),
        Style("Sub-paragraph", "SubParagraph", priority=6, paragraph=numbered(PARAGRAPHS, level + 1) + after),
        Style("Sub-sub-paragraph", "SubSubParagraph", priority=7, paragraph=numbered(PARAGRAPHS, level + 2) + after),
        Style("List Bullet", "ListBullet", priority=8, paragraph=numbered(BULLETS) + spacing(after=6)),
        Style("List Bullet 2", "ListBullet2", priority=9, paragraph=numbered(BULLETS, 1) + spacing(after=6)),
        Style("List Continue", "ListContinue", priority=10, paragraph=after + indent(2 * look.step)),
        Style("List Continue 2", "ListContinue2", priority=10, paragraph=after + indent(3 * look.step)),
        Style("Relation line", "RelationLine", priority=15, paragraph=spacing(after=6), run=letters(bold=True)),
        Style("Classification line", "ClassificationLine", priority=17, paragraph=after, run=letters(bold=True)),
    ]  # fmt: skip


def table_styles(look: Look) -> list[Style]:
    small = letters(look.size - 1)
    sides = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="{TEXT_GREY}"/>'
        for side in ("top", "bottom", "insideH")
    )
    shade = f'<w:shd w:val="clear" w:color="auto" w:fill="{look.tint}"/>'
    rules = (
        f"<w:tblPr><w:tblBorders>{sides}</w:tblBorders>{cell_margins(40, 85)}</w:tblPr>"
        f'<w:tblStylePr w:type="firstRow"><w:tblPr/><w:tcPr>{shade}</w:tcPr></w:tblStylePr>'
    )
    return [
        Style("Table text", "TableText", priority=11, paragraph=spacing(2, 2, TIGHT), run=small),
        Style("Table heading", "TableHeading", based_on="TableText", priority=12, paragraph="<w:keepNext/>",
              run=letters(bold=True)),
        Style("Paper table", "PaperTable", kind="table", based_on="TableNormal", priority=13, table=rules),
        Style("caption", "Caption", "NumberedParagraph", 14, paragraph=KEEP_WITH_NEXT + spacing(8, 4),
              run=letters(look.size - 1, bold=True)),
    ]  # fmt: skip


def page_styles(look: Look) -> list[Style]:
    """The block of labels and values at the head of a paper, and the margins of a page."""
    right_edge = tab_stop(TEXT_WIDTH, "right")
    # Word and LibreOffice draw one rule below neighbours of the same style, whichever of them is
    # the last.
    block = (
        rule("bottom", 6, look.colour, 6)
        + tab_stop(look.label_column)
        + spacing(after=4)
        + indent(look.label_column, look.label_column)
    )
    council_rule = rule("bottom", look.council_rule, look.colour, 4)
    return [
        Style("Header label block", "HeaderLabelBlock", priority=20, paragraph=block),
        Style("Header label", "HeaderLabel", kind="character", priority=21, run=letters(bold=True)),
        Style("Council name", "CouncilName", based_on="Header", priority=23, paragraph=council_rule + spacing(after=12),
              run=letters(14, bold=True, colour=look.colour)),
        Style("header", "Header", priority=24, gallery=False, paragraph=right_edge + spacing()),
        Style("footer", "Footer", priority=25, gallery=False, run=letters(9, colour=TEXT_GREY),
              paragraph=rule("top", 4, TEXT_GREY, 4) + right_edge + spacing(line=240)),
    ]  # fmt: skip


def word_styles() -> list[Style]:
    """What Word itself expects, what comments need, and the look of the tags in the template."""
    margins = f'<w:tblPr><w:tblInd w:w="0" w:type="dxa"/>{cell_margins(0, 108)}</w:tblPr>'
    tag = "<w:noProof/>" + letters(9, colour=TAG_COLOUR)
    return [
        Style("Default Paragraph Font", "DefaultParagraphFont", kind="character", default=True, gallery=False),
        Style("Normal Table", "TableNormal", kind="table", default=True, gallery=False, table=margins),
        Style("No List", "NoList", kind="numbering", default=True, gallery=False),
        Style("Strong", "Strong", kind="character", priority=30, run=letters(bold=True)),
        Style("Emphasis", "Emphasis", kind="character", priority=31, run="<w:i/><w:iCs/>"),
        Style("Hyperlink", "Hyperlink", kind="character", priority=32, gallery=False,
              run=f'<w:color w:val="{LINK}"/><w:u w:val="single"/>'),
        Style("annotation text", "CommentText", gallery=False, paragraph=spacing(line=240), run=letters(10)),
        Style("annotation reference", "CommentReference", kind="character", gallery=False, run=letters(8)),
        Style("annotation subject", "CommentSubject", "CommentText", based_on="CommentText", gallery=False,
              run=letters(bold=True)),
        Style("Template tag", "TemplateTag", gallery=False, paragraph=spacing(line=240), run=tag),
    ]  # fmt: skip
