"""What the fields of a model are, read from their annotations.

`fields_of` describes the fields of a model, `Shape` what values a place of its file may hold. A
model is any class with pydantic's `model_fields`: this module does not import pydantic, so that a
compiled program can run without it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin

from papergen.dates import PartialDate
from papergen.readers.document import Path

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ReferenceTo:
    """Marks a field, or the entries of a list, as the id of something of this `KIND`."""

    kind: str


@dataclass(frozen=True, slots=True)
class Jinja:
    """Marks a text that is compiled: one line of Jinja, or Markdown with Jinja if `narrative`."""

    narrative: bool


@dataclass(frozen=True, slots=True)
class Setting:
    """Marks a text that papergen itself reads: the name of a file or a style, a pattern.

    Templates have no use for it.
    """


class ValueKind(Enum):
    """What a value is."""

    TEXT = "text"
    NUMBER = "number"
    TRUTH = "true or false"
    DATE = "date"
    CHOICE = "choice"
    """One of a few words."""
    LIST = "list"
    MAPPING = "mapping"
    """Entries under keys that are not fields."""
    MODEL = "model"
    NOTHING = "nothing"
    OTHER = "other"


_KINDS = {
    str: ValueKind.TEXT,
    int: ValueKind.NUMBER,
    float: ValueKind.NUMBER,
    bool: ValueKind.TRUTH,
    PartialDate: ValueKind.DATE,
    NoneType: ValueKind.NOTHING,
}


@dataclass(frozen=True, slots=True)
class ValueType:
    """One type of value, as an annotation gives it.

    `marks`: all that the annotation says besides, validators too. `words`: those of a choice.
    `model`: the class of a model. `entries`: what the entries of a list or a mapping may be.
    """

    kind: ValueKind
    marks: tuple[Any, ...] = ()
    words: tuple[str, ...] = ()
    model: Any = None
    entries: Shape | None = None


@dataclass(frozen=True, slots=True)
class ModelField:
    """A field of a model.

    `name` is that of the attribute, `key` the name in files. `title` and `description` are empty
    where the model has none.
    """

    name: str
    key: str
    title: str
    description: str
    is_required: bool
    is_excluded: bool
    shape: Shape


@dataclass(frozen=True, slots=True)
class Shape:
    """What a place may hold: values of one type, or of any of several."""

    types: tuple[ValueType, ...]

    @classmethod
    def of(cls, annotation: Any) -> Shape:
        """The shape of a model's class, or of any other annotation."""
        return cls(tuple(_types(annotation, ())))

    # -- what this place may hold

    def has(self, kind: ValueKind) -> bool:
        return any(each.kind is kind for each in self.types)

    def models(self) -> list[Any]:
        """The classes of the models that may be here."""
        return [each.model for each in self.types if each.kind is ValueKind.MODEL]

    def entries(self, kind: ValueKind) -> Shape | None:
        """What the entries of a list, or of a mapping, may be; None where there can be none."""
        for each in self.types:
            if each.kind is kind:
                return each.entries
        return None

    def choices(self) -> tuple[str, ...]:
        """The words, where nothing else is allowed here; none for any other place."""
        words: list[str] = []
        for each in self.types:
            if each.kind is ValueKind.CHOICE:
                words += each.words
            elif each.kind is not ValueKind.NOTHING:
                return ()
        return tuple(words)

    def mark(self, kind: type[T]) -> T | None:
        """The mark of that class on a value here, if it has one."""
        for each in self.types:
            for mark in each.marks:
                if isinstance(mark, kind):
                    return mark
        return None

    def inner_mark(self, kind: type[T]) -> T | None:
        """The same, or the mark on the entries of a list or mapping here."""
        for shape in self.nested():
            mark = shape.mark(kind)
            if mark:
                return mark
        return None

    def nested(self) -> Iterator[Shape]:
        """The shape of this place, and those of the entries of its lists and mappings."""
        yield self
        for each in self.types:
            if each.entries is not None:
                yield from each.entries.nested()

    def nested_models(self) -> list[Any]:
        """The classes of the models that may be here, or within lists and mappings here."""
        models = []
        for shape in self.nested():
            models += shape.models()
        return models

    # -- what places below this one may hold

    def at(self, path: Path) -> Shape:
        """What may be at `path` below this place; nothing where there is no such place."""
        shape = self
        for part in path:
            types: list[ValueType] = []
            for each in shape.types:
                types += _step(each, part)
            shape = Shape(tuple(types))
        return shape

    def fields(self) -> dict[str, ModelField]:
        """The fields of all models that may be here, by their names in files."""
        found: dict[str, ModelField] = {}
        for model in self.models():
            for key, field in fields_of(model).items():
                found.setdefault(key, field)
        return found

    def description(self, key: str) -> str:
        """The description of the field of that name; empty where there is none."""
        field = self.fields().get(key)
        if field is None:
            return ""
        return field.description

    def is_free_text(self, path: Path, value: str) -> bool:
        """Whether `path` may hold text for people, as against a word, an id, a date.

        `value`: what the file has there.
        """
        if value in _STATEMENTS:
            return False
        shape = self.at(path)
        if shape._is_text():
            return True
        if path and self.at(path[:-1])._is_text():
            return True
        # The text alone may be given for a model with a field for it.
        for model in shape.models():
            field = fields_of(model).get("text")
            if field is not None and field.shape._is_text():
                return True
        return False

    def _is_text(self) -> bool:
        """Whether a text may be here, or one for each language."""
        return self.has(ValueKind.TEXT) and self.has(ValueKind.MAPPING)


