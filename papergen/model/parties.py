"""Who answers for an action or carries it out, where that is not one post or one body."""

from typing import Annotated, ClassVar

from pydantic import AfterValidator, Field, ValidationInfo

from papergen.model.base import BodyRef, Line, OneOf, PersonRef, PostRef, fault


class Party(OneOf):
    """A post, a body, a person, or somebody who is known by a name alone."""

    KIND: ClassVar[str] = "party"
    ONE_OF: ClassVar[tuple[str, ...]] = ("post", "body", "person", "name")

    post: PostRef | None = Field(None, title="post", description="A post, by its id.")
    body: BodyRef | None = Field(None, title="body", description="A body, by its id.")
    person: PersonRef | None = Field(None, title="person", description="A person, by their id.")
    name: Line | None = Field(
        None,
        title="name as written",
        description="A name that the register lacks: papers print it as it is written.",
    )


def _not_beside(single: str, several: str) -> AfterValidator:
    """The check that a list of parties is not given beside the one reference that it replaces."""

    def check(parties: tuple[Party, ...], info: ValidationInfo) -> tuple[Party, ...]:
        if parties and info.data.get(single) is not None:
            raise fault(
                "wrong-value",
                f"`{several}:` stands here beside `{single}:`",
                f"Move the entry of `{single}:` to `{several}:`, or delete one of the two.",
            )
        return parties

    return AfterValidator(check)


Owners = Annotated[tuple[Party, ...], _not_beside("owner", "owners")]
"""Who answers for an action that has no `owner`."""

Doers = Annotated[tuple[Party, ...], _not_beside("responsible", "carried_out_by")]
"""Who carries out an action that has no `responsible` body."""
