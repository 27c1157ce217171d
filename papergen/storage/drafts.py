"""Putting papers into a folder of drafts without ever losing what an officer wrote.

The folder remembers, in `.papergen/`, the content hash of each paper as papergen last wrote it, and
a pristine copy of it (the base that an edited paper can be compared with). A file whose content is
not what the memory says was changed by somebody, or came from elsewhere: it stays as it is. Where
the memory is missing or broken, the pristine copies serve; without them too, every file is treated
so.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from papergen.errors import Location, OutputError, PapergenError, Problem, SourceError, check
from papergen.storage.files import obstacle, prepare_folder, read_bytes, write_atomic
from papergen.storage.overwrite import (
    MEMORY,
    PRISTINE,
    UNTOUCHED,
    FinishedPaper,
    Outcome,
    State,
    Step,
    decide,
    found_hash,
    is_as_written,
    take,
)
from papergen.version import __version__

_FORMAT = 1


def write_papers(papers: Sequence[FinishedPaper], out: Path, force: bool = False) -> list[Outcome]:
    """Put the papers into the folder `out`, which is made if need be; their outcomes, in the same
    order.

    A draft whose file somebody changed goes beside it, as `… (new).docx`. With `force` it takes the
    file's place, and what stood there is kept as `… (edited).docx`. A file that already holds the
    draft is not written again.

    Raises OutputError, with everything that speaks against writing, before the first paper is
    written. A failure that shows only in writing (a full disk) is an outcome: each file is then
    either the old or the new one, whole.
    """
    check(_same_names(papers, out))
    prepare_folder(out)
    memory = _Memory(out)
    steps: list[Step] = []
    problems: list[Problem] = []
    for paper in papers:
        try:
            steps.append(decide(paper, out, memory, force))
        except PapergenError as fault:
            problems += fault.problems
    for step in steps:
        if step.state not in UNTOUCHED:
            problems += filter(None, [obstacle(out / step.name)])
    to_remember = [step for step in steps if _is_news(step, memory)]
    if to_remember:
        problems += memory.obstacles(step.name for step in to_remember)
    check(problems)
    if to_remember:
        memory.prepare()
    outcomes = [_take(step, out, memory) for step in steps]
    forgotten = memory.save()
    if forgotten is not None:
        outcomes = [
            replace(outcome, problem=forgotten)
            if step in to_remember and outcome.problem is None
            else outcome
            for step, outcome in zip(steps, outcomes, strict=True)
        ]
    return outcomes


def _same_names(papers: Sequence[FinishedPaper], out: Path) -> list[Problem]:
    """Windows and macOS take names that differ in case for one."""
    seen: set[str] = set()
    problems: list[Problem] = []
    for paper in papers:
        key = paper.name.casefold()
        if key in seen:
            hint = (
                "Names are cut at 100 characters. Give the paper a short `id:`, one word, that "
                "its files are named by."
            )
            message = f"two papers would be written to “{paper.name}”"
            problems.append(Problem("output-name", message, Location(str(out / paper.name)), hint))
        seen.add(key)
    return problems


def _take(step: Step, out: Path, memory: _Memory) -> Outcome:
    outcome = take(step, out)
    # After the paper: should this be cut short, the paper is taken for an edited one, and nothing
    # is lost.
    if outcome.state is not State.FAILED and _is_news(step, memory):
        return replace(outcome, problem=memory.remember(step.name, step.paper))
    return outcome


def _is_news(step: Step, memory: _Memory) -> bool:
    """Whether the memory has to be changed."""
    return step.state not in UNTOUCHED or memory.last(step.name) != step.paper.content_hash


class _Memory:
    """What papergen wrote into a folder: `papers.json`, and a pristine copy of each paper."""

    def __init__(self, out: Path) -> None:
        self._folder = out / MEMORY
        self._papers = _read_memory(self._folder / "papers.json")
        self._changed = False

    def last(self, name: str) -> str | None:
        entry = self._papers.get(name)
        return entry["content_hash"] if entry else found_hash(self._folder / PRISTINE / name)

    def wrote(self, name: str, content_hash: str) -> bool:
        return is_as_written(self._folder.parent, name, content_hash, self.last(name))

    def obstacles(self, names: Iterable[str]) -> Iterator[Problem]:
        """What speaks against remembering the papers of these names, as far as it can be told
        without trying.
        """
        pristine = self._folder / PRISTINE
        for folder in (self._folder, pristine):
            if folder.exists() and not folder.is_dir():
                hint = (
                    "papergen keeps in it what it last wrote. Move the file away, or choose "
                    "another folder with --out."
                )
                yield Problem(
                    "output-unwritable", f"“{folder}” is not a folder", Location(str(folder)), hint
                )
                return
        for path in (self._folder / "papers.json", *(pristine / name for name in names)):
            problem = obstacle(path)
            if problem is not None:
                yield problem

    def prepare(self) -> None:
        """Make the folder of pristine copies, and try that files can be made there. Raises
        OutputError.
        """
        prepare_folder(self._folder)
        prepare_folder(self._folder / PRISTINE)

    def remember(self, name: str, paper: FinishedPaper) -> Problem | None:
        """Keep the pristine copy now, and the entry until `save`; what went wrong, if anything
        did.
        """
        try:
            write_atomic(self._folder / PRISTINE / name, paper.data, sync=False)
        except OutputError as fault:
            return _not_remembered(fault)
        self._papers[name] = {
            "content_hash": paper.content_hash,
            "source_hash": paper.source_hash,
            "version": __version__,
        }
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
    message = (
        f"{told.message}; the paper itself is written, but papergen will take it for one that was "
        "edited"
    )
    return Problem(told.code, message, told.where, told.hint)


def _read_memory(path: Path) -> dict[str, dict[str, str]]:
    """The entries by file name. One that is not there, or is broken, is no memory at all: see the
    top of this module.
    """
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
