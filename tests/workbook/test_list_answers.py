"""The answers that a reading proposes settle it: with them in plan.yaml, the list leaves nothing open.

The lists are those of `tests/cases/actions/lists.txt`, those thought of by hand in
`tests/support/nasty_lists.py`, and some that `tests/support/list_generator.py` makes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import pytest
from list_cases import REGISTER, case_of
from list_generator import make_list
from list_parts import MadeList
from nasty_places import COLUMNS, FINDING
from nasty_statuses import STATUSES
from nasty_values import VALUES
from places import CASES
from pydantic import ValidationError

from papergen.dates import PartialDate
from papergen.errors import PapergenError
from papergen.model.action_list import ActionsFrom
from papergen.model.rating import RagScheme
from papergen.readers import read
from papergen.workbook.answers import answers_yaml
from papergen.workbook.read_list import read_action_list
from papergen.workbook.reading import Certainty, Reading
from papergen.workbook.settings import ListSettings, settings_of

HEAD, *BLOCKS = (CASES / "actions" / "lists.txt").read_text(encoding="utf-8").split("\n=== ")
SOURCES = {
    title: rest.partition("\n---\n")[0]
    for title, _, rest in (block.partition("\n") for block in BLOCKS)
}
NASTY = {nasty.title: nasty for nasty in (*FINDING, *COLUMNS, *VALUES, *STATUSES)}
GENERATED = range(200)
ROUNDS = 3
"""How often answers are pasted: some bring questions that could not be asked before."""
ASKED_LATER = {
    "no-status": "whether an action is late is asked once a column is read as the due date",
    "rating-without-meaning": "what a rating says is asked once the plan has a scheme",
    "unknown-rating": "what a scheme lacks is asked once the plan has a scheme",
    "day-or-month": "how dates are to be read is asked of a column that is read",
    "month-first": "how dates are to be read is asked of a column that is read",
    "day-or-year": "how dates are to be read is asked of a column that is read",
    "no-such-date": "which date is meant is asked of a column that is read",
    "struck-text": "what is struck through is asked of a column that is read",
    "not-due-but-past": "whether an action is late is asked once its due date is read",
}
"""The kinds of questions that only an answer brings, and why."""


@dataclass
class Asked:
    """A list with the answers that it was given, one by one."""

    data: bytes
    name: str
    as_at: PartialDate
    settings: ListSettings
    scheme: RagScheme | None
    register: Mapping[str, Any] | None
    group: dict[str, Any] = field(default_factory=dict)

    def reading(self) -> Reading:
        return read_action_list(
            self.data,
            self.name,
            as_at=self.as_at,
            settings=self.settings,
            register=self.register,
            scheme=self.scheme,
        ).reading

    def answer(self, reading: Reading) -> None:
        """Take the answers that a reading proposes, as if they were pasted into plan.yaml."""
        values = read(answers_yaml(reading, "list.xlsx", self.group).encode(), "plan.yaml").value
        self.group = values["actions"]
        self.settings = settings_of(ActionsFrom.model_validate(self.group))
        if "rag_scheme" in values:
            schemes = read(reading.register.encode(), "bodies.yaml").value["rag_schemes"]
            (scheme,) = [one for one in schemes if one["id"] == values["rag_scheme"]]
            self.scheme = RagScheme.model_validate(scheme)


def case(source: str) -> Asked:
    """A list of lists.txt, with the `actions:` group that it is read by."""
    made = case_of(source)
    lines = [line[6:] for line in source.split("\n") if line.startswith("@plan ")]
    group = read("\n".join(["file: list.xlsx", *lines]).encode(), "plan.yaml").value
    return Asked(made.data, made.name, made.as_at, made.settings, made.scheme, REGISTER, group)


def generated(made: MadeList) -> Asked | None:
    """A generated list; None for one that is read by answers, of which no group is at hand."""
    settings = made.settings or ListSettings()
    if settings != ListSettings():
        return None
    scheme = RagScheme.model_validate(made.scheme) if made.scheme is not None else None
    return Asked(made.data, made.name, made.as_at, settings, scheme, made.register)


def codes(reading: Reading) -> set[str]:
    return {entry.kind.code for entry in reading.of(Certainty.QUESTION)}


def left_open(asked: Asked) -> set[str]:
    """What is still asked once all that is proposed is answered, and what is asked of a sudden."""
    try:
        reading = asked.reading()
    except PapergenError:
        return set()
    found: set[str] = set()
    known = codes(reading)
    for _ in range(ROUNDS):
        if not codes(reading):
            break
        asked.answer(reading)
        reading = asked.reading()
        found |= {
            f"asked of a sudden: {code}" for code in codes(reading) - known - set(ASKED_LATER)
        }
        known |= codes(reading)
    return found | codes(reading)


def outcome(asked: Asked) -> set[str]:
    """The same; and what is wrong with the answers where the reader refuses them."""
    try:
        return left_open(asked)
    except (ValidationError, PapergenError) as refused:
        return {f"refused: {str(refused).splitlines()[0]} {asked.group}"}


@pytest.mark.parametrize("title", SOURCES)
def test_the_answers_settle_a_list(title: str) -> None:
    assert left_open(case(SOURCES[title])) == set()


@pytest.mark.parametrize("title", NASTY)
def test_the_answers_settle_a_nasty_list(title: str) -> None:
    asked = generated(NASTY[title].make())
    if asked is not None:
        assert not left_open(asked)


@cache
def of_generated() -> dict[int, set[str]]:
    """What generated lists leave open, by number."""
    found = {}
    for number in GENERATED:
        asked = generated(make_list(number))
        if asked is not None:
            found[number] = outcome(asked)
    return found


def test_the_answers_settle_generated_lists() -> None:
    wrong = {number: open_ for number, open_ in of_generated().items() if open_}
    assert wrong == {}


def test_most_kinds_of_lists_leave_something_open() -> None:
    asking = [title for title, source in SOURCES.items() if is_asking(case(source))]
    assert len(asking) >= 30


def is_asking(asked: Asked) -> bool:
    try:
        return bool(codes(asked.reading()))
    except PapergenError:
        return False
