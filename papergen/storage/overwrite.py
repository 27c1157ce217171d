"""Putting one paper into a folder: what is to be done, given what stands there, and doing it.

A file is taken for papergen's own only where its content hash is one that papergen is known to have
written there. Any other was changed by somebody, or came from elsewhere, and stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from itertools import count
from pathlib import Path
from typing import Protocol

from papergen.errors import PapergenError, Problem, check
from papergen.storage.file_names import beside
from papergen.storage.files import obstacle, read_bytes, remove, write_atomic

MEMORY = ".papergen"
"""The folder, in a folder of papers, in which papergen keeps what it last wrote there."""
PRISTINE = "pristine"
"""The folder in it with a copy of each paper as it was written."""
NEXT = "next"
"""The folder in it with copies of papers that are being written."""


@dataclass(frozen=True, slots=True)
class FinishedPaper:
    """A finished paper: its file's `name`, its bytes, their content hash, and the hash of the
    sources it was made from.
    """

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
    KEPT = "kept"
    """Somebody had changed this very draft. There is no other to put beside it, and it was not
    touched.
    """
    BESIDE = "beside"
    """Somebody had changed the file. It was not touched, and the draft stands beside it."""
    OVERWRITTEN = "overwritten"
    """Somebody had changed the file, and `force` was asked for. What they had stands beside the
    draft.
    """
    FAILED = "failed"
    """It could not be written after all, though nothing had spoken against it: see `problem`. What
    was there still is.
    """


UNTOUCHED = (State.SAME, State.KEPT)
"""Nothing is written."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the paper `name`: the draft stands at `path`, and what somebody had changed at
    `edited`.

    A draft that was written may have a `problem` too: that the folder could not remember it.
    """

    name: str
    state: State
    path: Path
    edited: Path | None = None
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """What is to be done with a paper."""

    paper: FinishedPaper
    state: State
    name: str
    """The file the draft goes into."""
    edited: str = ""
    """Where an edited file stands, or is to be copied to before it is overwritten."""
    stale: str = ""
    """An earlier draft that stood beside the edited file, and that nobody has changed: it is of no
    more use.
    """


class Remembered(Protocol):
    """What is known of what papergen wrote into a folder."""

    def last(self, name: str) -> str | None:
        """The content hash of the draft that was last written to a file, if any was."""

    def wrote(self, name: str, content_hash: str) -> bool:
        """Whether a file with that content is as papergen wrote it."""


def is_as_written(out: Path, name: str, content_hash: str, last: str | None) -> bool:
    """Whether a file of `out` with that content is as papergen wrote it: it is what was noted
    `last`, or a pristine copy.
    """
    if not content_hash:
        return False
    copies = (out / MEMORY / folder / name for folder in (PRISTINE, NEXT))
    return content_hash == last or any(content_hash == found_hash(copy) for copy in copies)


def decide(paper: FinishedPaper, out: Path, remembered: Remembered, force: bool) -> Step:
    """What to do with a paper, given what stands in the folder `out`.

    Raises OutputError where a folder has the paper's name, SourceError where what stands there
    cannot be read.
    """
    name = paper.name
    if (out / name).exists() and not (out / name).is_file():
        check(filter(None, [obstacle(out / name)]))
    found = found_hash(out / name)
    if found is None:
        return Step(paper, State.WRITTEN, name)
    if found == paper.content_hash:
        return Step(paper, State.SAME, name)
    if remembered.wrote(name, found):
        return Step(paper, State.REPLACED, name)
    if force:
        edited = read_bytes(out / name, str(out / name))
        kept = _first(name, "edited", lambda name: _may_hold(out / name, edited))
        return Step(paper, State.OVERWRITTEN, name, kept, _own_beside(name, out, remembered))
    if found and remembered.last(name) == paper.content_hash:
        return Step(paper, State.KEPT, name, name)

    def ours(name: str) -> bool:
        found = found_hash(out / name)
        written = found is None or found == paper.content_hash or remembered.wrote(name, found)
        return written or remembered.last(name) == paper.content_hash

    new = _first(name, "new", ours)
    there = found_hash(out / new)
    if there == paper.content_hash:
        return Step(paper, State.SAME, new, name)
    if there is not None and not remembered.wrote(new, there):
        return Step(
            paper, State.KEPT, new, name
        )  # this very draft was edited, beside another that was
    return Step(paper, State.BESIDE, new, name)


def _own_beside(name: str, out: Path, remembered: Remembered) -> str:
    new = beside(name, "new")
    found = found_hash(out / new)
    return new if found and remembered.wrote(new, found) else ""


def _may_hold(path: Path, data: bytes) -> bool:
    """Whether a copy can go there: there is nothing, or (of a run that was killed) that very
    copy.
    """
    return not path.exists() or (path.is_file() and read_bytes(path, str(path)) == data)


def _first(name: str, word: str, fits: Callable[[str], bool]) -> str:
    return next(candidate for number in count(1) if fits(candidate := beside(name, word, number)))


def found_hash(path: Path) -> str | None:
    """The content hash of a file; empty for one that is no Word file, None where there is none.
    Raises SourceError.
    """
    if not path.exists():
        return None
    from papergen.word.package import package_hash

    return package_hash(read_bytes(path, str(path))) or ""


def take(step: Step, out: Path, staging: Path | None = None) -> Outcome:
    """Do what was decided. What fails is an outcome; the file is then as it was. `staging`: as for
    `write_atomic`.
    """
    path, name = out / step.name, step.paper.name
    edited = out / step.edited if step.edited else None
    if step.state not in UNTOUCHED:
        try:
            if step.state is State.OVERWRITTEN and edited:
                write_atomic(edited, read_bytes(path, str(path)), staging=staging)
            write_atomic(path, step.paper.data, staging=staging)
            if step.stale:
                remove(out / step.stale)
        except PapergenError as fault:
            return Outcome(name, State.FAILED, path, edited, fault.problems[0])
    return Outcome(name, step.state, path, edited)
