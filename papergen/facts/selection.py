"""Choosing among records by conditions. Traced, a choice depends on what decides it alone (see
`facts.trace`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from papergen.engine.values import ValueMisuse
from papergen.facts.records import Record

Condition = Callable[[Any], bool]
_Result = tuple[bool, frozenset[str]]
"""Whether a condition holds, and the facts it was told by."""


def holds(thing: Record, conditions: Sequence[Condition]) -> bool:
    """Whether all conditions hold of a thing."""
    if thing.view.recorder is None:
        return all(condition(thing) for condition in conditions)
    results = _results(thing, conditions)
    _tell(thing, _deciding(results))
    return not _failing(results)


def choose(values: Any, members: Sequence[Any], conditions: Sequence[Condition]) -> list[Any]:
    """The members of which all conditions hold. `values` is what they are the members of: an
    earlier choice is narrowed.
    """
    if not members and not isinstance(values, Selection):
        return []
    first = values.candidates[0][0] if isinstance(values, Selection) else members[0]
    if not isinstance(first, Record) or first.view.recorder is None:
        for condition in conditions:
            members = [member for member in members if condition(member)]
        return list(members)
    known = (
        values.candidates if isinstance(values, Selection) else [(member, ()) for member in members]
    )
    return Selection([(member, _results(member, conditions, results)) for member, results in known])


def pick(
    things: Sequence[Record],
    conditions: Sequence[Condition],
    dated: Condition,
    best: Callable[[Sequence[Record]], Record],
) -> Record | None:
    """The best of the things of which all conditions and `dated` hold; `best` compares what `dated`
    looks at.
    """
    if not things or things[0].view.recorder is None:
        members = [
            thing
            for thing in things
            if dated(thing) and all(condition(thing) for condition in conditions)
        ]
        return best(members) if members else None
    results = {thing: _results(thing, (*conditions, dated)) for thing in things}
    members = [thing for thing in things if not _failing(results[thing])]
    found = best(members) if members else None
    for thing in things:
        failing = _failing(results[thing])
        date = results[thing][-1]
        if found is None or thing == found:
            deciding = _deciding(results[thing])
        elif not failing or failing == [date]:
            deciding = date[1]
        elif date[0] and best([other for other in things if other in (thing, found)]) == thing:
            deciding = _deciding(results[thing])
        else:
            continue
        _tell(thing, deciding)
    return found


def _results(
    thing: Record, conditions: Sequence[Condition], known: Sequence[_Result] = ()
) -> tuple[_Result, ...]:
    results = list(known)
    for condition in conditions:
        out = bool(_failing(results))
        try:
            results.append(thing.view.apart(partial(condition, thing)))
        except ValueMisuse:
            # Of a thing that is out already, nobody would have asked.
            if not out:
                raise
            results.append((False, frozenset()))
    return tuple(results)


def _failing(results: Sequence[_Result]) -> list[_Result]:
    return [result for result in results if not result[0]]


def _deciding(results: Sequence[_Result]) -> frozenset[str]:
    """The facts of which each alone could change whether all hold: all if they do, those of one
    that fails by itself.
    """
    failing = _failing(results)
    if len(failing) > 1:
        return frozenset()
    return frozenset().union(*(facts for _, facts in failing or results))


def _tell(thing: Record, facts: frozenset[str]) -> None:
    assert thing.view.recorder is not None
    thing.view.recorder.depend(facts)


class Selection(list[Any]):
    """The chosen things, in a traced draft: what decided is told when it is looked at, and only as
    far as it is looked at.
    """

    __slots__ = ("candidates",)

    def __init__(self, candidates: Sequence[tuple[Record, tuple[_Result, ...]]]) -> None:
        super().__init__(thing for thing, results in candidates if not _failing(results))
        self.candidates = candidates

    def _tell_all(self) -> None:
        for thing, results in self.candidates:
            _tell(thing, _deciding(results))

    def __iter__(self) -> Iterator[Any]:
        for thing, results in self.candidates:
            _tell(thing, _deciding(results))
            if not _failing(results):
                yield thing

    def __len__(self) -> int:
        self._tell_all()
        return super().__len__()

    def __bool__(self) -> bool:
        count = super().__len__()
        for thing, results in self.candidates:
            # One of several may go, and the choice is still not empty.
            if count == 0 or (count == 1 and not _failing(results)):
                _tell(thing, _deciding(results))
        return count > 0

    def __contains__(self, item: object) -> bool:
        for thing, results in self.candidates:
            if thing == item:
                _tell(thing, _deciding(results))
        return super().__contains__(item)

    def __getitem__(self, at: Any) -> Any:
        if isinstance(at, int) and at >= 0:
            for number, thing in enumerate(self):
                if number == at:
                    return thing
        self._tell_all()
        return super().__getitem__(at)

    def __reversed__(self) -> Iterator[Any]:
        self._tell_all()
        return super().__reversed__()

    def __add__(self, other: Any) -> Any:
        self._tell_all()
        return super().__add__(other)

    def __eq__(self, other: object) -> bool:
        self._tell_all()
        return super().__eq__(other)

    __hash__ = None


def unread(values: Any) -> Any:
    """The chosen things as a plain list, nothing told."""
    return list(list.__iter__(values)) if isinstance(values, Selection) else values
