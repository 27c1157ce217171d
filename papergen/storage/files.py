"""The file system: reading whole files, writing whole files."""

from __future__ import annotations

import errno
import os
import stat
from itertools import count
from pathlib import Path

from papergen.errors import Location, OutputError, Problem, SourceError
from papergen.text import did_you_mean, quote_names

LARGEST = 100 * 1024 * 1024
"""Bytes of the largest file that is read: a template with many pictures stays far below."""

_FULL = {
    errno.ENOSPC,
    errno.EFBIG,
    getattr(errno, "EDQUOT", errno.ENOSPC),  # Windows has no quotas
}
_SHARING = {5, 32, 33}  # Windows: access denied, sharing violation, lock violation
_PATH_TOO_LONG = 206  # Windows
_PAPER_NAMES = ("paper.yaml", "paper.yml", "paper.json")
_NOT_A_FILE = "It is a pipe or a device. Name a file; copy what it gives into one first."


def read_bytes(
    path: Path,
    source: str,
    *,
    named_at: Location | None = None,
    limit: int = LARGEST,
) -> bytes:
    """The file's bytes. `source` is what the user calls it; `named_at` is where a source names it.

    Raises SourceError: file-missing, file-unreadable, file-too-large.
    """
    where = named_at or Location(source)
    try:
        status = path.stat()
        if not (stat.S_ISREG(status.st_mode) or stat.S_ISDIR(status.st_mode)):
            # It is not opened: to read a pipe or a device can take for ever.
            message = f"“{source}” is not a file"
            problem = Problem("file-unreadable", message, where, _NOT_A_FILE)
            raise SourceError([problem])
        expected = min(limit, status.st_size)
        with path.open("rb") as stream:
            data = stream.read(expected + 1)
    except (FileNotFoundError, NotADirectoryError):
        problem = _missing(path, source, where, named_at)
        raise SourceError([problem]) from None
    except (OSError, ValueError) as fault:
        problem = _unreadable(path, source, where, fault)
        raise SourceError([problem]) from fault
    if len(data) > limit:
        raise SourceError([too_large(source, where, limit)])
    return data


def too_large(source: str, where: Location, limit: int) -> Problem:
    """The problem of a file of more than `limit` bytes."""
    megabytes = limit // (1024 * 1024)
    return Problem(
        code="file-too-large",
        message=f"“{source}” is larger than {megabytes:,} MB",
        where=where,
        hint="Check that this is the file you meant; large pictures can be made smaller in Word.",
    )


def _missing(
    path: Path,
    source: str,
    where: Location,
    named_at: Location | None,
) -> Problem:
    folder = path.parent
    if not os.path.isdir(folder):
        message = f"there is no “{source}”: its folder does not exist"
        hint = _near_folder(folder)
        return Problem("file-missing", message, where, hint)
    names = [name for name in sorted(names_in(folder)) if not name.startswith(".")]
    if named_at is not None:
        naming = Path(named_at.source).name
        names = [name for name in names if name != naming]  # a file never means itself
    message = f"there is no file “{source}”"
    hint = _near_file(path, names)
    return Problem("file-missing", message, where, hint)


def _near_file(path: Path, names: list[str]) -> str:
    """A hint for a file that does not exist: about the others of its folder, by their names."""
    suggestion = did_you_mean(path.name, names)
    if suggestion:
        return f"{suggestion} It is in the same folder."
    if not names:
        return "There is no other file in that folder."
    of_this_kind = [name for name in names if Path(name).suffix == path.suffix]
    listed = quote_names(of_this_kind or names)
    return f"The folder holds {listed}."


def _near_folder(folder: Path) -> str:
    """A hint for a folder that does not exist: about the first one of its path that is missing."""
    parent = folder.parent
    while not os.path.isdir(parent) and folder != parent:
        folder = parent
        parent = folder.parent
    names = sorted(names_in(parent))
    folders = [name for name in names if os.path.isdir(parent / name)]
    advice = did_you_mean(folder.name, folders)
    if not advice:
        advice = "Check the spelling of the path."
    return f"There is no folder “{folder.name}”. {advice}"


def _unreadable(
    path: Path,
    source: str,
    where: Location,
    fault: Exception,
) -> Problem:
    if os.path.isdir(path):
        message = f"“{source}” is a folder, not a file"
        hint = "Name a file in it."
        papers = sorted(name for name in names_in(path) if name in _PAPER_NAMES)
        if papers:
            paper = Path(source, papers[0])
            hint = f"Name the file in it: {paper.as_posix()}"
        return Problem("file-unreadable", message, where, hint)
    reason = str(fault)
    if isinstance(fault, OSError) and fault.strerror:
        reason = fault.strerror
    return Problem(
        code="file-unreadable",
        message=f"“{source}” cannot be read ({reason})",
        where=where,
        hint="Check that you may open the file, and that no other program holds it open.",
    )


