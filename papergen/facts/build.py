"""From validated models to plain data. Models are walked by their fields: one added to a model
needs no line here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

from papergen.dates import PartialDate
from papergen.errors import Location
from papergen.facts.store import Data, Script, Store, Target
from papergen.language.words import ENGLISH
from papergen.model.words import AUTO

# Inside a word a straight quotation mark can only be an apostrophe: data then reads as narrative
# does. Nothing else is changed.
_APOSTROPHE = re.compile(r"(?<=[^\W\d_])'(?=[^\W\d_])")

Places = Callable[[tuple[str | int, ...]], Location]
"""The place of a value, by its path in its file."""


def build_store(
    roots: Mapping[str, Any], files: Mapping[str, str], places: Mapping[str, Places], language: str
) -> Store:
    """The data of some validated models, by root name (“plan”, “bodies”, “paper”). All references
    are known to be right.
    """
    store = Store({}, dict(files), {})
    for name, model in roots.items():
        store.roots[name] = _StoreBuilder(store, name, places[name], language).data(
            model, name, (), None
        )
    return store


def add_phrases(
    store: Store, phrases: Mapping[str, str], order: Sequence[str], appendices: Sequence[str]
) -> None:
    """The texts that sections and appendices are drafted by, by id; `order` is that of the paper's
    sections.
    """
    store.order = tuple(order)
    for id_, text in phrases.items():
        (store.appendices if id_ in appendices else store.phrases)[id_] = len(store.scripts)
        store.scripts.append(
            Script(
                len(store.scripts),
                f"phrases/{id_}",
                f"phrases.{id_}",
                ("sections", id_),
                text,
                True,
            )
        )


class _StoreBuilder:
    def __init__(self, store: Store, root: str, place: Places, language: str) -> None:
        self.store = store
        self.root = root
        self.place = place
        self.language = language

    def data(self, model: Any, path: str, keys: tuple[str | int, ...], parent: Data | None) -> Data:
        kind = model.KIND or type(model).__name__.lower()
        made = Data(kind, str(getattr(model, "id", None) or ""), path, self.place(keys), parent)
        for field in _fields(model.__class__):
            shown = field.shown
            self.store.titles.setdefault((kind, shown), field.title)
            if field.choices:
                self.store.choices[kind, shown] = field.choices
            made.fields[shown] = self.value(
                getattr(model, field.name), field, f"{path}.{shown}", (*keys, shown), made
            )
        if made.id:
            self.store.index.setdefault(kind, {})[made.id] = made
        return made

    def value(
        self, value: Any, field: _Field, path: str, keys: tuple[str | int, ...], owner: Data
    ) -> Any:
        if value is None or isinstance(value, (int, PartialDate)):
            return value
        if isinstance(value, (tuple, list)):
            return tuple(
                self.value(item, field, f"{path}[{at}]", (*keys, at), owner)
                for at, item in enumerate(value)
            )
        if isinstance(value, Mapping):
            if field.of_items is not None:
                return self.mapping(value, field.of_items, path, keys, owner)
            language, value = _in_language(value, self.language)
            keys = (*keys, language)
        if isinstance(value, str):
            return self.text(value, field.mark, path, keys)
        return self.data(value, path, keys, owner)

    def mapping(
        self,
        value: Mapping[str, Any],
        field: _Field,
        path: str,
        keys: tuple[str | int, ...],
        owner: Data,
    ) -> Data:
        made = Data("mapping", "", path, self.place(keys), owner)
        made.fields = {
            key: self.value(item, field, f"{path}.{key}", (*keys, key), made)
            for key, item in value.items()
        }
        return made

    def text(
        self, value: str, mark: Any, path: str, keys: tuple[str | int, ...]
    ) -> str | Target | Script | None:
        if mark is None:
            return _APOSTROPHE.sub("’", value)
        if getattr(mark, "narrative", False) and value == AUTO:
            return None
        if hasattr(mark, "kind"):
            return Target(mark.kind, value)
        script = Script(len(self.store.scripts), self.root, path, keys, value, mark.narrative)
        self.store.scripts.append(script)
        return script


def _in_language(value: Mapping[str, str], language: str) -> tuple[str, str]:
    chosen = next((code for code in (language, ENGLISH) if value.get(code)), next(iter(value)))
    return chosen, value[chosen]


@dataclass(frozen=True, slots=True)
class _Field:
    """What a field's definition says. `of_items`: the same of the values of a mapping, None where
    the field is none.
    """

    name: str
    shown: str
    title: str
    choices: tuple[str, ...]
    mark: Any
    of_items: _Field | None


@cache
def _fields(model: Any) -> tuple[_Field, ...]:
    named = (
        (name, info.alias or name, info)
        for name, info in model.model_fields.items()
        if not info.exclude
    )
    return tuple(
        _field(name, shown, info.title, info.annotation, info.metadata)
        for name, shown, info in named
    )


def _field(
    name: str, shown: str, title: str | None, annotation: Any, metadata: Sequence[Any]
) -> _Field:
    parts = (*metadata, annotation)
    items = next((get_args(part)[1] for part in parts if get_origin(part) is dict), None)
    of_items = None if items is None else _field(name, shown, title, items, ())
    return _Field(
        name, shown, title or shown.replace("_", " "), _choices(annotation), _mark(parts), of_items
    )


def _choices(annotation: Any) -> tuple[str, ...]:
    """The words of a field that takes nothing but listed words; none for any other."""
    branches = (
        get_args(annotation) if get_origin(annotation) in (Union, UnionType) else (annotation,)
    )
    given = [branch for branch in branches if branch is not NoneType]
    return (
        tuple(word for branch in given for word in get_args(branch))
        if all(get_origin(b) is Literal for b in given)
        else ()
    )


def _mark(parts: Sequence[Any]) -> Any:
    """The `Reference` or `Jinja` mark of `papergen.model.base` in annotations, however deep; None
    where there is none.
    """
    for part in parts:
        if type(part).__name__ in ("ReferenceTo", "Jinja"):
            return part
        known = _MARKS.get(id(part))
        if known is None:
            inner = get_args(part)
            # The part is kept as well, so that no other can come to have its number.
            known = _MARKS[id(part)] = (
                part,
                _mark((*getattr(part, "__metadata__", ()), *inner)) if inner else None,
            )
        if known[1] is not None:
            return known[1]
    return None


_MARKS: dict[int, tuple[Any, Any]] = {}
