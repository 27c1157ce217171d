"""The report of a folder, from its manifest to the files that tell it."""

from __future__ import annotations

from pathlib import Path

from papergen.batch.manifest import NAME, Manifest
from papergen.batch.report.gather import report_on
from papergen.batch.report.page import MARK, as_page
from papergen.batch.report.tables import as_tables
from papergen.batch.report.values import Report
from papergen.dates import PartialDate
from papergen.errors import Location, OutputError, Problem, SourceError
from papergen.files import prepare_folder, read_bytes, write_atomic


def read_report(folder: Path, today: PartialDate) -> Report:
    """The report of a folder. Raises SourceError where no batch was drafted into it, OutputError where its manifest
    cannot be read.
    """
    path = folder / NAME
    if not path.is_file():
        hint = "Name the folder that `papergen batch` wrote to."
        raise SourceError([Problem("file-missing", f"no batch was drafted into “{folder}”", Location(str(path)), hint)])
    with Manifest.open(folder) as manifest:
        return report_on(manifest, folder, today)


def write_report(report: Report, folder: Path, today: PartialDate, *, tables: bool) -> list[Path]:
    """Write `index.html`, and with `tables` the CSV files, into the folder; the paths. Raises OutputError."""
    page = folder / "index.html"
    if page.is_file() and MARK.encode() not in read_bytes(page, str(page)):
        hint = "Rename or move it: papergen writes its report to that file."
        raise OutputError([Problem("output-unwritable", f"“{page.name}” is not papergen’s", Location(str(page)), hint)])
    files = {page: as_page(report, today).encode("utf-8", "backslashreplace")}
    if tables:
        prepare_folder(folder / "report")
        files |= {folder / "report" / name: data for name, data in as_tables(report).items()}
    for path, data in files.items():
        write_atomic(path, data)
    return list(files)
