"""The tags of one paragraph: found in its joined text, and set as marks in it or in its place.

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


@dataclass(slots=True, eq=False)
class Command:
    """A cell command of docxtpl's (`cellbg`, `colspan`, `vm`, `hm`) and the paragraph it is in."""

    name: str
    argument: str
    paragraph: Element
    where: Location


@dataclass(slots=True, eq=False)
class ParagraphRequests:
    """What the paragraphs of a part ask of their surroundings, in document order.

    `rows` and `cells` give way to marks. `where`: the places of paragraphs with tags. `sure`: no
    faulty statement is missing, so that openers and closers pair.
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
    """What the expressions of a paragraph share. `comments`, `introduces`: see `Expression`."""

    source: str
    part: str
    comments: bool
    introduces: bool


def mark_paragraph(
    paragraph: Element,
    markers: Markers,
    about: Surroundings,
    found: ParagraphRequests,
    problems: list[Problem],
) -> None:
    """Replace the tags of one paragraph by marks, or it by the marks of its `{%p … %}` tags.

    What rows, cells and neighbours must do is noted in `found`; faults go to `problems`.
    """
    text, where_from = atoms(paragraph)
    if "{" not in text and "}" not in text:
        return
    where = found.where[paragraph] = place(about.source, about.part, text)
    tags, faults = scan(text.translate(_STRAIGHT), prefixes=True)
    tagged = _TaggedParagraph(paragraph, text, where_from, where, about, markers, found, problems)
    for fault in faults:
        tagged.report("template-tag", fault.message, fault.hint)
    sound, wrong = tagged.divide(tags)
    if faults or wrong:
        unread = [text[fault.offset :] for fault in faults]
        unread += [tagged.written(tag) for tag in wrong if keyword(_body(tag)) not in FORBIDDEN]
        tagged.keep_unread(unread)
        tagged.keep(sound)
        return
    if not tags:
        unescape(where_from)
        return
    larger = [tag for tag in tags if tag.prefix in _WHOLE]
    if larger:
        tagged.replace_whole(larger, tags)
        return
    edits = [tagged.edit(tag) for tag in tags]
    tagged.trim(tags, edits)
    apply_edits(text, where_from, edits)
    unescape(where_from)


@dataclass(frozen=True, slots=True, eq=False)
class _TaggedParagraph:
    """A paragraph with tags, and where its marks, requests and problems go."""

    node: Element
    text: str
    atoms: Sequence[Atom]
    where: Location
    about: Surroundings
    markers: Markers
    found: ParagraphRequests
    problems: list[Problem]

    def report(self, code: str, message: str, hint: str) -> None:
        self.problems.append(Problem(code, message, self.where, hint))

    def written(self, tag: RawTag) -> str:
        """The tag as it is in the text."""
        return self.text[tag.start : tag.end]

    # -- faulty tags

    def divide(self, tags: Iterable[RawTag]) -> tuple[list[RawTag], list[RawTag]]:
        """The tags without faults, and those with one, which is reported."""
        sound: list[RawTag] = []
        wrong: list[RawTag] = []
        for tag in tags:
            fault = self._fault(tag)
            if fault is None:
                sound.append(tag)
            else:
                wrong.append(tag)
                self.problems.append(fault)
        return sound, wrong

    def _fault(self, tag: RawTag) -> Problem | None:
        written = self.written(tag)
        shown = quoted(written)
        if OBJECT in written:
            message = (
                "something other than text (a picture, a field, a note) stands inside the tag "
                f"{shown}"
            )
            return Problem("template-tag", message, self.where, "Type the tag again, in one go.")
        if tag.kind is TagKind.COMMENT:
            return None
        if not tag.body:
            message = f"the tag {shown} is empty"
            return Problem(
                "template-tag", message, self.where, "Write a name into it, or delete it."
            )
        fault = _place_fault(self._run_of(tag), shown, self.where)
        if fault is not None:
            return fault
        if tag.kind is TagKind.STATEMENT:
            return statement_fault(_body(tag), shown, self.where)
        if tag.prefix in ("tr", "tc"):
            message = f"{shown}: values for whole rows or cells are not supported"
            return Problem("not-supported", message, self.where, "Use {{ … }} in the cells.")
        return None

    def keep_unread(self, texts: Iterable[str]) -> None:
        """Note statements that cannot be read: without them, openers and closers do not pair."""
        from papergen.engine.checking import unread

        for text in texts:
            if "{%" in text:
                self.found.sure = False
                self.markers.keep(unread(text, self.where))

    def keep(self, tags: Iterable[RawTag]) -> None:
        """Note tags that get no place, so that what is wrong in them is found all the same."""
        for tag in tags:
            body = _body(tag)
            if tag.kind is TagKind.EXPRESSION:
                self.markers.keep(Expression(body, self.where))
            elif tag.kind is TagKind.STATEMENT and keyword(body) not in COMMANDS:
                self.markers.keep(Statement(body, self.where))

    # -- tags in the place of the paragraph, or of a row or cell

    def replace_whole(self, larger: Sequence[RawTag], tags: Sequence[RawTag]) -> None:
        """The paragraph, or its row or cell, gives way to the marks of its `{%p`, `{%tr` or `{%tc`
        tags: the `larger` among its `tags`.
        """
        prefix = larger[0].prefix
        first = quoted(self.written(larger[0]))
        self._check_beside(first, prefix, tags)
        nodes = self._nodes(larger, prefix)
        if prefix == "p":
            self._replace_paragraph(first, nodes)
        else:
            self._replace_outer(first, nodes, prefix)

    def _check_beside(self, first: str, prefix: str, tags: Sequence[RawTag]) -> None:
        """Report what would be lost beside the tags with this prefix."""
        taken = [tag for tag in tags if tag.prefix == prefix or tag.kind is TagKind.COMMENT]
        left = self._left_beside(taken)
        if not left:
            return
        whole = _WHOLE[prefix]
        self.report(
            "template-text-beside-tag",
            f"{left} beside {first} would be lost, since that tag replaces its whole {whole}",
            f"Give the tag a {whole} of its own.",
        )
        self.keep(tag for tag in tags if tag.prefix != prefix)

    def _left_beside(self, taken: Iterable[RawTag]) -> str:
        """What the paragraph holds beside tags that replace it, for a message; empty if nothing."""
        rest = list(self.text)
        for tag in taken:
            rest[tag.start : tag.end] = " " * (tag.end - tag.start)
        left = "".join(rest).strip()
        if left:
            is_text = bool(set(left) - {OBJECT, " "})
            return quoted(left) if is_text else "something that is not text"
        if self.node.find(f"{w('pPr')}/{w('sectPr')}") is not None:
            return "the section break"
        return ""

    def _nodes(self, larger: Iterable[RawTag], prefix: str) -> list[Element]:
        """The marks of those tags that have the prefix."""
        nodes: list[Element] = []
        for tag in larger:
            if tag.prefix != prefix:
                self.found.sure = False
            elif tag.kind is TagKind.STATEMENT:
                piece = Statement(_body(tag), self.where)
                nodes.append(self.markers.node(piece, prefix))
            elif tag.kind is TagKind.EXPRESSION:
                block = Expression(_body(tag), self.where, Context.BLOCK)
                nodes.append(self.markers.node(block))
        return nodes

    def _replace_paragraph(self, first: str, nodes: Iterable[Element]) -> None:
        parent = self.node.getparent()
        if parent.tag not in _HOLD_PARAGRAPHS:
            self.found.sure = False
            self.report(
                "template-xml",
                f"{first} stands in a paragraph within a piece of text, where no paragraph can be",
                "Open the template in Word, save it, and type the tag again.",
            )
            return
        for node in nodes:
            self.node.addprevious(node)
        parent.remove(self.node)

    def _replace_outer(self, first: str, nodes: Iterable[Element], prefix: str) -> None:
        """Note that the row or cell gives way to `nodes`."""
        outer = ancestor(self.node, prefix)
        if outer is None:
            self.found.sure = False
            self.report(
                "template-control",
                f"{first} stands outside a table",
                "Use {%p … %}, or put the tag into a table.",
            )
            return
        replaced = self.found.rows if prefix == "tr" else self.found.cells
        replaced.setdefault(outer, []).extend(nodes)
        for child in list(self.node):
            if child.tag != w("pPr"):
                self.node.remove(child)

    # -- tags within the text

    def edit(self, tag: RawTag) -> Edit:
        """How the tag's text changes; a cell command is noted and goes."""
        if tag.kind is TagKind.COMMENT:
            return Edit(tag.start, tag.end)
        body = _body(tag)
        if tag.kind is TagKind.EXPRESSION:
            return self._edit_expression(tag, body)
        word = keyword(body)
        if word in COMMANDS:
            argument = body[len(word) :].strip()
            self.found.commands.append(Command(word, argument, self.node, self.where))
            return Edit(tag.start, tag.end)
        node = self.markers.node(Statement(body, self.where), tag.prefix)
        return Edit(tag.start, tag.end, node, between=True)

    def _edit_expression(self, tag: RawTag, body: str) -> Edit:
        properties = self._run_of(tag).find(w("rPr"))
        own = "" if properties is None else fragment(properties)
        context = Context.RUN if tag.prefix == "r" else Context.TEXT
        expression = Expression(
            body, self.where, context, own, self.about.introduces, self.about.comments
        )
        node = self.markers.node(expression)
        return Edit(tag.start, tag.end, node, between=context is Context.RUN)

    def trim(self, tags: Sequence[RawTag], edits: Sequence[Edit]) -> None:
        """`{%-` and `-%}`: blanks beside them go, and then line breaks and tabs; at the paragraph's
        edge it joins its neighbour.
        """
        text = self.text
        for tag, edit in zip(tags, edits, strict=True):
            joins = tag.kind is TagKind.STATEMENT
            if tag.trim_left:
                edit.start = len(_trimmed(text[: edit.start]))
                if joins and not text[: tag.start].strip():
                    self.found.joins_previous.add(self.node)
            if tag.trim_right:
                edit.end = len(text) - len(_trimmed(text[edit.end :][::-1]))
                if joins and not text[tag.end :].strip():
                    self.found.joins_next.add(self.node)
        for before, after in itertools.pairwise(edits):
            after.start = max(after.start, before.end)

    def _run_of(self, tag: RawTag) -> Element:
        return next(atom.run for atom in self.atoms if atom.end > tag.start)


def _place_fault(run: Element, shown: str, where: Location) -> Problem | None:
    """A tag may not be where Word itself takes text away or puts some in."""
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


def _body(tag: RawTag) -> str:
    return tag.body.translate(_IN_TAG).strip()


def quoted(text: str) -> str:
    """A text as messages quote it."""
    return f"“{shorten_line(text.replace(OBJECT, '…'))}”"


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
