"""The filters for names of bodies, posts and people, and of several of them together."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from papergen.engine.values import Capitalised, Gap, ValueMisuse
from papergen.facts import naming
from papergen.facts.parties import Parties, WrittenName
from papergen.facts.records import NameForm, Record


def form_filter(form: str) -> Callable[[Any], Any]:
    """The filter for a form of a name: one of `FORMS`, which describes each."""

    def filter_(value: Any) -> Any:
        if isinstance(value, Capitalised):
            return Capitalised(filter_(value.value))
        if isinstance(value, NameForm):
            return NameForm(value.record, form, value.possessive)
        if isinstance(value, (Parties, WrittenName)):
            return value.in_form(form)
        return NameForm(_named_record(value, form), form)

    filter_.__doc__ = FORMS[form]
    return filter_


FORMS = {
    "full": (
        "A body, post or person in full: “the Local Safeguarding Children Board”. Never its "
        "initials."
    ),
    "short": "The short form, whether or not it has been introduced: “the LSCB”.",
    "bare": "The short form without its article, as for a cell of a table: “LSCB”.",
    "initials": "The initials alone: “LSCB”.",
    "name": "The name without its article: “Local Safeguarding Children Board”.",
}


def _named_record(value: Any, filter_: str) -> Record:
    """`value`, a record whose names have forms. Raises ValueMisuse for any other value."""
    if isinstance(value, Record) and value.kind in value.view.rules.namers:
        return value
    raise ValueMisuse(
        f"only a body, a post or a person has a form “{filter_}”",
        "Print the value without the filter.",
    )


def possessive(value: Any) -> Any:
    """The name with its mark of possession: “the Council’s”."""
    if isinstance(value, Capitalised):
        return Capitalised(possessive(value.value))
    if isinstance(value, NameForm):
        return NameForm(value.record, value.form, True)
    if isinstance(value, (Parties, WrittenName)):
        return value.owned()
    return NameForm(_named_record(value, "possessive"), "", True)


def agree(thing: Any, one: str, many: str) -> str:
    """Of two forms of a verb, the one that goes with a name.

    It is the second for a body whose name is plural (its `verb`), and for several parties.
    """
    record = thing
    if isinstance(thing, NameForm):
        record = thing.record
    if isinstance(record, (Parties, WrittenName)):
        return many if isinstance(record, Parties) else one
    if not isinstance(record, Record):
        raise ValueMisuse(
            "“agree” chooses a verb for a body, a post or the plan",
            "Write {{ board|agree('is', 'are') }}.",
        )
    if record.kind == "body" and record.get("verb") == "plural":
        return many
    return one


def holder(post: Any) -> Any:
    """The person who holds a post on the day of the meeting.

    A person is themselves. Among several parties, those who are no posts stay as they are.
    """
    if isinstance(post, WrittenName) or (isinstance(post, Record) and post.kind == "person"):
        return post
    if isinstance(post, Parties):
        return _holders(post)
    if not isinstance(post, Record) or post.kind != "post":
        raise ValueMisuse(
            "only a post has a holder",
            "Use it after a post: {{ post.x|holder }}.",
        )
    return naming.holder(post)


def _holders(parties: Parties) -> Parties | Gap:
    """The parties with the holders of their posts; a gap where one of these is not known."""
    found: list[Record | WrittenName] = []
    for party in parties.members:
        if isinstance(party, Record) and party.kind == "post":
            person = naming.holder(party)
            if isinstance(person, Gap):
                return person
            found.append(person)
        else:
            found.append(party)
    return Parties(found)
