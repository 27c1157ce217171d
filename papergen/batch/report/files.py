"""The report of a folder: read from its manifest, written to files."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from papergen.batch.manifest.database import undamaged
from papergen.batch.manifest.manifest import NAME, Manifest
from papergen.batch.report.gather import report_on
from papergen.batch.report.page import as_page
from papergen.batch.report.tables import as_tables
from papergen.batch.report.values import Report
from papergen.dates import PartialDate
from papergen.errors import Location, OutputError, Problem, SourceError, check
from papergen.storage.files import is_file, obstacle, prepare_folder, read_bytes, write_atomic
from papergen.storage.overwrite import MEMORY

_LARGEST = 1024**3
"""Bytes of the largest file of a report that is read."""


def read_report(folder: Path, today: PartialDate) -> Report:
    """The report of a folder.

    Raises SourceError where no batch was drafted into it, OutputError where its manifest cannot be
    read.
    """
    path = folder / NAME
    if not is_file(path):
        message = f"no batch was drafted into “{folder}”"
        hint = "Name the folder that `papergen batch` wrote to."
        raise SourceError([Problem("file-missing", message, Location(str(path)), hint)])
    with Manifest.open(folder) as manifest, undamaged(path):
        return report_on(manifest, folder, today)


def write_report(report: Report, folder: Path, today: PartialDate, *, tables: bool) -> list[Path]:
    """Write `index.html`, and with `tables` the CSV files, into the folder; the paths.

    Raises OutputError, before anything is written, where a file is not as papergen wrote it.
    """
    files = {"index.html": as_page(report, today).encode("utf-8", "backslashreplace")}
    if tables:
        files |= {f"report/{name}": data for name, data in as_tables(report).items()}
    hashes = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    memory = folder / MEMORY / "report.json"
    known = _read_hashes(memory)
    check(_obstacles(folder, hashes, known))
    paths = [folder / name for name in files]
    for parent in {path.parent for path in (*paths, memory)}:
        prepare_folder(parent)
    for path, data in zip(paths, files.values(), strict=True):
        write_atomic(path, data)
    written = json.dumps(known | hashes, indent=1, sort_keys=True)
    write_atomic(memory, written.encode(), sync=False)
    return paths


def _obstacles(
    folder: Path, hashes: Mapping[str, str], known: Mapping[str, str]
) -> Iterator[Problem]:
    """Why the files cannot be written: `hashes` are those of their new content."""
    for name, new_hash in hashes.items():
        path = folder / name
        problem = obstacle(path)
        if problem is not None:
            yield problem
        elif not _may_write(path, (known.get(name), new_hash)):
            message = f"“{name}” is not papergen’s, or was changed since"
            hint = "Rename or move it: papergen writes its report to that file."
            yield Problem("output-unwritable", message, Location(str(path)), hint)


def _may_write(path: Path, hashes: tuple[str | None, ...]) -> bool:
    """Whether there is no such file, or it is one with a hash of papergen's."""
    if path.is_symlink():
        return False
    if not is_file(path):
        return True
    data = read_bytes(path, str(path), limit=_LARGEST)
    return hashlib.sha256(data).hexdigest() in hashes


def _read_hashes(memory: Path) -> dict[str, str]:
    """The hashes of what papergen wrote; none where the file is missing or broken.

    Files that are there then count as somebody else's.
    """
    try:
        known = json.loads(read_bytes(memory, str(memory)))
        return {str(name): str(digest) for name, digest in known.items()}
    except (SourceError, OutputError, ValueError, AttributeError):
        return {}
