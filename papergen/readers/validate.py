"""Validation with places: pydantic's faults become problems in our words, each where it stands in its file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from papergen.errors import REGISTRY, Problem
from papergen.readers.document import Document, Path
from papergen.readers.near import nearest

M = TypeVar("M", bound=BaseModel)


def validate(model: type[M], document: Document) -> tuple[M | None, list[Problem]]:
    """The model of a document's value, or None and a problem for each fault of it."""
    try:
        return model.model_validate(document.value), []
    except ValidationError as fault:
        problems = [_problem(dict(found), model, document) for found in fault.errors(include_url=False)]
        return None, list(dict.fromkeys(problems))


def _problem(fault: dict[str, Any], model: type[BaseModel], document: Document) -> Problem:
    kind: str = fault["type"]
    location: tuple[str | int, ...] = fault["loc"]
    if kind == "missing":
        return _missing(location, model, document)
    if kind == "extra_forbidden":
        return _unknown(location, model, document)
    path = _path(location, document)
    where = document.location(path)
    context: Mapping[str, Any] = fault.get("ctx") or {}
    if kind in REGISTRY:
        return Problem(kind, str(context.get("message", fault["msg"])), where, str(context.get("hint", "")))
    value = fault.get("input")
    if value is None:
        return Problem("missing-field", f"nothing is written for “{_name(path)}”", where, _about(location, model) or "Write the value, or delete the field.")
    if kind in ("literal_error", "enum"):
        allowed = [word.strip(" '") for word in str(context.get("expected", "")).replace(" or ", ",").split(",")]
        near = nearest(str(value), allowed)
        listed = ", ".join(allowed)
        hint = f"Did you mean “{near}”? " if near else ""
        return Problem("wrong-value", f"“{_short(value)}” is not one of the values allowed here", where, f"{hint}Allowed: {listed}.")
    if kind in _TYPES:
        return Problem("wrong-type", f"{_TYPES[kind]} is expected here; this is {_what(value)}", where, _about(location, model))
    if kind in _RANGES:
        return Problem("wrong-value", f"“{_short(value)}” {_RANGES[kind].format(**context)}", where, _about(location, model))
    if kind == "too_short":
        return Problem("wrong-value", "at least one entry is needed here", where, _about(location, model))
    return Problem("wrong-value", f"“{_short(value)}” is not allowed here", where, _about(location, model))


_TYPES = {
    "string_type": "text",
    "list_type": "a list",
    "tuple_type": "a list",
    "dict_type": "a group of fields",
    "model_type": "a group of fields",
    "model_attributes_type": "a group of fields",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "union_tag_not_found": "another kind of value",
    "union_tag_invalid": "another kind of value",
}
_RANGES = {
    "greater_than_equal": "is too small: the smallest allowed is {ge}",
    "less_than_equal": "is too large: the largest allowed is {le}",
}


def _missing(location: Path, model: type[BaseModel], document: Document) -> Problem:
    path = _path(location[:-1], document)
    name = str(location[-1])
    where = document.key_location(path) if path in document.key_places else document.location(path)
    about = _about(location, model)
    return Problem("missing-field", f"“{name}” is missing", where, f"Add “{name}:” here" + (f": {about}" if about else "."))


def _unknown(location: Path, model: type[BaseModel], document: Document) -> Problem:
    path = _path(location, document)
    name = str(location[-1])
    known = sorted({field for candidate in _models_at(location[:-1], model) for field in _fields(candidate)})
    near = nearest(name, known)
    hint = f"Did you mean “{near}”?" if near else f"Fields that can stand here: {', '.join(known)}."
    return Problem("unknown-field", f"there is no field “{name}” here", document.key_location(path), hint)


def _path(location: Path, document: Document) -> Path:
    """The part of a fault's location that the file has: tags of unions, and fields that a shorthand leaves out, are none of it."""
    path: list[str | int] = []
    value = document.value
    for key in location:
        if isinstance(value, dict) and isinstance(key, str) and key in value:
            value = value[key]
        elif isinstance(value, list) and isinstance(key, int) and key < len(value):
            value = value[key]
        else:
            continue
        path.append(key)
    return tuple(path)


def _models_at(location: Path, model: type[BaseModel]) -> list[type[BaseModel]]:
    """The models that may stand at a location."""
    candidates: list[type[BaseModel]] = [model]
    for key in location:
        found = [candidate for candidate in candidates if key in _fields(candidate)]
        if found:
            candidates = [inner for candidate in found for inner in _models_in(_fields(candidate)[str(key)].annotation)]
    return candidates


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models_in(part)


def _fields(model: type[BaseModel]) -> dict[str, Any]:
    return {info.alias or name: info for name, info in model.model_fields.items()}


def _about(location: Path, model: type[BaseModel]) -> str:
    """What the field at a location is, as its model says."""
    for end in range(len(location), 0, -1):
        key = location[end - 1]
        for candidate in _models_at(location[: end - 1], model):
            info = _fields(candidate).get(str(key))
            if info is not None:
                return info.description or ""
    return ""


def _name(path: Path) -> str:
    return next((str(key) for key in reversed(path) if isinstance(key, str)), "the file")


def _what(value: Any) -> str:
    if isinstance(value, dict):
        return "a group of fields"
    if isinstance(value, (list, tuple)):
        return "a list"
    return f"the text “{_short(value)}”"


def _short(value: Any, width: int = 40) -> str:
    shown = " ".join(str(value).split())
    return shown if len(shown) <= width else shown[: width - 1] + "…"
