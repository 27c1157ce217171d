"""Every fact of a plan and a register, and other values that each of them could have.

A leaf is a scalar of a file's values, by the path that a program knows it by: `name: X` of a body
is `names[0].name`. Ids are no facts: to change one is to rename a thing wherever a paper speaks of
it. An entry of a list is changed, not taken away.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel

from papergen.dates import PartialDate
from papergen.model.base import ReferenceTo

Keys = tuple[str | int, ...]
REMOVED = object()
"""Instead of another value: the field is not given."""

# Things that no paper mentions: what a reference is changed to.
SPARES: Mapping[str, Mapping[str, Sequence[Mapping[str, str]]]] = {
    "bodies": {
        "bodies": [{"id": "spare-body", "name": "Spare Body"}],
        "posts": [{"id": "spare-post", "title": "Spare Post"}],
        "people": [{"id": "spare-person", "name": "Spare Person"}],
        "rag_schemes": [{"id": "spare-scheme", "values": [{"code": "red", "label": "Spare"}]}],
    },
    "plan": {
        "milestones": [{"id": "spare-milestone", "title": "spare milestone", "due": "2014-05-06"}],
        "phases": [
            {"id": "spare-phase", "number": "99", "workstreams": [{"id": "spare-workstream"}]}
        ],
    },
}


@dataclass(frozen=True)
class Leaf:
    """A scalar: where it stands in its file, what programs call it, and what its field may hold."""

    root: str
    keys: Keys
    path: str
    annotation: Any
    text: str
    removable: bool


def leaves(root: str, model: type[BaseModel], value: Any) -> list[Leaf]:
    """All leaves of a file's values, in the order of the file."""
    return list(_leaves(root, (), root, model, value, removable=False))


def _leaves(
    root: str, keys: Keys, path: str, annotation: Any, value: Any, *, removable: bool
) -> Iterator[Leaf]:
    if isinstance(value, Mapping):
        fields = {
            info.alias or name: info for name, info in _model_in(annotation).model_fields.items()
        }
        for key, item in value.items():
            if key == "name" and "names" in fields:
                yield Leaf(root, (*keys, key), f"{path}.names[0].name", str, item, removable=False)
            elif key != "id":
                info = fields[key]
                about = (info.annotation, *info.metadata)
                yield from _leaves(
                    root,
                    (*keys, key),
                    f"{path}.{key}",
                    about,
                    item,
                    removable=not info.is_required(),
                )
    elif isinstance(value, list):
        for at, item in enumerate(value):
            yield from _leaves(
                root, (*keys, at), f"{path}[{at}]", annotation, item, removable=False
            )
    else:
        yield Leaf(root, keys, path, annotation, value, removable)


def others(leaf: Leaf, leaves: Sequence[Leaf], days: Sequence[PartialDate]) -> Iterator[Any]:
    """Other values of a leaf. `days`: those that dates are compared with."""
    if leaf.removable:
        yield REMOVED
    reference = next(
        (mark for mark in _parts(leaf.annotation) if isinstance(mark, ReferenceTo)), None
    )
    words = next(
        (get_args(part) for part in _parts(leaf.annotation) if get_origin(part) is Literal), None
    )
    if reference is not None:
        yield f"spare-{reference.kind}"
    elif words is not None:
        yield from (word for word in words if word != leaf.text)
    elif bool in _parts(leaf.annotation):
        yield "false" if leaf.text == "true" else "true"
    elif PartialDate in _parts(leaf.annotation):
        own = PartialDate.parse(leaf.text)
        found = dict.fromkeys(day.isoformat() for day in _dates(own, days))
        yield from (day for day in found if day != leaf.text)
    elif int in _parts(leaf.annotation):
        yield from (
            str(number) for number in (int(leaf.text) + 1, int(leaf.text) - 1, int(leaf.text) + 30)
        )
    else:
        yield "quite another"
        yield f"{leaf.text} indeed"
        field = leaf.keys[-1]
        same = (
            other.text for other in leaves if other.keys[-1] == field and other.root == leaf.root
        )
        yield from dict.fromkeys(text for text in same if field == "grade" and text != leaf.text)


def changed(value: Any, keys: Keys, other: Any) -> Any:
    """A copy of a file's values in which one leaf is another."""
    made = copy.copy(value)
    if len(keys) > 1:
        made[keys[0]] = changed(value[keys[0]], keys[1:], other)
    elif other is REMOVED:
        del made[keys[0]]
    else:
        made[keys[0]] = other
    return made


def with_spares(root: str, value: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a file, and besides things that nothing mentions."""
    return {
        **value,
        **{name: [*value.get(name, []), *things] for name, things in SPARES[root].items()},
    }


def _dates(own: PartialDate, days: Sequence[PartialDate]) -> Iterator[PartialDate]:
    first = own.first
    exact = [
        *(first + timedelta(days=number) for number in (1, -1, 31, -31, 366, -366)),
        *(other.first + timedelta(days=number) for other in days for number in (0, 1)),
        date(1901, 5, 6),
        date(2999, 5, 6),
    ]
    for day in exact:
        yield _at_precision(PartialDate.of(day), own)
    # The same date, told less exactly or more.
    yield PartialDate(own.year)
    yield PartialDate(own.year, first.month)
    yield PartialDate.of(own.first)


def _at_precision(day: PartialDate, like: PartialDate) -> PartialDate:
    return PartialDate(day.year, day.month if like.month else None, day.day if like.day else None)


def _model_in(annotation: Any) -> type[BaseModel]:
    return next(
        part
        for part in _parts(annotation)
        if isinstance(part, type) and issubclass(part, BaseModel)
    )


def _parts(annotation: Any) -> Iterator[Any]:
    """An annotation and all it is made of, with the marks it carries."""
    if isinstance(annotation, tuple):
        for part in annotation:
            yield from _parts(part)
        return
    yield annotation
    for part in (*get_args(annotation), *getattr(annotation, "__metadata__", ())):
        yield from _parts(part)
