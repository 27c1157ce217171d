"""A drafted paper put into the folder of a run, with its pristine copy."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from time import perf_counter

from papergen.batch.jobs import Folder, Result
from papergen.errors import PapergenError, Problem
from papergen.storage.files import output_problem, prepare_folder, write_atomic
from papergen.storage.overwrite import (
    MEMORY,
    NEXT,
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


class _Written:
    """What papergen wrote into a folder, by the manifest (`hashes`) and the pristine copies."""

    def __init__(self, hashes: Mapping[str, str], out: Path) -> None:
        self._hashes = hashes
        self._out = out

    def last(self, name: str) -> str | None:
        noted = self._hashes.get(name)
        if noted:
            return noted
        return found_hash(self._out / MEMORY / PRISTINE / name)

    def wrote(self, name: str, content_hash: str) -> bool:
        noted = self._hashes.get(name)
        return is_as_written(self._out, name, content_hash, noted)


def put_in_place(
    result: Result,
    written: Mapping[str, str],
    source_hash: str,
    folder: Folder,
) -> Result:
    """The result of a drafted paper, once the paper is in the folder or could not be put there.

    `written`: the content hashes of what papergen last wrote to its file and to those beside it.
    """
    started = perf_counter()
    paper = result.paper
    assert paper is not None
    without_bytes = replace(paper, docx=b"")
    result = replace(result, paper=without_bytes)
    out = Path(folder.out)
    finished = FinishedPaper(paper.name, paper.docx, paper.content_hash, source_hash)
    try:
        staging = _staging_of_process(folder.staging, os.getpid())
        remembered = _Written(written, out)
        step = decide(finished, out, remembered, folder.force)
        outcome = _write(step, out, staging, written.get(step.name))
    except PapergenError as fault:
        return replace(result, state="failed", problems=fault.problems)
    except OSError as fault:
        problem = output_problem(fault, out / paper.name)
        return replace(result, state="failed", problems=(problem,))
    file = ""
    if outcome.state is not State.FAILED:
        file = outcome.path.name
    edited = ""
    if outcome.edited:
        edited = outcome.edited.name
    problems: tuple[Problem, ...] = ()
    if outcome.problem:
        problems = (outcome.problem,)
    return replace(
        result,
        state=str(outcome.state),
        file=file,
        edited=edited,
        problems=problems,
        write=perf_counter() - started,
    )


@lru_cache(maxsize=8)
def _staging_of_process(staging: str, process: int) -> Path:
    """A folder for each process: file systems lock a folder while they make a file in it."""
    folder = Path(staging, str(process))
    prepare_folder(folder)
    return folder


def _write(
    step: Step,
    out: Path,
    staging: Path,
    last: str | None,
) -> Outcome:
    """Write a paper and its pristine copy. `last` is the hash of what was written there before.

    The new copy is written first, beside that of the present paper, and replaces it last. So
    whenever a run is killed, one of the two copies shows that the file, old or new, is papergen's.
    """
    pristine = out / MEMORY / PRISTINE / step.name
    coming = out / MEMORY / NEXT / step.name
    if step.state in UNTOUCHED:
        if last != step.paper.content_hash:
            write_atomic(pristine, step.paper.data, sync=False, staging=staging)
        coming.unlink(missing_ok=True)
        return carry_out(step, out, staging)
    write_atomic(coming, step.paper.data, sync=False, staging=staging)
    outcome = carry_out(step, out, staging)
    if outcome.state is State.FAILED:
        coming.unlink(missing_ok=True)
    else:
        coming.replace(pristine)
    return outcome
