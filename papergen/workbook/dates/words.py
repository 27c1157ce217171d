"""The words, figures and marks of which a cell in a column of dates is made."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from enum import Enum, auto
from functools import lru_cache

from papergen.workbook.dates.readings import MONTHS


class Sort(Enum):
    """What a word, a figure or a mark is for in a text that gives a date."""

    # figures
    STAMP = auto()  # 2025-10-30T09:00
    YMD = auto()
    DMY = auto()
    MONTH_YEAR = auto()  # 10/2025
    YEARS = auto()  # 2025/26
    PAIR = auto()  # 30/11
    ORDINAL = auto()
    SHORT_YEAR = auto()  # '25
    NUMBER = auto()
    # what days are called
    MONTH = auto()
    SEASON = auto()
    TERM = auto()
    HOLIDAY = auto()
    QUARTER = auto()
    HALF = auto()
    YEAR_WORD = auto()  # financial year
    # what is said of them
    PART = auto()
    WEEK_FROM = auto()
    WEEK_TO = auto()
    BEFORE = auto()
    FROM = auto()
    ONWARDS = auto()
    BETWEEN = auto()
    FILLER = auto()
    FORECAST = auto()
    WEEKDAY = auto()
    TIME = auto()
    # what joins them
    TO = auto()
    DASH = auto()
    LIST = auto()
    OPEN = auto()
    CLOSE = auto()
    STOP = auto()
    # what became of the action or of its date
    REVISED = auto()
    SLIPPED = auto()
    ORIGINAL = auto()
    ARROW = auto()
    DONE = auto()
    DONE_BY = auto()
    YES = auto()
    REPEATS = auto()
    NOT = auto()
    DOUBT = auto()
    UNKNOWN = auto()


@dataclass(frozen=True, slots=True)
class DateToken:
    """A word, a figure or a mark: its sort, what it is worth, and its place in the text."""

    sort: Sort
    text: str
    """In small letters."""
    start: int
    end: int
    value: int = 0
    """The number of a month, a weekday or a quarter, or a figure's own."""


_WORDS: dict[Sort, str] = {
    Sort.HOLIDAY: "christmas,xmas,easter",
    Sort.SEASON: "spring,summer,autumn,winter",
    Sort.TERM: "term,school term",
    Sort.YEAR_WORD: (
        "fy,f/y,financial year,financial yr,fin year,fiscal year,municipal year,civic year,"
        "academic year,school year,calendar year,year end,year-end,end of year,end of the year,"
        "financial year end"
    ),
    Sort.PART: (
        "end,end of,ending,early,early in,mid,middle of,late,late in,start of,beginning of,"
        "first week of,first week in,second week of,second week in,third week of,third week in,"
        "fourth week of,fourth week in,last week of,last week in,1st week of,1st week in,"
        "2nd week of,2nd week in,3rd week of,3rd week in,4th week of,4th week in"
    ),
    Sort.BEFORE: "before,prior to,ahead of,in advance of",
    Sort.FROM: (
        "from,since,starting,starting from,commencing,commencing from,beginning,after,following,"
        "not before,no earlier than,not earlier than,w.e.f,wef,with effect from,effective from,"
        "as from,start date,on or after"
    ),
    Sort.ONWARDS: (
        "onwards,onward,and onwards,and beyond,and ongoing,& ongoing,then ongoing,and on-going,"
        "& on-going,and after,and continuing,or later,at the earliest"
    ),
    Sort.BETWEEN: "between",
    Sort.FILLER: "the,of,on,in,at,during,date,dates,within,throughout,month of,in the month of",
    Sort.FORECAST: (
        "by,by the,due,due by,due on,due in,due for,no later than,not later than,nlt,latest,"
        "latest by,latest date,at the latest,deadline,target,targeted,targeted for,"
        "target date,on or before,on/before,by or before,end date,finish date,expected,"
        "expected by,anticipated,planned,planned for,scheduled,scheduled for,estimated,est,"
        "for,overdue,now overdue,completion,completion due,completion date,completion by,"
        "complete by,due to complete,due to be completed,due for completion,aim to complete,"
        "aiming to complete,will be complete,will be completed,will complete,"
        "should be complete,should be completed,to be complete,to be completed,to complete,"
        "be complete,be completed,to be done,to be delivered,to be implemented,"
        "to be finished,for completion,finish by,deliver by,aim for,aiming for,"
        "before the end of,before end of,ahead of the end of,prior to the end of"
    ),
    Sort.TIME: (
        "noon,midday,midnight,close of play,close of business,cop,cob,end of day,end of play,"
        "end of business,by close of"
    ),
    Sort.TO: "to,until,till,til,through,through to,up to",
    Sort.LIST: "and,or,then",
    Sort.REVISED: (
        "revised,rev,now,now due,new,amended,new date,new due date,new deadline,new target,"
        "new target date,revised date,revised due date,revised deadline,revised target,"
        "revised target date,revised completion date,re-baselined,rebaselined"
    ),
    Sort.SLIPPED: (
        "slipped,moved,extended,changed,deferred,rescheduled,re-scheduled,postponed,delayed,"
        "put back,pushed back,extension,brought forward,slippage"
    ),
    Sort.ORIGINAL: (
        "was,originally,original,original date,original due date,original target,"
        "original target date,original deadline,originally due,was due,previously,previous,"
        "previous date,formerly,initially,initial,initial date,old date"
    ),
    Sort.DONE: (
        "complete,completed,done,closed,finished,achieved,delivered,implemented,actioned,"
        "discharged,already complete,already completed,already done,has been completed,"
        "fully complete,fully completed,fully implemented,now complete,now completed,now closed,"
        "now done,all complete,all completed,action complete,action completed,action closed,"
        "completed in full,complete in full,completed on,closed on,was completed,was completed on,"
        "date completed,completion achieved"
    ),
    Sort.DONE_BY: (
        "completed by,done by,closed by,delivered by,implemented by,finished by,achieved by"
    ),
    Sort.YES: "yes,y",
    Sort.REPEATS: (
        "ongoing,on-going,on going,continuous,continuing,continual,rolling,daily,weekly,"
        "fortnightly,monthly,bi-monthly,quarterly,termly,half-yearly,annually,annual,yearly,"
        "biannual,bi-annual,bi-annually,biannually,biennial,each,every,regular,regularly,recurring,"
        "a year,per year,per annum,pa"
    ),
    Sort.NOT: (
        "not,no,never,partly,partially,partial,part,nearly,almost,substantially,awaiting,yet,"
        "incomplete,un,non,cannot,isn't,hasn't"
    ),
    Sort.UNKNOWN: "new year,the new year,subject to,due to,to be,may be,in place,yet to be",
}

