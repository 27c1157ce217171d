"""`papergen draft`: one paper for each board, into a folder of drafts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from papergen.cli.options import boards_option, folder_option, force_option, json_option
from papergen.cli.output import (
    Output,
    as_typed,
    indented,
    one_line,
    plain_location,
    plain_problem,
    say,
    say_json,
    say_problems,
)
from papergen.cli.readings import plain_readings, questions_of, say_reading
from papergen.errors import PapergenError, Problem, check
from papergen.text import counted, join_words

if TYPE_CHECKING:
    from papergen.drafting.papers import BoardDraft
    from papergen.drafting.program import DraftGap
    from papergen.storage.overwrite import Outcome
    from papergen.workbook.reading import Reading


@click.command(short_help="Draft the paper for each board, as Word files.")
@click.argument("paper", type=click.Path(path_type=Path))
@boards_option
@folder_option("--out", explanation="The folder to write to.")
@click.option(
    "--brand",
    metavar="NAME",
    help="The brand to use, whatever the paper says: a name, or the path of its folder.",
)
@click.option(
    "--strict",
    is_flag=True,
    help="Treat gaps, questions of a list, and what is not printed, as faults: write nothing while "
    "there are any.",
)
@force_option
@json_option
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

    from papergen.drafting.papers import draft_boards
    from papergen.storage.drafts import write_papers
    from papergen.storage.overwrite import FinishedPaper

    context.ensure_object(Output).json = as_object
    started = perf_counter()
    made = draft_boards(paper, boards, brand, use_cache=not no_cache, trace=trace)
    rendered, readings, notices = made.drafts, made.readings, made.notices
    if strict:
        _refuse_gaps(rendered, readings, notices)
    papers = [
        FinishedPaper(one.draft.name, one.draft.docx, one.draft.content_hash, one.source_hash)
        for one in rendered
    ]
    outcomes = write_papers(papers, out, force)
    # Several papers may have the same problem.
    problems = list(dict.fromkeys(outcome.problem for outcome in outcomes if outcome.problem))
    if trace:
        problems += _write_traces(rendered, outcomes, quiet=as_object)
    exit_code = int(problems[0].kind) if problems else 0
    seconds = perf_counter() - started
    if as_object:
        papers_and_outcomes = zip(rendered, outcomes, strict=True)
        value = {
            "exit_code": exit_code,
            "papers": [_plain_paper(one, outcome) for one, outcome in papers_and_outcomes],
            "gaps": [_plain_gap(one.board, gap) for one in rendered for gap in one.draft.gaps],
            "readings": plain_readings(readings),
            "notices": [plain_problem(notice) for notice in notices],
            "problems": [plain_problem(problem) for problem in problems],
            "seconds": round(seconds, 3),
        }
        say_json(value)
        return exit_code
    _say_readings(readings, paper)
    _say_summary(rendered, outcomes, notices, out, seconds)
    say_problems(problems)
    return exit_code


def _refuse_gaps(
    rendered: Sequence[BoardDraft],
    readings: Sequence[Reading],
    notices: Sequence[Problem],
) -> None:
    gaps = [
        Problem("gap", gap.message, gap.where, gap.hint)
        for one in rendered
        for gap in one.draft.gaps
    ]
    check([*questions_of(readings), *gaps, *notices])


def _say_readings(readings: Sequence[Reading], paper: Path) -> None:
    """Print how the paper's list was read, and what prints the rest."""
    for reading in readings:
        say_reading(reading)
    if questions_of(readings):
        name = one_line(as_typed(paper))
        say(f"To see all of it, and what to write in plan.yaml: papergen read {name}")


def _write_traces(
    rendered: Sequence[BoardDraft], outcomes: Sequence[Outcome], *, quiet: bool
) -> list[Problem]:
    """Write the trace of each paper that was written; the problems that this had."""
    from papergen.drafting.traces import write_trace

    problems: list[Problem] = []
    for one, outcome in zip(rendered, outcomes, strict=True):
        if outcome.state == "failed":
            continue
        try:
            path = write_trace(outcome.path, one.trace)
        except PapergenError as fault:
            problems += fault.problems
            continue
        if not quiet:
            say(one_line(f"{path}: what the paper states"))
    return problems


def _plain_paper(one: BoardDraft, outcome: Outcome) -> dict[str, Any]:
    return {
        "board": one.board,
        "path": str(outcome.path),
        "state": str(outcome.state),
        "edited": str(outcome.edited) if outcome.edited else None,
        "content_hash": one.draft.content_hash,
    }


def _plain_gap(board: str, gap: DraftGap) -> dict[str, Any]:
    return {
        "board": board,
        "message": gap.message,
        "where": plain_location(gap.where),
        "hint": gap.hint,
    }


def _say_summary(
    rendered: Sequence[BoardDraft],
    outcomes: Sequence[Outcome],
    notices: Sequence[Problem],
    out: Path,
    seconds: float,
) -> None:
    for outcome in outcomes:
        say(f"{one_line(str(outcome.path))}: {_what_became(outcome)}")
    _say_gaps(rendered)
    _say_notices(notices)
    papers = f"{counted(len(outcomes), 'paper')} in {one_line(str(out))}"
    gaps = len({gap for one in rendered for gap in one.draft.gaps})
    to_fill = f"{counted(gaps, 'gap')} to fill" if gaps else "no gaps"
    say(click.style(f"{papers}, {to_fill} ({seconds:.2f} seconds)", bold=True))


def _what_became(outcome: Outcome) -> str:
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


def _say_gaps(rendered: Sequence[BoardDraft]) -> None:
    """Print the gaps of each paper; papers with the same gaps share one list."""
    groups: dict[tuple[DraftGap, ...], list[str]] = {}
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


def _say_notices(notices: Sequence[Problem]) -> None:
    """Print what the paper gives and its brand prints nowhere."""
    if not notices:
        return
    say(click.style("Not printed:", bold=True))
    for notice in notices:
        say(f"  - {one_line(notice.message)} ({one_line(str(notice.where))})")
        say(indented(notice.hint, 6))
    say("")
