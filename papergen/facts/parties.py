"""Who answers for an action, who carries it out, and who has signed it off.

One post, body or person is its record. A name that the register lacks prints as it is written.
Several of them are one value, which prints them all: “the Chief Executive and the Trust Board”.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from papergen.engine.values import Decoders, Gap, Printable, Tokenised, ValueMisuse
from papergen.facts.records import RECORD_DECODERS, NameForm, Record
from papergen.language.locale import Locale

REFERENCES = ("post", "body", "person")
"""The kinds of things that are parties; the fields of a party that lead to one, too."""

LEADS_TO_PARTIES = frozenset((("action", "owner"), ("action", "responsible"), ("sign-off", "by")))
"""The computed fields, by kind and name, that hold parties: they do what a reference does."""


@dataclass(frozen=True, slots=True)
class _AsWritten:
    """A text that a capital letter is not put to: it prints as it is written."""

    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class WrittenName(Tokenised, Printable):
    """The name of somebody whom the register lacks. `possessive`: with the mark of possession."""

    text: str
    possessive: bool = False

    def in_form(self, _form: str) -> WrittenName:
        return self

    def owned(self) -> WrittenName:
        return WrittenName(self.text, possessive=True)

    def parts(self, run: Any) -> Iterator[Any]:
        shown = self.text
        if self.possessive:
            shown = _locale(run).words.possessive_of(shown)
        yield _AsWritten(shown)

    def payload(self) -> list[Any]:
        return ["written name", self.text, self.possessive]

    def look_up(self, name: str) -> Any:
        return self.text if name == "name" else NotImplemented

    def __str__(self) -> str:
        return Tokenised.__str__(self)


class Parties(Tokenised, Printable):
    """Several posts, bodies, people and names, printed as “a, b and c”.

    `form`: that of their names, empty for that of this mention. `possessive`: with the mark of
    possession, at the last of them. They equal others that are the same, in whatever order.
    """

    __slots__ = ("_form", "_possessive", "members")

    def __init__(
        self,
        members: Sequence[Record | WrittenName],
        form: str = "",
        possessive: bool = False,
    ) -> None:
        self.members = tuple(members)
        self._form = form
        self._possessive = possessive

    def in_form(self, form: str) -> Parties:
        return Parties(self.members, form, self._possessive)

    def owned(self) -> Parties:
        return Parties(self.members, self._form, possessive=True)

    def parts(self, run: Any) -> Iterator[Any]:
        yield from _joined(self._printed(), run)

    def quick(self, run: Any) -> str | None:
        texts = []
        for member in self._printed():
            text = member.quick(run)
            if text is None:
                return None
            texts.append(text)
        return _locale(run).join(texts)

    def _printed(self) -> list[Printable]:
        """The members, each in the form that it is to be printed in."""
        last = len(self.members) - 1
        found: list[Printable] = []
        for at, member in enumerate(self.members):
            owned = self._possessive and at == last
            if isinstance(member, Record):
                found.append(NameForm(member, self._form, owned))
            else:
                found.append(member.owned() if owned else member)
        return found

    def payload(self) -> list[Any]:
        members = [member.payload() for member in self._printed() if isinstance(member, Tokenised)]
        return ["parties", members]

    def __str__(self) -> str:
        return Tokenised.__str__(self)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Gap):
            message = f"the {other.what} is not known, so it cannot be compared"
            raise ValueMisuse(message, other.hint)
        return isinstance(other, Parties) and set(self.members) == set(other.members)

    def __hash__(self) -> int:
        return hash(frozenset(self.members))


class _PartiesToken(Tokenised, Printable):
    """Parties behind a token."""

    __slots__ = ("_members", "_payload")

    def __init__(self, payload: list[Any]) -> None:
        self._payload = payload
        _, members = payload
        self._members = [PARTY_DECODERS[member[0]](member) for member in members]

    def parts(self, run: Any) -> Iterator[Any]:
        yield from _joined(self._members, run)

    def payload(self) -> list[Any]:
        return self._payload

    def __str__(self) -> str:
        return Tokenised.__str__(self)


def _joined(members: Sequence[Any], run: Any) -> Iterator[Any]:
    for piece in _locale(run).separated(members):
        if isinstance(piece, Printable):
            yield from piece.parts(run)
        else:
            yield piece


def _locale(run: Any) -> Locale:
    locale: Locale = run.values["_view"].locale
    return locale


def _decode_name(payload: list[Any]) -> WrittenName:
    _, text, possessive = payload
    return WrittenName(text, possessive)


PARTY_DECODERS: Decoders = {
    **RECORD_DECODERS,
    "written name": _decode_name,
    "parties": _PartiesToken,
}
"""How the tokens of records and of parties are read: see `engine.values`."""


# -- of an action


def owner_of(action: Record) -> Any:
    """Who answers for an action."""
    return _together(action, owners_of(action), "owner")


def owners_of(action: Record) -> list[Any]:
    """Those who answer for an action, one by one."""
    return _listed(action, "owner", "owners")


def doer_of(action: Record) -> Any:
    """Who carries an action out, where that is not its workstream's body."""
    return _together(action, doers_of(action), "responsible")


def doers_of(action: Record) -> list[Any]:
    """Those who carry an action out, one by one."""
    return _listed(action, "responsible", "carried_out_by")


def signatory_of(signed: Record) -> Any:
    """Who has signed an action off: a body, or the name that is given instead."""
    name = signed.data.fields["name"]
    if name is not None:
        return WrittenName(signed.get("name"))
    by = signed.get("by")
    return signed.gap("by") if by is None else by


def _listed(action: Record, single: str, several: str) -> list[Any]:
    """The parties of a list; else the one thing that a reference leads to; else none."""
    if action.data.fields[several]:
        parties = [_party(entry) for entry in action.get(several)]
        return list(dict.fromkeys(parties))
    reference = action.get(single)
    return [] if reference is None else [reference]


def _party(entry: Record) -> Record | WrittenName:
    for kind in REFERENCES:
        if entry.data.fields[kind] is not None:
            found: Record = entry.get(kind)
            return found
    return WrittenName(entry.get("name"))


def _together(action: Record, parties: Sequence[Any], name: str) -> Any:
    if not parties:
        return action.gap(name)
    if len(parties) == 1:
        return parties[0]
    return Parties(parties)
