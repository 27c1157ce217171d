"""The models: what a plan, a register, a paper and a brand may hold, and how faults of theirs are
coded.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from papergen.dates import PartialDate
from papergen.errors import REGISTRY
from papergen.model.base import Day, Id, Line, Model, Text, Verb, When, in_language
from papergen.model.bodies import Bodies
from papergen.model.brand import Brand
from papergen.model.paper import Paper
from papergen.model.plan import Plan
from papergen.model.schema import json_schemas
from papergen.readers.annotations import fields_of

FILES: dict[str, type[Model]] = {"plan": Plan, "bodies": Bodies, "paper": Paper, "brand": Brand}


def codes(type_: Any, value: Any) -> list[tuple[str, str, str]]:
    """Code, message and hint of each fault; none when the value is accepted."""
    try:
        TypeAdapter(type_).validate_python(value)
    except ValidationError as fault:
        return [
            (error["type"], error["msg"], error.get("ctx", {}).get("hint", ""))
            for error in fault.errors()
        ]
    return []


def models(root: type[Model]) -> Iterator[type[Model]]:
    """The model and all that stand in its fields."""
    seen: dict[type[Model], None] = {}
    waiting = [root]
    while waiting:
        found = waiting.pop()
        if found not in seen:
            seen[found] = None
            for field in fields_of(found).values():
                waiting += field.shape.nested_models()
    return iter(seen)


ALL = [model for root in FILES.values() for model in models(root)]


@pytest.mark.parametrize("id_", ["a", "hwb", "ws-1", "a1-b2-c3", "x" * 40])
def test_an_id_is_lower_case_letters_digits_and_single_hyphens(id_: str) -> None:
    assert codes(Id, id_) == []


@pytest.mark.parametrize(
    "id_", ["", "A", "1a", "-a", "a-", "a--b", "a_b", "a b", "é", "a\n", "٣", "x" * 41]
)
def test_anything_else_is_no_id(id_: str) -> None:
    (fault,) = codes(Id, id_)
    assert fault[0] == "bad-id"
    assert "lower-case letters" in fault[2]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("2012-02-30", "30 February 2012 does not exist"),
        ("2011-02-29", "29 February 2011 does not exist"),
        ("2012-00-01", "there is no month 00"),
        ("2012-11-00", "0 November 2012 does not exist"),
        ("2012-13", "there is no month 13"),
        ("0000-01", "there is no year 0000"),
        ("8 November 2012", "“8 November 2012” is not a date"),
        ("08/11/2012", "“08/11/2012” is not a date"),
        ("2012-1-8", "“2012-1-8” is not a date"),
        ("٢٠١٢", "“٢٠١٢” is not a date"),
        ("{braces}", "“{braces}” is not a date"),
        ("", "“” is not a date"),
        (["2012"], "a date is expected here"),
    ],
)
def test_a_date_that_cannot_be_says_what_is_wrong_with_it(text: Any, message: str) -> None:
    assert codes(When, text) == [
        ("bad-date", message, "Write dates as 2012-11-08, 2012-11 or 2012.")
    ]


def test_a_date_keeps_its_precision() -> None:
    read = TypeAdapter(When).validate_python
    assert [read(text) for text in ("2012-02-29", "2012-11", "2013")] == [
        PartialDate(2012, 2, 29),
        PartialDate(2012, 11),
        PartialDate(2013),
    ]


def test_a_day_must_be_one_day() -> None:
    assert codes(Day, "2012-11-08") == []
    assert codes(Day, "2012-11") == [
        ("bad-date", "“2012-11” is not one day", "Write the day as well: 2012-11-08.")
    ]


@pytest.mark.parametrize("character", ["\x00", "\x08", "\x1f", "\ufffe", "\uffff", "\ud800"])
def test_a_character_that_xml_forbids_is_a_fault_in_any_text(character: str) -> None:
    for type_ in (Text, Line):
        (fault,) = codes(type_, f"a{character}b")
        assert fault[:2] == (
            "bad-character",
            f"the text holds the character U+{ord(character):04X}, which no Word file can hold",
        )


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_other_text_is_kept_as_it_is(text: str) -> None:
    allowed = all(c in "\t\n\r" or (c >= " " and c not in "\ufffe\uffff") for c in text)
    found = codes(Text, text)
    if not text.strip():
        assert [code for code, *_ in found] == ["wrong-value"]
    elif not allowed:
        assert [code for code, *_ in found] == ["bad-character"]
    else:
        assert TypeAdapter(Text).validate_python(text) == text


def test_a_text_may_be_given_by_language() -> None:
    text = TypeAdapter(Text).validate_python({"en": "Board", "cy": "Bwrdd"})
    assert in_language(text, "cy") == "Bwrdd"
    assert in_language(text, "gd") == in_language(text) == "Board"
    assert in_language({"cy": "Bwrdd"}) == "Bwrdd"
    assert in_language("Board", "cy") == "Board"


@pytest.mark.parametrize("value", [{}, {"english": "x"}, {"en": ""}, {"en": ["x"]}, ["x"], 3])
def test_a_text_that_is_neither_is_one_fault(value: Any) -> None:
    assert len(codes(Text, value)) == 1


@pytest.mark.parametrize("verb", ["To note", "to note:", "Note", "", "note "])
def test_a_verb_is_in_its_plain_form(verb: str) -> None:
    assert [code for code, *_ in codes(Verb, verb)] == ["wrong-value"]


def test_every_scalar_may_arrive_as_its_text() -> None:
    body = {"id": "b", "name": "Board", "clear_days": "5"}
    post = {"id": "p", "title": "Chair", "holders": [{"person": "x", "acting": "true"}]}
    register = Bodies.model_validate(
        {"bodies": [body], "posts": [post], "people": [{"id": "x", "name": "No"}]}
    )
    assert register.bodies[0].clear_days == 5
    assert register.posts[0].holders[0].acting is True
    assert register.people[0].name == "No"


def test_one_name_is_short_for_a_list_of_names() -> None:
    short = Bodies.model_validate({"bodies": [{"id": "b", "name": "Board"}]})
    assert short == Bodies.model_validate({"bodies": [{"id": "b", "names": [{"name": "Board"}]}]})
    assert codes(Bodies, {"bodies": [{"id": "b", "name": "Board", "names": [{"name": "Board"}]}]})


def test_an_empty_list_of_names_is_a_fault_and_a_wrong_name_is_only_one() -> None:
    assert [code for code, *_ in codes(Bodies, {"bodies": [{"id": "b", "names": []}]})] == [
        "wrong-value"
    ]
    wrong = {"bodies": [{"id": "b", "names": [{"name": "Board", "from": "2012-13"}]}]}
    assert [code for code, *_ in codes(Bodies, wrong)] == ["bad-date"]


PAPER: dict[str, Any] = {
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
    "sections": {"purpose": "Text."},
}


def test_what_is_not_given_is_none_and_what_is_stated_none_is_said() -> None:
    paper = Paper.model_validate(PAPER)
    assert paper.background_papers is None
    assert paper.classification is None
    stated = PAPER | {
        "background_papers": "none",
        "appendices": "none",
        "implications": {"legal": "none"},
    }
    paper = Paper.model_validate(stated)
    assert (paper.background_papers, paper.appendices, paper.implications) == (
        "none",
        "none",
        {"legal": "none"},
    )


def test_a_section_and_an_implication_may_be_their_text_alone() -> None:
    paper = Paper.model_validate(
        PAPER | {"implications": {"legal": {"en": "Law."}, "finance": "Money."}}
    )
    assert paper.sections["purpose"].text == "Text."
    implications = paper.implications
    assert [getattr(implications[id_], "text", None) for id_ in ("legal", "finance")] == [
        {"en": "Law."},
        "Money.",
    ]


def test_sections_keep_the_order_of_the_file() -> None:
    ids = ["purpose", "zebra", "background", "aardvark"]
    paper = Paper.model_validate(PAPER | {"sections": dict.fromkeys(ids, "Text.")})
    assert list(paper.sections) == ids


def test_a_section_may_be_left_to_be_drafted() -> None:
    paper = Paper.model_validate(
        PAPER | {"sections": {"purpose": "auto", "own": {"heading": "Own", "text": "auto"}}}
    )
    assert [section.drafted for section in paper.sections.values()] == [True, True]
    assert (
        Paper.model_validate(
            {key: value for key, value in PAPER.items() if key != "sections"}
        ).sections
        == {}
    )


def test_a_paper_is_public_or_says_why_not() -> None:
    exempt = {"exempt": ["3", "5"], "public_interest": "It would harm the sale."}
    assert codes(Paper, PAPER | {"classification": "public"}) == []
    paper = Paper.model_validate(PAPER | {"classification": exempt})
    assert getattr(paper.classification, "exempt", None) == (3, 5)
    for wrong in ("secret", {"exempt": []}, {"exempt": ["19"]}):
        assert len(codes(Paper, PAPER | {"classification": wrong})) == 1


@pytest.mark.parametrize("colour", ["D9E2E8", "000000"])
def test_a_colour_is_six_hexadecimal_digits(colour: str) -> None:
    assert codes(Brand, {"name": "B", "table": {"header_fill": colour}}) == []


@pytest.mark.parametrize("colour", ["#D9E2E8", "d9e2e8", "red", "D9E2E", '"/><'])
def test_anything_else_is_no_colour(colour: str) -> None:
    assert [code for code, *_ in codes(Brand, {"name": "B", "table": {"header_fill": colour}})] == [
        "wrong-value"
    ]


def test_every_code_of_a_model_is_registered() -> None:
    faults = [
        codes(Id, "A"),
        codes(When, "x"),
        codes(Text, ""),
        codes(Text, "\x00"),
        codes(Verb, "X"),
        codes(Day, "2012"),
    ]
    assert {code for found in faults for code, *_ in found} <= set(REGISTRY)


@pytest.mark.parametrize("model", ALL, ids=lambda model: model.__name__)
def test_every_field_has_a_title_for_gaps_and_a_description_for_editors(model: type[Model]) -> None:
    assert model.KIND
    for name, info in model.model_fields.items():
        assert info.title, name
        assert info.title[0].islower(), name
        assert not info.title.endswith("."), name
        assert info.description, name
        assert info.description.endswith((".", "”.")), name


@pytest.mark.parametrize("model", ALL, ids=lambda model: model.__name__)
def test_a_model_is_frozen_and_refuses_unknown_fields(model: type[Model]) -> None:
    assert model.model_config["frozen"] is True
    assert model.model_config["extra"] == "forbid"


@pytest.mark.parametrize("name", FILES)
def test_a_schema_describes_every_field_of_its_file(name: str) -> None:
    schema = json_schemas()[name]
    assert schema["$schema"].startswith("https://json-schema.org/")
    assert schema["title"].startswith("papergen: ")
    assert schema["description"]
    described = {model["title"]: model for model in _objects(schema)}
    for model in models(FILES[name]):
        properties = (
            schema["properties"]
            if model is FILES[name]
            else described[model.__name__]["properties"]
        )
        assert {info.alias or field for field, info in model.model_fields.items()} <= set(
            properties
        )
        assert all(prop.get("description") for prop in properties.values())


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        if "properties" in value and "title" in value:
            yield value
        value = list(value.values())
    if isinstance(value, list):
        for inner in value:
            yield from _objects(inner)


def test_schemas_accept_the_short_forms_and_bare_numbers() -> None:
    schemas = json_schemas()
    body = schemas["bodies"]["$defs"]["Body"]
    assert body["anyOf"] == [{"required": ["names"]}, {"required": ["name"]}]
    assert "names" not in body["required"]
    section = schemas["paper"]["$defs"]["Section"]["anyOf"]
    assert [form["type"] for form in section] == [["string", "number"], "object", "object"]
    assert "number" in schemas["plan"]["$defs"]["Meeting"]["properties"]["date"]["anyOf"][0]["type"]
