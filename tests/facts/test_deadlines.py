"""Due dates that are none, and actions that are on hold, not yet due, or recorded in two ways."""

from __future__ import annotations

from typing import Any

import pytest
from small_papers import draft_of, paragraphs, program_of, say

from papergen.drafting.traces import trace_of
from papergen.errors import Location, PapergenError
from papergen.facts.reported import KnownFacts, reported_facts

BODIES = """
bodies:
  - {id: hwb, name: Wellbeing Board, powers: [note]}
posts:
  - {id: dcs, title: Director}
"""


def plan(*actions: str) -> str:
    """A plan of these actions, `a` to `z`, each in the fields that are given of it."""
    rows = [
        f"          - {{id: {chr(97 + at)}, ref: {at + 1}, text: Do it, {fields}}}"
        for at, fields in enumerate(actions)
    ]
    head = "phases:\n  - id: p\n    number: 1\n    workstreams:\n      - id: w\n        actions:"
    return "\n".join([head, *rows])


def printed(expression: str, *actions: str, **rest: Any) -> str:
    (text,) = say(f"{{{{ {expression} }}}}", plan=plan(*actions), bodies=BODIES, **rest)
    return text.replace("\xa0", " ")


QUARTER = "due: {text: Q2 2012/13, from: 2012-07-01, until: 2012-09-30}"
WINTER = "due: {text: Winter 2012, from: 2012-11, until: 2013-02}"
ONGOING = "due: {text: ongoing}"


@pytest.mark.parametrize(
    ("expression", "shown"),
    [
        ("action.a.due", "Q2 2012/13"),
        ("action.a.latest_due", "Q2 2012/13"),
        ("action.a.due|dated('on', 'in')", "Q2 2012/13"),
        ("action.a.due|month_year", "Q2 2012/13"),
        ("action.a.due|day_month", "Q2 2012/13"),
        ("action.a.due|year", "Q2 2012/13"),
        ("action.a.due|weekday", "Q2 2012/13"),
        ("action.a.due|cap", "Q2 2012/13"),
        ("action.c.due|upper", "ONGOING"),
        ("'due ' ~ action.a.due", "due Q2 2012/13"),
        ("action.a.due.text", "Q2 2012/13"),
        ("action.a.due.year is none", "True"),
        ("plan.actions|map(attribute='due')|list|join_and", "Q2 2012/13, Winter 2012 and ongoing"),
        ("plan.actions|known('due')|count", "3"),
        ("plan.actions|unknown('due')|count", "0"),
        ("action.c.due is gap", "False"),
        ("action.a.due == action.a.latest_due", "True"),
        ("action.a.due != action.b.due", "True"),
        ("action.a.due == meeting.date", "False"),
        ("meeting.date == action.a.due", "False"),
        ("action.c.due == 'ongoing'", "True"),
        ("action.a.due < meeting.date", "True"),
        ("meeting.date < action.a.due", "False"),
        ("action.b.due >= '2013-02'", "True"),
        ("action.a.due < action.b.due", "True"),
        ("action.a.due|days_before(meeting.date)", "39"),
        ("meeting.date|days_before(action.b.due)", "-7"),
        ("[action.b, action.a]|sort(attribute='due')|map(attribute='ref')|join_and", "1 and 2"),
        ("(plan.actions|grouped('due'))|count", "3"),
    ],
)
def test_a_due_date_that_is_none_prints_as_it_is_written(expression: str, shown: str) -> None:
    assert printed(expression, QUARTER, WINTER, ONGOING) == shown


@pytest.mark.parametrize(
    "expression",
    [
        "action.a.due < meeting.date",
        "meeting.date >= action.a.due",
        "plan.actions|sort(attribute='due')|count",
        "action.a.due|days_before(meeting.date)",
        "meeting.date|days_before(action.a.due)",
    ],
)
def test_one_that_may_be_any_day_is_not_compared(expression: str) -> None:
    with pytest.raises(PapergenError) as caught:
        printed(expression, ONGOING, "due: 2012-11-07")
    (problem,) = caught.value.problems
    assert (problem.code, problem.message) == (
        "value-misused",
        "“ongoing” is no date, so it cannot be compared",
    )
    assert "{% if x.due.year %}" in problem.hint
    asked = "'late' if action.a.due.year and action.a.due < meeting.date else 'open'"
    assert printed(asked, ONGOING) == "open"


@pytest.mark.parametrize(
    ("fields", "late"),
    [
        (QUARTER, True),
        (WINTER, False),
        (ONGOING, False),
        ("due: {text: soon, from: 2012-01}", False),
        ("due: {text: by then, until: 2012-11-07}", True),
        ("due: {text: by then, until: 2012-11-08}", False),
        ("due: {text: by then, until: 2012-11}", False),
        ("due: 2012-01-01, revised_due: [{text: ongoing}]", False),
        ("due: {text: ongoing}, revised_due: [2012-01-01]", True),
        (f"{QUARTER}, status: suspended", True),
        (f"{QUARTER}, status: complete", False),
        (f"{QUARTER}, not_due: true", False),
        ("due: 2012-01-01, not_due: true, status: not-started", False),
        ("due: 2012-01-01, unsettled: two things", False),
        ("due: 2012-01-01, unsettled: two things, status: in-progress", False),
        ("unsettled: two things", False),
        ("not_due: true", False),
    ],
)
def test_an_action_is_overdue_once_its_last_day_has_passed(fields: str, late: bool) -> None:
    assert printed("action.a.overdue", fields) == str(late)
    assert printed("plan.actions|overdue|count", fields) == str(int(late))


