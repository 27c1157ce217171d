"""What was told to whom, as a folder's manifest and its papers tell it."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from papergen.batch.manifest import FAILED, PENDING, WITHDRAWN, Manifest
from papergen.dates import PartialDate
from papergen.errors import SourceError
from papergen.placing import found_hash

_SETS_KEPT = 256

Facts = Mapping[str, tuple[str, str | None]]
"""By their keys (see `facts.told`), the label and the value of each."""


@dataclass(frozen=True, slots=True)
class Told:
    """A paper that a board was to get. `state` says how its file stands now, “failed” or “still to do” where there is none."""

    board: str
    board_name: str
    meeting: str
    role: str
    plan: str
    plan_title: str
    paper: str
    title: str
    file: str
    state: str
    edited: str
    gaps: Sequence[Mapping[str, str]]
    problems: Sequence[Mapping[str, str]]
    notices: Sequence[Mapping[str, str]]
    run: int
    drafted: str


@dataclass(frozen=True, slots=True)
class Meeting:
    """A board's meeting, with its papers."""

    board: str
    board_name: str
    date: str
    papers: Sequence[Told]

    @property
    def gaps(self) -> int:
        return sum(len(paper.gaps) for paper in self.papers)

    @property
    def problems(self) -> int:
        return sum(len(paper.problems) for paper in self.papers)


@dataclass(frozen=True, slots=True)
class Difference:
    """A fact that boards were told with different values: each value (None: not given), and the boards that were told it."""

    plan: str
    fact: str
    values: Sequence[tuple[str | None, Sequence[str]]]


@dataclass(frozen=True, slots=True)
class Change:
    """A fact that these boards were told otherwise last time. `since`: “meeting” or “draft”, as their papers were compared."""

    plan: str
    fact: str
    before: str | None
    now: str | None
    since: str
    boards: Sequence[str]


@dataclass(frozen=True, slots=True)
class Due:
    """A commitment that is not known to be kept. `overdue`: its date has passed; None where it has none."""

    plan: str
    what: str
    by: str
    to: Sequence[str]
    due: str
    overdue: bool | None


@dataclass(frozen=True, slots=True)
class Report:
    """All of it. `unfinished`: the last run was stopped."""

    folder: str
    runs: int
    unfinished: bool
    meetings: Sequence[Meeting]
    differences: Sequence[Difference]
    changes: Sequence[Change]
    commitments: Sequence[Due]

    @property
    def papers(self) -> int:
        return sum(len(meeting.papers) for meeting in self.meetings)


def report_on(manifest: Manifest, folder: Path, today: PartialDate) -> Report:
    """The report of a folder. Raises OutputError where its manifest cannot be read."""
    last_run = manifest.last_run()
    if last_run is None:
        return Report(str(folder), 0, False, (), (), (), ())
    made: dict[tuple[str, str, str], Mapping[str, Any]] = {}
    lacking: dict[tuple[str, str], Mapping[str, Any]] = {}
    sent: dict[tuple[str, str], list[_Sent]] = {}
    for job in manifest.all_jobs():
        lacking.pop((job["board"], job["path"]), None)  # a later run tells what became of it
        if job["content_hash"]:
            made[job["board"], job["meeting"], job["file_name"]] = job
            sent.setdefault((job["board"], job["plan"]), []).append(_Sent(job, job["plan_title"], job["told"]))
            sent.setdefault((job["board"], _REGISTER), []).append(_Sent(job, _REGISTER, job["register"]))
        elif job["state"] != WITHDRAWN:
            lacking[job["board"], job["path"]] = job
    facts = _Facts(manifest)
    return Report(
        str(folder),
        last_run.id,
        last_run.state != "finished",
        _meetings([*made.values(), *lacking.values()], folder),
        list(_differences(sent, facts)),
        list(_changes(sent, facts)),
        list(_due(manifest, today)),
    )


# -- papers ------------------------------------------------------------------------------------------------------------


def _meetings(jobs: Iterable[Mapping[str, Any]], folder: Path) -> list[Meeting]:
    jobs = list(jobs)
    # Of a paper that could not be read only the boards' ids are known.
    names = {job["board"]: job["board_name"] for job in jobs if job["board_name"]}
    found: dict[tuple[str, str, str], list[Told]] = {}
    for job in jobs:
        name = job["board_name"] or names.get(job["board"], job["board"])
        found.setdefault((name, job["board"], job["meeting"]), []).append(_told(job, folder))
    return [
        Meeting(board, name, date, sorted(papers, key=lambda paper: (paper.plan_title, paper.paper)))
        for (name, board, date), papers in sorted(found.items())
    ]


