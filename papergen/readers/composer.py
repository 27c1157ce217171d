"""The values of a YAML text made from the events of its parser, with the place of each."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any, NoReturn

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
    forbidden,
    without_forbidden,
)
from papergen.readers.document import MAX_DEPTH, Path, Place, line_starts, place_at
from papergen.readers.faults import JINJA, Fault, Progress
from papergen.readers.scalars import align
from papergen.text import shorten

MAX_ALIASED = 100_000

_Event = Any  # one of yaml.events: they share what is read of them here, but no type that says so
_ANCHOR = re.compile(r"&[^\s,\[\]{}]+(?:[ \t]+#[^\r\n]*|\s)*")
_COMMENT = re.compile(r"[ \t]+#")
_LINE_ENDS = ("\n", "\r", "")
_NUMBER = re.compile(r"[ \t]+#\d")


def _diagnosis() -> ModuleType:
    """The module that only a faulty file needs."""
    from papergen.readers import diagnosis

    return diagnosis


def _place(event: _Event) -> Place:
    """Where an event begins: line and column, from 1."""
    start = event.start_mark
    return start.line + 1, start.column + 1


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
class YamlComposer:
    """One pass over the parser's events: the values of `text`, and their places.

    `disguised` is the text without what YAML changes or refuses.
    """

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

    def read(self, readable: str, loader: Any) -> Fault | None:
        """Fill the fields. Returns the fault that ended the pass early, if one did.

        `readable` is the disguised text with its repairs, `loader` one of PyYAML's classes.
        """
        try:
            # The parser written in Python reads from the text as soon as it is made.
            self._next = loader(readable).get_event
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
        start = last.start_mark.index
        end = last.end_mark.index
        if type(last) is ScalarEvent:
            return Progress(start, end, last.style or "")
        # The end of a group in brackets is as wide as its bracket; that of an indented one has no
        # width.
        if end > start:
            return Progress(self._opened, end, self.text[end - 1])
        return Progress(self._opened, end)

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
            self._stop(0, "syntax", "the file is empty", hint)
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
        """The value that begins with `event`. Enters the places of all that it holds."""
        kind = type(event)
        if kind is ScalarEvent:
            self.places[path] = _place(event)
            self._last = event
            text = self._scalar(event, path)
            if event.anchor:
                self._anchor(event, text, path)
            return text
        if kind is AliasEvent:
            return self._alias(event, path)
        index = event.start_mark.index
        if depth >= MAX_DEPTH:
            problem = _diagnosis().too_deep(self.text, self.source, index)
            raise _StopError(Fault(problem))
        if event.tag:
            self._tag(event)
        value: Any = {} if kind is MappingStartEvent else []
        if event.anchor:
            self.places[path] = self._anchor(event, value, path)
        else:
            self.places[path] = _place(event)
        if kind is MappingStartEvent:
            if event.flow_style:
                self._check_jinja(index)
            self._mapping(value, path, depth + 1)
        else:
            self._sequence(value, path, depth + 1)
        self._opened = index
        if event.anchor:
            self._anchors[event.anchor].complete = True
        return value

    def _check_jinja(self, index: int) -> None:
        """Stop where a Jinja tag is read as a group of fields in brackets."""
        if self.text.startswith(JINJA, index):
            raise _StopError(_diagnosis().jinja_tag(self.text, self.source, index))

    def _mapping(self, value: dict[str, Any], path: Path, depth: int) -> None:
        while True:
            event = self._next()
            if type(event) is MappingEndEvent:
                self._last = event
                return
            key = self._key(event, depth)
            entry = (*path, key)
            if key in value:
                self._duplicate(event, key, path, depth)
                continue
            self.key_places[entry] = _place(event)
            value[key] = self._compose(self._next(), entry, depth)

    def _duplicate(
        self,
        event: _Event,
        key: str,
        path: Path,
        depth: int,
    ) -> None:
        """Report a key that is given again. Its value is read for its own faults, and left out."""
        first, _ = self.key_places[*path, key]
        second, _ = _place(event)
        self._fault(
            event.start_mark.index,
            "duplicate-key",
            f"“{shorten(key)}” stands here again; it is already given on line {first}",
            _diagnosis().keep_one(first, second),
            harmless=True,
        )
        entry = (*path, f"{key}\x00{second}")
        value = self._compose(self._next(), entry, depth)
        self.aside.append(value)

    def _key(self, event: _Event, depth: int) -> str:
        if type(event) is ScalarEvent:
            return self._scalar_key(event)
        index = event.start_mark.index
        if type(event) is MappingStartEvent:
            self._check_jinja(index)
        self._fault(
            index,
            "yaml-feature",
            "a list, group of fields or alias stands where the name of a field belongs",
            "Use plain words as the name of a field. If this is text, put it in quotation marks.",
        )
        stand_in = f"\x00{index}"
        if type(event) is not AliasEvent:
            self._compose(event, (stand_in,), depth)
        return stand_in

    def _scalar_key(self, event: _Event) -> str:
        index = event.start_mark.index
        key = self._scalar(event, None)
        if self._was_repaired(index, index + 1):
            self.whole = False
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
        if event.style:
            return self._styled(event, path)
        if path is None:
            return self.disguised.reveal(event.value)
        return self._plain(event, path)

    def _plain(self, event: _Event, path: Path) -> str | None:
        """The text of a scalar without quotation marks; None where it is left empty."""
        if event.value in ("", "~"):
            return None
        start = event.start_mark.index
        end = event.end_mark.index
        if self._was_repaired(start, end):
            # Its text is what was blanked out, so that the tags in it are read.
            self.doubtful.add(path)
            typed = re.sub(r"\s*\n\s*", " ", self.text[start:end])
            return without_forbidden(typed)
        behind = self.text[end : end + 1]
        if behind not in _LINE_ENDS and _COMMENT.match(self.text, end):
            self.comments[path] = start, end
            if " " in event.value or _NUMBER.match(self.text, end):
                self.doubtful.add(path)
                problem = _diagnosis().swallowed(self.text, self.source, start, end)
                self.problems.append(problem)
        return self._revealed(event.value, path)

    def _styled(self, event: _Event, path: Path | None) -> str:
        """The text of a scalar in quotation marks, or of a block."""
        start = event.start_mark.index
        end = event.end_mark.index
        if path is not None and self._was_repaired(start, end):
            self.doubtful.add(path)
        value = self._revealed(event.value, path)
        if event.style != '"' or len(value) >= end - start - 2:
            return value
        # It is shorter than what is typed between the quotation marks: there are escapes.
        self._escaped(event, value)
        if path is not None and forbidden(value):
            self.doubtful.add(path)
            return without_forbidden(value)
        return value

    def _revealed(self, value: str, path: Path | None) -> str:
        """The value with its real characters; doubtful if some cannot be kept."""
        if not self.disguised.back:
            return value
        value = self.disguised.reveal(value)
        if path is not None and "\ufffd" in value:
            self.doubtful.add(path)
        return value

    def _was_repaired(self, start: int, end: int) -> bool:
        if not self.repaired:
            return False
        return any(first < end and start < last for first, last in self.repaired)

    def _escaped(self, event: _Event, value: str) -> None:
        r"""Report escapes such as `\x07`: characters of the value that are not in the source."""
        found = forbidden(value)
        if not found:
            return
        offsets = align(self.text, self._after_anchor(event), value)
        for at in found[:MOST]:
            where = self._at(offsets[at])
            problem = bad_character(value[at], where, escaped=True)
            self.problems.append(problem)

    def _anchor(self, event: _Event, value: Any, path: Path | None) -> Place:
        """Keep the value that the anchor names. Returns the place of the value behind it."""
        assert event.anchor
        is_complete = type(event) is ScalarEvent
        self._anchors[event.anchor] = _Anchored(value, path, is_complete)
        if value is None:
            return _place(event)
        place = place_at(self._lines(), self._after_anchor(event))
        if path is not None:
            self.places[path] = place
        return place

    def _after_anchor(self, event: _Event) -> int:
        """The offset of a value behind its anchor, if it has one."""
        start: int = event.start_mark.index
        if not event.anchor:
            return start
        found = _ANCHOR.match(self.text, start)
        if found is None:
            return start
        return found.end()

    def _alias(self, event: _Event, path: Path) -> Any:
        """The value that an alias is for."""
        index = event.start_mark.index
        name = event.anchor or ""
        self.places[path] = _place(event)
        known = self._anchors.get(name)
        if known is None:
            raise _StopError(_diagnosis().indicator(self.text, self.source, index))
        if not known.complete:
            message = f"“*{shorten(name)}” stands for a value that holds it"
            self._stop(index, "yaml-aliases", message, "Write the value out.")
        self._copy(known.value, known.path, path, index)
        if known.path is not None and isinstance(known.value, str):
            place = self.places.get(known.path)
            if place:
                self.texts[path] = place
        return known.value

    def _copy(
        self,
        value: Any,
        origin: Path | None,
        path: Path,
        index: int,
    ) -> None:
        """Enter the places of all that is in an aliased value, and count it."""
        self._aliased += 1
        if self._aliased > MAX_ALIASED:
            message = f"the aliases of this file expand to more than {MAX_ALIASED:,} values"
            self._stop(index, "yaml-aliases", message, "Write out the values that “*” stands for.")
        if origin is None or not isinstance(value, (dict, list)):
            return
        entries = value.items() if isinstance(value, dict) else enumerate(value)
        for part, inner in entries:
            old = (*origin, part)
            new = (*path, part)
            self.places[new] = self.places[old]
            if old in self.key_places:
                self.key_places[new] = self.key_places[old]
            if old in self.texts:
                self.texts[new] = self.texts[old]
            self._copy(inner, old, new, index)

    def _tag(self, event: _Event) -> None:
        index = event.start_mark.index
        beginning = self.text[index : index + 60]
        line, *_ = beginning.split("\n", 1)
        word = line.strip()
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
            self._fault(
                event.start_mark.index,
                "yaml-feature",
                "“%TAG” declares YAML tags, which papergen does not read",
                "Delete the line.",
            )

    def _fault(
        self,
        index: int,
        code: str,
        message: str,
        hint: str,
        *,
        harmless: bool = False,
    ) -> None:
        """Report a fault that this pass can read on after. `harmless`: nothing is left out."""
        if not harmless:
            self.whole = False
        where = self._at(index)
        self.problems.append(Problem(code, message, where, hint))

    def _stop(
        self,
        index: int,
        code: str,
        message: str,
        hint: str,
    ) -> NoReturn:
        """End the pass with a fault after which nothing can be read."""
        where = self._at(index)
        problem = Problem(code, message, where, hint)
        raise _StopError(Fault(problem))

    def _at(self, index: int) -> Location:
        line, column = place_at(self._lines(), index)
        return Location(self.source, line, column)

    def _lines(self) -> list[int]:
        if not self._starts:
            self._starts = line_starts(self.text)
        return self._starts
