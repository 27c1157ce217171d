"""The ways in which lists say that an action is done: by words, dates, percentages, ratings.

An `Encoding` fills the cells of every action so that they show its truth, as far as they can:
a status that it cannot show becomes “open” in the plan itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from list_dates import sure_date
from list_parts import Ask, Draft, Put, Wanted, WantedAction
from list_words import RATINGS, STATUS_WORDS, UPDATES

READ_AS: dict[str, tuple[str | None, ...]] = {
    "complete": ("complete",),
    "in-progress": ("in-progress",),
    "not-started": ("not-started",),
    "cancelled": ("cancelled",),
    "suspended": ("suspended",),
    "not-due": (None, "not-started"),
    "open": (None, "in-progress"),
}
"""By the truth, the statuses that are right where words say it."""

IS_OPEN = {"complete": False, "cancelled": False, "not-due": False, "suspended": None}

ALL = tuple(READ_AS)
SHADES = ("red", "amber", "green")


@dataclass(frozen=True, slots=True)
class Encoding:
    """One way to say what is done.

    `can` are the statuses that it shows; `fill` writes an action's cells; `prepare` sets what holds
    for the whole list.
    """

    columns: dict[str, str]
    """By key of a column its heading; an empty one is chosen among the usual headings."""
    can: tuple[str, ...]
    fill: Callable[[Draft, WantedAction], None]
    prepare: Callable[[Draft], None] | None = None
    updates: bool = True
    """Whether there may be a column of updates beside it."""


def settle(action: WantedAction, *cells: Put, ask: Ask = Ask.NO) -> None:
    """Want the status that is the truth, as `cells` say it in words."""
    truth = action.status or "open"
    action.wanted["status"] = Wanted(READ_AS[truth], cells, ask)
    action.is_open = IS_OPEN.get(truth, True)


def settle_partly(action: WantedAction, *cells: Put, values: tuple[Any, ...] = (None,)) -> None:
    """Want the status that is the truth where it is complete, else only that it is not."""
    settle(action, *cells)
    if action.status != "complete":
        action.wanted["status"].values = values


# -- words


def _words(draft: Draft, action: WantedAction) -> None:
    truth = action.status or "open"
    put = Put(draft.rng.choice(STATUS_WORDS[truth]))
    action.cells["status"] = put
    settle(action, put)


def _words_or_nothing(draft: Draft, action: WantedAction) -> None:
    _words(draft, action)
    if action.status == "open":
        action.cells["status"] = Put(None)
        action.wanted["status"].values = (None,)


def _words_answered(draft: Draft, action: WantedAction) -> None:
    """Words of the council's own, which plan.yaml explains."""
    truth = action.status or "open"
    put = Put(_OWN_WORDS[truth])
    action.cells["status"] = put
    settle(action, put)


_OWN_WORDS = {
    "complete": "BAU",
    "in-progress": "Stage 2",
    "not-started": "Pipeline",
    "cancelled": "Binned",
    "suspended": "Parked",
    "not-due": "Later",
    "open": "Live",
}


def _answer_words(draft: Draft) -> None:
    draft.made.settings = replace(
        draft.made.settings,
        statuses={word: truth for truth, word in _OWN_WORDS.items()},
    )


# -- dates of completion


def _completed(draft: Draft, action: WantedAction) -> None:
    put = Put(None)
    values: tuple[Any, ...] = (None,)
    if action.status == "complete":
        day = draft.as_at - timedelta(days=draft.rng.randint(0, 200))
        case = sure_date(draft.rng, day, in_csv=draft.in_csv)
        while str(case.put.value).casefold().startswith("by "):
            # “by 30 June” says when it was to be done, and not that it was.
            case = sure_date(draft.rng, day, in_csv=draft.in_csv)
        put, values = case.put, case.values
    action.put("completed", put, *values)
    settle_partly(action, put)


def _words_and_completed(draft: Draft, action: WantedAction) -> None:
    _completed(draft, action)
    _words(draft, action)


