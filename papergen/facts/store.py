"""The plan, the register of bodies and the paper as plain data: a program is pickled with it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from papergen.dates import Period
from papergen.errors import Location

_STEP = re.compile(r"\.([^.\[\]]+)|\[([0-9]+)\]")
"""One step of a path: a field's name, or an index in a list."""


@dataclass(frozen=True, slots=True)
class Target:
    """A reference to a thing of a kind by its id. The models are checked: it exists."""

    kind: str
    id: str


@dataclass(frozen=True, slots=True)
class Script:
    """A text of the paper that is compiled: the `index`-th of its store.

    `keys` is the text's place in the file of `root`. `narrative`: it is Markdown, not one line.
    """

    index: int
    root: str
    path: str
    keys: tuple[str | int, ...]
    text: str
    narrative: bool


@dataclass(slots=True, eq=False)
class Data:
    """One thing of a model: its fields by name.

    `path` is the thing's place among the data: “plan.phases[0].workstreams[2]”.
    """

    kind: str
    id: str
    path: str
    where: Location | None = None
    parent: Data | None = None
    fields: dict[str, Any] = field(default_factory=dict)

    @property
    def period(self) -> Period:
        """The period for which the thing holds, by its fields `from` and `to`."""
        start = self.fields.get("from")
        end = self.fields.get("to")
        return Period(start, end)

    def holder_of(self, path: str) -> Data:
        """The innermost thing that the value at `path` is in; this one where there is none."""
        thing = self
        at: Any = self
        below = path.removeprefix(self.path)
        for found in _STEP.finditer(below):
            name, index = found.groups()
            if name is not None and isinstance(at, Data):
                at = at.fields.get(name)
            elif index is not None and isinstance(at, tuple) and int(index) < len(at):
                at = at[int(index)]
            else:
                break
            if isinstance(at, Data) and found.end() < len(below):
                thing = at
        return thing

    def everything(self) -> Iterator[Data]:
        """All things inside this one, in the order of the file."""
        for value in self.fields.values():
            items = value
            if not isinstance(value, tuple):
                items = (value,)
            for item in items:
                if isinstance(item, Data):
                    yield item
                    yield from item.everything()


@dataclass(slots=True, eq=False)
class Store:
    """All data of one paper.

    `roots`: “plan”, “bodies”, “paper”. `files`: the name of the file that each root was read from.
    """

    roots: dict[str, Data]
    files: dict[str, str]
    titles: dict[tuple[str, str], str]
    """What a field of a kind is called in a sentence: (“action”, “owner”) → “owner”."""
    index: dict[str, dict[str, Data]] = field(default_factory=dict)
    """The things that have ids, by kind and id."""
    scripts: list[Script] = field(default_factory=list)
    choices: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    """The words that a field takes, where its model lists them, by kind and field."""
    order: tuple[str, ...] = ()
    """The ids of the paper's sections, in order."""
    appendices: dict[str, int] = field(default_factory=dict)
    """The indexes of the scripts of the appendices that papergen drafts, by id."""
    phrases: dict[str, int] = field(default_factory=dict)
    """The indexes of the scripts that papergen drafts sections with, by the section's id."""

    def find(self, target: Target) -> Data:
        things = self.index[target.kind]
        return things[target.id]

    def title_of(self, kind: str, name: str) -> str:
        """What a field is called in a sentence that names its thing: “due date”."""
        title = self.titles.get((kind, name), name)
        return title.removesuffix(f" of the {kind}")

    def place(self, root: str, where: Location | None = None) -> str:
        """A place for a hint: “plan.yaml:118”.

        Folders are left out: papers print hints, and must be the same wherever they are made.
        """
        source = self.files.get(root, root)
        if where is not None:
            source = where.source
        *_, name = re.split(r"[/\\]", source)
        if where is None or where.line is None:
            return name
        if where.cell:
            return f"{name}, row {where.line}"
        return f"{name}:{where.line}"
