"""Numbers and bullets that someone typed, or pasted from an old paper: papergen numbers paragraphs
itself.

A number before words may belong to the words: “3.5 per cent of”, “A. Smith, the chair”, “c. 1900”.
So each rule looks at what follows. Where one is wrong, a backslash lets the paragraph begin as it
does.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

# What any of them looks like. All others are told from prose by patterns that cost too much to make
# for a text without any.
_LIKELY: Final = re.compile(r"\(?(?:\d+|[A-Za-z]{1,6})[.()\t]")


def typed_number(text: str, start: int, *, heading: bool = False) -> str:
    """The number or letter that numbers the paragraph, or subheading, whose words begin at `start`;
    empty for none.
    """
    if not _LIKELY.match(text, start):
        return ""
    found = _patterns()[heading].match(text, start)
    return found[0] if found else ""


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Numbers of paragraphs; those and others of subheadings, which do not begin with a name's
    initial.
    """
    roman = "[ivx]{2,6}"
    # Words that begin a sentence; none is what an amount is an amount of.
    no_noun = (
        "(?:a|all|an|and|any|are|as|at|both|by|does|each|following|for|from|has|have|he|his|if|in|is|it|its|no|not|of|on|or|our|"
        "she|that|the|their|there|these|they|this|those|thus|to|unless|us|was|we|were|what|when|where|whereas|whether|which|"
        r"while|who|with)\b"
    )
    unit = (
        "(?:am|pm|per|percent|percentage|pc|hundred|thousand|million|billion|trillion|m|bn|k|km|cm|mm|kg|ha|ft|sq|cubic|square|"
        r"metric|times)\b|(?:to|and|or|by|x|in|of|out\s+of)\s+(?:[\d£]|every|more|less|the\s+(?:\d|morning|afternoon|evening))"
    )
    # “3.5 new posts”: what there are several of ends in s, mostly, and at most three words before
    # it say which.
    several = r"(?:[a-z’'-]*[a-rt-z]s|children|people|staff|women|men)\b"
    amount = rf"(?:{unit}|(?:(?!{no_noun})[a-z’'-]+\s+){{0,3}}(?!{no_noun}){several})"
    # After a capital letter and a full stop: “A. The Board”, but neither “A. A. Milne”, “A. de
    # Souza” nor “E. coli”.
    small_names = (
        "al|ap|bin|da|de|den|der|di|du|la|le|ten|ter|van|von|aureus|coli|diff|difficile|pneumoniae"
    )
    sentence = rf"(?:(?i:{no_noun})(?!\.)|(?!(?:{small_names})\b)[a-z])"
    tag = "[\U000f0000-\U0010fffd]"  # a tag of the narrative is one character of the private planes
    number = (
        rf"\d+(?:\.\d+)+[.)]?(?=\s+(?:(?!(?:FTE|WTE)\b)[^\Wa-z\d_]|{tag}))"  # 1.1 The
        r"|\d{1,3}(?:\.\d{1,3})+(?:[.)](?=\s)|(?=\t|[A-Z][a-z]))"  # 1.1. the
        r"|\d{1,3}(?:\.\d{1,2}){2,}(?=\s)"  # 4.2.1 the
        rf"|\d+\.\d+(?=\s+(?!{amount})[a-z])"  # 2.1 the
        r"|\d+[.)](?=\s)|\d{1,3}(?:(?=\t)|[.)](?=[A-Z][a-z]))"  # 12. the
        rf"|(?:\d{{1,3}}(?:\.\d{{1,3}})*)?(?:\((?:[a-zA-Z]|{roman})\)){{2}}(?=\s)"  # (a)(i) the
        rf"|\d{{1,3}}(?:\.\d{{1,3}})*\((?:[a-zA-Z]|{roman})\)(?=\s)"  # 1(a) the
        rf"|\((?:\d{{1,3}}(?:\.\d{{1,3}})*|[a-zA-Z]|{roman}|[IVX]{{2,6}})\)(?=\s)"  # (a) the
        rf"|(?:[a-zA-Z]|{roman}|[IVX]{{2,6}})\)(?=\s)"  # a) the
        rf"|(?:[a-z]|{roman})\.(?=\s+(?!\d))"  # i. the
        rf"|[IVX]{{2,6}}\.(?=\s)|[A-Z]\.(?=\s+(?:{sentence}|{tag}))"  # A. The
    )
    return re.compile(number), re.compile(rf"{number}|[A-Z]\.(?=\s+[A-Z][a-z])")


BULLET_CHARACTERS: Final = (
    "\u2022\u2023\u25aa\u25cf\u25e6\u25cb\u25a0\u25a1\u00b7\u2043\uf0b7\uf0a7"
)
BULLET: Final = re.compile(rf"[{BULLET_CHARACTERS}]\s*\S")
"""A bullet that someone typed or pasted; Word's own stand in the private use area."""

HINT: Final = (
    "Delete it: papergen numbers paragraphs itself. Where the text must begin so, put a "
    "backslash before the full stop or bracket."
)
ORPHAN_LIST: Final = "a numbered list starts here with no paragraph above it"
ORPHAN_HINT: Final = (
    "Where “{}” numbers a paragraph, delete it: papergen numbers paragraphs itself. Where a "
    "list is meant, write above it the paragraph that leads in to it."
)
