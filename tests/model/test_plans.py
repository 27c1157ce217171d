"""What a plan may hold besides dates, posts and bodies: what is written in their place; and how the
list of its actions is to be read.
"""

from __future__ import annotations

import re
from typing import Any

import places
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reader_cases import Case, cases, check, shown_problems

from papergen.dates import PartialDate, WrittenDate
from papergen.model.action_list import ActionsFrom
from papergen.model.parties import Party
from papergen.model.plan import Action, Plan
from papergen.model.rating import RagValue, meaning_of
from papergen.model.schema import json_schemas
from papergen.model.sections import given_columns
from papergen.readers import read
from papergen.readers.validate import validate

CASES = places.CASES / "model"
ACTION = "id: a\ntext: Do it\n"
PLAN = "id: p\ntitle: Plan\n"


@pytest.mark.parametrize("case", cases(CASES / "plans.txt"), ids=lambda case: case.name)
def test_an_action_as_it_is_written(case: Case, update: bool) -> None:
    document = read(ACTION.encode() + case.data, case.source)
    action, problems = validate(Action, document)
    if action is None:
        check(case, shown_problems(problems), update)
        return
    given = {key: getattr(action, key) for key in document.value if key not in ("id", "text")}
    check(case, "\n".join(f"{key}={shown(value)}" for key, value in given.items()), update)


def shown(value: Any) -> str:
    match value:
        case tuple():
            return ", ".join(map(shown, value))
        case WrittenDate():
            return f"{value} [{value.first or ''}..{value.last or ''}]"
        case Party():
            (given,) = ((name, each) for name, each in value if each is not None)
            return " ".join(given)
    if hasattr(value, "by"):
        return f"{value.by} {value.name}"
    return str(getattr(value, "sufficiency", value))


@pytest.mark.parametrize("case", cases(CASES / "lists.txt"), ids=lambda case: case.name)
def test_how_a_list_is_to_be_read(case: Case, update: bool) -> None:
    plan, problems = validate(Plan, read(PLAN.encode() + case.data, case.source))
    if plan is None:
        check(case, shown_problems(problems), update)
        return
    group = plan.actions_from
    lines = [] if group else ["None"]
    if group is not None:
        answers = {"file": group.file} | group.answers()
        lines += [f"{key}={as_text(value)}" for key, value in answers.items() if value]
    check(case, "\n".join(lines), update)


def as_text(value: Any) -> str:
    return re.sub(r"PartialDate\(year=(\d+), month=(\d+), day=(\d+)\)", r"\1-\2-\3", repr(value))


def test_what_is_read_already_is_taken_as_it_is() -> None:
    written = WrittenDate("ongoing", None, PartialDate(2026))
    action = Action.model_validate(
        {"id": "a", "text": "t", "due": written, "revised_due": [PartialDate(2025, 3)]}
    )
    assert action.due is written
    assert action.revised_due == (PartialDate(2025, 3),)


@given(st.text(min_size=1).filter(str.strip))
def test_any_text_in_the_place_of_a_date_is_kept_as_it_is(text: str) -> None:
    forbidden = re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]", text)
    values = {"id": "a", "text": "t", "due": {"text": text}, "owners": [{"name": text}]}
    if forbidden:
        with pytest.raises(ValueError, match="which no Word file can hold"):
            Action.model_validate(values)
        return
    action = Action.model_validate(values)
    assert action.due == WrittenDate(text)
    assert action.owners[0].name == text


ANSWERS = ["complete", "in-progress", "not-started", "suspended", "cancelled", "open", "not-due"]


@given(st.dictionaries(st.text(min_size=1, max_size=20), st.sampled_from(ANSWERS)))
def test_answers_stand_under_any_word_of_a_list(statuses: dict[str, str]) -> None:
    good = {
        key: value
        for key, value in statuses.items()
        if key.strip() and not re.search("[\x00-\x1f\ud800-\udfff\ufffe\uffff]", key)
    }
    group = ActionsFrom.model_validate({"file": "t.csv", "statuses": good, "settle": good})
    assert group.answers()["statuses"] == good == group.answers()["settle"]


