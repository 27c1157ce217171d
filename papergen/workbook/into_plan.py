"""The actions of a list put into the values of a plan, under its phases and workstreams."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from typing import Any

from papergen.errors import Location
from papergen.readers.document import Path
from papergen.workbook.result import ActionList, ListedAction

_NUMBER = re.compile(r"\d+")


def into_plan(
    plan: Mapping[str, Any],
    listed: ActionList,
    register: Any,
) -> tuple[dict[str, Any], dict[Path, Location]]:
    """The plan's values with the listed actions, and the cell of each value from the list.

    `register`: the values of the register of bodies. An owner is found in it by title, short form
    and other names of a post, and by the name of a person who holds one post alone. One that is not
    found stays as typed, and is later reported as an unknown id. A phase is found by its number, a
    workstream by its title or id; those that the plan lacks are added. Where the list names none,
    all goes under one.
    """
    values = copy.deepcopy(dict(plan))
    merger = _Merger(
        plan=values,
        posts=_holders(register) | _names(register, "posts", "title"),
        bodies=_names(register, "bodies", "name"),
    )
    for action in listed.rows:
        merger.add(action)
    return values, merger.places


class _Merger:
    """Puts actions into a plan. `posts` and `bodies` are ids by names."""

    def __init__(
        self,
        plan: dict[str, Any],
        posts: Mapping[str, str],
        bodies: Mapping[str, str],
    ) -> None:
        self.plan = plan
        self.posts = posts
        self.bodies = bodies
        self.places: dict[Path, Location] = {}
        self.phases: list[Any] = _list_in(plan, "phases")
        self.workstream_ids: set[str] = set()
        self.action_ids: set[str] = set()
        for phase in self.phases:
            for workstream in _entries(phase, "workstreams"):
                self.workstream_ids.add(_id(workstream))
                for action in _entries(workstream, "actions"):
                    self.action_ids.add(_id(action))

    def add(self, action: ListedAction) -> None:
        phase_index, phase = self._phase(action)
        index, workstream = self._workstream(phase_index, phase, action)
        actions = _list_in(workstream, "actions")
        path: Path = (
            "phases",
            phase_index,
            "workstreams",
            index,
            "actions",
            len(actions),
        )
        fields = action.fields
        title = fields["ref"] or fields["text"] or "action"
        where = action.places["text"]
        self.places[path] = where
        self.places[*path, "id"] = where
        values: dict[str, Any] = {"id": _slug(title, self.action_ids)}

        def put(name: str, value: Any, column: str) -> None:
            place = action.places.get(column)
            self._put(values, path, name, value, place)

        for name in ("ref", "text", "priority", "due", "status", "completed"):
            put(name, fields[name], name)
        put("owner", _found(fields["owner"], self.posts), "owner")
        put("responsible", _found(fields["responsible"], self.bodies), "responsible")
        put("update", fields["comment"], "comment")
        if fields["revised_due"]:
            put("revised_due", [fields["revised_due"]], "revised_due")
        if fields["rating"]:
            rating = {"value": fields["rating"]}
            put("ratings", [rating], "rating")
        actions.append(values)

    def _put(
        self,
        values: dict[str, Any],
        path: Path,
        name: str,
        value: Any,
        where: Location | None,
    ) -> None:
        if value is None:
            return
        values[name] = value
        if where is not None:
            self.places[*path, name] = where

    def _phase(self, action: ListedAction) -> tuple[int, dict[str, Any]]:
        """The phase of an action, with its index; added if the plan lacks it."""
        said = action.fields["phase"] or ""
        found = _NUMBER.search(said)
        wanted = found[0] if found else None
        for index, phase in enumerate(self.phases):
            if not isinstance(phase, dict):
                continue
            if wanted is None or str(phase.get("number")) == wanted:
                return index, phase
        number = wanted or "1"
        taken = {_id(each) for each in self.phases if isinstance(each, dict)}
        added = {"id": _slug(f"phase-{number}", taken), "number": number}
        index = len(self.phases)
        where = action.places.get("phase")
        self.places["phases", index] = where or action.places["text"]
        self.phases.append(added)
        return index, added

    def _workstream(
        self,
        phase_index: int,
        phase: dict[str, Any],
        action: ListedAction,
    ) -> tuple[int, dict[str, Any]]:
        """The workstream of an action, with its index in the phase; added if that lacks it."""
        title = action.fields["workstream"]
        where = action.places.get("workstream")
        workstreams = _list_in(phase, "workstreams")
        for index, workstream in enumerate(workstreams):
            if isinstance(workstream, dict) and _is_called(workstream, title):
                return index, workstream
        added: dict[str, Any] = {"id": _slug(title or "actions", self.workstream_ids)}
        index = len(workstreams)
        path: Path = ("phases", phase_index, "workstreams", index)
        self.places[path] = where or action.places["text"]
        if title:
            self._put(added, path, "title", title, where)
        workstreams.append(added)
        return index, added


def _list_in(values: dict[str, Any], name: str) -> list[Any]:
    """The list of that name, put there if there is none."""
    if values.get(name) is None:
        values[name] = []
    found = values[name]
    if isinstance(found, list):
        return found
    # Validation reports anything else in its place; nothing reads what goes into this other list.
    return []


def _entries(values: Any, name: str) -> list[dict[str, Any]]:
    """The groups in the list of that name; none where there is no such list."""
    if not isinstance(values, dict):
        return []
    entries = values.get(name)
    if not isinstance(entries, list):
        return []
    return [entry for entry in entries if isinstance(entry, dict)]


def _id(values: Mapping[str, Any]) -> str:
    return str(values.get("id"))


def _is_called(workstream: Mapping[str, Any], title: str | None) -> bool:
    """Whether `title` is a workstream's title or id; without one, whether it has no title."""
    own = workstream.get("title")
    if title is None:
        return own is None
    if _same(own, title):
        return True
    return title != "" and _same(workstream.get("id"), title)


