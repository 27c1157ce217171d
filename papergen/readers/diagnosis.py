"""What a complaint of the YAML parser means to the author of the file, and how to read on after it.

Loaded only for a file that is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
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
    def words(self) -> str:
        """The same without white space round it."""
        return self.rest.strip()

    @property
    def depth(self) -> int:
        """How deep the line is indented."""
        return _depth(self.line)

    def moved_to(self, at: int) -> _Spot:
        return _Spot(self.text, self.source, at)

    def problem(self, code: str, message: str, hint: str) -> Problem:
        line, column = place_at(line_starts(self.text), self.at)
        where = Location(self.source, line, column)
        return Problem(code, message, where, hint)

    def faulty(
        self,
        code: str,
        message: str,
        hint: str,
        *,
        until: int,
    ) -> Fault:
        """A fault of the text from here to an offset."""
        problem = self.problem(code, message, hint)
        return Fault(problem, (self.at, until))

    def syntax(self, message: str, hint: str) -> Fault:
        """A fault after which no pass can read on."""
        return Fault(self.problem("syntax", message, hint))

    def quote(self, message: str, value: str) -> Problem:
        """The problem of a `value` that must be quoted, with an example of how."""
        example = _block_example(self.line, value)
        hint = f"Write the text as a block, on lines of its own:\n{example}"
        return self.problem("quote-value", message, hint)


def diagnose(
    fault: Any,
    text: str,
    source: str,
    progress: Progress,
) -> Fault:
    """The parser's `fault` (a yaml.YAMLError) in papergen's words.

    It depends on the text at the place of the fault more than on the parser's wording.
    """
    at = min(_offset(fault, "problem_mark", 0), len(text))
    opened = _offset(fault, "context_mark", at)
    said = _words_of(fault)
    if "nesting depth" in said:
        # The parser reads ahead, and stops before papergen has counted to its own bound.
        return Fault(too_deep(text, source, at))
    spot = _Spot(text, source, at)
    found = _from_line(spot)
    if found is not None:
        return found
    if "sequence entries" in said or "mapping keys" in said:
        if _value_start(spot.line) == at - spot.start:
            return _indicator(spot)
        return _indentation(spot, said)
    for explanation in _EXPLANATIONS:
        if re.search(explanation.words, said):
            if explanation.opened:
                spot = spot.moved_to(opened)
            return explanation.explain(spot)
    if _is_behind_quotes(spot, progress):
        return _after_quotes(spot, progress)
    return _indentation(spot, said, in_block=progress.style in ("|", ">"))


def _offset(fault: Any, name: str, otherwise: int) -> int:
    """The offset of one of the parser's marks."""
    mark = getattr(fault, name, None)
    if mark is None:
        return otherwise
    return int(mark.index)


def _words_of(fault: Any) -> str:
    """What the parser says it was doing, and what is wrong."""
    context = getattr(fault, "context", None)
    problem = getattr(fault, "problem", None)
    return f"{context or ''}; {problem or ''}"


def _from_line(spot: _Spot) -> Fault | None:
    """The fault of a line that begins with a Jinja tag, or is indented with a tab."""
    jinja = _JINJA_START.match(spot.line)
    if jinja:
        at = spot.start + jinja.start(1)
        return jinja_tag(spot.text, spot.source, at)
    words = spot.line.lstrip(" \t")
    indent = spot.line.removesuffix(words)
    if "\t" not in indent:
        return None
    tab = spot.moved_to(spot.start + indent.index("\t"))
    hint = "Indent with spaces only: delete the tab and type two spaces for each level."
    return tab.syntax("this line is indented with a tab", hint)


def _is_behind_quotes(spot: _Spot, progress: Progress) -> bool:
    """Whether the last value ends on this line, with a quotation mark or bracket."""
    if progress.style not in ("'", '"', "]", "}") or progress.end > spot.at:
        return False
    between = spot.text[progress.end : spot.at]
    return "\n" not in between


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
    before = spot.line[: at - spot.start]
    words = spot.words
    if not before.strip():
        message = f"a line that begins with “{opening}” stands among the fields, outside any text"
        above = _above(spot)
        if not above:
            above, _ = _line(text, max(spot.start - 1, 0))
        example = _block_example(above, words)
        hint = (
            "If it belongs to the text above it, write that text as a block and indent this line "
            f"like its other lines:\n{example}"
        )
        problem = spot.problem("quote-value", message, hint)
        return Fault(problem, (at, spot.end), comment=True)
    message = f"a value that begins with “{opening}” must be quoted or written as a block"
    listed = _LISTED_TAG.match(spot.rest)
    if listed is None:
        return Fault(spot.quote(message, words), (at, spot.end))
    tag = listed[0]
    quote = "'" if '"' in tag else '"'
    hint = f"Put it in quotation marks: {quote}{tag}{quote}"
    return spot.faulty("quote-value", message, hint, until=at + len(tag))


