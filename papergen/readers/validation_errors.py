"""What pydantic finds wrong with a document, as problems in papergen's words, each at its place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
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
_LIMITS = {
    "greater_than": "this must be more than {gt}",
    "greater_than_equal": "this must be {ge} or more",
    "less_than": "this must be less than {lt}",
    "less_than_equal": "this must be {le} or less",
    "too_short": "{min_length} or more entries are needed here, there are {actual_length}",
    "too_long": "{max_length} entries or fewer are allowed here",
    "string_too_short": "this text must have {min_length} or more characters",
    "string_too_long": "this text must have {max_length} characters or fewer",
}
"""What to say of a limit, by the type of pydantic's error; its context fills the gaps."""

_QUOTED = re.compile(r"'([^']*)'")


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
    def name_path(self) -> Path:
        """The path of the field or key that is at fault."""
        return (*self.path, self.name)

    @property
    def expected(self) -> str:
        """The type of value that pydantic expects; empty where that is not what is wrong."""
        return _EXPECTED.get(self.kind, "")


def problems_of(
    model: type[BaseModel],
    document: SourceDocument,
    faults: ValidationError,
) -> Iterator[Problem]:
    """A problem for each fault, but for those of doubtful values."""
    shape = Shape.of(model)
    errors = errors_of(document, faults)
    reliable = [error for error in errors if not _is_doubtful(document, error)]
    for group in _without_misspelt(_reduce(reliable), shape):
        yield _problem(document, shape, group)


def errors_of(document: SourceDocument, faults: ValidationError) -> list[ModelError]:
    """The errors that pydantic found in the document's values."""
    errors = faults.errors(include_url=False)
    return [_located(document, error) for error in errors]


def _located(document: SourceDocument, error: Any) -> ModelError:
    """An error as pydantic gives it, with its place in the document's values."""
    kind, parts, name, of_key = _what_is_wrong(error)
    path: list[str | int] = []
    union = None
    member = ""
    value = document.value
    for part in parts:
        if _holds(value, part):
            value = value[part]
            path.append(part)
        elif union is None:
            # Neither a name nor an index of ours: it is pydantic's name for a member of a union.
            union = tuple(path)
            member = str(part)
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


def _what_is_wrong(error: Any) -> tuple[str, list[str | int], str, bool]:
    """The kind of an error, its place, the name at fault there, and whether that is a key."""
    kind = error["type"]
    parts = list(error["loc"])
    if parts and parts[-1] == _KEY:
        parts.pop()
        name = str(parts.pop()) if parts else ""
        return kind, parts, name, True
    if parts and kind in (_MISSING, _UNKNOWN):
        name = str(parts.pop())
        return kind, parts, name, False
    # Of a union, the fault is that of the field by which its members differ.
    if kind == "union_tag_not_found":
        return _MISSING, parts, _discriminator(error), False
    if kind == "union_tag_invalid":
        parts.append(_discriminator(error))
    return kind, parts, "", False


def _discriminator(error: Any) -> str:
    return str(error["ctx"]["discriminator"]).strip("'")


def _holds(value: Any, part: str | int) -> bool:
    """Whether a value has an entry under a key or an index."""
    if isinstance(value, dict):
        return part in value
    if not isinstance(value, list) or not isinstance(part, int):
        return False
    return 0 <= part < len(value)


def _is_doubtful(document: SourceDocument, error: ModelError) -> bool:
    path = error.path
    return any(path[: len(doubtful)] == doubtful for doubtful in document.doubtful)


# -- errors that are one fault to the reader


def _reduce(errors: Iterable[ModelError]) -> list[list[ModelError]]:
    """The errors that are reported, in groups that are one fault each.

    Of each union they are those of the member that was meant. That is the member whose errors are
    deepest, or of our own making; where none stands out, all of the union's errors are one fault.
    """
    groups: list[list[ModelError]] = []
    unions: dict[Path, dict[str, list[ModelError]]] = {}
    for error in errors:
        if error.union is None:
            groups.append([error])
        else:
            members = unions.setdefault(error.union, {})
            members.setdefault(error.member, []).append(error)
    for path, members in unions.items():
        likely = max(members.values(), key=_likeness)
        stands_out = _likeness(likely) > (len(path), False, False)
        if stands_out or len(members) == 1:
            groups += [[error] for error in likely]
        else:
            every = chain.from_iterable(members.values())
            groups.append(list(every))
    return groups


def _likeness(errors: Sequence[ModelError]) -> tuple[int, bool, bool]:
    """How much the value looks like the member of a union that these errors come from."""
    depth = 0
    is_ours = False
    right_type = False
    for error in errors:
        has_name = error.is_missing or error.is_unknown
        depth = max(depth, len(error.path) + has_name)
        is_ours |= error.ours
        right_type |= not error.expected and not _allowed(error)
    return depth, is_ours, right_type


def _without_misspelt(groups: list[list[ModelError]], shape: Shape) -> Iterator[list[ModelError]]:
    """The groups without the fields that are missing because their names are misspelt."""
    meant = set()
    for error, *_ in groups:
        if error.is_unknown:
            fields = shape.at(error.path).fields()
            meant.add((error.path, nearest(error.name, fields)))
    for group in groups:
        error = group[0]
        if not error.is_missing or (error.path, error.name) not in meant:
            yield group


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
        where = document.key_location(error.name_path)
        hint = _about(shape, error.path)
        return Problem("wrong-value", message, where, hint)
    if error.expected:
        return _wrong_type(document, shape, error.path, [error.expected])
    return _wrong_value(shape, error, document.location(error.path))


