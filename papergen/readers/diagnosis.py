"""What a complaint of the YAML parser means to the author of the file, and how to read on after it.

Loaded only for a file that is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from papergen.errors import Location, Problem
from papergen.readers.document import MAX_DEPTH, line_starts, place_at
from papergen.readers.faults import Fault, Progress
from papergen.text import shorten

_JINJA_START = re.compile(r"^[ \t]*(?:-[ \t]+)*(?:[^\s:#'\"][^:\r\n]*:[ \t]+)?(\{[{%#])")
_LISTED_TAG = re.compile(r"\{\{[^{}]*\}\}(?=[ \t]*[,\]}])")
_ENTRY = re.compile(r"^[ \t]*((?:-[ \t]+)*)(?!-[ \t])([^\s:#'\"{\[][^:\r\n]*?)[ \t]*:[ \t]+(?=\S)")
_ITEM = re.compile(r"^[ \t]*(?:-[ \t]+)+(?=\S)")
_FIELD_ALONE = re.compile(r"^[ \t]*([A-Za-z_][\w-]*)[ \t]*:(?:[ \t]|$)")
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F][0-9a-fA-F]{2}(?:\\u[dD][c-fC-F][0-9a-fA-F]{2})?")
_BLOCK_MARKS = re.compile(r"[+-]?\d*[+-]?")
_LINE = re.compile(r"[^\r\n]*")
_SIGN = re.compile(r"\S")

_READ_AS = {"*": "an alias of YAML", "&": "an anchor of YAML"}
_CLOSING = {"[": "]", "{": "}"}


class _Spot:
    """An offset in a source, with the line that holds it."""

    def __init__(self, text: str, source: str, at: int) -> None:
        self.text = text
        self.source = source
        self.at = at
        self.line, self.start = _line(text, at)

    @property
    def end(self) -> int:
        """The offset of the line's end."""
        return self.start + len(self.line)

    @property
    def rest(self) -> str:
        """The line from here on."""
        return self.line[self.at - self.start :]

    @property
    def depth(self) -> int:
        """How deep the line is indented."""
        return _depth(self.line)

    def moved_to(self, at: int) -> _Spot:
        return _Spot(self.text, self.source, at)

    def problem(self, code: str, message: str, hint: str) -> Problem:
        where = Location(self.source, *place_at(line_starts(self.text), self.at))
        return Problem(code, message, where, hint)

    def syntax(self, message: str, hint: str) -> Fault:
        """A fault after which no pass can read on."""
        return Fault(self.problem("syntax", message, hint))

    def quote(self, message: str, value: str) -> Problem:
        """The problem of a `value` that must be quoted, with an example of how."""
        hint = "Write the text as a block, on lines of its own:\n"
        return self.problem("quote-value", message, hint + _block_example(self.line, value))


def diagnose(fault: Any, text: str, source: str, progress: Progress) -> Fault:
    """The parser's `fault` (a yaml.YAMLError) in papergen's words.

    It depends on the text at the place of the fault more than on the parser's wording.
    """
    mark = getattr(fault, "problem_mark", None)
    context_mark = getattr(fault, "context_mark", None)
    said = f"{getattr(fault, 'context', '') or ''}; {getattr(fault, 'problem', '') or ''}"
    at = min(mark.index, len(text)) if mark else 0
    opened = context_mark.index if context_mark else at
    if "nesting depth" in said:
        # The parser reads ahead, and stops before papergen has counted to its own bound.
        return Fault(too_deep(text, source, at))
    spot = _Spot(text, source, at)
    jinja = _JINJA_START.match(spot.line)
    if jinja:
        return jinja_tag(text, source, spot.start + jinja.start(1))
    indent = spot.line[: len(spot.line) - len(spot.line.lstrip(" \t"))]
    if "\t" in indent:
        hint = "Indent with spaces only: delete the tab and type two spaces for each level."
        tab = spot.moved_to(spot.start + indent.index("\t"))
        return tab.syntax("this line is indented with a tab", hint)
    if "sequence entries" in said or "mapping keys" in said:
        if _value_start(spot.line) == at - spot.start:
            return indicator(text, source, at)
        return _indentation(spot, said)
    for words, explain, place in _EXPLANATIONS:
        if re.search(words, said):
            return explain(spot if place == "at" else spot.moved_to(opened))
    is_closed = progress.style != "" and progress.style in "'\"]}"
    if is_closed and progress.end <= at and "\n" not in text[progress.end : at]:
        return _after_quotes(spot, progress)
    return _indentation(spot, said, in_block=progress.style in ("|", ">"))


