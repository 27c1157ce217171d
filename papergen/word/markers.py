"""Marks in a part's tree where pieces will go, and the pieces that come out when it is written.

A mark among elements or in text is a processing instruction; in an attribute it is a token between
two characters that are no characters (Unicode 23.7). The parser removes the template's own
instructions, and such characters are refused: no mark can be taken for the template's own text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

from papergen.engine.pieces import Begin, Context, End, Expression, Paragraph, Piece, Statement
from papergen.errors import Location
from papergen.word.tree import Element, serialise

TARGET = "pg"
OPEN, CLOSE = "\ufdd0", "\ufdd1"
_MARK = re.compile(f"<\\?{TARGET} ([0-9]+)\\?>|{OPEN}([0-9]+){CLOSE}")


@dataclass(frozen=True, slots=True)
class Start:
    """The paragraph that holds this mark after its properties will be a `Begin`."""

    where: Location
    number: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Stop:
    """The end of the paragraph of a `Start`."""


class Markers:
    """The marks of one part."""

    def __init__(self) -> None:
        self._pieces: list[Piece | Start | Stop] = []
        self._prefixes: dict[int, str] = {}

    def node(self, piece: Piece | Start | Stop, prefix: str = "") -> Element:
        """A node that stands for the piece, among elements or in the text of a `w:t`. `prefix`: the
        `p` of a `{%p … %}`.
        """
        if prefix:
            self._prefixes[len(self._pieces)] = prefix
        self._pieces.append(piece)
        return etree.ProcessingInstruction(TARGET, str(len(self._pieces) - 1))

    def keep(self, piece: Expression | Statement) -> None:
        """Note a tag that has no place in the tree, since something beside it is faulty."""
        self._pieces.append(piece)

    def tags(self) -> list[Expression | Statement]:
        """All tags of the part, in order."""
        return [piece for piece in self._pieces if isinstance(piece, (Expression, Statement))]

    def token(self, source: str, where: Location, context: Context = Context.ATTRIBUTE) -> str:
        """The text for an expression in an attribute; `context`: what the attribute may hold."""
        expression = Expression(source, where, context, introduces=False, comments=False)
        self._pieces.append(expression)
        return f"{OPEN}{len(self._pieces) - 1}{CLOSE}"

    def piece(self, node: Element) -> Piece | Start | Stop:
        """The piece that a node of `node` stands for."""
        return self._pieces[int(node.text or "")]

    def written(self, node: Element) -> str:
        """The statement that a node stands for, as the template has it."""
        piece = self.piece(node)
        assert isinstance(piece, Statement)
        prefix = self._prefixes.get(int(node.text or ""), "")
        return f"“{{%{prefix} {piece.source} %}}”"

    def pieces(self, root: Element) -> tuple[Piece, ...]:
        """The part as pieces. Literals together are its whole XML, with its declaration; no two
        literals are neighbours.
        """
        text = serialise(root)
        found: list[Piece] = []
        open_paragraphs: list[Paragraph] = []
        literal = ""
        at = 0
        for match in _MARK.finditer(text):
            literal += text[at : match.start()]
            at = match.end()
            piece = self._pieces[int(match[1] or match[2])]
            if isinstance(piece, Start):
                begin = max(literal.rfind("<w:p>"), literal.rfind("<w:p "))
                paragraph = Paragraph(literal[begin:], piece.where, number=piece.number)
                open_paragraphs.append(paragraph)
                literal = literal[:begin]
                piece = Begin(paragraph)
            elif isinstance(piece, Stop):
                assert text.startswith("</w:p>", at)
                at += len("</w:p>")
                piece = End(open_paragraphs.pop())
            if literal:
                found.append(literal)
            found.append(piece)
            literal = ""
        literal += text[at:]
        return (*found, literal) if literal else tuple(found)
