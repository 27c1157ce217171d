"""Values written as YAML for people to paste: what papergen's own reader reads back as they are."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

# What no YAML file holds as it is, and what a terminal would not show as it is.
_UNPRINTABLE = re.compile(
    r"[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)
_PLAIN = re.compile(r"\w[\w./()&+%£'’–—-]*(?: [\w./()&+%£'’–—-]+)*")
_NOT_TEXT = re.compile(
    r"(?i:true|false|yes|no|on|off|y|n|null)|[-+.\d][-+.,:_\da-fox]*(?:e[-+]?\d+)?", re.ASCII
)
"""What other readers of YAML take for a truth value, a number or a date."""
_LONGEST_KEY = 1_000
"""Characters of a key as written. Source: YAML 1.2.2, 7.4.3 (an implicit key has at most 1024)."""


def scalar(text: str) -> str:
    """The text as a value, in quotation marks where it needs them."""
    return text if _PLAIN.fullmatch(text) else _quoted(text)


def key_scalar(text: str) -> str:
    """The text as a key: in quotation marks too where it looks like a number, a date or “no”."""
    if _NOT_TEXT.fullmatch(text):
        return _quoted(text)
    return scalar(text)


def _quoted(text: str) -> str:
    return _UNPRINTABLE.sub(_escape, json.dumps(text, ensure_ascii=False))


def _escape(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"


def flow(value: Any) -> str:
    """Text, a list or a mapping on one line; nothing for None."""
    if value is None:
        return ""
    if isinstance(value, Mapping):
        entries = [f"{key_scalar(key)}: {flow(each)}" for key, each in value.items()]
        return "{" + ", ".join(entries) + "}"
    if isinstance(value, str):
        return scalar(value)
    if isinstance(value, Sequence):
        return "[" + ", ".join(map(flow, value)) + "]"
    return scalar(str(value))


def block(
    values: Mapping[str, Any],
    indent: str = "",
    comments: Mapping[str, str] | None = None,
) -> list[str]:
    """The lines of a mapping. `comments`: by key, what stands on a line above it."""
    lines = []
    for key, value in values.items():
        comment = (comments or {}).get(key)
        if comment:
            lines.append(f"{indent}# {comment}")
        lines += _entry(key, value, indent)
    return lines


def _entry(key: str, value: Any, indent: str) -> list[str]:
    written = key_scalar(key)
    if len(written) > _LONGEST_KEY:
        return [f"{indent}? {written}", f"{indent}: {flow(value)}".rstrip()]
    if isinstance(value, Mapping) and value:
        return [f"{indent}{written}:", *block(value, f"{indent}  ")]
    return [f"{indent}{written}: {flow(value)}".rstrip()]
