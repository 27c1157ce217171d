"""What is right in a file that has faults: wrong values left out, or replaced by stand-ins, so that
the rest can be checked.

Only loaded where there is a fault. Nothing is ever written from what is made here.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from itertools import count
from typing import Any, Generic, Literal, TypeVar, get_args, get_origin

from pydantic import BaseModel, ValidationError

from papergen.dates import PartialDate
from papergen.readers.annotations import Shape
from papergen.readers.document import Path, SourceDocument
from papergen.readers.validate import Found, as_found
from papergen.text import nearest

M = TypeVar("M", bound=BaseModel)

_MOST_ROUNDS = 12
_NOTHING: Mapping[Path, str | None] = {}


@dataclass(frozen=True, slots=True)
class Replaced:
    """What cannot be relied on in a file that has faults.

    `paths`: of values that were wrong, missing, or not known to their model. `ids`: all that stands
    in the file as an id, where it is wrong too. `loses`: the kinds of which there may be ids
    besides, since some are missing or are not known to be ids.
    """

    paths: frozenset[Path] = frozenset()
    ids: frozenset[str] = frozenset()
    loses: frozenset[str] = frozenset()
    structural: bool = False
    """Whether groups or lists were left out, and not only single values."""

    def holds(self, path: Path) -> bool:
        """Whether the value at `path` is spoiled, or within one that is."""
        return any(path[:length] in self.paths for length in range(len(path) + 1))

    def touches(self, path: Path) -> bool:
        """The same, or something within it is."""
        return self.holds(path) or any(spoiled[: len(path)] == path for spoiled in self.paths)


@dataclass(frozen=True, slots=True)
class Recovered(Generic[M]):
    """`value` is None where too much is wrong for anything to be told."""

    value: M | None
    spoiled: Replaced


def recover(
    model: type[M],
    document: SourceDocument,
    instead: Mapping[Path, str | None] = _NOTHING,
    *,
    lost: frozenset[str] = frozenset(),
) -> Recovered[M]:
    """The model of a document's values without those that are wrong.

    `instead`: values in place of what stands at these paths; None where it is to be left out.
    `lost`: the kinds of things of which some are known to be missing.
    """
    mending = _Mending(Shape.of(model), copy.deepcopy(document.value))
    made = _until_right(model, document, mending)
    if made is not None and instead:
        for path, value in instead.items():
            mending.put(path, value)
        made = _until_right(model, document, mending)
    return Recovered(made, _spoiled(document, mending, lost))


def _until_right(model: type[M], document: SourceDocument, mending: _Mending) -> M | None:
    for _ in range(_MOST_ROUNDS):
        try:
            return model.model_validate(mending.value)
        except ValidationError as faults:
            current = replace(document, value=mending.value)
            if not mending.round(
                [as_found(current, error) for error in faults.errors(include_url=False)]
            ):
                break
    return None


def as_meant(model: type[BaseModel], document: SourceDocument) -> SourceDocument:
    """The document with each misspelt field under the name that was most likely meant: what it
    holds can then be checked.
    """
    shape = Shape.of(model)
    for _ in range(_MOST_ROUNDS):
        try:
            model.model_validate(document.value)
        except ValidationError as faults:
            renames: dict[Path, str] = {}
            for found in (as_found(document, error) for error in faults.errors(include_url=False)):
                meant = (
                    nearest(found.name, shape.at(found.path).names()) if found.is_unknown else None
                )
                parent = _at(document.value, found.path)
                if meant and isinstance(parent, dict) and meant not in parent:
                    renames[*found.path, found.name] = meant
            if renames:
                document = _renamed(document, renames)
                continue
        break
    return document


def _renamed(document: SourceDocument, renames: Mapping[Path, str]) -> SourceDocument:
    def path_of(path: Path) -> Path:
        return tuple(renames.get(path[: at + 1], part) for at, part in enumerate(path))

    def value_of(value: Any, path: Path) -> Any:
        if isinstance(value, dict):
            return {
                renames.get((*path, key), key): value_of(inner, (*path, key))
                for key, inner in value.items()
            }
        return (
            [value_of(inner, (*path, at)) for at, inner in enumerate(value)]
            if isinstance(value, list)
            else value
        )

    return replace(
        document,
        value=value_of(document.value, ()),
        places={path_of(path): place for path, place in document.places.items()},
        key_places={path_of(path): place for path, place in document.key_places.items()},
        texts={path_of(path): place for path, place in document.texts.items()},
        elsewhere={path_of(path): place for path, place in document.elsewhere.items()},
        comments={path_of(path): place for path, place in document.comments.items()},
        doubtful=frozenset(map(path_of, document.doubtful)),
    )


def _spoiled(document: SourceDocument, mending: _Mending, lost: frozenset[str]) -> Replaced:
    ids = frozenset(_ids_in([document.value, *document.aside]))
    paths = frozenset(mending.spoiled) | document.doubtful
    loses = lost.union(kind for path in paths for kind in _lost(document, mending.shape, path))
    return Replaced(
        paths,
        ids,
        loses,
        bool(loses) or any(isinstance(_at(document.value, path), (dict, list)) for path in paths),
    )


def _lost(document: SourceDocument, shape: Shape, path: Path) -> Iterator[str]:
    """The kinds of which ids may be missing for what is wrong at `path`: an id, or a text where
    things with ids belong.
    """
    try:
        value = document.at(path)
    except (LookupError, TypeError):
        value = None
    if path and path[-1] == "id":
        yield from (getattr(model, "KIND", "") for model in shape.at(path[:-1]).types)
    elif not isinstance(value, (dict, list)):
        for kind in shape.at(path).types:
            yield from _kinds_in(kind)


def _kinds_in(annotation: Any) -> Iterator[str]:
    """The kinds of things that values of a type can hold."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield getattr(annotation, "KIND", "")
        for field in annotation.model_fields.values():
            yield from _kinds_in(field.annotation)
    else:
        for inner in get_args(annotation):
            yield from _kinds_in(inner)


