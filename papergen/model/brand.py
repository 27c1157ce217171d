"""The brand: how one council's papers are laid out, and the words its forms use."""

import re
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field

from papergen.language.catalogue import read_catalogue
from papergen.language.cldr import make_locale
from papergen.model.base import (
    Colour,
    FileName,
    Id,
    Line,
    Model,
    Text,
    fault,
    not_empty,
)
from papergen.readers.annotations import Setting

_CATALOGUE = read_catalogue()


def _check_tag(text: str) -> str:
    if not _TAG.fullmatch(text):
        raise fault(
            "wrong-value",
            f"“{text[:40]}” is not the tag of a language",
            "Write it as `en-GB`, `cy-GB` or `gd`.",
        )
    return text


def _check_pattern(text: str) -> str:
    try:
        make_locale(pattern=text)
    except ValueError as wrong:
        raise fault("wrong-value", str(wrong), "Write it as `d MMMM yyyy`.") from None
    return text


_TAG = re.compile(r"[a-z]{2,3}(?:-[A-Z][a-z]{3})?(?:-(?:[A-Z]{2}|[0-9]{3}))?", re.ASCII)

LanguageTag = Annotated[str, AfterValidator(_check_tag), Setting()]
"""Language, script and region as BCP 47 has them (ISO/IEC 29500-1, 22.9.2.6, ST_Lang)."""

DatePattern = Annotated[str, AfterValidator(_check_pattern), Setting()]
"""How days are printed, as a CLDR pattern (UTS 35)."""

StyleName = Annotated[Line, Setting()]
"""The name of a style as Word shows it."""


class BrandSection(Model):
    """A section that this brand's papers have."""

    KIND: ClassVar[str] = "section"

    id: Id = Field(title="id", description="The name that papers use for it.")
    heading: Text = Field(title="heading", description="The heading it is printed under.")
    required: bool = Field(
        False, title="required", description="true where no paper may be without it."
    )


class BrandImplication(Model):
    """A matter on which this brand's papers state what they mean for it: money, law, equality."""

    KIND: ClassVar[str] = "implication"

    id: Id = Field(
        title="id", description="The name that papers use for it, under `implications:`."
    )
    heading: Text = Field(title="heading", description="The heading it is printed under.")


class Styles(Model):
    """The template's Word styles for the parts of a narrative, by their names in Word."""

    KIND: ClassVar[str] = "styles"

    paragraph: StyleName = Field(
        "Numbered paragraph", title="paragraph style", description="A numbered paragraph."
    )
    subheading: StyleName = Field("Subheading", title="subheading style", description="`##`.")
    subsubheading: StyleName = Field(
        "Minor subheading", title="minor subheading style", description="`###`."
    )
    bullet: StyleName = Field("List Bullet", title="bullet style", description="A bullet.")
    bullet_2: StyleName = Field(
        "List Bullet 2",
        alias="bullet-2",
        title="second bullet style",
        description="A bullet in a bullet.",
    )
    letter: StyleName = Field("Sub-paragraph", title="sub-paragraph style", description="(a), (b).")
    roman: StyleName = Field(
        "Sub-sub-paragraph", title="sub-sub-paragraph style", description="(i), (ii)."
    )
    continuation: StyleName = Field(
        "List Continue",
        title="continuation style",
        description="A further paragraph of a list item.",
    )
    cell: StyleName = Field("Table text", title="table text style", description="Text in a table.")
    cell_heading: StyleName = Field(
        "Table heading",
        alias="cell-heading",
        title="table heading style",
        description="A table's header row.",
    )
    caption: StyleName = Field(
        "caption", title="caption style", description="The caption of a table."
    )
    unnumbered: StyleName = Field(
        "Unnumbered paragraph",
        title="un-numbered style",
        description="A paragraph of an appendix, which has no number.",
    )
    link: StyleName = Field(
        "Hyperlink", title="link style", description="The character style of a link."
    )


class Table(Model):
    """How tables of a narrative look beyond their styles."""

    KIND: ClassVar[str] = "table"

    header_fill: Colour = Field(
        "D9E2E8", title="header fill", description="The tint of the header row, as RRGGBB."
    )
    word: Text = Field(
        _CATALOGUE.words.table,
        title="word for tables",
        description="What stands before a table's number.",
    )


Column = Literal[
    "ref",
    "text",
    "workstream",
    "owner",
    "responsible",
    "priority",
    "due",
    "status",
    "share",
    "evidence",
    "outcome",
    "rating",
    "update",
]


class ActionTable(Model):
    """The table of the plan's actions, in papers that have one."""

    KIND: ClassVar[str] = "action table"

    columns: Annotated[tuple[Column, ...], AfterValidator(not_empty)] = Field(
        ("ref", "text", "owner", "due", "status", "rating"),
        title="columns",
        description=(
            "Its columns, in order. One for which the plan gives nothing at all is left out."
        ),
    )


class Brand(Model):
    """A council's house style. The layout itself is in the Word template."""

    KIND: ClassVar[str] = "brand"

    name: Text = Field(title="name", description="What the brand is called.")
    template: FileName = Field(
        "paper.docx",
        title="template",
        description="The Word template, a file in the brand's folder.",
    )
    language: LanguageTag = Field(
        _CATALOGUE.tag, title="language", description="The language of its papers, for Word."
    )
    date_format: DatePattern = Field(
        "d MMMM yyyy",
        title="date format",
        description="How days are printed, as a CLDR pattern (UTS 35): d MMMM yyyy.",
    )
    reference_word: Text = Field(
        _CATALOGUE.words.reference,
        title="reference word",
        description="What stands before the number in a cross-reference.",
    )
    sections: tuple[BrandSection, ...] = Field(
        (), title="sections", description="The sections this brand knows, with their headings."
    )
    implications: tuple[BrandImplication, ...] = Field(
        (),
        title="implications",
        description="What every paper states its implications for, in the order they are printed.",
    )
    styles: Styles = Field(
        default_factory=Styles,
        title="styles",
        description="The template's styles, where named otherwise.",
    )
    labels: dict[Id, Text] = Field(
        {}, title="labels", description="The words of its forms, by key."
    )
    action_table: ActionTable = Field(
        default_factory=ActionTable,
        title="action table",
        description="What the table of the plan's actions shows.",
    )
    table: Table = Field(default_factory=Table, title="tables", description="How tables look.")
