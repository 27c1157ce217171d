"""Which sections a paper has in a brand, and which of them are drafted from data."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from papergen.model.brand import Brand
from papergen.model.paper import Implication, Paper
from papergen.model.plan import Action, Plan
from papergen.model.words import AUTO

IMPLICATION = "implication-"
"""What the names of phrases for implications begin with: `implication-risk`."""


ACTIONS = "actions"
"""The section that is the table of actions, and the appendix that it may be instead."""


def section_order(paper: Paper, brand: Brand, phrases: Collection[str]) -> list[str]:
    """The ids of the sections that all of a paper's boards share, in order. `phrases`: the ids of
    those that can be drafted.

    A paper without sections has those of its brand that can be drafted. A required one that it
    lacks stands where the brand has it: before the first of those that follow it there.
    """
    if not paper.sections:
        order = [
            section.id for section in brand.sections if section.required or section.id in phrases
        ]
        return _with_actions(order, paper)
    order = list(paper.sections)
    known = [section.id for section in brand.sections]
    for at, section in enumerate(brand.sections):
        if section.required and section.id not in order:
            following = [order.index(id_) for id_ in known[at + 1 :] if id_ in order]
            order.insert(min(following, default=len(order)), section.id)
    return _with_actions(order, paper)


def _with_actions(order: list[str], paper: Paper) -> list[str]:
    """The order with the table of actions in it, where that stands among the sections: after those
    on progress and risk.
    """
    if paper.action_table == "body" and ACTIONS not in order:
        before = [order.index(id_) for id_ in ("progress", "risk") if id_ in order]
        order.insert(max(before, default=len(order) - 1) + 1, ACTIONS)
    return order


def drafted_sections(paper: Paper, brand: Brand, phrases: Collection[str]) -> list[str]:
    """The ids of the sections that are drafted from data, in the paper or for one of its boards."""
    order = section_order(paper, brand, phrases)
    drafted = [id_ for id_ in order if id_ not in paper.sections or paper.sections[id_].drafted]
    implications = (
        (id_, value) for id_, value in paper.implications.items() if isinstance(value, Implication)
    )
    drafted += [f"{IMPLICATION}{id_}" for id_, value in implications if value.text == AUTO]
    drafted += [ACTIONS] if paper.action_table == "appendix" else []
    drafted += [
        id_
        for one in paper.considerations
        for id_, section in one.sections.items()
        if section.drafted
    ]
    return list(dict.fromkeys(drafted))


def given_columns(plan: Plan) -> set[str]:
    """The columns of the action table for which the plan gives anything at all."""
    rows = [
        (workstream, action)
        for phase in plan.phases
        for workstream in phase.workstreams
        for action in workstream.actions
    ]
    given = {"text"}
    for workstream, action in rows:
        values = {
            "ref": action.ref,
            "workstream": workstream.title,
            "owner": action.owner or action.owners,
            "responsible": action.responsible or action.carried_out_by or workstream.responsible,
            "priority": action.priority == "urgent",
            "due": action.due or action.revised_due,
            "share": action.share_complete is not None,
            "evidence": action.evidence,
            "outcome": action.outcome,
            "rating": action.ratings,
            "update": action.update,
        }
        given |= {name for name, value in values.items() if value}
    if _has_statuses([action for _, action in rows]):
        given.add("status")
    return given


def _has_statuses(actions: Sequence[Action]) -> bool:
    """Whether the plan has statuses to print.

    A list that rates its actions, and has no column for their status, has one for the few alone
    whose rating says it.
    """
    told = [action for action in actions if _has_status(action)]
    rated = sum(bool(action.ratings) for action in actions)
    return bool(told) and len(told) >= rated


def _has_status(action: Action) -> bool:
    return action.status is not None or action.not_due or action.unsettled is not None
