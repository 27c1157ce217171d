"""What is odd in the cells of a generated list, hidden, struck through, or outside of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from list_layouts import BEYOND
from list_parts import Ask, Column, Draft, Put, Wanted, WantedAction
from list_words import STRANGE_OWNERS

Planter = Callable[[Draft], bool]


def some(draft: Draft, key: str, most: int = 2) -> list[WantedAction]:
    """A few of the actions with a cell of their own in the column `key` that is not empty."""
    owned = [
        action
        for action in draft.actions
        if key in action.cells
        and action.cells[key].value is not None
        and sum(other.cells.get(key) is action.cells[key] for other in draft.actions) == 1
    ]
    return draft.rng.sample(owned, min(len(owned), draft.rng.randint(1, most)))


def undate(action: WantedAction, put: Put, *values: Any, ask: Ask = Ask.MUST) -> None:
    """Write `put` as the due date, from which no last day follows."""
    action.put("due", put, None, put.shown, *values, ask=ask)
    if "revised_due" in action.cells:
        return
    action.wanted["last"] = Wanted((None,), (put,), ask)
    action.wanted["revised_due"] = Wanted((None,), (put,), ask)
    action.late = False


# -- cells without a value, and strange texts


def _broken(put: Callable[[], Put]) -> Planter:
    def plant(draft: Draft) -> bool:
        if draft.in_csv:
            return False
        keys = [key for key in ("due", "owner", "status", "ref", "text", "update")
                if draft.column(key) is not None]  # fmt: skip
        key = draft.rng.choice(keys)
        chosen = some(draft, key)
        for action in chosen:
            _break(action, key, put())
        return bool(chosen)

    return plant


def _break(action: WantedAction, key: str, put: Put) -> None:
    if key == "due":
        undate(action, put)
        return
    if key == "status" or action.wanted["status"].cells == (action.cells[key],):
        # Another column may say it as well.
        action.wanted["status"] = Wanted((), (put,), Ask.MUST, (None, action.status))
    if key == "text":
        action.presence = "may"
    if key == "status" and "rating" in action.wanted and "rating" not in action.cells:
        action.wanted["rating"] = Wanted((None,), (put,), Ask.MUST)
    if key == "status":
        action.cells[key] = put
    else:
        action.put(key, put, None, ask=Ask.MUST)


error_value = _broken(lambda: Put("#REF!", kind="error"))
formula_without_value = _broken(lambda: Put("=VLOOKUP(A2,Lookups!A:B,2,FALSE)", kind="formula"))


def figures_as_text(draft: Draft) -> bool:
    """A number in the column of the actions: a row all the same, as the other columns say."""
    chosen = some(draft, "text", 1)
    for action in chosen:
        action.put("text", Put(draft.rng.choice([2024, 12, 365])), ask=Ask.MAY)
        action.presence = "may"
    return bool(chosen)


STRANGE_TEXTS = (
    "Review A&B <the> {{ plan }} {% if x %} **bold** _it_ | pipe \\ back",
    "Train 😀 staff 👩‍👩‍👧 in naïve café work",
    "בדיקת תוכנית الخطة mixed with English",
    "First point:\n1. One\n2. Two\n- three",
    "=not a formula, but a text",
    "'quoted' “text” – with dashes — and… dots",
    "  padded   text with\u00a0no-break\u00a0spaces  ",
    "a;b,c\td|e",
    '"Quoted" text, with a comma',
    "Long " + "very long text, " * 640 + "to its end",
    "Ends in a soft\u00adhyphen and a zero\u200bwidth space",
    "#REF! is a text here",
    "1. Numbered by hand",
    "100%",
    "Δ α ≥ ½ × £ € © ™",
)


def strange_text(draft: Draft) -> bool:
    key = draft.rng.choice(["text", "update"])
    chosen = some(draft, key)
    if draft.made.encoding not in ("utf-8", "utf-8-sig", "utf-16") or draft.made.is_csv:
        chosen = chosen if draft.made.encoding.startswith("utf") else []
    for action in chosen:
        text = draft.rng.choice(STRANGE_TEXTS)
        is_status = action.wanted["status"].cells == (action.cells[key],)
        if not is_status:
            action.put(key, Put(text), text)
    return bool(chosen)


def half_struck_text(draft: Draft) -> bool:
    chosen = [] if draft.in_csv else some(draft, "text")
    for action in chosen:
        put = Put("x", parts=(("Dropped words", True), (" Kept words of the action", False)))
        action.put("text", put, "Kept words of the action", ask=Ask.SAID)
        draft.made.secrets.add("Dropped words")
    return bool(chosen)


def control_characters(draft: Draft) -> bool:
    if not draft.in_csv:
        return False
    chosen = some(draft, "text", 1)
    for action in chosen:
        text = "Bell\x07 and escape\x1b in a text"
        action.put("text", Put(text), "Bell and escape in a text", ask=Ask.MAY, quiet=(None, text))
        action.presence = "may"
    return bool(chosen)


def date_as_reference(draft: Draft) -> bool:
    """“1-3” that Excel made a date of."""
    chosen = [] if draft.in_csv else some(draft, "ref")
    for number, action in enumerate(chosen):
        put = Put(date(draft.as_at.year, 3, 1 + number), "d-mmm")
        action.put("ref", put, ask=Ask.MUST, quiet=(None, f"{1 + number}-Mar"))
        action.wanted["ref"].values = ()
    return bool(chosen)


# -- owners


def strange_owner(draft: Draft) -> bool:
    chosen = some(draft, "owner") if draft.made.register is not None else []
    for action in chosen:
        name = draft.rng.choice(STRANGE_OWNERS)
        action.put("owner", Put(name), name, ask=Ask.MUST, quiet=(None,))
    return bool(chosen)


def answered_owner(draft: Draft) -> bool:
    chosen = some(draft, "owner", 1) if draft.made.register is not None else []
    for action in chosen:
        answer = draft.rng.choice(["ict", "as-written"])
        action.put("owner", Put("J Patel"), "J Patel", "ict", "Head of ICT")
        draft.made.settings = replace(draft.made.settings, owners={"J Patel": answer})
    return bool(chosen)


# -- hidden, struck, outside


def hidden_rows(draft: Draft) -> bool:
    """Rows that are hidden: skipped, and said, until the officer answers."""
    if draft.in_csv or draft.made.choices["layout"] == "themes once":
        return False
    answer = draft.rng.choice([None, None, "skip", "read"])
    for action in draft.rng.sample(draft.actions, draft.rng.randint(1, 2)):
        action.hidden = True
        action.presence = {None: "no", "skip": "answered", "read": "yes"}[answer]
    draft.made.settings = replace(draft.made.settings, hidden_rows=answer)
    return True


def struck_rows(draft: Draft) -> bool:
    """Rows that are struck through: cancelled, or not read, and said, until it is answered."""
    if draft.in_csv or any(action.presence != "yes" for action in draft.actions):
        return False
    answer = draft.rng.choice([None, None, "cancelled", "skip", "read"])
    chosen = [a for a in draft.actions if not _shares_cells(draft, a)]
    chosen = draft.rng.sample(chosen, min(len(chosen), draft.rng.randint(1, 2)))
    for action in chosen:
        action.struck = True
        if answer == "skip":
            action.presence = "answered"
        elif answer is None:
            action.presence = "may"
        if answer in (None, "cancelled"):
            ask = Ask.MUST if answer is None else Ask.NO
            cells = tuple(action.cells.values())
            action.wanted["status"] = Wanted(("cancelled",), cells, ask)
            action.is_open = False
    draft.made.settings = replace(draft.made.settings, struck_through=answer)
    return bool(chosen)


def _shares_cells(draft: Draft, action: WantedAction) -> bool:
    return any(
        put is other.cells.get(key)
        for other in draft.actions
        if other is not action
        for key, put in action.cells.items()
        if key != "workstream"
    )


def hidden_column(draft: Draft) -> bool:
    """A hidden column of remarks: never read unasked."""
    if draft.in_csv:
        return False
    heading = draft.rng.choice(["Comments", "Internal notes", "Latest update", "Chief’s view"])
    column = draft.add_column("extra:hidden", heading)
    column.hidden = True
    answer = draft.rng.choice([None, None, "skip"])
    for number, action in enumerate(draft.actions):
        secret = f"zq-hidden-{number}"
        action.cells["extra:hidden"] = Put(f"DO NOT PUBLISH {secret}")
        draft.made.secrets.add(secret)
    if answer is None:
        draft.made.must_say += (column.heading,)
        # A question about it is right as well.
        draft.made.may_ask = True
    draft.made.settings = replace(draft.made.settings, hidden_columns=answer)
    return True


def hidden_due(draft: Draft) -> bool:
    """An old date in a hidden column beside the due date: no action is late for it."""
    due = draft.column("due")
    if draft.in_csv or due is None or not due.is_sure or draft.column("revised_due"):
        return False
    column = Column("extra:old due", Put("Original due date"), hidden=True)
    draft.columns.insert(draft.columns.index(due), column)
    for action in draft.actions:
        old = draft.as_at.replace(year=draft.as_at.year - 2, day=draft.rng.randint(1, 28))
        action.cells[column.key] = Put(old, "dd/mm/yyyy")
    draft.made.must_say += (column.heading,)
    draft.made.may_ask = True
    return True


def no_heading(draft: Draft) -> bool:
    """A column of remarks without a heading."""
    column = draft.add_column("extra:none", "")
    column.heading.value = None
    for number, action in enumerate(draft.actions[:2]):
        secret = f"zq-none-{number}"
        action.cells[column.key] = Put(secret)
        draft.made.secrets.add(secret)
    draft.made.must_say += (draft.actions[0].cells[column.key],)
    draft.made.may_ask = True
    return True


def longer_row(draft: Draft) -> bool:
    """A cell to the right of the last heading."""
    action = draft.rng.choice(draft.actions)
    action.cells[BEYOND] = Put("zq-beyond: ask Sam")
    draft.made.secrets.add("zq-beyond")
    draft.made.must_say += (action.cells[BEYOND],)
    draft.made.may_ask = True
    return True


def skipped_row(draft: Draft) -> bool:
    """A row that plan.yaml says is to be skipped; its number is known once it is laid out."""
    action = draft.rng.choice(draft.actions)
    action.presence = "answered"
    return True


def unknown_heading(draft: Draft) -> bool:
    """Headings that nobody could know, which plan.yaml explains."""
    keys = [key for key in ("text", "owner", "due") if draft.column(key) is not None]
    if draft.made.choices["layout"] == "pair of dates":
        keys.remove("due")
    answers = {}
    for key, word in zip(draft.rng.sample(keys, min(2, len(keys))), ("Qux", "Zork"), strict=False):
        column = draft.column(key)
        assert column is not None
        column.heading.value = word
        answers[key] = word
    draft.made.settings = replace(draft.made.settings, columns=answers)
    return True
