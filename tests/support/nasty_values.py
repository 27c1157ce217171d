"""Nasty lists: what cells hold, dates and owners."""

from __future__ import annotations

from datetime import date, datetime, time

from list_parts import Put
from list_words import REGISTER
from nasty_lists import May, Must, NastyList
from nasty_places import AHEAD, HEADS, ICT, PAST

from papergen.dates import PartialDate
from papergen.workbook.settings import ListSettings


def _due(*cells: object, **more: object) -> list[tuple[object, ...]]:
    """A list whose actions have these due dates."""
    rows = [(str(n), f"Do thing {n}", ICT, cell, "Open") for n, cell in enumerate(cells, 1)]
    return [HEADS, *rows]


CELLS = [
    NastyList(
        "references as their formats show them",
        [
            HEADS,
            (Put(1.1, "0.00"), "Write it", ICT, AHEAD, "Open"),
            (Put(7, "000"), "Train them", ICT, AHEAD, "Open"),
            (Put(7, '"A"0'), "Mend it", ICT, AHEAD, "Open"),
            ("1.10", "Send it", ICT, AHEAD, "Open"),
            (Put(1.1), "Sell it", ICT, AHEAD, "Open"),
            (Put(3.0), "Close it", ICT, AHEAD, "Open"),
        ],
        {
            2: {"ref": "1.10"},
            3: {"ref": "007"},
            4: {"ref": "A7"},
            5: {"ref": "1.10"},
            6: {"ref": "1.1"},
            7: {"ref": "3"},
        },
        may_ask=True,
    ),
    NastyList(
        "reference, owner and date merged over three rows",
        [
            HEADS,
            ("1", "Write it", ICT, AHEAD, "In progress"),
            (None, "Train them", None, None, "In progress"),
            (None, "Print it", None, None, "Complete"),
        ],
        {row: {"owner": ICT, "due": "2026-03-31"} for row in (2, 3, 4)},
        merges="A2:A4 C2:C4 D2:D4",
        may_ask=True,
    ),
    NastyList(
        "struck-through actions, and words",
        [
            HEADS,
            ("1", "Relocate the canteen", ICT, PAST, "Open"),
            ("2", Put("x", parts=(("zq Old words ", True), ("New words", False))), ICT, AHEAD,
             "Open"),
            ("3", "Train them", ICT,
             Put("x", parts=(("30/06/2025", True), (" 31/03/2026", False))), "Open"),
        ],
        {
            2: {"status": Must("cancelled", None), "presence": "may", "overdue": False},
            3: {"text": "New words"},
            4: {"due": "2026-03-31", "overdue": False},
        },
        struck="2",
        never=("zq",),
        may_ask=True,
    ),
    NastyList(
        "rows that a filter hides, read as plan.yaml says",
        [
            HEADS,
            ("1", "Write it", ICT, AHEAD, "Open"),
            ("2", "Train them", ICT, PAST, "Complete"),
        ],
        {2: {"text": "Write it"}, 3: {"text": "Train them", "status": "complete"}},
        hidden="3",
        settings=ListSettings(hidden_rows="read"),
    ),
    NastyList(
        "hidden columns of dates and remarks",
        [
            ("Ref", "Action", "Due date", "Finish by", "Comments", "Latest position"),
            ("1", "Write it", date(2023, 9, 30), AHEAD, "DO NOT PUBLISH zq", "On track"),
        ],
        {2: {"due": "2026-03-31", "update": "On track", "overdue": False}},
        says="C1 E1",
        hidden="C E",
        never=("zq",),
        may_ask=True,
    ),
    NastyList(
        "the only column of remarks is hidden",
        [("Ref", "Action", "Due", "Comments"), ("1", "Write it", AHEAD, "DO NOT PUBLISH zq")],
        {2: {"update": None}},
        says="D1",
        hidden="D",
        never=("zq",),
        may_ask=True,
    ),
    NastyList(
        "months, years and days of formats",
        _due(
            Put(date(2025, 7, 1), "mmm-yy"),
            Put(date(2025, 7, 1), "mmmm yyyy"),
            Put(date(2025, 1, 1), "yyyy"),
            Put(date(2025, 7, 1), "dd/mm/yyyy"),
            Put(date(2025, 9, 1), "mmm-yy"),
        ),
        {
            2: {"due": "2025-07", "overdue": True},
            3: {"due": "2025-07"},
            4: {"due": "2025", "overdue": False},
            5: {"due": "2025-07-01"},
            6: {"due": "2025-09", "overdue": False},
        },
    ),
    NastyList(
        "numbers and times in a column of dates",
        _due(45992, 2026, 0, 12, Put(time(9, 30), "hh:mm"), 20251231, 45992.75),
        {
            2: {"due": "2025-12-01"},
            3: {"due": "2026"},
            4: {"due": Must(None, "0")},
            5: {"due": Must(None, "12")},
            6: {"due": Must(None, "09:30")},
            7: {"due": May("2025-12-31", None, "20251231")},
            8: {"due": "2025-12-01"},
        },
        may_ask=True,
    ),
    NastyList(
        "values that are none",
        [
            HEADS,
            ("1", "Write it", Put("#N/A", kind="error"), AHEAD, "Open"),
            ("2", "Train them", ICT, Put("#REF!", kind="error"), "Open"),
            ("3", "Mend it", ICT, AHEAD, Put("=IF(1,2)", kind="formula")),
            ("4", Put("#VALUE!", kind="error"), ICT, AHEAD, "Open"),
        ],
        {
            2: {"owner": Must(None)},
            3: {"due": Must(None), "overdue": False},
            4: {"status": Must(None)},
            5: {"text": Must(None), "presence": "may"},
        },
        asks=("C2", "D3", "E4", "B5"),
    ),
    NastyList(
        "what could be markup",
        [
            HEADS,
            ("1", "Do *this* & <that> {{ x }} | pipe", ICT, AHEAD, "Open"),
            ("2", "{% raw %} **x** <b>y</b>", ICT, AHEAD, "Open"),
        ],
        {
            2: {"text": "Do *this* & <that> {{ x }} | pipe"},
            3: {"text": "{% raw %} **x** <b>y</b>"},
        },
    ),
    NastyList(
        "rows twice, references twice",
        [
            HEADS,
            ("1", "Write it", ICT, AHEAD, "Open"),
            ("2", "Train them", ICT, AHEAD, "Complete"),
            ("2", "Train them", ICT, AHEAD, "Complete"),
            ("1", "Another thing", ICT, AHEAD, "Open"),
        ],
        {
            2: {"text": "Write it"},
            3: {"text": "Train them"},
            4: {"text": "Train them", "presence": "may"},
            5: {"text": "Another thing", "ref": ("1", None)},
        },
        says="B4 A5",
        may_ask=True,
    ),
]  # fmt: skip

