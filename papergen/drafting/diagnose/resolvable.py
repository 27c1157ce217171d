"""The models of a paper whose files have faults, without references to what is not defined: so that
they can be tried out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from papergen.drafting.diagnose.recover import recover
from papergen.model.base import Model
from papergen.model.walk import Path, links, things
from papergen.readers.document import SourceDocument


@dataclass(frozen=True, slots=True)
class Resolvable:
    """`models` by root, and the ids of all things in them."""

    models: Mapping[str, Model]
    ids: frozenset[str]


def without_unknown(
    models: Mapping[str, Model], documents: Mapping[str, SourceDocument]
) -> Resolvable | None:
    """The models, each reference to what is not defined put to something of its kind, or left out;
    None where it cannot be.

    `documents`: the files of the models, by root.
    """
    ids = _ids(models)
    made = dict(models)
    for root, model in models.items():
        instead: dict[Path, str | None] = {
            link.path: next(iter(ids.get(link.kind, ())), None)
            for link in links(model)
            if link.id not in ids.get(link.kind, {})
        }
        if instead:
            mended = recover(type(model), documents[root], instead).value
            if mended is None:
                return None
            made[root] = mended
    ids = _ids(made)
    if any(
        link.id not in ids.get(link.kind, {}) for model in made.values() for link in links(model)
    ):
        return None
    return Resolvable(made, frozenset(id_ for known in ids.values() for id_ in known))


def _ids(models: Mapping[str, Model]) -> dict[str, dict[str, None]]:
    found: dict[str, dict[str, None]] = {}
    for model in models.values():
        for thing in things(model):
            found.setdefault(thing.kind, {})[thing.id] = None
    return found
