"""Whether a field of a record has the value that the filter `of` asks for."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Collection
from functools import partial
from typing import Any

from papergen.engine.values import Gap, ValueMisuse
from papergen.facts.parties import LEADS_TO_PARTIES, REFERENCES, Parties, WrittenName
from papergen.facts.records import Record
from papergen.text import did_you_mean


def matches(record: Any, name: str, wanted: Any) -> bool:
    """Whether a field of a record has the wanted value.

    A reference is compared by its id; of several parties one is enough.
    """
    if not isinstance(record, Record):
        raise ValueMisuse(
            "“of” chooses among records of the plan",
            "Use it after a list such as plan.actions.",
        )
    if record.view.recorder is None:
        value = record.look_up(name)
        if type(value) is str and type(wanted) is str:
            # By far the most frequent case: a word that is checked only once for a field.
            asked = record.data.kind, name, wanted
            if asked not in record.view.checked_choices:
                _check_choice(record, name, value, wanted)
                record.view.checked_choices.add(asked)
            return value == wanted
    else:
        value = _recorded_value(record, name, wanted)
    if value is NotImplemented:
        known = ", ".join(record.field_names())
        message = f"{record.describe()} has no field “{name}”"
        raise ValueMisuse(message, f"It has: {known}.")
    if isinstance(wanted, str):
        _check_choice(record, name, value, wanted)
    if isinstance(value, Gap):
        return bool(value)  # raises for a gap that may not decide a condition
    return _is(value, wanted)


def _is(value: Any, wanted: Any) -> bool:
    if isinstance(value, Parties) and any(_is(member, wanted) for member in value.members):
        return True
    if isinstance(wanted, str):
        if isinstance(value, Record):
            return value.id == wanted
        if isinstance(value, WrittenName):
            return value.text == wanted
    return bool(value == wanted)


def _recorded_value(record: Record, name: str, wanted: Any) -> Any:
    """The value of a field in a traced draft; NotImplemented when there is no such field.

    The facts are recorded that can change whether it is the wanted value.
    """
    field = (record.kind, name)
    if field in LEADS_TO_PARTIES:
        read = partial(record.look_up, name)
    elif field in record.view.rules.computed or name not in record.data.fields:
        return record.look_up(name)
    else:
        read = partial(record.get, name)
    value, facts = record.view.apart(read)
    # A reference that leads elsewhere would mostly still do so if it were another one (see
    # `facts.provenance`).
    leads = isinstance(value, (Record, Parties, WrittenName))
    leads_elsewhere = leads and not _is(value, wanted)
    if not leads_elsewhere and record.view.recorder is not None:
        record.view.recorder.depend(facts)
    return value


def _possible(record: Record, name: str, value: Any) -> Collection[str] | None:
    """The words or ids that a field can hold; None where these are not known."""
    store = record.view.store
    if (record.kind, name) in LEADS_TO_PARTIES and isinstance(value, (Record, Parties)):
        return ChainMap(*(store.index.get(kind, {}) for kind in REFERENCES))
    if isinstance(value, Record) and value.id:
        return store.index[value.kind]
    return store.choices.get((record.kind, name))


def _check_choice(
    record: Record,
    name: str,
    value: Any,
    wanted: str,
) -> None:
    """Raise ValueMisuse for a word or id that the field cannot hold.

    A misspelt one would choose nothing, and a count of that would be wrong without a sign of it.
    """
    known = _possible(record, name, value)
    if known is None or wanted in known:
        return
    hint = did_you_mean(wanted, known)
    if not hint:
        listed = ", ".join(known)
        hint = f"It is one of: {listed}."
    message = f"“{name}” of {record.kind}s is never “{wanted}”"
    raise ValueMisuse(message, hint)
