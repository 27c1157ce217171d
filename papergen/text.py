"""Texts for messages and for XML: similar names, lists and counts in words, shortening, escapes."""

from __future__ import annotations

from collections.abc import Iterable


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The one of `known` that is most like `word`, or None where nothing is. Case, spaces, `-` and
    `_` do not count.

    The same words always give the same answer, whatever their order.
    """
    from difflib import get_close_matches

    plain: dict[str, str] = {}
    for name in sorted(set(known)):
        plain.setdefault(_plain(name), name)
    found = get_close_matches(_plain(word[:200]), plain, n=1, cutoff=0.6)
    return plain[found[0]] if found else None


def _plain(word: str) -> str:
    return word.casefold().replace("_", "-").replace(" ", "-")
