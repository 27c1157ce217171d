"""A run: many papers for many boards into one folder, which can be stopped and continued."""

from __future__ import annotations

import pickle
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from shlex import quote
from time import perf_counter
from typing import Any

from papergen.batch.discovery import discover_papers
from papergen.batch.events import (
    BatchContext,
    Done,
    ListReading,
    PoolLost,
    Started,
    Summary,
)
from papergen.batch.internal_error import internal_error
from papergen.batch.jobs import (
    Batch,
    Chunk,
    Folder,
    Result,
    Results,
    Source,
    Task,
    fail_chunk,
    failed,
    in_chunks,
    split_chunk,
)
from papergen.batch.lock import lock_folder, staging_folder
from papergen.batch.manifest.database import storable, undamaged
from papergen.batch.manifest.manifest import NAME, Manifest, RunRow
from papergen.batch.manifest.tables import DONE, FAILED, FINISHED, PENDING, STOPPED
from papergen.batch.placement import put_in_place
from papergen.batch.planning import given_up, plan_run, reverify_done
from papergen.batch.pool import Pool
from papergen.batch.request import Request, request_from, resumed
from papergen.batch.scheduler import PoolLostError, Work, schedule
from papergen.batch.survey import load_source
from papergen.batch.worker import do_chunk
from papergen.errors import CommandError, Location, OutputError, PapergenError, Problem
from papergen.storage.files import is_file
from papergen.version import __version__
from papergen.workbook.reading_plain import from_plain

_SMALLEST_CHUNK, _LARGEST_CHUNK = 25, 100
_CHUNKS_A_WORKER = 8
"""At least, where there are enough jobs: so that the workers end at about the same time."""
_GAPS_SHOWN = 10


def run_batch(
    request: Request,
    out: Path,
    context: BatchContext,
    *,
    resume: bool = False,
) -> Summary:
    """Draft what is requested into the folder `out`. Faults of single papers are in the manifest.

    With `resume` the folder's last run goes on, whatever stopped it. The request may differ from
    the one before; where it names no paths, it is the one before.

    Raises OutputError where the folder cannot be written to, is in use, or has an unfinished run
    and `resume` is not set; SourceError and CommandError where the papers are not there; BatchError
    for a cluster that cannot be reached; KeyboardInterrupt if it is stopped before the work began.
    """
    began = perf_counter()
    if not request.paths:
        _refuse_without_run(out, resume)
    # Missing papers are reported before the folder is made.
    sources = discover_papers(request.paths, Path(request.base), out, request.brand)
    with lock_folder(out), Manifest.open(out) as manifest:
        with undamaged(manifest.path):
            last = manifest.last_run()
            _refuse_unfinished(last, resume, out)
            resuming = not request.paths
            if resuming:
                request = _resumed_request(request, last)
        if resuming:
            base = Path(request.base)
            sources = discover_papers(request.paths, base, out, request.brand, resuming=True)
        going_on = last if resume else None
        with staging_folder(out) as staging:
            with context.open_pool() as pool:
                run, faulty = plan_run(manifest, going_on, request, sources, out, pool, context)
                reverify_done(manifest, run, out, request.force, pool, context.stopping)
                folder = Folder(str(out.absolute()), str(staging.absolute()), request.force)
                drafting = _Drafting(manifest, run, sources, folder, context)
                drafting.begin(faulty)
                lost = drafting.draft_pending(pool)
            if lost and context.fallback is not None:
                context.report(PoolLost(lost))
                with context.fallback() as pool:
                    lost = drafting.draft_pending(pool)
            return drafting.end(lost, perf_counter() - began)


def _refuse_without_run(out: Path, resume: bool) -> None:
    if not resume:
        raise _nothing_named("no paper was named")
    if not is_file(out / NAME):
        raise _nothing_named(f"no paper was named, and there is no run in “{out}” to continue")


def _nothing_named(message: str) -> CommandError:
    hint = "Name papers, or folders that hold papers: papergen batch plans/ --out papers"
    problem = Problem("no-papers", message, None, hint)
    return CommandError([problem])


def _refuse_unfinished(last: RunRow | None, resume: bool, out: Path) -> None:
    if last is None or last.state == FINISHED or resume:
        return
    message = f"the last run into this folder (begun {last.started}) did not finish"
    hint = (
        f"Continue it with: papergen batch --resume --out {quote(str(out))}\nOr choose another "
        "folder with --out."
    )
    problem = Problem("batch-unfinished", message, Location(str(out)), hint)
    raise OutputError([problem])


def _resumed_request(request: Request, last: RunRow | None) -> Request:
    if last is None:
        raise _nothing_named("no paper was named, and there is no run to continue")
    return resumed(request, request_from(last.arguments))


