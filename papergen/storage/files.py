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


def read_bytes(
    path: Path, source: str, *, named_at: Location | None = None, limit: int = LARGEST
) -> bytes:
    """The file's bytes. `source` is what the user calls it; `named_at` is where a source names it,
    if one does.

    Raises SourceError: file-missing, file-unreadable, file-too-large.
    """
    where = named_at or Location(source)
    try:
        status = path.stat()
        if not (stat.S_ISREG(status.st_mode) or stat.S_ISDIR(status.st_mode)):
            # Not even to be opened: to read a pipe or a device can take for ever.
            raise SourceError(
                [Problem("file-unreadable", f"“{source}” is not a file", where, _NO_FILE)]
            )
        with path.open("rb") as stream:
            data = stream.read(min(limit, status.st_size) + 1)
    except (FileNotFoundError, NotADirectoryError):
        raise SourceError([_missing(path, source, where, named_at)]) from None
    except (OSError, ValueError) as fault:
        raise SourceError([_unreadable(path, source, where, fault)]) from fault
    if len(data) > limit:
        message = f"“{source}” is larger than {limit // (1024 * 1024):,} MB"
        raise SourceError(
            [
                Problem(
                    "file-too-large",
                    message,
                    where,
                    (
                        "Check that this is the file you meant; large pictures can be made "
                        "smaller in Word."
                    ),
                )
            ]
        )
    return data


_NO_FILE = "It is a pipe or a device. Name a file; copy what it gives into one first."


def _missing(path: Path, source: str, where: Location, named_at: Location | None) -> Problem:
    if not os.path.isdir(path.parent):
        return Problem(
            "file-missing",
            f"there is no “{source}”: its folder does not exist",
            where,
            _near_folder(path.parent),
        )
    naming = Path(named_at.source).name if named_at else ""  # a file never means itself
    names = sorted(
        name for name in names_in(path.parent) if not name.startswith(".") and name != naming
    )
    alike = [name for name in names if Path(name).suffix == path.suffix] or names
    hint = did_you_mean(path.name, names)
    if hint:
        hint += " It is in the same folder."
    elif alike:
        hint = f"The folder holds {quote_names(alike)}."
    else:
        hint = "There is no other file in that folder."
    return Problem("file-missing", f"there is no file “{source}”", where, hint)


def _near_folder(folder: Path) -> str:
    while not os.path.isdir(folder.parent) and folder != folder.parent:
        folder = folder.parent
    folders = [name for name in names_in(folder.parent) if os.path.isdir(folder.parent / name)]
    hint = did_you_mean(folder.name, folders) or "Check the spelling of the path."
    return f"There is no folder “{folder.name}”. {hint}"


def _unreadable(path: Path, source: str, where: Location, fault: Exception) -> Problem:
    if os.path.isdir(path):
        papers = [
            name
            for name in sorted(names_in(path))
            if name in {"paper.yaml", "paper.yml", "paper.json"}
        ]
        hint = (
            f"Name the file in it: {Path(source, papers[0]).as_posix()}"
            if papers
            else "Name a file in it."
        )
        return Problem("file-unreadable", f"“{source}” is a folder, not a file", where, hint)
    reason = (fault.strerror or str(fault)) if isinstance(fault, OSError) else str(fault)
    hint = "Check that you may open the file, and that no other program holds it open."
    return Problem("file-unreadable", f"“{source}” cannot be read ({reason})", where, hint)


