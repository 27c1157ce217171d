"""Which columns are due dates, revised ones and dates of completion, where that is not plain."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from papergen.workbook.columns import column_kinds as kinds
from papergen.workbook.columns.column_cells import CellKind
from papergen.workbook.columns.column_choice import AS_ANSWERED, ColumnChoice
from papergen.workbook.columns.column_fit import CURRENT, FORECAST, ORIGINAL, due_role
from papergen.workbook.columns.heading_names import DESCRIPTIONS
from papergen.workbook.columns.headings import is_some_date, is_target_or_done, is_unclear_revision
from papergen.workbook.reading import Answer
from papergen.workbook.shares import ShareScale
from papergen.workbook.sheets import Cell, Grid, shown
from papergen.workbook.status_words import (
    CLOSED,
    COMPLETE,
    IN_PROGRESS,
    NOT_DUE,
    NOT_STARTED,
    OPEN,
    STATUSES,
)
from papergen.workbook.words import words_of

_DATES = CellKind.DATE, CellKind.TIME
_OPEN = frozenset({IN_PROGRESS, NOT_STARTED, NOT_DUE, OPEN})
_RATED_OPEN = frozenset({"red", "r", "amber", "a"})


def settle_due_dates(choice: ColumnChoice, primary: dict[str, list[int]]) -> None:
    """Beside an original due date, the one that is not called so is that which now holds."""
    columns = [column for column in primary.get("due", ()) if not choice.is_empty(column)]
    roles = {column: due_role(choice.full_heading(column)) for column in columns}
    original = [column for column in columns if roles[column] == ORIGINAL]
    current = [column for column in columns if roles[column] == CURRENT]
    others = [column for column in columns if roles[column] not in (ORIGINAL, FORECAST)]
    later = others if original else (current if len(others) > len(current) else [])
    if not later or len(others) == len(columns) == len(current):
        return
    if "revised_due" in primary or "revised_due" in choice.indexes:
        first = choice.heading(original[0]) if original else ""
        for column in later if original else []:
            primary["due"].remove(column)
            choice.leave(kinds.LESS_CLOSE, column, f"not used: “{first}” is closer")
        return
    for column in later:
        primary["due"].remove(column)
    primary["revised_due"] = later


def _ask_of_revisions(choice: ColumnChoice, free: Iterable[int]) -> None:
    """Ask whether a column is that of revised dates, where it may be and no other is."""
    if choice.has("revised_due") or "revised_due" in choice.named.without:
        return
    for column in free:
        heading = choice.full_heading(column)
        if is_unclear_revision(heading) and choice.cells(column).mostly(*_DATES):
            why = "not read: it may be the revised due date"
            answer = Answer("columns", choice.name_for_answer(column), "revised_due")
            choice.leave(kinds.DATE_UNCLEAR, column, why, answer)
            choice.tied.setdefault("revised_due", []).append(column)


def _drop_due(choice: ColumnChoice) -> None:
    """Leave the due date unread where it is not clear which of its revisions holds."""
    is_named = choice.whys.get("due") == AS_ANSWERED
    if "revised_due" in choice.tied and "due" in choice.indexes and not is_named:
        column = choice.indexes.pop("due")
        del choice.whys["due"]
        why = "not read: it is not clear which of the revised dates holds"
        choice.unused[column] = why
        choice.remark(kinds.DUE_UNREAD, column, why)


def settle_dates(choice: ColumnChoice, free: Iterable[int]) -> None:
    """Settle what is left of the dates once the columns with clear headings are chosen."""
    _ask_of_revisions(choice, free)
    _drop_due(choice)
    _settle_target_or_done(choice, free)


def _settle_target_or_done(choice: ColumnChoice, free: Iterable[int]) -> None:
    """Read “Completion date” as the one of both dates that has no column of its own."""
    for column in free:
        if not is_target_or_done(choice.full_heading(column)) or choice.is_empty(column):
            continue
        if choice.cells(column).only(CellKind.SHARE):
            continue
        has_due = choice.has("due")
        has_done = choice.has("completed")
        why = "the rows that have a date settle it"
        if has_due != has_done:
            name = "completed" if has_due else "due"
            why = f"{DESCRIPTIONS['due' if has_due else 'completed']} has another column"
        elif has_due:
            why = "not used: the list has columns for both dates that it can be for"
            choice.leave(kinds.LESS_CLOSE, column, why)
            continue
        else:
            name = _date_by_rows(choice.grid, choice.body, column, choice.indexes)
        if name in choice.named.without:
            choice.leave(kinds.DECLINED, column, f"{AS_ANSWERED}, no column is for it")
        elif name:
            choice.take(name, column, why)
            choice.remark(kinds.DATE_SETTLED, column, DESCRIPTIONS[name])
        else:
            _ask_what_date(choice, column)


def _ask_what_date(choice: ColumnChoice, column: int) -> None:
    why = "not read: it can be the due date or the date of completion"
    answer = Answer("columns", choice.name_for_answer(column), "due")
    choice.leave(kinds.DATE_UNCLEAR, column, why, answer)


def ask_of_plain_dates(choice: ColumnChoice, free: Iterable[int]) -> None:
    """Ask what “Date” is the date of, where no column is for the due date."""
    if choice.has("due") or "due" in choice.named.without:
        return
    for column in free:
        is_date = is_some_date(choice.full_heading(column))
        if is_date and choice.cells(column).mostly(*_DATES):
            why = "not read: it does not say of what it is the date"
            answer = Answer("columns", choice.name_for_answer(column), "due")
            choice.leave(kinds.DATE_UNCLEAR, column, why, answer)


def _date_by_rows(
    grid: Grid,
    body: range,
    column: int,
    indexes: Mapping[str, int],
) -> str:
    """Which date a column holds, `due` or `completed`; empty where the rows do not settle it.

    Rows that are done alone have a date of completion; all that are open have a due date.
    `indexes`: the columns by field, of which the status, per cent complete and rating are looked
    at, the plainest values only.
    """
    done: set[bool] = set()
    not_done: set[bool] = set()
    share = indexes.get("share", -1)
    scale = ShareScale.of((grid.cell(row, share) for row in body if share >= 0), None)
    texts = [indexes[name] for name in ("status", "rating") if name in indexes]
    for row in body:
        is_done = _by_words([grid.cell(row, each) for each in texts])
        if is_done is None and share >= 0:
            percent = scale.read(grid.cell(row, share)).share
            is_done = None if percent is None else percent == 100
        if is_done is not None:
            (done if is_done else not_done).add(grid.cell(row, column) is not None)
    if not_done == {False} and done == {True}:
        return "completed"
    return "due" if not_done == {True} else ""


def _by_words(cells: list[Cell]) -> bool | None:
    """Whether an action is done, as its status or else its rating says; None where none does."""
    for cell in cells:
        text = words_of(shown(cell)[:60])
        if text in CLOSED or STATUSES.get(text) == COMPLETE:
            return True
        if STATUSES.get(text) in _OPEN or text in _RATED_OPEN:
            return False
    return None
