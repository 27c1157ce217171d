"""Dates of a sentence that were moved, and dates on which an action was completed."""

from __future__ import annotations

import re

from papergen.workbook.dates import readings as said
from papergen.workbook.dates import sentences
from papergen.workbook.dates.ranges import (
    DatePoint,
    limits,
    nearest_year,
    year_after,
    year_before,
)
from papergen.workbook.dates.readings import DateReading, in_words, remark
from papergen.workbook.dates.rules import DateRules
from papergen.workbook.dates.sentences import DateSentence, labels
from papergen.workbook.dates.statements import (
    asked,
    date_value,
    exact_date,
    noted,
    notes_on,
    one_date,
)
from papergen.workbook.reading import Remark


def labelled_dates(sentence: DateSentence, rules: DateRules) -> DateReading | None:
    """What is read where words say of each date whether it is the first, the revised one or that of
    completion.

    None where they say something else too.
    """
    given = labels(sentence.letters)
    if given is None:
        return None
    places: dict[str, list[DatePoint]] = {}
    for label, point in zip(given, sentence.points, strict=True):
        places.setdefault(label, []).append(point)
    if set(places) <= {sentences.UNLABELLED, sentences.FIRST, sentences.REVISED}:
        return _moved(sentence, places, rules)
    if len(sentence.points) == 1:
        (point,) = sentence.points
        if given == (sentences.DUE_AND_DONE,):
            return _due_and_done(sentence, point, rules)
        if given == (sentences.DONE,):
            return _done(sentence, point, rules)
        if given == (sentences.DONE_BY,):
            return _done_by(sentence, point, rules)
    if given == (sentences.UNLABELLED, sentences.DONE):
        return _due_then_done(sentence, rules)
    return None


def _moved(
    sentence: DateSentence,
    places: dict[str, list[DatePoint]],
    rules: DateRules,
) -> DateReading | None:
    """“30/10/12 (revised 30/11/12)”, “Dec 25 (slipped from Sep 25)”, “Revised to March 2026”."""
    plain = places.get(sentences.UNLABELLED, [])
    firsts = places.get(sentences.FIRST, [])
    revised = places.get(sentences.REVISED, [])
    if not revised and plain:
        # “C (was B, originally A)”: what is named last was the first.
        revised, firsts = plain, firsts[-1:]
    else:
        firsts = plain + firsts
    if len(plain) > 1 or not revised or len(firsts) > 1:
        return None
    if not firsts:
        return _moved_alone(sentence, revised, rules)
    pair = _both_years(firsts[0], revised[-1], rules)
    if pair is None:
        return asked(sentence, said.WHICH_YEAR)
    first, last = pair
    notes = notes_on(sentence.text, pair)
    notes += _notes_on_years(sentence, (firsts[0], revised[-1]), pair)
    date, moved_to = date_value(sentence, first), date_value(sentence, last)
    read_as = f"{in_words(date)}, revised to {in_words(moved_to)}"
    notes.append(remark(said.MOVED, sentence.text, read_as))
    return DateReading(date, moved_to, remarks=tuple(notes))


def _notes_on_years(
    sentence: DateSentence,
    typed: tuple[DatePoint, DatePoint],
    read: tuple[DatePoint, DatePoint],
) -> list[Remark]:
    """What there is to say of the years that two dates lack."""
    without = [after for before, after in zip(typed, read, strict=True) if before.year is None]
    if not without:
        return []
    kind = said.NO_YEAR if len(without) == 2 else said.YEAR_BESIDE
    return [noted(kind, sentence.text, *without)]


def _both_years(
    first: DatePoint,
    last: DatePoint,
    rules: DateRules,
) -> tuple[DatePoint, DatePoint] | None:
    """The first and the revised date with their years; None where the later one may be past."""
    if last.year is None:
        year: int | None = None
        if first.year is not None:
            year = year_after(last, first)
        else:
            nearest = nearest_year([last], rules.as_at)
            year = None if nearest is None else nearest.points[0].year
        if year is None or last.last(year) < rules.as_at.first:
            return None
        last = last.in_year(year)
    if first.year is None:
        year = year_before(first, last)
        if year is None:
            return None
        first = first.in_year(year)
    return first, last


def _moved_alone(
    sentence: DateSentence,
    revised: list[DatePoint],
    rules: DateRules,
) -> DateReading | None:
    """“Revised to 30/11/12”. “Slipped 30/11/12” may give the first date as well as the other."""
    if len(revised) > 1 or not re.fullmatch("N[RA]?P|N?V[RA]P|AP|PN", sentence.flat):
        return None
    reading = one_date(sentence, rules)
    return DateReading(
        reading.date, remarks=(*reading.remarks, remark(said.MOVED_ALONE, sentence.text))
    )


def _done(sentence: DateSentence, point: DatePoint, rules: DateRules) -> DateReading:
    """“Completed July 2025”."""
    dated, notes = completion_year(point, rules, sentence.text)
    complete = remark(said.SAYS_COMPLETE, sentence.text)
    if dated is None:
        return asked(sentence, said.COMPLETE_AMONG_WORDS)
    first, _ = limits([dated])
    if first > rules.as_at.last:
        return asked(sentence, said.COMPLETE_LATER)
    completed = exact_date(dated) if dated.precision else None
    return DateReading(completed=completed, says_complete=True, remarks=(*notes, complete))


def completion_year(
    point: DatePoint,
    rules: DateRules,
    text: str,
) -> tuple[DatePoint | None, list[Remark]]:
    """A date of completion with its year, and the notes on it.

    A date without a year is of the nearest one if it is past then, or in the as-at month; else it
    is None.
    """
    notes = []
    if point.year is None:
        nearest = nearest_year([point], rules.as_at, later=False)
        if nearest is None:
            return None, []
        (point,) = nearest.points
        first, _ = limits([point])
        if first > rules.as_at.last:
            return None, []
        notes.append(noted(said.NO_YEAR, text, point))
    notes += notes_on(text, [point])
    return point, notes


def _done_by(sentence: DateSentence, point: DatePoint, rules: DateRules) -> DateReading:
    """“Completed by March 2026”, which sets a date as long as that is to come."""
    is_past = point.year is not None and point.last(point.year) < rules.as_at.first
    if is_past:
        return asked(sentence, said.COMPLETE_AMONG_WORDS)
    return one_date(sentence, rules)


def _due_and_done(
    sentence: DateSentence,
    point: DatePoint,
    rules: DateRules,
) -> DateReading:
    """“30/06/2025 (complete)”."""
    if point.year is None:
        dated, notes = completion_year(point, rules, sentence.text)
    else:
        dated = point
        notes = notes_on(sentence.text, [point])
    date = None if dated is None else date_value(sentence, dated)
    complete = remark(said.SAYS_COMPLETE, sentence.text)
    return DateReading(date, says_complete=True, remarks=(*notes, complete))


def _due_then_done(sentence: DateSentence, rules: DateRules) -> DateReading | None:
    """“30/6/25 – completed 15/7/25”."""
    due, done = sentence.points
    if due.year is None or done.year is None:
        return None
    reading = _done(sentence, done, rules)
    if not reading.says_complete:
        return reading
    return DateReading(date_value(sentence, due), None, reading.completed, True, reading.remarks)
