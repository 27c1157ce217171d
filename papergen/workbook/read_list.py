"""An officer's own list of actions, read: from the bytes of a file to actions and a `Reading`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from papergen.dates import PartialDate, WrittenDate
from papergen.errors import Problem, check
from papergen.model.rating import RagScheme
from papergen.workbook.bulk import without_collection
from papergen.workbook.cell_faults import capped
from papergen.workbook.claims import (
    BY_COMPLETION,
    BY_UPDATE,
    Claim,
    StatusDecision,
    decide,
    settled,
)
from papergen.workbook.columns.find_lists import FoundList, find_lists
from papergen.workbook.files.read import read_grids
from papergen.workbook.keys import key_of
from papergen.workbook.list_cells import CellReader, RowFacts
from papergen.workbook.list_rows import NO_TEXT, STRUCK_CELL, STRUCK_ROW, ActionRow, ListRows
from papergen.workbook.listed import ListedAction, ListedActions
from papergen.workbook.missing_names import first_scheme, missing_register
from papergen.workbook.parties import Register
from papergen.workbook.rating_words import only_ratings
from papergen.workbook.reading import (
    Answer,
    Certainty,
    FindingKind,
    Findings,
    ReadColumn,
    Reading,
    ReadSheet,
    Remark,
)
from papergen.workbook.settings import ListSettings, plain
from papergen.workbook.shares import ShareScale
from papergen.workbook.sheets import Cell, shown
from papergen.workbook.status_words import CANCELLED, COMPLETE, NOT_KNOWN
from papergen.workbook.updates import update_says

STATUS_IS_RATING = FindingKind(
    "status-is-rating",
    Certainty.NOTE,
    "a status column holds ratings only, and is read as the rating",
)
COPY = FindingKind(
    "copied-row", Certainty.QUESTION, "a row that is the same as one above is read once"
)
REFERENCE_TWICE = FindingKind(
    "reference-twice",
    Certainty.QUESTION,
    "two actions have the same reference, and both are read",
)
FILLED_DOWN = FindingKind(
    "written-once",
    Certainty.NOTE,
    "a workstream or phase that is written once is read for the rows below it",
)
BLANK_CELL = FindingKind(
    "blank-workstream",
    Certainty.QUESTION,
    "a row without a workstream, below one that has it, belongs to none",
)
COMPLETED_LATER = FindingKind(
    "completed-later",
    Certainty.QUESTION,
    "an action whose date of completion is after the as-at date counts neither as complete nor as "
    "overdue",
)
NOT_DUE_BUT_PAST = FindingKind(
    "not-due-but-past",
    Certainty.QUESTION,
    "an action recorded as not yet due had its due date before the as-at date, so it counts "
    "neither as complete nor as overdue",
)
NO_STATUS = FindingKind(
    "no-status",
    Certainty.QUESTION,
    "an action whose due date is past and of which nothing says whether it is complete counts "
    "neither as complete nor as overdue",
)
BLANK = "blank"
"""The key of `statuses:` for an action of which the list says nothing."""
_FILLED_DOWN = ("workstream", "phase")


@without_collection
def read_action_list(
    data: bytes,
    source: str,
    *,
    as_at: PartialDate,
    settings: ListSettings | None = None,
    register: Mapping[str, Any] | None = None,
    scheme: RagScheme | None = None,
    until: PartialDate | None = None,
) -> ListedActions:
    """The actions of a workbook (.xlsx) or a CSV file, how it was read, and the faults of cells.

    `source` is what the user calls the file. `as_at` decides what is complete, and the year of a
    date without one. `settings` are the officer's answers, `register` the raw values of the
    register of bodies, `scheme` the plan's rating scheme. `until`: the day of the last meeting that
    is told what is overdue, if it is not the as-at date. Raises a PapergenError where the file
    cannot be read or holds no list.
    """
    settings = settings or ListSettings()
    findings = Findings()
    problems: list[Problem] = []
    grids = read_grids(data, source)
    lists = find_lists(grids, source, settings, findings)
    reader = _ListReader(as_at, settings, scheme, Register(register, settings.owners), findings)
    reader.scheme_id = first_scheme(register) or "rag"
    reader.until = until or as_at
    reader.references = Counter(_references(lists))
    reader.scale = ShareScale.of(_share_cells(lists), settings.full_mark)
    sheets: list[ReadSheet] = []
    actions: list[ListedAction] = []
    for number, found in enumerate(lists):
        # The number of a row alone is one of the first list.
        prefix = f"{found.grid.sheet}!" if number else ""
        read = reader.read(found, prefix, problems)
        sheets.append(_sheet(read.found, len(read.actions)))
        actions += read.actions
    if not actions and not problems:
        check([_no_actions(lists[0])])
    _find_repeated_references(actions, settings, findings)
    reading = Reading(
        source,
        tuple(sheets),
        findings.entries(),
        missing_register(reader.unknown, register, reader.codes_without_scheme, reader.key),
    )
    return ListedActions(tuple(actions), reading, tuple(capped(problems)))


def _references(lists: Sequence[FoundList]) -> Iterator[str]:
    """The references of all rows of all lists, as `plain` has them."""
    for found in lists:
        if "ref" in found.indexes:
            for index in found.body:
                cell = found.grid.cell(index, found.indexes["ref"])
                if cell is not None:
                    yield plain(" ".join(shown(cell).split()))


def _share_cells(lists: Sequence[FoundList]) -> Iterator[Cell]:
    """The cells of all columns of percentages beside an action's text: one file has one scale."""
    for found in lists:
        if "share" in found.indexes:
            for index in found.body:
                if found.grid.cell(index, found.indexes["text"]) is not None:
                    yield found.grid.cell(index, found.indexes["share"])