def _ids_in(value: Any) -> Iterator[str]:
    todo = [value]
    while todo:
        at = todo.pop()
        todo += at.values() if isinstance(at, dict) else at if isinstance(at, list) else ()
        if isinstance(at, dict) and isinstance(at.get("id"), str):
            yield at["id"]


def _at(value: Any, path: Path) -> Any:
    for part in path:
        try:
            value = value[part]
        except (LookupError, TypeError):
            return None
    return value


class _Mending:
    """Values that are changed until they are right. Nothing in a list is ever taken out: paths are
    places.
    """

    def __init__(self, shape: Shape, value: Any) -> None:
        self.shape = shape
        self.value = value
        self.spoiled: set[Path] = set()
        self._stood_in: set[Path] = set()
        self._numbers = count(1)

    def round(self, found: Sequence[Found]) -> bool:
        """Void what is wrong; whether there is any use in another round."""
        for error in found:
            by_name = error.is_unknown or error.of_key  # the name may be an empty text
            path: Path = (*error.path, error.name) if error.name or by_name else error.path
            if by_name:
                self.spoiled.add(path)
                self._delete(path)
            else:
                self.void(path)
        return not any(path == () for path in self.spoiled)

    def put(self, path: Path, value: str | None) -> None:
        """Put another value at `path`, or leave out what is there."""
        parent = _at(self.value, path[:-1])
        if value is None:
            self.void(path)
        elif isinstance(parent, dict) or (isinstance(parent, list) and isinstance(path[-1], int)):
            parent[path[-1]] = value  # type: ignore[index]

    def void(self, path: Path) -> None:
        """Put a stand-in at `path`, so that what is wrong there is no gap; where one is no use, or
        needless, leave it out.

        What must be given, and has no stand-in that is of use, spoils what holds it.
        """
        while path in self._stood_in and self._is_required(path):
            path = path[:-1]
        self.spoiled.add(path)
        parent = _at(self.value, path[:-1]) if path else None
        if not isinstance(parent, (dict, list)):
            return
        types = self.shape.at(path).types
        needless = str not in types and any(get_origin(kind) in (tuple, dict) for kind in types)
        optional = not types or (
            not self._is_required(path) and (needless or path in self._stood_in)
        )
        if isinstance(parent, dict) and optional:
            parent.pop(path[-1], None)
        elif isinstance(parent, dict) or (isinstance(path[-1], int) and path[-1] < len(parent)):
            self._stood_in.add(path)
            parent[path[-1]] = self._stand_in(types)  # type: ignore[index]

    def _delete(self, path: Path) -> None:
        parent = self._at(path[:-1])
        if isinstance(parent, dict):
            parent.pop(path[-1], None)

    def _at(self, path: Path) -> Any:
        return _at(self.value, path)

    def _is_required(self, path: Path) -> bool:
        """Whether what holds the value cannot do without it: a field that must be given, an entry
        of a list or mapping.
        """
        models = [
            kind
            for kind in self.shape.at(path[:-1]).types
            if isinstance(kind, type) and issubclass(kind, BaseModel)
        ]
        fields = [
            field
            for model in models
            for name, field in model.model_fields.items()
            if (field.alias or name) == path[-1]
        ]
        return not fields or any(field.is_required() for field in fields)

    def _stand_in(self, types: Sequence[Any]) -> Any:
        """A value of one of these types that is like no other."""
        for kind in types:
            origin = get_origin(kind)
            if origin is Literal:
                return get_args(kind)[0]
            if origin is tuple:
                return [self._stand_in(Shape.of(get_args(kind)[0]).types)]
            if kind is PartialDate:
                return "2000-01-01"
            if isinstance(kind, type) and issubclass(kind, BaseModel):
                return {
                    field.alias or name: self._stand_in(Shape.of(field.annotation).types)
                    for name, field in kind.model_fields.items()
                    if field.is_required()
                }
            if isinstance(kind, type) and issubclass(kind, Enum):
                return next(iter(kind)).value
            if kind in (int, float):
                return "1"
            if kind is bool:
                return "true"
            if kind is str:
                return _word(next(self._numbers))
        return {} if any(get_origin(kind) in (dict, Mapping) for kind in types) else None


def _word(number: int) -> str:
    """A word that nobody writes, and that is an id, a verb and a text."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("a") + rest) + letters
    return f"voided-{letters}"
