"""Writing a brand's styles into its template."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.shared import Pt, RGBColor, Twips
from docx.text.font import Font

from papergen.kit.look import FONT, LANGUAGE, TEXT_GREY, Look
from papergen.kit.oxml import element, refill
from papergen.kit.style_specs import Rule, StyleSpec

_KINDS = {
    "paragraph": WD_STYLE_TYPE.PARAGRAPH,
    "character": WD_STYLE_TYPE.CHARACTER,
    "table": WD_STYLE_TYPE.TABLE,
    "numbering": WD_STYLE_TYPE.LIST,
}
_BASES = {"paragraph": "Normal", "character": "Default Paragraph Font", "table": "Normal Table"}
# Word's own styles, by their names in a file. Word translates these for its user; screen readers
# know headings by them.
_BUILT_IN = (
    *("Normal", "Title", "heading 1", "heading 2", "heading 3", "header", "footer", "caption"),
    *("Hyperlink", "Strong", "Emphasis", "List Bullet", "List Bullet 2"),
    *("List Continue", "List Continue 2"),
    *("annotation text", "annotation reference", "annotation subject"),
    *("Default Paragraph Font", "Normal Table", "No List"),
)


def write_styles(document: Document, look: Look, specs: Sequence[StyleSpec]) -> None:
    """Give the document these styles, and no others.

    Styles of Word that are not among them stay hidden until somebody uses them.
    """
    styles: Any = document.styles
    latent = styles.latent_styles
    latent.default_to_locked = False
    latent.default_priority = 99
    latent.default_to_hidden = True
    latent.default_to_unhide_when_used = True
    latent.default_to_quick_style = False
    latent.load_count = 376
    for known in list(latent):
        known.delete()
    refill(styles.element, _defaults(look), latent.element)
    ordered = sorted(specs, key=lambda spec: (not spec.default, spec.priority))
    made = {}
    for spec in ordered:
        style = styles.add_style(spec.name, _KINDS[spec.kind], spec.name in _BUILT_IN)
        style.element.styleId = spec.id
        made[spec.name] = style
    for spec in ordered:
        _write_style(made[spec.name], spec, made)
    made["Normal Table"].element.append(_cell_edges(0, 108, element("tblInd", w=0, type="dxa")))
    made["Paper table"].element.extend(_table_rules(look))


def _defaults(look: Look) -> Any:
    half_points = round(look.size * 2)
    letters = element(
        "rPr",
        element("rFonts", ascii=FONT, eastAsia=FONT, hAnsi=FONT, cs=FONT),
        element("sz", val=half_points),
        element("szCs", val=half_points),
        element("lang", val=LANGUAGE, eastAsia=LANGUAGE, bidi="ar-SA"),
    )
    return element("docDefaults", element("rPrDefault", letters), element("pPrDefault"))


def _write_style(style: Any, spec: StyleSpec, made: Mapping[str, Any]) -> None:
    if spec.default:
        style.element.default = True
    else:
        style.base_style = made[spec.based_on or _BASES[spec.kind]]
    if spec.next:
        style.next_paragraph_style = made[spec.next]
    style.priority = spec.priority
    style.quick_style = spec.gallery
    style.unhide_when_used = not spec.gallery
    if spec.kind == "paragraph":
        _write_paragraph_format(style, spec)
    if spec.kind in ("paragraph", "character"):
        _write_font(style.font, spec)


def _write_paragraph_format(style: Any, spec: StyleSpec) -> None:
    if spec.rule is not None:  # while nothing is there that it must come before
        style.element.get_or_add_pPr().append(_border(spec.rule))
    written = style.paragraph_format
    if spec.keep or spec.keep_next:
        written.keep_with_next = True
    if spec.keep:
        written.keep_together = True
    if spec.new_page:
        written.page_break_before = True
    if spec.default:
        written.widow_control = True
    if spec.number is not None:
        number, level = spec.number
        listed = style.element.get_or_add_pPr().get_or_add_numPr()
        listed.get_or_add_numId().val = number
        if level is not None:
            listed.get_or_add_ilvl().val = level
    if spec.tab is not None:
        at, is_right = spec.tab
        alignment = WD_TAB_ALIGNMENT.RIGHT if is_right else WD_TAB_ALIGNMENT.LEFT
        written.tab_stops.add_tab_stop(Twips(at), alignment)
    if spec.spacing is not None:
        before, after, lines = spec.spacing
        written.space_before = Pt(before)
        written.space_after = Pt(after)
        written.line_spacing = lines
    if spec.indent is not None:
        left, hanging = spec.indent
        written.left_indent = Twips(left)
        written.first_line_indent = Twips(-hanging)
    if spec.outline is not None:
        style.element.get_or_add_pPr().append(element("outlineLvl", val=spec.outline))


def _border(rule: Rule) -> Any:
    side = element(rule.side, val="single", sz=rule.eighths, space=rule.space, color=rule.colour)
    return element("pBdr", side)


def _write_font(font: Font, spec: StyleSpec) -> None:
    if spec.bold:
        font.bold = True
        font.cs_bold = True
    if spec.italic:
        font.italic = True
        font.cs_italic = True
    if not spec.proofed:
        font.no_proof = True
    if spec.colour:
        font.color.rgb = RGBColor.from_string(spec.colour)
    if spec.size is not None:
        font.size = Pt(spec.size)
        written = font.element.rPr.sz
        written.addnext(element("szCs", val=round(spec.size * 2)))
    if spec.underlined:
        font.underline = True


# Tables


def _table_rules(look: Look) -> list[Any]:
    sides = [
        element(side, val="single", sz=4, space=0, color=TEXT_GREY)
        for side in ("top", "bottom", "insideH")
    ]
    shade = element("shd", val="clear", color="auto", fill=look.tint)
    first_row = element("tblStylePr", element("tblPr"), element("tcPr", shade), type="firstRow")
    return [_cell_edges(40, 85, element("tblBorders", *sides)), first_row]


def _cell_edges(vertical: int, horizontal: int, *before: Any) -> Any:
    """Table properties: those given, then the cells' inner margins, in twips."""
    widths = {"top": vertical, "left": horizontal, "bottom": vertical, "right": horizontal}
    sides = [element(side, w=width, type="dxa") for side, width in widths.items()]
    return element("tblPr", *before, element("tblCellMar", *sides))
