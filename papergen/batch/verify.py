"""Whether the papers that a manifest calls done are in their folder, as they were made.

A worker looks: this module does without the manifest's own code.
"""

from __future__ import annotations

from pathlib import Path

from papergen.errors import SourceError
from papergen.storage.overwrite import found_hash

PapersToVerify = tuple[str, list[tuple[int, str, str]]]
"""A folder, and jobs whose papers should be in it: their ids, files and content hashes."""


def ids_of(papers: PapersToVerify) -> list[int]:
    """The ids of the jobs."""
    _, jobs = papers
    return [job for job, _, _ in jobs]


def missing_or_changed(papers: PapersToVerify) -> list[int]:
    """The ids of the jobs whose papers are missing, or are not as they were made."""
    out, jobs = papers
    return [
        job for job, file, content_hash in jobs if not _is_as_made(Path(out, file), content_hash)
    ]


def _is_as_made(path: Path, content_hash: str) -> bool:
    try:
        return found_hash(path) == content_hash
    except (SourceError, OSError):  # writing the paper reports what is wrong with the file
        return False