_SEASONS = {"spring": 1, "summer": 2, "autumn": 3, "winter": 4}
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_ORDERS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "final": 4, "last": 4, "latter": 2}
_FIGURES = {"one": 1, "two": 2, "three": 3, "four": 4}


def _dictionary() -> dict[str, tuple[Sort, int]]:
    known: dict[str, tuple[Sort, int]] = {}
    for sort, words in _WORDS.items():
        for word in words.split(","):
            known.setdefault(word, (sort, _SEASONS.get(word, 0)))
    for number, name in enumerate(MONTHS, 1):
        known[name.lower()] = known[name[:3].lower()] = Sort.MONTH, number
    known["sept"] = Sort.MONTH, 9
    for day, short in enumerate(_WEEKDAYS):
        for ending in ("", "s", "day", "sday", "nesday", "r", "rs", "rsday", "urday"):
            known.setdefault(short + ending, (Sort.WEEKDAY, day))
    return known


_KNOWN = _dictionary()
_LONG_NAMES = [name.lower() for name in MONTHS if len(name) > 4 and name != "March"]
"""Names that no other word is like; “match” is like “March”."""

_MARKS = {
    "-": Sort.DASH,
    "(": Sort.OPEN,
    "[": Sort.OPEN,
    ")": Sort.CLOSE,
    "]": Sort.CLOSE,
    "?": Sort.DOUBT,
    "+": Sort.ONWARDS,
    "\u2713": Sort.YES,
    "\u2714": Sort.YES,
    "\u2611": Sort.YES,
    "\u2705": Sort.YES,
    "\u221a": Sort.YES,
    **dict.fromkeys(",;/&|\\", Sort.LIST),
    **dict.fromkeys(".:!*'\"“”", Sort.STOP),
}

_ALIKE = str.maketrans(
    {
        **dict.fromkeys("–—‐‑‒―−", "-"),
        **dict.fromkeys("’‘`´", "'"),
        **dict.fromkeys("⁄∕", "/"),
        "_": " ",
        # What cannot be seen stands mostly at an end of a text.
        **dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff\xad\ufe0f", " "),
    }
)
"""One character for another, so that places in the text stay the same."""

_SHORT_NAMES = "|".join(name[:3].lower() for name in MONTHS)
_MONTH_BEHIND = rf"(?!\ ?(?:st|nd|rd|th)?\ ?(?:of\ )?(?:{_SHORT_NAMES}))"
_PHRASES = "|".join(
    re.escape(phrase).replace(r"\ ", "[ -]+")
    for phrase in sorted(_KNOWN, key=len, reverse=True)
    if not phrase.isalpha()
)

