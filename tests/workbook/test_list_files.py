"""Workbooks and CSV files as grids: what cells show, what is hidden, and what is refused."""

from __future__ import annotations

import csv
import io
import itertools
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.table import Table
from python_calamine import CalamineWorkbook

from papergen.dates import PartialDate
from papergen.errors import PapergenError
from papergen.workbook.files.cell_text import text_cell, uk_time
from papergen.workbook.files.read import read_grids
from papergen.workbook.sheets import Broken, Cell, Grid, Moment, Number, shown

CASES = Path(__file__).parents[1] / "cases"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
LINKS = "http://schemas.openxmlformats.org/package/2006/relationships"


def saved(made: Workbook) -> bytes:
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def sheet_of(fill: Callable[[Any], None]) -> Grid:
    """The grid of a workbook whose one sheet `fill` fills."""
    made = Workbook()
    fill(made.active)
    (grid,) = read_grids(saved(made), "list.xlsx")
    return grid


def package(parts: dict[str, str | bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


def parts_of(
    sheet: str,
    *,
    shared: str = "",
    styles: str = "",
    book: str = "",
    main: str = MAIN,
) -> dict[str, str | bytes]:
    """The parts of a workbook with one sheet, written by hand."""
    links = "".join(
        f'<Relationship Id="r{number}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(
            [
                ("worksheet", "worksheets/sheet1.xml"),
                ("sharedStrings", "sharedStrings.xml"),
                ("styles", "styles.xml"),
            ]
        )
    )
    return {
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{OFFICE}">{book}<sheets>'
        '<sheet name="List" sheetId="1" r:id="r0"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{LINKS}">{links}</Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}">{sheet}</worksheet>',
        "xl/sharedStrings.xml": f'<sst xmlns="{main}">{shared}</sst>',
        "xl/styles.xml": f'<styleSheet xmlns="{main}">{styles}</styleSheet>',
    }


def by_hand(sheet: str, **others: str) -> Grid:
    (grid,) = read_grids(package(parts_of(sheet, **others)), "list.xlsx")
    return grid


def row_by_hand(cells: str, **others: str) -> list[Cell]:
    grid = by_hand(f'<sheetData><row r="1">{cells}</row></sheetData>', **others)
    return grid.rows[0] if grid.rows else []


def csv_rows(text: str | bytes) -> list[list[Cell]]:
    data = text if isinstance(text, bytes) else text.encode()
    (grid,) = read_grids(data, "list.csv")
    return grid.rows


def outcome(data: bytes, name: str) -> tuple[list[Grid], list[str]]:
    """The grids of a file, or the hints of its faults."""
    try:
        return read_grids(data, name), []
    except PapergenError as fault:
        return [], [problem.hint for problem in fault.problems]


def refusal(data: bytes, name: str = "list.xlsx") -> tuple[str, str]:
    with pytest.raises(PapergenError) as caught:
        read_grids(data, name)
    (problem,) = caught.value.problems
    assert problem.hint
    return problem.code, str(problem)


# -- values


def test_cells_hold_what_excel_shows() -> None:
    def fill(sheet: Any) -> None:
        sheet.append(["Train", True, 1.1, 7, 0.6, date(2024, 7, 31), date(2024, 7, 1)])
        sheet["C1"].number_format = "0.00"
        sheet["D1"].number_format = '"A"000'
        sheet["E1"].number_format = "0%"
        sheet["F1"].number_format = "dd/mm/yyyy"
        sheet["G1"].number_format = "mmm-yy"

    assert sheet_of(fill).rows == [
        [
            "Train",
            True,
            Number(1.1, "1.10"),
            Number(7, "A007"),
            Number(0.6, "60%", is_share=True),
            Moment(PartialDate(2024, 7, 31), "31/07/2024"),
            Moment(PartialDate(2024, 7), "Jul-24", is_reduced=True),
        ]
    ]


def test_the_first_cells_of_a_sheet_may_be_empty() -> None:
    def fill(sheet: Any) -> None:
        sheet["C3"] = "Action"

    grid = sheet_of(fill)
    assert (grid.rows, grid.lines) == ([[], [], [None, None, "Action"]], [1, 2, 3])
    assert str(grid.place(2, 2)) == "list.xlsx!Sheet!C3"


@pytest.mark.parametrize(("epoch", "serials"), [(None, True), (CALENDAR_MAC_1904, False)])
def test_dates_count_in_either_system(epoch: datetime | None, serials: bool) -> None:
    made = Workbook()
    if epoch:
        made.epoch = epoch
    made.active["A1"] = datetime.fromisoformat("2024-07-31T10:30")
    (grid,) = read_grids(saved(made), "list.xlsx")
    (cell,) = grid.rows[0]
    assert isinstance(cell, Moment)
    assert (cell.date, cell.time) == (PartialDate(2024, 7, 31), time(10, 30))
    assert grid.serials == serials


def test_times_are_texts() -> None:
    def fill(sheet: Any) -> None:
        sheet.append([time(10, 30), timedelta(hours=37, minutes=30)])
        sheet["A1"].number_format = "h:mm"
        sheet["B1"].number_format = "[h]:mm"

    assert sheet_of(fill).rows == [["10:30", "37:30"]]


def test_a_number_format_hides_a_cell() -> None:
    def fill(sheet: Any) -> None:
        sheet.append(["Action", "secret", 5, "x", "y", "z"])
        for cell in "BCDE":
            sheet[f"{cell}1"].number_format = ";;;"

    grid = sheet_of(fill)
    assert grid.rows == [["Action", None, None, None, None, "z"]]
    (remark,) = grid.remarks
    assert (remark.kind.code, remark.typed) == ("hidden-by-format", "B1, C1, D1 and 1 more cell")


def test_a_number_format_adds_to_a_text() -> None:
    def fill(sheet: Any) -> None:
        sheet["A1"] = "5a"
        sheet["A1"].number_format = '"Ref "@'
        sheet["B1"] = "hidden"
        sheet["B1"].number_format = "0;-0;0;"

    grid = sheet_of(fill)
    assert grid.rows == [["Ref 5a"]]
    assert [remark.typed for remark in grid.remarks] == ["B1"]


def test_errors_and_formulas_without_a_value_are_broken() -> None:
    cells = row_by_hand(
        '<c r="A1" t="e"><v>#REF!</v></c><c r="B1" t="e"><f>1/0</f><v>#DIV/0!</v></c>'
        '<c r="C1"><f>A2</f></c><c r="D1" t="str"><f>A2</f><v></v></c>'
        '<c r="E1" t="str"><f>A2</f><v>Done</v></c><c r="F1"><f>1+1</f><v>2</v></c>'
        '<c r="G1" t="s"><v>9</v></c><c r="J1" t="s"><v>-1</v></c><c r="K1" t="b"><v></v></c>'
        '<c r="L1" t="s"><v/></c><c r="M1" t="b"><v>0</v></c><c r="H1"><v>abc</v></c><c r="I1"><v>1e999</v></c>'
    )
    held = [cell.why if isinstance(cell, Broken) else cell for cell in cells]
    assert held == [
        "holds the error #REF!",
        "holds the error #DIV/0!",
        "holds a formula that has not been worked out",
        None,
        "Done",
        Number(2, "2"),
        "holds a text that the workbook lacks",
        "holds “abc”, which is no number",
        "holds “1e999”, which is no number",
        "holds a text that the workbook lacks",
        None,
        None,
        False,
    ]


def test_cells_and_rows_may_lack_their_references() -> None:
    grid = by_hand(
        '<sheetData><row><c t="str"><v>a</v></c><c/><c t="str"><v>b</v></c></row>'
        '<row r="3"><c r="B3" t="str"><v>c</v></c><c t="str"><v>d</v></c></row>'
        '<row><c t="str"><v>e</v></c></row></sheetData>'
    )
    assert grid.rows == [["a", None, "b"], [], [None, "c", "d"], ["e"]]


def test_texts_of_every_kind() -> None:
    shared = (
        "<si><t>one</t></si><si><r><t>two </t></r><r><rPr><b/></rPr><t>parts</t></r></si>"
        '<si><t>base</t><rPh sb="0" eb="1"><t>phonetic</t></rPh></si><si><t xml:space="preserve"> </t></si>'
    )
    cells = row_by_hand(
        '<c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="s"><v>2</v></c>'
        '<c r="D1" t="s"><v>3</v></c><c r="E1" t="inlineStr"><is><t>in line</t></is></c>'
        '<c r="F1" t="str"><v>of a formula</v></c><c r="G1" t="b"><v>1</v></c>'
        '<c r="H1" t="d"><v>2024-07-31T00:00:00</v></c>',
        shared=shared,
    )
    assert cells == [
        "one",
        "two parts",
        "base",
        None,
        "in line",
        "of a formula",
        True,
        Moment(PartialDate(2024, 7, 31), "31/07/2024"),
    ]


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("one_x000D_\ntwo", "one\ntwo"),
        ("one&#13;&#10;two&#13;three", "one\ntwo\nthree"),
        ("one_x000D_two", "one\ntwo"),
        ("_x005F_x000D_", "_x000D_"),
        ("a_xZZZZ_b", "a_xZZZZ_b"),
        ("ring_x0007_", "ring\x07"),
        ("page_x000C_two", "page\ntwo"),
        ("_xD83D__xDE00_", "😀"),
        ("_xD83D_", "�"),
        ("a\u00a0b", "a\u00a0b"),
        ("&lt;b&gt; &amp; <![CDATA[<i>]]>", "<b> & <i>"),
    ],
)
def test_escapes_and_line_ends(written: str, text: str) -> None:
    assert row_by_hand(f'<c t="inlineStr"><is><t>{written}</t></is></c>') == [text]
    assert row_by_hand('<c t="s"><v>0</v></c>', shared=f"<si><t>{written}</t></si>") == [text]


