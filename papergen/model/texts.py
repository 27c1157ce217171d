"""The texts of a file that are compiled, found even where the file is not valid."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from papergen.model.base import Model, in_language
from papergen.model.words import AUTO
from papergen.readers.annotations import Jinja, Shape, ValueKind, fields_of
from papergen.readers.document import Path


@dataclass(frozen=True, slots=True)
class RawText:
    """A text with Jinja in it. `path`: its place in the file; `narrative`: Markdown too."""

    path: Path
    text: str
    narrative: bool


def raw_texts(model: type[Model], value: Any, path: Path = ()) -> Iterator[RawText]:
    """The texts with Jinja in `value` for which `model` has fields, in the order of the model."""
    if not isinstance(value, Mapping):
        return
    for key, field in fields_of(model).items():
        if key in value:
            yield from _texts_at(field.shape, value[key], (*path, key))


def _texts_at(shape: Shape, value: Any, path: Path) -> Iterator[RawText]:
    mark = shape.mark(Jinja)
    if mark is not None:
        yield from _text(value, mark.narrative, path)
        return
    items = shape.entries(ValueKind.LIST)
    if items is not None and isinstance(value, list):
        for index, item in enumerate(value):
            yield from _texts_at(items, item, (*path, index))
    entries = shape.entries(ValueKind.MAPPING)
    if entries is not None and isinstance(value, Mapping):
        for key, entry in value.items():
            yield from _texts_at(entries, entry, (*path, key))
    for model in shape.models():
        yield from _texts_of(model, value, path)


def _texts_of(model: type[Model], value: Any, path: Path) -> Iterator[RawText]:
    """Those of a model, for which its `text:` alone may be given."""
    fields = fields_of(model)
    mark = fields["text"].shape.mark(Jinja) if "text" in fields else None
    written_out = isinstance(value, Mapping) and bool(fields.keys() & value.keys())
    if mark is None or written_out:
        yield from raw_texts(model, value, path)
    elif value != "none":
        yield from _text(value, mark.narrative, path)


def _text(value: Any, narrative: bool, path: Path) -> Iterator[RawText]:
    if isinstance(value, str):
        if not (narrative and value == AUTO):
            yield RawText(path, value, narrative)
    elif isinstance(value, Mapping) and value and all(isinstance(t, str) for t in value.values()):
        chosen = in_language(dict(value))
        language = next(code for code, text in value.items() if text == chosen)
        yield RawText((*path, language), chosen, narrative)
