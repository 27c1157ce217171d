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
    plan: Mapping[str, Any], listed: ActionList, register: Any
) -> tuple[dict[str, Any], dict[Path, Location]]:
    """The plan's values with the listed actions, and the cell of each value from the list.

    `register`: the values of the register of bodies. An owner is found in it by title, short form
    and other names of a post, and by the name of a person who holds one post alone; one that is not
    found stays as typed, and is later reported as an unknown id. A phase is found by its number, a
    workstream by its title or id; those that the plan lacks are added. Where the list names none,
    all goes under one.
    """
    made = copy.deepcopy(dict(plan))
    merger = _Merger(
        made,
        _holders(register) | _names(register, "posts", "title"),
        _names(register, "bodies", "name"),
    )
    for action in listed.rows:
        merger.add(action)
    return made, merger.places


class _Merger:
    def __init__(
        self, plan: dict[str, Any], posts: Mapping[str, str], bodies: Mapping[str, str]
    ) -> None:
        self.plan = plan
        self.posts = posts
        self.bodies = bodies
        self.places: dict[Path, Location] = {}
        self.phases: list[Any] = _list_in(plan, "phases")
        everything = [each for phase in self.phases for each in _entries(phase, "workstreams")]
        self.ids = {str(each.get("id")) for each in everything}
        self.action_ids = {
            str(action.get("id")) for each in everything for action in _entries(each, "actions")
        }

    def add(self, action: ListedAction) -> None:
        at, phase = self._phase(action)
        number, workstream = self._workstream(at, phase, action)
        actions = _list_in(workstream, "actions")
        path: Path = ("phases", at, "workstreams", number, "actions", len(actions))
        fields = action.fields
        values: dict[str, Any] = {
            "id": _slug(fields["ref"] or fields["text"] or "action", self.action_ids)
        }
        self.places[path] = self.places[*path, "id"] = action.places["text"]

        def put(name: str, value: Any, column: str = "") -> None:
            self._put(values, path, name, value, action.places.get(column or name))

        for name in ("ref", "text", "priority", "due", "status", "completed"):
            put(name, fields[name])
        put("owner", _found(fields["owner"], self.posts))
        put("responsible", _found(fields["responsible"], self.bodies))
        put("update", fields["comment"], "comment")
        if fields["revised_due"]:
            put("revised_due", [fields["revised_due"]])
        if fields["rating"]:
            put("ratings", [{"value": fields["rating"]}], "rating")
        actions.append(values)

    def _put(
        self, values: dict[str, Any], path: Path, name: str, value: Any, where: Location | None
    ) -> None:
        if value is None:
            return
        values[name] = value
        if where is not None:
            self.places[*path, name] = where

    def _phase(self, action: ListedAction) -> tuple[int, dict[str, Any]]:
        said = action.fields["phase"]
        found = _NUMBER.search(said or "")
        wanted = found[0] if found else None
        for at, phase in enumerate(self.phases):
            if isinstance(phase, dict) and (wanted is None or str(phase.get("number")) == wanted):
                return at, phase
        number = wanted or "1"
        taken = {str(each.get("id")) for each in self.phases if isinstance(each, dict)}
        made = {"id": _slug(f"phase-{number}", taken), "number": number}
        where = action.places.get("phase") or action.places["text"]
        self.places["phases", len(self.phases)] = where
        self.phases.append(made)
        return len(self.phases) - 1, made

    def _workstream(
        self, at: int, phase: dict[str, Any], action: ListedAction
    ) -> tuple[int, dict[str, Any]]:
        title = action.fields["workstream"]
        known = _list_in(phase, "workstreams")
        for number, each in enumerate(known):
            if isinstance(each, dict) and (
                _same(each.get("title"), title) or (title and _same(each.get("id"), title))
            ):
                return number, each
        made: dict[str, Any] = {"id": _slug(title or "actions", self.ids)}
        path: Path = ("phases", at, "workstreams", len(known))
        self.places[path] = action.places.get("workstream") or action.places["text"]
        if title:
            self._put(made, path, "title", title, action.places.get("workstream"))
        known.append(made)
        return len(known) - 1, made


def _list_in(values: dict[str, Any], name: str) -> list[Any]:
    """The list of that name, put there if there is none."""
    if values.get(name) is None:
        values[name] = []
    found = values[name]
    # Validation reports anything else in its place; nothing reads what goes into this other list.
    return found if isinstance(found, list) else []


def _entries(values: Any, name: str) -> list[dict[str, Any]]:
    entries = values.get(name) if isinstance(values, dict) else None
    if not isinstance(entries, list):
        return []
    return [entry for entry in entries if isinstance(entry, dict)]


def _same(one: Any, other: str | None) -> bool:
    if one is None or other is None:
        return one is None and other is None
    return isinstance(one, str) and _plain(one) == _plain(other)


def _plain(text: str) -> str:
    letters = text.casefold().replace("’", "").replace("'", "")
    return re.sub(r"[\W_]+", " ", letters).strip().removeprefix("the ")


def _names(register: Any, kind: str, name: str) -> dict[str, str]:
    """The id of each post or body by each of its names; a name that two of them share has none."""
    found: dict[str, str] = {}
    shared: set[str] = set()
    for entry in _entries(register, kind):
        aliases = entry.get("aliases")
        names: list[Any] = [entry.get(key) for key in ("id", name, "short", "initials")]
        names += aliases if isinstance(aliases, list) else ()
        names += [each.get("name") for each in _entries(entry, "names")]
        for each in {_plain(each) for each in names if isinstance(each, str)}:
            if found.setdefault(each, str(entry.get("id"))) != str(entry.get("id")):
                shared.add(each)
    return {each: id_ for each, id_ in found.items() if each not in shared}


def _holders(register: Any) -> dict[str, str]:
    """The id of the post by the name of each person who holds one post, and no more."""
    held: dict[str, set[str]] = {}
    for post in _entries(register, "posts"):
        for holder in _entries(post, "holders"):
            held.setdefault(str(holder.get("person")), set()).add(str(post.get("id")))
    names = {str(person.get("id")): person.get("name") for person in _entries(register, "people")}
    return {
        _plain(name): next(iter(posts))
        for person, posts in held.items()
        if len(posts) == 1 and isinstance(name := names.get(person), str)
    }


def _found(name: str | None, known: Mapping[str, str]) -> str | None:
    return None if name is None else known.get(_plain(name), name)


def _slug(text: str, taken: set[str], longest: int = 40) -> str:
    """An id for a title that has none: small letters, digits and hyphens, and not `taken` yet."""
    import unicodedata

    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    if not words[:1].isalpha():
        words = f"n-{words}"
    stem = words.strip("-")[: longest - 5].strip("-")
    made, number = stem, 2
    while made in taken:
        made, number = f"{stem}-{number}", number + 1
    taken.add(made)
    return made
