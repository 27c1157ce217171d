"""The texts of a workbook's cells, and what is left of those that are partly struck through."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TypeAlias

from papergen.workbook.files.cell_text import clean_text, text_cell
from papergen.workbook.files.xlsx_package import Attributes, PartReader, is_on
from papergen.workbook.sheets import Moment

_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_BEFORE_MARK = re.compile(r" (?=[,;:)]|\.(?: |$))")

TextRun: TypeAlias = tuple[str, bool | None]
"""A part of a text, and whether it is struck through; None where the cell's font decides."""


def unescaped(text: str) -> str:
    """The text without Excel's escapes, such as `_x000D_` for a carriage return."""
    if "_x" not in text:
        return text
    found = _ESCAPE.sub(lambda escape: chr(int(escape[1], 16)), text)
    # The escapes are those of UTF-16, where two of them may be one character.
    return found.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def left_of(runs: Iterable[TextRun], is_cell_struck: bool) -> str | None:
    """What is left of a text of which parts are struck through.

    Empty where all of it is struck, None where nothing is. Lines that are struck as a whole are
    left out, and so are the spaces around what was struck in a line.
    """
    lines = [""]
    changed = set()
    for text, own in runs:
        is_struck = is_cell_struck if own is None else own
        for number, part in enumerate(clean_text(text).split("\n")):
            if number:
                lines.append("")
            if not is_struck:
                lines[-1] += part
            elif part.strip():
                changed.add(len(lines) - 1)
    if not changed:
        return None
    left = []
    for index, line in enumerate(lines):
        tidy = _BEFORE_MARK.sub("", " ".join(line.split())) if index in changed else line
        if tidy or index not in changed:
            left.append(tidy)
    return "\n".join(left).strip()


class TextReader(PartReader):
    """Reads texts, which may be rich: of runs that have fonts of their own."""

    def __init__(self) -> None:
        super().__init__()
        self._runs: list[TextRun] = []
        self._is_run_struck: bool | None = None
        self._is_phonetic = False
        self.on_start(
            {
                "r": self._run,
                "rPr": self._font,
                "strike": self._strike,
                "rPh": self._phonetic,
                "t": self.listen,
            }
        )
        self.on_end({"r": self._end_run, "rPh": self._end_phonetic, "t": self._end_text})

    def start_text(self, _: Attributes) -> None:
        """Begin a new text."""
        self._runs = []
        self._end_run()

    def text(self) -> str:
        """The text since `start_text`."""
        return "".join(text for text, _ in self._runs)

    def runs(self) -> tuple[TextRun, ...]:
        """Its runs, where one of them has a font of its own; else none."""
        is_rich = any(own is not None for _, own in self._runs)
        return tuple(self._runs) if is_rich else ()

    def _run(self, _: Attributes) -> None:
        self._is_run_struck = None

    def _font(self, _: Attributes) -> None:
        self._is_run_struck = False

    def _strike(self, attributes: Attributes) -> None:
        self._is_run_struck = is_on(attributes.get("val", "1"))

    def _end_run(self) -> None:
        self._is_run_struck = None

    def _phonetic(self, _: Attributes) -> None:
        self._is_phonetic = True

    def _end_phonetic(self) -> None:
        self._is_phonetic = False

    def _end_text(self) -> None:
        # How the text is pronounced is no part of it.
        if not self._is_phonetic:
            self._runs.append((unescaped(self.heard()), self._is_run_struck))


class SharedTexts(TextReader):
    """Gathers the texts that the cells of a workbook name by number, and the runs of rich ones."""

    def __init__(self) -> None:
        super().__init__()
        self.cells: list[str | Moment | None] = []
        self.rich: dict[int, tuple[TextRun, ...]] = {}
        self.on_start({"si": self.start_text})
        self.on_end({"si": self._add})

    def _add(self) -> None:
        runs = self.runs()
        if runs:
            self.rich[len(self.cells)] = runs
        self.cells.append(text_cell(self.text()))
