"""A Document as a model: what pydantic finds wrong, said in our words, each at its own place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ValidationError

from papergen.errors import REGISTRY, Location, Problem
from papergen.readers.document import Path, SourceDocument
from papergen.text import nearest

if TYPE_CHECKING:
    from papergen.readers.annotations import Shape

M = TypeVar("M", bound=BaseModel)

_MISSING = "missing"
_UNKNOWN = "extra_forbidden"
_KEY = "[key]"

# What pydantic expected, by the type of its error.
_EXPECTED = {
    "string_type": "text",
    "list_type": "a list",
    "tuple_type": "a list",
    "set_type": "a list",
    "frozen_set_type": "a list",
    "iterable_type": "a list",
    "dict_type": "a group of fields",
    "mapping_type": "a group of fields",
    "model_type": "a group of fields",
    "model_attributes_type": "a group of fields",
    "dataclass_type": "a group of fields",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "decimal_type": "a number",
    "decimal_parsing": "a number",
    "finite_number": "a number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "none_required": "nothing",
    "date_type": "a date",
    "date_parsing": "a date",
    "date_from_datetime_parsing": "a date",
}
_HOW = {
    "text": "Write the text after the colon.",
    "a list": "Write each entry on a line of its own that begins with “- ”.",
    "a group of fields": (
        "Write fields here, each on a line of its own: its name, a colon and its value, indented."
    ),
    "a whole number": "Write digits only: 3.",
    "a number": "Write digits only, with a point where there are decimals: 2.5.",
    "true or false": "Write true or false.",
    "a date": "Write it as 2012-11-08.",
}


def validate(model: type[M], document: SourceDocument) -> tuple[M | None, list[Problem]]:
    """The model of the document's values; or None and all that is wrong, each at its place.

    A `PydanticCustomError` whose type is a message code of `papergen.errors.REGISTRY` gives a
    problem of that code, with the `hint` of its context; with an `offset` (into the text) it is
    located at that character. Of values that are doubtful nothing is told: the model may be None
    without a problem.
    """
    lost = _swallowed(model, document) if document.comments else []
    try:
        value = model.model_validate(document.value)
        return (None, lost) if lost else (value, [])
    except ValidationError as faults:
        from papergen.readers.annotations import Shape

        shape = Shape.of(model)
        found = [as_found(document, error) for error in faults.errors(include_url=False)]
        sure = [
            error
            for error in found
            if not any(error.path[: len(path)] == path for path in document.doubtful)
        ]
        problems = [
            _problem(document, shape, choice) for choice in _without_misspelt(_reduce(sure), shape)
        ] + lost
        return None, sorted(
            dict.fromkeys(problems), key=lambda p: p.where.sort_key() if p.where else ("", 0, 0, "")
        )


def _swallowed(model: type[BaseModel], document: SourceDocument) -> list[Problem]:
    """A problem for each text with a comment behind it: what was most likely meant to be part of it
    would be lost.
    """
    from papergen.readers.annotations import Shape

    shape = Shape.of(model)
    problems = []
    for path, (start, end) in document.comments.items():
        value = document.text[start:end]
        if path not in document.doubtful and shape.is_free_text(path, value):
            from papergen.readers.diagnosis import swallowed

            problems.append(swallowed(document.text, document.source, start, end))
    return problems


@dataclass(frozen=True, slots=True)
class Found:
    """An error of pydantic's. `path` is where in the values it is; `union` the path of the union it
    comes from, if it does.
    """

    kind: str
    path: Path
    name: str
    """The field that is missing or unknown, or the key that is wrong."""
    union: Path | None
    member: str
    message: str
    context: Mapping[str, Any]
    input: Any

    of_key: bool = False
    """Whether it is a key that is wrong."""

    @property
    def ours(self) -> bool:
        return self.kind in REGISTRY

    @property
    def is_unknown(self) -> bool:
        return self.kind == _UNKNOWN


def as_found(document: SourceDocument, error: Any) -> Found:
    """An error of pydantic's, with its place in the document's values."""
    kind, loc = error["type"], list(error["loc"])
    name = ""
    of_key = bool(loc) and loc[-1] == _KEY
    if of_key:
        loc.pop()
        name = str(loc.pop()) if loc else ""
    elif loc and kind in (_MISSING, _UNKNOWN):
        name = str(loc.pop())
    elif kind in ("union_tag_invalid", "union_tag_not_found"):
        # The fault is with the field that tells the members of the union apart.
        by = str(error["ctx"]["discriminator"]).strip("'")
        if kind == "union_tag_not_found":
            kind, name = _MISSING, by
        else:
            loc.append(by)
    path: list[str | int] = []
    union, member = None, ""
    value = document.value
    for part in loc:
        if _holds(value, part):
            value = value[part]
            path.append(part)
        elif union is None:
            # Not a name or index of ours, so pydantic's name for a member of a union.
            union, member = tuple(path), str(part)
    return Found(
        kind,
        tuple(path),
        name,
        union,
        member,
        error["msg"],
        error.get("ctx") or {},
        error.get("input"),
        of_key,
    )


def _holds(value: Any, part: str | int) -> bool:
    if isinstance(value, dict):
        return part in value
    return isinstance(value, list) and isinstance(part, int) and -1 < part < len(value)


def _reduce(found: Iterable[Found]) -> list[list[Found]]:
    """Errors that are one fault to the reader: of a union, those of the member that was meant.

    That is the member whose errors are deepest, or of our own making; where none stands out, all of
    them together.
    """
    alone: list[list[Found]] = []
    unions: dict[Path, dict[str, list[Found]]] = {}
    for error in found:
        if error.union is None:
            alone.append([error])
        else:
            unions.setdefault(error.union, {}).setdefault(error.member, []).append(error)
    for at, members in unions.items():
        best = max(map(_likeness, members.values()))
        likely = [errors for errors in members.values() if _likeness(errors) == best]
        if best > (len(at), False, False) or len(members) == 1:
            alone.extend([error] for error in likely[0])
        else:
            alone.append([error for errors in members.values() for error in errors])
    return alone


def _likeness(errors: Sequence[Found]) -> tuple[int, bool, bool]:
    """How much the value looks like the member of a union that these errors come from."""
    depth = max(len(error.path) + (error.kind in (_MISSING, _UNKNOWN)) for error in errors)
    right_type = any(error.kind not in _EXPECTED and not _allowed(error) for error in errors)
    return depth, any(error.ours for error in errors), right_type


def _without_misspelt(choices: Iterable[list[Found]], shape: Shape) -> list[list[Found]]:
    """A field that is missing because its name is misspelt is one fault, and told of where it
    stands.
    """
    choices = list(choices)
    meant = {
        (error.path, nearest(error.name, shape.at(error.path).names()))
        for error, *_ in choices
        if error.kind == _UNKNOWN
    }
    return [
        choice
        for choice in choices
        if choice[0].kind != _MISSING or (choice[0].path, choice[0].name) not in meant
    ]


def _problem(document: SourceDocument, shape: Shape, errors: Sequence[Found]) -> Problem:
    error = errors[0]
    where = document.location(error.path)
    if len(errors) > 1:
        # No member of a union takes the value.
        return _none_fits(document, shape, errors)
    if error.ours:
        offset = error.context.get("offset")
        if error.name:
            where = document.key_location((*error.path, error.name))
        elif isinstance(offset, int):
            where = document.location_in(error.path, offset)
        return Problem(error.kind, error.message, where, str(error.context.get("hint", "")))
    if error.kind == _MISSING:
        return _missing(document, shape, error)
    if error.kind == _UNKNOWN:
        return _unknown(document, shape, error)
    if error.name:
        message = f"“{_shorten(error.name)}” is not allowed as a name here"
        return Problem(
            "wrong-value",
            message,
            document.key_location((*error.path, error.name)),
            _about(shape, error.path),
        )
    if error.kind in _EXPECTED:
        return _wrong_type(document, shape, error.path, [_EXPECTED[error.kind]])
    return _wrong_value(shape, error, where)


def _missing(document: SourceDocument, shape: Shape, error: Found) -> Problem:
    about = shape.at(error.path).description(error.name)
    hint = f"Add `{error.name}:` here: {about}" if about else f"Add `{error.name}:` here."
    return Problem(
        "missing-field", f"“{error.name}” is not given", document.location(error.path), hint
    )


def _unknown(document: SourceDocument, shape: Shape, error: Found) -> Problem:
    known = shape.at(error.path).names()
    guess = nearest(error.name, known)
    if guess:
        hint = f"Did you mean `{guess}`?"
    elif known:
        hint = f"Fields known here: {', '.join(known)}."
    else:
        hint = "Delete it."
    where = document.key_location((*error.path, error.name))
    return Problem(
        "unknown-field", f"“{_shorten(error.name)}” is not a field that belongs here", where, hint
    )


def _wrong_type(
    document: SourceDocument, shape: Shape, path: Path, expected: Sequence[str]
) -> Problem:
    try:
        value = document.at(path)
    except (LookupError, TypeError):
        value = None
    where = document.location(path)
    about = _about(shape, path)
    wanted = " or ".join(dict.fromkeys(expected))
    if value is None:
        name = next((part for part in reversed(path) if isinstance(part, str)), "")
        if not path or not name:
            return Problem(
                "wrong-type", f"{wanted} is expected here, and there is nothing", where, about
            )
        what = (
            f"“{name}” is left empty"
            if isinstance(path[-1], str)
            else f"an entry of “{name}” is left empty"
        )
        hint = f"Write {wanted} here, or delete the line." + (
            f" {_capital(about)}" if about else ""
        )
        return Problem("missing-field", what, where, hint)
    return Problem(
        "wrong-type",
        f"{wanted} is expected here, this is {_kind(value)}",
        where,
        _how(value, expected, about),
    )


def _how(value: Any, expected: Sequence[str], about: str) -> str:
    if isinstance(value, dict) and "text" in expected and len(value) == 1:
        name, inner = next(iter(value.items()))
        if isinstance(inner, str) and "\n" not in inner:
            # What “- Note: the rest” is to YAML.
            whole = _shorten(f"{name}: {inner}")
            return (
                "If this is one text, write it as a block, on lines of its own, after “|”:\n|\n  "
                f"{whole}"
            )
    return " ".join(part for part in (_HOW.get(expected[0], ""), _capital(about)) if part)


def _none_fits(document: SourceDocument, shape: Shape, errors: Sequence[Found]) -> Problem:
    """No member of a union takes the value."""
    error = errors[0]
    allowed = [value for other in errors for value in _allowed(other)]
    expected = [_EXPECTED[other.kind] for other in errors if other.kind in _EXPECTED]
    if allowed and isinstance(error.input, str):
        # A word was written: it may be a misspelling of one that is allowed, or stand where the
        # long form belongs.
        return _not_among(
            document.location(error.path), error.input, allowed, expected, _about(shape, error.path)
        )
    if expected:
        words = [f"the word “{value}”" for value in allowed]
        return _wrong_type(document, shape, error.path, [*expected, *words])
    return _wrong_value(shape, error, document.location(error.path))


def _wrong_value(shape: Shape, error: Found, where: Location) -> Problem:
    about = _about(shape, error.path)
    allowed = _allowed(error)
    if allowed:
        return _not_among(where, error.context.get("tag", error.input), allowed, [], about)
    limit = _LIMITS.get(error.kind)
    if limit:
        hint = _capital(about) or "Correct it, or delete the field if it is not needed."
        return Problem("wrong-value", limit(error.context), where, hint)
    if error.kind in ("value_error", "assertion_error"):
        hint = _capital(about) or "Correct it, or delete the field if it is not needed."
        return Problem("wrong-value", str(error.context.get("error") or error.message), where, hint)
    shown = f"“{_shorten(error.input)}”" if isinstance(error.input, str) else _kind(error.input)
    hint = _capital(about) or "Look at the same place in a sample."
    return Problem("wrong-value", f"{shown} is not allowed here", where, hint)


def _not_among(
    where: Location, value: Any, allowed: Sequence[str], or_else: Sequence[str], about: str
) -> Problem:
    shown = f"“{_shorten(value)}”" if isinstance(value, str) else _kind(value)
    listed = " or ".join([*(", ".join(allowed).rsplit(", ", 1)), *dict.fromkeys(or_else)])
    guess = nearest(value, allowed) if isinstance(value, str) else None
    hint = f"Did you mean `{guess}`?" if guess else _capital(about) or "Write one of these."
    return Problem("wrong-value", f"{shown} is not allowed here, only {listed}", where, hint)


def _allowed(error: Found) -> list[str]:
    if error.kind in ("literal_error", "enum"):
        return re.findall(r"'([^']*)'", str(error.context.get("expected", "")))
    if error.kind == "union_tag_invalid":
        return re.findall(r"'([^']*)'", str(error.context.get("expected_tags", "")))
    return []


_LIMITS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "greater_than": lambda c: f"this must be more than {c['gt']}",
    "greater_than_equal": lambda c: f"this must be {c['ge']} or more",
    "less_than": lambda c: f"this must be less than {c['lt']}",
    "less_than_equal": lambda c: f"this must be {c['le']} or less",
    "too_short": lambda c: (
        f"{c['min_length']} or more entries are needed here, there are {c['actual_length']}"
    ),
    "too_long": lambda c: f"{c['max_length']} entries or fewer are allowed here",
    "string_too_short": lambda c: f"this text must have {c['min_length']} or more characters",
    "string_too_long": lambda c: f"this text must have {c['max_length']} characters or fewer",
}


def _about(shape: Shape, path: Path) -> str:
    """What the field at `path`, or the list it is in, is described as."""
    while path and isinstance(path[-1], int):
        path = path[:-1]
    return shape.at(path[:-1]).description(str(path[-1])) if path else ""


def _kind(value: Any) -> str:
    if isinstance(value, str):
        return "text"
    if isinstance(value, list):
        return "a list"
    return "a group of fields" if isinstance(value, dict) else "nothing"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _shorten(text: str, width: int = 60) -> str:
    text = " ".join(text.split())
    return text if len(text) <= width else text[: width - 1] + "…"
