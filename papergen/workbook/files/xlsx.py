"""Workbooks of Excel as grids. Formulas are never calculated: the values that Excel kept count."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from papergen.workbook.cell_faults import refused
from papergen.workbook.files.xlsx_cells import Book
from papergen.workbook.files.xlsx_package import (
    SAVE,
    Attributes,
    PartLink,
    PartReader,
    WorkbookPackage,
    is_on,
    open_package,
)
from papergen.workbook.files.xlsx_sheet import FilterReader, SheetReader
from papergen.workbook.files.xlsx_styles import StylesReader
from papergen.workbook.files.xlsx_texts import SharedTexts
from papergen.workbook.sheets import Grid


def workbook_grids(data: bytes, source: str) -> list[Grid]:
    """The worksheets of a workbook in order, hidden ones among them. Raises PapergenError."""
    with open_package(data, source) as package:
        return _grids(package)


@dataclass(frozen=True, slots=True)
class _NamedSheet:
    """A sheet as the workbook lists it. `link` is the id of the relationship to its part."""

    name: str
    visible: bool
    link: str


class _BookReader(PartReader):
    """Gathers the sheets that a workbook lists."""

    def __init__(self) -> None:
        super().__init__()
        self.is_workbook = False
        self.is_1904 = False
        self.sheets: list[_NamedSheet] = []
        self.on_start(
            {
                "workbook": self._workbook,
                "workbookPr": self._properties,
                "sheet": self._sheet,
            }
        )

    def _workbook(self, _: Attributes) -> None:
        self.is_workbook = True

    def _properties(self, attributes: Attributes) -> None:
        self.is_1904 = is_on(attributes.get("date1904"))

    def _sheet(self, attributes: Attributes) -> None:
        name = attributes.get("name") or f"Sheet{len(self.sheets) + 1}"
        visible = attributes.get("state", "visible") == "visible"
        # The id is in another namespace, that of either standard.
        links = [value for key, value in attributes.items() if key.endswith("}id")]
        self.sheets.append(_NamedSheet(name, visible, links[0] if links else ""))


def _grids(package: WorkbookPackage) -> list[Grid]:
    main = package.main_part()
    listed = _BookReader()
    if package.has(main):
        package.read(main, listed)
    if not listed.is_workbook:
        raise refused(package.source, "this is not a workbook", SAVE)
    links = package.links(main)
    book = _book(package, links, is_1904=listed.is_1904)
    by_id = {link.id: link for link in links}
    grids = []
    for sheet in listed.sheets:
        link = _link_to(sheet, by_id, package)
        # Others are charts, dialogs and macros.
        if link.kind == "worksheet":
            grids.append(_grid(package, book, sheet, link.part))
    if not grids:
        raise refused(package.source, "the workbook has no sheet with cells", SAVE)
    return grids


def _book(package: WorkbookPackage, links: Sequence[PartLink], *, is_1904: bool) -> Book:
    """What the cells refer to. A workbook without texts or styles has no such part."""
    texts = SharedTexts()
    styles = StylesReader()
    for link in links:
        reader = {"sharedStrings": texts, "styles": styles}.get(link.kind)
        if reader is not None and package.has(link.part):
            package.read(link.part, reader)
    return Book(texts, styles.styles(), is_1904)


def _link_to(
    sheet: _NamedSheet,
    links: Mapping[str, PartLink],
    package: WorkbookPackage,
) -> PartLink:
    link = links.get(sheet.link)
    if link is None or not package.has(link.part):
        raise ValueError(f"the part of the sheet “{sheet.name}” is missing")
    return link


def _grid(
    package: WorkbookPackage,
    book: Book,
    sheet: _NamedSheet,
    part: str,
) -> Grid:
    reader = SheetReader(book, package.source, sheet.name)
    package.read(part, reader)
    tables = FilterReader()
    for link in package.links(part):
        if link.kind == "table" and package.has(link.part):
            package.read(link.part, tables)
    return reader.grid(visible=sheet.visible, is_filtered=tables.is_filtered)
