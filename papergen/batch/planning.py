"""What a run is to do: its jobs, written into the manifest before the first is done."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from papergen.batch.events import BatchContext, Done, Surveying
from papergen.batch.jobs import Source, Surveyed, failed
from papergen.batch.manifest.job_list import JobList
from papergen.batch.manifest.manifest import Manifest, RunRow
from papergen.batch.pool import Pool
from papergen.batch.processes import NOT_STARTED, WorkerLostError
from papergen.batch.request import Request, refuse_unknown, requested_jobs
from papergen.batch.scheduler import Work, schedule
from papergen.batch.survey import survey
from papergen.batch.verify import PapersToVerify, ids_of, missing_or_changed
from papergen.errors import CommandError, Location, Problem
from papergen.version import __version__

_PAGE = 1_000


def plan_run(
    manifest: Manifest,
    last: RunRow | None,
    request: Request,
    sources: Sequence[Source],
    out: Path,
    pool: Pool,
    context: BatchContext,
) -> tuple[int, list[Done]]:
    """The number of the run, and the jobs that have failed already, since they cannot be done.

    `last` is the run that goes on; without one a new run begins. All jobs are in the manifest then.
    Raises CommandError where nothing matches the request, KeyboardInterrupt if it is stopped.
    """
    plain = request.as_plain()
    run = last.id if last else manifest.begin(__version__, plain, context.clock())
    try:
        with manifest.planning(run, __version__, plain) as job_list:
            faulty = _list_jobs(
                job_list=job_list,
                request=request,
                sources=sources,
                pool=pool,
                context=context,
            )
            faulty += _clashing(job_list, out)
    except CommandError:
        if last is None:
            manifest.forget(run)
        raise
    for start in range(0, len(faulty), _PAGE):
        page = faulty[start : start + _PAGE]
        results = [done.result for done in page]
        manifest.record(results, {}, context.clock())
    return run, faulty


def _list_jobs(
    job_list: JobList,
    request: Request,
    sources: Sequence[Source],
    pool: Pool,
    context: BatchContext,
) -> list[Done]:
    """Add the requested jobs of all sources; those of faulty sources, which have failed."""
    faulty: list[Done] = []
    boards: set[str] = set()
    jobs = 0
    all_read = True
    for number, found in enumerate(_survey_all(sources, pool, context.stopping), 1):
        context.report(Surveying(number, len(sources)))
        boards.update(job.board for job in found.jobs)
        if found.problems and not found.jobs:
            all_read = False
        wanted = requested_jobs(request, found)
        ids = job_list.add(wanted)
        jobs += len(ids)
        if found.problems:
            for id_, job in zip(ids, wanted.jobs, strict=True):
                done = _failed(found.source.shown, job.board, id_, found.problems)
                faulty.append(done)
    if context.stopping():
        raise KeyboardInterrupt
    if all_read:
        refuse_unknown(request, boards, jobs)
    return faulty


def _survey_all(
    sources: Sequence[Source],
    pool: Pool,
    stopping: Callable[[], bool],
) -> Iterator[Surveyed]:
    """What each source asks for, in the order of the sources."""
    if not pool.shares_disk:
        for source in sources:
            if stopping():
                return
            yield survey(source)
        return
    work = Work(survey, split=lambda source: [source], give_up=_not_surveyed)
    found_early: dict[Source, Surveyed] = {}
    order = iter(sources)
    due = next(order, None)
    for found in schedule(pool, work, sources, stopping):
        found_early[found.source] = found
        while due in found_early:
            yield found_early.pop(due)
            due = next(order, None)


def _not_surveyed(source: Source, fault: BaseException) -> Surveyed:
    where = Location(source.shown)
    problem = given_up(fault, where)
    return Surveyed(source, problems=(problem,))


def given_up(fault: BaseException, where: Location | None = None) -> Problem:
    """The problem of a job, or a paper, over which a worker died, or which it could not do."""
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


def _clashing(job_list: JobList, out: Path) -> list[Done]:
    """The jobs whose papers cannot be written: their files are those of other papers."""
    found: dict[int, Done] = {}
    for job in job_list.clashes():
        problem = _clash(job.file_name)
        found[job.id] = _failed(job.shown, job.board, job.id, (problem,))
    for job in job_list.foreign_files():
        if job.id not in found and (out / job.file_name).exists():
            problem = _foreign_file(job.file_name)
            found[job.id] = _failed(job.shown, job.board, job.id, (problem,))
    return list(found.values())


def _failed(
    shown: str,
    board: str,
    job: int,
    problems: tuple[Problem, ...],
) -> Done:
    result = failed(job, problems)
    return Done(shown, board, result)


def _clash(name: str) -> Problem:
    message = f"several papers would be written to “{name}”"
    hint = (
        "Give each paper a short `id:` of its own, by which its files are named; ids of boards "
        "may have to be shorter too."
    )
    return Problem("output-name", message, Location(name), hint)


def _foreign_file(name: str) -> Problem:
    message = f"“{name}” is in the folder already, and is the paper of another plan"
    hint = (
        "Give this paper a short `id:` of its own. If it is the same plan under another id, move "
        "the file away first."
    )
    return Problem("output-name", message, Location(name), hint)


def reverify_done(
    manifest: Manifest,
    run: int,
    out: Path,
    force: bool,
    pool: Pool,
    stopping: Callable[[], bool],
) -> None:
    """Set done jobs to pending again unless their papers are in the folder as they were made.

    With `force` so are those whose drafts are beside an edited file. Raises KeyboardInterrupt if it
    is stopped before all papers were looked at.
    """
    pages = _done_papers(manifest, run, str(out.absolute()))
    if pool.shares_disk:
        work: Work[PapersToVerify, list[int]] = Work(
            missing_or_changed,
            split=lambda papers: [papers],
            give_up=lambda papers, _: ids_of(papers),
        )
        answers: Iterable[list[int]] = schedule(pool, work, pages, stopping)
    else:
        answers = map(missing_or_changed, pages)
    for ids in answers:
        manifest.set_pending(ids)
    if force:
        manifest.set_pending(manifest.edited(run))
    if stopping():
        raise KeyboardInterrupt


def _done_papers(
    manifest: Manifest,
    run: int,
    out: str,
) -> Iterator[PapersToVerify]:
    last = 0
    while page := manifest.done(run, after=last, most=_PAGE):
        last = page[-1][0]
        yield out, page
