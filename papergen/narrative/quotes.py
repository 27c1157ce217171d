"""Typewriter quotation marks and apostrophes to the printed ones: “ ”, ‘ ’, and ’ for an
apostrophe.
"""

from __future__ import annotations

import re
from typing import Final

_QUOTES: Final = re.compile("[\"']")
_OPENS_AFTER: Final = frozenset(" \t\n\u00a0([{<–—-/“‘\"'")
_CLOSES_SINGLE: Final = re.compile(r"(?<=[^\s(\[“‘])'(?!\w)")


def curled(text: str) -> str:
    """`text` with its quotation marks curled, one character for one.

    A double quote opens at the start, and after a blank, a bracket or a dash, when something
    follows it. A single one is an apostrophe, unless it could open a word and a later one could
    close: ’90s, parents’, but ‘looked after’.
    """
    if '"' not in text and "'" not in text:
        return text
    out = list(text)
    single_open = False
    last_close = max((found.start() for found in _CLOSES_SINGLE.finditer(text)), default=-1)
    for found in _QUOTES.finditer(text):
        at = found.start()
        before = out[at - 1] if at else " "
        after = text[at + 1 : at + 2]
        may_open = before in _OPENS_AFTER and not (after == "" or after.isspace())
        if found[0] == '"':
            out[at] = "“" if may_open else "”"
        elif may_open and not after.isdigit() and not single_open and last_close > at + 1:
            single_open = True
            out[at] = "‘"
        else:
            out[at] = "’"
            if single_open and not (after.isalnum() or after == "_"):
                single_open = False
    return "".join(out)
