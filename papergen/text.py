"""Text for messages and for XML: near misses, words in lists, short quotations, escapes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

# -- near misses


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The one of `known` that is most like `word`, or None where nothing is.

    Case, spaces, `-` and `_` do not count. The same words give the same answer in any order.
    """
    from difflib import get_close_matches

    plain: dict[str, str] = {}
    for name in sorted(set(known)):
        plain.setdefault(_plain(name), name)
    found = get_close_matches(_plain(word[:200]), plain, n=1, cutoff=0.6)
    return plain[found[0]] if found else None


def _plain(word: str) -> str:
    return word.casefold().replace("_", "-").replace(" ", "-")


def did_you_mean(word: str, known: Iterable[str], marks: str = "“”") -> str:
    """The hint for a misspelt word: “Did you mean “post”?”, or nothing where no word is near.

    `marks`: the quotation marks before and after the word.
    """
    near = nearest(word, known)
    return "" if near is None else f"Did you mean {marks[0]}{near}{marks[1]}?"


CODE = "``"
"""The marks of what is written in YAML: ids, fields and words that a field allows."""

# -- lists and counts in words


def join_words(words: Iterable[str], last: str = "and") -> str:
    """`a, b and c`; `last` is the word before the last one. Nothing gives an empty text."""
    words = list(words)
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def in_code(words: Iterable[str]) -> str:
    """The words in backticks, with commas between them."""
    return ", ".join(f"`{word}`" for word in words)


def quote_names(names: Sequence[str], most: int = 8) -> str:
    """The names in quotation marks: at most that many, and how many more there are."""
    if not names:
        return "none"
    shown = ", ".join(f"“{name}”" for name in names[:most])
    more = len(names) - most
    return f"{shown} and {more} more" if more > 0 else shown


def counted(number: int, noun: str) -> str:
    """`1 paper`, `3 papers`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


# -- short quotations


def shorten(text: str, width: int = 60) -> str:
    """The text, with “…” at its end where it is longer than `width`."""
    return text if len(text) <= width else text[: width - 1] + "…"


def shorten_line(text: str, width: int = 60) -> str:
    """The text on one line, each white space one blank, and not longer than `width`."""
    return shorten(" ".join(text.split()), width)


def shorten_quotations(message: str, most: int) -> str:
    """The message with short quotations, and itself cut off after `most` characters."""
    message = re.sub(r"(“[^“”]{80})[^“”]{40,}(?=”)", r"\1…", message)
    message = re.sub(r"(\('[^']{80})[^']{40,}(?='\))", r"\1…", message)
    return shorten(message, most + 1)


# -- XML

NOT_XML = "\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff"
"""What XML has no place for, as the inside of a pattern's brackets.

Source: XML 1.0 (fifth edition), 2.2, the production Char.
"""
FORBIDDEN_IN_XML = re.compile(f"[{NOT_XML}]")
"""A character that no XML, and so no Word file, can hold."""


def escape_xml(text: str) -> str:
    """The text as XML character data."""
    # Most values of a paper have none of the three.
    if "&" in text or "<" in text or ">" in text:
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text


def escape_attribute(text: str) -> str:
    """The text as the value of an XML attribute in double quotes."""
    return escape_xml(text).replace('"', "&quot;")
