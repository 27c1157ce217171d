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
    source = listed.source
    said = [_what_is_read(listed)]
    if listed.unrecognised:
        unused = ", ".join(f"“{heading}”" for heading in listed.unrecognised)
        said.append(f"{source}: not used: the columns {unused}.")
    places: dict[str, list[Location]] = {}
    for note in listed.notes:
        places.setdefault(note.message, []).append(note.where)
    messages = list(places)
    for message in messages[:_MOST_NOTES]:
        first, *others = places[message]
        sentence = f"{first}: {message}"
        if others:
            sentence += f" (and in {counted(len(others), 'more cell')})"
        said.append(sentence)
    left_out = len(messages) - _MOST_NOTES
    if left_out > 0:
        said.append(f"{source}: {left_out:,} more notes.")
    return said


def _what_is_read(listed: ActionList) -> str:
    """How many actions were read, from which sheet, and what each column is read as."""
    place = listed.source
    if listed.sheet:
        place += f", sheet “{listed.sheet}”"
    number = len(listed.rows)
    count = counted(number, "action")
    verb = "is" if number == 1 else "are"
    columns = []
    for name, heading in listed.columns.items():
        columns.append(f"“{heading}”: {DESCRIPTIONS[name]}")
    return f"{place}: {count} {verb} read. Columns: {'; '.join(columns)}."
