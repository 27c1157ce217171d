"""The `papergen` command: its subcommands, and the handling of every fault."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module

import click

from papergen.cli.output import Output, report, say, say_json, write_errors
from papergen.errors import Kind, PapergenError
from papergen.version import __version__

INTERNAL_ERROR = 1
STOPPED = 130  # what a shell reports of a program that Ctrl+C ended

_COMMANDS = ("draft", "read", "batch", "batch report", "facts", "schema")


class _Commands(click.Group):
    """The commands, each imported when it is needed."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        name = cmd_name.replace(" ", "_")
        module = import_module(f"papergen.cli.{name}")
        command: click.Command = getattr(module, name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """`batch report` is a command of its own; a folder of that name is given as `./report`."""
        two = " ".join(args[:2])
        if two in _COMMANDS:
            return two, self.get_command(ctx, two), args[2:]
        return super().resolve_command(ctx, args)


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
    """Run a command line (by default that of the process) and return its exit code.

    Every fault is printed, none is raised.
    """
    _replace_unprintable()
    output = Output()
    try:
        # Without standalone mode click returns what the command returns, or its exit code.
        result = commands.main(
            args=arguments, prog_name="papergen", standalone_mode=False, obj=output
        )
    except click.ClickException as fault:
        fault.show()
        return fault.exit_code
    except click.Abort:
        _say_stopped(output)
        return STOPPED
    except PapergenError as fault:
        report(fault.problems, fault.exit_code, output)
        return fault.exit_code
    except Exception as fault:  # noqa: BLE001 (a user never sees a traceback without asking for it)
        _report_internal_error(fault, output)
        return INTERNAL_ERROR
    exit_code = result if isinstance(result, int) else 0
    return exit_code or _exit_code_of_output()


def _replace_unprintable() -> None:
    """A terminal that cannot show a character gets a question mark."""
    for stream in (sys.stdout, sys.stderr):
        # A stream that stands in for a terminal's may lack the method, and shows all characters.
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(errors="replace")


def _say_stopped(output: Output) -> None:
    if output.lines:
        say_json({"event": "ended", "exit_code": STOPPED, "problems": []}, on_one_line=True)
    elif not output.json:
        say("Stopped.", to_stderr=True)


def _report_internal_error(fault: Exception, output: Output) -> None:
    if os.environ.get("PAPERGEN_DEBUG") == "1":
        import traceback

        say("".join(traceback.format_exception(fault)), to_stderr=True)
    message = type(fault).__name__
    if str(fault):
        message += f": {fault}"
    report((), INTERNAL_ERROR, output, internal_error=message)


def _exit_code_of_output() -> int:
    """Kind.OUTPUT where the output could not be written; 0 where only its reader has gone."""
    faults = [fault for fault in write_errors if not isinstance(fault, BrokenPipeError)]
    write_errors.clear()
    if not faults:
        return 0
    say(f"The output could not be written ({faults[0].strerror or faults[0]}).", to_stderr=True)
    return int(Kind.OUTPUT)
