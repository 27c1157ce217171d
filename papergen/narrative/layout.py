"""How a brand's template lays narrative out: the styles its blocks are written in."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph style: its `w:styleId`, and the list it counts in as (numId, level), or None.

    `left` and `hanging`: its indents, in twentieths of a point. `deeper`: how many levels of
    bullets its list has below its.
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

    paragraph: Block
    """A top-level paragraph, numbered as a rule."""
    subheadings: tuple[Block, Block]
    """`##` and `###`."""
    bullets: tuple[Block, ...]
    ordered: tuple[Block, ...]
    continuation: tuple[Block, ...]
    """A further paragraph of a list item."""
    cell: Block
    cell_heading: Block
    table_properties: str
    """A whole `<w:tblPr>` element."""
    header_cell_properties: str
    """What follows `<w:tcW>` in the `<w:tcPr>` of a heading cell, such as its shading; may be
    empty.
    """
    table_word: str
    """What stands before a table's number in its caption and in references to it."""
    width: int
    """The width of the text, in twentieths of a point."""
    strong: str = "<w:b/>"
    emphasis: str = "<w:i/>"
    link: str = '<w:rStyle w:val="Hyperlink"/>'
    """Run properties, in the order link, strong, emphasis within one `<w:rPr>`."""
    caption: Block = Block("Caption")
    """The caption of a table, above it."""
