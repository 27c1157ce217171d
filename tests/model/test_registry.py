"""The register: who is called what, when, and where in a paper."""

from __future__ import annotations

import io
import re
import zipfile

import docx
import places
import pytest
from small_papers import draft_of, paragraphs, program_of, say

from papergen.errors import DataError, PapergenError, Problem

CASES = places.CASES / "registry"
BODIES = """
bodies:
  - id: hwb
    names:
      - {name: Shadow Health and Wellbeing Board, to: 2013-03-31}
      - {name: Health and Wellbeing Board, from: 2013-04-01}
    initials: HWB
    powers: [note]
  - {id: lscb, name: Local Safeguarding Children Board, initials: LSCB}
  - {id: nhs, name: National Health Service, initials: NHS}
  - {id: council, name: Central Bedfordshire Council, article: none, short: the Council}
  - {id: executive, name: "Council's Executive"}
  - {id: ofsted, name: Ofsted, article: none}
  - {id: services, name: "Children's Services", article: none}
  - {id: ccg, name: Bedfordshire Clinical Commissioning Group, article: none, initials: BCCG, short: the Group}
  - id: trust
    names:
      - {name: Trust, to: 2012-10}
      - {name: Partnership, from: 2012-11, to: 2014}
      - {name: Alliance, from: 2015}
  - id: late
    names: [{name: Latecomer, from: 2020}]
posts:
  - id: dcs
    title: Director of Children's Services
    short: the Director
    holders:
      - {person: ann, to: 2012-10-31}
      - {person: bob, from: 2012-11, to: 2012-11, acting: true}
      - {person: cyd, from: 2013}
  - {id: ce, title: Chief Executive}
people:
  - {id: ann, name: Ann Bliss}
  - {id: bob, name: Bob Jones}
  - {id: cyd, name: Cyd O'Hara}
"""
PLAN = """
title: Post-inspection Action Plan
short_title: Action Plan
phases:
  - {id: p1, number: 1}
  - {id: p2, number: 2, title: Recovery}
"""


def cases(file: str) -> list[object]:
    """The cases of a file: what is shown, the day of the meeting, the texts, and what they
    print.
    """
    found = []
    for text in re.split(r"^## ", (CASES / file).read_text(encoding="utf-8"), flags=re.MULTILINE)[
        1:
    ]:
        name, _, rest = text.partition("\n")
        for number, case in enumerate(rest.strip().split("\n\n"), 1):
            day, lines = "2012-11-08", case.split("\n")
            if lines[0].startswith("@"):
                day, _, lines[0] = lines[0][1:].partition(" ")
            texts = [line for line in lines if not line.startswith("=>")]
            printed = [
                line.removeprefix("=> ").replace("_", "\xa0")
                for line in lines
                if line.startswith("=>")
            ]
            found.append(pytest.param(day, texts, printed, id=f"{name} {number}"))
    return found


@pytest.mark.parametrize(("day", "texts", "printed"), cases("names.txt"))
def test_a_name_is_printed_as_its_mention_asks(
    day: str, texts: list[str], printed: list[str]
) -> None:
    # A second draft of one program takes the quick ways that the first one has found.
    program = program_of("\n\n".join(texts), bodies=BODIES, plan=PLAN, meeting=day)
    assert paragraphs(program.draft("hwb")) == printed
    assert paragraphs(program.draft("hwb")) == printed
    assert paragraphs(program.draft("hwb", trace=True)) == printed


HOUSE = """header: {{ board }} | {{ body.lscb }} | {{ title }}
footer: {{ board }}
Report to {{ board|full }}
For {{ board }}
[Heading 1] {{ board }} and {{ body.lscb }}
{%p for s in sections %}
[Heading 1] {{ s.heading }}
{{p s.body }}
{%p endfor %}
[Caption] {{ body.lscb }}"""


