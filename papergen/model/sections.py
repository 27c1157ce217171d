"""Which sections a paper has in a brand, and which of them are drafted from data."""

from __future__ import annotations

from collections.abc import Collection

from papergen.model.base import AUTO
from papergen.model.brand import Brand
from papergen.model.paper import Implication, Paper

IMPLICATION = "implication-"
"""What the names of phrases for implications begin with: `implication-risk`."""


def section_order(paper: Paper, brand: Brand, phrases: Collection[str]) -> list[str]:
    """The ids of the sections that all of a paper's boards share, in order. `phrases`: the ids of those that can be drafted.

    A paper without sections has those of its brand that can be drafted. A required one that it lacks stands where the brand has
    it: before the first of those that follow it there.
    """
    if not paper.sections:
        return [section.id for section in brand.sections if section.required or section.id in phrases]
    order = list(paper.sections)
    known = [section.id for section in brand.sections]
    for at, section in enumerate(brand.sections):
        if section.required and section.id not in order:
            following = [order.index(id_) for id_ in known[at + 1 :] if id_ in order]
            order.insert(min(following, default=len(order)), section.id)
    return order


def drafted_sections(paper: Paper, brand: Brand, phrases: Collection[str]) -> list[str]:
    """The ids of the sections that are drafted from data, in the paper or for one of its boards."""
    order = section_order(paper, brand, phrases)
    drafted = [id_ for id_ in order if id_ not in paper.sections or paper.sections[id_].drafted]
    implications = ((id_, value) for id_, value in paper.implications.items() if isinstance(value, Implication))
    drafted += [f"{IMPLICATION}{id_}" for id_, value in implications if value.text == AUTO]
    drafted += [id_ for one in paper.considerations for id_, section in one.sections.items() if section.drafted]
    return list(dict.fromkeys(drafted))
