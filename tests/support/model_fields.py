"""The fields of all models, found by walking their types: one that is added is found without a line
here.

`filled` gives a model with every field given, in the least values that are valid; `leaves` says
what each of its texts is for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from pydantic import AfterValidator, PlainValidator

from papergen.model import base
from papergen.model.base import Model
from papergen.model.bodies import Bodies
from papergen.model.brand import Brand
from papergen.model.paper import Paper
from papergen.model.plan import Plan
from papergen.readers.annotations import (
    Jinja,
    ModelField,
    ReferenceTo,
    Setting,
    Shape,
    ValueKind,
    ValueType,
    fields_of,
)

ROOTS: dict[str, type[Model]] = {"plan": Plan, "bodies": Bodies, "paper": Paper, "brand": Brand}
SEVERAL = {"owner": "owners", "responsible": "carried_out_by"}
"""Fields that hold one thing, and those that stand in their place where it is not one."""
KEY = "key"
"""The key of each mapping that a model holds."""


class Kind(Enum):
    """What a text of a model is."""

    DATA = "data"
    """Printed as the characters it is."""
    LINE = "line"
    """One line of Jinja."""
    NARRATIVE = "narrative"
    """Markdown with Jinja."""


@dataclass(frozen=True)
class Leaf:
    """A text somewhere in a root: its keys there, and what it is."""

    root: str
    keys: tuple[str | int, ...]
    kind: Kind

    def __str__(self) -> str:
        return ".".join(map(str, (self.root, *self.keys)))


def leaves(root: str) -> list[Leaf]:
    return [Leaf(root, keys, kind) for keys, kind in _model(ROOTS[root], ())]


def filled(root: str, text: Mapping[Leaf, str]) -> dict[str, Any]:
    """The root's model as values, each of its texts taken from `text`."""
    return _values(root, ROOTS[root], (), text)


def _main(shape: Shape) -> ValueType:
    """Of what a place may hold, the type that holds most.

    Of text and text by language that is the text; of a statement and what could stand instead, what
    could stand instead; of a date and a text in its place, the text.
    """
    given = [each for each in shape.types if each.kind is not ValueKind.NOTHING]
    texts = [each for each in given if each.kind is ValueKind.TEXT]
    if any(each.kind is ValueKind.DATE for each in given):
        texts = [each for each in given if each.kind is ValueKind.MODEL]
    others = [each for each in given if each.kind is not ValueKind.CHOICE]
    return (texts or others or given)[0]


def _model(
    model: type[Model], keys: tuple[str | int, ...]
) -> Iterator[tuple[tuple[str | int, ...], Kind]]:
    for key, field in _used(model).items():
        yield from _leaves(field.shape, (*keys, key))


def _used(model: type[Model]) -> dict[str, ModelField]:
    """The fields that a paper can print, and that can be given together."""
    found = {key: field for key, field in fields_of(model).items() if not field.is_excluded}
    for name in getattr(model, "ONE_OF", ())[:-1]:  # all but the last, a name
        del found[name]
    for single, several in SEVERAL.items():
        if several in found:
            del found[single]
    return found


def _leaves(
    shape: Shape, keys: tuple[str | int, ...]
) -> Iterator[tuple[tuple[str | int, ...], Kind]]:
    value = _main(shape)
    if value.entries is not None:
        part = 0 if value.kind is ValueKind.LIST else KEY
        yield from _leaves(value.entries, (*keys, part))
    elif value.kind is ValueKind.MODEL:
        yield from _model(value.model, keys)
    elif value.kind is ValueKind.TEXT:
        is_setting = any(isinstance(mark, Setting) for mark in value.marks)
        if base._check_text in _validators(value.marks) and not is_setting:
            yield keys, _kind(value.marks)


def _kind(marks: tuple[Any, ...]) -> Kind:
    jinja = next((mark for mark in marks if isinstance(mark, Jinja)), None)
    if jinja is None:
        return Kind.DATA
    return Kind.NARRATIVE if jinja.narrative else Kind.LINE


def _validators(marks: tuple[Any, ...]) -> list[Any]:
    return [mark.func for mark in marks if isinstance(mark, (AfterValidator, PlainValidator))]


def _values(
    root: str, model: type[Model], keys: tuple[str | int, ...], text: Mapping[Leaf, str]
) -> dict[str, Any]:
    found = {
        key: _value(root, model, field.shape, (*keys, key), text)
        for key, field in _used(model).items()
    }
    return {key: value for key, value in found.items() if value is not None}


def _value(
    root: str,
    owner: type[Model],
    shape: Shape,
    keys: tuple[str | int, ...],
    text: Mapping[Leaf, str],
) -> Any:
    value = _main(shape)
    if value.entries is not None and value.kind is ValueKind.LIST:
        return [_value(root, owner, value.entries, (*keys, 0), text)]
    if value.entries is not None:
        return {KEY: _value(root, owner, value.entries, (*keys, KEY), text)}
    if value.kind is ValueKind.CHOICE:
        return value.words[0]
    if value.kind is ValueKind.MODEL:
        return _values(root, value.model, keys, text)
    if value.kind is ValueKind.TRUTH:
        return "false"
    if value.kind is ValueKind.NUMBER:
        return "1"
    if value.kind is ValueKind.DATE:
        return "2012-11-08"
    assert value.kind is ValueKind.TEXT, f"{keys} is of a type that this test does not know"
    return _text(root, owner, value.marks, keys, text)


def _text(
    root: str,
    owner: type[Model],
    marks: tuple[Any, ...],
    keys: tuple[str | int, ...],
    text: Mapping[Leaf, str],
) -> str | None:
    validators = _validators(marks)
    reference = next((mark for mark in marks if isinstance(mark, ReferenceTo)), None)
    if reference is not None:
        return reference.kind
    if base._check_id in validators:
        return owner.KIND if keys[-1] == "id" else KEY
    if base._check_verb in validators:
        return "note"
    if any(isinstance(mark, Setting) for mark in marks):
        return None
    if base._check_text in validators:
        return next(
            written for leaf, written in text.items() if (leaf.root, leaf.keys) == (root, keys)
        )
    if base._check_language in validators:
        return "en"
    assert validators, f"{keys} is a bare str: give it a type of papergen.model.base"
    return None  # a text of a form of its own that need not be given
