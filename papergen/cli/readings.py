"""How lists of actions were read, as several commands print it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import click

from papergen.cli.output import one_line, say

if TYPE_CHECKING:
    from papergen.errors import Problem
    from papergen.workbook.reading import Reading


def say_reading(reading: Reading, papers: str = "") -> None:
    """Print a reading in short. `papers`: what the list was read for."""
    from papergen.workbook.reading_text import short_lines, what_is_read

    first = len(what_is_read(reading))
    for number, line in enumerate(short_lines(reading)):
        shown = one_line(line)
        if number == first - 1 and papers:
            shown += f" (for {one_line(papers)})"
        say(_styled(shown))


def say_in_full(reading: Reading) -> None:
    """Print a reading in full."""
    from papergen.workbook.reading_text import reading_lines

    for line in reading_lines(reading):
        say(_styled(one_line(line)))


def _styled(line: str) -> str:
    """A line, in bold where others are indented below it."""
    return line if line.startswith(" ") else click.style(line, bold=True)


def questions_of(readings: Iterable[Reading]) -> list[Problem]:
    """The questions of readings as problems."""
    problems: list[Problem] = []
    for reading in readings:
        from papergen.workbook.reading_text import question_problems

        problems += question_problems(reading)
    return problems


def plain_readings(readings: Iterable[Reading]) -> list[dict[str, Any]]:
    """Readings as plain values."""
    plain = []
    for reading in readings:
        from papergen.workbook.reading_plain import plain_reading

        plain.append(plain_reading(reading))
    return plain