@pytest.mark.parametrize(
    ("fields", "means"),
    [
        ({}, None),
        ({"means": "complete"}, "complete"),
        ({"means": "not-due", "meaning": "Complete"}, "not-due"),
        ({"meaning": "Complete"}, "complete"),
        ({"meaning": "Action complete."}, "complete"),
        ({"meaning": "COMPLETED"}, "complete"),
        ({"meaning": "delivered"}, "complete"),
        ({"meaning": "Completed and closed"}, "complete"),
        ({"meaning": {"cy": "Wedi cwblhau", "en": "Done"}}, "complete"),
        ({"meaning": "Not yet due"}, "not-due"),
        ({"meaning": "Not yet started – not due"}, "not-due"),
        ({"meaning": "Not started (not yet due)"}, "not-due"),
        ({"meaning": "Complete or on track"}, None),
        ({"meaning": "Not complete"}, None),
        ({"meaning": "Closed – not completed"}, None),
        ({"meaning": "Complete, evidence outstanding"}, None),
        ({"meaning": "on track"}, None),
        ({"meaning": "Not started"}, None),
        ({"meaning": "–"}, None),
        ({"label": "Complete"}, None),
    ],
)
def test_a_rating_means_what_its_scheme_says_and_no_more(
    fields: dict[str, Any], means: str | None
) -> None:
    value = RagValue.model_validate({"code": "b", "label": "Blue"} | fields)
    assert meaning_of(value) == means


def plan_of(*actions: dict[str, Any]) -> Plan:
    listed = [{"id": f"a{at}", "text": "t"} | action for at, action in enumerate(actions)]
    stream = {"id": "w", "actions": listed}
    phases = [{"id": "x", "number": 1, "workstreams": [stream]}]
    return Plan.model_validate({"id": "p", "title": "Plan", "phases": phases})


RATED = {"ratings": [{"value": "red"}]}


@pytest.mark.parametrize(
    ("actions", "columns"),
    [
        ([{}], []),
        ([{"owners": [{"name": "x"}]}], ["owner"]),
        ([{"carried_out_by": [{"name": "x"}]}], ["responsible"]),
        ([{"due": {"text": "ongoing"}}], ["due"]),
        ([{"share_complete": 0}], ["share"]),
        ([{"evidence": [{}]}], ["evidence"]),
        ([{"status": "suspended"}, {}], ["status"]),
        ([{"not_due": True}], ["status"]),
        ([{"unsettled": "x"}], ["status"]),
        ([RATED | {"status": "complete"}, RATED], ["rating"]),  # told by the ratings alone
        ([RATED | {"not_due": True}, RATED | {"unsettled": "x"}, RATED], ["rating"]),
        ([RATED | {"status": "complete"}, {"unsettled": "x"}], ["rating", "status"]),
    ],
)
def test_a_column_is_printed_where_the_plan_gives_anything_for_it(
    actions: list[dict[str, Any]], columns: list[str]
) -> None:
    assert sorted(given_columns(plan_of(*actions)) - {"text"}) == columns


def test_a_schema_has_the_short_form_and_the_group_of_a_list() -> None:
    plan = json_schemas()["plan"]["$defs"]
    file, group = plan["ActionsFrom"]["anyOf"]
    assert "string" in file["type"]
    assert group["required"] == ["file"]
    assert {"type": "array", "items": {"type": ["string", "number"]}} in group["properties"][
        "sheets"
    ]["anyOf"]
    assert plan["Action"]["required"] == ["id"]
    assert "may be left out" in plan["Action"]["properties"]["text"]["description"].lower()
    assert plan["Party"]["oneOf"] == [
        {"required": [name]} for name in ("post", "body", "person", "name")
    ]
