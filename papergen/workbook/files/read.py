"""What a file is that an officer gives as a list, and its cells.

The content of a file decides what it is, not its name.
"""

from __future__ import annotations

from papergen.errors import PapergenError
from papergen.workbook.cell_faults import refused
from papergen.workbook.files.csv_file import csv_grid
from papergen.workbook.files.xlsx import workbook_grids
from papergen.workbook.files.xlsx_package import SAVE
from papergen.workbook.sheets import Grid

_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_COMPOUND = b"\xd0\xcf\x11\xe0"
"""What a file of before 2007 begins with, and one with a password."""
_OTHER_FILES = (
    b"%pdf",
    b"{\\rtf",
    b"<?xml",
    b"<html",
    b"<!doctype",
    b"<table",
    b"\x89png",
    b"\xff\xd8\xff",
)
"""What other files begin with, in small letters."""


def read_grids(data: bytes, source: str) -> list[Grid]:
    """The sheets of a workbook in order, or the one grid of a CSV file.

    Raises PapergenError for anything else.
    """
    if data.startswith(_ZIP):
        return workbook_grids(data, source)
    if data.startswith(_COMPOUND):
        raise _old_workbook(data, source)
    start = data[:64].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if start.startswith(_OTHER_FILES):
        raise refused(source, "this is not a workbook and not a CSV file", SAVE)
    if not data.strip():
        hint = "Check that it is the right file, and that it was saved."
        raise refused(source, "the file is empty", hint)
    return [csv_grid(data, source)]


def _old_workbook(data: bytes, source: str) -> PapergenError:
    """The error for a compound file: a workbook with a password, or one of before 2007."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        hint = (
            "Open it in Excel and take the password off: File, Info, Protect Workbook, "
            "Encrypt with Password."
        )
        return refused(source, "the workbook is protected by a password", hint)
    return refused(source, "this is a workbook of an old form (.xls)", SAVE)