def write_atomic(
    path: Path, data: bytes, *, sync: bool = True, staging: Path | None = None
) -> None:
    """Put `data` at `path`, whole or not at all: a file that is there survives every failure. Its
    folder must exist.

    `sync=False` leaves it to the system when the bytes reach the disk, for files that can be lost
    without harm. `staging`: a folder on the same disk for the file that is not whole yet; else it
    stands beside the target. Raises OutputError: output-locked, output-unwritable, output-full.
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
    """Whether it is a folder, as far as that can be told: a name that no file can have is none."""
    return os.path.isdir(path)


def is_file(path: Path) -> bool:
    """Whether it is a file, likewise."""
    return os.path.isfile(path)


def real(path: Path) -> str:
    """What a path leads to, through all links: two paths that do so to one file are equal."""
    return os.path.realpath(path)


def absolute(path: str | Path) -> Path:
    """The path from the root, without `..`; not resolved, since a link would lead out of the
    council's own tree.
    """
    return Path(os.path.abspath(path))


def prepare_folder(folder: Path) -> None:
    """Make the folder, with its parents, and try that files can be made in it. Raises
    OutputError.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle, probe = _new_file(folder)
        os.close(handle)
        probe.unlink()
    except OSError as fault:
        raise OutputError([output_problem(fault, folder)]) from fault


def obstacle(path: Path) -> Problem | None:
    """Why `path` cannot be written just now, as far as that can be told without trying."""
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
        return Problem(
            "output-unwritable",
            f"“{path.name}” is a folder",
            where,
            "Rename or move the folder, or choose another with --out.",
        )
    if path.exists() and not path.is_file():
        hint = "It is a pipe or a device. Move it away, or choose another folder with --out."
        return Problem("output-unwritable", f"“{path.name}” is not a file", where, hint)
    if path.exists() and not os.access(path, os.W_OK):
        hint = "Take the write protection off the file, or choose another folder with --out."
        return Problem("output-unwritable", f"“{path.name}” is write-protected", where, hint)
    return None


def _lock_file(path: Path) -> Path | None:
    """What Word (`~$`, and the name with or without its first one or two letters) or LibreOffice
    leaves beside an open file.
    """
    names = (f"~${path.name}", f"~${path.name[1:]}", f"~${path.name[2:]}", f".~lock.{path.name}#")
    return next((path.with_name(name) for name in names if path.with_name(name).exists()), None)


def _new_file(folder: Path) -> tuple[int, Path]:
    """A new, empty file in the folder, open for writing, with the permissions the user's new files
    get.
    """
    flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0)
    for number in count():
        path = folder / f".papergen-{os.getpid()}-{number}.tmp"
        try:
            return os.open(path, flags, 0o666), path
        except FileExistsError:
            continue
    raise AssertionError("count() ends")


def remove(path: Path) -> None:
    """Take a file away that is of no use; where that fails it stays, which does no harm."""
    try:
        path.unlink()
    except OSError:
        # The failure that led here is the one to report; what is left is a hidden file that no
        # reader looks at.
        return


def output_problem(fault: OSError, path: Path) -> Problem:
    """What a failure to write to `path` is to a user."""
    where = Location(str(path))
    windows = getattr(fault, "winerror", None)
    if fault.errno in _FULL:
        return Problem(
            "output-full",
            f"there is no room left for “{path.name}”",
            where,
            "Free some room on the disk, or choose another folder with --out.",
        )
    if fault.errno == errno.ENAMETOOLONG or windows == _PATH_TOO_LONG:
        hint = "Choose a folder with a shorter path with --out, or give the paper a shorter `id`."
        return Problem(
            "output-unwritable",
            f"the path of “{path.name}” is too long for this system",
            where,
            hint,
        )
    if windows in _SHARING and path.is_file():
        hint = "Close it in Word and in the preview pane, and run papergen again."
        return Problem(
            "output-locked",
            f"“{path.name}” is open in another program, or write-protected",
            where,
            hint,
        )
    if isinstance(fault, FileExistsError | NotADirectoryError):
        return Problem(
            "output-unwritable",
            f"“{path}” cannot be a folder: a file stands in its way",
            where,
            "Choose another folder with --out.",
        )
    reason = fault.strerror or str(fault)
    return Problem(
        "output-unwritable",
        f"“{path}” cannot be written ({reason})",
        where,
        "Choose a folder you may write to with --out.",
    )


def names_in(folder: Path) -> list[str]:
    """What the folder holds, for a hint: nothing where that cannot be told."""
    try:
        return os.listdir(folder)
    except (OSError, ValueError):
        return []
