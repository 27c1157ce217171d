"""Plan, bodies and paper as plain data: what a program holds of them, and what it is pickled
with.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from papergen.errors import Location


@dataclass(frozen=True, slots=True)
class Target:
    """A reference to a thing of a kind, by its id. All are known to lead somewhere: the models are
    checked before.
    """

    kind: str
    id: str


@dataclass(frozen=True, slots=True)
class Script:
    """A text of the paper that is compiled: the `index`-th of its store. `keys` is where it stands
    in the file of `root`.
    """

    index: int
    root: str
    path: str
    keys: tuple[str | int, ...]
    text: str
    narrative: bool


@dataclass(slots=True, eq=False)
class Data:
    """One thing of a model: its fields by name. `path` is where it stands:
    “plan.phases[0].workstreams[2]”.
    """

    kind: str
    id: str
    path: str
    where: Location | None = None
    parent: Data | None = None
    fields: dict[str, Any] = field(default_factory=dict)

    def everything(self) -> Iterator[Data]:
        """All things inside this one, in the order of the file."""
        for value in self.fields.values():
            for item in value if isinstance(value, tuple) else (value,):
                if isinstance(item, Data):
                    yield item
                    yield from item.everything()


@dataclass(slots=True, eq=False)
class Store:
    """All data of one paper. `roots`: “plan”, “bodies”, “paper”. `files`: the file each root was
    read from.
    """

    roots: dict[str, Data]
    files: dict[str, str]
    titles: dict[tuple[str, str], str]
    """What a field of a kind is called in a sentence: (“action”, “owner”) → “owner”."""
    index: dict[str, dict[str, Data]] = field(default_factory=dict)
    scripts: list[Script] = field(default_factory=list)
    choices: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    """The words that a field takes, where its model lists them, by kind and field."""
    order: tuple[str, ...] = ()
    """The ids of the paper's sections, in order."""
    appendices: dict[str, int] = field(default_factory=dict)
    """The scripts of the appendices that papergen drafts, as indexes, by id."""
    phrases: dict[str, int] = field(default_factory=dict)
    """The scripts that sections are drafted by, as indexes, by the id of the section."""

    def place(self, root: str, where: Location | None = None) -> str:
        """A place for a hint: “plan.yaml:118”. Without folders: papers print hints, and are the
        same wherever made.
        """
        name = re.split(r"[/\\]", where.source if where else self.files.get(root, root))[-1]
        if where is None or where.line is None:
            return name
        return f"{name}, row {where.line}" if where.cell else f"{name}:{where.line}"

    def find(self, target: Target) -> Data:
        return self.index[target.kind][target.id]
