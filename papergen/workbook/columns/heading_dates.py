"""What the words of a heading say of dates: due, revised or done; nothing for any other date."""

from __future__ import annotations

from papergen.workbook.columns.heading_rules import NOTHING, THING, Named, Words, is_another, only
from papergen.workbook.columns.heading_words import word_set

_STRONG = word_set("due deadline timescale timeframe timeline eta timing")
_FUTURE = word_set(
    "target planned plan due expected anticipated forecast proposed estimated est scheduled "
    "intended projected required deadline tobe will original needed"
)
_REVISED = word_set(
    "revised rescheduled extended extension new amended slipped rebaselined reforecast adjusted"
)
_ENDS = word_set("completion finish end delivery closure implementation resolution")
_PAST = word_set(
    "actual completed closed achieved done finished delivered implemented resolved discharged "
    "fulfilled ended concluded"
)
_ORDER = word_set("1 2 3 4 second third 1st 2nd 3rd")
_OF_DATE = word_set(
    "date when by month quarter agreed final current latest complete baseline initial first "
    "need deliver do done which"
)


def dates(found: Words) -> Named:
    """Due dates, revised ones, and dates of completion."""
    having = frozenset(found)
    if not only(found, _STRONG, _FUTURE, _REVISED, _ENDS, _PAST, _OF_DATE, _ORDER, THING):
        return NOTHING
    if having & _REVISED:
        return ("revised_due",) if _is_dated(having) else NOTHING
    if having & _ORDER:
        return NOTHING
    if having & _PAST and not having & _FUTURE and not {"by", "when"} <= having:
        is_dated = having & {"date", "when", "on", "month"}
        is_done = is_dated or ("actual" in having and having & _ENDS)
        return ("completed",) if is_done else NOTHING
    return ("due",) if _is_due(having) else NOTHING


def _is_dated(having: frozenset[str]) -> bool:
    return bool(having & (_STRONG | _ENDS | {"date", "target", "when"}))


def may_revise(found: Words) -> bool:
    """Whether a heading that names nothing may all the same be that of revised dates."""
    having = frozenset(found)
    return bool(having & (_REVISED - {"new"})) and _is_dated(having) and not is_another(found)


def _is_due(having: frozenset[str]) -> bool:
    if having & _STRONG or "when" in having:
        return True
    if "by" in having and having & (_ENDS | _FUTURE | {"complete", "date", "deliver", "need"}):
        return True
    if having & (_ENDS | {"date", "month", "quarter"}) and having & _FUTURE:
        return True
    if having & (_ENDS - {"closure"}) and having & {"agreed", "baseline", "current", "latest"}:
        return True
    return "date" in having and bool(having & {"end", "finish", "delivery", "milestone", "final"})


def two_dates(found: Words) -> bool:
    """Whether a heading is that of target dates as well as of actual ones."""
    having = frozenset(found)
    return "actual" in having and bool(having & _FUTURE) and bool(having & (_ENDS | {"date"}))
