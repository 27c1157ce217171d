"""Those that a list names as owners or responsible: found in the register, or as written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from papergen.workbook.listed import NamedParty
from papergen.workbook.reading import Answer, Certainty, FindingKind, Remark
from papergen.workbook.settings import AS_WRITTEN, plain

LONGEST = 300
"""No cell with more characters is split into names."""

UNKNOWN_PARTY = FindingKind(
    "unknown-name",
    Certainty.QUESTION,
    "a name that the register of bodies lacks is printed as written",
)
SHARED_NAME = FindingKind(
    "shared-name",
    Certainty.QUESTION,
    "a name that two entries of the register of bodies have is printed as written",
)
NO_REGISTER = FindingKind(
    "no-register", Certainty.NOTE, "without a register of bodies, a name is printed as written"
)
HOLDER = FindingKind(
    "name-of-holder", Certainty.NOTE, "a person who holds one post is read as that post"
)
LEAD = FindingKind("lead-in-brackets", Certainty.NOTE, "“(lead)” behind a name is not printed")
SEVERAL = FindingKind(
    "several-names",
    Certainty.NOTE,
    "a cell names several owners",
)

_NEAR = 0.88
"""How like a name of the register is to be that is proposed for a name that it lacks."""

_STRONG = re.compile(r"\s*(?:[;|\n]|/)\s*")
_WEAK = re.compile(r"\s*(?:,|&|\+)\s*|\s+(?:and|with)\s+", re.IGNORECASE)
_LEAD = re.compile(r"\s*\((?:the )?(?:lead|lead officer|owner|sro)\)\s*$", re.IGNORECASE)
_INITIAL = re.compile(r"([^\W\d_])[a-z]*\.? ([^\W\d_][^\W\d_'’-]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PartiesReading:
    """Whom a cell names: `parties` in its order; `unknown`, the names that the register lacks."""

    parties: tuple[NamedParty, ...]
    unknown: tuple[str, ...] = ()
    remarks: tuple[Remark, ...] = ()


class Register:
    """The names of a register of bodies, whose raw values these are, and the officer's answers.

    Values of the register that are no text or no list are passed over: its validation reports them.
    """

    def __init__(self, values: Any, answers: Mapping[str, str]) -> None:
        self._answers = {plain(name): answer for name, answer in answers.items()}
        self._is_given = values is not None
        self._kinds: dict[str, str] = {}
        self._names: dict[str, NamedParty] = {}
        self._shared: set[str] = set()
        self._holders: dict[str, str] = {}
        self._add(values, "people", "person", "name")
        self._add(values, "bodies", "body", "name")
        self._add(values, "posts", "post", "title")
        self._add_holders(values)
        self._known: dict[tuple[str, bool], PartiesReading] = {}

    def read(self, text: str, *, is_body: bool = False) -> PartiesReading:
        """Whom the text of a cell names. `is_body`: it is a column of bodies."""
        reading = self._known.get((text, is_body))
        if reading is None:
            reading = self._known[text, is_body] = self._read(text)
        return reading

    # -- names

    def _add(self, values: Any, group: str, kind: str, name: str) -> None:
        """Add the names of a group; a name of two of them is shared, and stands for neither."""
        for entry in entries(values, group):
            id_ = str(entry.get("id"))
            party = NamedParty(kind, id_)
            self._kinds.setdefault(id_, kind)
            for each in _names_of(entry, name):
                known = self._names.get(each)
                if known is not None and known.kind == kind and known != party:
                    self._shared.add(each)
                self._names[each] = party

    def _add_holders(self, values: Any) -> None:
        """Let the name of a person who holds one post, and no more, be that of the post."""
        held: dict[str, set[str]] = {}
        for post in entries(values, "posts"):
            for holder in entries(post, "holders"):
                posts = held.setdefault(str(holder.get("person")), set())
                posts.add(str(post.get("id")))
        for person, posts in held.items():
            if len(posts) == 1:
                (self._holders[person],) = posts

    def _find(self, name: str) -> NamedParty | None:
        """Who has this name, or who the officer says it is; None for nobody."""
        answer = self._answers.get(plain(name))
        if answer == AS_WRITTEN:
            return NamedParty("name", _on_one_line(name))
        if answer is not None:
            return NamedParty(self._kinds.get(answer, "post"), answer)
        key = plain_name(name)
        if key in self._shared:
            return None
        return self._names.get(key)

    # -- cells

    def _read(self, text: str) -> PartiesReading:
        found = self._find(_on_one_line(text))
        if found is not None:
            return self._one(found, text)
        bare = _LEAD.sub("", text)
        if bare != text:
            found = self._find(_on_one_line(bare))
            if found is not None:
                remark = Remark(LEAD, _on_one_line(text))
                one = self._one(found, text)
                return PartiesReading(one.parties, remarks=(remark, *one.remarks))
        parts = self._parts(text)
        if len(parts) > 1:
            parties = [self._find(part) for part in parts]
            known = [party for party in parties if party is not None]
            if len(known) == len(parts) and not any(party.kind == "name" for party in known):
                remark = Remark(SEVERAL, _on_one_line(text))
                return PartiesReading(tuple(dict.fromkeys(known)), remarks=(remark,))
        return self._as_written(text, parts)

    def _one(self, party: NamedParty, text: str) -> PartiesReading:
        post = self._holders.get(party.name) if party.kind == "person" else None
        if post is None:
            return PartiesReading((party,))
        remark = Remark(HOLDER, _on_one_line(text), post)
        return PartiesReading((NamedParty("post", post),), remarks=(remark,))

    def _parts(self, text: str) -> list[str]:
        """The names of a cell, as far as its separators and the register settle which they are."""
        if len(text) > LONGEST:
            return [_on_one_line(text)]
        parts: list[str] = []
        for strong in _STRONG.split(text):
            if not strong.strip():
                continue
            if strong.strip().startswith("(") and parts:
                parts[-1] = f"{parts[-1]} {strong.strip()}"
            elif self._find(strong) is None and self._all_known(_WEAK.split(strong)):
                parts += _WEAK.split(strong)
            else:
                parts.append(strong)
        tidy = [_on_one_line(part) for part in parts if part.strip()]
        whole = _WEAK.split(_on_one_line(text))
        if len(tidy) > 1 and not self._all_known(tidy) and self._all_known(whole):
            return whole
        return tidy

    def _all_known(self, names: list[str]) -> bool:
        return all(name.strip() and self._find(name) is not None for name in names)

    def _as_written(self, text: str, parts: list[str]) -> PartiesReading:
        """The whole cell as it is: no part of it is lost, and none is put in other words."""
        unknown = tuple(part for part in parts if self._find(part) is None)
        remarks = []
        for name in unknown:
            if not self._is_given:
                remarks.append(Remark(NO_REGISTER, name))
                continue
            kind = SHARED_NAME if plain_name(name) in self._shared else UNKNOWN_PARTY
            answer = Answer("owners", AS_WRITTEN, key=name)
            near = self._nearest(name)
            read_as = f"perhaps {near}" if near else ""
            remarks.append(Remark(kind, name, read_as, answer))
        written = NamedParty("name", _on_one_line(text))
        return PartiesReading((written,), unknown, tuple(remarks))

    def _nearest(self, name: str) -> str:
        """The id that a name may well stand for; empty where none is near."""
        initial = _INITIAL.fullmatch(_on_one_line(name))
        if initial:
            wanted = initial[1].casefold(), initial[2].casefold()
            for known, party in self._names.items():
                given, _, surname = known.rpartition(" ")
                if party.kind == "person" and (given[:1], surname) == wanted:
                    return self._holders.get(party.name, party.name)
        near = get_close_matches(plain_name(name), self._names, n=1, cutoff=_NEAR)
        return self._names[near[0]].name if near else ""


def entries(values: Any, name: str) -> Iterator[Mapping[str, Any]]:
    """The groups in the list of that name; none where there is no such list."""
    found = values.get(name) if isinstance(values, Mapping) else None
    if isinstance(found, list):
        yield from (entry for entry in found if isinstance(entry, Mapping))


def plain_name(text: str) -> str:
    """A name as it is compared: without case, punctuation and a first “the”; “&” is “and”."""
    letters = text.casefold().replace("’", "").replace("'", "").replace("&", " and ")
    words = " ".join(re.sub(r"[\W_]+", " ", letters).split())
    return words.removeprefix("the ")


def _names_of(entry: Mapping[str, Any], name: str) -> set[str]:
    """All names of a post, body or person, whose full name is in the field `name`."""
    names: list[Any] = []
    for key in ("id", name, "short", "initials"):
        value = entry.get(key)
        names += value.values() if isinstance(value, Mapping) else [value]
    aliases = entry.get("aliases")
    if isinstance(aliases, list):
        names += aliases
    names += [each.get("name") for each in entries(entry, "names")]
    return {plain_name(each) for each in names if isinstance(each, str)} - {""}


def _on_one_line(text: str) -> str:
    return " ".join(text.split())
