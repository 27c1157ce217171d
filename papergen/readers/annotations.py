"""Which fields a model has at a path of its values, and how they are described: read from its
annotations.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

from papergen.readers.document import Path


@dataclass(frozen=True, slots=True)
class Shape:
    """What may stand at a place: one type, or the members of a union."""

    types: tuple[Any, ...]

    @classmethod
    def of(cls, annotation: Any) -> Shape:
        return cls(tuple(_members(annotation)))

    def at(self, path: Path) -> Shape:
        """What may stand at `path` below this place."""
        shape = self
        for part in path:
            shape = Shape(tuple(inner for kind in shape.types for inner in _step(kind, part)))
        return shape

    def names(self) -> list[str]:
        """The fields known here, in the order of the model."""
        return list(dict.fromkeys(name for model in self._models() for name in _fields(model)))

    def description(self, name: str) -> str:
        """How the field of that name is described; empty where it is not."""
        for model in self._models():
            field = _fields(model).get(name)
            if field is not None:
                return field.description or ""
        return ""

    def is_free_text(self, path: Path, value: str) -> bool:
        """Whether what may stand at `path` is text for people, as against a word, an id, a date.
        `value`: what stands there.
        """
        kinds = self.at(path).types
        if _is_text(kinds) or (path and _is_text(self.at(path[:-1]).types)):
            return value not in _STATEMENTS
        # A text alone may stand for a model with a field for it, but for the words that state
        # something.
        short = [
            field
            for model in Shape(kinds)._models()
            for name, field in _fields(model).items()
            if name == "text"
        ]
        return value not in _STATEMENTS and any(
            _is_text(_members(field.annotation)) for field in short
        )

    def _models(self) -> list[type[BaseModel]]:
        return [
            kind for kind in self.types if isinstance(kind, type) and issubclass(kind, BaseModel)
        ]


_STATEMENTS = ("auto", "none")


def _is_text(kinds: Sequence[Any]) -> bool:
    """Whether these are the members of a text that may be given in several languages: a string, or
    one for each.
    """
    return str in kinds and any(get_origin(kind) is dict for kind in kinds)


def _fields(model: type[BaseModel]) -> dict[str, Any]:
    return {field.alias or name: field for name, field in model.model_fields.items()}


def _members(annotation: Any) -> list[Any]:
    """The annotation without what is only said about it, and a union as its members."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return _members(get_args(annotation)[0])
    if origin in (Union, UnionType):
        return [member for part in get_args(annotation) for member in _members(part)]
    return [annotation]


def _step(kind: Any, part: str | int) -> list[Any]:
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        field = _fields(kind).get(str(part))
        if field is None:
            # “name: X” is short for a list “names:” of one that has a name.
            several = _fields(kind).get(f"{part}s")
            return (
                list(Shape.of(several.annotation).at((0, part)).types)
                if several is not None
                else []
            )
        return _members(field.annotation)
    origin, inner = get_origin(kind), get_args(kind)
    if not inner or not isinstance(origin, type):
        return []
    if issubclass(origin, Mapping):
        return _members(inner[1]) if len(inner) > 1 and isinstance(part, str) else []
    return (
        [member for each in inner if each is not ... for member in _members(each)]
        if isinstance(part, int)
        else []
    )