@pytest.mark.parametrize(
    ("fields", "moved"),
    [
        ("due: 2012-01, revised_due: [{text: ongoing}]", False),
        ("due: {text: ongoing}, revised_due: [2013]", False),
        (f"{QUARTER}, revised_due: [2013]", True),
        (f"{QUARTER}, revised_due: [2012-09]", False),
        ("due: 2012-01, revised_due: [{text: Winter, from: 2012-02}]", True),
        ("due: 2012-11-30, revised_due: [{text: Winter, from: 2012-11}]", False),
        (f"{QUARTER}, revised_due: [2013], status: suspended", True),
        (f"{QUARTER}, revised_due: [2013], unsettled: two things", False),
    ],
)
def test_an_action_was_put_back_only_where_that_is_certain(fields: str, moved: bool) -> None:
    assert printed("action.a.postponed", fields) == str(moved)


def test_what_does_not_agree_is_a_gap_that_says_how_to_settle_it() -> None:
    facts = "status: complete, unsettled: 'the status says complete, the share 40 %.'"
    text = (
        "{{ action.a.status }}\n\n{{ plan.actions|of(status='complete')|count }}\n\n"
        "{{ plan.actions|unknown('status')|count }}\n\n{{ action.a.unsettled }}\n\n"
        "{{ action.b.unsettled is gap }}"
    )
    draft = draft_of(text, plan=plan(facts, "status: complete"), bodies=BODIES)
    assert paragraphs(draft) == [
        "[to be confirmed: status of action 1]",
        "1",
        "1",
        "the status says complete, the share 40 %.",
        "True",
    ]
    (gap,) = draft.gaps
    assert gap.hint == (
        "It is not settled: the status says complete, the share 40 %. Say in "
        "plan.yaml:13 which is so, and delete “unsettled:” there."
    )


@pytest.mark.parametrize(("ref", "key"), [("ref: 1.10, ", "1.10"), ("", "row 8")])
def test_of_a_list_the_question_settles_it(ref: str, key: str) -> None:
    facts = "text: Do it, unsettled: two things"
    written = plan(facts).replace("ref: 1, text: Do it, ", ref)
    program = program_of("{{ action.a.status }}", plan=written, bodies=BODIES)
    action = program.store.index["action"]["a"]
    action.where = Location("lists/tracker.xlsx", 8, 2, cell="Live!B8")
    (gap,) = program.draft("hwb").gaps
    assert gap.hint == (
        "It is not settled: two things. Correct tracker.xlsx, row 8; or write below "
        f"“settle:” under “actions:” in plan.yaml what is so: “{key}: complete”, say."
    )
    assert str(gap.where) == "lists/tracker.xlsx!Live!8"


@pytest.mark.parametrize(
    ("expression", "shown"),
    [
        ("plan.actions|of(status='suspended')|count", "1"),
        ("plan.actions|of(not_due=true)|count", "2"),
        ("plan.actions|of(not_due=false)|count", "2"),
        ("action.c.not_due", "False"),  # nothing is certain of it
        ("action.b.share_complete ~ '%'", "60%"),
        ("action.a.share_complete is gap", "True"),
        ("action.a.evidenced", "not-recorded"),
        ("action.b.evidenced", "not-assessed"),
        ("action.d.evidenced", "sufficient"),
        ("plan.actions|of(evidenced='not-assessed')|count", "1"),
    ],
)
def test_what_is_recorded_can_be_asked_for(expression: str, shown: str) -> None:
    actions = [
        "status: suspended",
        "not_due: true, share_complete: 60, evidence: [{title: Minutes}]",
        "not_due: true, unsettled: two things",
        "not_due: true, evidence: [{title: x}, {sufficiency: sufficient}]",
    ]
    assert printed(expression, *actions) == shown


def test_what_is_printed_is_traced_to_the_due_date() -> None:
    text = (
        "Due {{ action.a.due }}.\n\nIt is {{ 'late' if action.a.overdue else 'in time' }}.\n\n"
        "{{ action.b.status }}\n\n{{ action.c.not_due }} {{ action.a.not_due }}"
    )
    actions = [QUARTER, "status: complete, unsettled: two things", "not_due: true"]
    program = program_of(text, plan=plan(*actions), bodies=BODIES)
    draft = program.draft("hwb", trace=True)
    assert program.sources is not None
    trace = trace_of(draft, program.store, program.sources)
    found = [
        {fact["path"].rpartition("actions")[2]: fact["value"] for fact in paragraph["facts"]}
        for paragraph in trace["paragraphs"]
        if paragraph["part"] == "word/document.xml"
    ]
    due = {"[0].due": "Q2 2012/13"}
    assert found[0] == due
    assert found[1] == due | {"[0].status": None}
    assert found[2] == {"[1].unsettled": "two things", "[1].ref": "2"}
    assert found[3] == {"[2].not_due": True}


def test_a_batch_records_what_was_looked_up() -> None:
    text = "{{ action.a.due }} {{ action.b.status }} {{ action.c.not_due }} {{ action.a.not_due }}"
    actions = [QUARTER, "status: complete, unsettled: two things", "not_due: true"]
    program = program_of(text, plan=plan(*actions), bodies=BODIES)
    _, view = program.draft_once("hwb")
    facts = {fact.label: fact.value for fact in reported_facts(view, KnownFacts())}
    del facts["title of Director"]
    assert facts == {
        "due date of action 1": "Q2 2012/13",
        "contradiction of action 2": "two things",
        "not yet due of action 3": "yes",
    }
