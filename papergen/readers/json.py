"""JSON as values with places. As in YAML, numbers, `true` and `false` are their text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from json import JSONDecodeError
from json.decoder import scanstring  # type: ignore[attr-defined]  # public, but not in typeshed
from typing import Any

from papergen.errors import Location, Problem, check, error
from papergen.readers.characters import MOST, bad_character, forbidden, forbidden_in
from papergen.readers.document import MAX_DEPTH, Path, Place, SourceDocument, line_starts, place_at
from papergen.readers.scalars import align
from papergen.text import shorten

_WHITE = re.compile(r"[ \t\r\n]*")
_BARE = re.compile(
    r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?(?![\w.+-])|true\b|false\b|null\b"
)
_SIMPLE = re.compile(r'"([^"\\\x00-\x1f]*)"')
_CLOSE = {"[": "]", "{": "}"}


def read_json(text: str, source: str) -> SourceDocument:
    """The values of `text` (RFC 8259): numbers as typed, `null` as None.

    Raises a PapergenError with what is wrong: keys given twice and forbidden characters, up to the
    first fault of syntax.
    """
    text = text.removeprefix("\ufeff")
    reader = _JsonReader(text, source, line_starts(text), problems=forbidden_in(text, source))
    try:
        value, end = reader.value(reader.skip(0), ())
        rest = reader.skip(end)
        if rest < len(text):
            message = "something stands after the end of the values"
            raise _BrokenError(rest, message, "Delete it, or check the brackets before it.")
    except _BrokenError as fault:
        problem = Problem("syntax", fault.message, reader.at(fault.offset), fault.hint)
        raise error([*reader.problems, problem]) from None
    check(reader.problems)
    return SourceDocument(source, value, reader.places, reader.key_places, text)


class _BrokenError(Exception):
    def __init__(self, offset: int, message: str, hint: str) -> None:
        super().__init__(message)
        self.offset = offset
        self.message = message
        self.hint = hint


@dataclass(slots=True, eq=False)
class _JsonReader:
    text: str
    source: str
    starts: list[int]
    problems: list[Problem]
    places: dict[Path, Place] = field(default_factory=dict)
    key_places: dict[Path, Place] = field(default_factory=dict)

    def at(self, offset: int) -> Location:
        return Location(self.source, *place_at(self.starts, offset))

    def skip(self, at: int) -> int:
        found = _WHITE.match(self.text, at)
        assert found
        return found.end()

    def value(self, at: int, path: Path) -> tuple[Any, int]:
        """The value at `at`, and the offset after it."""
        self.places[path] = place_at(self.starts, at)
        char = self.text[at : at + 1]
        if char == '"':
            return self._string(at)
        if char in ("{", "["):
            if len(path) >= MAX_DEPTH:
                hint = f"papergen reads {MAX_DEPTH} levels. Check that brackets are in pairs."
                raise _BrokenError(at, f"values are nested more than {MAX_DEPTH} levels deep", hint)
            return self._object(at, path) if char == "{" else self._array(at, path)
        found = _BARE.match(self.text, at)
        if found is None:
            raise self._no_value(at)
        return (None if found[0] == "null" else found[0]), found.end()

    def _object(self, opened: int, path: Path) -> tuple[dict[str, Any], int]:
        value: dict[str, Any] = {}
        at = self.skip(opened + 1)
        while not self.text.startswith("}", at):
            if not self.text.startswith('"', at):
                raise self._no_key(at, opened)
            key, end = self._string(at)
            colon = self.skip(end)
            if not self.text.startswith(":", colon):
                message = f"a colon is missing after “{shorten(key)}”"
                raise _BrokenError(colon, message, "Put a colon between the name and its value.")
            entry = (*path, key)
            if key in value:
                first = self.key_places[entry][0]
                message = f"“{shorten(key)}” stands here again; it is already given on line {first}"
                from papergen.readers.diagnosis import keep_one

                hint = keep_one(first, place_at(self.starts, at)[0])
                self.problems.append(Problem("duplicate-key", message, self.at(at), hint))
                # What the second one holds is read, for its own faults, and left out.
                _, end = self.value(self.skip(colon + 1), (*path, f"{key}\x00{at}"))
            else:
                self.key_places[entry] = place_at(self.starts, at)
                value[key], end = self.value(self.skip(colon + 1), entry)
            at = self._next(end, opened)
        return value, at + 1

    def _array(self, opened: int, path: Path) -> tuple[list[Any], int]:
        value: list[Any] = []
        at = self.skip(opened + 1)
        while not self.text.startswith("]", at):
            item, end = self.value(at, (*path, len(value)))
            value.append(item)
            at = self._next(end, opened)
        return value, at + 1

    def _next(self, end: int, opened: int) -> int:
        """The offset of the next entry, or of the closing bracket."""
        at = self.skip(end)
        bracket = self.text[opened]
        close = _CLOSE[bracket]
        if self.text.startswith(close, at):
            return at
        if self.text.startswith(",", at):
            after = self.skip(at + 1)
            if self.text.startswith(close, after):
                message = f"a comma stands before the closing “{close}”"
                raise _BrokenError(at, message, "Delete this comma.")
            return after
        if at >= len(self.text):
            message = f"“{bracket}” opens here and is never closed"
            raise _BrokenError(opened, message, f"Put “{close}” where it should end.")
        hint = f"Put a comma between two entries, and “{close}” after the last."
        raise _BrokenError(end, f"a comma or “{close}” is missing here", hint)

    def _string(self, at: int) -> tuple[str, int]:
        simple = _SIMPLE.match(self.text, at)
        if simple:
            return simple[1], simple.end()
        try:
            value, end = scanstring(self.text, at + 1, False)
        except JSONDecodeError as fault:
            if "Unterminated" in fault.msg:
                message = "this quotation mark is never closed"
                hint = 'Put another " at the end of the text.'
                raise _BrokenError(at, message, hint) from None
            sign = self.text[fault.pos : fault.pos + 2].strip()
            message = f"“{sign}” means nothing inside quotation marks"
            hint = "For a backslash write two of them (\\\\)."
            raise _BrokenError(fault.pos, message, hint) from None
        raw = re.search(r"[\n\r\t]", self.text[at:end])
        if raw:
            name, code = {"\t": ("a tab", "\\t")}.get(raw[0], ("a line break", "\\n"))
            hint = (
                f"Write {code} in its place. Check also that the text before it has its closing "
                "quotation mark."
            )
            message = f"{name} stands inside quotation marks, which JSON does not allow"
            raise _BrokenError(at + raw.start(), message, hint)
        self._escaped(at, end, value)
        return value, end

    def _escaped(self, at: int, end: int, value: str) -> None:
        r"""Report escapes such as `\u0007`. A raw character is reported already."""
        written = self.text[at:end]
        found = [offset for offset in forbidden(value) if value[offset] not in written]
        if not found:
            return
        offsets = align(self.text, at, value)
        for offset in found[:MOST]:
            where = self.at(offsets[offset])
            self.problems.append(bad_character(value[offset], where, escaped=True))

    def _no_value(self, at: int) -> _BrokenError:
        if not self.text.strip(" \t\r\n"):
            hint = "Check that it is the right file; a sample shows what belongs in it."
            return _BrokenError(0, "the file is empty", hint)
        char = self.text[at : at + 1]
        word = re.compile(r"[\w.+'’“/#{-]*").match(self.text, at)
        shown = shorten(word[0] if word and word[0] else char, 20)
        if not char:
            message = "the file ends where a value is expected"
            return _BrokenError(at, message, "Check that the file is complete.")
        if char in "'‘’“”":
            message = "a text stands in other quotation marks than JSON knows"
            return _BrokenError(at, message, 'Use straight double ones: "text".')
        if char in "/#":
            hint = "Delete the comment, or write the file as YAML."
            return _BrokenError(at, "JSON has no comments", hint)
        if char in ",]}:":
            hint = "Write the value, or delete the comma or colon before it."
            return _BrokenError(at, f"a value is missing before “{char}”", hint)
        hint = (
            'A text needs double quotation marks: "text". Numbers, true, false and null stand '
            "without."
        )
        return _BrokenError(at, f"“{shown}” is not a value in JSON", hint)

    def _no_key(self, at: int, opened: int) -> _BrokenError:
        if at >= len(self.text):
            message = "“{” opens here and is never closed"
            return _BrokenError(opened, message, "Put “}” where it should end.")
        if self.text[at] in "/#":
            return self._no_value(at)
        message = "the name of a field is expected here, in quotation marks"
        return _BrokenError(at, message, 'Write it as "name": followed by its value.')
