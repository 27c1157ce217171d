"""The names of papers' files: legal on Windows, macOS and Linux, short enough for each, and the
same on every machine.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from papergen.dates import PartialDate

LONGEST = 100
"""Characters in a paper's file name, whatever is added to it by `beside`."""

_SUFFIX = ".docx"
_ROOM = len(" (edited 99)")


def file_name(meeting: PartialDate | date, board: str, slug: str) -> str:
    """`2012-11-08-hwb-post-inspection.docx`: the meeting's date, the board's id and a slug, at most
    `LONGEST` characters.

    The slug may be any text, such as a folder's name: it is brought to lower-case ASCII letters,
    digits and single hyphens. That the name starts with a date keeps it from being one that Windows
    reserves (`con`, `aux` and the like).
    """
    stem = f"{meeting.isoformat()}-{_plain(board)}-{_plain(slug)}"
    return stem[: LONGEST - len(_SUFFIX) - _ROOM].rstrip("-") + _SUFFIX


def beside(name: str, word: str, number: int = 1) -> str:
    """The name of a file that stands beside `name`: `… (new).docx`, and `… (new 2).docx` for a
    second one.
    """
    stem, dot, suffix = name.rpartition(".")
    return f"{stem} ({word}{f' {number}' if number > 1 else ''}){dot}{suffix}"


def _plain(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", letters).strip("-") or "paper"
