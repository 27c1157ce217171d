"""A drafted paper put into the folder of a run, with its pristine copy."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from time import perf_counter

from papergen.batch.jobs import Folder, Result
from papergen.errors import PapergenError
from papergen.files import prepare_folder, write_atomic
from papergen.placing import MEMORY, PRISTINE, UNTOUCHED, Paper, State, Step, decide, is_as_written, take
from papergen.quick import replace


class _Written:
    """What a run knows of what papergen wrote: from the manifest, and from the pristine copies.

    A paper's pristine copy is written before the paper. So a run that is killed between the paper and the manifest's entry for
    it leaves no file that would be taken for an officer's.
    """

    def __init__(self, known: Mapping[str, str], out: Path) -> None:
        self._known = known
        self._out = out

    def last(self, name: str) -> str | None:
        return self._known.get(name)

    def wrote(self, name: str, content_hash: str) -> bool:
        return is_as_written(self._out, name, content_hash, self.last(name))


def place(result: Result, known: Mapping[str, str], source_hash: str, folder: Folder) -> Result:
    """The result once its paper stands in the folder, or could not be put there."""
    started = perf_counter()
    made = result.made
    assert made is not None
    out = Path(folder.out)
    bare = replace(made, docx=b"")
    try:
        staging = _own(folder.staging, os.getpid())
        step = decide(Paper(made.name, made.docx, made.content_hash, source_hash), out, _Written(known, out), folder.force)
        _keep_pristine(step, known, out, staging)
    except PapergenError as fault:
        return replace(result, state="failed", made=bare, problems=fault.problems)
    outcome = take(step, out, staging)
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
    """A folder of each process's own: file systems make files of several processes in one folder one after the other."""
    folder = Path(staging, str(process))
    prepare_folder(folder)
    return folder


def _keep_pristine(step: Step, known: Mapping[str, str], out: Path, staging: Path) -> None:
    if step.state in UNTOUCHED and known.get(step.name) == step.paper.content_hash:
        return
    write_atomic(out / MEMORY / PRISTINE / step.name, step.paper.data, sync=False, staging=staging)
