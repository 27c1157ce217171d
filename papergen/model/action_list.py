"""How an officer's own list of actions is to be read: the group `actions:` of a plan.

Each answer stands here under what the list itself says, so that the list stays as it is.
"""

import re
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Discriminator,
    Field,
    PlainValidator,
    Tag,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

from papergen.dates import PartialDate
from papergen.model.base import DATE_SCHEMA, FileName, Line, Model, fault, parse_when
from papergen.model.words import AS_WRITTEN, UNRATED
from papergen.readers.annotations import Setting
from papergen.text import CODE, did_you_mean, in_code, shorten

_CODE = re.compile(r"[a-z][a-z0-9-]*", re.ASCII)

Heading = Annotated[Line, Setting()]
"""The heading of a column, its letters (F), or `none`."""

StatusAnswer = Literal[
    "complete",
    "in-progress",
    "not-started",
    "suspended",
    "cancelled",
    "open",
    "not-due",
    "not-known",
]
"""What an action is: a status; or only that it is not done, not yet due, or not known."""

RATING_STATES = ("complete", "not-due")
"""In the place of a rating's code: what that rating of the list says of an action."""


def _check_rating(text: str) -> str:
    if not _CODE.fullmatch(text):
        known = (UNRATED, *RATING_STATES)
        raise fault(
            "wrong-value",
            f"“{shorten(text)}” is no code of a rating",
            did_you_mean(text, known, CODE)
            or f"Write a code of the plan's scheme, or one of {in_code(known)}.",
        )
    return text


RatingAnswer = Annotated[str, AfterValidator(_check_rating)]
"""The code of a rating in the plan's scheme, or one of `RATING_STATES`."""

PartyAnswer = Annotated[str, Setting()]
"""The id of a post, a body or a person; or `as-written`. The register is asked for it."""

SheetName = Annotated[Line, Setting()]

SkipOrRead = Literal["skip", "read"]


class ListedColumns(Model):
    """Which column of a list each field is in: its heading as the list has it, or its letters
    (F); `none` where no column is for the field.
    """

    KIND: ClassVar[str] = "columns of a list"

    ref: Heading | None = Field(
        None, title="reference", description="The action's number, as people know it."
    )
    text: Heading | None = Field(None, title="text", description="What is to be done.")
    owner: Heading | None = Field(None, title="owner", description="Who answers for it.")
    responsible: Heading | None = Field(
        None, title="responsible body", description="The body that carries it out."
    )
    workstream: Heading | None = Field(
        None, title="workstream", description="The workstream, theme or priority it is part of."
    )
    phase: Heading | None = Field(None, title="phase", description="The phase it is part of.")
    priority: Heading | None = Field(None, title="priority", description="Whether it is urgent.")
    due: Heading | None = Field(None, title="due date", description="When it was first due.")
    revised_due: Heading | None = Field(
        None, title="revised due date", description="When it is due now."
    )
    status: Heading | None = Field(None, title="status", description="How far it has come.")
    completed: Heading | None = Field(
        None, title="date of completion", description="When it was done."
    )
    rating: Heading | None = Field(None, title="rating", description="Its rating, as red.")
    share: Heading | None = Field(
        None, title="share that is complete", description="How much of it is done, per cent."
    )
    comment: Heading | None = Field(None, title="update", description="The latest on it.")
    evidence: Heading | None = Field(
        None, title="evidence", description="What shows that it is done."
    )
    signed_off: Heading | None = Field(
        None, title="sign-off", description="Who has accepted it as done, or when."
    )

    def given(self) -> dict[str, str]:
        """The headings by field, of the fields that are answered."""
        return {name: str(value) for name, value in self if value is not None}


class HiddenParts(Model):
    """What becomes of hidden rows, columns and sheets, where that is not the same."""

    KIND: ClassVar[str] = "hidden parts of a list"

    rows: SkipOrRead | None = Field(
        None, title="hidden rows", description="Whether hidden rows are skipped or read."
    )
    columns: SkipOrRead | None = Field(
        None, title="hidden columns", description="Whether hidden columns are skipped or read."
    )
    sheets: SkipOrRead | None = Field(
        None, title="hidden sheets", description="Whether hidden sheets are skipped or read."
    )


def _form_of_hidden(value: Any) -> str:
    return "parts" if isinstance(value, (Mapping, HiddenParts)) else "word"


Hidden = Annotated[
    Annotated[SkipOrRead, Tag("word")] | Annotated[HiddenParts, Tag("parts")],
    Discriminator(_form_of_hidden),
]
"""One word for all that is hidden, or one for each part."""


def _parse_meant_date(value: object) -> PartialDate:
    try:
        return parse_when(value)
    except PydanticCustomError as wrong:
        hint = f"Write the date as 2012-11-08, 2012-11 or 2012; or `{AS_WRITTEN}`."
        raise fault("bad-date", wrong.message(), hint) from None


MeantDate = Annotated[
    PartialDate,
    PlainValidator(_parse_meant_date),
    WithJsonSchema(DATE_SCHEMA),
]


def _form_of_date(value: Any) -> str:
    return "word" if value == AS_WRITTEN else "date"


