"""What a heading says that its column is for: known by its words, and not from a closed list."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from papergen.workbook.columns import heading_rules
from papergen.workbook.columns.heading_dates import dates, may_revise, two_dates
from papergen.workbook.columns.heading_names import (
    ALSO,
    BY_CELLS,
    SOME_DATE,
    TARGET_OR_DONE,
    USUAL_NAMES,
)
from papergen.workbook.columns.heading_rules import Named, Words
from papergen.workbook.columns.heading_words import (
    LONGEST,
    heading_period,
    is_private,
    one_line,
    word_set,
    words,
)

USUAL, BY_WORDS, IF_CELLS_FIT = 3, 2, 1
"""How closely a heading names a field."""

_WHY = {
    USUAL: "a usual name of it",
    BY_WORDS: "by the words of its heading",
    IF_CELLS_FIT: "by its heading and the cells below",
}


@dataclass(frozen=True, slots=True)
class HeadingMeaning:
    """A field that a heading can name.

    `closeness`: `USUAL` for a usual name, `BY_WORDS` where the words say so, and `IF_CELLS_FIT` for
    one that holds only if the cells below are of that kind. `why` says so in words.
    """

    field: str
    closeness: int
    why: str


Meanings: TypeAlias = tuple[HeadingMeaning, ...]


@lru_cache(maxsize=16384)
def meanings(heading: str) -> Meanings:
    """The fields that a heading can name, best first; none for one that names no field."""
    if len(heading) > LONGEST or _is_sentence(heading) or is_private(heading):
        return ()
    heading = _YES_NO.sub(" ", _COUNTED.sub("", heading))
    return _judge(heading) if words(heading) else ()


@lru_cache(maxsize=4096)
def is_something_else(heading: str) -> bool:
    """Whether a heading is known to name something that is no field: a start date, a risk."""
    return not meanings(heading) and heading_rules.is_another(words(heading))


@lru_cache(maxsize=4096)
def is_target_or_done(heading: str) -> bool:
    """Whether a heading can name the date an action is due as well as that it was done."""
    fields = {meaning.field for meaning in meanings(heading)}
    return {"due", "completed"} <= fields


@lru_cache(maxsize=4096)
def is_some_date(heading: str) -> bool:
    """Whether a heading says no more than that there are dates below."""
    if len(heading) > LONGEST:
        return False
    return any(words(form) in _SOME_DATE for form in _forms(heading))


@lru_cache(maxsize=4096)
def is_unclear_revision(heading: str) -> bool:
    """Whether a heading may be that of revised dates, but has words that are not known."""
    return not meanings(heading) and may_revise(words(heading))


_RULES: tuple[Callable[[Words], Named], ...] = (
    heading_rules.share,
    heading_rules.evidence,
    heading_rules.signed_off,
    heading_rules.ref,
    heading_rules.comment,
    heading_rules.rating,
    heading_rules.status,
    dates,
    heading_rules.responsible,
    heading_rules.owner,
    heading_rules.priority,
    heading_rules.workstream,
    heading_rules.phase,
    heading_rules.text,
)
"""In order: the first that names something decides."""


def _all_names(names: Mapping[str, str]) -> Iterator[tuple[tuple[str, ...], str]]:
    for field, listed in names.items():
        for name in listed.split(", "):
            yield words(name), field


def _meaning(field: str, closeness: int) -> HeadingMeaning:
    return HeadingMeaning(field, closeness, _WHY[closeness])


def _tables() -> dict[tuple[str, ...], Meanings]:
    """What each name in the tables of names can be for."""
    known: dict[tuple[str, ...], Meanings] = {}
    for name, fields in BY_CELLS.items():
        known[words(name)] = tuple(_meaning(field, IF_CELLS_FIT) for field in fields)
    either = _meaning("due", IF_CELLS_FIT), _meaning("completed", IF_CELLS_FIT)
    for name in TARGET_OR_DONE:
        known[words(name)] = either
    known[words("completion")] = (*either, _meaning("share", IF_CELLS_FIT))
    for form, field in _all_names(USUAL_NAMES):
        known[form] = (_meaning(field, USUAL),)
    for name, fields in ALSO.items():
        known[words(name)] += tuple(_meaning(field, IF_CELLS_FIT) for field in fields)
    return known


_NAMES = _tables()
_RUN_TOGETHER = {
    "".join(name): found
    for name, found in _NAMES.items()
    if len(name) > 1 and found[0].closeness == USUAL
}
"""Usual names as databases write them: `leadofficer`."""

_SOME_DATE = frozenset(words(name) for name in SOME_DATE)

_YES_NO = re.compile(r"[(\[]?\b(?:y ?/ ?n|yes/no|y or n|yes or no)\b[)\]]?", re.IGNORECASE)
_MOST_SPACES = 14
_MORE = re.compile(r"[(\[\n:]")

_COUNTED = re.compile(r"^\s*\(?(?:\d{1,2}[.)]|[a-h]\))\s+", re.IGNORECASE)
"""The number of a heading: “1. Action”, “(b) Owner”."""

_BRACKETS = re.compile(r"[(\[][^()\[\]]*[)\]]?")
_SEPARATORS = re.compile(r"[/&+,;|]|\band\b|\bor\b", re.IGNORECASE)
_TAIL = re.compile(r"\n|[:?](?=\s|$)|(?<=\w{5})[.](?=\s|$)|\s[-–—]\s|[-–—]\s")
_CHOICES = re.compile(r"[^\W\d][ ?!]*[/,;|] *[^\W\d]")
_MOST_ADDED = 4
_HINT = word_set(
    "please select choose enter see use eg include describe insert delete keep tick dd mm yyyy yy "
    "format optional mandatory applicable"
)
_IN_PARTS = frozenset(words(name) for name in ("open/closed", "open or closed", "r/a/g"))
_IN_PARTS |= {words("red/amber/green"), words("red, amber, green"), words("sign off yes/no")}
"""Usual names that are written with strokes between their words."""

_PERIODIC = frozenset({"comment", "rating", "status", "share", "text"})
"""Fields of which a list may have a column for each month."""

_MIXABLE = frozenset({"text", "comment", "evidence", "workstream"})
"""Fields that hold whole texts, which may speak of other things too."""

_TOGETHER: dict[frozenset[str], tuple[tuple[str, int], ...]] = {
    frozenset({"owner", "responsible"}): (("owner", BY_WORDS),),
    frozenset({"status", "rating"}): (("status", BY_WORDS),),
    frozenset({"comment", "evidence"}): (("comment", BY_WORDS),),
    frozenset({"comment", "status"}): (("status", BY_WORDS), ("comment", BY_WORDS)),
    frozenset({"comment", "rating"}): (("rating", BY_WORDS), ("comment", BY_WORDS)),
    frozenset({"comment", "share"}): (("comment", BY_WORDS), ("share", IF_CELLS_FIT)),
    frozenset({"text", "workstream"}): (("text", BY_WORDS),),
    frozenset({"ref", "text"}): (("text", BY_WORDS),),
    frozenset({"priority", "text"}): (("text", BY_WORDS),),
    frozenset({"priority", "workstream"}): (("workstream", BY_WORDS),),
    frozenset({"text", "comment"}): (("text", IF_CELLS_FIT),),
    frozenset({"due", "revised_due"}): (("due", BY_WORDS),),
    frozenset({"due", "completed"}): (("due", IF_CELLS_FIT), ("completed", IF_CELLS_FIT)),
    frozenset({"evidence", "signed_off"}): (("evidence", BY_WORDS),),
    frozenset({"phase", "workstream"}): (("workstream", BY_WORDS),),
    frozenset({"comment", "date"}): (("comment", BY_WORDS),),
    frozenset({"due", "date"}): (("due", BY_WORDS),),
    frozenset({"completed", "date"}): (("completed", BY_WORDS),),
    frozenset({"signed_off", "date"}): (("signed_off", BY_WORDS),),
}
"""What a heading is for that names two fields, as “Owner / Lead agency” does.

