"""The fields of all models, found by walking their types: one that is added is found without a line
here.

`filled` gives a model with every field given, in the least values that are valid; `leaves` says
what each of its texts is for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import AfterValidator, PlainValidator
from pydantic.fields import FieldInfo

from papergen.model import base
from papergen.model.base import Jinja, Model, ReferenceTo, Setting
from papergen.model.bodies import Bodies
from papergen.model.brand import Brand
from papergen.model.paper import Paper
from papergen.model.plan import Plan

ROOTS: dict[str, type[Model]] = {"plan": Plan, "bodies": Bodies, "paper": Paper, "brand": Brand}
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


def _named(model: type[Model]) -> Iterator[tuple[str, tuple[Any, ...]]]:
    for name, info in model.model_fields.items():
        yield info.alias or name, _annotation(info)


def _annotation(info: FieldInfo) -> tuple[Any, ...]:
    return (info.annotation, *info.metadata)


def _parts(annotation: Any) -> tuple[Any, tuple[Any, ...]]:
    """An annotation's type, and its metadata however deep; of a choice, the branch that holds
    most.
    """
    metadata: tuple[Any, ...] = ()
    if isinstance(annotation, tuple):
        annotation, metadata = annotation[0], annotation[1:]
    while True:
        origin = get_origin(annotation)
        if origin is Annotated:
            annotation, *more = get_args(annotation)
            metadata = (*metadata, *more)
        elif origin in (Union, UnionType):
            annotation = _branch(
                [branch for branch in get_args(annotation) if branch is not NoneType]
            )
        else:
            return annotation, metadata


def _branch(branches: list[Any]) -> Any:
    """Of text and text by language, the text; of a statement and what could stand instead, what
    could stand instead.
    """
    kinds = [(_parts(branch)[0], branch) for branch in branches]
    texts = [branch for kind, branch in kinds if kind is str]
    return (
        texts or [branch for kind, branch in kinds if get_origin(kind) is not Literal] or branches
    )[0]


def _model(
    model: type[Model], keys: tuple[str | int, ...]
) -> Iterator[tuple[tuple[str | int, ...], Kind]]:
    for name, annotation in _named(model):
        yield from _leaves(annotation, (*keys, name))


def _leaves(
    annotation: Any, keys: tuple[str | int, ...]
) -> Iterator[tuple[tuple[str | int, ...], Kind]]:
    kind, metadata = _parts(annotation)
    if get_origin(kind) is tuple:
        yield from _leaves((get_args(kind)[0], *metadata), (*keys, 0))
    elif get_origin(kind) is dict:
        yield from _leaves((get_args(kind)[1], *metadata), (*keys, KEY))
    elif isinstance(kind, type) and issubclass(kind, Model):
        yield from _model(kind, keys)
    elif (
        kind is str
        and base._check_text in _validators(metadata)
        and not any(isinstance(mark, Setting) for mark in metadata)
    ):
        jinja = next((mark for mark in metadata if isinstance(mark, Jinja)), None)
        yield keys, Kind.DATA if jinja is None else Kind.NARRATIVE if jinja.narrative else Kind.LINE


def _validators(metadata: tuple[Any, ...]) -> list[Any]:
    return [mark.func for mark in metadata if isinstance(mark, (AfterValidator, PlainValidator))]


def _values(
    root: str, model: type[Model], keys: tuple[str | int, ...], text: Mapping[Leaf, str]
) -> dict[str, Any]:
    found = {
        name: _value(root, model, annotation, (*keys, name), text)
        for name, annotation in _named(model)
    }
    return {name: value for name, value in found.items() if value is not None}


def _value(
    root: str,
    owner: type[Model],
    annotation: Any,
    keys: tuple[str | int, ...],
    text: Mapping[Leaf, str],
) -> Any:
    kind, metadata = _parts(annotation)
    validators = _validators(metadata)
    if get_origin(kind) is tuple:
        return [_value(root, owner, (get_args(kind)[0], *metadata), (*keys, 0), text)]
    if get_origin(kind) is dict:
        return {KEY: _value(root, owner, (get_args(kind)[1], *metadata), (*keys, KEY), text)}
    if get_origin(kind) is Literal:
        return get_args(kind)[0]
    if isinstance(kind, type) and issubclass(kind, Model):
        return _values(root, kind, keys, text)
    if kind is bool:
        return "false"
    if kind is int:
        return "1"
    if base.parse_when in validators or base.parse_day in validators:
        return "2012-11-08"
    return _text(root, owner, kind, metadata, keys, text)


def _text(
    root: str,
    owner: type[Model],
    kind: Any,
    metadata: tuple[Any, ...],
    keys: tuple[str | int, ...],
    text: Mapping[Leaf, str],
) -> str | None:
    assert kind is str, f"{keys} is of a type that this test does not know: {kind}"
    validators = _validators(metadata)
    reference = next((mark for mark in metadata if isinstance(mark, ReferenceTo)), None)
    if reference is not None:
        return reference.kind
    if base._check_id in validators:
        return owner.KIND if keys[-1] == "id" else KEY
    if base._check_verb in validators:
        return "note"
    if any(isinstance(mark, Setting) for mark in metadata):
        return None
    if base._check_text in validators:
        return next(
            written for leaf, written in text.items() if (leaf.root, leaf.keys) == (root, keys)
        )
    if base._check_language in validators:
        return "en"
    assert validators, f"{keys} is a bare str: give it a type of papergen.model.base"
    return None  # a text of a form of its own that need not be given
