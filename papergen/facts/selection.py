"""Choosing among records by conditions.

In a traced draft, a choice depends on those facts alone that decide it (see `facts.provenance`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from papergen.engine.values import ValueMisuse
from papergen.facts.records import Record

Condition = Callable[[Any], bool]
_Result = tuple[bool, frozenset[str]]
"""Whether a condition holds, and the facts that it read."""
_Candidate = tuple[Any, tuple[_Result, ...]]
"""A thing that may be chosen, and the results of the conditions for it so far."""


def holds(thing: Record, conditions: Sequence[Condition]) -> bool:
    """Whether all conditions hold of a thing."""
    if thing.view.recorder is None:
        return all(condition(thing) for condition in conditions)
    results = _results(thing, conditions)
    _record_facts(thing, _deciding(results))
    return not _failing(results)


def choose(
    values: Any,
    members: Sequence[Any],
    conditions: Sequence[Condition],
) -> list[Any]:
    """The members of which all conditions hold.

    `values` is the value that the members were taken from: where it is an earlier choice, that
    choice is narrowed.
    """
    candidates: Sequence[_Candidate]
    if isinstance(values, Selection):
        candidates = values.candidates
    else:
        candidates = [(member, ()) for member in members]
    if not candidates:
        return []
    first, _ = candidates[0]
    if not isinstance(first, Record) or first.view.recorder is None:
        for condition in conditions:
            members = [member for member in members if condition(member)]
        return list(members)
    narrowed = []
    for member, known in candidates:
        results = _results(member, conditions, known)
        narrowed.append((member, results))
    return Selection(narrowed)


def pick(
    things: Sequence[Record],
    conditions: Sequence[Condition],
    dated: Condition,
    best: Callable[[Sequence[Record]], Record],
) -> Record | None:
    """The best of the things of which all conditions and `dated` hold; None if there is none.

    `best` compares the date that `dated` judges.
    """
    all_conditions = (*conditions, dated)
    if not things or things[0].view.recorder is None:
        members = [thing for thing in things if dated(thing)]
        for condition in conditions:
            members = [thing for thing in members if condition(thing)]
        if not members:
            return None
        return best(members)
    results = {thing: _results(thing, all_conditions) for thing in things}
    members = [thing for thing in things if not _failing(results[thing])]
    found = None
    if members:
        found = best(members)
    for thing in things:
        facts = _deciding_pick(
            thing=thing,
            results=results[thing],
            found=found,
            things=things,
            best=best,
        )
        _record_facts(thing, facts)
    return found


def _deciding_pick(
    thing: Record,
    results: Sequence[_Result],
    found: Record | None,
    things: Sequence[Record],
    best: Callable[[Sequence[Record]], Record],
) -> frozenset[str]:
    """The facts of a thing of which each alone could change which thing is picked; `found` is."""
    if found is None or thing == found:
        return _deciding(results)
    date_holds, date_facts = results[-1]
    failing = _failing(results)
    fails_by_date_alone = failing == [results[-1]]
    if not failing or fails_by_date_alone:
        return date_facts
    if not date_holds:
        return frozenset()
    # The other conditions matter only where the thing's date is better than that of the one found.
    both = [each for each in things if each in (thing, found)]
    if best(both) != thing:
        return frozenset()
    return _deciding(results)


def _results(
    thing: Record,
    conditions: Sequence[Condition],
    known: Sequence[_Result] = (),
) -> tuple[_Result, ...]:
    """The results of the conditions, after those that are `known` already."""
    results = list(known)
    for condition in conditions:
        excluded = bool(_failing(results))
        try:
            result = thing.view.apart(partial(condition, thing))
        except ValueMisuse:
            # An untraced draft would not have asked this of a thing that is excluded already.
            if not excluded:
                raise
            result = (False, frozenset())
        results.append(result)
    return tuple(results)


def _failing(results: Sequence[_Result]) -> list[_Result]:
    return [result for result in results if not result[0]]


def _deciding(results: Sequence[_Result]) -> frozenset[str]:
    """The facts of which each alone could change whether all conditions hold.

    These are all facts where they do hold, and those of a condition that fails by itself.
    """
    failing = _failing(results)
    if len(failing) > 1:
        return frozenset()
    deciding = failing or results
    facts_of_each = [facts for _, facts in deciding]
    return frozenset().union(*facts_of_each)


def _record_facts(thing: Record, facts: frozenset[str]) -> None:
    assert thing.view.recorder is not None
    thing.view.recorder.depend(facts)


class Selection(list[Any]):
    """The chosen things, in a traced draft.

    What decided is recorded when the list is used, and only for the things that are looked at.
    """

    __slots__ = ("candidates",)

    def __init__(self, candidates: Sequence[_Candidate]) -> None:
        chosen = [thing for thing, results in candidates if not _failing(results)]
        super().__init__(chosen)
        self.candidates = candidates

    def _record_all(self) -> None:
        for thing, results in self.candidates:
            _record_facts(thing, _deciding(results))

    def __iter__(self) -> Iterator[Any]:
        for thing, results in self.candidates:
            _record_facts(thing, _deciding(results))
            if not _failing(results):
                yield thing

    def __len__(self) -> int:
        self._record_all()
        return super().__len__()

    def __bool__(self) -> bool:
        count = super().__len__()
        for thing, results in self.candidates:
            # Of several things one can go, and the choice is still not empty.
            is_the_only_one = count == 1 and not _failing(results)
            if count == 0 or is_the_only_one:
                _record_facts(thing, _deciding(results))
        return count > 0

    def __contains__(self, item: object) -> bool:
        for thing, results in self.candidates:
            if thing == item:
                _record_facts(thing, _deciding(results))
        return super().__contains__(item)

    def __getitem__(self, at: Any) -> Any:
        if isinstance(at, int) and at >= 0:
            for number, thing in enumerate(self):
                if number == at:
                    return thing
        self._record_all()
        return super().__getitem__(at)

    def __reversed__(self) -> Iterator[Any]:
        self._record_all()
        return super().__reversed__()

    def __add__(self, other: Any) -> Any:
        self._record_all()
        return super().__add__(other)

    def __eq__(self, other: object) -> bool:
        self._record_all()
        return super().__eq__(other)

    __hash__ = None


def unread(values: Any) -> Any:
    """The chosen things as a plain list, without recording anything."""
    if not isinstance(values, Selection):
        return values
    return list(list.__iter__(values))
