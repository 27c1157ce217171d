"""What a worker does with a chunk: it loads, compiles and drafts its papers.

Where it shares the disk with the run, it puts the papers into their folder too. A worker keeps what
it has loaded and compiled, so that a template and a paper's texts are compiled once in its life,
however many plans and boards they are for.
"""

from __future__ import annotations

import hashlib
import json
import pickle
import zlib
from bisect import bisect_left
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from operator import attrgetter
from threading import Lock
from time import perf_counter

from papergen.batch.internal_error import internal_error
from papergen.batch.jobs import (
    Batch,
    Chunk,
    DraftedPaper,
    Folder,
    MissingFact,
    Result,
    Results,
    Source,
    Task,
    fail_chunk,
    failed,
)
from papergen.drafting.papers import compile_paper, draft_paper_once
from papergen.drafting.program import Draft, Program
from papergen.drafting.sources import Sources
from papergen.errors import Location, PapergenError, Problem, error
from papergen.facts.reported import PLAN, Fact, KnownFacts, reported_facts
from papergen.facts.view import MeetingView
from papergen.version import __version__

_SOURCES_KEPT = 4
_BRANDS_KEPT = 4
_PROGRAMS_KEPT = 4
"""Of each brand: papers whose texts differ."""

_compiling = Lock()
"""A cluster's worker may have several threads: one at a time loads and compiles."""


