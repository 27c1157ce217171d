"""Computed fields: what papers state but nobody types. All relative to the board's meeting; what is
known, to `as_at`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from papergen.dates import PartialDate
from papergen.engine.values import Gap
from papergen.facts.rag import Rag
from papergen.facts.records import Day, Record
from papergen.facts.selection import Condition, holds, pick
from papergen.model.words import UNRATED


def due(requirement: Record) -> Any:
    """A requirement's due date: its inspection's publication plus the months it allows (0: at
    once).

    Source: the inspection report's own periods (“immediately”, “within three months”), counted by
    the corresponding date rule.
    """
    inspection = _parent(requirement, "inspection")
    published = inspection.get("published")
    if published is None:
        return inspection.gap("published")
    months = requirement.get("months")
    if months is None:
        return requirement.gap("months")
    if published.value.month is None and months % 12:
        vague = inspection.gap("published")
        return Gap(
            requirement.view.locale.words.missing_month.format(date=vague.what),
            f"Give “published:” with its month: {published.value}-04.",
            vague.path,
        )
    return Day(published.value.plus_months(months), requirement.view.locale)


def overdue(thing: Record) -> Any:
    """Whether the latest due date had passed before the meeting, with the thing neither complete
    nor cancelled.

    A thing whose status is not known counts as not complete. Where the date is not known, a gap
    that decides no condition: the sentence on a date that a statute sets must not vanish because a
    fact is missing.
    """
    if not holds(thing, (_is_open, _may_be_late)):
        return False
    latest = latest_due(thing)
    if not isinstance(latest, Gap):
        return True
    described, _ = thing.view.apart(thing.describe)
    return replace(latest, undecided=f"whether {described} is overdue")


def _is_open(thing: Record) -> bool:
    """Whether a thing is still to be done at the meeting: what is known to be complete by then is
    not called late.
    """
    status = thing.get("status") if "status" in thing.data.fields else None
    if status == "complete" and thing.data.fields["completed"] is not None:
        return bool(thing.get("completed").value.first > thing.view.meeting.last)
    return status not in ("complete", "cancelled")


def status_of(action: Record) -> Any:
    """An action's status as it was at the as-at date. What was completed later was not complete
    then, and no more is known.
    """
    status = action.get("status")
    if status is None:
        return action.gap("status")
    if status == "complete" and not _is_known(action, "completed"):
        return _not_yet(action, "status")
    return status


def signed_off_of(action: Record) -> Any:
    """Who had accepted an action as done by the as-at date."""
    signed = action.get("signed_off")
    if signed is None:
        return action.gap("signed_off")
    return signed if _is_known(signed, "date") else _not_yet(action, "signed_off")


def _is_known(thing: Record, date: str) -> bool:
    """Whether what a date tells of had happened by the as-at date; so it had where the date is not
    given.
    """
    return thing.data.fields[date] is None or thing.get(date).value.first <= thing.view.as_at.last


def _last_known(thing: Record, name: str, date: str) -> Record | None:
    """The last entry of a list that was known by the as-at date, by the entries' own `date`."""
    known = [entry for entry in thing.get(name) if _is_known(entry, date)]
    return known[-1] if known else None


def _not_yet(thing: Record, name: str) -> Gap:
    missing = thing.gap(name)
    hint = (
        f"{thing.view.store.place('plan')} tells what has happened since. Write how it stood "
        "then, or give a later “as_at:”."
    )
    locale = thing.view.locale
    then = locale.format(thing.view.as_at)
    what = locale.words.missing_then.format(what=missing.what, day=then)
    return replace(missing, what=what, hint=hint)


def _may_be_late(thing: Record) -> bool:
    latest = latest_due(thing)
    return isinstance(latest, Gap) or latest.value.last < thing.view.meeting.first


def postponed(action: Record) -> bool:
    """Whether an action that is neither complete nor cancelled is now due later than it was at
    first.
    """
    return holds(action, (_is_open, _is_put_back))


def _is_put_back(action: Record) -> bool:
    first, last = action.get("due"), action.last("revised_due")
    return first is not None and last is not None and bool(last.value > first.value)


def latest_due(thing: Record) -> Any:
    """The due date that counts now: the last revised one, else the first one; computed for a
    requirement.
    """
    if thing.kind == "requirement":
        return due(thing)
    return thing.last("revised_due") or thing.look_up("due")


def last_meeting(body: Record) -> Any:
    """A body's latest meeting that is known to have been held by `as_at`."""
    words = body.view.locale.words
    found = pick(_meetings(body), (_is_of(body), _has_been), _is_past, _latest)
    return found or _no_meeting(body, words.missing_last_meeting)


def next_meeting(body: Record) -> Any:
    """A body's first meeting that is still to come after the day of the board's own. Of two, the
    vaguer is the safer.
    """
    words = body.view.locale.words
    found = pick(_meetings(body), (_is_of(body), _is_set), _is_later, _earliest)
    return found or _no_meeting(body, words.missing_next_meeting)


def _meetings(body: Record) -> list[Record]:
    return [
        meeting for meeting in body.view.all("meeting") if meeting.data.fields["body"].id == body.id
    ]


def _is_of(body: Record) -> Condition:
    return lambda meeting: bool(meeting.get("body") == body)


def _has_been(meeting: Record) -> bool:
    return bool(meeting.get("status") == "held")


def _is_past(meeting: Record) -> bool:
    date = meeting.get("date")
    return date is not None and date.value.first <= meeting.view.as_at.last


def _is_set(meeting: Record) -> bool:
    return bool(meeting.get("status") == "planned")


