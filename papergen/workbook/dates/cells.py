"""What a cell of a column of due dates, or of completion dates, says."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache

from papergen.dates import PartialDate, WrittenDate
from papergen.workbook.dates import readings as said
from papergen.workbook.dates.changes import completion_year
from papergen.workbook.dates.figures import is_month_first_date
from papergen.workbook.dates.ranges import limits
from papergen.workbook.dates.readings import (
    EARLIEST,
    LATEST,
    DateReading,
    in_words,
    remark,
)
from papergen.workbook.dates.rules import DateRules
from papergen.workbook.dates.sentences import DateSentence, date_sentence
from papergen.workbook.dates.statements import is_wrong_weekday
from papergen.workbook.dates.texts import due_text
from papergen.workbook.dates.words import Sort, date_tokens
from papergen.workbook.reading import Certainty, Remark
from papergen.workbook.settings import ListSettings, plain
from papergen.workbook.sheets import Broken, Cell, Moment, Number, shown

__all__ = ["DateReading", "is_month_first", "read_completed", "read_due"]

LONGEST = 120
"""No text with more characters is read as a date."""

_EXCEL_DAY_0 = date(1899, 12, 30)
_DAYS_FROM_1904 = 1462
"""Days that Excel's 1904 system counts fewer."""

_FIGURES = re.compile(r"-?[0-9]+(?:\.[0-9]+)?%?")
_YEAR = re.compile(r"[0-9]{4}")

_NOT_KNOWN_WORDS = (
    "tbc,tba,tbd,t b c,t b a,t b d,to be confirmed,to be agreed,to be advised,to be determined,"
    "to be decided,to be set,to be completed,to be identified,to be scheduled,n a,na,"
    "not applicable,not known,not yet known,unknown,not set,not yet set,not yet agreed,not agreed,"
    "not confirmed,not yet confirmed,not specified,not stated,not available,none,nil,null,"
    "no date,no date set,no date yet,no date agreed,undated,date tbc,dates tbc,date tba,dates tba,"
    "date tbd,timescale tbc,timescales tbc,timeline tbc,date to be confirmed,"
    "dates to be confirmed,date to be agreed,dates to be agreed,pending confirmation,"
    "awaiting confirmation,awaiting date,date awaited,blank,dd mm yy,dd mm yyyy,yyyy mm dd,"
    "dd mmm yy,dd mmm yyyy,date,insert date,enter date,xx,xxx,xx xx xx,xx xx xxxx,tbc tba,tbc tbc,"
    "to follow"
)
_NOT_KNOWN = frozenset(_NOT_KNOWN_WORDS.split(","))
"""Words for a date that is not known, as `_bare` has them."""

_AS_ABOVE = frozenset(
    ["ditto", "as above", "see above", "same", "same as above", "same date", "as previous"]
)
_DITTO_MARKS = frozenset("\"'”“″〃,")

_NO_WORDS = (
    "no,n,false,not yet,ongoing,on going,in progress,inprogress,not started,not yet started,"
    "not begun,not complete,not completed,not yet complete,not yet completed,incomplete,not done,"
    "not closed,open,outstanding,overdue,delayed,late,on hold,pending,underway,under way,started,"
    "commenced,partly complete,partly completed,partially complete,partially completed,"
    "part complete,in train,in hand,wip,work in progress,continuing,continuous,to do,planned,"
    "scheduled,not due,not yet due,on track,on target,live,active,awaiting completion,future"
)
_NO = frozenset(_NO_WORDS.split(","))
"""Words in a column of completion dates for an action that is not complete."""

_ONLY_MARKS = re.compile(r"[\s?.,:;…_/*~=#()\[\]–—‐‑−-]+")
_CROSSES = frozenset("✗✘☐✕✖❌")

_ALL_DONE = re.compile("[DY](?:[LHR]*[DY])*")
_DONE_ON = re.compile("(?:[DY][LH]*)*P(?:[LH]*[DY])*")


def read_due(
    cell: Cell,
    as_at: PartialDate,
    settings: ListSettings,
    *,
    serials: bool,
    month_first_seen: bool,
) -> DateReading:
    """What a cell of a column of due dates says.

    `serials`: whether a number may be a day of Excel's 1900 system. `month_first_seen`: whether
    `is_month_first` is true of another cell of the column.
    """
    if cell is None or isinstance(cell, Broken):
        return _empty(cell)
    typed = _typed(cell)
    answer = _answered(typed, settings)
    if isinstance(answer, PartialDate):
        return DateReading(answer)
    rules = DateRules(as_at, settings.dates, month_first_seen)
    match cell:
        case str():
            reading = _due_text(cell, rules, serials) if _fits(cell) else _too_long(cell)
        case Moment():
            reading = _moment(cell, typed)
        case _:
            reading = _number(cell, typed, serials)
    return reading if answer is None else _as_answered(reading, typed)


