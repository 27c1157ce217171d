"""The tags of one paragraph: found in its joined text, however Word has cut it into runs, and set as marks between runs.

Dialect: docxtpl 0.20 (docs/index.rst, “Jinja2-like syntax”). Text comes out as docxtpl's does, except where docxtpl loses some.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field

from lxml import etree

from papergen.errors import Location, Problem
from papergen.merge.pieces import Context, Expression, Statement
from papergen.merge.tags import RawTag, TagKind, scan
from papergen.word.marks import Marks
from papergen.word.statements import COMMANDS, keyword, statement_fault
from papergen.word.tree import MC, XML_SPACE, Element, ancestor, fragment, w

OBJECT = "\ufffc"
_WIDTH_ONE = {
    w("tab"): "\t", w("br"): "\n", w("cr"): "\n", w("noBreakHyphen"): "-", w("softHyphen"): "\u00ad"
}  # fmt: skip
_CONTAINERS = {
    w(n) for n in ("hyperlink", "smartTag", "ins", "moveTo", "customXml", "fldSimple", "dir", "bdo", "sdtContent", "sdt")
}
_T, _R, _RPR, _PPR = w("t"), w("r"), w("rPr"), w("pPr")

_STRAIGHT = str.maketrans(
    {
        "“": '"',
        "”": '"',
        "„": '"',
        "‟": '"',
        "‘": "'",
        "’": "'",
        "‚": "'",
        "‛": "'",
        "\u00a0": " ",
        "\u202f": " ",
        "\u2011": "-",
    }
)
_IN_TAG = str.maketrans({"\n": " ", "\t": " ", "\u00ad": None, "\u200b": None, "\u200e": None, "\u200f": None, "\ufeff": None})
_ESCAPED = (("{_{", "{{"), ("}_}", "}}"), ("{_%", "{%"), ("%_}", "%}"))


@dataclass(slots=True)
class Atom:
    """A piece of a paragraph's text: `text[start:end]` comes from `node`, a child of `run`."""

    node: Element
    run: Element
    start: int
    end: int


@dataclass(slots=True)
class Command:
    """A cell command of docxtpl's (`cellbg`, `colspan`, `vm`, `hm`) and the paragraph it stands in."""

    name: str
    argument: str
    paragraph: Element
    where: Location


@dataclass(slots=True)
class Found:
    """What the paragraphs of a part ask of their surroundings, in document order."""

    rows: dict[Element, list[Element]] = field(default_factory=dict)
    cells: dict[Element, list[Element]] = field(default_factory=dict)
    commands: list[Command] = field(default_factory=list)
    joins_previous: set[Element] = field(default_factory=set)
    joins_next: set[Element] = field(default_factory=set)
    where: dict[Element, Location] = field(default_factory=dict)


@dataclass(slots=True)
class _Edit:
    """`text[start:end]` gives way to a node in its text, to a node between runs, or to nothing."""

    start: int
    end: int
    node: Element | None = None
    between: bool = False


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a part or a text box says of the expressions in it."""

    source: str
    part: str
    comments: bool
    introduces: bool


def atoms(paragraph: Element) -> tuple[str, list[Atom]]:
    """A paragraph's text (not that of text boxes in it) and where each stretch of it comes from."""
    found: list[Atom] = []
    text: list[str] = []
    length = 0
    for run in _runs(paragraph):
        for node in run:
            if node.tag == _T:
                piece = node.text or ""
                if not piece:
                    continue
            elif node.tag == _RPR:
                continue
            else:
                piece = (
                    OBJECT
                    if node.tag == w("br") and node.get(w("type")) in ("page", "column")
                    else _WIDTH_ONE.get(node.tag, OBJECT)
                )
            text.append(piece)
            found.append(Atom(node, run, length, length + len(piece)))
            length += len(piece)
    return "".join(text), found


def _runs(node: Element) -> Iterator[Element]:
    for child in node:
        if child.tag == _R:
            yield child
        elif child.tag in _CONTAINERS:
            yield from _runs(child)


def place(source: str, part: str, text: str) -> Location:
    """A paragraph as messages name it: the part, and the beginning of its text."""
    shown = " ".join(text.replace(OBJECT, " ").split())
    if len(shown) > 60:
        shown = shown[:59] + "…"
    return Location(source, detail=f"{part}, paragraph “{shown}”" if shown else f"{part}, an empty paragraph")


