"""Risks, in the terms of the Orange Book (HM Treasury): cause, event and consequence; inherent,
residual and target.
"""

from typing import ClassVar, Literal

from pydantic import Field

from papergen.model.base import Id, Model, PostRef, Text, WorkstreamRef


class Score(Model):
    """How likely a risk is and how hard it would hit, each from 1 to 5. Its score is computed: one
    times the other.
    """

    KIND: ClassVar[str] = "score"

    likelihood: int = Field(
        ge=1, le=5, title="likelihood", description="From 1, rare, to 5, almost certain."
    )
    impact: int = Field(ge=1, le=5, title="impact", description="From 1, slight, to 5, severe.")


class Risk(Model):
    """What may go wrong, why, and what would follow."""

    KIND: ClassVar[str] = "risk"

    id: Id = Field(title="id", description="The name that papers use for it.")
    area: Text | None = Field(
        None, title="area", description="What it concerns. Drafted papers group risks by it."
    )
    cause: Text | None = Field(
        None, title="cause", description="Why it may happen, to follow “because”."
    )
    event: Text = Field(
        title="event", description="What may happen, to follow “the risk of”: non-compliance."
    )
    consequence: Text | None = Field(
        None, title="consequence", description="What would follow, to stand after “leading to”."
    )
    inherent: Score | None = Field(
        None, title="inherent risk", description="Before anything is done about it."
    )
    residual: Score | None = Field(
        None, title="residual risk", description="With the controls as they are."
    )
    target: Score | None = Field(
        None, title="target risk", description="Where it is to be brought."
    )
    owner: PostRef | None = Field(None, title="owner", description="The post that answers for it.")
    response: Literal["treat", "tolerate", "transfer", "terminate"] | None = Field(
        None, title="response", description="What is done about it."
    )
    controls: tuple[Text, ...] = Field(
        (), title="controls", description="What keeps it down, each as a noun phrase."
    )
    workstreams: tuple[WorkstreamRef, ...] = Field(
        (), title="workstreams", description="The workstreams it concerns."
    )
    status: Literal["open", "closed"] = Field(
        "open", title="status", description="Closed risks are not printed."
    )
