"""Workbooks and CSV files as grids of cells.

The content of a file decides what it is, not its name. Formulas are never calculated.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from papergen.errors import Location, PapergenError
from papergen.workbook.cell_faults import refused
from papergen.workbook.result import Broken, Cell, Grid, Merge, Note

MOST_ROWS = 100_000
MOST_COLUMNS = 200
MOST_CHARACTERS = 64 * 1024 * 1024
_MOST_PARTS = 10_000
_SAVE = "Open the file in Excel and save it as “Excel Workbook (.xlsx)”."
_OTHER_FILE = "this is not a workbook and not a CSV file"
_TOO_LARGE = "file-too-large"
_TRUE = ("1", "true")
_CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


def read_grids(data: bytes, source: str) -> list[Grid]:
    """The sheets of a workbook in order, or the one grid of a CSV file.

    Raises SourceError for anything else.
    """
    if data.startswith(b"PK\x03\x04"):
        return _workbook(data, source)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise _old_workbook(data, source)
    if data.startswith((b"%PDF", b"{\\rtf", b"<html", b"<!DOCTYPE", b"\x89PNG")):
        raise refused(source, _OTHER_FILE, _SAVE)
    if not data.strip():
        hint = "Check that it is the right file, and that it was saved."
        raise refused(source, "the file is empty", hint)
    return [_csv(data, source)]


def _old_workbook(data: bytes, source: str) -> PapergenError:
    """The error for a compound file: a workbook with a password, or one of before 2007."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        hint = (
            "Open it in Excel and take the password off: File, Info, Protect Workbook, "
            "Encrypt with Password."
        )
        return refused(source, "the workbook is protected by a password", hint)
    return refused(source, "this is a workbook of an old form (.xls)", _SAVE)


def _one_line_end(text: str) -> str:
    """The text with LF for each line end."""
    text = text.replace("\r\n", "\n")
    return text.replace("\r", "\n")


# -- workbooks


def _workbook(data: bytes, source: str) -> list[Grid]:
    from python_calamine import CalamineError

    _check_parts(data, source)
    # Before calamine reads the cells: it lays out all up to the last one, and ends the process
    # where memory does not do.
    details = _details(data, source)
    try:
        return _grids(data, source, details)
    except PapergenError:
        raise
    except (CalamineError, OSError, ValueError, zipfile.BadZipFile) as fault:
        message = f"the workbook cannot be read ({fault})"
        raise refused(source, message, _SAVE) from None
    except BaseException as fault:
        # What calamine raises where it is itself at fault; it has no other name.
        if type(fault).__name__ != "PanicException":
            raise
        message = "the workbook is damaged in a way that cannot be told"
        raise refused(source, message, _SAVE) from None


def _grids(data: bytes, source: str, details: Mapping[str, _Sheet]) -> list[Grid]:
    """The worksheets as calamine reads their cells, with what `details` has of them."""
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    worksheets = {}
    for sheet in book.sheets_metadata:
        if sheet.typ == SheetTypeEnum.WorkSheet:
            worksheets[sheet.name] = sheet
    grids = []
    for name, sheet in worksheets.items():
        own = details.get(name) or _Sheet()
        found = book.get_sheet_by_name(name)
        values: list[list[Any]] = found.to_python(skip_empty_area=False)
        rows = [[_cell(value) for value in row] for row in values]
        for (row, column), broken in own.broken.items():
            _put(rows, row - 1, column - 1, broken)
        grid = Grid(
            source=source,
            sheet=name,
            rows=rows,
            lines=list(range(1, len(rows) + 1)),
            visible=sheet.visible == SheetVisibleEnum.Visible,
            hidden_rows=frozenset(own.hidden),
            merges=tuple(own.merges),
            serials=not own.from_1904,
        )
        grids.append(grid)
    return grids