_STATEMENTS = ("auto", "none")
"""The words that state something in the place of a text."""


@cache
def fields_of(model: Any) -> Mapping[str, ModelField]:
    """The fields of a model's class in their order, by their names in files."""
    fields = [_field(name, info) for name, info in model.model_fields.items()]
    return {field.key: field for field in fields}


def _field(name: str, info: Any) -> ModelField:
    marks = tuple(info.metadata)
    return ModelField(
        name=name,
        key=info.alias or name,
        title=info.title or "",
        description=info.description or "",
        is_required=info.is_required(),
        is_excluded=bool(info.exclude),
        shape=Shape(tuple(_types(info.annotation, marks))),
    )


def _types(annotation: Any, marks: tuple[Any, ...]) -> Iterator[ValueType]:
    """The members of a union, or the one type. `marks`: those round the annotation."""
    origin = get_origin(annotation)
    inner = get_args(annotation)
    if origin is Annotated:
        annotated, *own = inner
        yield from _types(annotated, (*marks, *own))
    elif origin in (Union, UnionType):
        for member in inner:
            yield from _types(member, marks)
    elif origin is Literal:
        yield ValueType(ValueKind.CHOICE, marks, words=inner)
    elif origin is tuple:
        yield ValueType(ValueKind.LIST, marks, entries=Shape.of(inner[0]))
    elif origin is dict:
        yield ValueType(ValueKind.MAPPING, marks, entries=Shape.of(inner[1]))
    elif isinstance(annotation, type) and issubclass(annotation, Enum):
        words = tuple(str(member.value) for member in annotation)
        yield ValueType(ValueKind.CHOICE, marks, words=words)
    elif hasattr(annotation, "model_fields"):
        yield ValueType(ValueKind.MODEL, marks, model=annotation)
    else:
        yield ValueType(_KINDS.get(annotation, ValueKind.OTHER), marks)


def _step(value: ValueType, part: str | int) -> tuple[ValueType, ...]:
    """The types of what a value of a type holds under a key or an index."""
    if value.kind is ValueKind.MODEL:
        return _field_types(value.model, part)
    wanted = ValueKind.LIST if isinstance(part, int) else ValueKind.MAPPING
    if value.kind is wanted and value.entries is not None:
        return value.entries.types
    return ()


def _field_types(model: Any, name: str | int) -> tuple[ValueType, ...]:
    """The types of a model's field; none where it has no field of that name."""
    fields = fields_of(model)
    if name in fields:
        return fields[str(name)].shape.types
    # “name: X” is short for a list “names:” of one that has a name.
    several = fields.get(f"{name}s")
    if several is None:
        return ()
    return several.shape.at((0, name)).types
