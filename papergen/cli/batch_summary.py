"""What is told at the end of a run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Any

import click

from papergen.cli.output import indented, one_line, say, say_problems
from papergen.text import counted, join_words

if TYPE_CHECKING:
    from papergen.batch.events import Summary

_FATES = {
    "written": "written",
    "replaced": "written over the earlier draft",
    "same": "unchanged since the last draft",
    "kept": "edited, and left as they are",
    "beside": "written beside an edited draft",
    "overwritten": "written over an edited draft, which is kept",
    "failed": "failed",
    "pending": "still to do",
}


def as_typed(path: Path) -> str:
    """A path as it can be typed in a command."""
    return quote(f"./{path}" if str(path).startswith("-") else str(path))


_MOST_FAILURES = 20
_MOST_NAMED = 3


def say_summary(
    summary: Summary, out: Path, edited: Sequence[tuple[str, str]], edited_papers: int
) -> None:
    """The outcome of a run, for people: what failed and how to mend it, and how to go on."""
    shown, typed = one_line(str(out)), one_line(as_typed(out))
    for state, name in edited:
        say(_EDITED[state].format(one_line(name)))
    if edited_papers > len(edited):
        say(
            f"… and {counted(edited_papers - len(edited), 'edited paper')} more, which the "
            "report lists"
        )
    _say_gaps(summary)
    _say_failures(summary.failures)
    say_problems(summary.problems)
    fates = ", ".join(
        f"{summary.outcomes[word]:,} {fate}"
        for word, fate in _FATES.items()
        if summary.outcomes.get(word)
    )
    gaps = f"; {counted(summary.gaps, 'gap')} to fill" if summary.gaps else ""
    rate = (
        f", {summary.done / summary.seconds:,.0f} a second"
        if summary.done and summary.seconds
        else ""
    )
    papers = sum(summary.outcomes.values())
    resumed = f"; {summary.done:,} of them now" if summary.done != papers - summary.pending else ""
    times = f"{summary.seconds:.1f} seconds{rate}"
    say(
        click.style(
            (
                f"{counted(papers, 'paper')} in {shown}: "
                f"{fates or 'nothing to do'}{resumed}{gaps} ({times})"
            ),
            bold=True,
        )
    )
    if not summary.finished:
        say(f"Continue with: papergen batch --resume --out {typed}", to_stderr=True)
    elif summary.failed:
        say(f"When that is mended: papergen batch --resume --out {typed}", to_stderr=True)
    if papers > summary.failed + summary.pending:
        say(f"To see what was told to whom: papergen batch report {typed}")


_EDITED = {
    "beside": "“{}” was edited: it is left as it is, and the new draft stands beside it",
    "kept": "“{}” was edited: it is left as it is, as the draft itself has not changed",
    "same": "“{}” was edited: it is left as it is, and the draft beside it has not changed",
    "overwritten": "“{}” is what somebody had edited; the new draft stands in its place",
}


def _say_gaps(summary: Summary) -> None:
    """The first few gaps; there may be as many as papers."""
    if not summary.gaps:
        return
    some = f" (the first {len(summary.some_gaps)} of {summary.gaps:,}; the report has all)"
    say(
        click.style(
            f"Gaps to fill{some if len(summary.some_gaps) < summary.gaps else ''}:", bold=True
        )
    )
    for gap in summary.some_gaps:
        where = f" ({one_line(gap['where'])})" if gap["where"] else ""
        say(f"  - {one_line(gap['message'])}{where}")
        if gap["hint"]:
            say(indented(gap["hint"], 6))


def _say_failures(
    failures: Sequence[tuple[Mapping[str, str], Sequence[Mapping[str, Any]]]],
) -> None:
    """Each problem once, with the papers that have it."""
    for problem, jobs in failures[:_MOST_FAILURES]:
        where = f"{one_line(problem['where'])}: " if problem["where"] else ""
        code = click.style(problem["code"], fg="red", bold=True)
        say(f"{where}{code}: {one_line(problem['message'])}", to_stderr=True)
        if problem["hint"]:
            say(indented(problem["hint"]), to_stderr=True)
        say(f"    Not drafted: {_named(jobs)}", to_stderr=True)
    if len(failures) > _MOST_FAILURES:
        say(
            (
                f"… and {counted(len(failures) - _MOST_FAILURES, 'problem')} more, which the "
                "report lists"
            ),
            to_stderr=True,
        )


def _named(jobs: Sequence[Mapping[str, Any]]) -> str:
    """The papers of these jobs, each with its boards."""
    boards: dict[str, list[str]] = {}
    for job in jobs:
        boards.setdefault(one_line(str(job["shown"])), []).append(one_line(str(job["board"])))
    named = [f"{paper}{_for(ids)}" for paper, ids in boards.items()]
    more = len(named) - _MOST_NAMED
    return "; ".join(named[:_MOST_NAMED]) + (
        f"; and {counted(more, 'paper')} more" if more > 0 else ""
    )


def _for(boards: Sequence[str]) -> str:
    if not all(boards):
        return ""
    return (
        f" for {join_words(boards)}"
        if len(boards) <= _MOST_NAMED
        else f" for {counted(len(boards), 'board')}"
    )
