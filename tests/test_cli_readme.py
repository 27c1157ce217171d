"""README.md says what the command line does: neither has an option or an exit code that the other lacks."""

from __future__ import annotations

import re
from pathlib import Path

import click

from papergen.cli.app import OUR_FAULT, commands
from papergen.cli.pipeline import UnknownBoardError
from papergen.errors import Kind, Problem

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")

CONTEXT = click.Context(commands)


def test_the_first_two_code_blocks_are_the_commands_for_users_and_for_tests():
    blocks = re.findall(r"^```(\w*)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
    (first, draft), (second, tests) = blocks[:2]
    assert (first, second) == ("sh", "sh")
    assert draft.rstrip().endswith("papergen draft samples/post-inspection/paper.yaml")
    assert "-m pytest" in tests


def test_the_readme_lists_every_command_and_option_and_no_other():
    told = set(re.findall(r"^\| `(?:papergen (\w+)|  (--[\w-]+))", README, re.MULTILINE))
    assert {name for name, _ in told if name} == set(commands.list_commands(CONTEXT))
    draft = commands.get_command(CONTEXT, "draft")
    assert draft is not None
    options = {max(option.opts, key=len) for option in draft.params if isinstance(option, click.Option)}
    assert {option for _, option in told if option} == options


def test_the_readme_and_the_help_list_every_exit_code():
    codes = {0, OUR_FAULT, UnknownBoardError([Problem("unknown-board", "")]).exit_code, *map(int, Kind)}
    assert {int(code) for code in re.findall(r"^\| (\d) \|", README, re.MULTILINE)} == codes
    assert commands.help is not None
    assert {int(code) for code in re.findall(r"^ *(\d)  ", commands.help, re.MULTILINE)} == codes
