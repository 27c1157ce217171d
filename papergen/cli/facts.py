"""`papergen facts`: where a fact of the plan is stated, by the traces of `draft --trace`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from papergen.cli.options import folder_option, json_option
from papergen.cli.output import Output, one_line, say, say_json
from papergen.text import counted

if TYPE_CHECKING:
    from papergen.drafting.traces import TracedParagraph


@click.command(short_help="List the paragraphs of drafted papers that state a fact.")
@click.argument("plan", type=click.Path(path_type=Path))
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@folder_option("--in", "folder", explanation="The folder with the papers and their traces.")
@json_option
@click.pass_context
def facts(
    context: click.Context,
    plan: Path,
    ids: tuple[str, ...],
    folder: Path,
    as_object: bool,
) -> None:
    """List where facts of PLAN are stated: those of the action, phase, body … with an ID, or at a
    path (plan.phases[0].status).

    The traces of a folder's papers are read, and each paragraph is looked for in its paper as it
    stands now: whether it was edited since, or is gone, is told.
    """
    from papergen.drafting.traces import read_statements

    context.ensure_object(Output).json = as_object
    found = read_statements(folder, plan, ids)
    if as_object:
        say_json({"exit_code": 0, "statements": [_plain(statement) for statement in found]})
        return
    paper = ""
    for statement in found:
        if statement.paper != paper:
            paper = statement.paper
            say(click.style(one_line(paper), bold=True))
        text = one_line(statement.text) or "(properties of the document)"
        state = "" if statement.state == "as drafted" else f" [{statement.state}]"
        say(f"  {text}{state}")
        say(f"      {one_line('; '.join(map(_shown, statement.facts)))}")
    papers = {statement.paper for statement in found}
    say(f"{counted(len(found), 'paragraph')} in {counted(len(papers), 'paper')}")


def _shown(fact: Mapping[str, Any]) -> str:
    """A fact with its value, and whether the paragraph states it or only depends on it."""
    value = "not given" if fact["value"] is None else fact["value"]
    text = f"{fact['path']} = {value}"
    return text if fact.get("stated", True) else f"{text} (counted or weighed)"


def _plain(statement: TracedParagraph) -> dict[str, Any]:
    return {
        "paper": statement.paper,
        "text": statement.text,
        "state": statement.state,
        "facts": list(statement.facts),
    }