DATES = [
    NastyList(
        "a month and two figures that could be a day",
        _due("Oct 15", "May 20", "May 30", "Sep-06", "Sept 25", "Mar-26"),
        {
            2: {"due": Must(None, "Oct 15")},
            3: {"due": Must(None, "May 20")},
            4: {"due": Must(None, "May 30")},
            5: {"due": Must(None, "Sep-06")},
            6: {"due": "2025-09"},
            7: {"due": "2026-03"},
        },
    ),
    NastyList(
        "free text prints as it stands, and is overdue only when its end is past",
        _due("Q2 2025/26", "Q1 2025/26", "Autumn 2025", "Spring 2025", "w/c 3 November 2025",
             "2024/25", "2025/26", "ongoing", "early 2027", "TBC – subject to funding",
             "Spring and Autumn each year", "Winter 25/26", "Oct/Nov 2025", "end of March"),
        {
            2: {"due": "Q2 2025/26", "overdue": False},
            3: {"due": "Q1 2025/26", "overdue": True},
            4: {"due": "Autumn 2025", "overdue": False},
            5: {"due": "Spring 2025", "overdue": True},
            6: {"due": "w/c 3 November 2025", "overdue": False},
            7: {"due": "2024/25", "overdue": True},
            8: {"due": "2025/26", "overdue": False},
            9: {"due": "ongoing", "overdue": False},
            10: {"due": "early 2027", "overdue": False},
            11: {"due": ("TBC – subject to funding", None), "overdue": False},
            12: {"due": "Spring and Autumn each year", "overdue": False},
            13: {"due": "Winter 25/26", "overdue": False},
            14: {"due": "Oct/Nov 2025", "overdue": False},
            15: {"due": ("2026-03", "end of March"), "overdue": False},
        },
        may_ask=True,
    ),
    NastyList(
        "dates that moved, in one cell",
        _due("31 March 2026 (was 30 Sept 2025)", "Dec 25 (slipped from Sep 25)",
             "30/06/2025\n31/03/2026", "30/09/2025 – revised to 31/12/2025",
             "30 September 2025 & 31 March 2026"),
        {row: {"overdue": False} for row in (2, 3, 4, 5, 6)},
        may_ask=True,
    ),
    NastyList(
        "days that do not exist",
        _due("31/9/25", "30/02/2026", "32 May 2025", "29/02/2025", "31/12/9999", "00/00/0000"),
        {row: {"due": Must(*[None, *texts]), "overdue": False} for row, texts in enumerate(
            [("31/9/25",), ("30/02/2026",), ("32 May 2025",), ("29/02/2025",),
             ("31/12/9999", "9999-12-31"), ("00/00/0000",)], 2)},
    ),
    NastyList(
        "a column in the American order",
        _due("12/31/2025", "3/4/2026", "04/05/2025", "7/15/2025"),
        {
            2: {"due": May("2025-12-31", None, "12/31/2025")},
            3: {"due": May("2026-03-04", None, "3/4/2026")},
            4: {"due": May("2025-04-05", None, "04/05/2025")},
            5: {"due": May("2025-07-15", None, "7/15/2025")},
        },
        may_ask=True,
    ),
    NastyList(
        "the same, answered",
        _due("12/31/2025", "3/4/2026", "04/05/2025"),
        {2: {"due": "2025-12-31"}, 3: {"due": "2026-03-04"},
         4: {"due": "2025-04-05", "overdue": True}},
        settings=ListSettings(dates="month-first"),
    ),
    NastyList(
        "around the as-at date and the end of February",
        _due("30/09/2025", "29/09/2025", "29/02/2028", "28 Feb", "end Feb 2026",
             datetime.combine(date(2025, 9, 30), time(17, 0))),
        {
            2: {"due": "2025-09-30", "overdue": False},
            3: {"due": "2025-09-29", "overdue": True},
            4: {"due": "2028-02-29"},
            5: {"due": "2026-02-28", "overdue": False},
            6: {"due": ("2026-02", "end Feb 2026", "2026-02-28"), "overdue": False},
            7: {"due": "2025-09-30", "overdue": False},
        },
    ),
    NastyList(
        "complete, in the column of due dates",
        [
            ("Ref", "Action", "Owner", "Due date"),
            ("1", "Write it", ICT, "Complete"),
            ("2", "Train them", ICT, "Completed July 2025"),
            ("3", "Mend it", ICT, "Already in place"),
            ("4", "Send it", ICT, "Not complete"),
        ],
        {
            2: {"status": May("complete"), "overdue": False},
            3: {"status": May("complete"), "overdue": False},
            4: {"status": (None, "complete"), "overdue": False},
            5: {"status": None, "overdue": False},
        },
        may_ask=True,
    ),
    NastyList(
        "a date in words that plan.yaml explains",
        _due("once the lease is signed", "end of Q9"),
        {2: {"due": "2026-05-31", "overdue": False}, 3: {"due": "end of Q9", "overdue": False}},
        settings=ListSettings(due_dates={"once the lease is signed": PartialDate(2026, 5, 31),
                                         "end of Q9": "as-written"}),
    ),
]  # fmt: skip