def test_the_header_block_counts_and_headings_captions_margins_and_properties_do_not() -> None:
    draft = draft_of(
        (
            "## About {{ body.lscb }}\n\n{{ board|cap }} and {{ body.lscb }}.\n\n## {{ "
            "body.lscb|full }}"
        ),
        bodies=BODIES,
        house=HOUSE,
        title="To {{ body.lscb }} and {{ board }}",
    )
    document = docx.Document(io.BytesIO(draft.docx))
    section = document.sections[0]
    assert section.header.paragraphs[0].text == "the HWB | the LSCB | To the LSCB and the HWB"
    assert section.footer.paragraphs[0].text == "the HWB"
    assert document.core_properties.title == "To the LSCB and the HWB"
    assert [paragraph.text for paragraph in document.paragraphs] == [
        "Report to the Shadow Health and Wellbeing Board",
        "For the Shadow Health and Wellbeing Board (HWB)",
        "the HWB and the LSCB",
        "Heading",
        "About the LSCB",
        "The HWB and the Local Safeguarding Children Board (LSCB).",
        "the Local Safeguarding Children Board",
        "the LSCB",
    ]


def test_a_recommendation_is_a_mention_each_time_it_is_printed() -> None:
    house = (
        "{%p for r in recommendations %}\n{{ r.text }}\n{%p endfor %}\n{%p for s in sections "
        "%}\n{{p s.body }}\n{%p endfor %}"
    )
    said = say(
        "is asked to {{ ask }}.",
        bodies=BODIES,
        house=house,
        recommendations=[{"verb": "note", "text": "the view of {{ body.lscb }}"}],
    )
    assert said == [
        "the view of the Local Safeguarding Children Board (LSCB)",
        "is asked to note the view of the LSCB.",
    ]


def test_boards_of_one_paper_do_not_introduce_for_each_other() -> None:
    program = program_of("{{ board }}, {{ body.hwb }}", bodies=BODIES, board="hwb")
    first = paragraphs(program.draft("hwb"))
    assert (
        first
        == paragraphs(program.draft("hwb"))
        == ["the Shadow Health and Wellbeing Board (HWB), the HWB"]
    )


def problems(text: str, **rest: object) -> list[Problem]:
    program = program_of(text, **rest)
    found = []
    for _ in range(2):  # the second draft takes other ways, and must find the same
        with pytest.raises(PapergenError) as caught:
            program.draft("hwb")
        found.append(caught.value.problems)
    assert found[0] == found[1]
    return list(found[0])


TWO = """
bodies:
  - {id: hwb, name: Board, powers: [note]}
  - {id: one, name: First Executive, short: the Executive}
  - {id: two, name: Second Executive, short: The Executive}
  - {id: shared, name: Shared Safeguarding Committee, initials: SSC}
  - {id: school, name: School Standards Committee, article: none, initials: SSC}
  - {id: called, name: Committee, short: the SSC}
posts:
  - {id: dcs, title: Director of Care Services, short: the Executive}
"""


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("{{ body.one }}, then {{ body.two }}", "The Executive"),
        ("{{ body.one|short }}, then {{ body.two|short }}", "The Executive"),
        ("{{ body.one }}, then {{ body.two|possessive }}", "The Executive"),
        ("{{ body.one }}, then {{ body.one }}, {{ post.dcs }}", "the Executive"),
        ("{{ body.one }}, then {{ [body.one, post.dcs|short]|join_and }}", "the Executive"),
        ("{{ body.shared }}, then {{ body.school }}", "SSC"),
        ("{{ body.shared|initials }}, then {{ body.school|initials }}", "SSC"),
        ("{{ body.shared }}, then {{ body.called }}", "the SSC"),
    ],
)
def test_a_short_form_that_two_would_share_is_a_problem_at_the_second_of_them(
    text: str, form: str
) -> None:
    (problem,) = problems(text, bodies=TWO)
    assert problem.code == "shared-short-form"
    assert f"would both be called “{form}”" in problem.message
    assert problem.where is not None
    assert problem.where.source.endswith("paper.yaml")
    assert problem.where.column is not None
    assert problem.where.column > len("      text: ")
    assert "bodies.yaml" in problem.hint
    assert "|full" in problem.hint


def test_bodies_in_full_alone_share_no_short_form() -> None:
    assert say("{{ body.one|full }}, {{ body.two|full }}, {{ body.school|name }}", bodies=TWO) == [
        "the First Executive, the Second Executive, School Standards Committee"
    ]


def test_a_body_without_a_name_on_the_day_is_a_problem_where_it_is_named() -> None:
    (problem,) = problems("Then {{ body.late }}.", bodies=BODIES)
    assert problem.code == "no-name-on-date"
    assert problem.message == "the body “late” has no name on 8\xa0November 2012"
    assert "names:" in problem.hint
    assert problem.where is not None
    assert problem.where.line is not None


