"""Readings made by hand, as the reader of lists would make them."""

from __future__ import annotations

from papergen.errors import Location
from papergen.workbook.columns.headings import meanings
from papergen.workbook.reading import (
    Answer,
    Certainty,
    Entry,
    FindingKind,
    Findings,
    ReadColumn,
    Reading,
    ReadSheet,
    Remark,
)
from papergen.workbook.sheets import cell_location

HIDDEN = FindingKind(
    "hidden-column", Certainty.QUESTION, "a column is not read, because it is hidden"
)
RATING = FindingKind(
    "rating-unknown", Certainty.QUESTION, "a rating is not one of the plan's scheme"
)
OWNER = FindingKind("owner-unknown", Certainty.QUESTION, "the register of bodies lacks an owner")
STRUCK = FindingKind(
    "struck-through", Certainty.QUESTION, "a row is struck through, and is not read"
)
NO_YEAR = FindingKind(
    "no-year", Certainty.NOTE, "a date without a year is of the year nearest to the as-at date"
)
MERGED = FindingKind("merged", Certainty.NOTE, "merged cells hold for all of their rows")
SHEET = FindingKind("sheet-not-read", Certainty.NOTE, "a sheet without a list is not read")
CLOSER = FindingKind(
    "closer-column", Certainty.NOTE, "of two columns for one field the closer one is read"
)
BROKEN = FindingKind("broken", Certainty.FAULT, "a cell has no value")

SHEET_NAME = "Action tracker"
USUAL = meanings("Action")[0].why
"""Why most columns are read as what they are."""


def cell(name: str, source: str = "tracker.xlsx", sheet: str = SHEET_NAME) -> Location:
    """A cell by its letter and row."""
    return cell_location(source, sheet, int(name[1:]), ord(name[0]) - 64)


def entries() -> tuple[Entry, ...]:
    found = Findings()
    found.add(Remark(MERGED), cell("B6"))
    found.add(Remark(NO_YEAR, "end of March", "March 2026"), cell("F8"))
    found.add(Remark(NO_YEAR, "30th Nov", "30 November 2025"), cell("F28"))
    found.add(
        Remark(
            HIDDEN, "Internal notes – NOT FOR PUBLICATION", "it is hidden", Answer("hidden", "skip")
        ),
        cell("D5"),
    )
    for name in ("G6", "G14", "G15", "G21"):
        found.add(Remark(RATING, "B", "not known", Answer("ratings", "complete", "B")), cell(name))
    for name, owner in enumerate(
        ("Chief Executive", "HR", "J Patel / Head of ICT", "Director of Place", "yes"), 6
    ):
        found.add(
            Remark(OWNER, owner, "written as it is", Answer("owners", "as-written", owner)),
            cell(f"E{name}"),
        )
    found.add(
        Remark(STRUCK, "Relocate the staff canteen", "", Answer("struck_through", "cancelled")),
        cell("A24"),
    )
    found.add(Remark(SHEET, "Lookups"), Location("tracker.xlsx", cell="Lookups"))
    found.add(
        Remark(CLOSER, "Comments", "not used", Answer("columns", "Comments", "comment")),
        cell("I5"),
    )
    return found.entries()


COLUMNS = (
    ReadColumn("A", "Ref", "ref", USUAL),
    ReadColumn("C", "Action", "text", USUAL),
    ReadColumn("B", "Recommendation", "workstream", USUAL),
    ReadColumn("D", "Internal notes – NOT FOR PUBLICATION", "", "it is hidden"),
    ReadColumn("E", "Responsible officer", "owner", ""),
    ReadColumn("F", "Target date", "due", USUAL),
    ReadColumn("G", "RAG", "rating", ""),
    ReadColumn("H", "Progress update", "comment", "closer than “Comments”"),
    ReadColumn("I", "Comments", "", "“Progress update” is closer"),
    ReadColumn("J", "", "", "nothing in it but “x”"),
)
REGISTER = """\
posts:
  - id: chief-executive
    title: Chief Executive
"""
RIVERMEAD = Reading(
    "tracker.xlsx",
    (ReadSheet(SHEET_NAME, 5, COLUMNS, 25),),
    entries(),
    REGISTER,
)
PLAIN_CSV = Reading(
    "list.csv", (ReadSheet("", 1, (ReadColumn("A", "Action", "text", ""),), 1),), ()
)