def test_a_workbook_of_strict_open_xml_is_read() -> None:
    assert row_by_hand('<c t="str"><v>a</v></c>', main=STRICT) == ["a"]


def test_parts_are_found_by_their_relationships() -> None:
    parts = parts_of('<sheetData><row><c t="str"><v>a</v></c></row></sheetData>')
    moved = {
        "_rels/.rels": f'<Relationships xmlns="{LINKS}"><Relationship Id="r" '
        f'Type="{OFFICE}/officeDocument" Target="/XL/book2.xml"/></Relationships>',
        "xl/book2.xml": parts["xl/workbook.xml"],
        "xl/_rels/book2.xml.rels": str(parts["xl/_rels/workbook.xml.rels"]).replace(
            "worksheets/sheet1.xml", "/xl/worksheets/List%201.xml"
        ),
        "xl\\worksheets\\List 1.xml": parts["xl/worksheets/sheet1.xml"],
    }
    (grid,) = read_grids(package(moved), "list.xlsx")
    assert grid.rows == [["a"]]


# -- what is hidden


def test_hidden_rows_and_columns() -> None:
    def fill(sheet: Any) -> None:
        for _ in range(4):
            sheet.append(list("abcdef"))
        sheet.row_dimensions[2].hidden = True
        sheet.column_dimensions["B"].hidden = True
        sheet.column_dimensions.group("E", "F", hidden=True)

    grid = sheet_of(fill)
    assert grid.hidden_rows == {2}
    assert grid.hidden_columns == {1, 4, 5}
    assert not grid.is_filtered


