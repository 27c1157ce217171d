"""What a text in a column of due dates says: a date, a range, a date that was moved, or words."""

from __future__ import annotations

import re

from papergen.workbook.dates import readings as said
from papergen.workbook.dates import sentences
from papergen.workbook.dates.changes import labelled_dates
from papergen.workbook.dates.ranges import DatePoint, nearest_year, with_years
from papergen.workbook.dates.readings import DateReading, remark
from papergen.workbook.dates.rules import DateRules
from papergen.workbook.dates.sentences import DateSentence, date_sentence, labels
from papergen.workbook.dates.statements import (
    as_written,
    asked,
    before_date,
    exact_date,
    one_date,
    open_ended,
    several_dates,
    suggested_date,
)

_ONE = re.compile("R?P")
_OPEN = re.compile(r"E*[LH]?FPO?|PO")
_SEVERAL = re.compile(r"[FR]?P(?:[LRH]*P)+|WP[LRH]P")
_MISTYPED = re.compile(r"[0-9][0-9oOlI \u2010-\u2015/.,:-]*[0-9oOlI]")
"""Figures and marks that look like a date: “31/12/205”."""
_COMPLETE = re.compile(r"(?:Y[LHR]*)*D(?:[LHR]*[DY])*")


def due_text(text: str, rules: DateRules) -> DateReading:
    """What a text says in a column of due dates. It has words on one or several lines."""
    line = " ".join(text.split())
    sentence = date_sentence(line, rules)
    reading = _sure(sentence, rules)
    lines = text.splitlines()
    if len(lines) > 1 and (reading is None or "PP" in sentence.letters):
        # Each line may be a date of its own.
        parts = [" ".join(part.split()) for part in lines]
        listed = date_sentence("; ".join(part for part in parts if part), rules)
        reading = _sure(listed, rules) or reading
    return reading or _among_words(sentence, rules)


def _sure(sentence: DateSentence, rules: DateRules) -> DateReading | None:
    """What a sentence says in which every word is understood; None for any other."""
    flat = sentence.flat
    if _COMPLETE.fullmatch(flat):
        complete = remark(said.SAYS_COMPLETE, sentence.text)
        return DateReading(says_complete=True, remarks=(complete,))
    if re.search("[UZQY]", sentence.letters):
        return None
    unsure = next((point for point in sentence.points if point.problem is not None), None)
    if unsure is not None:
        return _unsure(sentence, unsure)
    if _ONE.fullmatch(flat):
        return one_date(sentence, rules)
    if flat == "BP":
        return before_date(sentence, rules)
    if _OPEN.fullmatch(flat):
        return open_ended(sentence)
    if _SEVERAL.fullmatch(flat):
        return several_dates(sentence, rules)
    return labelled_dates(sentence, rules)


def _unsure(sentence: DateSentence, point: DatePoint) -> DateReading | None:
    """The question of a date that is not sure; None where the other words are not understood."""
    assert point.problem is not None
    flat = sentence.flat
    if flat == "BP" or any(form.fullmatch(flat) for form in (_ONE, _OPEN, _SEVERAL)):
        return asked(sentence, point.problem, point.suggestion)
    given = labels(sentence.letters)
    if given is None:
        return None
    if set(given) <= {sentences.UNLABELLED, sentences.FIRST, sentences.REVISED}:
        return asked(sentence, point.problem, point.suggestion)
    return asked(sentence, said.COMPLETE_AMONG_WORDS)


def _among_words(sentence: DateSentence, rules: DateRules) -> DateReading:
    """What is printed as it is written; a question where it names a date that may be past."""
    letters = sentence.letters
    if _MISTYPED.fullmatch(sentence.text):
        return asked(sentence, said.NO_SUCH_DATE)
    if re.search("[DKY]", letters) and "Z" not in letters:
        return asked(sentence, said.COMPLETE_AMONG_WORDS)
    for place, point in zip(re.finditer("P", letters), _with_known_years(sentence), strict=True):
        is_open = letters[: place.start()].endswith("F") or letters[place.end() :].startswith("O")
        if not is_open and _may_be_past(sentence, point, rules):
            suggestion = _iso(point, rules) if point.problem is None else ""
            return asked(sentence, said.DATE_AMONG_WORDS, suggestion)
    return as_written(sentence, said.WRITTEN, None)


def _with_known_years(sentence: DateSentence) -> tuple[DatePoint, ...]:
    """The dates of a sentence, with the years of those beside them where these are sure."""
    points = sentence.points
    if any(point.problem is not None for point in points):
        return points
    return with_years(points) or points


def _may_be_past(sentence: DateSentence, point: DatePoint, rules: DateRules) -> bool:
    is_bare_year = point.precision == 1
    if point.problem is not None:
        return not is_bare_year
    if point.year is not None:
        return point.last(point.year) < rules.as_at.first
    if "E" in sentence.letters or sentence.text[point.start : point.end] == "may":
        # “each March” is of every year, and “may” is a verb.
        return False
    nearest = nearest_year([point], rules.as_at)
    return nearest is None or nearest.is_past


def _iso(point: DatePoint, rules: DateRules) -> str:
    if point.year is None:
        return suggested_date(point, rules)
    return exact_date(point).isoformat() if point.precision else ""