def _no_actions(found: FoundList) -> Problem:
    message = "there are headings, but no actions below them"
    hint = "Write one action on each row below the headings."
    where = found.grid.place(found.heading_index, found.indexes["text"])
    return Problem("missing-field", message, where, hint)


def _sheet(found: FoundList, actions: int) -> ReadSheet:
    columns = (*found.columns.values(), *found.unused)
    heading_row = found.grid.lines[found.heading_index]
    return ReadSheet(found.grid.sheet, heading_row, columns, actions)


@dataclass(slots=True, eq=False)
class _ReadOne:
    """One list as read."""

    found: FoundList
    actions: list[ListedAction]


@dataclass(slots=True, eq=False)
class _ListReader:
    """Reads the lists of one file."""

    as_at: PartialDate
    settings: ListSettings
    scheme: RagScheme | None
    register: Register
    findings: Findings
    unknown: dict[str, None] = field(default_factory=dict)
    """The names that the register lacks."""
    codes_without_scheme: Counter[str] = field(default_factory=Counter)
    scheme_id: str = "rag"
    """The scheme of the register that the plan may name, where it names none."""
    key: dict[str, str] = field(default_factory=dict)
    until: PartialDate | None = None
    references: Counter[str] = field(default_factory=Counter)
    """In how many rows of the file each reference is."""
    scale: ShareScale = field(default_factory=lambda: ShareScale(False, None))
    _settled: dict[str, str] = field(default_factory=dict)

    _blank: str | None = None
    """What the officer says that a list without a word on an action means."""
    _says_of_open: bool = False
    """Whether the list has a column that is empty for an action that is not complete."""

    def __post_init__(self) -> None:
        words = {plain(word): meaning for word, meaning in self.settings.statuses.items()}
        self._blank = words.get(BLANK)
        answers = self.settings.settle.items()
        self._settled = {plain(name): status for name, status in answers}

    def read(self, found: FoundList, prefix: str, problems: list[Problem]) -> _ReadOne:
        """The actions of one list. Adds faults of cells to `problems`."""
        for remark in found.grid.remarks:
            self.findings.add(remark, found.grid.place(found.heading_index, 0))
        rows = ListRows(found, self.settings, self.findings, prefix)
        action_rows = list(rows.action_rows())
        columns = {
            name: [rows.cell(row.index, column) for row in action_rows]
            for name, column in found.indexes.items()
        }
        found, columns = self._with_ratings(found, columns)
        self._says_of_open = "completed" in columns or "share" in columns
        last = action_rows[-1].index if action_rows else found.heading_index
        at = range(found.heading_index, last + 1)
        key = key_of(found.grid, at, set(found.indexes.values()))
        self.key.update(key)
        cells = CellReader(
            as_at=self.as_at,
            settings=self.settings,
            scheme=self.scheme,
            scheme_id=self.scheme_id,
            key=key,
            columns=columns,
            scale=self.scale,
            labels={name: column.heading for name, column in found.columns.items()},
            serials=found.grid.serials,
            findings=self.findings,
            problems=problems,
        )
        self._fill_down(found, rows, action_rows, columns)
        actions = []
        seen: dict[tuple[Any, ...], None] = {}
        for at_row, row in enumerate(action_rows):
            values = {name: cells_of[at_row] for name, cells_of in columns.items()}
            if self._is_copy(rows, row, values, seen):
                continue
            action = self._action(found, rows, row, values, cells)
            if action is not None:
                actions.append(action)
        return _ReadOne(found, actions)

    # -- columns

    def _with_ratings(
        self, found: FoundList, columns: dict[str, list[Cell]]
    ) -> tuple[FoundList, dict[str, list[Cell]]]:
        """The list with its column of statuses as that of ratings, where it holds nothing else."""
        if "status" not in columns or "rating" in columns:
            return found, columns
        texts = [cell for cell in columns["status"] if isinstance(cell, str)]
        if not only_ratings(texts):
            return found, columns
        heading = found.columns["status"]
        rating = replace(heading, field="rating", why="it holds ratings only")
        self.findings.add(
            Remark(STATUS_IS_RATING, heading.heading),
            found.grid.place(found.heading_index, found.indexes["status"]),
        )
        renamed = {"status": "rating"}
        named: dict[str, ReadColumn] = {
            renamed.get(name, name): rating if name == "status" else column
            for name, column in found.columns.items()
        }
        indexes = {renamed.get(name, name): at for name, at in found.indexes.items()}
        values = {renamed.get(name, name): cells for name, cells in columns.items()}
        return replace(found, columns=named, indexes=indexes), values

    def _fill_down(
        self,
        found: FoundList,
        rows: ListRows,
        action_rows: Sequence[ActionRow],
        columns: dict[str, list[Cell]],
    ) -> None:
        """Let a workstream or phase that is written once hold for the rows below it.

        That is so where at least a third of the rows have none, the first one has, and no value
        comes back. Where fewer have none, it is asked.
        """
        answer = self.settings.blank_workstreams
        if not action_rows or answer == "none" or any(row.band for row in action_rows):
            return
        last = action_rows[-1].index
        body = [index for index in found.body if index <= last and not rows.is_aside(index)]
        for name in _FILLED_DOWN:
            if name not in columns:
                continue
            column = found.indexes[name]
            cells = {index: rows.cell(index, column) for index in body}
            given = [cell for cell in cells.values() if cell is not None]
            comes_back = len(given) > len({shown(cell) for cell in given})
            if not given or len(given) == len(cells) or cells[body[0]] is None:
                continue
            is_usual = not comes_back and 3 * len(given) <= 2 * len(cells)
            if is_usual or answer == "above":
                held = self._held_down(cells, rows, column)
                columns[name] = [held[row.index] for row in action_rows]
            else:
                self._ask_about_blanks(cells, rows, column)

    def _held_down(self, cells: Mapping[int, Cell], rows: ListRows, column: int) -> dict[int, Cell]:
        """By row, the value that holds there: its own, or the last one above."""
        held: dict[int, Cell] = {}
        current: Cell = None
        for index, cell in cells.items():
            if cell is not None:
                current = cell
                self.findings.add(Remark(FILLED_DOWN, shown(cell)), rows.place(index, column))
            held[index] = current
        return held

    def _ask_about_blanks(self, cells: Mapping[int, Cell], rows: ListRows, column: int) -> None:
        answer = Answer("blank_workstreams", "none")
        for index, cell in cells.items():
            if cell is None:
                self.findings.add(Remark(BLANK_CELL, answer=answer), rows.place(index, column))

    # -- rows

    def _is_copy(
        self,
        rows: ListRows,
        row: ActionRow,
        values: Mapping[str, Cell],
        seen: dict[tuple[Any, ...], None],
    ) -> bool:
        """Whether all cells of a row are those of one above, and it is not to be read again."""
        content = tuple(values.values())
        if row.is_struck or content not in seen:
            seen[content] = None
            return False
        answer = rows.answer(row.index)
        if answer is None:
            where = rows.place(row.index, rows.text_column)
            remark = Remark(
                COPY,
                str(values["text"]),
                answer=Answer("rows", "skip", key=rows.row_name(row.index)),
            )
            self.findings.add(remark, where)
        return answer != "action"

    def _action(
        self,
        found: FoundList,
        rows: ListRows,
        row: ActionRow,
        values: Mapping[str, Cell],
        cells: CellReader,
    ) -> ListedAction | None:
        """The action of a row; None for one that is not read."""
        struck = self.settings.struck_through
        where = rows.place(row.index, rows.text_column)
        if row.is_struck and struck not in ("read", "cancelled"):
            if struck is None:
                answer = Answer("struck_through", "skip")
                self.findings.add(Remark(STRUCK_ROW, answer=answer), where)
            return None
        facts = RowFacts(row=rows.row_name(row.index), answer=rows.answer(row.index))
        if "status" in found.indexes:
            facts.status_place = rows.place(row.index, found.indexes["status"])
        for name, column in found.indexes.items():
            cell = values[name]
            if row.is_struck:
                cell = rows.raw(row.index, column)
            elif (row.index, column) in found.grid.struck and struck is None:
                answer = Answer("struck_through", "skip")
                self.findings.add(Remark(STRUCK_CELL, answer=answer), rows.place(row.index, column))
            if cell is not None:
                cells.read(name, cell, rows.place(row.index, column), facts)
        if "text" not in facts.fields:
            if (
                len(facts.fields) >= 2
                and "text" not in facts.places
                and rows.says_not_known(row.index)
            ):
                answer = Answer("rows", "skip", key=facts.row)
                self.findings.add(Remark(NO_TEXT, answer=answer), where)
            return None
        if row.band is not None and "workstream" not in facts.fields:
            facts.put("workstream", *row.band)
        action = ListedAction(
            found.grid.sheet,
            rows.line(row.index),
            facts.row,
            facts.fields,
            facts.places,
        )
        reference = found.indexes.get("ref", -1)
        action.shares_reference = rows.is_carried(row.index, reference)
        self._settle(action, facts, rows.row_name(row.index), row.is_struck)
        self._name_parties(action)
        self._count_rating(action)
        return action

    def _count_rating(self, action: ListedAction) -> None:
        if self.scheme is None and action.fields.get("rating"):
            self.codes_without_scheme[action.fields["rating"]] += 1

    # -- status

    def _settle(self, action: ListedAction, facts: RowFacts, row: str, is_struck: bool) -> None:
        """Decide the status of an action."""
        fields = facts.fields
        ref = fields.get("ref")
        if ref is not None and self.references[plain(ref)] > 1:
            # A reference that several actions have settles none of them.
            ref = None
        key = ref or f"row {row}"
        answer = self._answer(ref, f"row {row}")
        if answer is not None:
            decision = settled(answer)
        elif is_struck and self.settings.struck_through == "cancelled":
            decision = StatusDecision(CANCELLED)
        else:
            decision = self._decide(facts, key)
        if decision.remark is not None:
            where = decision.where or facts.places["text"]
            self.findings.add(decision.remark, where)
        if decision.unsettled:
            fields["unsettled"] = decision.unsettled
        elif decision.status is not None:
            fields["status"] = decision.status
            places = [claim.where for claim in facts.claims if claim.says == decision.status]
            action.places["status"] = places[0] if places else facts.places["text"]
        if decision.not_due and not decision.unsettled:
            fields["not_due"] = True
        completed = fields.get("completed")
        is_past = completed is not None and completed.first <= self.as_at.last
        if fields.get("status") != COMPLETE or not is_past:
            fields.pop("completed", None)

    def _answer(self, *names: str | None) -> str | None:
        for name in names:
            if name is not None and plain(name) in self._settled:
                return self._settled[plain(name)]
        return None

    def _decide(self, facts: RowFacts, key: str) -> StatusDecision:
        self._add_claims(facts)
        is_silent = not facts.claims and "rating" not in facts.fields
        decision = self._of_silent_row(facts) if is_silent else decide(facts.claims, key)
        completed = facts.fields.get("completed")
        is_later = completed is not None and completed.first > self.as_at.last
        if is_later and (is_silent or not decision.unsettled):
            answer = Answer("settle", NOT_KNOWN, key=key)
            remark = Remark(COMPLETED_LATER, f"{key}: {completed}", answer=answer)
            where = facts.places["completed"]
            reason = f"the date of completion is {completed}"
            return StatusDecision(unsettled=reason, remark=remark, where=where)
        if decision.not_due and self._is_past_due(facts, self.as_at):
            reason = "the due date is past, but the action is recorded as not yet due"
            answer = Answer("settle", NOT_KNOWN, key=key)
            remark = Remark(NOT_DUE_BUT_PAST, str(key), answer=answer)
            return StatusDecision(unsettled=reason, remark=remark)
        return decision

    def _of_silent_row(self, facts: RowFacts) -> StatusDecision:
        """The decision on an action of which the list says nothing.

        An empty cell for the date of completion, or for what is complete, says that it is not
        complete; without such a column nothing says that a past due date was not met.
        """
        answer = self._blank
        if answer is not None:
            return settled(answer)
        if self._says_of_open or not self._is_past_due(facts, self.until or self.as_at):
            return StatusDecision()
        return StatusDecision(
            unsettled="nothing in the list says whether it is complete",
            remark=Remark(NO_STATUS, answer=Answer("statuses", NOT_KNOWN, key=BLANK)),
            where=facts.status_place,
        )

    def _add_claims(self, facts: RowFacts) -> None:
        """Add what the date of completion and the update say."""
        completed = facts.fields.get("completed")
        if completed is not None and completed.first <= self.as_at.last:
            where = facts.places["completed"]
            facts.claims.append(Claim(COMPLETE, "the completion date", where, BY_COMPLETION))
        update = facts.fields.get("comment")
        says = update_says(update, self.as_at) if update else ""
        if says:
            where = facts.places["comment"]
            facts.claims.append(Claim(says, "the update", where, BY_UPDATE, decides=False))

    def _is_past_due(self, facts: RowFacts, day: PartialDate) -> bool:
        due = facts.fields.get("revised_due") or facts.fields.get("due")
        if isinstance(due, WrittenDate):
            due = due.last
        return due is not None and due.last < day.first

    # -- owners

    def _name_parties(self, action: ListedAction) -> None:
        for name in ("owner", "responsible"):
            text = action.fields.get(name)
            if text is None:
                continue
            reading = self.register.read(text, is_body=name == "responsible")
            self.findings.add_all(reading.remarks, action.places[name])
            self.unknown.update(dict.fromkeys(reading.unknown))
            action.fields[name] = " ".join(text.split())
            if name == "owner":
                action.owners = reading.parties
            else:
                action.responsible = reading.parties


def _find_repeated_references(
    actions: Sequence[ListedAction], settings: ListSettings, findings: Findings
) -> None:
    """Ask about references that two actions have."""
    seen: set[str] = set()
    for action in actions:
        ref = action.fields.get("ref")
        if ref is None or action.shares_reference:
            continue
        if plain(ref) in seen and action.row_name not in settings.rows:
            answer = Answer("rows", "action", key=action.row_name)
            findings.add(Remark(REFERENCE_TWICE, ref, answer=answer), action.places["ref"])
        seen.add(plain(ref))
