"""The tags of one paragraph: found in its joined text, and set as marks between runs or in the
paragraph's place.

Dialect: docxtpl 0.20 (docs/index.rst, “Jinja2-like syntax”). Text comes out as docxtpl's does,
except where docxtpl loses some.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from papergen.engine.pieces import Context, Expression, Statement
from papergen.engine.tags import RawTag, TagKind, scan
from papergen.errors import Location, Problem
from papergen.text import shorten_line
from papergen.word.markers import Markers
from papergen.word.runs import OBJECT, Atom, Edit, apply_edits, atoms, place, unescape
from papergen.word.statements import COMMANDS, FORBIDDEN, keyword, statement_fault
from papergen.word.tree import Element, ancestor, fragment, w

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
_IN_TAG = str.maketrans(
    {
        "\n": " ",
        "\t": " ",
        "\u00ad": None,
        "\u200b": None,
        "\u200e": None,
        "\u200f": None,
        "\ufeff": None,
    }
)
_WHOLE = {"p": "paragraph", "tr": "row", "tc": "cell"}


@dataclass(slots=True, eq=False)
class Command:
    """A cell command of docxtpl's (`cellbg`, `colspan`, `vm`, `hm`) and the paragraph it stands
    in.
    """

    name: str
    argument: str
    paragraph: Element
    where: Location


@dataclass(slots=True, eq=False)
class FoundTag:
    """What the paragraphs of a part ask of their surroundings, in document order.

    `rows` and `cells` give way to marks. `sure`: no statement is missing because it was faulty, so
    that openers and closers can be paired.
    """

    rows: dict[Element, list[Element]] = field(default_factory=dict)
    cells: dict[Element, list[Element]] = field(default_factory=dict)
    commands: list[Command] = field(default_factory=list)
    joins_previous: set[Element] = field(default_factory=set)
    joins_next: set[Element] = field(default_factory=set)
    where: dict[Element, Location] = field(default_factory=dict)
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the expressions of a paragraph share: see `Expression` for `comments` and
    `introduces`.
    """

    source: str
    part: str
    comments: bool
    introduces: bool


def mark_paragraph(
    paragraph: Element,
    markers: Markers,
    about: Surroundings,
    found: FoundTag,
    problems: list[Problem],
) -> None:
    """Replace the tags of one paragraph by marks, or the paragraph by the marks of its `{%p … %}`
    tags.

    What rows, cells and neighbours must do is noted in `found`; faults go to `problems`.
    """
    text, where_from = atoms(paragraph)
    if "{" not in text and "}" not in text:
        return
    where = found.where[paragraph] = place(about.source, about.part, text)
    tags, faults = scan(text.translate(_STRAIGHT), prefixes=True)
    problems += [Problem("template-tag", fault.message, where, fault.hint) for fault in faults]
    wrong = {
        tag.start: fault
        for tag in tags
        if (fault := _tag_fault(tag, text, where_from, where)) is not None
    }
    problems += wrong.values()
    if faults or wrong:
        left = [text[fault.offset :] for fault in faults]
        left += [
            text[tag.start : tag.end]
            for tag in tags
            if tag.start in wrong and keyword(_body(tag)) not in FORBIDDEN
        ]
        _keep_unread([part for part in left if "{%" in part], markers, found, where)
        _keep([tag for tag in tags if tag.start not in wrong], markers, where)
        return
    if not tags:
        unescape(where_from)
        return
    larger = [tag for tag in tags if tag.prefix in _WHOLE]
    if larger:
        _replace_whole(paragraph, larger, tags, text, markers, found, where, problems)
        return
    edits = [_edit(tag, where_from, paragraph, markers, about, found, where) for tag in tags]
    _trim(tags, edits, text, paragraph, found)
    apply_edits(text, where_from, edits)
    unescape(where_from)


def _keep_unread(texts: Sequence[str], markers: Markers, found: FoundTag, where: Location) -> None:
    """Note statements that cannot be read: with one of them missing, openers and closers cannot be
    paired.
    """
    from papergen.engine.checking import unread

    found.sure &= not texts
    for text in texts:
        markers.keep(unread(text, where))


