"""The status of an action, from all that its row says of it.

In this order: the column of statuses; a date of completion up to the as-at date; 100 per cent; a
rating that counts as complete, or as not due, by its scheme or by the officer's answer. What
contradicts that is asked, and the action then counts neither as complete nor as overdue.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from papergen.errors import Location
from papergen.workbook.reading import Answer, Certainty, FindingKind, Remark
from papergen.workbook.status_words import (
    CANCELLED,
    COMPLETE,
    IN_MODEL,
    IN_PROGRESS,
    NOT_DUE,
    NOT_KNOWN,
    NOT_STARTED,
    OPEN,
)

CONTRADICTION = FindingKind(
    "contradiction",
    Certainty.QUESTION,
    "the cells of a row contradict each other on the status, so the action counts neither "
    "as complete nor as overdue",
)
UPDATE_ALONE = FindingKind(
    "complete-by-update-alone",
    Certainty.QUESTION,
    "only the update says that the action is complete, so it counts neither as complete "
    "nor as overdue",
)


BY_STATUS, BY_COMPLETION, BY_SHARE, BY_RATING, BY_DUE, BY_UPDATE = range(6)
"""The ranks of claims: the lower counts first."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What one cell says of the status.

    `says`: a status of the model, `open` or `not-due`; empty where the cell is asked about.
    `source` names the cell's column for a message: “the status”. `rank`: how soon it counts, one of
    the constants above. `decides`: whether it may settle the status, and not only contradict it.
    `remark`: the question to ask where nothing else settles the status.
    """

    says: str
    source: str
    where: Location
    rank: int
    decides: bool = True
    remark: Remark | None = None


@dataclass(frozen=True, slots=True)
class StatusDecision:
    """The status of an action, as the model has it; why it is not settled; what there is to ask."""

    status: str | None = None
    not_due: bool = False
    unsettled: str = ""
    remark: Remark | None = None
    where: Location | None = None


def decide(claims: Sequence[Claim], key: str) -> StatusDecision:
    """The status by the claims.

    `key`: what the answer to a question names the action by.
    """
    claims = sorted(claims, key=lambda claim: claim.rank)
    decisive = [claim for claim in claims if claim.decides]
    if decisive and not decisive[0].says:
        return _not_settled(decisive[0])
    if decisive and decisive[0].says == CANCELLED:
        return StatusDecision(CANCELLED)
    conflict = _conflict(claims)
    if conflict is not None:
        return _asked(CONTRADICTION, conflict, key)
    if any(not claim.says for claim in decisive) and not _is_settled(decisive):
        return _not_settled(next(claim for claim in decisive if not claim.says))
    decisive = [claim for claim in decisive if claim.says]
    said = [claim.says for claim in decisive if claim.says in IN_MODEL]
    for claim in claims:
        if not claim.decides and claim.says == NOT_DUE and COMPLETE not in said:
            return _asked_alone(claim, key)
    if not decisive:
        return _by_update(claims, key)
    not_due = any(claim.says == NOT_DUE for claim in decisive)
    return StatusDecision(said[0] if said else None, not_due)


def _not_settled(claim: Claim) -> StatusDecision:
    """The decision where it is not clear what a cell says.

    The question is asked where the cell is read, unless the claim has it.
    """
    reason = f"{claim.source} can mean several things"
    return StatusDecision(unsettled=reason, remark=claim.remark, where=claim.where)


def _is_settled(decisive: Sequence[Claim]) -> bool:
    """Whether a status of the model is said before the first cell that is asked about."""
    for claim in decisive:
        if not claim.says:
            return False
        if claim.says in IN_MODEL:
            return True
    return False


def settled(answer: str) -> StatusDecision:
    """The status that the officer's answer gives."""
    if answer == NOT_KNOWN:
        return StatusDecision(unsettled="by the answer in plan.yaml the status is not known")
    status = answer if answer in IN_MODEL else None
    return StatusDecision(status, answer == NOT_DUE)


def _by_update(claims: Sequence[Claim], key: str) -> StatusDecision:
    """The decision where nothing that may decide says anything."""
    for claim in claims:
        if claim.says == COMPLETE:
            return _asked_alone(claim, key)
    return StatusDecision()


def _asked_alone(claim: Claim, key: str) -> StatusDecision:
    """The decision where one claim says something that it alone does not settle."""
    if claim.remark is None:
        return _asked(UPDATE_ALONE, (claim,), key)
    unsettled = f"{claim.source} says “{_word(claim.says)}” and nothing else does"
    return StatusDecision(unsettled=unsettled, remark=claim.remark, where=claim.where)


def _conflict(claims: Sequence[Claim]) -> tuple[Claim, ...] | None:
    """The first claim and the first other one that cannot both be true; None without such."""
    said = [claim for claim in claims if claim.says and claim.says != CANCELLED]
    if not said or not any(claim.decides for claim in said):
        return None
    first = said[0]
    for other in said[1:]:
        if _exclude(first.says, other.says):
            return first, other
    for index, one in enumerate(said[1:], 1):
        for other in said[index + 1 :]:
            if _exclude(one.says, other.says):
                return one, other
    return None


def _exclude(one: str, other: str) -> bool:
    if (one == COMPLETE) != (other == COMPLETE):
        return True
    return {one, other} == {NOT_STARTED, IN_PROGRESS}


def _asked(kind: FindingKind, claims: Sequence[Claim], key: str) -> StatusDecision:
    said = " but ".join(f"{claim.source} says “{_word(claim.says)}”" for claim in claims)
    answer = Answer("settle", NOT_KNOWN, key=key)
    remark = Remark(kind, f"{key}: {said}", answer=answer)
    return StatusDecision(unsettled=said, remark=remark, where=claims[-1].where)


def _word(says: str) -> str:
    return "not done" if says == OPEN else says.replace("-", " ")
