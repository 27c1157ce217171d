"""The actions of a list put into the values of a plan, under its phases and workstreams."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from papergen.dates import PartialDate, WrittenDate
from papergen.errors import Location
from papergen.readers.document import Path
from papergen.workbook.bulk import without_collection
from papergen.workbook.ids import id_for
from papergen.workbook.listed import ListedAction, NamedParty
from papergen.workbook.parties import plain_name
from papergen.workbook.reading import Certainty, FindingKind, Remark
from papergen.workbook.settings import plain

JOINED = FindingKind(
    "joined",
    Certainty.NOTE,
    "an action of plan.yaml and a row of the list have the same reference, and are read "
    "as one action",
)
PLAN_HOLDS = FindingKind(
    "plan-holds", Certainty.NOTE, "plan.yaml and the list differ, and what plan.yaml says holds"
)
PHASE_WITHOUT_NUMBER = FindingKind(
    "phase-without-number", Certainty.NOTE, "a phase without a number from 1 to 99 is not read"
)

_NUMBER = re.compile(r"\b([1-9]\d?)\b")


@dataclass(frozen=True, slots=True)
class MergedPlan:
    """The values of a plan with the actions of a list.

    `places`: the cell of each value from the list. `remarks`: what there is to say, with the cells.
    """

    values: dict[str, Any]
    places: dict[Path, Location]
    remarks: tuple[tuple[Remark, Location], ...]


@without_collection
def into_plan(plan: Mapping[str, Any], actions: Sequence[ListedAction]) -> MergedPlan:
    """The plan's values with the listed actions.

    An action that the plan has under the same reference takes what it lacks from the list. A phase
    is found by its number, a workstream by its title or id; those that the plan lacks are added.
    Where the list names none, all goes under one.
    """
    values = copy.deepcopy(dict(plan))
    merger = _Merger(values)
    for action in actions:
        merger.add(action)
    return MergedPlan(values, merger.places, tuple(merger.remarks))


class _Merger:
    """Puts actions into a plan."""

    def __init__(self, plan: dict[str, Any]) -> None:
        self.places: dict[Path, Location] = {}
        self.remarks: list[tuple[Remark, Location]] = []
        self._phases: list[Any] = _list_in(plan, "phases")
        self._ids: dict[str, set[str]] = {"phase": set(), "workstream": set(), "action": set()}
        self._by_reference: dict[str, tuple[Path, dict[str, Any]]] = {}
        self._workstreams: dict[tuple[int, str | None], tuple[int, dict[str, Any]]] = {}
        for path, action in self._given_actions():
            reference = action.get("ref")
            if isinstance(reference, str):
                self._by_reference.setdefault(plain(reference), (path, action))

    def _given_actions(self) -> Iterator[tuple[Path, dict[str, Any]]]:
        """The actions that the plan has, with their paths; all ids are noted on the way."""
        for phase_at, phase in _numbered(self._phases):
            self._ids["phase"].add(str(phase.get("id")))
            for at, workstream in _numbered(phase.get("workstreams")):
                self._ids["workstream"].add(str(workstream.get("id")))
                for name in _names_of(workstream):
                    self._workstreams.setdefault((phase_at, name), (at, workstream))
                path: Path = ("phases", phase_at, "workstreams", at, "actions")
                for action_at, action in _numbered(workstream.get("actions")):
                    self._ids["action"].add(str(action.get("id")))
                    yield (*path, action_at), action

    def add(self, action: ListedAction) -> None:
        """Put one action of the list where it belongs."""
        reference = action.fields.get("ref")
        known = self._by_reference.pop(plain(reference), None) if reference else None
        if known is not None:
            self._join(*known, action)
            return
        phase_at, phase = self._phase(action)
        at, workstream = self._workstream(phase_at, phase, action)
        actions = _list_in(workstream, "actions")
        path: Path = ("phases", phase_at, "workstreams", at, "actions", len(actions))
        where = action.places["text"]
        self.places[path] = where
        self.places[*path, "id"] = where
        title = reference or action.fields["text"]
        values: dict[str, Any] = {"id": id_for(title, self._ids["action"])}
        for name, value, column in _plan_values(action):
            values[name] = value
            self.places[*path, name] = action.places.get(column, where)
        actions.append(values)

    def _join(self, path: Path, values: dict[str, Any], action: ListedAction) -> None:
        """Give an action of the plan what the list has of it and the plan has not."""
        where = action.places["text"]
        reference = str(values.get("ref"))
        self.remarks.append((Remark(JOINED, reference), where))
        for name, value, column in _plan_values(action):
            place = action.places.get(column, where)
            given = values.get(name)
            if given is None and values.get(_OTHER_FORM.get(name, "")) is not None:
                self.remarks.append((Remark(PLAN_HOLDS, f"{reference}, {column}"), place))
            elif given is None:
                values[name] = value
                self.places[*path, name] = place
            elif name != "ref" and given != value:
                self.remarks.append((Remark(PLAN_HOLDS, f"{reference}, {name}"), place))
        if values.get("status") is not None:
            values.pop("unsettled", None)

    def _phase(self, action: ListedAction) -> tuple[int, dict[str, Any]]:
        """The phase of an action, with its index; added if the plan lacks it."""
        said = action.fields.get("phase") or ""
        found = _NUMBER.search(said)
        wanted = found[1] if found else None
        if said and wanted is None:
            self.remarks.append((Remark(PHASE_WITHOUT_NUMBER, said), action.places["phase"]))
        for index, phase in _numbered(self._phases):
            if wanted is None or str(phase.get("number")) == wanted:
                return index, phase
        number = wanted or "1"
        added = {"id": id_for(f"phase-{number}", self._ids["phase"]), "number": number}
        index = len(self._phases)
        self.places["phases", index] = action.places.get("phase", action.places["text"])
        self._phases.append(added)
        return index, added

    def _workstream(
        self, phase_at: int, phase: dict[str, Any], action: ListedAction
    ) -> tuple[int, dict[str, Any]]:
        """The workstream of an action, with its index in the phase; added if that lacks it."""
        title: str | None = action.fields.get("workstream")
        key = phase_at, plain_name(title) if title else None
        known = self._workstreams.get(key)
        if known is None:
            known = self._workstreams[key] = self._added(phase_at, phase, title, action)
        return known

    def _added(
        self,
        phase_at: int,
        phase: dict[str, Any],
        title: str | None,
        action: ListedAction,
    ) -> tuple[int, dict[str, Any]]:
        """A new workstream of a phase, with its index."""
        workstreams = _list_in(phase, "workstreams")
        added: dict[str, Any] = {"id": id_for(title or "actions", self._ids["workstream"])}
        index = len(workstreams)
        path: Path = ("phases", phase_at, "workstreams", index)
        where = action.places.get("workstream", action.places["text"])
        self.places[path] = where
        if title:
            added["title"] = title
            self.places[*path, "title"] = where
        workstreams.append(added)
        return index, added


_OTHER_FORM = {
    "owner": "owners",
    "owners": "owner",
    "responsible": "carried_out_by",
    "carried_out_by": "responsible",
}
"""The two forms of a field, of which an action has one."""

_AS_THEY_ARE = ("ref", "text", "priority", "status", "unsettled")
"""The fields that a list and a plan have in the same form."""


def _plan_values(action: ListedAction) -> Iterator[tuple[str, Any, str]]:
    """The fields of an action of a plan: each with its value and the column it comes from."""
    fields = action.fields
    for name in _AS_THEY_ARE:
        if name in fields:
            yield name, fields[name], name
    for column, (name, in_plan) in _IN_PLAN.items():
        if column in fields:
            yield name, in_plan(fields[column]), column
    if action.owners:
        yield from _parties(action.owners, "owner", "owners", "post")
    if action.responsible:
        yield from _parties(action.responsible, "responsible", "carried_out_by", "body")


def _parties(
    parties: Sequence[NamedParty], one: str, several: str, kind: str
) -> Iterator[tuple[str, Any, str]]:
    """A field for one party of a kind, or one for several and for any other."""
    if len(parties) == 1 and parties[0].kind == kind:
        yield one, parties[0].name, one
    else:
        yield several, [{party.kind: party.name} for party in parties], one


def _date_value(date: PartialDate | WrittenDate) -> Any:
    """A date as the plan's file has it."""
    if isinstance(date, PartialDate):
        return date.isoformat()
    value = {"text": date.text}
    if date.first is not None:
        value["from"] = date.first.isoformat()
    if date.last is not None:
        value["until"] = date.last.isoformat()
    return value


