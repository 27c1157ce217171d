"""The data of a paper as one board's meeting sees them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

from papergen.dates import PartialDate
from papergen.engine.values import ValueMisuse
from papergen.facts.records import FactRecorder, Record, RecordRules
from papergen.facts.store import Data, Store, Target
from papergen.language.locale import Locale

T = TypeVar("T")


class MeetingView:
    """The data as one board's meeting sees them.

    It has the names on that day, what is known at `as_at`, what is past and what is to come.
    `facts.registry.meeting_view` makes one.
    """

    def __init__(
        self,
        store: Store,
        locale: Locale,
        meeting: PartialDate,
        as_at: PartialDate,
        texts: Sequence[Any],
        rules: RecordRules,
    ) -> None:
        """Hold the data. `texts`: the compiled scripts of the store, by index."""
        self.store = store
        self.locale = locale
        self.meeting = meeting
        self.as_at = as_at
        self.texts = texts
        self.rules = rules
        self.recorder: FactRecorder | None = None
        """What records every fact that is read, in a traced draft."""
        self.checked_choices: set[tuple[str, str, str]] = set()
        """Kinds, fields and words that the filter `of` has found to be possible."""
        self._records: dict[int, Record] = {}

    def start_recording(self, recorder: FactRecorder) -> None:
        """Report every fact that is read from now on to `recorder`.

        A fact that was read before is read again.
        """
        self.recorder = recorder
        for record in self._records.values():
            record.forget()

    def apart(self, make: Callable[[], T]) -> tuple[T, frozenset[str]]:
        """What `make` returns, and the facts that it reads, which are not recorded otherwise."""
        if self.recorder is None:
            return make(), frozenset()
        self.recorder.watch()
        try:
            made = make()
        finally:
            facts = self.recorder.watched()
        return made, facts

    def record(self, data: Data, via: tuple[str, ...] = ()) -> Record:
        """The record of a thing.

        `via`: the paths of the references that led to it; only kept when a draft is traced.
        """
        if via and self.recorder is not None:
            return Record(data, self, via)
        found = self._records.get(id(data))
        if found is None:
            found = Record(data, self)
            self._records[id(data)] = found
        return found

    def looked_up(self) -> Iterator[tuple[Data, tuple[str, ...]]]:
        """The things of which a field was looked up, each with the names of those fields.

        Only complete for a draft that is not traced; see `facts.reported`.
        """
        for record in list(self._records.values()):
            names = record.names_looked_up()
            if names:
                yield record.data, names

    def find(self, kind: str, id_: str, via: tuple[str, ...] = ()) -> Record:
        """The record of the thing of that kind and id. Raises KeyError where there is none."""
        data = self.store.find(Target(kind, id_))
        return self.record(data, via)

    def at(self, path: str) -> Record:
        """The record at a path, for things without an id. Raises ValueMisuse if there is none."""
        for root in self.store.roots.values():
            for data in (root, *root.everything()):
                if data.path == path:
                    return self.record(data)
        raise ValueMisuse("a value was cut or changed so that it can no longer be printed")

    def all(self, kind: str) -> list[Record]:
        """All things of a kind that have ids, in the order of the files."""
        things = self.store.index.get(kind, {})
        return [self.record(data) for data in things.values()]
