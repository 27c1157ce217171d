"""Values kept between runs, in a cache folder of the user's own.

Nothing depends on an entry: a broken, stale or missing one counts as absent. An entry is unpickled,
so it is trusted as code: it is read only where nobody but the user can have written it.
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
_UNPICKLING_ERRORS = (
    pickle.UnpicklingError,
    AttributeError,
    ImportError,
    LookupError,
    EOFError,
    TypeError,
    ValueError,
)


def folder() -> Path | None:
    """The folder of the entries: PAPERGEN_CACHE, else the system's place for a user's caches.

    None for a user without a home.
    """
    chosen = os.environ.get(FOLDER_VARIABLE)
    if chosen:
        return Path(chosen)

    from platformdirs import user_cache_path

    try:
        found = user_cache_path("papergen", appauthor=False)
    except RuntimeError:  # there is no home folder
        return None
    # Older versions of platformdirs return a path that starts with “~”.
    if not found.is_absolute():
        return None
    return found


def key(*parts: str) -> str:
    """The name of an entry: a hash of `parts`, papergen's code, Python and the packages."""
    installed = (__version__, sys.version, *_own_code(), *_packages())
    state = hashlib.sha256()
    for part in (*parts, *installed):
        with_length = f"{len(part)}:{part}"
        state.update(with_length.encode("utf-8", "surrogatepass"))
    return state.hexdigest()


def _own_code() -> Iterable[str]:
    """Name, size and time of each file of papergen's: a changed installation has new entries."""
    package = Path(__file__).parents[1]
    for root, folders, names in os.walk(package):
        kept = set(folders) - {"__pycache__", "_data"}
        folders[:] = sorted(kept)
        for name in sorted(names):
            if not name.endswith((".py", ".md", ".po")):
                continue
            found = Path(root, name).stat()
            yield f"{root}/{name} {found.st_size} {found.st_mtime_ns}"


def _packages() -> Iterable[str]:
    """The installed packages and their versions: compiled programs hold objects of Jinja's."""
    for place in map(Path, sys.path):
        if place.name not in ("site-packages", "dist-packages"):
            continue
        try:
            names = [path.name for path in place.iterdir()]
        except OSError:
            continue  # Python itself passes over such a folder
        packages = [name for name in names if name.endswith((".dist-info", ".egg-info"))]
        yield from sorted(packages)


def get(name: str) -> Any:
    """The entry of that name; None where there is none that can be used."""
    directory = folder()
    if directory is None:
        return None
    path = directory / name
    try:
        if not _is_ours(directory) or not _is_ours(path):
            return None
        stored = path.read_bytes()
    except OSError:
        return None
    digest = stored[:_DIGEST]
    data = stored[_DIGEST:]
    if hashlib.sha256(data).digest() != digest:
        return None
    try:
        return pickle.loads(data)  # noqa: S301 (only this user can have written it: _is_ours)
    except _UNPICKLING_ERRORS:
        return None  # another version wrote it under the same name


def put(name: str, value: Any) -> None:
    """Keep `value`. Where the folder cannot be written to, nothing is kept."""
    directory = folder()
    if directory is None:
        return
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not _is_ours(directory):
            return
        data = pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL)
        digest = hashlib.sha256(data).digest()
        write_atomic(directory / name, digest + data, sync=False)
        _prune(directory)
    except (OSError, OutputError):
        return  # the value is made again in the next run


def _is_ours(path: Path) -> bool:
    """Whether only this user can have written it. Windows protects a user's folders by itself."""
    if sys.platform == "win32":
        return True
    found = path.stat()
    if found.st_uid != os.getuid():
        return False
    others_can_write = found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
    return not others_can_write


def _prune(directory: Path) -> None:
    """Delete the oldest entries, and nothing else: somebody may have chosen a folder in use."""
    entries = [path for path in directory.iterdir() if _NAME.fullmatch(path.name)]
    entries.sort(key=lambda path: path.stat().st_mtime_ns)
    for path in entries[:-MOST_ENTRIES]:
        path.unlink(missing_ok=True)