def indicator(text: str, source: str, at: int) -> Fault:
    """A value that begins with a character that means something to YAML."""
    return _indicator(_Spot(text, source, at))


def _indicator(spot: _Spot) -> Fault:
    words = spot.words
    if not words:
        return _indentation(spot, "")
    if words.startswith(("'", '"')):
        return _unclosed_quote(spot)
    sign = words[0]
    read_as = _READ_AS.get(sign, "a sign of YAML's own")
    message = f"the text “{shorten(words)}” begins with “{sign}”, which is read as {read_as}"
    problem = spot.quote(message, words)
    return Fault(problem, (spot.at, spot.end))


def keep_one(first: int, second: int) -> str:
    """What to do about a key that is given on both lines."""
    if first == second:
        return "Keep one of the two and delete the other."
    return f"Keep one of the two (lines {first} and {second}) and delete the other."


def swallowed(
    text: str,
    source: str,
    start: int,
    end: int,
) -> Problem:
    """An unquoted text that is cut off by ` #`."""
    behind = _Spot(text, source, end)
    lost = behind.words
    message = f"everything from “#” on is taken for a comment and lost: “{shorten(lost)}”"
    line, _ = _line(text, start)
    kept = text[start:end]
    example = _block_example(line, f"{kept} {lost}")
    hint = (
        "Put a comment on a line of its own. If this is no comment, write the text as a block, on "
        f"lines of its own:\n{example}"
    )
    comment = behind.moved_to(text.index("#", end))
    return comment.problem("quote-value", message, hint)


def _colon(spot: _Spot) -> Fault:
    """A second `: ` on a line, or a field where there is no place for one."""
    value = _value_start(spot.line)
    if value is not None and spot.start + value < spot.at:
        whole = spot.line[value:].strip()
        problem = spot.quote(_holds_colon(whole), whole)
        return Fault(problem, (spot.start + value, spot.end))
    before = _before(spot)
    if before is not None and before.depth == spot.depth:
        stray = before.moved_to(before.start + spot.depth)
        return _stray_line(stray)
    example = _block_example(_above(spot), "…")
    field = _FIELD_ALONE.match(spot.line)
    if field and spot.start + field.start(1) <= spot.at:
        name = field[1]
        message = f"“{name}:” is not lined up with the fields it belongs to"
        hint = (
            f"Line “{name}:” up with the fields it belongs to. If it is part of the text above "
            f"it, write that as a block:\n{example}"
        )
        place = spot.moved_to(spot.start + field.start(1))
        problem = place.problem("syntax", message, hint)
        return Fault(problem, (spot.at, spot.at + 1), safe=False)
    message = _holds_colon(spot.line.strip())
    hint = f"Write the whole text, from its first line on, as a block:\n{example}"
    return spot.faulty("quote-value", message, hint, until=spot.at + 1)


def _holds_colon(words: str) -> str:
    return f"the text “{shorten(words)}” holds “: ”, which is read as the end of a field's name"


def _block_header(spot: _Spot) -> Fault:
    words = spot.words
    beside = words[1:].strip()
    if beside and not _BLOCK_MARKS.fullmatch(beside):
        sign = words[0]
        message = f"text stands beside “{sign}”, which starts a block on the next line"
        value = beside if sign == "|" else words
        problem = spot.quote(message, value)
        return Fault(problem, (spot.at, spot.end))
    hint = (
        "Indent all its lines with spaces, two deeper than the line that ends with “|”; the first "
        "no deeper than the rest."
    )
    return spot.syntax("the block that starts here cannot be read", hint)


def _after_quotes(spot: _Spot, progress: Progress) -> Fault:
    closed = "bracket" if progress.style in "]}" else "quotation mark"
    behind = shorten(spot.words)
    message = f"text stands after the closing {closed}: “{behind}”"
    if progress.style == "'":
        message += "; an apostrophe ends a text in single quotation marks"
    whole = spot.text[progress.start : spot.end].strip()
    first = whole[0]
    if first in "'\"" and whole[-1] == first:
        whole = whole[1:-1]
    problem = spot.quote(message, whole)
    return Fault(problem, (progress.start, spot.end))


def _unclosed_quote(spot: _Spot) -> Fault:
    mark = spot.rest[:1]
    words = spot.words
    message = f"the quotation mark before “{shorten(words[1:])}” is never closed"
    example = _block_example(spot.line, words)
    hint = (
        f"Put another {mark} at the end of the text. If the mark belongs to the text, write the "
        f"text as a block:\n{example}"
    )
    return spot.syntax(message, hint)


