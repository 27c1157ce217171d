"""From validated models to plain data. Models are walked by their fields: one added to a model needs no line here."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

from papergen.dates import PartialDate
from papergen.facts.data import Data, Script, Store, Target

# Inside a word a straight quotation mark can only be an apostrophe: data then reads as narrative does. Nothing else is changed.
_APOSTROPHE = re.compile(r"(?<=[^\W\d_])'(?=[^\W\d_])")

Lines = Callable[[tuple[str | int, ...]], int | None]
"""The line of a value in its file, by its path there."""


def build_store(roots: Mapping[str, Any], files: Mapping[str, str], lines: Mapping[str, Lines], language: str) -> Store:
    """The data of some validated models, by root name (“plan”, “bodies”, “paper”). All references are known to be right."""
    store = Store({}, dict(files), {})
    for name, model in roots.items():
        store.roots[name] = _Builder(store, name, lines[name], language).data(model, name, (), None)
    return store


class _Builder:
    def __init__(self, store: Store, root: str, line: Lines, language: str) -> None:
        self.store = store
        self.root = root
        self.line = line
        self.language = language

    def data(self, model: Any, path: str, keys: tuple[str | int, ...], parent: Data | None) -> Data:
        kind = model.KIND or type(model).__name__.lower()
        made = Data(kind, str(getattr(model, "id", None) or ""), path, self.line(keys), parent)
        for name, info in type(model).model_fields.items():
            shown = info.alias or name
            self.store.titles.setdefault((kind, shown), info.title or shown.replace("_", " "))
            annotation = (*info.metadata, info.annotation)
            if choices := _choices(info.annotation):
                self.store.choices[kind, shown] = choices
            made.fields[shown] = self.value(getattr(model, name), annotation, f"{path}.{shown}", (*keys, shown), made)
        if made.id:
            self.store.index.setdefault(kind, {})[made.id] = made
        return made

    def value(self, value: Any, annotation: Any, path: str, keys: tuple[str | int, ...], owner: Data) -> Any:
        if value is None or isinstance(value, (int, PartialDate)):
            return value
        if isinstance(value, (tuple, list)):
            return tuple(self.value(item, annotation, f"{path}[{at}]", (*keys, at), owner) for at, item in enumerate(value))
        if isinstance(value, Mapping):
            if _is_mapping_field(annotation):
                return self.mapping(value, annotation, path, keys, owner)
            language, value = _in_language(value, self.language)
            keys = (*keys, language)
        if isinstance(value, str):
            return self.text(value, annotation, path, keys)
        return self.data(value, path, keys, owner)

    def mapping(self, value: Mapping[str, Any], annotation: Any, path: str, keys: tuple[str | int, ...], owner: Data) -> Data:
        made = Data("mapping", "", path, self.line(keys), owner)
        item_annotation = _item_annotation(annotation)
        made.fields = {
            key: self.value(item, item_annotation, f"{path}.{key}", (*keys, key), made) for key, item in value.items()
        }
        return made

    def text(self, value: str, annotation: Any, path: str, keys: tuple[str | int, ...]) -> str | Target | Script:
        mark = _mark(annotation)
        if mark is None:
            return _APOSTROPHE.sub("’", value)
        if hasattr(mark, "kind"):
            return Target(mark.kind, value)
        script = Script(len(self.store.scripts), self.root, path, keys, value, mark.narrative)
        self.store.scripts.append(script)
        return script


def _in_language(value: Mapping[str, str], language: str) -> tuple[str, str]:
    chosen = next((code for code in (language, "en") if value.get(code)), next(iter(value)))
    return chosen, value[chosen]


def _is_mapping_field(annotation: Any) -> bool:
    return any(get_origin(part) is dict for part in _parts(annotation))


def _item_annotation(annotation: Any) -> Any:
    return next(get_args(part)[1] for part in _parts(annotation) if get_origin(part) is dict)


def _choices(annotation: Any) -> tuple[str, ...]:
    """The words of a field that takes nothing but listed words; none for any other."""
    branches = get_args(annotation) if get_origin(annotation) in (Union, UnionType) else (annotation,)
    given = [branch for branch in branches if branch is not NoneType]
    return tuple(word for branch in given for word in get_args(branch)) if all(get_origin(b) is Literal for b in given) else ()


def _parts(annotation: Any) -> tuple[Any, ...]:
    return annotation if isinstance(annotation, tuple) else (annotation,)


def _mark(annotation: Any) -> Any:
    """The `Reference` or `Jinja` mark of `papergen.model.base` in an annotation, however deep; None where there is none."""
    for part in _parts(annotation):
        if type(part).__name__ in ("Reference", "Jinja"):
            return part
        found = _mark((*getattr(part, "__metadata__", ()), *get_args(part))) if get_args(part) else None
        if found is not None:
            return found
    return None
