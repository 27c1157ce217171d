"""What stands where in a validated model: things with an id, and references to them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, get_args

from papergen.model.base import Model, Reference
from papergen.quick import dataclass

Path = tuple[str | int, ...]
"""Where a value stands in its file: keys and list indexes, from the top."""


@dataclass(frozen=True, slots=True)
class Thing:
    """A model with an id."""

    kind: str
    id: str
    path: Path
    model: Model


@dataclass(frozen=True, slots=True)
class Link:
    """A reference: at `path` stands the id of something of that kind."""

    kind: str
    id: str
    path: Path


def things(model: Model) -> Iterator[Thing]:
    """Everything with an id in `model`, itself included, in the order of the file."""
    for path, found in _models(model, ()):
        id_ = getattr(found, "id", None)
        if isinstance(id_, str):
            yield Thing(found.KIND, id_, path, found)


def links(model: Model) -> Iterator[Link]:
    """Every reference in `model`, in the order of the file."""
    for path, found in _models(model, ()):
        for name, shown, kind in _references(type(found)):
            value, at = getattr(found, name), (*path, shown)
            if isinstance(value, str):
                yield Link(kind, value, at)
            elif isinstance(value, tuple):
                yield from (Link(kind, entry, (*at, number)) for number, entry in enumerate(value))


@cache
def _references(model: type[Model]) -> tuple[tuple[str, str, str], ...]:
    """The fields of a model that hold ids: the name of each, the name it has in files, and the kind of thing it leads to."""
    kinds = ((name, info, _kind_in(*info.metadata) or _kind_in(info.annotation)) for name, info in model.model_fields.items())
    return tuple((name, info.alias or name, kind) for name, info, kind in kinds if kind is not None)


def _models(value: Any, path: Path) -> Iterator[tuple[Path, Model]]:
    if isinstance(value, Model):
        yield path, value
        for name, info in type(value).model_fields.items():
            yield from _models(getattr(value, name), (*path, info.alias or name))
    elif isinstance(value, Mapping):
        for key, entry in value.items():
            yield from _models(entry, (*path, key))
    elif isinstance(value, tuple):
        for number, entry in enumerate(value):
            yield from _models(entry, (*path, number))


def _kind_in(*annotations: Any) -> str | None:
    """The kind that a field refers to, from the `Reference` in its annotation, however deep: not into models."""
    for annotation in annotations:
        if isinstance(annotation, Reference):
            return annotation.kind
        found = _kind_in(*getattr(annotation, "__metadata__", ()), *get_args(annotation))
        if found:
            return found
    return None
