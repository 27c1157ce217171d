"""Proof that a part's pieces make well-formed XML on every path, whatever the values: nothing need
be parsed at run time.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from papergen.engine.blocks import first_word, is_closer, is_middle, is_opener
from papergen.engine.pieces import Begin, Context, End, Expression, Piece, Statement

_MARKUP = re.compile(
    r"""<(?P<end>/)?(?P<name>[^\s/>?!]+)(?:\s+[^\s=<>]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*\s*(?P<empty>/)?>|<\?[^?]*\?>"""
)
_ATTRIBUTE_CONTEXTS = (Context.ATTRIBUTE, Context.COLOUR, Context.NUMBER)
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
    """Check that every branch closes what it opens.

    Raises AssertionError, a fault of papergen's own, where a branch would leave an element open or
    close another's.
    """
    stack: list[str] = []
    floors: list[list[str]] = []
    pending = ""
    for piece in pieces:
        text = _text_of(piece)
        if text is not None:
            pending += text
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


def _text_of(piece: Piece) -> str | None:
    """What a piece writes, if it is the same for all values, or stands in an attribute."""
    if isinstance(piece, str):
        return piece
    if isinstance(piece, Begin):
        return piece.paragraph.open_xml
    if isinstance(piece, End):
        return "</w:p>"
    if isinstance(piece, Expression) and piece.context in _ATTRIBUTE_CONTEXTS:
        return "0"
    return None


def _walk(text: str, stack: list[str], floors: list[list[str]]) -> None:
    """Open and close the elements of a text. `floors`: the stack at the start of each branch."""
    begin = text.find("<")
    while begin >= 0:
        match = _MARKUP.match(text, begin)
        assert match, f"a tag is cut: {text[begin : begin + 80]!r}"
        name = match["name"]
        is_whole = name is None or match["empty"]  # an instruction, or an empty element
        if not is_whole and match["end"]:
            _close(name, stack, floors)
        elif not is_whole:
            stack.append(name)
        begin = text.find("<", match.end())


def _close(name: str, stack: list[str], floors: list[list[str]]) -> None:
    assert stack[-1:] == [name], f"</{name}> closes {stack[-1:]}"
    is_of_branch = not floors or len(stack) > len(floors[-1])
    assert is_of_branch, f"</{name}> closes an element from outside its branch"
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
    parents: object = top
    if piece.context is Context.TEXT:
        parents = stack[-2:]
        fits = parents == ["w:r", "w:t"]
    elif piece.context in (Context.BLOCK, Context.LAST_BLOCK):
        fits = top in _BLOCK_PARENTS
    elif piece.context is Context.RUN:
        fits = top in _RUN_PARENTS
    else:
        fits = top not in ("", "w:t")
    assert fits, f"{piece.source!r} at {piece.where} stands in {parents}"
