"""Nasty lists: where the list is, which row has its headings, and which column is for what."""

from __future__ import annotations

from datetime import date

from list_parts import Put
from list_words import REGISTER
from nasty_lists import May, NastyList

from papergen.workbook.settings import NOT_USED, ListSettings

HEADS = ("Ref", "Action", "Owner", "Due date", "Status")
ICT = "Head of ICT"
PAST, AHEAD = date(2025, 6, 30), date(2026, 3, 31)


def percent(value: float) -> Put:
    return Put(value, "0%")


FINDING = [
    NastyList(
        "a RAID log: the word Action is in a column of types",
        [
            ("ID", "Type", "Description", "Owner", "Due date", "Status"),
            ("R1", "Risk", "Two posts may fall vacant", ICT, AHEAD, "Open"),
            ("A1", "Action", "Advertise both posts", ICT, PAST, "In progress"),
            ("I1", "Issue", "No budget for agency staff", ICT, AHEAD, "Open"),
        ],
        {
            2: {"text": "Two posts may fall vacant", "presence": "may"},
            3: {"text": "Advertise both posts", "presence": "may"},
            4: {"text": "No budget for agency staff", "presence": "may"},
        },
        asks=("A1 B1 C1 D1 E1 F1 B2 B3 B4",),
        may_ask=True,
        may_refuse=True,
    ),
    NastyList(
        "a clerk's own headings",
        [
            ("S.No", "Activities", "Assignee", "Planned end", "Status"),
            ("1", "Write the guidance", ICT, date(2025, 12, 31), "In progress"),
        ],
        {
            2: {"ref": "1", "text": "Write the guidance", "owner": ICT, "due": "2025-12-31",
                "status": "in-progress", "overdue": False},
        },
    ),
    NastyList(
        "an export in camelCase",
        [
            ("actionId", "actionName", "assignedTo", "dueDate", "completedDate", "percentComplete"),
            ("17", "Train staff", ICT, "2025-05-31T23:00:00Z", "2025-06-01T09:00:00Z", "100"),
            ("18", "Brief members", ICT, "2025-08-31T23:00:00Z", "", "40"),
        ],
        {
            2: {"ref": "17", "due": "2025-06-01", "completed": "2025-06-01", "status": "complete",
                "share": 100, "overdue": False},
            3: {"ref": "18", "due": "2025-09-01", "completed": None, "share": 40,
                "status": (None, "in-progress"), "overdue": True},
        },
        csv=",",
    ),
    NastyList(
        "an export of Planner",
        [
            ("Task ID", "Task Name", "Bucket Name", "Progress", "Priority", "Assigned To",
             "Created By", "Created Date", "Start Date", "Due Date", "Late", "Completed Date",
             "Completed By", "Labels"),
            ("x1Yz", "Draft the strategy", "Policy", "Completed", "Important", "Mary Lane",
             "Zq Admin", "05/01/2025", "", "06/30/2025", "false", "06/20/2025", "Zq Admin", "Red"),
            ("x2Yz", "Consult on it", "Policy", "In progress", "Medium", "Mary Lane", "Zq Admin",
             "05/01/2025", "07/03/2025", "08/04/2025", "true", "", "", ""),
            ("x3Yz", "Adopt it", "Council", "Not started", "Medium", "", "Zq Admin", "05/01/2025",
             "", "12/25/2025", "false", "", "", ""),
        ],
        {
            2: {"text": "Draft the strategy", "owner": "Mary Lane", "status": "complete",
                "due": May("2025-06-30", None, "06/30/2025"), "overdue": False},
            3: {"text": "Consult on it", "status": "in-progress",
                "due": May("2025-08-04", None, "08/04/2025")},
            4: {"text": "Adopt it", "status": "not-started", "owner": None,
                "due": May("2025-12-25", None, "12/25/2025"), "overdue": False},
        },
        never=("Zq Admin",),
        may_ask=True,
    ),
    NastyList(
        "a list of SharePoint, with its carriage returns",
        [
            ("Title", "Action Description", "AssignedTo", "DueDate", "ActionStatus", "Modified"),
            ("A1", "First line_x000D_\nsecond line", ICT, "2025-12-01", "Open", "2025-09-01"),
        ],
        {2: {"text": ("First line\nsecond line", "First line second line"), "due": "2025-12-01"}},
        may_ask=True,
    ),
    NastyList(
        "instructions above that look like headings",
        [
            ("How to fill in this log",),
            ("Action", "What is to be done"),
            ("Owner", "The officer who does it"),
            ("Due date", "dd/mm/yyyy"),
            (),
            HEADS,
            ("1", "Write the guidance", ICT, PAST, "Open"),
            ("2", "Train the staff", ICT, AHEAD, "Complete"),
        ],
        {
            7: {"text": "Write the guidance", "due": "2025-06-30", "overdue": True},
            8: {"text": "Train the staff", "status": "complete", "overdue": False},
        },
        headings=(6,),
    ),
    NastyList(
        "titles with the words of headings",
        [
            ("Action plan: owner Chief Executive, status Final, due March 2026",),
            ("Action", None, None, "RAG"),
            HEADS,
            ("1", "Write the guidance", ICT, PAST, "Open"),
        ],
        {4: {"text": "Write the guidance", "overdue": True}},
        headings=(3,),
    ),
    NastyList(
        "two rows of headings under merged cells",
        [
            ("Ref", "Action", "Owner", "Target date", None, "Status"),
            (None, None, None, "Original", "Revised", None),
            ("1", "Write the guidance", ICT, PAST, AHEAD, "In progress"),
            ("2", "Train the staff", ICT, PAST, None, "In progress"),
        ],
        {
            3: {"text": "Write the guidance", "due": "2025-06-30", "revised_due": "2026-03-31",
                "overdue": False},
            4: {"text": "Train the staff", "due": "2025-06-30", "revised_due": None,
                "overdue": True},
        },
        merges="A1:A2 B1:B2 C1:C2 D1:E1 F1:F2",
        headings=(1, 2),
    ),
    NastyList(
        "one heading merged over two columns of dates",
        [
            ("Ref", "Action", "Owner", "Target date", None, "Status"),
            ("1", "Write the guidance", ICT, PAST, AHEAD, "In progress"),
        ],
        {2: {"text": "Write the guidance", "due": None, "overdue": False}},
        merges="D1:E1",
        says="D1",
        may_ask=True,
    ),
    NastyList(
        "numbered bands with a text in the action's column",
        [
            HEADS,
            ("1", "Governance", None, None, None),
            ("1.1", "Write the guidance", ICT, AHEAD, "Open"),
            ("1.2", "Train the staff", ICT, AHEAD, "Open"),
            ("2", "Money", None, None, None),
            ("2.1", "Set the budget", ICT, AHEAD, "Open"),
        ],
        {
            2: {"text": May("Governance"), "presence": "may"},
            3: {"text": "Write the guidance"},
            4: {"text": "Train the staff"},
            5: {"text": May("Money"), "presence": "may"},
            6: {"text": "Set the budget"},
        },
        may_ask=True,
    ),
    NastyList(
        "pages with their headings and feet",
        [
            HEADS,
            ("1", "Write the guidance", ICT, AHEAD, "Open"),
            ("Page 1 of 2",),
            ("Action plan (continued)",),
            HEADS,
            ("2", "Train the staff", ICT, AHEAD, "Open"),
            ("Page 2 of 2",),
            ("Total number of actions: 2",),
        ],
        {2: {"text": "Write the guidance"}, 6: {"text": "Train the staff"}},
        may_ask=True,
    ),
    NastyList(
        "two lists side by side",
        [
            ("Action", "Owner", "Due", None, "Decision", "Agreed on"),
            ("Write the guidance", ICT, AHEAD, None, "zq to close the office", PAST),
            ("Train the staff", ICT, AHEAD, None, "zq to sell it", PAST),
        ],
        {2: {"text": "Write the guidance", "due": "2026-03-31"},
         3: {"text": "Train the staff", "due": "2026-03-31"}},
        never=("zq",),
    ),
    NastyList(
        "a semicolon file under a title with commas",
        [
            ("Action plan, version 7, final, agreed",),
            (),
            HEADS,
            ("1", "Write it, print it, send it", ICT, "30/06/2025", "Open"),
            ("2", "Two\nlines; quoted", ICT, "31/03/2026", "Complete"),
        ],
        {
            4: {"text": "Write it, print it, send it", "overdue": True},
            5: {"text": ("Two\nlines; quoted", "Two lines; quoted"), "status": "complete"},
        },
        headings=(3,),
        csv=";",
    ),
    NastyList(
        "a file that names its separator",
        [("sep=;",), HEADS, ("1", "Write it", ICT, "30/06/2025", "Open")],
        {3: {"text": "Write it", "due": "2025-06-30"}},
        headings=(2,),
        csv=";",
    ),
    NastyList(
        "live, completed, old and hidden sheets",
        [HEADS, ("1", "Write it", ICT, AHEAD, "Open")],
        {2: {"text": "Write it"}, "Completed!2": {"text": "Train them", "status": "complete"}},
        others={
            "Completed": [HEADS, ("2", "Train them", ICT, PAST, "Complete")],
            "~Old": [HEADS, ("9", "zq old action", ICT, PAST, "Open")],
            "Lists": [("Status", "Owner"), ("Complete", ICT), ("Open", "Chief Executive")],
        },
        never=("zq",),
        may_ask=True,
    ),
    NastyList(
        "the sheet that is named, alone",
        [HEADS, ("1", "zq draft", ICT, AHEAD, "Open")],
        {"Completed!2": {"text": "Train them", "status": "complete"}},
        others={"Completed": [HEADS, ("2", "Train them", ICT, PAST, "Complete")]},
        never=("zq",),
        settings=ListSettings(sheets=("Completed",)),
    ),
    NastyList(
        "a table on its side",
        [
            ("Action", "Write the guidance", "Train the staff"),
            ("Owner", ICT, "Chief Executive"),
            ("Due date", PAST, AHEAD),
            ("Status", "Open", "Complete"),
        ],
        {row: {"presence": "may"} for row in (2, 3, 4)},
        asks=("A1 B1 C1 A2 A3 A4 B2 B3 B4",),
        may_ask=True,
        may_refuse=True,
    ),
    NastyList(
        "no list at all",
        [("Midshire Council",), ("Summary", "Number"), ("Complete", 3), ("Open", 4)],
        {row: {"presence": "may"} for row in (3, 4)},
        asks=("A1 A2 B2 A3 A4",),
        may_ask=True,
        may_refuse=True,
    ),
]  # fmt: skip

