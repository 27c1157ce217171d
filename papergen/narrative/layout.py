"""How a brand's template lays narrative out: the styles its blocks are written in, and the indents
of list items for which it has no style.

Items of lists are set in by their depth in the text, whatever the kinds of list around them. A
template's styles only know the place of an ordered list in an ordered list, and of bullets in
bullets. An ordered list in bullets, and bullets that are deeper than the brand has styles for, get
an indent of their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

_STEP: Final = 567
"""The step between two depths where the brand's bullets show none: 1 cm, in 1/20 of a point."""


@dataclass(frozen=True, slots=True)
class ParagraphStyle:
    """A paragraph style: its `w:styleId`, and the list it counts in as (numId, level), or None.

    `left` and `hanging`: its indents, in twentieths of a point. `deeper`: how many levels of
    bullets its list has below its own.
    """

    style: str
    number: tuple[int, int] | None = None
    left: int = 0
    hanging: int = 0
    deeper: int = 0


@dataclass(frozen=True, slots=True)
class Layout:
    """The styles of a brand for all that narrative can hold.

    Tuples are by nesting level, outermost first. Past the last one `bullets` and `continuation`
    repeat it, set in further; ordered lists cannot nest deeper, since a level of numbering cannot
    hold a list within itself.
    """

    paragraph: ParagraphStyle
    """A top-level paragraph, numbered as a rule."""
    subheadings: tuple[ParagraphStyle, ParagraphStyle]
    """`##` and `###`."""
    bullets: tuple[ParagraphStyle, ...]
    ordered: tuple[ParagraphStyle, ...]
    continuation: tuple[ParagraphStyle, ...]
    """A further paragraph of a list item."""
    cell: ParagraphStyle
    cell_heading: ParagraphStyle
    table_properties: str
    """A whole `<w:tblPr>` element."""
    header_cell_properties: str
    """What follows `<w:tcW>` in the `<w:tcPr>` of a heading cell, such as its shading, if any."""
    table_word: str
    """What stands before a table's number in its caption and in references to it."""
    width: int
    """The width of the text, in twentieths of a point."""
    strong: str = "<w:b/>"
    emphasis: str = "<w:i/>"
    link: str = '<w:rStyle w:val="Hyperlink"/>'
    """Run properties, in the order link, strong, emphasis within one `<w:rPr>`."""
    caption: ParagraphStyle = ParagraphStyle("Caption")
    """The caption of a table, above it."""

    def styles_of(self, kind: str) -> tuple[ParagraphStyle, ...]:
        """The styles of a kind of paragraph by nesting level; `kind` is the name of a field."""
        if kind == "paragraph":
            return (self.paragraph,)
        if kind == "caption":
            return (self.caption,)
        styles: tuple[ParagraphStyle, ...] = getattr(self, kind)
        return styles


def level_of(kind: str, style: ParagraphStyle, beyond: int) -> str:
    """`<w:numPr>` of a bullet that is `beyond` the brand's deepest style.

    Empty where the template's list has no level for it, and for other paragraphs.
    """
    if kind != "bullets" or not beyond:
        return ""
    if style.number is None or not style.deeper:
        return ""
    num, level = style.number
    deeper = level + min(beyond, style.deeper)
    return f'<w:numPr><w:ilvl w:val="{deeper}"/><w:numId w:val="{num}"/></w:numPr>'


def indent_of(
    layout: Layout,
    style: ParagraphStyle,
    own: int,
    depth: int,
) -> str:
    """`<w:ind>` of a paragraph at `depth` (from 1) whose style is meant for the depth `own`.

    Empty where they are the same.
    """
    if own == depth:
        return ""
    further = (depth - own) * _step(layout)
    left = style.left + further
    hanging = ""
    if style.hanging:
        hanging = f' w:hanging="{style.hanging}"'
    return f'<w:ind w:left="{left}"{hanging}/>'


def _step(layout: Layout) -> int:
    """The step between the first two depths of the brand's bullets, in twentieths of a point."""
    if len(layout.bullets) < 2:
        return _STEP
    first, second = layout.bullets[:2]
    step = second.left - first.left
    if step <= 0:
        return _STEP
    return step
