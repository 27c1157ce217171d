"""Ratings, in the words of a body's scheme; a rating that is withheld; what proves that a thing is
done.
"""

from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field

from papergen.model.base import BodyRef, Colour, Id, Model, Text, When, not_empty


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
    colour: Colour | None = Field(
        None, title="tint", description="A light tint behind the label, as RRGGBB: F4C7C3."
    )


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
    sufficiency: Literal["sufficient", "insufficient", "none"] = Field(
        title="sufficiency", description="Whether it is enough to sign the action off."
    )
    gap: Text | None = Field(None, title="missing evidence", description="What is still needed.")


class SignOff(Model):
    """That a body has accepted an action as done."""

    KIND: ClassVar[str] = "sign-off"

    by: BodyRef = Field(title="body that signed off", description="The body that accepted it.")
    date: When | None = Field(None, title="date of the sign-off", description="The day it did.")
