"""What is printed at the end of a run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from papergen.cli.output import as_typed, indented, one_line, say, say_problems
from papergen.cli.readings import say_reading
from papergen.text import counted, join_words

if TYPE_CHECKING:
    from papergen.batch.events import ListReading, Summary

_MOST_FAILURES = 20
_MOST_NAMED = 3
_MOST_LISTS = 10
_OUTCOMES = {
    "written": "written",
    "replaced": "written over the earlier draft",
    "same": "unchanged since the last draft",
    "kept": "edited, and left as they are",
    "beside": "written beside an edited draft",
    "overwritten": "written over an edited draft, which is kept",
    "failed": "failed",
    "pending": "still to do",
}
_EDITED = {
    "beside": "“{}” was edited: it is left as it is, and the new draft stands beside it",
    "kept": "“{}” was edited: it is left as it is, as the draft itself has not changed",
    "same": "“{}” was edited: it is left as it is, and the draft beside it has not changed",
    "overwritten": "“{}” is what somebody had edited; the new draft stands in its place",
}


def say_summary(
    summary: Summary,
    out: Path,
    edited: Sequence[tuple[str, str]],
    edited_papers: int,
) -> None:
    """Print the outcome of a run for people: what failed, how to mend it, and how to go on.

    `edited` are the first few of so many `edited_papers`.
    """
    for state, name in edited:
        say(_EDITED[state].format(one_line(name)))
    if edited_papers > len(edited):
        more = counted(edited_papers - len(edited), "edited paper")
        say(f"… and {more} more, which the report lists")
    _say_readings(summary.readings)
    _say_gaps(summary)
    _say_failures(summary.failures)
    say_problems(summary.problems)
    say(click.style(_totals(summary, out), bold=True))
    _say_how_to_go_on(summary, out)


def _totals(summary: Summary, out: Path) -> str:
    papers = sum(summary.outcomes.values())
    outcomes = []
    for state, text in _OUTCOMES.items():
        number = summary.outcomes.get(state)
        if number:
            outcomes.append(f"{number:,} {text}")
    line = f"{counted(papers, 'paper')} in {one_line(str(out))}: "
    line += ", ".join(outcomes) or "nothing to do"
    if summary.done != papers - summary.pending:
        line += f"; {summary.done:,} of them now"
    if summary.gaps:
        line += f"; {counted(summary.gaps, 'gap')} to fill"
    time = f"{summary.seconds:.1f} seconds"
    if summary.done and summary.seconds:
        rate = summary.done / summary.seconds
        time += f", {rate:,.0f} a second"
    return f"{line} ({time})"


def _say_how_to_go_on(summary: Summary, out: Path) -> None:
    folder = one_line(as_typed(out))
    if not summary.finished:
        say(f"Continue with: papergen batch --resume --out {folder}", to_stderr=True)
    elif summary.failed:
        say(f"When that is mended: papergen batch --resume --out {folder}", to_stderr=True)
    if sum(summary.outcomes.values()) > summary.failed + summary.pending:
        say(f"To see what was told to whom: papergen batch report {folder}")


def _say_readings(readings: Sequence[ListReading]) -> None:
    """Print how lists of actions were read: those with questions first, if not all are shown."""
    if len(readings) > _MOST_LISTS:
        readings = sorted(readings, key=_has_no_question)
    for one in readings[:_MOST_LISTS]:
        say_reading(one.reading, some_papers(one.papers))
    more = readings[_MOST_LISTS:]
    if more:
        asking = len([one for one in more if not _has_no_question(one)])
        questions = f", {asking:,} of them with questions" if asking else ""
        say(f"… and {counted(len(more), 'list')} more{questions}, which the report has")
    asking_papers = [one.papers[0] for one in readings if not _has_no_question(one)]
    if asking_papers:
        name = one_line(as_typed(Path(asking_papers[0])))
        say(f"To see all of a list, and what to write in plan.yaml: papergen read {name}")


def _has_no_question(one: ListReading) -> bool:
    from papergen.workbook.reading import Certainty

    return not one.reading.of(Certainty.QUESTION)


def some_papers(papers: Sequence[str]) -> str:
    """One paper by its name; of more, how many there are."""
    return papers[0] if len(papers) == 1 else counted(len(papers), "paper")


def _say_gaps(summary: Summary) -> None:
    """Print the first few gaps: there may be as many as papers."""
    if not summary.gaps:
        return
    shown = len(summary.some_gaps)
    some = ""
    if shown < summary.gaps:
        some = f" (the first {shown} of {summary.gaps:,}; the report has all)"
    say(click.style(f"Gaps to fill{some}:", bold=True))
    for gap in summary.some_gaps:
        where = f" ({one_line(gap['where'])})" if gap["where"] else ""
        say(f"  - {one_line(gap['message'])}{where}")
        if gap["hint"]:
            say(indented(gap["hint"], 6))


def _say_failures(
    failures: Sequence[tuple[Mapping[str, str], Sequence[Mapping[str, Any]]]],
) -> None:
    """Print each problem once, with the papers that have it."""
    for problem, jobs in failures[:_MOST_FAILURES]:
        where = f"{one_line(problem['where'])}: " if problem["where"] else ""
        code = click.style(problem["code"], fg="red", bold=True)
        say(f"{where}{code}: {one_line(problem['message'])}", to_stderr=True)
        if problem["hint"]:
            say(indented(problem["hint"]), to_stderr=True)
        say(f"    Not drafted: {_named(jobs)}", to_stderr=True)
    if len(failures) > _MOST_FAILURES:
        more = counted(len(failures) - _MOST_FAILURES, "problem")
        say(f"… and {more} more, which the report lists", to_stderr=True)


def _named(jobs: Sequence[Mapping[str, Any]]) -> str:
    """The papers of these jobs, each with its boards."""
    boards: dict[str, list[str]] = {}
    for job in jobs:
        paper, board = one_line(str(job["shown"])), one_line(str(job["board"]))
        boards.setdefault(paper, []).append(board)
    named = [f"{paper}{_for(ids)}" for paper, ids in boards.items()]
    shown = "; ".join(named[:_MOST_NAMED])
    more = len(named) - _MOST_NAMED
    return f"{shown}; and {counted(more, 'paper')} more" if more > 0 else shown


def _for(boards: Sequence[str]) -> str:
    if not all(boards):
        return ""
    if len(boards) <= _MOST_NAMED:
        return f" for {join_words(boards)}"
    return f" for {counted(len(boards), 'board')}"
