"""From validated models to plain data.

Models are walked by their fields: one that is added to a model needs no line here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from papergen.dates import PartialDate, WrittenDate
from papergen.errors import Location
from papergen.facts.store import Data, Script, Store, Target
from papergen.language.words import ENGLISH
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

Keys = tuple[str | int, ...]
"""The place of a value in its file."""
Places = Callable[[Keys], Location]
"""The line and column of a value, by its place in its file."""


def build_store(
    roots: Mapping[str, Any],
    files: Mapping[str, str],
    places: Mapping[str, Places],
    language: str,
) -> Store:
    """The data of some validated models, by root name (“plan”, “bodies”, “paper”).

    All references in them must lead to things that exist.
    """
    store = Store({}, dict(files), {})
    for name, model in roots.items():
        builder = _StoreBuilder(store, name, places[name], language)
        store.roots[name] = builder.data(model, name, (), None)
    return store


def add_phrases(
    store: Store,
    phrases: Mapping[str, str],
    order: Sequence[str],
    appendices: Sequence[str],
) -> None:
    """Add the texts that sections and appendices are drafted by, by id.

    `order`: the ids of the paper's sections, in order. `appendices`: the ids of the appendices.
    """
    store.order = tuple(order)
    for id_, text in phrases.items():
        index = len(store.scripts)
        of_kind = store.appendices if id_ in appendices else store.phrases
        of_kind[id_] = index
        script = Script(
            index=index,
            root=f"phrases/{id_}",
            path=f"phrases.{id_}",
            keys=("sections", id_),
            text=text,
            narrative=True,
        )
        store.scripts.append(script)


class _StoreBuilder:
    """Puts the things of one model into the store."""

    def __init__(
        self,
        store: Store,
        root: str,
        place: Places,
        language: str,
    ) -> None:
        self.store = store
        self.root = root
        self.place = place
        self.language = language

    def data(
        self,
        model: Any,
        path: str,
        keys: Keys,
        parent: Data | None,
    ) -> Data:
        kind = model.KIND
        if not kind:
            kind = type(model).__name__.lower()
        id_ = getattr(model, "id", None)
        made = Data(
            kind=kind,
            id=str(id_ or ""),
            path=path,
            where=self.place(keys),
            parent=parent,
        )
        for field in _stored_fields(model.__class__):
            key = field.key
            self.store.titles.setdefault((kind, key), field.title)
            if field.choices:
                self.store.choices[kind, key] = field.choices
            value = getattr(model, field.name)
            made.fields[key] = self.value(
                value=value,
                field=field,
                path=f"{path}.{key}",
                keys=(*keys, key),
                owner=made,
            )
        if made.id:
            things = self.store.index.setdefault(kind, {})
            things[made.id] = made
        return made

    def value(
        self,
        value: Any,
        field: _StoredField,
        path: str,
        keys: tuple[str | int, ...],
        owner: Data,
    ) -> Any:
        if value is None or isinstance(value, (int, PartialDate)):
            return value
        if isinstance(value, WrittenDate):
            return replace(value, text=_APOSTROPHE.sub("’", value.text))
        if isinstance(value, (tuple, list)):
            items = []
            for at, item in enumerate(value):
                item_keys = (*keys, at)
                items.append(
                    self.value(
                        value=item,
                        field=field,
                        path=f"{path}[{at}]",
                        keys=item_keys,
                        owner=owner,
                    )
                )
            return tuple(items)
        if isinstance(value, Mapping):
            if field.of_entries is not None:
                return self.mapping(
                    value=value,
                    field=field.of_entries,
                    path=path,
                    keys=keys,
                    owner=owner,
                )
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
        made = Data(
            kind="mapping",
            id="",
            path=path,
            where=self.place(keys),
            parent=owner,
        )
        for key, item in value.items():
            item_path = f"{path}.{key}"
            item_keys = (*keys, key)
            made.fields[key] = self.value(
                value=item,
                field=field,
                path=item_path,
                keys=item_keys,
                owner=made,
            )
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
        script = Script(
            index=len(self.store.scripts),
            root=self.root,
            path=path,
            keys=keys,
            text=value,
            narrative=mark.narrative,
        )
        self.store.scripts.append(script)
        return script


def _in_language(texts: Mapping[str, str], language: str) -> tuple[str, str]:
    """A text in a language, else in English, else in the first it is given in; the code first."""
    for code in (language, ENGLISH):
        if texts.get(code):
            return code, texts[code]
    first = next(iter(texts))
    return first, texts[first]


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
