"""The folder of a run: one run at a time, and no unfinished file is left in it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from papergen.errors import Location, OutputError, Problem
from papergen.storage.files import output_problem
from papergen.storage.overwrite import MEMORY, NEXT, PRISTINE

_STAGING = "tmp-"
_LOCK = "run.lock"
_TRIES = 5


@contextmanager
def lock_folder(out: Path) -> Iterator[None]:
    """Hold a folder for one run; it is made if need be. The lock of a killed run is released.

    Raises OutputError: batch-running, and the codes of `output_problem`.
    """
    memory = out / MEMORY
    path = memory / _LOCK
    try:
        for name in (PRISTINE, NEXT):
            copies = memory / name
            copies.mkdir(parents=True, exist_ok=True)
        lock = FileLock(path, timeout=0)
        lock.acquire()
    except Timeout:
        message = "another run is writing to this folder"
        hint = "Wait until it has ended, or choose another folder with --out."
        problem = Problem("batch-running", message, Location(str(out)), hint)
        raise OutputError([problem]) from None
    except OSError as fault:
        problem = output_problem(fault, Path(fault.filename or path))
        raise OutputError([problem]) from fault
    except NotImplementedError as fault:  # some network drives have no locks
        no_locks = OSError(0, "its file system knows no locks")
        problem = output_problem(no_locks, path)
        raise OutputError([problem]) from fault
    try:
        yield
    finally:
        lock.release()


@contextmanager
def staging_folder(out: Path) -> Iterator[Path]:
    """A folder for unfinished files, on the disk of `out`. Those of killed runs are deleted.

    Raises OutputError.
    """
    memory = out / MEMORY
    try:
        for left in sorted(memory.glob(f"{_STAGING}*")):
            _remove(left)
        staging = Path(tempfile.mkdtemp(prefix=_STAGING, dir=memory))
    except OSError as fault:
        problem = output_problem(fault, Path(fault.filename or out))
        raise OutputError([problem]) from fault
    try:
        yield staging
    finally:
        # What cannot be deleted now is deleted by the next run.
        shutil.rmtree(staging, ignore_errors=True)


def _remove(folder: Path) -> None:
    """Delete a folder, in several tries: a worker of a killed run may still put a file in."""
    for left in range(_TRIES, 0, -1):
        try:
            shutil.rmtree(folder)
        except FileNotFoundError:
            return
        except OSError:
            if left == 1:
                raise
