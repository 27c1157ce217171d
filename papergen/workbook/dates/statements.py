"""What the dates of a sentence are read as, where none of them was moved."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta

from papergen.dates import PartialDate, WrittenDate
from papergen.text import join_words
from papergen.workbook.dates import readings as said
from papergen.workbook.dates.ranges import EASTER, DatePoint, limits, nearest_year, with_years
from papergen.workbook.dates.readings import DateReading, in_words, remark, until
from papergen.workbook.dates.rules import DateRules
from papergen.workbook.dates.sentences import DateSentence
from papergen.workbook.reading import FindingKind, Remark


def asked(sentence: DateSentence, kind: FindingKind, suggestion: str = "") -> DateReading:
    """A date as it is written, without a range, and a question."""
    if len(sentence.points) > 1:
        # The answer is for the whole cell, and the suggestion for one date of it.
        suggestion = ""
    question = remark(kind, sentence.text, suggestion=suggestion)
    return DateReading(WrittenDate(sentence.text), remarks=(question,))


def as_written(sentence: DateSentence, kind: FindingKind, first: PartialDate | None) -> DateReading:
    """A date as it is written, which is never overdue."""
    return DateReading(WrittenDate(sentence.text, first), remarks=(remark(kind, sentence.text),))


def suggested_date(point: DatePoint, rules: DateRules) -> str:
    """The nearest exact date that a date without a year can be; empty where it is a range."""
    nearest = nearest_year([point], rules.as_at)
    if nearest is None or not point.precision:
        return ""
    return exact_date(nearest.points[0]).isoformat()


def is_wrong_weekday(sentence: DateSentence, point: DatePoint) -> bool:
    """Whether a date, which has its year, is on another day of the week than the text says."""
    if sentence.weekday is None or point.precision != 3:
        return False
    return exact_date(point).first.weekday() != sentence.weekday


def exact_date(point: DatePoint) -> PartialDate:
    """The date of a point that has a precision and a year."""
    assert point.year is not None
    return point.exact(point.year)


def noted(kind: FindingKind, text: str, *points: DatePoint) -> Remark:
    """A note on dates, with what they are read as."""
    read_as = []
    for point in points:
        _, last = limits([point])
        read_as.append(in_words(exact_date(point)) if point.precision else until(last))
    return remark(kind, text, join_words(read_as))


def notes_on(text: str, points: Sequence[DatePoint]) -> list[Remark]:
    """The notes on dates, one for each kind: a cell counts once."""
    kinds = dict.fromkeys(kind for point in points for kind in point.notes)
    return [
        noted(kind, text, *(point for point in points if kind in point.notes)) for kind in kinds
    ]


def range_reading(
    sentence: DateSentence,
    points: tuple[DatePoint, ...],
    kind: FindingKind,
    notes: list[Remark],
) -> DateReading:
    """A date as it is written, with the days between which it lies."""
    first, last = limits(points)
    written = WrittenDate(sentence.text, PartialDate.of(first), PartialDate.of(last))
    return DateReading(written, remarks=(*notes, remark(kind, sentence.text, until(last))))


def date_value(sentence: DateSentence, point: DatePoint) -> PartialDate | WrittenDate:
    """A date of several in a text, in its own words where it is not exact."""
    if point.precision:
        return exact_date(point)
    first, last = limits([point])
    words = sentence.text[point.start : point.end]
    return WrittenDate(words, PartialDate.of(first), PartialDate.of(last))


# -- dates of which none was moved


def one_date(sentence: DateSentence, rules: DateRules) -> DateReading:
    """“30 October 2025”, “30 Nov”, “Q3 2025/26”."""
    (point,) = sentence.points
    notes: list[Remark] = []
    if point.year is None:
        nearest = nearest_year([point], rules.as_at)
        if nearest is None or nearest.is_past:
            return asked(sentence, said.WHICH_YEAR, suggested_date(point, rules))
        (point,) = nearest.points
        notes.append(noted(said.NO_YEAR, sentence.text, point))
    notes += notes_on(sentence.text, [point])
    if is_wrong_weekday(sentence, point):
        return asked(sentence, said.WRONG_WEEKDAY)
    if point.precision:
        return DateReading(exact_date(point), remarks=tuple(notes))
    return range_reading(sentence, (point,), said.WRITTEN_RANGE, notes)


def before_date(sentence: DateSentence, rules: DateRules) -> DateReading:
    """“before 1 April 2026”: until the day before."""
    (point,) = sentence.points
    notes = []
    if point.year is None:
        nearest = nearest_year([point], rules.as_at)
        if nearest is None or nearest.is_past:
            return asked(sentence, said.WHICH_YEAR)
        (point,) = nearest.points
        notes.append(noted(said.NO_YEAR, sentence.text, point))
    first, last = limits([point])
    if point.days != EASTER:
        # Easter is on a day of its range, and all others begin with theirs.
        last = first - timedelta(1)
    written = WrittenDate(sentence.text, None, PartialDate.of(last))
    notes.append(remark(said.WRITTEN_RANGE, sentence.text, until(last)))
    return DateReading(written, remarks=tuple(notes))


def open_ended(sentence: DateSentence) -> DateReading:
    """“April 2026 onwards”, which has no last day."""
    (point,) = sentence.points
    first = None
    if point.year is not None:
        first = PartialDate.of(point.first(point.year))
    return as_written(sentence, said.WRITTEN, first)


def several_dates(sentence: DateSentence, rules: DateRules) -> DateReading | None:
    """“1 Oct - 31 Dec 2025”, “Oct/Nov 2025”, “30 September 2025 & 31 March 2026”."""
    points = sentence.points
    if "PP" in sentence.letters and any(point.year is None for point in points):
        # Without a mark between them, “October” and what follows may be one date.
        return None
    notes = []
    if all(point.year is None for point in points):
        nearest = nearest_year(points, rules.as_at)
        if nearest is None or nearest.is_past:
            return asked(sentence, said.WHICH_YEAR)
        points = nearest.points
        _, last = limits(points)
        notes.append(remark(said.NO_YEAR, sentence.text, until(last)))
    dated = with_years(points)
    if dated is None:
        return None
    notes += notes_on(sentence.text, dated)
    is_list = all(point.precision == 3 for point in dated) and not re.search("[RHW]", sentence.flat)
    kind = said.SEVERAL if is_list else said.WRITTEN_RANGE
    return range_reading(sentence, dated, kind, notes)
