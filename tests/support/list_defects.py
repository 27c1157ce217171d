"""What is wrong, unusual or hidden in a generated list: one kind in a list, in at most three cells.

A planter changes the draft, whose columns and cells are there, and says what is right to read now.
It returns False where the list has nothing to plant it in.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from list_dates import month_end
from list_oddities import (
    Planter,
    answered_owner,
    control_characters,
    date_as_reference,
    error_value,
    figures_as_text,
    formula_without_value,
    half_struck_text,
    hidden_column,
    hidden_due,
    hidden_rows,
    longer_row,
    no_heading,
    skipped_row,
    some,
    strange_owner,
    strange_text,
    struck_rows,
    undate,
    unknown_heading,
)
from list_parts import Ask, Draft, Put, Wanted, WantedAction
from list_statuses import percent_format, settle
from list_words import QUALIFIED_STATUSES, STRANGE_RATINGS, UNKNOWN_STATUSES

from papergen.dates import PartialDate

WORDS = ("words", "words or nothing", "words and percent", "words and dates")
"""The encodings with a status in words that papergen knows."""


def _of_words(draft: Draft) -> list[WantedAction]:
    """A few of the actions whose status is said by words in a column of its own."""
    if draft.made.choices["status"] not in WORDS:
        return []
    return some(draft, "status")


def _unsettle(action: WantedAction, *least: str | None) -> None:
    """The row contradicts itself: a question may name any of its cells."""
    cells = tuple(action.cells.values())
    action.wanted["status"] = Wanted((), cells, Ask.MUST, least or (None,))


# -- references and rows


def repeated_reference(draft: Draft) -> bool:
    chosen = [action for action in draft.actions if "ref" in action.cells]
    if len(chosen) < 2:
        return False
    first, second = draft.rng.sample(chosen, 2)
    put, old = first.cells["ref"], second.wanted["ref"]
    copy = Put(put.value, put.format)
    second.put("ref", copy, *first.wanted["ref"].values, ask=Ask.SAID, quiet=(None, *old.values))
    for wanted in (first.wanted["ref"], second.wanted["ref"]):
        wanted.ask = Ask.SAID
        wanted.cells = (put, copy)
    return True


def repeated_row(draft: Draft) -> bool:
    """The same row twice: read once, or twice, but not without a word."""
    place = draft.rng.randrange(len(draft.actions))
    action = draft.actions[place]
    copy = WantedAction(action.status, action.due, late=action.late, is_open=action.is_open)
    for key, put in action.cells.items():
        is_shared = key == "workstream"
        copy.cells[key] = put if is_shared else Put(put.value, put.format)
    copy.wanted = {
        key: replace(wanted, cells=tuple(_copied(action, copy, put) for put in wanted.cells))
        for key, wanted in action.wanted.items()
    }
    copy.presence = action.presence = "may"
    copy.beside, action.beside = tuple(action.cells.values()), tuple(copy.cells.values())
    text = action.wanted["text"]
    cells = (*action.cells.values(), *copy.cells.values())
    for each in (action, copy):
        each.wanted["text"] = Wanted(text.values, cells, Ask.SAID)
    draft.actions.insert(place + 1, copy)
    return True


def _copied(action: WantedAction, copy: WantedAction, put: Put) -> Put:
    for key, each in action.cells.items():
        if each is put:
            return copy.cells[key]
    return put


def without_text(draft: Draft) -> bool:
    """Rows with an owner and a date that do not say what is to be done."""
    chosen = some(draft, "text", 1)
    for action in chosen:
        action.cells["text"] = Put(None)
        rest = tuple(action.cells.values())
        action.presence = "may"
        action.wanted["text"] = Wanted((), rest, Ask.MUST)
        for wanted in action.wanted.values():
            wanted.ask = Ask.MUST if wanted.ask is Ask.NO else wanted.ask
            wanted.cells = rest
    return bool(chosen)


# -- status


def qualified_status(draft: Draft) -> bool:
    chosen = _of_words(draft)
    for action in chosen:
        word = draft.rng.choice(list(QUALIFIED_STATUSES))
        _say(draft, action, word, QUALIFIED_STATUSES[word])
    return bool(chosen)


def unknown_status(draft: Draft) -> bool:
    chosen = _of_words(draft)
    for action in chosen:
        _say(draft, action, draft.rng.choice(UNKNOWN_STATUSES), ())
    return bool(chosen)


def _say(draft: Draft, action: WantedAction, word: str, values: tuple[Any, ...]) -> None:
    """Write a status that is none of those known; the other cells of the row say nothing."""
    put = Put(word)
    action.cells["status"] = put
    for key in ("completed", "share", "update"):
        if key in action.cells:
            action.put(key, Put(None), None)
    quiet = (None, "in-progress", "not-started", "cancelled")
    action.wanted["status"] = Wanted(values, (put,), Ask.MAY if values else Ask.MUST, quiet)
    action.is_open = None


def complete_at_half(draft: Draft) -> bool:
    """“Complete” at 50 %, or “In progress” at 100 %, or “Not started” at 60 %."""
    chosen = _of_words(draft)
    if not chosen:
        return False
    if draft.column("share") is None:
        draft.add_column("share", "% complete")
    for action in chosen:
        word, percent = draft.rng.choice(
            [("Complete", 50), ("Completed", 0), ("In progress", 100), ("Not started", 60)]
        )
        put = percent_format(percent) if not draft.in_csv else Put(f"{percent}%")
        action.cells["status"] = Put(word)
        action.put("share", put, percent)
        _unsettle(action, None, "in-progress", "not-started")
    return True


def completed_tomorrow(draft: Draft) -> bool:
    """A date of completion after the as-at date."""
    chosen = some(draft, "completed") if draft.made.choices["status"] in (
        "date completed", "words and dates",
    ) else []  # fmt: skip
    for action in chosen:
        day = draft.as_at + timedelta(days=draft.rng.randint(20, 300))
        put = Put(f"{day:%d/%m/%Y}")
        cells = (put, *action.cells.values())
        action.put("completed", put, day.isoformat(), None)
        action.wanted["completed"].ask = Ask.MAY
        _unsettle(action, None, "in-progress", "not-started")
        action.wanted["status"].cells = cells
    return bool(chosen)


def completed_but_open(draft: Draft) -> bool:
    """A past date of completion beside a status that denies it."""
    if draft.made.choices["status"] != "words and dates":
        return False
    chosen = some(draft, "status")
    for action in chosen:
        day = draft.as_at - timedelta(days=draft.rng.randint(20, 200))
        action.put("completed", Put(f"{day:%d/%m/%Y}"), day.isoformat(), None)
        action.cells["status"] = Put(draft.rng.choice(["Not started", "In progress", "Open"]))
        if "update" in action.cells:
            action.put("update", Put(None), None)
        _unsettle(action, None, "in-progress", "not-started")
    return bool(chosen)


def red_but_complete(draft: Draft) -> bool:
    chosen = _of_words(draft)
    if not chosen or draft.column("rating") is not None:
        return False
    draft.add_column("rating", "RAG")
    draft.made.scheme = {
        "id": "rag",
        "values": [
            {"code": "red", "label": "Red", "meaning": "off track"},
            {"code": "blue", "label": "Blue", "meaning": "complete", "means": "complete"},
        ],
    }
    for action in chosen:
        word, rating = draft.rng.choice([("Complete", "Red"), ("Not started", "Blue")])
        action.cells["status"] = Put(word)
        action.put("rating", Put(rating), rating.lower(), None)
        action.wanted["rating"].ask = Ask.MAY
        _unsettle(action, None, "in-progress", "not-started")
    return True


def update_says_done(draft: Draft) -> bool:
    chosen = [a for a in _of_words(draft) if a.cells.get("update") is not None]
    for action in chosen:
        text = draft.rng.choice(["Completed and closed.", "Completed in July 2025 and closed."])
        action.put("update", Put(text), text)
        action.cells["status"] = Put(draft.rng.choice(["In progress", "Not started", "Ongoing"]))
        for key in ("completed", "share"):
            if key in action.cells:
                action.put(key, Put(None), None)
        _unsettle(action, None, "in-progress", "not-started")
    return bool(chosen)


def strange_rating(draft: Draft) -> bool:
    if not draft.made.choices["status"].startswith("rating that"):
        return False
    chosen = some(draft, "rating")
    words = [word for word in STRANGE_RATINGS if draft.made.choices.get("blue") != "not-due"
             or word != "Purple"]  # fmt: skip
    for action in chosen:
        put = Put(draft.rng.choice(words))
        action.put("rating", put, None, ask=Ask.MUST, quiet=(None, put.value))
        action.wanted["status"] = Wanted((None,), (put,), Ask.MAY)
        action.is_open = None
    return bool(chosen)


def settled_by_answer(draft: Draft) -> bool:
    """A contradiction that plan.yaml settles, by the reference of the action."""
    chosen = [a for a in _of_words(draft) if a.cells.get("ref") is not None][:1]
    if draft.column("share") is None or draft.in_csv:
        return False
    for action in chosen:
        action.cells["status"] = Put("In progress")
        action.put("share", Put(1, "0%"), 100)
        action.status = "complete"
        settle(action, action.cells["status"])
        if "update" in action.cells:
            action.put("update", Put(None), None)
        ref = action.wanted["ref"].values[0]
        draft.made.settings = replace(draft.made.settings, settle={ref: "complete"})
    return bool(chosen)


# -- dates


def impossible_date(draft: Draft) -> bool:
    chosen = some(draft, "due", 3)
    year = draft.as_at.year
    for action in chosen:
        text = draft.rng.choice(
            [f"31/09/{year}", f"31 November {year}", "29/02/2025", f"45/13/{year}", f"00/10/{year}",
             f"30/13/{year}", "31/9/25", f"30 Febuary {year}", f"31st June {year}"]
        )  # fmt: skip
        undate(action, Put(text))
    return bool(chosen)


def impossible_year(draft: Draft) -> bool:
    chosen = some(draft, "due", 3)
    for action in chosen:
        text = draft.rng.choice(["30/09/2205", "30/09/20225", "1 March 0205", "30/09/1025"])
        undate(action, Put(text))
    return bool(chosen)


def month_and_day(draft: Draft) -> bool:
    """“Oct 12”: the twelfth of October, or October 2012; the list does not tell."""
    chosen = some(draft, "due", 3)
    for action in chosen:
        text = draft.rng.choice(["Oct 12", "May 20", "Sep-06", "Mar 15", "Dec-10", "June 18"])
        undate(action, Put(text))
    return bool(chosen)


def american_dates(draft: Draft) -> bool:
    """A column in the order of the United States: one of its cells proves it."""
    if draft.made.choices["dates"] != "short text":
        return False
    chosen = [a for a in draft.actions if a.cells.get("due") and "revised_due" not in a.cells]
    if len({id(a.cells["due"]) for a in chosen}) < max(2, len(draft.actions)):
        return False
    is_answered = draft.rng.random() < 0.4
    for number, action in enumerate(chosen):
        day = date(draft.as_at.year, draft.rng.randint(1, 12), draft.rng.randint(1, 12))
        day = day.replace(day=20) if number == 0 else day
        put = Put(f"{day.month}/{day.day}/{day.year}")
        ask = Ask.NO if is_answered or day.day == day.month else Ask.MAY
        action.put("due", put, day.isoformat(), ask=ask, quiet=(None, put.value))
        action.wanted["last"] = Wanted((day,), (put,), ask)
        action.late = day < draft.as_at
        if action.status == "not-due":
            action.is_open = None
    if is_answered:
        draft.made.settings = replace(draft.made.settings, dates="month-first")
    return True


def answered_date(draft: Draft) -> bool:
    """A due date in words, which plan.yaml explains."""
    chosen = some(draft, "due", 1)
    for action in chosen:
        if "revised_due" in action.cells:
            return False
        word = "once the lease is signed"
        day = PartialDate.of(draft.as_at.replace(year=draft.as_at.year + 1, day=1))
        action.put("due", Put(word), day.isoformat())
        action.wanted["last"] = Wanted((day.last,), (action.cells["due"],))
        action.wanted.pop("revised_due", None)
        action.late = False
        draft.made.settings = replace(draft.made.settings, due_dates={word: day})
    return bool(chosen)


def half_struck_date(draft: Draft) -> bool:
    """An old date that is struck through, and the new one behind it."""
    chosen = [] if draft.in_csv else some(draft, "due")
    for action in chosen:
        if "revised_due" in action.cells:
            return False
        new = month_end(draft.as_at + timedelta(days=100))
        put = Put("x", parts=(("30/06/2024", True), (f" {new:%d/%m/%Y}", False)))
        action.put("due", put, new.isoformat(), ask=Ask.SAID, quiet=(None, new.isoformat()))
        action.wanted["last"] = Wanted((new,), (put,), Ask.SAID, (None,))
        action.wanted["revised_due"] = Wanted((None, new.isoformat()), (put,), Ask.SAID)
        action.late = False
    return bool(chosen)


DEFECTS: dict[str, Planter] = {
    planter.__name__.replace("_", " "): planter
    for planter in (
        repeated_reference, repeated_row, without_text, qualified_status, unknown_status,
        complete_at_half, completed_tomorrow, completed_but_open, red_but_complete,
        update_says_done, strange_rating, settled_by_answer, impossible_date, impossible_year,
        month_and_day, american_dates, answered_date, half_struck_date, figures_as_text,
        strange_text, half_struck_text, control_characters, date_as_reference, strange_owner,
        answered_owner, hidden_rows, struck_rows, hidden_column, hidden_due, no_heading,
        longer_row, skipped_row, unknown_heading,
    )
} | {"error value": error_value, "formula without value": formula_without_value}  # fmt: skip

NARROW = frozenset(
    [
        "qualified status", "unknown status", "complete at half", "completed tomorrow",
        "completed but open", "red but complete", "update says done", "strange rating",
        "settled by answer", "american dates",
    ]
)  # fmt: skip
"""Those that few lists have a place for."""