def test_what_is_too_small_to_show_anything_is_hidden() -> None:
    grid = by_hand(
        '<cols><col min="1" max="1" width="0.1" customWidth="1"/><col min="3" max="16384" hidden="1"/>'
        '</cols><sheetData><row r="1" ht="0" customHeight="1"><c t="str"><v>a</v></c></row>'
        '<row r="2"><c t="str"><v>a</v></c><c t="str"><v>b</v></c><c t="str"><v>c</v></c></row>'
        "</sheetData>"
    )
    assert (grid.hidden_rows, grid.hidden_columns) == ({1}, {0, 2})


def test_rows_that_are_hidden_by_default() -> None:
    grid = by_hand(
        '<sheetFormatPr zeroHeight="1"/><sheetData><row r="1"><c t="str"><v>a</v></c></row>'
        '<row r="3" hidden="true"><c t="str"><v>a</v></c></row>'
        '<row r="4"><c t="str"><v>b</v></c></row></sheetData>'
    )
    assert grid.hidden_rows == {2, 3}


def test_a_filter_that_hides_rows() -> None:
    def fill(sheet: Any) -> None:
        for text in ("Status", "Open", "Closed"):
            sheet.append([text])
        sheet.auto_filter.ref = "A1:A3"

    def fill_and_set(sheet: Any) -> None:
        fill(sheet)
        sheet.auto_filter.add_filter_column(0, ["Open"])
        sheet.row_dimensions[3].hidden = True

    assert not sheet_of(fill).is_filtered
    grid = sheet_of(fill_and_set)
    assert (grid.is_filtered, grid.hidden_rows) == (True, {3})


