"""Fields of a paper that its brand prints nowhere: they would be lost, and nobody would know.

A paper may be for boards with different brands, so this is a notice, and a fault only with
`--strict`. A field that only states that there is nothing (`none`, `public`) is not reported.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from papergen.errors import Problem

if TYPE_CHECKING:
    from papergen.drafting.sources import BrandSource, Sources
    from papergen.engine.compiled import Compiled
    from papergen.engine.faults import TagSite
    from papergen.model.brand import Brand
    from papergen.model.paper import Paper

Path = tuple[str | int, ...]

_LOOP = "{{%p for {0} in {1} %}} … {{{{ {0}.{2} }}}} … {{%p endfor %}}"
# By field of paper.yaml: the name that a template takes, and how it prints that.
_FIELDS = {
    "reference": ("reference", "{{ reference }}"),
    "relates_to": ("relations", _LOOP.format("r", "relations", "paper")),
    "contact": ("contact", "{{ contact.post|holder }} and {{ contact.email }}"),
    "wards": ("wards", "{{ wards }}"),
    "background_papers": ("background_papers", _LOOP.format("entry", "background_papers", "title")),
    "appendices": ("appendices", _LOOP.format("entry", "appendices", "title")),
    "classification": (
        "classification",
        "{{ classification.text }} and {{ classification.exempt }}",
    ),
    "implications": (
        "implications",
        "{%p for i in implications %} … {{ i.heading }} … {{p i.body }} … {%p endfor %}",
    ),
}
_PUBLIC_INTEREST = "{{ classification.public_interest }}"


def unused_fields(
    sources: Sources,
    brand: BrandSource,
    boards: Collection[str],
    codes: Sequence[Compiled],
    sites: Sequence[TagSite],
) -> tuple[Problem, ...]:
    """A problem for each field of the paper that neither the template nor a text takes, at the
    field's place.

    `boards`: the ids of those whose papers are in this brand. `codes`, `sites`: the program's
    functions and its tags.
    """
    taken = {name for code in codes for name, _ in code.names}
    unused = [
        *_of_paper(sources.paper, brand.brand, taken, sites),
        *_of_boards(sources.paper, boards, taken),
    ]
    document = sources.documents["paper"]
    problems = []
    for path, tags in unused:
        message = (
            f"the brand “{brand.name}” has no place for “{path[-1]}”, which its papers "
            "therefore lack"
        )
        hint = _hint(path, tags, document.source, brand)
        problems.append(Problem("not-printed", message, document.location(path), hint))
    return tuple(problems)


def _hint(
    path: Path,
    tags: str,
    paper: str,
    brand: BrandSource,
) -> str:
    listed = f"add it under “implications:” in {brand.brand_source}"
    if not tags:
        return f"Take it out of {paper}, or {listed}."
    put = f"put {tags} into {brand.template_source} where it is to stand"
    if path[-1] == "recommendations":
        return f"P{put[1:]}."
    known = [implication.id for implication in brand.brand.implications]
    if path[0] == "implications" and path[-1] not in known:
        return f"Take it out of {paper}, or {listed} and {put}."
    return f"Take it out of {paper}, or {put}."


def _of_paper(
    paper: Paper,
    brand: Brand,
    taken: Collection[str],
    sites: Sequence[TagSite],
) -> Iterator[tuple[Path, str]]:
    for field, (name, tags) in _FIELDS.items():
        if not _is_given(getattr(paper, field)):
            continue
        printed = name in taken or ("paper" in taken and _named(f"paper.{field}", sites))
        if field == "implications":
            for implication in _unknown_implications(paper, brand if printed else None):
                yield (field, implication), "" if printed else tags
        elif not printed:
            yield (field,), tags
        elif field == "classification" and _lacks_public_interest(paper, sites):
            yield (field, "public_interest"), _PUBLIC_INTEREST


def _unknown_implications(paper: Paper, brand: Brand | None) -> list[str]:
    """The ids of the implications that the paper states and the brand has not."""
    known = [implication.id for implication in brand.implications] if brand is not None else []
    return [
        implication
        for implication, value in paper.implications.items()
        if value != "none" and implication not in known
    ]


def _lacks_public_interest(paper: Paper, sites: Sequence[TagSite]) -> bool:
    given = getattr(paper.classification, "public_interest", None)
    return bool(given) and not _named("public_interest", sites)


def _is_given(value: Any) -> bool:
    return bool(value) and value not in ("none", "public")


def _of_boards(
    paper: Paper, boards: Collection[str], taken: Collection[str]
) -> Iterator[tuple[Path, str]]:
    for at, one in enumerate(paper.considerations):
        if one.board not in boards:
            continue
        if one.item and "item" not in taken:
            yield ("considerations", at, "item"), "{{ item }}"
        if "recommendations" not in taken and "ask" not in taken:
            yield ("considerations", at, "recommendations"), "{{ ask }}"


def _named(name: str, sites: Sequence[TagSite]) -> bool:
    written = re.compile(rf"\b{re.escape(name)}\b")
    return any(written.search(site.source) for site in sites)
