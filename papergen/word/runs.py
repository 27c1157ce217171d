"""A paragraph's text as one string, and back: which run each stretch of it comes from, and runs cut
where marks go.

Word cuts text into runs wherever it likes, in the middle of a tag too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, field

from lxml import etree

from papergen.errors import Location
from papergen.text import shorten_line
from papergen.word.tree import XML_SPACE, Element, w

OBJECT = "\ufffc"
"""What stands in a paragraph's text for a picture, a field character, a note, a page break."""

_T, _R, _RPR = w("t"), w("r"), w("rPr")
_CHARACTERS = {
    w("tab"): "\t",
    w("br"): "\n",
    w("cr"): "\n",
    w("noBreakHyphen"): "-",
    w("softHyphen"): "\u00ad",
}
_CONTAINERS = {
    w(n)
    for n in (
        "hyperlink",
        "smartTag",
        "ins",
        "moveTo",
        "customXml",
        "fldSimple",
        "dir",
        "bdo",
        "sdtContent",
        "sdt",
    )
}
_ESCAPED = (("{_{", "{{"), ("}_}", "}}"), ("{_%", "{%"), ("%_}", "%}"))


@dataclass(frozen=True, slots=True)
class Atom:
    """`text[start:end]` comes from `node`, a child of `run`."""

    node: Element
    run: Element
    start: int
    end: int


@dataclass(slots=True, eq=False)
class Edit:
    """`text[start:end]` gives way to `node`, in its text or `between` runs, or to nothing."""

    start: int
    end: int
    node: Element | None = None
    between: bool = False


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
            elif node.tag == w("br") and node.get(w("type")) in ("page", "column"):
                piece = OBJECT
            else:
                piece = _CHARACTERS.get(node.tag, OBJECT)
            text.append(piece)
            found.append(Atom(node, run, length, length + len(piece)))
            length += len(piece)
    return "".join(text), found


def _runs(paragraph: Element) -> Iterator[Element]:
    waiting = [iter(paragraph)]
    while waiting:
        for child in waiting[-1]:
            if child.tag == _R:
                yield child
            elif child.tag in _CONTAINERS:
                waiting.append(iter(child))
                break
        else:
            waiting.pop()


def place(source: str, part: str, text: str) -> Location:
    """A paragraph as messages name it: the part, and the beginning of its text."""
    shown = shorten_line(text.replace(OBJECT, " "))
    if not shown:
        return Location(source, detail=f"{part}, a paragraph without text")
    return Location(source, detail=f"{part}, paragraph “{shown}”")


def place_of(node: Element, part: Location) -> Location:
    """The paragraph that a node is in, as messages name it; the part itself where there is none."""
    paragraph = next(node.iterancestors(w("p")), None)
    if paragraph is None:
        return part
    text, _ = atoms(paragraph)
    return place(part.source, part.detail, text)


def apply_edits(text: str, where_from: Sequence[Atom], edits: Sequence[Edit]) -> None:
    """Cut the runs of a paragraph so that each edit is done. `edits` are in order and do not
    overlap.

    A run's parts keep its properties; a run of which nothing is left goes.
    """
    for run, own in _by_run(where_from):
        touching = [edit for edit in edits if edit.start < own[-1].end and edit.end > own[0].start]
        if touching:
            _rebuild(run, own, text, touching)


def _by_run(where_from: Sequence[Atom]) -> Iterator[tuple[Element, list[Atom]]]:
    own: list[Atom] = []
    for atom in where_from:
        if own and atom.run is not own[0].run:
            yield own[0].run, own
            own = []
        own.append(atom)
    if own:
        yield own[0].run, own


def _rebuild(
    run: Element,
    own: list[Atom],
    text: str,
    edits: list[Edit],
) -> None:
    """Replace a run by what its edits leave of it."""
    cut = _CutRun()
    for atom in own:
        cut.add(atom, text, edits)
    properties = run.find(_RPR)
    for number, segment in enumerate(cut.segments):
        if number:
            run.addprevious(cut.between[number - 1])
        if segment:
            run.addprevious(_run(run, properties, segment))
    run.getparent().remove(run)


@dataclass(slots=True, eq=False)
class _CutRun:
    """What the segments of a run hold, and the nodes between these."""

    segments: list[list[str | Element]] = field(default_factory=lambda: [[]])
    between: list[Element] = field(default_factory=list)

    def add(self, atom: Atom, text: str, edits: list[Edit]) -> None:
        """Add what the edits leave of an atom, and the nodes of those that begin in it."""
        is_text = atom.node.tag == _T
        at = atom.start
        for edit in edits:
            if edit.end <= at or edit.start >= atom.end:
                continue
            if edit.start > at and is_text:
                self.segments[-1].append(text[at : edit.start])
            if atom.start <= edit.start:
                self._add_node(edit)
            at = min(edit.end, atom.end)
        if at < atom.end:
            self.segments[-1].append(text[at : atom.end] if is_text else atom.node)

    def _add_node(self, edit: Edit) -> None:
        if edit.node is None:
            return
        if edit.between:
            self.between.append(edit.node)
            self.segments.append([])
        else:
            self.segments[-1].append(edit.node)


def _run(model: Element, properties: Element | None, items: list[str | Element]) -> Element:
    run = etree.Element(_R, dict(model.attrib), nsmap=model.nsmap)
    if properties is not None:
        run.append(deepcopy(properties))
    text = None
    for item in items:
        is_element = not isinstance(item, str) and isinstance(item.tag, str)
        if is_element:  # not a mark
            text = None
            run.append(item)
            continue
        if text is None:
            text = etree.SubElement(run, _T)
            text.set(XML_SPACE, "preserve")
        if not isinstance(item, str):
            text.append(item)
        elif len(text):
            text[-1].tail = _unescaped((text[-1].tail or "") + item)
        else:
            text.text = _unescaped((text.text or "") + item)
    return run


def unescape(where_from: Sequence[Atom]) -> None:
    """Docxtpl's `{_{` and `}_}`, which print braces, in what is left of a paragraph's own text."""
    for atom in where_from:
        if atom.node.tag == _T and atom.node.text:
            atom.node.text = _unescaped(atom.node.text)


def _unescaped(text: str) -> str:
    if "_" in text:
        for written, meant in _ESCAPED:
            text = text.replace(written, meant)
    return text
