"""What pydantic finds wrong with a document, as problems in papergen's words, each at its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError

from papergen.errors import REGISTRY, Location, Problem
from papergen.readers.annotations import Shape
from papergen.readers.document import Path, SourceDocument
from papergen.text import CODE, did_you_mean, join_words, nearest, shorten_line

_MISSING = "missing"
_UNKNOWN = "extra_forbidden"
_KEY = "[key]"

# What pydantic expects, by the type of its error.
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


@dataclass(frozen=True, slots=True)
class ModelError:
    """An error of pydantic's, with its place in the document's values.

    `name` is the field that is missing or unknown, or the key that is wrong (`of_key`). `union` is
    the path of the union that the error comes from, `member` pydantic's name for its member; None
    and empty where there is no union.
    """

    kind: str
    path: Path
    name: str
    of_key: bool
    union: Path | None
    member: str
    message: str
    context: Mapping[str, Any]
    input: Any

    @property
    def ours(self) -> bool:
        return self.kind in REGISTRY

    @property
    def is_unknown(self) -> bool:
        return self.kind == _UNKNOWN

    @property
    def is_missing(self) -> bool:
        return self.kind == _MISSING

    @property
    def expected(self) -> str:
        """The type of value that pydantic expects; empty where that is not what is wrong."""
        return _EXPECTED.get(self.kind, "")


def problems_of(
    model: type[BaseModel], document: SourceDocument, faults: ValidationError
) -> Iterator[Problem]:
    """A problem for each fault, but for those of doubtful values."""
    shape = Shape.of(model)
    reliable = [error for error in errors_of(document, faults) if not _is_doubtful(document, error)]
    for errors in _without_misspelt(_reduce(reliable), shape):
        yield _problem(document, shape, errors)


def errors_of(document: SourceDocument, faults: ValidationError) -> list[ModelError]:
    """The errors that pydantic found in the document's values."""
    return [_located(document, error) for error in faults.errors(include_url=False)]


def _located(document: SourceDocument, error: Any) -> ModelError:
    kind, loc = error["type"], list(error["loc"])
    name = ""
    of_key = bool(loc) and loc[-1] == _KEY
    if of_key:
        loc.pop()
        name = str(loc.pop()) if loc else ""
    elif loc and kind in (_MISSING, _UNKNOWN):
        name = str(loc.pop())
    elif kind in ("union_tag_invalid", "union_tag_not_found"):
        # The fault is that of the field by which the members of the union differ.
        discriminator = str(error["ctx"]["discriminator"]).strip("'")
        if kind == "union_tag_not_found":
            kind, name = _MISSING, discriminator
        else:
            loc.append(discriminator)
    path: list[str | int] = []
    union, member = None, ""
    value = document.value
    for part in loc:
        if _holds(value, part):
            value = value[part]
            path.append(part)
        elif union is None:
            # Neither a name nor an index of ours: it is pydantic's name for a member of a union.
            union, member = tuple(path), str(part)
    return ModelError(
        kind=kind,
        path=tuple(path),
        name=name,
        of_key=of_key,
        union=union,
        member=member,
        message=error["msg"],
        context=error.get("ctx") or {},
        input=error.get("input"),
    )


def _holds(value: Any, part: str | int) -> bool:
    if isinstance(value, dict):
        return part in value
    return isinstance(value, list) and isinstance(part, int) and -1 < part < len(value)


def _is_doubtful(document: SourceDocument, error: ModelError) -> bool:
    return any(error.path[: len(path)] == path for path in document.doubtful)


# -- errors that are one fault to the reader


def _reduce(errors: Iterable[ModelError]) -> list[list[ModelError]]:
    """The errors, of each union those of the member that was meant.

    That is the member whose errors are deepest, or of our own making; where none stands out, all
    of the union's errors are one fault.
    """
    alone: list[list[ModelError]] = []
    unions: dict[Path, dict[str, list[ModelError]]] = {}
    for error in errors:
        if error.union is None:
            alone.append([error])
        else:
            unions.setdefault(error.union, {}).setdefault(error.member, []).append(error)
    for path, members in unions.items():
        best = max(map(_likeness, members.values()))
        likely = next(errors for errors in members.values() if _likeness(errors) == best)
        if best > (len(path), False, False) or len(members) == 1:
            alone += ([error] for error in likely)
        else:
            alone.append([error for errors in members.values() for error in errors])
    return alone


def _likeness(errors: Sequence[ModelError]) -> tuple[int, bool, bool]:
    """How much the value looks like the member of a union that these errors come from."""
    depth = max(len(error.path) + (error.is_missing or error.is_unknown) for error in errors)
    of_ours = any(error.ours for error in errors)
    right_type = any(not error.expected and not _allowed(error) for error in errors)
    return depth, of_ours, right_type


def _without_misspelt(faults: list[list[ModelError]], shape: Shape) -> list[list[ModelError]]:
    """The faults without the fields that are missing because their names are misspelt."""
    meant = {
        (error.path, nearest(error.name, shape.at(error.path).fields()))
        for error, *_ in faults
        if error.is_unknown
    }
    return [
        errors
        for errors in faults
        if not errors[0].is_missing or (errors[0].path, errors[0].name) not in meant
    ]


# -- a fault in words


def _problem(document: SourceDocument, shape: Shape, errors: Sequence[ModelError]) -> Problem:
    error = errors[0]
    if len(errors) > 1:
        return _none_fits(document, shape, errors)
    if error.ours:
        return _our_problem(document, error)
    if error.is_missing:
        return _missing(document, shape, error)
    if error.is_unknown:
        return _unknown(document, shape, error)
    if error.name:
        message = f"“{shorten_line(error.name)}” is not allowed as a name here"
        where = document.key_location((*error.path, error.name))
        return Problem("wrong-value", message, where, _about(shape, error.path))
    if error.expected:
        return _wrong_type(document, shape, error.path, [error.expected])
    return _wrong_value(shape, error, document.location(error.path))