def _unclosed_bracket(spot: _Spot) -> Fault:
    sign = spot.rest[:1]
    closing = _CLOSING.get(sign, "its closing bracket")
    message = f"“{sign}” opens here and is not closed, or a comma is missing inside it"
    example = _block_example(spot.line, spot.words)
    hint = (
        f"End it with “{closing}” and put commas between its parts. If “{sign}” belongs to a text, "
        f"write the text as a block:\n{example}"
    )
    return spot.syntax(message, hint)


def _bad_escape(spot: _Spot) -> Fault:
    last_slash = spot.text.rfind("\\", 0, spot.at + 1)
    slash = spot.moved_to(max(last_slash, 0))
    pair = _SURROGATE.match(spot.text, slash.at)
    if pair:
        message = (
            f"“{pair[0]}” is half of a character, or a way to write one that YAML does not know"
        )
        hint = "Type the character itself, for instance the emoji, in place of this code."
        problem = slash.problem("bad-character", message, hint)
        return Fault(problem, pair.span())
    code = spot.text[slash.at : slash.at + 2].rstrip()
    message = f"“{code}” means nothing inside double quotation marks"
    hint = (
        "For a backslash write two of them (\\\\), or use single quotation marks, in which a "
        "backslash is just a backslash."
    )
    return slash.faulty("syntax", message, hint, until=slash.at + 2)


def _stray_line(spot: _Spot) -> Fault:
    words = shorten(spot.words)
    message = f"the line “{words}” is not a field: it has no colon and space after a name"
    hint = (
        "If it belongs to the text above it, indent it two spaces deeper than the name of that "
        "field. If it is a field, put a colon and a space after its name."
    )
    return spot.syntax(message, hint)


def _indentation(spot: _Spot, said: str, *, in_block: bool = False) -> Fault:
    """What is not where it belongs. `said`: the parser's words; `in_block`: after a text block."""
    sign = _SIGN.search(spot.text, spot.at)
    start = sign.start() if sign else len(spot.text)
    spot = spot.moved_to(start)
    words = spot.words
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
    indent = "  "
    opening = "name: |"
    entry = _ENTRY.match(line)
    if entry:
        dashes, name = entry.groups()
        opening = f"{dashes}{name}: |"
        indent += " " * len(dashes)
    elif _ITEM.match(line):
        opening = "- |"
    text = " ".join(value.split())
    return f"{opening}\n{indent}{shorten(text)}"


def _value_start(line: str) -> int | None:
    """The column, from 0, of the value of a field or list entry; None where the line has none."""
    found = _ENTRY.match(line) or _ITEM.match(line)
    if found is None:
        return None
    return found.end()


def _lines_above(spot: _Spot) -> Iterator[tuple[str, int]]:
    """The lines above that are not blank, the nearest first, each with the offset of its start."""
    start = spot.start
    while start > 0:
        line, start = _line(spot.text, start - 1)
        if line.strip():
            yield line, start


def _above(spot: _Spot) -> str:
    """The nearest line above that is indented less and begins a value; empty if there is none."""
    for line, _ in _lines_above(spot):
        if _depth(line) < spot.depth and _value_start(line) is not None:
            return line
    return ""


def _before(spot: _Spot) -> _Spot | None:
    """The nearest line above that is not blank, if it is no field, list entry or comment."""
    for line, start in _lines_above(spot):
        words = line.strip()
        if words.endswith(":") or words.startswith(("#", "---")):
            return None
        if _value_start(line) is not None:
            return None
        return spot.moved_to(start)
    return None


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _line(text: str, at: int) -> tuple[str, int]:
    """The line that holds `at`, without its end, and the offset of its start."""
    line_feed = text.rfind("\n", 0, at)
    carriage_return = text.rfind("\r", 0, at)
    start = max(line_feed, carriage_return) + 1
    found = _LINE.match(text, start)
    assert found
    return found[0], start


@dataclass(frozen=True, slots=True)
class _Explanation:
    """What explains a fault.

    `words` is a pattern of what the parser says. The fault is `opened` where its value begins, else
    it is where the parser stopped.
    """

    words: str
    explain: Callable[[_Spot], Fault]
    opened: bool = False


_EXPLANATIONS = (
    _Explanation("quoted scalar.*(end of stream|document)", _unclosed_quote, opened=True),
    _Explanation("escape|hexa?decimal", _bad_escape),
    _Explanation(
        "scanning an (alias|anchor)|(scanning|parsing) a tag",
        _indicator,
        opened=True,
    ),
    _Explanation("block scalar", _block_header, opened=True),
    _Explanation("mapping values", _colon),
    _Explanation("cannot start any token|node content", _indicator),
    _Explanation("flow (sequence|mapping)", _unclosed_bracket, opened=True),
    _Explanation("could not find expected ':'", _stray_line, opened=True),
)