def test_a_filter_of_a_table_or_an_advanced_one() -> None:
    made = Workbook()
    sheet = made.active
    for text in ("Status", "Open", "Closed"):
        sheet.append([text])
    table = Table(displayName="T", ref="A1:A3")
    sheet.add_table(table)
    table._initialise_columns()
    table.autoFilter.add_filter_column(0, ["Open"])
    sheet.row_dimensions[3].hidden = True
    (grid,) = read_grids(saved(made), "list.xlsx")
    assert grid.is_filtered

    data = '<sheetData><row r="1" hidden="1"><c t="str"><v>a</v></c></row></sheetData>'
    assert by_hand(f'<sheetPr filterMode="1"/>{data}').is_filtered
    view = '<autoFilter><filterColumn colId="0"><filters/></filterColumn></autoFilter>'
    assert not by_hand(f"{data}<customSheetViews>{view}</customSheetViews>").is_filtered
    assert by_hand(data + view).is_filtered


def test_hidden_sheets_are_among_the_grids() -> None:
    made = Workbook()
    made.active["A1"] = "x"
    for state in ("hidden", "veryHidden"):
        made.create_sheet(state).sheet_state = state
    made.create_chartsheet("Chart")
    grids = read_grids(saved(made), "list.xlsx")
    assert [(grid.sheet, grid.visible) for grid in grids] == [
        ("Sheet", True),
        ("hidden", False),
        ("veryHidden", False),
    ]


def test_merged_cells_end_with_the_sheet() -> None:
    def fill(sheet: Any) -> None:
        sheet["A1"], sheet["A2"], sheet["B4"] = "Title", "a", "b"
        sheet.merge_cells("A2:A4")
        sheet.merge_cells("A1:Z1")
        sheet.merge_cells("A9:B9")

    assert set(sheet_of(fill).merges) == {(2, 1, 4, 1), (1, 1, 1, 2)}


# -- what is struck through


STRUCK = InlineFont(strike=True)


def test_cells_struck_through_as_a_whole() -> None:
    def fill(sheet: Any) -> None:
        sheet.append(["a", 1, date(2024, 7, 31), None, "b"])
        for cell in "ABCD":
            sheet[f"{cell}1"].font = Font(strike=True)

    assert sheet_of(fill).struck == {(0, 0): "", (0, 1): "", (0, 2): ""}


@pytest.mark.parametrize(
    ("parts", "left"),
    [
        ([TextBlock(STRUCK, "30/06/2025"), " 31/12/2025"], "31/12/2025"),
        (["Head of ", TextBlock(STRUCK, "ICT"), " Digital"], "Head of Digital"),
        (["Legal ", TextBlock(STRUCK, "and HR"), ", Finance."], "Legal, Finance."),
        (["Keep\n", TextBlock(STRUCK, "drop\n"), "keep  two"], "Keep\nkeep  two"),
        (["Keep  it\n\n", TextBlock(STRUCK, "drop")], "Keep  it"),
        ([TextBlock(STRUCK, "all"), TextBlock(InlineFont(), " ")], ""),
        ([TextBlock(STRUCK, "all"), TextBlock(STRUCK, " of it")], ""),
        (["none", TextBlock(InlineFont(b=True), " of it")], None),
        (["none", TextBlock(STRUCK, " ")], None),
    ],
)
def test_what_is_left_of_a_cell_struck_through_in_part(parts: list[Any], left: str | None) -> None:
    def fill(sheet: Any) -> None:
        sheet["A1"] = CellRichText(*parts)

    grid = sheet_of(fill)
    assert grid.struck == ({} if left is None else {(0, 0): left})
    assert grid.rows == [["".join(str(part) for part in parts)]]


