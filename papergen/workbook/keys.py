"""What a key beside or below a list says of its ratings: “B = not yet due”."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from papergen.workbook.sheets import Cell, Grid
from papergen.workbook.words import word_set, words_of

_ROWS = 80
"""Rows at the top and at the foot of a sheet in which a key is looked for."""
_LONGEST = 600
_PAIR = re.compile(r"(?P<word>[^\W\d_]+)\s*(?:=|:|–|—|-)\s*(?P<meaning>[^=;|,\n]{3,80})")
_BETWEEN = re.compile(r"[;|,\n]")
_WORDS = word_set("r a g b red amber green blue grey gray yellow orange purple white black")
_KEY = re.compile(
    r"\W*(?:[rb]+ag )?(?:key|legend)\s*(?:[:=–-]|$|to (?:the )?(?:rag|rating|status|colour))",
    re.IGNORECASE,
)
_INTRODUCTION = re.compile(r"\W*(?:[^\W\d_]+ ){0,2}(?:key|legend)\b\W*", re.IGNORECASE)


def is_key(cells: Iterable[Cell]) -> bool:
    """Whether the cells of a row are a key, or a part of one."""
    filled = [cell for cell in cells if cell is not None]
    texts = [cell for cell in filled if isinstance(cell, str) and len(cell) <= _LONGEST]
    if any(_KEY.match(text) for text in texts):
        return True
    if len(texts) == 2 and words_of(texts[0]) in _WORDS and words_of(texts[1]) not in _WORDS:
        return len(filled) == 2
    return bool(texts) and all(any(True for _ in _pairs(text)) for text in texts)


def key_of(grid: Grid, action_rows: Collection[int], used: Collection[int]) -> dict[str, str]:
    """The meaning of each word for a rating, in small letters, as a key in the sheet has it.

    `action_rows`: indexes of rows whose cells in the columns `used` are no key.
    """
    key: dict[str, str] = {}
    count = len(grid.rows)
    at_ends = [index for index in range(count) if index < _ROWS or index >= count - _ROWS]
    for index in at_ends:
        skipped = used if index in action_rows else ()
        for word, meaning in _in_row(grid.rows[index], skipped):
            key.setdefault(word, meaning)
    return key


def _in_row(row: list[Cell], skipped: Collection[int]) -> Iterator[tuple[str, str]]:
    texts = [
        (column, cell)
        for column, cell in enumerate(row)
        if isinstance(cell, str) and column not in skipped and len(cell) <= _LONGEST
    ]
    for at, (column, text) in enumerate(texts):
        yield from _pairs(text)
        is_word = words_of(text) in _WORDS
        if not is_word or at + 1 == len(texts):
            continue
        next_column, meaning = texts[at + 1]
        if next_column == column + 1 and words_of(meaning) not in _WORDS and len(meaning) > 2:
            yield words_of(text), meaning.strip()


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    if len(text) > _LONGEST:
        return
    for part in _BETWEEN.split(_INTRODUCTION.sub("", text, count=1)):
        found = _PAIR.fullmatch(part.strip().rstrip("."))
        if found is not None and words_of(found["word"]) in _WORDS:
            yield words_of(found["word"]), found["meaning"].strip()
