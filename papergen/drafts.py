"""Putting papers into a folder of drafts without ever losing what an officer wrote.

The folder remembers, in `.papergen/`, the content hash of each paper as papergen last wrote it, and a pristine copy of it (the
base that an edited paper can be compared with). A file whose content is not what the memory says was changed by somebody, or
came from elsewhere: it stays as it is. Without a memory, or with a broken one, every file is treated so.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import StrEnum
from itertools import count
from pathlib import Path
from typing import Any

from papergen import __version__
from papergen.errors import Location, OutputError, PapergenError, Problem, SourceError, check
from papergen.file_names import beside
from papergen.files import obstacle, prepare_folder, read_bytes, write_atomic
from papergen.quick import dataclass, replace

MEMORY = ".papergen"
_FORMAT = 1


@dataclass(frozen=True, slots=True)
class Paper:
    """A finished paper: its file's `name`, its bytes, their content hash, and the hash of the sources it was made from."""

    name: str
    data: bytes
    content_hash: str
    source_hash: str


class State(StrEnum):
    """What became of a paper."""

    WRITTEN = "written"
    """There was no such file."""
    REPLACED = "replaced"
    """The file was an earlier draft that nobody had changed."""
    SAME = "same"
    """The file already is this draft. It was not touched."""
    BESIDE = "beside"
    """Somebody had changed the file. It was not touched, and the draft stands beside it."""
    OVERWRITTEN = "overwritten"
    """Somebody had changed the file, and `force` was asked for. What they had stands beside the draft."""
    FAILED = "failed"
    """It could not be written after all, though nothing had spoken against it: see `problem`. What was there still is."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the paper `name`: the draft stands at `path`, and what somebody had changed at `edited`.

    A draft that was written may have a `problem` too: that the folder could not remember it.
    """

    name: str
    state: State
    path: Path
    edited: Path | None = None
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class _Step:
    paper: Paper
    state: State
    name: str
    """The file the draft goes into."""
    edited: str = ""
    """Where an edited file stands, or is to be copied to before it is overwritten."""


def write_papers(papers: Sequence[Paper], out: Path, force: bool = False) -> list[Outcome]:
    """Put the papers into the folder `out`, which is made if need be; their outcomes, in the same order.

    A draft whose file somebody changed goes beside it, as `… (new).docx`. With `force` it takes the file's place, and what
    stood there is kept as `… (edited).docx`. A file that already holds the draft is not written again.

    Raises OutputError, with everything that speaks against writing, before the first paper is written. A failure that shows
    only in writing (a full disk) is an outcome: each file is then either the old or the new one, whole.
    """
    check(_same_names(papers, out))
    prepare_folder(out)
    memory = _Memory(out)
    steps: list[_Step] = []
    problems: list[Problem] = []
    for paper in papers:
        try:
            steps.append(_step(paper, out, memory, force))
        except PapergenError as fault:
            problems += fault.problems
    for step in steps:
        if step.state is not State.SAME:
            problems += filter(None, [obstacle(out / step.name)])
    to_remember = [step for step in steps if step.state is not State.SAME or not memory.holds(step)]
    if to_remember:
        problems += memory.obstacles(step.name for step in to_remember)
    check(problems)
    if to_remember:
        memory.prepare()
    outcomes = [_take(step, out, memory) for step in steps]
    forgotten = memory.save()
    if forgotten is not None:
        outcomes = [
            replace(outcome, problem=forgotten) if step in to_remember and outcome.problem is None else outcome
            for step, outcome in zip(steps, outcomes, strict=True)
        ]
    return outcomes


def _same_names(papers: Sequence[Paper], out: Path) -> list[Problem]:
    """Windows and macOS take names that differ in case for one."""
    seen: set[str] = set()
    problems: list[Problem] = []
    for paper in papers:
        key = paper.name.casefold()
        if key in seen:
            hint = "Names are cut at 100 characters. Give the paper a short `id:`, one word, that its files are named by."
            message = f"two papers would be written to “{paper.name}”"
            problems.append(Problem("output-name", message, Location(str(out / paper.name)), hint))
        seen.add(key)
    return problems


def _step(paper: Paper, out: Path, memory: _Memory, force: bool) -> _Step:
    """What to do with a paper, given what stands in the folder. Raises OutputError where a folder has the paper's name."""
    if (out / paper.name).exists() and not (out / paper.name).is_file():
        check(filter(None, [obstacle(out / paper.name)]))
    found = _found(out / paper.name)
    if found is None:
        return _Step(paper, State.WRITTEN, paper.name)
    if found == paper.content_hash:
        return _Step(paper, State.SAME, paper.name)
    if found == memory.content_hash(paper.name):
        return _Step(paper, State.REPLACED, paper.name)
    if force:
        kept = _first(paper.name, "edited", lambda name: not (out / name).exists())
        return _Step(paper, State.OVERWRITTEN, paper.name, kept)

    def ours(name: str) -> bool:
        found = _found(out / name)
        return found is None or found in (paper.content_hash, memory.content_hash(name))

    name = _first(paper.name, "new", ours)
    state = State.SAME if _found(out / name) == paper.content_hash else State.BESIDE
    return _Step(paper, state, name, paper.name)


