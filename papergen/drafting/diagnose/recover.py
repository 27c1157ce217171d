"""The values of a faulty file that are right: wrong ones are left out or replaced by stand-ins.

So the rest of the file can be checked. Loaded only where there is a fault; nothing is ever written
from what is made here.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError

from papergen.readers.annotations import Shape, ValueKind, ValueType, fields_of
from papergen.readers.document import Path, SourceDocument
from papergen.readers.validation_errors import ModelError, errors_of
from papergen.text import nearest

M = TypeVar("M", bound=BaseModel)
T = TypeVar("T")

_MOST_ROUNDS = 12
_NOTHING: Mapping[Path, str | None] = {}


@dataclass(frozen=True, slots=True)
class Replaced:
    """What is unreliable in a file that has faults.

    `paths`: of values that are wrong, missing, or not known to their model. `ids`: all ids that the
    file holds, those of wrong values too. `loses`: the kinds of things of which the file may define
    more, since some are missing or are not known to be ids. `structural`: whether groups or lists
    are left out, and not only single values.
    """

    paths: frozenset[Path] = frozenset()
    ids: frozenset[str] = frozenset()
    loses: frozenset[str] = frozenset()
    structural: bool = False

    def holds(self, path: Path) -> bool:
        """Whether the value at `path` is replaced, or within one that is."""
        lengths = range(len(path) + 1)
        return any(path[:length] in self.paths for length in lengths)

    def touches(self, path: Path) -> bool:
        """Whether it, or anything within it, is replaced."""
        if self.holds(path):
            return True
        length = len(path)
        return any(each[:length] == path for each in self.paths)


@dataclass(frozen=True, slots=True)
class Recovered(Generic[M]):
    """`value` is None where too much is wrong to check anything else."""

    value: M | None
    replaced: Replaced


def recover(
    model: type[M],
    document: SourceDocument,
    instead: Mapping[Path, str | None] = _NOTHING,
    *,
    lost: frozenset[str] = frozenset(),
) -> Recovered[M]:
    """The model of a document's values without those that are wrong.

    `instead`: values to put at these paths; None leaves out what is there. `lost`: the kinds of
    things of which some are known to be missing.
    """
    values = copy.deepcopy(document.value)
    recovering = _Recovering(Shape.of(model), values)
    value = _until_valid(model, document, recovering)
    if value is not None and instead:
        for path, other in instead.items():
            recovering.put(path, other)
        value = _until_valid(model, document, recovering)
    replaced = _replaced(document, recovering, lost)
    return Recovered(value, replaced)


def _until_valid(model: type[M], document: SourceDocument, recovering: _Recovering) -> M | None:
    """The model of the values, of which what is wrong is replaced; None where too much is."""
    for _ in range(_MOST_ROUNDS):
        try:
            return model.model_validate(recovering.value)
        except ValidationError as faults:
            changed = replace(document, value=recovering.value)
            errors = errors_of(changed, faults)
            if not recovering.replace_wrong(errors):
                break
    return None


def as_meant(model: type[BaseModel], document: SourceDocument) -> SourceDocument:
    """The document with each misspelt field under the name that was most likely meant.

    So the value of the field can be checked too.
    """
    shape = Shape.of(model)
    for _ in range(_MOST_ROUNDS):
        try:
            model.model_validate(document.value)
        except ValidationError as faults:
            errors = errors_of(document, faults)
        else:
            break
        renames = _renames(document, shape, errors)
        if not renames:
            break
        document = _renamed(document, renames)
    return document


def _renames(
    document: SourceDocument,
    shape: Shape,
    errors: Sequence[ModelError],
) -> dict[Path, str]:
    """The names of fields that are most likely meant, by the paths of the misspelt ones."""
    renames: dict[Path, str] = {}
    for error in errors:
        parent = _at(document.value, error.path)
        if not error.is_unknown or not isinstance(parent, dict):
            continue
        fields = shape.at(error.path).fields()
        meant = nearest(error.name, fields)
        if meant is not None and meant not in parent:
            renames[error.name_path] = meant
    return renames


def _renamed(document: SourceDocument, renames: Mapping[Path, str]) -> SourceDocument:
    """The document with fields under other names. `renames`: these names, by the fields' paths."""

    def path_of(path: Path) -> Path:
        renamed = list(path)
        for at in range(len(path)):
            field = path[: at + 1]
            if field in renames:
                renamed[at] = renames[field]
        return tuple(renamed)

    def by_new_path(found: Mapping[Path, T]) -> dict[Path, T]:
        return {path_of(path): each for path, each in found.items()}

    return replace(
        document,
        value=_with_new_names(document.value, (), renames),
        places=by_new_path(document.places),
        key_places=by_new_path(document.key_places),
        texts=by_new_path(document.texts),
        elsewhere=by_new_path(document.elsewhere),
        comments=by_new_path(document.comments),
        doubtful=frozenset(map(path_of, document.doubtful)),
    )


