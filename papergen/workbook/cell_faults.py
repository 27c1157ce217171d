"""The codes of faults in an action list, and how many of them one run reports."""

from __future__ import annotations

from collections.abc import Iterable

from papergen.errors import Location, PapergenError, Problem, error, in_order

MOST = 100
"""Faults reported in one run; one more then says how many others there are."""

UNREADABLE = "file-unreadable"
CELL_VALUE = "wrong-value"
"""A cell whose value its column does not take, or that has none to take."""
LIST_UNCLEAR = "wrong-value"
"""It is not clear which sheet or which column is meant."""


def refused(
    source: str,
    message: str,
    hint: str,
    code: str = UNREADABLE,
) -> PapergenError:
    """The error for a file that is not read at all."""
    return error([Problem(code, message, Location(source), hint)])


def capped(problems: Iterable[Problem]) -> list[Problem]:
    """The first `MOST` in the order of their places, and one more that counts the rest."""
    ordered = in_order(problems)
    if len(ordered) <= MOST:
        return ordered
    rest = ordered[MOST:]
    message = f"{len(rest):,} more faults stand from here on"
    hint = (
        "Mend those above first: one cause may have many faults, such as a column with the wrong "
        "heading."
    )
    return [*ordered[:MOST], Problem(rest[0].code, message, rest[0].where, hint)]
