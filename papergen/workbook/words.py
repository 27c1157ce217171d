"""Words that stand for a status, a rating or a priority, and what may follow them in a cell."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from papergen.dates import PartialDate


def word_set(words: str) -> frozenset[str]:
    """The words of a text, for a constant."""
    return frozenset(words.split())


LONGEST = 200
"""No cell with more characters is looked up."""

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_DASHES = frozenset("-–—−?.…_/* ")
_COLOURS = {
    "🔴": " red ",
    "🟥": " red ",
    "🟠": " amber ",
    "🟧": " amber ",
    "🟡": " amber ",
    "🟨": " amber ",
    "🟢": " green ",
    "🟩": " green ",
    "🔵": " blue ",
    "🟦": " blue ",
    "⚪": " grey ",
}
"""Pictures of colours, as words."""

NOT_KNOWN = frozenset(
    [
        "tbc",
        "tba",
        "tbd",
        "to be confirmed",
        "to be agreed",
        "to be advised",
        "to be determined",
        "to be decided",
        "to be completed",
        "n a",
        "na",
        "not applicable",
        "not known",
        "unknown",
        "not set",
        "none",
        "nil",
        "blank",
        "pending confirmation",
        "awaiting confirmation",
    ]
)

_LONGEST_NOT_KNOWN = 40

_QUALIFYING = word_set(
    "not no never nor awaiting await awaits pending partly partially part partial except but "
    "bar outstanding incomplete nearly almost mostly largely subject if until unless overdue "
    "delayed late ongoing reopened reopen phase stage step draft first some remaining remains "
    "likely expected due planned yet still required needed further without pause paused "
    "failed"
)
"""Words after a status that can take back what it says."""

_MONTH = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    "sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
_DATE = (
    rf"(?:\d{{1,2}}(?:st|nd|rd|th)? (?:of )?)?(?:{_MONTH})(?: (?:20\d\d|\d\d))?\b"
    r"|\d{1,2} \d{1,2} (?:20\d\d|\d\d)\b|20\d\d(?: \d\d \d\d)?\b"
)
_HARMLESS = re.compile(
    rf"(?:(?:on|in|at|as at|and|date|dated|closed|complete|completed|done|{_DATE}) ?)+"
    r"|(?:see|ref|reference|minute|minutes|item|agenda|report|evidence)\b.*"
)
"""What may follow “complete” without a change of what it says: a date, or where to read more."""

_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_YEARS = re.compile(r"\b20\d\d\b")
_NAMED_MONTH = re.compile(rf"\b(?P<month>{_MONTH}) (?P<year>20\d\d|\d\d)\b")
_NUMBERED_MONTH = re.compile(r"\b\d{1,2} (?P<month>\d{1,2}) (?P<year>20\d\d|\d\d)\b")


@lru_cache(maxsize=20_000)
def words_of(text: str) -> str:
    """The words of a text in small letters with single spaces, without punctuation."""
    if not text.isascii():
        for picture, colour in _COLOURS.items():
            text = text.replace(picture, colour)
    return " ".join(_WORD.findall(text.casefold())).replace("’", "'")


def is_not_known(text: str) -> bool:
    """Whether a text stands for something that is not known yet: “TBC”, “-”, “?”, “n/a”."""
    if len(text) > _LONGEST_NOT_KNOWN:
        return False
    return words_of(text) in NOT_KNOWN or set(text.strip()) <= _DASHES


@dataclass(frozen=True, slots=True)
class KnownWord:
    """A word that a table has at the start of a text: its meaning, and what follows it."""

    meaning: str
    word: str
    rest: str = ""
    is_doubted: bool = False
    """Whether the text has a question mark."""


def known_word(text: str, table: Mapping[str, str]) -> KnownWord | None:
    """The longest entry of `table` that a text begins with; None where it begins with none."""
    if len(text) > LONGEST:
        return None
    words = words_of(text).split()
    for length in range(min(len(words), 6), 0, -1):
        word = " ".join(words[:length])
        if word in table:
            rest = " ".join(words[length:])
            return KnownWord(table[word], word, rest, "?" in text)
    return None


def is_qualified(rest: str) -> bool:
    """Whether what follows a word can take back or limit what the word says."""
    return any(word in _QUALIFYING for word in rest.split())


def is_harmless(rest: str, as_at: PartialDate) -> bool:
    """Whether what follows “complete” is but a date up to `as_at`, or where to read more."""
    if not rest:
        return True
    if _HARMLESS.fullmatch(rest) is None or is_qualified(rest):
        return False
    is_later = any(first > as_at.last for first in _dates_in(rest))
    return not is_later and not any(int(year) > as_at.year for year in _YEARS.findall(rest))


def _dates_in(words: str) -> Iterator[date]:
    """The first day of each month with a year that the words name."""
    for found in _NAMED_MONTH.finditer(words):
        year = int(found["year"])
        yield date(year if year > 99 else 2000 + year, _MONTHS.index(found["month"][:3]) + 1, 1)
    for found in _NUMBERED_MONTH.finditer(words):
        year, month = int(found["year"]), int(found["month"])
        if 1 <= month <= 12:
            yield date(year if year > 99 else 2000 + year, month, 1)
