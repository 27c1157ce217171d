"""Whether a column's cells are such as its heading says, and which of two columns is closer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from papergen.workbook.columns.column_cells import CellKind, ColumnCells
from papergen.workbook.columns.heading_words import word_set, words
from papergen.workbook.columns.headings import BY_WORDS, USUAL, HeadingMeaning, meanings

_Words: TypeAlias = frozenset[str]

_NO_TEXT = CellKind.FIGURE, CellKind.SHARE, CellKind.DATE
_SHORT = CellKind.WORD, CellKind.WORDS, CellKind.TIME
_NAMES_OF_THINGS = word_set("name decision")


def fits(meaning: HeadingMeaning, heading: str, cells: ColumnCells) -> bool:
    """Whether the cells below a heading can be what it is read as."""
    if not cells.total:
        return meaning.closeness >= BY_WORDS
    found = frozenset(words(heading))
    if meaning.closeness < BY_WORDS:
        return _FITS_WELL[meaning.field](found, cells)
    if meaning.field in ("status", "comment") and _names_both(heading):
        return cells.is_prose is (meaning.field == "comment")
    if meaning.field == "text" and meaning.closeness == USUAL:
        # Short codes below “Action” are actions all the same.
        return not cells.only(*_NO_TEXT) and not _are_kinds(cells)
    test = _FITS.get(meaning.field)
    return test is None or test(cells)


def _names_both(heading: str) -> bool:
    """Whether a heading is as clearly that of a status or rating as that of an update."""
    close = {each.field for each in meanings(heading) if each.closeness >= BY_WORDS}
    return "comment" in close and len(close) > 1


def _is_action(cells: ColumnCells) -> bool:
    return not (_are_kinds(cells) or cells.only(*_NO_TEXT, CellKind.CODE))


def _are_kinds(cells: ColumnCells) -> bool:
    """Whether a few words come again and again: “Risk”, “Action”, “Issue”."""
    return cells.is_repeated and cells.only(CellKind.WORD)


def _is_status(cells: ColumnCells) -> bool:
    return not (cells.is_narrative or cells.only(CellKind.SHARE) or cells.only(CellKind.DATE))


def _is_done(cells: ColumnCells) -> bool:
    return not (cells.is_narrative or cells.only(CellKind.SHARE))


_FITS: Mapping[str, Callable[[ColumnCells], bool]] = {
    "text": _is_action,
    "comment": lambda cells: not cells.only(*_NO_TEXT),
    "owner": lambda cells: not cells.only(*_NO_TEXT),
    "responsible": lambda cells: not cells.only(*_NO_TEXT),
    "status": _is_status,
    "rating": _is_status,
    "completed": _is_done,
    "due": lambda cells: not cells.only(CellKind.SHARE),
    "revised_due": lambda cells: not cells.only(CellKind.SHARE),
    "priority": lambda cells: not cells.is_prose,
    "evidence": lambda cells: not cells.only(CellKind.FIGURE, CellKind.SHARE),
}
"""What the cells must be like where the heading says clearly what they are."""


def _is_wording(found: _Words, cells: ColumnCells) -> bool:
    return cells.is_prose if found & _NAMES_OF_THINGS else cells.is_phrases


def _is_share(found: _Words, cells: ColumnCells) -> bool:
    if cells.only(CellKind.SHARE):
        return True
    is_figures = cells.only(CellKind.SHARE, CellKind.FIGURE) and cells.is_small_numbers
    return is_figures and "progress" in found


def _is_number(found: _Words, cells: ColumnCells) -> bool:
    if not cells.mostly(CellKind.CODE, CellKind.FIGURE):
        return False
    return "item" in found or cells.is_all_different


_FITS_WELL: Mapping[str, Callable[[_Words, ColumnCells], bool]] = {
    "text": _is_wording,
    "ref": _is_number,
    "due": lambda _, cells: cells.mostly(CellKind.DATE, CellKind.TIME),
    "revised_due": lambda _, cells: cells.mostly(CellKind.DATE, CellKind.TIME),
    "completed": lambda _, cells: cells.mostly(CellKind.DATE) or cells.mostly(CellKind.WORD),
    "share": _is_share,
    "comment": lambda _, cells: cells.is_prose or cells.is_narrative,
    "status": lambda _, cells: cells.only(*_SHORT) and cells.states * 5 >= cells.total * 4,
    "owner": lambda _, cells: cells.mostly(CellKind.WORD, CellKind.WORDS, CellKind.PROSE),
    "workstream": lambda _, cells: cells.is_repeated,
}
"""What the cells must be like where the heading says little."""


# -- which is closer

_TASK_WORDS = (
    ("action", 0),
    ("task", 10),
    ("activity", 20),
    ("deliverable", 30),
)
_LATER = word_set("recommended proposed next further followup outstanding sub subaction")
_UPDATE_WORDS = (
    ("latest", 0),
    ("recent", 0),
    ("current", 1),
    ("update", 3),
    ("progress", 4),
    ("position", 5),
    ("commentary", 6),
    ("narrative", 6),
    ("summary", 6),
    ("comment", 7),
    ("note", 8),
    ("remark", 9),
)
_FORECAST = word_set("forecast expected anticipated estimated est projected")
_LOOSE = word_set("timescale timeframe timeline when timing schedule")
_GROUPS = (
    (frozenset({"workstream"}), 0),
    (frozenset({"theme", "strand", "pillar", "programme", "phase"}), 1),
    (frozenset({"priority", "area"}), 2),
    (frozenset({"recommendation"}), 4),
    (frozenset({"agenda", "item"}), 5),
)
_WORDING_ORDER = (
    ("description", 0),
    ("detail", 0),
    ("summary", 1),
    ("recommendation", 1),
    ("item", 2),
    ("title", 2),
    ("name", 3),
)


def rank(field: str, heading: str) -> tuple[int, int]:
    """The place of a heading among those for a field: the lowest is the closest."""
    found = frozenset(words(heading))
    close = [each.closeness for each in meanings(heading) if each.field == field]
    closeness = max(close, default=0)
    place = _PLACES[field](found) if field in _PLACES else 0
    if field in ("status", "rating", "owner", "text"):
        return -closeness, place
    return place, -closeness


def _place_of_text(found: _Words) -> int:
    base = next((place for word, place in _TASK_WORDS if word in found), 40)
    if found & _LATER:
        base += 50
    if found & {"description", "detail"}:
        return base
    return base + (2 if found & {"title", "name"} else 1)


def _place_of_update(found: _Words) -> int:
    if found & {"latest", "recent", "current"}:
        return 0 if "current" not in found else 1
    if {"progress", "update"} <= found:
        return 2
    return next((place for word, place in _UPDATE_WORDS if word in found), 4)


def _place_of_ref(found: _Words) -> int:
    if found & {"minute", "agenda", "meeting"}:
        return 5
    if found & {"serial", "s", "sr", "sl", "line", "row"}:
        return 6
    if found & {"action", "task", "activity"}:
        return 0
    if found & {"ref", "reference"}:
        return 1
    return 2 if found & {"id", "uid", "urn", "identifier", "unique"} else 3


def _place_of_due(found: _Words) -> int:
    if found & _FORECAST:
        return 3
    if found & {"due", "deadline", "target"} or {"by", "when"} <= found:
        return 0
    return 2 if found & _LOOSE else 1


def _place_of_done(found: _Words) -> int:
    if "actual" in found:
        return 0
    return 1 if found & {"date", "on", "when"} else 2


def _place_of_status(found: _Words) -> int:
    if found & {"current", "latest", "action", "task"}:
        return 0
    return 1 if len(found) == 1 else 2


def _place_of_rating(found: _Words) -> int:
    if found & {"current", "latest"}:
        return 0
    return 1 if found & {"rag", "brag", "bragg", "ragb", "rayg"} else 2


def _place_of_owner(found: _Words) -> int:
    return 0 if found & {"action", "task"} else 1


def _place_of_group(found: _Words) -> int:
    return next((place for group, place in _GROUPS if group & found), 3)


def _place_of_body(found: _Words) -> int:
    if found & {"responsible", "lead"}:
        return 0
    return 2 if "partner" in found else 1


def _place_of_signature(found: _Words) -> int:
    return 0 if "by" in found else 1


_PLACES: Mapping[str, Callable[[_Words], int]] = {
    "text": _place_of_text,
    "comment": _place_of_update,
    "ref": _place_of_ref,
    "due": _place_of_due,
    "completed": _place_of_done,
    "status": _place_of_status,
    "rating": _place_of_rating,
    "owner": _place_of_owner,
    "workstream": _place_of_group,
    "responsible": _place_of_body,
    "signed_off": _place_of_signature,
}


def place_of_wording(heading: str) -> int:
    """The place of a heading that says little among those for the action: “Description” first."""
    found = words(heading)
    return next((place for word, place in _WORDING_ORDER if word in found), 4)


ORIGINAL, CURRENT, FORECAST, PLAIN = "original", "current", "forecast", "plain"


def due_role(heading: str) -> str:
    """Whether a due date is the first one, the one that now holds, a forecast, or simply a date."""
    found = frozenset(words(heading))
    if found & {"original", "baseline", "initial", "first"}:
        return ORIGINAL
    if found & _FORECAST:
        return FORECAST
    return CURRENT if found & {"current", "latest"} else PLAIN
