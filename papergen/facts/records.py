"""What templates and narratives see: a thing with its fields, at one board's meeting."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, ClassVar, Protocol, TypeVar

from papergen.dates import PartialDate
from papergen.engine.values import DECODERS, Gap, Printable, Tokenised, ValueMisuse
from papergen.facts.store import Data, Script, Store, Target
from papergen.language.locale import NO_BREAK, Locale
from papergen.text import shorten_line

NAME_FIELDS = ("title", "name", "text", "what", "heading")
_LAST_NUMBER = re.compile(r" (?=\d+$)")


class FactRecorder(Protocol):
    """Told of every fact that is read, by its path, when a draft is traced."""

    def read(self, path: str) -> None: ...
    def depend(self, paths: Iterable[str]) -> None: ...
    def watch(self) -> None: ...
    def watched(self) -> frozenset[str]: ...


T = TypeVar("T")


class MeetingView:
    """The data as one board's meeting sees them: names on that day, what is known at `as_at`, what
    is past and to come.
    """

    def __init__(
        self,
        store: Store,
        locale: Locale,
        meeting: PartialDate,
        as_at: PartialDate,
        texts: Sequence[Any] = (),
        recorder: FactRecorder | None = None,
    ) -> None:
        """`texts`: the compiled scripts of the store, by index."""
        self.store = store
        self.locale = locale
        self.meeting = meeting
        self.as_at = as_at
        self.texts = texts
        self.recorder = recorder
        self.allowed: set[tuple[str, str, str]] = set()
        """Kinds, fields and words that a choice has asked for, and that a field of that kind can
        hold.
        """
        self._records: dict[int, Record] = {}

    def start_recording(self, recorder: FactRecorder) -> None:
        """From now on, tell `recorder` of every fact that is read. What was looked up before is
        forgotten.
        """
        self.recorder = recorder
        for record in self._records.values():
            record.forget()

    def apart(self, make: Callable[[], T]) -> tuple[T, frozenset[str]]:
        """What `make` gives, and the facts that it reads; the recorder is not told of them."""
        if self.recorder is None:
            return make(), _NOTHING
        self.recorder.watch()
        try:
            made = make()
        finally:
            facts = self.recorder.watched()
        return made, facts

    def record(self, data: Data, via: tuple[str, ...] = ()) -> Record:
        """The record of a thing. `via`: the paths of the references that led to it (kept only when
        a draft is traced).
        """
        if via and self.recorder is not None:
            return Record(data, self, via)
        found = self._records.get(id(data))
        if found is None:
            found = self._records[id(data)] = Record(data, self)
        return found

    def looked_up(self) -> Iterator[tuple[Data, tuple[str, ...]]]:
        """The things of which something was asked, each with the fields that were (of an untraced
        draft; see `facts.told`).
        """
        for record in list(self._records.values()):
            if record._given:
                yield record.data, tuple(record._given)

    def find(self, kind: str, id_: str, via: tuple[str, ...] = ()) -> Record:
        return self.record(self.store.find(Target(kind, id_)), via)

    def at(self, path: str) -> Record:
        """The record at a path: for things that have no id."""
        for root in self.store.roots.values():
            for data in (root, *root.everything()):
                if data.path == path:
                    return self.record(data)
        raise ValueMisuse("a value was cut or changed so that it can no longer be printed")

    def all(self, kind: str) -> list[Record]:
        """All things of a kind, in the order of the files."""
        return [self.record(data) for data in self.store.index.get(kind, {}).values()]


_NOTHING: frozenset[str] = frozenset()


class Day(Printable):
    """A date that prints in the brand's form, at its own precision; a month is “November 2012”."""

    __slots__ = ("_locale", "_shown", "value")

    def __init__(self, value: PartialDate, locale: Locale) -> None:
        self.value = value
        self._locale = locale
        self._shown: dict[str, str] = {}

    def format(self, fields: str = "EdMy") -> str:
        """With these of its fields; all it has where it has none of these, since a date is never
        blank.
        """
        shown = self._shown.get(fields)
        if shown is None:
            shown = self._shown[fields] = self._locale.format(
                self.value, fields
            ) or self._locale.format(self.value)
        return shown

    def with_weekday(self) -> str:
        return self._locale.with_weekday(self.value)

    def parts(self, run: Any) -> Iterator[Any]:
        yield str(self)

    def quick(self, run: Any) -> str | None:
        return str(self)

    def __str__(self) -> str:
        return self.format()

    def _other(self, other: object) -> PartialDate:
        if isinstance(other, Day):
            return other.value
        if isinstance(other, Gap):
            raise ValueMisuse(
                f"the {other.what} is not known, so it cannot be compared", other.hint
            )
        try:
            return PartialDate.parse(str(other))
        except ValueError:
            hint = (
                "Compare it with another date, or with one in quotation marks: {% if meeting.date "
                "< '2013-04-01' %}."
            )
            raise ValueMisuse("a date can only be compared with a date", hint) from None

    def __eq__(self, other: object) -> bool:
        return self.value == self._other(other) if isinstance(other, (Day, Gap, str)) else False

    def __hash__(self) -> int:
        return hash(str(self.value))

    def __lt__(self, other: object) -> bool:
        return self.value < self._other(other)

    def __le__(self, other: object) -> bool:
        return self.value <= self._other(other)

    def __gt__(self, other: object) -> bool:
        return self.value > self._other(other)

    def __ge__(self, other: object) -> bool:
        return self.value >= self._other(other)

    def look_up(self, name: str) -> Any:
        if name in ("year", "month", "day"):
            return getattr(self.value, name)
        return NotImplemented


