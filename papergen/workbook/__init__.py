"""An officer's own list of actions, in Excel or CSV, read into the values of a plan."""

from __future__ import annotations

from papergen.errors import Location
from papergen.text import counted
from papergen.workbook.columns import DESCRIPTIONS
from papergen.workbook.result import ActionList, ListedAction, Note
from papergen.workbook.rows import read_action_list

__all__ = ["ActionList", "ListedAction", "Note", "list_notes", "read_action_list"]

_MOST_NOTES = 40


def list_notes(listed: ActionList) -> list[str]:
    """What an officer should know of how a list was read, each in a sentence.

    That is which columns it has, and all that was decided or left out.
    """
    sheet = f", sheet “{listed.sheet}”" if listed.sheet else ""
    columns = "; ".join(
        f"“{heading}”: {DESCRIPTIONS[name]}" for name, heading in listed.columns.items()
    )
    verb = "is" if len(listed.rows) == 1 else "are"
    count = f"{counted(len(listed.rows), 'action')} {verb}"
    said = [f"{listed.source}{sheet}: {count} read. Columns: {columns}."]
    if listed.unrecognised:
        unused = ", ".join(f"“{heading}”" for heading in listed.unrecognised)
        said.append(f"{listed.source}: not used: the columns {unused}.")
    places: dict[str, list[Location]] = {}
    for note in listed.notes:
        places.setdefault(note.message, []).append(note.where)
    for message, found in list(places.items())[:_MOST_NOTES]:
        more = f" (and in {counted(len(found) - 1, 'more cell')})" if len(found) > 1 else ""
        said.append(f"{found[0]}: {message}{more}")
    if len(places) > _MOST_NOTES:
        said.append(f"{listed.source}: {len(places) - _MOST_NOTES:,} more notes.")
    return said
