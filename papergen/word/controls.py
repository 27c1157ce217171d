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

from papergen.engine.pieces import Statement
from papergen.errors import Location, Problem
from papergen.word.markers import Markers
from papergen.word.runs import place_of
from papergen.word.statements import MIDDLES, OPENERS, keyword
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
class _OpenInPart:
    word: str
    node: Element
    where: Location
    parent: Element
    branch: int = 0


@dataclass(frozen=True, slots=True)
class Numbers:
    """Numbers still free, over all parts of a template."""

    drawings: Iterator[int]
    bookmarks: Iterator[int]

    @classmethod
    def new(cls) -> Numbers:
        return cls(count(1), count(1))


_Frames = tuple[tuple[int, int], ...]
"""The controls that something stands in, and in which branch of each."""


def check_controls(
    root: Element, markers: Markers, where: Location, problems: list[Problem]
) -> None:
    """Report controls that do not pair in one container, and fields that one cuts.

    `where`: the part, for what has no paragraph.
    """
    opened: list[_OpenInPart] = []
    fields: list[_Frames] = []
    for node in root.iter(etree.PI, w("fldChar")):
        if node.tag is etree.PI:
            if isinstance(markers.piece(node), Statement):
                _step(node, markers, opened, problems)
        elif node.get(w("fldCharType")) == "begin":
            fields.append(_frames(opened))
        elif fields:
            begun = fields.pop() if node.get(w("fldCharType")) == "end" else fields[-1]
            if begun != _frames(opened):
                message = (
                    "a field (such as a table of contents) begins on one side of a control and "
                    "ends on the other"
                )
                problems.append(
                    Problem(
                        "template-control",
                        message,
                        place_of(node, where),
                        "Move the tag out of the field, or the field into the control.",
                    )
                )
    for left in opened:
        end = markers.written(left.node).partition(" ")[0] + f" {OPENERS[left.word]} %}}”"
        message = f"{markers.written(left.node)} is never closed by {end}"
        problems.append(
            Problem("template-control", message, left.where, f"Write {end} where it is to end.")
        )


def number_ids(
    root: Element, markers: Markers, numbers: Numbers, where: Location, problems: list[Problem]
) -> None:
    """Give drawings and bookmarks numbers of their own. The controls have been checked. Reports
    bookmarks that straddle one.
    """
    opened: list[_OpenInPart] = []
    starts: dict[str, tuple[Element, _Frames, bool]] = {}
    ends: dict[str, tuple[Element, _Frames]] = {}
    docpr, ident = f"{{{WP}}}docPr", w("id")
    for node in list(root.iter(etree.PI, docpr, w("bookmarkStart"), w("bookmarkEnd"), w("sdtPr"))):
        looped = any(control.word == "for" for control in opened)
        if node.tag is etree.PI:
            if isinstance(markers.piece(node), Statement):
                _step(node, markers, opened, [])
        elif node.tag == docpr:
            node.set(
                "id",
                markers.token("_drawing_id()", place_of(node, where))
                if looped
                else str(next(numbers.drawings)),
            )
        elif node.tag == w("bookmarkStart"):
            starts[node.get(ident) or ""] = (node, _frames(opened), looped)
        elif node.tag == w("bookmarkEnd"):
            ends[node.get(ident) or ""] = (node, _frames(opened))
        elif looped:
            for old in node.findall(
                ident
            ):  # ids of content controls must differ, and may be left out
                node.remove(old)
    _number_bookmarks(starts, ends, markers, numbers, where, problems)


def _frames(opened: list[_OpenInPart]) -> _Frames:
    return tuple((id(control), control.branch) for control in opened)


def _step(
    node: Element, markers: Markers, opened: list[_OpenInPart], problems: list[Problem]
) -> None:
    piece, parent = markers.piece(node), node.getparent()
    assert isinstance(piece, Statement)
    word = keyword(piece.source)
    if word == "set":
        return
    if word in OPENERS:
        opened.append(_OpenInPart(word, node, piece.where, parent))
        return
    wanted = MIDDLES.get(word) or tuple(
        opener for opener, closer in OPENERS.items() if closer == word
    )
    if not opened or opened[-1].word not in wanted:
        problems.append(_without_start(node, markers, piece.where, wanted, opened))
        if word in OPENERS.values():
            for index in range(
                len(opened) - 1, -1, -1
            ):  # mend the nesting, so that one fault is reported once
                if opened[index].word in wanted:
                    del opened[index:]
                    break
        return
    top = opened[-1]
    if top.parent is not parent:
        problems.append(_apart(top, node, markers, piece.where))
    if word in OPENERS.values():
        opened.pop()
    else:
        top.branch += 1


def _without_start(
    node: Element,
    markers: Markers,
    where: Location,
    wanted: tuple[str, ...],
    opened: list[_OpenInPart],
) -> Problem:
    starts = " or ".join(f"{{% {word} … %}}" for word in wanted)
    if not opened:
        return Problem(
            "template-control",
            f"{markers.written(node)} has no {starts} before it",
            where,
            "Delete it, or write its start.",
        )
    message = (
        f"{markers.written(node)} needs {starts}, but what is open here is "
        f"{markers.written(opened[-1].node)}"
    )
    return Problem(
        "template-control",
        message,
        where,
        "Close each control before the one round it: endif for if, endfor for for.",
    )


def _apart(opener: _OpenInPart, node: Element, markers: Markers, where: Location) -> Problem:
    first, second = _PLACES.get(opener.parent.tag, ""), _PLACES.get(node.getparent().tag, "")
    if first == second and first:
        places = f"stand in different {first}s"
    else:
        places = f"stand {_in_words(first)} and {_in_words(second)}"
    message = f"{markers.written(opener.node)} and its {markers.written(node)} {places}"
    if opener.where != where:
        message += f"; it starts in {opener.where.detail.partition(', ')[2] or opener.where.detail}"
    return Problem("template-control", message, where, _HINT)


def _in_words(place: str) -> str:
    return (
        f"inside a {place}"
        if place in ("paragraph", "link", "content control")
        else f"in a {place}"
        if place
        else "between paragraphs"
    )


def _number_bookmarks(
    starts: dict[str, tuple[Element, _Frames, bool]],
    ends: dict[str, tuple[Element, _Frames]],
    markers: Markers,
    numbers: Numbers,
    where: Location,
    problems: list[Problem],
) -> None:
    ident, named = w("id"), w("name")
    for key, (start, frames, looped) in starts.items():
        name = start.get(named) or ""
        end, end_frames = ends.pop(key, (None, None))
        if end is None or end_frames != frames:
            if end is not None and not name.startswith("_"):  # Word makes those of its own anew
                message = (
                    f"the bookmark “{name}” begins on one side of a control and ends on the other"
                )
                hint = (
                    "Delete it in Word (Insert, Bookmark) and set it again inside the control, or "
                    "outside."
                )
                problems.append(Problem("template-control", message, place_of(start, where), hint))
            for node in (start, end):
                if node is not None:
                    node.getparent().remove(node)
        elif looped:
            start.set(ident, markers.token(f"_bookmark_id({name!r})", where))
            start.set(named, markers.token(f"_bookmark_name({name!r})", where))
            end.set(ident, markers.token(f"_bookmark_end_id({name!r})", where))
        else:
            number = str(next(numbers.bookmarks))
            start.set(ident, number)
            end.set(ident, number)
    for end, _ in ends.values():
        end.getparent().remove(end)