DateAnswer = Annotated[
    Annotated[Literal["as-written"], Tag("word")] | Annotated[MeantDate, Tag("date")],
    Discriminator(_form_of_date),
]
"""The date that a due date of the list means; or that it prints as the list has it."""


def _as_list(value: Any) -> Any:
    """A name or a number alone is short for a list of one."""
    return [value] if isinstance(value, str) else value


SheetNames = Annotated[
    tuple[SheetName, ...],
    BeforeValidator(_as_list, json_schema_input_type=SheetName | tuple[SheetName, ...]),
]

ColumnLetters = Annotated[
    tuple[Heading, ...],
    BeforeValidator(_as_list, json_schema_input_type=Heading | tuple[Heading, ...]),
]

RowNumber = Annotated[int, Field(ge=1)]


class ActionsFrom(Model):
    """A list of actions, and how it is to be read. The name of its file alone is enough, as long
    as the list leaves nothing open.
    """

    KIND: ClassVar[str] = "list of actions"

    file: FileName = Field(
        title="file",
        description="An Excel workbook (.xlsx) or CSV file, seen from the plan's folder.",
    )
    sheets: SheetNames = Field(
        (), title="sheets", description="The sheets that hold actions, by name; one or a list."
    )
    heading_row: RowNumber | None = Field(
        None, title="row of headings", description="The number of the row of headings, as in Excel."
    )
    columns: ListedColumns = Field(
        default_factory=ListedColumns,
        title="columns",
        description="Which column each field is in: its heading, its letters, or `none`.",
    )
    unused_columns: ColumnLetters = Field(
        (),
        title="columns that are not read",
        description="The letters of columns that are not read, as those without a heading: K.",
    )
    statuses: dict[Line, StatusAnswer] = Field(
        {}, title="statuses", description="What each word of the status column means."
    )
    ratings: dict[Line, RatingAnswer] = Field(
        {},
        title="ratings",
        description=(
            "What each rating of the list is: a code of the plan's scheme or `unrated`; or what it "
            "says of the action, `complete` or `not-due`; `not-known` prints none."
        ),
    )
    owners: dict[Line, PartyAnswer] = Field(
        {},
        title="owners",
        description=(
            "Who each name of the list is: the id of a post, a body or a person; or `as-written`."
        ),
    )
    due_dates: dict[Line, DateAnswer] = Field(
        {},
        title="due dates",
        description="What each due date of the list means: a date, or `as-written`.",
    )
    settle: dict[Line, StatusAnswer] = Field(
        {},
        title="settled statuses",
        description=(
            "What an action is of which the list says two things, by its reference or its row: "
            "`row 12`."
        ),
    )
    rows: dict[Line, Literal["action", "title", "skip"]] = Field(
        {},
        title="rows",
        description=(
            "What single rows are, by number (`12`; `Live!12` where several sheets are read): an "
            "`action`, the `title` of those below, or none of the two (`skip`)."
        ),
    )
    hidden: Hidden | None = Field(
        None,
        title="hidden rows, columns and sheets",
        description=(
            "Whether what is hidden is read: `skip` or `read`; or one of the two for each of "
            "`rows`, `columns` and `sheets`."
        ),
    )
    struck_through: Literal["cancelled", "read", "skip"] | None = Field(
        None,
        title="struck-through actions",
        description=(
            "What an action with a line through it is: `cancelled`, an action as any other "
            "(`read`), or none (`skip`)."
        ),
    )
    blank_workstreams: Literal["above", "none"] | None = Field(
        None,
        title="empty cells of workstreams",
        description=(
            "What a row without a workstream or phase belongs to: that of the row `above`, or "
            "`none`."
        ),
    )
    dates: Literal["day-first", "month-first"] | None = Field(
        None, title="order of dates", description="How 03/04/2025 is to be read in the list."
    )
    full_mark: Literal["whole", "percent", "not-known"] | None = Field(
        None,
        title="mark of what is complete",
        description=(
            "What a 1 in a column of percentages is: all of it (`whole`), 1 % (`percent`), or "
            "`not-known`."
        ),
    )

    @model_validator(mode="before")
    @classmethod
    def _file_alone(cls, value: Any) -> Any:
        """The name of the file alone is short for `file:`."""
        return {"file": value} if isinstance(value, str) else value

    def answers(self) -> dict[str, Any]:
        """What is answered, by the names that the reading of lists has for it."""
        hidden = self.hidden
        if isinstance(hidden, str):
            hidden = HiddenParts(rows=hidden, columns=hidden, sheets=hidden)
        elif hidden is None:
            hidden = HiddenParts()
        return {
            "sheets": self.sheets,
            "heading_row": self.heading_row,
            "columns": {
                **self.columns.given(),
                **dict.fromkeys(self.unused_columns, "none"),
            },
            "statuses": self.statuses,
            "ratings": self.ratings,
            "owners": self.owners,
            "due_dates": self.due_dates,
            "settle": self.settle,
            "rows": self.rows,
            "hidden_rows": hidden.rows,
            "hidden_columns": hidden.columns,
            "hidden_sheets": hidden.sheets,
            "struck_through": self.struck_through,
            "blank_workstreams": self.blank_workstreams,
            "dates": self.dates,
            "full_mark": self.full_mark,
        }
