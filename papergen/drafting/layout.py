"""How a brand's template lays narrative out: its named styles, found in the template."""

from __future__ import annotations

from dataclasses import replace
from itertools import takewhile
from typing import TYPE_CHECKING

from papergen.errors import Location, Problem
from papergen.model.base import in_language
from papergen.narrative.layout import Layout, ParagraphStyle
from papergen.word.styles import Style, TemplateStyles

if TYPE_CHECKING:
    from papergen.drafting.sources import BrandSource
    from papergen.model.brand import Brand


def layout_of(
    brand: Brand,
    styles: TemplateStyles,
    width: int,
    source: BrandSource,
    problems: list[Problem],
) -> Layout:
    """The layout of a brand's narrative. `width`: of the text, in twips. A style that the template
    lacks is a problem.
    """
    roles = brand.styles
    find = _Finder(styles, source, problems)
    bullets = (find.block(roles.bullet), find.block(roles.bullet_2))
    return Layout(
        paragraph=find.block(roles.paragraph),
        subheadings=(find.block(roles.subheading), find.block(roles.subsubheading)),
        bullets=bullets,
        ordered=(find.block(roles.letter), find.block(roles.roman)),
        continuation=(find.block(roles.continuation),),
        cell=find.block(roles.cell),
        cell_heading=find.block(roles.cell_heading),
        table_properties=_TABLE.replace("{width}", str(width)),
        header_cell_properties=(
            f'<w:shd w:val="clear" w:color="auto" w:fill="{brand.table.header_fill}"/>'
        ),
        caption=find.block(
            roles.caption if styles.find(roles.caption, "paragraph") else roles.subheading
        ),
        table_word=in_language(brand.table.word),
        width=width,
        link=f'<w:rStyle w:val="{find.style(roles.link, "character").id}"/>',
    )


def without_numbers(
    layout: Layout,
    brand: Brand,
    styles: TemplateStyles,
    source: BrandSource,
    problems: list[Problem],
) -> Layout:
    """The same layout for an appendix, the paragraphs of which have no numbers."""
    return replace(
        layout, paragraph=_Finder(styles, source, problems).block(brand.styles.unnumbered)
    )


def any_layout() -> Layout:
    """A layout of no brand, for finding the faults of a text where there is no template to lay it
    out.
    """
    block = ParagraphStyle("")
    pair = (block, block)
    return Layout(
        block,
        pair,
        pair,
        pair,
        (block,),
        block,
        block,
        table_properties="",
        header_cell_properties="",
        caption=block,
        table_word="",
        width=1,
    )


class _Finder:
    def __init__(
        self, styles: TemplateStyles, source: BrandSource, problems: list[Problem]
    ) -> None:
        self.styles = styles
        self.source = source
        self.problems = problems

    def style(self, name: str, kind: str = "paragraph") -> Style:
        found = self.styles.find(name, kind)
        if found is not None:
            return found
        message = f"the template has no {kind} style “{name}”"
        hint = (
            "Add the style in Word, or name another one under “styles:” in "
            f"{self.source.brand_source}."
        )
        where = Location(self.source.template_source)
        self.problems.append(Problem("template-style", message, where, hint))
        return Style("", name, kind)

    def block(self, name: str) -> ParagraphStyle:
        found = self.style(name)
        return ParagraphStyle(
            found.id, found.number, *found.indent, deeper=self._deeper(found.number)
        )

    def _deeper(self, number: tuple[int, int] | None) -> int:
        """How many levels of bullets follow this one in its list."""
        if number is None:
            return 0
        of_list, own_level = number
        levels = self.styles.lists[of_list].levels[own_level:]
        bullets = list(takewhile(lambda level: level.format == "bullet", levels))
        return max(len(bullets) - 1, 0)


# Thin horizontal rules, none vertical; cells padded; the full width of the text (CT_TblPr, ISO/IEC
# 29500-1 §17.4.59).
_RULE = 'w:val="single" w:sz="4" w:space="0" w:color="808080"'
_TABLE = (
    '<w:tblPr><w:tblW w:w="{width}" w:type="dxa"/>'
    f"<w:tblBorders><w:top {_RULE}/><w:bottom {_RULE}/><w:insideH {_RULE}/></w:tblBorders>"
    '<w:tblLayout w:type="fixed"/>'
    '<w:tblCellMar><w:top w:w="57" w:type="dxa"/><w:left w:w="85" w:type="dxa"/>'
    '<w:bottom w:w="57" w:type="dxa"/><w:right w:w="85" w:type="dxa"/></w:tblCellMar>'
    '<w:tblLook w:val="0020" w:firstRow="1" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" '
    'w:noHBand="1" w:noVBand="1"/>'
    "</w:tblPr>"
)
