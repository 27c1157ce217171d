"""What travels between the run and its workers: values only, which can be pickled.

A *job* is one board's paper. Jobs travel in *chunks*, so that sending them costs little. Within a
chunk, those of one source file are together in a *batch*, so that it is loaded and compiled once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from papergen.errors import Location, Problem
from papergen.workbook.reading import Reading


@dataclass(frozen=True, slots=True)
class Source:
    """A paper's file. `path` is absolute; `shown` is its name in messages.

    `brand` overrides what the paper says of its brand.
    """

    path: str
    shown: str
    brand: str | None = None


@dataclass(frozen=True, slots=True)
class Promise:
    """A commitment of a plan that is not known to be kept. `due` is ISO 8601."""

    id: str
    what: str
    by: str
    to: tuple[str, ...]
    """The names of the bodies and posts that it was made to."""
    due: str


@dataclass(frozen=True, slots=True)
class JobSpec:
    """A board that a paper is to go to: all that is known of its job before it is done."""

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
    `problems`, nothing can be drafted from it, and `jobs` are those that can still be read.
    """

    source: Source
    jobs: tuple[JobSpec, ...] = ()
    input_hash: str = ""
    files: Mapping[str, str] = field(default_factory=dict)
    plan_id: str = ""
    plan_title: str = ""
    as_at: str = ""
    promises: tuple[Promise, ...] = ()
    readings: tuple[Reading, ...] = ()
    """How each list of actions was read."""
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Task:
    """A job as a worker gets it.

    `written`: the content hashes of what papergen last wrote to its file and to those beside it.
    """

    job: int
    board: str
    written: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Batch:
    """The tasks of one source.

    `sources` are the loaded and pickled sources, for workers that do not share the disk.
    """

    source: Source
    input_hash: str
    tasks: tuple[Task, ...]
    sources: bytes = b""


@dataclass(frozen=True, slots=True)
class Chunk:
    """What is sent to a worker at a time. `version` is that of the papergen that sends it."""

    version: str
    batches: tuple[Batch, ...]

    @property
    def jobs(self) -> tuple[int, ...]:
        return tuple(task.job for batch in self.batches for task in batch.tasks)


@dataclass(frozen=True, slots=True)
class Folder:
    """Where papers go: `out`, with a `staging` folder on the same disk for unfinished files.

    `force`: overwrite edited drafts, as `draft` does.
    """

    out: str
    staging: str
    force: bool = False


@dataclass(frozen=True, slots=True)
class MissingFact:
    """A gap: what a paper lacks, where it belongs, and how to fill it."""

    message: str
    where: Location | None
    hint: str


@dataclass(frozen=True, slots=True)
class DraftedPaper:
    """A paper that a worker has drafted; `docx` are its bytes, until they are written.

    `plan_facts` and `register_facts` are the keys of two sets of reported facts: those of the plan,
    which its boards mostly share, and those of the register, of which each board has its own.
    """

    name: str
    title: str
    content_hash: str
    gaps: tuple[MissingFact, ...]
    plan_facts: str
    register_facts: str
    docx: bytes = b""


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a job. `file` is the name of the draft's file.

    `state` is a value of `overwrite.State`, or “made” until the paper is written. `render` and
    `write` are seconds of work, `prepare` those of loading and compiling for this job.
    """

    job: int
    state: str
    paper: DraftedPaper | None = None
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
    """The answer to a chunk.

    `fact_sets`: the sets of facts that its papers name, by key, each as compressed JSON.
    """

    results: tuple[Result, ...]
    fact_sets: Mapping[str, bytes] = field(default_factory=dict)


def failed(job: int, problems: tuple[Problem, ...]) -> Result:
    """The result of a job that could not be done."""
    return Result(job, "failed", problems=problems)


def in_chunks(
    batches: Iterable[Batch],
    size: int,
    version: str,
) -> Iterator[Chunk]:
    """The tasks of all batches in chunks of `size`, in order; a large batch goes into several."""
    waiting: list[Batch] = []
    room = size
    for batch in batches:
        tasks = batch.tasks
        while tasks:
            taken = tasks[:room]
            tasks = tasks[room:]
            waiting.append(replace(batch, tasks=taken))
            room -= len(taken)
            if room == 0:
                yield Chunk(version, tuple(waiting))
                waiting = []
                room = size
    if waiting:
        yield Chunk(version, tuple(waiting))


def split_chunk(chunk: Chunk) -> list[Chunk]:
    """The jobs of a chunk, each in a chunk of its own."""
    chunks = []
    for batch in chunk.batches:
        for task in batch.tasks:
            single = replace(batch, tasks=(task,))
            chunks.append(Chunk(chunk.version, (single,)))
    return chunks


def fail_chunk(chunk: Chunk, problem: Problem) -> Results:
    """The answer to a chunk that could not be done at all."""
    results = [failed(job, (problem,)) for job in chunk.jobs]
    return Results(tuple(results))
