"""`papergen draft`: one paper for each board, into a folder of drafts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from papergen.cli.output import (
    Output,
    as_json,
    indented,
    one_line,
    place,
    say,
    say_json,
    say_problems,
)
from papergen.errors import PapergenError, Problem, check
from papergen.text import counted, join_words

if TYPE_CHECKING:
    from papergen.drafting.pipeline import Rendered
    from papergen.storage.overwrite import Outcome


@click.command(short_help="Draft the paper for each board, as Word files.")
@click.argument("paper", type=click.Path(path_type=Path))
@click.option(
    "--board",
    "boards",
    multiple=True,
    metavar="ID",
    help="Only for this board; may be given again for others.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("drafts"),
    show_default=True,
    metavar="DIR",
    help="The folder to write to.",
)
@click.option(
    "--brand",
    metavar="NAME",
    help="The brand to use, whatever the paper says: a name, or the path of its folder.",
)
@click.option(
    "--strict",
    is_flag=True,
    help="Treat gaps, and what is not printed, as faults: write nothing while there are any.",
)
@click.option(
    "--force",
    is_flag=True,
    help="Write over edited drafts; what they held is kept as “… (edited).docx”.",
)
@click.option("--json", "as_object", is_flag=True, help="Print one JSON object instead of text.")
@click.option(
    "--trace",
    is_flag=True,
    help="Write beside each paper which facts each of its paragraphs states, as JSON.",
)
@click.option(
    "--no-cache", is_flag=True, help="Compile everything anew, and keep nothing for the next run."
)
@click.pass_context
def draft(
    context: click.Context,
    paper: Path,
    boards: tuple[str, ...],
    out: Path,
    brand: str | None,
    strict: bool,
    force: bool,
    as_object: bool,
    trace: bool,
    no_cache: bool,
) -> int:
    """Draft the paper described by the file PAPER (a paper.yaml) for each of its boards.

    Every paper is made before any file is written. A draft that somebody has edited is never
    written over: the new one is put beside it, as “… (new).docx”.
    """
    from time import perf_counter

    from papergen.drafting.pipeline import render
    from papergen.storage.drafts import write_papers
    from papergen.storage.overwrite import FinishedPaper, State

    run = context.ensure_object(Output)
    run.json = as_object
    started = perf_counter()
    # A program that was kept has not got its sources, by which facts are traced.
    rendered, notes, notices = render(
        paper, boards, brand, use_cache=not (no_cache or trace), trace=trace
    )
    if strict:
        _refuse_gaps(rendered, notices)
    papers = [
        FinishedPaper(one.draft.name, one.draft.docx, one.draft.content_hash, one.source_hash)
        for one in rendered
    ]
    outcomes = write_papers(papers, out, force)
    # One problem may be that of several papers.
    problems = list(dict.fromkeys(outcome.problem for outcome in outcomes if outcome.problem))
    if trace:
        from papergen.drafting.traces import write_trace

        written = [
            (one, outcome)
            for one, outcome in zip(rendered, outcomes, strict=True)
            if outcome.state is not State.FAILED
        ]
        for one, outcome in written:
            try:
                path = write_trace(outcome.path, one.trace)
            except (
                PapergenError
            ) as fault:  # the papers are written all the same, which is told below
                problems += fault.problems
            else:
                if not as_object:
                    say(one_line(f"{path}: what the paper states"))
    exit_code = int(problems[0].kind) if problems else 0
    seconds = perf_counter() - started
    if as_object:
        say_json(
            {
                "exit_code": exit_code,
                "papers": [
                    _paper_json(one, outcome)
                    for one, outcome in zip(rendered, outcomes, strict=True)
                ],
                "gaps": [_gap_json(one.board, gap) for one in rendered for gap in one.draft.gaps],
                "notes": list(notes),
                "notices": [as_json(notice) for notice in notices],
                "problems": [as_json(problem) for problem in problems],
                "seconds": round(seconds, 3),
            }
        )
    else:
        for note in notes:
            say(one_line(note))
        _summary(rendered, outcomes, notices, out, seconds)
        say_problems(problems)
    return exit_code


def _refuse_gaps(rendered: list[Rendered], notices: tuple[Problem, ...]) -> None:
    check(
        [
            *(
                Problem("gap", gap.message, gap.where, gap.hint)
                for one in rendered
                for gap in one.draft.gaps
            ),
            *notices,
        ]
    )


def _paper_json(one: Rendered, outcome: Outcome) -> dict[str, Any]:
    return {
        "board": one.board,
        "path": str(outcome.path),
        "state": str(outcome.state),
        "edited": str(outcome.edited) if outcome.edited else None,
        "content_hash": one.draft.content_hash,
    }


def _gap_json(board: str, gap: Any) -> dict[str, Any]:
    return {"board": board, "message": gap.message, "where": place(gap.where), "hint": gap.hint}


def _summary(
    rendered: list[Rendered],
    outcomes: list[Outcome],
    notices: tuple[Problem, ...],
    out: Path,
    seconds: float,
) -> None:
    for outcome in outcomes:
        say(f"{one_line(str(outcome.path))}: {_fate(outcome)}")
    _say_gaps(rendered)
    _say_notices(notices)
    gaps = len({gap for one in rendered for gap in one.draft.gaps})
    found = f", {counted(gaps, 'gap')} to fill" if gaps else ", no gaps"
    say(
        click.style(
            (
                f"{counted(len(outcomes), 'paper')} in {one_line(str(out))}{found} ({seconds:.2f} "
                "seconds)"
            ),
            bold=True,
        )
    )


def _fate(outcome: Outcome) -> str:
    edited = one_line(outcome.edited.name) if outcome.edited else ""
    match str(outcome.state):
        case "replaced":
            return "written over the earlier draft"
        case "same" if edited:
            return f"no change since the last draft; “{edited}” was edited and is left as it is"
        case "same":
            return "no change since the last draft"
        case "kept":
            return "edited since it was drafted; left as it is, as the draft itself has not changed"
        case "beside":
            return f"written; “{edited}” was edited, or is not papergen's, and is left as it is"
        case "overwritten":
            return f"written over an edited draft, which is kept as “{edited}”"
        case "failed":
            return "not written"
        case _:
            return "written"


def _say_gaps(rendered: list[Rendered]) -> None:
    """The gaps of each paper; papers with the same gaps share one list."""
    groups: dict[tuple[Any, ...], list[str]] = {}
    for one in rendered:
        if one.draft.gaps:
            groups.setdefault(tuple(one.draft.gaps), []).append(one.draft.name)
    for gaps, names in groups.items():
        say("")
        say(click.style(f"Gaps in {one_line(join_words(names))}:", bold=True))
        for gap in gaps:
            where = f" ({one_line(str(gap.where))})" if gap.where else ""
            say(f"  - {one_line(gap.message)}{where}")
            if gap.hint:
                say(indented(gap.hint, 6))
    if groups:
        say("")


def _say_notices(notices: tuple[Problem, ...]) -> None:
    """What the paper gives and is printed nowhere."""
    if notices:
        say(click.style("Not printed:", bold=True))
        for notice in notices:
            say(f"  - {one_line(notice.message)} ({one_line(str(notice.where))})")
            say(indented(notice.hint, 6))
        say("")
