"""The statements a Word template may use, and what to say of the others."""

from __future__ import annotations

import re

from papergen.errors import Location, Problem
from papergen.text import did_you_mean

OPENERS = {"for": "endfor", "if": "endif"}
MIDDLES = {"elif": ("if",), "else": ("if", "for")}
COMMANDS = ("cellbg", "colspan", "vm", "hm")
"""docxtpl's statements about the table cell they stand in."""

FORBIDDEN = {
    "filter",
    "include",
    "import",
    "from",
    "extends",
    "macro",
    "call",
    "block",
    "autoescape",
    "raw",
    "do",
    "with",
    "trans",
    "endfilter",
    "endmacro",
    "endcall",
    "endblock",
    "endautoescape",
    "endraw",
    "endset",
    "endwith",
    "break",
    "continue",
    "debug",
}
"""Jinja's other statements: none of them begins or ends an “if” or a “for”."""
_KNOWN = (*OPENERS, *MIDDLES, *OPENERS.values(), "set", *COMMANDS)
_KNOWN_HINT = (
    "Templates know for, if, elif, else, endif, endfor, set, and in tables cellbg, colspan, vm, hm."
)
_WORD = re.compile(r"\w*")
_SET = re.compile(r"set\s+[^=]+=(?!=)")


def keyword(body: str) -> str:
    """The first word of a statement."""
    match = _WORD.match(body)
    return match[0] if match else ""


def statement_fault(body: str, shown: str, where: Location) -> Problem | None:
    """What is wrong with the statement that `shown` quotes, if papergen does not take it."""
    word = keyword(body)
    if word in FORBIDDEN:
        return Problem(
            "template-forbidden",
            f"{shown}: “{word}” is not allowed in a template",
            where,
            _KNOWN_HINT,
        )
    if word == "set":
        if not _SET.match(body):
            message = f"{shown}: a “set” that goes on to “endset” is not allowed"
            return Problem("template-forbidden", message, where, "Write {% set name = value %}.")
        return None
    if word not in _KNOWN:
        return Problem(
            "template-tag",
            f"{shown}: “{word or body[:20]}” is not a statement",
            where,
            _hint_for(word),
        )
    rest = body[len(word) :].strip()
    if word in ("for", "if", "elif", "cellbg", "colspan") and not rest:
        return Problem(
            "template-tag",
            f"{shown} says nothing after “{word}”",
            where,
            "Write out the condition, list or value.",
        )
    if word in ("else", "endif", "endfor", "vm", "hm") and rest:
        hint = (
            "Write {% elif … %} for another condition."
            if word == "else"
            else f"Write {{% {word} %}}."
        )
        return Problem("template-tag", f"{shown}: nothing may follow “{word}”", where, hint)
    if word == "for" and re.search(r"\brecursive$", rest):
        return Problem(
            "template-forbidden",
            f"{shown}: “recursive” is not allowed in a template",
            where,
            "Write one loop inside the other.",
        )
    return None


def _hint_for(word: str) -> str:
    for prefix in ("tr", "tc", "p", "r"):
        if word.startswith(prefix) and word[len(prefix) :] in _KNOWN:
            return f"Put a blank after “{prefix}”: {{%{prefix} {word[len(prefix) :]} … %}}."
    return did_you_mean(word, _KNOWN) or f"{_KNOWN_HINT} A value is printed by {{{{ … }}}}."