COLUMNS = [
    NastyList(
        "the action, its owner, its date, and what was done",
        [
            ("Action", "Action owner", "Action date", "Action status", "Action taken to date"),
            ("Write the guidance", ICT, AHEAD, "In progress", "Draft written"),
        ],
        {2: {"text": "Write the guidance", "owner": ICT, "due": ("2026-03-31", None),
             "status": "in-progress", "update": ("Draft written", None)}},
        may_ask=True,
    ),
    NastyList(
        "an auditor's report",
        [
            ("Recommendation", "Priority", "Management response", "Agreed action",
             "Responsible officer", "Target date", "Status update"),
            ("R1. Set a policy", "High", "Accepted", "Write the policy", ICT, AHEAD,
             "Draft with legal"),
        ],
        {2: {"text": "Write the policy", "owner": ICT, "due": "2026-03-31", "priority":
             ("urgent", "High"), "update": "Draft with legal", "workstream":
             ("R1. Set a policy", None)}},
    ),
    NastyList(
        "recommendations without an action",
        [
            ("No.", "Recommendation", "Owner", "Deadline", "Progress"),
            ("1", "Set a policy on reserves", ICT, AHEAD, "Draft with legal"),
        ],
        {2: {"text": May("Set a policy on reserves"), "presence": "may"}},
        may_ask=True,
        may_refuse=True,
    ),
    NastyList(
        "leads of several kinds",
        [
            ("Ref", "Action", "Portfolio holder", "Lead officer", "Support officer", "Due"),
            ("1", "Write the guidance", "Cllr zq", ICT, "zq Jones", AHEAD),
        ],
        {2: {"owner": ICT, "due": "2026-03-31"}},
        never=("zq",),
        register=REGISTER,
    ),
    NastyList(
        "dates of several kinds",
        [
            ("Action", "Date raised", "Start date", "Target date", "Revised date",
             "Date completed"),
            ("Write it", date(2024, 1, 5), date(2024, 2, 1), PAST, AHEAD, None),
            ("Train them", date(2024, 1, 5), date(2024, 2, 1), PAST, None, date(2025, 6, 20)),
            ("Mend it", date(2024, 1, 5), date(2024, 2, 1), PAST, None, None),
        ],
        {
            2: {"due": "2025-06-30", "revised_due": "2026-03-31", "overdue": False},
            3: {"completed": "2025-06-20", "status": "complete", "overdue": False},
            4: {"due": "2025-06-30", "status": None, "overdue": True},
        },
    ),
    NastyList(
        "two columns with one heading",
        [("Action", "Date", "Date", "Status"), ("Write it", PAST, AHEAD, "Open")],
        {2: {"text": "Write it", "overdue": False}},
        asks=("B1 C1 B2 C2",),
        may_ask=True,
    ),
    NastyList(
        "two updates, one of which is the council's own",
        [
            ("Action", "Comments", "Progress update", "RAG"),
            ("Write it", "DO NOT PUBLISH zq", "On track", "G"),
        ],
        {2: {"text": "Write it", "update": "On track"}},
        says="B1",
        never=("zq",),
        may_ask=True,
    ),
    NastyList(
        "updates of several months",
        [
            ("Action", "Owner", "Update June 2025", "Update September 2025"),
            ("Write it", ICT, "Not begun", "Draft written"),
        ],
        {2: {"text": "Write it", "update": May("Draft written")}},
        may_ask=True,
    ),
    NastyList(
        "ratings of several quarters",
        [
            ("Action", "Owner", "Q1 RAG", "Q2 RAG", "Current RAG"),
            ("Write it", ICT, "Red", "Amber", "Green"),
        ],
        {2: {"text": "Write it", "rating": May("green")}},
        scheme={"id": "rag", "values": [{"code": c, "label": c.title()}
                                        for c in ("red", "amber", "green")]},
        may_ask=True,
    ),
    NastyList(
        "the completion date that is due or done",
        [
            ("Action", "Owner", "Completion date", "Status"),
            ("Write it", ICT, PAST, "In progress"),
            ("Train them", ICT, PAST, "Complete"),
        ],
        {
            2: {"text": "Write it", "status": May("in-progress")},
            3: {"text": "Train them", "status": May("complete"), "overdue": False},
        },
        may_ask=True,
    ),
    NastyList(
        "headings that only plan.yaml knows, one of them by its letters",
        [
            ("Zug", "Wer", "Bis", "Lage", "Notiz"),
            ("Write it", ICT, PAST, "BAU", "zq"),
        ],
        {2: {"text": "Write it", "owner": ICT, "due": "2025-06-30", "status": "complete",
             "update": None, "overdue": False}},
        settings=ListSettings(
            columns={"text": "Zug", "owner": "B", "due": "bis", "status": "Lage",
                     "comment": NOT_USED},
            statuses={"bau": "complete"},
        ),
        never=("zq",),
    ),
    NastyList(
        "the row of headings that plan.yaml names",
        [
            ("Action", "Owner", "Due", "Status"),
            ("(what)", "(who)", "(when)", "(how far)"),
            ("Activities", "Assignee", "Planned end", "Status"),
            ("Write it", ICT, PAST, "Open"),
        ],
        {4: {"text": "Write it", "due": "2025-06-30"}},
        headings=(3,),
        settings=ListSettings(heading_row=3),
    ),
]  # fmt: skip
