"""Controls of a part's tree: openers and closers in pairs, each pair in one container, and what
must not straddle them.

Also numbers drawings and bookmarks: fixed numbers where they stand once, and expressions counted at
run time in loops.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

from lxml import etree

from papergen.engine.blocks import (
    CLOSERS,
    BlockStack,
    Mismatch,
    OpenBlock,
    is_middle,
    is_opener,
    openers_for,
)
from papergen.engine.pieces import Statement
from papergen.errors import Location, Problem
from papergen.word.markers import Markers
from papergen.word.runs import place_of
from papergen.word.statements import keyword
from papergen.word.tree import WP, Element, w

_PLACES = {
    w("p"): "paragraph",
    w("tc"): "cell",
    w("tbl"): "table",
    w("tr"): "table row",
    w("hyperlink"): "link",
    w("sdtContent"): "content control",
    w("txbxContent"): "text box",
    w("hdr"): "header",
    w("ftr"): "footer",
}
_HINT = (
    "Put both into one paragraph, or each into a paragraph of its own as {%p … %}, into a row "
    "of its own as {%tr … %}, or into a cell of its own as {%tc … %}."
)


@dataclass(slots=True, eq=False)
class _OpenInPart(OpenBlock):
    """A control that is open: the marker of its opener, and the element that this is in."""

    container: Element
    node: Element
    where: Location


@dataclass(frozen=True, slots=True)
class Numbers:
    """Numbers still free, over all parts of a template."""

    drawings: Iterator[int]
    bookmarks: Iterator[int]

    @classmethod
    def new(cls) -> Numbers:
        return cls(count(1), count(1))


_Frames = tuple[tuple[_OpenInPart, int], ...]
"""The controls that something stands in, and in which branch of each."""


def check_controls(
    root: Element,
    markers: Markers,
    where: Location,
    problems: list[Problem],
) -> None:
    """Report controls that do not pair in one container, and fields that one cuts.

    `where`: the part, for what has no paragraph.
    """
    opened: BlockStack[_OpenInPart] = BlockStack()
    fields: list[_Frames] = []
    for node in root.iter(etree.PI, w("fldChar")):
        if node.tag is etree.PI:
            if isinstance(markers.piece(node), Statement):
                _step(node, markers, opened, problems)
            continue
        kind = node.get(w("fldCharType"))
        if kind == "begin":
            fields.append(_frames(opened))
        elif fields:
            begun = fields.pop() if kind == "end" else fields[-1]
            if begun != _frames(opened):
                problems.append(_cut_field(place_of(node, where)))
    for left in opened.blocks:
        written = markers.written(left.node)
        opening = written.partition(" ")[0]
        end = f"{opening} {CLOSERS[left.word]} %}}”"
        message = f"{written} is never closed by {end}"
        hint = f"Write {end} where it is to end."
        problems.append(Problem("template-control", message, left.where, hint))


def _cut_field(where: Location) -> Problem:
    message = (
        "a field (such as a table of contents) begins on one side of a control and ends on the "
        "other"
    )
    hint = "Move the tag out of the field, or the field into the control."
    return Problem("template-control", message, where, hint)


@dataclass(frozen=True, slots=True)
class _BookmarkEdge:
    """A bookmark's start or end, the controls that it stands in, and whether one is a loop."""

    node: Element
    frames: _Frames
    is_looped: bool


def number_ids(
    root: Element,
    markers: Markers,
    numbers: Numbers,
    where: Location,
    problems: list[Problem],
) -> None:
    """Give drawings and bookmarks numbers of their own. The controls have been checked. Reports
    bookmarks that straddle one.
    """
    opened: BlockStack[_OpenInPart] = BlockStack()
    starts: dict[str, _BookmarkEdge] = {}
    ends: dict[str, _BookmarkEdge] = {}
    drawing, ident = f"{{{WP}}}docPr", w("id")
    tags = (etree.PI, drawing, w("bookmarkStart"), w("bookmarkEnd"), w("sdtPr"))
    for node in list(root.iter(*tags)):
        is_looped = any(control.word == "for" for control in opened.blocks)
        if node.tag is etree.PI:
            if isinstance(markers.piece(node), Statement):
                _step(node, markers, opened, [])
        elif node.tag == drawing:
            if is_looped:
                node.set("id", markers.token("_drawing_id()", place_of(node, where)))
            else:
                node.set("id", str(next(numbers.drawings)))
        elif node.tag == w("sdtPr"):
            if is_looped:
                # Ids of content controls must differ, and may be left out.
                for old in node.findall(ident):
                    node.remove(old)
        else:
            edges = starts if node.tag == w("bookmarkStart") else ends
            edges[node.get(ident) or ""] = _BookmarkEdge(node, _frames(opened), is_looped)
    _number_bookmarks(starts, ends, markers, numbers, where, problems)


