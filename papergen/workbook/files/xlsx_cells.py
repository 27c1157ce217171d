"""Cells of a workbook as values, by what their XML says: a kind, a value, a style."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from papergen.workbook.files.cell_text import text_cell
from papergen.workbook.files.number_formats import GENERAL, number_cell
from papergen.workbook.files.xlsx_package import is_on
from papergen.workbook.files.xlsx_styles import CellStyle
from papergen.workbook.files.xlsx_texts import SharedTexts, TextRun, unescaped
from papergen.workbook.sheets import Broken, Cell

_DAY = "dd/mm/yyyy"
_MEND_FORMULA = "Mend the formula, or type the value in its place."
_WORK_OUT = "Open the workbook in Excel, and save it again."
_SAVE_AGAIN = "Open the workbook in Excel, check the cell, and save it."


@dataclass(slots=True, eq=False)
class Book:
    """What the cells of all sheets of a workbook refer to."""

    texts: SharedTexts
    styles: dict[str, CellStyle]
    is_1904: bool
    """Whether days count from 1904."""
    _numbers: dict[tuple[str, str, str], Cell] = field(default_factory=dict)

    def cell(self, kind: str, value: str, style: CellStyle) -> Cell:
        """The cell for a value that the XML of a cell has, of the kind that it says."""
        if kind != "e" and not value.strip():
            return None
        match kind:
            case "s":
                return self._shared(value)
            case "str" | "inlineStr":
                return text_cell(unescaped(value))
            case "e":
                return Broken(f"holds the error {value or '#N/A'}", _MEND_FORMULA)
            case "b":
                return is_on(value.strip())
            case _:
                return self._number(value, style.code, kind)

    def runs(self, value: str) -> tuple[TextRun, ...]:
        """The runs of a shared text, if it is a rich one."""
        rich = self.texts.rich
        return rich.get(int(value), ()) if rich and value.isdecimal() else ()

    def _shared(self, value: str) -> Cell:
        texts = self.texts.cells
        if value.isdecimal() and int(value) < len(texts):
            return texts[int(value)]
        return Broken("holds a text that the workbook lacks", _SAVE_AGAIN)

    def _number(self, digits: str, code: str, kind: str) -> Cell:
        key = digits, code, kind
        if key not in self._numbers:
            made = _iso_cell(digits, code) if kind == "d" else self._made(digits, code)
            self._numbers[key] = made
        return self._numbers[key]

    def _made(self, digits: str, code: str) -> Cell:
        try:
            value = float(digits)
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            return Broken(f"holds “{digits}”, which is no number", _SAVE_AGAIN)
        return number_cell(code, value, is_1904=self.is_1904)


def no_value(kind: str, value: str | None) -> Broken | None:
    """Why a cell with a formula has no usable value; None where it has one.

    The value of a formula that gives an empty text is kept as an empty text.
    """
    if value or (kind == "str" and value is not None):
        return None
    return Broken("holds a formula that has not been worked out", _WORK_OUT)


def _iso_cell(text: str, code: str) -> Cell:
    """The cell for a date in ISO 8601, as Strict Open XML has them."""
    try:
        moment = datetime.fromisoformat(text.strip()).replace(tzinfo=None)
    except ValueError:
        return text_cell(text)
    day_0 = datetime.fromisoformat("1899-12-30")
    days = (moment - day_0) / timedelta(days=1)
    return number_cell(_DAY if code == GENERAL else code, days)
