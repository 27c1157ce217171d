"""A run: many papers for many boards into one folder, which may be stopped at any moment and
continued.
"""

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
from papergen.batch.events import Done, PoolLost, RunContext, Started, Summary
from papergen.batch.internal_error import internal_error
from papergen.batch.jobs import (
    Batch,
    Chunk,
    Folder,
    Result,
    Results,
    Source,
    Task,
    all_failed,
    alone,
    in_chunks,
)
from papergen.batch.lock import alone_in, staging_in
from papergen.batch.manifest.database import storable, undamaged
from papergen.batch.manifest.manifest import NAME, Manifest, RunRow
from papergen.batch.manifest.tables import DONE, FAILED, FINISHED, PENDING, STOPPED
from papergen.batch.placement import put_in_place
from papergen.batch.planning import given_up, plan_run, reverify_done
from papergen.batch.pool import Pool
from papergen.batch.request import Request, order_from, resumed
from papergen.batch.scheduler import PoolLostError, Work, schedule
from papergen.batch.survey import load_source
from papergen.batch.worker import do_chunk
from papergen.errors import CommandError, Location, OutputError, PapergenError, Problem
from papergen.storage.files import is_file
from papergen.version import __version__

_SMALLEST_CHUNK, _LARGEST_CHUNK = 25, 100
_GAPS_SHOWN = 10
_CHUNKS_A_WORKER = 8
"""At least, where there are enough jobs: so that the workers end at about the same time."""


def run_batch(order: Request, out: Path, around: RunContext, *, resume: bool = False) -> Summary:
    """Draft what is asked for into the folder `out`.

    With `resume` the folder's last run goes on, whatever it was stopped by; what is asked for then
    may be another thing, and where `order` names no paths it is what was asked for before. Faults
    of single papers are outcomes in the manifest.

    Raises OutputError where the folder cannot be written to, is in use, or has an unfinished run
    and `resume` is not set; SourceError and CommandError where what was asked for is not there;
    BatchError for a cluster that cannot be reached; KeyboardInterrupt if it is stopped before the
    work began.
    """
    began = perf_counter()
    if not order.paths:
        if not resume:
            raise _nothing_named("no paper was named")
        if not is_file(out / NAME):
            raise _nothing_named(f"no paper was named, and there is no run in “{out}” to continue")
    sources = discover_papers(
        order.paths, Path(order.base), out, order.brand
    )  # before anything is made in the folder
    with alone_in(out), Manifest.open(out) as manifest:
        with undamaged(manifest.path):
            last = manifest.last_run()
        _refuse_unfinished(last, resume, out)
        going_on = last if resume else None
        if not order.paths:
            with undamaged(manifest.path):
                order = _same_again(order, going_on)
            sources = discover_papers(order.paths, Path(order.base), out, order.brand, again=True)
        with staging_in(out) as staging:
            with around.open_pool() as pool:
                run, faulty = plan_run(manifest, going_on, order, sources, out, pool, around)
                reverify_done(manifest, run, out, order.force, pool, around.stopping)
                folder = Folder(str(out.absolute()), str(staging.absolute()), order.force)
                doing = _Doing(manifest, run, sources, folder, around)
                doing.begin(faulty)
                lost = doing.do(pool)
            if lost and around.fallback is not None:
                around.tell(PoolLost(lost))
                with around.fallback() as pool:
                    lost = doing.do(pool)
            return doing.end(lost, perf_counter() - began)


def _refuse_unfinished(last: RunRow | None, resume: bool, out: Path) -> None:
    if last is None or last.state == FINISHED or resume:
        return
    hint = (
        f"Continue it with: papergen batch --resume --out {quote(str(out))}\nOr choose another "
        "folder with --out."
    )
    message = f"the last run into this folder (begun {last.started}) did not finish"
    raise OutputError([Problem("batch-unfinished", message, Location(str(out)), hint)])


def _nothing_named(message: str) -> CommandError:
    hint = "Name papers, or folders that hold papers: papergen batch plans/ --out papers"
    return CommandError([Problem("no-papers", message, None, hint)])


def _same_again(order: Request, last: RunRow | None) -> Request:
    if last is None:
        raise _nothing_named("no paper was named, and there is no run to continue")
    return resumed(order, order_from(last.arguments))


