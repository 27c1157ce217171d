"""Computed values: due dates, what is overdue, meetings before and after, counts. Never the
clock.
"""

from __future__ import annotations

from typing import Any

import pytest
from small_papers import draft_of, paragraphs, program_of, say

from papergen.errors import PapergenError, Problem

BODIES = """
bodies:
  - {id: hwb, name: Health and Wellbeing Board, initials: HWB, powers: [note]}
  - {id: pb, name: Programme Board}
  - {id: other, name: Other Board}
posts:
  - {id: dcs, title: Director of Children's Services}
  - {id: ce, title: Chief Executive}
"""


def inspection(published: str | None, months: int | None) -> str:
    date = f", published: {published}" if published else ""
    allowed = f", months: {months}" if months is not None else ""
    return f"inspections: [{{id: i{date}, requirements: [{{id: r{allowed}}}]}}]"


@pytest.mark.parametrize(
    ("published", "months", "due", "overdue"),
    [
        ("2012-04-10", 0, "10_April 2012", True),
        ("2012-04-10", 3, "10_July 2012", True),
        ("2012-04-10", 6, "10_October 2012", True),
        ("2012-04-10", 7, "10_November 2012", False),
        ("2012-05-08", 6, "8_November 2012", False),  # the day of the meeting itself
        ("2012-05-07", 6, "7_November 2012", True),  # the day before it
        ("2012-02-29", 12, "28_February 2013", False),
        ("2012-02-29", 48, "29_February 2016", False),
        ("2012-08-31", 1, "30_September 2012", True),
        ("2012-08-31", 6, "28_February 2013", False),
        ("2012-07", 3, "October 2012", True),
        ("2012-08", 3, "November 2012", False),  # a month that the meeting is in may still bring it
        ("2010", 12, "2011", True),
        ("2011", 12, "2012", False),
        ("2012", 0, "2012", False),
    ],
)
def test_a_requirement_is_due_so_many_months_after_publication(
    published: str, months: int, due: str, overdue: bool
) -> None:
    text = "{{ requirement.r.due }} {{ requirement.r.overdue }} {{ [requirement.r]|overdue|count }}"
    expected = f"{due} {overdue} {int(overdue)}".replace("_", "\xa0")
    assert say(text, plan=inspection(published, months), bodies=BODIES) == [expected]


@pytest.mark.parametrize(
    ("published", "months", "missing"),
    [
        (None, 3, "date of publication of inspection “i”"),
        ("2012-04-10", None, "months allowed of requirement “r”"),
        ("2012", 3, "month of the date of publication of inspection “i”"),
        (None, None, "date of publication of inspection “i”"),
    ],
)
def test_a_due_date_that_cannot_be_told_is_to_be_confirmed(
    published: str | None, months: int | None, missing: str
) -> None:
    text = (
        "{{ requirement.r.due }}\n\n{{ requirement.r.due|month }}\n\n{{ "
        "requirement.r.due|days_before(meeting.date) }}\n\n"
        "{{ requirement.r.overdue }}\n\n{{ [requirement.r]|overdue|count }}\n\n"
        "{{ [requirement.r]|known('overdue')|overdue|count }}\n\n{{ "
        "[requirement.r]|unknown('overdue')|count }}"
    )
    draft = draft_of(text, plan=inspection(published, months), bodies=BODIES)
    assert paragraphs(draft) == [f"[to be confirmed: {missing}]"] * 5 + ["0", "1"]
    (gap,) = draft.gaps
    assert gap.where is not None
    assert gap.where.source.endswith("plan.yaml")


@pytest.mark.parametrize(
    "text",
    [
        "{% if requirement.r.overdue %}It is late.{% endif %}",
        "{{ 'late' if not requirement.r.overdue else 'in time' }}",
        "{% if [requirement.r]|overdue %}Some are late.{% endif %}",
        "{{ [requirement.r]|of(overdue=false)|count }}",
    ],
)
def test_whether_something_is_overdue_decides_nothing_where_it_cannot_be_told(text: str) -> None:
    (problem,) = problems(text, plan=inspection("2012-04-10", None))
    assert problem.code == "value-misused"
    assert problem.message == (
        "whether requirement “r” is overdue cannot be told without the months allowed of "
        "requirement “r”"
    )
    assert problem.hint.startswith("Add “months:” to requirement “r” in ")
    assert problem.hint.endswith("{% if x.overdue is not gap and x.overdue %}.")


