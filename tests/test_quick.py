"""The quick dataclasses do what the standard ones do, as far as they go."""

from __future__ import annotations

import copy
import pickle
from dataclasses import field
from typing import ClassVar

import pytest

from papergen.quick import dataclass, replace


@dataclass(frozen=True, slots=True, eq=True)
class Point:
    x: int
    y: int = 0
    seen: list[int] = field(default_factory=list, compare=False)
    kind: ClassVar[str] = "point"


@dataclass(slots=True)
class Named(Point):
    name: str = "no name"
    known: bool = field(init=False, default=False)


def test_fields_are_taken_in_order_and_by_name_with_their_defaults():
    point = Point(1)
    assert (point.x, point.y, point.seen, point.kind) == (1, 0, [], "point")
    assert point.seen is not Point(1).seen
    named = Named(1, 2, name="here")
    assert (named.x, named.y, named.name, named.known) == (1, 2, "here", False)
    with pytest.raises(TypeError):
        Named(1, known=True)
    with pytest.raises(TypeError):
        Point()


def test_it_shows_what_it_holds():
    assert repr(Point(1, 2, [3])) == "Point(x=1, y=2, seen=[3])"


def test_there_is_no_room_for_other_names():
    with pytest.raises(AttributeError):
        Point(1).z = 3


def test_instances_are_compared_only_where_it_is_asked_for():
    assert Point(1, 2, [3]) == Point(1, 2)
    assert hash(Point(1, 2, [3])) == hash(Point(1, 2))
    assert Point(1, 2) != Point(2, 1)
    assert Point(1) != Named(1)


def test_a_copy_may_differ_in_some_fields():
    assert replace(Point(1, 2), y=5) == Point(1, 5)
    assert replace(Named(1, name="here"), x=2).name == "here"


def test_instances_can_be_pickled_and_copied():
    assert pickle.loads(pickle.dumps(Point(1, 2))) == copy.deepcopy(Point(1, 2)) == Point(1, 2)
