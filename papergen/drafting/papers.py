"""The boards of one paper: loaded, compiled and drafted, or taken from the cache where nothing has
changed since.

`load_paper`, `compile_paper` and `draft_paper` do what `load`, `compile_program` and
`Program.draft` do, and raise with everything that is wrong: `drafting.diagnose` is asked, and
imported, only when one of these has failed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from papergen.drafting.program import Draft, Program
from papergen.errors import CommandError, PapergenError, Problem, check, ends_all, error
from papergen.storage import cache
from papergen.storage.brands import find_brand
from papergen.storage.files import read_bytes
from papergen.storage.source_files import FolderFiles, SourceFiles

if TYPE_CHECKING:
    from papergen.drafting.sources import Sources
    from papergen.facts.view import MeetingView
    from papergen.workbook.reading import Reading


@dataclass(frozen=True, slots=True)
class BoardDraft:
    """One board's paper, and the hash of the sources it was made from."""

    board: str
    draft: Draft
    source_hash: str
    trace: Mapping[str, Any] = field(default_factory=dict)
    """Which facts each paragraph states, if that was asked for."""


@dataclass(frozen=True, slots=True)
class PaperDrafts:
    """The drafts of a paper, in the order in which it lists its boards."""

    drafts: Sequence[BoardDraft]
    readings: Sequence[Reading]
    """How each list of actions was read."""
    notices: Sequence[Problem]
    """The fields of the paper that a brand prints nowhere."""


def draft_boards(
    paper: Path | SourceFiles,
    boards: Sequence[str] = (),
    brand: str | None = None,
    *,
    use_cache: bool = True,
    trace: bool = False,
) -> PaperDrafts:
    """A paper drafted for `boards` (all, if none are named).

    `paper`: the path of its file, or its files, which the cache does not keep. `brand` overrides
    what the paper and its boards say.
    Raises PapergenError with the problems of all files, texts, templates and boards, and
    CommandError for a board that the paper is not for.
    """
    # A program from the cache has no sources, which tracing needs.
    prepared = prepare(paper, boards, brand, use_cache=use_cache and not trace)
    _refuse_unknown(boards, list(prepared.boards))

    drafts: list[BoardDraft] = []
    problems: list[Problem] = []
    for board in prepared.boards:
        if boards and board not in boards:
            continue
        try:
            drafts.append(prepared.draft(board, trace=trace))
        except PapergenError as fault:
            problems += fault.problems
            if ends_all(problems):
                break
    if problems and prepared.from_cache and not ends_all(problems):
        # Only a program that has its sources can be diagnosed.
        return draft_boards(paper, boards, brand, use_cache=False, trace=trace)
    check(problems)
    return PaperDrafts(drafts, prepared.readings, prepared.notices)


@dataclass(frozen=True, slots=True)
class PreparedPaper:
    """A paper ready to be drafted: its boards, each with the name of its brand; the programs that
    were asked for, by brand; the hash of its sources; how each list of actions was read.
    """

    boards: Mapping[str, str]
    programs: Mapping[str, Program]
    source_hash: str
    readings: tuple[Reading, ...] = ()
    from_cache: bool = False

    @property
    def notices(self) -> tuple[Problem, ...]:
        return tuple(notice for program in self.programs.values() for notice in program.notices)

    def draft(self, board: str, *, trace: bool = False) -> BoardDraft:
        """The paper for one board. Raises PapergenError with all its problems."""
        program = self.programs[self.boards[board]]
        draft = draft_paper(program, board, trace=trace)
        if not trace:
            return BoardDraft(board, draft, self.source_hash)
        from papergen.drafting.traces import trace_of

        assert program.sources is not None
        traced = trace_of(draft, program.store, program.sources)
        return BoardDraft(board, draft, self.source_hash, traced)


def prepare(
    paper: Path | SourceFiles,
    boards: Sequence[str] = (),
    brand: str | None = None,
    *,
    use_cache: bool = True,
) -> PreparedPaper:
    """A paper compiled for `boards` (all, if none are named; unknown ones are left out).

    `paper`, `brand`: as for `draft_boards`.
    Raises PapergenError with the problems of all files, texts and templates.
    """
    files = FolderFiles(paper) if isinstance(paper, Path) else paper
    if not use_cache or not isinstance(paper, Path):
        return _prepare(files, boards, brand).prepared
    places = (str(paper.absolute()), str(paper), str(Path.cwd()))
    name = cache.key(*places, brand or "", *sorted(boards))
    entry = cache.get(name)
    if isinstance(entry, _Entry) and _is_current(entry, paper):
        return replace(entry.prepared, from_cache=True)
    entry = _prepare(files, boards, brand)
    cache.put(name, entry)
    return entry.prepared