def _our_problem(document: SourceDocument, error: ModelError) -> Problem:
    """The problem that a validator of papergen's own has raised."""
    offset = error.context.get("offset")
    if error.name:
        where = document.key_location((*error.path, error.name))
    elif isinstance(offset, int):
        where = document.location_in(error.path, offset)
    else:
        where = document.location(error.path)
    return Problem(error.kind, error.message, where, str(error.context.get("hint", "")))


def _missing(document: SourceDocument, shape: Shape, error: ModelError) -> Problem:
    about = shape.at(error.path).description(error.name)
    hint = f"Add `{error.name}:` here: {about}" if about else f"Add `{error.name}:` here."
    message = f"“{error.name}” is not given"
    return Problem("missing-field", message, document.location(error.path), hint)


def _unknown(document: SourceDocument, shape: Shape, error: ModelError) -> Problem:
    known = list(shape.at(error.path).fields())
    hint = did_you_mean(error.name, known, CODE)
    if not hint:
        hint = f"Fields known here: {', '.join(known)}." if known else "Delete it."
    where = document.key_location((*error.path, error.name))
    message = f"“{shorten_line(error.name)}” is not a field that belongs here"
    return Problem("unknown-field", message, where, hint)


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
        return _left_empty(path, wanted, where, about)
    message = f"{wanted} is expected here, this is {_kind(value)}"
    return Problem("wrong-type", message, where, _how(value, expected, about))


def _left_empty(path: Path, wanted: str, where: Location, about: str) -> Problem:
    name = next((part for part in reversed(path) if isinstance(part, str)), "")
    if not name:
        message = f"{wanted} is expected here, and there is nothing"
        return Problem("wrong-type", message, where, about)
    message = f"“{name}” is left empty"
    if isinstance(path[-1], int):
        message = f"an entry of {message}"
    hint = f"Write {wanted} here, or delete the line. {_capital(about)}".rstrip()
    return Problem("missing-field", message, where, hint)


def _how(value: Any, expected: Sequence[str], about: str) -> str:
    if isinstance(value, dict) and "text" in expected and len(value) == 1:
        name, inner = next(iter(value.items()))
        if isinstance(inner, str) and "\n" not in inner:
            # What “- Note: the rest” is to YAML.
            whole = shorten_line(f"{name}: {inner}")
            return (
                "If this is one text, write it as a block, on lines of its own, after “|”:\n|\n  "
                f"{whole}"
            )
    return f"{_HOW.get(expected[0], '')} {_capital(about)}".strip()


def _none_fits(document: SourceDocument, shape: Shape, errors: Sequence[ModelError]) -> Problem:
    """The problem of a value that no member of a union takes."""
    error = errors[0]
    where = document.location(error.path)
    allowed = [value for other in errors for value in _allowed(other)]
    expected = [other.expected for other in errors if other.expected]
    if allowed and isinstance(error.input, str):
        # A word: it is misspelt, or where the long form belongs.
        return _not_among(where, error.input, allowed, expected, _about(shape, error.path))
    if expected:
        words = [f"the word “{value}”" for value in allowed]
        return _wrong_type(document, shape, error.path, [*expected, *words])
    return _wrong_value(shape, error, where)


def _wrong_value(shape: Shape, error: ModelError, where: Location) -> Problem:
    about = _about(shape, error.path)
    allowed = _allowed(error)
    if allowed:
        return _not_among(where, error.context.get("tag", error.input), allowed, [], about)
    correct = _capital(about) or "Correct it, or delete the field if it is not needed."
    limit = _LIMITS.get(error.kind)
    if limit:
        return Problem("wrong-value", limit(error.context), where, correct)
    if error.kind in ("value_error", "assertion_error"):
        message = str(error.context.get("error") or error.message)
        return Problem("wrong-value", message, where, correct)
    hint = _capital(about) or "Look at the same place in a sample."
    return Problem("wrong-value", f"{_shown(error.input)} is not allowed here", where, hint)


def _not_among(
    where: Location, value: Any, allowed: Sequence[str], or_else: Sequence[str], about: str
) -> Problem:
    """The problem of a value that is none of the words `allowed`, nor of the types `or_else`."""
    choices = " or ".join([join_words(allowed, "or"), *dict.fromkeys(or_else)])
    near = did_you_mean(value, allowed, CODE) if isinstance(value, str) else ""
    hint = near or _capital(about) or "Write one of these."
    message = f"{_shown(value)} is not allowed here, only {choices}"
    return Problem("wrong-value", message, where, hint)


def _allowed(error: ModelError) -> list[str]:
    """The words that pydantic allows at the place of an error."""
    if error.kind in ("literal_error", "enum"):
        return re.findall(r"'([^']*)'", str(error.context.get("expected", "")))
    if error.kind == "union_tag_invalid":
        return re.findall(r"'([^']*)'", str(error.context.get("expected_tags", "")))
    return []


def _about(shape: Shape, path: Path) -> str:
    """The description of the field at `path`, or of the list that it is in."""
    while path and isinstance(path[-1], int):
        path = path[:-1]
    return shape.at(path[:-1]).description(str(path[-1])) if path else ""


def _shown(value: Any) -> str:
    return f"“{shorten_line(value)}”" if isinstance(value, str) else _kind(value)


def _kind(value: Any) -> str:
    if isinstance(value, str):
        return "text"
    if isinstance(value, list):
        return "a list"
    return "a group of fields" if isinstance(value, dict) else "nothing"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
