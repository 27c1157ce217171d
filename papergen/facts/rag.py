"""A rating as it is printed: its word, and the tint that goes with it in a cell of a table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from papergen.engine.values import Printable


class Rag(Printable):
    """The word of a rating, with the tint of its scheme as RRGGBB, or none. The tint never stands
    alone.
    """

    __slots__ = ("label", "tint")

    def __init__(self, label: str, tint: str) -> None:
        self.label = label
        self.tint = tint

    def parts(self, run: Any) -> Iterator[Any]:
        yield self.label

    def quick(self, run: Any) -> str | None:
        return self.label

    def __str__(self) -> str:
        return self.label

    def __bool__(self) -> bool:
        return bool(self.label)