def _completed_in_words(draft: Draft, action: WantedAction) -> None:
    if action.status == "complete" and draft.rng.random() < 0.5:
        put = Put(draft.rng.choice(["Yes", "Y", "Complete", "Completed", "yes"]))
    elif action.status == "complete":
        _completed(draft, action)
        return
    else:
        put = Put(draft.rng.choice([None, "No", "N", "Not yet", "n/a", "-", "No "]))
    action.put("completed", put, None, put.value)
    settle_partly(action, put)


def _yes_or_no(draft: Draft, action: WantedAction) -> None:
    yes, no = draft.rng.choice([("Y", "N"), ("Yes", "No"), ("✓", None), ("✔", None), ("Y", None)])
    if draft.made.choices.setdefault("mark", f"{yes}/{no}") != f"{yes}/{no}":
        yes, _, no = draft.made.choices["mark"].partition("/")
        no = None if no == "None" else no
    put = Put(yes if action.status == "complete" else no)
    action.put("completed", put, None, put.value)
    settle_partly(action, put)


# -- percentages


def _middle(draft: Draft, action: WantedAction) -> int:
    if action.status == "complete":
        return 100
    if action.status == "not-started":
        return 0
    return draft.rng.choice([5, 10, 25, 30, 45, 50, 60, 75, 80, 90, 95])


def _share(draft: Draft, action: WantedAction, write: Callable[[int], Put]) -> None:
    percent = _middle(draft, action)
    put = action.put("share", write(percent), percent)
    values = (None, "not-started") if percent == 0 else (None, "in-progress")
    settle_partly(action, put, values=values)


def percent_format(percent: int) -> Put:
    return Put(percent / 100, "0%")


def _percent_format(draft: Draft, action: WantedAction) -> None:
    _share(draft, action, percent_format if not draft.in_csv else lambda n: Put(f"{n}%"))


def _percent_number(draft: Draft, action: WantedAction) -> None:
    _share(draft, action, Put)


def _percent_text(draft: Draft, action: WantedAction) -> None:
    form = draft.rng.choice(["{}%", "{} %", "{}% ", "{} per cent"])
    _share(draft, action, lambda percent: Put(form.format(percent)))


