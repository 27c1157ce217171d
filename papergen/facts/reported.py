"""Which facts a board was told: those that its paper looked up, with the values they had, in a form
that outlasts the files.

A fact is known by what it is a fact of, and not by its place in a file: two papers, or two drafts
of one, can be compared even where actions were put in between. That a paper looked a fact up does
not say that it prints it: it may have counted it, or chosen its words by it. (`facts.trace` says
what each paragraph states; it costs several times as much as the draft.)
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter
from typing import Any

from papergen.dates import PartialDate
from papergen.facts.records import MeetingView
from papergen.facts.store import Data, Script, Target

PLAN, REGISTER = "plan/", "bodies/"
"""What the keys of facts begin with: those of the register come first in their order."""
_KEY = attrgetter("key")


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact at the time of a draft.

    `key` is the same in every paper that tells it: “plan/children/action 1-3/due”, “bodies/body
    hwb/initials”. `label` is for people: “due date of action 1.3”. `value` is its text; None where
    it is not given.
    """

    key: str
    label: str
    value: str | None


@dataclass(frozen=True, slots=True)
class KnownFacts:
    """What was worked out before for a program, whose boards are told much the same.

    `facts`: of things of its data (by their identity) and the fields that were looked up. `merged`:
    of several facts (by their identity), the one that they are together.
    """

    facts: dict[tuple[int, tuple[str, ...]], tuple[Fact, ...]] = field(default_factory=dict)
    merged: dict[tuple[int, ...], Fact] = field(default_factory=dict)


def reported_facts(view: MeetingView, known: KnownFacts) -> list[Fact]:
    """The facts of the plan and the register that were looked up in a view, each key once, in
    order.
    """
    found: list[Fact] = []
    for data, names in view.looked_up():
        try:
            found += known.facts[id(data), names]
        except KeyError:
            facts = known.facts[id(data), names] = tuple(
                filter(None, (_fact(view, data, name) for name in names))
            )
            found += facts
    found.sort(key=_KEY)
    if len({fact.key for fact in found}) < len(found):
        return [_together(list(facts), known) for _, facts in groupby(found, _KEY)]
    return found


def _together(facts: Sequence[Fact], known: KnownFacts) -> Fact:
    """Facts of one key are of things without ids in a list, such as ratings: they are told in the
    list's order.
    """
    if len(facts) == 1:
        return facts[0]
    numbers = tuple(map(id, facts))  # `known.facts` keeps them
    if numbers not in known.merged:
        values = dict.fromkeys(fact.value for fact in facts if fact.value is not None)
        known.merged[numbers] = Fact(
            facts[0].key, facts[0].label, "; ".join(values) if values else None
        )
    return known.merged[numbers]


_TITLES = {("name", "name"): "name", ("holder", "person"): "holder", ("rating", "value"): "rating"}
"""What is said of the thing that has a name, a holder or a rating, rather than of these."""
_PLACE = re.compile(r"\[\d+\]")


def _fact(view: MeetingView, data: Data, name: str) -> Fact | None:
    """None for what is no fact: an id, a text of the paper, a list of things that have facts of
    their own.
    """
    root = data.path.partition(".")[0] + "/"
    value = data.fields[name]
    if root not in (PLAN, REGISTER) or name == "id" or isinstance(value, (Data, Script)):
        return None
    if isinstance(value, tuple) and any(isinstance(item, (Data, Script)) for item in value):
        return None
    owner = data
    while not owner.id and owner.parent is not None:
        owner = owner.parent
    if owner.kind == "scheme":
        return None  # the words and tints of ratings: how facts are told
    # Without the place in a list: a new rating comes after the old one, a new name of a body before
    # or after it.
    within = _PLACE.sub("", data.path[len(owner.path) :].lstrip("."))
    place = ".".join(filter(None, (within, name)))
    scope = f"{PLAN}{view.store.roots['plan'].id}/" if root == PLAN else REGISTER
    key = f"{scope}{owner.kind} {owner.id}/{place}"
    return Fact(key, _label(view, data, owner, name), _text(view, value))


def _label(view: MeetingView, data: Data, owner: Data, name: str) -> str:
    if data.kind == "name":
        return f"name of {owner.kind} “{owner.id}”"  # and not by the name, which may be another now
    described = _described(view, owner)
    if owner is not data:
        title = _TITLES.get((data.kind, name))
        if title is not None:
            return f"{title} of {described}"
        described = f"{view.record(data).describe()} of {described}"
    title = view.store.titles.get((data.kind, name), name).removesuffix(f" of the {data.kind}")
    return f"{title} of {described}"


def _described(view: MeetingView, data: Data) -> str:
    """A thing in a few words; a body by its name at the as-at date, which is the same for all
    boards.
    """
    names = data.fields.get("names")
    if names:
        for entry in names:
            if view.as_at.is_within(entry.fields.get("from"), entry.fields.get("to")):
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
        yield " ".join(
            view.locale.format(value).split()
        )  # a table of facts needs no no-break spaces
    elif isinstance(value, Target):
        yield _described(view, view.store.find(value))
    elif isinstance(value, bool):
        yield "yes" if value else "no"
    else:
        yield " ".join(str(value).split())
