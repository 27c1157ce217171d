"""What a cell of a column of dates says, as a value, and the kinds of remark about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from papergen.dates import PartialDate, WrittenDate
from papergen.language.cldr import make_locale
from papergen.text import shorten_line
from papergen.workbook.reading import Answer, Certainty, FindingKind, Remark
from papergen.workbook.settings import AS_WRITTEN

MONTHS = make_locale().months

EARLIEST = 1990
LATEST = 2100
"""Years that a date of an action can have. They also separate years from Excel's day numbers."""

_LONGEST_KEY = 1000
"""YAML allows no longer key on one line (YAML 1.2.2, 7.4.2: 1024 characters)."""


@dataclass(frozen=True, slots=True)
class DateReading:
    """What a cell of a column of due dates, or of completion dates, says.

    `date`: the due date. `revised`: the date that it was moved to; `date` is then the first one.
    `completed`: the date of completion. `says_complete`: whether the cell says that the action is
    complete. `fault` and `hint`: why the cell has no value to read, and what to do.
    """

    date: PartialDate | WrittenDate | None = None
    revised: PartialDate | WrittenDate | None = None
    completed: PartialDate | None = None
    says_complete: bool = False
    remarks: tuple[Remark, ...] = ()
    fault: str = ""
    hint: str = ""


# -- notes

EXCEL_DAY = FindingKind(
    "excel-day",
    Certainty.NOTE,
    "a number in a column of dates is a day as Excel counts them",
)
MONTH_CELL = FindingKind(
    "month-cell",
    Certainty.NOTE,
    "a date that Excel shows without its day is read as the month or the year",
)
NEAR_YEAR = FindingKind(
    "month-and-two-figures",
    Certainty.NOTE,
    "two figures after a month are read as the year",
)
NO_YEAR = FindingKind(
    "no-year",
    Certainty.NOTE,
    "a date without a year is of the year nearest to the as-at date",
)
YEAR_BESIDE = FindingKind(
    "year-beside",
    Certainty.NOTE,
    "a date without a year takes it from the other date in its cell",
)
MISSPELT = FindingKind(
    "month-misspelt",
    Certainty.NOTE,
    "a misspelt month is read as the one that is meant",
)
DAY_FIRST_ONLY = FindingKind(
    "day-first-only",
    Certainty.NOTE,
    "a date that cannot be read month first is read day first",
)
WRITTEN_RANGE = FindingKind(
    "date-written-with-range",
    Certainty.NOTE,
    "a due date that is a period is printed as written, and is overdue after its last day",
)
WRITTEN = FindingKind(
    "date-as-written",
    Certainty.NOTE,
    "words in place of a due date are printed as written, and never counted as overdue",
)
SEVERAL = FindingKind(
    "several-dates",
    Certainty.NOTE,
    "several dates in a cell print as written, and the last of them decides what is overdue",
)
MOVED = FindingKind(
    "date-moved", Certainty.NOTE, "the cell gives the first due date and the revised one"
)
MOVED_ALONE = FindingKind(
    "only-the-revised-date",
    Certainty.NOTE,
    "the due date was moved, and the cell does not give the first one",
)
NO_DATE = FindingKind(
    "no-date-yet",
    Certainty.NOTE,
    "a cell says that no date is known yet, and is a gap",
)
SAYS_COMPLETE = FindingKind(
    "date-says-complete",
    Certainty.NOTE,
    "a cell in a column of dates says that the action is complete",
)
SAYS_NOT_COMPLETE = FindingKind(
    "not-completed-yet",
    Certainty.NOTE,
    "a cell in a column of completion dates says that the action is not complete, or gives no date",
)

# -- questions

