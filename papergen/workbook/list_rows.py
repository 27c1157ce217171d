"""Which rows of a list are actions, and which are titles, totals, keys, or hidden."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from papergen.errors import Location
from papergen.text import shorten_line
from papergen.workbook.columns.find_lists import FoundList
from papergen.workbook.columns.headings import USUAL, meanings
from papergen.workbook.files.cell_text import printable
from papergen.workbook.keys import is_key
from papergen.workbook.reading import Answer, Certainty, FindingKind, Findings, Remark
from papergen.workbook.settings import ListSettings
from papergen.workbook.sheets import Cell, column_letters, sheet_reference, shown
from papergen.workbook.words import is_not_known

HIDDEN_ROW = FindingKind("hidden-row", Certainty.QUESTION, "a hidden row is not read")
FILTERED_ROW = FindingKind(
    "filtered-row", Certainty.QUESTION, "a row that a filter hides is not read"
)
HIDDEN_ROW_READ = FindingKind(
    "hidden-row-read", Certainty.NOTE, "a hidden row is read, as plan.yaml says"
)
STRUCK_ROW = FindingKind(
    "struck-row", Certainty.QUESTION, "an action that is struck through is not read"
)
STRUCK_CELL = FindingKind(
    "struck-text", Certainty.QUESTION, "what is struck through in a cell is not read"
)
BAND = FindingKind(
    "band", Certainty.NOTE, "a title between actions is the workstream of those below it"
)
TITLE_ABOVE = FindingKind("row-above", Certainty.NOTE, "a row above the headings is not read")
ROW_BELOW = FindingKind("row-below", Certainty.NOTE, "a row below the actions is not read")
TOTAL = FindingKind("total-row", Certainty.NOTE, "a row of totals is not read")
KEY = FindingKind("key-row", Certainty.NOTE, "a key to ratings is not read as an action")
OTHER_LIST = FindingKind(
    "other-list",
    Certainty.QUESTION,
    "a row of headings below begins a list of other things: it and the rows below are not read",
)
TEXT_ALONE_BELOW = FindingKind(
    "text-alone-below",
    Certainty.QUESTION,
    "a row with an action's text and nothing else is not read",
)
TEXT_ALONE = FindingKind(
    "text-alone",
    Certainty.QUESTION,
    "a row with a text and nothing else is read as a title, not as an action",
)
NO_TEXT = FindingKind(
    "row-without-action", Certainty.QUESTION, "a row without an action's text is not read"
)
CONTINUED = FindingKind(
    "continued-row",
    Certainty.QUESTION,
    "a second row of an action, whose cell is merged over both, is not read",
)
MERGED = FindingKind(
    "merged-cells",
    Certainty.NOTE,
    "the value of merged cells is read for each of their rows",
)

_OF_TOTALS = "of|for|number|no|actions?|%|per ?cent|complete|completed|score|rag"
_TOTAL = re.compile(
    r"\W*(?:grand |sub-?|overall )?(?:totals?|average|mean|sum|count|median)"
    rf"(?:\s*[:=–-].*|\s+(?:{_OF_TOTALS})(?!\w).*)?"
    r"|\W*number of [^.]{0,40}|\W*(?:overall )?(?:progress|completion):?",
    re.IGNORECASE,
)
_REMARK = re.compile(
    r"\*+\s|\W*(?:(?:key|legend|notes?|sources?|version|end)\s*(?:[:=–-]|$)"
    r"|(?:last )?updated\b|prepared by\b|end of (?:list|table|document)\b|printed\b)",
    re.IGNORECASE,
)
_NUMBERED_TITLE = re.compile(
    r"(?:theme|priority|workstream|objective|outcome|aim|goal|section|part|area|strand|pillar|phase)"
    r" (?:\d{1,2}|[A-Z])\b",
    re.IGNORECASE,
)
"""The beginning of what is surely a title: “Theme 1: Governance”."""
_NOT_IN_HEADING = re.compile(r"\d|.{60}", re.DOTALL)
_LONGEST_TITLE = 120


@dataclass(slots=True, eq=False)
class ActionRow:
    """A row that is an action: its index in the grid, the title above it, whether it is struck."""

    index: int
    band: tuple[str, Location] | None = None
    is_struck: bool = False


@dataclass(eq=False)
class ListRows:
    """The rows of one list."""

    found: FoundList
    settings: ListSettings
    findings: Findings
    sheet_prefix: str = ""
    """What the number of a row has before it in an answer: empty where one list is read."""
    _carried: dict[tuple[int, int], int] = field(default_factory=dict)
    """The row that a cell's value is in, for the cells that are merged with one above."""

    def __post_init__(self) -> None:
        self.grid = self.found.grid
        self.text_column = self.found.indexes["text"]
        self.known = set(self.found.indexes.values())
        width = max(map(len, self.grid.rows), default=0)
        # Cells are named by the ten thousand: their letters are made once.
        self._letters = [column_letters(number + 1) for number in range(width + 1)]
        self._sheet = f"{sheet_reference(self.grid.sheet)}!" if self.grid.sheet else ""
        self._asides: dict[int, FindingKind | None] = {}
        self._find_carried()

    # -- cells

    def cell(self, index: int, column: int) -> Cell:
        """What a cell holds: where it is merged, that of its first row; without struck words."""
        index = self._carried.get((index, column), index)
        if self.settings.struck_through != "read" and (index, column) in self.grid.struck:
            rest = self.grid.struck[index, column]
            return rest if rest.strip() else None
        return self.grid.cell(index, column)

    def raw(self, index: int, column: int) -> Cell:
        """What a cell holds, with what is struck through in it."""
        return self.grid.cell(self._carried.get((index, column), index), column)

    def says_not_known(self, index: int) -> bool:
        """Whether the cell for the action's text says that it is not known: “TBC”."""
        cell = self.cell(index, self.text_column)
        return isinstance(cell, str) and is_not_known(cell)

    def is_carried(self, index: int, column: int) -> bool:
        """Whether a cell is merged with one above."""
        return (index, column) in self._carried

    def place(self, index: int, column: int) -> Location:
        line = self.grid.lines[index]
        name = f"{self._sheet}{self._letters[column]}{line}"
        return Location(self.grid.source, line, column + 1, cell=name)

    def line(self, index: int) -> int:
        return self.grid.lines[index]

    def row_name(self, index: int) -> str:
        """What an answer calls a row: “12”, or “Live!12”."""
        return f"{self.sheet_prefix}{self.line(index)}"

    def answer(self, index: int) -> str | None:
        """What the officer says that a row is: `action`, `title` or `skip`; None for nothing."""
        return self.settings.rows.get(self.row_name(index)) if self.settings.rows else None

    def _find_carried(self) -> None:
        """Find cells that are merged over several rows of the list."""
        rows = {line: index for index, line in enumerate(self.grid.lines)}
        for top, left, bottom, right in self.grid.merges:
            column = left - 1
            origin = rows.get(top)
            if origin is None or bottom == top or origin not in self.found.body:
                continue
            if column not in self.known or self.grid.cell(origin, column) is None:
                continue
            if right - left >= 2 and len(self._filled(origin)) == 1:
                continue
            for line in range(top + 1, bottom + 1):
                if line in rows:
                    self._carried[rows[line], column] = origin
            self.findings.add(Remark(MERGED), self.place(origin, column))

    def _filled(self, index: int) -> list[int]:
        """The columns of a row that hold something themselves."""
        return [column for column, cell in enumerate(self.grid.rows[index]) if cell is not None]

    # -- rows

    def action_rows(self) -> Iterator[ActionRow]:
        """The rows that are actions, in order; what the others are is added to the findings."""
        self._remark_rows_above()
        band: tuple[str, Location] | None = None
        last = self._last_with_text
        for index in self.found.body:
            filled = self._filled(index)
            if not filled or self._repeats_headings(index):
                continue
            answer = self.answer(index)
            if answer in (None, "skip") and self._begins_another_list(index, filled):
                if answer is None:
                    self._ask_about(OTHER_LIST, index, filled)
                return
            if answer == "skip" or (answer is None and self._is_hidden(index)):
                if len(filled) == 1:
                    # It may be the title of what follows.
                    band = None
                continue
            if answer == "title" or (answer is None and self._is_title(index, filled, last)):
                band = None
                if self._is_struck_title(index, filled):
                    self.findings.add(
                        Remark(STRUCK_CELL, answer=Answer("struck_through", "skip")),
                        self.place(index, filled[0]),
                    )
                elif self._is_of_next_headings(index):
                    self._remark(TITLE_ABOVE, index, filled)
                else:
                    band = self._title(index, filled)
            elif answer == "action" or self._is_action(index, filled, last):
                yield ActionRow(index, band, self._is_struck(index))
            elif self._may_be_title(index, filled):
                # What follows may belong to it, and not to the title before.
                band = None

    def _remark_rows_above(self) -> None:
        first = min(self.found.heading_rows)
        for index in range(first):
            filled = self._filled(index)
            if filled:
                self._remark(TITLE_ABOVE, index, filled)

    @cached_property
    def _last_with_text(self) -> int:
        """The last row with an action's text; that of the headings if there is none."""
        for index in reversed(self.found.body):
            if self.raw(index, self.text_column) is None:
                continue
            filled = self._filled(index)
            if self._aside_kind(index, filled) is None and not self._is_note(index, filled):
                return index
        return self.found.heading_index

    def _aside_kind(self, index: int, filled: list[int]) -> FindingKind | None:
        """What a row is that is never an action: a key, or totals; None for any other row."""
        if index not in self._asides:
            kind = None
            if self._may_be_key(filled) and is_key(self.grid.rows[index]):
                kind = KEY
            elif self._is_total(index, filled):
                kind = TOTAL
            self._asides[index] = kind
        return self._asides[index]

    def _may_be_key(self, filled: list[int]) -> bool:
        """Whether a row has too few fields for an action, or a text where no action is."""
        known = self._own_details(filled)
        rating = self.found.indexes.get("rating")
        is_rated_action = self.text_column in known and rating in known
        return len(known) <= 2 and not is_rated_action

    def is_aside(self, index: int) -> bool:
        """Whether a row is empty, or repeats the headings."""
        return not self._filled(index) or self._repeats_headings(index)

    def _repeats_headings(self, index: int) -> bool:
        """Whether a row repeats the headings, as on each printed page."""
        text = shown(self.grid.cell(index, self.text_column)).casefold().split()
        if text not in self._heading_texts:
            return False
        row = _plain_row(self.grid.rows[index])
        return any(row == _plain_row(self.grid.rows[at]) for at in self.found.heading_rows)

    @cached_property
    def _heading_texts(self) -> list[list[str]]:
        """The words of the heading of the actions, in each row of headings."""
        texts = [shown(self.grid.cell(at, self.text_column)) for at in self.found.heading_rows]
        return [text.casefold().split() for text in texts if text]

    def _is_hidden(self, index: int) -> bool:
        if self.line(index) not in self.grid.hidden_rows:
            return False
        if self.raw(index, self.text_column) is None:
            return self.settings.hidden_rows != "read"
        place = self.place(index, self.text_column)
        if self.settings.hidden_rows == "read":
            self.findings.add(Remark(HIDDEN_ROW_READ), place)
            return False
        if self.settings.hidden_rows is None:
            kind = FILTERED_ROW if self.grid.is_filtered else HIDDEN_ROW
            self.findings.add(Remark(kind, answer=Answer("hidden", "skip")), place)
        return True

    def _is_struck(self, index: int) -> bool:
        """Whether the action's whole text is struck through."""
        rest = self.grid.struck.get((index, self.text_column))
        return rest is not None and not rest.strip()

    # -- rows that are no actions

    def _is_title(self, index: int, filled: list[int], last: int) -> bool:
        """Whether a row is a title between actions, which is the workstream of those below."""
        if index > last or self._aside_kind(index, filled) is not None:
            return False
        if self._is_merged_across(index):
            return len(filled) == 1
        texts = [column for column in filled if isinstance(self.grid.cell(index, column), str)]
        if len(filled) == 1 and texts:
            return self._is_title_alone(index, filled[0])
        return self._is_numbered_title(index, filled)

    def _is_numbered_title(self, index: int, filled: list[int]) -> bool:
        """Whether a row has a number and a text, and the one below a number within it: 3.1."""
        column = self.found.indexes.get("ref")
        if column is None or set(filled) != {column, self.text_column}:
            return False
        number = shown(self.grid.cell(index, column)).strip().rstrip(".")
        for below in range(index + 1, self.found.body.stop):
            if self._filled(below):
                next_number = shown(self.grid.cell(below, column)).strip()
                is_within = next_number.startswith(f"{number}.") and len(next_number) > len(number)
                return is_within and self._details_are_usual
        return False

    def _is_title_alone(self, index: int, column: int) -> bool:
        text = shown(self.grid.cell(index, column))
        if not re.search(r"[^\W\d]{2}", text) or len(text) > _LONGEST_TITLE:
            return False
        if column != self.text_column:
            # A text in the column of references or owners alone is no action.
            return column < self.text_column or column not in self.known
        is_alone = self._is_text_alone(index, [column])
        return is_alone and self._details_are_usual and self._is_followed_by_action(index)

    @cached_property
    def _details_are_usual(self) -> bool:
        """Whether at least half of the rows with a text have two or more other fields."""
        detailed = bare = 0
        for index in self.found.body:
            if self.raw(index, self.text_column) is None:
                continue
            others = self._own_details(self._filled(index))
            if len(others) >= 3:
                detailed += 1
            elif len(others) == 1:
                bare += 1
        return detailed >= max(bare, 1)

    def _is_struck_title(self, index: int, filled: list[int]) -> bool:
        return self.settings.struck_through is None and (index, filled[0]) in self.grid.struck

    def _begins_another_list(self, index: int, filled: list[int]) -> bool:
        """Whether a row has the headings of other things than actions: risks, decisions."""
        if len(filled) < 3 or self.text_column not in filled:
            return False
        cells = [self.grid.cell(index, column) for column in filled]
        texts = [cell for cell in cells if isinstance(cell, str)]
        # Nearly all actions have a number or a long text somewhere, and are to cost little.
        if len(texts) < len(cells) or any(map(_NOT_IN_HEADING.search, texts)):
            return False
        fields: set[str] = set()
        for text in texts:
            fields.update(each.field for each in meanings(text)[:1] if each.closeness == USUAL)
        return len(fields) >= 3

    def _may_be_title(self, index: int, filled: list[int]) -> bool:
        """Whether a row that is no action holds a text alone where the actions are."""
        return self._is_text_alone(index, filled) and self._aside_kind(index, filled) is None

    def _is_text_alone(self, index: int, filled: list[int]) -> bool:
        """Whether a row has an action's text and no other field, merged cells included."""
        if self._own_details(filled) != [self.text_column]:
            return False
        return not any(
            self.is_carried(index, column) for column in self.known if column != self.text_column
        )

    def _is_of_next_headings(self, index: int) -> bool:
        """Whether the next row with anything in it repeats the headings: the title is theirs."""
        for below in range(index + 1, self.found.body.stop):
            if self._filled(below):
                return self._repeats_headings(below)
        return False

    def _is_followed_by_action(self, index: int) -> bool:
        for below in range(index + 1, self.found.body.stop):
            filled = self._own_details(self._filled(below))
            if filled:
                return len(filled) > 1
        return False

    def _is_merged_across(self, index: int) -> bool:
        """Whether cells of a row are merged over three columns or more."""
        return self.line(index) in self._lines_merged_across

    @cached_property
    def _lines_merged_across(self) -> frozenset[int]:
        lines: set[int] = set()
        for top, left, bottom, right in self.grid.merges:
            if right - left >= 2:
                lines.update(range(top, bottom + 1))
        return frozenset(lines)

    def _title(self, index: int, filled: list[int]) -> tuple[str, Location]:
        """A title, with its place."""
        column = self.text_column if self.text_column in filled else filled[0]
        text = " ".join(printable(shown(self.grid.cell(index, column))).split())
        place = self.place(index, column)
        is_plain = self._is_merged_across(index) or _NUMBERED_TITLE.match(text) is not None
        is_asked = column == self.text_column and not is_plain
        if is_asked and self.answer(index) is None:
            answer = Answer("rows", "title", key=self.row_name(index))
            self.findings.add(Remark(TEXT_ALONE, shorten_line(text), answer=answer), place)
        else:
            self.findings.add(Remark(BAND, shorten_line(text)), place)
        return text, place

    def _is_action(self, index: int, filled: list[int], last: int) -> bool:
        """Whether a row is an action; if not, what it is goes into the findings."""
        kind = self._aside_kind(index, filled)
        if kind is not None:
            self._remark(kind, index, filled)
            return False
        if (index, self.text_column) in self._carried:
            if self._own_details(filled):
                self._ask_about(CONTINUED, index, filled)
            return False
        if self.raw(index, self.text_column) is not None and not self._is_note(index, filled):
            if not self._is_text_alone(index, filled) or not self._details_are_usual:
                return True
            self._ask_about(TEXT_ALONE_BELOW, index, filled)
            return False
        if len(self._own_details(filled)) < 2 and index > last:
            self._remark(ROW_BELOW, index, filled)
        else:
            self._ask_about(NO_TEXT, index, filled)
        return False

    def _own_details(self, filled: list[int]) -> list[int]:
        """The columns of known fields that the row itself fills."""
        return [column for column in filled if column in self.known]

    def _is_total(self, index: int, filled: list[int]) -> bool:
        """Whether a row holds totals: a word for them, and else nothing but numbers."""
        cells = (self.grid.cell(index, column) for column in filled)
        texts = [cell for cell in cells if isinstance(cell, str)]
        if not texts or _TOTAL.fullmatch(texts[0].strip()) is None:
            return False
        return all(not re.search(r"[^\W\d]{3}", text) for text in texts[1:])

    def _is_note(self, index: int, filled: list[int]) -> bool:
        """Whether a row holds one cell only, which begins as remarks below a list do."""
        if len(filled) != 1:
            return False
        return _REMARK.match(shown(self.grid.cell(index, filled[0]))) is not None

    # -- findings

    def _remark(self, kind: FindingKind, index: int, filled: list[int]) -> None:
        text = shorten_line(shown(self.grid.cell(index, filled[0])))
        self.findings.add(Remark(kind, text), self.place(index, filled[0]))

    def _ask_about(self, kind: FindingKind, index: int, filled: list[int]) -> None:
        text = shorten_line(shown(self.grid.cell(index, filled[0])))
        answer = Answer("rows", "skip", key=self.row_name(index))
        self.findings.add(Remark(kind, text, answer=answer), self.place(index, filled[0]))


def _plain_row(row: list[Cell]) -> list[str]:
    texts = [" ".join(shown(cell).casefold().split()) for cell in row]
    while texts and not texts[-1]:
        texts.pop()
    return texts
