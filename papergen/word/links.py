"""Which addresses a paper may lead to."""

from __future__ import annotations

import re

_BLANKS = re.compile("[\x00-\x20\x7f-\xa0\u200b-\u200f\u2028\u2029\ufeff]")
_SCRIPT = re.compile("(?:javascript|vbscript|data):", re.IGNORECASE)


def is_script(address: str) -> bool:
    """Whether an address runs something, and leads nowhere. Browsers skip blanks in a scheme."""
    return _SCRIPT.match(_BLANKS.sub("", address)) is not None


def is_safe_link(kind: str, address: str) -> bool:
    """Whether a relationship of that kind may have a target outside the package.

    Only links for people may: linked pictures, objects and documents are loaded by Word itself.
    """
    return kind.endswith("/hyperlink") and not is_script(address)
