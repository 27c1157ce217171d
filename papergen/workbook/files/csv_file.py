"""CSV files as grids: which characters they are in, and which mark is between their cells."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice

from papergen.errors import Location, PapergenError, Problem, error
from papergen.text import shorten_line
from papergen.workbook.cell_faults import UNREADABLE, refused
from papergen.workbook.files.cell_text import text_cell
from papergen.workbook.files.limits import (
    MOST_CHARACTERS,
    MOST_COLUMNS,
    MOST_ROWS,
    too_large,
    too_many_cells,
)
from papergen.workbook.reading import Certainty, FindingKind, Remark
from papergen.workbook.sheets import Cell, Grid

NOT_UTF_8 = FindingKind(
    "not-utf-8",
    Certainty.NOTE,
    "the file is not UTF-8 text: check accents, dashes and pound signs",
)

_SAVE = "Save the file in Excel as “CSV UTF-8 (.csv)” or as “Excel Workbook (.xlsx)”."
_CODES = {
    "cp1252": "text of Windows",
    "cp850": "text of MS-DOS",
    "mac_roman": "text of a Mac",
}
"""The characters of Excel's kinds of CSV files that are not UTF-8, the likeliest first."""
_COMMON = frozenset("£€‘’“”–—…•½¼¾°éèêáàóíñçöüÉ×·\u00a0")
"""Characters of English texts that are not ASCII, among them those of Welsh and of names."""
_WORDS_NAMED = 5
_BETWEEN_WORDS = re.compile(r'[\s,;|"]+')
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_MARKS = ",;\t|"
_SAMPLE = 64 * 1024
"""Characters by which the mark is judged."""
_SAMPLE_ROWS = 200
_MOST_ABOVE = 30
"""Rows among which the headings are."""
_LONGEST_HEADING = 60
_UNKNOWN_HEADING = 0.3
_OF_WIDTH = 1000
"""By this a cell more counts less than anything else: it decides between equals."""
_EVEN = 10
"""How much likelier a mark is that gives each of at least `_FEWEST_EVEN` rows as many cells."""
_FEWEST_EVEN = 3
_DIGIT = re.compile(r"[0-9]")
_HEADING = re.compile(
    r"\b(?:ref|reference|no|id|actions?|tasks?|activit(?:y|ies)|owners?|leads?|officers?|"
    r"responsib\w+|assignee|due|dates?|deadline|target|status|rag|progress|updates?|comments?|"
    r"notes|recommendations?|theme|priority|milestones?|outcomes?|who|when|what)\b",
    re.IGNORECASE,
)
_NAMED_MARK = re.compile(r'"?sep=([,;\t|])"?\r?\n?', re.IGNORECASE)
_AS_TEXT = re.compile(r'="([^"]*)"')


def csv_grid(data: bytes, source: str) -> Grid:
    """The one grid of a CSV file. Raises PapergenError."""
    if len(data) > MOST_CHARACTERS:
        raise too_large(source, "file")
    text, remarks = _decoded(data, source)
    rows: list[list[Cell]] = []
    lines: list[int] = []
    for line, row in _records(text, source):
        rows.append(row)
        lines.append(line)
    while rows and not rows[-1]:
        rows.pop()
        lines.pop()
    return Grid(source, "", rows, lines, remarks=remarks)


# -- characters


def _decoded(data: bytes, source: str) -> tuple[str, tuple[Remark, ...]]:
    """The file's text, and what there is to say of its characters. Raises PapergenError."""
    remarks: tuple[Remark, ...] = ()
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = data.decode("utf-16", "replace")
    else:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text, remark = _other_code(data)
            remarks = (remark,)
    if "\0" in text:
        raise refused(source, "this is not a workbook and not a CSV file", _SAVE)
    return text, remarks


def _other_code(data: bytes) -> tuple[str, Remark]:
    """The text in the code that makes the most common characters of it, and a remark on it."""
    texts = {code: data.decode(code, "replace") for code in _CODES}
    counts = {code: _common(text) for code, text in texts.items()}
    best = max(counts, key=counts.__getitem__)
    sample = " ".join(islice(_foreign_words(texts[best]), _WORDS_NAMED))
    return texts[best], Remark(NOT_UTF_8, shorten_line(sample), _CODES[best])


