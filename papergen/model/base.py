"""What every model shares: strictness, ids, references, texts, dates.

Readers return every plain scalar as its text, so these types decide what a text means. A validator
of papergen's own raises a `PydanticCustomError` whose type is a message code of
`papergen.errors.REGISTRY` and whose context may hold a `hint`.
"""

import re
from collections.abc import Mapping, Sized
from typing import Annotated, Any, ClassVar, Literal, Self, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Discriminator,
    GetJsonSchemaHandler,
    PlainValidator,
    Tag,
    WithJsonSchema,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError

from papergen.dates import PartialDate
from papergen.language.cldr import make_locale
from papergen.language.words import ENGLISH
from papergen.readers.annotations import Jinja, ReferenceTo, Setting
from papergen.text import FORBIDDEN_IN_XML, in_code, shorten

Items = TypeVar("Items", bound=Sized)
ID_LENGTH = 40
_ID = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*", re.ASCII)
_LANGUAGE = re.compile(r"[a-z]{2}", re.ASCII)
_VERB = re.compile(r"[a-z]+(?:[ -][a-z]+)*", re.ASCII)
_DAY_OF_MONTH = re.compile(r"(\d{4})-(\d{2})(?:-(\d{2}))?", re.ASCII)


class Model(BaseModel):
    """A frozen record that refuses fields it does not know.

    `KIND` is the namespace of its `id`, or empty where it has none.
    """

    # Pydantic builds validators only for models that are used to validate: half the start-up time.
    model_config = ConfigDict(
        frozen=True, extra="forbid", arbitrary_types_allowed=True, defer_build=True
    )

    KIND: ClassVar[str] = ""


def fault(code: str, message: str, hint: str) -> PydanticCustomError:
    """The error that becomes a `Problem`. Braces in `message` stand for themselves."""
    return PydanticCustomError(code, "{message}", {"message": message, "hint": hint})


class OneOf(Model):
    """A record that gives one of the fields named in `ONE_OF`, and no more than one."""

    ONE_OF: ClassVar[tuple[str, ...]] = ()

    @model_validator(mode="after")
    def _gives_one(self) -> Self:
        given = [name for name in self.ONE_OF if getattr(self, name) is not None]
        if len(given) != 1:
            found = "several are" if given else "none is"
            raise fault(
                "wrong-value",
                f"one of {in_code(self.ONE_OF)} is needed here, and {found} given",
                "Write the one that is right, and no other.",
            )
        return self

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        schema = handler(core_schema)
        model = handler.resolve_ref_schema(schema)
        model["oneOf"] = [{"required": [name]} for name in cls.ONE_OF]
        return schema


def _check_characters(text: str) -> str:
    found = FORBIDDEN_IN_XML.search(text)
    if found:
        raise fault(
            "bad-character",
            f"the text holds the character U+{ord(found.group()):04X}, which no Word file can hold",
            "Delete that character; retype the words round it if you cannot see it.",
        )
    return text


def _check_text(text: str) -> str:
    if not text.strip():
        raise fault(
            "wrong-value", "this text is empty", "Write the text, or delete the whole field."
        )
    return _check_characters(text)


def _check_id(text: str) -> str:
    if len(text) > ID_LENGTH or not _ID.fullmatch(text):
        raise fault(
            "bad-id",
            f"“{shorten(text, ID_LENGTH)}” is not an id",
            (
                "Use lower-case letters, digits and single hyphens, a letter first, at most "
                f"{ID_LENGTH} characters."
            ),
        )
    return text


def _check_verb(text: str) -> str:
    if not _VERB.fullmatch(text):
        raise fault(
            "wrong-value",
            f"“{shorten(text, ID_LENGTH)}” is not a verb as papergen needs it",
            "Write the plain form in lower case, without “to”: `note`, `receive`, `comment on`.",
        )
    return text


def not_empty(items: Items) -> Items:
    """Refuse an empty list. (Pydantic's own `min_length` also fails where an entry is wrong.)"""
    if not items:
        raise fault("wrong-value", "this list is empty", "Write at least one entry.")
    return items


Id = Annotated[str, AfterValidator(_check_id)]
"""Lower-case letters, digits, single hyphens; a letter first; at most 40 characters."""

Verb = Annotated[str, AfterValidator(_check_verb)]
"""What a board is asked to do, in the plain form: “receive”."""

Line = Annotated[str, AfterValidator(_check_text)]
"""A text in no language: initials, an e-mail address, a file name."""