WHICH_YEAR = FindingKind(
    "which-year",
    Certainty.QUESTION,
    "a date without a year would be past in the nearest year: printed as written, and "
    "never counted as overdue",
)
DAY_OR_YEAR = FindingKind(
    "day-or-year",
    Certainty.QUESTION,
    "two figures beside a month can be a day or a year: printed as written, and never counted as "
    "overdue",
)
DAY_OR_MONTH = FindingKind(
    "day-or-month",
    Certainty.QUESTION,
    "the column holds dates that can only be read month first, so a date that can be read both "
    "ways prints as written, and is never counted as overdue",
)
MONTH_FIRST = FindingKind(
    "month-first",
    Certainty.QUESTION,
    "a date that can only be read month first prints as written, and is never counted as overdue",
)
PAIR_UNCLEAR = FindingKind(
    "day-and-month-or-month-and-year",
    Certainty.QUESTION,
    "a date can be a day and a month, or a month and a year: printed as written, and never counted "
    "as overdue",
)
NO_SUCH_DATE = FindingKind(
    "no-such-date",
    Certainty.QUESTION,
    "a date that does not exist, or is out of range for an action, is printed as written, "
    "and never counted as overdue",
)
WRONG_WEEKDAY = FindingKind(
    "wrong-weekday",
    Certainty.QUESTION,
    "a date falls on another day of the week than the cell says: printed as written, and never "
    "counted as overdue",
)
DATE_AMONG_WORDS = FindingKind(
    "date-among-words",
    Certainty.QUESTION,
    "a date that may be past is given among other words: printed as written, and never "
    "counted as overdue",
)
COMPLETE_AMONG_WORDS = FindingKind(
    "complete-among-words",
    Certainty.QUESTION,
    "words in a column of dates may mean that the action is complete: printed as written, "
    "and not counted as complete",
)
COMPLETE_LATER = FindingKind(
    "complete-after-as-at",
    Certainty.QUESTION,
    "a due date says that the action was completed after the as-at date: printed as "
    "written, and not counted as complete",
)
AS_ABOVE = FindingKind(
    "date-of-another-cell",
    Certainty.QUESTION,
    "“ditto”, “as above” or the like in a column of dates is not read",
)
TOO_LONG = FindingKind(
    "long-due-date",
    Certainty.QUESTION,
    "a text in a column of dates is too long for a date, and is not used",
)
NOT_A_DATE = FindingKind(
    "not-a-date",
    Certainty.QUESTION,
    "a value in a column of dates is not a date, and is not used",
)
NOT_A_COMPLETION = FindingKind(
    "completion-unclear",
    Certainty.QUESTION,
    "it is not clear that a cell in a column of completion dates gives a date or says "
    "“complete”, so it is not used",
)


def remark(kind: FindingKind, text: str, read_as: str = "", suggestion: str = "") -> Remark:
    """What there is to say of the cell that holds `text`.

    A question gets its answer: a line of `due_dates` with `suggestion`, or that the cell prints as
    it is written.
    """
    answer = None
    if kind.level is Certainty.QUESTION:
        answer = _answer(kind, text)
        if suggestion and not read_as:
            read_as = f"perhaps {suggestion}"
    return Remark(kind, shorten_line(text), read_as, answer)


def _answer(kind: FindingKind, text: str) -> Answer | None:
    """The answer that says no more than the list does."""
    if kind is DAY_OR_MONTH:
        return Answer("dates", "day-first")
    key = " ".join(text.split())
    if len(key) > _LONGEST_KEY:
        return None
    return Answer("due_dates", AS_WRITTEN, key)


def in_words(day: PartialDate | WrittenDate) -> str:
    """A date as papers print it: “30 October 2012”, “October 2012”, “2012”."""
    if isinstance(day, WrittenDate):
        return f"“{day.text}”"
    parts = [str(day.year)]
    if day.month is not None:
        parts.insert(0, MONTHS[day.month - 1])
    if day.day is not None:
        parts.insert(0, str(day.day))
    return " ".join(parts)


def until(last: date) -> str:
    """How a range that ends on `last` is read, in words."""
    return f"until {in_words(PartialDate.of(last))}"
