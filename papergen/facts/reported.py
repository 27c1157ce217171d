"""Which facts a board's paper reports: those that it looked up, with the values they had.

They are in a form that outlasts the files.

A fact is known by what it is a fact of, and not by its place in a file: two papers, or two drafts
of one, can be compared even where actions were put in between. That a paper looked a fact up does
not say that it prints it: it may have counted it, or chosen its words by it. (`facts.provenance`
says what each paragraph states; it costs several times as much as the draft.)
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from operator import attrgetter
from typing import Any

from papergen.dates import PartialDate, entry_on
from papergen.facts.store import Data, Script, Target
from papergen.facts.view import MeetingView

PLAN = "plan/"
REGISTER = "bodies/"
"""What the keys of facts begin with: those of the register come first in their order."""
_KEY = attrgetter("key")


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact at the time of a draft.

    `key` is the same in every paper that reports it: “plan/children/action 1-3/due”, “bodies/body
    hwb/initials”. `label` is for people: “due date of action 1.3”. `value` is its text; None where
    it is not given.
    """

    key: str
    label: str
    value: str | None


_LookedUp = tuple[int, tuple[str, ...]]
"""The identity of a thing, and the names of its fields that were looked up."""


@dataclass(frozen=True, slots=True)
class KnownFacts:
    """What was worked out before for a program, whose boards' papers report much the same.

    `facts`: of things of its data (by their identity) and the fields that were looked up. `merged`:
    of several facts (by their identity), the one that they are together.
    """

    facts: dict[_LookedUp, tuple[Fact, ...]] = field(default_factory=dict)
    merged: dict[tuple[int, ...], Fact] = field(default_factory=dict)


def reported_facts(view: MeetingView, known: KnownFacts) -> list[Fact]:
    """The facts of the plan and the register that a view looked up, by key, each once."""
    found: list[Fact] = []
    for data, names in view.looked_up():
        key = (id(data), names)
        facts = known.facts.get(key)
        if facts is None:
            facts = _facts(view, data, names)
            known.facts[key] = facts
        found += facts
    found.sort(key=_KEY)
    keys = {fact.key for fact in found}
    if len(keys) == len(found):
        return found
    merged = []
    for _, facts_of_key in groupby(found, _KEY):
        fact = _merged(list(facts_of_key), known)
        merged.append(fact)
    return merged


def _merged(facts: Sequence[Fact], known: KnownFacts) -> Fact:
    """The facts of one key as one.

    They are facts of things without ids in a list, such as ratings, and keep the list's order.
    """
    if len(facts) == 1:
        return facts[0]
    numbers = tuple(map(id, facts))  # stay theirs, since `known.facts` keeps the facts
    fact = known.merged.get(numbers)
    if fact is None:
        given = [each.value for each in facts if each.value is not None]
        value = None
        if given:
            value = "; ".join(dict.fromkeys(given))
        fact = replace(facts[0], value=value)
        known.merged[numbers] = fact
    return fact


_TITLES = {
    ("name", "name"): "name",
    ("holder", "person"): "holder",
    ("rating", "value"): "rating",
}
"""What labels say of the thing that has a name, a holder or a rating, rather than of these."""
_INDEX = re.compile(r"\[\d+\]")


def _facts(
    view: MeetingView,
    data: Data,
    names: Sequence[str],
) -> tuple[Fact, ...]:
    """The facts that fields of a thing hold, but for those that are no facts."""
    facts = []
    for name in names:
        fact = _fact(view, data, name)
        if fact is not None:
            facts.append(fact)
    return tuple(facts)


def _fact(view: MeetingView, data: Data, name: str) -> Fact | None:
    """The fact that a field of a thing holds, if it is one.

    An id is none, nor a text of the paper, nor a list of things that have facts of their own.
    """
    name_of_root, _, _ = data.path.partition(".")
    root = f"{name_of_root}/"
    if root not in (PLAN, REGISTER) or name == "id":
        return None
    value = data.fields[name]
    items = value
    if not isinstance(value, tuple):
        items = (value,)
    if any(isinstance(item, (Data, Script)) for item in items):
        return None
    owner = _owner(data)
    if owner.kind == "scheme":
        return None  # the labels and tints of ratings are how facts are shown
    # Without the index in a list: a new entry may come before or after the old one.
    within = data.path.removeprefix(owner.path).lstrip(".")
    within = _INDEX.sub("", within)
    place = name
    if within:
        place = f"{within}.{name}"
    scope = REGISTER
    if root == PLAN:
        plan = view.store.roots["plan"]
        scope = f"{PLAN}{plan.id}/"
    return Fact(
        key=f"{scope}{owner.kind} {owner.id}/{place}",
        label=_label(view, data, owner, name),
        value=_text(view, value),
    )


def _owner(data: Data) -> Data:
    """The innermost thing with an id that this one is part of."""
    owner = data
    while not owner.id and owner.parent is not None:
        owner = owner.parent
    return owner


def _label(
    view: MeetingView,
    data: Data,
    owner: Data,
    name: str,
) -> str:
    if data.kind == "name":
        # Not by the name itself, which may be another one now.
        return f"name of {owner.kind} “{owner.id}”"
    described = _described(view, owner)
    if data.kind == "party":
        within = data.path.removeprefix(f"{owner.path}.")
        listed, _, _ = within.partition("[")
        return f"{view.store.title_of(owner.kind, listed)} of {described}"
    if owner is not data:
        title = _TITLES.get((data.kind, name))
        if title is not None:
            return f"{title} of {described}"
        part = view.record(data).describe()
        described = f"{part} of {described}"
    title = view.store.title_of(data.kind, name)
    return f"{title} of {described}"


def _described(view: MeetingView, data: Data) -> str:
    """A thing in a few words.

    A body is described by its name at the as-at date, which is the same for all boards.
    """
    names = data.fields.get("names") or ()
    entry = entry_on(view.as_at, names)
    if entry is not None:
        return str(entry.fields["name"])
    return view.record(data).describe()


def _text(view: MeetingView, value: Any) -> str | None:
    if value is None or value == ():
        return None
    return "; ".join(_texts(view, value))


def _texts(view: MeetingView, value: Any) -> Iterator[str]:
    if isinstance(value, tuple):
        for item in value:
            yield from _texts(view, item)
    elif isinstance(value, PartialDate):
        # A table of facts needs no no-break spaces.
        date = view.locale.format(value)
        yield " ".join(date.split())
    elif isinstance(value, Target):
        data = view.store.find(value)
        yield _described(view, data)
    elif isinstance(value, bool):
        yield "yes" if value else "no"
    else:
        text = str(value)
        yield " ".join(text.split())
