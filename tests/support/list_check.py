"""Compares what was read of a generated list with the plan that it was made from.

`differences` says what is wrong, an empty list where nothing is. A difference is *silent* unless a
question or a fault names its cell; an action that is called complete or overdue, or a text that was
not to be read, is a difference whatever is asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from list_parts import ENDED, FACTS, Ask, Column, MadeList, Page, Put, Wanted, WantedAction
from list_said import Place, Said, said_of, sheet_of

from papergen.dates import PartialDate, WrittenDate
from papergen.errors import Location, Problem
from papergen.workbook.reading import Certainty, Reading
from papergen.workbook.settings import plain
from papergen.workbook.sheets import column_letters

Facts = dict[str, Any]
_DATES = ("due", "revised_due")


class Listed(Protocol):
    """What the reader gives."""

    @property
    def reading(self) -> Reading: ...
    @property
    def actions(self) -> Sequence[Any]: ...
    @property
    def problems(self) -> Sequence[Problem]: ...


# -- the one function that knows the reader's values


def facts_of(listed: Listed) -> list[Facts]:
    """Every action as plain values: `sheet`, `row`, the fields of `FACTS`, `due_last`,
    `unsettled` and `not_due`.

    `due` and the other dates are ISO dates or what is written; `due_last` is the last day by which
    the action can be due, as an ISO date; `share` is a percentage, 0 to 100.
    """
    return [_facts(action) for action in listed.actions]


def _facts(action: Any) -> Facts:
    fields: Mapping[str, Any] = action.fields
    facts: Facts = {name: _plain_value(fields.get(name)) for name in FACTS}
    facts["update"] = fields.get("comment") or fields.get("update")
    facts["sheet"], facts["row"] = action.sheet, action.row
    facts["due_last"] = fields.get("due_last") or _last_day(fields.get("due"))
    facts["revised_last"] = _last_day(fields.get("revised_due"))
    facts["unsettled"] = bool(fields.get("unsettled"))
    facts["not_due"] = bool(fields.get("not_due"))
    return facts


def _plain_value(value: Any) -> Any:
    if isinstance(value, (PartialDate, WrittenDate)):
        return str(value)
    if isinstance(value, (tuple, list)):
        return "; ".join(str(_plain_value(each)) for each in value) or None
    return value


def _last_day(value: Any) -> str | None:
    if isinstance(value, WrittenDate):
        value = value.last
    if isinstance(value, str):
        try:
            value = PartialDate.parse(value)
        except ValueError:
            return None
    return value.last.isoformat() if isinstance(value, PartialDate) else None


def last_of(facts: Facts) -> str | None:
    """The last day by which an action is due, of its revised date if it has one."""
    last: str | None = facts.get("revised_last") or facts.get("due_last")
    return last


def is_overdue(facts: Facts, as_at: PartialDate) -> bool:
    """Whether a paper would call the action overdue."""
    if facts["unsettled"] or facts["not_due"] or facts["status"] in ENDED:
        return False
    last = last_of(facts)
    return last is not None and last < as_at.isoformat()


# -- the comparison


def differences(made: MadeList, listed: Listed) -> list[str]:
    """What was read otherwise than the plan says, without a question or fault that names it."""
    facts = facts_of(listed)
    if not facts and listed.problems:
        return differences_of_refusal(made, listed.problems)
    check = _Check(made, facts, said_of(listed.reading, listed.problems))
    check.run()
    _check_reading(check, listed.reading)
    _check_questions(check, listed)
    return check.found


def differences_of_refusal(made: MadeList, problems: Sequence[Problem]) -> list[str]:
    """The differences where no action was read at all: faults must name the reason."""
    has_place = any(p.where is not None and p.where.line is not None for p in problems)
    if made.may_refuse and has_place:
        return []
    # A list whose actions are under an unusual heading may be refused, at that row.
    rare = any(column.key == "text" and not column.is_sure for column in _columns(made))
    if rare and has_place:
        return []
    return [f"no action is read: {[str(problem) for problem in problems]}"]


@dataclass(slots=True, eq=False)
class _Check:
    made: MadeList
    facts: list[Facts]
    said: Said
    found: list[str] = field(default_factory=list)
    places: dict[int, list[Place]] = field(default_factory=dict)
    """Where each cell is, by its identity."""
    clear: set[Place] = field(default_factory=set)
    doubtful: set[Place] = field(default_factory=set)
    doubtful_rows: set[tuple[str, int]] = field(default_factory=set)

    def run(self) -> None:
        self.places = places_of(self.made)
        by_place = {(facts["sheet"], facts["row"]): facts for facts in self.facts}
        for page in self.made.pages:
            for row, action in page.actions.items():
                key = self.key(page, row)
                self._note_doubts(page, key, action)
                facts = by_place.pop(key, None)
                if facts is None:
                    self._missing(page, key, action)
                else:
                    self._compare(page, key, action, facts)
        for key, facts in by_place.items():
            if key not in self.said.asked_rows:
                self.found.append(f"{key}: no action is here, and one is read: {facts['text']!r}")
        self._check_secrets()
        self._check_what_must_be_said()

    def key(self, page: Page, row: int) -> tuple[str, int]:
        if self.made.is_csv:
            return "", self.made.lines[row]
        return page.sheet, row

    def _note_doubts(self, page: Page, key: tuple[str, int], action: WantedAction) -> None:
        for wanted in action.wanted.values():
            places = self._places(key, wanted)
            if wanted.ask is Ask.NO:
                self.clear |= places
            else:
                self.doubtful |= places
        if action.presence != "yes":
            self.doubtful_rows.add(key)
            for put in action.beside:
                self.doubtful_rows |= {place[:2] for place in self.places.get(id(put), [])}

    def _places(self, key: tuple[str, int], wanted: Wanted) -> set[Place]:
        """The places of the cells: where they are, and in the row itself, for merged cells."""
        found = {place for put in wanted.cells for place in self.places.get(id(put), [])}
        return found | {(*key, column) for _, _, column in found}

    def _asks(self, key: tuple[str, int], wanted: Wanted) -> bool:
        places = self._places(key, wanted)
        if places & self.said.asked or any((p[0], p[2], True) in self.said.columns for p in places):
            return True
        return any((plain(put.shown), True) in self.said.texts for put in wanted.cells)

    def _names(self, key: tuple[str, int], wanted: Wanted) -> bool:
        places = self._places(key, wanted)
        if places & self.said.named or any(
            (p[0], p[2], False) in self.said.columns for p in places
        ):
            return True
        shown = {plain(put.shown) for put in wanted.cells}
        return self._asks(key, wanted) or any((text, False) in self.said.texts for text in shown)

    def _missing(self, page: Page, key: tuple[str, int], action: WantedAction) -> None:
        rows = {key} | {
            place[:2] for put in action.beside for place in self.places.get(id(put), ())
        }
        is_asked = bool(rows & self.said.asked_rows)
        is_named = bool(rows & self.said.named_rows) or page.sheet in self.said.whole_sheets
        must_ask = action.struck or action.wanted["text"].ask in (Ask.MUST, Ask.MAY)
        if action.presence == "answered" or (action.presence == "no" and is_named):
            return
        if action.presence == "may" and (is_asked if must_ask else is_named):
            return
        self.found.append(f"{key}: the action is not read: {action.cells['text'].shown[:60]!r}")

    def _compare(
        self,
        page: Page,
        key: tuple[str, int],
        action: WantedAction,
        facts: Facts,
    ) -> None:
        where = f"{key} ({action.cells['text'].shown[:40]!r})"
        if action.presence in ("no", "answered"):
            self.found.append(f"{where}: this row was not to be read")
            return
        for name in (*FACTS, "last"):
            value = last_of(facts) if name == "last" else facts[name]
            self._compare_field(page, key, action, name, value, where)
        self._compare_overdue(key, action, facts, where)
        is_asked = key in self.said.asked_rows or self.made.may_ask
        if facts["unsettled"] and not is_asked and not self._asks_any(key, action):
            self.found.append(f"{where}: the status is not settled, and nothing is asked")

    def _asks_any(self, key: tuple[str, int], action: WantedAction) -> bool:
        return any(self._asks(key, wanted) for wanted in action.wanted.values())

    def _asks_of_dates(self, key: tuple[str, int], action: WantedAction) -> bool:
        """Whether a date is asked about: what it was read as meanwhile is then no last day."""
        dates = [action.wanted[name] for name in ("due", "revised_due") if name in action.wanted]
        return any(self._asks(key, wanted) for wanted in dates)

    def _compare_field(
        self,
        page: Page,
        key: tuple[str, int],
        action: WantedAction,
        name: str,
        value: Any,
        where: str,
    ) -> None:
        wanted = action.wanted.get(name)
        if wanted is None:
            status = action.cells.get("status")
            is_share = name == "share" and status is not None and "%" in status.shown
            is_free = action.is_partial or is_share or name in ("last", "completed")
            if not is_free and value is not None:
                self.found.append(f"{where}: {name} is read as {value!r}, and the list has none")
            return
        if name == "last" and self._asks_of_dates(key, action):
            return
        if name == "workstream" and value is None and key in self.said.asked_rows:
            return
        if name == "status" and value == "complete" and "complete" not in _allowed(wanted):
            self.found.append(f"{where}: called complete: {_shown(wanted)}")
            return
        is_right = _is_among(name, value, wanted.values)
        if self._is_settled(key, wanted, name, value, is_right):
            return
        if value is None and self._is_unused(page, name, wanted):
            return
        is_dated = name in ("last", "revised_due")
        if is_dated and any(self._is_unused(page, each, wanted) for each in _DATES):
            return
        if name == "completed" and value is None and self._is_unsettled(key):
            # Papers print no date of completion of an action whose status is not settled.
            return
        what = "unasked" if is_right else f"wanted {_list(wanted.values)}"
        self.found.append(f"{where}: {name} is read as {value!r}, {what}: {_shown(wanted)}")

    def _is_settled(
        self,
        key: tuple[str, int],
        wanted: Wanted,
        name: str,
        value: Any,
        is_right: bool,
    ) -> bool:
        is_quiet = is_right or _is_among(name, value, wanted.quiet)
        if wanted.ask is Ask.NO:
            return is_right
        if wanted.ask is Ask.MAY:
            return is_right or (is_quiet and self._asks(key, wanted))
        if wanted.ask is Ask.SAID:
            return is_quiet and self._names(key, wanted)
        return is_quiet and self._asks(key, wanted)

    def _is_unsettled(self, key: tuple[str, int]) -> bool:
        return any(
            facts["unsettled"] for facts in self.facts if (facts["sheet"], facts["row"]) == key
        )

    def _is_unused(self, page: Page, name: str, wanted: Wanted) -> bool:
        """Whether the column has an unusual heading, and is reported as not used or asked for."""
        for number, column in page.columns.items():
            is_its = column.key == name or any(
                (page.sheet, row, number) in self.places.get(id(put), [])
                for put in wanted.cells
                for row in page.actions
            )
            if is_its and not column.is_sure:
                sheet = "" if self.made.is_csv else page.sheet
                return (sheet, column_letters(number)) in self.said.unused or any(
                    place in self.said.asked for place in self.places.get(id(column.heading), [])
                )
        return False

    def _compare_overdue(
        self,
        key: tuple[str, int],
        action: WantedAction,
        facts: Facts,
        where: str,
    ) -> None:
        overdue = is_overdue(facts, self.made.as_at)
        if action.overdue is None or overdue == action.overdue:
            return
        if overdue:
            self.found.append(f"{where}: called overdue: {facts['status']}, {last_of(facts)}")
        elif key in self.said.asked_rows:
            return
        elif not self._asks_any(key, action) and not _rare_headings(self.made):
            said = f"{facts['status']}, {last_of(facts)}"
            self.found.append(f"{where}: not called overdue: {said}")

    def _check_secrets(self) -> None:
        for facts in self.facts:
            for name in FACTS:
                text = str(facts[name])
                for secret in self.made.secrets:
                    if secret in text:
                        self.found.append(f"row {facts['row']}: {name} has {secret!r}: {text!r}")

    def _check_what_must_be_said(self) -> None:
        made, said = self.made, self.said
        for sheet in made.sheets_said:
            if sheet not in said.sheets:
                self.found.append(f"nothing is said of the sheet {sheet!r}")
        for group in made.must_ask:
            asked = [place for put in group for place in self.places.get(id(put), [])]
            texts = {(plain(put.shown), True) for put in group}
            if not said.asked.intersection(asked) and not texts & said.texts:
                self.found.append(f"nothing is asked of {[put.shown[:40] for put in group][:4]}")
        for put in made.must_say:
            places = self.places.get(id(put), [])
            unused = any((s, column_letters(c)) in said.unused for s, _, c in places)
            if not unused and not said.named.intersection(places):
                self.found.append(f"nothing is said of {put.shown!r} at {places}")


def places_of(made: MadeList) -> dict[int, list[Place]]:
    """The places of every cell, by its identity."""
    places: dict[int, list[Place]] = {}
    for page in made.pages:
        for (row, column), put in page.grid.items():
            place = ("", made.lines[row], column) if made.is_csv else (page.sheet, row, column)
            places.setdefault(id(put), []).append(place)
    return places


def _columns(made: MadeList) -> list[Column]:
    return [column for page in made.pages for column in page.columns.values()]


def _rare_headings(made: MadeList) -> list[Put]:
    return [column.heading for column in _columns(made) if not column.is_sure]


def _allowed(wanted: Wanted) -> tuple[Any, ...]:
    return (*wanted.values, *wanted.quiet) if wanted.ask is not Ask.NO else wanted.values


def _is_among(name: str, value: Any, values: Iterable[Any]) -> bool:
    read = _comparable(name, value)
    return any(read == _comparable(name, each) for each in values)


def _comparable(name: str, value: Any) -> Any:
    """A value without what does not matter: spaces, and the marks between owners."""
    if name == "share" and isinstance(value, (int, float)):
        return round(value, 6)
    if value is None or name == "last":
        return str(value) if value is not None else None
    text = str(value).replace("\u00ad", "").replace("\u200b", "")
    if name == "owner":
        return [word for word in re.findall(r"\w+", text.casefold()) if word != "and"]
    if name in ("text", "update"):
        return [" ".join(line.split()) for line in text.split("\n") if line.strip()]
    return " ".join(text.split())


def _shown(wanted: Wanted) -> str:
    return ", ".join(repr(put.shown[:60]) for put in wanted.cells)


def _list(values: Sequence[Any]) -> str:
    return " or ".join(repr(value) for value in values[:5])


# -- the reading as a whole


def _check_reading(check: _Check, reading: Reading) -> None:
    """The lists that a reading names are those that were made, with every column."""
    for page in check.made.pages:
        if not any(action.presence == "yes" for action in page.actions.values()):
            continue
        name = "" if check.made.is_csv else page.sheet
        lists = [sheet for sheet in reading.sheets if sheet.sheet == name]
        if not lists:
            check.found.append(f"the reading does not have the sheet {name!r}")
            continue
        headings = {check.key(page, row)[1] for row in page.heading_rows}
        if not any(sheet.heading_row in headings for sheet in lists):
            rows = [sheet.heading_row for sheet in lists]
            check.found.append(f"the headings are in the rows {headings}, not in {rows}")
        read = sum(sheet.actions for sheet in lists)
        actual = sum(facts["sheet"] == name for facts in check.facts)
        if read != actual:
            check.found.append(f"the reading counts {read} actions in {name!r}, of {actual}")
        letters = {column.letters for sheet in lists for column in sheet.columns}
        for number, column in page.columns.items():
            if column.heading.value is not None and column_letters(number) not in letters:
                check.found.append(f"nothing is said of the column {column.heading.value!r}")


def _check_questions(check: _Check, listed: Listed) -> None:
    """Nothing is asked of what is clear."""
    made = check.made
    for entry in listed.reading.entries:
        if entry.level is Certainty.NOTE:
            continue
        for where in entry.where:
            _check_question(check, where, f"{entry.kind.code}: {entry.values[:2]}")
    for problem in listed.problems:
        if problem.where is not None:
            _check_question(check, problem.where, str(problem))
        elif not made.may_ask:
            check.found.append(f"asked without need: {problem}")


def _check_question(check: _Check, where: Location, what: str) -> None:
    made = check.made
    if what.startswith(("no-status:", "blank-workstream:")):
        # An empty cell says neither that an action is complete nor that it is not; nor whether
        # what is written above holds for it.
        return
    if what.startswith("text-alone:"):
        # A title where the actions are is no more than likely to be one.
        return
    place = sheet_of(where), where.line or 0, where.column or 0
    if place in check.doubtful or place[:2] in check.doubtful_rows:
        return
    rare = [place for put in _rare_headings(made) for place in check.places.get(id(put), [])]
    must = [
        place
        for put in (*(put for group in made.must_ask for put in group), *made.must_say)
        for place in check.places.get(id(put), [])
    ]
    if place in rare or place in must or place[0] in made.sheets_said:
        return
    if place not in check.clear and (made.may_ask or rare):
        return
    check.found.append(f"asked without need at {where}: {what}")