def _fraction(draft: Draft, action: WantedAction) -> None:
    """Without a format a “1” is 100 %, or 1 %: the other cells, or an answer, tell."""
    _share(
        draft, action, lambda percent: Put(percent // 100 if percent in (0, 100) else percent / 100)
    )
    if draft.made.settings.full_mark is None:
        for key in ("share", "status"):
            action.wanted[key].ask = Ask.MAY
            action.wanted[key].cells += _headings(draft, "share")
            action.wanted[key].quiet = (None,)


def _fractions_answered(draft: Draft) -> None:
    draft.made.settings = replace(draft.made.settings, full_mark="whole")


def _words_and_percent(draft: Draft, action: WantedAction) -> None:
    _percent_format(draft, action)
    if action.status in ("open", "suspended", "cancelled", "not-due"):
        put = Put(None)
        action.put("share", put, None)
    _words(draft, action)


# -- ratings


def scheme(*, means: bool, blue_is: str = "complete") -> dict[str, Any]:
    """A scheme of four colours; and purple, for what is done where blue is for what is not due."""
    values: list[dict[str, str]] = [
        {"code": "red", "label": "Red", "meaning": "off track"},
        {"code": "amber", "label": "Amber", "meaning": "at risk"},
        {"code": "green", "label": "Green", "meaning": "on track"},
        {"code": "blue", "label": "Blue", "meaning": blue_is.replace("-", " ")},
    ]
    if blue_is == "not-due":
        values.append({"code": "purple", "label": "Purple", "meaning": "complete"})
    if means:
        for value in values:
            if value["code"] == "purple" or (value["code"] == "blue" and blue_is == "complete"):
                value["means"] = "complete"
            elif value["code"] == "blue":
                value["means"] = "not-due"
    return {"id": "rag", "values": values}


def _use_scheme(draft: Draft) -> None:
    blue_is = "complete" if draft.rng.random() < 0.7 else "not-due"
    draft.made.scheme = scheme(means=True, blue_is=blue_is)
    draft.made.choices["blue"] = blue_is


def _use_scheme_without_means(draft: Draft) -> None:
    draft.made.scheme = scheme(means=False)


def _use_no_scheme(draft: Draft) -> None:
    draft.made.must_ask = (_headings(draft, "rating"),)
    draft.made.may_ask = True


def _headings(draft: Draft, key: str) -> tuple[Put, ...]:
    column = draft.column(key)
    return (column.heading,) if column is not None else ()


def _code(draft: Draft, action: WantedAction) -> str:
    """The code of the scheme that shows the truth."""
    purple = draft.made.choices.get("blue") == "not-due"
    if action.status == "complete":
        return "purple" if purple else "blue"
    if action.status == "not-due" and purple:
        return "blue"
    return draft.rng.choice((*SHADES, "unrated") if draft.rng.random() < 0.2 else SHADES)


def _rating(draft: Draft, action: WantedAction) -> Put:
    code = _code(draft, action)
    words = RATINGS.get(code, ("Purple", "purple", "PURPLE"))
    style = draft.made.choices.setdefault("rating", draft.rng.choice(["letters", "words"]))
    letters = [word for word in words if len(word.strip()) == 1]
    longer = [word for word in words if len(word.strip()) > 1]
    put = Put(draft.rng.choice(letters if style == "letters" and letters else longer))
    action.put("rating", put, code)
    return put


def _rating_means(draft: Draft, action: WantedAction) -> None:
    if action.status == "not-due" and draft.made.choices.get("blue") != "not-due":
        action.status = "open"
    put = _rating(draft, action)
    settle_partly(action, put)


def _rating_without_means(draft: Draft, action: WantedAction) -> None:
    put = _rating(draft, action)
    settle_partly(action, put)
    if action.status == "complete":
        action.wanted["status"] = Wanted((), (put, *_headings(draft, "rating")), Ask.MUST)


def _rating_without_scheme(draft: Draft, action: WantedAction) -> None:
    put = _rating(draft, action)
    cells = (put, *_headings(draft, "rating"))
    wanted = action.wanted["rating"]
    wanted.values += (None, put.value)
    wanted.ask = Ask.MAY
    wanted.cells = cells
    (group,) = draft.made.must_ask
    draft.made.must_ask = ((*group, put),)
    action.wanted["status"] = Wanted((None,), cells, Ask.MAY)
    action.is_open = False if action.status == "complete" else None


def _rating_under_status(draft: Draft, action: WantedAction) -> None:
    """The column is headed “Status”, and holds ratings."""
    _rating_means(draft, action)
    action.cells["status"] = action.cells.pop("rating")


def _rating_answered(draft: Draft, action: WantedAction) -> None:
    if action.status == "not-due":
        action.status = "open"
    put = _rating(draft, action)
    settle_partly(action, put)


def _answer_ratings(draft: Draft) -> None:
    draft.made.scheme = scheme(means=False)
    draft.made.settings = replace(
        draft.made.settings,
        ratings={"B": "complete", "Blue": "complete"},
    )


def _labels(draft: Draft, action: WantedAction) -> None:
    """A scheme that has words of its own."""
    code = {"complete": "done", "not-due": "later"}.get(action.status or "")
    if code is None:
        code = draft.rng.choice(["on-track", "behind", "stuck"])
    label = next(value["label"] for value in _LABELS["values"] if value["code"] == code)
    put = action.put("rating", Put(draft.rng.choice([label, label.upper()])), code)
    settle_partly(action, put)


_LABELS: dict[str, Any] = {
    "id": "progress",
    "values": [
        {"code": "stuck", "label": "Off course"},
        {"code": "behind", "label": "Needs attention"},
        {"code": "on-track", "label": "On course"},
        {"code": "later", "label": "Not yet due", "means": "not-due"},
        {"code": "done", "label": "Delivered", "means": "complete"},
    ],
}


def _use_labels(draft: Draft) -> None:
    draft.made.scheme = _LABELS


def _rivermead(draft: Draft, action: WantedAction) -> None:
    """A rating, a percentage and an update that agree."""
    _percent_format(draft, action)
    share = action.cells["share"]
    if action.status in ("suspended", "cancelled"):
        action.status = "open"
    put = _rating(draft, action)
    values = action.wanted["status"].values
    settle_partly(action, put, share, values=(*values, "not-started"))


# -- updates, and nothing


def _update_only(draft: Draft, action: WantedAction) -> None:
    truth = action.status or "open"
    text = draft.rng.choice(UPDATES[truth])
    put = action.put("update", Put(text), text)
    settle(action, put)
    wanted = action.wanted["status"]
    if truth == "complete":
        wanted.ask = Ask.MAY
        # What is not said outright may be passed over.
        wanted.values = (None, truth)
    else:
        wanted.values = (None, truth)
        action.is_open = None if truth in ("cancelled", "suspended", "not-due") else True
    if truth in ("cancelled", "suspended", "not-due"):
        wanted.ask = Ask.MAY


def _nothing(draft: Draft, action: WantedAction) -> None:
    action.wanted["status"] = Wanted((None,))
    action.is_open = None


ENCODINGS: dict[str, Encoding] = {
    "words": Encoding({"status": ""}, ALL, _words),
    "words or nothing": Encoding({"status": ""}, ALL, _words_or_nothing),
    "words answered": Encoding({"status": ""}, ALL, _words_answered, _answer_words),
    "date completed": Encoding({"completed": ""}, ("complete",), _completed),
    "completed: date or word": Encoding(
        {"completed": "Completed"}, ("complete",), _completed_in_words
    ),
    "yes or no": Encoding({"completed": "Complete? (Y/N)"}, ("complete",), _yes_or_no),
    "percent format": Encoding({"share": ""}, ("complete", "not-started"), _percent_format),
    "percent numbers": Encoding({"share": ""}, ("complete", "not-started"), _percent_number),
    "percent text": Encoding({"share": ""}, ("complete", "not-started"), _percent_text),
    "fractions": Encoding({"share": ""}, ("complete", "not-started"), _fraction),
    "fractions answered": Encoding(
        {"share": ""}, ("complete", "not-started"), _fraction, _fractions_answered
    ),
    "rating that means": Encoding(
        {"rating": ""}, ("complete", "not-due"), _rating_means, _use_scheme
    ),
    "rating that does not say": Encoding(
        {"rating": ""}, ("complete",), _rating_without_means, _use_scheme_without_means
    ),
    "rating without scheme": Encoding(
        {"rating": ""}, ("complete",), _rating_without_scheme, _use_no_scheme
    ),
    "rating under Status": Encoding(
        {"status": "Status"}, ("complete", "not-due"), _rating_under_status, _use_scheme
    ),
    "rating answered": Encoding(
        {"rating": ""}, ("complete",), _rating_answered, _answer_ratings
    ),
    "labels of a scheme": Encoding({"rating": ""}, ("complete", "not-due"), _labels, _use_labels),
    "words and dates": Encoding({"status": "", "completed": ""}, ALL, _words_and_completed),
    "words and percent": Encoding({"status": "", "share": ""}, ALL, _words_and_percent),
    "rating and percent": Encoding(
        {"rating": "", "share": ""}, ("complete", "not-started"), _rivermead, _use_scheme
    ),
    "update alone": Encoding({"update": ""}, ALL, _update_only, updates=False),
    "nothing": Encoding({}, (), _nothing, updates=False),
}  # fmt: skip


def encode(draft: Draft, name: str) -> None:
    """Write what every action's status is, in the way of that name."""
    encoding = ENCODINGS[name]
    if encoding.prepare is not None:
        encoding.prepare(draft)
    for action in draft.actions:
        if action.status not in encoding.can:
            action.status = "open"
        encoding.fill(draft, action)