def _told(job: Mapping[str, Any], folder: Path) -> Told:
    return Told(
        board=job["board"],
        board_name=job["board_name"],
        meeting=job["meeting"],
        role=job["role"],
        plan=job["plan"],
        plan_title=job["plan_title"],
        paper=job["shown"],
        title=job["title"],
        file=job["file"],
        state=_state(job, folder),
        edited=job["edited"],
        gaps=job["gaps"],
        problems=job["problems"],
        notices=job["notices"],
        run=job["run"],
        drafted=job["ended"] or "",
    )


def _state(job: Mapping[str, Any], folder: Path) -> str:
    if job["state"] == PENDING:
        return "still to do"
    if job["state"] == FAILED:
        return "failed"
    try:
        found = found_hash(folder / job["file"])
    except SourceError:
        return "cannot be read"
    if found is None:
        return "not in the folder"
    return "as drafted" if found == job["content_hash"] else "edited since"


# -- facts -------------------------------------------------------------------------------------------------------------


class _Facts:
    """The sets of facts of a manifest, read as they are asked for; a few are kept, since papers of one plan share theirs."""

    def __init__(self, manifest: Manifest) -> None:
        self._manifest = manifest
        self.of = lru_cache(_SETS_KEPT)(self._read)

    def _read(self, id_: int) -> Facts:
        return {key: (label, value) for key, label, value in json.loads(zlib.decompress(self._manifest.facts(id_)))}


_REGISTER = "Register of bodies"
"""Stands where a plan's title does, for the facts of the register."""


class _Sent:
    """A set of facts that a board was told in a paper."""

    __slots__ = ("board", "meeting", "plan", "run", "told")

    def __init__(self, job: Mapping[str, Any], plan: str, told: int) -> None:
        self.board = str(job["board_name"] or job["board"])
        self.run: int = job["run"]
        self.meeting: str = job["meeting"]
        self.plan = plan
        self.told = told


def _differences(sent: Mapping[tuple[str, str], Sequence[_Sent]], facts: _Facts) -> Iterator[Difference]:
    """What boards were told last of one plan, or of the register, where it is not the same for all."""
    plans: dict[str, dict[int, list[_Sent]]] = {}
    for (_, plan), papers in sent.items():
        plans.setdefault(plan, {}).setdefault(papers[-1].told, []).append(papers[-1])
    for sets in plans.values():
        values: dict[str, dict[str | None, list[str]]] = {}
        labels: dict[str, str] = {}
        for id_, papers in sets.items():
            boards = [paper.board for paper in papers]
            for key, (label, value) in facts.of(id_).items():
                labels[key] = label
                values.setdefault(key, {}).setdefault(value, []).extend(boards)
        title = max((paper for papers in sets.values() for paper in papers), key=lambda paper: paper.run).plan
        for key, found in values.items():
            if len(found) > 1:
                yield Difference(title, labels[key], [(value, sorted(names)) for value, names in found.items()])


def _changes(sent: Mapping[tuple[str, str], Sequence[_Sent]], facts: _Facts) -> Iterator[Change]:
    """What a board was told last, against what it was told at its meeting before, and in the draft before for that meeting.

    Which draft came first is told by the numbers of the runs: a clock can be set back.
    """
    found: dict[tuple[str, str, str, str | None, str | None], list[str]] = {}
    for papers in sent.values():
        now = papers[-1]
        drafts = [paper for paper in papers if paper.run < now.run]
        for since, before in (
            ("meeting", [paper for paper in drafts if paper.meeting < now.meeting]),
            ("draft", [paper for paper in drafts if paper.meeting == now.meeting]),
        ):
            if before and before[-1].told != now.told:
                for label, old, new in _changed(facts.of(before[-1].told), facts.of(now.told)):
                    found.setdefault((now.plan, since, label, old, new), []).append(now.board)
    for (title, since, label, old, new), names in found.items():
        yield Change(title, label, old, new, since, sorted(names))


def _changed(before: Facts, now: Facts) -> Iterator[tuple[str, str | None, str | None]]:
    for key, (label, value) in now.items():
        if key in before and before[key][1] != value:
            yield label, before[key][1], value


# -- commitments -------------------------------------------------------------------------------------------------------


def _due(manifest: Manifest, today: PartialDate) -> Iterator[Due]:
    """By the paper of each file that was read last."""
    found: dict[tuple[str, str], Due] = {}
    for paper in manifest.latest_papers():
        for promise in paper["promises"]:
            date = promise["due"]
            overdue = PartialDate.parse(date).last < today.first if date else None
            found[paper["plan"], promise["id"]] = Due(
                paper["plan_title"], promise["what"], promise["by"], promise["to"], date, overdue
            )
    yield from sorted(found.values(), key=lambda due: (due.due == "", due.due, due.plan, due.what))
