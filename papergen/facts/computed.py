"""Computed fields: what papers state but nobody types.

What is late or to come is relative to the board's meeting; what is known, to `as_at`. `COMPUTED`,
at the end, lists them all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from papergen.dates import PartialDate
from papergen.engine.values import Gap
from papergen.facts.deadlines import due, is_not_due, is_settled, latest_due, overdue, postponed
from papergen.facts.parties import doer_of, doers_of, owner_of, owners_of, signatory_of
from papergen.facts.records import Record
from papergen.facts.selection import Condition, pick
from papergen.facts.simple_values import RatingLabel
from papergen.model.words import UNRATED

# -- what was known at the as-at date


def status_of(action: Record) -> Any:
    """An action's status as it was at the as-at date.

    A gap where the action was completed later: no more is known of the time before. A gap too where
    what is recorded of it does not agree, whatever status is given.
    """
    if not is_settled(action):
        return _unsettled_status(action)
    status = action.get("status")
    if status is None:
        return action.gap("status")
    if status == "complete" and not _is_known(action, "completed"):
        return _not_yet(action, "status")
    return status


def _unsettled_status(action: Record) -> Gap:
    """The gap in the place of a status, with what does not agree and how to settle it."""
    store = action.view.store
    where = action.data.where
    place = store.place("plan", where)
    hint = f"Say in {place} which is so, and delete “unsettled:” there."
    if where is not None and where.cell:
        key = action.data.fields["ref"] or f"row {where.line}"
        plan = store.place("plan")
        hint = (
            f"Correct {place}; or write below “settle:” under “actions:” in {plan} what is so: "
            f"“{key}: complete”, say."
        )
    reason = str(action.get("unsettled")).rstrip(". ")
    return replace(action.gap("status"), hint=f"It is not settled: {reason}. {hint}")


def unsettled_of(action: Record) -> Any:
    """What does not agree in what is recorded of an action; a gap where all of it does."""
    if is_settled(action):
        return action.gap("unsettled")
    return action.get("unsettled")


def signed_off_of(action: Record) -> Any:
    """Who had accepted an action as done by the as-at date."""
    signed = action.get("signed_off")
    if signed is None:
        return action.gap("signed_off")
    if not _is_known(signed, "date"):
        return _not_yet(action, "signed_off")
    return signed


def rating_of(thing: Record) -> Any:
    """The last rating of a thing that was known by `as_at`; a gap where there is none."""
    rating = _last_known(thing, "ratings", "on")
    if rating is None:
        return thing.gap("ratings")
    return rating


def evidence_of(action: Record) -> str:
    """How well an action is evidenced, by its last piece of evidence of the as-at date.

    “sufficient”, “insufficient” or “none”; “not-assessed” where nobody has judged that piece yet,
    “not-recorded” where there is none.
    """
    last = _last_known(action, "evidence", "dated")
    if last is None:
        return "not-recorded"
    sufficiency = last.get("sufficiency")
    return "not-assessed" if sufficiency is None else str(sufficiency)


def missing_evidence(action: Record) -> Any:
    """What the last piece of evidence of the as-at date says is still needed."""
    last = _last_known(action, "evidence", "dated")
    if last is None:
        return action.gap("evidence")
    return last.look_up("gap")


def _is_known(thing: Record, name: str) -> bool:
    """Whether what the date of that name dates had happened by the as-at date, or has no date."""
    if thing.data.fields[name] is None:
        return True
    date: PartialDate = thing.get(name).value
    return date.first <= thing.view.as_at.last


def _last_known(thing: Record, name: str, date: str) -> Record | None:
    """The last entry of a list that was known by the as-at date, by the entries' own `date`."""
    entries: list[Record] = thing.get(name)
    known = [entry for entry in entries if _is_known(entry, date)]
    if not known:
        return None
    return known[-1]


def _not_yet(thing: Record, name: str) -> Gap:
    missing = thing.gap(name)
    plan = thing.view.store.place("plan")
    hint = (
        f"{plan} tells what has happened since. Write how it stood then, or give a later “as_at:”."
    )
    locale = thing.view.locale
    then = locale.format(thing.view.as_at)
    what = locale.words.missing_then.format(what=missing.what, day=then)
    return replace(missing, what=what, hint=hint)


# -- meetings


def last_meeting(body: Record) -> Any:
    """A body's latest meeting that is known to have been held by `as_at`."""
    conditions = (_is_of(body), _has_been)
    found = pick(_meetings(body), conditions, _is_past, _latest)
    if found is not None:
        return found
    words = body.view.locale.words
    return _no_meeting(body, words.missing_last_meeting)


def next_meeting(body: Record) -> Any:
    """A body's first meeting that is still to come after the day of the board's own.

    Of two, the vaguer is the safer.
    """
    conditions = (_is_of(body), _is_set)
    found = pick(_meetings(body), conditions, _is_later, _earliest)
    if found is not None:
        return found
    words = body.view.locale.words
    return _no_meeting(body, words.missing_next_meeting)


def _meetings(body: Record) -> list[Record]:
    meetings = []
    for meeting in body.view.all("meeting"):
        of_body = meeting.data.fields["body"]
        if of_body.id == body.id:
            meetings.append(meeting)
    return meetings


def _is_of(body: Record) -> Condition:
    def is_of_body(meeting: Record) -> bool:
        return bool(meeting.get("body") == body)

    return is_of_body