def test_a_due_date_that_is_not_known_is_not_compared() -> None:
    (problem,) = problems(
        "{% if requirement.r.due < meeting.date %}x{% endif %}", plan=inspection(None, 3)
    )
    assert problem.code == "value-misused"
    assert "not known, so it cannot be compared" in problem.message


def problems(text: str, **rest: Any) -> list[Problem]:
    with pytest.raises(PapergenError) as caught:
        program_of(text, bodies=BODIES, **rest).draft("hwb")
    return list(caught.value.problems)


ACTIONS = """
phases:
  - id: p1
    number: 1
    workstreams:
      - id: w1
        title: First
        actions:
          - {id: done-late, text: Done, ref: "1.1", owner: dcs, due: 2012-01-01, status: complete, completed: 2012-10-31}
          - {id: done-since, text: Done since, due: 2013-03, status: complete, completed: 2012-11-01}
          - {id: dropped, text: Dropped, due: 2012-01-01, status: cancelled}
          - {id: yesterday, text: Yesterday, owner: ce, due: 2012-11-07, status: in-progress, priority: urgent}
          - {id: today, text: Today, due: 2012-11-08, status: in-progress}
      - id: w2
        actions:
          - {id: last-month, text: Last month, due: 2012-10, status: not-started}
          - {id: this-month, text: This month, due: 2012-11, status: in-progress}
          - {id: this-year, text: This year, due: 2012}
          - {id: last-year, text: Last year, due: 2011}
  - id: p2
    number: 2
    workstreams:
      - id: w3
        actions:
          - {id: put-off, text: Put off, due: 2012-01-01, revised_due: [2012-06, 2012-12], status: in-progress}
          - {id: put-off-past, text: Put off in vain, due: 2012-01-01, revised_due: [2012-06], status: in-progress}
          - {id: brought-forward, text: Brought forward, due: 2013-01, revised_due: [2012-09-30], status: in-progress}
          - {id: undated, text: Undated, status: in-progress}
"""


def of_actions(expression: str, **rest: Any) -> str:
    (printed,) = say(f"{{{{ {expression} }}}}", plan=ACTIONS, bodies=BODIES, **rest)
    return printed


def test_what_has_happened_since_the_as_at_date_is_not_known_yet() -> None:
    gap = "[to be confirmed: status of action “Done since” at 31\xa0October 2012]"
    assert of_actions("action.done_since.status") == gap
    assert of_actions("plan.actions|of(status='complete')|count") == "1"
    later = {"as_at": "2012-11-01"}
    assert of_actions("action.done_since.status", **later) == "complete"
    assert of_actions("plan.actions|of(status='complete')|count", **later) == "2"


def test_evidence_and_acceptance_of_a_later_date_are_not_known_yet() -> None:
    plan = ACTIONS.replace(
        "completed: 2012-10-31}",
        "completed: 2012-10, signed_off: {by: hwb, date: 2012-11-08}, "
        "evidence: [{sufficiency: insufficient, dated: 2012-10}, {sufficiency: sufficient, dated: "
        "2012-12}]}",
    )
    text = "{{ action.done_late.evidenced }}\n\n{{ action.done_late.signed_off is gap }}"
    assert say(text, plan=plan, bodies=BODIES) == ["insufficient", "True"]
    assert say(text, plan=plan, bodies=BODIES, as_at="2012-12-01", meeting="2012-12-06") == [
        "sufficient",
        "False",
    ]


def test_what_is_neither_complete_nor_cancelled_when_its_day_has_passed_is_overdue() -> None:
    assert of_actions("plan.actions|known('overdue')|overdue|map(attribute='id')|join_and") == (
        "yesterday, last-month, last-year, put-off-past and brought-forward"
    )


@pytest.mark.parametrize(
    ("meeting", "count"),
    [
        ("2011-12-31", 0),
        ("2012-01-01", 1),
        ("2012-10-31", 3),
        ("2012-11-01", 4),
        ("2012-11-09", 6),
        ("2013-01-01", 9),
    ],
)
def test_overdue_is_as_seen_from_each_boards_meeting(meeting: str, count: int) -> None:
    assert of_actions("plan.actions|known('overdue')|overdue|count", meeting=meeting) == str(count)


