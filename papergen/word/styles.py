"""A template's styles and lists as plain data (ISO/IEC 29500-1 §17.7 and §17.9)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Level:
    """A level of a list.

    `text` is its pattern, as “%1.%2”; `restart` is `w:lvlRestart` (None: after any higher level).
    `legal`: all numbers as Arabic ones (`w:isLgl`). `style`: the id of the paragraph style that is
    linked to the level. `indent`: left and hanging, in twentieths of a point, as far as the level
    states them.
    """

    format: str = "decimal"
    text: str = ""
    start: int = 1
    restart: int | None = None
    legal: bool = False
    style: str = ""
    suffix: str = "tab"
    indent: tuple[int | None, int | None] = (None, None)


@dataclass(frozen=True, slots=True)
class NumberedList:
    """A `w:num`: its abstract list, its levels with overrides applied, and the start that it
    overrides by level.
    """

    abstract: int
    levels: tuple[Level, ...]
    starts: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Style:
    """A style. `number` is the list and level of its paragraphs; `outline` the heading level (0 is
    the highest); `indent` left and hanging of its paragraphs, in twentieths of a point.
    """

    id: str
    name: str
    kind: str
    based_on: str = ""
    number: tuple[int, int] | None = None
    outline: int | None = None
    indent: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class TemplateStyles:
    """All styles by id, the default paragraph style's id, and all lists by numId."""

    by_id: Mapping[str, Style] = field(default_factory=dict)
    default: str = ""
    lists: Mapping[int, NumberedList] = field(default_factory=dict)

    def find(self, name: str, kind: str = "paragraph") -> Style | None:
        """The style of that name or alias, as Word shows it, in upper or lower case."""
        wanted = name.lower()
        for style in self.by_id.values():
            if style.kind == kind and wanted in _names(style.name):
                return style
        return None

    def number(
        self, style: str, num: int | None = None, level: int | None = None
    ) -> tuple[int, int] | None:
        """(numId, level) of a paragraph of this style with this `w:numPr`; None for no number."""
        if num is not None:
            return (num, level or 0) if num in self.lists else None
        found = self.by_id.get(style)
        if found is None or found.number is None:
            return None
        if level is None:
            return found.number
        return found.number[0], level

    def counts(self, number: tuple[int, int]) -> bool:
        """Whether any level of that list shows a number, and not only bullets."""
        levels = self.lists[number[0]].levels
        return any(level.format not in ("bullet", "none") for level in levels)

    def is_heading(self, style: str) -> bool:
        """Whether paragraphs of this style are headings, titles or captions.

        These neither expand nor introduce a name.
        """
        found = self.by_id.get(style)
        seen: set[str] = set()
        while found is not None and found.id not in seen:
            name = found.name.lower()
            if found.outline is not None or name in ("title", "subtitle", "caption"):
                return True
            seen.add(found.id)
            found = self.by_id.get(found.based_on)
        return False


def _names(name: str) -> list[str]:
    return [part.strip().lower() for part in name.split(",")]