def _has_been(meeting: Record) -> bool:
    return bool(meeting.get("status") == "held")


def _is_past(meeting: Record) -> bool:
    date = meeting.get("date")
    if date is None:
        return False
    day: PartialDate = date.value
    return day.first <= meeting.view.as_at.last


def _is_set(meeting: Record) -> bool:
    return bool(meeting.get("status") == "planned")


def _is_to_come(meeting: Record) -> bool:
    date = meeting.get("date")
    if date is None:
        return False
    day: PartialDate = date.value
    return day.last >= meeting.view.meeting.first


def _is_later(meeting: Record) -> bool:
    date = meeting.get("date")
    if date is None:
        return False
    day: PartialDate = date.value
    return day.last > meeting.view.meeting.first


def _date(meeting: Record) -> Any:
    return meeting.data.fields["date"]


def _latest(meetings: Sequence[Record]) -> Record:
    return max(meetings, key=_date)


def _earliest(meetings: Sequence[Record]) -> Record:
    return min(meetings, key=_date)


WAS_HELD = (_has_been, _is_past)
"""The conditions on a meeting that is known to have been held by `as_at`."""

IS_PLANNED = (_is_set, _is_to_come)
"""The conditions on a meeting that is planned, and not wholly before the board's own."""


def _no_meeting(body: Record, form: str) -> Gap:
    described, facts = body.view.apart(body.describe)
    plan = body.view.store.place("plan")
    return Gap(
        what=form.format(body=described),
        hint=f"Add the meeting to “meetings:” in {plan}, with its date and status.",
        path="plan.meetings",
        facts=tuple(sorted(facts)),
    )


# -- ratings and risks


def rating_label(rating: Record, board: Record) -> Any:
    """What a rating is called: the label of its code in the board's scheme, else in the plan's.

    A rating that is withheld is called by the reason for it. `unrated` has no label in a scheme:
    the code itself is printed, followed by the reason.
    """
    withheld = rating.get("withheld")
    if withheld is not None:
        return RatingLabel(withheld.get("reason"))
    code = rating.get("value")
    view = rating.view
    plan = view.record(view.store.roots["plan"])
    schemes = [board.get("rag_scheme"), plan.get("rag_scheme")]
    for scheme in schemes:
        if scheme is None:
            continue
        for value in scheme.get("values"):
            if value.get("code") == code:
                label = value.get("label")
                tint = value.get("colour") or ""
                return RatingLabel(label, tint)
    spaced = code.replace("-", " ")
    label = spaced.capitalize()
    if code != UNRATED:
        return RatingLabel(label)
    reason = rating.get("reason")
    if reason is None:
        return rating.gap("reason")
    unrated = view.locale.words.unrated.format(reason=reason)
    return RatingLabel(unrated)


def score(record: Record) -> int:
    """A risk's score: likelihood times impact, each from 1 to 5 (the Orange Book, HM Treasury)."""
    likelihood = int(record.get("likelihood"))
    impact = int(record.get("impact"))
    return likelihood * impact


# -- where a thing belongs, and what belongs to it


def actor(line: Record) -> Record:
    """Who does what a reporting line says: a body, a post, or the plan itself."""
    return _end_of(line, "from")


def other(line: Record) -> Record:
    """For whom a reporting line says that it is done: a body, a post, or the plan itself."""
    return _end_of(line, "to")


def _end_of(line: Record, side: str) -> Record:
    for name in (f"{side}_body", f"{side}_post"):
        given: Record | None = line.get(name)
        if given:
            return given
    plan = line.view.store.roots["plan"]
    return line.view.record(plan)


def actions_of(thing: Record) -> list[Record]:
    """All actions within a plan, a phase or a workstream."""
    return _all_within(thing, "action")


def workstreams_of(plan: Record) -> list[Record]:
    """All workstreams of a plan, over its phases."""
    return _all_within(plan, "workstream")


def _all_within(thing: Record, kind: str) -> list[Record]:
    found = []
    for data in thing.data.everything():
        if data.kind == kind:
            record = thing.view.record(data)
            found.append(record)
    return found


def inspection_of(requirement: Record) -> Record:
    """The inspection that made a requirement."""
    return requirement.parent("inspection")


def workstream_of(action: Record) -> Record:
    """The workstream that an action is part of."""
    return action.parent("workstream")


def phase_of(workstream: Record) -> Record:
    """The phase that a workstream is part of."""
    return workstream.parent("phase")


COMPUTED: Mapping[tuple[str, str], Callable[[Record], Any]] = {
    ("requirement", "due"): due,
    ("requirement", "overdue"): overdue,
    ("requirement", "inspection"): inspection_of,
    ("action", "owner"): owner_of,
    ("action", "owners"): owners_of,
    ("action", "responsible"): doer_of,
    ("action", "carried_out_by"): doers_of,
    ("action", "not_due"): is_not_due,
    ("action", "unsettled"): unsettled_of,
    ("sign-off", "by"): signatory_of,
    ("action", "overdue"): overdue,
    ("action", "latest_due"): latest_due,
    ("action", "missing_evidence"): missing_evidence,
    ("action", "postponed"): postponed,
    ("action", "status"): status_of,
    ("action", "signed_off"): signed_off_of,
    ("action", "workstream"): workstream_of,
    ("workstream", "phase"): phase_of,
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
"""The computed fields by kind and name.

`docs/template-tags.md` lists them too, and a test compares the two.
"""
