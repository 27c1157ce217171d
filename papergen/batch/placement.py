"""A drafted paper put into the folder of a run, with its pristine copy."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from time import perf_counter

from papergen.batch.jobs import Folder, Result
from papergen.errors import PapergenError
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
    decide,
    found_hash,
    is_as_written,
    take,
)


class _Written:
    """What a run knows of what papergen wrote: from the manifest, and from the pristine copies."""

    def __init__(self, known: Mapping[str, str], out: Path) -> None:
        self._known = known
        self._out = out

    def last(self, name: str) -> str | None:
        return self._known.get(name) or found_hash(self._out / MEMORY / PRISTINE / name)

    def wrote(self, name: str, content_hash: str) -> bool:
        return is_as_written(self._out, name, content_hash, self._known.get(name))


def put_in_place(
    result: Result, known: Mapping[str, str], source_hash: str, folder: Folder
) -> Result:
    """The result once its paper stands in the folder, or could not be put there."""
    started = perf_counter()
    made = result.made
    assert made is not None
    out = Path(folder.out)
    bare = replace(made, docx=b"")
    try:
        staging = _own(folder.staging, os.getpid())
        step = decide(
            FinishedPaper(made.name, made.docx, made.content_hash, source_hash),
            out,
            _Written(known, out),
            folder.force,
        )
        outcome = _take(step, out, staging, known.get(step.name))
    except PapergenError as fault:
        return replace(result, state="failed", made=bare, problems=fault.problems)
    except OSError as fault:
        return replace(
            result, state="failed", made=bare, problems=(output_problem(fault, out / made.name),)
        )
    return replace(
        result,
        state=str(outcome.state),
        made=bare,
        file="" if outcome.state is State.FAILED else outcome.path.name,
        edited=outcome.edited.name if outcome.edited else "",
        problems=(outcome.problem,) if outcome.problem else (),
        write=perf_counter() - started,
    )


@lru_cache(maxsize=8)
def _own(staging: str, process: int) -> Path:
    """A folder of each process's own: file systems make files of several processes in one folder
    one after the other.
    """
    folder = Path(staging, str(process))
    prepare_folder(folder)
    return folder


def _take(step: Step, out: Path, staging: Path, last: str | None) -> Outcome:
    """Put a paper in its place, with its pristine copy.

    The copy is made first, beside that of the paper that stands there still, and takes its place
    last. So whenever a run is killed, one of the two tells that the file, old or new, is nobody's
    but papergen's.
    """
    pristine, coming = (out / MEMORY / name / step.name for name in (PRISTINE, NEXT))
    if step.state in UNTOUCHED:
        if last != step.paper.content_hash:
            write_atomic(pristine, step.paper.data, sync=False, staging=staging)
        coming.unlink(missing_ok=True)
        return take(step, out, staging)
    write_atomic(coming, step.paper.data, sync=False, staging=staging)
    outcome = take(step, out, staging)
    if outcome.state is State.FAILED:
        coming.unlink(missing_ok=True)
    else:
        coming.replace(pristine)
    return outcome