def too_deep(text: str, source: str, at: int) -> Problem:
    """Groups and lists within each other beyond `MAX_DEPTH`, at the one that is too many."""
    message = f"values are nested more than {MAX_DEPTH} levels deep"
    hint = (
        f"papergen reads {MAX_DEPTH} levels. Check the indentation, and that brackets are in pairs."
    )
    return _Spot(text, source, at).problem("syntax", message, hint)


def jinja_tag(text: str, source: str, at: int) -> Fault:
    """A value that begins with `{{`, `{%` or `{#`, which YAML takes for a group of fields."""
    spot = _Spot(text, source, at)
    opening = text[at : at + 2]
    if not spot.line[: at - spot.start].strip():
        message = f"a line that begins with “{opening}” stands among the fields, outside any text"
        above = _above(spot) or _line(text, max(spot.start - 1, 0))[0]
        hint = (
            "If it belongs to the text above it, write that text as a block and indent this line "
            f"like its other lines:\n{_block_example(above, spot.rest.strip())}"
        )
        problem = spot.problem("quote-value", message, hint)
        return Fault(problem, (at, spot.end), comment=True)
    message = f"a value that begins with “{opening}” must be quoted or written as a block"
    listed = _LISTED_TAG.match(spot.rest)
    if listed:
        quote = "'" if '"' in listed[0] else '"'
        hint = f"Put it in quotation marks: {quote}{listed[0]}{quote}"
        return Fault(spot.problem("quote-value", message, hint), (at, at + listed.end()))
    return Fault(spot.quote(message, spot.rest.strip()), (at, spot.end))


def indicator(text: str, source: str, at: int) -> Fault:
    """A value that begins with a character that means something to YAML."""
    return _indicator(_Spot(text, source, at))


def _indicator(spot: _Spot) -> Fault:
    words = spot.rest.strip()
    if not words:
        return _indentation(spot, "")
    if words[0] in "'\"":
        return _unclosed_quote(spot)
    read_as = _READ_AS.get(words[0], "a sign of YAML's own")
    message = f"the text “{shorten(words)}” begins with “{words[0]}”, which is read as {read_as}"
    return Fault(spot.quote(message, words), (spot.at, spot.end))


def keep_one(first: int, second: int) -> str:
    """What to do about a key that is given on both lines."""
    lines = "" if first == second else f" (lines {first} and {second})"
    return f"Keep one of the two{lines} and delete the other."


def swallowed(text: str, source: str, start: int, end: int) -> Problem:
    """An unquoted text that is cut off by ` #`."""
    lost = _Spot(text, source, end).rest.strip()
    message = f"everything from “#” on is taken for a comment and lost: “{shorten(lost)}”"
    example = _block_example(_line(text, start)[0], f"{text[start:end]} {lost}")
    hint = (
        "Put a comment on a line of its own. If this is no comment, write the text as a block, on "
        f"lines of its own:\n{example}"
    )
    comment = _Spot(text, source, text.index("#", end))
    return comment.problem("quote-value", message, hint)