class Record(Tokenised, Printable):
    """A thing of the plan, the register or the paper. A field that is not given is a `Gap`."""

    __slots__ = ("_given", "_known", "_names", "data", "via", "view")
    computed: ClassVar[dict[tuple[str, str], Callable[[Record], Any]]] = {}
    """Computed fields by kind and name; `facts.computed` fills it. One may stand in the place of a
    field that is given.
    """
    namers: ClassVar[dict[str, Callable[[Record, Any, str], Iterator[Any]]]] = {}
    """How things of a kind are named in text, by kind; `facts.naming` fills it."""
    introduced_kinds: ClassVar[set[str]] = set()
    """The kinds whose names are in full at their first mention."""

    def __init__(self, data: Data, view: MeetingView, via: tuple[str, ...] = ()) -> None:
        self.data = data
        self.view = view
        self.via = via
        self._known: dict[str, Any] = {}
        self._given: dict[str, Any] = {}
        self._names: dict[str, str | None] = {}

    def forget(self) -> None:
        self._known.clear()
        self._given.clear()
        self._names.clear()

    @property
    def kind(self) -> str:
        return self.data.kind

    @property
    def id(self) -> str:
        return self.data.id

    def look_up(self, name: str) -> Any:
        """The field of that name as templates see it; NotImplemented when there is none."""
        known = self._known.get(name)
        if known is not None:
            return known
        compute = self.computed.get((self.data.kind, name))
        if compute is not None:
            value = compute(self)
        elif name in self.data.fields:
            value = self.get(name)
            value = self.gap(name) if value is None else value
        else:
            return NotImplemented
        if self.view.recorder is None:
            self._known[name] = value
        return value

    def get(self, name: str) -> Any:
        """The field's value, None when it is not given."""
        if self.view.recorder is not None:
            return self._wrap(self.data.fields[name], f"{self.data.path}.{name}")
        if name not in self._given:
            self._given[name] = self._wrap(self.data.fields[name], "")
        return self._given[name]

    def last(self, name: str) -> Any:
        """The last entry of a field that is a list, None when there is none."""
        if self.view.recorder is None:
            entries = self.get(name)
            return entries[-1] if entries else None
        entries = self.data.fields[name]
        return (
            self._wrap(entries[-1], f"{self.data.path}.{name}[{len(entries) - 1}]")
            if entries
            else None
        )

    def _wrap(self, value: Any, path: str) -> Any:
        kind = type(value)
        if kind is Data:
            return self.view.record(value, self.via)
        if kind is tuple:
            return [self._wrap(item, f"{path}[{at}]") for at, item in enumerate(value)]
        if kind is Script:
            return self.view.texts[value.index]
        if self.view.recorder is not None:
            self.view.recorder.read(path)
        if kind is PartialDate:
            return Day(value, self.view.locale)
        if kind is Target:
            return self.view.find(value.kind, value.id, (*self.via, path))
        return value

    def gap(self, name: str) -> Gap:
        """The gap where a field is not given: what is missing, and where to put it."""
        store, data = self.view.store, self.data
        title = store.titles.get((data.kind, name), name).removesuffix(f" of the {data.kind}")
        described, facts = self.view.apart(self.describe)
        what = title if data.path == "paper" else f"{title} of {described}"
        root = re.split(r"[.[]", data.path, maxsplit=1)[0]
        # The paper's own file is the one that is worked on: a line of it in a Word comment would
        # soon be another one.
        place = store.place(root, None if root in ("paper", data.path) else data.where)
        board = data.fields.get("board") if data.kind == "consideration" else None
        holder = f"{described} with “board: {board.id}”" if isinstance(board, Target) else described
        return Gap(
            what,
            f"Add “{name}:” to {holder} in {place}.",
            f"{data.path}.{name}",
            tuple(sorted(facts)),
        )

    def describe(self) -> str:
        """The thing in a few words for a message: “action 1.3”, “the paper”."""
        fields = self.data.fields
        if fields.get("names"):
            named: Record = self.get("names")[0]
            return named.describe()
        for name in ("ref", *NAME_FIELDS):
            value = fields.get(name)
            if isinstance(value, str) and value and "{" not in value:
                if self.view.recorder is not None:
                    self.view.recorder.read(f"{self.data.path}.{name}")
                shown = shorten_line(value)
                if name in ("title", "name"):
                    return shown
                return f"{self.kind} {shown}" if name == "ref" else f"{self.kind} “{shown}”"
        return f"{self.kind} “{self.id}”" if self.id else f"the {self.kind}"

    def field_names(self) -> list[str]:
        return list(
            dict.fromkeys(
                (
                    *self.data.fields,
                    *(name for kind, name in self.computed if kind == self.data.kind),
                )
            )
        )

    def parts(self, run: Any, form: str = "") -> Iterator[Any]:
        """The thing's own name, as text has it now."""
        namer = self.namers.get(self.data.kind)
        if namer is not None:
            yield from namer(self, run, form)
            return
        for name in NAME_FIELDS:
            if self.data.fields.get(name) is not None:
                value = self.get(name)
                yield _LAST_NUMBER.sub(NO_BREAK, value) if isinstance(value, str) else value
                return
        if any(name in self.data.fields for name in NAME_FIELDS):
            yield self.gap(next(name for name in NAME_FIELDS if name in self.data.fields))
            return
        raise ValueMisuse(
            f"{self.describe()} has no name to print",
            f"Print one of its fields: {', '.join(self.field_names())}.",
        )

    def quick(self, run: Any, form: str = "") -> str | None:
        if self.view.recorder is not None:
            return None
        if self.data.kind in self.introduced_kinds:
            path = self.data.path
            if not form or form == "+":
                if (run.introducing and path not in run.introduced) or path not in run.claimed:
                    return None
                form = f"short{form}" if form else "short"
            elif form.startswith(("full", "name")):
                if run.introducing and path not in run.introduced:
                    return None
            elif path not in run.claimed:
                return None
        try:
            return self._names[form]
        except KeyError:
            parts = list(self.parts(run, form))
            known = (
                parts[0]
                if len(parts) == 1 and isinstance(parts[0], str) and "\x02" not in parts[0]
                else None
            )
            self._names[form] = known
            return known

    def payload(self) -> list[Any]:
        return ["record", self.data.kind, self.data.id, self.data.path, list(self.via)]

    def __str__(self) -> str:
        return Tokenised.__str__(self)

    def __repr__(self) -> str:
        return f"<{self.data.path}>"

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Gap):
            raise ValueMisuse(
                f"the {other.what} is not known, so it cannot be compared", other.hint
            )
        return isinstance(other, Record) and self.data is other.data

    def __hash__(self) -> int:
        return id(self.data)


