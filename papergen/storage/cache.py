"""Values kept between runs in a folder of the user's own: quicker, never needed. A broken, stale or
missing entry is no entry.

An entry is trusted as code, so it is only read where nobody but the user can have written it.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import re
import stat
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from papergen.errors import OutputError
from papergen.storage.files import write_atomic
from papergen.version import __version__

FOLDER_VARIABLE = "PAPERGEN_CACHE"
MOST_ENTRIES = 64
_DIGEST = hashlib.sha256().digest_size
_NAME = re.compile("[0-9a-f]{64}")


def folder() -> Path | None:
    """Where entries are kept: what PAPERGEN_CACHE says, else where the system keeps a user's
    caches; None without a home.
    """
    chosen = os.environ.get(FOLDER_VARIABLE)
    if chosen:
        return Path(chosen)
    try:
        if sys.platform == "win32":
            return Path(os.environ.get("LOCALAPPDATA") or Path.home()) / "papergen" / "Cache"
        if sys.platform == "darwin":
            return Path.home() / "Library" / "Caches" / "papergen"
        return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "papergen"
    except RuntimeError:  # pathlib knows no home for this user
        return None


def key(*parts: str) -> str:
    """The name of an entry: it changes with each of `parts`, with papergen's own code, with Python
    and with its packages.
    """
    state = hashlib.sha256()
    for part in (*parts, __version__, sys.version, *_own_code(), *_packages()):
        state.update(f"{len(part)}:{part}".encode("utf-8", "surrogatepass"))
    return state.hexdigest()


def _own_code() -> Iterable[str]:
    """What papergen's own files look like: name, size and time of each, so that a changed
    installation starts afresh.
    """
    for root, folders, names in os.walk(Path(__file__).parents[1]):
        folders[:] = sorted(name for name in folders if name not in ("__pycache__", "_data"))
        for name in sorted(names):
            if name.endswith((".py", ".md", ".po")):
                found = Path(root, name).stat()
                yield f"{root}/{name} {found.st_size} {found.st_mtime_ns}"


def _packages() -> Iterable[str]:
    """The packages that are installed, with their versions: compiled programs hold what Jinja and
    others made.
    """
    for place in map(Path, sys.path):
        if place.name in ("site-packages", "dist-packages"):
            try:
                yield from sorted(
                    path.name
                    for path in place.iterdir()
                    if path.suffix in (".dist-info", ".egg-info")
                )
            except OSError:
                continue  # Python itself passes over such a folder


def get(name: str) -> Any:
    """The entry of that name; None when there is none that can be used."""
    directory = folder()
    if directory is None:
        return None
    path = directory / name
    try:
        if not _is_ours(path.parent) or not _is_ours(path):
            return None
        data = path.read_bytes()
        if hashlib.sha256(data[_DIGEST:]).digest() != data[:_DIGEST]:
            return None
        return pickle.loads(data[_DIGEST:])  # noqa: S301 (only this user can have written it: _is_ours)
    except OSError:
        return None
    except (
        pickle.UnpicklingError,
        AttributeError,
        ImportError,
        LookupError,
        EOFError,
        TypeError,
        ValueError,
    ):
        return None  # written by another version that shares the name by chance: it is made anew


def put(name: str, value: Any) -> None:
    """Keep `value`. Where the folder cannot be written to, nothing is kept."""
    directory = folder()
    if directory is None:
        return
    path = directory / name
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not _is_ours(path.parent):
            return
        data = pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL)
        write_atomic(path, hashlib.sha256(data).digest() + data, sync=False)
        _prune(path.parent)
    except (OSError, OutputError):
        return


def _is_ours(path: Path) -> bool:
    """Whether only this user can have written it. Windows keeps a user's folders from others by
    itself.
    """
    if sys.platform == "win32":
        return True
    found = path.stat()
    return found.st_uid == os.getuid() and not found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


def _prune(directory: Path) -> None:
    """Delete the oldest entries, and nothing else that may stand in a folder somebody has
    chosen.
    """
    entries = sorted(
        (path for path in directory.iterdir() if _NAME.fullmatch(path.name)),
        key=lambda path: path.stat().st_mtime_ns,
    )
    for path in entries[:-MOST_ENTRIES]:
        path.unlink(missing_ok=True)
