"""Generated lists as files: workbooks written by openpyxl, and CSV files."""

from __future__ import annotations

import csv
import io

from list_parts import MadeList, Page, Put
from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.worksheet import Worksheet

_STRUCK = Font(strike=True)


def write_list(made: MadeList) -> None:
    """Fill `made.data`, and `made.lines` of a CSV file."""
    if made.is_csv:
        _write_csv(made)
    else:
        made.data = _workbook(made)


def _workbook(made: MadeList) -> bytes:
    book = Workbook()
    if made.uses_1904:
        book.epoch = CALENDAR_MAC_1904
    book.remove(book.active)
    for page in made.pages:
        _fill(book.create_sheet(page.sheet), page)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _fill(sheet: Worksheet, page: Page) -> None:
    for (row, column), put in sorted(page.grid.items(), key=lambda item: item[0]):
        _write_cell(sheet.cell(row, column), put)
    for top, left, bottom, right in page.merges:
        sheet.merge_cells(start_row=top, start_column=left, end_row=bottom, end_column=right)
    for row in page.hidden_rows:
        sheet.row_dimensions[row].hidden = True
    for column in page.hidden_columns:
        sheet.column_dimensions[get_column_letter(column)].hidden = True
    if page.filter:
        sheet.auto_filter.ref = page.filter
    if not page.visible:
        sheet.sheet_state = "hidden"


def _write_cell(cell: Cell, put: Put) -> None:
    if put.parts:
        cell.value = CellRichText(
            *(
                TextBlock(InlineFont(strike=True), text) if struck else text
                for text, struck in put.parts
            )
        )
    else:
        cell.value = put.value
    if isinstance(put.value, str) and not put.parts:
        # A text that begins with “=” or looks like an error is a text, unless `kind` says more.
        cell.data_type = {"error": "e", "formula": "f"}.get(put.kind, "s")
    if put.format:
        cell.number_format = put.format
    if put.struck:
        cell.font = _STRUCK


def _write_csv(made: MadeList) -> None:
    (page,) = made.pages
    width = max((column for _, column in page.grid), default=1)
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=made.separator)
    line = 1
    for row in range(1, page.row + 1):
        made.lines[row] = line
        before = stream.tell()
        cells = [page.grid.get((row, column)) for column in range(1, width + 1)]
        if all(cell is None for cell in cells) and made.choices.get("blank") == "empty line":
            stream.write("\r\n")
        elif cells[0] is not None and cells[0].shown.startswith("sep="):
            # Excel writes this line without quotation marks.
            stream.write(f"{cells[0].shown}\r\n")
        else:
            writer.writerow(["" if cell is None else cell.shown for cell in cells])
        line += stream.getvalue()[before:].replace("\r\n", "\n").count("\n")
    text = stream.getvalue()
    try:
        made.data = text.encode(made.encoding)
    except UnicodeEncodeError:
        made.data = text.encode("utf-8-sig")