@dataclass(slots=True, eq=False)
class _CompiledPaper:
    """A paper compiled in a brand, and what was worked out for its boards so far.

    `reused`: its code was compiled from another paper with the same texts. `fact_keys`: the keys of
    sets of facts, by the identities of the facts.
    """

    program: Program
    reused: bool
    facts: KnownFacts = field(default_factory=KnownFacts)
    fact_keys: dict[tuple[int, ...], str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """The sources of a batch, as the key of what is kept of them: their content decides, however
    they were pickled.
    """

    source: Source
    input_hash: str
    pickled: bytes = field(compare=False)


def do_chunk(chunk: Chunk, folder: Folder | None) -> Results:
    """Do the jobs of a chunk, in order. A fault in one is the result of that one.

    `folder` is where to put the papers; without one, their bytes are in the results.
    """
    if chunk.version != __version__:
        return fail_chunk(chunk, _other_version(chunk.version))
    fact_sets: dict[str, bytes] = {}
    results = []
    for batch in chunk.batches:
        for task in batch.tasks:
            result = _do(batch, task, folder, fact_sets)
            results.append(result)
    return Results(tuple(results), fact_sets)


def _other_version(version: str) -> Problem:
    message = f"a worker of the cluster has papergen {__version__}, and the run papergen {version}"
    hint = (
        "Install the same papergen on every machine of the cluster, and start the run again with "
        "--resume."
    )
    return Problem("batch-worker", message, None, hint)


def _do(
    batch: Batch,
    task: Task,
    folder: Folder | None,
    fact_sets: dict[str, bytes],
) -> Result:
    try:
        started = perf_counter()
        compiled = _load_and_compile(batch, task.board)
        prepared = perf_counter()
        paper = _draft(compiled, task.board, fact_sets)
        drafted = perf_counter()
        result = Result(
            job=task.job,
            state="made",
            paper=paper,
            notices=compiled.program.notices,
            prepare=prepared - started,
            render=drafted - prepared,
        )
        if folder is None:
            return result
        from papergen.batch.placement import put_in_place

        return put_in_place(result, task.written, batch.input_hash, folder)
    except PapergenError as fault:
        return failed(task.job, fault.problems)
    except Exception as fault:  # noqa: BLE001 (an internal error in one paper must not keep the others from their boards)
        problem = internal_error(fault, batch.source.shown, task.board)
        return failed(task.job, (problem,))


def _load_and_compile(batch: Batch, board: str) -> _CompiledPaper:
    """The paper of a batch, compiled in the brand of a board.

    Raises PapergenError with what is wrong in its files, its texts or the template.
    """
    wanted = _Wanted(batch.source, batch.input_hash, batch.sources)
    with _compiling:
        sources = _load(wanted)
        considerations = sources.paper.considerations
        consideration = next(one for one in considerations if one.board == board)
        brand = batch.source.brand or consideration.brand or sources.paper.brand
        return _compile(wanted, brand)


@lru_cache(maxsize=_SOURCES_KEPT)
def _load(wanted: _Wanted) -> Sources:
    """The sources of a paper: those that came pickled, or read from the disk.

    Raises PapergenError where they are wrong, or not those that were surveyed.
    """
    if wanted.pickled:
        sources = pickle.loads(wanted.pickled)  # noqa: S301 (the run that sent it pickled it; a cluster's workers run its code anyway)
        assert isinstance(sources, Sources)
    else:
        from papergen.batch.survey import load_source

        sources = load_source(wanted.source)
    if sources.content_hash != wanted.input_hash:
        raise _changed(wanted.source)
    return sources


def _changed(source: Source) -> PapergenError:
    message = "the files of this paper changed while the run was on"
    hint = (
        "Let the run end, and start it again with --resume: the papers of files that have changed "
        "are then made anew."
    )
    problem = Problem("batch-changed", message, Location(source.shown), hint)
    return error([problem])


@lru_cache(maxsize=_SOURCES_KEPT)
def _compile(wanted: _Wanted, brand: str) -> _CompiledPaper:
    """A paper compiled in a brand, with the code of another paper where the texts are the same."""
    sources = _load(wanted)
    found = sources.brands[brand]
    files = (found.folder / "brand.yaml", found.folder / found.brand.template)
    hashes = [sources.files[str(path)] for path in files]
    programs = _programs_of(brand, *hashes)
    program = compile_paper(sources, brand, like=programs)
    reused = any(program.scripts is other.scripts for other in programs)
    if not reused:
        programs.append(program)
    return _CompiledPaper(program, reused)


@lru_cache(maxsize=_BRANDS_KEPT)
def _programs_of(brand: str, *file_hashes: bytes) -> deque[Program]:  # noqa: ARG001 (they are the key)
    """The last programs compiled in a brand with these files; the caller adds to them."""
    return deque(maxlen=_PROGRAMS_KEPT)


def _draft(
    compiled: _CompiledPaper,
    board: str,
    fact_sets: dict[str, bytes],
) -> DraftedPaper:
    """A board's paper. The sets of facts that it reports are added to `fact_sets`."""
    draft, view = _draft_with_own_code(compiled, board)
    facts = reported_facts(view, compiled.facts)
    # They are sorted by their keys, so those of the register come first.
    first_of_plan = bisect_left(facts, PLAN, key=attrgetter("key"))
    return DraftedPaper(
        name=draft.name,
        title=draft.title,
        content_hash=draft.content_hash,
        gaps=_gaps(draft),
        plan_facts=_pack_facts(compiled, facts[first_of_plan:], fact_sets),
        register_facts=_pack_facts(compiled, facts[:first_of_plan], fact_sets),
        docx=draft.docx,
    )


def _draft_with_own_code(compiled: _CompiledPaper, board: str) -> tuple[Draft, MeetingView]:
    """A board's draft, by the paper's own code where that of another paper finds a fault: that one
    has the places of its own files.
    """
    if compiled.reused:
        try:
            return compiled.program.draft_once(board)
        except PapergenError:
            _compile_anew(compiled)
    return draft_paper_once(compiled.program, board)


def _compile_anew(compiled: _CompiledPaper) -> None:
    """Compile a paper from its own texts, in place of the code of another."""
    with _compiling:
        if not compiled.reused:  # another thread has done it
            return
        program = compiled.program
        assert program.sources is not None
        compiled.program = compile_paper(program.sources, program.brand)
        compiled.reused = False
        compiled.facts = KnownFacts()
        compiled.fact_keys.clear()


def _pack_facts(
    compiled: _CompiledPaper,
    facts: Sequence[Fact],
    fact_sets: dict[str, bytes],
) -> str:
    """The key of a set of facts, which is added to `fact_sets`.

    A paper's facts have the same values for all its boards, so most sets are packed once.
    """
    identities = tuple(map(id, facts))  # `compiled.facts` keeps them alive
    key = compiled.fact_keys.get(identities)
    if key is None or key not in fact_sets:
        values = [[fact.key, fact.label, fact.value] for fact in facts]
        text = json.dumps(values, ensure_ascii=False, separators=(",", ":"))
        data = text.encode("utf-8", "surrogatepass")
        key = hashlib.sha256(data).hexdigest()
        compiled.fact_keys[identities] = key
        fact_sets[key] = zlib.compress(data)
    return key


def _gaps(draft: Draft) -> tuple[MissingFact, ...]:
    gaps = [MissingFact(gap.message, gap.where, gap.hint) for gap in draft.gaps]
    return tuple(gaps)