class _Drafting:
    """The drafting of a run's pending jobs, by one pool or, where it is lost, by two."""

    def __init__(
        self,
        manifest: Manifest,
        run: int,
        sources: Sequence[Source],
        folder: Folder,
        context: BatchContext,
    ) -> None:
        self._manifest = manifest
        self._run = run
        self._sources = {storable(source.path): source for source in sources}
        self._folder = folder
        self._context = context
        self._done = 0
        self._readings: list[ListReading] = []
        self._submitted: dict[int, tuple[Batch, Task]] = {}
        """By job, those that a pool has."""

    def begin(self, faulty: Sequence[Done]) -> None:
        """Report that the run begins, how its lists were read, and the jobs that had failed
        before.
        """
        counts = self._manifest.counts(self._run)
        jobs = sum(counts.get(state, 0) for state in (PENDING, DONE, FAILED))
        left = counts.get(PENDING, 0) + len(faulty)
        self._context.report(Started(self._run, jobs, left))
        with undamaged(self._manifest.path):
            for plain, papers in self._manifest.readings(self._run):
                self._readings.append(ListReading(from_plain(plain), papers))
        for reading in self._readings:
            self._context.report(reading)
        self._done += len(faulty)
        for done in faulty:
            self._context.report(done)

    def draft_pending(self, pool: Pool) -> str:
        """Have a pool do all pending jobs, and record their results.

        Returns why the pool was lost, or an empty string. Raises OutputError.
        """
        left = self._manifest.counts(self._run).get(PENDING, 0)
        even_share = left // (pool.workers * _CHUNKS_A_WORKER)
        size = min(max(even_share, _SMALLEST_CHUNK), _LARGEST_CHUNK)
        batches = self._batches()
        folder: Folder | None = self._folder
        if not pool.shares_disk:
            batches = self._loaded(batches)
            folder = None
        chunks = self._noted(in_chunks(batches, size, __version__))
        work = Work(
            function=partial(do_chunk, folder=folder),
            split=split_chunk,
            give_up=lambda chunk, fault: fail_chunk(chunk, given_up(fault)),
        )
        self._submitted.clear()
        try:
            for answer in schedule(pool, work, chunks, self._context.stopping):
                self._record(answer)
        except PoolLostError as fault:
            return str(fault)
        return ""

    def end(self, lost: str, seconds: float) -> Summary:
        """Record how the run ended. `lost` is why no pool is left, if none is."""
        problems: tuple[Problem, ...] = ()
        if lost:
            message = f"there is nobody left to do the work ({lost})"
            hint = (
                "The papers that are done stand. Start the cluster again, or leave --scheduler "
                "out, and go on with --resume."
            )
            problems = (Problem("batch-cluster", message, None, hint),)
        pending = self._manifest.counts(self._run).get(PENDING, 0)
        state = STOPPED if pending else FINISHED
        self._manifest.end(self._run, state, self._context.clock(), seconds)
        gaps, some_gaps = self._manifest.gaps(self._run, _GAPS_SHOWN)
        return Summary(
            run=self._run,
            finished=not pending,
            outcomes=self._manifest.outcomes(self._run),
            failures=_failures(self._manifest, self._run),
            gaps=gaps,
            some_gaps=some_gaps,
            done=self._done,
            seconds=seconds,
            readings=self._readings,
            problems=problems,
        )

    def _batches(self) -> Iterator[Batch]:
        for paper, path, input_hash in self._manifest.papers_to_do(self._run):
            pending = self._manifest.pending(paper)
            names = [name for _, _, name in pending]
            written = self._manifest.written(names)
            tasks = []
            for job, board, name in pending:
                task = Task(job, board, written.get(name, {}))
                tasks.append(task)
            yield Batch(self._sources[path], input_hash, tuple(tasks))

    def _loaded(self, batches: Iterator[Batch]) -> Iterator[Batch]:
        """The batches with their sources, for workers that do not share the disk."""
        for batch in batches:
            try:
                loaded = load_source(batch.source)
            except PapergenError as fault:
                self._submitted |= {task.job: (batch, task) for task in batch.tasks}
                results = [failed(task.job, fault.problems) for task in batch.tasks]
                self._record(Results(tuple(results)))
            else:
                pickled = pickle.dumps(loaded, pickle.HIGHEST_PROTOCOL)
                yield replace(batch, sources=pickled)

    def _noted(self, chunks: Iterator[Chunk]) -> Iterator[Chunk]:
        """The chunks; the jobs of each are noted in `_submitted`."""
        for chunk in chunks:
            for batch in chunk.batches:
                self._submitted |= {task.job: (batch, task) for task in batch.tasks}
            yield chunk

    def _record(self, answer: Results) -> None:
        """Write the results of a chunk into the manifest, and report them."""
        results = [self._placed(result) for result in answer.results]
        self._manifest.record(results, answer.fact_sets, self._context.clock())
        self._done += len(results)
        for result in results:
            batch, task = self._submitted.pop(result.job)
            self._context.report(Done(batch.source.shown, task.board, result))

    def _placed(self, result: Result) -> Result:
        """The result, once a paper that came with it is in the folder."""
        if result.failed or result.paper is None or not result.paper.docx:
            return result
        batch, task = self._submitted[result.job]
        try:
            return put_in_place(result, task.written, batch.input_hash, self._folder)
        except Exception as fault:  # noqa: BLE001 (an internal error in one paper must not keep the others from their boards)
            return failed(result.job, (internal_error(fault, batch.source.shown, task.board),))


def _failures(
    manifest: Manifest, run: int
) -> list[tuple[Mapping[str, str], list[Mapping[str, Any]]]]:
    """The problems of a run's jobs, each once, with the jobs that have it."""
    jobs: dict[tuple[str, ...], list[Mapping[str, Any]]] = {}
    problems: dict[tuple[str, ...], Mapping[str, str]] = {}
    for job in manifest.failed(run):
        for problem in job["problems"]:
            key = tuple(problem.values())
            problems[key] = problem
            with_problem = jobs.setdefault(key, [])
            with_problem.append(job)
    by_place = sorted(problems, key=lambda key: (problems[key]["where"], problems[key]["message"]))
    return [(problems[key], jobs[key]) for key in by_place]
