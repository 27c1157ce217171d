"""`papergen batch`: many papers for many boards into one folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from papergen.cli.app import STOPPED
from papergen.cli.options import boards_option, folder_option, force_option
from papergen.cli.output import Output, plain_problem, say_json
from papergen.errors import Kind

if TYPE_CHECKING:
    from papergen.batch.events import Summary
    from papergen.batch.pool import OpenPool
    from papergen.batch.request import Request


@click.command(
    short_help="Draft the papers of many plans for many boards, in a run that can be continued."
)
@click.argument("paths", nargs=-1, metavar="PATH...")
@folder_option(
    "--out",
    explanation="The folder to write to. It keeps a manifest of what was told to whom.",
)
@boards_option
@click.option(
    "--meetings",
    metavar="FROM..TO",
    help="Only for meetings between these dates (both count, either may be left out), or on one.",
)
@click.option(
    "--brand",
    metavar="NAME",
    help="The brand to use, whatever the papers say: a name, or the path of its folder.",
)
@click.option(
    "--workers",
    type=click.IntRange(1, 256),
    metavar="N",
    help="Processes of this machine to work with; else one a processor.",
)
@click.option(
    "--scheduler",
    metavar="ADDRESS",
    help="Work on a running Dask cluster: tcp://… (needs papergen[cluster]).",
)
@click.option(
    "--resume",
    is_flag=True,
    help="Continue the last run into the folder, and try again what failed.",
)
@force_option
@click.option(
    "--json", "as_lines", is_flag=True, help="Print one JSON object on each line, as things happen."
)
@click.pass_context
def batch(
    context: click.Context,
    paths: tuple[str, ...],
    out: Path,
    boards: tuple[str, ...],
    meetings: str | None,
    brand: str | None,
    workers: int | None,
    scheduler: str | None,
    resume: bool,
    force: bool,
    as_lines: bool,
) -> int:
    """Draft the papers at each PATH, for all their boards, into one folder.

    A PATH is a paper's file, or a folder: all the papers in it and in the folders below are taken.
    What goes wrong with one paper does not keep the others from their boards. The run may be
    stopped at any moment, by Ctrl+C or by the machine, and goes on with --resume.

    `papergen batch report DIR` tells afterwards what was told to whom.
    """
    from papergen.batch.request import Request

    output = context.ensure_object(Output)
    output.json = output.lines = as_lines
    open_pool, fallback = _pools(workers, scheduler)
    since, until = _dates(meetings)
    if "" in paths or "" in boards or brand == "":
        raise click.UsageError("An argument is empty: a variable that is not set, perhaps.")
    request = Request(paths, _current_folder(), boards, since, until, brand, force)
    return _run(request, out, open_pool, fallback, resume=resume, as_lines=as_lines)


def _run(
    request: Request,
    out: Path,
    open_pool: OpenPool,
    fallback: OpenPool | None,
    *,
    resume: bool,
    as_lines: bool,
) -> int:
    from papergen.batch.events import BatchContext
    from papergen.batch.run import run_batch
    from papergen.cli.batch_summary import say_summary
    from papergen.cli.progress import JsonLines, ProgressBar, now, stop_by_signal

    with (
        stop_by_signal(quiet=as_lines) as stopping,
        JsonLines() if as_lines else ProgressBar() as listener,
    ):
        context = BatchContext(open_pool, now, stopping, listener.report, fallback)
        summary = run_batch(request, out, context, resume=resume)
    exit_code = _exit_code(summary)
    if as_lines:
        say_json(_plain_end(summary, exit_code), on_one_line=True)
    else:
        say_summary(summary, out, listener.edited, listener.edited_papers)
    return exit_code


def _pools(workers: int | None, scheduler: str | None) -> tuple[OpenPool, OpenPool | None]:
    """The workers of the run, and those that take over where they are lost."""
    from papergen.batch.pool import cluster, local, processors

    if scheduler and workers:
        raise click.UsageError(
            "--workers is for this machine, and --scheduler for a cluster, which has its own "
            "workers."
        )
    here = local(workers or processors())
    if scheduler:
        return cluster(scheduler), here
    return here, None


def _dates(meetings: str | None) -> tuple[str, str]:
    """The first and the last date of `--meetings`; an empty string where one is left out."""
    if meetings is None:
        return "", ""
    from papergen.dates import PartialDate

    since, dots, until = meetings.partition("..")
    until = until if dots else since
    try:
        first = PartialDate.parse(since) if since else None
        last = PartialDate.parse(until) if until else None
    except ValueError as fault:
        message = f"{fault}, or two of them such as 2012-11-01..2012-12-31: “{meetings}”"
        raise click.BadParameter(message, param_hint="--meetings") from None
    if first is None and last is None:
        message = "give two dates, such as 2012-11-01..2012-12-31 or 2012-11.."
        raise click.BadParameter(message, param_hint="--meetings")
    if first and last and first.first > last.last:
        raise click.BadParameter(f"{since} is after {until}", param_hint="--meetings")
    return since, until


def _current_folder() -> str:
    try:
        return str(Path.cwd())
    except FileNotFoundError:
        message = "The current folder is not there any more. Change to another."
        raise click.UsageError(message) from None


def _exit_code(summary: Summary) -> int:
    if summary.problems:
        return int(summary.problems[0].kind)
    if summary.pending:
        return STOPPED
    return int(Kind.BATCH) if summary.failed else 0


def _plain_end(summary: Summary, exit_code: int) -> dict[str, object]:
    return {
        "event": "ended",
        "exit_code": exit_code,
        "run": summary.run,
        "outcomes": dict(summary.outcomes),
        "gaps": summary.gaps,
        "problems": [plain_problem(problem) for problem in summary.problems],
        "seconds": round(summary.seconds, 3),
    }
