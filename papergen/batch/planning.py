"""What a run is to do: its jobs, written down before the first is done."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from papergen.batch.events import Done, Looking, RunContext
from papergen.batch.jobs import Result, Source, Surveyed
from papergen.batch.manifest.job_list import JobList
from papergen.batch.manifest.manifest import Manifest, RunRow
from papergen.batch.pool import Pool
from papergen.batch.processes import NOT_STARTED, WorkerLostError
from papergen.batch.request import Request, asked_for, refuse_unknown
from papergen.batch.scheduler import Work, schedule
from papergen.batch.survey import survey
from papergen.batch.verify import PapersToVerify, ids_of, missing_or_changed
from papergen.errors import CommandError, Location, Problem
from papergen.version import __version__

_PAGE = 1_000


def plan_run(
    manifest: Manifest,
    last: RunRow | None,
    order: Request,
    sources: Sequence[Source],
    out: Path,
    pool: Pool,
    around: RunContext,
) -> tuple[int, list[Done]]:
    """The number of the run, once all its jobs are written down; and those that cannot be done,
    which have failed already.

    Raises CommandError where nothing is as it was asked for, KeyboardInterrupt if it is stopped.
    """
    run = (
        last.id
        if last is not None
        else manifest.begin(__version__, order.as_plain(), around.clock())
    )
    try:
        with manifest.planning(run, __version__, order.as_plain()) as plan:
            faulty = _planned(plan, order, sources, out, pool, around)
    except CommandError:
        if last is None:
            manifest.forget(run)
        raise
    for start in range(0, len(faulty), _PAGE):
        manifest.record([one.result for one in faulty[start : start + _PAGE]], {}, around.clock())
    return run, faulty


def _planned(
    plan: JobList,
    order: Request,
    sources: Sequence[Source],
    out: Path,
    pool: Pool,
    around: RunContext,
) -> list[Done]:
    faulty: list[Done] = []
    boards: set[str] = set()
    jobs = 0
    unread = False
    for number, found in enumerate(_surveyed(sources, pool, around.stopping), 1):
        around.tell(Looking(number, len(sources)))
        boards.update(one.board for one in found.asked)
        unread = unread or bool(found.problems and not found.asked)
        wanted = asked_for(order, found)
        ids = plan.add(wanted)
        jobs += len(ids)
        asked = zip(ids, wanted.asked, strict=True)
        faulty += [
            _failed(found.source.shown, one.board, id_, found.problems)
            for id_, one in asked
            if found.problems
        ]
    if around.stopping():
        raise KeyboardInterrupt
    if not unread:
        refuse_unknown(order, boards, jobs)
    clashing = {row.id: (row, _clash(row.file_name)) for row in plan.clashes()}
    for row in plan.strangers():
        if (out / row.file_name).exists():
            clashing.setdefault(row.id, (row, _stranger(row.file_name)))
    return faulty + [
        _failed(row.shown, row.board, row.id, (problem,)) for row, problem in clashing.values()
    ]


def _surveyed(
    sources: Sequence[Source], pool: Pool, stopping: Callable[[], bool]
) -> Iterator[Surveyed]:
    """What each source asks for, in the order of the sources."""
    if not pool.shares_disk:
        for source in sources:
            if stopping():
                return
            yield survey(source)
        return
    looking = Work(survey, split=lambda source: [source], give_up=_not_surveyed)
    waiting: dict[Source, Surveyed] = {}
    awaited = iter(sources)
    turn = next(awaited, None)
    for found in schedule(pool, looking, sources, stopping):
        waiting[found.source] = found
        while turn in waiting:
            yield waiting.pop(turn)
            turn = next(awaited, None)


def given_up(fault: BaseException, where: Location | None = None) -> Problem:
    """The problem of a job, or a paper, that a worker died over or could not do."""
    if isinstance(fault, WorkerLostError) and str(fault).startswith(NOT_STARTED):
        message = str(fault)
        hint = (
            "Close other programs, use fewer workers, or allow more processes and open files; "
            "then go on with --resume."
        )
    elif isinstance(fault, WorkerLostError):
        message = (
            "the worker was lost each time that it was tried: it was killed, or the machine ran "
            "out of memory"
        )
        hint = "Close other programs, or use fewer workers; then start the run again with --resume."
    else:
        message = f"a worker could not do it ({type(fault).__name__}: {fault})"
        hint = (
            "Check that every worker has this papergen, and enough memory; then start the run "
            "again with --resume."
        )
    return Problem("batch-worker", message, where, hint)


def _not_surveyed(source: Source, fault: BaseException) -> Surveyed:
    return Surveyed(source, problems=(given_up(fault, Location(source.shown)),))


def _failed(shown: str, board: str, job: int, problems: tuple[Problem, ...]) -> Done:
    return Done(shown, board, Result(job, "failed", problems=problems))


def _clash(name: str) -> Problem:
    message = f"several papers would be written to “{name}”"
    hint = (
        "Give each paper a short `id:` of its own, by which its files are named; ids of boards "
        "may have to be shorter too."
    )
    return Problem("output-name", message, Location(name), hint)


def _stranger(name: str) -> Problem:
    message = f"“{name}” is in the folder already, and is the paper of another plan"
    hint = (
        "Give this paper a short `id:` of its own. If it is the same plan under another id, move "
        "the file away first."
    )
    return Problem("output-name", message, Location(name), hint)


def reverify_done(
    manifest: Manifest, run: int, out: Path, force: bool, pool: Pool, stopping: Callable[[], bool]
) -> None:
    """What is called done is to be done again unless its paper stands in the folder as it was made.

    With `force` so is what stands beside an edited file.
    Raises KeyboardInterrupt if it is stopped before all were looked at.
    """
    looking: Work[PapersToVerify, list[int]] = Work(
        missing_or_changed, split=lambda some: [some], give_up=lambda some, _: ids_of(some)
    )
    pages = _done(manifest, run, str(out.absolute()))
    answers = (
        schedule(pool, looking, pages, stopping)
        if pool.shares_disk
        else map(missing_or_changed, pages)
    )
    for ids in answers:
        manifest.pend(ids)
    if force:
        manifest.pend(manifest.edited(run))
    if stopping():
        raise KeyboardInterrupt


def _done(manifest: Manifest, run: int, out: str) -> Iterator[PapersToVerify]:
    last = 0
    while page := manifest.done(run, after=last, most=_PAGE):
        last = page[-1][0]
        yield out, page
