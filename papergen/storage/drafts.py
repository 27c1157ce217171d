"""The folder of drafts: writing papers without ever losing what an officer wrote.

The folder remembers, in `.papergen/`, the content hash of each paper as papergen last wrote it, and
a pristine copy of it (the base that an edited paper can be compared with). A file with other
content was changed by somebody, or came from elsewhere: it stays as it is. Where the memory is
missing or broken, the pristine copies serve; without them too, every file is treated so.
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
    carry_out,
    decide,
    found_hash,
    is_as_written,
)
from papergen.version import __version__

_FORMAT = 1


def write_papers(
    papers: Sequence[FinishedPaper],
    out: Path,
    force: bool = False,
) -> list[Outcome]:
    """Put the papers into the folder `out`, which is made if need be; one outcome for each.

    A draft whose file somebody changed goes beside it, as `… (new).docx`. With `force` it takes the
    file's place, and the old content is kept as `… (edited).docx`. A file that already holds the
    draft is not written again.

    Raises OutputError with all obstacles to writing, before the first paper is written. A failure
    that shows only in writing (a full disk) is an outcome: each file is then either the old or the
    new one, whole.
    """
    check(_same_names(papers, out))
    prepare_folder(out)
    memory = _Memory(out)
    steps, problems = _decide_all(papers, out, memory, force)
    problems += _obstacles_to(steps, out)
    to_remember = [step for step in steps if _is_news(step, memory)]
    if to_remember:
        problems += memory.obstacles(step.name for step in to_remember)
    check(problems)
    if to_remember:
        memory.prepare()

    outcomes = [_write(step, out, memory) for step in steps]
    not_saved = memory.save()
    if not_saved is None:
        return outcomes
    for index, step in enumerate(steps):
        outcome = outcomes[index]
        if step in to_remember and outcome.problem is None:
            outcomes[index] = replace(outcome, problem=not_saved)
    return outcomes


def _decide_all(
    papers: Sequence[FinishedPaper],
    out: Path,
    memory: _Memory,
    force: bool,
) -> tuple[list[Step], list[Problem]]:
    """What to do with each paper, and the problems of those for which that is not possible."""
    steps: list[Step] = []
    problems: list[Problem] = []
    for paper in papers:
        try:
            step = decide(paper, out, memory, force)
        except PapergenError as fault:
            problems += fault.problems
        else:
            steps.append(step)
    return steps, problems


def _obstacles_to(steps: Sequence[Step], out: Path) -> Iterator[Problem]:
    """Why the files of these steps cannot be written, as far as that shows without trying."""
    for step in steps:
        if step.state in UNTOUCHED:
            continue
        problem = obstacle(out / step.name)
        if problem is not None:
            yield problem


def _same_names(papers: Sequence[FinishedPaper], out: Path) -> list[Problem]:
    """Problems of papers with one name: Windows and macOS ignore case."""
    seen: set[str] = set()
    problems: list[Problem] = []
    for paper in papers:
        key = paper.name.casefold()
        if key in seen:
            problem = Problem(
                code="output-name",
                message=f"two papers would be written to “{paper.name}”",
                where=Location(str(out / paper.name)),
                hint=(
                    "Names are cut at 100 characters. Give the paper a short `id:`, one word, that "
                    "its files are named by."
                ),
            )
            problems.append(problem)
        seen.add(key)
    return problems


def _write(step: Step, out: Path, memory: _Memory) -> Outcome:
    outcome = carry_out(step, out)
    if outcome.state is State.FAILED or not _is_news(step, memory):
        return outcome
    # The memory comes after the paper: if the run ends in between, the paper counts as edited, and
    # nothing is lost.
    problem = memory.remember(step.name, step.paper)
    return replace(outcome, problem=problem)


def _is_news(step: Step, memory: _Memory) -> bool:
    """Whether the memory has to be changed."""
    if step.state not in UNTOUCHED:
        return True
    return memory.last(step.name) != step.paper.content_hash


class _Memory:
    """What papergen wrote into a folder: `papers.json`, and a pristine copy of each paper."""

    def __init__(self, out: Path) -> None:
        self._folder = out / MEMORY
        self._file = self._folder / "papers.json"
        self._pristine = self._folder / PRISTINE
        self._papers = _read_memory(self._file)
        self._changed = False

    def last(self, name: str) -> str | None:
        entry = self._papers.get(name)
        if entry:
            return entry["content_hash"]
        return found_hash(self._pristine / name)

    def wrote(self, name: str, content_hash: str) -> bool:
        out = self._folder.parent
        last = self.last(name)
        return is_as_written(out, name, content_hash, last)

    def obstacles(self, names: Iterable[str]) -> Iterator[Problem]:
        """Why papers of these names cannot be remembered, as far as that shows without trying."""
        for folder in (self._folder, self._pristine):
            if folder.exists() and not folder.is_dir():
                yield Problem(
                    code="output-unwritable",
                    message=f"“{folder}” is not a folder",
                    where=Location(str(folder)),
                    hint=(
                        "papergen keeps in it what it last wrote. Move the file away, or choose "
                        "another folder with --out."
                    ),
                )
                return
        copies = [self._pristine / name for name in names]
        for path in (self._file, *copies):
            problem = obstacle(path)
            if problem is not None:
                yield problem

    def prepare(self) -> None:
        """Make the folders, and check that files can be made in them. Raises OutputError."""
        prepare_folder(self._folder)
        prepare_folder(self._pristine)

    def remember(self, name: str, paper: FinishedPaper) -> Problem | None:
        """Keep the pristine copy now, and the entry until `save`; the problem, if there was one."""
        try:
            write_atomic(self._pristine / name, paper.data, sync=False)
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
        """Write the entries, if there are new ones; the problem, if there was one."""
        if not self._changed:
            return None
        memory = {"format": _FORMAT, "papers": self._papers}
        text = json.dumps(memory, indent=1, sort_keys=True)
        try:
            write_atomic(self._file, text.encode(), sync=False)
        except OutputError as fault:
            return _not_remembered(fault)
        return None


def _not_remembered(fault: OutputError) -> Problem:
    problem = fault.problems[0]
    message = (
        f"{problem.message}; the paper itself is written, but papergen will take it for one that "
        "was edited"
    )
    return replace(problem, message=message)


def _read_memory(path: Path) -> dict[str, dict[str, str]]:
    """The entries by file name; none where the file is missing or broken (see the module)."""
    try:
        data = read_bytes(path, str(path))
        memory: Any = json.loads(data)
        if memory["format"] != _FORMAT:
            return {}
        papers = memory["papers"]
        return {str(name): _entry(read) for name, read in papers.items()}
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError, SourceError):
        return {}


def _entry(read: Any) -> dict[str, str]:
    return {
        "content_hash": str(read["content_hash"]),
        "source_hash": str(read["source_hash"]),
        "version": str(read["version"]),
    }
