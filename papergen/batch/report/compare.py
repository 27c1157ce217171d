"""Facts that were reported differently: to several boards, or to one board at several times."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from papergen.batch.manifest.manifest import Manifest
from papergen.batch.manifest.tables import PLAN_FACTS, REGISTER_FACTS
from papergen.batch.report.values import Audience, Change, Difference

REGISTER = "Register of bodies"
"""Stands where a plan's title does, for the facts of the register."""
_SETS_KEPT = 256

Facts = Mapping[str, tuple[str, str | None]]
"""By their keys (see `facts.reported`), the label and the value of each."""


class FactSets:
    """The sets of facts of a manifest, read as needed.

    Some are kept in memory, since the papers of a plan share theirs.
    """

    def __init__(self, manifest: Manifest) -> None:
        self._manifest = manifest
        self.of = lru_cache(_SETS_KEPT)(self._read)

    def _read(self, id_: int) -> Facts:
        facts = json.loads(zlib.decompress(self._manifest.fact_set(id_)))
        return {key: (label, value) for key, label, value in facts}


Series = tuple[str, str, str]
"""A board, a plan, and one of its papers, whatever the meeting: these drafts can be compared."""


_Changed = tuple[str, str, str, str | None, str | None]
"""The title, `since`, label, old value and new value of a change."""


@dataclass(frozen=True, slots=True)
class SentDraft:
    """What was reported to a board in a draft: the ids of the facts of the plan and the register.

    `number` gives the order in which all drafts were made.
    """

    to: Audience
    title: str
    number: int
    plan: int
    register: int

    @classmethod
    def of(cls, draft: Mapping[str, Any]) -> SentDraft:
        return cls(
            to=(str(draft["board_name"] or draft["board"]), str(draft["meeting"])),
            title=draft["plan_title"],
            number=draft["id"],
            plan=draft[PLAN_FACTS],
            register=draft[REGISTER_FACTS],
        )


def series_of(draft: Mapping[str, Any]) -> Series:
    """The series of a draft. Its file's name is the meeting's date, the board's id and a slug."""
    return draft["board"], draft["plan"], draft["file_name"].removeprefix(draft["meeting"])


def differences(
    sent: Mapping[Series, Sequence[SentDraft]], facts: FactSets
) -> Iterator[Difference]:
    """Facts whose last values differ between the boards of a plan.

    The facts of the register are compared across all plans.
    """
    by_plan: dict[str, list[SentDraft]] = {}
    for (_, plan, _), drafts in sent.items():
        by_plan.setdefault(plan, []).append(_latest(drafts))
    of_register: list[tuple[int, Audience]] = []
    for drafts in by_plan.values():
        title = max(drafts, key=lambda draft: draft.number).title
        yield from _differing(title, [(draft.plan, draft.to) for draft in drafts], facts)
        of_register += [(draft.register, draft.to) for draft in drafts]
    yield from _differing(REGISTER, of_register, facts)


def _latest(drafts: Iterable[SentDraft]) -> SentDraft:
    """The last draft for the latest meeting."""
    return max(drafts, key=lambda draft: (draft.to[1], draft.number))


def _differing(
    title: str, sent: Iterable[tuple[int, Audience]], facts: FactSets
) -> Iterator[Difference]:
    """The facts whose values differ between these sets of facts, each sent to a board."""
    audiences: dict[int, list[Audience]] = {}
    for id_, to in sent:
        audiences.setdefault(id_, []).append(to)
    labels: dict[str, str] = {}
    audiences_by_value: dict[str, dict[str | None, set[Audience]]] = {}
    for id_, boards in audiences.items():
        for key, (label, value) in facts.of(id_).items():
            labels[key] = label
            by_value = audiences_by_value.setdefault(key, {})
            by_value.setdefault(value, set()).update(boards)
    for key, by_value in audiences_by_value.items():
        if len(by_value) > 1:
            values = [(value, sorted(to)) for value, to in by_value.items()]
            yield Difference(title, labels[key], values)


def changes(sent: Mapping[Series, Sequence[SentDraft]], facts: FactSets) -> Iterator[Change]:
    """Facts of the last drafts that an earlier one gave otherwise.

    A draft is compared with the one for the board's meeting before, and with earlier ones for the
    same meeting. Their numbers give their order: a clock can be set back.
    """
    found: dict[_Changed, set[Audience]] = {}
    for drafts in sent.values():
        now = _latest(drafts)
        before = _drafts_before(now, drafts)
        for since, earlier in before.items():
            plans = [draft.plan for draft in earlier]
            for changed in _changed(now.plan, plans, facts):
                change = (now.title, since, *changed)
                found.setdefault(change, set()).add(now.to)
        for since, earlier in before.items():
            registers = [draft.register for draft in earlier]
            for changed in _changed(now.register, registers, facts):
                change = (REGISTER, since, *changed)
                found.setdefault(change, set()).add(now.to)
    for (title, since, label, old, new), to in found.items():
        yield Change(title, label, old, new, since, sorted(to))


def _drafts_before(now: SentDraft, drafts: Sequence[SentDraft]) -> dict[str, list[SentDraft]]:
    """The drafts to compare a draft with, the latest first, by `Change.since`."""
    meeting = now.to[1]
    earlier_meetings = [draft for draft in drafts if draft.to[1] < meeting]
    same_meeting = [draft for draft in reversed(drafts) if draft.to[1] == meeting]
    return {
        "meeting": [_latest(earlier_meetings)] if earlier_meetings else [],
        "draft": [draft for draft in same_meeting if draft is not now],
    }


def _changed(
    now: int, before: Iterable[int], facts: FactSets
) -> Iterator[tuple[str, str | None, str | None]]:
    """The facts of a set whose values differ in one before it: label, old value, new value.

    Of several old values, the first counts.
    """
    changed: set[str] = set()
    for id_ in dict.fromkeys(before):
        if id_ == now:
            continue
        old_facts = facts.of(id_)
        for key, (label, value) in facts.of(now).items():
            if key in changed or key not in old_facts:
                continue
            _, old_value = old_facts[key]
            if old_value != value:
                changed.add(key)
                yield label, old_value, value
