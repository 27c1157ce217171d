"""Facts that were told differently: to several boards, or to one board at several times."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from papergen.batch.manifest import Manifest
from papergen.batch.report.values import Audience, Change, Difference

REGISTER = "Register of bodies"
"""Stands where a plan's title does, for the facts of the register."""
_SETS_KEPT = 256

Facts = Mapping[str, tuple[str, str | None]]
"""By their keys (see `facts.told`), the label and the value of each."""


class SetsOfFacts:
    """The sets of facts of a manifest, read as they are asked for; a few are kept, since papers of one plan share theirs."""

    def __init__(self, manifest: Manifest) -> None:
        self._manifest = manifest
        self.of = lru_cache(_SETS_KEPT)(self._read)

    def _read(self, id_: int) -> Facts:
        return {key: (label, value) for key, label, value in json.loads(zlib.decompress(self._manifest.facts(id_)))}


@dataclass(frozen=True, slots=True)
class Sent:
    """What a board was told in a paper: the numbers of two sets of facts, of the plan and of the register."""

    to: Audience
    title: str
    run: int
    plan: int
    register: int

    @classmethod
    def of(cls, job: Mapping[str, Any]) -> Sent:
        to = str(job["board_name"] or job["board"]), str(job["meeting"])
        return cls(to, job["plan_title"], job["run"], job["told"], job["register"])


def differences(sent: Mapping[tuple[str, str], Sequence[Sent]], facts: SetsOfFacts) -> Iterator[Difference]:
    """What was told last, by board and plan (the keys of `sent`), where it is not the same for all boards of a plan.

    The facts of the register are compared across all plans.
    """
    plans: dict[str, list[Sent]] = {}
    for (_, plan), papers in sent.items():
        plans.setdefault(plan, []).append(papers[-1])
    for papers in plans.values():
        title = max(papers, key=lambda paper: paper.run).title
        yield from _differing(title, [(paper.plan, paper.to) for paper in papers], facts)
    yield from _differing(REGISTER, [(paper.register, paper.to) for papers in plans.values() for paper in papers], facts)


def _differing(title: str, told: Iterable[tuple[int, Audience]], facts: SetsOfFacts) -> Iterator[Difference]:
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
            yield Difference(title, labels[key], [(value, sorted(to)) for value, to in found.items()])


def changes(sent: Mapping[tuple[str, str], Sequence[Sent]], facts: SetsOfFacts) -> Iterator[Change]:
    """What a board was told last, against its meeting before, and against earlier drafts for the same meeting.

    Which draft came first is told by the numbers of the runs: a clock can be set back.
    """
    found: dict[tuple[str, str, str, str | None, str | None], set[Audience]] = {}
    for papers in sent.values():
        now = papers[-1]
        drafts = [paper for paper in papers if paper.run < now.run]
        earlier = [paper for paper in drafts if paper.to[1] < now.to[1]][-1:]
        same = [paper for paper in reversed(drafts) if paper.to[1] == now.to[1]]
        for title, of in ((now.title, _plan), (REGISTER, _register)):
            for since, before in (("meeting", earlier), ("draft", same)):
                for label, old, new in _changed(of(now), [of(paper) for paper in before], facts):
                    found.setdefault((title, since, label, old, new), set()).add(now.to)
    for (title, since, label, old, new), told in found.items():
        yield Change(title, label, old, new, since, sorted(told))


def _plan(paper: Sent) -> int:
    return paper.plan


def _register(paper: Sent) -> int:
    return paper.register


def _changed(now: int, before: Sequence[int], facts: SetsOfFacts) -> Iterator[tuple[str, str | None, str | None]]:
    """The facts of a set that one of those before it, the latest first, gives otherwise: label, value then, value now."""
    changed: set[str] = set()
    for id_ in dict.fromkeys(before):
        if id_ == now:
            continue
        told = facts.of(id_)
        for key, (label, value) in facts.of(now).items():
            if key in told and told[key][1] != value and key not in changed:
                changed.add(key)
                yield label, told[key][1], value
