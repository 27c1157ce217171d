"""`papergen batch report`: what was told to whom, by the manifest and the papers of a folder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from papergen.cli.options import json_option
from papergen.cli.output import (
    Output,
    one_line,
    plain_problem,
    say,
    say_json,
    say_problems,
)
from papergen.cli.readings import plain_readings, say_reading
from papergen.errors import PapergenError, Problem
from papergen.text import counted

if TYPE_CHECKING:
    from papergen.batch.report.values import Report, ReportedList, ReportedMeeting


@click.command(short_help="Tell what was told to whom, by the papers of a folder.")
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@click.option(
    "--csv", "tables", is_flag=True, help="Write the tables as CSV files too, into DIR/report."
)
@json_option
@click.pass_context
def batch_report(
    context: click.Context,
    folder: Path,
    tables: bool,
    as_object: bool,
) -> int:
    """Tell what the papers in the folder DIR, drafted by `papergen batch`, told to whom.

    By board and meeting: papers, gaps and problems; facts that boards were told differently, or
    that have changed since a board was told; commitments due; how lists of actions were read. The
    same is written to DIR/index.html, a page with links to the papers.
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
    except PapergenError as fault:  # the report is printed all the same
        problems = fault.problems
    exit_code = int(problems[0].kind) if problems else 0
    if as_object:
        value = {
            "exit_code": exit_code,
            **asdict(replace(report, lists=())),
            "lists": [_plain_list(one) for one in report.lists],
            "written": [str(path) for path in written],
            "problems": [plain_problem(problem) for problem in problems],
        }
        say_json(value)
        return exit_code
    for path in written:
        say(f"Written: {one_line(str(path))}")
    say_problems(problems)
    return exit_code


def _say(report: Report) -> None:
    if report.unfinished:
        message = "The last run was stopped: some papers are still to do."
        say(click.style(message, bold=True), to_stderr=True)
    for meeting in report.meetings:
        _say_meeting(meeting)
    _say_differences(report)
    _say_changes(report)
    _say_commitments(report)
    _say_lists(report)
    papers = counted(report.papers, "paper")
    meetings = counted(len(report.meetings), "meeting")
    say(click.style(f"{papers} for {meetings}", bold=True))


def _say_meeting(meeting: ReportedMeeting) -> None:
    from papergen.batch.report.page import day
    from papergen.batch.report.values import AS_DRAFTED, TO_DO

    name = one_line(meeting.board_name or meeting.board or "Board not known")
    title = f"{name}, {day(meeting.date)}" if meeting.date else name
    say(click.style(title, bold=True))
    counts = [counted(len(meeting.papers), "paper")]
    if meeting.gaps:
        counts.append(counted(meeting.gaps, "gap"))
    if meeting.problems:
        counts.append(counted(meeting.problems, "problem"))
    say(f"  {', '.join(counts)}")
    for paper in meeting.papers:
        line = f"  - {one_line(paper.file or paper.paper)}: {paper.state}"
        if paper.edited:
            say(f"{line}; beside it the edited {one_line(paper.edited)}")
        elif paper.state not in (AS_DRAFTED, TO_DO):
            say(line)
    to_do = sum(paper.state == TO_DO for paper in meeting.papers)
    if to_do:
        say(f"  - {counted(to_do, 'paper')} {TO_DO}")


def _say_differences(report: Report) -> None:
    from papergen.batch.report.page import audience, given

    _heading("Facts that boards were told differently", report.differences)
    for one in report.differences:
        values = [f"{given(value)}: {audience(boards)}" for value, boards in one.values]
        _say_fact(one.plan, one.fact, "; ".join(values))


def _say_changes(report: Report) -> None:
    from papergen.batch.report.page import audience, given

    _heading("Facts that have changed since a board was told", report.changes)
    for one in report.changes:
        values = f"{given(one.before)} → {given(one.now)}"
        boards = f"since the {one.since} before: {audience(one.told)}"
        _say_fact(one.plan, one.fact, f"{values} {boards}")


def _say_fact(plan: str, fact: str, values: str) -> None:
    say(one_line(f"  - {plan}: {fact}: {values}"))


def _say_commitments(report: Report) -> None:
    from papergen.batch.report.page import day

    _heading("Commitments due", report.commitments)
    for one in report.commitments:
        date = day(one.due) or "no date"
        if one.overdue:
            date += ", overdue"
        by = one.by or "nobody named"
        say(one_line(f"  - {date}: {one.what} ({by}; {one.plan})"))


def _say_lists(report: Report) -> None:
    from papergen.cli.batch_summary import some_papers

    _heading("How the lists of actions were read", report.lists)
    for one in report.lists:
        say_reading(one.reading, some_papers(one.papers))


def _plain_list(one: ReportedList) -> dict[str, object]:
    (reading,) = plain_readings([one.reading])
    return {"papers": list(one.papers), "reading": reading}


def _heading(text: str, items: Sequence[object]) -> None:
    if items:
        say(click.style(f"{text}:", bold=True))
