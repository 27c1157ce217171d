"""The text of a date cell as dates and what stands before, between and behind them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from papergen.workbook.dates.points import PointReader
from papergen.workbook.dates.ranges import DatePoint
from papergen.workbook.dates.rules import DateRules
from papergen.workbook.dates.words import DateToken, Sort, date_tokens

_LETTERS = {
    Sort.TO: "R",
    Sort.DASH: "H",
    Sort.LIST: "L",
    Sort.OPEN: "(",
    Sort.CLOSE: ")",
    Sort.FROM: "F",
    Sort.BEFORE: "B",
    Sort.ONWARDS: "O",
    Sort.BETWEEN: "W",
    Sort.REVISED: "N",
    Sort.SLIPPED: "V",
    Sort.ORIGINAL: "X",
    Sort.ARROW: "A",
    Sort.DONE: "D",
    Sort.DONE_BY: "K",
    Sort.YES: "Y",
    Sort.REPEATS: "E",
    Sort.NOT: "Z",
    Sort.DOUBT: "Q",
}
"""A letter for each sort of token that matters; a date is P, and whatever is not known is U."""

_PASSED_OVER = frozenset((Sort.FILLER, Sort.FORECAST, Sort.WEEKDAY, Sort.TIME, Sort.STOP))


@dataclass(frozen=True, slots=True)
class DateSentence:
    """A text of one line as its dates, and a letter for each of them and each word that matters.

    `is_forecast`: whether a word says that the dates are still to come. `weekday`: the day of the
    week that it names, from 0; None where that is not one alone.
    """

    text: str
    letters: str
    points: tuple[DatePoint, ...]
    is_forecast: bool = False
    weekday: int | None = None

    @property
    def flat(self) -> str:
        """The letters without brackets, and without those of marks at either end."""
        return re.sub("[()]", "", self.letters).strip("LH")


def date_sentence(text: str, rules: DateRules) -> DateSentence:
    """The dates and words of a text of one line."""
    tokens = date_tokens(text)
    reader = PointReader(tokens, rules)
    letters = []
    points = []
    while reader.at < len(tokens):
        point = reader.read()
        if point is not None:
            points.append(point)
            letters.append("P")
            continue
        token = tokens[reader.at]
        reader.at += 1
        if token.sort not in _PASSED_OVER:
            letters.append(_LETTERS.get(token.sort, "U"))
    if tokens and tokens[-1].sort is Sort.DASH:
        # “April 2026 –” goes on, to what is not said.
        letters.append("U")
    return DateSentence(
        text,
        "".join(letters),
        tuple(points),
        any(token.sort is Sort.FORECAST for token in tokens),
        _weekday(tokens),
    )


def _weekday(tokens: tuple[DateToken, ...]) -> int | None:
    days = {token.value for token in tokens if token.sort is Sort.WEEKDAY}
    return days.pop() if len(days) == 1 else None


# -- what is said of each date

UNLABELLED = "unlabelled"
FIRST = "first"
REVISED = "revised"
DONE = "done"
DONE_BY = "done by"
DUE_AND_DONE = "due and done"

_BEHIND = re.compile(r"[LH]?\((?P<word>[NXD])\)")
_AT_THE_END = re.compile(r"[LH(]*(?P<word>[NXD])\)*")
_LABELS = {"N": REVISED, "X": FIRST, "D": DUE_AND_DONE}
_BEFORE = (
    ("", UNLABELLED),
    ("(?=.)N?V?[RA]?", REVISED),
    ("X|[NV]+F", FIRST),
    ("D", DONE),
    ("K", DONE_BY),
)


@lru_cache(maxsize=1024)
def labels(letters: str) -> tuple[str, ...] | None:
    """For each date of a sentence whether it is the first, the revised one, that of completion, …

    A word in brackets behind a date, or at the end, is about the date before it; any other is about
    the date behind it. None where the letters say something else too.
    """
    first, *others = letters.split("P")
    prefixes = [first]
    found: list[str | None] = []
    for number, words in enumerate(others, 1):
        behind = _BEHIND.match(words)
        if behind is None and number == len(others):
            behind = _AT_THE_END.fullmatch(words)
        found.append(None if behind is None else _LABELS[behind["word"]])
        prefixes.append(words if behind is None else words[behind.end() :])
    if re.sub("[LH()]", "", prefixes.pop()):
        return None
    given: list[str] = []
    for prefix, behind_label in zip(prefixes, found, strict=True):
        label = _label_before(prefix, given)
        if label is None or (behind_label is not None and label != UNLABELLED):
            return None
        given.append(behind_label or label)
    return tuple(given)


def _label_before(prefix: str, given: list[str]) -> str | None:
    plain = re.sub("[LH()]", "", prefix)
    if plain == "R":
        # “slipped from June to September”
        return REVISED if given and given[-1] == FIRST else None
    for pattern, label in _BEFORE:
        if re.fullmatch(pattern, plain):
            return label
    return None
