"""Lists of actions as text, made into workbooks and CSV files, and how they were read as text.

In the text of a list, a line is a row, and `|` separates its cells. A cell may be `d:` a date, `n:`
a number, `!:` an error, `=` a formula; `d:2024-07-01:mmm-yy` and `n:0.6:0%` have a number format.
`~~` begins and ends what is struck through. `\\n` is a line break in a cell. Lines that begin with
`@` say more: `@merge A1:B1`, `@hide 3` (a row) or `@hide C` (a column), `@filter A1:C9`, `@csv`,
`@sheet Name` (the rows below are those of another sheet), `@hidden-sheet Name`, `@as-at DATE`, and
`@plan` with a line of the `actions:` group.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from papergen.dates import PartialDate
from papergen.errors import PapergenError
from papergen.model.action_list import ActionsFrom
from papergen.model.rating import RagScheme
from papergen.readers import read
from papergen.workbook.read_list import read_action_list
from papergen.workbook.reading import Certainty, Entry, ReadSheet
from papergen.workbook.settings import ListSettings, settings_of

AS_AT = PartialDate(2012, 10, 31)
SCHEME = RagScheme.model_validate(
    {
        "id": "rag",
        "values": [
            {"code": "red", "label": "Red", "meaning": "off track"},
            {"code": "amber", "label": "Amber", "meaning": "behind"},
            {"code": "green", "label": "Green", "meaning": "on track"},
            {"code": "blue", "label": "Blue", "meaning": "complete"},
        ],
    }
)
REGISTER = {
    "bodies": [{"id": "trust", "name": "Midshire Trust"}],
    "posts": [
        {"id": "don", "title": "Director of Nursing", "aliases": ["DoN"]},
        {"id": "md", "title": "Medical Director", "aliases": ["MD"]},
        {"id": "hos", "title": "Head of Service"},
    ],
}


@dataclass(slots=True)
class ListCase:
    """A list as a file, and how it is to be read."""

    data: bytes
    name: str
    as_at: PartialDate = AS_AT
    settings: ListSettings = field(default_factory=ListSettings)
    scheme: RagScheme | None = SCHEME


def case_of(source: str) -> ListCase:
    """The list that a text describes."""
    orders = [line[1:].partition(" ") for line in source.split("\n") if line.startswith("@")]
    answers = [rest for order, _, rest in orders if order == "plan"]
    as_at = [PartialDate.parse(rest) for order, _, rest in orders if order == "as-at"]
    is_csv = any(order == "csv" for order, _, _ in orders)
    case = ListCase(
        data=_csv(source) if is_csv else _workbook(source),
        name="list.csv" if is_csv else "list.xlsx",
        scheme=None if any(order == "no-scheme" for order, _, _ in orders) else SCHEME,
    )
    if as_at:
        case.as_at = as_at[0]
    if answers:
        text = "\n".join(["file: list.xlsx", *answers])
        values = read(text.encode(), "plan.yaml").value
        case.settings = settings_of(ActionsFrom.model_validate(values))
    return case


def outcome(case: ListCase) -> str:
    """How a list is read, a line for each sheet, each kind of thing, each fault and each action."""
    try:
        listed = read_action_list(
            case.data,
            case.name,
            as_at=case.as_at,
            settings=case.settings,
            register=REGISTER,
            scheme=case.scheme,
        )
    except PapergenError as fault:
        return "".join(f"{problem}\n    {problem.hint}\n" for problem in fault.problems)
    lines = [_sheet_line(sheet) for sheet in listed.reading.sheets]
    lines += [_entry_line(entry) for entry in listed.reading.entries]
    lines += [f"fault {problem.where}: {problem.message}" for problem in listed.problems]
    for action in listed.actions:
        fields = "; ".join(f"{name} {_value(value)}" for name, value in action.fields.items())
        owners = [party for party in action.owners if party.kind != "name"]
        named = f" → {', '.join(party.name for party in owners)}" if owners else ""
        lines.append(f"row {action.row}: {fields}{named}")
    return "\n".join(lines) + "\n"


def _sheet_line(sheet: ReadSheet) -> str:
    columns = [
        f"{column.letters} {column.heading!r} {column.field or f'not used, {column.why}'}"
        for column in sheet.columns
    ]
    return f"sheet {sheet.sheet!r}, headings in row {sheet.heading_row}: {'; '.join(columns)}"


def _entry_line(entry: Entry) -> str:
    places = ", ".join(where.cell or str(where) for where in entry.where)
    values = "; ".join(
        f"{value.typed!r}{f' as {value.read_as}' if value.read_as else ''}"
        for value in entry.values
    )
    answers = "".join(
        f" [{answer.setting}: {answer.key}{': ' if answer.key else ''}{answer.value}]"
        for answer in entry.answers[:1]
    )
    mark = "?" if entry.level is Certainty.QUESTION else "-"
    return f"{mark} {entry.kind.code} ({entry.count}) {places}: {values}{answers}".rstrip(": ")


def _value(value: Any) -> str:
    last = getattr(value, "text", None) and value.last
    return f"{str(value)!r}{f' until {last}' if last else ''}"


def _rows(source: str) -> list[tuple[str, bool, list[list[str]]]]:
    """The sheets of a case: name, whether it is visible, and cells."""
    sheets: list[tuple[str, bool, list[list[str]]]] = [("Sheet", True, [])]
    for line in source.rstrip("\n").split("\n"):
        if line.startswith(("@sheet ", "@hidden-sheet ")):
            order, _, name = line.partition(" ")
            sheets.append((name, order == "@sheet", []))
        elif not line.startswith("@"):
            sheets[-1][2].append([cell.strip().replace("\\n", "\n") for cell in line.split("|")])
    return sheets


def _csv(source: str) -> bytes:
    lines = [line for line in source.split("\n") if not line.startswith("@")]
    return "\n".join(lines).encode()


def _workbook(source: str) -> bytes:
    made = Workbook()
    made.remove(made.active)
    for name, is_visible, rows in _rows(source):
        sheet = made.create_sheet(name)
        sheet.sheet_state = "visible" if is_visible else "hidden"
        for number, row in enumerate(rows, 1):
            for column, text in enumerate(row, 1):
                _put(sheet.cell(number, column), text)
    _obey(made.worksheets[0], source)
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def _obey(sheet: Worksheet, source: str) -> None:
    """Do what the orders of a case say of its first sheet."""
    for line in source.split("\n"):
        order, _, rest = line.partition(" ")
        if order == "@merge":
            sheet.merge_cells(rest)
        elif order == "@hide" and rest.isdigit():
            sheet.row_dimensions[int(rest)].hidden = True
        elif order == "@hide":
            sheet.column_dimensions[rest].hidden = True
        elif order == "@filter":
            sheet.auto_filter.ref = rest
            sheet.auto_filter.add_filter_column(0, ["x"])


def _put(cell: Cell, text: str) -> None:
    if text.startswith("~~") and text.endswith("~~") and text.count("~~") == 2:
        _put(cell, text.strip("~"))
        cell.font = Font(strike=True)
        return
    if "~~" in text:
        cell.value = CellRichText(*_runs(text))
        return
    kind, _, value = text.partition(":")
    value, _, number_format = value.partition(":")
    if kind == "d":
        cell.value = date.fromisoformat(value)
    elif kind == "n":
        cell.value = float(value) if "." in value else int(value)
    elif kind == "!":
        cell.value, cell.data_type = value, "e"
    elif text:
        cell.value = text
    if kind in ("d", "n") and number_format:
        cell.number_format = number_format


def _runs(text: str) -> list[Any]:
    """The runs of a text of which parts are struck through."""
    parts = re.split(r"~~", text)
    struck = InlineFont(strike=True)
    return [TextBlock(struck, part) if at % 2 else part for at, part in enumerate(parts) if part]