def test_a_board_without_a_name_on_the_day_is_a_problem_at_its_consideration() -> None:
    with pytest.raises(DataError) as caught:
        program_of(
            "x", bodies=BODIES.replace("id: late", "id: late\n    powers: [note]"), board="late"
        )
    assert [problem.code for problem in caught.value.problems] == ["no-name-on-date"]


def test_initials_that_are_not_given_are_to_be_confirmed() -> None:
    draft = draft_of("{{ body.ofsted|initials|possessive }}", bodies=BODIES)
    assert paragraphs(draft) == ["[to be confirmed: initials of Ofsted]"]
    assert len(draft.gaps) == 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{{ 'x'|short }}", "only a body, a post or a person has a form “short”"),
        (
            "{{ meeting.date|possessive }}",
            "only a body, a post or a person has a form “possessive”",
        ),
        ("{{ body.lscb|holder }}", "only a post has a holder"),
        ("{{ body.lscb|join_and }}", "“join_and” needs a list"),
        ("{{ 'abc'|join_and }}", "“join_and” needs a list"),
        ("{{ body.lscb.names }}", "a list cannot be printed"),
        (
            "{{ body.lscb|replace('B', 'P') }}",
            "“replace” cannot change this, since it is put together only when it is printed",
        ),
        (
            "{{ body.lscb|possessive|title }}",
            "“title” cannot change this, since it is put together only when it is printed",
        ),
        ("{{ (body.lscb ~ 'x')|length }}", "this is not a whole number"),
    ],
)
def test_a_form_of_what_has_none_is_a_problem(text: str, message: str) -> None:
    (problem,) = problems(text, bodies=BODIES)
    assert (problem.code, problem.message) == ("value-misused", message)


TITLES = (
    "{{ title }}\n{{ title|upper }}\n{{ title ~ '.' }}\n{{ 'On: ' + title }}\n{{ [title, "
    "short_title]|join_and|cap }}\n"
)
SECTIONS = "{%p for s in sections %}\n{{p s.body }}\n{%p endfor %}"


def test_a_text_of_the_paper_stays_one_in_joins_and_concatenation() -> None:
    """Names in it are mentions where it is printed, its gaps are gaps, and its references are
    live.
    """
    said = say(
        (
            "{{ label('here') }}{{ values.opening ~ '; ' ~ values.opening }}. {{ ask ~ '.' }} {{ "
            "[values.gap]|join_and|upper }}"
        ),
        bodies=BODIES,
        plan={"commitments": [{"id": "c", "what": "the plan"}]},
        house=TITLES + SECTIONS,
        title="view of {{ body.lscb }}",
        short_title="{{ body.hwb|possessive }} view",
        values={
            "opening": "as {{ body.lscb }} said in {{ ref('here') }}",
            "gap": "by {{ commitment.c.by }}",
        },
    )
    opening = "as the LSCB said in paragraph\xa01"
    assert said == [
        "view of the Local Safeguarding Children Board (LSCB)",
        "VIEW OF THE LSCB",
        "view of the LSCB.",
        "On: view of the LSCB",
        "View of the LSCB and the Shadow Health and Wellbeing Board’s (HWB) view",
        f"{opening}; {opening}. note x. BY [to be confirmed: owner of commitment “the plan”]",
    ]


@pytest.mark.parametrize("text", ["x" * 10_000, "é" * 2_000])
def test_a_name_may_be_joined_to_a_text_of_any_length(text: str) -> None:
    said = say("{{ (body.lscb ~ plan.title)|cap ~ '.' }}", bodies=BODIES, plan={"title": text})
    assert said == [f"The Local Safeguarding Children Board (LSCB){text}."]


def test_creator_and_last_editor_are_the_authors_post_without_article() -> None:
    with zipfile.ZipFile(io.BytesIO(draft_of("x", bodies=BODIES).docx)) as archive:
        core = archive.read("docProps/core.xml").decode()
    assert (
        re.findall(r"<(?:dc:creator|cp:lastModifiedBy)>([^<]*)<", core)
        == ["Director of Children’s Services"] * 2
    )
