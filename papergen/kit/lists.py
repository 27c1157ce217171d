"""The lists of a brand: the one that numbers its paragraphs, bullets, and recommendations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from docx.document import Document

from papergen.kit.look import FONT, Look, cm
from papergen.kit.oxml import element, refill

PARAGRAPHS, BULLETS, RECOMMENDATIONS = 1, 2, 3
_LEVELS = 9


@dataclass(frozen=True, slots=True)
class ListLevel:
    """One level of a list: its number is `at` twips from the edge, its text at `text_at`.

    `style` is the id of the paragraph style that is linked to it, or "".
    """

    format: str
    pattern: str
    at: int
    text_at: int
    style: str = ""


def write_lists(document: Document, look: Look) -> None:
    """Give the document the brand's lists, and no others."""
    lists = [number_levels(look), bullet_levels(look)]
    if look.decimal:
        lists.append([ListLevel("lowerLetter", "(%1)", 0, look.step, "Recommendation")])
    definitions = [_definition(number, levels) for number, levels in enumerate(lists, 1)]
    numbers = [
        element("num", element("abstractNumId", val=number), numId=number)
        for number in range(1, len(lists) + 1)
    ]
    refill(document.part.numbering_part.element, *definitions, *numbers)


def number_levels(look: Look) -> list[ListLevel]:
    r"""The brand's one multi-level list: `16`, `(a)`, `(i)`, or `5`, `5.4`, `(a)`, `(i)`.

    No level has a full stop: a full-context reference (`REF … \w`) would carry it along and read
    “16.(a)”.
    """
    levels = [ListLevel("decimal", "%1", 0, look.step, "NumberedParagraph")]
    if look.decimal:
        levels = [
            ListLevel("decimal", "%1", 0, look.step, "Heading1"),
            ListLevel("decimal", "%1.%2", 0, look.step, "NumberedParagraph"),
        ]
    deeper = [
        ("lowerLetter", "SubParagraph"),
        ("lowerRoman", "SubSubParagraph"),
        ("upperLetter", ""),
        ("upperRoman", ""),
        ("decimal", ""),
        ("lowerLetter", ""),
        ("lowerRoman", ""),
        ("decimal", ""),
    ]
    for depth, (kind, style) in enumerate(deeper[: _LEVELS - len(levels)], 1):
        pattern = f"(%{len(levels) + 1})"
        at = depth * look.step
        levels.append(ListLevel(kind, pattern, at, at + look.step, style))
    return levels


def bullet_levels(look: Look) -> list[ListLevel]:
    """Bullets are ordinary characters of the text's own font, so that no substitute font can turn
    them into boxes.
    """
    levels = []
    for depth in range(1, _LEVELS):
        character = "•" if depth % 2 else "–"
        text_at = (depth + 1) * look.step
        style = {1: "ListBullet", 2: "ListBullet2"}.get(depth, "")
        levels.append(ListLevel("bullet", character, text_at - cm(0.7), text_at, style))
    return levels


def _definition(number: int, levels: list[ListLevel]) -> Any:
    return element(
        "abstractNum",
        element("nsid", val=f"5A{number:06X}"),
        element("multiLevelType", val="multilevel"),
        element("tmpl", val=f"5B{number:06X}"),
        *(_level(index, level) for index, level in enumerate(levels)),
        abstractNumId=number,
    )


def _level(index: int, level: ListLevel) -> Any:
    made = element("lvl", element("start", val=1), element("numFmt", val=level.format), ilvl=index)
    if level.style:
        made.append(element("pStyle", val=level.style))
    hanging = level.text_at - level.at
    made.extend(
        [
            element("suff", val="tab"),
            element("lvlText", val=level.pattern),
            element("lvlJc", val="left"),
            element("pPr", element("ind", left=level.text_at, hanging=hanging)),
        ]
    )
    if level.format == "bullet":
        fonts = element("rFonts", ascii=FONT, hAnsi=FONT, cs=FONT, hint="default")
        made.append(element("rPr", fonts))
    return made
