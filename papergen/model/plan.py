"""The plan: what was found, what was decided, what is to be done, by whom and by when."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from papergen.model.action_list import ActionsFrom
from papergen.model.base import (
    BodyRef,
    Id,
    Line,
    MilestoneRef,
    Model,
    PhaseRef,
    PostRef,
    RagSchemeRef,
    Text,
    When,
)
from papergen.model.due_dates import DueDate
from papergen.model.governance import ChangeControl, ReportingLine
from papergen.model.parties import Doers, Owners
from papergen.model.rating import Evidence, Rating, SignOff
from papergen.model.risk import Risk

ILLUSTRATIVE = (
    "true for an invented entry of a sample. It is a mark for readers of the file: papers do not "
    "show it."
)


Status = Literal["not-started", "in-progress", "suspended", "complete", "cancelled"]
"""How far an action has come. One that is suspended is on hold, and still open."""


class Action(Model):
    """One thing to be done."""

    KIND: ClassVar[str] = "action"

    id: Id = Field(title="id", description="The name that papers use for it.")
    ref: Line | None = Field(
        None, title="reference", description="Its number in the plan as people know it: 1.3."
    )
    text: Text = Field(
        title="text",
        description=(
            "What is to be done. May be left out where the list that the plan names at `actions:` "
            "has it, under the same reference."
        ),
    )
    owner: PostRef | None = Field(None, title="owner", description="The post that answers for it.")
    owners: Owners = Field(
        (),
        title="owner",
        description="Who answers for it, in place of `owner`, where that is not one post.",
    )
    responsible: BodyRef | None = Field(
        None,
        title="responsible body",
        description="The body that carries it out, where it is not the workstream's.",
    )
    carried_out_by: Doers = Field(
        (),
        title="responsible body",
        description="Who carries it out, in place of `responsible`, where that is not one body.",
    )
    priority: Literal["urgent", "normal"] = Field(
        "normal", title="priority", description="Whether it comes first."
    )
    due: DueDate | None = Field(
        None,
        title="due date",
        description=(
            "The date it was first due; or, where that is no date, a group: `text`, which papers "
            "print, with `from` and `until`."
        ),
    )
    revised_due: tuple[DueDate, ...] = Field(
        (),
        title="revised due dates",
        description="Later due dates, in the order they were set; the last one holds.",
    )
    not_due: bool = Field(
        False,
        title="not yet due",
        description="true where it is recorded as not yet due: it is then never overdue.",
    )
    status: Status | None = Field(
        None, title="status", description="Whether it is done; not whether that is evidenced."
    )
    unsettled: Line | None = Field(
        None,
        title="contradiction",
        description=(
            "Where what is recorded of it does not agree: what says so, in a few words. Until that "
            "is settled its status is a gap, and it counts neither as complete nor as overdue."
        ),
    )
    share_complete: Annotated[int, Field(ge=0, le=100)] | None = Field(
        None, title="share that is complete", description="How much of it is done, per cent."
    )
    completed: When | None = Field(
        None, title="date of completion", description="The date it was done."
    )
    evidence: tuple[Evidence, ...] = Field(
        (), title="evidence", description="What shows that it is done and works."
    )
    outcome: Literal["shown", "not-shown"] | None = Field(
        None, title="outcome", description="Whether its effect on those it is for has been shown."
    )
    signed_off: SignOff | None = Field(
        None, title="sign-off", description="That it has been accepted as done."
    )
    ratings: tuple[Rating, ...] = Field(
        (), title="rating", description="How it was rated, in order of time."
    )
    update: Text | None = Field(
        None, title="update", description="The latest on it, as a sentence."
    )
    illustrative: bool = Field(False, title="illustrative", description=ILLUSTRATIVE)


class Workstream(Model):
    """Actions of one subject under one lead."""

    KIND: ClassVar[str] = "workstream"

    id: Id = Field(title="id", description="The name that papers use for it.")
    title: Text | None = Field(None, title="title", description="Its name.")
    domain: Text | None = Field(
        None, title="subject", description="The subject it belongs to: safeguarding, education."
    )
    responsible: BodyRef | None = Field(
        None, title="responsible body", description="The body that carries it out."
    )
    oversight: PostRef | None = Field(
        None, title="overseeing post", description="The post that oversees its delivery."
    )
    lead: PostRef | None = Field(None, title="lead", description="The post that leads it.")
    actions: tuple[Action, ...] = Field((), title="actions", description="What is to be done.")
    ratings: tuple[Rating, ...] = Field(
        (), title="rating", description="How it was rated, in order of time."
    )
    illustrative: bool = Field(False, title="illustrative", description=ILLUSTRATIVE)


class Phase(Model):
    """A part of the plan in time."""

    KIND: ClassVar[str] = "phase"

    id: Id = Field(title="id", description="The name that papers use for it.")
    number: int = Field(ge=1, le=99, title="number", description="Its number: the 1 of “Phase 1”.")
    title: Text | None = Field(
        None,
        title="title",
        description="What it is called where that is not “Phase” and its number.",
    )
    status: Literal["not-started", "active", "suspended", "complete"] | None = Field(
        None, title="status", description="Whether work on it goes on."
    )
    due: When | None = Field(
        None, title="due date", description="The date by which it is to be complete."
    )
    depends_on: tuple[PhaseRef, ...] = Field(
        (), title="phases before it", description="The phases that its success depends on."
    )
    workstreams: tuple[Workstream, ...] = Field(
        (), title="workstreams", description="Its workstreams."
    )


class Judgement(Model):
    """What an inspector judged one area to be."""

    KIND: ClassVar[str] = "judgement"

    id: Id = Field(title="id", description="The name that papers use for it.")
    area: Text = Field(title="area", description="What was judged.")
    grade: Text | None = Field(
        None, title="grade", description="The inspector's grade, in the inspector's word."
    )


class Requirement(Model):
    """What an inspector requires, and how soon. Its due date is computed: publication of the report
    plus the months allowed.
    """

    KIND: ClassVar[str] = "requirement"

    id: Id = Field(title="id", description="The name that papers use for it.")
    text: Text | None = Field(None, title="text", description="What is required.")
    months: int | None = Field(
        None,
        ge=0,
        le=120,
        title="months allowed",
        description=(
            "Months from publication of the report within which it must be met; 0 means at once."
        ),
    )


class Inspection(Model):
    """An inspection and its published report."""

    KIND: ClassVar[str] = "inspection"

    id: Id = Field(title="id", description="The name that papers use for it.")
    subject: Text | None = Field(
        None, title="subject", description="What was inspected: services for children."
    )
    inspector: BodyRef | None = Field(
        None, title="inspector", description="The body that inspected."
    )
    started: When | None = Field(
        None, title="first day of the inspection", description="The first day on site."
    )
    ended: When | None = Field(
        None, title="last day of the inspection", description="The last day on site."
    )
    report: Text | None = Field(
        None, title="title of the report", description="What its published report is called."
    )
    published: When | None = Field(
        None, title="date of publication", description="The day its report was published."
    )
    judgements: tuple[Judgement, ...] = Field(
        (), title="judgements", description="What was judged, and how."
    )
    requirements: tuple[Requirement, ...] = Field(
        (), title="requirements", description="What must be put right, and when."
    )


class Decision(Model):
    """What a body decided on the plan."""

    KIND: ClassVar[str] = "decision"

    id: Id = Field(title="id", description="The name that papers use for it.")
    body: BodyRef = Field(title="body", description="The body that decided.")
    date: When | None = Field(
        None, title="date of the decision", description="The day of the meeting."
    )
    outcome: Text | None = Field(
        None, title="outcome", description="What it did, as “agreed” in “was agreed by”."
    )


class Meeting(Model):
    """A meeting of a body that the plan depends on."""

    KIND: ClassVar[str] = "meeting"

    id: Id = Field(title="id", description="The name that papers use for it.")
    body: BodyRef = Field(title="body", description="The body that meets.")
    date: When | None = Field(
        None, title="date of the meeting", description="Its date, as exactly as it is known."
    )
    kind: Literal["formal", "interim", "special"] = Field(
        "formal", title="kind", description="What kind of meeting it is."
    )
    status: Literal["held", "planned", "cancelled"] = Field(
        title="status", description="Whether it has been held."
    )


class Milestone(Model):
    """A point that the plan is to reach by a date."""

    KIND: ClassVar[str] = "milestone"

    id: Id = Field(title="id", description="The name that papers use for it.")
    title: Text = Field(title="title", description="What is reached.")
    due: When | None = Field(
        None, title="due date", description="The date by which it is to be reached."
    )


class Dependency(Model):
    """Something outside the plan that it waits for."""

    KIND: ClassVar[str] = "dependency"

    id: Id = Field(title="id", description="The name that papers use for it.")
    name: Text = Field(title="name", description="What it is called.")
    on: Literal["system", "framework", "decision", "resource"] | None = Field(
        None, title="kind", description="What kind of thing it is."
    )
    expected: When | None = Field(None, title="expected date", description="When it is expected.")
    effect: Text | None = Field(
        None, title="effect", description="What it makes possible, as a sentence."
    )


class Commitment(Model):
    """A promise made in a paper, kept as something to be done."""

    KIND: ClassVar[str] = "commitment"

    id: Id = Field(title="id", description="The name that papers use for it.")
    what: Text = Field(title="text", description="What is promised.")
    by: PostRef | None = Field(None, title="owner", description="The post that promises it.")
    to_bodies: tuple[BodyRef, ...] = Field(
        (), title="bodies it is made to", description="The bodies it is made to."
    )
    to_posts: tuple[PostRef, ...] = Field(
        (), title="posts it is made to", description="The posts it is made to."
    )
    due: When | None = Field(
        None, title="due date", description="The date by which it is to be kept."
    )
    done: When | None = Field(
        None, title="date it was kept", description="The date on which it was kept."
    )
    after: MilestoneRef | None = Field(
        None, title="milestone before it", description="The milestone that it follows."
    )
    illustrative: bool = Field(False, title="illustrative", description=ILLUSTRATIVE)


class Plan(Model):
    """An action plan."""

    KIND: ClassVar[str] = "plan"

    id: Id = Field(title="id", description="The name that papers use for it.")
    title: Text = Field(title="title", description="Its title in full, without its article.")
    short_title: Text | None = Field(
        None, title="short title", description="What papers call it after the first mention."
    )
    completed: When | None = Field(
        None, title="date of completion", description="When the plan was finished as a document."
    )
    owner: PostRef | None = Field(
        None, title="owner", description="The post that answers for the plan."
    )
    actions_from: ActionsFrom | None = Field(
        None,
        alias="actions",
        exclude=True,
        title="list of actions",
        description=(
            "An Excel workbook (.xlsx) or CSV file with a list of actions, seen from the plan's "
            "folder; or a group, which says how that list is to be read."
        ),
    )
    inspections: tuple[Inspection, ...] = Field(
        (), title="inspections", description="The inspections that it answers."
    )
    phases: tuple[Phase, ...] = Field((), title="phases", description="Its phases, in order.")
    decisions: tuple[Decision, ...] = Field(
        (), title="decisions", description="What bodies decided on it."
    )
    meetings: tuple[Meeting, ...] = Field(
        (), title="meetings", description="Meetings held and planned, in order of date."
    )
    milestones: tuple[Milestone, ...] = Field(
        (), title="milestones", description="Points to reach."
    )
    dependencies: tuple[Dependency, ...] = Field(
        (), title="dependencies", description="What it waits for."
    )
    commitments: tuple[Commitment, ...] = Field(
        (), title="commitments", description="What was promised about it."
    )
    risks: tuple[Risk, ...] = Field((), title="risks", description="What may go wrong.")
    reporting_lines: tuple[ReportingLine, ...] = Field(
        (),
        title="reporting lines",
        description="Who monitors, oversees and is told, in the order papers say it.",
    )
    change_control: tuple[ChangeControl, ...] = Field(
        (), title="change control", description="Who may make which change to it."
    )
    rag_scheme: RagSchemeRef | None = Field(
        None,
        title="rating scheme",
        description="The scheme whose codes its ratings use, from the register of bodies.",
    )
    ratings: tuple[Rating, ...] = Field(
        (), title="rating", description="How it was rated as a whole, in order of time."
    )
