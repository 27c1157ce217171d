"""`papergen facts`: where a fact of the plan is stated, by the traces that `papergen draft --trace`
wrote.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from papergen.cli.output import Output, one_line, say, say_json
from papergen.text import counted


@click.command(short_help="List the paragraphs of drafted papers that state a fact.")
@click.argument("plan", type=click.Path(path_type=Path))
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@click.option(
    "--in",
    "folder",
    type=click.Path(path_type=Path),
    default=Path("drafts"),
    show_default=True,
    metavar="DIR",
    help="The folder with the papers and their traces.",
)
@click.option("--json", "as_object", is_flag=True, help="Print one JSON object instead of text.")
@click.pass_context
def facts(
    context: click.Context, plan: Path, ids: tuple[str, ...], folder: Path, as_object: bool
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
        say_json({"exit_code": 0, "statements": [_json(each) for each in found]})
        return
    paper = ""
    for each in found:
        if each.paper != paper:
            paper = each.paper
            say(click.style(one_line(paper), bold=True))
        values = "; ".join(map(_shown, each.facts))
        note = "" if each.state == "as drafted" else f" [{each.state}]"
        say(
            f"  {one_line(each.text) or '(properties of the document)'}{note}\n      "
            f"{one_line(values)}"
        )
    say(
        f"{counted(len(found), 'paragraph')} in "
        f"{counted(len({each.paper for each in found}), 'paper')}"
    )


def _shown(fact: Mapping[str, Any]) -> str:
    """What is stated, with its value; what was only counted, or decided the words, is told as
    that.
    """
    value = "not given" if fact["value"] is None else fact["value"]
    return (
        f"{fact['path']} = {value}"
        if fact.get("stated", True)
        else f"{fact['path']} = {value} (counted or weighed)"
    )


def _json(each: Any) -> dict[str, Any]:
    return {"paper": each.paper, "text": each.text, "state": each.state, "facts": list(each.facts)}
