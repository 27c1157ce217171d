"""Controls of a part's tree: openers and closers in pairs, each pair in one container, and what must not straddle them.

Also numbers drawings and bookmarks: fixed numbers where they stand once, and expressions counted at run time in loops.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count

from lxml import etree

from papergen.errors import Location, Problem
from papergen.merge.pieces import Statement
from papergen.word.marks import Marks
from papergen.word.statements import MIDDLES, OPENERS, keyword
from papergen.word.tree import WP, Element, w

_NAMES = {
    w("p"): "inside a paragraph",
    w("tc"): "in a cell",
    w("tbl"): "between rows",
    w("tr"): "between cells",
    w("body"): "between paragraphs",
    w("hyperlink"): "inside a link",
    w("sdtContent"): "inside a content control",
    w("txbxContent"): "in a text box",
}


@dataclass(slots=True)
class _Open:
    word: str
    statement: Statement
    parent: Element
    branch: int = 0


@dataclass(slots=True)
class Numbers:
    """Numbers given so far, over all parts of a template."""

    drawings: count[int]
    bookmarks: count[int]

    @classmethod
    def new(cls) -> Numbers:
        return cls(count(1), count(1))


_Frames = tuple[tuple[int, int], ...]


def check_controls(root: Element, marks: Marks, numbers: Numbers, where: Location, problems: list[Problem]) -> None:
    """Report controls that do not pair in one container, and fields and bookmarks that straddle one; number what needs numbers.

    `where` is the part, for what has no paragraph.
    """
    opened: list[_Open] = []
    fields: list[_Frames] = []
    starts: dict[str, tuple[Element, _Frames, bool]] = {}
    ends: dict[str, tuple[Element, _Frames]] = {}
    docpr, start, end, field, ident = f"{{{WP}}}docPr", w("bookmarkStart"), w("bookmarkEnd"), w("fldChar"), w("id")
    for node in list(root.iter(etree.PI, docpr, start, end, field, w("sdtPr"))):
        frames = tuple((id(o), o.branch) for o in opened)
        looped = any(o.word == "for" for o in opened)
        if node.tag is etree.PI:
            piece = marks.piece(node)
            if isinstance(piece, Statement):
                parent = node.getparent()
                assert parent is not None
                _step(piece, parent, opened, problems)
        elif node.tag == docpr:
            node.set("id", marks.token("_drawing_id()", where) if looped else str(next(numbers.drawings)))
        elif node.tag == start:
            starts[node.get(ident) or ""] = (node, frames, looped)
        elif node.tag == end:
            ends[node.get(ident) or ""] = (node, frames)
        elif node.tag == field:
            _check_field(node, frames, fields, where, problems)
        elif looped:
            for old in node.findall(w("id")):  # ids of content controls must differ, and need not be
                node.remove(old)
    for left in opened:
        problems.append(
            Problem(
                "template-control",
                f"“{{% {left.statement.source} %}}” has no “{OPENERS[left.word]}”",
                left.statement.where,
                f"Write {{% {OPENERS[left.word]} %}} where it ends, with the same letter after the opening brace (p, tr, tc) as the start.",
            )
        )
    _number_bookmarks(starts, ends, marks, numbers, where, problems)


def _step(piece: Statement, parent: Element, opened: list[_Open], problems: list[Problem]) -> None:
    word = keyword(piece.source)
    if word in OPENERS:
        opened.append(_Open(word, piece, parent))
        return
    if word == "set":
        return
    wanted = MIDDLES.get(word) or tuple(opener for opener, closer in OPENERS.items() if closer == word)
    if not opened or opened[-1].word not in wanted:
        found = f"the open control is “{{% {opened[-1].statement.source} %}}”" if opened else "no control is open"
        problems.append(
            Problem(
                "template-control",
                f"“{{% {piece.source} %}}” has no start: {found}",
                piece.where,
                f"It belongs to a {' or '.join(wanted)}; check that each control before it is closed by its own end.",
            )
        )
        if word in OPENERS.values():
            for index in range(len(opened) - 1, -1, -1):  # mend the nesting so that one fault is reported once
                if opened[index].word in wanted:
                    del opened[index:]
                    break
        return
    top = opened[-1]
    if top.parent is not parent:
        problems.append(
            Problem(
                "template-control",
                f"“{{% {top.statement.source} %}}” stands {_name(top.parent)} and its “{{% {piece.source} %}}” {_name(parent)}, not in the same place"
                + (f" ({top.statement.where.detail})" if top.statement.where != piece.where else ""),
                piece.where,
                "Put both into one paragraph, or each into a paragraph of its own as {%p … %}, a row of its own as {%tr … %} or a cell of its own as {%tc … %}.",
            )
        )
    if word in OPENERS.values():
        opened.pop()
    else:
        top.branch += 1


def _name(parent: Element) -> str:
    return _NAMES.get(parent.tag, "between paragraphs")


def _check_field(node: Element, frames: _Frames, fields: list[_Frames], where: Location, problems: list[Problem]) -> None:
    kind = node.get(w("fldCharType"))
    if kind == "begin":
        fields.append(frames)
    elif fields:
        begun = fields.pop() if kind == "end" else fields[-1]
        if begun != frames:
            problems.append(
                Problem(
                    "template-control",
                    "a field begins on one side of a control and ends on the other",
                    where,
                    "Move the tag out of the field (a table of contents, a page number, a reference), or the field into the control.",
                )
            )


def _number_bookmarks(
    starts: dict[str, tuple[Element, _Frames, bool]],
    ends: dict[str, tuple[Element, _Frames]],
    marks: Marks,
    numbers: Numbers,
    where: Location,
    problems: list[Problem],
) -> None:
    ident, named = w("id"), w("name")
    for key, (start, frames, looped) in starts.items():
        name = start.get(named) or ""
        end, end_frames = ends.pop(key, (None, None))
        if end is None or end_frames != frames:
            if end is not None and not name.startswith("_"):  # those of Word's own it makes anew
                problems.append(
                    Problem(
                        "template-control",
                        f"the bookmark “{name}” begins on one side of a control and ends on the other",
                        where,
                        "Delete it in Word (Insert, Bookmark) and set it again inside the control, or outside.",
                    )
                )
            _drop(start)
            if end is not None:
                _drop(end)
        elif looped:
            start.set(ident, marks.token(f"_bookmark_id({name!r})", where))
            start.set(named, marks.token(f"_bookmark_name({name!r})", where))
            end.set(ident, marks.token(f"_bookmark_end_id({name!r})", where))
        else:
            number = str(next(numbers.bookmarks))
            start.set(ident, number)
            end.set(ident, number)
    for end, _ in ends.values():
        _drop(end)


def _drop(node: Element) -> None:
    parent = node.getparent()
    assert parent is not None
    parent.remove(node)
