"""Errors in papergen itself: one in a single paper does not keep the others from their boards."""

from __future__ import annotations

from papergen.errors import Location, Problem


def internal_error(fault: BaseException, shown: str, board: str) -> Problem:
    """The problem to report for an error in papergen itself, in the paper of a board."""
    which = f" for “{board}”" if board else ""
    message = f"papergen failed on the paper{which} ({type(fault).__name__}: {fault})"
    hint = (
        "This is a fault in papergen, not in your files. Run `papergen draft` for this board "
        "alone with the environment "
        "variable PAPERGEN_DEBUG set to 1, and send what it prints to whoever looks after papergen."
    )
    return Problem("batch-own-fault", message, Location(shown), hint)
