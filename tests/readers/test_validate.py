"""Validation as its callers see it: a document and a model in, the model or located problems
out.
"""

from __future__ import annotations

from enum import Enum
from typing import Annotated, Literal

import places
import pytest
from places import SAMPLES
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError
from reader_cases import Case, cases, check, shown_problems

from papergen.errors import PapergenError
from papergen.model.paper import Paper
from papergen.model.plan import Plan
from papergen.readers import read
from papergen.readers.validate import validate
from papergen.text import nearest

CASES = places.CASES / "readers" / "validate.txt"


class Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


def be_even(number: int) -> int:
    if number % 2:
        raise PydanticCustomError(
            "wrong-value", "{number} is odd", {"number": number, "hint": "Add one."}
        )
    return number


def no_stars(text: str) -> str:
    at = text.find("*")
    if at >= 0:
        raise PydanticCustomError(
            "bad-character", "a star stands here", {"hint": "Delete it.", "offset": at}
        )
    return text


def short(key: str) -> str:
    if len(key) > 3:
        raise PydanticCustomError(
            "bad-id", "“{key}” is too long", {"key": key, "hint": "Shorten it."}
        )
    return key


class Colour(Enum):
    RED = "red"
    GREEN = "green"


class Owner(Strict):
    name: str = Field(description="whoever answers for it")
    posts: tuple[Literal["director", "head"], ...] = ()


class Step(Strict):
    kind: Literal["step"]
    title: str


class Gate(Strict):
    kind: Literal["gate"]
    open: bool = False


class Sample(Strict):
    title: str | dict[str, str] = Field(description="what the thing is called")
    count: int = Field(default=2, ge=1, le=9, description="how many there are")
    even: Annotated[int, AfterValidator(be_even)] = 2
    colour: Colour = Colour.RED
    owners: tuple[Owner, ...] = Field(default=(), description="those who answer for it")
    lead: Owner | Literal["none"] | None = Field(default=None, description="the first of them")
    notes: Annotated[str, AfterValidator(no_stars)] = ""
    sizes: dict[Annotated[str, AfterValidator(short)], int] = {}
    words: Annotated[tuple[str, ...], Field(min_length=1)] = ("x",)
    parts: tuple[Annotated[Step | Gate, Field(discriminator="kind")], ...] = ()
    form: Annotated[
        Annotated[str, AfterValidator(no_stars), Tag("text")]
        | Annotated[dict[str, str], Tag("languages")],
        Discriminator(lambda value: "languages" if isinstance(value, dict) else "text"),
    ] = ""
    code: str = Field(default="abc", pattern="^[a-z]+$", max_length=5, description="three letters")
    ratio: float = 1.0

    @field_validator("code")
    @classmethod
    def not_xyz(cls, value: str) -> str:
        if value == "xyz":
            raise ValueError("xyz is taken")
        return value

    @model_validator(mode="after")
    def not_both(self) -> Sample:
        if self.lead == "none" and self.owners:
            raise PydanticCustomError(
                "wrong-value", "there are owners and no lead", {"hint": "Name one."}
            )
        return self


@pytest.mark.parametrize("case", cases(CASES), ids=lambda case: case.name)
def test_a_document_is_validated_as_its_case_says(case: Case, update: bool) -> None:
    value, problems = validate(Sample, read(case.data, case.source))
    assert (value is None) == bool(problems)
    check(case, shown_problems(problems) or repr(value), update)


@pytest.mark.parametrize("model", [Plan, Paper])
@pytest.mark.parametrize(
    "text",
    ["x", "[]", "{}", "a: b", "id: [x]\ntitle: {a: {b: c}}\nphases: {}\nsections: [[]]\nplan: ~"],
)
def test_the_models_of_papergen_get_problems_with_places_and_hints(
    model: type[BaseModel], text: str
) -> None:
    value, problems = validate(model, read(text.encode(), "p.yaml"))
    assert value is None
    assert problems
    for problem in problems:
        assert problem.where is not None
        assert problem.where.line
        assert problem.message
        assert problem.hint
        for jargon in ("Input should", "pydantic", "dict", "str ", "valid "):
            assert jargon not in problem.message + problem.hint


def test_the_shipped_sample_is_valid_and_every_field_misspelt_in_it_is_found() -> None:
    text = (SAMPLES / "post-inspection" / "plan.yaml").read_text("utf-8")
    document = read(text.encode(), "plan.yaml")
    assert validate(Plan, document)[1] == []
    lines = text.split("\n")
    model_keys = [
        path
        for path in document.key_places
        if not any(isinstance(part, int) and part > 0 for part in path)
    ]
    for path in model_keys:
        line, column = document.key_places[path]
        key = str(path[-1])
        spoilt = [*lines]
        spoilt[line - 1] = (
            f"{lines[line - 1][: column - 1]}{key}x{lines[line - 1][column - 1 + len(key) :]}"
        )
        try:
            _, problems = validate(Plan, read("\n".join(spoilt).encode(), "plan.yaml"))
        except PapergenError as fault:
            problems = list(fault.problems)
        if problems:
            assert f"plan.yaml:{line}:{column}" in {str(problem.where) for problem in problems}, (
                path
            )


@pytest.mark.parametrize(
    ("word", "known", "expected"),
    [
        ("titel", ["title", "tile", "text"], "title"),
        ("as-at", ["as_at", "status"], "as_at"),
        ("Director", ["director", "doctor"], "director"),
        ("zzz", ["title"], None),
        ("x", [], None),
        ("", ["a"], None),
        ("abc", ["abd", "abe", "xyz"], "abe"),
        ("w" * 100_000, ["w"], None),
    ],
)
def test_the_nearest_word_is_the_one_that_was_meant(
    word: str, known: list[str], expected: str | None
) -> None:
    assert nearest(word, known) == nearest(word, reversed(known)) == expected
