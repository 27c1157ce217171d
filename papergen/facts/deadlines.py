"""When things are due, as seen from the board's meeting: what is late, and what was put back.

A due date may be none, “Q3 2025/26”: only the last day that it can be makes an action overdue.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from papergen.dates import PartialDate, WrittenDate
from papergen.engine.values import Gap
from papergen.facts.records import Record
from papergen.facts.selection import holds
from papergen.facts.simple_values import Day


def due(requirement: Record) -> Any:
    """A requirement's due date: its inspection's publication plus the months that it allows.

    Source: the inspection report's own periods (“immediately”, “within three months”), counted by
    the corresponding date rule.
    """
    inspection = requirement.parent("inspection")
    published = inspection.get("published")
    if published is None:
        return inspection.gap("published")
    months = requirement.get("months")
    if months is None:
        return requirement.gap("months")
    if published.value.month is None and months % 12:
        vague = inspection.gap("published")
        words = requirement.view.locale.words
        return Gap(
            what=words.missing_month.format(date=vague.what),
            hint=f"Give “published:” with its month: {published.value}-04.",
            path=vague.path,
        )
    due_on = published.value.plus_months(months)
    return Day(due_on, requirement.view.locale)


def latest_due(thing: Record) -> Any:
    """The due date that counts now: the last revised one, else the first one.

    That of a requirement is computed.
    """
    if thing.kind == "requirement":
        return due(thing)
    revised = thing.last("revised_due")
    if revised is not None:
        return revised
    return thing.look_up("due")


def overdue(thing: Record) -> Any:
    """Whether the latest due date of an open thing had passed before the meeting.

    Open is what is neither complete nor cancelled. A thing whose status is not known counts as not
    complete; one of which two things are recorded counts as nothing. Where the date is not known, a
    gap that decides no condition: the sentence on a date that a statute sets must not vanish
    because a fact is missing.
    """
    if not holds(thing, (_is_open, _is_awaited, _may_be_late)):
        return False
    latest = latest_due(thing)
    if not isinstance(latest, Gap):
        return True
    described, _ = thing.view.apart(thing.describe)
    return replace(latest, undecided=f"whether {described} is overdue")


def postponed(action: Record) -> bool:
    """Whether an open action is now due later than it was at first, as far as that is certain."""
    return holds(action, (_is_open, _is_put_back))


def is_settled(action: Record) -> bool:
    """Whether what is recorded of an action agrees. What does is not recorded as read: it is no
    fact of the action.
    """
    if action.data.fields["unsettled"] is None:
        return True
    action.get("unsettled")
    return False


def is_not_due(action: Record) -> bool:
    """Whether an action is recorded as not yet due. One that is not is not recorded as read."""
    if not action.data.fields["not_due"]:
        return False
    action.get("not_due")
    return is_settled(action)


def _is_open(thing: Record) -> bool:
    """Whether a thing is still to be done at the meeting, as far as is known."""
    if "status" not in thing.data.fields:
        return True
    if not is_settled(thing):
        return False
    status = thing.get("status")
    if status == "cancelled":
        return False
    if status != "complete":
        return True
    if thing.data.fields["completed"] is None:
        return False
    completed: PartialDate = thing.get("completed").value
    return completed.first > thing.view.meeting.last


def _is_awaited(thing: Record) -> bool:
    """Whether a thing can be late at all: not where it is recorded as not yet due."""
    return "not_due" not in thing.data.fields or not is_not_due(thing)


def _may_be_late(thing: Record) -> bool:
    latest = latest_due(thing)
    if isinstance(latest, Gap):
        return True
    last = _last(latest.value)
    return last is not None and last.last < thing.view.meeting.first


def _last(due_on: PartialDate | WrittenDate) -> PartialDate | None:
    """The last date that a due date can be, as far as is known."""
    return due_on.last if isinstance(due_on, WrittenDate) else due_on


def _is_put_back(action: Record) -> bool:
    first = action.get("due")
    revised = action.last("revised_due")
    if first is None or revised is None:
        return False
    old: PartialDate | WrittenDate = first.value
    new: PartialDate | WrittenDate = revised.value
    if isinstance(old, PartialDate) and isinstance(new, PartialDate):
        return new > old
    return _is_surely_later(new, old)


def _is_surely_later(new: PartialDate | WrittenDate, old: PartialDate | WrittenDate) -> bool:
    """Whether each day that one due date can be is after each that the other can be."""
    start = new.first if isinstance(new, WrittenDate) else new
    end = _last(old)
    return start is not None and end is not None and start.first > end.last


def days_before(day: PartialDate, other: PartialDate) -> int:
    """Whole days from the last day that `day` can be to the first that `other` can be."""
    return (other.first - day.last).days
