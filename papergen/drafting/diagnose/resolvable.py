"""The models of a paper whose files have faults, without references to what is not defined.

With these they can be drafted in a dry run.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain

from papergen.drafting.diagnose.recover import recover
from papergen.model.base import Model
from papergen.model.walk import Link, links, things
from papergen.readers.document import Path, SourceDocument

_Ids = Mapping[str, Mapping[str, None]]
"""The ids of all things, by their kind, in the order of the files."""


@dataclass(frozen=True, slots=True)
class Resolvable:
    """`models` by root, and the ids of all things in them."""

    models: Mapping[str, Model]
    ids: frozenset[str]


def without_unknown(
    models: Mapping[str, Model],
    documents: Mapping[str, SourceDocument],
) -> Resolvable | None:
    """The models with each unknown reference put to something of its kind, or left out.

    None where that cannot be done. `documents`: the files of the models, by root.
    """
    ids = _ids(models)
    resolved = dict(models)
    for root, model in models.items():
        instead = _instead_of_unknown(model, ids)
        if not instead:
            continue
        recovered = recover(type(model), documents[root], instead)
        if recovered.value is None:
            return None
        resolved[root] = recovered.value
    ids = _ids(resolved)
    for model in resolved.values():
        if any(_is_unknown(link, ids) for link in links(model)):
            return None
    return Resolvable(resolved, frozenset(chain.from_iterable(ids.values())))


def _instead_of_unknown(model: Model, ids: _Ids) -> dict[Path, str | None]:
    """The first id of its kind, or None, for each unknown reference, by the reference's path."""
    instead = {}
    for link in links(model):
        if _is_unknown(link, ids):
            known = ids.get(link.kind, {})
            instead[link.path] = next(iter(known), None)
    return instead


def _is_unknown(link: Link, ids: _Ids) -> bool:
    return link.id not in ids.get(link.kind, {})


def _ids(models: Mapping[str, Model]) -> _Ids:
    found: dict[str, dict[str, None]] = {}
    for model in models.values():
        for thing in things(model):
            of_kind = found.setdefault(thing.kind, {})
            of_kind[thing.id] = None
    return found
