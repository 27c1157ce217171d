"""Ids for what a list names and the plan has not yet."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 40


def id_for(text: str, taken: set[str]) -> str:
    """An id for a title: small letters, digits and hyphens. It is added to `taken`."""
    letters = text.lower()
    if not letters.isascii():
        decomposed = unicodedata.normalize("NFKD", letters)
        letters = decomposed.encode("ascii", "ignore").decode()
    words = re.sub(r"[^a-z0-9]+", "-", letters).strip("-")
    if not words[:1].isalpha():
        words = f"n-{words}".strip("-")
    stem = words[: LONGEST - 5].strip("-")
    slug = stem
    number = 2
    while slug in taken:
        slug = f"{stem}-{number}"
        number += 1
    taken.add(slug)
    return slug