def load_paper(files: SourceFiles, brands: Iterable[str] = ()) -> Sources:
    """As `drafting.load.load`. Raises PapergenError with the problems of all files."""
    from papergen.drafting.load import load

    brands = list(brands)
    try:
        return load(files, brands)
    except PapergenError as fault:
        from papergen.drafting.diagnose.load_problems import load_problems

        raise error(load_problems(files, brands) or fault.problems) from None


def compile_paper(
    sources: Sources, brand: str | None = None, *, like: Iterable[Program] = ()
) -> Program:
    """As `compile_program`, or as `compile_like` where there are programs to be `like`.

    Raises PapergenError with all problems of texts and template, those that only show in drafting
    included.
    """
    from papergen.drafting.compile import compile_like

    try:
        return compile_like(like, sources, brand or sources.paper.brand)
    except PapergenError as fault:
        from papergen.drafting.diagnose.dry_run import compile_problems

        found = compile_problems(sources, brand or sources.paper.brand)
        raise error(found or fault.problems) from None


def draft_paper(program: Program, board: str, *, trace: bool = False) -> Draft:
    """As `Program.draft`. Raises PapergenError with all problems of the board's paper, as far as
    the program has its sources.
    """
    try:
        return program.draft(board, trace=trace)
    except PapergenError as fault:
        raise _diagnosed(fault, program, board) from None


def draft_paper_once(program: Program, board: str) -> tuple[Draft, MeetingView]:
    """As `Program.draft_once`. Raises as `draft_paper` does."""
    try:
        return program.draft_once(board)
    except PapergenError as fault:
        raise _diagnosed(fault, program, board) from None


def _diagnosed(fault: PapergenError, program: Program, board: str) -> PapergenError:
    """The fault of a draft with what else is wrong with the board's paper."""
    if program.sources is None or board not in program.boards or ends_all(fault.problems):
        return fault
    from papergen.drafting.diagnose.dry_run import dry_run_problems

    found = dry_run_problems(program.sources, program.brand, [board])
    return error([*fault.problems, *found])


@dataclass(frozen=True, slots=True)
class _Entry:
    """What was prepared, and from which files: by path, the SHA-256 of what they held; by name,
    where brands were found.
    """

    prepared: PreparedPaper
    files: tuple[tuple[str, bytes], ...]
    brands: tuple[tuple[str, str], ...]


def _prepare(files: SourceFiles, boards: Sequence[str], brand: str | None) -> _Entry:
    sources = load_paper(files, [brand] if brand is not None else [])
    brand_of_board = {
        one.board: brand or one.brand or sources.paper.brand for one in sources.paper.considerations
    }
    wanted = {name for board, name in brand_of_board.items() if not boards or board in boards}
    programs: dict[str, Program] = {}
    problems: list[Problem] = []
    for name in sorted(wanted):
        try:
            programs[name] = compile_paper(sources, name)
        except PapergenError as fault:
            problems += fault.problems
    if problems:
        problems += _problems_of_drafts(programs, brand_of_board, boards, problems)
    check(problems)
    return _Entry(
        PreparedPaper(brand_of_board, programs, sources.content_hash, sources.readings),
        tuple(sources.files.items()),
        tuple((name, str(found.folder)) for name, found in sources.brands.items()),
    )


def _problems_of_drafts(
    programs: Mapping[str, Program],
    brand_of_board: Mapping[str, str],
    boards: Sequence[str],
    known: Sequence[Problem],
) -> list[Problem]:
    """What only shows in drafting, in the brands that compile: it does not wait until the others
    are corrected.
    """
    problems: list[Problem] = []
    for board, name in brand_of_board.items():
        asked = not boards or board in boards
        if name not in programs or not asked or ends_all([*known, *problems]):
            continue
        try:
            draft_paper(programs[name], board)
        except PapergenError as fault:
            problems += fault.problems
    return problems


def _is_current(entry: _Entry, path: Path) -> bool:
    """Whether each file holds what it held, and each brand is found where it was."""
    try:
        for name, digest in entry.files:
            if hashlib.sha256(read_bytes(Path(name), name)).digest() != digest:
                return False
        return all(str(find_brand(name, path.parent)) == folder for name, folder in entry.brands)
    except (OSError, PapergenError):
        return False


def _refuse_unknown(boards: Sequence[str], known: Sequence[str]) -> None:
    unknown = [board for board in boards if board not in known]
    if not unknown:
        return
    from papergen.text import did_you_mean

    problems: list[Problem] = []
    for board in unknown:
        boards_of_paper = f"The paper is for {', '.join(known)}."
        hint = f"{did_you_mean(board, known)} {boards_of_paper}".lstrip()
        message = f"the paper is not for a board “{board}”"
        problems.append(Problem("unknown-board", message, None, hint))
    raise CommandError(problems)
