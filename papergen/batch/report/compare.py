"""Facts that were told differently: to several boards, or to one board at several times."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from papergen.batch.manifest.manifest import Manifest
from papergen.batch.report.values import Audience, Change, Difference

REGISTER = "Register of bodies"
"""Stands where a plan's title does, for the facts of the register."""
_SETS_KEPT = 256

Facts = Mapping[str, tuple[str, str | None]]
"""By their keys (see `facts.reported`), the label and the value of each."""


class SetsOfFacts:
    """The sets of facts of a manifest, read as they are asked for; a few are kept, since papers of
    one plan share theirs.
    """

    def __init__(self, manifest: Manifest) -> None:
        self._manifest = manifest
        self.of = lru_cache(_SETS_KEPT)(self._read)

    def _read(self, id_: int) -> Facts:
        return {
            key: (label, value)
            for key, label, value in json.loads(zlib.decompress(self._manifest.facts(id_)))
        }


Series = tuple[str, str, str]
"""A board, a plan, and one of its papers, whatever the date of the meeting is: what is told there
can be compared.
"""


@dataclass(frozen=True, slots=True)
class Sent:
    """What a board was told in a draft: the numbers of two sets of facts, of the plan and of the
    register.

    `number` counts all drafts in the order in which they were made.
    """

    to: Audience
    title: str
    number: int
    plan: int
    register: int

    @classmethod
    def of(cls, draft: Mapping[str, Any]) -> Sent:
        to = str(draft["board_name"] or draft["board"]), str(draft["meeting"])
        return cls(to, draft["plan_title"], draft["id"], draft["told"], draft["register"])


def series_of(draft: Mapping[str, Any]) -> Series:
    """A file's name is the meeting's date, the board's id and the paper's own."""
    return draft["board"], draft["plan"], draft["file_name"].removeprefix(draft["meeting"])


def differences(sent: Mapping[Series, Sequence[Sent]], facts: SetsOfFacts) -> Iterator[Difference]:
    """What was told last where it is not the same for all boards of a plan.

    The facts of the register are compared across all plans.
    """
    plans: dict[str, list[Sent]] = {}
    for (_, plan, _), drafts in sent.items():
        plans.setdefault(plan, []).append(_latest(drafts))
    for papers in plans.values():
        title = max(papers, key=lambda paper: paper.number).title
        yield from _differing(title, [(paper.plan, paper.to) for paper in papers], facts)
    yield from _differing(
        REGISTER,
        [(paper.register, paper.to) for papers in plans.values() for paper in papers],
        facts,
    )


def _latest(drafts: Sequence[Sent]) -> Sent:
    """The last draft for the latest meeting."""
    return max(drafts, key=lambda draft: (draft.to[1], draft.number))


def _differing(
    title: str, told: Iterable[tuple[int, Audience]], facts: SetsOfFacts
) -> Iterator[Difference]:
    audiences: dict[int, list[Audience]] = {}
    for id_, to in told:
        audiences.setdefault(id_, []).append(to)
    labels: dict[str, str] = {}
    values: dict[str, dict[str | None, set[Audience]]] = {}
    for id_, to_all in audiences.items():
        for key, (label, value) in facts.of(id_).items():
            labels[key] = label
            values.setdefault(key, {}).setdefault(value, set()).update(to_all)
    for key, found in values.items():
        if len(found) > 1:
            yield Difference(
                title, labels[key], [(value, sorted(to)) for value, to in found.items()]
            )


def changes(sent: Mapping[Series, Sequence[Sent]], facts: SetsOfFacts) -> Iterator[Change]:
    """What a board was told last, against its meeting before, and against earlier drafts for the
    same meeting.

    Which draft came first is told by their numbers: a clock can be set back.
    """
    found: dict[tuple[str, str, str, str | None, str | None], set[Audience]] = {}
    for drafts in sent.values():
        now = _latest(drafts)
        before = [draft for draft in drafts if draft.to[1] < now.to[1]]
        earlier = [_latest(before)] if before else []
        same = [
            draft for draft in reversed(drafts) if draft.to[1] == now.to[1] and draft is not now
        ]
        for title, of in ((now.title, _plan), (REGISTER, _register)):
            for since, those in (("meeting", earlier), ("draft", same)):
                for label, old, new in _changed(of(now), [of(draft) for draft in those], facts):
                    found.setdefault((title, since, label, old, new), set()).add(now.to)
    for (title, since, label, old, new), told in found.items():
        yield Change(title, label, old, new, since, sorted(told))


def _plan(paper: Sent) -> int:
    return paper.plan


def _register(paper: Sent) -> int:
    return paper.register


def _changed(
    now: int, before: Sequence[int], facts: SetsOfFacts
) -> Iterator[tuple[str, str | None, str | None]]:
    """The facts of a set that one of those before it, the latest first, gives otherwise: label,
    value then, value now.
    """
    changed: set[str] = set()
    for id_ in dict.fromkeys(before):
        if id_ == now:
            continue
        told = facts.of(id_)
        for key, (label, value) in facts.of(now).items():
            if key in told and told[key][1] != value and key not in changed:
                changed.add(key)
                yield label, told[key][1], value
