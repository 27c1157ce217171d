"""Records: what templates and narratives see of a thing of the plan, the register or the paper."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from papergen.dates import PartialDate, Period, WrittenDate
from papergen.engine.values import Decoders, Gap, Printable, Tokenised, ValueMisuse
from papergen.facts.simple_values import Day, WrittenDay
from papergen.facts.store import Data, Script, Target
from papergen.language.locale import NO_BREAK

if TYPE_CHECKING:
    from papergen.facts.view import MeetingView

NAME_FIELDS = ("title", "name", "text", "what", "heading")
"""The fields that name a thing, the first that is given before the others."""
_NAMES_ANOTHER = frozenset(("sign-off",))
"""The kinds of which the field `name` names somebody else."""
_LONGEST_DESCRIPTION = 60
_LAST_NUMBER = re.compile(r" (?=\d+$)")
_ROOT = re.compile(r"[.[]")


class FactRecorder(Protocol):
    """What a traced draft reports the facts to that it reads, by their paths.

    See `facts.provenance`.
    """

    def read(self, path: str) -> None: ...
    def depend(self, paths: Iterable[str]) -> None: ...
    def watch(self) -> None: ...
    def watched(self) -> frozenset[str]: ...


Namer = Callable[["Record", Any, str, bool], Iterator[Any]]
"""Yields the parts of a thing's name.