def _with_new_names(value: Any, path: Path, renames: Mapping[Path, str]) -> Any:
    """The value at `path` with its fields under their new names."""
    if isinstance(value, dict):
        fields = {}
        for key, inner in value.items():
            field = (*path, key)
            name = renames.get(field, key)
            fields[name] = _with_new_names(inner, field, renames)
        return fields
    if isinstance(value, list):
        entries = []
        for at, inner in enumerate(value):
            entry = _with_new_names(inner, (*path, at), renames)
            entries.append(entry)
        return entries
    return value


def _replaced(document: SourceDocument, recovering: _Recovering, lost: frozenset[str]) -> Replaced:
    """What is unreliable in a file whose wrong values have been replaced."""
    paths = document.doubtful | recovering.replaced
    loses = set(lost)
    loses_groups = False
    for path in paths:
        loses.update(_kinds_lost(document, recovering.shape, path))
        loses_groups |= _is_group(document, path)
    ids = _ids_in([document.value, *document.aside])
    return Replaced(
        paths=paths,
        ids=frozenset(ids),
        loses=frozenset(loses),
        structural=loses_groups or len(loses) > 0,
    )


def _is_group(document: SourceDocument, path: Path) -> bool:
    """Whether a group of fields or a list is at `path`."""
    value = _at(document.value, path)
    return isinstance(value, (dict, list))


def _kinds_lost(document: SourceDocument, shape: Shape, path: Path) -> Iterator[str]:
    """The kinds of things of which one may be lost by what is wrong at `path`.

    That is an id, or a text where things with ids belong.
    """
    if path and path[-1] == "id":
        for model in shape.at(path[:-1]).models():
            yield _kind_of(model)
        return
    place = shape.at(path)
    if not _is_group(document, path) and not place.has(ValueKind.DATE):
        yield from _kinds_in(place)


def _kinds_in(shape: Shape) -> Iterator[str]:
    """The kinds of things that values of a shape can hold."""
    for model in shape.nested_models():
        yield _kind_of(model)
        for field in fields_of(model).values():
            yield from _kinds_in(field.shape)


def _kind_of(model: Any) -> str:
    """The kind of things that a model describes; empty if these are nothing with an id."""
    return str(getattr(model, "KIND", ""))


def _ids_in(value: Any) -> Iterator[str]:
    """All ids that are within a value."""
    waiting = [value]
    while waiting:
        found = waiting.pop()
        if isinstance(found, list):
            waiting += found
        elif isinstance(found, dict):
            waiting += found.values()
            id_ = found.get("id")
            if isinstance(id_, str):
                yield id_


def _at(value: Any, path: Path) -> Any:
    """What is at `path` within a value; None where there is nothing."""
    for part in path:
        if not isinstance(value, (dict, list)):
            return None
        try:
            value = value[part]  # type: ignore[index]
        except (LookupError, TypeError):
            return None
    return value


