"""Things with an id in a validated model, and references to them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

from papergen.model.base import Model
from papergen.readers.annotations import ReferenceTo, fields_of
from papergen.readers.document import Path

M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True)
class Thing:
    """A model with an id. `path`: its place in the file."""

    kind: str
    id: str
    path: Path
    model: Model


@dataclass(frozen=True, slots=True)
class Link:
    """A reference: the value at `path` is the id of something of that kind."""

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
        for name, key, kind in _references(type(found)):
            value = getattr(found, name)
            if isinstance(value, str):
                yield Link(kind, value, (*path, key))
            elif isinstance(value, tuple):
                for index, entry in enumerate(value):
                    yield Link(kind, entry, (*path, key, index))


def models_of(model: Model, kind: type[M]) -> Iterator[tuple[Path, M]]:
    """Every model of that class in `model`, each with its path, in the order of the file."""
    for path, found in _models(model):
        if isinstance(found, kind):
            yield path, found


def _models(model: Model) -> list[tuple[Path, Model]]:
    """The model and all within it, each with its path, in the order of the file."""
    found: list[tuple[Path, Model]] = []
    _collect(model, (), found)
    return found


def _collect(value: Any, path: Path, found: list[tuple[Path, Model]]) -> None:
    if isinstance(value, Model):
        found.append((path, value))
        for name, key in _holders(type(value)):
            held = getattr(value, name)
            # Most fields of most things are empty, and are to cost nothing.
            if held:
                _collect(held, (*path, key), found)
    elif isinstance(value, tuple):
        for index, entry in enumerate(value):
            _collect(entry, (*path, index), found)
    elif isinstance(value, dict):
        for key, entry in value.items():
            _collect(entry, (*path, key), found)


@cache
def _references(model: type[Model]) -> list[tuple[str, str, str]]:
    """The fields of a model that hold ids: name, name in files, kind of the thing referred to."""
    found = []
    for key, field in fields_of(model).items():
        reference = field.shape.inner_mark(ReferenceTo)
        if reference is not None:
            found.append((field.name, key, reference.kind))
    return found


@cache
def _holders(model: type[Model]) -> list[tuple[str, str]]:
    """The fields of a model that can hold models: name, and name in files."""
    fields = fields_of(model).items()
    return [(field.name, key) for key, field in fields if field.shape.nested_models()]
