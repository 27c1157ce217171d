"""`papergen batch`: many papers for many boards into one folder."""

from __future__ import annotations

from pathlib import Path

import click

from papergen.cli.app import STOPPED
from papergen.cli.output import Output, say_json
from papergen.errors import Kind


@click.command(
    short_help="Draft the papers of many plans for many boards, in a run that can be continued."
)
@click.argument("paths", nargs=-1, metavar="PATH...")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("drafts"),
    show_default=True,
    metavar="DIR",
    help="The folder to write to. It keeps a manifest of what was told to whom.",
)
@click.option(
    "--board",
    "boards",
    multiple=True,
    metavar="ID",
    help="Only for this board; may be given again for others.",
)
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
@click.option(
    "--force",
    is_flag=True,
    help="Write over edited drafts; what they held is kept as “… (edited).docx”.",
)
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
    from papergen.batch.events import RunContext
    from papergen.batch.pool import cluster, local, processors
    from papergen.batch.request import Request
    from papergen.batch.run import run_batch
    from papergen.cli.progress import JsonLines, ProgressBar, now, stop_by_signal

    run = context.ensure_object(Output)
    run.json = run.lines = as_lines
    if scheduler and workers:
        raise click.UsageError(
            "--workers is for this machine, and --scheduler for a cluster, which has its own "
            "workers."
        )
    since, until = _dates(meetings)
    if "" in paths or "" in boards or brand == "":
        raise click.UsageError("An argument is empty: a variable that is not set, perhaps.")
    order = Request(paths, _current_folder(), boards, since, until, brand, force)
    here = local(workers or processors())
    open_pool, fallback = (cluster(scheduler), here) if scheduler else (here, None)
    with (
        stop_by_signal(quiet=as_lines) as stopping,
        JsonLines() if as_lines else ProgressBar() as listener,
    ):
        summary = run_batch(
            order, out, RunContext(open_pool, now, stopping, listener.tell, fallback), resume=resume
        )
    exit_code = (
        int(summary.problems[0].kind) if summary.problems else STOPPED if summary.pending else 0
    )
    exit_code = exit_code or (int(Kind.BATCH) if summary.failed else 0)
    if as_lines:
        from papergen.cli.output import as_json

        say_json(
            {
                "event": "ended",
                "exit_code": exit_code,
                "run": summary.run,
                "outcomes": dict(summary.outcomes),
                "gaps": summary.gaps,
                "problems": [as_json(problem) for problem in summary.problems],
                "seconds": round(summary.seconds, 3),
            },
            on_one_line=True,
        )
    else:
        from papergen.cli.batch_summary import say_summary

        say_summary(summary, out, listener.edited, listener.edited_papers)
    return exit_code


def _current_folder() -> str:
    try:
        return str(Path.cwd())
    except FileNotFoundError:
        raise click.UsageError(
            "The current folder is not there any more. Change to another."
        ) from None


def _dates(meetings: str | None) -> tuple[str, str]:
    if meetings is None:
        return "", ""
    from papergen.dates import PartialDate

    since, dots, until = meetings.partition("..")
    until = until if dots else since
    try:
        ends = [PartialDate.parse(end) if end else None for end in (since, until)]
    except ValueError as fault:
        raise click.BadParameter(
            f"{fault}, or two of them such as 2012-11-01..2012-12-31: “{meetings}”",
            param_hint="--meetings",
        ) from None
    if not any(ends):
        raise click.BadParameter(
            "give two dates, such as 2012-11-01..2012-12-31 or 2012-11..", param_hint="--meetings"
        )
    if ends[0] and ends[1] and ends[0].first > ends[1].last:
        raise click.BadParameter(f"{since} is after {until}", param_hint="--meetings")
    return since, until