def _colon(spot: _Spot) -> Fault:
    """A second `: ` on a line, or a field where there is no place for one."""
    at, start = spot.at, spot.start
    value = _value_start(spot.line)
    if value is not None and start + value < at:
        whole = spot.line[value:].strip()
        message = (
            f"the text “{shorten(whole)}” holds “: ”, which is read as the end of a field's name"
        )
        return Fault(spot.quote(message, whole), (start + value, spot.end))
    before = _before(spot)
    if before is not None and before.depth == spot.depth:
        return _stray_line(before.moved_to(before.start + spot.depth))
    field = _FIELD_ALONE.match(spot.line)
    if field and start + field.start(1) <= at:
        name = field[1]
        message = f"“{name}:” is not lined up with the fields it belongs to"
        hint = (
            f"Line “{name}:” up with the fields it belongs to. If it is part of the text above "
            f"it, write that as a block:\n{_block_example(_above(spot), '…')}"
        )
        problem = spot.moved_to(start + field.start(1)).problem("syntax", message, hint)
        return Fault(problem, (at, at + 1), safe=False)
    words = shorten(spot.line.strip())
    message = f"the text “{words}” holds “: ”, which is read as the end of a field's name"
    hint = (
        "Write the whole text, from its first line on, as a block:\n"
        f"{_block_example(_above(spot), '…')}"
    )
    return Fault(spot.problem("quote-value", message, hint), (at, at + 1))


def _block_header(spot: _Spot) -> Fault:
    words = spot.rest.strip()
    beside = words[1:].strip()
    if beside and not _BLOCK_MARKS.fullmatch(beside):
        sign = words[0]
        message = f"text stands beside “{sign}”, which starts a block on the next line"
        value = beside if sign == "|" else words
        return Fault(spot.quote(message, value), (spot.at, spot.end))
    hint = (
        "Indent all its lines with spaces, two deeper than the line that ends with “|”; the first "
        "no deeper than the rest."
    )
    return spot.syntax("the block that starts here cannot be read", hint)


def _after_quotes(spot: _Spot, progress: Progress) -> Fault:
    closed = "bracket" if progress.style in "]}" else "quotation mark"
    message = f"text stands after the closing {closed}: “{shorten(spot.rest.strip())}”"
    whole = spot.text[progress.start : spot.end].strip()
    if whole[0] == whole[-1] and whole[0] in "'\"":
        whole = whole[1:-1]
    if progress.style == "'":
        message += "; an apostrophe ends a text in single quotation marks"
    return Fault(spot.quote(message, whole), (progress.start, spot.end))


def _unclosed_quote(spot: _Spot) -> Fault:
    mark = spot.text[spot.at : spot.at + 1]
    words = spot.rest.strip()
    message = f"the quotation mark before “{shorten(words[1:])}” is never closed"
    hint = (
        f"Put another {mark} at the end of the text. If the mark belongs to the text, write the "
        f"text as a block:\n{_block_example(spot.line, words)}"
    )
    return spot.syntax(message, hint)


def _unclosed_bracket(spot: _Spot) -> Fault:
    sign = spot.text[spot.at : spot.at + 1]
    closing = _CLOSING.get(sign, "its closing bracket")
    message = f"“{sign}” opens here and is not closed, or a comma is missing inside it"
    hint = (
        f"End it with “{closing}” and put commas between its parts. If “{sign}” belongs to a text, "
        f"write the text as a block:\n{_block_example(spot.line, spot.rest.strip())}"
    )
    return spot.syntax(message, hint)


def _bad_escape(spot: _Spot) -> Fault:
    slash = spot.moved_to(max(spot.text.rfind("\\", 0, spot.at + 1), 0))
    pair = _SURROGATE.match(spot.text, slash.at)
    if pair:
        message = (
            f"“{pair[0]}” is half of a character, or a way to write one that YAML does not know"
        )
        hint = "Type the character itself, for instance the emoji, in place of this code."
        return Fault(slash.problem("bad-character", message, hint), pair.span())
    code = spot.text[slash.at : slash.at + 2].rstrip()
    message = f"“{code}” means nothing inside double quotation marks"
    hint = (
        "For a backslash write two of them (\\\\), or use single quotation marks, in which a "
        "backslash is just a backslash."
    )
    return Fault(slash.problem("syntax", message, hint), (slash.at, slash.at + 2))


def _stray_line(spot: _Spot) -> Fault:
    words = shorten(spot.rest.strip())
    message = f"the line “{words}” is not a field: it has no colon and space after a name"
    hint = (
        "If it belongs to the text above it, indent it two spaces deeper than the name of that "
        "field. If it is a field, put a colon and a space after its name."
    )
    return spot.syntax(message, hint)


