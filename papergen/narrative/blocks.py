"""The blocks of a section: paragraphs, tables, and the statements between them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from papergen.engine.tags import RawTag
from papergen.errors import Location
from papergen.narrative.spans import Span


@dataclass(slots=True, eq=False)
class Leaf:
    """A paragraph of a section.

    `kind` is the name of a field of `Layout`: `paragraph`, `subheadings`, `bullets`, `ordered`,
    `continuation` or `caption`; `level` is the nesting within it, from 0. `lists` are the keys of
    the ordered lists it is in, the innermost last; `depth` counts the bulleted ones too.
    `begins_list`: it is the first paragraph of a list. `leads`: a list or table follows it
    directly.
    """

    kind: str
    level: int
    where: Location
    spans: list[Span]
    lists: tuple[int, ...] = ()
    depth: int = 0
    begins_list: bool = False
    leads: bool = False


@dataclass(slots=True, eq=False)
class Row:
    """A row of a table: the spans of each cell."""

    cells: list[list[Span]]
    where: Location


@dataclass(slots=True, eq=False)
class MarkdownTable:
    """A table. `body` holds rows and the statements between them.

    `alignments` are `left`, `center`, `right` or empty.
    """

    header: Row
    alignments: list[str]
    body: list[Row | RawTag] = field(default_factory=list)


CAPTION: Final = "Table: "
"""How a paragraph begins that is the caption of the table after it."""

Block = Leaf | MarkdownTable | RawTag
