"""The texts of a file that are compiled, found by what its model says of each field, even where the
file is not valid.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, get_args, get_origin

from papergen.model.base import Jinja, Model, in_language
from papergen.model.walk import Path
from papergen.model.words import AUTO


@dataclass(frozen=True, slots=True)
class RawText:
    """A text with Jinja in it. `path`: where it stands in the file; `narrative`: Markdown too."""

    path: Path
    text: str
    narrative: bool


def raw_texts(model: type[Model], value: Any, path: Path = ()) -> Iterator[RawText]:
    """The texts with Jinja in them that stand in `value` where `model` has fields for them, in the
    order of the model.
    """
    if not isinstance(value, Mapping):
        return
    for name, info in model.model_fields.items():
        shown = info.alias or name
        if shown in value:
            yield from _in_field((*info.metadata, info.annotation), value[shown], (*path, shown))


def _in_field(annotations: tuple[Any, ...], value: Any, path: Path) -> Iterator[RawText]:
    mark = _own_mark(annotations)
    if mark is not None:
        yield from _text(value, mark.narrative, path)
        return
    parts = list(_parts(annotations))
    if isinstance(value, list):
        items = next((get_args(part)[:1] for part in parts if get_origin(part) is tuple), ())
        for at, item in enumerate(value if items else ()):
            yield from _in_field(items, item, (*path, at))
    mapped = next((get_args(part)[1:] for part in parts if get_origin(part) is dict), ())
    if mapped and isinstance(value, Mapping):
        for key, item in value.items():
            yield from _in_field(mapped, item, (*path, key))
    for inner in parts:
        if isinstance(inner, type) and issubclass(inner, Model):
            yield from _in_model(inner, value, path)


def _in_model(model: type[Model], value: Any, path: Path) -> Iterator[RawText]:
    """Of a model with a `text:`, the text alone may stand for it, but for the words that are
    statements.
    """
    text = model.model_fields.get("text")
    fields = {info.alias or name for name, info in model.model_fields.items()}
    mark = _own_mark((*text.metadata, text.annotation)) if text else None
    if mark is None or (isinstance(value, Mapping) and fields & value.keys()):
        yield from raw_texts(model, value, path)
    elif value != "none":
        yield from _text(value, mark.narrative, path)


def _text(value: Any, narrative: bool, path: Path) -> Iterator[RawText]:
    if isinstance(value, str):
        if not (narrative and value == AUTO):
            yield RawText(path, value, narrative)
    elif (
        isinstance(value, Mapping)
        and value
        and all(isinstance(text, str) for text in value.values())
    ):
        chosen = in_language(dict(value))
        yield RawText(
            (*path, next(code for code, text in value.items() if text == chosen)), chosen, narrative
        )


def _parts(annotations: tuple[Any, ...]) -> Iterator[Any]:
    """The types in an annotation, of its unions too, but not of its lists and mappings."""
    for part in annotations:
        yield part
        if get_origin(part) not in (tuple, dict):
            yield from _parts((*get_args(part), *getattr(part, "__metadata__", ())))


def _own_mark(annotations: tuple[Any, ...]) -> Jinja | None:
    return next((part for part in _parts(annotations) if isinstance(part, Jinja)), None)