def _first(name: str, word: str, fits: Callable[[str], bool]) -> str:
    return next(candidate for number in count(1) if fits(candidate := beside(name, word, number)))


def _found(path: Path) -> str | None:
    """The content hash of a file; empty for one that is no Word file, None where there is none. Raises SourceError."""
    if not path.exists():
        return None
    from papergen.word.package import package_hash

    return package_hash(read_bytes(path, str(path))) or ""


def _take(step: _Step, out: Path, memory: _Memory) -> Outcome:
    path, paper = out / step.name, step.paper
    edited = out / step.edited if step.edited else None
    if step.state is not State.SAME:
        try:
            if step.state is State.OVERWRITTEN and edited:
                write_atomic(edited, read_bytes(path, str(path)))
            write_atomic(path, paper.data)
        except PapergenError as fault:
            return Outcome(paper.name, State.FAILED, path, edited, fault.problems[0])
    # After the paper: should this be cut short, the paper is taken for an edited one, and nothing is lost.
    problem = None
    if step.state is not State.SAME or not memory.holds(step):
        problem = memory.remember(step.name, paper)
    return Outcome(paper.name, step.state, path, edited, problem)


class _Memory:
    """What papergen wrote into a folder: `papers.json`, and a pristine copy of each paper."""

    def __init__(self, out: Path) -> None:
        self._folder = out / MEMORY
        self._papers = _read_memory(self._folder / "papers.json")
        self._changed = False

    def content_hash(self, name: str) -> str | None:
        """Of the paper as last written; None if it never was."""
        entry = self._papers.get(name)
        return entry["content_hash"] if entry else None

    def holds(self, step: _Step) -> bool:
        return self.content_hash(step.name) == step.paper.content_hash

    def obstacles(self, names: Iterable[str]) -> Iterator[Problem]:
        """What speaks against remembering the papers of these names, as far as it can be told without trying."""
        pristine = self._folder / "pristine"
        for folder in (self._folder, pristine):
            if folder.exists() and not folder.is_dir():
                hint = "papergen keeps in it what it last wrote. Move the file away, or choose another folder with --out."
                yield Problem("output-unwritable", f"“{folder}” is not a folder", Location(str(folder)), hint)
                return
        for path in (self._folder / "papers.json", *(pristine / name for name in names)):
            problem = obstacle(path)
            if problem is not None:
                yield problem

    def prepare(self) -> None:
        """Make the folder of pristine copies, and try that files can be made there. Raises OutputError."""
        prepare_folder(self._folder)
        prepare_folder(self._folder / "pristine")

    def remember(self, name: str, paper: Paper) -> Problem | None:
        """Keep the pristine copy now, and the entry until `save`; what went wrong, if anything did."""
        try:
            write_atomic(self._folder / "pristine" / name, paper.data, sync=False)
        except OutputError as fault:
            return _not_remembered(fault)
        self._papers[name] = {"content_hash": paper.content_hash, "source_hash": paper.source_hash, "version": __version__}
        self._changed = True
        return None

    def save(self) -> Problem | None:
        """Write the entries, if there are new ones; what went wrong, if anything did."""
        if not self._changed:
            return None
        text = json.dumps({"format": _FORMAT, "papers": self._papers}, indent=1, sort_keys=True)
        try:
            write_atomic(self._folder / "papers.json", text.encode(), sync=False)
        except OutputError as fault:
            return _not_remembered(fault)
        return None


def _not_remembered(fault: OutputError) -> Problem:
    told = fault.problems[0]
    message = f"{told.message}; the paper itself is written, but papergen will take it for one that was edited"
    return Problem(told.code, message, told.where, told.hint)


def _read_memory(path: Path) -> dict[str, dict[str, str]]:
    """The entries by file name. One that is not there, or is broken, is no memory at all: see the top of this module."""
    try:
        memory: Any = json.loads(read_bytes(path, str(path)))
        if memory["format"] != _FORMAT:
            return {}
        return {
            str(name): {key: str(entry[key]) for key in ("content_hash", "source_hash", "version")}
            for name, entry in memory["papers"].items()
        }
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError, SourceError):
        return {}
