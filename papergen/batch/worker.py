"""What a worker does with a chunk: it drafts its papers and, where it shares the disk with the run,
puts them in place.

A worker keeps what it has loaded and compiled, so that a template and a paper's texts are compiled
once in its life, however many plans and boards they are for.
"""

from __future__ import annotations

import hashlib
import json
import pickle
import zlib
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from threading import RLock
from time import perf_counter
from typing import Any, Generic, TypeVar

from papergen.batch.internal_error import internal_error
from papergen.batch.jobs import (
    Batch,
    Chunk,
    Folder,
    Made,
    MissingFact,
    Result,
    Results,
    Source,
    Task,
)
from papergen.drafting.papers import compile_paper, draft_paper_once
from papergen.drafting.program import Draft, Program
from papergen.errors import Location, PapergenError, Problem, error
from papergen.facts.reported import PLAN, Fact, KnownFacts, reported_facts
from papergen.model.sources import Sources
from papergen.version import __version__

_SOURCES_KEPT = 4
_BRANDS_KEPT = 4
_PROGRAMS_KEPT = 4
"""Of each brand: papers whose texts differ."""

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class _Lately(Generic[Key, Value]):
    """The values that were used last, a few of them."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._values: OrderedDict[Key, Value] = OrderedDict()

    def get(self, key: Key, make: Callable[[], Value]) -> Value:
        if key not in self._values:
            self._values[key] = make()
            if len(self._values) > self._most:
                self._values.popitem(last=False)
        self._values.move_to_end(key)
        return self._values[key]


@dataclass(slots=True, eq=False)
class _Ready:
    """A paper ready to be drafted in a brand. `reused`: its code was compiled from another paper
    with the same texts.
    """

    program: Program
    reused: bool
    facts: KnownFacts = field(default_factory=KnownFacts)
    sets: dict[tuple[int, ...], str] = field(default_factory=dict)


class _Workshop:
    """What a worker process keeps warm. Several threads may ask: compiling is done by one at a
    time.
    """

    def __init__(self) -> None:
        self._lock = RLock()
        self._sources: _Lately[tuple[Source, str], Sources] = _Lately(_SOURCES_KEPT)
        self._compiled: _Lately[Hashable, list[Program]] = _Lately(_BRANDS_KEPT)
        self._ready: _Lately[tuple[Source, str, str], _Ready] = _Lately(_SOURCES_KEPT)

    def sources(self, batch: Batch) -> Sources:
        """The sources of a batch. Raises PapergenError where they are wrong, or are not those that
        were surveyed.
        """
        with self._lock:
            return self._sources.get((batch.source, batch.input_hash), lambda: _load(batch))

    def ready(self, batch: Batch, brand: str) -> _Ready:
        """A paper compiled in a brand. Raises PapergenError with what is wrong in its texts or the
        template.
        """
        sources = self.sources(batch)
        with self._lock:
            return self._ready.get(
                (batch.source, batch.input_hash, brand), lambda: self._made_ready(sources, brand)
            )

    def _made_ready(self, sources: Sources, brand: str) -> _Ready:
        source = sources.brands[brand]
        files = (source.folder / "brand.yaml", source.folder / source.brand.template)
        known = self._compiled.get((brand, *(sources.files[str(path)] for path in files)), list)
        program = compile_paper(sources, brand, like=known)
        reused = any(program.scripts is other.scripts for other in known)
        if not reused:
            known.append(program)
            del known[:-_PROGRAMS_KEPT]
        return _Ready(program, reused)

    def compile_anew(self, ready: _Ready) -> None:
        """Compile a paper from its own texts: its own code knows the places in its own files."""
        with self._lock:
            if ready.reused:
                assert ready.program.sources is not None
                ready.program, ready.reused = (
                    compile_paper(ready.program.sources, ready.program.brand),
                    False,
                )
                ready.facts = KnownFacts()
                ready.sets.clear()


_workshop = _Workshop()


def _load(batch: Batch) -> Sources:
    if batch.sources:
        sources = pickle.loads(batch.sources)  # noqa: S301 (the run that sent it pickled it; a cluster's workers run its code anyway)
        assert isinstance(sources, Sources)
    else:
        from papergen.batch.survey import load_source

        sources = load_source(batch.source)
    if sources.content_hash != batch.input_hash:
        raise _changed(batch.source)
    return sources


def _changed(source: Source) -> PapergenError:
    hint = (
        "Let the run end, and start it again with --resume: the papers of files that have changed "
        "are then made anew."
    )
    message = "the files of this paper changed while the run was on"
    return error([Problem("batch-changed", message, Location(source.shown), hint)])


def do_chunk(chunk: Chunk, folder: Folder | None) -> Results:
    """Do the jobs of a chunk, in order. What goes wrong with one is its own outcome.

    `folder`: where to put the papers; without one, their bytes are in what comes back.
    """
    if chunk.version != __version__:
        return Results(tuple(_other_version(job, chunk.version) for job in chunk.jobs))
    sets: dict[str, bytes] = {}
    results = tuple(
        result
        for batch in chunk.batches
        for task in batch.tasks
        for result in [_do(batch, task, folder, sets)]
    )
    return Results(results, sets)


def _other_version(job: int, version: str) -> Result:
    message = f"a worker of the cluster has papergen {__version__}, and the run papergen {version}"
    hint = (
        "Install the same papergen on every machine of the cluster, and start the run again with "
        "--resume."
    )
    return Result(job, "failed", problems=(Problem("batch-worker", message, None, hint),))


def _do(batch: Batch, task: Task, folder: Folder | None, sets: dict[str, bytes]) -> Result:
    try:
        result, sources = _made(batch, task, sets)
        if folder is None:
            return result
        from papergen.batch.placement import put_in_place

        return put_in_place(result, task.known, sources.content_hash, folder)
    except PapergenError as fault:
        return Result(task.job, "failed", problems=fault.problems)
    except Exception as fault:  # noqa: BLE001 (a fault of ours in one paper must not keep the others from their boards)
        return Result(
            task.job, "failed", problems=(internal_error(fault, batch.source.shown, task.board),)
        )


def _made(batch: Batch, task: Task, sets: dict[str, bytes]) -> tuple[Result, Sources]:
    started = perf_counter()
    sources = _workshop.sources(batch)
    consideration = next(one for one in sources.paper.considerations if one.board == task.board)
    ready = _workshop.ready(batch, batch.source.brand or consideration.brand or sources.paper.brand)
    prepared = perf_counter()
    made = _drafted(ready, task.board, sets)
    before, after = prepared - started, perf_counter() - prepared
    return Result(
        task.job, "made", made, notices=ready.program.notices, prepare=before, render=after
    ), sources


def _drafted(ready: _Ready, board: str, sets: dict[str, bytes]) -> Made:
    try:
        draft, view = draft_paper_once(ready.program, board)
    except PapergenError:
        if not ready.reused:
            raise
        _workshop.compile_anew(ready)
        draft, view = draft_paper_once(ready.program, board)
    facts = reported_facts(view, ready.facts)
    of_plan = next(
        (number for number, fact in enumerate(facts) if fact.key.startswith(PLAN)), len(facts)
    )
    register, plan = (_packed(ready, some, sets) for some in (facts[:of_plan], facts[of_plan:]))
    return Made(
        draft.name,
        draft.title,
        draft.content_hash,
        tuple(_missing(draft)),
        plan,
        register,
        draft.docx,
    )


def _packed(ready: _Ready, facts: Sequence[Fact], sets: dict[str, bytes]) -> str:
    """The key of a set of facts, which `sets` holds from then on. A paper's facts have the same
    values for all its boards.
    """
    known = tuple(map(id, facts))  # `ready.facts` keeps them
    key = ready.sets.get(known)
    if key is None or key not in sets:
        values: list[Any] = [[fact.key, fact.label, fact.value] for fact in facts]
        data = json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode(
            "utf-8", "surrogatepass"
        )
        key = ready.sets[known] = hashlib.sha256(data).hexdigest()
        sets[key] = zlib.compress(data)
    return key


def _missing(draft: Draft) -> Iterator[MissingFact]:
    for gap in draft.gaps:
        yield MissingFact(gap.message, gap.where, gap.hint)
