"""Narrative compiled, run and read back as compact text, for tests.

A line is a paragraph: its style (`+` when it is kept with the next), its number as a reference
would show it, where it stands if not where its style does, and its text with `**strong**`,
`*emphasis*`, `[links](address)` and `⏎` for a line break. A table is `table` with its column
widths, and a line a row: `||` for a header row, `|` for others, `→` and `↔` before cells that are
aligned right and centred.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from lxml import etree

from papergen.engine.codegen import compile_pieces
from papergen.engine.compiled import Tables
from papergen.engine.numbering import Counters
from papergen.engine.pieces import Links, Piece
from papergen.engine.render import evaluate, make_environment, render, run_values
from papergen.engine.state import RenderState, RunWords
from papergen.errors import Location, Problem
from papergen.narrative.compile import compile_inline, compile_narrative
from papergen.narrative.layout import Layout, ParagraphStyle

NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"

LAYOUT = Layout(
    paragraph=ParagraphStyle("Para", (1, 0)),
    subheadings=(ParagraphStyle("Sub"), ParagraphStyle("Subsub")),
    bullets=(
        ParagraphStyle("Bullet1", left=1000, hanging=300),
        ParagraphStyle("Bullet2", left=1500, hanging=300),
    ),
    ordered=(
        ParagraphStyle("Letter", (1, 1), 1000, 500),
        ParagraphStyle("Roman", (1, 2), 1500, 500),
    ),
    continuation=(ParagraphStyle("More1", left=1000), ParagraphStyle("More2", left=1500)),
    cell=ParagraphStyle("Cell"),
    cell_heading=ParagraphStyle("Head"),
    table_properties='<w:tblPr><w:tblW w:w="0" w:type="auto"/></w:tblPr>',
    header_cell_properties='<w:shd w:val="clear" w:color="auto" w:fill="DDEEFF"/>',
    table_word="Table",
    width=9000,
)
RUN_WORDS = RunWords(
    "paragraph", "to be confirmed", "[to be confirmed: {what}]", "To be confirmed: {what}. {hint}"
)
NUMBERED = {"Para", "Letter", "Roman"}


@dataclass(frozen=True)
class Level:
    format: str
    text: str
    start: int = 1
    restart: int | None = None
    legal: bool = False


@dataclass(frozen=True)
class NumberedList:
    abstract: int = 0
    levels: Sequence[Level] = (
        Level("decimal", "%1."),
        Level("lowerLetter", "(%2)"),
        Level("lowerRoman", "(%3)"),
    )
    starts: Mapping[int, int] = field(default_factory=dict)


class NotingCounters(Counters):
    """Counters that keep each number they give out."""

    def __init__(self) -> None:
        super().__init__({1: NumberedList()})
        self.given: list[str] = []

    def count(self, number: tuple[int, int]) -> None:
        super().count(number)
        self.given.append(self.number(number))


@dataclass
class Outcome:
    problems: list[Problem]
    xml: str = ""
    lines: list[str] = field(default_factory=list)


def place_in(text: str, source: str = "paper.yaml"):
    def place(offset: int) -> Location:
        before = text[:offset].replace("\r\n", "\n").replace("\r", "\n")
        return Location(source, before.count("\n") + 1, len(before) - before.rfind("\n"))

    return place


def compile_text(text: str, section: str = "s") -> tuple[list[Piece], Links, list[Problem]]:
    problems: list[Problem] = []
    links = Links()
    pieces = compile_narrative(
        text,
        section=section,
        place=place_in(text),
        layout=LAYOUT,
        links=links,
        lists=count(1),
        problems=problems,
    )
    return pieces, links, problems


def new_run(tables: Tables, values: Mapping[str, Any], environment: Any) -> RenderState:
    run = RenderState(
        words=RUN_WORDS,
        paragraphs=tables.paragraphs,
        sites=tables.sites,
        lists={1: NumberedList()},
    )
    run.paragraphs.counters = NotingCounters()
    run_values(environment, run, values)
    return run


def draft(text: str, values: Mapping[str, Any]) -> Outcome:
    """A narrative, compiled and run with `values`."""
    pieces, links, problems = compile_text(text)
    environment, tables = make_environment(), Tables()
    compiled = compile_pieces(pieces, environment, tables, problems, origin="paper")
    if problems:
        return Outcome(problems)
    assert compiled is not None
    run = new_run(tables, values, environment)
    xml = render(compiled.bind(environment), run)
    run.check_references()
    if run.problems:
        return Outcome(run.problems)
    body = f"<body {NAMESPACES}>{run.settle(xml)}</body>"
    addresses = {number: address for address, number in links.ids.items()}
    numbers = iter(run.paragraphs.counters.given)
    lines = [line for block in etree.fromstring(body) for line in _block(block, numbers, addresses)]
    assert next(numbers, None) is None
    return Outcome([], body, lines)


def draft_inline(text: str, values: Mapping[str, Any]) -> tuple[list[Problem], str]:
    """A title, compiled and run with `values`."""
    problems: list[Problem] = []
    pieces = compile_inline(text, place=place_in(text), problems=problems)
    environment, tables = make_environment(), Tables()
    compiled = compile_pieces(pieces, environment, tables, problems, origin="paper")
    if problems:
        return problems, ""
    assert compiled is not None
    run = new_run(tables, values, environment)
    return run.problems, "".join(map(str, evaluate(compiled.bind(environment), run)))


def _block(block: Any, numbers: Any, addresses: Mapping[str, str]) -> list[str]:
    if block.tag == f"{W}p":
        return [_paragraph(block, numbers, addresses)]
    assert block.tag == f"{W}tbl", block.tag
    lines = [" ".join(["table", *(column.get(f"{W}w") for column in block.find(f"{W}tblGrid"))])]
    for row in block.iter(f"{W}tr"):
        assert row.find(f"{W}trPr/{W}cantSplit") is not None
        bar = "||" if row.find(f"{W}trPr/{W}tblHeader") is not None else "|"
        style = "Head" if bar == "||" else "Cell"
        cells = []
        for cell in row.iter(f"{W}tc"):
            (paragraph,) = cell.findall(f"{W}p")
            assert paragraph.find(f"{W}pPr/{W}pStyle").get(f"{W}val") == style
            justify = paragraph.find(f"{W}pPr/{W}jc")
            sign = (
                {"right": "→", "center": "↔"}.get(justify.get(f"{W}val"), "")
                if justify is not None
                else ""
            )
            cells.append(sign + _text(paragraph, addresses))
        lines.append(f"{bar} {' | '.join(cells)} |".replace("  ", " "))
    return lines


def _paragraph(paragraph: Any, numbers: Any, addresses: Mapping[str, str]) -> str:
    properties = paragraph.find(f"{W}pPr")
    style = properties.find(f"{W}pStyle")
    if style is None:
        return "(between tables)"
    name = style.get(f"{W}val")
    keep = "+" if properties.find(f"{W}keepNext") is not None else ""
    number = f" {next(numbers)}" if name in NUMBERED else ""
    own = " (restarts)" if properties.find(f"{W}numPr") is not None else ""
    indent = properties.find(f"{W}ind")
    at = "" if indent is None else f" at {indent.get(f'{W}left')}"
    return f"{name}{keep}{number}{own}{at}: {_text(paragraph, addresses)}"


def _text(element: Any, addresses: Mapping[str, str]) -> str:
    text = ""
    for child in element:
        if child.tag == f"{W}hyperlink":
            title = f' "{child.get(f"{W}tooltip")}"' if child.get(f"{W}tooltip") else ""
            text += f"[{_text(child, addresses)}]({addresses[child.get(f'{R}id')]}{title})"
        elif child.tag == f"{W}r":
            text += _run(child)
    return text.replace("****", "").replace("** **", " ")


def _run(run: Any) -> str:
    signs = {f"{W}t": None, f"{W}br": "⏎", f"{W}tab": "⇥"}
    text = "".join(
        (child.text or "") if child.tag == f"{W}t" else signs[child.tag]
        for child in run
        if child.tag in signs
    )
    strong = "**" if run.find(f"{W}rPr/{W}b") is not None else ""
    emphasis = "*" if run.find(f"{W}rPr/{W}i") is not None else ""
    return f"{strong}{emphasis}{text}{emphasis}{strong}" if text else ""
