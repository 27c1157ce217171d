"""Kinds, not cases: lists made from known plans read back to these plans, or to a question or a
fault that names the cell. No difference is silent.

`tests/support/list_generator.py` makes the lists: every layout with every way to say what is done,
and by chance a family of dates, a way to write headings, a file format, and a defect. 400 of them
are read here, 2,400 with `--full -m slow`. What is compared, and what is not allowed whatever is
asked, is said in `tests/support/list_check.py`; its `facts_of` is the one function that knows the
values of the reader. `tests/support/nasty_lists.py` has lists that were thought of by hand.

A difference is shown with the list's number and choices. To see the list:

    cd tests/support && PYTHONPATH=../.. python -m list_generator NUMBER FOLDER

With `PAPERGEN_LIST_DUMP=FOLDER` every list that fails is written there.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from list_check import Listed, differences, differences_of_refusal, places_of
from list_generator import described, make_list, pair_of, write_out
from list_layouts import LAYOUTS
from list_parts import FACTS, Ask, MadeList, Page, Wanted, WantedAction
from list_statuses import ENCODINGS
from nasty_lists import NastyList
from nasty_places import COLUMNS, FINDING
from nasty_statuses import STATUSES
from nasty_values import VALUES

from papergen.errors import Location, PapergenError, Problem
from papergen.workbook.reading import Certainty, Entry, FindingKind, ReadColumn, Reading, ReadSheet
from papergen.workbook.sheets import cell_location, column_letters

NASTY = [*FINDING, *COLUMNS, *VALUES, *STATUSES]
CHUNK = 50
SHORT, LONG = 400, 2400


def read(made: MadeList) -> Listed:
    """The list as the reader reads it. Raises a PapergenError where no list is found."""
    from papergen.model.rating import RagScheme
    from papergen.workbook.read_list import read_action_list

    scheme = RagScheme.model_validate(made.scheme) if made.scheme is not None else None
    listed: Listed = read_action_list(
        made.data,
        made.name,
        as_at=made.as_at,
        settings=made.settings,
        register=made.register,
        scheme=scheme,
    )
    return listed


def differences_read(made: MadeList) -> list[str]:
    try:
        listed = read(made)
    except PapergenError as refused:
        return differences_of_refusal(made, refused.problems)
    return differences(made, listed)


def failure(made: MadeList, found: list[str]) -> str:
    folder = os.environ.get("PAPERGEN_LIST_DUMP")
    if folder:
        write_out(made, Path(folder))
    return "\n".join([f"{made.name}:", *found[:12], described(made)])


def check_lists(numbers: range) -> None:
    failed = {}
    for number in numbers:
        made = make_list(number)
        found = differences_read(made)
        if found:
            failed[number] = failure(made, found)
    shown = "\n\n".join(list(failed.values())[:3])
    assert not failed, f"{len(failed)} of {len(numbers)} lists: {list(failed)}\n{shown}"


@pytest.mark.parametrize("start", range(0, SHORT, CHUNK))
def test_generated_lists_read_back_to_their_plans(start: int) -> None:
    check_lists(range(start, start + CHUNK))


@pytest.mark.slow
@pytest.mark.parametrize("start", range(SHORT, LONG, CHUNK))
def test_two_thousand_more_lists_read_back_to_their_plans(start: int) -> None:
    check_lists(range(start, start + CHUNK))


@pytest.mark.slow
@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.integers(LONG, 10**6))
def test_any_other_generated_list_reads_back_to_its_plan(number: int) -> None:
    made = make_list(number)
    found = differences_read(made)
    assert not found, failure(made, found)


@pytest.mark.parametrize("nasty", NASTY, ids=lambda nasty: nasty.title)
def test_a_nasty_list_is_read_as_is_right_or_asked_about(nasty: NastyList) -> None:
    made = nasty.make()
    found = differences_read(made)
    assert not found, failure(made, found)


def test_there_are_as_many_nasty_lists_as_there_were() -> None:
    assert len(NASTY) >= 60


# -- the generator and the check themselves


def test_every_layout_comes_with_every_way_to_say_what_is_done() -> None:
    pairs = set(map(pair_of, range(LONG)))
    assert len(pairs) == len(LAYOUTS) * len(ENCODINGS)


def test_a_number_always_makes_the_same_list() -> None:
    for number in (3, 77, 1234):
        first, second = make_list(number), make_list(number)
        assert described(first) == described(second)
        if first.is_csv:
            assert first.data == second.data


@dataclass(frozen=True, slots=True)
class RightAction:
    """An action as a reader gives it that makes no mistake."""

    sheet: str
    row: int
    fields: dict[str, Any]


@dataclass(frozen=True, slots=True)
class RightListed:
    reading: Reading
    actions: tuple[RightAction, ...]
    problems: tuple[Problem, ...] = ()


def rightly_read(made: MadeList) -> RightListed:
    """What a reader gives that reads all as it is wanted, and asks what must be asked."""
    places = places_of(made)
    actions, entries, sheets = [], [], []
    for page in made.pages:
        name = "" if made.is_csv else page.sheet
        count = 0
        for row, action in page.actions.items():
            line = made.lines[row] if made.is_csv else row
            if action.presence in ("yes", "may"):
                actions.append(RightAction(name, line, _right_fields(action)))
                count += 1
            if action.presence == "no":
                entries.append(_entry(made, (name, line, 1), Certainty.NOTE))
            for wanted in action.wanted.values():
                if wanted.ask in (Ask.MUST, Ask.SAID):
                    level = Certainty.QUESTION if wanted.ask is Ask.MUST else Certainty.NOTE
                    put = next(put for put in wanted.cells if id(put) in places)
                    entries.append(_entry(made, places[id(put)][0], level))
        sheets.append(_read_sheet(made, page, name, count))
    asked = [places[id(group[0])][0] for group in made.must_ask]
    entries += [_entry(made, place, Certainty.QUESTION) for place in asked]
    entries += [_entry(made, places[id(put)][0], Certainty.NOTE) for put in made.must_say]
    entries += [_entry(made, (sheet, 1, 1), Certainty.NOTE) for sheet in made.sheets_said]
    return RightListed(Reading(made.name, tuple(sheets), tuple(entries)), tuple(actions))


def _right_fields(action: WantedAction) -> dict[str, Any]:
    fields: dict[str, Any] = {"unsettled": action.is_unsettled}
    for name in FACTS:
        wanted = action.wanted.get(name, Wanted((None,)))
        fields[name] = (wanted.values or wanted.quiet)[0]
    last = action.wanted.get("last", Wanted((None,))).values[0]
    fields["due_last"] = last.isoformat() if last is not None else None
    if fields["revised_due"] is not None and last is not None:
        fields["revised_due"] = last.isoformat()
    fields["not_due"] = action.status == "not-due"
    if action.status == "complete" and fields["status"] is None and action.is_open is False:
        fields["unsettled"] = True
    return fields


def _entry(made: MadeList, place: tuple[str, int, int], level: Certainty) -> Entry:
    kind = FindingKind(f"made-{level.value}", level, "made for this test")
    return Entry(kind, 1, (cell_location(made.name, *place),))


def _read_sheet(made: MadeList, page: Page, name: str, count: int) -> ReadSheet:
    columns = tuple(
        ReadColumn(column_letters(number), column.heading.shown, column.key, "")
        for number, column in page.columns.items()
    )
    row = min(page.heading_rows, default=1)
    return ReadSheet(name, made.lines[row] if made.is_csv else row, columns, count)


@pytest.mark.parametrize("start", range(0, 600, 100))
def test_the_check_finds_nothing_in_a_right_reading(start: int) -> None:
    for number in range(start, start + 100):
        made = make_list(number)
        found = differences(made, rightly_read(made))
        assert not found, failure(made, found)


@cache
def some_lists() -> tuple[MadeList, ...]:
    return tuple(map(make_list, range(150)))


Falsify = Callable[[RightListed, MadeList], RightListed | None]


def _with_fields(listed: RightListed, index: int, **fields: Any) -> RightListed:
    actions = list(listed.actions)
    actions[index] = replace(actions[index], fields=actions[index].fields | fields)
    return replace(listed, actions=tuple(actions))


def _lost(listed: RightListed, made: MadeList) -> RightListed | None:
    return replace(listed, actions=listed.actions[1:]) if listed.actions else None


def _added(listed: RightListed, made: MadeList) -> RightListed:
    added = RightAction(listed.actions[0].sheet, 9999, {"text": "Total"})
    return replace(listed, actions=(*listed.actions, added))


def _completed(listed: RightListed, made: MadeList) -> RightListed | None:
    for index, action in enumerate(listed.actions):
        if action.fields["status"] != "complete":
            return _with_fields(listed, index, status="complete", unsettled=False)
    return None


def _overdue(listed: RightListed, made: MadeList) -> RightListed | None:
    for index, action in enumerate(listed.actions):
        if action.fields["status"] == "complete":
            late = {"due": "2020-01-01", "due_last": "2020-01-01", "revised_due": None}
            return _with_fields(listed, index, status=None, not_due=False, **late)
    return None


def _other(field: str) -> Falsify:
    def falsify(listed: RightListed, made: MadeList) -> RightListed | None:
        return _with_fields(listed, 0, **{field: "1999-01-01"}) if listed.actions else None

    return falsify


def _secret(listed: RightListed, made: MadeList) -> RightListed | None:
    if not made.secrets:
        return None
    return _with_fields(listed, 0, update=min(made.secrets))


def _unasked(listed: RightListed, made: MadeList) -> RightListed | None:
    asked = listed.reading.of(Certainty.QUESTION)
    if not asked:
        return None
    return replace(listed, reading=replace(listed.reading, entries=()))


def _asked_without_need(listed: RightListed, made: MadeList) -> RightListed | None:
    if made.choices["defect"] != "none" or made.may_ask or listed.reading.entries:
        return None
    if "rare heading" in made.choices:
        return None
    entry = _entry(
        made, ("" if made.is_csv else listed.reading.sheets[0].sheet, 99, 1), Certainty.QUESTION
    )
    return replace(listed, reading=replace(listed.reading, entries=(entry,)))


def _without_a_column(listed: RightListed, made: MadeList) -> RightListed | None:
    sheets = tuple(replace(sheet, columns=sheet.columns[1:]) for sheet in listed.reading.sheets)
    return replace(listed, reading=replace(listed.reading, sheets=sheets))


FALSIFIED: dict[str, Falsify] = {
    "an action is lost": _lost,
    "an action is added": _added,
    "an action is called complete": _completed,
    "an action is called overdue": _overdue,
    "a text is another": _other("text"),
    "a date is another": _other("due"),
    "an owner is another": _other("owner"),
    "a rating is another": _other("rating"),
    "a workstream is another": _other("workstream"),
    "what is hidden is read": _secret,
    "a question is not asked": _unasked,
    "a question is asked without need": _asked_without_need,
    "a column is not in the reading": _without_a_column,
}


@pytest.mark.parametrize("what", FALSIFIED)
def test_the_check_finds_a_false_reading(what: str) -> None:
    tried = 0
    for number, made in enumerate(some_lists()):
        false = FALSIFIED[what](rightly_read(made), made)
        if false is None:
            continue
        tried += 1
        assert differences(made, false), f"{what}, in list {number}:\n{described(made)}"
    assert tried >= 10


def test_a_refusal_is_a_difference_unless_the_list_has_a_reason() -> None:
    clear = next(
        made
        for made in map(make_list, range(100))
        if made.choices["defect"] == "none"
        and not made.must_ask
        and made.choices["status"] == "words"
    )
    problem = Problem("missing-field", "no list is found", Location(clear.name))
    assert differences_of_refusal(clear, [problem])