def _frames(opened: BlockStack[_OpenInPart]) -> _Frames:
    return tuple((control, control.branch) for control in opened.blocks)


def _step(
    node: Element,
    markers: Markers,
    opened: BlockStack[_OpenInPart],
    problems: list[Problem],
) -> None:
    """Open, divide or close a control at the marker of a statement."""
    piece, parent = markers.piece(node), node.getparent()
    assert isinstance(piece, Statement)
    word = keyword(piece.source)
    if word == "set":
        return
    if is_opener(word):
        opened.open(_OpenInPart(word, parent, node, piece.where))
        return
    match = opened.middle(word, parent) if is_middle(word) else opened.close(word, parent)
    if match.block is None or match.unclosed:
        # One fault is reported once: not each control that the closer has left unclosed.
        problems.append(
            _without_start(node, markers, piece.where, openers_for(word), match.innermost)
        )
    elif match.mismatch is Mismatch.CROSSING:
        problems.append(_apart(match.block, node, markers, piece.where))
    # A second else is reported where the part's code is generated.


def _without_start(
    node: Element,
    markers: Markers,
    where: Location,
    wanted: tuple[str, ...],
    innermost: _OpenInPart | None,
) -> Problem:
    starts = " or ".join(f"{{% {word} … %}}" for word in wanted)
    if innermost is None:
        return Problem(
            "template-control",
            f"{markers.written(node)} has no {starts} before it",
            where,
            "Delete it, or write its start.",
        )
    message = (
        f"{markers.written(node)} needs {starts}, but what is open here is "
        f"{markers.written(innermost.node)}"
    )
    return Problem(
        "template-control",
        message,
        where,
        "Close each control before the one round it: endif for if, endfor for for.",
    )


def _apart(
    opener: _OpenInPart,
    node: Element,
    markers: Markers,
    where: Location,
) -> Problem:
    first = _PLACES.get(opener.container.tag, "")
    second = _PLACES.get(node.getparent().tag, "")
    if first == second and first:
        places = f"stand in different {first}s"
    else:
        places = f"stand {_in_words(first)} and {_in_words(second)}"
    message = f"{markers.written(opener.node)} and its {markers.written(node)} {places}"
    if opener.where != where:
        detail = opener.where.detail
        message += f"; it starts in {detail.partition(', ')[2] or detail}"
    return Problem("template-control", message, where, _HINT)


def _in_words(place: str) -> str:
    if not place:
        return "between paragraphs"
    if place in ("paragraph", "link", "content control"):
        return f"inside a {place}"
    return f"in a {place}"


def _number_bookmarks(
    starts: dict[str, _BookmarkEdge],
    ends: dict[str, _BookmarkEdge],
    markers: Markers,
    numbers: Numbers,
    where: Location,
    problems: list[Problem],
) -> None:
    ident, named = w("id"), w("name")
    for key, start in starts.items():
        name = start.node.get(named) or ""
        end = ends.pop(key, None)
        if end is None:
            start.node.getparent().remove(start.node)
        elif end.frames != start.frames:
            if not name.startswith("_"):  # Word makes those of its own anew
                problems.append(_cut_bookmark(name, place_of(start.node, where)))
            start.node.getparent().remove(start.node)
            end.node.getparent().remove(end.node)
        elif start.is_looped:
            start.node.set(ident, markers.token(f"_bookmark_id({name!r})", where))
            start.node.set(named, markers.token(f"_bookmark_name({name!r})", where))
            end.node.set(ident, markers.token(f"_bookmark_end_id({name!r})", where))
        else:
            number = str(next(numbers.bookmarks))
            start.node.set(ident, number)
            end.node.set(ident, number)
    for end in ends.values():
        end.node.getparent().remove(end.node)


def _cut_bookmark(name: str, where: Location) -> Problem:
    message = f"the bookmark “{name}” begins on one side of a control and ends on the other"
    hint = "Delete it in Word (Insert, Bookmark) and set it again inside the control, or outside."
    return Problem("template-control", message, where, hint)
