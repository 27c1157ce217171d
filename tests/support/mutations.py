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
from typing import Any

from pydantic import BaseModel

from papergen.dates import PartialDate
from papergen.readers.annotations import ReferenceTo, Shape, ValueKind, fields_of

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
    shape: Shape
    text: str
    removable: bool


def leaves(root: str, model: type[BaseModel], value: Any) -> list[Leaf]:
    """All leaves of a file's values, in the order of the file."""
    return list(_leaves(root, (), root, Shape.of(model), value, removable=False))


def _leaves(
    root: str, keys: Keys, path: str, shape: Shape, value: Any, *, removable: bool
) -> Iterator[Leaf]:
    if isinstance(value, Mapping):
        fields = fields_of(shape.nested_models()[0])
        for key, item in value.items():
            if key == "name" and "names" in fields:
                name = f"{path}.names[0].name"
                yield Leaf(root, (*keys, key), name, Shape.of(str), item, removable=False)
            elif key != "id":
                field = fields[key]
                yield from _leaves(
                    root,
                    (*keys, key),
                    f"{path}.{key}",
                    field.shape,
                    item,
                    removable=not field.is_required,
                )
    elif isinstance(value, list):
        for at, item in enumerate(value):
            yield from _leaves(root, (*keys, at), f"{path}[{at}]", shape, item, removable=False)
    else:
        yield Leaf(root, keys, path, shape, value, removable)


def others(leaf: Leaf, leaves: Sequence[Leaf], days: Sequence[PartialDate]) -> Iterator[Any]:
    """Other values of a leaf. `days`: those that dates are compared with."""
    if leaf.removable:
        yield REMOVED
    types = [each for shape in leaf.shape.nested() for each in shape.types]
    kinds = {each.kind for each in types}
    reference = leaf.shape.inner_mark(ReferenceTo)
    words = next((each.words for each in types if each.words), None)
    if reference is not None:
        yield f"spare-{reference.kind}"
    elif words is not None:
        yield from (word for word in words if word != leaf.text)
    elif ValueKind.TRUTH in kinds:
        yield "false" if leaf.text == "true" else "true"
    elif ValueKind.DATE in kinds:
        own = PartialDate.parse(leaf.text)
        found = dict.fromkeys(day.isoformat() for day in _dates(own, days))
        yield from (day for day in found if day != leaf.text)
    elif ValueKind.NUMBER in kinds:
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