def mark_paragraph(paragraph: Element, marks: Marks, about: Surroundings, found: Found, problems: list[Problem]) -> None:
    """Replace the tags of one paragraph by marks, or the paragraph by the marks of its `{%p … %}` tags.

    What rows, cells and neighbours must do is noted in `found`; faults go to `problems`.
    """
    text, where_from = atoms(paragraph)
    if "{" not in text and "}" not in text:
        return
    where = found.where[paragraph] = place(about.source, about.part, text)
    tags, faults = scan(text.translate(_STRAIGHT), prefixes=True)
    problems += [Problem("template-tag", fault.message, where, fault.hint) for fault in faults]
    if not tags:
        _unescape(where_from)
        return
    wrong = [fault for tag in tags if (fault := _tag_fault(tag, text, where_from, where)) is not None]
    if wrong:
        problems += wrong
        return
    larger = [tag for tag in tags if tag.prefix in ("p", "tr", "tc")]
    if larger:
        _replace_larger(paragraph, larger, tags, text, marks, found, where, problems)
        return
    edits = [_edit(tag, text, where_from, paragraph, marks, about, found, where) for tag in tags]
    _trim(tags, edits, text, paragraph, found)
    for run, own in _by_run(where_from):
        if any(edit.start < own[-1].end and edit.end > own[0].start for edit in edits):
            _rebuild(run, own, text, edits)
    _unescape(where_from)


def _tag_fault(tag: RawTag, text: str, where_from: list[Atom], where: Location) -> Problem | None:
    shown = _shown(text[tag.start : tag.end])
    if OBJECT in text[tag.start : tag.end]:
        return Problem(
            "template-tag",
            f"something other than text (a picture, a field, a note) stands inside the tag {shown}",
            where,
            "Type the tag again, in one go.",
        )
    if tag.kind is TagKind.COMMENT:
        return None
    if not tag.body:
        return Problem("template-tag", f"the tag {shown} is empty", where, "Write a name into it, or delete it.")
    run = next(atom.run for atom in where_from if atom.end > tag.start)
    for node in run.iterancestors():
        if node.tag in (w("ins"), w("moveTo")):
            return Problem(
                "template-forbidden",
                f"the tag {shown} stands in a tracked change",
                where,
                "Accept the changes in Word (Review, Accept All Changes) and save.",
            )
        if node.tag == w("sdt"):
            properties = node.find(w("sdtPr"))
            if properties is not None and properties.find(w("dataBinding")) is not None:
                return Problem(
                    "template-forbidden",
                    f"the tag {shown} stands in a content control that Word fills in itself",
                    where,
                    "Remove the content control (right-click, Remove Content Control) and keep the tag as text.",
                )
            if properties is not None and properties.find(w("showingPlcHdr")) is not None:
                return Problem(
                    "template-forbidden",
                    f"the tag {shown} is the placeholder of a content control, which goes at the first click",
                    where,
                    "Remove the content control (right-click, Remove Content Control) and keep the tag as text.",
                )
        if node.tag == w("p"):
            break
    if tag.kind is TagKind.STATEMENT:
        return statement_fault(_body(tag), shown, where)
    if tag.prefix in ("tr", "tc"):
        return Problem(
            "not-supported", f"{shown}: values for whole rows or cells are not supported", where, "Use {{ … }} in the cells."
        )
    return None


def _body(tag: RawTag) -> str:
    return tag.body.translate(_IN_TAG).strip()


def _shown(tag: str) -> str:
    tag = " ".join(tag.split())
    return f"“{tag}”" if len(tag) <= 60 else f"“{tag[:59]}…”"


def _replace_larger(
    paragraph: Element,
    larger: list[RawTag],
    tags: list[RawTag],
    text: str,
    marks: Marks,
    found: Found,
    where: Location,
    problems: list[Problem],
) -> None:
    """The paragraph gives way to the marks of its `{%p`, `{%tr` or `{%tc` tags."""
    prefix = larger[0].prefix
    rest = list(text)
    for tag in tags:
        if tag.prefix == prefix or tag.kind is TagKind.COMMENT:
            rest[tag.start : tag.end] = " " * (tag.end - tag.start)
    left = "".join(rest).strip()
    first = _shown(text[larger[0].start : larger[0].end])
    properties = paragraph.find(_PPR)
    if properties is not None and properties.find(w("sectPr")) is not None:
        left = left or "a section break"
    if left:
        what = {"p": "paragraph", "tr": "row", "tc": "cell"}[prefix]
        problems.append(
            Problem(
                "template-text-beside-tag",
                f"{_shown(left.replace(OBJECT, '(an object)'))} beside {first} would be lost, since that tag replaces its whole {what}",
                where,
                f"Give the tag a {what} of its own.",
            )
        )
        return
    nodes = []
    for tag in larger:
        if tag.kind is TagKind.STATEMENT:
            nodes.append(marks.node(Statement(_body(tag), where)))
        elif tag.kind is TagKind.EXPRESSION:
            nodes.append(marks.node(Expression(_body(tag), where, Context.BLOCK)))
    if prefix == "p":
        for node in nodes:
            paragraph.addprevious(node)
        parent = paragraph.getparent()
        assert parent is not None
        parent.remove(paragraph)
        return
    outer = ancestor(paragraph, prefix)
    if outer is None:
        problems.append(
            Problem("template-control", f"{first} stands outside a table", where, "Use {%p … %}, or put the tag into a table.")
        )
        return
    (found.rows if prefix == "tr" else found.cells).setdefault(outer, []).extend(nodes)
    for child in list(paragraph):
        if child.tag != _PPR:
            paragraph.remove(child)


