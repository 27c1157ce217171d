"""YAML as values with places: a subset, in which every scalar is its text."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from types import ModuleType
from typing import Any

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    StreamEndEvent,
)

from papergen.errors import Location, Problem
from papergen.readers.characters import (
    MOST,
    Disguise,
    bad_character,
    disguise,
    forbidden,
    forbidden_in,
    without_forbidden,
)
from papergen.readers.document import MAX_DEPTH, Path, Place, SourceDocument, line_starts, place_at
from papergen.readers.faults import JINJA, Fault, Progress
from papergen.readers.scalars import align
from papergen.text import shorten

MAX_ALIASED = 100_000
_MAX_REPAIRS = 30

_Event = Any  # one of yaml.events: they share what is read of them here, but no type that says so
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_ANCHOR = re.compile(r"&[^\s,\[\]{}]+(?:[ \t]+#[^\r\n]*|\s)*")
_COMMENT = re.compile(r"[ \t]+#")
_LINE_ENDS = ("\n", "\r", "")
_NUMBER = re.compile(r"[ \t]+#\d")


def read_yaml(text: str, source: str) -> tuple[SourceDocument | None, list[Problem]]:
    """The values of `text`, and all the faults that can be found at once.

    Where faults affect nothing but single values, the document is what was meant, with these values
    `doubtful`; else it is None. A plain scalar is its text (`NO`, `1.10`, `null` and `2012-07` stay
    as typed); left empty, or `~`, it is None. Not read: tags, merge keys, several documents, keys
    that are not text. Aliases may expand to `MAX_ALIASED` values in all.

    A comment after an unquoted text of more than one word is a fault, since it is most often not
    meant as one: `Report on item # 5`. So is one that begins with a digit: `Item #5`. After a
    single word it is a comment, `kind: addendum # why`, and listed in `comments`: the model decides
    whether the word is a text, or an id or a date.
    """
    text = text.removeprefix("\ufeff")
    disguised = disguise(text)
    problems = forbidden_in(text, source)
    if disguised.back:
        # Characters that no file can hold are reported already; the rest is read without them.
        back = {code: without_forbidden(real) for code, real in disguised.back.items()}
        disguised = Disguise(disguised.text, back)
    readable = disguised.text
    composer = _Composer(text, source, disguised)
    fault = composer.read(readable)
    safe = True
    spans: list[tuple[int, int]] = []
    while fault is not None and fault.span is not None and len(problems) < _MAX_REPAIRS:
        problems.append(fault.problem)
        start, end = fault.span
        safe &= fault.safe
        blank = re.sub(r"\S", "x", readable[start:end])
        if fault.comment:
            blank = "#" + blank[1:]
        else:
            spans.append(fault.span)
        readable = readable[:start] + blank + readable[end:]
        composer = _Composer(text, source, disguised, spans)
        fault = composer.read(readable)
    problems.extend(composer.problems)
    if fault is not None:
        return None, [*problems, fault.problem]
    if not (safe and composer.whole):
        return None, problems
    document = SourceDocument(
        source, composer.value, composer.places, composer.key_places, text, composer.texts
    )
    if not (problems or composer.comments):
        return document, []
    doubtful, aside = frozenset(composer.doubtful), tuple(composer.aside)
    return replace(document, comments=composer.comments, doubtful=doubtful, aside=aside), problems


def _diagnosis() -> ModuleType:
    """The module that only a faulty file needs."""
    from papergen.readers import diagnosis

    return diagnosis


class _StopError(Exception):
    """Nothing more can be read on this pass."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.problem.message)
        self.fault = fault


@dataclass(slots=True, eq=False)
class _Anchored:
    value: Any
    path: Path | None
    complete: bool


