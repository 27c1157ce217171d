"""The statements a Word template may use, and what to say of the others."""

from __future__ import annotations

import re

from papergen.engine.blocks import CLOSERS, MIDDLES
from papergen.errors import Location, Problem
from papergen.text import did_you_mean

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
_KNOWN = (*CLOSERS, *MIDDLES, *CLOSERS.values(), "set", *COMMANDS)
_WITH_MORE = ("for", "if", "elif", "cellbg", "colspan")
"""The words that something must follow."""
_ALONE = ("else", "endif", "endfor", "vm", "hm")
"""The words that nothing may follow."""
_KNOWN_HINT = (
    "Templates know for, if, elif, else, endif, endfor, set, and in tables cellbg, colspan, vm, hm."
)
_WORD = re.compile(r"\w*")
_SET = re.compile(r"set\s+[^=]+=(?!=)")


def keyword(body: str) -> str:
    """The letters and digits that a statement begins with: `if` of `if(x)` too."""
    match = _WORD.match(body)
    return match[0] if match else ""


def statement_fault(body: str, shown: str, where: Location) -> Problem | None:
    """What is wrong with the statement that `shown` quotes, if papergen does not take it."""
    word = keyword(body)
    if word in FORBIDDEN:
        message = f"{shown}: “{word}” is not allowed in a template"
        return Problem("template-forbidden", message, where, _KNOWN_HINT)
    if word == "set":
        if _SET.match(body):
            return None
        message = f"{shown}: a “set” that goes on to “endset” is not allowed"
        return Problem("template-forbidden", message, where, "Write {% set name = value %}.")
    if word not in _KNOWN:
        message = f"{shown}: “{word or body[:20]}” is not a statement"
        return Problem("template-tag", message, where, _hint_for(word))
    rest = body[len(word) :].strip()
    if word in _WITH_MORE and not rest:
        message = f"{shown} says nothing after “{word}”"
        hint = "Write out the condition, list or value."
        return Problem("template-tag", message, where, hint)
    if word in _ALONE and rest:
        message = f"{shown}: nothing may follow “{word}”"
        hint = f"Write {{% {word} %}}."
        if word == "else":
            hint = "Write {% elif … %} for another condition."
        return Problem("template-tag", message, where, hint)
    if word == "for" and re.search(r"\brecursive$", rest):
        message = f"{shown}: “recursive” is not allowed in a template"
        return Problem("template-forbidden", message, where, "Write one loop inside the other.")
    return None


def _hint_for(word: str) -> str:
    for prefix in ("tr", "tc", "p", "r"):
        rest = word.removeprefix(prefix)
        if rest != word and rest in _KNOWN:
            return f"Put a blank after “{prefix}”: {{%{prefix} {rest} … %}}."
    return did_you_mean(word, _KNOWN) or f"{_KNOWN_HINT} A value is printed by {{{{ … }}}}."
