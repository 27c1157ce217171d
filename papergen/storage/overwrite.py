"""One paper in a folder: what is to be done, given what the folder holds, and doing it.

A file counts as papergen's own only where its content hash is one that papergen is known to have
written there. Any other was changed by somebody, or came from elsewhere, and stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from itertools import count
from pathlib import Path
from typing import Protocol

from papergen.errors import OutputError, PapergenError, Problem
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
    """A finished paper: the `name` of its file, its bytes and their content hash.

    `source_hash` is the hash of the sources it was made from.
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
    """Somebody had changed this very draft. It was not touched, and no other draft is needed."""
    BESIDE = "beside"
    """Somebody had changed the file. It was not touched, and the draft is in one beside it."""
    OVERWRITTEN = "overwritten"
    """Somebody had changed the file, and `force` was set. A copy of theirs is beside the draft."""
    FAILED = "failed"
    """Writing failed, though no obstacle was known: see `problem`. The old file is as it was."""


UNTOUCHED = (State.SAME, State.KEPT)
"""The states in which nothing is written."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the paper `name`: the draft is at `path`.

    `edited` is the file that somebody had changed. A draft that was written may have a `problem`
    too: that the folder could not remember it.
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
    """The edited file, or the name of the copy to make of it before it is overwritten."""
    stale: str = ""
    """An unchanged earlier draft beside the edited file, which is no longer needed."""


class Remembered(Protocol):
    """What is known of what papergen wrote into a folder."""

    def last(self, name: str) -> str | None:
        """The content hash of the draft that was last written to a file, if any was."""

    def wrote(self, name: str, content_hash: str) -> bool:
        """Whether a file with that content is as papergen wrote it."""


def is_as_written(
    out: Path,
    name: str,
    content_hash: str,
    last: str | None,
) -> bool:
    """Whether a file of `out` with that content is as papergen wrote it.

    It is where the hash is the one noted `last`, or that of a pristine copy.
    """
    if not content_hash:
        return False
    if content_hash == last:
        return True
    memory = out / MEMORY
    copies = (memory / PRISTINE / name, memory / NEXT / name)
    return content_hash in map(found_hash, copies)


def decide(
    paper: FinishedPaper,
    out: Path,
    remembered: Remembered,
    force: bool,
) -> Step:
    """What to do with a paper, given what the folder `out` holds.

    Raises OutputError where a folder has the paper's name, SourceError where the present file
    cannot be read.
    """
    name = paper.name
    path = out / name
    if path.exists() and not path.is_file():
        problem = obstacle(path)
        if problem is not None:
            raise OutputError([problem])
    found = found_hash(path)
    if found is None:
        return Step(paper, State.WRITTEN, name)
    if found == paper.content_hash:
        return Step(paper, State.SAME, name)
    if remembered.wrote(name, found):
        return Step(paper, State.REPLACED, name)
    if force:
        return _overwrite(paper, out, remembered)
    if found and remembered.last(name) == paper.content_hash:
        return Step(paper, State.KEPT, name, edited=name)
    return _put_beside(paper, out, remembered)


def _overwrite(
    paper: FinishedPaper,
    out: Path,
    remembered: Remembered,
) -> Step:
    """Copy an edited file to a free name, and write the draft in its place."""
    name = paper.name
    path = out / name
    edited = read_bytes(path, str(path))

    def may_hold_copy(candidate: str) -> bool:
        return _may_hold(out / candidate, edited)

    copy = _first_beside(name, "edited", may_hold_copy)
    draft_beside = beside(name, "new")
    found = found_hash(out / draft_beside)
    stale = ""
    if found and remembered.wrote(draft_beside, found):
        stale = draft_beside
    return Step(
        paper=paper,
        state=State.OVERWRITTEN,
        name=name,
        edited=copy,
        stale=stale,
    )


def _put_beside(
    paper: FinishedPaper,
    out: Path,
    remembered: Remembered,
) -> Step:
    """Write the draft beside an edited file, unless it is there already."""

    def may_write(name: str) -> bool:
        found = found_hash(out / name)
        if found is None or found == paper.content_hash:
            return True
        if remembered.wrote(name, found):
            return True
        return remembered.last(name) == paper.content_hash

    edited = paper.name
    name = _first_beside(edited, "new", may_write)
    found = found_hash(out / name)
    if found == paper.content_hash:
        return Step(paper, State.SAME, name, edited)
    if found is not None and not remembered.wrote(name, found):
        # Somebody edited this very draft too.
        return Step(paper, State.KEPT, name, edited)
    return Step(paper, State.BESIDE, name, edited)


def _may_hold(path: Path, data: bytes) -> bool:
    """Whether a copy can go there: it is free, or holds that very copy, made by a killed run."""
    if not path.exists():
        return True
    if not path.is_file():
        return False
    return read_bytes(path, str(path)) == data


def _first_beside(name: str, word: str, fits: Callable[[str], bool]) -> str:
    for number in count(1):
        candidate = beside(name, word, number)
        if fits(candidate):
            return candidate
    raise AssertionError("count() ends")


def found_hash(path: Path) -> str | None:
    """The content hash of a file; empty for one that is no Word file, None where there is none.

    Raises SourceError.
    """
    if not path.exists():
        return None
    from papergen.word.package import package_hash

    data = read_bytes(path, str(path))
    return package_hash(data) or ""


def carry_out(step: Step, out: Path, staging: Path | None = None) -> Outcome:
    """Do what was decided. A failure is an outcome; the file is then as it was.

    `staging` is passed to `write_atomic`.
    """
    name = step.paper.name
    path = out / step.name
    edited = None
    if step.edited:
        edited = out / step.edited
    if step.state in UNTOUCHED:
        return Outcome(name, step.state, path, edited)
    try:
        if step.state is State.OVERWRITTEN and edited:
            theirs = read_bytes(path, str(path))
            write_atomic(edited, theirs, staging=staging)
        write_atomic(path, step.paper.data, staging=staging)
    except PapergenError as fault:
        return Outcome(
            name=name,
            state=State.FAILED,
            path=path,
            edited=edited,
            problem=fault.problems[0],
        )
    if step.stale:
        remove(out / step.stale)
    return Outcome(name, step.state, path, edited)
