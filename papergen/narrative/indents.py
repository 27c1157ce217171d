"""Where the items of a list stand: by their depth in the text, whatever the kinds of list that they
stand in.

A template's styles know the place of an ordered list in an ordered list, and of bullets in bullets.
An ordered list in bullets, and bullets that are deeper than the brand has styles for, get an indent
of their own.
"""

from __future__ import annotations

from typing import Final

from papergen.narrative.layout import Block, Layout

_STEP: Final = 567
"""The step from one depth to the next, in twentieths of a point, where the brand's bullets show
none: a centimetre.
"""


def level_of(kind: str, style: Block, beyond: int) -> str:
    """`<w:numPr>` of a bullet that is `beyond` the brand's deepest style, where the template's list
    has a level for it.
    """
    if kind != "bullets" or not beyond or style.number is None or not style.deeper:
        return ""
    num, level = style.number
    return (
        f'<w:numPr><w:ilvl w:val="{level + min(beyond, style.deeper)}"/><w:numId '
        f'w:val="{num}"/></w:numPr>'
    )


def indent_of(layout: Layout, style: Block, own: int, depth: int) -> str:
    """`<w:ind>` of a paragraph at `depth` (from 1) whose style is meant for the depth `own`; empty
    where they are the same.
    """
    if own == depth:
        return ""
    left = style.left + (depth - own) * _step(layout)
    hanging = f' w:hanging="{style.hanging}"' if style.hanging else ""
    return f'<w:ind w:left="{left}"{hanging}/>'


def _step(layout: Layout) -> int:
    lefts = [style.left for style in layout.bullets[:2]]
    return lefts[1] - lefts[0] if lefts[1:] and lefts[1] > lefts[0] else _STEP
