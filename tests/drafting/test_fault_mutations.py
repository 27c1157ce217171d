"""The samples, spoiled at random: whatever a file says, the command line ends with a code that says
who can mend it.
"""

from __future__ import annotations

import copy
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
import yaml
from click.testing import CliRunner
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from places import SAMPLES

from papergen.cli import app

FILES = [
    (sample, name)
    for sample in ("post-inspection", "post-inspection-gaps")
    for name in ("plan", "bodies", "paper")
]

# What means something to YAML, to Jinja, to Markdown, or to none of them.
SIGNS = [
    "{{",
    "}}",
    "{%",
    "%}",
    "{#",
    "#}",
    "&a ",
    "*a ",
    "!x ",
    '"',
    "'",
    ": ",
    " #",
    "\t",
    "- ",
    "|",
    ">",
    "[",
    "]",
    "{",
    "}",
    ",",
    "~",
    "<<: ",
    "? ",
    "---\n",
    "\r",
    "\n",
    "\ufeff",
    "\x07",
    "\uffff",
    "\U000f0001",
    "\u2028",
    "\u202e",
    "👩‍👧",
    "مجلس",
    "a" * 300,
    "{{ x }}",
    "{{ plan }}",
    "{{ plan.x.y }}",
    "{{ 1 / 0 }}",
    ("{{ 'a' + 1 }}"),
    "{{ none }}",
    "{{ [1] }}",
    "{{ board|words }}",
    "{{ board|count }}",
    "{{ plan.phases[9] }}",
    "{{ plan.phases|of(x=1) }}",
    "{{ meeting.date < 3 }}",
    "{{ meeting.date - as_at }}",
    ("{{ paper.title }}"),
    "{{ ask|upper }}",
    "{{ values }}",
    "{{ loop }}",
    "{{ board() }}",
    "{{ cycler() }}",
    ("{{ 1e400 }}"),
    "{{ 'x'|truncate(-1) }}",
    "{{ range(10**9)|list }}",
    "{{ ref('x') }}",
    "{{ label('x') }}",
    ("{{ plan|safe }}"),
    "{{ plan._x }}",
    "{% if x %}",
    "{% endif %}",
    "{% for a in plan.phases %}",
    "{% for a, b in plan.phases %}{% endfor %}",
    "{% endfor %}",
    "{% set board = 1 %}",
    "{% for loop in plan.phases %}{% endfor %}",
    "{% set x = 1 / 0 %}",
    "{% set ns = namespace(a=1) %}{{ ns.b }}",
    "{% include 'x' %}",
    "## ",
    "> ",
    "<b>",
    "![x](y)",
    "[a](b)",
    "| a |\n|---|\n| b |\n",
    "1. ",
    "```\n",
    "\\",
]
VALUES: list[Any] = [
    None,
    "",
    [],
    {},
    "x",
    "none",
    "2012-02-30",
    "9999-12",
    "0000",
    "2012",
    ["x"],
    {"a": "b"},
    [[]],
    {"en": "x"},
    {"en": {}},
    "-1",
    "1e9",
    "9" * 30,
    "true",
    "../../etc/passwd",
    "/",
    ".",
    "paper.yaml",
    "plain",
    ("{{ plan }}"),
    "{{",
    "hwb",
    "dcs",
    "a b",
]
KEYS = [
    "x",
    "id",
    "text",
    "names",
    "heading",
    "a-b",
    "",
    "~",
    "1",
    "__class__",
    "sections",
    "implications",
]


def paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where anything stands in a value, but for the whole."""
    entries = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    for key, inner in entries:
        yield (*path, key)
        yield from paths(inner, (*path, key))


def at(value: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        value = value[key]
    return value


@st.composite
def spoiled_lines(draw: st.DrawFn, text: str) -> str:
    lines = text.split("\n")
    for _ in range(draw(st.integers(1, 3))):
        here, there = (draw(st.integers(0, len(lines) - 1)) for _ in range(2))
        line = lines[here]
        start = draw(st.integers(0, len(line)))
        match draw(
            st.sampled_from(
                ["delete", "swap", "repeat", "indent", "cut", "insert", "insert", "insert"]
            )
        ):
            case "delete":
                lines[here] = ""
            case "swap":
                lines[here], lines[there] = lines[there], line
            case "repeat":
                lines.insert(here, lines[there])
            case "indent":
                lines[here] = " " * draw(st.integers(0, 8)) + line.lstrip()
            case "cut":
                lines[here] = line[:start] + line[draw(st.integers(start, len(line))) :]
            case _:
                lines[here] = line[:start] + draw(st.sampled_from(SIGNS)) + line[start:]
    return "\n".join(lines)


@st.composite
def spoiled_values(draw: st.DrawFn, text: str) -> str:
    value = yaml.load(text, Loader=yaml.BaseLoader)
    for _ in range(draw(st.integers(1, 3))):
        known = list(paths(value))
        if not known:
            break
        path, other = draw(st.sampled_from(known)), draw(st.sampled_from(known))
        parent, key = at(value, path[:-1]), path[-1]
        match draw(st.sampled_from(["delete", "replace", "copy", "rename", "insert"])):
            case "delete":
                del parent[key]
            case "replace":
                parent[key] = copy.deepcopy(draw(st.sampled_from(VALUES)))
            case "copy":
                parent[key] = copy.deepcopy(at(value, other))
            case "rename" if isinstance(parent, dict):
                parent[draw(st.sampled_from(KEYS))] = parent.pop(key)
            case _ if isinstance(parent[key], str):
                start = draw(st.integers(0, len(parent[key])))
                parent[key] = (
                    parent[key][:start] + draw(st.sampled_from(SIGNS)) + parent[key][start:]
                )
            case _:
                parent[key] = [parent[key]]
    return yaml.dump(
        value,
        sort_keys=False,
        allow_unicode=draw(st.booleans()),
        default_style=draw(st.sampled_from([None, '"', "|"])),
    )


@st.composite
def spoiled_files(draw: st.DrawFn) -> tuple[str, str, str]:
    """A sample, one of its files, and what that file is to hold."""
    sample, name = draw(st.sampled_from(FILES))
    text = (SAMPLES / sample / f"{name}.yaml").read_text(encoding="utf-8")
    return sample, name, draw(spoiled_lines(text) | spoiled_values(text))


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("desk")
    before = Path.cwd()
    os.chdir(folder)
    yield folder
    os.chdir(before)


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(file=spoiled_files())
@example(file=("post-inspection-gaps", "paper", "sections:\n  text: x\n"))
@example(
    file=(
        "post-inspection-gaps",
        "paper",
        "sections: x\nconsiderations: {}\nimplications: []\ntitle: {en: [x]}\n",
    )
)
@example(file=("post-inspection-gaps", "paper", "[]"))
@example(file=("post-inspection", "plan", "id: plan\n? ''\n: Action Plan\n"))
def test_no_file_whatever_it_says_ends_in_a_fault_of_papergens_own(
    desk: Path, file: tuple[str, str, str]
) -> None:
    sample, name, text = file
    shutil.rmtree(desk / "paper", ignore_errors=True)
    shutil.rmtree(desk / "drafts", ignore_errors=True)
    shutil.copytree(SAMPLES / sample, desk / "paper")
    (desk / "paper" / f"{name}.yaml").write_bytes(text.encode("utf-8", "surrogatepass"))
    raised: list[Exception] = []
    with (
        mock.patch.object(app, "_report_internal_error", lambda fault, run: raised.append(fault)),
        CliRunner().isolation() as streams,
    ):
        code = app.main(["draft", "paper/paper.yaml", "--no-cache"])
        said = streams[1].getvalue().decode()
    if raised:
        raise raised[0]
    assert code in (0, 3, 4, 5)
    assert "Traceback" not in said
    if code:
        assert not (desk / "drafts").exists()
        problems = re.findall(r"^(\S.*)\n(    \S.*)?", said, flags=re.MULTILINE)[:-1]
        assert problems
        assert all(hint for _, hint in problems), said
    else:
        assert said == ""
        assert list((desk / "drafts").glob("*.docx"))
