"""The project's pages, read for tests: their fenced examples, their tables, their headings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from places import ROOT

PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    *sorted((ROOT / "docs").glob("*.md")),
    *sorted(ROOT.glob("samples/*/*.md")),
]
FENCE = re.compile(r"^( *)```(\w+) ?([^\n]*)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@dataclass(frozen=True)
class Block:
    """A fenced example: its language, what the fence says besides, and its text."""

    page: Path
    line: int
    language: str
    about: str
    text: str

    def __str__(self) -> str:
        return f"{self.page.name}:{self.line}"


def blocks(*languages: str) -> list[Block]:
    found = []
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for fence in FENCE.finditer(text):
            body = re.sub(rf"^{fence[1]}", "", fence[4], flags=re.MULTILINE)
            found.append(
                Block(page, text.count("\n", 0, fence.start()) + 1, fence[2], fence[3], body)
            )
    return [block for block in found if block.language in languages]


def rows(page: str, heading: str) -> Iterator[list[str]]:
    """The cells of the tables under a heading, without their header rows."""
    level = heading.split(" ", 1)[0]
    text = FENCE.sub("", text_of(page))
    section = re.search(
        rf"^{re.escape(heading)}\n(.*?)(?=^#{{1,{len(level)}}} |\Z)", text, re.MULTILINE | re.DOTALL
    )
    assert section, f"{page} has no heading {heading!r}"
    for table in re.findall(r"(?:^\|.*\n)+", section[1], re.MULTILINE):
        for line in table.splitlines()[2:]:
            yield [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]]


def listed(page: str, heading: str) -> list[str]:
    """The first cells under a heading, without their backticks."""
    return [row[0].strip("`") for row in rows(page, heading)]


def anchors(text: str) -> set[str]:
    """The anchors that headings have on the web: lower case, hyphens for blanks, -1 for the second
    of a name.
    """
    found: set[str] = set()
    for heading in re.findall(r"^#+ (.+)$", text, re.MULTILINE):
        plain = re.sub(r"[^\w\- ]", "", heading.replace("`", "").lower()).strip().replace(" ", "-")
        name, number = plain, 0
        while name in found:
            number += 1
            name = f"{plain}-{number}"
        found.add(name)
    return found