def _foreign_words(text: str) -> Iterator[str]:
    """The words that have characters that are not ASCII."""
    for line in io.StringIO(text):
        if not line.isascii():
            yield from (word for word in _BETWEEN_WORDS.split(line) if not word.isascii())


def _common(text: str) -> int:
    """How many of the characters that are not ASCII are common, less those that are not."""
    foreign = _NOT_ASCII.findall(text)
    common = sum(character in _COMMON for character in foreign)
    return 2 * common - len(foreign)


# -- rows


def _records(text: str, source: str) -> Iterator[tuple[int, list[Cell]]]:
    """The records of a CSV file, each with the line on which it starts. Raises PapergenError."""
    csv.field_size_limit(MOST_CHARACTERS)
    mark, skipped = _separator(text)
    stream = io.StringIO(text[skipped:], newline="")
    reader = csv.reader(stream, delimiter=mark, strict=True)
    before = 1 if skipped else 0
    line = before + 1
    try:
        for count, record in enumerate(reader):
            cells = _cells(record)
            if cells and (count >= MOST_ROWS or len(cells) > MOST_COLUMNS):
                raise too_many_cells(source, "the file")
            yield line, cells
            line = before + reader.line_num + 1
    except csv.Error:
        raise _no_pair(source, line) from None


def _cells(record: Sequence[str]) -> list[Cell]:
    """The cells of a record, up to the last that holds something."""
    cells: list[Cell] = []
    for text in record:
        if text.startswith('="'):
            # How other programs keep Excel from making a number of a text.
            text = _AS_TEXT.sub(r"\1", text)
        cells.append(text_cell(text))
    while cells and cells[-1] is None:
        cells.pop()
    return cells


def _no_pair(source: str, line: int) -> PapergenError:
    message = "the row that starts on this line has a quotation mark that is not one of a pair"
    hint = (
        "Check that the quotation marks round a cell are in pairs, and that one within such a "
        "cell is typed twice; or save the list as “Excel Workbook (.xlsx)”."
    )
    return error([Problem(UNREADABLE, message, Location(source, line), hint)])


# -- what is between the cells


def _separator(text: str) -> tuple[str, int]:
    """The mark between cells, and how many characters of the text are a line that names it."""
    named = _NAMED_MARK.match(text)
    if named:
        return named[1], named.end()
    # `max` takes the first of equals: the comma.
    return max(_MARKS, key=lambda mark: _likelihood(_first_rows(text, mark), mark)), 0


def _first_rows(text: str, mark: str) -> list[list[str]]:
    """The first rows that hold something, as they are if `mark` is between their cells."""
    sample = text[:_SAMPLE]
    if len(text) > _SAMPLE:
        # Of the last line there may be a part only.
        sample = sample[: sample.rfind("\n") + 1] or sample
    reader = csv.reader(io.StringIO(sample, newline=""), delimiter=mark)
    rows = [[cell.strip() for cell in record] for record in islice(reader, _SAMPLE_ROWS)]
    return [row for row in rows if any(row)]


def _likelihood(rows: Sequence[Sequence[str]], mark: str) -> float:
    """How much the rows look like a list: one like headings, and others that are as wide."""
    widths = Counter(map(len, rows))
    best = 0.0
    for row in rows[:_MOST_ABOVE]:
        width = len(row)
        likeness = _likeness(row, mark) * widths[width] / len(rows)
        best = max(best, likeness + width / _OF_WIDTH if likeness else 0)
    is_even = len(widths) == 1 and len(rows) >= _FEWEST_EVEN
    return best * _EVEN if is_even else best


def _likeness(row: Sequence[str], mark: str) -> float:
    """How much a row looks like one of headings, from 0 to 1. One cell is no row of headings."""
    texts = [cell for cell in row if cell]
    if len(texts) < 2:
        return 0
    return sum(_heading_likeness(text, mark) for text in texts) / len(texts)


def _heading_likeness(text: str, mark: str) -> float:
    """1 for a text with a word of headings, less for another short one, 0 for what is none."""
    is_cut_wrong = any(other in text for other in _MARKS if other != mark)
    if is_cut_wrong or len(text) > _LONGEST_HEADING or _DIGIT.search(text):
        return 0
    return 1 if _HEADING.search(text) else _UNKNOWN_HEADING
