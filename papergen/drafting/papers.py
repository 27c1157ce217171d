"""A paper made ready to be drafted: loaded and compiled, or taken from the cache where nothing has
changed since.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from papergen.drafting.program import Draft, Program
from papergen.errors import PapergenError, Problem, check, ends_all
from papergen.storage.brands import find_brand
from papergen.storage.files import read_bytes


@dataclass(frozen=True, slots=True)
class PreparedPaper:
    """The boards a paper goes to, each with the name of its brand, and the programs of those that
    were asked for, by brand.
    """

    boards: Mapping[str, str]
    programs: Mapping[str, Program]
    source_hash: str
    notes: tuple[str, ...] = ()
    """How a list of actions was read."""

    @property
    def notices(self) -> tuple[Problem, ...]:
        """What the paper gives and a brand prints nowhere."""
        return tuple(notice for program in self.programs.values() for notice in program.notices)

    def draft(self, board: str, *, trace: bool = False) -> Draft:
        return self.programs[self.boards[board]].draft(board, trace=trace)

    def trace(self, draft: Draft) -> dict[str, Any]:
        """Which facts each paragraph of a traced draft states."""
        from papergen.drafting.traces import trace_of

        program = self.programs[self.boards[draft.board]]
        assert program.sources is not None
        return trace_of(draft, program.store, program.sources)


@dataclass(frozen=True, slots=True)
class _Entry:
    """What was prepared, and from which files: by path, the SHA-256 of what they held; by name,
    where brands were found.
    """

    prepared: PreparedPaper
    files: tuple[tuple[str, bytes], ...]
    brands: tuple[tuple[str, str], ...]


def prepare(
    path: Path, boards: Sequence[str] = (), brand: str | None = None, *, use_cache: bool = True
) -> PreparedPaper:
    """The paper at `path`, compiled for `boards` (all, if none are named; unknown ones are left
    out). `brand` overrides all.

    Raises PapergenError with the faults of all files, texts and templates.
    """
    if not use_cache:
        return _prepare(path, boards, brand).prepared
    from papergen.storage import cache

    name = cache.key(str(path.absolute()), str(path), str(Path.cwd()), brand or "", *sorted(boards))
    entry = cache.get(name)
    if isinstance(entry, _Entry) and _is_current(entry, path):
        return entry.prepared
    entry = _prepare(path, boards, brand)
    cache.put(name, entry)
    return entry.prepared


def _prepare(path: Path, boards: Sequence[str], brand: str | None) -> _Entry:
    from papergen.drafting.load import load
    from papergen.drafting.program import compile_program

    sources = load(path, [brand] if brand is not None else [])
    all_boards = {
        one.board: brand or one.brand or sources.paper.brand for one in sources.paper.considerations
    }
    wanted = {name for board, name in all_boards.items() if not boards or board in boards}
    programs: dict[str, Program] = {}
    problems: list[Problem] = []
    for name in sorted(wanted):
        try:
            programs[name] = compile_program(sources, name)
        except PapergenError as fault:
            problems += fault.problems
    if problems:  # those that only show in drafting are not kept back until the others are mended
        for board, name in all_boards.items():
            if name in programs and (not boards or board in boards) and not ends_all(problems):
                problems += _faults_of_draft(programs[name], board)
    check(problems)
    return _Entry(
        PreparedPaper(all_boards, programs, sources.content_hash, sources.notes),
        tuple(sources.files.items()),
        tuple((name, str(found.folder)) for name, found in sources.brands.items()),
    )


def _faults_of_draft(program: Program, board: str) -> tuple[Problem, ...]:
    try:
        program.draft(board)
    except PapergenError as fault:
        return fault.problems
    return ()


def _is_current(entry: _Entry, path: Path) -> bool:
    """Whether each file holds what it held, and each brand would be found where it was."""
    try:
        return all(
            hashlib.sha256(read_bytes(Path(name), name)).digest() == digest
            for name, digest in entry.files
        ) and all(str(find_brand(name, path.parent)) == found for name, found in entry.brands)
    except (OSError, PapergenError):
        return False