OWNERS = [
    NastyList(
        "owners of all kinds",
        [
            HEADS,
            *((str(n), f"Do {n}", owner, AHEAD, "Open") for n, owner in enumerate(
                ["Sarah Jones (HR) and Tom Reid", "Cllr J Ahmed (Portfolio Holder)", "All"], 1)),
            ("4", "Do 4", "Chief Executive; Head of ICT", AHEAD, "Open"),
            ("5", "Do 5", "Mary Lane", AHEAD, "Open"),
            ("6", "Do 6", "TBC", AHEAD, "Open"),
            ("7", "Do 7", "Chief Executive\n(lead)", AHEAD, "Open"),
        ],
        {
            2: {"owner": Must("Sarah Jones (HR) and Tom Reid")},
            3: {"owner": Must("Cllr J Ahmed (Portfolio Holder)")},
            4: {"owner": Must("All")},
            5: {"owner": "Chief Executive; Head of ICT"},
            6: {"owner": "Mary Lane"},
            7: {"owner": (None, "TBC")},
            8: {"owner": ("Chief Executive (lead)", "Chief Executive")},
        },
        register=REGISTER,
    ),
    NastyList(
        "a name in ninety rows is one question",
        [HEADS, *((str(n), f"Do thing {n}", "J Patel", AHEAD, "Open") for n in range(90))],
        {row: {"owner": "J Patel"} for row in range(2, 92)},
        asks=("C2",),
        register=REGISTER,
        may_ask=True,
    ),
    NastyList(
        "names that plan.yaml explains",
        [HEADS, ("1", "Write it", "J Patel", AHEAD, "Open"),
         ("2", "Train them", "Partners", AHEAD, "Open")],
        {2: {"owner": ("J Patel", "ict", ICT)}, 3: {"owner": "Partners"}},
        settings=ListSettings(owners={"j patel": "ict", "Partners": "as-written"}),
        register=REGISTER,
    ),
]  # fmt: skip

VALUES = [*CELLS, *DATES, *OWNERS]
