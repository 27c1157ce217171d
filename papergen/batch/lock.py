"""The folder of a run: one run at a time, and nothing left in it that is not whole."""

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
def alone_in(out: Path) -> Iterator[None]:
    """Hold a folder for one run. It is made if need be. Raises OutputError: batch-running, and what
    speaks against writing.

    A run that was killed holds it no more: the system lets go of the lock.
    """
    try:
        for name in (PRISTINE, NEXT):
            (out / MEMORY / name).mkdir(parents=True, exist_ok=True)
        lock = FileLock(out / MEMORY / _LOCK, timeout=0)
        lock.acquire()
    except Timeout:
        hint = "Wait until it has ended, or choose another folder with --out."
        raise OutputError(
            [
                Problem(
                    "batch-running",
                    "another run is writing to this folder",
                    Location(str(out)),
                    hint,
                )
            ]
        ) from None
    except (OSError, NotImplementedError) as fault:
        where = Path(getattr(fault, "filename", None) or out / MEMORY / _LOCK)
        raise OutputError([output_problem(_as_os_error(fault), where)]) from fault
    try:
        yield
    finally:
        lock.release()


@contextmanager
def staging_in(out: Path) -> Iterator[Path]:
    """A folder, on the disk of `out`, for files that are not whole yet. What a killed run left goes
    first.
    """
    try:
        for left in sorted((out / MEMORY).glob(f"{_STAGING}*")):
            _remove(left)
        staging = Path(tempfile.mkdtemp(prefix=_STAGING, dir=out / MEMORY))
    except OSError as fault:
        raise OutputError([output_problem(fault, Path(fault.filename or out))]) from fault
    try:
        yield staging
    finally:
        shutil.rmtree(
            staging, ignore_errors=True
        )  # what cannot be removed now is removed by the next run


def _remove(folder: Path) -> None:
    """A worker that outlives its run by a moment may still put a file in: the folder is tried again
    then.
    """
    for left in range(_TRIES, 0, -1):
        try:
            shutil.rmtree(folder)
        except FileNotFoundError:
            return
        except OSError:
            if left == 1:
                raise


def _as_os_error(fault: OSError | NotImplementedError) -> OSError:
    """Some network drives know no locks."""
    return fault if isinstance(fault, OSError) else OSError(0, "its file system knows no locks")