def test_runs_without_a_font_have_that_of_the_cell() -> None:
    styles = (
        "<fonts><font/><font><strike/></font><font><strike val='0'/></font></fonts>"
        "<cellStyleXfs><xf fontId='1'/></cellStyleXfs>"
        "<cellXfs><xf fontId='0'/><xf fontId='1'/><xf fontId='2'/></cellXfs>"
        "<dxfs><dxf><font><strike/></font></dxf></dxfs>"
    )
    shared = (
        "<si><r><t>old </t></r><r><rPr><b/></rPr><t>new</t></r></si>"
        "<si><r><rPr><strike val='false'/></rPr><t>kept </t></r><r><rPr><strike/></rPr><t>old</t></r></si>"
    )
    cells = "".join(
        f'<c s="{style}" t="s"><v>{text}</v></c>' for text in (0, 1) for style in (0, 1, 2)
    )
    grid = by_hand(
        f"<sheetData><row s='1' customFormat='1'>{cells}</row></sheetData>",
        styles=styles,
        shared=shared,
    )
    assert grid.struck == {(0, 1): "new", (0, 3): "kept", (0, 4): "kept", (0, 5): "kept"}


# -- timestamps


@pytest.mark.parametrize(
    ("text", "day", "clock"),
    [
        ("2025-06-30T23:00:00Z", "2025-07-01", None),
        ("2025-06-30T23:00:00.000Z", "2025-07-01", None),
        ("2025-06-30T23:00:00+00:00", "2025-07-01", None),
        ("2025-06-30T23:00:00.0000000Z", "2025-07-01", None),
        ("2025-06-30 23:00:00 UTC", "2025-07-01", None),
        ("2025-12-31T00:00:00Z", "2025-12-31", None),
        ("2025-12-31T23:30Z", "2025-12-31", "23:30"),
        ("2025-07-01T00:00:00+01:00", "2025-07-01", None),
        ("2025-07-01T02:00:00+0200", "2025-07-01", "01:00"),
        ("2025-06-30T19:00:00-05:00", "2025-07-01", "01:00"),
        ("2025-06-30T00:00:00", "2025-06-30", None),
        (" 2025-06-30 00:00:00 ", "2025-06-30", None),
        ("2025-06-30 10:30", "2025-06-30", "10:30"),
    ],
)
def test_a_timestamp_is_its_day_in_uk_time(text: str, day: str, clock: str | None) -> None:
    cell = text_cell(text)
    assert isinstance(cell, Moment)
    assert (cell.date.isoformat(), cell.shown) == (day, text.strip())
    assert (f"{cell.time:%H:%M}" if cell.time else None) == clock


@pytest.mark.parametrize(
    "text",
    [
        "2025-06-30",
        "2025-06-30T23:00:00Z and more",
        "by 2025-06-30T23:00:00Z",
        "2025-13-30T23:00:00Z",
        "2025-02-30 00:00:00",
        "2025-06-30T25:00:00Z",
        "9999-12-31T23:59:00-01:00",
        "0001-01-01T00:00:00+14:00",
        "2025-06-30T23:00:00+99:00",
        "２０２５-06-30T23:00:00Z",
    ],
)
def test_other_texts_are_no_timestamps(text: str) -> None:
    assert text_cell(text) == text


@given(st.integers(820_454_400, 2_145_916_800))
def test_uk_time_is_that_of_the_time_zone_database(seconds_since_1970: int) -> None:
    moment = datetime.fromtimestamp(seconds_since_1970, UTC)
    assert uk_time(moment) == moment.astimezone(ZoneInfo("Europe/London")).replace(tzinfo=None)


# -- CSV


LINES = [
    ["Ref", "Action", "Owner"],
    ["1.10", "Train, mentor, and support; all staff", "HR"],
    ["007", "Ask A|B, C, D, E, F and G", "IT, Legal"],
    ["3", "Publish", "Comms, HR, IT, Legal"],
]