def _indentation(spot: _Spot, said: str, *, in_block: bool = False) -> Fault:
    """What is not where it belongs. `said`: the parser's words; `in_block`: after a text block."""
    sign = _SIGN.search(spot.text, spot.at)
    spot = spot.moved_to(sign.start() if sign else len(spot.text))
    words = spot.rest.strip()
    if not words:
        message = "the file ends before this is complete"
        return spot.syntax(message, "Look at the lines before this place.")
    if words.startswith(":"):
        message = "the name of a field is missing before the colon"
        hint = "Write the name, or delete the colon."
    elif in_block:
        message = (
            f"“{shorten(words)}” is indented less than the text block above it, and more than the "
            "fields"
        )
        hint = (
            "Indent it as deep as the block's first line if it belongs to the text, or line it up "
            "with the fields."
        )
    elif words.startswith("- ") or words == "-":
        message = "a list entry (“- …”) stands where a field is expected"
        hint = (
            "Line it up with the other entries of its list, below the name of the field that holds "
            "the list."
        )
    elif "'-' indicator" in said or "block collection" in said or "sequence" in said:
        message = f"“{shorten(words)}” stands in a list without “- ” before it"
        hint = (
            "Put “- ” before it if it is an entry of the list above, or line it up with the field "
            "that it belongs to."
        )
    else:
        message = f"“{shorten(words)}” is not lined up with the lines it belongs to"
        hint = (
            "Fields of one group start in the same column. Count the spaces before this line and "
            "before the lines around it."
        )
    return spot.syntax(message, hint)


def _block_example(line: str, value: str) -> str:
    """`value` of the entry on `line`, written as a block."""
    entry = _ENTRY.match(line)
    indent = "  "
    if entry:
        opening = f"{entry[1]}{entry[2]}: |"
        indent += " " * len(entry[1])
    else:
        opening = "- |" if _ITEM.match(line) else "name: |"
    return f"{opening}\n{indent}{shorten(' '.join(value.split()))}"


def _value_start(line: str) -> int | None:
    """The column, from 0, of the value of a field or list entry; None where the line has none."""
    found = _ENTRY.match(line) or _ITEM.match(line)
    return found.end() if found else None


def _above(spot: _Spot) -> str:
    """The nearest line above that is indented less and begins a value; empty if there is none."""
    start = spot.start
    while start > 0:
        line, start = _line(spot.text, start - 1)
        if line.strip() and _depth(line) < spot.depth and _value_start(line) is not None:
            return line
    return ""


def _before(spot: _Spot) -> _Spot | None:
    """The nearest line above that is not blank, if it is no field, list entry or comment."""
    start = spot.start
    while start > 0:
        line, start = _line(spot.text, start - 1)
        words = line.strip()
        if words:
            is_other = words.endswith(":") or words.startswith(("#", "---"))
            is_plain = _value_start(line) is None and not is_other
            return spot.moved_to(start) if is_plain else None
    return None


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _line(text: str, at: int) -> tuple[str, int]:
    """The line that holds `at`, without its end, and the offset of its start."""
    start = max(text.rfind("\n", 0, at), text.rfind("\r", 0, at)) + 1
    found = _LINE.match(text, start)
    assert found
    return found[0], start


# What the parser says, who explains it, and whether that is about the place where it stopped or the
# one where the value opened.
_EXPLANATIONS: tuple[tuple[str, Callable[[_Spot], Fault], str], ...] = (
    ("quoted scalar.*(end of stream|document)", _unclosed_quote, "opened"),
    ("escape|hexa?decimal", _bad_escape, "at"),
    ("scanning an (alias|anchor)|(scanning|parsing) a tag", _indicator, "opened"),
    ("block scalar", _block_header, "opened"),
    ("mapping values", _colon, "at"),
    ("cannot start any token|node content", _indicator, "at"),
    ("flow (sequence|mapping)", _unclosed_bracket, "opened"),
    ("could not find expected ':'", _stray_line, "opened"),
)
