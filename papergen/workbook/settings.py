"""The officer's answers on how a list is to be read, as the `actions:` group of plan.yaml has them.

They are the model `ActionsFrom` as plain values: names are looked up without regard to case and
spaces.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from papergen.dates import PartialDate
from papergen.model.action_list import ActionsFrom

AS_WRITTEN = "as-written"
"""The answer that a name or a date prints as the list has it."""

NOT_USED = "none"
"""In place of a heading: that no column is for the field."""


@dataclass(frozen=True, slots=True)
class ListSettings:
    """How a list is to be read. What is empty or None is not answered."""

    sheets: tuple[str, ...] = ()
    heading_row: int | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    """By field (`text`, `due`, …) the heading of its column or its letters; or `NOT_USED`."""
    statuses: Mapping[str, str] = field(default_factory=dict)
    """By a word of the list, a status of the model, `open` or `not-due`."""
    ratings: Mapping[str, str] = field(default_factory=dict)
    """By a word of the list, a code of the scheme, `unrated`, `complete` or `not-due`."""
    owners: Mapping[str, str] = field(default_factory=dict)
    """By a name of the list, the id of a post, body or person; or `AS_WRITTEN`."""
    due_dates: Mapping[str, PartialDate | str] = field(default_factory=dict)
    """By a due date of the list, as `plain` has it, the date it means; or `AS_WRITTEN`."""
    settle: Mapping[str, str] = field(default_factory=dict)
    """By reference (or “row 12”) of an action, as `plain` has it, its status, or `open`, `not-due`
    or `not-known`.
    """
    rows: Mapping[str, str] = field(default_factory=dict)
    """By number of a row (“12”; “Live!12” where several sheets are read), what it is: `action`,
    `title` or `skip`.
    """
    hidden_rows: str | None = None
    """`skip` or `read`."""
    hidden_columns: str | None = None
    """`skip` or `read`."""
    hidden_sheets: str | None = None
    """`skip` or `read`."""
    struck_through: str | None = None
    """`cancelled`, `read` or `skip`."""
    blank_workstreams: str | None = None
    """What an empty cell for the workstream is: that of the row `above`, or `none`."""
    dates: str | None = None
    """`day-first` or `month-first`."""
    full_mark: str | None = None
    """What a “1” in a column of percentages is: `whole` (100 %), `percent` (1 %) or
    `not-known`.
    """


def settings_of(group: ActionsFrom) -> ListSettings:
    """The answers of the `actions:` group of a plan."""
    answers = group.answers()
    for name in ("settle", "due_dates"):
        answers[name] = {plain(key): value for key, value in answers[name].items()}
    return ListSettings(**answers)


def plain(text: str) -> str:
    """A word as it is looked up: small letters, single spaces, no full stop at its end."""
    return " ".join(text.casefold().split()).strip(" .!*")
