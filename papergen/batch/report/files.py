"""The report of a folder, from its manifest to the files that tell it."""

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


def read_report(folder: Path, today: PartialDate) -> Report:
    """The report of a folder. Raises SourceError where no batch was drafted into it, OutputError
    where its manifest cannot be read.
    """
    path = folder / NAME
    if not is_file(path):
        hint = "Name the folder that `papergen batch` wrote to."
        raise SourceError(
            [
                Problem(
                    "file-missing",
                    f"no batch was drafted into “{folder}”",
                    Location(str(path)),
                    hint,
                )
            ]
        )
    with Manifest.open(folder) as manifest, undamaged(path):
        return report_on(manifest, folder, today)


def write_report(report: Report, folder: Path, today: PartialDate, *, tables: bool) -> list[Path]:
    """Write `index.html`, and with `tables` the CSV files, into the folder; the paths.

    Raises OutputError, before anything is written, where a file is not as papergen wrote it.
    """
    files = {"index.html": as_page(report, today).encode("utf-8", "backslashreplace")}
    if tables:
        files |= {f"report/{name}": data for name, data in as_tables(report).items()}
    memory = folder / MEMORY / "report.json"
    known = _read(memory)
    check(_obstacles(folder, files, known))
    for parent in {(folder / name).parent for name in files} | {memory.parent}:
        prepare_folder(parent)
    for name, data in files.items():
        write_atomic(folder / name, data)
    written = known | {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    write_atomic(memory, json.dumps(written, indent=1, sort_keys=True).encode(), sync=False)
    return [folder / name for name in files]


def _obstacles(
    folder: Path, files: Mapping[str, bytes], known: Mapping[str, str]
) -> Iterator[Problem]:
    for name, data in files.items():
        path = folder / name
        problem = obstacle(path)
        if problem is not None:
            yield problem
        elif path.is_symlink() or (
            is_file(path) and _hash(path) not in (known.get(name), hashlib.sha256(data).hexdigest())
        ):
            hint = "Rename or move it: papergen writes its report to that file."
            message = f"“{name}” is not papergen’s, or was changed since"
            yield Problem("output-unwritable", message, Location(str(path)), hint)


def _hash(path: Path) -> str:
    return hashlib.sha256(read_bytes(path, str(path), limit=_LARGEST)).hexdigest()


def _read(memory: Path) -> dict[str, str]:
    """The hashes of what papergen wrote; of a memory that is broken, none: its files are then taken
    for somebody's.
    """
    try:
        known = json.loads(read_bytes(memory, str(memory)))
        return {str(name): str(digest) for name, digest in known.items()}
    except (SourceError, OutputError, ValueError, AttributeError):
        return {}
