"""README.md and docs/commands.md say what the command line does: neither has an option or an exit
code that the other lacks.
"""

from __future__ import annotations

import re

import click
from places import ROOT

from papergen.cli.app import INTERNAL_ERROR, commands
from papergen.errors import CommandError, Kind, Problem

README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
MOST_WORDS = 700

CONTEXT = click.Context(commands)


def test_the_first_two_code_blocks_are_the_commands_for_users_and_for_tests():
    blocks = re.findall(r"^```(\w*)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
    (first, draft), (second, tests) = blocks[:2]
    assert (first, second) == ("sh", "sh")
    assert draft.rstrip().endswith("papergen draft samples/post-inspection/paper.yaml")
    assert "-m pytest" in tests


def test_the_page_lists_every_command_and_option_and_no_other():
    reported: dict[str, set[str]] = {}
    for name, option in re.findall(
        r"^\| `(?:papergen ([a-z ]+[a-z])|  (--[\w-]+))", COMMANDS, re.MULTILINE
    ):
        if name:
            reported[name] = set()
        else:
            reported[list(reported)[-1]].add(option)
    assert set(reported) == set(commands.list_commands(CONTEXT))
    for name in ("draft", "read", "batch"):
        command = commands.get_command(CONTEXT, name)
        assert command is not None
        assert reported[name] == {
            max(option.opts, key=len)
            for option in command.params
            if isinstance(option, click.Option)
        }


def test_the_page_and_the_help_list_every_exit_code():
    codes = {
        0,
        INTERNAL_ERROR,
        CommandError([Problem("unknown-board", "")]).exit_code,
        *map(int, Kind),
    }
    assert {int(code) for code in re.findall(r"^\| (\d) \|", COMMANDS, re.MULTILINE)} == codes
    assert commands.help is not None
    assert {int(code) for code in re.findall(r"^ *(\d)  ", commands.help, re.MULTILINE)} == codes


def test_the_readme_is_short_and_has_every_command():
    assert len(README.split()) <= MOST_WORDS
    listed = re.findall(r"^\| `papergen ([a-z]+)", README, re.MULTILINE)
    assert set(listed) == {name.split()[0] for name in commands.list_commands(CONTEXT)}
