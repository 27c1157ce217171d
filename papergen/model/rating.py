"""Ratings, in the words of a body's scheme; a rating that is withheld; what proves that a thing is
done.
"""

import re
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field

from papergen.model.base import (
    BodyRef,
    Colour,
    Id,
    Line,
    Model,
    OneOf,
    Text,
    When,
    in_language,
    not_empty,
)

RatedState = Literal["complete", "not-due"]
"""What an action with a certain rating is, besides being rated so."""


class RagValue(Model):
    """One value of a scheme."""

    KIND: ClassVar[str] = "rating value"

    code: Id = Field(title="code", description="What ratings use: red.")
    label: Text = Field(
        title="label", description="What papers print: Red. A colour is never shown without it."
    )
    meaning: Text | None = Field(
        None, title="meaning", description="What the key to a table says of it."
    )
    means: RatedState | None = Field(
        None,
        title="state of actions rated so",
        description=(
            "What an action that a list rates so is, where the scheme says it: complete, or not "
            "yet due. Left out: what the words of `meaning` say by themselves, else nothing."
        ),
    )
    colour: Colour | None = Field(
        None, title="tint", description="A light tint behind the label, as RRGGBB: F4C7C3."
    )


_WORDS_OF_STATES: dict[str, RatedState] = {
    **dict.fromkeys(
        (
            "complete",
            "completed",
            "action complete",
            "action completed",
            "completed action",
            "action is complete",
            "closed",
            "action closed",
            "delivered",
            "action delivered",
            "done",
            "finished",
            "fully complete",
            "fully completed",
            "complete and closed",
            "completed and closed",
        ),
        "complete",
    ),
    **dict.fromkeys(
        (
            "not due",
            "not yet due",
            "action not due",
            "action not yet due",
            "not due yet",
            "not started not due",
            "not started not yet due",
            "not yet started not due",
            "not yet started not yet due",
            "not yet due to start",
            "not due to start",
            "not yet due for completion",
        ),
        "not-due",
    ),
}
_NO_LETTERS = re.compile(r"[^a-z]+")


def meaning_of(value: RagValue) -> RatedState | None:
    """What an action with this rating is; None where the scheme does not say it.

    That is what `means` says; else what a `meaning` says that is nothing but one of a few plain
    words. One that says more, as “complete or on track” does, is left to `means`.
    """
    if value.means is not None or value.meaning is None:
        return value.means
    letters = _NO_LETTERS.sub(" ", in_language(value.meaning).casefold())
    return _WORDS_OF_STATES.get(letters.strip())


class RagScheme(Model):
    """The values that a body rates progress by. `unrated` is always among them and need not be
    listed.
    """

    KIND: ClassVar[str] = "scheme"

    id: Id = Field(title="id", description="The name that plans and bodies use for it.")
    values: Annotated[tuple[RagValue, ...], AfterValidator(not_empty)] = Field(
        title="values", description="Its values, from the worst to the best."
    )


class Withheld(Model):
    """Why a rating that is known is not printed."""

    KIND: ClassVar[str] = "withheld rating"

    reason: Text = Field(title="reason", description="What the paper says in the rating's place.")
    ground: Text | None = Field(
        None, title="ground", description="The rule it is withheld under. No paper prints it."
    )


class Rating(Model):
    """What a body judged the state of a thing to be. The last one known by the as-at date holds;
    none is overwritten.
    """

    KIND: ClassVar[str] = "rating"

    value: Id = Field(title="value", description="A code of the plan's scheme, or `unrated`.")
    by: BodyRef | None = Field(None, title="rating body", description="The body that judged.")
    on: When | None = Field(None, title="date of the rating", description="The day it judged.")
    reason: Text | None = Field(
        None, title="reason", description="Why; for `unrated`, why nothing can be said yet."
    )
    withheld: Withheld | None = Field(
        None, title="withheld", description="Why it is not printed, where it is not."
    )


class Evidence(Model):
    """What shows that an action is done and works."""

    KIND: ClassVar[str] = "evidence"

    title: Text | None = Field(None, title="title", description="What it is.")
    dated: When | None = Field(None, title="date of the evidence", description="Its date.")
    sufficiency: Literal["sufficient", "insufficient", "none"] | None = Field(
        None,
        title="sufficiency",
        description=(
            "Whether it is enough to sign the action off. Left out: nobody has judged that yet."
        ),
    )
    gap: Text | None = Field(None, title="missing evidence", description="What is still needed.")


class SignOff(OneOf):
    """That an action has been accepted as done."""

    KIND: ClassVar[str] = "sign-off"
    ONE_OF: ClassVar[tuple[str, ...]] = ("by", "name")

    by: BodyRef | None = Field(
        None, title="body that signed off", description="The body that accepted it."
    )
    name: Line | None = Field(
        None,
        title="name of who signed off",
        description="Who accepted it, as papers print it, where that is no body of the register.",
    )
    date: When | None = Field(None, title="date of the sign-off", description="The day it did.")
