"""What a template part or a section's narrative is compiled *to*: a flat list of pieces.

A piece is literal WordprocessingML (a `str`) or one of the classes below. `codegen` turns the list
into one Python function.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from papergen.errors import Location

LIST_HERE = "\x02"


class Context(Enum):
    """What surrounds an expression, and so how its value must be written."""

    TEXT = "text"
    """Inside `<w:t xml:space="preserve">` of a run."""
    ATTRIBUTE = "attribute"
    """Inside an XML attribute's double quotes."""
    COLOUR = "colour"
    """The same, where only a colour may stand: ST_HexColor."""
    NUMBER = "number"
    """The same, where only a number of columns may stand: ST_DecimalNumber."""
    PLAIN = "plain"
    """XML character data where no run can stand: document properties, alternative text."""
    BLOCK = "block"
    """Where whole paragraphs stand: `{{p … }}`. Takes papergen's own compiled text, nothing else.
    """
    LAST_BLOCK = "last block"
    """The same at the end of a table cell, which must end with a paragraph (CT_Tc)."""
    RUN = "run"
    """Where a whole run stands: `{{r … }}`."""
    TINT = "tint"
    """In the properties of a table's cell: the shading that goes with the rating that the cell
    holds, if it has one.
    """
    VALUE = "value"
    """Not XML at all: the values of a title or a recommendation, kept as they are until they are
    printed.
    """


@dataclass(frozen=True, slots=True)
class Expression:
    """`{{ source }}` at a place in a source. `properties` is the run's own `<w:rPr>…</w:rPr>`, or
    the empty string.

    `introduces`: a body named here is introduced to the reader: in full the first time. Not so in
    headings, captions, page headers and footers. `comments`: Word allows a comment here. Not so in
    page headers, footers, notes and text boxes.
    """

    source: str
    where: Location
    context: Context = Context.TEXT
    properties: str = ""
    introduces: bool = True
    comments: bool = True


_WRITERS: Final = {
    Context.ATTRIBUTE: "_attribute",
    Context.COLOUR: "_colour",
    Context.NUMBER: "_number",
    Context.PLAIN: "_plain",
    Context.BLOCK: "_block",
    Context.LAST_BLOCK: "_last_block",
    Context.RUN: "_inline",
    Context.VALUE: "_same",
    Context.TINT: "_tint",
}
_TEXT_WRITERS: Final = {
    (True, True): "_text",
    (False, True): "_heading",
    (True, False): "_note",
    (False, False): "_margin",
}


def writer(piece: Expression) -> str:
    """The name of the filter that writes the expression's value for the place it stands in."""
    if piece.context is Context.TEXT:
        return _TEXT_WRITERS[piece.introduces, piece.comments]
    return _WRITERS[piece.context]


@dataclass(frozen=True, slots=True)
class Statement:
    """`{% source %}`: `for …`, `endfor`, `if …`, `elif …`, `else`, `endif`, `set x = …`."""

    source: str
    where: Location


@dataclass(frozen=True, slots=True)
class Paragraph:
    """What is known of a paragraph when it is compiled.

    `open_xml` is `<w:p …>` with its `<w:pPr>`; the runs follow. `bookmark` is the stem of its
    hidden bookmark (`[A-Za-z0-9_]`, unique within the paper), empty for none. `number` is the list
    it counts in, as (numId, level), or None. `optional`: it has no text that is always there, and
    is dropped, number and all, when it comes out empty. `trims`: it may come out with a blank at
    its end or beginning that does not belong there; then it is `optional` too. `new_list`: the key
    of the `NewList` it belongs to, or 0; then `open_xml` holds one `LIST_HERE`, where a `<w:numPr>`
    may go.
    """

    open_xml: str
    where: Location
    bookmark: str = ""
    number: tuple[int, int] | None = None
    optional: bool = False
    new_list: int = 0
    trims: bool = False


@dataclass(frozen=True, slots=True)
class Begin:
    """The paragraph begins here; `codegen` writes its `open_xml` and bookmark."""

    paragraph: Paragraph


@dataclass(frozen=True, slots=True)
class End:
    """The paragraph ends here; `codegen` counts it and writes `</w:p>`."""

    paragraph: Paragraph


@dataclass(frozen=True, slots=True)
class NewList:
    """An ordered list starts here, whose numbers must start at the beginning.

    `key` (from 1, unique within a paper) is how its paragraphs refer to it; `number` is the list
    and level they count in. When that level has counted since its parent paragraph, the list gets a
    `w:num` of its own with a start override at run time.
    """

    key: int
    number: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Caption:
    """The number of a table at the start of its caption: `word` (“Table”), and a live number that
    counts through the paper.
    """

    word: str


Piece = str | Expression | Statement | Begin | End | NewList | Caption


@dataclass(slots=True, eq=False)
class Links:
    """Relationship ids for the literal links of a paper's narrative, one for each address."""

    ids: dict[str, str] = field(default_factory=dict)

    def add(self, address: str) -> str:
        return self.ids.setdefault(address, f"rIdPapergen{len(self.ids) + 1}")
