"""Values of docxtpl's that a run prints: a mark in the XML stands for each until all parts are
written. `word.docxtpl_values` then puts them in the places of their marks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from papergen.engine.budget import Budget
from papergen.engine.faults import Faults, TagSite

DOCXTPL_MARK = "papergen-value"
DOCXTPL_SIZE = 1000
"""The characters that a value of docxtpl's counts for, beside those of its text."""


@dataclass(frozen=True, slots=True)
class DocxtplValue:
    """A value of docxtpl's that was printed, and the tag that printed it."""

    value: Any
    site: TagSite | None


class DocxtplMarks:
    """The values of docxtpl's that a run has printed, in the order of their marks."""

    __slots__ = ("_budget", "_faults", "values")

    def __init__(self, budget: Budget, faults: Faults) -> None:
        self._budget = budget
        self._faults = faults
        self.values: list[DocxtplValue] = []

    def mark(self, value: Any) -> str:
        """The mark of a value: a processing instruction, which no value can hold, since every
        value is escaped.
        """
        xml = getattr(value, "__dict__", {}).get("xml")
        characters = len(xml) if isinstance(xml, str) else 0
        self._budget.write(DOCXTPL_SIZE + characters)
        self.values.append(DocxtplValue(value, self._faults.current_site()))
        return f"<?{DOCXTPL_MARK} {len(self.values) - 1}?>"