def read_completed(
    cell: Cell,
    as_at: PartialDate,
    settings: ListSettings,
    *,
    serials: bool,
    month_first_seen: bool,
) -> DateReading:
    """What a cell of a column of completion dates says. The other values are those of `read_due`.

    The date of completion may be after the as-at date.
    """
    if cell is None or isinstance(cell, Broken):
        return _empty(cell)
    typed = _typed(cell)
    answer = _answered(typed, settings)
    if answer is not None:
        return DateReading(completed=answer if isinstance(answer, PartialDate) else None)
    rules = DateRules(as_at, settings.dates, month_first_seen)
    match cell:
        case str():
            if not _fits(cell):
                return _too_long(cell)
            return _completed_text(cell, rules, serials)
        case bool():
            kind = said.SAYS_COMPLETE if cell else said.SAYS_NOT_COMPLETE
            return DateReading(says_complete=cell, remarks=(remark(kind, typed),))
        case Moment():
            return _as_completion(_moment(cell, typed))
        case _:
            return _as_completion(_number(cell, typed, serials))


def is_month_first(text: str) -> bool:
    """Whether a text holds a date that can only be read month first, as 12/31/2025."""
    if not _fits(text):
        return False
    return any(
        token.sort is Sort.DMY and is_month_first_date(token.text)
        for token in date_tokens(" ".join(text.split()))
    )


# -- cells of any column of dates


def _empty(cell: Broken | None) -> DateReading:
    if cell is None:
        return DateReading()
    return DateReading(fault=f"the cell {cell.why}", hint=cell.hint)


def _typed(cell: Cell) -> str:
    """What Excel shows of a cell, or its value where that is not known."""
    text = shown(cell)
    if text:
        return text
    if isinstance(cell, Number):
        return f"{cell.value:.15g}"
    return cell.date.isoformat() if isinstance(cell, Moment) else ""


def _answered(typed: str, settings: ListSettings) -> PartialDate | str | None:
    """The officer's answer on a text."""
    if not settings.due_dates:
        return None
    return settings.due_dates.get(plain(typed))


def _as_answered(reading: DateReading, typed: str) -> DateReading:
    """A reading that is answered `as-written`: without remarks, and with the range it has."""
    date_in_force = reading.revised or reading.date
    text = " ".join(typed.split())
    first = last = None
    match date_in_force:
        case WrittenDate():
            first, last = date_in_force.first, date_in_force.last
            if reading.revised is None:
                text = date_in_force.text
        case PartialDate():
            first = PartialDate.of(date_in_force.first)
            last = PartialDate.of(date_in_force.last)
    written = WrittenDate(text, first, last)
    return DateReading(written, None, reading.completed, reading.says_complete)


def _fits(text: str) -> bool:
    """Whether a text is short enough for a date."""
    if len(text) <= LONGEST:
        return True
    # Spaces do not count; a text this long is not one for its spaces.
    return len(text) < 4 * LONGEST and len(" ".join(text.split())) <= LONGEST


def _too_long(text: str) -> DateReading:
    return DateReading(remarks=(remark(said.TOO_LONG, text),))


def _moment(cell: Moment, typed: str) -> DateReading:
    day = cell.date
    if not EARLIEST <= day.year <= LATEST:
        return DateReading(remarks=(remark(said.NOT_A_DATE, typed),))
    if cell.is_reduced:
        return DateReading(day, remarks=(remark(said.MONTH_CELL, typed, in_words(day)),))
    return DateReading(day)


def _number(cell: Number | bool, typed: str, serials: bool) -> DateReading:
    """A year, or a day as Excel counts them."""
    if isinstance(cell, bool) or cell.is_share or not math.isfinite(cell.value):
        return DateReading(remarks=(remark(said.NOT_A_DATE, typed),))
    value = cell.value
    if value == int(value) and EARLIEST <= value <= LATEST:
        return DateReading(PartialDate(int(value)))
    # Excel's day 60, 29 February 1900, never was, and is long before `EARLIEST`.
    days = value if serials else value + _DAYS_FROM_1904
    first = date(EARLIEST, 1, 1) - _EXCEL_DAY_0
    behind = date(LATEST + 1, 1, 1) - _EXCEL_DAY_0
    if not first.days <= days < behind.days:
        return DateReading(remarks=(remark(said.NOT_A_DATE, typed),))
    day = PartialDate.of(_EXCEL_DAY_0 + timedelta(int(days)))
    if not serials:
        asked = remark(said.NOT_A_DATE, typed, suggestion=day.isoformat())
        return DateReading(remarks=(asked,))
    return DateReading(day, remarks=(remark(said.EXCEL_DAY, typed, in_words(day)),))


