"""What the text of an update says of an action's status, where it says it outright."""

from __future__ import annotations

import re
from functools import lru_cache

from papergen.dates import PartialDate
from papergen.workbook.status_words import COMPLETE, OPEN
from papergen.workbook.words import is_harmless, is_qualified, words_of

_LONGEST_SENTENCE = 160
_MAY_SAY = re.compile(
    "complet|closed|done|finish|deliver|achiev|implement|start|begun|commence|progress|going"
    "|under|overdue|delayed|hold|outstanding",
    re.IGNORECASE,
)
"""What any update has that says something of the status."""
_SENTENCE_END = re.compile(r"(?<=[.;!\n])\s+|\n")
_SUBJECT = r"(?:(?:this|the) )?(?:action |task |work |item )?(?:is |has been |was |now |fully )*"
_DONE = re.compile(
    _SUBJECT + r"(?:complete|completed|closed|done|finished|delivered|achieved|implemented)"
    r"(?P<rest>(?: .*)?)"
)
_AND_CLOSED = re.compile(r"\b(?:completed?|done|delivered) (?:and|now) (?:is )?(?:now )?closed\b")
_NOT_DONE = re.compile(
    _SUBJECT
    + r"(?:not (?:yet )?(?:been )?(?:started|begun|commenced|complete|completed|done)|incomplete"
    r"|in progress|ongoing|on going|underway|under way|overdue|delayed|on hold|outstanding)\b.*"
)
_NO_LONGER_OPEN = re.compile(r"\b(?:previously|formerly|was|were|had been)\b")
_NOT = re.compile(r"\b(?:not|never|until|once|when|if|after|before|to be|will be|yet to)\b")


@lru_cache(maxsize=20_000)
def update_says(text: str, as_at: PartialDate) -> str:
    """`complete` or `open` where the update says so outright; empty for any other text.

    “Completed in July 2025 and closed.” says that the action is complete; “Completed the draft” and
    “Complete, subject to sign-off” say nothing for certain.
    """
    if _MAY_SAY.search(text) is None:
        return ""
    sentences = _SENTENCE_END.split(text[: _LONGEST_SENTENCE * 4])
    for sentence in sentences[:1] + sentences[-1:]:
        says = _sentence_says(sentence, as_at)
        if says:
            return says
    return ""


def _sentence_says(sentence: str, as_at: PartialDate) -> str:
    if len(sentence) > _LONGEST_SENTENCE or "?" in sentence:
        return ""
    words = words_of(sentence)
    if _NOT_DONE.fullmatch(words) and not _NO_LONGER_OPEN.search(words):
        return OPEN
    if _AND_CLOSED.search(words) and not _NOT.search(words):
        return COMPLETE
    found = _DONE.fullmatch(words)
    if found is None:
        return ""
    rest = found["rest"].strip()
    if is_harmless(rest, as_at) or _is_aside(sentence, rest):
        return COMPLETE
    return ""


def _is_aside(sentence: str, rest: str) -> bool:
    """Whether what follows “completed” is set off from it: “Completed – 68% response rate”."""
    return re.match(r"[^\W_]+ ?[–—:;-] ", sentence.strip()) is not None and not is_qualified(rest)
