"""Dataclasses that cost little to define.

A process that drafts one paper defines a hundred classes of values, and the standard decorator writes and compiles up to seven
methods for each: a quarter of a first run went into that. Here only `__init__` is written. That nothing is assigned to a frozen
class is left to the type checker, which sees the standard decorator. What callers of papergen get uses the standard one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dataclasses import dataclass
else:
    import dataclasses

    def dataclass(*, frozen=False, slots=False, eq=False):
        """As the standard decorator; but instances equal only themselves unless `eq` is given, and print as any object does."""
        return dataclasses.dataclass(repr=False, eq=eq, slots=slots, match_args=False, unsafe_hash=eq and frozen)


__all__ = ["dataclass"]
