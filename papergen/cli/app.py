"""The `papergen` command: its parts, and what becomes of every fault."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module

import click

from papergen.cli.output import Output, lost, report, say, say_json
from papergen.errors import Kind, PapergenError
from papergen.version import __version__

OUR_FAULT = 1
STOPPED = 130  # what a shell reports of a program that Ctrl+C ended


class _Commands(click.Group):
    """The commands, each loaded when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        name = cmd_name.replace(" ", "_")
        command: click.Command = getattr(import_module(f"papergen.cli.{name}"), name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """`batch report` is a command of its own, as its user sees it; a folder of that name is
        given as `./report`.
        """
        two = " ".join(args[:2])
        if two in _COMMANDS:
            return two, self.get_command(ctx, two), args[2:]
        return super().resolve_command(ctx, args)


_COMMANDS = ("draft", "batch", "batch report", "facts", "schema")


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="%(prog)s %(version)s")
def commands() -> None:
    """Draft committee papers in a council's own Word template from structured plan data.

    \b
    Exit codes:
      0  done
      2  the command itself is wrong: an option, or a board the paper is not for
      3  a file cannot be read
      4  the plan, the register of bodies or the paper is wrong
      5  the Word template or its brand.yaml is wrong
      6  a paper cannot be written
      7  some papers of a batch failed, or its workers were lost
      1  a fault in papergen itself
    """  # noqa: D301 (click reads \\b as the start of lines to keep)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command line (the process's own, unless given) and return its exit code. Every fault is
    printed, none is raised.
    """
    _accept_any_character()
    run = Output()
    try:
        # Without standalone mode the result of a command, or the code it exits with, comes back.
        result = commands.main(args=arguments, prog_name="papergen", standalone_mode=False, obj=run)
    except click.ClickException as fault:
        fault.show()
        return fault.exit_code
    except click.Abort:
        if run.lines:
            say_json({"event": "ended", "exit_code": STOPPED, "problems": []}, on_one_line=True)
        elif not run.json:
            say("Stopped.", to_stderr=True)
        return STOPPED
    except PapergenError as fault:
        report(fault.problems, fault.exit_code, run)
        return fault.exit_code
    except Exception as fault:  # noqa: BLE001 (a user never sees a traceback unless they ask for it)
        _internal_error(fault, run)
        return OUR_FAULT
    code = result if isinstance(result, int) else 0
    return code or _told_all()


def _told_all() -> int:
    """0, or the code of a run whose output could not be written. That its reader has gone is
    nothing.
    """
    faults = [fault for fault in lost if not isinstance(fault, BrokenPipeError)]
    lost.clear()
    if not faults:
        return 0
    say(f"The output could not be written ({faults[0].strerror or faults[0]}).", to_stderr=True)
    return int(Kind.OUTPUT)


def _accept_any_character() -> None:
    """A terminal that cannot show a character gets a question mark, not a fault."""
    for stream in (sys.stdout, sys.stderr):
        # Not every stream that stands in for a terminal's can be changed, and then it is not an old
        # terminal's either.
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(errors="replace")


def _internal_error(fault: Exception, run: Output) -> None:
    if os.environ.get("PAPERGEN_DEBUG") == "1":
        import traceback

        say("".join(traceback.format_exception(fault)), to_stderr=True)
    message = f"{type(fault).__name__}: {fault}" if str(fault) else type(fault).__name__
    report((), OUR_FAULT, run, own_fault=message)