@pytest.mark.parametrize("mark", ",;\t|")
@pytest.mark.parametrize("title", [[], [["Action plan, June 2025; all, of, it, here"], []]])
def test_the_mark_between_cells_is_that_of_the_headings(mark: str, title: list[list[str]]) -> None:
    stream = io.StringIO()
    csv.writer(stream, delimiter=mark).writerows([*title, *LINES])
    assert csv_rows(stream.getvalue())[len(title) :] == LINES


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "Action;Due\na, b, c;x\nd, e, f;y\n",
            [["Action", "Due"], ["a, b, c", "x"], ["d, e, f", "y"]],
        ),
        ("Action;Due\na, b;x\n", [["Action", "Due"], ["a, b", "x"]]),
        ("Action\na, b\n", [["Action"], ["a", " b"]]),
        ("sep=;\r\nA,B;C\r\n1,2;3\r\n", [["A,B", "C"], ["1,2", "3"]]),
        ('"sep=|"\na|b\n', [["a", "b"]]),
        ("Action,Owner\nx,y,z\n", [["Action", "Owner"], ["x", "y", "z"]]),
        ("Action,Owner,,,\nx,,,,\n,,,,\n", [["Action", "Owner"], ["x"]]),
        ('Ref,Action\n="007",x\n"=""1.10""",y\n', [["Ref", "Action"], ["007", "x"], ["1.10", "y"]]),
        ("Action,Done\rx,TRUE\r", [["Action", "Done"], ["x", "TRUE"]]),
        ('Action,Due\n"one\r\ntwo",x\n', [["Action", "Due"], ["one\ntwo", "x"]]),
        ("PK,Action\n1,x\n", [["PK", "Action"], ["1", "x"]]),
    ],
)
def test_rows_of_csv_files(text: str, rows: list[list[str]]) -> None:
    assert csv_rows(text) == rows


@pytest.mark.parametrize(
    "prose",
    [
        "staff, managers, members, partners, residents, and others" * 3,
        "Review the action plan, check its status, update progress",
        "a | b | c | d",
    ],
)
@pytest.mark.parametrize("headings", ["Action;Due", "Thing;When it is to be", "Was;Bis"])
def test_a_list_in_which_prose_has_more_commas_than_marks(prose: str, headings: str) -> None:
    text = f"{headings}\n" + f"{prose};soon\n" * 2_000
    assert {len(row) for row in csv_rows(text)} == {2}


def test_lines_of_records() -> None:
    (grid,) = read_grids(b'sep=,\nAction,Due\n"one\ntwo",x\n\ny,z\n', "list.csv")
    assert (grid.lines, grid.sheet) == ([2, 3, 5, 6], "")
    assert str(grid.place(1, 1)) == "list.csv!B3"


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("utf-8", []),
        ("utf-8-sig", []),
        ("utf-16", []),
        ("utf-16-be-bom", []),
        ("cp1252", [("Council’s £5 – café", "text of Windows")]),
        ("mac_roman", [("Council’s £5 – café", "text of a Mac")]),
    ],
)
def test_characters_of_csv_files(code: str, said: list[tuple[str, str]]) -> None:
    text = "Action\tOwner\nCouncil’s £5 – café\tHR\n"
    is_big = code == "utf-16-be-bom"
    data = b"\xfe\xff" + text.encode("utf-16-be") if is_big else text.encode(code)
    (grid,) = read_grids(data, "list.txt")
    assert grid.rows == [["Action", "Owner"], ["Council’s £5 – café", "HR"]]
    assert [(remark.typed, remark.read_as) for remark in grid.remarks] == said


def test_characters_of_ms_dos() -> None:
    assert csv_rows("Action,Owner\nSave £5,Zoë\n".encode("cp850"))[1] == ["Save £5", "Zoë"]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('Action,Owner\n"Train,x\nAudit,y\n', 2),
        ('Action,Owner\nx,y\n"5" pipe",z\n', 3),
        ('sep=,\nAction,Owner\n"a\nb",y\n"x,y\n"z",1\n', 5),
    ],
)
def test_a_quotation_mark_without_its_pair_is_a_fault_at_its_line(text: str, line: int) -> None:
    code, said = refusal(text.encode(), "list.csv")
    assert code == "file-unreadable"
    assert said.startswith(f"list.csv:{line}: ")


# -- what is refused


