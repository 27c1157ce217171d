"""What a run gets from outside, and what it tells of itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from papergen.batch.jobs import Result
from papergen.batch.pool import OpenPool
from papergen.errors import Problem


@dataclass(frozen=True, slots=True)
class Looking:
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
class Done:
    """What became of a job, as it is written down. `shown` is its paper's file."""

    shown: str
    board: str
    result: Result


@dataclass(frozen=True, slots=True)
class PoolLost:
    """The cluster is gone, for this reason; the run goes on with processes of this machine."""

    reason: str


Event = Looking | Started | Done | PoolLost


@dataclass(frozen=True, slots=True)
class Summary:
    """How a run ended. `outcomes`: how many of its jobs came to what, by the words of
    `placing.State`; “pending” among them.

    `failures` are the problems of jobs, each with the jobs that have it; `gaps` is how many
    different ones there are, `some_gaps` the first few of them; `done` is how many jobs this very
    run has done; `problems` are those that ended the run.
    """

    run: int
    finished: bool
    outcomes: Mapping[str, int]
    failures: Sequence[tuple[Mapping[str, str], Sequence[Mapping[str, Any]]]]
    gaps: int
    some_gaps: Sequence[Mapping[str, str]]
    done: int
    seconds: float
    problems: tuple[Problem, ...] = ()

    @property
    def failed(self) -> int:
        return self.outcomes.get("failed", 0)

    @property
    def pending(self) -> int:
        return self.outcomes.get("pending", 0)


@dataclass(frozen=True, slots=True)
class RunContext:
    """What a run gets from outside: who does the work, the time of day (ISO 8601), whether to stop,
    and who listens.

    `fallback`: who goes on with the work where those who began it are lost.
    """

    open_pool: OpenPool
    clock: Callable[[], str]
    stopping: Callable[[], bool]
    tell: Callable[[Event], None]
    fallback: OpenPool | None = None