def _same(one: Any, other: str) -> bool:
    return isinstance(one, str) and _plain(one) == _plain(other)


def _plain(text: str) -> str:
    """A name as it is compared: without case, punctuation and a first “the”."""
    letters = text.casefold()
    for mark in "’'":
        letters = letters.replace(mark, "")
    words = re.sub(r"[\W_]+", " ", letters).strip()
    return words.removeprefix("the ")


def _names(register: Any, kind: str, name: str) -> dict[str, str]:
    """The id of each post or body by each of its names; a name that two of them share has none."""
    found: dict[str, str] = {}
    shared: set[str] = set()
    for entry in _entries(register, kind):
        id_ = _id(entry)
        for each in _names_of(entry, name):
            if found.setdefault(each, id_) != id_:
                shared.add(each)
    for each in shared:
        del found[each]
    return found


def _names_of(entry: Mapping[str, Any], name: str) -> set[str]:
    """All names of a post or a body, whose full name is in the field `name`."""
    keys = ("id", name, "short", "initials")
    names: list[Any] = [entry.get(key) for key in keys]
    aliases = entry.get("aliases")
    if isinstance(aliases, list):
        names += aliases
    former = _entries(entry, "names")
    names += [each.get("name") for each in former]
    return {_plain(each) for each in names if isinstance(each, str)}


def _holders(register: Any) -> dict[str, str]:
    """The id of the post by the name of each person who holds one post, and no more."""
    held: dict[str, set[str]] = {}
    for post in _entries(register, "posts"):
        for holder in _entries(post, "holders"):
            person = str(holder.get("person"))
            held.setdefault(person, set()).add(_id(post))
    names = {}
    for each in _entries(register, "people"):
        names[_id(each)] = each.get("name")
    holders = {}
    for person, posts in held.items():
        name = names.get(person)
        if len(posts) == 1 and isinstance(name, str):
            (holders[_plain(name)],) = posts
    return holders


def _found(name: str | None, known: Mapping[str, str]) -> str | None:
    """The id for a name; the name itself where none is known."""
    if name is None:
        return None
    return known.get(_plain(name), name)


def _slug(text: str, taken: set[str], longest: int = 40) -> str:
    """An id for a title that has none: small letters, digits and hyphens, and not `taken` yet."""
    import unicodedata

    decomposed = unicodedata.normalize("NFKD", text)
    plain = decomposed.encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    if not words[:1].isalpha():
        words = f"n-{words}"
    words = words.strip("-")
    stem = words[: longest - 5].strip("-")
    slug = stem
    number = 2
    while slug in taken:
        slug = f"{stem}-{number}"
        number += 1
    taken.add(slug)
    return slug
