"""What the cells of an action's row say, field by field, with what was decided on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from papergen.dates import PartialDate
from papergen.errors import Location, Problem
from papergen.model.rating import RagScheme
from papergen.text import shorten_line
from papergen.workbook.cell_faults import CELL_VALUE
from papergen.workbook.claims import (
    BY_COMPLETION,
    BY_DUE,
    BY_RATING,
    BY_SHARE,
    BY_STATUS,
    Claim,
)
from papergen.workbook.dates.cells import DateReading, is_month_first, read_completed, read_due
from papergen.workbook.files.cell_text import printable
from papergen.workbook.listed import TEXT_FIELDS
from papergen.workbook.rating_words import RatingWords
from papergen.workbook.reading import Answer, Certainty, FindingKind, Findings, Remark
from papergen.workbook.settings import AS_WRITTEN, ListSettings, plain
from papergen.workbook.shares import NO_SHARE, ShareScale
from papergen.workbook.sheets import Broken, Cell, Moment, Number, shown
from papergen.workbook.status_words import COMPLETE, IN_PROGRESS, NOT_KNOWN, OPEN, StatusWords
from papergen.workbook.words import is_not_known, known_word, word_set, words_of

NOT_GIVEN = FindingKind(
    "not-known",
    Certainty.NOTE,
    "a cell that says “TBC”, “n/a” or the like is a gap",
)
DATE_FOR_REFERENCE = FindingKind(
    "date-for-reference",
    Certainty.QUESTION,
    "a date in the column of references is not read: Excel may have made it from something like "
    "1-2 (format the column as text, and type the reference again)",
)
NO_ACTION_TEXT = FindingKind(
    "figure-for-action",
    Certainty.QUESTION,
    "a row with a figure or a date for its action is not read",
)
NO_NAME = FindingKind(
    "figure-for-name", Certainty.QUESTION, "a figure or a date for a name is not read"
)
NO_TEXT_THERE = FindingKind(
    "figure-for-text", Certainty.NOTE, "a figure or a date in a column of texts is not read"
)
NO_PROOF = FindingKind(
    "no-proof",
    Certainty.NOTE,
    "a cell for evidence or sign-off that does not say what there is, or who accepted it, is not "
    "read",
)
CONTROL_CHARACTERS = FindingKind(
    "control-characters",
    Certainty.NOTE,
    "control characters, which show nothing and which no Word file can hold, are left out",
)
PRIORITY_READ = FindingKind(
    "priority",
    Certainty.NOTE,
    "a priority is read as urgent or normal",
)
PRIORITY_UNKNOWN = FindingKind(
    "unknown-priority", Certainty.NOTE, "a priority that papergen does not know is not read"
)

_PRIORITIES = {
    words_of(word): meaning
    for meaning, words in {
        "urgent": "urgent,high,very high,critical,immediate,top,h,top priority,high priority,"
        "asap,essential",
        "normal": "normal,medium,low,routine,standard,m,l,med,medium priority,low priority,"
        "not urgent,non urgent,very low",
    }.items()
    for word in words.split(",")
}
_OF_STATUS = ("status", "completed", "share", "rating")
"""The fields that speak of the status."""
_YES = frozenset(["yes", "y", "true", "x"])
_NO = frozenset(["no", "n", "false"])


@dataclass(slots=True, eq=False)
class RowFacts:
    """What one row says: the value of each field with its place, and the claims on its status."""

    fields: dict[str, Any] = field(default_factory=dict)
    places: dict[str, Location] = field(default_factory=dict)
    claims: list[Claim] = field(default_factory=list)
    row: str = ""
    """What answers call the row."""
    answer: str | None = None
    """What the officer says that the row is."""
    status_place: Location | None = None
    """The cell for the status, where the list has a column for it."""

    def put(self, name: str, value: Any, where: Location) -> None:
        if value is None or value == "":
            return
        self.fields[name] = value
        self.places[name] = where


class CellReader:
    """Reads the cells of one list's columns.

    `columns`: by field, all cells of its column, for what only the whole column settles. `labels`:
    the headings by field. `scale`: that of percentages.
    """

    def __init__(
        self,
        *,
        as_at: PartialDate,
        settings: ListSettings,
        scheme: RagScheme | None,
        scheme_id: str,
        key: dict[str, str],
        columns: dict[str, list[Cell]],
        scale: ShareScale,
        labels: dict[str, str],
        serials: bool,
        findings: Findings,
        problems: list[Problem],
    ) -> None:
        self.as_at = as_at
        self.settings = settings
        self.labels = labels
        self.serials = serials
        self.findings = findings
        self.problems = problems
        self._readers: Mapping[str, Callable[[str, Cell, Location, RowFacts], None]] = {
            "ref": self._reference,
            "due": self._due,
            "revised_due": self._due,
            "completed": self._completed,
            "status": self._status,
            "rating": self._rating,
            "share": self._share,
            "priority": self._priority,
        }
        self._settled = {plain(name) for name in settings.settle}
        self._named = {plain(name) for name in settings.owners}
        self._statuses = StatusWords(_texts(columns.get("status", ())), settings.statuses, as_at)
        self._ratings = RatingWords(scheme, settings.ratings, key, scheme_id)
        self._scale = scale
        self._month_first = any(
            is_month_first(text)
            for name in ("due", "revised_due", "completed")
            for text in _texts(columns.get(name, ()))
        )

    def read(self, name: str, cell: Cell, where: Location, facts: RowFacts) -> None:
        """Put into `facts` what the cell of a field says."""
        if cell is None:
            return
        if isinstance(cell, Broken):
            message = f"the cell {cell.why}"
            self.problems.append(Problem(CELL_VALUE, message, where, cell.hint))
            if name in _OF_STATUS:
                facts.claims.append(Claim("", "a cell that is to be mended", where, BY_STATUS))
            return
        if isinstance(cell, str):
            clean = printable(cell)
            if clean != cell:
                self.findings.add(Remark(CONTROL_CHARACTERS), where)
                cell = clean
            if not cell.strip():
                return
        read = self._readers.get(name, self._text)
        read(name, cell, where, facts)

    # -- texts

    def _text(self, name: str, cell: Cell, where: Location, facts: RowFacts) -> None:
        text = shown(cell)
        is_number = isinstance(cell, (Number, bool)) and name not in ("phase", "workstream")
        if isinstance(cell, Moment) or is_number:
            self._strange(name, text, where, facts)
            return
        if is_not_known(text):
            self.findings.add(Remark(NOT_GIVEN, shorten_line(text)), where)
            return
        if name in ("evidence", "signed_off") and _says_nothing(text):
            self.findings.add(Remark(NO_PROOF, shorten_line(text)), where)
            return
        value = lines(text) if name in TEXT_FIELDS else " ".join(text.split())
        if name in ("owner", "responsible"):
            value = text.strip()
        facts.put(name, value, where)

    def _strange(self, name: str, text: str, where: Location, facts: RowFacts) -> None:
        """A figure or a date in a column of texts: it is read where the officer says so."""
        if name == "text" and facts.answer == "action":
            facts.put(name, text, where)
        elif name == "text":
            answer = Answer("rows", "skip", key=facts.row)
            self.findings.add(Remark(NO_ACTION_TEXT, text, answer=answer), where)
        elif name in ("owner", "responsible") and plain(text) in self._named:
            facts.put(name, text, where)
        elif name in ("owner", "responsible"):
            answer = Answer("owners", AS_WRITTEN, key=text)
            self.findings.add(Remark(NO_NAME, text, answer=answer), where)
        else:
            self.findings.add(Remark(NO_TEXT_THERE, text), where)

    def _reference(self, name: str, cell: Cell, where: Location, facts: RowFacts) -> None:
        if isinstance(cell, Moment):
            if facts.answer != "action":
                answer = Answer("rows", "action", key=facts.row)
                self.findings.add(Remark(DATE_FOR_REFERENCE, shown(cell), answer=answer), where)
            return
        text = " ".join(shown(cell).split())
        if not is_not_known(text):
            facts.put("ref", text, where)

    def _priority(self, name: str, cell: Cell, where: Location, facts: RowFacts) -> None:
        text = shown(cell)
        if is_not_known(text):
            return
        words = words_of(text)
        is_yes_or_no = words in _YES or words in _NO
        if "urgent" in words_of(self.labels.get("priority", "")) and is_yes_or_no:
            facts.put("priority", "urgent" if words in _YES else "normal", where)
            return
        found = known_word(text, _PRIORITIES)
        if found is None or found.rest:
            self.findings.add(Remark(PRIORITY_UNKNOWN, shorten_line(text)), where)
            return
        if found.word not in ("urgent", "normal"):
            self.findings.add(Remark(PRIORITY_READ, text, found.meaning), where)
        facts.put("priority", found.meaning, where)

    # -- dates

    def _due(self, name: str, cell: Cell, where: Location, facts: RowFacts) -> None:
        reading = read_due(
            cell,
            self.as_at,
            self.settings,
            serials=self.serials,
            month_first_seen=self._month_first,
        )
        self._add_dated(reading, where)
        facts.put(name, reading.date, where)
        if reading.revised is not None:
            facts.put("revised_due", reading.revised, where)
        if reading.completed is not None:
            facts.put("completed", reading.completed, where)
        if reading.says_complete:
            claim = Claim(COMPLETE, f"“{self.labels[name]}”", where, BY_DUE)
            facts.claims.append(claim)

    def _completed(self, name: str, cell: Cell, where: Location, facts: RowFacts) -> None:
        reading = read_completed(
            cell,
            self.as_at,
            self.settings,
            serials=self.serials,
            month_first_seen=self._month_first,
        )
        self._add_dated(reading, where)
        facts.put("completed", reading.completed, where)
        if reading.says_complete and reading.completed is None:
            claim = Claim(COMPLETE, f"“{self.labels['completed']}”", where, BY_COMPLETION)
            facts.claims.append(claim)
        elif reading.completed is None and _asks(reading.remarks):
            facts.claims.append(Claim("", "the date of completion", where, BY_COMPLETION))

    def _add_dated(self, reading: DateReading, where: Location) -> None:
        self.findings.add_all(reading.remarks, where)
        if reading.fault:
            self.problems.append(Problem("bad-date", reading.fault, where, reading.hint))

    # -- status, rating, share

    def _status(self, name: str, cell: Cell, where: Location, facts: RowFacts) -> None:
        text = shown(cell)
        reading = self._statuses.read(text)
        self.findings.add_all(reading.remarks, where)
        if reading.share is not None:
            self._claim_share(reading.share, where, facts)
        elif reading.says or reading.is_asked:
            facts.claims.append(
                Claim(reading.says, f"the status “{shorten_line(text, 40)}”", where, BY_STATUS)
            )

    def _rating(self, name: str, cell: Cell, where: Location, facts: RowFacts) -> None:
        text = shown(cell)
        reading = self._ratings.read(text)
        self.findings.add_all(reading.remarks, where)
        facts.put("rating", reading.code, where)
        rank = BY_STATUS if reading.is_status else BY_RATING
        source = f"the rating “{shorten_line(text, 40)}”"
        claim = Claim("", source, where, rank, remark=reading.question)
        if reading.says:
            facts.claims.append(replace(claim, says=reading.says))
        elif reading.is_asked:
            facts.claims.append(claim)
        elif reading.in_words:
            facts.claims.append(replace(claim, says=reading.in_words, decides=False))
        elif reading.is_open:
            facts.claims.append(replace(claim, says=OPEN, decides=False))

    def _share(self, name: str, cell: Cell, where: Location, facts: RowFacts) -> None:
        reading = self._scale.read(cell)
        self.findings.add_all(reading.remarks, where)
        if reading.share is not None:
            self._claim_share(reading.share, where, facts)
        elif reading.is_none:
            key = f"row {facts.row}"
            if plain(key) not in self._settled:
                answer = Answer("settle", NOT_KNOWN, key=key)
                self.findings.add(Remark(NO_SHARE, shown(cell), answer=answer), where)
            facts.claims.append(Claim("", "the percentage", where, BY_SHARE))
        elif reading.is_asked:
            facts.claims.append(Claim("", "the percentage", where, BY_SHARE))

    def _claim_share(self, share: int, where: Location, facts: RowFacts) -> None:
        facts.put("share", share, where)
        source = f"{share} % is given, which"
        if share == 100:
            facts.claims.append(Claim(COMPLETE, source, where, BY_SHARE))
        elif share > 0:
            facts.claims.append(Claim(IN_PROGRESS, source, where, BY_SHARE))
        else:
            facts.claims.append(Claim(OPEN, source, where, BY_SHARE))


def lines(text: str) -> str:
    """The text without white space round its lines, and without blank lines round it."""
    return "\n".join(" ".join(line.split()) for line in text.splitlines()).strip()


_NO_PROOF_BEGINS = word_set(
    "no none not nil n never await awaiting awaited awaits pending refused rejected declined "
    "outstanding required requested expected due draft tbc tba yes y x true false to in if when "
    "once subject unknown partial partly nearly almost under being will shall"
)
"""The first words of cells that do not say that there is evidence, or who signed off."""


def _says_nothing(text: str) -> bool:
    """Whether a cell names neither a piece of evidence nor somebody who signed off."""
    words = words_of(text[:200]).split()
    return not words or words[0] in _NO_PROOF_BEGINS or not any(len(word) > 2 for word in words)


def _asks(remarks: Iterable[Remark]) -> bool:
    return any(remark.kind.level is Certainty.QUESTION for remark in remarks)


def _texts(cells: Iterable[Cell]) -> set[str]:
    return {cell for cell in cells if isinstance(cell, str)}
