"""What a YAML parser's complaint means to the person who wrote the file, and how to read on after
it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from papergen.errors import Location, Problem
from papergen.readers.document import MAX_DEPTH, line_starts, place_at
from papergen.readers.faults import Fault, Progress

_JINJA_START = re.compile(r"^[ \t]*(?:-[ \t]+)*(?:[^\s:#'\"][^:\r\n]*:[ \t]+)?(\{[{%#])")
_ENTRY = re.compile(r"^[ \t]*((?:-[ \t]+)*)(?!-[ \t])([^\s:#'\"{\[][^:\r\n]*?)[ \t]*:[ \t]+(?=\S)")
_ITEM = re.compile(r"^[ \t]*(?:-[ \t]+)+(?=\S)")
_FIELD_ALONE = re.compile(r"^[ \t]*([A-Za-z_][\w-]*)[ \t]*:(?:[ \t]|$)")
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F][0-9a-fA-F]{2}(?:\\u[dD][c-fC-F][0-9a-fA-F]{2})?")


def diagnose(fault: Any, text: str, source: str, progress: Progress) -> Fault:
    """The parser's `fault` (a yaml.YAMLError) in our words. Depends on what stands in the text more
    than on its wording.
    """
    mark = getattr(fault, "problem_mark", None)
    context_mark = getattr(fault, "context_mark", None)
    said = f"{getattr(fault, 'context', '') or ''}; {getattr(fault, 'problem', '') or ''}"
    at = min(mark.index, len(text)) if mark else 0
    opened = context_mark.index if context_mark else at
    if (
        "nesting depth" in said
    ):  # the parser reads ahead, and gives up before papergen has counted to its own bound
        return Fault(too_deep(text, source, at))
    line, start = _line(text, at)
    jinja = _JINJA_START.match(line)
    if jinja:
        return jinja_tag(text, source, start + jinja.start(1))
    white = line[: len(line) - len(line.lstrip(" \t"))]
    if "\t" in white:
        hint = "Indent with spaces only: delete the tab and type two spaces for each level."
        return _syntax(
            text, source, start + white.index("\t"), "this line is indented with a tab", hint
        )
    if "sequence entries" in said or "mapping keys" in said:
        return (
            indicator(text, source, at)
            if _value_start(line) == at - start
            else _indentation(text, source, at, said)
        )
    for words, explain, place in _EXPLANATIONS:
        if re.search(words, said):
            return explain(text, source, at if place == "at" else opened)
    if (
        progress.style
        and progress.style in "'\"]}"
        and progress.end <= at
        and "\n" not in text[progress.end : at]
    ):
        return _after_quotes(text, source, progress, at)
    return _indentation(text, source, at, said, block=progress.style in ("|", ">"))


def too_deep(text: str, source: str, at: int) -> Problem:
    """Groups and lists within each other beyond `MAX_DEPTH`, at the one that is too many."""
    hint = (
        f"papergen reads {MAX_DEPTH} levels. Check the indentation, and that brackets are in pairs."
    )
    return _problem(
        "syntax", text, source, at, f"values are nested more than {MAX_DEPTH} levels deep", hint
    )


def jinja_tag(text: str, source: str, at: int) -> Fault:
    """A value that begins with `{{`, `{%` or `{#`, which YAML takes for a group of fields."""
    line, start = _line(text, at)
    within = line[at - start :]
    end = at + len(within)
    opening = text[at : at + 2]
    if not line[: at - start].strip():
        message = f"a line that begins with “{opening}” stands among the fields, outside any text"
        hint = (
            "If it belongs to the text above it, write that text as a block and indent this line "
            "like its other lines:\n"
        )
        hint += _block_example(
            _above(text, start) or _line(text, max(start - 1, 0))[0], within.strip()
        )
        return Fault(
            _problem("quote-value", text, source, at, message, hint), (at, end), comment=True
        )
    message = f"a value that begins with “{opening}” must be quoted or written as a block"
    listed = re.match(r"\{\{[^{}]*\}\}(?=[ \t]*[,\]}])", within)
    if listed:
        quote = "'" if '"' in listed[0] else '"'
        hint = f"Put it in quotation marks: {quote}{listed[0]}{quote}"
        return Fault(
            _problem("quote-value", text, source, at, message, hint), (at, at + listed.end())
        )
    return Fault(_quote(text, source, at, message, within.strip()), (at, end))


def indicator(text: str, source: str, at: int) -> Fault:
    """A value that begins with a character that means something to YAML."""
    line, start = _line(text, at)
    within = line[at - start :].strip()
    if not within:
        return _indentation(text, source, at, "")
    if within[0] == "'" or within[0] == '"':
        return _unclosed_quote(text, source, at)
    why = (
        "an alias of YAML"
        if within[0] == "*"
        else "an anchor of YAML"
        if within[0] == "&"
        else "a sign of YAML's own"
    )
    message = f"the text “{_shorten(within)}” begins with “{within[0]}”, which is read as {why}"
    return Fault(_quote(text, source, at, message, within), (at, start + len(line)))


def keep_one(first: int, second: int) -> str:
    """What to do about a key that is given on both lines."""
    lines = "" if first == second else f" (lines {first} and {second})"
    return f"Keep one of the two{lines} and delete the other."


def swallowed(text: str, source: str, start: int, end: int) -> Problem:
    """An unquoted text that is cut off by ` #`."""
    line, line_start = _line(text, end)
    lost = line[end - line_start :].strip()
    message = f"everything from “#” on is taken for a comment and lost: “{_shorten(lost)}”"
    at = end + text[end:].index("#")
    hint = (
        "Put a comment on a line of its own. If this is no comment, write the text as a block, on "
        "lines of its own:\n"
    )
    hint += _block_example(_line(text, start)[0], f"{text[start:end]} {lost}")
    return _problem("quote-value", text, source, at, message, hint)


def _colon(text: str, source: str, at: int) -> Fault:
    line, start = _line(text, at)
    value = _value_start(line)
    field = _FIELD_ALONE.match(line)
    if value is not None and start + value < at:
        whole = line[value:].strip()
        message = (
            f"the text “{_shorten(whole)}” holds “: ”, which is read as the end of a field's name"
        )
        return Fault(_quote(text, source, at, message, whole), (start + value, start + len(line)))
    before = _before(text, start)
    if before is not None and _depth(_line(text, before)[0]) == _depth(line):
        return _stray_line(text, source, before + _depth(line))
    if field and start + field.start(1) <= at:
        name = field[1]
        hint = (
            f"Line “{name}:” up with the fields it belongs to. If it is part of the text above "
            "it, write that as a block:\n"
        )
        hint += _block_example(_above(text, start), "…")
        problem = _problem(
            "syntax", text, source, start + field.start(1), _MISALIGNED.format(name), hint
        )
        return Fault(problem, (at, at + 1), safe=False)
    message = (
        f"the text “{_shorten(line.strip())}” holds “: ”, which is read as the end of a field's "
        "name"
    )
    hint = "Write the whole text, from its first line on, as a block:\n" + _block_example(
        _above(text, start), "…"
    )
    return Fault(_problem("quote-value", text, source, at, message, hint), (at, at + 1))


_AS_BLOCK = "Write the text as a block, on lines of its own:\n"
_MISALIGNED = "“{}:” is not lined up with the fields it belongs to"


def _block_header(text: str, source: str, at: int) -> Fault:
    line, start = _line(text, at)
    within = line[at - start :].strip()
    rest = within[1:].strip()
    if rest and not re.fullmatch(r"[+-]?\d*[+-]?", rest):
        sign = within[0]
        message = f"text stands beside “{sign}”, which starts a block on the next line"
        return Fault(
            _quote(text, source, at, message, rest if sign == "|" else within),
            (at, start + len(line)),
        )
    return _syntax(
        text,
        source,
        at,
        "the block that starts here cannot be read",
        (
            "Indent all its lines with spaces, two deeper than the line that ends with “|”; the "
            "first no deeper than the rest."
        ),
    )


def _after_quotes(text: str, source: str, progress: Progress, at: int) -> Fault:
    line, start = _line(text, at)
    end = start + len(line)
    bracket = progress.style in "]}"
    closed = "bracket" if bracket else "quotation mark"
    message = f"text stands after the closing {closed}: “{_shorten(line[at - start :].strip())}”"
    whole = text[progress.start : end].strip()
    if whole[0] == whole[-1] and whole[0] in "'\"":
        whole = whole[1:-1]
    if progress.style == "'":
        message += "; an apostrophe ends a text in single quotation marks"
    return Fault(_quote(text, source, at, message, whole), (progress.start, end))


def _unclosed_quote(text: str, source: str, at: int) -> Fault:
    mark = text[at : at + 1]
    within = _line(text, at)[0][at - _line(text, at)[1] :].strip()
    return _syntax(
        text,
        source,
        at,
        f"the quotation mark before “{_shorten(within[1:])}” is never closed",
        (
            f"Put another {mark} at the end of the text. If the mark belongs to the text, write "
            "the text as a block:\n"
        )
        + _block_example(_line(text, at)[0], within),
    )


def _unclosed_bracket(text: str, source: str, at: int) -> Fault:
    sign = text[at : at + 1]
    closing = {"[": "]", "{": "}"}.get(sign, "its closing bracket")
    return _syntax(
        text,
        source,
        at,
        f"“{sign}” opens here and is not closed, or a comma is missing inside it",
        (
            f"End it with “{closing}” and put commas between its parts. If “{sign}” belongs to a "
            "text, write the text as a block:\n"
        )
        + _block_example(_line(text, at)[0], _line(text, at)[0][at - _line(text, at)[1] :].strip()),
    )


def _escape(text: str, source: str, at: int) -> Fault:
    slash = max(text.rfind("\\", 0, at + 1), 0)
    pair = _SURROGATE.match(text, slash)
    if pair:
        message = (
            f"“{pair[0]}” is half of a character, or a way to write one that YAML does not know"
        )
        hint = "Type the character itself, for instance the emoji, in place of this code."
        return Fault(_problem("bad-character", text, source, slash, message, hint), pair.span())
    message = f"“{text[slash : slash + 2].rstrip()}” means nothing inside double quotation marks"
    hint = (
        "For a backslash write two of them (\\\\), or use single quotation marks, in which a "
        "backslash is just a backslash."
    )
    return Fault(_problem("syntax", text, source, slash, message, hint), (slash, slash + 2))


def _stray_line(text: str, source: str, at: int) -> Fault:
    line, start = _line(text, at)
    words = line[at - start :].strip()
    return _syntax(
        text,
        source,
        at,
        f"the line “{_shorten(words)}” is not a field: it has no colon and space after a name",
        "If it belongs to the text above it, indent it two spaces deeper than the name of that "
        "field. If it is a field, put a colon and a space after its name.",
    )


def _indentation(text: str, source: str, at: int, said: str, *, block: bool = False) -> Fault:
    at = min(_first_sign(text, at), len(text))
    line, start = _line(text, at)
    words = line[at - start :].strip()
    if not words:
        return _syntax(
            text,
            source,
            at,
            "the file ends before this is complete",
            "Look at the lines before this place.",
        )
    if words.startswith(":"):
        message, hint = (
            "the name of a field is missing before the colon",
            "Write the name, or delete the colon.",
        )
    elif block:
        message = (
            f"“{_shorten(words)}” is indented less than the text block above it, and more than "
            "the fields"
        )
        hint = (
            "Indent it as deep as the block's first line if it belongs to the text, or line it up "
            "with the fields."
        )
    elif words.startswith("- ") or words == "-":
        message, hint = (
            "a list entry (“- …”) stands where a field is expected",
            (
                "Line it up with the other entries of its list, below the name of the field that "
                "holds the list."
            ),
        )
    elif "'-' indicator" in said or "block collection" in said or "sequence" in said:
        message, hint = (
            f"“{_shorten(words)}” stands in a list without “- ” before it",
            (
                "Put “- ” before it if it is an entry of the list above, or line it up with the "
                "field that it belongs to."
            ),
        )
    else:
        message = f"“{_shorten(words)}” is not lined up with the lines it belongs to"
        hint = (
            "Fields of one group start in the same column. Count the spaces before this line and "
            "before the lines around it."
        )
    return _syntax(text, source, at, message, hint)


def _first_sign(text: str, at: int) -> int:
    found = re.compile(r"\S").search(text, at)
    return found.start() if found else len(text)


def _syntax(text: str, source: str, at: int, message: str, hint: str) -> Fault:
    return Fault(_problem("syntax", text, source, at, message, hint))


def _quote(text: str, source: str, at: int, message: str, value: str) -> Problem:
    hint = _AS_BLOCK + _block_example(_line(text, at)[0], value)
    return _problem("quote-value", text, source, at, message, hint)


def _block_example(line: str, value: str) -> str:
    """`value` of the entry on `line`, written as a block."""
    entry = _ENTRY.match(line)
    opening = f"{entry[1]}{entry[2]}: |" if entry else "- |" if _ITEM.match(line) else "name: |"
    indent = " " * (2 + (len(entry[1]) if entry else 0))
    return f"{opening}\n{indent}{_shorten(' '.join(value.split()))}"


def _problem(code: str, text: str, source: str, at: int, message: str, hint: str) -> Problem:
    return Problem(code, message, Location(source, *place_at(line_starts(text), at)), hint)


def _value_start(line: str) -> int | None:
    """Where on the line the value of a field or list entry starts; None where the line holds
    none.
    """
    found = _ENTRY.match(line) or _ITEM.match(line)
    return found.end() if found else None


def _above(text: str, start: int) -> str:
    """The nearest line above `start` that is indented less than the line there and begins a
    value.
    """
    depth = _depth(_line(text, start)[0])
    while start > 0:
        line, start = _line(text, start - 1)
        if line.strip() and _depth(line) < depth and (_value_start(line) is not None):
            return line
    return ""


def _before(text: str, start: int) -> int | None:
    """The start of the nearest line above `start` that is not blank, if it is no field, list entry
    or comment.
    """
    while start > 0:
        line, start = _line(text, start - 1)
        if line.strip():
            words = line.strip()
            plain = (
                _value_start(line) is None
                and not words.endswith(":")
                and not words.startswith(("#", "---"))
            )
            return start if plain else None
    return None


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _line(text: str, at: int) -> tuple[str, int]:
    """The line that holds `at`, without its end, and the offset of its start."""
    start = max(text.rfind("\n", 0, at), text.rfind("\r", 0, at)) + 1
    found = re.compile(r"[^\r\n]*").match(text, start)
    assert found
    return found[0], start


def _shorten(line: str, width: int = 60) -> str:
    return line if len(line) <= width else line[: width - 1] + "…"


# What the parser says, who explains it, and whether that is about the place it stopped at or the
# one where the value opened.
_EXPLANATIONS: tuple[tuple[str, Callable[[str, str, int], Fault], str], ...] = (
    ("quoted scalar.*(end of stream|document)", _unclosed_quote, "opened"),
    ("escape|hexa?decimal", _escape, "at"),
    ("scanning an (alias|anchor)|(scanning|parsing) a tag", indicator, "opened"),
    ("block scalar", _block_header, "opened"),
    ("mapping values", _colon, "at"),
    ("cannot start any token|node content", indicator, "at"),
    ("flow (sequence|mapping)", _unclosed_bracket, "opened"),
    ("could not find expected ':'", _stray_line, "opened"),
)
