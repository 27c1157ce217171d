"""The paper: what it says, in which form, and to which boards it goes."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, Discriminator, Field, Tag, model_validator

from papergen.model.base import (
    BodyRef,
    Day,
    FileName,
    Id,
    Line,
    Model,
    Narrative,
    Phrase,
    PostRef,
    Stated,
    Text,
    Verb,
    When,
    not_empty,
)
from papergen.model.words import AUTO


class Relation(Model):
    """How the paper stands to another one."""

    KIND: ClassVar[str] = "relation"

    paper: Text = Field(title="related paper", description="The title of the other paper.")
    relation: Literal["addendum", "supplement", "update", "replacement", "appendix"] = Field(
        title="relation",
        description="What this paper is to the other; the brand has the words (“Addendum to”).",
    )
    reason: Text | None = Field(
        None, title="reason", description="Why it is issued apart from the other paper."
    )


class Contact(Model):
    """Whom to ask about the paper."""

    KIND: ClassVar[str] = "contact"

    post: PostRef = Field(title="contact officer", description="The post.")
    email: Line | None = Field(
        None,
        title="e-mail address of the contact officer",
        description="For the public to write to.",
    )
    telephone: Line | None = Field(
        None, title="telephone number of the contact officer", description="For the public to call."
    )


class Exempt(Model):
    """Why the paper is not public."""

    KIND: ClassVar[str] = "classification"

    exempt: Annotated[tuple[Annotated[int, Field(ge=1, le=18)], ...], AfterValidator(not_empty)] = (
        Field(
            title="exempt paragraphs",
            description="Paragraph numbers of Schedule 12A to the Local Government Act 1972 "
            "(England 1 to 7, Wales 12 to 18) or of Schedule 7A to the Local Government "
            "(Scotland) Act 1973 (1 to 15).",
        )
    )
    public_interest: Text | None = Field(
        None,
        title="public interest test",
        description="Why the public interest in exemption outweighs that in disclosure.",
    )


class Section(Model):
    """A section's text; a heading only where it is not the brand's."""

    KIND: ClassVar[str] = "section"

    heading: Phrase | None = Field(
        None, title="heading", description="The heading, for a section of the paper's own."
    )
    text: Narrative = Field(
        title="text",
        description=(
            "Markdown with Jinja in it; or `auto`, and papergen drafts it from the plan's data."
        ),
    )

    @property
    def drafted(self) -> bool:
        """Whether it is to be drafted from data."""
        return self.text == AUTO

    @model_validator(mode="before")
    @classmethod
    def _text_alone(cls, value: Any) -> Any:
        """The text alone is short for `text:`."""
        if (
            value is None
            or isinstance(value, str)
            or (isinstance(value, Mapping) and not value.keys() & {"text", "heading"})
        ):
            return {"text": value}
        return value


class Implication(Model):
    """What the paper means for one matter: money, law, equality."""

    KIND: ClassVar[str] = "implication"

    text: Narrative = Field(
        title="text",
        description=(
            "Markdown with Jinja in it; or `auto`, and papergen drafts it from the plan's data."
        ),
    )
    cleared_by: PostRef | None = Field(
        None,
        title="clearing officer",
        description="Who cleared it. Clearances stay internal: no paper prints them.",
    )

    @model_validator(mode="before")
    @classmethod
    def _text_alone(cls, value: Any) -> Any:
        """The text alone is short for `text:`."""
        if value is None or (
            isinstance(value, Mapping) and not value.keys() & {"text", "cleared_by"}
        ):
            return {"text": value}
        return {"text": value} if isinstance(value, str) else value


class BackgroundPaper(Model):
    """A document relied on to a material extent (Local Government Act 1972 s100D)."""

    KIND: ClassVar[str] = "background paper"

    title: Phrase = Field(title="title", description="The document's title.")
    date: When | None = Field(None, title="date", description="The document's date.")


class Appendix(Model):
    """A document attached to the paper."""

    KIND: ClassVar[str] = "appendix"

    title: Phrase = Field(title="title", description="The appendix's title.")


class Recommendation(Model):
    """One thing that a board is asked to do. “To receive” and “is asked to receive” are made from
    it.
    """

    KIND: ClassVar[str] = "recommendation"

    verb: Verb = Field(
        title="verb",
        description="Plain form, one of the board's powers: receive, note, comment on.",
    )
    text: Phrase = Field(title="text", description="What follows the verb.")


class Consideration(Model):
    """A board that the paper goes to: when, what for, and what is said to this board alone."""

    KIND: ClassVar[str] = "consideration"

    board: BodyRef = Field(title="board", description="The body, by id.")
    meeting: Day = Field(
        title="date of the meeting", description="The day the board considers the paper."
    )
    item: Line | None = Field(
        None, title="agenda item number", description="The item's number on the board's agenda."
    )
    role: Literal["decide", "recommend", "note", "comment", "consult"] = Field(
        title="role", description="What the board is to do with the paper."
    )
    brand: FileName | None = Field(None, title="brand", description="Another brand for this board.")
    recommendations: Annotated[tuple[Recommendation, ...], AfterValidator(not_empty)] = Field(
        title="recommendations", description="What the board is asked to do, in order."
    )
    values: dict[Id, Phrase] = Field(
        {}, title="values", description="Small texts for this board: `{{ values.x }}`."
    )
    sections: dict[Id, Section] = Field(
        {}, title="sections", description="Sections that read differently for this board."
    )
    omit: tuple[Id, ...] = Field(
        (), title="omitted sections", description="Sections that this board's paper leaves out."
    )
    labels: dict[Id, Phrase] = Field(
        {}, title="labels", description="The brand's labels that read differently for this board."
    )
    illustrative: bool = Field(
        False,
        title="illustrative",
        description="true where the date of a sample's meeting is invented.",
    )


def _stated_or_list(value: Any) -> str:
    return "stated" if isinstance(value, str) else "list"


def _stated_or_implication(value: Any) -> str:
    return "stated" if value == "none" else "implication"


def _public_or_exempt(value: Any) -> str:
    return "public" if isinstance(value, str) else "exempt"


Classification = Annotated[
    Annotated[Literal["public"], Tag("public")] | Annotated[Exempt, Tag("exempt")],
    Discriminator(_public_or_exempt),
]
BackgroundPapers = Annotated[
    Annotated[Literal["none", "auto"], Tag("stated")]
    | Annotated[tuple[BackgroundPaper, ...], Tag("list")],
    Discriminator(_stated_or_list),
]
Appendices = Annotated[
    Annotated[Stated, Tag("stated")] | Annotated[tuple[Appendix, ...], Tag("list")],
    Discriminator(_stated_or_list),
]
ImplicationOrNone = Annotated[
    Annotated[Stated, Tag("stated")] | Annotated[Implication, Tag("implication")],
    Discriminator(_stated_or_implication),
]


class Paper(Model):
    """A committee paper for one board or several."""

    KIND: ClassVar[str] = "paper"

    kind: Literal["report", "addendum", "supplement", "update"] = Field(
        "report", title="kind", description="What kind of paper it is."
    )
    id: Id | None = Field(
        None, title="id", description="Stands in file names; else the folder's name does."
    )
    status: Literal["draft", "final"] = Field(
        "draft", title="status", description="How far the paper has come."
    )
    title: Phrase = Field(title="title", description="The title, with Jinja in it.")
    short_title: Phrase | None = Field(
        None, title="short title", description="For page footers, with Jinja in it."
    )
    as_at: Day = Field(title="as-at date", description="The day up to which facts are known.")
    plan: FileName = Field(
        title="plan", description="The plan's file, seen from the paper's folder."
    )
    bodies: FileName = Field(
        title="bodies",
        description="The file of the register of bodies, seen from the paper's folder.",
    )
    brand: FileName = Field(
        title="brand", description="The house style: the name of its folder, or a path to it."
    )
    reference: Line | None = Field(
        None, title="reference", description="The paper's reference number."
    )
    relates_to: tuple[Relation, ...] = Field(
        (), title="related papers", description="Papers that this one belongs to."
    )
    author: PostRef = Field(
        title="author", description="A post; its holder on the day of the meeting is printed."
    )
    on_behalf_of: BodyRef = Field(
        title="body on whose behalf", description="The body whose paper it is."
    )
    contact: Contact | None = Field(
        None, title="contact officer", description="Whom to ask about the paper."
    )
    classification: Classification | None = Field(
        None,
        title="classification",
        description="`public`, or the paragraphs under which it is exempt.",
    )
    wards: Text | None = Field(
        None, title="wards affected", description="As the paper prints them."
    )
    considerations: Annotated[tuple[Consideration, ...], AfterValidator(not_empty)] = Field(
        title="considerations", description="The boards it goes to, in order."
    )
    sections: Annotated[dict[Id, Section], AfterValidator(not_empty)] = Field(
        {},
        title="sections",
        description="The sections, in the order they are printed. Left out altogether, they are "
        "those of the brand, drafted from the plan's data; so is a required one that is left out.",
    )
    action_table: Literal["body", "appendix"] | None = Field(
        None,
        title="action table",
        description=(
            "Where the table of the plan's actions stands: among the sections, or as an appendix. "
            "Left out: nowhere."
        ),
    )
    implications: dict[Id, ImplicationOrNone] = Field(
        {},
        title="implications",
        description=(
            "What it means for finance, law, equality …; `none` states that there are none."
        ),
    )
    background_papers: BackgroundPapers | None = Field(
        None,
        title="background papers",
        description="Documents relied on (Local Government Act 1972 s100D), or `none`; or "
        "`auto`: the plan, and the reports of the inspections that it answers.",
    )
    appendices: Appendices | None = Field(
        None, title="appendices", description="Documents attached, or `none`."
    )