def write_atomic(
    path: Path,
    data: bytes,
    *,
    sync: bool = True,
    staging: Path | None = None,
) -> None:
    """Put `data` at `path`, whole or not at all: an existing file survives every failure.

    The folder of `path` must exist. `sync=False` leaves it to the system when the bytes reach the
    disk, for files that can be lost without harm. `staging` is a folder on the same disk for the
    unfinished file; without one, it is made beside the target. Raises OutputError: output-locked,
    output-unwritable, output-full.
    """
    problem = obstacle(path)
    if problem:
        raise OutputError([problem])
    target = Path(os.path.realpath(path))
    temporary: Path | None = None
    try:
        handle, temporary = _new_file(staging or target.parent)
        with open(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            if sync:
                os.fsync(handle)
        if target.exists():
            permissions = stat.S_IMODE(target.stat().st_mode)
            temporary.chmod(permissions)
        os.replace(temporary, target)
        temporary = None
    except OSError as fault:
        problem = output_problem(fault, path)
        raise OutputError([problem]) from fault
    finally:
        if temporary is not None:
            remove(temporary)


def is_folder(path: Path) -> bool:
    """Whether it is a folder. False, and no exception, for a name that no file can have."""
    return os.path.isdir(path)


def is_file(path: Path) -> bool:
    """Whether it is a file. False, and no exception, for a name that no file can have."""
    return os.path.isfile(path)


def real(path: Path) -> str:
    """The path with all links resolved: two paths of one file give the same."""
    return os.path.realpath(path)


def absolute(path: str | Path) -> Path:
    """The path from the root, without `..`.

    Links are not resolved: a link would lead out of the council's own tree.
    """
    return Path(os.path.abspath(path))


def prepare_folder(folder: Path) -> None:
    """Make the folder and its parents, and check that files can be made in it.

    Raises OutputError.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle, probe = _new_file(folder)
        os.close(handle)
        probe.unlink()
    except OSError as fault:
        problem = output_problem(fault, folder)
        raise OutputError([problem]) from fault


def obstacle(path: Path) -> Problem | None:
    """Why `path` cannot be written now, as far as that shows without an attempt."""
    try:
        return _obstacle(path)
    except OSError as fault:
        return output_problem(fault, path)


def _obstacle(path: Path) -> Problem | None:
    name = path.name
    where = Location(str(path))
    lock = _lock_file(path)
    if lock:
        message = f"“{name}” is open in another program"
        hint = (
            "Close it and run papergen again. If no program has it open, a crash left "
            f"“{lock.name}” behind: delete that file."
        )
        return Problem("output-locked", message, where, hint)
    if not path.exists():
        return None
    if path.is_dir():
        message = f"“{name}” is a folder"
        hint = "Rename or move the folder, or choose another with --out."
        return Problem("output-unwritable", message, where, hint)
    if not path.is_file():
        message = f"“{name}” is not a file"
        hint = "It is a pipe or a device. Move it away, or choose another folder with --out."
        return Problem("output-unwritable", message, where, hint)
    if not os.access(path, os.W_OK):
        message = f"“{name}” is write-protected"
        hint = "Take the write protection off the file, or choose another folder with --out."
        return Problem("output-unwritable", message, where, hint)
    return None


def _lock_file(path: Path) -> Path | None:
    """The file that Word or LibreOffice leaves beside an open one.

    Word's is `~$` and the name, with or without its first one or two letters.
    """
    name = path.name
    locks = (
        f"~${name}",
        f"~${name[1:]}",
        f"~${name[2:]}",
        f".~lock.{name}#",  # LibreOffice's
    )
    for lock in locks:
        candidate = path.with_name(lock)
        if candidate.exists():
            return candidate
    return None


def _new_file(folder: Path) -> tuple[int, Path]:
    """A new, empty file, open for writing, with the permissions of the user's new files."""
    binary = getattr(os, "O_BINARY", 0)  # Windows only
    flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | binary
    process = os.getpid()
    for number in count():
        path = folder / f".papergen-{process}-{number}.tmp"
        try:
            handle = os.open(path, flags, 0o666)
        except FileExistsError:
            continue
        return handle, path
    raise AssertionError("count() ends")


def remove(path: Path) -> None:
    """Delete a file that is of no use. Where that fails it stays, which does no harm."""
    try:
        path.unlink()
    except OSError:
        # The failure that led here is the one to report; a hidden file is left, which no reader
        # looks at.
        return


def output_problem(fault: OSError, path: Path) -> Problem:
    """The problem to report where writing to `path` failed."""
    where = Location(str(path))
    windows = getattr(fault, "winerror", None)
    if fault.errno in _FULL:
        message = f"there is no room left for “{path.name}”"
        hint = "Free some room on the disk, or choose another folder with --out."
        return Problem("output-full", message, where, hint)
    if fault.errno == errno.ENAMETOOLONG or windows == _PATH_TOO_LONG:
        message = f"the path of “{path.name}” is too long for this system"
        hint = "Choose a folder with a shorter path with --out, or give the paper a shorter `id`."
        return Problem("output-unwritable", message, where, hint)
    if windows in _SHARING and path.is_file():
        message = f"“{path.name}” is open in another program, or write-protected"
        hint = "Close it in Word and in the preview pane, and run papergen again."
        return Problem("output-locked", message, where, hint)
    if isinstance(fault, FileExistsError | NotADirectoryError):
        message = f"“{path}” cannot be a folder: a file stands in its way"
        hint = "Choose another folder with --out."
        return Problem("output-unwritable", message, where, hint)
    reason = fault.strerror or fault
    message = f"“{path}” cannot be written ({reason})"
    hint = "Choose a folder you may write to with --out."
    return Problem("output-unwritable", message, where, hint)


def names_in(folder: Path) -> list[str]:
    """The names of what the folder holds, for a hint; none where it cannot be read."""
    try:
        return os.listdir(folder)
    except (OSError, ValueError):
        return []
