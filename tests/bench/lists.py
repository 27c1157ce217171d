"""Prints the seconds that a list of so many rows takes to be read, converted and validated, and the
megabytes that the process held at most for it.

`python lists.py ROWS FILE`: the workbook is made at FILE, if it is not there, before the clock
starts.
"""

from __future__ import annotations

import resource
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Any

from papergen.dates import PartialDate
from papergen.model.plan import Plan
from papergen.workbook.into_plan import into_plan
from papergen.workbook.read_list import read_action_list

AS_AT = PartialDate(2025, 9, 30)
HEADINGS = (
    "Ref",
    "Theme",
    "Action",
    "Lead officer",
    "Due date",
    "Revised date",
    "Status",
    "RAG",
    "% complete",
    "Latest update",
)
OWNERS = ("Chief Executive", "Head of ICT", "Head of Planning", "Sarah Jones and Tom Reid")
STATUSES = ("Complete", "In progress", "Not started", "On hold", "Overdue")
FREE_TEXT = ("Q3 2025/26", "ongoing", "end of March 2026", "31/10/25")


def main(rows: int, file: Path) -> None:
    if not file.exists():
        _make(rows, file)
    data = file.read_bytes()
    before = _peak()
    started = perf_counter()
    listed = read_action_list(data, file.name, as_at=AS_AT)
    plan = Plan.model_validate(into_plan({"id": "plan", "title": "Plan"}, listed.actions).values)
    seconds = perf_counter() - started
    read = sum(len(workstream.actions) for workstream in plan.phases[0].workstreams)
    assert read == rows, read
    sys.stdout.write(f"{seconds} {(_peak() - before) / 1024}\n")


def _peak() -> int:
    """The most memory that the process held so far, in kilobytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _make(rows: int, file: Path) -> None:
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Tracker")
    sheet.append(HEADINGS)
    for row in _rows(rows):
        sheet.append(row)
    book.save(file)


def _rows(count: int) -> Iterator[list[Any]]:
    chance = Random(1)
    for number in range(count):
        due: Any = date(2025, 1, 1) + timedelta(days=chance.randrange(600))
        if chance.random() < 0.3:
            due = chance.choice(FREE_TEXT)
        yield [
            f"{number // 10}.{number % 10}",
            f"Theme {number // 50}",
            f"Do the thing number {number} with care & attention",
            chance.choice(OWNERS),
            due,
            None,
            chance.choice(STATUSES),
            chance.choice("RAG"),
            None,
            f"Some words on the progress of {number}",
        ]


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
