"""From validated models to plain data. Models are walked by their fields: one added to a model
needs no line here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from papergen.dates import PartialDate
from papergen.errors import Location
from papergen.facts.store import Data, Script, Store, Target
from papergen.model.words import AUTO
from papergen.readers.annotations import (
    Jinja,
    ModelField,
    ReferenceTo,
    Shape,
    ValueKind,
    fields_of,
)

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
        for field in _stored_fields(model.__class__):
            key = field.key
            self.store.titles.setdefault((kind, key), field.title)
            if field.choices:
                self.store.choices[kind, key] = field.choices
            value = getattr(model, field.name)
            made.fields[key] = self.value(value, field, f"{path}.{key}", (*keys, key), made)
        if made.id:
            self.store.index.setdefault(kind, {})[made.id] = made
        return made

    def value(
        self, value: Any, field: _StoredField, path: str, keys: tuple[str | int, ...], owner: Data
    ) -> Any:
        if value is None or isinstance(value, (int, PartialDate)):
            return value
        if isinstance(value, (tuple, list)):
            return tuple(
                self.value(item, field, f"{path}[{at}]", (*keys, at), owner)
                for at, item in enumerate(value)
            )
        if isinstance(value, Mapping):
            if field.of_entries is not None:
                return self.mapping(value, field.of_entries, path, keys, owner)
            language, value = _in_language(value, self.language)
            keys = (*keys, language)
        if isinstance(value, str):
            return self.text(value, field.mark, path, keys)
        return self.data(value, path, keys, owner)

    def mapping(
        self,
        value: Mapping[str, Any],
        field: _StoredField,
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
        self,
        value: str,
        mark: ReferenceTo | Jinja | None,
        path: str,
        keys: tuple[str | int, ...],
    ) -> str | Target | Script | None:
        if mark is None:
            return _APOSTROPHE.sub("’", value)
        if isinstance(mark, ReferenceTo):
            return Target(mark.kind, value)
        if mark.narrative and value == AUTO:
            return None
        script = Script(len(self.store.scripts), self.root, path, keys, value, mark.narrative)
        self.store.scripts.append(script)
        return script


def _in_language(value: Mapping[str, str], language: str) -> tuple[str, str]:
    chosen = next((code for code in (language, "en") if value.get(code)), next(iter(value)))
    return chosen, value[chosen]


@dataclass(frozen=True, slots=True)
class _StoredField:
    """What the store needs of a field.

    `mark`: that of its texts, or of those in its lists, if they have one. `of_entries`: the same of
    the values of a mapping, None where the field is none.
    """

    name: str
    key: str
    title: str
    choices: tuple[str, ...]
    mark: ReferenceTo | Jinja | None
    of_entries: _StoredField | None


@cache
def _stored_fields(model: Any) -> list[_StoredField]:
    fields = fields_of(model).values()
    return [_stored(field, field.shape) for field in fields if not field.is_excluded]


def _stored(field: ModelField, shape: Shape) -> _StoredField:
    entries = None
    if len(shape.types) == 1:  # a text may also be a mapping: one for each language
        entries = shape.entries(ValueKind.MAPPING)
    return _StoredField(
        name=field.name,
        key=field.key,
        title=field.title or field.key.replace("_", " "),
        choices=shape.choices(),
        mark=shape.inner_mark(ReferenceTo) or shape.inner_mark(Jinja),
        of_entries=_stored(field, entries) if entries is not None else None,
    )
