"""`papergen read`: how a list of actions is read, and the answers to what it leaves open."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from papergen.cli.options import json_option
from papergen.cli.output import Output, one_line, plain_problem, say, say_json, say_problems
from papergen.cli.readings import plain_readings, questions_of, say_in_full
from papergen.errors import Kind, Problem
from papergen.text import counted

if TYPE_CHECKING:
    from papergen.dates import PartialDate
    from papergen.drafting.lists import ListRead
    from papergen.workbook.reading import Reading

_FILE = click.Path(path_type=Path)


@click.command(short_help="Show how a list of actions is read, and what it leaves open.")
@click.argument("list_", type=_FILE, metavar="LIST")
@click.option(
    "--as-at",
    metavar="DATE",
    help="The as-at date to read it by; else that of the paper, else today.",
)
@click.option("--plan", type=_FILE, metavar="FILE", help="The plan whose answers hold.")
@click.option(
    "--bodies", type=_FILE, metavar="FILE", help="The register of bodies to find owners in."
)
@click.option(
    "--paper", type=_FILE, metavar="FILE", help="The paper whose plan, register and date hold."
)
@json_option
@click.option(
    "--register",
    is_flag=True,
    help="Print only what bodies.yaml lacks of the list's owners, as YAML to paste.",
)
@click.option("--strict", is_flag=True, help="Treat questions as faults.")
@click.pass_context
def read(
    context: click.Context,
    list_: Path,
    as_at: str | None,
    plan: Path | None,
    bodies: Path | None,
    paper: Path | None,
    as_object: bool,
    register: bool,
    strict: bool,
) -> int:
    """Show how the list of actions LIST is read: an Excel workbook or a CSV file; or a paper or a
    plan, of which the list that it names is read as `papergen draft` would read it.

    What is printed: the columns with what each is read as; questions, which the list does not
    settle; notes of what was converted or left out; and the lines of plan.yaml that answer the
    questions. Nothing is written.
    """
    from papergen.drafting.lists import ListFiles, read_list

    if as_object and register:
        raise click.UsageError("--register prints YAML; with --json the register is a field.")
    context.ensure_object(Output).json = as_object
    files = ListFiles(list_, plan, bodies, paper)
    found = read_list(files, _date(as_at), _today())
    exit_code = _exit_code(found, strict=strict)
    if as_object:
        say_json(_plain(found, exit_code, strict=strict))
    elif register:
        _say_register(found.reading)
        say_problems(found.problems)
    else:
        _say(found, strict=strict)
    return exit_code


def _date(text: str | None) -> PartialDate | None:
    if text is None:
        return None
    from papergen.dates import PartialDate

    try:
        return PartialDate.parse(text)
    except ValueError as fault:
        raise click.BadParameter(f"{fault}: “{text}”", param_hint="--as-at") from None


def _today() -> PartialDate:
    from datetime import UTC, datetime

    from papergen.dates import PartialDate

    return PartialDate.of(datetime.now(UTC).astimezone().date())


def _exit_code(found: ListRead, *, strict: bool) -> int:
    from papergen.workbook.reading import Certainty

    if found.problems:
        return int(min(problem.kind for problem in found.problems))
    reading = found.reading
    if reading.of(Certainty.FAULT) or (strict and reading.of(Certainty.QUESTION)):
        return int(Kind.DATA)
    return 0


def _plain(found: ListRead, exit_code: int, *, strict: bool) -> dict[str, Any]:
    from papergen.workbook.answers import answers_yaml

    (reading,) = plain_readings([found.reading])
    problems = _problems(found, strict=strict)
    return {
        "exit_code": exit_code,
        "as_at": found.as_at.isoformat(),
        "reading": reading,
        "answers": answers_yaml(found.reading, found.file, found.group),
        "problems": [plain_problem(problem) for problem in problems],
    }


def _problems(found: ListRead, *, strict: bool) -> list[Problem]:
    problems = list(found.problems)
    if strict:
        problems += questions_of([found.reading])
    return problems


def _say(found: ListRead, *, strict: bool) -> None:
    from papergen.workbook.reading import Certainty

    say(_how(found))
    say_in_full(_without_reported_faults(found))
    questions = found.reading.of(Certainty.QUESTION)
    if questions:
        _say_answers(found)
    if found.reading.register:
        say("")
        say("What bodies.yaml lacks, as YAML to paste: add --register")
    say_problems(found.problems)
    if questions and strict:
        message = f"{counted(len(questions), 'question')} to answer"
        say(click.style(message, fg="red", bold=True), to_stderr=True)


def _how(found: ListRead) -> str:
    """By which date and register the list is read."""
    from papergen.language.cldr import make_locale

    text = f"Read as on {make_locale().format(found.as_at)}"
    if found.as_at_from:
        text += f" ({one_line(found.as_at_from)})"
    if not found.has_register:
        text += ", without a register of bodies: no owner is known"
    return f"{text}."


def _without_reported_faults(found: ListRead) -> Reading:
    """The reading without its faults, where these are printed as problems."""
    from dataclasses import replace

    from papergen.workbook.reading import Certainty

    if not found.problems:
        return found.reading
    entries = [entry for entry in found.reading.entries if entry.level is not Certainty.FAULT]
    return replace(found.reading, entries=tuple(entries))


def _say_answers(found: ListRead) -> None:
    from papergen.workbook.answers import answers_yaml

    say("")
    say(click.style("To answer, have this in plan.yaml, with what is right:", bold=True))
    for line in answers_yaml(found.reading, found.file, found.group).splitlines():
        say(one_line(line))


def _say_register(reading: Reading) -> None:
    """Print the register's missing entries, and nothing else on standard output."""
    for line in reading.register.splitlines():
        say(one_line(line))
    if not reading.register:
        say("The register lacks no owner of the list.", to_stderr=True)