def _is_to_come(meeting: Record) -> bool:
    date = meeting.get("date")
    return date is not None and date.value.last >= meeting.view.meeting.first


def _is_later(meeting: Record) -> bool:
    date = meeting.get("date")
    return date is not None and date.value.last > meeting.view.meeting.first


def _date(meeting: Record) -> Any:
    return meeting.data.fields["date"]


def _latest(meetings: Sequence[Record]) -> Record:
    return max(meetings, key=_date)


def _earliest(meetings: Sequence[Record]) -> Record:
    return min(meetings, key=_date)


WAS_HELD = (_has_been, _is_past)
"""Of a meeting: it is known to have been held by `as_at`."""

IS_PLANNED = (_is_set, _is_to_come)
"""Of a meeting: it is planned, and not wholly before the board's own."""


def _no_meeting(body: Record, form: str) -> Gap:
    described, facts = body.view.apart(body.describe)
    return Gap(
        form.format(body=described),
        (
            f"Add the meeting to “meetings:” in {body.view.store.place('plan')}, with its date "
            "and status."
        ),
        "plan.meetings",
        tuple(sorted(facts)),
    )


def rating_of(thing: Record) -> Any:
    """The last rating of a thing that was known by `as_at`; a gap where there is none."""
    return _last_known(thing, "ratings", "on") or thing.gap("ratings")


def rag_value(rating: Record, board: Record) -> Any:
    """What a rating is called: the label of its code in the board's scheme, else in the plan's; a
    reason where it is withheld.

    `unrated` has no label of a scheme: the code stands for itself, and the reason beside it says
    why.
    """
    withheld = rating.get("withheld")
    if withheld is not None:
        return Rag(withheld.get("reason"), "")
    code = rating.get("value")
    plan = rating.view.record(rating.view.store.roots["plan"])
    for scheme in (board.get("rag_scheme"), plan.get("rag_scheme")):
        for value in scheme.get("values") if scheme is not None else ():
            if value.get("code") == code:
                return Rag(value.get("label"), value.get("colour") or "")
    label = code.replace("-", " ").capitalize()
    if code != UNRATED:
        return Rag(label, "")
    reason = rating.get("reason")
    if reason is None:
        return rating.gap("reason")
    return Rag(rating.view.locale.words.unrated.format(reason=reason), "")


def evidence_of(action: Record) -> str:
    """How well an action is evidenced: “sufficient”, “insufficient”, “none”, by its last piece of
    the as-at date.

    “not-recorded” where there is none.
    """
    last = _last_known(action, "evidence", "dated")
    return str(last.get("sufficiency")) if last is not None else "not-recorded"


def missing_evidence(action: Record) -> Any:
    """What the last piece of evidence of the as-at date says is still needed."""
    last = _last_known(action, "evidence", "dated")
    return last.look_up("gap") if last is not None else action.gap("evidence")


def score(record: Record) -> int:
    """A risk's score: likelihood times impact (the Orange Book, HM Treasury: both on a scale of
    5).
    """
    return int(record.get("likelihood")) * int(record.get("impact"))


def actor(line: Record) -> Record:
    """Who does what a reporting line says: a body, a post, or the plan itself."""
    return _end_of(line, "from")


def other(line: Record) -> Record:
    """For whom a reporting line says that it is done: a body, a post, or the plan itself."""
    return _end_of(line, "to")


def _end_of(line: Record, side: str) -> Record:
    plan = line.view.store.roots["plan"]
    return line.get(f"{side}_body") or line.get(f"{side}_post") or line.view.record(plan)


def actions_of(thing: Record) -> list[Record]:
    """All actions within a plan, a phase or a workstream."""
    return [thing.view.record(data) for data in thing.data.everything() if data.kind == "action"]


def workstreams_of(plan: Record) -> list[Record]:
    """All workstreams of a plan, over its phases."""
    return [plan.view.record(data) for data in plan.data.everything() if data.kind == "workstream"]


def _parent(thing: Record, kind: str) -> Record:
    parent = thing.data.parent
    while parent is not None and parent.kind != kind:
        parent = parent.parent
    assert parent is not None, f"{thing.data.path} stands outside any {kind}"
    return thing.view.record(parent)


def days_before(day: PartialDate, other: PartialDate) -> int:
    """Whole days from the last day that `day` can be to the first that `other` can be."""
    return (other.first - day.last).days


Record.computed.update(
    {
        ("requirement", "due"): due,
        ("requirement", "overdue"): overdue,
        ("requirement", "inspection"): lambda r: _parent(r, "inspection"),
        ("action", "overdue"): overdue,
        ("action", "latest_due"): latest_due,
        ("action", "missing_evidence"): missing_evidence,
        ("action", "postponed"): postponed,
        ("action", "status"): status_of,
        ("action", "signed_off"): signed_off_of,
        ("action", "workstream"): lambda r: _parent(r, "workstream"),
        ("workstream", "phase"): lambda r: _parent(r, "phase"),
        ("plan", "actions"): actions_of,
        ("plan", "workstreams"): workstreams_of,
        ("phase", "actions"): actions_of,
        ("action", "rating"): rating_of,
        ("workstream", "rating"): rating_of,
        ("plan", "rating"): rating_of,
        ("action", "evidenced"): evidence_of,
        ("score", "total"): score,
        ("reporting line", "actor"): actor,
        ("reporting line", "other"): other,
        ("body", "last_meeting"): last_meeting,
        ("body", "next_meeting"): next_meeting,
    }
)
