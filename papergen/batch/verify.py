"""Whether the papers that a manifest calls done stand in their folder. A worker looks, without the
manifest's own code.
"""

from __future__ import annotations

from pathlib import Path

from papergen.errors import SourceError
from papergen.storage.overwrite import found_hash

PapersToVerify = tuple[str, list[tuple[int, str, str]]]
"""A folder, and jobs whose papers should stand in it: their ids, files and content hashes."""


def ids_of(some: PapersToVerify) -> list[int]:
    """The ids of the jobs."""
    return [job for job, _, _ in some[1]]


def missing_or_changed(some: PapersToVerify) -> list[int]:
    """The ids of the jobs whose papers do not stand as they were made."""
    out, jobs = some
    return [job for job, file, content_hash in jobs if not _stands(Path(out, file), content_hash)]


def _stands(path: Path, content_hash: str) -> bool:
    try:
        return found_hash(path) == content_hash
    except (SourceError, OSError):  # whoever writes the paper will say what is wrong with the file
        return False
