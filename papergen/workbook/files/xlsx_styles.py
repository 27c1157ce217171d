"""The styles of a workbook's cells, as far as they change what a cell shows."""

from __future__ import annotations

from dataclasses import dataclass

from papergen.workbook.files.number_formats import BUILT_IN, GENERAL, changes_text, shows_nothing
from papergen.workbook.files.xlsx_package import Attributes, PartReader, is_on


@dataclass(frozen=True, slots=True)
class CellStyle:
    """The code of a cell's number format, and what follows from its style."""

    code: str = GENERAL
    is_struck: bool = False
    """Whether the font is struck through."""
    changes_text: bool = False
    """Whether a text shows otherwise than as it is."""
    shows_nothing: bool = False
    """Whether the format hides whatever the cell holds."""


PLAIN = CellStyle()


class StylesReader(PartReader):
    """Gathers the styles that the cells of a workbook name by number."""

    def __init__(self) -> None:
        super().__init__()
        self._codes = dict(BUILT_IN)
        self._struck_fonts: list[bool] = []
        self._formats: list[tuple[int, int]] = []
        self._list = ""
        self.on_start(
            {
                "numFmts": lambda _: self._enter("numFmts"),
                "fonts": lambda _: self._enter("fonts"),
                "cellStyleXfs": lambda _: self._enter("cellStyleXfs"),
                "cellXfs": lambda _: self._enter("cellXfs"),
                "dxfs": lambda _: self._enter("dxfs"),
                "numFmt": self._number_format,
                "font": self._font,
                "strike": self._strike,
                "xf": self._format,
            }
        )

    def styles(self) -> dict[str, CellStyle]:
        """The styles, by the numbers that cells have for them."""
        found = {}
        for number, (code_number, font) in enumerate(self._formats):
            code = self._codes.get(code_number, GENERAL)
            found[str(number)] = CellStyle(
                code=code,
                is_struck=0 <= font < len(self._struck_fonts) and self._struck_fonts[font],
                changes_text=changes_text(code),
                shows_nothing=shows_nothing(code),
            )
        return found

    def _enter(self, name: str) -> None:
        """Keep in mind which list is read: elements of one name are in several."""
        self._list = name

    def _number_format(self, attributes: Attributes) -> None:
        if self._list == "numFmts":
            number = int(attributes.get("numFmtId", "0"))
            self._codes[number] = attributes.get("formatCode", GENERAL)

    def _font(self, _: Attributes) -> None:
        if self._list == "fonts":
            self._struck_fonts.append(False)

    def _strike(self, attributes: Attributes) -> None:
        if self._list == "fonts" and self._struck_fonts:
            self._struck_fonts[-1] = is_on(attributes.get("val", "1"))

    def _format(self, attributes: Attributes) -> None:
        if self._list == "cellXfs":
            code = int(attributes.get("numFmtId", "0"))
            self._formats.append((code, int(attributes.get("fontId", "0"))))