It takes a record, a run, the form that is asked for (empty for that of this mention), and whether
the name takes the mark of possession.
"""


@dataclass(frozen=True, slots=True)
class RecordRules:
    """What records can do beyond holding fields: one table each, put together in `facts.registry`.

    `computed`: the computed fields, by kind and name; one may replace a field of that name.
    `namers`: how things of a kind are named in text. `introduced_kinds`: the kinds whose names are
    in full at their first mention.
    """

    computed: Mapping[tuple[str, str], Callable[[Record], Any]]
    namers: Mapping[str, Namer]
    introduced_kinds: frozenset[str]


class Record(Tokenised, Printable):
    """A thing of the plan, the register or the paper. A field that is not given is a `Gap`."""

    __slots__ = ("_given", "_known", "_names", "data", "via", "view")

    def __init__(
        self,
        data: Data,
        view: MeetingView,
        via: tuple[str, ...] = (),
    ) -> None:
        self.data = data
        self.view = view
        self.via = via
        self._known: dict[str, Any] = {}
        self._given: dict[str, Any] = {}
        self._names: dict[tuple[str, bool], str | None] = {}

    def forget(self) -> None:
        """Drop the values that were kept, so that they are read again."""
        self._known.clear()
        self._given.clear()
        self._names.clear()

    @property
    def kind(self) -> str:
        return self.data.kind

    @property
    def id(self) -> str:
        return self.data.id

    @property
    def period(self) -> Period:
        return self.data.period

    # -- fields

    def look_up(self, name: str) -> Any:
        """The field of that name as templates see it; NotImplemented when there is none."""
        known = self._known.get(name)
        if known is not None:
            return known
        computed = self.view.rules.computed
        compute = computed.get((self.data.kind, name))
        if compute is not None:
            value = compute(self)
        elif name in self.data.fields:
            value = self.get(name)
            if value is None:
                value = self.gap(name)
        else:
            return NotImplemented
        if self.view.recorder is None:
            self._known[name] = value
        return value

    def get(self, name: str) -> Any:
        """The value of the field as it is given, None when it is not."""
        value = self.data.fields[name]
        if self.view.recorder is not None:
            return self._wrap(value, f"{self.data.path}.{name}")
        if name not in self._given:
            self._given[name] = self._wrap(value, "")
        return self._given[name]

    def last(self, name: str) -> Any:
        """The last entry of a field that is a list, None when there is none."""
        if self.view.recorder is None:
            entries = self.get(name)
            if not entries:
                return None
            return entries[-1]
        given = self.data.fields[name]
        if not given:
            return None
        index = len(given) - 1
        path = f"{self.data.path}.{name}[{index}]"
        return self._wrap(given[index], path)

    def parent(self, kind: str) -> Record:
        """The thing of that kind that this one is part of. There must be one."""
        parent = self.data.parent
        while parent is not None and parent.kind != kind:
            parent = parent.parent
        assert parent is not None, f"{self.data.path} stands outside any {kind}"
        return self.view.record(parent)

    def _wrap(self, value: Any, path: str) -> Any:
        """A stored value as templates see it; `path` is its own, for the recorder."""
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
        if kind is WrittenDate:
            return WrittenDay(value)
        if kind is Target:
            return self.view.find(value.kind, value.id, (*self.via, path))
        return value

    def field_names(self) -> list[str]:
        """The names of all fields, given or not, the computed ones last."""
        names = list(self.data.fields)
        for kind, name in self.view.rules.computed:
            if kind == self.data.kind and name not in names:
                names.append(name)
        return names

    def names_looked_up(self) -> tuple[str, ...]:
        """The names of the fields that were read, in a draft that is not traced."""
        return tuple(self._given)

    # -- messages

    def gap(self, name: str) -> Gap:
        """The gap where a field is not given: what is missing, and where to put it."""
        store = self.view.store
        data = self.data
        what = store.title_of(data.kind, name)
        described, facts = self.view.apart(self.describe)
        if data.path != "paper":
            words = self.view.locale.words
            what = words.missing_field.format(field=what, thing=described)
        holder = described
        board = data.fields.get("board")
        if data.kind == "consideration" and isinstance(board, Target):
            holder = f"{described} with “board: {board.id}”"
        place = self._place_for_hint()
        return Gap(
            what=what,
            hint=f"Add “{name}:” to {holder} in {place}.",
            path=f"{data.path}.{name}",
            facts=tuple(sorted(facts)),
        )

    def _place_for_hint(self) -> str:
        root = _ROOT.split(self.data.path, maxsplit=1)[0]
        # The author is working on the paper's own file: a line of it in a Word comment would soon
        # be another one.
        store = self.view.store
        if root in ("paper", self.data.path):
            return store.place(root)
        return store.place(root, self.data.where)

    def describe(self) -> str:
        """The thing in a few words for a message: “action 1.3”, “the paper”."""
        if self.data.fields.get("names"):
            first_name: Record = self.get("names")[0]
            return first_name.describe()
        for name in ("ref", *self._name_fields()):
            value = self.data.fields.get(name)
            if not isinstance(value, str) or not value or "{" in value:
                continue
            if self.view.recorder is not None:
                path = f"{self.data.path}.{name}"
                self.view.recorder.read(path)
            return self._described_by(name, value)
        if self.id:
            return f"{self.kind} “{self.id}”"
        return f"the {self.kind}"

    def _name_fields(self) -> Sequence[str]:
        if self.kind in _NAMES_ANOTHER:
            return [name for name in NAME_FIELDS if name != "name"]
        return NAME_FIELDS

    def _described_by(self, name: str, value: str) -> str:
        shown = " ".join(value.split())
        if len(shown) > _LONGEST_DESCRIPTION:
            shown = shown[: _LONGEST_DESCRIPTION - 1] + "…"
        if name in ("title", "name"):
            return shown
        if name == "ref":
            return f"{self.kind} {shown}"
        return f"{self.kind} “{shown}”"

    # -- the name in text

    def parts(
        self,
        run: Any,
        form: str = "",
        possessive: bool = False,
    ) -> Iterator[Any]:
        """The parts of the thing's name, as text has it now."""
        namers = self.view.rules.namers
        namer = namers.get(self.data.kind)
        if namer is not None:
            yield from namer(self, run, form, possessive)
        else:
            yield self._own_name()

    def _own_name(self) -> Any:
        """The first of the fields that name a thing. Raises ValueMisuse where its kind has none."""
        fields = self.data.fields
        names = [name for name in self._name_fields() if name in fields]
        for name in names:
            if fields[name] is None:
                continue
            value = self.get(name)
            if isinstance(value, str):
                return _LAST_NUMBER.sub(NO_BREAK, value)
            return value
        if names:
            return self.gap(names[0])
        known = ", ".join(self.field_names())
        raise ValueMisuse(
            f"{self.describe()} has no name to print",
            f"Print one of its fields: {known}.",
        )

    def quick(
        self,
        run: Any,
        form: str = "",
        possessive: bool = False,
    ) -> str | None:
        """The name as text, kept from before; None where `parts` must be asked for it."""
        if self.view.recorder is not None:
            return None
        if self.data.kind in self.view.rules.introduced_kinds:
            settled = self._settled_form(run, form)
            if settled is None:
                return None
            form = settled
        key = (form, possessive)
        if key in self._names:
            return self._names[key]
        known = None
        parts = list(self.parts(run, form, possessive))
        if len(parts) == 1:
            part = parts[0]
            if isinstance(part, str) and "\x02" not in part:
                known = part
        self._names[key] = known
        return known

    def _settled_form(self, run: Any, form: str) -> str | None:
        """The form that this mention takes.

        None where it introduces the thing, or is the first to use its short form in this run.
        """
        path = self.data.path
        introduces = run.names.introducing and path not in run.names.introduced
        if form in ("full", "name"):
            return None if introduces else form
        if path not in run.names.claimed:
            return None
        if form:
            return form
        return None if introduces else "short"

    # -- tokens and comparison

    def payload(self) -> list[Any]:
        data = self.data
        via = list(self.via)
        return ["record", data.kind, data.id, data.path, via]

    def __str__(self) -> str:
        return Tokenised.__str__(self)

    def __repr__(self) -> str:
        return f"<{self.data.path}>"

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Gap):
            message = f"the {other.what} is not known, so it cannot be compared"
            raise ValueMisuse(message, other.hint)
        return isinstance(other, Record) and self.data is other.data

    def __hash__(self) -> int:
        return id(self.data)