def test_the_last_revised_date_is_the_one_that_counts() -> None:
    assert of_actions("action.put_off.latest_due") == "December 2012"
    assert of_actions("action.today.latest_due") == "8\xa0November 2012"
    assert (
        of_actions("action.undated.latest_due") == "[to be confirmed: due date of action “Undated”]"
    )
    assert of_actions("action.undated.overdue") == "[to be confirmed: due date of action “Undated”]"
    assert of_actions("action.done_late.overdue") == "False"


def test_what_is_now_due_later_than_at_first_was_postponed() -> None:
    assert (
        of_actions("plan.actions|of(postponed=true)|map(attribute='id')|join_and")
        == "put-off and put-off-past"
    )
    assert of_actions("action.brought_forward.postponed") == "False"
    plan = ACTIONS.replace(
        "revised_due: [2012-06], status: in-progress", "revised_due: [2012-06], status: complete"
    )
    assert say("{{ action.put_off_past.postponed }}", plan=plan, bodies=BODIES) == ["False"]


@pytest.mark.parametrize(
    ("expression", "printed"),
    [
        ("plan.actions|count", "13"),
        ("plan.workstreams|count", "3"),
        ("plan.workstreams|words", "three"),
        ("phase.p1.actions|count", "9"),
        ("phase.p2.actions|words", "four"),
        ("workstream.w1.actions|words|cap", "Five"),
        ("plan.actions|of(status='in-progress')|count", "7"),
        ("plan.actions|of(status='complete')|words", "one"),
        ("plan.actions|of(status='in-progress', priority='urgent')|count", "1"),
        ("plan.actions|of(owner='dcs')|count", "1"),
        ("plan.actions|of(owner=post.dcs)|count", "1"),
        ("plan.actions|known('overdue')|of(overdue=true)|count", "5"),
        ("plan.actions|known('overdue')|of(overdue=false)|count", "7"),
        ("plan.actions|of(due='2012-01-01')|count", "4"),
        ("plan.actions|of(latest_due='2012-06')|count", "1"),
        ("plan.actions|of(status='not-started')|plural('action', 'actions')", "action"),
        (
            (
                "plan.actions|of(priority='normal')|known('overdue')|overdue|plural('action', "
                "'actions')"
            ),
            "actions",
        ),
        ("[]|plural('action', 'actions')", "actions"),
        ("[]|words", "no"),
        ("action.done_late.workstream", "First"),
        ("action.done_late.workstream.phase", "Phase\xa01"),
        ("phase.p2.number|ordinal", "second"),
        ("plan.phases|count|ordinal", "second"),
    ],
)
def test_counts_are_computed(expression: str, printed: str) -> None:
    assert of_actions(expression) == printed


@pytest.mark.parametrize(
    ("expression", "message", "hint"),
    [
        (
            "plan.actions|of(status='complet')|count",
            "“status” of actions is never “complet”",
            "Did you mean “complete”?",
        ),
        (
            "plan.actions|of(priority='high')|count",
            "“priority” of actions is never “high”",
            "It is one of: urgent, normal.",
        ),
        (
            "plan.actions|of(owner='dsc')|count",
            "“owner” of actions is never “dsc”",
            "Did you mean “dcs”?",
        ),
        (
            "plan.actions|of(stauts='complete')|count",
            "action 1.1 has no field “stauts”",
            "It has: id, ref",
        ),
        ("plan.actions|of()|count", "“of” needs a field and a value", "Write {{ actions"),
        (
            "plan.actions|of(due='soon')|count",
            "a date can only be compared with a date",
            "quotation marks",
        ),
        ("plan|of(status='complete')", "“of” needs a list", ""),
        (
            "plan.phases|overdue|count",
            "“overdue” chooses among actions or requirements only",
            "Use it after a list",
        ),
        (
            "plan.actions|held|count",
            "“held” chooses among meetings only",
            "Use it after a list of meetings",
        ),
        (
            "['x']|planned",
            "“planned” chooses among meetings only",
            "Use it after a list of meetings",
        ),
        ("plan|count", "counting needs a list or a whole number", ""),
        ("'many'|words", "“many” is not a whole number", "Use it after"),
        ("'²'|words", "“²” is not a whole number", "Use it after"),
        ("true|words", "yes and no cannot be counted", ""),
        ("1.5|words", "counting needs a list or a whole number", ""),
        ("as_at|words", "counting needs a list or a whole number", ""),
        ("'x'|month", "only a date has a form “month”", "Use it after a date"),
        ("as_at|days_before('2012')", "“days_before” needs two dates", "Write {{"),
    ],
)
def test_what_cannot_be_counted_is_a_problem(expression: str, message: str, hint: str) -> None:
    (problem,) = problems(f"{{{{ {expression} }}}}", plan=ACTIONS)
    assert (problem.code, problem.message) == ("value-misused", message)
    assert hint in problem.hint
    assert problem.where is not None


