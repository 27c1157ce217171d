"""How the shipped brands look: measures and colours, as plain values."""

from __future__ import annotations

from dataclasses import dataclass

FONT = "Arial"
LANGUAGE = "en-GB"
A4 = (11906, 16838)
MARGIN = 1417  # 2.5 cm
TEXT_WIDTH = A4[0] - 2 * MARGIN
TEXT_GREY = "595959"  # 7.0 to 1 on white
LINK = "0B4F9E"  # 8.0 to 1 on white
TAG_COLOUR = "7A1F5C"
TWIPS_IN_CM = 567


def cm(length: float) -> int:
    """Centimetres as twips."""
    return round(length * TWIPS_IN_CM)


@dataclass(frozen=True, slots=True)
class Look:
    """What makes one brand look unlike another. Sizes are in points, lengths in twips.

    `step` is the width of the column of numbers, and of each further step to the right.
    `council_rule` is the thickness of the rule under the council's name, in eighths of a point.
    `decimal`: sections are numbered 1, 2 and their paragraphs 1.1, 1.2; otherwise paragraphs run
    1, 2, 3 through the paper.
    """

    colour: str
    tint: str
    size: float
    heading: float
    title: float
    after: float
    step: int
    label_column: int
    council_rule: int
    decimal: bool


CENTRAL_BEDFORDSHIRE = Look(
    colour="00563F",
    tint="DCEAE4",
    size=12,
    heading=13,
    title=14,
    after=8,
    step=cm(1),
    label_column=cm(5.5),
    council_rule=8,
    decimal=False,
)
PLAIN = Look(
    colour="24476B",
    tint="D9E2E8",
    size=11,
    heading=13,
    title=20,
    after=7,
    step=cm(1.2),
    label_column=cm(4.5),
    council_rule=18,
    decimal=True,
)
