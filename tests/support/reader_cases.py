"""Cases for the readers as text: an input, then what comes of it.

    === a sentence that says what the case shows [plan.yaml]
    input
    ~~~
    expected

`⟦0007⟧` stands for the character U+0007, so that what editors do not show can be read here; the
line breaks of the input are as they are written, and ⟦⟧ at the end of a line leaves its own out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from papergen.errors import Problem

_HEAD = re.compile(r"^=== (.+?) \[(\S+)\]$", re.MULTILINE)
_CODE = re.compile("⟦([0-9A-F]{4,6})⟧")


@dataclass(frozen=True)
class Case:
    file: Path
    name: str
    source: str
    written: str
    expected: str

    @property
    def data(self) -> bytes:
        text = self.written.replace("⟦⟧\n", "")
        return _CODE.sub(lambda found: chr(int(found[1], 16)), text).encode(
            "utf-8", "surrogatepass"
        )


def cases(*files: Path) -> list[Case]:
    found = []
    for file in files:
        _, *parts = _HEAD.split(file.read_text("utf-8"))
        for name, source, body in zip(parts[::3], parts[1::3], parts[2::3], strict=True):
            written, _, expected = body.removeprefix("\n").partition("~~~\n")
            found.append(Case(file, name, source, written, expected.strip("\n")))
    return found


def check(case: Case, outcome: str, update: bool) -> None:
    """`outcome` is what is expected; or, with `update`, becomes it."""
    if update and outcome != case.expected:
        text = case.file.read_text("utf-8")
        old = f"=== {case.name} [{case.source}]\n{case.written}~~~\n{case.expected}\n"
        assert text.count(old) == 1, "a case's name stands once, and a blank line after each case"
        case.file.write_text(
            text.replace(old, old.removesuffix(f"{case.expected}\n") + f"{outcome}\n"), "utf-8"
        )
        return
    assert outcome == case.expected


def shown_problems(problems: tuple[Problem, ...] | list[Problem]) -> str:
    lines = []
    for problem in problems:
        lines.append(str(problem))
        lines.extend(f"    {line}" for line in problem.hint.split("\n"))
    return "\n".join(lines)


def shown_values(
    value: object,
    place: Callable[[tuple[str | int, ...]], object],
    path: tuple[str | int, ...] = (),
) -> str:
    """Each scalar on a line: its place, its path, its text."""
    if isinstance(value, dict) and value:
        return "\n".join(shown_values(inner, place, (*path, key)) for key, inner in value.items())
    if isinstance(value, list) and value:
        return "\n".join(
            shown_values(inner, place, (*path, index)) for index, inner in enumerate(value)
        )
    shown = re.sub(
        "[\x7f-\x9f\u2028\u2029\ufeff]",
        lambda c: f"⟦{ord(c[0]):04X}⟧",
        json.dumps(value, ensure_ascii=False),
    )
    return f"{place(path)} {'.'.join(map(str, path)) or '(all)'} = {shown}"