def _keep(tags: Iterable[RawTag], markers: Markers, where: Location) -> None:
    """Note tags that get no place, so that what is wrong in them is found all the same."""
    for tag in tags:
        if tag.kind is TagKind.EXPRESSION:
            markers.keep(Expression(_body(tag), where))
        elif tag.kind is TagKind.STATEMENT and keyword(_body(tag)) not in COMMANDS:
            markers.keep(Statement(_body(tag), where))


def _tag_fault(
    tag: RawTag, text: str, where_from: Sequence[Atom], where: Location
) -> Problem | None:
    shown = quoted(text[tag.start : tag.end])
    if OBJECT in text[tag.start : tag.end]:
        message = (
            f"something other than text (a picture, a field, a note) stands inside the tag {shown}"
        )
        return Problem("template-tag", message, where, "Type the tag again, in one go.")
    if tag.kind is TagKind.COMMENT:
        return None
    if not tag.body:
        return Problem(
            "template-tag",
            f"the tag {shown} is empty",
            where,
            "Write a name into it, or delete it.",
        )
    fault = _place_fault(_run_of(tag, where_from), shown, where)
    if fault is not None:
        return fault
    if tag.kind is TagKind.STATEMENT:
        return statement_fault(_body(tag), shown, where)
    if tag.prefix in ("tr", "tc"):
        message = f"{shown}: values for whole rows or cells are not supported"
        return Problem("not-supported", message, where, "Use {{ … }} in the cells.")
    return None


def _place_fault(run: Element, shown: str, where: Location) -> Problem | None:
    """A tag may not stand where Word itself takes text away or puts some in."""
    for node in run.iterancestors(w("ins"), w("moveTo"), w("sdt"), w("p")):
        if node.tag == w("p"):
            return None
        if node.tag != w("sdt"):
            message = f"the tag {shown} stands in a tracked change"
            return Problem(
                "template-forbidden",
                message,
                where,
                "Accept the changes in Word (Review, Accept All Changes) and save.",
            )
        fault = _control_fault(node, shown, where)
        if fault is not None:
            return fault
    return None


def _control_fault(control: Element, shown: str, where: Location) -> Problem | None:
    properties = control.find(w("sdtPr"))
    if properties is None:
        return None
    if properties.find(w("dataBinding")) is not None:
        message = f"the tag {shown} stands in a content control that Word fills in itself"
    elif properties.find(w("showingPlcHdr")) is not None:
        message = (
            f"the tag {shown} is the placeholder of a content control, which goes at the first "
            "click"
        )
    else:
        return None
    hint = (
        "Remove the content control (right-click, Remove Content Control) and keep the tag as text."
    )
    return Problem("template-forbidden", message, where, hint)


def _run_of(tag: RawTag, where_from: Sequence[Atom]) -> Element:
    return next(atom.run for atom in where_from if atom.end > tag.start)


def _body(tag: RawTag) -> str:
    return tag.body.translate(_IN_TAG).strip()


def quoted(text: str) -> str:
    """A text as messages quote it."""
    return f"“{shorten_line(text.replace(OBJECT, '…'))}”"


_HOLD_PARAGRAPHS = {
    w(name)
    for name in (
        "body",
        "tc",
        "hdr",
        "ftr",
        "footnote",
        "endnote",
        "txbxContent",
        "sdtContent",
        "customXml",
    )
}
"""What can hold paragraphs (EG_BlockLevelElts, ISO/IEC 29500-1 §17.2)."""


