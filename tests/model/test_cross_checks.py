"""Checks over all files: references, ids, dates that overlap, powers of boards."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import pytest

from papergen.errors import Location, Problem
from papergen.model.bodies import Bodies
from papergen.model.brand import Brand
from papergen.model.cross_checks import check, check_sections
from papergen.model.paper import Paper
from papergen.model.plan import Plan
from papergen.model.walk import links, things


@dataclass(frozen=True)
class File:
    """A file whose places are the paths themselves."""

    name: str

    def location(self, path: tuple[str | int, ...]) -> Location:
        return Location(f"{self.name}: " + ".".join(map(str, path)))


FILES = {name: File(name) for name in ("paper", "bodies", "plan")}


@pytest.fixture
def data() -> dict[str, Any]:
    """Three files in which nothing is wrong."""
    return deepcopy(
        {
            "bodies": {
                "bodies": [
                    {"id": "council", "name": "Council"},
                    {
                        "id": "hwb",
                        "names": [
                            {"name": "Shadow", "to": "2013-03"},
                            {"name": "Board", "from": "2013-04-01"},
                        ],
                    },
                ],
                "posts": [
                    {
                        "id": "dcs",
                        "title": "Director",
                        "body": "council",
                        "holders": [{"person": "grant", "to": "2012"}],
                    }
                ],
                "people": [{"id": "grant", "name": "E Grant"}],
            },
            "plan": {
                "id": "plan",
                "title": "Plan",
                "owner": "dcs",
                "milestones": [{"id": "review", "title": "review"}],
                "commitments": [
                    {
                        "id": "letter",
                        "what": "a letter",
                        "to_bodies": ["hwb", "council"],
                        "after": "review",
                    }
                ],
            },
            "paper": {
                "title": "T",
                "as_at": "2012-10-31",
                "plan": "plan.yaml",
                "bodies": "bodies.yaml",
                "brand": "plain",
                "author": "dcs",
                "on_behalf_of": "council",
                "considerations": [
                    {
                        "board": "hwb",
                        "meeting": "2012-11-08",
                        "role": "note",
                        "recommendations": [{"verb": "note", "text": "it"}],
                    }
                ],
                "sections": {"purpose": "Text.", "background": "Text."},
            },
        }
    )


def problems(data: dict[str, Any]) -> list[Problem]:
    paper = Paper.model_validate(data["paper"])
    return check(
        paper, Bodies.model_validate(data["bodies"]), Plan.model_validate(data["plan"]), FILES
    )


def shown(data: dict[str, Any]) -> list[str]:
    return [str(problem) for problem in problems(data)]


@pytest.fixture(autouse=True)
def powers(data: dict[str, Any]) -> None:
    data["bodies"]["bodies"][1]["powers"] = ["note", "receive"]


def test_files_that_agree_have_no_problem(data: dict[str, Any]) -> None:
    assert problems(data) == []


def test_an_unknown_id_names_its_place_and_the_nearest_one(data: dict[str, Any]) -> None:
    data["plan"]["commitments"][0]["to_bodies"][1] = "councl"
    (problem,) = problems(data)
    assert (
        str(problem)
        == "plan: commitments.0.to_bodies.1: unknown-id: there is no body “councl” in the register of bodies"
    )
    assert problem.hint == "Did you mean `council`?"


def test_an_unknown_id_without_a_near_one_lists_those_defined(data: dict[str, Any]) -> None:
    data["paper"]["author"] = "zzz"
    (problem,) = problems(data)
    assert problem.hint == "Those defined are `dcs`."


def test_unknown_ids_of_all_files_are_found_at_once(data: dict[str, Any]) -> None:
    data["plan"]["owner"] = data["paper"]["on_behalf_of"] = data["bodies"]["posts"][0]["holders"][
        0
    ]["person"] = "nobody"
    assert [str(problem.where) for problem in problems(data)] == [
        "bodies: posts.0.holders.0.person",
        "plan: owner",
        "paper: on_behalf_of",
    ]


def test_a_milestone_is_looked_for_in_the_plan(data: dict[str, Any]) -> None:
    data["plan"]["commitments"][0]["after"] = "revew"
    assert shown(data) == [
        "plan: commitments.0.after: unknown-id: there is no milestone “revew” in the plan"
    ]


def test_an_id_given_twice_names_the_first_place(data: dict[str, Any]) -> None:
    data["bodies"]["bodies"].append({"id": "hwb", "name": "Another"})
    (problem,) = problems(data)
    assert str(problem) == "bodies: bodies.2.id: duplicate-id: the body “hwb” is defined twice"
    assert "bodies: bodies.1.id" in problem.hint


def test_things_of_two_kinds_may_share_an_id(data: dict[str, Any]) -> None:
    data["bodies"]["people"].append({"id": "hwb", "name": "H W Bee"})
    assert problems(data) == []


def test_ids_are_unique_over_all_phases(data: dict[str, Any]) -> None:
    action = {"id": "a", "text": "Do it"}
    data["plan"]["phases"] = [
        {"id": f"p{n}", "number": n, "workstreams": [{"id": f"w{n}", "actions": [action]}]}
        for n in (1, 2)
    ]
    assert shown(data) == [
        "plan: phases.1.workstreams.0.actions.0.id: duplicate-id: the action “a” is defined twice"
    ]


@pytest.mark.parametrize(
    ("first", "second", "overlap"),
    [
        ({"to": "2013-03-31"}, {"from": "2013-04-01"}, False),
        ({"to": "2013-04-01"}, {"from": "2013-04-01"}, True),
        ({"to": "2013-03"}, {"from": "2013-04"}, False),
        ({"to": "2013"}, {"from": "2013-04"}, True),
        ({"from": "2013-04"}, {"to": "2013-03"}, False),
        ({}, {"from": "2013"}, True),
        ({"from": "2012", "to": "2012"}, {"from": "2013", "to": "2013"}, False),
    ],
)
def test_two_names_may_not_hold_on_one_day(
    data: dict[str, Any], first: Any, second: Any, overlap: bool
) -> None:
    data["bodies"]["bodies"][0] = {
        "id": "council",
        "names": [{"name": "A", **first}, {"name": "B", **second}],
    }
    data["paper"]["on_behalf_of"] = "hwb"
    expected = [
        (
            "bodies: bodies.0.names.1: overlapping-names: two names of the body “council” hold on "
            "the same day"
        )
    ]
    assert shown(data) == (expected if overlap else [])


def test_two_people_may_not_hold_a_post_on_one_day(data: dict[str, Any]) -> None:
    data["bodies"]["posts"][0]["holders"].append({"person": "grant", "from": "2012-12-31"})
    assert shown(data) == [
        (
            "bodies: posts.0.holders.1: overlapping-names: two holders of the post “dcs” hold on "
            "the same day"
        )
    ]


def test_a_name_cannot_end_before_it_starts(data: dict[str, Any]) -> None:
    data["bodies"]["posts"][0]["holders"][0] |= {"from": "2013", "to": "2012"}
    assert shown(data) == ["bodies: posts.0.holders.0.to: wrong-value: “2012” is before “2013”"]


def test_a_board_has_a_name_on_the_day_of_its_meeting(data: dict[str, Any]) -> None:
    data["bodies"]["bodies"][1]["names"][1]["from"] = "2013-05-01"
    data["paper"]["considerations"][0]["meeting"] = "2013-04-30"
    assert shown(data) == [
        "paper: considerations.0.board: no-name-on-date: the body “hwb” has no name on 2013-04-30"
    ]
    data["paper"]["considerations"][0]["meeting"] = "2013-05-01"
    assert problems(data) == []


def test_a_board_is_asked_only_what_is_among_its_powers(data: dict[str, Any]) -> None:
    data["paper"]["considerations"][0]["recommendations"].append({"verb": "approve", "text": "it"})
    (problem,) = problems(data)
    assert str(problem) == (
        "paper: considerations.0.recommendations.1.verb: power-missing: the board “hwb” has "
        "no power to approve"
    )
    assert "`note`, `receive`" in problem.hint


def test_a_paper_goes_to_a_board_once(data: dict[str, Any]) -> None:
    again = deepcopy(data["paper"]["considerations"][0])
    data["paper"]["considerations"].append(again)
    again["meeting"] = "2012-12-08"
    assert shown(data) == [
        "paper: considerations.1.board: duplicate-id: the board “hwb” stands here twice"
    ]


def test_a_replaced_or_omitted_section_must_be_one_of_the_papers(data: dict[str, Any]) -> None:
    data["paper"]["considerations"][0] |= {"sections": {"purpse": "Other."}, "omit": ["backgrond"]}
    found = problems(data)
    assert [str(problem.where) for problem in found] == [
        "paper: considerations.0.sections.purpse",
        "paper: considerations.0.omit.0",
    ]
    assert [problem.hint for problem in found] == [
        "Did you mean `purpose`?",
        "Did you mean `background`?",
    ]


def test_a_board_may_have_a_section_of_its_own_with_a_heading(data: dict[str, Any]) -> None:
    data["paper"]["considerations"][0]["sections"] = {
        "extra": {"heading": "Extra", "text": "Text."}
    }
    assert problems(data) == []


def test_a_section_cannot_be_both_replaced_and_omitted(data: dict[str, Any]) -> None:
    data["paper"]["considerations"][0] |= {"sections": {"purpose": "Other."}, "omit": ["purpose"]}
    assert [problem.code for problem in problems(data)] == ["wrong-value"]


BRAND = Brand.model_validate(
    {
        "name": "B",
        "sections": [
            {"id": "purpose", "heading": "Purpose", "required": "true"},
            {"id": "background", "heading": "Background"},
            {"id": "conclusion", "heading": "Conclusion", "required": "true"},
        ],
    }
)


def test_a_section_that_the_brand_requires_must_be_there_or_be_drafted(
    data: dict[str, Any],
) -> None:
    paper = Paper.model_validate(data["paper"])
    (problem,) = check_sections(paper, BRAND, FILES["paper"], ["progress"])
    assert (
        str(problem)
        == "paper: sections.conclusion: missing-section: the section “conclusion” cannot be drafted from data"
    )
    assert check_sections(paper, BRAND, FILES["paper"], ["conclusion"]) == []


def test_a_required_section_cannot_be_left_out_for_a_board(data: dict[str, Any]) -> None:
    data["paper"]["sections"]["conclusion"] = "Text."
    data["paper"]["considerations"][0]["omit"] = ["background", "purpose"]
    (problem,) = check_sections(Paper.model_validate(data["paper"]), BRAND, FILES["paper"], ())
    assert str(problem.where) == "paper: considerations.0.omit.1"


def test_a_section_that_the_brand_does_not_know_needs_a_heading(data: dict[str, Any]) -> None:
    data["paper"]["sections"] |= {"conclusion": "Text.", "conclusions": "Text."}
    (problem,) = check_sections(Paper.model_validate(data["paper"]), BRAND, FILES["paper"], ())
    assert (
        str(problem)
        == "paper: sections.conclusions: missing-field: the section “conclusions” has no heading"
    )
    assert "`conclusion`" in problem.hint


def test_walking_finds_references_in_lists_and_options(data: dict[str, Any]) -> None:
    found = [(link.kind, link.id, link.path) for link in links(Plan.model_validate(data["plan"]))]
    assert found == [
        ("post", "dcs", ("owner",)),
        ("body", "hwb", ("commitments", 0, "to_bodies", 0)),
        ("body", "council", ("commitments", 0, "to_bodies", 1)),
        ("milestone", "review", ("commitments", 0, "after")),
    ]
    assert [(thing.kind, thing.id) for thing in things(Plan.model_validate(data["plan"]))] == [
        ("plan", "plan"),
        ("milestone", "review"),
        ("commitment", "letter"),
    ]


def test_a_name_in_place_of_an_id_gives_the_id(data: dict[str, Any]) -> None:
    data["plan"]["owner"] = "the Director"
    data["paper"]["on_behalf_of"] = "Council"
    assert [(problem.message, problem.hint) for problem in problems(data)] == [
        ("there is no post “the Director” in the register of bodies", "Write its id, `dcs`."),
        ("there is no body “Council” in the register of bodies", "Write its id, `council`."),
    ]


def test_every_party_of_an_action_is_looked_for_in_the_register(data: dict[str, Any]) -> None:
    action = {
        "id": "a",
        "text": "Do it",
        "owners": [{"post": "dsc"}, {"body": "hwbb"}, {"person": "grunt"}, {"name": "nobody"}],
        "carried_out_by": [{"body": "council"}, {"body": "zzz"}],
        "signed_off": {"name": "the chair"},
    }
    data["plan"]["phases"] = [
        {"id": "x", "number": 1, "workstreams": [{"id": "w", "actions": [action]}]}
    ]
    at = "plan: phases.0.workstreams.0.actions.0"
    assert shown(data) == [
        f"{at}.owners.0.post: unknown-id: there is no post “dsc” in the register of bodies",
        f"{at}.owners.1.body: unknown-id: there is no body “hwbb” in the register of bodies",
        f"{at}.owners.2.person: unknown-id: there is no person “grunt” in the register of bodies",
        f"{at}.carried_out_by.1.body: unknown-id: there is no body “zzz” in the register of bodies",
    ]


@pytest.mark.parametrize(
    ("answers", "found"),
    [
        ({"owners": {"J Patel": "dcs", "Board": "hwb", "E G": "grant", "All": "as-written"}}, []),
        (
            {"owners": {"J Patel": "dsc"}},
            [
                (
                    "owners.J Patel: unknown-id: there is no post, body or person “dsc” in the "
                    "register of bodies | Did you mean `dcs`?"
                )
            ],
        ),
        (
            {"owners": {"J Patel": "zzzz"}},
            [
                (
                    "owners.J Patel: unknown-id: there is no post, body or person “zzzz” in the "
                    "register of bodies | Add it there, or write `as-written`: papers then print "
                    "“J Patel”."
                )
            ],
        ),
        ({"ratings": {"R": "red", "-": "unrated", "B": "complete", "G": "not-due"}}, []),
        (
            {"ratings": {"R": "rde", "B": "blue"}},
            [
                (
                    "ratings.R: unknown-id: there is no value “rde” in the scheme of the plan, “rag” "
                    "| Did you mean `red`?"
                ),
                (
                    "ratings.B: unknown-id: there is no value “blue” in the scheme of the plan, “rag” "
                    "| Use one of `red`, `unrated`, `complete`, `not-due`."
                ),
            ],
        ),
    ],
)
def test_answers_on_a_list_name_what_there_is(
    data: dict[str, Any], answers: dict[str, Any], found: list[str]
) -> None:
    scheme = {"id": "rag", "values": [{"code": "red", "label": "Red"}]}
    data["bodies"]["rag_schemes"] = [scheme]
    data["plan"] |= {"rag_scheme": "rag", "actions": {"file": "t.xlsx"} | answers}
    said = [f"{problem} | {problem.hint}" for problem in problems(data)]
    assert said == [f"plan: actions.{line}" for line in found]


def test_without_a_scheme_any_code_may_be_answered(data: dict[str, Any]) -> None:
    data["plan"]["actions"] = {"file": "t.xlsx", "ratings": {"R": "anything"}}
    assert problems(data) == []
