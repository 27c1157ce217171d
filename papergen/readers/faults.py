"""A fault that ends a pass of the YAML reader, and how far the pass has come."""

from __future__ import annotations

from dataclasses import dataclass

from papergen.errors import Problem

JINJA = ("{{", "{%", "{#")


@dataclass(frozen=True, slots=True)
class Fault:
    """What ends a pass.

    `span` is what to blank out so that another pass can read on; None where no pass can. `comment`:
    what is blanked out has no place among the fields, not even as a text. `safe`: what is read
    beside it is what was meant.
    """

    problem: Problem
    span: tuple[int, int] | None = None
    comment: bool = False
    safe: bool = True


@dataclass(frozen=True, slots=True)
class Progress:
    """The last value read. `style`: its quotation mark or closing bracket, or nothing."""

    start: int = 0
    end: int = 0
    style: str = ""
