"""Several owners, and names that the register lacks."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_papers import paragraphs, program_of, say

from papergen.drafting.traces import trace_of
from papergen.errors import PapergenError
from papergen.facts.reported import KnownFacts, reported_facts

BODIES = """
bodies:
  - {id: hwb, name: Wellbeing Board, initials: WB, powers: [note]}
  - {id: trust, name: Care Trust, verb: plural}
  - {id: ofsted, name: Ofsted, article: none}
posts:
  - id: dcs
    title: Director of Children's Services
    short: the Director
    holders: [{person: ann, from: 2012-01}]
  - {id: ce, title: Chief Executive}
people:
  - {id: ann, name: Ann Other}
"""
PLAN = """
phases:
  - id: p
    number: 1
    workstreams:
      - id: w
        responsible: trust
        actions:
          - {id: one, ref: 1, text: Do it, owner: dcs, responsible: hwb}
          - {id: two, ref: 2, text: Do it, owners: [{post: dcs}, {post: ce}]}
          - {id: all, ref: 3, text: Do it, owners: [{post: ce}, {body: hwb}, {person: ann}, {name: all leads}]}
          - {id: name, ref: 4, text: Do it, owners: [{name: de Souza (IT)}], carried_out_by: [{name: Acme}, {body: ofsted}]}
          - {id: body, ref: 5, text: Do it, owners: [{body: trust}], carried_out_by: [{body: ofsted}]}
          - {id: nobody, ref: 6, text: Do it}
          - {id: again, ref: 7, text: Do it, owners: [{post: ce}, {post: dcs}, {post: ce}]}
          - {id: done, ref: 8, text: Do it, signed_off: {name: the chair}}
          - {id: signed, ref: 9, text: Do it, signed_off: {by: hwb}}
