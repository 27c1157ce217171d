"""Small papers for tests: a paper, its plan, its register and its brand as plain values, written as
YAML and drafted.

`say` is the short way: the paragraphs that a text makes. Every scalar is text, as the readers have
it.
"""

from __future__ import annotations

import io
import json
import tempfile
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import docx
import yaml
from template_cases import build

import papergen
from papergen.drafting.program import Draft, Program

TEMPLATE = "{%p for s in sections %}\n{{p s.body }}\n{%p endfor %}"
# The styles of python-docx's own document, which `template_cases.build` starts from.
STYLES = {
    "paragraph": "List Number",
    "subheading": "Heading 2",
    "subsubheading": "Heading 3",
    "letter": "List Number 2",
    "roman": "List Number 3",
    "cell": "Normal",
    "cell-heading": "Normal",
    "link": "Default Paragraph Font",
}
BRAND: dict[str, Any] = {"name": "Test", "styles": STYLES}
BODIES = """
bodies:
  - id: hwb
    names:
      - name: Shadow Health and Wellbeing Board
        to: 2013-03-31
      - name: Health and Wellbeing Board
        from: 2013-04-01
    initials: HWB
    powers: [note]
posts:
  - id: dcs
    title: Director of Children's Services
"""


def values(text: str | Mapping[str, Any]) -> Any:
    """YAML as values, each scalar its text."""
    return yaml.load(text, Loader=yaml.BaseLoader) if isinstance(text, str) else text


def quoted(text: str, _indent: int) -> str:
    """A text as a YAML scalar in double quotes."""
    return json.dumps(text, ensure_ascii=False)


def escaped(text: str, _indent: int) -> str:
    """The same, with all that is not ASCII in escapes."""
    return (
        '"'
        + "".join(
            char if " " <= char <= "~" and char not in '"\\' else f"\\U{ord(char):08X}"
            for char in text
        )
        + '"'
    )


def block(text: str, indent: int) -> str:
    """A text as a block scalar, where a block can hold it; a block has no place for carriage
    returns.
    """
    if "\r" in text:
        return quoted(text, indent)
    lines = text.rstrip("\n").split("\n")
    chomp = "-" if not text.endswith("\n") else "" if text.endswith(lines[-1] + "\n") else "+"
    end = "\n" * (len(text) - len(text.rstrip("\n")) - 1) if chomp == "+" else ""
    return (
        f"|2{chomp}" + "".join(f"\n{' ' * indent}{line}" if line else "\n" for line in lines) + end
    )


Scalar = Callable[[str, int], str]


def dump(value: Any, scalar: Scalar = quoted, indent: int = 0) -> str:
    """Values as block YAML; `scalar` writes the texts that stand at the given indentation."""
    if isinstance(value, Mapping) and value:
        return "".join(
            f"\n{' ' * indent}{key}: {dump(item, scalar, indent + 2)}"
            for key, item in value.items()
        )
    if isinstance(value, (list, tuple)) and value:
        return "".join(f"\n{' ' * indent}- {dump(item, scalar, indent + 2)}" for item in value)
    if isinstance(value, str):
        return scalar(value, indent)
    return "{}" if isinstance(value, Mapping) else "[]"


@cache
def template(text: str = TEMPLATE) -> bytes:
    return build(text)


def paper_of(text: str, **fields: Any) -> dict[str, Any]:
    """A paper with one section of this text, for the `hwb` on 8 November 2012."""
    consideration = {
        "board": "hwb",
        "meeting": "2012-11-08",
        "role": "note",
        "recommendations": [{"verb": "note", "text": "x"}],
    }
    for name in ("board", "meeting", "recommendations", "values", "labels"):
        if name in fields:
            consideration[name] = fields.pop(name)
    paper = {
        "title": "Title",
        "as_at": "2012-10-31",
        "author": "dcs",
        "on_behalf_of": "hwb",
        "considerations": [consideration],
        "sections": {"only": {"heading": "Heading", "text": text}},
    }
    return paper | {
        name: value if name in ("title", "short_title") else values(value)
        for name, value in fields.items()
    }


def write_paper(
    folder: Path,
    paper: Mapping[str, Any],
    *,
    plan: str | Mapping[str, Any] = "",
    bodies: str | Mapping[str, Any] = BODIES,
    brand: Mapping[str, Any] = BRAND,
    house: str = TEMPLATE,
    scalar: Scalar = quoted,
) -> Path:
    """The files of a paper in `folder`; the path of the paper's own. `house` is its template in
    lines of text.
    """
    files = {
        "paper.yaml": {"plan": "plan.yaml", "bodies": "bodies.yaml", "brand": "house"}
        | dict(paper),
        "plan.yaml": {"id": "plan", "title": "Plan"} | dict(values(plan) or {}),
        "bodies.yaml": values(bodies),
        "templates/house/brand.yaml": brand,
    }
    (folder / "templates" / "house").mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(f"{dump(content, scalar)}\n".encode())
    (folder / "templates" / "house" / "paper.docx").write_bytes(template(house))
    return folder / "paper.yaml"


def program_of(
    text: str, *, plan: Any = "", bodies: Any = BODIES, house: str = TEMPLATE, **fields: Any
) -> Program:
    """The program of a paper of one section."""
    with tempfile.TemporaryDirectory() as folder:
        path = write_paper(
            Path(folder), paper_of(text, **fields), plan=plan, bodies=bodies, house=house
        )
        return papergen.compile(papergen.load(path))


def draft_of(text: str, **rest: Any) -> Draft:
    return program_of(text, **rest).draft(rest.get("board", "hwb"))


def say(text: str, **rest: Any) -> list[str]:
    """The paragraphs that a text makes, no-break spaces as they are."""
    return paragraphs(draft_of(text, **rest))


def paragraphs(draft: Draft) -> list[str]:
    return [paragraph.text for paragraph in docx.Document(io.BytesIO(draft.docx)).paragraphs]
