"""Proof that a part's pieces give well-formed XML on every path, whatever the values: so that
nothing is parsed at run time.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from papergen.engine.blocks import first_word, is_closer, is_middle, is_opener
from papergen.engine.pieces import Begin, Context, End, Expression, Piece, Statement

_MARKUP = re.compile(
    r"""<(?P<end>/)?(?P<name>[^\s/>?!]+)(?:\s+[^\s=<>]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*\s*(?P<empty>/)?>|<\?[^?]*\?>"""
)
_BLOCK_PARENTS = {
    "w:body",
    "w:tc",
    "w:hdr",
    "w:ftr",
    "w:footnote",
    "w:endnote",
    "w:txbxContent",
    "w:sdtContent",
    "w:customXml",
}
_RUN_PARENTS = {
    "w:p",
    "w:hyperlink",
    "w:sdtContent",
    "w:smartTag",
    "w:fldSimple",
    "w:customXml",
    "w:dir",
    "w:bdo",
}


def check_well_formed(pieces: Sequence[Piece]) -> None:
    """Raises AssertionError, a fault of papergen's own, where a branch would leave an element open
    or close another's.
    """
    stack: list[str] = []
    floors: list[list[str]] = []
    pending = ""
    for piece in pieces:
        if isinstance(piece, str):
            pending += piece
            continue
        if isinstance(piece, Begin):
            pending += piece.paragraph.open_xml
            continue
        if isinstance(piece, End):
            pending += "</w:p>"
            continue
        if isinstance(piece, Expression) and piece.context in (
            Context.ATTRIBUTE,
            Context.COLOUR,
            Context.NUMBER,
        ):
            pending += "0"
            continue
        _walk(pending, stack, floors)
        pending = ""
        if isinstance(piece, Expression):
            _check_context(piece, stack)
        elif isinstance(piece, Statement):
            _check_branch(piece, stack, floors)
    _walk(pending, stack, floors)
    assert not stack, f"elements left open: {stack}"
    assert not floors, "a control is left open"


def _walk(text: str, stack: list[str], floors: list[list[str]]) -> None:
    at = 0
    while (begin := text.find("<", at)) >= 0:
        match = _MARKUP.match(text, begin)
        assert match, f"a tag is cut: {text[begin : begin + 80]!r}"
        at = match.end()
        name = match["name"]
        if name is None or match["empty"]:
            continue
        if not match["end"]:
            stack.append(name)
            continue
        assert stack[-1:] == [name], f"</{name}> closes {stack[-1:]}"
        assert not floors or len(stack) > len(floors[-1]), (
            f"</{name}> closes an element from outside its branch"
        )
        stack.pop()


def _check_branch(piece: Statement, stack: list[str], floors: list[list[str]]) -> None:
    word = first_word(piece.source)
    if is_opener(word):
        floors.append(list(stack))
    elif is_middle(word) or is_closer(word):
        assert floors[-1:] == [stack], (
            f"{piece.source!r} at {piece.where}: {floors[-1:]} is now {stack}"
        )
        if is_closer(word):
            floors.pop()


def _check_context(piece: Expression, stack: list[str]) -> None:
    top = stack[-1] if stack else ""
    if piece.context is Context.TEXT:
        assert stack[-2:] == ["w:r", "w:t"], (
            f"{piece.source!r} at {piece.where} stands in {stack[-2:]}"
        )
    elif piece.context in (Context.BLOCK, Context.LAST_BLOCK):
        assert top in _BLOCK_PARENTS, f"{piece.source!r} at {piece.where} stands in {top}"
    elif piece.context is Context.RUN:
        assert top in _RUN_PARENTS, f"{piece.source!r} at {piece.where} stands in {top}"
    else:
        assert top not in ("", "w:t"), f"{piece.source!r} at {piece.where} stands in {top}"
