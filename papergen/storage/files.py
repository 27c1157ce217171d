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

_FULL = {errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)}
_SHARING = {5, 32, 33}  # Windows: access denied, sharing violation, lock violation
_PATH_TOO_LONG = 206  # Windows
_PAPER_NAMES = ("paper.yaml", "paper.yml", "paper.json")
_NOT_A_FILE = "It is a pipe or a device. Name a file; copy what it gives into one first."


def read_bytes(
    path: Path, source: str, *, named_at: Location | None = None, limit: int = LARGEST
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
            raise SourceError([Problem("file-unreadable", message, where, _NOT_A_FILE)])
        with path.open("rb") as stream:
            data = stream.read(min(limit, status.st_size) + 1)
    except (FileNotFoundError, NotADirectoryError):
        raise SourceError([_missing(path, source, where, named_at)]) from None
    except (OSError, ValueError) as fault:
        raise SourceError([_unreadable(path, source, where, fault)]) from fault
    if len(data) > limit:
        raise SourceError([too_large(source, where, limit)])
    return data


def too_large(source: str, where: Location, limit: int) -> Problem:
    """The problem of a file of more than `limit` bytes."""
    return Problem(
        "file-too-large",
        f"“{source}” is larger than {limit // (1024 * 1024):,} MB",
        where,
        "Check that this is the file you meant; large pictures can be made smaller in Word.",
    )


def _missing(path: Path, source: str, where: Location, named_at: Location | None) -> Problem:
    if not os.path.isdir(path.parent):
        message = f"there is no “{source}”: its folder does not exist"
        return Problem("file-missing", message, where, _near_folder(path.parent))
    naming = Path(named_at.source).name if named_at else ""  # a file never means itself
    names = sorted(
        name for name in names_in(path.parent) if not name.startswith(".") and name != naming
    )
    of_this_kind = [name for name in names if Path(name).suffix == path.suffix]
    hint = did_you_mean(path.name, names)
    if hint:
        hint += " It is in the same folder."
    elif names:
        hint = f"The folder holds {quote_names(of_this_kind or names)}."
    else:
        hint = "There is no other file in that folder."
    return Problem("file-missing", f"there is no file “{source}”", where, hint)


def _near_folder(folder: Path) -> str:
    """A hint for a folder that does not exist: about the first one of its path that is missing."""
    while not os.path.isdir(folder.parent) and folder != folder.parent:
        folder = folder.parent
    parent = folder.parent
    folders = [name for name in names_in(parent) if os.path.isdir(parent / name)]
    advice = did_you_mean(folder.name, sorted(folders)) or "Check the spelling of the path."
    return f"There is no folder “{folder.name}”. {advice}"


def _unreadable(path: Path, source: str, where: Location, fault: Exception) -> Problem:
    if os.path.isdir(path):
        papers = sorted(name for name in names_in(path) if name in _PAPER_NAMES)
        hint = "Name a file in it."
        if papers:
            hint = f"Name the file in it: {Path(source, papers[0]).as_posix()}"
        return Problem("file-unreadable", f"“{source}” is a folder, not a file", where, hint)
    reason = str(fault)
    if isinstance(fault, OSError) and fault.strerror:
        reason = fault.strerror
    hint = "Check that you may open the file, and that no other program holds it open."
    return Problem("file-unreadable", f"“{source}” cannot be read ({reason})", where, hint)


def write_atomic(
    path: Path, data: bytes, *, sync: bool = True, staging: Path | None = None
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
            temporary.chmod(stat.S_IMODE(target.stat().st_mode))
        os.replace(temporary, target)
        temporary = None
    except OSError as fault:
        raise OutputError([output_problem(fault, path)]) from fault
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
        raise OutputError([output_problem(fault, folder)]) from fault


def obstacle(path: Path) -> Problem | None:
    """Why `path` cannot be written now, as far as that shows without an attempt."""
    try:
        return _obstacle(path)
    except OSError as fault:
        return output_problem(fault, path)


def _obstacle(path: Path) -> Problem | None:
    where = Location(str(path))
    lock = _lock_file(path)
    if lock:
        hint = (
            "Close it and run papergen again. If no program has it open, a crash left "
            f"“{lock.name}” behind: delete that file."
        )
        return Problem("output-locked", f"“{path.name}” is open in another program", where, hint)
    if path.is_dir():
        hint = "Rename or move the folder, or choose another with --out."
        return Problem("output-unwritable", f"“{path.name}” is a folder", where, hint)
    if path.exists() and not path.is_file():
        hint = "It is a pipe or a device. Move it away, or choose another folder with --out."
        return Problem("output-unwritable", f"“{path.name}” is not a file", where, hint)
    if path.exists() and not os.access(path, os.W_OK):
        hint = "Take the write protection off the file, or choose another folder with --out."
        return Problem("output-unwritable", f"“{path.name}” is write-protected", where, hint)
    return None


def _lock_file(path: Path) -> Path | None:
    """The file that Word or LibreOffice leaves beside an open one.

    Word's is `~$` and the name, with or without its first one or two letters.
    """
    name = path.name
    of_word = [f"~${name}", f"~${name[1:]}", f"~${name[2:]}"]
    of_libreoffice = f".~lock.{name}#"
    for lock in (*of_word, of_libreoffice):
        candidate = path.with_name(lock)
        if candidate.exists():
            return candidate
    return None


def _new_file(folder: Path) -> tuple[int, Path]:
    """A new, empty file, open for writing, with the permissions of the user's new files."""
    flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0)
    for number in count():
        path = folder / f".papergen-{os.getpid()}-{number}.tmp"
        try:
            return os.open(path, flags, 0o666), path
        except FileExistsError:
            continue
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
    message = f"“{path}” cannot be written ({fault.strerror or fault})"
    hint = "Choose a folder you may write to with --out."
    return Problem("output-unwritable", message, where, hint)


def names_in(folder: Path) -> list[str]:
    """The names of what the folder holds, for a hint; none where it cannot be read."""
    try:
        return os.listdir(folder)
    except (OSError, ValueError):
        return []
