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
_RAW = re.compile(r"[\n\r\t]")
_WORD = re.compile(r"[\w.+'’“/#{-]+")
_CLOSE = {"[": "]", "{": "}"}


def read_json(text: str, source: str) -> SourceDocument:
    """The values of `text` (RFC 8259): numbers as typed, `null` as None.

    Raises a PapergenError with what is wrong: keys given twice and forbidden characters, up to the
    first fault of syntax.
    """
    text = text.removeprefix("\ufeff")
    reader = _JsonReader(
        text=text,
        source=source,
        starts=line_starts(text),
        problems=forbidden_in(text, source),
    )
    try:
        value = reader.document()
    except _BrokenError as fault:
        where = reader.at(fault.offset)
        problem = Problem("syntax", fault.message, where, fault.hint)
        raise error([*reader.problems, problem]) from None
    check(reader.problems)
    return SourceDocument(
        source=source,
        value=value,
        places=reader.places,
        key_places=reader.key_places,
        text=text,
    )


class _BrokenError(Exception):
    """A fault of syntax, after which nothing can be read."""

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
        line, column = place_at(self.starts, offset)
        return Location(self.source, line, column)

    def document(self) -> Any:
        """The value that the text is."""
        value, end = self.value(self.skip(0), ())
        rest = self.skip(end)
        if rest < len(self.text):
            message = "something stands after the end of the values"
            raise _BrokenError(rest, message, "Delete it, or check the brackets before it.")
        return value

    def skip(self, at: int) -> int:
        """The offset after white space."""
        found = _WHITE.match(self.text, at)
        assert found
        return found.end()

    def value(self, at: int, path: Path) -> tuple[Any, int]:
        """The value at `at`, and the offset after it."""
        self.places[path] = place_at(self.starts, at)
        char = self.text[at : at + 1]
        if char == '"':
            return self._string(at)
        if char == "{":
            self._check_depth(at, path)
            return self._object(at, path)
        if char == "[":
            self._check_depth(at, path)
            return self._array(at, path)
        found = _BARE.match(self.text, at)
        if found is None:
            raise self._no_value(at)
        word = found[0]
        if word == "null":
            return None, found.end()
        return word, found.end()

    def _check_depth(self, at: int, path: Path) -> None:
        if len(path) >= MAX_DEPTH:
            message = f"values are nested more than {MAX_DEPTH} levels deep"
            hint = f"papergen reads {MAX_DEPTH} levels. Check that brackets are in pairs."
            raise _BrokenError(at, message, hint)

    def _object(self, opened: int, path: Path) -> tuple[dict[str, Any], int]:
        values: dict[str, Any] = {}
        at = self.skip(opened + 1)
        while not self.text.startswith("}", at):
            key, start = self._key(at, opened)
            entry = (*path, key)
            if key in values:
                self._duplicate(at, key, path)
                # What the second one holds is read, for its own faults, and left out.
                _, end = self.value(start, (*path, f"{key}\x00{at}"))
            else:
                self.key_places[entry] = place_at(self.starts, at)
                values[key], end = self.value(start, entry)
            at = self._next(end, opened)
        return values, at + 1

    def _key(self, at: int, opened: int) -> tuple[str, int]:
        """The key at `at`, and the offset of its value."""
        if not self.text.startswith('"', at):
            raise self._no_key(at, opened)
        key, end = self._string(at)
        colon = self.skip(end)
        if not self.text.startswith(":", colon):
            message = f"a colon is missing after “{shorten(key)}”"
            raise _BrokenError(colon, message, "Put a colon between the name and its value.")
        return key, self.skip(colon + 1)

    def _duplicate(self, at: int, key: str, path: Path) -> None:
        """Report a key that is given again."""
        from papergen.readers.diagnosis import keep_one

        first, _ = self.key_places[*path, key]
        second, _ = place_at(self.starts, at)
        message = f"“{shorten(key)}” stands here again; it is already given on line {first}"
        hint = keep_one(first, second)
        where = self.at(at)
        self.problems.append(Problem("duplicate-key", message, where, hint))

    def _array(self, opened: int, path: Path) -> tuple[list[Any], int]:
        values: list[Any] = []
        at = self.skip(opened + 1)
        while not self.text.startswith("]", at):
            entry = (*path, len(values))
            value, end = self.value(at, entry)
            values.append(value)
            at = self._next(end, opened)
        return values, at + 1

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
        message = f"a comma or “{close}” is missing here"
        hint = f"Put a comma between two entries, and “{close}” after the last."
        raise _BrokenError(end, message, hint)

    def _string(self, at: int) -> tuple[str, int]:
        """The string at `at`, and the offset after it."""
        simple = _SIMPLE.match(self.text, at)
        if simple:
            return simple[1], simple.end()
        try:
            value, end = scanstring(self.text, at + 1, False)
        except JSONDecodeError as fault:
            raise self._bad_string(fault, at) from None
        self._check_raw(at, end)
        self._escaped(at, end, value)
        return value, end

    def _bad_string(self, fault: JSONDecodeError, at: int) -> _BrokenError:
        if "Unterminated" in fault.msg:
            message = "this quotation mark is never closed"
            return _BrokenError(at, message, 'Put another " at the end of the text.')
        sign = self.text[fault.pos : fault.pos + 2].strip()
        message = f"“{sign}” means nothing inside quotation marks"
        hint = "For a backslash write two of them (\\\\)."
        return _BrokenError(fault.pos, message, hint)

    def _check_raw(self, at: int, end: int) -> None:
        """Check that no tab or line break is typed inside a string."""
        raw = _RAW.search(self.text, at, end)
        if raw is None:
            return
        name = "a line break"
        code = "\\n"
        if raw[0] == "\t":
            name = "a tab"
            code = "\\t"
        message = f"{name} stands inside quotation marks, which JSON does not allow"
        hint = (
            f"Write {code} in its place. Check also that the text before it has its closing "
            "quotation mark."
        )
        raise _BrokenError(raw.start(), message, hint)

    def _escaped(self, at: int, end: int, value: str) -> None:
        r"""Report escapes such as `\u0007`. A raw character is reported already."""
        written = self.text[at:end]
        found = [offset for offset in forbidden(value) if value[offset] not in written]
        if not found:
            return
        offsets = align(self.text, at, value)
        for offset in found[:MOST]:
            where = self.at(offsets[offset])
            problem = bad_character(value[offset], where, escaped=True)
            self.problems.append(problem)

    def _no_value(self, at: int) -> _BrokenError:
        """The fault of what stands in the place of a value."""
        if not self.text.strip(" \t\r\n"):
            hint = "Check that it is the right file; a sample shows what belongs in it."
            return _BrokenError(0, "the file is empty", hint)
        char = self.text[at : at + 1]
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
            message = f"a value is missing before “{char}”"
            hint = "Write the value, or delete the comma or colon before it."
            return _BrokenError(at, message, hint)
        word = _WORD.match(self.text, at)
        shown = char
        if word:
            shown = shorten(word[0], 20)
        message = f"“{shown}” is not a value in JSON"
        hint = (
            'A text needs double quotation marks: "text". Numbers, true, false and null stand '
            "without."
        )
        return _BrokenError(at, message, hint)

    def _no_key(self, at: int, opened: int) -> _BrokenError:
        if at >= len(self.text):
            message = "“{” opens here and is never closed"
            return _BrokenError(opened, message, "Put “}” where it should end.")
        if self.text[at] in "/#":
            return self._no_value(at)
        message = "the name of a field is expected here, in quotation marks"
        return _BrokenError(at, message, 'Write it as "name": followed by its value.')