One that names others, as “Action and owner”, is for none: its cells hold both.
"""


def _judge(heading: str) -> Meanings:
    """The fields that a heading names: as a whole, else without what is added to it."""
    judged: Meanings | None = None
    for form in _forms(heading):
        found = _of_form(form)
        if judged is None:
            judged = found
        elif _is_closer(found, judged):
            return found or ()
    return _without_period(heading) if judged is None else judged


def _is_closer(found: Meanings | None, judged: Meanings) -> bool:
    """Whether a form of a heading is a usual name of the field that another names by its words."""
    if not found or not judged or judged[0].closeness == USUAL:
        return False
    return found[0].field == judged[0].field and found[0].closeness == USUAL


def _is_sentence(text: str) -> bool:
    """Whether a text is too long for a heading that has nothing in brackets or behind a colon."""
    return text.count(" ") > _MOST_SPACES and _MORE.search(text) is None


def _without_period(heading: str) -> Meanings:
    """What a heading names without the period that is in it."""
    for form in _forms(heading):
        rest, period = heading_period(form)
        found = _of_words(words(rest)) if period is not None else ()
        periodic = [each for each in found if each.field in _PERIODIC]
        if periodic:
            return tuple(_meaning(each.field, min(each.closeness, BY_WORDS)) for each in periodic)
    return ()


@lru_cache(maxsize=4096)
def _forms(heading: str) -> tuple[str, ...]:
    """A heading as a whole, and without what is no more than a hint to those who fill in the list.

    That is what is in brackets, and what follows a line, a colon or a dash if it is like a hint. It
    must not make the heading that of something else: “Date (raised)”.
    """
    forms = [one_line(heading)]
    bare = _BRACKETS.sub(" ", heading).strip()
    if not heading_rules.is_another(_added(heading, bare)):
        forms.append(one_line(bare))
    for text in (heading.strip(), bare):
        first, *rest = _TAIL.split(text, maxsplit=1)
        is_hint = rest and (_is_hint(rest[0]) or _says_same(first, rest[0]))
        if is_hint and not heading_rules.is_another(_added(heading, first)):
            forms.append(one_line(first))
    able = [form for form in forms if words(form) and form.count(" ") <= _MOST_SPACES]
    return tuple(dict.fromkeys(able))


def _added(heading: str, form: str) -> Words:
    """The words that a form of a heading leaves out; none where they are a whole sentence."""
    left_out = words(one_line(heading).replace(one_line(form), " "))
    return left_out if len(left_out) <= _MOST_ADDED else ()


def _is_hint(rest: str) -> bool:
    """Whether what follows a heading is a hint: choices, a form to use, or a whole sentence."""
    found = words(rest)
    has_choices = _CHOICES.search(rest) is not None
    return not found or has_choices or len(found) > _MOST_ADDED or not _HINT.isdisjoint(found)


def _says_same(first: str, rest: str) -> bool:
    """Whether what follows a heading names the same field again: “Action – what we will do”."""
    one, other = _of_words(words(first)), _of_words(words(rest))
    return bool(one and other) and one[0].field == other[0].field


def _of_form(form: str) -> Meanings | None:
    """What a heading names on one line, with all that is in it; None for what is not known."""
    whole = words(form)
    parts = _parts(form)
    if whole in _NAMES and (whole in _IN_PARTS or len(parts) < 2):
        return _NAMES[whole]
    if two_dates(whole):
        return _meaning("due", IF_CELLS_FIT), _meaning("completed", IF_CELLS_FIT)
    return _of_parts(parts) if len(parts) > 1 else _of_words(whole) or None


def _of_words(found: Words) -> Meanings:
    """What a heading of one part names."""
    if not found:
        return ()
    if found in _NAMES:
        return _NAMES[found]
    if len(found) == 1 and found[0] in _RUN_TOGETHER:
        return _RUN_TOGETHER[found[0]]
    for rule in _RULES:
        fields = rule(found)
        if fields:
            first = [_meaning(field, BY_WORDS) for field in fields[:1] if field]
            return (*first, *(_meaning(field, IF_CELLS_FIT) for field in fields[1:]))
    return ()


def _parts(heading: str) -> list[str]:
    """The parts of a heading that are joined by a stroke or “and”, outside brackets."""
    bare = _BRACKETS.sub(" ", heading).strip()
    first, *rest = _TAIL.split(bare, maxsplit=1)
    if rest and _CHOICES.search(rest[0]) and not _SEPARATORS.search(first):
        return []
    return [part for part in _SEPARATORS.split(bare) if words(part)]


def _of_parts(parts: list[str]) -> Meanings | None:
    """What a heading of several parts names; nothing for parts that do not go together."""
    judged = [(words(part), _of_words(words(part))) for part in parts]
    known = [found for _, found in judged if found]
    close = [found[0] for found in known if found[0].closeness > IF_CELLS_FIT]
    fields = {meaning.field for meaning in close}
    if fields == {"responsible"} and any(found[0].field == "owner" for found in known):
        fields.add("owner")
    if any(not found and heading_rules.is_another(part) for part, found in judged):
        fields &= _MIXABLE
    if fields and any(part in _SOME_DATE for part, _ in judged):
        fields.add("date")
    if len(fields) == 1:
        return (_meaning(fields.pop(), BY_WORDS),)
    if fields or close:
        together = _TOGETHER.get(frozenset(fields), ())
        return tuple(_meaning(field, closeness) for field, closeness in together)
    firsts = {found[0].field: found for found in known}
    return next(iter(firsts.values())) if len(firsts) == 1 else None
