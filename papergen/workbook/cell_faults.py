"""How faults of an action list are collected: which code they get, and how many are told in one
run.
"""

from __future__ import annotations

from collections.abc import Iterable

from papergen.errors import Location, PapergenError, Problem, error

MOST = 100
"""Faults told in one run; the last one then says how many more there are."""

UNREADABLE = "file-unreadable"
CELL_VALUE = "wrong-value"
"""A cell whose value its column does not take, or that has none to take."""
LIST_UNCLEAR = "wrong-value"
"""Which sheet or which column is meant cannot be told."""


def refused(source: str, message: str, hint: str, code: str = UNREADABLE) -> PapergenError:
    """The error for a file that is not read at all."""
    return error([Problem(code, message, Location(source), hint)])


def capped(problems: Iterable[Problem]) -> list[Problem]:
    """The first `MOST` of them in the order of their places, and one more that counts the rest."""
    ordered = sorted(
        dict.fromkeys(problems),
        key=lambda problem: problem.where.sort_key() if problem.where else ("", 0, 0, ""),
    )
    if len(ordered) <= MOST:
        return ordered
    rest = ordered[MOST:]
    message = f"{len(rest):,} more faults stand from here on"
    hint = (
        "Mend those above first: one cause may have many faults, such as a column with the wrong "
        "heading."
    )
    return [*ordered[:MOST], Problem(rest[0].code, message, rest[0].where, hint)]