class NameForm(Tokenised, Printable):
    """A record to be printed in a given form: full, short, bare, initials or name.

    An empty `form` is that of the mention. `possessive`: with the mark of possession.
    """

    __slots__ = ("form", "possessive", "record")

    def __init__(
        self,
        record: Record,
        form: str,
        possessive: bool = False,
    ) -> None:
        self.record = record
        self.form = form
        self.possessive = possessive

    def parts(self, run: Any) -> Iterator[Any]:
        yield from self.record.parts(run, self.form, self.possessive)

    def quick(self, run: Any) -> str | None:
        return self.record.quick(run, self.form, self.possessive)

    def payload(self) -> list[Any]:
        record = self.record.payload()
        return ["name form", record, self.form, self.possessive]

    def __str__(self) -> str:
        return Tokenised.__str__(self)


class _RecordToken(Tokenised, Printable):
    """A record behind a token: found again in the view of the run that prints it."""

    __slots__ = ("_form", "_payload", "_possessive")

    def __init__(
        self,
        payload: list[Any],
        form: str = "",
        possessive: bool = False,
    ) -> None:
        self._payload = payload
        self._form = form
        self._possessive = possessive

    def parts(self, run: Any) -> Iterator[Any]:
        _, kind, id_, path, via = self._payload
        view: MeetingView = run.values["_view"]
        record = view.find(kind, id_, tuple(via)) if id_ else view.at(path)
        yield from record.parts(run, self._form, self._possessive)


class _TextToken(Tokenised, Printable):
    """A title, heading or recommendation behind a token."""

    __slots__ = ("_index",)

    def __init__(self, index: int) -> None:
        self._index = index

    def parts(self, run: Any) -> Iterator[Any]:
        view: MeetingView = run.values["_view"]
        yield view.texts[self._index]


def _decode_text(payload: list[Any]) -> _TextToken:
    _, index = payload
    return _TextToken(index)


def _decode_name_form(payload: list[Any]) -> _RecordToken:
    _, record, form, possessive = payload
    return _RecordToken(record, form, possessive)


RECORD_DECODERS: Decoders = {
    "text": _decode_text,
    "record": _RecordToken,
    "name form": _decode_name_form,
}
"""How the tokens of records and of the paper's texts are read: see `engine.values`."""
