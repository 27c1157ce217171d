"""`papergen batch report`: what was told to whom, by the manifest of a folder and the papers in
it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from papergen.cli.output import Output, as_json, one_line, say, say_json, say_problems
from papergen.errors import PapergenError, Problem
from papergen.text import counted

if TYPE_CHECKING:
    from papergen.batch.report.values import Report, SentPaper


@click.command(short_help="Tell what was told to whom, by the papers of a folder.")
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@click.option(
    "--csv", "tables", is_flag=True, help="Write the tables as CSV files too, into DIR/report."
)
@click.option("--json", "as_object", is_flag=True, help="Print one JSON object instead of text.")
@click.pass_context
def batch_report(context: click.Context, folder: Path, tables: bool, as_object: bool) -> int:
    """Tell what the papers in the folder DIR, drafted by `papergen batch`, told to whom.

    By board and meeting: papers, gaps and problems; facts that boards were told differently, or
    that have changed since a board was told; commitments due. The same is written to
    DIR/index.html, a page with links to the papers.
    """
    from datetime import UTC, datetime

    from papergen.batch.report.files import read_report, write_report
    from papergen.dates import PartialDate

    context.ensure_object(Output).json = as_object
    today = PartialDate.of(datetime.now(UTC).astimezone().date())
    report = read_report(folder, today)
    if not as_object:
        _say(report)
    written: list[Path] = []
    problems: tuple[Problem, ...] = ()
    try:
        written = write_report(report, folder, today, tables=tables)
    except PapergenError as fault:  # what the report says is told all the same
        problems = fault.problems
    exit_code = int(problems[0].kind) if problems else 0
    if as_object:
        plain = {**_as_plain(report), "written": [str(path) for path in written]}
        say_json(
            {
                "exit_code": exit_code,
                **plain,
                "problems": [as_json(problem) for problem in problems],
            }
        )
        return exit_code
    for path in written:
        say(f"Written: {one_line(str(path))}")
    say_problems(problems)
    return exit_code


def _say(report: Report) -> None:
    from papergen.batch.report.page import audience, day, given
    from papergen.batch.report.values import AS_DRAFTED, TO_DO

    if report.unfinished:
        say(
            click.style("The last run was stopped: some papers are still to do.", bold=True),
            to_stderr=True,
        )
    for meeting in report.meetings:
        name = one_line(meeting.board_name or meeting.board or "Board not known")
        say(click.style(f"{name}, {day(meeting.date)}" if meeting.date else name, bold=True))
        gaps, problems = meeting.gaps, meeting.problems
        found = [counted(gaps, "gap")] * bool(gaps) + [counted(problems, "problem")] * bool(
            problems
        )
        say(f"  {', '.join([counted(len(meeting.papers), 'paper'), *found])}")
        for paper in meeting.papers:
            if paper.edited:
                say(
                    f"  - {_paper(paper)}: {paper.state}; beside it the edited "
                    f"{one_line(paper.edited)}"
                )
            elif paper.state not in (AS_DRAFTED, TO_DO):
                say(f"  - {_paper(paper)}: {paper.state}")
        if to_do := sum(paper.state == TO_DO for paper in meeting.papers):
            say(f"  - {counted(to_do, 'paper')} {TO_DO}")
    _heading("Facts that boards were told differently", report.differences)
    for one in report.differences:
        told = "; ".join(f"{given(value)}: {audience(to)}" for value, to in one.values)
        say(f"  - {one_line(f'{one.plan}: {one.fact}: {told}')}")
    _heading("Facts that have changed since a board was told", report.changes)
    for change in report.changes:
        told = (
            f"{given(change.before)} → {given(change.now)} since the {change.since} before: "
            f"{audience(change.told)}"
        )
        say(f"  - {one_line(f'{change.plan}: {change.fact}: {told}')}")
    _heading("Commitments due", report.commitments)
    for due in report.commitments:
        date = (day(due.due) or "no date") + (", overdue" if due.overdue else "")
        say(
            f"  - {date}: {one_line(due.what)} ({one_line(due.by or 'nobody named')}; "
            f"{one_line(due.plan)})"
        )
    say(
        click.style(
            f"{counted(report.papers, 'paper')} for {counted(len(report.meetings), 'meeting')}",
            bold=True,
        )
    )


def _heading(text: str, things: Sequence[object]) -> None:
    if things:
        say(click.style(f"{text}:", bold=True))


def _paper(paper: SentPaper) -> str:
    return one_line(paper.file or paper.paper)


def _as_plain(report: Report) -> dict[str, Any]:
    from dataclasses import asdict

    return asdict(report)