def _figures(line: str, serials: bool) -> DateReading | None:
    """What a text says that is a number and no year."""
    if not _FIGURES.fullmatch(line) or _YEAR.fullmatch(line):
        return None
    number = Number(float(line.rstrip("%")), line, is_share=line.endswith("%"))
    return _number(number, line, serials)


def _bare(text: str) -> str:
    """The words of a text in small letters, without marks."""
    return " ".join(re.findall(r"[^\W_]+", text.casefold()))


def _is_not_known(line: str) -> bool:
    return _ONLY_MARKS.fullmatch(line) is not None or _bare(line) in _NOT_KNOWN


# -- texts


@lru_cache(maxsize=8192)
def _due_text(text: str, rules: DateRules, serials: bool) -> DateReading:
    line = " ".join(text.split())
    if not line:
        return DateReading()
    if _is_not_known(line):
        return DateReading(remarks=(remark(said.NO_DATE, line),))
    if _bare(line) in _AS_ABOVE or set(line) <= _DITTO_MARKS:
        return DateReading(remarks=(remark(said.AS_ABOVE, line),))
    return _figures(line, serials) or due_text(text, rules)


@lru_cache(maxsize=8192)
def _completed_text(text: str, rules: DateRules, serials: bool) -> DateReading:
    line = " ".join(text.split())
    if not line:
        return DateReading()
    if _is_not_known(line) or _bare(line) in _NO or set(line) <= _CROSSES:
        return DateReading(remarks=(remark(said.SAYS_NOT_COMPLETE, line),))
    figures = _figures(line, serials)
    if figures is not None:
        return _as_completion(figures)
    sentence = date_sentence(line, rules)
    if _ALL_DONE.fullmatch(sentence.flat):
        return DateReading(says_complete=True, remarks=(remark(said.SAYS_COMPLETE, line),))
    if _is_past_forecast(sentence, rules):
        return DateReading(remarks=(remark(said.NOT_A_COMPLETION, line),))
    if _is_to_come(sentence, rules):
        return DateReading(remarks=(remark(said.SAYS_NOT_COMPLETE, line),))
    if not _DONE_ON.fullmatch(sentence.flat):
        return DateReading(remarks=(remark(said.NOT_A_COMPLETION, line),))
    return _completed_on(sentence, rules)


def _is_past_forecast(sentence: DateSentence, rules: DateRules) -> bool:
    """Whether a text forecasts a date that is past: “by 30 June 2025” does not say it was met."""
    points = sentence.points
    if not sentence.is_forecast or not points:
        return False
    if any(point.problem is not None or point.year is None for point in points):
        return False
    _, last = limits(points)
    return last <= rules.as_at.last


def _is_to_come(sentence: DateSentence, rules: DateRules) -> bool:
    """Whether a text in a column of completion dates gives dates that are still to come."""
    if not sentence.is_forecast:
        return False
    if _DONE_ON.fullmatch(sentence.flat):
        return re.search("[DY]", sentence.letters) is None
    points = sentence.points
    if not points or any(point.problem is not None or point.year is None for point in points):
        return False
    first, _ = limits(points)
    return first > rules.as_at.last


def _completed_on(sentence: DateSentence, rules: DateRules) -> DateReading:
    """“30/06/2025”, “Yes – July 2025”."""
    (point,) = sentence.points
    dated = None
    notes: list[Remark] = []
    if point.problem is None and point.precision:
        dated, notes = completion_year(point, rules, sentence.text)
    if dated is None or dated.year is None or is_wrong_weekday(sentence, dated):
        asked = remark(point.problem or said.NOT_A_COMPLETION, sentence.text, "", point.suggestion)
        return _as_completion(DateReading(remarks=(asked,)))
    day = dated.exact(dated.year)
    is_said = re.search("[DY]", sentence.letters) is not None
    says_complete = is_said and day.first <= rules.as_at.last
    return DateReading(completed=day, says_complete=says_complete, remarks=tuple(notes))


def _as_completion(reading: DateReading) -> DateReading:
    """The date of a reading as one of completion, and its questions as what that column asks."""
    remarks = []
    for one in reading.remarks:
        if one.kind.level is Certainty.QUESTION:
            one = replace(one, kind=said.NOT_A_COMPLETION)
        remarks.append(one)
    day = reading.date if isinstance(reading.date, PartialDate) else None
    return DateReading(completed=day, remarks=tuple(remarks))