class _Recovering:
    """Values that are changed until they are valid.

    No entry of a list is ever taken out: paths are places.
    """

    def __init__(self, shape: Shape, value: Any) -> None:
        self.shape = shape
        self.value = value
        self.replaced: set[Path] = set()
        self._stood_in: set[Path] = set()
        self._numbers = count(1)

    def replace_wrong(self, errors: Sequence[ModelError]) -> bool:
        """Replace or delete what is wrong; False if nothing would be left."""
        for error in errors:
            if error.is_unknown or error.of_key:
                self._delete(error.name_path)
            elif error.name:
                self._replace(error.name_path)
            else:
                self._replace(error.path)
        return () not in self.replaced

    def put(self, path: Path, value: str | None) -> None:
        """Put another value at `path`, or leave out what is there."""
        if value is None:
            self._replace(path)
            return
        *_, name = path
        parent = _at(self.value, path[:-1])
        if isinstance(parent, dict) or (isinstance(parent, list) and isinstance(name, int)):
            parent[name] = value  # type: ignore[index]

    def _delete(self, path: Path) -> None:
        self.replaced.add(path)
        parent = _at(self.value, path[:-1])
        if isinstance(parent, dict):
            parent.pop(path[-1], None)

    def _replace(self, path: Path) -> None:
        """Put a stand-in at `path`, so that no gap is there, or leave out what has no use.

        What holds a required value for which a stand-in is wrong too is itself replaced.
        """
        while path in self._stood_in and self._is_required(path):
            path = path[:-1]
        self.replaced.add(path)
        if not path:
            return
        *_, name = path
        parent = _at(self.value, path[:-1])
        shape = self.shape.at(path)
        if isinstance(parent, dict):
            if self._can_be_left_out(path, shape):
                parent.pop(name, None)
                return
        elif not (isinstance(parent, list) and _is_index(name, parent)):
            return
        self._stood_in.add(path)
        parent[name] = self._stand_in(shape)

    def _can_be_left_out(self, path: Path, shape: Shape) -> bool:
        if not shape.types:
            return True
        if self._is_required(path):
            return False
        if path in self._stood_in:
            return True
        is_group = shape.has(ValueKind.LIST) or shape.has(ValueKind.MAPPING)
        return is_group and not shape.has(ValueKind.TEXT)

    def _is_required(self, path: Path) -> bool:
        """Whether what holds the value needs it: a required field, or an entry of a list."""
        *_, name = path
        is_field = False
        for model in self.shape.at(path[:-1]).models():
            field = fields_of(model).get(str(name))
            if field is None:
                continue
            if field.is_required:
                return True
            is_field = True
        return not is_field

    def _stand_in(self, shape: Shape) -> Any:
        """A value of the first type that has one, and like no other value in the file."""
        for each in shape.types:
            value = self._stand_in_of(each)
            if value is not None:
                return value
        if shape.has(ValueKind.MAPPING):
            return {}
        return None

    def _stand_in_of(self, value: ValueType) -> Any:
        """A value of one type; None where the type has none."""
        match value.kind:
            case ValueKind.CHOICE:
                return value.words[0]
            case ValueKind.LIST:
                assert value.entries is not None
                return [self._stand_in(value.entries)]
            case ValueKind.DATE:
                return "2000-01-01"
            case ValueKind.MODEL:
                fields = fields_of(value.model).values()
                required = [field for field in fields if field.is_required]
                return {field.key: self._stand_in(field.shape) for field in required}
            case ValueKind.NUMBER:
                return "1"
            case ValueKind.TRUTH:
                return "true"
            case ValueKind.TEXT:
                return _word(next(self._numbers))
            case _:
                return None


def _is_index(part: str | int, values: list[Any]) -> bool:
    return isinstance(part, int) and part < len(values)


def _word(number: int) -> str:
    """A word that nobody writes, and that is an id, a verb and a text."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("a") + rest) + letters
    return f"voided-{letters}"