def meetings(*rows: str) -> str:
    """Meetings of the board, one a row: date (`-` where it is not known), status, and the body
    where it is another.
    """
    found = []
    for number, row in enumerate(rows):
        date, status, *body = row.split()
        dated = "" if date == "-" else f", date: {date}"
        found.append(
            f"  - {{id: m{number}{dated}, status: {status}, body: {body[0] if body else 'hwb'}}}"
        )
    return "\n".join(["meetings:", *found])


@pytest.mark.parametrize(
    ("rows", "as_at", "last"),
    [
        (
            ["2012-10-30 held", "2012-10-31 held", "2012-09-01 held"],
            "2012-10-31",
            "31_October 2012",
        ),
        (
            ["2012-10-30 held", "2012-11-01 held"],
            "2012-10-31",
            "30_October 2012",
        ),  # not yet known at that day
        (
            ["2012-10-30 held", "2012-10-31 cancelled", "2012-10-31 planned"],
            "2012-10-31",
            "30_October 2012",
        ),
        (["2012-10-30 held", "2012-10-31 held other"], "2012-10-31", "30_October 2012"),
        (["2012 held", "2012-02 held", "2012-01-15 held"], "2012-10-31", "February 2012"),
        (["2012-11 held", "2012-10 held"], "2012-10-31", "October 2012"),
        (["- held", "2011 held"], "2012-10-31", "2011"),
        (["2012-02-29 held"], "2012-02-29", "29_February 2012"),
        (["2012-02-29 held", "2012-02-29 held"], "2012-10-31", "29_February 2012"),
        (["2012-10-30 held"], "2012-10-29", None),
        (["- held", "2012-10-30 cancelled"], "2012-10-31", None),
        ([], "2012-10-31", None),
    ],
)
def test_the_last_meeting_is_the_latest_one_known_to_have_been_held(
    rows: list[str], as_at: str, last: str | None
) -> None:
    gap = "[to be confirmed: last meeting of Health and Wellbeing Board]"
    expected = last.replace("_", "\xa0") if last else gap
    plan = meetings(*rows) if rows else ""
    assert say("{{ board.last_meeting.date }}", plan=plan, bodies=BODIES, as_at=as_at) == [expected]


@pytest.mark.parametrize(
    ("rows", "meeting", "coming"),
    [
        (["2012-12-06 planned", "2012-11-20 planned"], "2012-11-08", "20_November 2012"),
        (
            ["2012-11-08 planned", "2012-12-06 planned"],
            "2012-11-08",
            "6_December 2012",
        ),  # not the meeting itself
        (["2012-11-07 planned", "2012-12-06 planned"], "2012-11-08", "6_December 2012"),
        (
            ["2012-11-20 cancelled", "2012-11-21 held", "2012-12-06 planned"],
            "2012-11-08",
            "6_December 2012",
        ),
        (["2012-11-20 planned other", "2012-12-06 planned"], "2012-11-08", "6_December 2012"),
        (["2012-11 planned", "2012-12 planned"], "2012-11-08", "November 2012"),
        (["2012-11 planned", "2012-12 planned"], "2012-12-01", "December 2012"),
        (
            ["2012-11 planned", "2012-11-20 planned"],
            "2012-11-08",
            "November 2012",
        ),  # of two, the vaguer is true of both
        (["2013 planned", "2013-01-15 planned"], "2012-11-08", "2013"),
        (["- planned", "2013 planned"], "2012-11-08", "2013"),
        (["2016-02-29 planned"], "2016-02-28", "29_February 2016"),
        (["2012-11-20 planned", "2012-11-20 planned"], "2012-11-08", "20_November 2012"),
        (["2012-12 planned"], "2013-01-01", None),
        (["- planned", "2012-12-06 cancelled"], "2012-11-08", None),
        ([], "2012-11-08", None),
    ],
)
def test_the_next_meeting_is_the_first_one_planned_after_the_boards_own(
    rows: list[str], meeting: str, coming: str | None
) -> None:
    gap = "[to be confirmed: next meeting of Health and Wellbeing Board]"
    expected = coming.replace("_", "\xa0") if coming else gap
    plan = meetings(*rows) if rows else ""
    # Whatever is known: what is to come is seen from the meeting, not from the day that facts are
    # known to.
    for as_at in ("2012-10-31", "2012-11-30"):
        printed = say(
            "{{ board.next_meeting.date }}", plan=plan, bodies=BODIES, meeting=meeting, as_at=as_at
        )
        assert printed == [expected]