_TOKEN = re.compile(
    rf"""
      (?P<stamp>[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}(?:t|\ )
         (?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:\.[0-9]+)?)?(?![0-9:]|\ ?z))
    | (?P<utc>[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}(?:t|\ )
         (?:[01][0-9]|2[0-2]):[0-5][0-9](?::[0-5][0-9](?:\.[0-9]+)?)?\ ?z\b)
    | (?P<time>[0-9]{{1,2}}(?:[:.][0-5][0-9])?\ ?(?:am|pm|a\.m\.?|p\.m\.?|noon)(?![a-z])
         |[0-9]{{1,2}}:[0-5][0-9](?::[0-5][0-9](?:\.[0-9]+)?)?(?:\ ?(?:am|pm|hrs)\b)?(?![0-9]|\ ?z))
    | (?P<ymd>[0-9]{{4}}(?P<s>[/.-])[0-9]{{1,2}}(?P=s)[0-9]{{1,2}}(?![0-9]))
    | (?P<dmy>[0-9]{{1,2}}\ ?(?P<u>[/.-])\ ?[0-9]{{1,2}}\ ?(?P=u)\ ?(?:[0-9]{{4}}|[0-9]{{2}})
         (?![0-9]|[/.][0-9]))
    | (?P<years>[0-9]{{4}}(?:\ ?/\ ?|-)(?:[0-9]{{4}}|[0-9]{{1,2}})
         (?![0-9]|[/.][0-9]){_MONTH_BEHIND})
    | (?P<month_year>[0-9]{{1,2}}(?:\ ?/\ ?|[.-])[0-9]{{4}}(?![0-9]|[/.][0-9]))
    | (?P<pair>[0-9]{{1,2}}(?:\ ?/\ ?|[.-])[0-9]{{1,2}}(?![0-9]|[/.][0-9]){_MONTH_BEHIND})
    | (?P<phrase>(?:{_PHRASES})(?!\w))
    | (?P<ordinal>[0-9]{{1,2}}\ ?(?:st|nd|rd|th)\b(?!\ (?:quarter|qtr|half|week)))
    | (?P<short_year>(?!^)'[0-9]{{2}}(?![0-9]|[/.-][0-9]){_MONTH_BEHIND})
    | (?P<quarter>q(?:tr|uarter)?s?\.?\ ?(?:[1-4](?![0-9])|(?:one|two|three|four)\b)
         |(?:first|second|third|fourth|final|last|1st|2nd|3rd|4th)\ (?:quarter|qtr)\b)
    | (?P<half>h[12](?![0-9])|(?:first|second|latter|1st|2nd)\ half\b(?!\ term))
    | (?P<number>[0-9]+)
    | (?P<week_from>w\ ?[/.]?\ ?[cb]\b\.?
         |(?:week|wk|w)\ ?[/-]?\ ?(?:commencing|comm|com|beginning|beg|starting|start|of)\b)
    | (?P<week_to>w\ ?[/.]\ ?e\b(?!\.?f)\.?|(?:week|wk|w)\ ?[/-]?\ ?ending\b|(?:week|wk)[\ -]end\b)
    | (?P<arrow>-+>|=+>|>+|→|➔|⇒|➜)
    | (?P<word>[^\W\d_]+(?:'[^\W\d_]+)*)
    | (?P<mark>\S)
    """,
    re.VERBOSE | re.IGNORECASE,
)


@lru_cache(maxsize=4096)
def date_tokens(text: str) -> tuple[DateToken, ...]:
    """The words, figures and marks of a text that is no longer than a date can be."""
    return tuple(_token(found) for found in _TOKEN.finditer(text.translate(_ALIKE)))


def _token(found: re.Match[str]) -> DateToken:
    group = str(found.lastgroup)
    text = found.group().lower()
    sort, value = _sort(group, text)
    return DateToken(sort, text, found.start(), found.end(), value)


def _sort(group: str, text: str) -> tuple[Sort, int]:
    match group:
        case "word" | "phrase":
            return _word(" ".join(text.split()))
        case "mark":
            return _MARKS.get(text, Sort.UNKNOWN), 0
        case "number":
            return Sort.NUMBER, int(text[:9])
        case "ordinal":
            return Sort.ORDINAL, int(re.findall("[0-9]+", text)[0])
        case "quarter" | "half":
            return Sort[group.upper()], _place(text)
        case "utc":
            return Sort.STAMP, 0
        case _:
            return Sort[group.upper()], 0


def _word(word: str) -> tuple[Sort, int]:
    known = _KNOWN.get(word)
    if known is None and "-" in word:
        known = _KNOWN.get(word.replace("-", " "))
    if known is None and 4 < len(word) < 12:
        # “member” is like “November”, but for its first letter.
        names = [name for name in _LONG_NAMES if name[0] == word[0]]
        near = get_close_matches(word, names, n=1, cutoff=0.8)
        if near:
            return _KNOWN[near[0]]
    return known or (Sort.UNKNOWN, 0)


def _place(text: str) -> int:
    """Which quarter, or which half, is named: 3 for “Q3”, “quarter three” and “third quarter”."""
    figures = re.findall("[1-4]", text)
    if figures:
        return int(figures[0])
    words = _ORDERS | _FIGURES
    named = [words[word] for word in re.findall("[a-z]+", text) if word in words]
    return named[0]


def is_misspelt(token: DateToken) -> bool:
    """Whether a token is the name of a month with a mistake in it."""
    return token.sort is Sort.MONTH and token.text not in _KNOWN
