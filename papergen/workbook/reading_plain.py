"""A reading as plain values, for JSON, and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from papergen.errors import Location
from papergen.workbook.reading import (
    Answer,
    Certainty,
    Entry,
    FindingKind,
    ReadColumn,
    Reading,
    ReadSheet,
    ReadValue,
)


def plain_reading(reading: Reading) -> dict[str, Any]:
    """A reading as dicts, lists, texts and numbers. docs/commands.md describes the keys."""
    return {
        "source": reading.source,
        "sheets": [_plain_sheet(sheet) for sheet in reading.sheets],
        "entries": [_plain_entry(entry) for entry in reading.entries],
        "register": reading.register,
    }


def _plain_sheet(sheet: ReadSheet) -> dict[str, Any]:
    return {
        "sheet": sheet.sheet,
        "heading_row": sheet.heading_row,
        "actions": sheet.actions,
        "columns": [asdict(column) for column in sheet.columns],
    }


def _plain_entry(entry: Entry) -> dict[str, Any]:
    return {
        "level": entry.level.value,
        "code": entry.kind.code,
        "message": entry.kind.message,
        "count": entry.count,
        "where": [asdict(where) for where in entry.where],
        "values": [asdict(value) for value in entry.values],
        "different": entry.different,
        "answers": [asdict(answer) for answer in entry.answers],
    }


def from_plain(values: Mapping[str, Any]) -> Reading:
    """The reading of which `plain_reading` made these values.

    Raises KeyError, TypeError or ValueError for others.
    """
    return Reading(
        source=values["source"],
        sheets=tuple(map(_sheet, values["sheets"])),
        entries=tuple(map(_entry, values["entries"])),
        register=values["register"],
    )


def _sheet(values: Mapping[str, Any]) -> ReadSheet:
    columns = [ReadColumn(**column) for column in values["columns"]]
    return ReadSheet(
        sheet=values["sheet"],
        heading_row=values["heading_row"],
        columns=tuple(columns),
        actions=values["actions"],
    )


def _entry(values: Mapping[str, Any]) -> Entry:
    return Entry(
        kind=FindingKind(values["code"], Certainty(values["level"]), values["message"]),
        count=values["count"],
        where=tuple(Location(**where) for where in values["where"]),
        values=tuple(map(_value, values["values"])),
        different=values["different"],
        answers=tuple(Answer(**answer) for answer in values["answers"]),
    )


def _value(values: Mapping[str, Any]) -> ReadValue:
    return ReadValue(**{**values, "where": Location(**values["where"])})