class NameForm(Tokenised, Printable):
    """A record to be printed in a given form: full, short, initials or name. `possessive`: with the
    mark of possession.
    """

    __slots__ = ("form", "possessive", "record")

    def __init__(self, record: Record, form: str, possessive: bool = False) -> None:
        self.record = record
        self.form = form
        self.possessive = possessive

    def parts(self, run: Any) -> Iterator[Any]:
        yield from self.record.parts(run, self.form + ("+" if self.possessive else ""))

    def quick(self, run: Any) -> str | None:
        return self.record.quick(run, self.form + ("+" if self.possessive else ""))

    def payload(self) -> list[Any]:
        return ["mention", self.record.payload(), self.form, self.possessive]

    def __str__(self) -> str:
        return Tokenised.__str__(self)


class _Later(Tokenised, Printable):
    """A record behind a token: found again in the view of the run that prints it."""

    __slots__ = ("_form", "_payload")

    def __init__(self, payload: list[Any], form: str = "") -> None:
        self._payload = payload
        self._form = form

    def parts(self, run: Any) -> Iterator[Any]:
        _, kind, id_, path, via = self._payload
        view: MeetingView = run.values["_view"]
        yield from (
            view.find(kind, id_, tuple(via)).parts(run, self._form)
            if id_
            else view.at(path).parts(run, self._form)
        )


class _LaterText(Tokenised, Printable):
    """A title, heading or recommendation behind a token."""

    __slots__ = ("_index",)

    def __init__(self, index: int) -> None:
        self._index = index

    def parts(self, run: Any) -> Iterator[Any]:
        view: MeetingView = run.values["_view"]
        yield view.texts[self._index]


DECODERS["text"] = lambda payload: _LaterText(*payload[1:])
DECODERS["record"] = _Later
DECODERS["mention"] = lambda payload: _Later(payload[1], payload[2] + ("+" if payload[3] else ""))
