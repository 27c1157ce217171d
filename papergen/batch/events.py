"""What a run gets from outside, and what it reports about itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from papergen.batch.jobs import Result
from papergen.batch.pool import OpenPool
from papergen.errors import Problem
from papergen.workbook.reading import Reading


@dataclass(frozen=True, slots=True)
class Surveying:
    """So many of the papers' files have been read and checked."""

    read: int
    files: int


@dataclass(frozen=True, slots=True)
class Started:
    """The work begins: `jobs` in all, of which `left` are to be done."""

    run: int
    jobs: int
    left: int


@dataclass(frozen=True, slots=True)
class ListReading:
    """A list of actions was read like this, for these papers (their files, as messages call them).

    Papers with other as-at dates or other answers may have another reading of the same list.
    """

    reading: Reading
    papers: Sequence[str]


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a job, as the manifest has it. `shown` is its paper's file."""

    shown: str
    board: str
    result: Result


@dataclass(frozen=True, slots=True)
class PoolLost:
    """The cluster is lost, for this reason; the run goes on with processes of this machine."""

    reason: str


Event = Surveying | Started | ListReading | Done | PoolLost


@dataclass(frozen=True, slots=True)
class Summary:
    """How a run ended.

    `outcomes`: how many of its jobs have each outcome, by the values of `overwrite.State` and
    “pending”. `failures`: the problems of jobs, each with the jobs that have it. `gaps`: how many
    different ones there are, with the first few in `some_gaps`. `done`: how many jobs this very run
    has done. `readings`: how the lists of actions were read. `problems`: those that ended the run.
    """

    run: int
    finished: bool
    outcomes: Mapping[str, int]
    failures: Sequence[tuple[Mapping[str, str], Sequence[Mapping[str, Any]]]]
    gaps: int
    some_gaps: Sequence[Mapping[str, str]]
    done: int
    seconds: float
    readings: Sequence[ListReading] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def failed(self) -> int:
        return self.outcomes.get("failed", 0)

    @property
    def pending(self) -> int:
        return self.outcomes.get("pending", 0)


@dataclass(frozen=True, slots=True)
class BatchContext:
    """What a run gets from outside.

    `open_pool` opens the workers, `fallback` those that take over where the first are lost. `clock`
    returns the time of day (ISO 8601), `stopping` whether to stop, and `report` gets each event.
    """

    open_pool: OpenPool
    clock: Callable[[], str]
    stopping: Callable[[], bool]
    report: Callable[[Event], None]
    fallback: OpenPool | None = None
