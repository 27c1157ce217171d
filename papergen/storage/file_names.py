"""The names of papers' files: legal on Windows, macOS and Linux, and the same on every machine."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from papergen.dates import PartialDate

LONGEST = 100
"""Characters in a paper's file name, with what `beside` adds to it."""

_SUFFIX = ".docx"
_ROOM = len(" (edited 99)")


def file_name(meeting: PartialDate | date, board: str, slug: str) -> str:
    """`2012-11-08-hwb-post-inspection.docx`: the meeting's date, the board's id and a slug.

    It has at most `LONGEST` characters. The slug may be any text, such as a folder's name: it is
    reduced to lower-case ASCII letters, digits and single hyphens. The date in front keeps the name
    from being one that Windows reserves (`con`, `aux` and the like).
    """
    day = meeting.isoformat()
    stem = f"{day}-{_plain(board)}-{_plain(slug)}"
    longest_stem = LONGEST - len(_SUFFIX) - _ROOM
    return stem[:longest_stem].rstrip("-") + _SUFFIX


def beside(name: str, word: str, number: int = 1) -> str:
    """The name of a file beside `name`: `… (new).docx`, and `… (new 2).docx` for a second one."""
    stem, dot, suffix = name.rpartition(".")
    label = word
    if number > 1:
        label = f"{word} {number}"
    return f"{stem} ({label}){dot}{suffix}"


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text)
    ascii_only = decomposed.encode("ascii", "ignore").decode()
    hyphenated = re.sub(r"[^a-z0-9]+", "-", ascii_only.lower())
    return hyphenated.strip("-") or "paper"