SHEET = "xl/worksheets/sheet1.xml"
GOOD = parts_of('<sheetData><row><c t="str"><v>a</v></c></row></sheetData>')


def without(name: str) -> bytes:
    return package({part: content for part, content in GOOD.items() if part != name})


def with_sheet(content: str) -> bytes:
    return package(GOOD | {SHEET: f'<worksheet xmlns="{MAIN}">{content}</worksheet>'})


def encrypted() -> bytes:
    data = bytearray(package(GOOD))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(mark)
        while at >= 0:
            data[at + offset] |= 1
            at = data.find(mark, at + 4)
    return bytes(data)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b" \n ", "empty"),
        (b"\0\1\2", "not a workbook"),
        (b"%PDF-1.7", "not a workbook"),
        (b"\xef\xbb\xbf <HTML><body>", "not a workbook"),
        (b'<?xml version="1.0"?><Workbook/>', "not a workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "(.xls)"),
        (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "password"),
        (b"PK\x03\x04 broken", "damaged"),
        (package({}), "not a workbook"),
        (package({"content.xml": "<x/>"}), "(.ods)"),
        (package({"xl/workbook.bin": "x"}), "(.xlsb)"),
        (package({"Index/Document.iwa": "x"}), "(.numbers)"),
        (package({"word/document.xml": "<x/>"}), "not a workbook"),
        (package({"xl/workbook.xml": "<x"}), "damaged"),
        (package({"xl/workbook.xml": "<x/>"}), "not a workbook"),
        (package(GOOD | {"xl/workbook.xml": f'<workbook xmlns="{MAIN}"/>'}), "no sheet with cells"),
        (package(GOOD)[:-400], "damaged"),
        (encrypted(), "encrypted"),
        (without(SHEET), "“List” is missing"),
        (package(GOOD | {SHEET: "<x/>"}), "not one of cells"),
        (with_sheet("<sheetData><row>"), "damaged"),
        (with_sheet('<sheetData><row><c r="1A"/></row></sheetData>'), "no cell “1A”"),
        (with_sheet('<sheetData><row r="x"/></sheetData>'), "damaged"),
        (with_sheet('<sheetData><row r="-3"><c><v>1</v></c></row></sheetData>'), "no row -3"),
        (with_sheet('<sheetData><row r="1048576"/><row/></sheetData>'), "no row 1048577"),
        (with_sheet("<sheetData><row>" + "<c/>" * 16_385 + "</row></sheetData>"), "16,384 cells"),
        (
            with_sheet(
                '<sheetData><row><c r="C1"><v>1</v></c></row></sheetData><mergeCells>'
                '<mergeCell ref="A1:C1"/><mergeCell ref="A1:B1"/></mergeCells>'
            ),
            "overlap",
        ),
        (with_sheet('<mergeCells><mergeCell ref="B2:A1"/></mergeCells>'), "end before they begin"),
    ],
)
def test_what_is_no_list_is_refused_with_what_to_do(data: bytes, said: str) -> None:
    code, message = refusal(data)
    assert code == "file-unreadable"
    assert said in message


def test_entities_are_refused() -> None:
    entities = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    data = package(GOOD | {SHEET: f'{entities}<worksheet xmlns="{MAIN}">&b;</worksheet>'})
    assert "document type" in refusal(data)[1]


def far_cell() -> bytes:
    made = Workbook()
    made.active["A1"], made.active["XFD1048576"] = "Action", "x"
    return saved(made)


def row_of(count: int) -> bytes:
    return with_sheet("<sheetData><row>" + "<c><v>1</v></c>" * count + "</row></sheetData>")


@pytest.mark.parametrize(
    "data",
    [
        far_cell(),
        row_of(201),
        package({"xl/workbook.xml": b" " * (65 * 1024 * 1024)}),
        package(GOOD | {f"x{number}": "" for number in range(10_000)}),
        b"Action\n" + b"x\n" * 100_001,
        b"," * 200 + b"x",
        b"x" * (65 * 1024 * 1024),
    ],
    ids=["far", "wide", "bomb", "parts", "rows", "columns", "characters"],
)
def test_what_is_larger_than_any_list_is_refused(data: bytes) -> None:
    assert refusal(data)[0] == "file-too-large"


