"""Which facts a board was told: those that its paper looked up, with the values they had, in a form that outlasts the files.

A fact is known by what it is a fact of, and not by its place in a file: two papers, or two drafts of one, can be compared even
where actions were put in between. That a paper looked a fact up does not say that it prints it: it may have counted it, or
chosen its words by it. (`facts.trace` says what each paragraph states; it costs several times as much as the draft.)
"""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from operator import attrgetter
from typing import Any

from papergen.dates import PartialDate
from papergen.facts.data import Data, Script, Target
from papergen.facts.records import World
from papergen.quick import dataclass

PLAN, REGISTER = "plan/", "bodies/"
"""What the keys of facts begin with: those of the register come first in their order."""
_KEY = attrgetter("key")


@dataclass(frozen=True, slots=True, eq=True)
class Fact:
    """A fact at the time of a draft.

    `key` is the same in every paper that tells it: “plan/children/action 1-3/due”, “bodies/body hwb/initials”. `label` is for
    people: “due date of action 1.3”. `value` is its text; None where it is not given.
    """

    key: str
    label: str
    value: str | None


Known = MutableMapping[tuple[int, tuple[str, ...]], tuple[Fact, ...]]
"""What was worked out before for things of a program's data (by their identity), and the fields that were looked up."""


def told(world: World, known: Known) -> list[Fact]:
    """The facts of the plan and the register that were looked up in a world, by key.

    `known` keeps what was worked out for a program: its boards are told much the same.
    """
    found: list[Fact] = []
    for data, names in world.looked_up():
        try:
            found += known[id(data), names]
        except KeyError:
            facts = known[id(data), names] = tuple(filter(None, (_fact(world, data, name) for name in names)))
            found += facts
    found.sort(key=_KEY)
    return found


def _fact(world: World, data: Data, name: str) -> Fact | None:
    """None for what is no fact: an id, a text of the paper, a list of things that have facts of their own."""
    root = data.path.partition(".")[0] + "/"
    value = data.fields[name]
    if root not in (PLAN, REGISTER) or name == "id" or isinstance(value, (Data, Script)):
        return None
    if isinstance(value, tuple) and any(isinstance(item, (Data, Script)) for item in value):
        return None
    owner = data
    while not owner.id and owner.parent is not None:
        owner = owner.parent
    within = data.path[len(owner.path) :].lstrip(".")
    place = ".".join(filter(None, (within, name)))
    scope = f"{PLAN}{world.store.roots['plan'].id}/" if root == PLAN else REGISTER
    if owner.kind == "scheme":
        return None  # the words and tints of ratings: how facts are told
    title = world.store.titles.get((data.kind, name), name).removesuffix(f" of the {data.kind}")
    label = f"{title} of {world.record(data).describe()}"
    if owner is not data:
        label += f" of {world.record(owner).describe()}"
    return Fact(f"{scope}{owner.kind} {owner.id}/{place}", label, _text(world, value))


def _text(world: World, value: Any) -> str | None:
    if value is None or value == ():
        return None
    return "; ".join(_texts(world, value))


def _texts(world: World, value: Any) -> Iterator[str]:
    if isinstance(value, tuple):
        for item in value:
            yield from _texts(world, item)
    elif isinstance(value, PartialDate):
        yield " ".join(world.locale.format(value).split())  # a table of facts needs no no-break spaces
    elif isinstance(value, Target):
        yield world.find(value.kind, value.id).describe()
    elif isinstance(value, bool):
        yield "yes" if value else "no"
    else:
        yield " ".join(str(value).split())
