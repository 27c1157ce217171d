"""From a paper's file to finished papers in memory: loaded once, compiled once a brand, all boards before any is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import papergen
from papergen.errors import DataError, PapergenError, Problem, check


@dataclass(frozen=True, slots=True)
class Rendered:
    """One board's paper, and the hash of the sources it was made from."""

    board: str
    draft: papergen.Draft
    source_hash: str


class UnknownBoardError(DataError):
    """A board that was asked for on the command line: it is the command that is wrong, not a file."""

    @property
    def exit_code(self) -> int:
        """That of a wrong command line."""
        return 2


def render(path: Path, boards: Sequence[str], brand: str | None) -> list[Rendered]:
    """The papers for `boards` (all, if none are named), in the order the paper lists them.

    `brand` overrides what the paper and its boards say. Raises PapergenError with the faults of all brands and boards at once,
    and UnknownBoardError.
    """
    sources = papergen.load(path, brand=brand)
    considerations = sources.paper.considerations
    known = [consideration.board for consideration in considerations]
    _refuse_unknown(boards, known)
    wanted = [one for one in considerations if not boards or one.board in boards]
    problems: list[Problem] = []
    brands = [brand or one.brand or sources.paper.brand for one in wanted]
    programs: dict[str, papergen.Program] = {}
    for name in dict.fromkeys(brands):
        try:
            programs[name] = papergen.compile(sources, brand=name)
        except PapergenError as fault:
            problems += fault.problems
    check(problems)
    rendered: list[Rendered] = []
    for one, name in zip(wanted, brands, strict=True):
        try:
            draft = programs[name].draft(one.board)
        except PapergenError as fault:
            problems += fault.problems
        else:
            rendered.append(Rendered(one.board, draft, sources.content_hash))
    check(problems)
    return rendered


def _refuse_unknown(boards: Sequence[str], known: Sequence[str]) -> None:
    unknown = [board for board in boards if board not in known]
    if not unknown:
        return
    from papergen.readers.near import nearest

    problems: list[Problem] = []
    for board in unknown:
        near = nearest(board, known)
        hint = (f"Did you mean “{near}”? " if near else "") + f"The paper is for {', '.join(known)}."
        problems.append(Problem("unknown-board", f"the paper is not for a board “{board}”", None, hint))
    raise UnknownBoardError(problems)
