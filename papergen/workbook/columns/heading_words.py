"""The words of a heading, whether it says that the column is private, and the period it names."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

LONGEST = 200
"""Characters of a heading; what is longer is none."""


def word_set(text: str) -> frozenset[str]:
    """The words of a text, for tables of words."""
    return frozenset(text.split())


_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z]{2})")
_WORD = re.compile(r"[^\W_]+|#")
_FOOTNOTE = re.compile("[¹²³⁰⁴-⁹†‡*]+")
_BROKEN_OFF = re.compile(r"(?<=[a-z])-[ \t]*\r?\n[ \t]*(?=[a-z])")
"""A hyphen at the end of a line."""

_RUN_ON = re.compile(
    r"\b(due|target|start|end|finish|revised|completed|completion|closed|created)(date)\b"
)
"""Words that databases write as one, in capitals or without."""

_NOT_PLURAL = word_set("does has is was this its us status news less always")
_PAIRS = {
    ("time", "scale"): "timescale",
    ("time", "frame"): "timeframe",
    ("time", "line"): "timeline",
    ("work", "stream"): "workstream",
    ("sign", "off"): "signoff",
    ("signed", "off"): "signoff",
    ("per", "cent"): "percent",
    ("percent", "age"): "percent",
    ("re", "scheduled"): "rescheduled",
    ("to", "do"): "todo",
    ("to", "be"): "tobe",
    ("to", "date"): "todate",
    ("e", "mail"): "email",
    ("follow", "up"): "followup",
    ("sub", "action"): "subaction",
    ("sub", "task"): "subtask",
    ("dead", "line"): "deadline",
    ("r", "a"): "ra",
    ("ra", "g"): "rag",
    ("r", "ag"): "rag",
    ("b", "rag"): "brag",
}
_SPELLINGS = {
    "percentage": "percent",
    "pct": "percent",
    "qtr": "quarter",
    "signedoff": "signoff",
    "color": "colour",
    "comp": "complete",
    "compl": "complete",
    "resp": "responsible",
    "desc": "description",
    "descr": "description",
}


def one_line(text: str) -> str:
    """A text on one line, with single spaces; words that are broken over two lines are joined."""
    return " ".join(_BROKEN_OFF.sub("", text).split())


@lru_cache(maxsize=16384)
def words(text: str, most: int = LONGEST) -> tuple[str, ...]:
    """The words of a heading in small letters and in the singular: `TargetDates` is target, date.

    Signs that are words are among them: “%” is percent and “&” is and. `most`: the characters that
    are looked at.
    """
    plain = _BROKEN_OFF.sub("", _FOOTNOTE.sub("", text[:most]))
    plain = unicodedata.normalize("NFKC", plain)
    plain = _CAMEL.sub(" ", plain).casefold()
    plain = _RUN_ON.sub(r"\1 \2", plain).replace("’", "").replace("'", "")
    plain = plain.replace("%", " percent ").replace("&", " and ").replace("£", " cost ")
    return _joined([_singular(word) for word in _WORD.findall(plain)])


def _singular(word: str) -> str:
    if word in _NOT_PLURAL or len(word) < 4 or not word.endswith("s"):
        return _SPELLINGS.get(word, word)
    if word.endswith(("ss", "us", "is")):
        return word
    single = word[:-3] + "y" if word.endswith("ies") else word[:-1]
    return _SPELLINGS.get(single, single)


def _joined(found: list[str]) -> tuple[str, ...]:
    """The words, with those that are written as one or as two joined: time scale, sign off."""
    joined: list[str] = []
    for word in found:
        pair = _PAIRS.get((joined[-1], word)) if joined else None
        if pair is None:
            joined.append(word)
        else:
            joined[-1] = pair
    return tuple(joined)


_WHOLE = 5_000
_PRIVATE = re.compile(
    r"\b(?:private(?! sector)|confidential|internal(?! (?:audit|control|quality))|restricted"
    r"|sensitive|embargoed|exempt|unpublished|off the record|non ?publi\w+"
    r"|not (?:for|to) (?:the )?(?:public|publication|publish|publishing|release|circulation"
    r"|disclosure|sharing|share|distribution)"
    r"|(?:do|must|should|shall|may|can) ?not (?:tobe |be )?(?:publish|print|share|circulate"
    r"|disclose|release|distribute)\w*"
    r"|(?:dont|never|not) (?:tobe |be )?(?:publish|print|share|circulate|disclose|release)\w*"
    r"|not tobe \w+|(?:officers?|office|staff|admin|clt|slt|cmt) (?:use )?only|for office use"
    r"|for (?:clt|slt|cmt)"
    r"|not for (?:members?|councillors?)"
    r"|(?:members?|councillors?) (?:not|must not|should not) (?:to )?see"
    r"|pii|(?:delete|remove) before (?:publishing|publication|release)"
    r"|hidden from)\b"
)
_SECRET = re.compile(
    r"\b(?:private(?! sector)|confidential|exempt|unpublished|not for pub\w+"
    r"|(?:officers?|staff) only)\b"
)


@lru_cache(maxsize=4096)
def is_private(heading: str) -> bool:
    """Whether a heading says that its column is not for the public: internal, confidential."""
    return _PRIVATE.search(" ".join(words(heading, _WHOLE))) is not None


def is_private_sheet(name: str) -> bool:
    """Whether a sheet's name says that it is not for the public.

    “Internal actions” can be those of the council, and does not.
    """
    return _SECRET.search(" ".join(words(name))) is not None


# -- periods

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_YEAR = r"(?P<year>20\d\d|\d\d)?(?!\d)"
_QUARTER = r"(?:q|qtr|quarter) ?(?P<quarter>[1-4])\b"
_FINANCIAL_YEAR = r"(?P<year>20\d\d|\d\d(?=[/-]\d\d))?(?:[/-]\d{2,4})?(?!\d)"
_PERIODS = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?<!\d)(?P<day>\d{1,2})[/.-](?P<number>\d{1,2})[/.-](?P<year>\d{4}|\d{2})(?!\d)",
        r"(?<!\d)(?P<year>20\d\d)-(?P<number>\d{2})(?:-(?P<day>\d{2}))?(?!\d)",
        rf"(?<!\d)(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[ -]+{_MONTH}\b[ ,'’-]*{_YEAR}",
        rf"\b{_MONTH}\b[ ,'’-]*{_YEAR}",
        rf"\b{_QUARTER}[ ,:-]*(?:fy ?)?{_FINANCIAL_YEAR}",
        rf"(?<!\d)(?P<year>20\d\d)(?:[/-]\d{{2,4}})?(?!\d)[ ,:-]*(?:{_QUARTER})?",
    )
)
_AROUND = re.compile(
    r"[(\[]?\s*(?:\b(?:as at|as of|as|at|to|for|in|of|on|end of|end|mid|up to|the|month|w/?e|w/?c"
    r"|week ending|week commencing|period|during)\b[ :-]*)*\s*$"
)


@dataclass(frozen=True, slots=True, order=True)
class HeadingPeriod:
    """The month, quarter or day that a heading names. `year` is 0 where it names none.

    A quarter is one of the financial year: its `month` is that with which it begins.
    """

    year: int
    month: int
    day: int
    is_quarter: bool = False


@lru_cache(maxsize=4096)
def heading_period(heading: str) -> tuple[str, HeadingPeriod | None]:
    """A heading without the period that it names, and the period; None where it names none."""
    text = " ".join(heading[:LONGEST].replace("_", " ").split())
    small = text.lower()
    if len(small) != len(text):
        return text, None
    for pattern in _PERIODS:
        found = pattern.search(small)
        if found is None:
            continue
        period = _period(found)
        if period is None:
            continue
        before = _AROUND.sub("", small[: found.start()])
        rest = f"{text[: len(before)]} {text[found.end() :]}"
        return " ".join(rest.strip(" ()[]-–—:,").split()), period
    return text, None


def _period(found: re.Match[str]) -> HeadingPeriod | None:
    parts = found.groupdict()
    year = int(parts.get("year") or 0)
    year += 2000 if 0 < year < 100 else 0
    day = int(parts.get("day") or 0)
    if parts.get("quarter"):
        return _quarter(year, int(parts["quarter"]))
    if parts.get("month"):
        month = _MONTHS.index(parts["month"][:3]) + 1
    else:
        month = int(parts.get("number") or 0)
    if month > 12 or day > 31 or not (year or month):
        return None
    return HeadingPeriod(year, month, day)


def _quarter(year: int, quarter: int) -> HeadingPeriod:
    month = 3 * quarter + 1
    if month > 12:
        return HeadingPeriod(year + 1 if year else 0, month - 12, 0, is_quarter=True)
    return HeadingPeriod(year, month, 0, is_quarter=True)


def latest_period(periods: list[HeadingPeriod]) -> int | None:
    """Which of several periods, in the order of their columns, is the latest; None if unclear.

    Months without a year are in the order of their columns, as from November to January.
    """
    if len(set(periods)) < len(periods):
        return None
    if all(period.year for period in periods):
        return periods.index(max(periods))
    if any(period.year for period in periods):
        return None
    if all(period.is_quarter for period in periods):
        # The last quarter of a financial year begins in January.
        return max(range(len(periods)), key=lambda index: (periods[index].month - 4) % 12)
    steps = set()
    for first, second in pairwise(periods):
        steps.add(0 < (second.month - first.month) % 12 <= 6)
    if len(steps) != 1:
        return None
    return len(periods) - 1 if steps.pop() else 0
