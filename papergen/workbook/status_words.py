"""What the words of a status say of an action."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from papergen.dates import PartialDate
from papergen.workbook.reading import Answer, Certainty, FindingKind, Remark
from papergen.workbook.settings import plain
from papergen.workbook.words import (
    KnownWord,
    is_harmless,
    is_not_known,
    known_word,
    word_set,
    words_of,
)

COMPLETE = "complete"
IN_PROGRESS = "in-progress"
NOT_STARTED = "not-started"
SUSPENDED = "suspended"
CANCELLED = "cancelled"
OPEN = "open"
"""Not done; whether it has been begun is not said."""
NOT_DUE = "not-due"

IN_MODEL = (COMPLETE, IN_PROGRESS, NOT_STARTED, SUSPENDED, CANCELLED)
"""The statuses that an action of a plan can have."""


def _table(**meanings: str) -> dict[str, str]:
    table = {}
    for meaning, words in meanings.items():
        for word in words.split(","):
            table[words_of(word)] = meaning.replace("_", "-")
    return table


STATUSES = _table(
    complete=(
        "complete,completed,done,finished,delivered,achieved,implemented,complete and closed,"
        "completed and closed,closed and complete,action complete,action completed,"
        "fully complete,fully completed,fully implemented"
    ),
    in_progress=(
        "in progress,inprogress,ongoing,on going,underway,under way,started,commenced,"
        "begun,in hand,progressing,in train,work in progress,wip,on track,on target,"
        "on schedule,partially complete,partially completed,partly complete,"
        "partly completed,part complete,part completed,continuing,in delivery,"
        "partially implemented,partly implemented,in development,active"
    ),
    not_started=(
        "not started,not yet started,not begun,to start,yet to start,not commenced,"
        "not yet commenced,to do,todo,planned,scheduled,not started yet,yet to begin"
    ),
    suspended="on hold,suspended,paused,parked",
    cancelled=(
        "cancelled,canceled,withdrawn,no longer required,no longer needed,abandoned,"
        "superseded,deleted,not required,not pursued,dropped,no longer being pursued"
    ),
    not_due="not due,not yet due,not due yet,not due to start,not yet due to start",
    open=(
        "open,overdue,late,delayed,slipped,slipping,behind,behind schedule,off track,at risk,"
        "outstanding,incomplete,not complete,not completed,not yet complete,"
        "not yet completed,not done,not closed,not achieved,not implemented,not delivered,"
        "still open,live,missed,off target,not on track"
    ),
)
CLOSED = frozenset(["closed", "action closed", "now closed"])
"""Complete, where a column of statuses has no other word for it; else it is asked."""

NOT_KNOWN = "not-known"
"""The answer that says no more than the list: the status stays a gap."""

WORD_ONLY_OPEN = FindingKind(
    "status-open",
    Certainty.NOTE,
    "an action is not complete, and the list does not say whether work on it has begun",
)
TAIL = FindingKind(
    "status-tail",
    Certainty.NOTE,
    "the words after a status are not read",
)
UNKNOWN_STATUS = FindingKind(
    "unknown-status",
    Certainty.QUESTION,
    "papergen does not know a status: the action counts neither as complete nor as overdue",
)
QUALIFIED_STATUS = FindingKind(
    "qualified-status",
    Certainty.QUESTION,
    "a status has words beside it that may change it: the action counts neither as "
    "complete nor as overdue",
)
CLOSED_OR_COMPLETE = FindingKind(
    "closed-or-complete",
    Certainty.QUESTION,
    "“closed” is used beside another word for complete: the action counts neither as "
    "complete nor as overdue",
)
NO_STATUS = FindingKind("status-not-known", Certainty.NOTE, "a status given as not known is a gap")
SHARE_AS_STATUS = FindingKind(
    "share-as-status",
    Certainty.NOTE,
    "a percentage in the status column is read as the per cent complete",
)


@dataclass(frozen=True, slots=True)
class StatusReading:
    """What a cell says of an action's status.

    `says`: a status of the model, `OPEN` or `NOT_DUE`; empty for nothing. `is_asked`: it is not
    settled what the cell says. `share`: the percentage in place of a word.
    """

    says: str = ""
    is_asked: bool = False
    share: int | None = None
    remarks: tuple[Remark, ...] = ()


_SHARE = re.compile(r"(\d{1,3})(?:\.0+)? ?(?:%|per ?cent)(?: (?:complete|completed|done))?\.?")


class StatusWords:
    """The words of one column of statuses, with the officer's answers.

    `texts`: the different texts of the column. `as_at`: a later date is none of completion.
    """

    def __init__(
        self, texts: Iterable[str], answers: Mapping[str, str], as_at: PartialDate
    ) -> None:
        self._as_at = as_at
        self._answers = {plain(word): meaning for word, meaning in answers.items()}
        self._known: dict[str, StatusReading] = {}
        words = {words_of(text) for text in texts}
        self._closed_is_complete = not any(STATUSES.get(word) == COMPLETE for word in words)

    def read(self, text: str) -> StatusReading:
        """What a text of the column says."""
        reading = self._known.get(text)
        if reading is None:
            reading = self._known[text] = self._read(text)
        return reading

    def _read(self, text: str) -> StatusReading:
        answered = self._answers.get(plain(text))
        if answered == NOT_KNOWN:
            return StatusReading(is_asked=True)
        if answered is not None:
            return StatusReading(answered)
        if is_not_known(text):
            return StatusReading(remarks=(Remark(NO_STATUS, text),))
        if "%" in text and _SHARE.fullmatch(plain(text)) is None:
            return _asked(QUALIFIED_STATUS, text)
        share = _SHARE.fullmatch(plain(text))
        if share and int(share[1]) <= 100:
            remark = Remark(SHARE_AS_STATUS, text, f"{share[1]}%")
            return StatusReading(share=int(share[1]), remarks=(remark,))
        if words_of(text) in CLOSED:
            if self._closed_is_complete:
                return StatusReading(COMPLETE)
            return _asked(CLOSED_OR_COMPLETE, text)
        return self._by_its_first_word(text)

    def _by_its_first_word(self, text: str) -> StatusReading:
        table = STATUSES
        if self._closed_is_complete:
            table = STATUSES | dict.fromkeys(CLOSED, COMPLETE)
        found = known_word(text, table)
        if found is None:
            return _asked(UNKNOWN_STATUS, text)
        if found.is_doubted or not self._is_clear(found):
            return _asked(QUALIFIED_STATUS, text)
        remarks = []
        if found.rest:
            remarks.append(Remark(TAIL, text, found.meaning.replace("-", " ")))
        if found.meaning == OPEN:
            remarks.append(Remark(WORD_ONLY_OPEN, text))
        return StatusReading(found.meaning, remarks=tuple(remarks))

    def _is_clear(self, found: KnownWord) -> bool:
        """Whether what follows a status leaves it as it is."""
        if found.meaning in (COMPLETE, NOT_DUE):
            return is_harmless(found.rest, self._as_at)
        return not any(word in _OTHERS for word in found.rest.split())


_OTHERS = word_set(
    "complete completed closed done finished delivered achieved implemented started begun "
    "cancelled withdrawn suspended hold superseded ongoing progress overdue red amber green "
    "blue"
)
"""Words that make a second status or rating of what follows the first one."""


def _asked(kind: FindingKind, text: str) -> StatusReading:
    answer = Answer("statuses", NOT_KNOWN, key=text)
    return StatusReading(is_asked=True, remarks=(Remark(kind, text, answer=answer),))


def is_status(text: str) -> bool:
    """Whether a text can only be a status, and not a rating."""
    words = words_of(text)
    return words in STATUSES or words in CLOSED
