"""The register of bodies, posts and people: who is called what, and when. One file may serve many
papers.
"""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, Field, model_validator

from papergen.dates import Period
from papergen.model.base import (
    BodyRef,
    Id,
    Language,
    Line,
    Model,
    PersonRef,
    RagSchemeRef,
    Text,
    Verb,
    When,
    not_empty,
)
from papergen.model.rating import RagScheme

BodyKind = Literal[
    "council",
    "executive",
    "board",
    "committee",
    "scrutiny",
    "statutory-partnership",
    "programme-board",
    "shadow",
    "nhs",
    "regulator",
    "service",
    "partnership",
    "supplier",
]


class Name(Model):
    """A name that a body has for a time."""

    KIND: ClassVar[str] = "name"

    name: Text = Field(title="name", description="The name in full, without its article.")
    from_: When | None = Field(
        None,
        alias="from",
        title="first day of the name",
        description="The first day, month or year.",
    )
    to: When | None = Field(
        None,
        title="last day of the name",
        description="The last day, month or year, itself included.",
    )

    @property
    def period(self) -> Period:
        return Period(self.from_, self.to)


class Body(Model):
    """A council, board, committee, service, regulator or partner."""

    KIND: ClassVar[str] = "body"

    id: Id = Field(title="id", description="The name that plans and papers use for it.")
    names: Annotated[tuple[Name, ...], AfterValidator(not_empty)] = Field(
        title="name",
        description="Its names over time. For one name that always holds, `name:` is enough.",
    )
    article: Literal["the", "none"] = Field(
        "the",
        title="article",
        description="What stands before its name in a sentence; `none` for such as Ofsted.",
    )
    initials: Line | None = Field(
        None, title="initials", description="As introduced in brackets at the first mention: LSCB."
    )
    short: Text | None = Field(
        None,
        title="short form",
        description=(
            "What later mentions print, with its article: “the Council”. Else the initials."
        ),
    )
    aliases: tuple[Line, ...] = Field(
        (),
        title="other names",
        description="Other forms found in papers. They are never printed; checks look for them.",
    )
    kind: BodyKind | None = Field(None, title="kind", description="What kind of body it is.")
    parent: BodyRef | None = Field(
        None, title="parent body", description="The body that it is part of."
    )
    powers: tuple[Verb, ...] = Field(
        (),
        title="powers",
        description=(
            "The verbs it may be asked to do: a scrutiny committee recommends, it does not decide."
        ),
    )
    verb: Literal["singular", "plural"] = Field(
        "singular",
        title="verb number",
        description="“The Board is asked” or “The Board are asked”.",
    )
    nation: Literal["england", "wales", "scotland", "northern-ireland"] | None = Field(
        None, title="nation", description="Whose law on meetings and papers holds for it."
    )
    language: Language | None = Field(
        None, title="language", description="The language of its papers, as a code: en, cy."
    )
    rag_scheme: RagSchemeRef | None = Field(
        None,
        title="rating scheme",
        description="The words and tints it is used to, where they are not the plan's.",
    )
    clear_days: int | None = Field(
        None,
        ge=0,
        le=60,
        title="clear days",
        description="Clear working days before a meeting by which its papers are public (five in "
        "England: SI 2002/715; three in Wales: Local Government Act 1972 s100BA).",
    )

    @model_validator(mode="before")
    @classmethod
    def _one_name(cls, value: Any) -> Any:
        """`name: X` is short for `names: [{name: X}]`."""
        if isinstance(value, Mapping) and "name" in value and "names" not in value:
            return {
                ("names" if key == "name" else key): ([{"name": v}] if key == "name" else v)
                for key, v in value.items()
            }
        return value


class Holder(Model):
    """Who holds a post, and when."""

    KIND: ClassVar[str] = "holder"

    person: PersonRef = Field(title="holder", description="The person, by id.")
    from_: When | None = Field(
        None, alias="from", title="first day in post", description="The first day, month or year."
    )
    to: When | None = Field(
        None, title="last day in post", description="The last day, month or year, itself included."
    )
    acting: bool = Field(
        False, title="acting", description="true for somebody who acts for the holder."
    )

    @property
    def period(self) -> Period:
        return Period(self.from_, self.to)


class Post(Model):
    """An office that somebody holds. Papers name posts, not people."""

    KIND: ClassVar[str] = "post"

    id: Id = Field(title="id", description="The name that plans and papers use for it.")
    title: Text = Field(title="title", description="The title in full, without its article.")
    short: Text | None = Field(
        None,
        title="short form",
        description=(
            "What later mentions print, with its article: “the Director of Children's Services”. "
            "Else the title."
        ),
    )
    aliases: tuple[Line, ...] = Field(
        (),
        title="other titles",
        description="Other forms found in papers. They are never printed; checks look for them.",
    )
    body: BodyRef | None = Field(
        None, title="body", description="The body that the post belongs to."
    )
    holders: tuple[Holder, ...] = Field((), title="holder", description="Its holders over time.")


class Person(Model):
    """A person who holds a post."""

    KIND: ClassVar[str] = "person"

    id: Id = Field(title="id", description="The name that posts use for them.")
    name: Text = Field(title="name", description="The name as papers print it.")


class Bodies(Model):
    """The register of bodies, posts and people."""

    KIND: ClassVar[str] = "register"

    bodies: tuple[Body, ...] = Field(
        title="bodies", description="Councils, boards, services, partners."
    )
    posts: tuple[Post, ...] = Field((), title="posts", description="Offices.")
    people: tuple[Person, ...] = Field((), title="people", description="Holders of posts.")
    rag_schemes: tuple[RagScheme, ...] = Field(
        (), title="rating schemes", description="The words and tints of ratings."
    )