def _our_problem(document: SourceDocument, error: ModelError) -> Problem:
    """The problem that a validator of papergen's own has raised."""
    offset = error.context.get("offset")
    if error.name:
        where = document.key_location(error.name_path)
    elif isinstance(offset, int):
        where = document.location_in(error.path, offset)
    else:
        where = document.location(error.path)
    hint = str(error.context.get("hint", ""))
    return Problem(error.kind, error.message, where, hint)


def _missing(document: SourceDocument, shape: Shape, error: ModelError) -> Problem:
    message = f"“{error.name}” is not given"
    hint = f"Add `{error.name}:` here."
    about = shape.at(error.path).description(error.name)
    if about:
        hint = f"Add `{error.name}:` here: {about}"
    where = document.location(error.path)
    return Problem("missing-field", message, where, hint)


def _unknown(document: SourceDocument, shape: Shape, error: ModelError) -> Problem:
    known = list(shape.at(error.path).fields())
    hint = did_you_mean(error.name, known, CODE)
    if not hint and known:
        hint = f"Fields known here: {', '.join(known)}."
    elif not hint:
        hint = "Delete it."
    where = document.key_location(error.name_path)
    message = f"“{shorten_line(error.name)}” is not a field that belongs here"
    return Problem("unknown-field", message, where, hint)


def _wrong_type(
    document: SourceDocument,
    shape: Shape,
    path: Path,
    expected: Sequence[str],
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
    hint = _how(value, expected, about)
    return Problem("wrong-type", message, where, hint)


def _left_empty(
    path: Path,
    wanted: str,
    where: Location,
    about: str,
) -> Problem:
    names = [part for part in path if isinstance(part, str)]
    name = names[-1] if names else ""
    if not name:
        message = f"{wanted} is expected here, and there is nothing"
        return Problem("wrong-type", message, where, about)
    message = f"“{name}” is left empty"
    if isinstance(path[-1], int):
        message = f"an entry of {message}"
    hint = f"Write {wanted} here, or delete the line. {_capital(about)}"
    return Problem("missing-field", message, where, hint.rstrip())


def _how(value: Any, expected: Sequence[str], about: str) -> str:
    """What to do about a value of a wrong type. `about`: the description of the field."""
    if isinstance(value, dict) and "text" in expected and len(value) == 1:
        ((name, inner),) = value.items()
        if isinstance(inner, str) and "\n" not in inner:
            # What “- Note: the rest” is to YAML.
            whole = shorten_line(f"{name}: {inner}")
            return (
                "If this is one text, write it as a block, on lines of its own, after “|”:\n|\n  "
                f"{whole}"
            )
    how = _HOW.get(expected[0], "")
    return f"{how} {_capital(about)}".strip()


def _none_fits(document: SourceDocument, shape: Shape, errors: Sequence[ModelError]) -> Problem:
    """The problem of a value that no member of a union takes."""
    error = errors[0]
    where = document.location(error.path)
    about = _about(shape, error.path)
    allowed: list[str] = []
    for other in errors:
        allowed += _allowed(other)
    expected = [other.expected for other in errors if other.expected]
    if allowed and isinstance(error.input, str):
        # A word: it is misspelt, or where the long form belongs.
        return _not_among(where, error.input, allowed, expected, about)
    if expected:
        words = [f"the word “{value}”" for value in allowed]
        return _wrong_type(document, shape, error.path, [*expected, *words])
    return _wrong_value(shape, error, where)


def _wrong_value(shape: Shape, error: ModelError, where: Location) -> Problem:
    about = _about(shape, error.path)
    allowed = _allowed(error)
    if allowed:
        value = error.context.get("tag", error.input)
        return _not_among(where, value, allowed, [], about)
    hint = _capital(about) or "Correct it, or delete the field if it is not needed."
    if error.kind in _LIMITS:
        message = _LIMITS[error.kind].format_map(error.context)
        return Problem("wrong-value", message, where, hint)
    if error.kind in ("value_error", "assertion_error"):
        message = str(error.context.get("error") or error.message)
        return Problem("wrong-value", message, where, hint)
    message = f"{_shown(error.input)} is not allowed here"
    hint = _capital(about) or "Look at the same place in a sample."
    return Problem("wrong-value", message, where, hint)


def _not_among(
    where: Location,
    value: Any,
    allowed: Sequence[str],
    or_else: Sequence[str],
    about: str,
) -> Problem:
    """The problem of a value that is none of the words `allowed`, nor of the types `or_else`."""
    words = join_words(allowed, "or")
    choices = " or ".join([words, *dict.fromkeys(or_else)])
    message = f"{_shown(value)} is not allowed here, only {choices}"
    hint = _capital(about) or "Write one of these."
    if isinstance(value, str):
        hint = did_you_mean(value, allowed, CODE) or hint
    return Problem("wrong-value", message, where, hint)


def _allowed(error: ModelError) -> list[str]:
    """The words that pydantic allows at the place of an error."""
    expected = ""
    if error.kind in ("literal_error", "enum"):
        expected = error.context.get("expected", "")
    elif error.kind == "union_tag_invalid":
        expected = error.context.get("expected_tags", "")
    return _QUOTED.findall(str(expected))


def _about(shape: Shape, path: Path) -> str:
    """The description of the field at `path`, or of the list that it is in."""
    while path and isinstance(path[-1], int):
        path = path[:-1]
    if not path:
        return ""
    *_, name = path
    return shape.at(path[:-1]).description(str(name))


def _shown(value: Any) -> str:
    if isinstance(value, str):
        return f"“{shorten_line(value)}”"
    return _kind(value)


def _kind(value: Any) -> str:
    match value:
        case str():
            return "text"
        case list():
            return "a list"
        case dict():
            return "a group of fields"
        case _:
            return "nothing"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