_IN_PLAN: Mapping[str, tuple[str, Callable[[Any], Any]]] = {
    "due": ("due", _date_value),
    "revised_due": ("revised_due", lambda date: [_date_value(date)]),
    "completed": ("completed", _date_value),
    "not_due": ("not_due", lambda _: "true"),
    "share": ("share_complete", str),
    "comment": ("update", str),
    "rating": ("ratings", lambda code: [{"value": code}]),
    "evidence": ("evidence", lambda title: [{"title": title}]),
    "signed_off": ("signed_off", lambda name: {"name": name}),
}
"""By column of a list the field of a plan, and how its value is written there."""


def _list_in(values: dict[str, Any], name: str) -> list[Any]:
    """The list of that name, put there if there is none."""
    if values.get(name) is None:
        values[name] = []
    found = values[name]
    if isinstance(found, list):
        return found
    # Validation reports anything else in its place; nothing reads what goes into this other list.
    return []


def _numbered(values: Any) -> Iterator[tuple[int, dict[str, Any]]]:
    """The groups in a list, with their indexes; none where there is no such list."""
    if isinstance(values, list):
        for index, entry in enumerate(values):
            if isinstance(entry, dict):
                yield index, entry


def _names_of(workstream: Mapping[str, Any]) -> set[str | None]:
    """What a list may call a workstream: its title and its id; None where it has no title."""
    title = workstream.get("title")
    names = {plain_name(name) for name in (title, workstream.get("id")) if isinstance(name, str)}
    return {*(name for name in names if name), *([None] if title is None else [])}