def _edit(
    tag: RawTag,
    text: str,
    where_from: list[Atom],
    paragraph: Element,
    marks: Marks,
    about: Surroundings,
    found: Found,
    where: Location,
) -> _Edit:
    if tag.kind is TagKind.COMMENT:
        return _Edit(tag.start, tag.end)
    body = _body(tag)
    if tag.kind is TagKind.STATEMENT:
        word = keyword(body)
        if word in COMMANDS:
            found.commands.append(Command(word, body[len(word) :].strip(), paragraph, where))
            return _Edit(tag.start, tag.end)
        return _Edit(tag.start, tag.end, marks.node(Statement(body, where)), between=True)
    run = next(atom.run for atom in where_from if atom.end > tag.start)
    properties = run.find(_RPR)
    context = Context.RUN if tag.prefix == "r" else Context.TEXT
    expression = Expression(
        body, where, context, "" if properties is None else fragment(properties), about.introduces, about.comments
    )
    return _Edit(tag.start, tag.end, marks.node(expression), between=context is Context.RUN)


def _trim(tags: list[RawTag], edits: list[_Edit], text: str, paragraph: Element, found: Found) -> None:
    """`{%-` and `-%}`: white space beside them goes; at the edge of a paragraph, the paragraph joins its neighbour."""
    for tag, edit in zip(tags, edits, strict=True):
        joins = tag.kind is TagKind.STATEMENT and not tag.prefix
        if tag.trim_left:
            start = edit.start
            while start and text[start - 1].isspace() and text[start - 1] not in "\t\n":
                start -= 1
            edit.start = start
            if joins and not text[: tag.start].strip():
                found.joins_previous.add(paragraph)
        if tag.trim_right:
            end = edit.end
            while end < len(text) and text[end].isspace() and text[end] not in "\t\n":
                end += 1
            edit.end = end
            if joins and not text[tag.end :].strip():
                found.joins_next.add(paragraph)
    for before, after in zip(edits, edits[1:], strict=False):
        after.start = max(after.start, before.end)


def _by_run(where_from: list[Atom]) -> Iterator[tuple[Element, list[Atom]]]:
    own: list[Atom] = []
    for atom in where_from:
        if own and atom.run is not own[0].run:
            yield own[0].run, own
            own = []
        own.append(atom)
    if own:
        yield own[0].run, own


def _rebuild(run: Element, own: list[Atom], text: str, edits: list[_Edit]) -> None:
    """Put runs and marks in the place of `run`. Runs that would be empty are left out."""
    segments: list[list[str | Element]] = [[]]
    between: list[Element] = []
    for atom in own:
        at = atom.start
        for edit in edits:
            if edit.end <= at or edit.start >= atom.end:
                continue
            if edit.start > at and atom.node.tag == _T:
                segments[-1].append(text[at : edit.start])
            if atom.start <= edit.start and edit.node is not None:
                if edit.between:
                    between.append(edit.node)
                    segments.append([])
                else:
                    segments[-1].append(edit.node)
            at = min(edit.end, atom.end)
        if at < atom.end:
            segments[-1].append(text[at : atom.end] if atom.node.tag == _T else atom.node)
    properties = run.find(_RPR)
    for number, segment in enumerate(segments):
        if number:
            run.addprevious(between[number - 1])
        if segment:
            run.addprevious(_run(run, properties, segment))
    parent = run.getparent()
    assert parent is not None
    parent.remove(run)


def _run(model: Element, properties: Element | None, items: list[str | Element]) -> Element:
    run: Element = etree.Element(_R, dict(model.attrib), nsmap=model.nsmap)
    if properties is not None:
        run.append(deepcopy(properties))
    text: Element | None = None
    for item in items:
        if isinstance(item, str) or not isinstance(item.tag, str):
            if text is None:
                text = etree.SubElement(run, _T)
                text.set(XML_SPACE, "preserve")
            if not isinstance(item, str):
                text.append(item)
            elif len(text):
                text[-1].tail = _unescaped((text[-1].tail or "") + item)
            else:
                text.text = _unescaped((text.text or "") + item)
        else:
            text = None
            run.append(item)
    return run


def _unescaped(text: str) -> str:
    """docxtpl's `{_{` and `}_}`, which print braces."""
    if "_" in text:
        for written, meant in _ESCAPED:
            text = text.replace(written, meant)
    return text


def _unescape(where_from: list[Atom]) -> None:
    for atom in where_from:
        if atom.node.tag == _T and atom.node.text:
            atom.node.text = _unescaped(atom.node.text)


def drop_fallbacks(root: Element) -> None:
    """Take out the older copies of text boxes: Word keeps each box twice, and tags and numbers in it would count twice."""
    for node in list(root.iter(f"{{{MC}}}Fallback")):
        if next(node.iter(w("txbxContent")), None) is not None:
            parent = node.getparent()
            assert parent is not None
            parent.remove(node)
