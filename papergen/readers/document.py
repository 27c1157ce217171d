"""A source as values with places: what the YAML and JSON readers return."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, cast

from papergen.errors import Location
from papergen.readers.scalars import align

Path = tuple[str | int, ...]
Place = tuple[int, int]

MAX_DEPTH = 100
"""Groups and lists within each other that a file may have."""

_BREAK = re.compile(r"\r\n|\r|\n")


def line_starts(text: str) -> list[int]:
    """The offset of each line's first character. Lines end as in editors: with LF, CRLF or CR."""
    starts = [0]
    starts += [found.end() for found in _BREAK.finditer(text)]
    return starts


def place_at(starts: Sequence[int], offset: int) -> Place:
    """Line and column, from 1, of the character at `offset`."""
    line = bisect_right(starts, offset)
    start = starts[line - 1]
    return line, offset - start + 1


@dataclass(frozen=True, slots=True)
class SourceDocument:
    """One source as read.

    `value` is made of dict, list, str and None: every scalar is its text as typed, and None is a
    value left empty (`~`, or `null` in JSON). `places` has line and column, from 1, of each value;
    a value given by a YAML alias stands where the alias does, and `texts` has where its text
    stands. `key_places` has those of each mapping's keys, by the path of the entry. `text` is the
    source, without a byte order mark.
    """

    source: str
    value: Any
    places: Mapping[Path, Place]
    key_places: Mapping[Path, Place]
    text: str
    texts: Mapping[Path, Place] = field(default_factory=dict)
    elsewhere: Mapping[Path, Location] = field(default_factory=dict)
    """The places of values from another file, and of all that is within them."""
    verbatim: bool = False
    """Whether the source is one text, as it stands."""
    comments: Mapping[Path, tuple[int, int]] = field(default_factory=dict)
    """The offsets, first and last, of values with a comment behind them on their line."""
    doubtful: frozenset[Path] = frozenset()
    """The values affected by a fault of the source: what else is wrong with them is no fault."""
    aside: tuple[Any, ...] = ()
    """What has no place in `value`: the second of two fields of one name."""
    _aligned: dict[Path, list[int]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _starts: list[int] = field(default_factory=list, init=False, repr=False, compare=False)

    def __reduce__(self) -> tuple[object, ...]:
        kept = [getattr(self, name) for name in _KEPT]
        return SourceDocument, tuple(kept)

    def at(self, path: Path) -> Any:
        """The value at `path`. Raises LookupError or TypeError where there is none."""
        value = self.value
        for part in path:
            if not isinstance(value, (dict, list)):
                raise LookupError(path)
            value = cast("Any", value)[part]
        return value

    def location(self, path: Path) -> Location:
        """The place of the value at `path`, or of the nearest value that would hold it."""
        for length in range(len(path), -1, -1):
            nearest = path[:length]
            if nearest in self.elsewhere:
                return self.elsewhere[nearest]
            place = self.places.get(nearest)
            if place:
                return self._location(place)
        return Location(self.source)

    def key_location(self, path: Path) -> Location:
        """The place of the key of the entry at `path`; where it has none, that of its value."""
        place = self.key_places.get(path)
        if place is None:
            return self.location(path)
        return self._location(place)

    def location_in(self, path: Path, offset: int) -> Location:
        """The place of character `offset` of the text at `path`, in whatever style it is written.

        `offset` may be the length of the text: the place after it. The place of a value that is not
        text is `location(path)`.
        """
        place = self.texts.get(path) or self.places.get(path)
        value = self._text(path)
        if place is None or value is None:
            return self.location(path)
        if not self._starts:
            self._starts.extend(line_starts(self.text))
        if self.verbatim:
            at = min(offset, len(self.text))
        else:
            offsets = self._offsets(path, place, value)
            last = len(offsets) - 1
            at = offsets[max(0, min(offset, last))]
        return self._location(place_at(self._starts, at))

    def _offsets(self, path: Path, place: Place, value: str) -> list[int]:
        """The offset in the source of each character of a text, and of the place after it."""
        offsets = self._aligned.get(path)
        if offsets is None:
            # Folded, escaped and indented text is aligned with its source only at need.
            line, column = place
            start = self._starts[line - 1] + column - 1
            offsets = align(self.text, start, value)
            self._aligned[path] = offsets
        return offsets

    def _location(self, place: Place) -> Location:
        line, column = place
        return Location(self.source, line, column)

    def _text(self, path: Path) -> str | None:
        try:
            value = self.at(path)
        except (LookupError, TypeError):
            return None
        if isinstance(value, str):
            return value
        return None


_KEPT = (
    "source",
    "value",
    "places",
    "key_places",
    "text",
    "texts",
    "elsewhere",
    "verbatim",
    "comments",
    "doubtful",
    "aside",
)


def text_document(text: str, source: str, path: Path) -> SourceDocument:
    """A source that is one text, unchanged, as the value at `path`."""
    value: Any = text
    for part in reversed(path):
        value = {part: value}
    start = (1, 1)
    return SourceDocument(
        source=source,
        value=value,
        places={(): start, path: start},
        key_places={},
        text=text,
        verbatim=True,
    )


def placed_elsewhere(
    document: SourceDocument,
    value: Any,
    places: Mapping[Path, Location],
) -> SourceDocument:
    """The source with other values, of which those at `places` are from another file."""
    return replace(document, value=value, elsewhere=places)
