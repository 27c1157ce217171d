"""Nasty lists: what is done, what is not, and what contradicts itself."""

from __future__ import annotations

from datetime import date

from list_statuses import scheme
from list_words import QUALIFIED_STATUSES
from nasty_lists import May, Must, NastyList
from nasty_places import AHEAD, HEADS, ICT, PAST, percent

from papergen.workbook.settings import ListSettings

_RAG = ("Ref", "Action", "Owner", "Target date", "RAG", "Progress update", "% complete")


_ROWS_OF_TERMS = list(enumerate(QUALIFIED_STATUSES.items(), 2))
STATUSES = [
    NastyList(
        "words that qualify are never cut",
        [HEADS, *((str(n), f"Do {n}", ICT, PAST, word) for n, (word, _) in _ROWS_OF_TERMS)],
        {
            row: {"status": May(values, None, "cancelled") if values else
                  Must(None, "in-progress", "cancelled", "not-started")}
            for row, (_, values) in _ROWS_OF_TERMS
        },
    ),
    NastyList(
        "words that say more and change nothing",
        [HEADS, *((str(n), f"Do {n}", ICT, PAST, word) for n, word in enumerate(
            ["Complete – see minutes", "Completed June 2025", "Closed (12/06/2025)",
             "Complete.", "COMPLETED ", "complete"], 1))],
        {row: {"status": May("complete"), "overdue": False} for row in range(2, 8)},
        may_ask=True,
    ),
    NastyList(
        "green, all done, and closed",
        [_RAG, ("1", "Write it", ICT, date(2025, 7, 31), "Green", "Completed and closed.",
                percent(1)),
         ("2", "Train them", ICT, AHEAD, "Green", "On track", percent(0.5))],
        {2: {"status": May("complete"), "share": 100, "overdue": False},
         3: {"status": (None, "in-progress"), "share": 50, "overdue": False}},
        scheme=scheme(means=True),
        may_ask=True,
    ),
    NastyList(
        "blue that is not yet due, as a key below says",
        [_RAG, ("1", "Write it", ICT, AHEAD, "B", "Not due to start.", percent(0)),
         ("2", "Train them", ICT, AHEAD, "G", "On track", percent(0.5)),
         ("Key: B = not yet due; G = on track",)],
        {2: {"status": (None, "not-started"), "overdue": False},
         3: {"status": (None, "in-progress"), "overdue": False}},
        may_ask=True,
    ),
    NastyList(
        "blue that is complete, as a key below says",
        [_RAG, ("1", "Write it", ICT, PAST, "B", None, None),
         ("2", "Train them", ICT, AHEAD, "G", "On track", percent(0.5)),
         (), ("Key: R = off track; A = at risk; G = on track; B = complete",)],
        {2: {"status": May("complete"), "overdue": False}, 3: {"text": "Train them"}},
        may_ask=True,
    ),
    NastyList(
        "ratings that are none of the scheme",
        [_RAG, *((str(n), f"Do {n}", ICT, AHEAD, word, None, None) for n, word in enumerate(
            ["Amber/Green", "Purple", "Amber-Green", "R/A"], 1)),
         ("5", "Do 5", ICT, AHEAD, "Grey", None, None)],
        {**{row: {"rating": Must(None, "Amber/Green", "Purple", "Amber-Green", "R/A")}
            for row in (2, 3, 4, 5)}, 6: {"rating": "unrated"}},
        scheme=scheme(means=True),
    ),
    NastyList(
        "statuses in the column of ratings",
        [_RAG, ("1", "Write it", ICT, PAST, "Complete", "done", percent(1)),
         ("2", "Train them", ICT, PAST, "Closed", "done", percent(1)),
         ("3", "Mend it", ICT, AHEAD, "Amber", "x", percent(0.5))],
        {2: {"status": May("complete"), "overdue": False},
         3: {"status": May("complete"), "overdue": False},
         4: {"rating": "amber"}},
        scheme=scheme(means=True),
        may_ask=True,
    ),
    NastyList(
        "ticks and boxes",
        [("Ref", "Action", "Due", "Done?"), ("1", "Write it", PAST, "☑"),
         ("2", "Train them", PAST, "☐"), ("3", "Mend it", AHEAD, "✗"),
         ("4", "Send it", PAST, True),
         ("5", "Sell it", AHEAD, False)],
        {2: {"status": May("complete"), "overdue": False},
         3: {"status": May(None)},
         4: {"status": (None, "not-started")},
         5: {"status": May("complete"), "overdue": False},
         6: {"status": (None, "not-started")}},
        may_ask=True,
    ),
    NastyList(
        "percentages that are none",
        [("Ref", "Action", "Due", "% complete"), *((str(n), f"Do {n}", PAST, cell)
         for n, cell in enumerate([percent(1), "100%", 1.2, "50-75%", "n/a", "about 80%", -5], 1))],
        {2: {"status": "complete", "share": 100}, 3: {"status": "complete", "share": 100},
         4: {"status": (None, "in-progress")}, 5: {"status": (None, "in-progress")},
         6: {"status": None}, 7: {"status": (None, "in-progress")}, 8: {"status": None}},
        may_ask=True,
    ),
    NastyList(
        "dates of completion, blanks and remarks",
        [("Ref", "Action", "Due", "Date completed"), ("1", "Write it", PAST, date(2025, 6, 15)),
         ("2", "Train them", PAST, None), ("3", "Mend it", PAST, "Not yet"),
         ("4", "Send it", PAST, date(2025, 12, 1)), ("5", "Sell it", PAST, "Expected Dec 2025")],
        {2: {"status": "complete", "completed": "2025-06-15", "overdue": False},
         3: {"status": None, "overdue": True},
         4: {"status": (None, "not-started", "in-progress"), "overdue": True},
         5: {"status": Must(None), "overdue": False},
         6: {"status": May(None)}},
        may_ask=True,
    ),
    NastyList(
        "updates that speak of completion and mean other things",
        [("Ref", "Action", "Due", "Status", "Update"),
         ("1", "Write it", AHEAD, "In progress", "First phase completed; second under way."),
         ("2", "Train them", AHEAD, "In progress", "Training completed for 40% of staff."),
         ("3", "Mend it", AHEAD, "In progress", "Will be completed and closed in May."),
         ("4", "Send it", AHEAD, "In progress", "Not complete.")],
        {row: {"status": May("in-progress"), "overdue": False} for row in (2, 3, 4, 5)},
        may_ask=True,
    ),
    NastyList(
        "contradictions of every kind",
        [("Ref", "Action", "Due", "Status", "Date completed", "% complete", "Update"),
         ("1", "Do 1", PAST, "Complete", None, percent(0.5), None),
         ("2", "Do 2", PAST, "In progress", date(2025, 6, 1), None, None),
         ("3", "Do 3", PAST, "Not started", None, percent(1), None),
         ("4", "Do 4", PAST, "Complete", date(2026, 1, 1), None, None),
         ("5", "Do 5", PAST, "In progress", None, None, "Completed and closed.")],
        {row: {"status": Must(None, "in-progress", "not-started"), "overdue": False}
         for row in range(2, 7)},
    ),
    NastyList(
        "the same, settled by reference and row",
        [("Ref", "Action", "Due", "Status", "% complete"),
         ("1", "Do 1", PAST, "Complete", percent(0.5)),
         (None, "Do 2", PAST, "Not started", percent(1)),
         ("3", "Do 3", PAST, "BAU", None)],
        {2: {"status": "complete", "overdue": False},
         3: {"status": (None, "in-progress"), "overdue": True},
         4: {"status": "suspended", "overdue": False}},
        settings=ListSettings(
            settle={"1": "complete", "row 3": "open"}, statuses={"BAU": "suspended"}
        ),
    ),
    NastyList(
        "C and O under Open/Closed",
        [("Ref", "Action", "Due", "Open/Closed"), ("1", "Write it", PAST, "C"),
         ("2", "Train them", PAST, "O"), ("3", "Mend it", PAST, "Closed")],
        {2: {"status": May("complete"), "overdue": False}, 3: {"status": None},
         4: {"status": "complete", "overdue": False}},
        may_ask=True,
    ),
]  # fmt: skip