def _check_parts(data: bytes, source: str) -> None:
    """Check that the package is a workbook, and no part larger than any list of actions would be.

    Raises SourceError.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise refused(source, "the workbook is damaged", _SAVE) from None
    largest = max((member.file_size for member in members), default=0)
    if len(members) > _MOST_PARTS or largest > MOST_CHARACTERS:
        hint = "Check that this is the file you meant. A list of actions is far smaller."
        message = "the workbook is larger than papergen reads"
        raise refused(source, message, hint, _TOO_LARGE)
    names = {member.filename for member in members}
    if "xl/workbook.bin" in names:
        raise refused(source, "this is a binary workbook (.xlsb)", _SAVE)
    if "xl/workbook.xml" in names:
        return
    if "content.xml" in names:
        raise refused(source, "this is an OpenDocument spreadsheet (.ods)", _SAVE)
    raise refused(source, "this is not a workbook", _SAVE)


@dataclass(slots=True, eq=False)
class _Sheet:
    """What calamine does not report of a sheet.

    That is hidden rows, merged cells, errors, formulas without a value.
    """

    hidden: list[int] = field(default_factory=list)
    merges: list[Merge] = field(default_factory=list)
    broken: dict[tuple[int, int], Broken] = field(default_factory=dict)
    from_1904: bool = False
    last_row: int = 0
    last_column: int = 0


def _details(data: bytes, source: str) -> dict[str, _Sheet]:
    """The details of each sheet by its name. Raises SourceError."""
    from lxml import etree

    damage = (
        etree.XMLSyntaxError,
        KeyError,
        ValueError,
        RuntimeError,
        EOFError,
        zlib.error,
        zipfile.BadZipFile,
    )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _sheets(archive, source)
    except damage as fault:
        message = f"the workbook is damaged and cannot be read ({fault})"
        raise refused(source, message, _SAVE) from None


def _sheets(archive: zipfile.ZipFile, source: str) -> dict[str, _Sheet]:
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    book = etree.fromstring(archive.read("xl/workbook.xml"), parser)
    links = etree.fromstring(archive.read("xl/_rels/workbook.xml.rels"), parser)
    targets = {}
    for link in links:
        name = link.get("Id")
        targets[name] = link.get("Target") or ""
    from_1904 = False
    properties = book.find("{*}workbookPr")
    if properties is not None:
        from_1904 = properties.get("date1904") in _TRUE
    found: dict[str, _Sheet] = {}
    for element in book.iter("{*}sheet"):
        name = element.get("name")
        target = targets.get(_relationship(element), "")
        own = _sheet(archive, _part_name(target))
        found[name or ""] = own
        if own.last_row > MOST_ROWS or own.last_column > MOST_COLUMNS:
            message = (
                f"the sheet “{name}” has more than {MOST_ROWS:,} rows or {MOST_COLUMNS} columns"
            )
            hint = (
                "Delete what does not belong to the list; Ctrl+End shows where Excel "
                "thinks that it ends."
            )
            raise refused(source, message, hint, _TOO_LARGE)
        own.from_1904 = from_1904
    return found


def _relationship(sheet: Any) -> str | None:
    """The id of the relationship to a sheet's part, in the namespace of either standard."""
    for key, value in sheet.items():
        if key.endswith("}id"):
            return str(value)
    return None


def _part_name(target: str) -> str:
    """The name of the part that a relationship of the workbook leads to."""
    if target.startswith("/"):
        return target.lstrip("/")
    return f"xl/{target}"


def _sheet(archive: zipfile.ZipFile, name: str) -> _Sheet:
    from lxml import etree

    own = _Sheet()
    if name not in archive.namelist():
        return own
    number = 0
    with archive.open(name) as stream:
        elements = etree.iterparse(
            stream,
            # Any namespace: that of Strict Open XML is another one.
            tag=("{*}row", "{*}mergeCell"),
            resolve_entities=False,
            no_network=True,
            huge_tree=False,
        )
        for _, element in elements:
            if etree.QName(element).localname == "mergeCell":
                reference = element.get("ref") or ""
                own.merges += _range(reference)
            else:
                number = int(element.get("r") or number + 1)
                if element.get("hidden") in _TRUE:
                    own.hidden.append(number)
                _row(element, number, own)
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
    return own


