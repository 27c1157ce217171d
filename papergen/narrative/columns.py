"""The columns of a table in a phrase, chosen for a brand and a plan.

The first line of the phrase's text names them all.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

_NAMES = re.compile(r"\{#\s*columns:((?:\s+[a-z-]+)+)\s*#\}")
_BAR = re.compile(r"\|(?![^{}]*[}%]\})")
"""A bar between cells, and none within a tag."""


def with_columns(
    text: str,
    wanted: Sequence[str],
    given: Collection[str],
) -> str:
    """The text with only those columns in its tables that are `wanted`, in that order, and `given`.

    A text whose first line does not name its columns (`{# columns: ref text due #}`) is left as it
    is. Lines keep their places.
    """
    named = _NAMES.match(text)
    if named is None:
        return text
    names = named[1].split()
    printed = [name for name in wanted if name in names and name in given]
    chosen = [names.index(name) for name in printed]
    lines = text.split("\n")
    rows = [_row(line, len(names), chosen) for line in lines]
    return "\n".join(rows)


def _row(line: str, columns: int, chosen: Sequence[int]) -> str:
    """A line with only the chosen of its cells, where it is a row of so many columns."""
    if not line.startswith("|"):
        return line
    parts = _BAR.split(line.strip())
    cells = parts[1:-1]
    if len(cells) != columns:
        return line
    kept = [cells[at] for at in chosen]
    joined = "|".join(kept)
    return f"|{joined}|"
