"""What is timed: a committee paper with a table of actions, and the sample paper, each made by
papergen and by docxtpl.

`actions.docx` and `actions.json` are a template and its values in docxtpl's dialect, of four pages:
a title block, six sections of numbered paragraphs, and a table of 40 actions with shaded cells.
"""

from __future__ import annotations

import io
import json
import pickle
import re
import tempfile
import zipfile
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

import docx
import yaml
from docxtpl import DocxTemplate
from jinja2 import pass_context

import papergen
import papergen.drafting.program
from papergen.drafting.program import Program
from papergen.word import Template

HERE = Path(__file__).parent
PAPER = HERE.parents[1] / "samples" / "post-inspection" / "paper.yaml"
BOARD = "hwb"
ACTIONS_TEMPLATE = HERE / "actions.docx"
_OPEN, _CLOSE = "\ue000", "\ue001"
_MARKED = re.compile(f"{_OPEN}([^{_OPEN}{_CLOSE}]*){_CLOSE}")


def actions(rows: int) -> dict[str, Any]:
    """The values of the table of actions, with that many rows."""
    values: dict[str, Any] = json.loads((HERE / "actions.json").read_text(encoding="utf-8"))
    known = values["actions"]
    values["actions"] = [known[at % len(known)] for at in range(rows)]
    return values


def with_docxtpl(template: bytes, values: dict[str, Any]) -> bytes:
    """What a user of docxtpl writes: open, render, save."""
    document = DocxTemplate(io.BytesIO(template))
    document.render(values, autoescape=True)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def engines(rows: int) -> tuple[Callable[[], bytes], Callable[[], bytes]]:
    """The table of actions, by papergen's engine and by docxtpl."""
    data, values = ACTIONS_TEMPLATE.read_bytes(), actions(rows)
    made = Template(data)
    return lambda: made.render(values), lambda: with_docxtpl(data, values)


def sample() -> Program:
    """The sample paper, compiled."""
    return papergen.compile(papergen.load(PAPER))


def drafters() -> tuple[Callable[[], bytes], Callable[[], bytes]]:
    """The sample paper for one board, by papergen from its data and by docxtpl from a template of
    the same content.
    """
    program = sample()
    template, values = same_content(program)
    return lambda: program.draft(BOARD).docx, lambda: with_docxtpl(template, values)


def drafted(actions_: int, *, from_data: bool) -> Callable[[], bytes]:
    """The sample paper with so many actions, in a table as well: its sections written, or drafted
    from data.
    """
    with tempfile.TemporaryDirectory() as folder:
        plan = yaml.load((PAPER.parent / "plan.yaml").read_text(encoding="utf-8"), yaml.BaseLoader)
        streams = plan["phases"][0]["workstreams"]
        for number, stream in enumerate(streams, 1):
            known = stream["actions"]
            stream["actions"] = [
                known[at % len(known)] | {"id": f"{stream['id']}-{at}", "ref": f"{number}.{at}"}
                for at in range(actions_ // len(streams))
            ]
        paper = yaml.load(PAPER.read_text(encoding="utf-8"), yaml.BaseLoader) | {
            "action_table": "appendix"
        }
        if from_data:
            paper = _without_sections(paper)
            paper["considerations"] = [_without_sections(each) for each in paper["considerations"]]
        Path(folder, "plan.yaml").write_text(yaml.dump(plan, allow_unicode=True), encoding="utf-8")
        Path(folder, "paper.yaml").write_text(
            yaml.dump(paper, allow_unicode=True, sort_keys=False), encoding="utf-8"
        )
        Path(folder, "bodies.yaml").write_bytes((PAPER.parent / "bodies.yaml").read_bytes())
        program = papergen.compile(papergen.load(Path(folder, "paper.yaml")))
    return lambda: program.draft(BOARD).docx


def _without_sections(values: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if key not in ("sections", "omit")}


def same_content(program: Program) -> tuple[bytes, dict[str, str]]:
    """A docxtpl template of what a program drafts, with a tag `{{ vN }}` for every value it writes,
    and the values.
    """
    values: dict[str, str] = {}

    def tag(found: re.Match[str]) -> str:
        name = f"v{len(values)}"
        values[name] = unescape(found[1])
        return f"{{{{ {name} }}}}"

    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(_marked_draft(program))) as drafted,
        zipfile.ZipFile(stream, "w") as template,
    ):
        for part in drafted.namelist():
            content = drafted.read(part)
            template.writestr(
                part, _MARKED.sub(tag, content.decode()) if part.endswith(".xml") else content, 8
            )
    return stream.getvalue(), values


def _marked_draft(program: Program) -> bytes:
    """The draft, with marks round every value that is text alone."""
    make_environment = papergen.drafting.program.make_environment

    def marking(*arguments: Any) -> Any:
        environment = make_environment(*arguments)
        for name in ("_text", "_heading", "_note", "_margin"):
            environment.filters[name] = pass_context(_marked(environment.filters[name]))
        return environment

    papergen.drafting.program.make_environment = marking  # type: ignore[attr-defined]
    try:
        fresh: Program = pickle.loads(pickle.dumps(program))
        return fresh.draft(BOARD).docx
    finally:
        papergen.drafting.program.make_environment = make_environment  # type: ignore[attr-defined]


def _marked(write: Callable[..., str]) -> Callable[..., str]:
    def writing(*arguments: Any) -> str:
        written = write(*arguments)
        return (
            f"{_OPEN}{written}{_CLOSE}"
            if written and "<" not in written and "\x02" not in written
            else written
        )

    return writing


def paragraphs(data: bytes) -> list[str]:
    """The text of every paragraph of body, tables, headers and footers."""
    document = docx.Document(io.BytesIO(data))
    found = [paragraph.text for paragraph in document.paragraphs]
    found += [
        p.text
        for table in document.tables
        for row in table.rows
        for cell in row.cells
        for p in cell.paragraphs
    ]
    for section in document.sections:
        for margin in (
            section.header,
            section.first_page_header,
            section.footer,
            section.first_page_footer,
        ):
            found += [paragraph.text for paragraph in margin.paragraphs]
    return found