def _replace_whole(
    paragraph: Element,
    larger: list[RawTag],
    tags: list[RawTag],
    text: str,
    markers: Markers,
    found: FoundTag,
    where: Location,
    problems: list[Problem],
) -> None:
    """The paragraph, or the row or cell it stands in, gives way to the marks of its `{%p`, `{%tr`
    or `{%tc` tags.
    """
    prefix = larger[0].prefix
    first = quoted(text[larger[0].start : larger[0].end])
    left = _left_beside(
        paragraph,
        [tag for tag in tags if tag.prefix == prefix or tag.kind is TagKind.COMMENT],
        text,
    )
    if left:
        whole = _WHOLE[prefix]
        message = f"{left} beside {first} would be lost, since that tag replaces its whole {whole}"
        problems.append(
            Problem(
                "template-text-beside-tag", message, where, f"Give the tag a {whole} of its own."
            )
        )
        _keep([tag for tag in tags if tag.prefix != prefix], markers, where)
    nodes = []
    for tag in larger:
        if tag.prefix != prefix:
            found.sure = False
        elif tag.kind is TagKind.STATEMENT:
            nodes.append(markers.node(Statement(_body(tag), where), prefix))
        elif tag.kind is TagKind.EXPRESSION:
            nodes.append(markers.node(Expression(_body(tag), where, Context.BLOCK)))
    if prefix == "p":
        parent = paragraph.getparent()
        if parent.tag not in _HOLD_PARAGRAPHS:
            found.sure = False
            message = (
                f"{first} stands in a paragraph within a piece of text, where no paragraph can be"
            )
            problems.append(
                Problem(
                    "template-xml",
                    message,
                    where,
                    "Open the template in Word, save it, and type the tag again.",
                )
            )
            return
        for node in nodes:
            paragraph.addprevious(node)
        parent.remove(paragraph)
        return
    outer = ancestor(paragraph, prefix)
    if outer is None:
        found.sure = False
        message = f"{first} stands outside a table"
        problems.append(
            Problem(
                "template-control", message, where, "Use {%p … %}, or put the tag into a table."
            )
        )
        return
    (found.rows if prefix == "tr" else found.cells).setdefault(outer, []).extend(nodes)
    for child in list(paragraph):
        if child.tag != w("pPr"):
            paragraph.remove(child)


def _left_beside(paragraph: Element, taken: list[RawTag], text: str) -> str:
    """What stands in the paragraph beside tags that replace it, for a message; empty for
    nothing.
    """
    rest = list(text)
    for tag in taken:
        rest[tag.start : tag.end] = " " * (tag.end - tag.start)
    left = "".join(rest).strip()
    if left:
        return "something that is not text" if set(left) <= {OBJECT, " "} else quoted(left)
    return "" if paragraph.find(f"{w('pPr')}/{w('sectPr')}") is None else "the section break"


def _edit(
    tag: RawTag,
    where_from: Sequence[Atom],
    paragraph: Element,
    markers: Markers,
    about: Surroundings,
    found: FoundTag,
    where: Location,
) -> Edit:
    if tag.kind is TagKind.COMMENT:
        return Edit(tag.start, tag.end)
    body = _body(tag)
    if tag.kind is TagKind.STATEMENT:
        word = keyword(body)
        if word in COMMANDS:
            found.commands.append(Command(word, body[len(word) :].strip(), paragraph, where))
            return Edit(tag.start, tag.end)
        return Edit(
            tag.start, tag.end, markers.node(Statement(body, where), tag.prefix), between=True
        )
    properties = _run_of(tag, where_from).find(w("rPr"))
    context = Context.RUN if tag.prefix == "r" else Context.TEXT
    own = "" if properties is None else fragment(properties)
    expression = Expression(body, where, context, own, about.introduces, about.comments)
    return Edit(tag.start, tag.end, markers.node(expression), between=context is Context.RUN)


def _trim(
    tags: list[RawTag], edits: list[Edit], text: str, paragraph: Element, found: FoundTag
) -> None:
    """`{%-` and `-%}`: blanks beside them go, and then line breaks and tabs; at the paragraph's
    edge it joins its neighbour.
    """
    for tag, edit in zip(tags, edits, strict=True):
        joins = tag.kind is TagKind.STATEMENT
        if tag.trim_left:
            edit.start = len(_trimmed(text[: edit.start]))
            if joins and not text[: tag.start].strip():
                found.joins_previous.add(paragraph)
        if tag.trim_right:
            edit.end = len(text) - len(_trimmed(text[edit.end :][::-1]))
            if joins and not text[tag.end :].strip():
                found.joins_next.add(paragraph)
    for before, after in itertools.pairwise(edits):
        after.start = max(after.start, before.end)


def _trimmed(text: str) -> str:
    """Without blanks at the end, and the breaks and tabs before these. Blanks before a break stay,
    as docxtpl keeps them.
    """
    end = len(text)
    while end and text[end - 1].isspace() and text[end - 1] not in "\t\n":
        end -= 1
    while end and text[end - 1] in "\t\n":
        end -= 1
    return text[:end]
