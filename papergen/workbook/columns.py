"""Which row of a sheet has the headings, and which column is for what."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

from papergen.errors import Location, Problem
from papergen.text import shorten_line
from papergen.workbook.cell_faults import LIST_UNCLEAR
from papergen.workbook.cells import as_text
from papergen.workbook.result import Broken, Cell, Grid

HEADING_ROWS = 30
"""The row of headings is one of the first so many."""

SYNONYMS = {
    "ref": "ref,reference,refs,no,number,ref no,ref number,reference no,reference number,action "
    "no,action number,action ref,action reference,action id,id,item,item no,item "
    "number,serial,serial no,minute ref,minute reference,minute no,#",
    "text": "action,actions,task,tasks,agreed action,agreed actions,what,action agreed,actions "
    "agreed,action required,actions required,action to be taken,actions to be taken,action "
    "description,description of action,action point,action points,what will be done,what will we "
    "do,what needs to be done,what we will do,improvement action,improvement actions,planned "
    "action,planned actions,key action,key actions,details of action,action details,action to be "
    "completed",
    "owner": "owner,owners,lead,leads,lead officer,lead officers,responsible officer,responsible "
    "officers,responsible person,person responsible,officer "
    "responsible,officer,responsibility,responsible,who,by whom,action owner,action "
    "lead,assigned to,accountable officer,accountable,lead person,named lead,action by,owned "
    "by,lead name,lead responsibility",
    "responsible": "responsible body,body responsible,agency,lead agency,responsible "
    "agency,organisation,organization,lead organisation,responsible organisation,partner,lead "
    "partner,partner agency,partner organisation",
    "workstream": "workstream,work stream,workstreams,theme,themes,area,relevant "
    "item,recommendation,recommendations,priority area,area of work,area for "
    "improvement,improvement area,agenda item,subject,topic,section",
    "phase": "phase,phases,phase no,phase number",
    "priority": "priority,urgency,urgent,priority level,action priority",
    "due": "due,due date,date due,target date,target,deadline,by when,timescale,timescales,time "
    "scale,timeframe,time frame,when,completion date target,target completion date,target "
    "completion,planned completion date,planned completion,original due date,original "
    "deadline,original target date,original date,due by,to be completed by,complete "
    "by,completion due,date for completion,expected completion date,expected completion,planned "
    "date,completion deadline,date to be completed,due date original",
    "revised_due": "revised date,revised deadline,revised due date,revised due,revised target "
    "date,revised target,revised completion date,revised timescale,new date,new deadline,new due "
    "date,new target date,revised,due date revised",
    "status": (
        "status,progress status,state,action status,current status,completion status,status of "
        "action,open closed"
    ),
    "completed": "completed,date completed,actual completion,actual completion date,completed "
    "on,completed date,date closed,closed date,date of actual completion,actual date,completion "
    "date actual,date achieved,closed,complete,date done",
    "rating": "rag,brag,rag status,rag rating,rating,brag status,brag rating,status rag,status "
    "brag,current rag,rag score,progress rag,rag progress,delivery rag,colour,ragb,ragb "
    "status,progress rating,current rag status,current rag rating",
    "comment": "comment,comments,progress,update,updates,notes,note,commentary,progress "
    "update,progress updates,latest update,progress comments,progress notes,progress to "
    "date,latest progress,current position,latest position,narrative,remarks,status "
    "update,status comments,action update,progress made",
}
"""The headings of each field as `_plain` has them."""

_COMPLETION = ("completion date", "date of completion", "completion")
"""Headings that can be for the date an action is due as well as for the date it was done."""
_EITHER = "due or completed"

_MEANING = {
    word: name for name, words in SYNONYMS.items() for word in words.split(",")
} | dict.fromkeys(_COMPLETION, _EITHER)

WHAT_IS_LOOKED_FOR = (
    f"The headings must stand in one row among the first {HEADING_ROWS}. One of them must be "
    "“Action” (or “Task”, “Agreed action”, “What”); others can be “Ref”, “Owner” or “Lead”, "
    "“Responsible body”, “Workstream”, “Phase”, “Priority”, “Due date”, “Revised date”, "
    "“Status”, “Date completed”, “RAG” and “Comments”."
)


@dataclass(slots=True, eq=False)
class Header:
    """The row of headings: its index in the grid, the column of each field, what is wrong."""

    index: int
    columns: dict[str, int] = field(default_factory=dict)
    headings: dict[str, str] = field(default_factory=dict)
    unrecognised: list[tuple[int, str]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def find_header(grid: Grid) -> Header | None:
    """The first row that names most columns, that of the actions among them; None without one."""
    best: tuple[int, int] | None = None
    for index, row in enumerate(grid.rows):
        if grid.lines[index] > HEADING_ROWS:
            break
        names = {meaning(cell) for cell in row} - {None}
        if "text" in names and (best is None or len(names) > best[0]):
            best = len(names), index
    return _header(grid, best[1]) if best else None


def meaning(cell: Cell) -> str | None:
    """The field that a heading is for, or `_EITHER`; None for a heading that is not known."""
    if not isinstance(cell, str) or len(cell) > 200:
        return None
    if re.search(r"%|\bper ?cent", cell, re.IGNORECASE):
        return None  # “% complete” is neither a date nor a status
    whole = _plain(cell)
    bare = _plain(re.sub(r"[(\[][^()\[\]]*[)\]]", " ", cell))
    for form in (whole, bare):
        if form in _MEANING:
            return _MEANING[form]
    parts = {
        _MEANING.get(_plain(part))
        for part in re.split(r"/|&|\band\b|\bor\b", cell, flags=re.IGNORECASE)
        if part.strip()
    }
    return parts.pop() if len(parts) == 1 else None


def same_headings(row: list[Cell], header: list[Cell]) -> bool:
    """Whether a row repeats the headings, as on each printed page."""
    return [_plain(str(cell or "")) for cell in row] == [_plain(str(cell or "")) for cell in header]


def _plain(heading: str) -> str:
    """A heading as it is looked up: without case, punctuation and superfluous spaces."""
    text = unicodedata.normalize("NFKC", heading).casefold()
    return " ".join(re.sub(r"[^\w#]|_", " ", text).split())


def _header(grid: Grid, index: int) -> Header:
    header = Header(index)
    row = grid.rows[index]
    found: dict[str, list[int]] = {}
    for column, cell in enumerate(row):
        if cell is None:
            continue
        name = meaning(cell)
        if name is None:
            header.unrecognised.append((column, _heading(cell)))
        else:
            found.setdefault(name, []).append(column)
    _settle_completion(grid, header, found)
    for name, columns in found.items():
        header.columns[name] = columns[0]
        header.headings[name] = _heading(row[columns[0]])
        header.problems += [_twice(grid, header, name, other) for other in columns[1:]]
    header.problems += _without_heading(grid, header)
    return header


def _settle_completion(grid: Grid, header: Header, found: dict[str, list[int]]) -> None:
    """Decide what “Completion date” is: the date, due or done, that has no column of its own."""
    columns = found.pop(_EITHER, [])
    if not columns:
        return
    if "due" in found or "completed" in found:
        found.setdefault("completed" if "due" in found else "due", []).extend(columns)
        return
    heading = _heading(grid.rows[header.index][columns[0]])
    message = (
        f"“{heading}” can be the date by which an action is due, or the date on which it was done"
    )
    hint = "Change the heading to “Target date” or to “Date completed”."
    header.problems.append(
        Problem(LIST_UNCLEAR, message, grid.place(header.index, columns[0]), hint)
    )


def _twice(
    grid: Grid,
    header: Header,
    name: str,
    column: int,
) -> Problem:
    first = grid.place(header.index, header.columns[name])
    heading = _heading(grid.rows[header.index][column])
    message = (
        f"“{heading}” and “{header.headings[name]}” ({_cell(first)}) are both read as "
        f"{DESCRIPTIONS[name]}"
    )
    hint = (
        "Keep one of the two columns, or change the heading of the one that is for something else."
    )
    return Problem(LIST_UNCLEAR, message, grid.place(header.index, column), hint)


DESCRIPTIONS = {
    "ref": "the reference of an action",
    "text": "the action",
    "owner": "its owner",
    "responsible": "the responsible body",
    "workstream": "the workstream",
    "phase": "the phase",
    "priority": "the priority",
    "due": "the due date",
    "revised_due": "the revised due date",
    "status": "the status",
    "completed": "the date of completion",
    "rating": "the rating",
    "comment": "the latest update",
}


def _without_heading(grid: Grid, header: Header) -> list[Problem]:
    """A problem for each heading that is an error value."""
    row = grid.rows[header.index]
    broken = [(column, cell) for column, cell in enumerate(row) if isinstance(cell, Broken)]
    return [
        Problem(
            LIST_UNCLEAR,
            f"the cell {cell.why}, in the row of headings",
            grid.place(header.index, column),
            cell.hint,
        )
        for column, cell in broken
    ]


def _heading(cell: Cell) -> str:
    if isinstance(cell, (str, int, float)):
        return shorten_line(as_text(cell), 200)
    return str(cell)


def _cell(where: Location) -> str:
    return where.cell
