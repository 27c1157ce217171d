"""Who answers to whom for a plan, and who may change it."""

from typing import ClassVar, Literal

from pydantic import Field

from papergen.model.base import BodyRef, Model, PostRef, Text


class ReportingLine(Model):
    """What a body or a post does for another, or for the plan. Where `from` or `to` is left out, it
    is the plan.
    """

    KIND: ClassVar[str] = "reporting line"

    from_body: BodyRef | None = Field(None, title="body", description="The body that does it.")
    from_post: PostRef | None = Field(None, title="post", description="The post that does it.")
    kind: Literal["reports-to", "monitors", "oversees", "chairs", "comments-to", "informs"] = Field(
        title="kind", description="What it does."
    )
    to_body: BodyRef | None = Field(
        None, title="other body", description="The body it does it for."
    )
    to_post: PostRef | None = Field(
        None, title="other post", description="The post it does it for."
    )
    on: Text | None = Field(
        None, title="subject", description="What it is about: safeguarding issues."
    )


class ChangeControl(Model):
    """Who may make one kind of change to the plan."""

    KIND: ClassVar[str] = "change control"

    scope: Text = Field(
        title="scope",
        description="The kind of change, to follow “for”: a major re-write of the plan.",
    )
    by: PostRef | None = Field(
        None, title="maker of the change", description="The post that may make it."
    )
    with_posts: tuple[PostRef, ...] = Field(
        (), title="posts consulted", description="The posts to be consulted."
    )
    with_bodies: tuple[BodyRef, ...] = Field(
        (), title="bodies consulted", description="The bodies to be consulted."
    )
    agreed_by: tuple[BodyRef, ...] = Field(
        (), title="agreeing bodies", description="The bodies that must agree it."
    )
