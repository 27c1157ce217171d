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

Keys = tuple[str | int, ...]
"""The place of a value in its file."""
Places = Callable[[Keys], Location]
"""The line and column of a value, by its place in its file."""


def build_store(
    roots: Mapping[str, Any], files: Mapping[str, str], places: Mapping[str, Places], language: str
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
    store: Store, phrases: Mapping[str, str], order: Sequence[str], appendices: Sequence[str]
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

    def __init__(self, store: Store, root: str, place: Places, language: str) -> None:
        self.store = store
        self.root = root
        self.place = place
        self.language = language

    def data(self, model: Any, path: str, keys: Keys, parent: Data | None) -> Data:
        kind = model.KIND or type(model).__name__.lower()
        id_ = str(getattr(model, "id", None) or "")
        made = Data(kind, id_, path, self.place(keys), parent)
        for field in _fields(model.__class__):
            shown = field.shown
            self.store.titles.setdefault((kind, shown), field.title)
            if field.choices:
                self.store.choices[kind, shown] = field.choices
            given = getattr(model, field.name)
            inner_path = f"{path}.{shown}"
            inner_keys = (*keys, shown)
            made.fields[shown] = self.value(given, field, inner_path, inner_keys, made)
        if id_:
            self.store.index.setdefault(kind, {})[id_] = made
        return made

    def value(self, value: Any, field: _Field, path: str, keys: Keys, owner: Data) -> Any:
        if value is None or isinstance(value, (int, PartialDate)):
            return value
        if isinstance(value, (tuple, list)):
            items = []
            for at, item in enumerate(value):
                item_keys = (*keys, at)
                items.append(self.value(item, field, f"{path}[{at}]", item_keys, owner))
            return tuple(items)
        if isinstance(value, Mapping):
            if field.of_items is not None:
                return self.mapping(value, field.of_items, path, keys, owner)
            language, value = _in_language(value, self.language)
            keys = (*keys, language)
        if isinstance(value, str):
            return self.text(value, field.mark, path, keys)
        return self.data(value, path, keys, owner)

    def mapping(
        self, value: Mapping[str, Any], of_items: _Field, path: str, keys: Keys, owner: Data
    ) -> Data:
        made = Data("mapping", "", path, self.place(keys), owner)
        for key, item in value.items():
            item_path = f"{path}.{key}"
            item_keys = (*keys, key)
            made.fields[key] = self.value(item, of_items, item_path, item_keys, made)
        return made

    def text(self, value: str, mark: Any, path: str, keys: Keys) -> str | Target | Script | None:
        """A text as data: a reference, a script to be compiled, or words. None for a narrative that
        papergen is to draft.
        """
        if mark is None:
            return _APOSTROPHE.sub("’", value)
        if getattr(mark, "narrative", False) and value == AUTO:
            return None
        if hasattr(mark, "kind"):
            return Target(mark.kind, value)
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
class _Field:
    """What a field's definition says.

    `name` is that of the attribute, `shown` that in files. `mark`: see `_mark`. `of_items`: the
    definition of the values, where the field is a mapping.
    """

    name: str
    shown: str
    title: str
    choices: tuple[str, ...]
    mark: Any
    of_items: _Field | None


@cache
def _fields(model: Any) -> tuple[_Field, ...]:
    fields = []
    for name, info in model.model_fields.items():
        if not info.exclude:
            shown = info.alias or name
            fields.append(_field(name, shown, info.title, info.annotation, info.metadata))
    return tuple(fields)


def _field(
    name: str, shown: str, title: str | None, annotation: Any, metadata: Sequence[Any]
) -> _Field:
    parts = (*metadata, annotation)
    of_items = None
    for part in parts:
        if get_origin(part) is dict:
            _, items = get_args(part)
            of_items = _field(name, shown, title, items, ())
            break
    return _Field(
        name=name,
        shown=shown,
        title=title or shown.replace("_", " "),
        choices=_choices(annotation),
        mark=_mark(parts),
        of_items=of_items,
    )


def _choices(annotation: Any) -> tuple[str, ...]:
    """The words of a field that takes nothing but listed words; none for any other."""
    branches: tuple[Any, ...] = (annotation,)
    if get_origin(annotation) in (Union, UnionType):
        branches = get_args(annotation)
    words: list[str] = []
    for branch in branches:
        if branch is NoneType:
            continue
        if get_origin(branch) is not Literal:
            return ()
        words += get_args(branch)
    return tuple(words)


def _mark(parts: Sequence[Any]) -> Any:
    """The `ReferenceTo` or `Jinja` mark of `papergen.model.base` in annotations, however deep; None
    where there is none.
    """
    for part in parts:
        if type(part).__name__ in ("ReferenceTo", "Jinja"):
            return part
        mark = _mark_within(part)
        if mark is not None:
            return mark
    return None


def _mark_within(part: Any) -> Any:
    if id(part) not in _MARKS:
        mark = None
        inner = get_args(part)
        if inner:
            metadata = getattr(part, "__metadata__", ())
            mark = _mark((*metadata, *inner))
        _MARKS[id(part)] = (part, mark)
    _, mark = _MARKS[id(part)]
    return mark


_MARKS: dict[int, tuple[Any, Any]] = {}
"""The marks within annotations by the annotation's identity, which it keeps as long as it is kept
here.
"""
