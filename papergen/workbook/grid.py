"""Workbooks and CSV files as grids of cells. What a file is, its content tells, not its name.
Formulas are never worked out.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from papergen.errors import Location, PapergenError
from papergen.workbook.cell_faults import refused
from papergen.workbook.result import Broken, Cell, Grid, Merge, Note

MOST_ROWS, MOST_COLUMNS, MOST_CHARACTERS = 100_000, 200, 64 * 1024 * 1024
_SAVE = "Open the file in Excel and save it as “Excel Workbook (.xlsx)”."
_CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


def read_grids(data: bytes, source: str) -> list[Grid]:
    """The sheets of a workbook in order, or the one grid of a CSV file. Raises SourceError for
    anything else.
    """
    if data.startswith(b"PK\x03\x04"):
        return _workbook(data, source)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        if "EncryptedPackage".encode("utf-16-le") in data:
            hint = (
                "Open it in Excel and take the password off: File, Info, Protect Workbook, "
                "Encrypt with Password."
            )
            raise refused(source, "the workbook is protected by a password", hint)
        raise refused(source, "this is a workbook of an old form (.xls)", _SAVE)
    if data.startswith((b"%PDF", b"{\\rtf", b"<html", b"<!DOCTYPE", b"\x89PNG")):
        raise refused(source, "this is not a workbook and not a CSV file", _SAVE)
    if not data.strip():
        raise refused(
            source, "the file is empty", "Check that it is the right file, and that it was saved."
        )
    return [_csv(data, source)]


# -- workbooks


def _workbook(data: bytes, source: str) -> list[Grid]:
    from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    parts = _parts(data, source)
    if "xl/workbook.bin" in parts:
        raise refused(source, "this is a binary workbook (.xlsb)", _SAVE)
    if "xl/workbook.xml" not in parts:
        kind = "an OpenDocument spreadsheet (.ods)" if "content.xml" in parts else "not a workbook"
        raise refused(source, f"this is {kind}", _SAVE)
    # Before calamine reads the cells: it lays out all up to the last one, and ends the process
    # where memory does not do.
    details = _details(data, source)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        about = {
            sheet.name: sheet
            for sheet in book.sheets_metadata
            if sheet.typ == SheetTypeEnum.WorkSheet
        }
        grids = []
        for name, sheet in about.items():
            found = book.get_sheet_by_name(name)
            rows: list[list[Any]] = found.to_python(skip_empty_area=False)
            own = details.get(name) or _Sheet()
            cells = [[_cell(value) for value in row] for row in rows]
            for (row, column), broken in own.broken.items():
                _put(cells, row - 1, column - 1, broken)
            grids.append(
                Grid(
                    source,
                    name,
                    cells,
                    list(range(1, len(cells) + 1)),
                    visible=sheet.visible == SheetVisibleEnum.Visible,
                    hidden_rows=frozenset(own.hidden),
                    merges=tuple(own.merges),
                    serials=not own.from_1904,
                )
            )
        return grids
    except PapergenError:
        raise
    except (CalamineError, OSError, ValueError, zipfile.BadZipFile) as fault:
        raise refused(source, f"the workbook cannot be read ({fault})", _SAVE) from None
    except BaseException as fault:
        if (
            type(fault).__name__ != "PanicException"
        ):  # what calamine raises where it is itself at fault; it has no other name
            raise
        raise refused(
            source, "the workbook is damaged in a way that cannot be told", _SAVE
        ) from None


def _parts(data: bytes, source: str) -> set[str]:
    """The names of the package's parts. Raises SourceError where one is larger than any list of
    actions would be.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise refused(source, "the workbook is damaged", _SAVE) from None
    if len(members) > 10_000 or any(member.file_size > MOST_CHARACTERS for member in members):
        hint = "Check that this is the file you meant. A list of actions is far smaller."
        raise refused(source, "the workbook is larger than papergen reads", hint, "file-too-large")
    return {member.filename for member in members}


@dataclass(slots=True, eq=False)
class _Sheet:
    """What calamine does not tell of a sheet: hidden rows, merged cells, errors, formulas without a
    value.
    """

    hidden: list[int] = field(default_factory=list)
    merges: list[Merge] = field(default_factory=list)
    broken: dict[tuple[int, int], Broken] = field(default_factory=dict)
    from_1904: bool = False
    last_row: int = 0
    last_column: int = 0


def _details(data: bytes, source: str) -> dict[str, _Sheet]:
    from lxml import etree

    found: dict[str, _Sheet] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
            book = etree.fromstring(archive.read("xl/workbook.xml"), parser)
            links = etree.fromstring(archive.read("xl/_rels/workbook.xml.rels"), parser)
            targets = {link.get("Id"): link.get("Target") or "" for link in links}
            properties = book.find("{*}workbookPr")
            from_1904 = properties is not None and properties.get("date1904") in ("1", "true")
            for sheet in book.iter("{*}sheet"):
                target = targets.get(
                    next((value for key, value in sheet.items() if key.endswith("}id")), None), ""
                )
                name = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
                own = found[sheet.get("name") or ""] = _sheet(archive, name)
                if own.last_row > MOST_ROWS or own.last_column > MOST_COLUMNS:
                    message = (
                        f"the sheet “{sheet.get('name')}” has more than {MOST_ROWS:,} rows or "
                        f"{MOST_COLUMNS} columns"
                    )
                    hint = (
                        "Delete what does not belong to the list; Ctrl+End shows where Excel "
                        "thinks that it ends."
                    )
                    raise refused(source, message, hint, "file-too-large")
                own.from_1904 = from_1904
    except (
        etree.XMLSyntaxError,
        KeyError,
        ValueError,
        RuntimeError,
        EOFError,
        zlib.error,
        zipfile.BadZipFile,
    ) as fault:
        raise refused(
            source, f"the workbook is damaged and cannot be read ({fault})", _SAVE
        ) from None
    return found