class _Doing:
    """The work of a run while it is on."""

    def __init__(
        self,
        manifest: Manifest,
        run: int,
        sources: Sequence[Source],
        folder: Folder,
        around: RunContext,
    ) -> None:
        self._manifest = manifest
        self._run = run
        self._sources = {storable(source.path): source for source in sources}
        self._folder = folder
        self._around = around
        self._done = 0
        self._out: dict[int, tuple[Batch, Task]] = {}
        """The jobs that were given out."""

    def begin(self, faulty: Sequence[Done]) -> None:
        """Tell of the run, and of the jobs that had failed before the work began."""
        counts = self._manifest.counts(self._run)
        jobs = sum(counts.get(state, 0) for state in (PENDING, DONE, FAILED))
        self._around.tell(Started(self._run, jobs, counts.get(PENDING, 0) + len(faulty)))
        self._done += len(faulty)
        for one in faulty:
            self._around.tell(one)

    def do(self, pool: Pool) -> str:
        """Have a pool do all pending jobs, and write down what became of each; why, if it was lost.
        Raises OutputError.
        """
        left = self._manifest.counts(self._run).get(PENDING, 0)
        size = min(max(left // (pool.workers * _CHUNKS_A_WORKER), _SMALLEST_CHUNK), _LARGEST_CHUNK)
        drafting = Work(
            partial(do_chunk, folder=self._folder if pool.shares_disk else None),
            split=alone,
            give_up=lambda chunk, fault: all_failed(chunk, given_up(fault)),
        )
        batches = self._batches() if pool.shares_disk else self._loaded(self._batches())
        self._out.clear()
        try:
            for answer in schedule(
                pool,
                drafting,
                self._noted(in_chunks(batches, size, __version__)),
                self._around.stopping,
            ):
                self._take(answer)
        except PoolLostError as fault:
            return str(fault)
        return ""

    def end(self, lost: str, seconds: float) -> Summary:
        """Write down how the run ended."""
        problems: tuple[Problem, ...] = ()
        if lost:
            hint = (
                "The papers that are done stand. Start the cluster again, or leave --scheduler "
                "out, and go on with --resume."
            )
            problems = (
                Problem(
                    "batch-cluster", f"there is nobody left to do the work ({lost})", None, hint
                ),
            )
        finished = not self._manifest.counts(self._run).get(PENDING)
        self._manifest.end(
            self._run, FINISHED if finished else STOPPED, self._around.clock(), seconds
        )
        return _summary(self._manifest, self._run, finished, self._done, seconds, problems)

    def _noted(self, chunks: Iterator[Chunk]) -> Iterator[Chunk]:
        for chunk in chunks:
            self._out |= {
                task.job: (batch, task) for batch in chunk.batches for task in batch.tasks
            }
            yield chunk

    def _batches(self) -> Iterator[Batch]:
        for paper, path, input_hash in self._manifest.papers_to_do(self._run):
            pending = self._manifest.pending(paper)
            known = self._manifest.written([name for _, _, name in pending])
            tasks = tuple(Task(job, board, known.get(name, {})) for job, board, name in pending)
            yield Batch(self._sources[path], input_hash, tasks)

    def _loaded(self, batches: Iterator[Batch]) -> Iterator[Batch]:
        """With the sources themselves, for workers that do not see the files."""
        for batch in batches:
            try:
                loaded = load_source(batch.source)
            except PapergenError as fault:
                self._out |= {task.job: (batch, task) for task in batch.tasks}
                self._take(
                    Results(
                        tuple(
                            Result(task.job, "failed", problems=fault.problems)
                            for task in batch.tasks
                        )
                    )
                )
            else:
                yield replace(batch, sources=pickle.dumps(loaded, pickle.HIGHEST_PROTOCOL))

    def _take(self, answer: Results) -> None:
        results = tuple(map(self._placed, answer.results))
        self._manifest.record(results, answer.told, self._around.clock())
        self._done += len(results)
        for result in results:
            batch, task = self._out.pop(result.job)
            self._around.tell(Done(batch.source.shown, task.board, result))

    def _placed(self, result: Result) -> Result:
        """A result that came with its paper, once this side has put that in its place."""
        if result.failed or result.made is None or not result.made.docx:
            return result
        batch, task = self._out[result.job]
        try:
            return put_in_place(result, task.known, batch.input_hash, self._folder)
        except Exception as fault:  # noqa: BLE001 (a fault of ours in one paper must not keep the others from their boards)
            return Result(
                result.job,
                "failed",
                problems=(internal_error(fault, batch.source.shown, task.board),),
            )


def _summary(
    manifest: Manifest,
    run: int,
    finished: bool,
    done: int,
    seconds: float,
    problems: tuple[Problem, ...],
) -> Summary:
    failures: dict[tuple[str, ...], tuple[Mapping[str, str], list[Mapping[str, Any]]]] = {}
    for row in manifest.failed(run):
        for problem in row["problems"]:
            failures.setdefault(tuple(problem.values()), (problem, []))[1].append(row)
    found = sorted(
        failures.values(), key=lambda failure: (failure[0]["where"], failure[0]["message"])
    )
    gaps, some = manifest.gaps(run, _GAPS_SHOWN)
    return Summary(
        run, finished, manifest.outcomes(run), found, gaps, some, done, seconds, problems
    )
