"""What stands where in a validated model: things with an id, and references to them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar, get_args

from papergen.model.base import Model, ReferenceTo

M = TypeVar("M", bound=Model)
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
    for path, found in _models(model):
        id_ = getattr(found, "id", None)
        if isinstance(id_, str):
            yield Thing(found.KIND, id_, path, found)


def links(model: Model) -> Iterator[Link]:
    """Every reference in `model`, in the order of the file."""
    for path, found in _models(model):
        for name, shown, kind in _references(type(found)):
            value, at = getattr(found, name), (*path, shown)
            if isinstance(value, str):
                yield Link(kind, value, at)
            elif isinstance(value, tuple):
                yield from (Link(kind, entry, (*at, number)) for number, entry in enumerate(value))


def models_of(model: Model, kind: type[M]) -> Iterator[tuple[Path, M]]:
    """Every model of that class in `model`, each with its path, in the order of the file."""
    for path, found in _models(model):
        if isinstance(found, kind):
            yield path, found


@cache
def _references(model: type[Model]) -> tuple[tuple[str, str, str], ...]:
    """The fields of a model that hold ids: the name of each, the name it has in files, and the kind
    of thing it leads to.
    """
    kinds = (
        (name, info, _kind_in(*info.metadata) or _kind_in(info.annotation))
        for name, info in model.model_fields.items()
    )
    return tuple((name, info.alias or name, kind) for name, info, kind in kinds if kind is not None)


def _models(model: Model) -> list[tuple[Path, Model]]:
    """The model and all within it, each with its path, in the order of the file."""
    found: list[tuple[Path, Model]] = []
    _collect(model, (), found)
    return found


def _collect(value: Any, path: Path, found: list[tuple[Path, Model]]) -> None:
    if isinstance(value, Model):
        found.append((path, value))
        for name, shown in _holders(type(value)):
            _collect(getattr(value, name), (*path, shown), found)
    elif isinstance(value, tuple):
        for number, entry in enumerate(value):
            _collect(entry, (*path, number), found)
    elif isinstance(value, dict):
        for key, entry in value.items():
            _collect(entry, (*path, key), found)


@cache
def _holders(model: type[Model]) -> tuple[tuple[str, str], ...]:
    """The fields of a model that can hold models, each with the name it has in files."""
    named = (
        (name, info.alias or name, info.annotation) for name, info in model.model_fields.items()
    )
    return tuple((name, shown) for name, shown, annotation in named if _holds_models(annotation))


def _holds_models(annotation: Any) -> bool:
    if isinstance(annotation, type) and issubclass(annotation, Model):
        return True
    return any(map(_holds_models, get_args(annotation)))


def _kind_in(*annotations: Any) -> str | None:
    """The kind that a field refers to, from the `ReferenceTo` in its annotation, however deep: not
    into models.
    """
    for annotation in annotations:
        if isinstance(annotation, ReferenceTo):
            return annotation.kind
        found = _kind_in(*getattr(annotation, "__metadata__", ()), *get_args(annotation))
        if found:
            return found
    return None