@dataclass(slots=True, eq=False)
class _Composer:
    """One pass over the parser's events."""

    text: str
    source: str
    disguised: Disguise
    repaired: Sequence[tuple[int, int]] = ()
    """The spans that are blanked out for this pass."""
    value: Any = None
    places: dict[Path, Place] = field(default_factory=dict)
    key_places: dict[Path, Place] = field(default_factory=dict)
    texts: dict[Path, Place] = field(default_factory=dict)
    comments: dict[Path, tuple[int, int]] = field(default_factory=dict)
    doubtful: set[Path] = field(default_factory=set)
    aside: list[Any] = field(default_factory=list)
    whole: bool = True
    """Whether nothing is left out but what is `aside`."""
    problems: list[Problem] = field(default_factory=list)
    _anchors: dict[str, _Anchored] = field(default_factory=dict)
    _aliased: int = 0
    _starts: list[int] = field(default_factory=list)
    _next: Callable[[], _Event] = field(init=False)
    _last: _Event | None = None
    _opened: int = 0

    def read(self, readable: str) -> Fault | None:
        """Fill the fields. Returns the fault that ended the pass early, if one did."""
        try:
            # The parser written in Python reads from the text as soon as it is made.
            self._next = _LOADER(readable).get_event
            self._stream()
        except _StopError as stop:
            return stop.fault
        except yaml.YAMLError as fault:
            found: Fault = _diagnosis().diagnose(fault, self.text, self.source, self._progress())
            return found
        return None

    def _progress(self) -> Progress:
        last = self._last
        if last is None:
            return Progress()
        kind = type(last)
        if kind is ScalarEvent:
            return Progress(last.start_mark.index, last.end_mark.index, last.style or "")
        # The end of a group in brackets is as wide as its bracket, that of an indented one has no
        # width.
        end = last.end_mark.index
        closed = end > last.start_mark.index
        return Progress(self._opened, end, self.text[end - 1] if closed else "")

    def _stream(self) -> None:
        self._next()
        event = self._next()
        if type(event) is not StreamEndEvent:
            self._directives(event)
            self.value = self._compose(self._next(), (), 0)
            self._next()
            event = self._next()
        if self.value is None:
            hint = "Check that it is the right file; a sample shows what belongs in it."
            where = Location(self.source, 1, 1)
            raise _StopError(Fault(Problem("syntax", "the file is empty", where, hint)))
        if type(event) is not StreamEndEvent:
            self._fault(
                event.start_mark.index,
                "yaml-feature",
                "a second document starts here, at the line “---”",
                "Keep one document in a file: delete the line “---”, or move what follows to a "
                "file of its own. "
                "If the line belongs to a text, indent it like the rest of the text.",
            )

    def _compose(self, event: _Event, path: Path, depth: int) -> Any:
        kind = type(event)
        start = event.start_mark
        if kind is ScalarEvent:
            self.places[path] = (start.line + 1, start.column + 1)
            self._last = event
            text = self._scalar(event, path)
            if event.anchor:
                self._anchor(event, text, path)
            return text
        if kind is AliasEvent:
            return self._alias(event, path)
        if depth >= MAX_DEPTH:
            raise _StopError(Fault(_diagnosis().too_deep(self.text, self.source, start.index)))
        if event.tag:
            self._tag(event)
        value: Any = {} if kind is MappingStartEvent else []
        if event.anchor:
            self.places[path] = self._anchor(event, value, path)
        else:
            self.places[path] = (start.line + 1, start.column + 1)
        if kind is MappingStartEvent:
            if event.flow_style and self.text[start.index : start.index + 2] in JINJA:
                raise _StopError(_diagnosis().jinja_tag(self.text, self.source, start.index))
            self._mapping(value, path, depth + 1)
        else:
            self._sequence(value, path, depth + 1)
        self._opened = start.index
        if event.anchor:
            self._anchors[event.anchor].complete = True
        return value

    def _mapping(self, value: dict[str, Any], path: Path, depth: int) -> None:
        while True:
            event = self._next()
            if type(event) is MappingEndEvent:
                self._last = event
                return
            start = event.start_mark
            key = self._key(event, depth)
            entry = (*path, key)
            if key in value:
                line = self.key_places[entry][0]
                self._fault(
                    start.index,
                    "duplicate-key",
                    f"“{shorten(key)}” stands here again; it is already given on line {line}",
                    _diagnosis().keep_one(line, start.line + 1),
                    harmless=True,
                )
                # The second one is read for its own faults, and left out.
                entry = (*path, f"{key}\x00{start.line + 1}")
                self.aside.append(self._compose(self._next(), entry, depth))
                continue
            self.key_places[entry] = (start.line + 1, start.column + 1)
            value[key] = self._compose(self._next(), entry, depth)

    def _key(self, event: _Event, depth: int) -> str:
        index = event.start_mark.index
        if type(event) is ScalarEvent:
            key = self._scalar(event, None)
            self.whole &= not (self.repaired and self._was_repaired(index, index + 1))
            if key == "" and not event.style:
                self._fault(
                    index,
                    "syntax",
                    "the name of a field is missing before the colon",
                    "Write the name, or delete the colon.",
                )
            elif key == "<<" and not event.style:
                self._fault(
                    index,
                    "yaml-feature",
                    "“<<” would merge other fields into these, which papergen does not read",
                    "Write the fields out here.",
                )
            if event.anchor:
                self._anchor(event, key, None)
            return str(key)
        if type(event) is MappingStartEvent and self.text[index : index + 2] in JINJA:
            raise _StopError(_diagnosis().jinja_tag(self.text, self.source, index))
        self._fault(
            index,
            "yaml-feature",
            "a list, group of fields or alias stands where the name of a field belongs",
            "Use plain words as the name of a field. If this is text, put it in quotation marks.",
        )
        if type(event) is not AliasEvent:
            self._compose(event, (f"\x00{index}",), depth)
        return f"\x00{index}"

    def _sequence(self, value: list[Any], path: Path, depth: int) -> None:
        while True:
            event = self._next()
            if type(event) is SequenceEndEvent:
                self._last = event
                return
            value.append(self._compose(event, (*path, len(value)), depth))

    def _scalar(self, event: _Event, path: Path | None) -> str | None:
        """The scalar's text. `path` is None for a key."""
        if event.tag:
            self._tag(event)
        value = event.value
        if not event.style:
            if path is None:
                return self.disguised.reveal(value)
            if value in ("", "~"):
                return None
            start, end = event.start_mark.index, event.end_mark.index
            if self.repaired and self._was_repaired(start, end):
                # Its text is what was blanked out, so that the tags in it are read.
                self.doubtful.add(path)
                return without_forbidden(re.sub(r"\s*\n\s*", " ", self.text[start:end]))
            if self.text[end : end + 1] not in _LINE_ENDS and _COMMENT.match(self.text, end):
                self.comments[path] = start, end
                if " " in value or _NUMBER.match(self.text, end):
                    self.doubtful.add(path)
                    self.problems.append(_diagnosis().swallowed(self.text, self.source, start, end))
        elif (
            self.repaired
            and path is not None
            and self._was_repaired(event.start_mark.index, event.end_mark.index)
        ):
            self.doubtful.add(path)
        value = self.disguised.reveal(value)
        if self.disguised.back and path is not None and "\ufffd" in value:
            self.doubtful.add(path)
        if event.style == '"' and len(value) < event.end_mark.index - event.start_mark.index - 2:
            self._escaped(event, value)
            if path is not None and forbidden(value):
                self.doubtful.add(path)
                value = without_forbidden(value)
        return value

    def _was_repaired(self, start: int, end: int) -> bool:
        return any(first < end and start < last for first, last in self.repaired)

    def _escaped(self, event: _Event, value: str) -> None:
        r"""Report escapes such as `\x07`: characters of the value that are not in the source."""
        found = forbidden(value)
        if not found:
            return
        offsets = align(self.text, self._after_anchor(event), value)
        for at in found[:MOST]:
            self.problems.append(bad_character(value[at], self._at(offsets[at]), escaped=True))

    def _anchor(self, event: _Event, value: Any, path: Path | None) -> Place:
        """Keep the value that the anchor names. Returns the place of the value behind it."""
        assert event.anchor
        self._anchors[event.anchor] = _Anchored(value, path, complete=type(event) is ScalarEvent)
        start = event.start_mark
        if value is None:
            return (start.line + 1, start.column + 1)
        place = place_at(self._lines(), self._after_anchor(event))
        if path is not None:
            self.places[path] = place
        return place

    def _after_anchor(self, event: _Event) -> int:
        found = _ANCHOR.match(self.text, event.start_mark.index) if event.anchor else None
        return found.end() if found else event.start_mark.index

    def _alias(self, event: _Event, path: Path) -> Any:
        start = event.start_mark
        name = event.anchor or ""
        self.places[path] = (start.line + 1, start.column + 1)
        known = self._anchors.get(name)
        if known is None:
            raise _StopError(_diagnosis().indicator(self.text, self.source, start.index))
        if not known.complete:
            message = f"“*{shorten(name)}” stands for a value that holds it"
            self._stop(start.index, "yaml-aliases", message, "Write the value out.")
        self._copy(known.value, known.path, path, start.index)
        place = self.places.get(known.path) if known.path is not None else None
        if place and isinstance(known.value, str):
            self.texts[path] = place
        return known.value

    def _copy(self, value: Any, origin: Path | None, path: Path, index: int) -> None:
        """Enter the places of all that is in an aliased value, and count it."""
        self._aliased += 1
        if self._aliased > MAX_ALIASED:
            message = f"the aliases of this file expand to more than {MAX_ALIASED:,} values"
            self._stop(index, "yaml-aliases", message, "Write out the values that “*” stands for.")
        if origin is None or not isinstance(value, (dict, list)):
            return
        entries = value.items() if isinstance(value, dict) else enumerate(value)
        for part, inner in entries:
            old, new = (*origin, part), (*path, part)
            self.places[new] = self.places[old]
            if old in self.key_places:
                self.key_places[new] = self.key_places[old]
            if old in self.texts:
                self.texts[new] = self.texts[old]
            self._copy(inner, old, new, index)

    def _tag(self, event: _Event) -> None:
        index = event.start_mark.index
        word = self.text[index : index + 60].split("\n", 1)[0].strip()
        self._fault(
            index,
            "yaml-feature",
            f"“{shorten(word)}” begins with “!”, a YAML tag, which papergen does not read",
            "Delete the tag. If the “!” belongs to the text, put the text in quotation marks.",
            harmless=True,
        )

    def _directives(self, event: _Event) -> None:
        kind = type(event)
        if kind is DocumentStartEvent and event.tags:
            index = event.start_mark.index
            self._fault(
                index,
                "yaml-feature",
                "“%TAG” declares YAML tags, which papergen does not read",
                "Delete the line.",
            )

    def _fault(
        self, index: int, code: str, message: str, hint: str, *, harmless: bool = False
    ) -> None:
        self.whole &= harmless
        self.problems.append(Problem(code, message, self._at(index), hint))

    def _stop(self, index: int, code: str, message: str, hint: str) -> None:
        raise _StopError(Fault(Problem(code, message, self._at(index), hint)))

    def _at(self, index: int) -> Location:
        return Location(self.source, *place_at(self._lines(), index))

    def _lines(self) -> list[int]:
        if not self._starts:
            self._starts = line_starts(self.text)
        return self._starts