def _row(row: Any, number: int, own: _Sheet) -> None:
    """Put into `own` where the row's cells end, and which of them have no usable value.

    A cell without a reference stands behind the one before it.
    """
    column = 0
    for cell in row:
        reference = cell.get("r") or ""
        line, column = next(_at(reference), (number, column + 1))
        parts = {}
        for part in cell:
            name = part.tag.rpartition("}")[2]
            parts[name] = part.text
        if not parts:
            continue
        own.last_row = max(own.last_row, line)
        own.last_column = max(own.last_column, column)
        broken = _broken(cell.get("t"), parts)
        if broken is not None:
            own.broken[line, column] = broken


def _broken(kind: str | None, parts: Mapping[str, str | None]) -> Broken | None:
    """Why a cell has no usable value: an error, or a formula of which no value is kept.

    `kind` is the type of the cell, `parts` the texts of its elements.
    """
    value = parts.get("v")
    if kind == "e":
        why = f"holds the error {value or '#N/A'}"
        return Broken(why, "Mend the formula, or type the value in its place.")
    is_empty_text = kind == "str" and "v" in parts
    if "f" in parts and not value and not is_empty_text:
        why = "holds a formula that has not been worked out"
        return Broken(why, "Open the workbook in Excel, and save it again.")
    return None


def _put(
    rows: list[list[Cell]],
    index: int,
    column: int,
    value: Cell,
) -> None:
    while len(rows) <= index:
        rows.append([])
    row = rows[index]
    while len(row) <= column:
        row.append(None)
    row[column] = value


def _range(reference: str) -> Iterator[Merge]:
    first, _, last = reference.partition(":")
    for start in _at(first):
        for end in _at(last or first):
            yield (*start, *end)


def _at(reference: str) -> Iterator[tuple[int, int]]:
    """The row and column, from 1, of a reference such as AB12; nothing for another text."""
    found = _CELL.fullmatch(reference)
    if found is None:
        return
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    yield int(found[2]), column


def _cell(value: Any) -> Cell:
    match value:
        case str():
            return _text_cell(value)
        case bool() | int() | float() | datetime() | date():
            return value
        case time() | timedelta():
            return str(value)
        case _:
            return None


def _text_cell(text: str) -> str | None:
    """A cell's text; None where it is nothing but white space."""
    if not text.strip():
        return None
    return _one_line_end(text)


# -- CSV


def _csv(data: bytes, source: str) -> Grid:
    if len(data) > MOST_CHARACTERS:
        message = "the file is larger than papergen reads"
        raise refused(source, message, "A list of actions is far smaller.", _TOO_LARGE)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        hint = "Save it as “CSV UTF-8 (.csv)”."
        raise refused(source, "the file is UTF-16 text", hint, "encoding")
    notes: tuple[Note, ...] = ()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
        message = "the file is not UTF-8; its characters are read as those of Windows"
        notes = (Note(Location(source, 1, 1), message),)
    if "\0" in text:
        raise refused(source, _OTHER_FILE, _SAVE)
    rows: list[list[Cell]] = []
    lines: list[int] = []
    for line, row in _records(text, source):
        rows.append(row)
        lines.append(line)
    return Grid(source, "", rows, lines, notes=notes)


def _records(text: str, source: str) -> Iterator[tuple[int, list[Cell]]]:
    """The records of a CSV file, each with the line on which it starts. Raises SourceError."""
    stream = io.StringIO(text, newline="")
    reader = csv.reader(stream, delimiter=_delimiter(text), strict=True)
    csv.field_size_limit(MOST_CHARACTERS)
    line = 1
    try:
        for count, record in enumerate(reader):
            if count >= MOST_ROWS or len(record) > MOST_COLUMNS:
                message = f"the file has more than {MOST_ROWS:,} rows or {MOST_COLUMNS} columns"
                hint = "Delete what does not belong to the list."
                raise refused(source, message, hint, _TOO_LARGE)
            yield line, [_text_cell(cell) for cell in record]
            line = reader.line_num + 1
    except csv.Error as fault:
        message = f"the file cannot be read as CSV ({fault})"
        hint = "Check that quotation marks are in pairs."
        raise refused(source, message, hint) from None


def _delimiter(text: str) -> str:
    """The mark that is most frequent at the start of the file; a comma where two are equally so."""
    head = text[:4096]
    best = ","
    for mark in ";\t":
        if head.count(mark) > head.count(best):
            best = mark
    return best
