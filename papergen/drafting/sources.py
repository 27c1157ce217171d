"""All that one paper is made from, as values: validated models, the places of their values, and the
bytes of its brands.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from papergen.model.bodies import Bodies
from papergen.model.brand import Brand
from papergen.model.paper import Paper
from papergen.model.plan import Plan
from papergen.readers.document import SourceDocument
from papergen.workbook.reading import Reading


@dataclass(frozen=True, slots=True)
class BrandSource:
    """A brand as read: its name, its words, its template's bytes, its folder, and what messages
    call the two files.
    """

    name: str
    brand: Brand
    template: bytes
    folder: Path
    brand_source: str
    template_source: str
    phrases: Mapping[str, SourceDocument] = field(default_factory=dict)
    """What sections are drafted by, by id, as far as the paper has any that are."""


@dataclass(frozen=True, slots=True)
class Sources:
    """A paper, its plan and its register of bodies, checked against each other; the brands its
    boards use, by name.

    `documents` are the files as read (“plan”, “bodies”, “paper”), for the places of faults. `slug`
    names its papers' files. `content_hash` is SHA-256 (hexadecimal) over all files; `files` has
    that of each one, by its path.
    """

    paper: Paper
    plan: Plan
    bodies: Bodies
    documents: Mapping[str, SourceDocument]
    brands: Mapping[str, BrandSource]
    slug: str
    content_hash: str
    files: Mapping[str, bytes]
    readings: tuple[Reading, ...] = ()
    """How each list of actions was read."""