def _sheet(archive: zipfile.ZipFile, name: str) -> _Sheet:
    from lxml import etree

    own = _Sheet()
    if name not in archive.namelist():
        return own
    # Any namespace: that of Strict Open XML is another one.
    wanted = ("{*}row", "{*}mergeCell")
    number = 0
    with archive.open(name) as stream:
        for _, element in etree.iterparse(
            stream, tag=wanted, resolve_entities=False, no_network=True, huge_tree=False
        ):
            if etree.QName(element).localname == "mergeCell":
                own.merges += _range(element.get("ref") or "")
            else:
                number = int(element.get("r") or number + 1)
                if element.get("hidden") in ("1", "true"):
                    own.hidden.append(number)
                _row(element, number, own)
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
    return own


def _row(row: Any, number: int, own: _Sheet) -> None:
    """Into `own`, where the row's cells end, and which of them hold an error, or a formula of which
    no value is kept.

    A cell without a reference stands behind the one before it.
    """
    column = 0
    for cell in row:
        line, column = next(_at(cell.get("r") or ""), (number, column + 1))
        parts = {part.tag.rpartition("}")[2]: part.text for part in cell}
        if not parts:
            continue
        own.last_row, own.last_column = max(own.last_row, line), max(own.last_column, column)
        value = parts.get("v")
        if cell.get("t") == "e":
            why = f"holds the error {value or '#N/A'}"
            own.broken[line, column] = Broken(
                why, "Mend the formula, or type the value in its place."
            )
        elif "f" in parts and not value and ("v" not in parts or cell.get("t") != "str"):
            why = "holds a formula that has not been worked out"
            own.broken[line, column] = Broken(why, "Open the workbook in Excel, and save it again.")


def _put(cells: list[list[Cell]], row: int, column: int, value: Cell) -> None:
    while len(cells) <= row:
        cells.append([])
    while len(cells[row]) <= column:
        cells[row].append(None)
    cells[row][column] = value


def _range(reference: str) -> Iterator[Merge]:
    first, _, last = reference.partition(":")
    for start in _at(first):
        for end in _at(last or first):
            yield (*start, *end)


def _at(reference: str) -> Iterator[tuple[int, int]]:
    found = _CELL.fullmatch(reference)
    if found:
        column = 0
        for letter in found[1]:
            column = column * 26 + ord(letter) - 64
        yield int(found[2]), column


def _cell(value: Any) -> Cell:
    if isinstance(value, str):
        text = value.replace("\r\n", "\n").replace("\r", "\n")
        return text if text.strip() else None
    if isinstance(value, (bool, int, float, datetime, date)):
        return value
    if isinstance(value, (time, timedelta)):
        return str(value)
    return None


# -- CSV


def _csv(data: bytes, source: str) -> Grid:
    notes: tuple[Note, ...] = ()
    if len(data) > MOST_CHARACTERS:
        raise refused(
            source,
            "the file is larger than papergen reads",
            "A list of actions is far smaller.",
            "file-too-large",
        )
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise refused(
            source, "the file is UTF-16 text", "Save it as “CSV UTF-8 (.csv)”.", "encoding"
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
        notes = (
            Note(
                Location(source, 1, 1),
                "the file is not UTF-8; its characters are read as those of Windows",
            ),
        )
    if "\0" in text:
        raise refused(source, "this is not a workbook and not a CSV file", _SAVE)
    head = text[:4096]
    delimiter = max(",;\t", key=lambda mark: (head.count(mark), mark == ","))
    rows: list[list[Cell]] = []
    lines: list[int] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    csv.field_size_limit(MOST_CHARACTERS)
    line = 1
    try:
        for record in reader:
            if len(rows) >= MOST_ROWS or len(record) > MOST_COLUMNS:
                message = f"the file has more than {MOST_ROWS:,} rows or {MOST_COLUMNS} columns"
                raise refused(
                    source, message, "Delete what does not belong to the list.", "file-too-large"
                )
            rows.append(
                [
                    cell.replace("\r\n", "\n").replace("\r", "\n") if cell.strip() else None
                    for cell in record
                ]
            )
            lines.append(line)
            line = reader.line_num + 1
    except csv.Error as fault:
        raise refused(
            source,
            f"the file cannot be read as CSV ({fault})",
            "Check that quotation marks are in pairs.",
        ) from None
    return Grid(source, "", rows, lines, notes=notes)
