"""How far an action is, in per cent, as a column has it: 60%, 0.6, 60, “60 per cent”."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass

from papergen.workbook.reading import Answer, Certainty, FindingKind, Remark
from papergen.workbook.sheets import Broken, Cell, Moment, Number
from papergen.workbook.sheets import shown as shown_text
from papergen.workbook.status_words import NOT_KNOWN
from papergen.workbook.words import is_not_known

_TEXT = re.compile(
    r"(?P<number>\d{1,3}(?:\.\d{1,4})?) ?(?P<mark>%|per ?cent)?(?: (?:complete|completed|done))?",
    re.IGNORECASE,
)

ONE_OR_HUNDRED = FindingKind(
    "one-or-hundred",
    Certainty.QUESTION,
    "the number 1 can be 1 % or, as a whole, 100 %, and is not read",
)
NO_SHARE = FindingKind(
    "no-percentage",
    Certainty.QUESTION,
    "a cell in the column of per cent complete is not a percentage from 0 to 100, and is not read",
)
FRACTIONS = FindingKind(
    "fractions",
    Certainty.NOTE,
    "a number between 0 and 1 is read as a part of the whole: 0.6 as 60 %",
)


@dataclass(frozen=True, slots=True)
class ShareReading:
    """Per cent from 0 to 100, or None.

    `is_none`: the cell holds no percentage. `is_asked`: it is not settled which one it holds.
    """

    share: int | None = None
    is_none: bool = False
    is_asked: bool = False
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True)
class ShareScale:
    """How the bare numbers of a column are to be read: as fractions, as per cent, or unknown.

    `whole`: what the number 1 is in per cent; None where it is not settled. `is_answered`: the
    officer leaves it so.
    """

    fractions: bool
    whole: int | None
    is_answered: bool = False

    @classmethod
    def of(cls, cells: Iterable[Cell], answered: str | None) -> ShareScale:
        """The scale of a column, by all of its bare numbers and the officer's answer."""
        numbers = [number for cell in cells if (number := _bare_number(cell)) is not None]
        has_parts = any(0 < number < 1 for number in numbers)
        has_more = any(number > 1 for number in numbers)
        if answered == NOT_KNOWN:
            return cls(has_parts, None, is_answered=True)
        if answered is not None:
            return cls(has_parts, 100 if answered == "whole" else 1)
        if has_parts and not has_more:
            return cls(True, 100)
        if has_more and not has_parts:
            return cls(False, 1)
        return cls(has_parts, None)

    def read(self, cell: Cell) -> ShareReading:
        """What a cell of the column says."""
        if cell is None or isinstance(cell, Broken):
            return ShareReading()
        text = shown_text(cell)
        if isinstance(cell, str) and is_not_known(cell):
            return ShareReading()
        if isinstance(cell, (Moment, bool)):
            return ShareReading(is_none=True)
        marked = _marked(cell)
        if marked is not None:
            return _in_range(marked)
        bare = _bare_number(cell)
        if bare is None:
            return ShareReading(is_none=True)
        if bare == 1 and self.whole is None:
            answer = Answer("full_mark", NOT_KNOWN)
            remarks = () if self.is_answered else (Remark(ONE_OR_HUNDRED, text, answer=answer),)
            return ShareReading(is_asked=True, remarks=remarks)
        if bare == 1:
            return _in_range(float(self.whole or 0))
        if 0 < bare < 1:
            return _part(bare, text)
        return _in_range(bare)


def _part(bare: float, text: str) -> ShareReading:
    reading = _in_range(bare * 100)
    remark = Remark(FRACTIONS, text, f"{reading.share}%")
    return ShareReading(reading.share, remarks=(remark,))


def _marked(cell: Cell) -> float | None:
    """The per cent of a cell that is marked as such: by its format, or by “%” in its text."""
    if isinstance(cell, Number) and cell.is_share:
        return cell.value * 100
    if isinstance(cell, str):
        found = _TEXT.fullmatch(cell.strip().rstrip("."))
        if found and found["mark"]:
            return float(found["number"])
    return None


def _bare_number(cell: Cell) -> float | None:
    """The number of a cell that is not marked as a percentage."""
    if isinstance(cell, Number) and not cell.is_share:
        return cell.value
    if isinstance(cell, str):
        found = _TEXT.fullmatch(cell.strip().rstrip("."))
        if found and not found["mark"]:
            return float(found["number"])
    return None


def _in_range(per_cent: float) -> ShareReading:
    if not math.isfinite(per_cent) or not 0 <= per_cent <= 100.0001:
        return ShareReading(is_none=True)
    # 99.6 % is not complete: only all of it is 100.
    return ShareReading(min(100, math.floor(per_cent + 1e-6)))
