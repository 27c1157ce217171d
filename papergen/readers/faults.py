"""A fault that ends a pass of a reader, and how far the pass had come."""

from __future__ import annotations

from dataclasses import dataclass

from papergen.errors import Problem

JINJA = ("{{", "{%", "{#")


@dataclass(frozen=True, slots=True)
class Fault:
    """What ended a pass. `span` is what to blank out so that another pass can read on; None: there
    is no reading on.

    `comment`: what is blanked out has no place among the fields at all, not even as a text. `safe`:
    what is read beside it is what was meant.
    """

    problem: Problem
    span: tuple[int, int] | None = None
    comment: bool = False
    safe: bool = True


@dataclass(frozen=True, slots=True)
class Progress:
    """The last value that was read: where, and how it was written: its quotation mark, closing
    bracket, or nothing.
    """

    start: int = 0
    end: int = 0
    style: str = ""
