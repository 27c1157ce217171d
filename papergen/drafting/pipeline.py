"""From a paper's file to finished papers in memory: all boards are drafted before any is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from papergen.errors import CommandError, PapergenError, Problem, check, ends_all
from papergen.text import did_you_mean

if TYPE_CHECKING:
    from papergen.drafting.papers import PreparedPaper
    from papergen.drafting.program import Draft


@dataclass(frozen=True, slots=True)
class Rendered:
    """One board's paper, and the hash of the sources it was made from."""

    board: str
    draft: Draft
    source_hash: str
    trace: Mapping[str, Any] = field(default_factory=dict)
    """Which facts each paragraph states, where that was asked for."""


def render(
    path: Path, boards: Sequence[str], brand: str | None, *, use_cache: bool, trace: bool = False
) -> tuple[list[Rendered], tuple[str, ...], tuple[Problem, ...]]:
    """The papers for `boards` (all, if none are named), in the order the paper lists them.

    With them, how a list of actions was read, and what the paper gives that its brand's template
    does not print.

    `brand` overrides what the paper and its boards say. Raises PapergenError with the faults of all
    boards at once, and CommandError.
    """
    from papergen.drafting.papers import prepare

    prepared = prepare(path, boards, brand, use_cache=use_cache)
    _refuse_unknown(boards, list(prepared.boards))
    problems: list[Problem] = []
    rendered: list[Rendered] = []
    for board in prepared.boards:
        if boards and board not in boards:
            continue
        try:
            rendered.append(_drafted(prepared, board, trace))
        except PapergenError as fault:
            problems += fault.problems
            if ends_all(problems):
                break
    if problems and use_cache and not ends_all(problems):
        # A program that was kept has not got its sources, without which it ends at the first fault
        # of each text.
        return render(path, boards, brand, use_cache=False, trace=trace)
    check(problems)
    return rendered, prepared.notes, prepared.notices


def _drafted(prepared: PreparedPaper, board: str, trace: bool) -> Rendered:
    draft = prepared.draft(board, trace=trace)
    return Rendered(board, draft, prepared.source_hash, prepared.trace(draft) if trace else {})


def _refuse_unknown(boards: Sequence[str], known: Sequence[str]) -> None:
    unknown = [board for board in boards if board not in known]
    if not unknown:
        return
    problems: list[Problem] = []
    for board in unknown:
        hint = f"{did_you_mean(board, known)} The paper is for {', '.join(known)}.".lstrip()
        problems.append(
            Problem("unknown-board", f"the paper is not for a board “{board}”", None, hint)
        )
    raise CommandError(problems)
