"""What travels between the run and its workers: values only, which can be pickled.

A *job* is one board's paper. Jobs travel in *chunks*, so that sending them costs little; within a
chunk those of one source file stand together, so that it is loaded and compiled once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from papergen.errors import Location, Problem


@dataclass(frozen=True, slots=True)
class Source:
    """A paper's file. `path` is absolute; `shown` is what messages call it. `brand` overrides what
    it says of its brand.
    """

    path: str
    shown: str
    brand: str | None = None


@dataclass(frozen=True, slots=True)
class Promise:
    """A commitment of a plan that is not known to be kept. Dates are ISO 8601, at their own
    precision.
    """

    id: str
    what: str
    by: str
    to: tuple[str, ...]
    """The names of the bodies and posts that it was made to."""
    due: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A board that a paper is to go to: all that can be told of its job before it is done."""

    board: str
    board_name: str
    meeting: str
    """ISO 8601."""
    role: str
    brand: str
    file_name: str
    template_hash: str


@dataclass(frozen=True, slots=True)
class Surveyed:
    """A source as it was found before the work began.

    `input_hash` is SHA-256 over all its files, `files` that of each by its path. Where it has
    `problems`, nothing can be drafted from it, and `asked` is as much as can be read in spite of
    them.
    """

    source: Source
    asked: tuple[Asked, ...] = ()
    input_hash: str = ""
    files: Mapping[str, str] = field(default_factory=dict)
    plan_id: str = ""
    plan_title: str = ""
    as_at: str = ""
    promises: tuple[Promise, ...] = ()
    notes: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Task:
    """A job as a worker gets it. `known`: the content hashes of what papergen last wrote to its
    file and to those beside it.
    """

    job: int
    board: str
    known: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Batch:
    """The tasks of one source. `sources`: it and all it names, loaded and pickled, for workers that
    do not share the disk.
    """

    source: Source
    input_hash: str
    tasks: tuple[Task, ...]
    sources: bytes = b""


@dataclass(frozen=True, slots=True)
class Chunk:
    """What is sent to a worker at a time, and done by it as a whole. `version` is that of the
    papergen that sends it.
    """

    version: str
    batches: tuple[Batch, ...]

    @property
    def jobs(self) -> tuple[int, ...]:
        return tuple(task.job for batch in self.batches for task in batch.tasks)


@dataclass(frozen=True, slots=True)
class Folder:
    """Where papers go: `out`, with a folder on the same disk for files that are not whole yet.
    `force`: as for `draft`.
    """

    out: str
    staging: str
    force: bool = False


@dataclass(frozen=True, slots=True)
class MissingFact:
    """A gap: what a paper lacks, where its place is, and how to fill it."""

    message: str
    where: Location | None
    hint: str


@dataclass(frozen=True, slots=True)
class Made:
    """A paper that a worker has drafted; `docx` are its bytes, until they are written.

    `told` and `register` are the keys of two sets of facts: those of the plan, which a plan's
    boards mostly share, and those of the register, of which each board has its own.
    """

    name: str
    title: str
    content_hash: str
    gaps: tuple[MissingFact, ...]
    told: str
    register: str
    docx: bytes = b""


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a job. `state` is a word of `placing.State`, or “failed”; `file` the name that
    the draft stands under.

    `render` and `write` are seconds of work, `prepare` those of loading and compiling that fell to
    this job.
    """

    job: int
    state: str
    made: Made | None = None
    file: str = ""
    edited: str = ""
    problems: tuple[Problem, ...] = ()
    notices: tuple[Problem, ...] = ()
    prepare: float = 0.0
    render: float = 0.0
    write: float = 0.0

    @property
    def failed(self) -> bool:
        return self.state == "failed"


@dataclass(frozen=True, slots=True)
class Results:
    """What comes back of a chunk. `told`: the sets of facts that its papers name, by key, each as
    compressed JSON.
    """

    results: tuple[Result, ...]
    told: Mapping[str, bytes] = field(default_factory=dict)


def in_chunks(batches: Iterable[Batch], size: int, version: str) -> Iterator[Chunk]:
    """The tasks of all batches in chunks of `size`, in order; a batch that is too large for one
    goes into several.
    """
    waiting: list[Batch] = []
    room = size
    for batch in batches:
        tasks = batch.tasks
        while tasks:
            waiting.append(replace(batch, tasks=tasks[:room]))
            taken = len(waiting[-1].tasks)
            tasks, room = tasks[taken:], room - taken
            if not room:
                yield Chunk(version, tuple(waiting))
                waiting, room = [], size
    if waiting:
        yield Chunk(version, tuple(waiting))


def alone(chunk: Chunk) -> list[Chunk]:
    """The jobs of a chunk, each in one of its own."""
    return [
        Chunk(chunk.version, (replace(batch, tasks=(task,)),))
        for batch in chunk.batches
        for task in batch.tasks
    ]


def all_failed(chunk: Chunk, problem: Problem) -> Results:
    """What stands for the answer to a chunk that could not be done at all."""
    return Results(tuple(Result(job, "failed", problems=(problem,)) for job in chunk.jobs))
