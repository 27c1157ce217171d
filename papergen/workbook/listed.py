"""The actions of a list, as read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from papergen.errors import Location, Problem
from papergen.workbook.reading import Reading

TEXT_FIELDS = ("text", "comment", "evidence")
"""The fields whose texts may run over several lines."""


@dataclass(frozen=True, slots=True)
class NamedParty:
    """One of those that a cell of owners names.

    `kind` is “post”, “body” or “person”, and `name` its id; or `kind` is “name”, and `name` is what
    the cell has.
    """

    kind: str
    name: str


@dataclass(slots=True, eq=False)
class ListedAction:
    """One action of a list.

    `row` counts from 1; in a CSV file it is the line on which the record starts. `row_name` is what
    answers call it: “12”, or “Live!12”. `fields` has what is given by the names of
    `heading_names.FIELDS`: texts, dates as `PartialDate` or `WrittenDate`, `share` in
    per cent, `status` and `rating` as the model has them, and `not_due` and `unsettled` (why the
    status is not settled). `places` has the cell of each value.
    """

    sheet: str
    row: int
    row_name: str
    fields: dict[str, Any] = field(default_factory=dict)
    places: dict[str, Location] = field(default_factory=dict)
    owners: tuple[NamedParty, ...] = ()
    responsible: tuple[NamedParty, ...] = ()
    shares_reference: bool = False
    """Whether its reference is in a cell that is merged with one above."""


@dataclass(frozen=True, slots=True)
class ListedActions:
    """The actions of a list, how it was read, and the faults of its cells."""

    actions: tuple[ListedAction, ...]
    reading: Reading
    problems: tuple[Problem, ...] = ()
