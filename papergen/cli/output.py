"""Printing results and faults: as text for people, or as JSON with `--json`."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from shlex import quote
from typing import Any

import click

from papergen.errors import Location, Problem
from papergen.text import counted

# Control characters would move the cursor or change the terminal; directional ones would show a
# line in another order.
_UNPRINTABLE = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u061c\u2028\u2029\u200e\u200f\ufeff\u202a-\u202e\u2066-\u2069]"
)
_ESCAPES = {"\n": "\\n", "\t": "\\t", "\r": "\\r"}


@dataclass(slots=True, eq=False)
class Output:
    """How a run of the command line prints.

    `json`: as JSON instead of text. `lines`: one object on each line, as things happen.
    """

    json: bool = False
    lines: bool = False


write_errors: list[OSError] = []
"""Why something could not be printed in this process."""


def say(text: str, *, to_stderr: bool = False) -> None:
    """Print text, in colour only on a terminal, and not where NO_COLOR is set."""
    plain = bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb"
    try:
        click.echo(text, err=to_stderr, color=False if plain else None)
    except OSError as fault:
        # The reader has gone, or the disk is full. The command goes on with its work, and prints
        # nothing more to this stream.
        write_errors.append(fault)
        nowhere = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 (for the rest of the process)
        if to_stderr:
            sys.stderr = nowhere
        else:
            sys.stdout = nowhere


def say_json(value: Any, *, on_one_line: bool = False) -> None:
    """Print a value as JSON, in ASCII, which every terminal and pipe can carry."""
    import json

    say(json.dumps(value, indent=None if on_one_line else 2))


def one_line(text: str) -> str:
    """Text from a user's file in one line of a terminal, with escapes for control characters."""
    return _UNPRINTABLE.sub(_escape, text)


def _escape(found: re.Match[str]) -> str:
    character = found[0]
    if character in _ESCAPES:
        return _ESCAPES[character]
    code = ord(character)
    return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}"


def as_typed(path: Path) -> str:
    """A path as it can be typed in a command."""
    text = str(path)
    return quote(f"./{text}" if text.startswith("-") else text)


def indented(text: str, by: int = 4) -> str:
    """A hint with each line indented."""
    return "\n".join(" " * by + one_line(line) for line in text.splitlines())


def report(
    problems: Sequence[Problem],
    exit_code: int,
    output: Output,
    internal_error: str = "",
) -> None:
    """Print what ended a run: problems, or an error in papergen itself."""
    if output.json:
        _report_json(problems, exit_code, output, internal_error)
        return
    say_problems(problems)
    if internal_error:
        say(f"{_red('papergen failed')}: {one_line(internal_error)}", to_stderr=True)
        hint = (
            "This is a fault in papergen, not in your files.\n"
            "Run the same command again with the environment variable PAPERGEN_DEBUG set to 1,\n"
            "and send what it prints to whoever looks after papergen."
        )
        say(indented(hint), to_stderr=True)


def _report_json(
    problems: Sequence[Problem],
    exit_code: int,
    output: Output,
    internal_error: str,
) -> None:
    plain_problems = [plain_problem(problem) for problem in problems]
    value: dict[str, Any]
    if output.lines:
        value = {"event": "ended", "exit_code": exit_code, "problems": plain_problems}
    else:
        value = {
            "exit_code": exit_code,
            "papers": [],
            "gaps": [],
            "readings": [],
            "notices": [],
            "problems": plain_problems,
        }
    if internal_error:
        value["own_fault"] = internal_error
    say_json(value, on_one_line=output.lines)


def say_problems(problems: Sequence[Problem]) -> None:
    """Print each problem with its hint, and how many there are."""
    for problem in problems:
        where = f"{one_line(str(problem.where))}: " if problem.where else ""
        say(f"{where}{_red(problem.code)}: {one_line(problem.message)}", to_stderr=True)
        if problem.hint:
            say(indented(problem.hint), to_stderr=True)
    if problems:
        say(click.style(counted(len(problems), "problem"), bold=True), to_stderr=True)


def _red(text: str) -> str:
    return click.style(text, fg="red", bold=True)


def plain_problem(problem: Problem) -> dict[str, Any]:
    """A problem as plain values."""
    return {
        "code": problem.code,
        "message": problem.message,
        "where": plain_location(problem.where),
        "hint": problem.hint,
    }


def plain_location(where: Location | None) -> dict[str, Any] | None:
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