FileName = Annotated[Line, Setting()]
"""The name of a file or folder, or a path to it."""

Stated = Literal["none"]
"""The statement that there is none, as against a fact that is not given."""

# Not `Id`: whoever writes a name in place of an id is shown which ids there are.
BodyRef = Annotated[str, ReferenceTo("body")]
PostRef = Annotated[str, ReferenceTo("post")]
PersonRef = Annotated[str, ReferenceTo("person")]
MilestoneRef = Annotated[str, ReferenceTo("milestone")]
PhaseRef = Annotated[str, ReferenceTo("phase")]
WorkstreamRef = Annotated[str, ReferenceTo("workstream")]
RagSchemeRef = Annotated[str, ReferenceTo("scheme")]


def _check_colour(text: str) -> str:
    if len(text) != 6 or not set(text) <= set("0123456789ABCDEF"):
        raise fault(
            "wrong-value",
            f"“{text[:40]}” is not a colour",
            "Write six digits 0-9 or A-F: `D9E2E8`.",
        )
    return text


Colour = Annotated[str, AfterValidator(_check_colour)]
"""Red, green and blue, two hexadecimal digits each."""


def _check_language(code: str) -> str:
    if not _LANGUAGE.fullmatch(code):
        raise fault(
            "wrong-value",
            f"“{shorten(code, ID_LENGTH)}” is not a language code",
            "Use two letters: `en`, `cy`, `gd`.",
        )
    return code


Language = Annotated[str, AfterValidator(_check_language)]
"""An ISO 639-1 code."""


def _form_of_text(value: Any) -> str:
    return "languages" if isinstance(value, Mapping) else "text"


def _check_languages(texts: dict[str, str]) -> dict[str, str]:
    if not texts:
        raise fault(
            "wrong-value",
            "this text is given in no language",
            "Write the text, or `en:` and the text.",
        )
    return texts


Text = Annotated[
    Annotated[Line, Tag("text")]
    | Annotated[dict[Language, Line], AfterValidator(_check_languages), Tag("languages")],
    Discriminator(_form_of_text),
]
"""Text for people: a string, or a string for each language."""

Phrase = Annotated[Text, Jinja(narrative=False)]
"""One line with Jinja in it: a title, a heading, a recommendation."""

Narrative = Annotated[Text, Jinja(narrative=True)]
"""Markdown with Jinja in it."""


def in_language(text: str | Mapping[str, str], language: str = ENGLISH) -> str:
    """The text in that language, else in English, else in the first language given."""
    if isinstance(text, str):
        return text
    return text.get(language) or text.get(ENGLISH) or next(iter(text.values()))


_DATE_HINT = "Write dates as 2012-11-08, 2012-11 or 2012."


def parse_when(value: object) -> PartialDate:
    """A date of day, month or year precision. Raises a `bad-date` error that says what is wrong."""
    if isinstance(value, PartialDate):
        return value
    if not isinstance(value, str):
        raise fault("bad-date", "a date is expected here", _DATE_HINT)
    try:
        return PartialDate.parse(value)
    except ValueError:
        raise fault("bad-date", _what_is_wrong(value), _DATE_HINT) from None


def parse_day(value: object) -> PartialDate:
    """A date of day precision."""
    found = parse_when(value)
    if found.day is None:
        raise fault("bad-date", f"“{value}” is not one day", "Write the day as well: 2012-11-08.")
    return found


def _what_is_wrong(text: str) -> str:
    found = _DAY_OF_MONTH.fullmatch(text)
    if not found:
        return f"“{shorten(text, ID_LENGTH)}” is not a date"
    year, month, day = found.groups()
    if year == "0000":
        return "there is no year 0000"
    if not 1 <= int(month) <= 12:
        return f"there is no month {month}"
    name = make_locale().months[int(month) - 1]
    return f"{int(day)} {name} {year} does not exist"


DATE_SCHEMA: JsonSchemaValue = {
    "type": "string",
    "pattern": r"^\d{4}(-\d{2}(-\d{2})?)?$",
    "examples": ["2012-11-08", "2012-11", "2012"],
}
"""A date of day, month or year precision in a JSON Schema."""

When = Annotated[PartialDate, PlainValidator(parse_when), WithJsonSchema(DATE_SCHEMA)]
"""A date of day, month or year precision."""

Day = Annotated[
    PartialDate,
    PlainValidator(parse_day),
    WithJsonSchema(
        {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$", "examples": ["2012-11-08"]}
    ),
]
"""A date of day precision."""