"""


def printed(expression: str, **rest: Any) -> str:
    (text,) = say(f"{{{{ {expression} }}}}", plan=PLAN, bodies=BODIES, **rest)
    return text.replace("\xa0", " ").replace("\n", "; ")


@pytest.mark.parametrize(
    ("expression", "shown"),
    [
        ("action.one.owner", "the Director of Children’s Services"),
        ("action.two.owner", "the Director of Children’s Services and the Chief Executive"),
        ("action.two.owner|cap", "The Director of Children’s Services and the Chief Executive"),
        ("action.two.owner|bare", "Director and Chief Executive"),
        ("action.two.owner|bare|cap", "Director and Chief Executive"),
        ("action.two.owner|cap|bare", "Director and Chief Executive"),
        ("action.two.owner|short", "the Director and the Chief Executive"),
        ("action.two.owner|name", "Director of Children’s Services and Chief Executive"),
        ("action.two.owner|upper", "THE DIRECTOR OF CHILDREN’S SERVICES AND THE CHIEF EXECUTIVE"),
        ("action.two.owner|short|possessive", "the Director and the Chief Executive’s"),
        ("action.two.owner|possessive|bare", "Director and Chief Executive’s"),
        (
            "action.all.owner",
            "the Chief Executive, the Wellbeing Board (WB), Ann Other and all leads",
        ),
        ("action.all.owner|bare", "Chief Executive, WB, Ann Other and all leads"),
        (
            "action.all.owner|full",
            "the Chief Executive, the Wellbeing Board, Ann Other and all leads",
        ),
        ("action.all.owner|possessive|bare", "Chief Executive, WB, Ann Other and all leads’"),
        ("action.name.owner", "de Souza (IT)"),
        ("action.name.owner|bare|cap", "de Souza (IT)"),
        ("action.name.owner|full", "de Souza (IT)"),
        ("action.name.owner|initials", "de Souza (IT)"),
        ("action.name.owner|possessive", "de Souza (IT)’s"),
        ("action.name.owner|upper", "DE SOUZA (IT)"),
        ("action.name.owner.name", "de Souza (IT)"),
        ("action.name.owner|holder", "de Souza (IT)"),
        ("person.ann|holder", "Ann Other"),
        ("action.two.owner|agree('is', 'are')", "are"),
        ("action.two.owner|bare|agree('is', 'are')", "are"),
        ("action.one.owner|agree('is', 'are')", "is"),
        ("action.name.owner|agree('is', 'are')", "is"),
        ("action.body.owner|agree('is', 'are')", "are"),
        ("action.body.owner", "the Care Trust"),
        ("action.body.owner == body.trust", "True"),
        ("action.body.owner.verb", "plural"),
        ("action.nobody.owner", "[to be confirmed: owner of action 6]"),
        ("action.nobody.owner is gap", "True"),
        ("action.all.owner is gap", "False"),
        ("'(' ~ action.two.owner|bare ~ ')'", "(Director and Chief Executive)"),
        ("['1.3', action.all.owner|bare]|join(', ')", "1.3, Chief Executive, WB, Ann Other and all leads"),
        ("['1.3', action.name.owner|bare]|join(', ')", "1.3, de Souza (IT)"),
        ("[action.name.owner, action.two.owner|bare]|join_and", "de Souza (IT) and Director and Chief Executive"),
        ("(action.two.owner ~ '')|cap", "The Director of Children’s Services and the Chief Executive"),
        ("action.again.owner|bare", "Chief Executive and Director"),
    ],
)  # fmt: skip
def test_owners_print_together_in_any_form(expression: str, shown: str) -> None:
    assert printed(expression) == shown


@pytest.mark.parametrize(
    ("expression", "shown"),
    [
        ("action.one.owners|count", "1"),
        ("action.all.owners|count", "4"),
        ("action.nobody.owners|count", "0"),
        ("action.all.owners|join_and", "the Chief Executive, the Wellbeing Board (WB), Ann Other and all leads"),
        ("post.ce in action.all.owners", "True"),
        ("post.dcs in action.all.owners", "False"),
        ("action.one.responsible|bare", "WB"),
        ("action.body.responsible", "Ofsted"),
        ("action.name.responsible", "Acme and Ofsted"),
        ("action.name.carried_out_by|count", "2"),
        ("action.two.responsible is gap", "True"),
        ("action.two.carried_out_by|count", "0"),
        ("action.done.signed_off.by", "the chair"),
        ("action.done.signed_off.by|bare|cap", "the chair"),
        ("action.signed.signed_off.by", "the Wellbeing Board (WB)"),
        ("plan.actions|known('signed_off')|count", "2"),
        ("plan.actions|of(owner='ce')|map(attribute='ref')|join_and", "2, 3 and 7"),
        ("plan.actions|of(owner='dcs')|map(attribute='ref')|join_and", "1, 2 and 7"),
        ("plan.actions|of(owner=post.dcs)|map(attribute='ref')|join_and", "1, 2 and 7"),
        ("plan.actions|of(owner='trust')|map(attribute='ref')|join_and", "5"),
        ("plan.actions|of(owner=action.two.owner)|map(attribute='ref')|join_and", "2 and 7"),
        ("plan.actions|of(responsible='ofsted')|map(attribute='ref')|join_and", "4 and 5"),
        ("plan.actions|known('owner')|count", "6"),
        ("plan.actions|unknown('owner')|count", "3"),
        ("plan.actions|known('owner')|grouped('owner')|count", "5"),
        ("action.two.owner == action.again.owner", "True"),
        ("action.two.owner == action.all.owner", "False"),
        ("action.two.owner == action.one.owner", "False"),
        ("action.one.owner == action.two.owner", "False"),
        ("action.name.owner == action.name.owner", "True"),
        ("action.name.owner == action.two.owner", "False"),
    ],
)  # fmt: skip
def test_owners_can_be_chosen_by_and_gone_through(expression: str, shown: str) -> None:
    assert printed(expression) == shown


def test_groups_by_owner_are_headed_by_all_of_them() -> None:
    text = (
        "{% for g in plan.actions|grouped('owner') %}\n\n{{ g.value|bare }}: "
        "{{ g.members|map(attribute='ref')|join_and }}\n\n{% endfor %}"
    )
    assert say(text, plan=PLAN, bodies=BODIES) == [
        "Director: 1",
        "Director and Chief Executive: 2 and 7",
        "Chief Executive, WB, Ann Other and all leads: 3",
        "de Souza (IT): 4",
        "Care Trust: 5",
        "[to be confirmed: owner of action 6]: 6, 8 and 9",
    ]


def test_owners_are_introduced_once_and_short_from_then_on() -> None:
    text = "{{ action.all.owner|cap }} and {{ action.again.owner }}.\n\n{{ action.two.owner }}."
    said = say(text, plan=PLAN, bodies=BODIES)
    assert said == [
        (
            "The Chief Executive, the Wellbeing Board (WB), Ann Other and all leads and the Chief "
            "Executive and the Director of Children’s Services."
        ),
        "the Director and the Chief Executive.",
    ]


def test_the_holders_of_several_posts() -> None:
    assert printed("[action.two.owner|holder]|first is gap") == "True"
    bodies = BODIES.replace("title: Chief Executive", "title: CE, holders: [{person: ann}]")
    text = "{{ action.two.owner|holder }}\n\n{{ action.all.owner|holder }}"
    assert say(text, plan=PLAN, bodies=bodies) == [
        "Ann Other and Ann Other",
        "Ann Other, the Wellbeing Board (WB), Ann Other and all leads",
    ]


@pytest.mark.parametrize(
    ("expression", "message", "hint"),
    [
        (
            "plan.actions|of(owner='dsc')|count",
            "“owner” of actions is never “dsc”",
            "Did you mean “dcs”?",
        ),
        ("action.two.owner.title", "“title” is not defined", ""),
        (
            "action.two.owner|replace('a', 'b')",
            "“replace” cannot change this, since it is put together only when it is printed",
            "",
        ),
        (
            "action.two.owner == action.nobody.owner",
            "the owner of action 6 is not known, so it cannot be compared",
            "Add “owner:” to action 6 in plan.yaml",
        ),
    ],
)
def test_what_several_owners_cannot_do(expression: str, message: str, hint: str) -> None:
    with pytest.raises(PapergenError) as caught:
        printed(expression)
    (problem,) = caught.value.problems
    assert problem.message == message
    assert hint in problem.hint


def test_each_owner_is_traced_to_its_own_entry() -> None:
    text = (
        "{{ action.all.owner }}\n\n{{ action.name.owner }}\n\n{{ action.one.owner }}\n\n"
        "{{ action.done.signed_off.by }}\n\n{{ plan.actions|of(owner='ofsted')|count }}"
    )
    program = program_of(text, plan=PLAN, bodies=BODIES)
    draft = program.draft("hwb", trace=True)
    assert program.sources is not None
    trace = trace_of(draft, program.store, program.sources)
    found = [
        {
            fact["path"].rpartition("actions")[2]: fact["value"]
            for fact in paragraph["facts"]
            if fact["path"].startswith("plan.")
        }
        for paragraph in trace["paragraphs"]
        if paragraph["part"] == "word/document.xml"
    ]
    assert found == [
        {
            "[2].owners[0].post": "ce",
            "[2].owners[1].body": "hwb",
            "[2].owners[2].person": "ann",
            "[2].owners[3].name": "all leads",
        },
        {"[3].owners[0].name": "de Souza (IT)"},
        {"[0].owner": "dcs"},
        {"[7].signed_off.name": "the chair"},
        # That nobody is recorded decides the count, too.
        {"[5].owner": None, "[7].owner": None, "[8].owner": None},
    ]


def test_a_batch_records_the_owners_that_were_looked_up() -> None:
    text = "{{ action.all.owner }} {{ action.one.owner }} {{ action.name.responsible }}"
    program = program_of(text, plan=PLAN, bodies=BODIES)
    _, view = program.draft_once("hwb")
    facts = {fact.key: (fact.label, fact.value) for fact in reported_facts(view, KnownFacts())}
    found = {key: fact for key, fact in facts.items() if key.startswith("plan/")}
    assert found == {
        "plan/plan/action all/owners.body": ("owner of action 3", "Wellbeing Board"),
        "plan/plan/action all/owners.name": ("owner of action 3", "all leads"),
        "plan/plan/action all/owners.person": ("owner of action 3", "Ann Other"),
        "plan/plan/action all/owners.post": ("owner of action 3", "Chief Executive"),
        "plan/plan/action name/carried_out_by.body": ("responsible body of action 4", "Ofsted"),
        "plan/plan/action name/carried_out_by.name": ("responsible body of action 4", "Acme"),
        "plan/plan/action one/owner": ("owner of action 1", "Director of Children’s Services"),
    }


NAMES = st.text(
    st.characters(
        codec="utf-8", exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"
    ),
    min_size=1,
    max_size=60,
).filter(str.strip)


@settings(max_examples=30, deadline=None)
@given(st.lists(NAMES, min_size=1, max_size=3, unique=True))
def test_a_name_prints_as_it_is_written_wherever_it_stands(names: list[str]) -> None:
    """But for an apostrophe inside a word, which is a printed one in all data."""
    action = {"id": "a", "text": "t", "owners": [{"name": name} for name in names]}
    stream = {"id": "w", "actions": [action]}
    plan = {"phases": [{"id": "p", "number": "1", "workstreams": [stream]}]}
    expressions = ["action.a.owner", "action.a.owner|bare|cap", "'' ~ action.a.owner|cap"]
    text = "\n\n".join(f"X{{{{ {each} }}}}X" for each in expressions)
    said = paragraphs(program_of(text, plan=plan, bodies=BODIES).draft("hwb"))
    expected = names[-1] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    assert [each[1:-1].replace("’", "'") for each in said] == [expected.replace("’", "'")] * 3