def test_many_sheets_that_share_one_large_part_are_refused() -> None:
    sheets = "".join(f'<sheet name="S{number}" r:id="r0"/>' for number in range(1_000))
    book = f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{sheets}</sheets></workbook>'
    data = package(
        GOOD
        | {"xl/workbook.xml": book, SHEET: f'<worksheet xmlns="{MAIN}">{" " * 10**6}</worksheet>'}
    )
    assert refusal(data)[0] == "file-too-large"


def test_empty_cells_far_away_are_no_part_of_the_list() -> None:
    grid = by_hand(
        '<sheetData><row r="1"><c r="A1" t="str"><v>a</v></c><c r="XFD1" s="1"/></row>'
        '<row r="1048576"><c r="A1048576" t="str"><f>x</f><v></v></c></row></sheetData>'
    )
    assert grid.rows == [["a"]]


def test_the_last_cell_that_is_read_takes_no_room_for_those_before_it() -> None:
    grid = by_hand('<sheetData><row r="100000"><c r="GR100000"><v>1</v></c></row></sheetData>')
    assert sum(map(len, grid.rows)) == 200


# -- beside another reader, and anything at all


def same(mine: Cell, theirs: Any) -> bool:
    match mine:
        case None:
            return not str("" if theirs is None else theirs).strip()
        case Broken():
            return True
        case Number():
            return isinstance(theirs, (int, float)) and mine.value == pytest.approx(theirs)
        case Moment():
            return bool(mine.date.first == (theirs if type(theirs) is date else theirs.date()))
        case str() if isinstance(theirs, (time, timedelta)):
            return True
        case _:
            return bool(mine == theirs)


VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**9), 10**9),
    st.floats(-1e9, 1e9, allow_nan=False),
    st.dates(date(1901, 1, 1), date(2200, 1, 1)),
    st.text(st.characters(exclude_categories=["C"], exclude_characters="_="), max_size=15),
)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.lists(VALUES, max_size=5), min_size=1, max_size=5))
def test_the_values_are_those_that_calamine_reads(rows: list[list[Any]]) -> None:
    made = Workbook()
    for row in rows:
        made.active.append(row)
    data = saved(made)
    (grid,) = read_grids(data, "list.xlsx")
    theirs = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0)
    beside = itertools.zip_longest(grid.rows, theirs.to_python(skip_empty_area=False), fillvalue=[])
    for mine, other in beside:
        for cell, value in itertools.zip_longest(mine, other):
            assert same(cell, value), (cell, value)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_damaged_workbook_is_read_or_refused(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(GOOD)))
    content = str(GOOD[name])
    at = data.draw(st.integers(0, len(content)))
    length = data.draw(st.integers(0, 8))
    put = data.draw(st.sampled_from(["", "-1", "9" * 20, "NaN", "<", "<c/>", "é", "A0"]))
    made = package(GOOD | {name: content[:at] + put + content[at + length :]})
    cut = data.draw(st.one_of(st.just(len(made)), st.integers(0, len(made))))
    grids, hints = outcome(made[:cut], "list.xlsx")
    assert bool(grids) != bool(hints)
    assert all(hints)


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.text(), st.text(alphabet='a,;|\t"\n= ', max_size=60)))
def test_any_text_is_read_as_csv_or_refused(text: str) -> None:
    grids, hints = outcome(text.encode("utf-8", "replace"), "list.csv")
    assert bool(grids) != bool(hints)
    assert all(hints)
    for grid in grids:
        assert len(grid.rows) == len(grid.lines)
        assert all(shown(cell) for row in grid.rows for cell in row if cell is not None)


@given(st.lists(st.lists(st.text(alphabet="ab ,;|\t\n\"'é", max_size=8), min_size=3, max_size=3)))
def test_what_csv_files_hold_comes_back(rows: list[list[str]]) -> None:
    stream = io.StringIO()
    csv.writer(stream).writerows([["Ref", "Action", "Owner"], *rows])
    held = [[text if text.strip() else None for text in row] for row in rows]
    for row in held:
        while row and row[-1] is None:
            row.pop()
    while held and not held[-1]:
        held.pop()
    assert csv_rows(stream.getvalue())[1:] == held