def test_a_meeting_that_is_not_there_says_where_to_put_it() -> None:
    (gap,) = draft_of("{{ board.next_meeting.date|month }}", bodies=BODIES).gaps
    assert gap.message == "to be confirmed: next meeting of Health and Wellbeing Board"
    assert "“meetings:”" in gap.hint
    assert gap.where is not None
    assert gap.where.source.endswith("plan.yaml")


def test_meetings_are_counted_by_what_is_known_and_what_is_to_come() -> None:
    rows = [
        "2012-10-30 held",
        "2012 held",
        "2012-11-01 held",
        "2012-11-08 planned",
        "2012-11-07 planned",
        "2012-12 planned",
    ]
    plan = meetings(*rows, "2012-12 cancelled", "- held", "2012-10-01 held pb")
    text = (
        "{{ plan.meetings|held|count }} {{ plan.meetings|of(body='hwb')|held|words }} {{ "
        "plan.meetings|planned|count }}"
    )
    assert say(text, plan=plan, bodies=BODIES) == ["3 two 2"]


def test_meetings_of_each_board_are_seen_from_its_own_day() -> None:
    program = program_of(
        "{{ body.pb.next_meeting.date }}",
        plan=meetings("2012-11-20 planned pb", "2012-12-11 planned pb"),
        bodies=BODIES.replace("name: Other Board", "name: Other Board, powers: [note]"),
        considerations=[
            {
                "board": board,
                "meeting": day,
                "role": "note",
                "recommendations": [{"verb": "note", "text": "x"}],
            }
            for board, day in (("hwb", "2012-11-08"), ("other", "2012-11-20"))
        ],
    )
    assert paragraphs(program.draft("hwb")) == ["20\xa0November 2012"]
    assert paragraphs(program.draft("other")) == ["11\xa0December 2012"]


@pytest.mark.parametrize(
    ("expression", "printed"),
    [
        ("as_at", "31_October 2012"),
        ("as_at|day_month", "31_October"),
        ("as_at|month_year", "October 2012"),
        ("as_at|weekday", "Wednesday 31_October 2012"),
        ("as_at|year", "2012"),
        ("as_at.year + 1", "2013"),
        ("as_at < meeting.date", "True"),
        ("as_at == '2012-10-31'", "True"),
        ("meeting.date >= '2013-04'", "False"),
        ("as_at|days_before(meeting.date)", "8"),
        ("meeting.date|days_before(as_at)", "-8"),
        ("action.last_month.due|days_before(meeting.date)", "8"),  # from the last day it can be
        ("action.last_month.due|day_month", "October"),
        ("action.this_year.due|day_month", "2012"),  # at its own precision, never blank
        ("action.this_year.due|month", "2012"),
        ("action.this_year.due|weekday", "2012"),
        ("action.undated.due|day_month", "[to be confirmed: due date of action “Undated”]"),
        (
            "[action.today.due, action.undated.due]|join_and",
            "8_November 2012 and [to be confirmed: due date of action “Undated”]",
        ),
        ("plan.actions|of(priority='urgent')|map(attribute='due')|first", "7_November 2012"),
    ],
)
def test_dates_print_the_fields_asked_for_at_their_own_precision(
    expression: str, printed: str
) -> None:
    assert of_actions(expression) == printed.replace("_", "\xa0")


def test_a_date_is_not_compared_with_what_is_none() -> None:
    for expression in ("as_at == 'yesterday'", "as_at < 'x'", "as_at > board"):
        (problem,) = problems(f"{{{{ {expression} }}}}")
        assert (problem.code, problem.message) == (
            "value-misused",
            "a date can only be compared with a date",
        )
