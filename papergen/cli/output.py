"""How results and faults are printed: for people by default, as one JSON object where `--json` asks
for it.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from papergen.errors import Location, Problem
from papergen.text import counted

# Controls would move the cursor or change the terminal; directional ones would show a line in
# another order than it has.
_UNPRINTABLE = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u061c\u2028\u2029\u200e\u200f\ufeff\u202a-\u202e\u2066-\u2069]"
)


@dataclass(slots=True, eq=False)
class Output:
    """What holds for one run of the command line.

    `json`: print one JSON object instead of text. `lines`: print one on each line, as things
    happen.
    """

    json: bool = False
    lines: bool = False


def say(text: str, *, to_stderr: bool = False) -> None:
    """Print text, coloured only on a terminal, and not where NO_COLOR is set."""
    plain = bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb"
    try:
        click.echo(text, err=to_stderr, color=False if plain else None)
    except OSError as fault:
        # Whoever read it has gone, or the disk is full: what is being done is done, and nothing
        # more is said there.
        lost.append(fault)
        nowhere = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 (for the rest of the process)
        if to_stderr:
            sys.stderr = nowhere
        else:
            sys.stdout = nowhere


lost: list[OSError] = []
"""Why something could not be said in this process."""


def say_json(value: Any, *, on_one_line: bool = False) -> None:
    """Print a value as JSON, in ASCII, so that no terminal or pipe can spoil it."""
    import json

    say(json.dumps(value) if on_one_line else json.dumps(value, indent=2))


def one_line(text: str) -> str:
    """Text from a user's file, fit to stand in a line of a terminal: what would act on the terminal
    is shown by its code.
    """
    return _UNPRINTABLE.sub(_escape, text)


def _escape(found: re.Match[str]) -> str:
    code = ord(found[0])
    return {"\n": "\\n", "\t": "\\t", "\r": "\\r"}.get(found[0]) or (
        f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}"
    )


def indented(text: str, by: int = 4) -> str:
    """Each line of a hint, set in from the left."""
    return "\n".join(" " * by + one_line(line) for line in text.splitlines())


def report(problems: Sequence[Problem], exit_code: int, run: Output, own_fault: str = "") -> None:
    """Print what ended a run. `own_fault` is what went wrong in papergen itself."""
    if run.json:
        outcome: dict[str, Any] = {"event": "ended"} if run.lines else {}
        outcome["exit_code"] = exit_code
        if not run.lines:
            outcome |= {"papers": [], "gaps": [], "notes": [], "notices": []}
        outcome["problems"] = [as_json(problem) for problem in problems]
        say_json(
            outcome | {"own_fault": own_fault} if own_fault else outcome, on_one_line=run.lines
        )
        return
    say_problems(problems)
    if own_fault:
        say(f"{_error('papergen failed')}: {one_line(own_fault)}", to_stderr=True)
        hint = (
            "This is a fault in papergen, not in your files.\n"
            "Run the same command again with the environment variable PAPERGEN_DEBUG set to 1,\n"
            "and send what it prints to whoever looks after papergen."
        )
        say(indented(hint), to_stderr=True)


def say_problems(problems: Sequence[Problem]) -> None:
    """Each problem on a line of its own, its hint below, and how many there are at the end."""
    for problem in problems:
        where = f"{one_line(str(problem.where))}: " if problem.where else ""
        say(f"{where}{_error(problem.code)}: {one_line(problem.message)}", to_stderr=True)
        if problem.hint:
            say(indented(problem.hint), to_stderr=True)
    if problems:
        say(click.style(counted(len(problems), "problem"), bold=True), to_stderr=True)


def _error(text: str) -> str:
    return click.style(text, fg="red", bold=True)


def as_json(fault: Problem) -> dict[str, Any]:
    """A problem as plain values."""
    return {
        "code": fault.code,
        "message": fault.message,
        "where": place(fault.where),
        "hint": fault.hint,
    }


def place(where: Location | None) -> dict[str, Any] | None:
    """A location as plain values."""
    if where is None:
        return None
    return {
        "source": where.source,
        "line": where.line,
        "column": where.column,
        "detail": where.detail,
        "cell": where.cell,
    }
