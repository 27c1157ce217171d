"""The filters of papers: forms of names, dates and numbers, and choices among records.
`docs/template-tags.md` lists them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

from jinja2 import pass_context
from jinja2.runtime import Context

from papergen.engine.bounded_operations import check_length, check_number
from papergen.engine.values import Capitalised, Gap, ValueMisuse, text_of
from papergen.facts import computed, naming
from papergen.facts.fields import Fields
from papergen.facts.records import Day, MeetingView, NameForm, Record
from papergen.facts.selection import choose, unread
from papergen.text import did_you_mean


def _form(form: str) -> Callable[[Any], Any]:
    def filter_(value: Any) -> Any:
        if isinstance(value, Capitalised):
            return Capitalised(filter_(value.value))
        if isinstance(value, NameForm):
            return NameForm(value.record, form, value.possessive)
        return NameForm(_record(value, form), form)

    filter_.__doc__ = _FORMS[form]
    return filter_


_FORMS = {
    "full": (
        "A body, post or person in full: “the Local Safeguarding Children Board”. Never its "
        "initials."
    ),
    "short": "The short form, whether or not it has been introduced: “the LSCB”.",
    "bare": "The short form without its article, as for a cell of a table: “LSCB”.",
    "initials": "The initials alone: “LSCB”.",
    "name": "The name without its article: “Local Safeguarding Children Board”.",
}


def _record(value: Any, filter_: str) -> Record:
    if isinstance(value, Record) and value.kind in Record.namers:
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
    return NameForm(_record(value, "possessive"), "", True)


def agree(thing: Any, one: str, many: str) -> str:
    """Of two forms of a verb, the one that goes with a name: the second for a body whose name is
    plural (its `verb`).
    """
    record = thing.record if isinstance(thing, NameForm) else thing
    if not isinstance(record, Record):
        raise ValueMisuse(
            "“agree” chooses a verb for a body, a post or the plan",
            "Write {{ board|agree('is', 'are') }}.",
        )
    return many if record.kind == "body" and record.get("verb") == "plural" else one


def holder(post: Any) -> Any:
    """The person who holds a post on the day of the meeting."""
    if not isinstance(post, Record) or post.kind != "post":
        raise ValueMisuse("only a post has a holder", "Use it after a post: {{ post.x|holder }}.")
    return naming.holder(post)


def _date_fields(fields: str, form: str) -> Callable[[Any], str]:
    def filter_(value: Any) -> str:
        return _day(value, form).format(fields)

    filter_.__doc__ = f"A date, of which only these fields print: {fields}."
    return filter_


def weekday(value: Any) -> str:
    """A date with its day of the week, in the brand's form: “Thursday 8 November 2012”."""
    return _day(value, "weekday").with_weekday()


def _day(value: Any, form: str) -> Day:
    if isinstance(value, Day):
        return value
    raise ValueMisuse(
        f"only a date has a form “{form}”", "Use it after a date: {{ meeting.date|" + form + " }}."
    )


@pass_context
def words(context: Context, value: Any) -> str:
    """A whole number as prose has it: “four”, then “12”; for a list, how many it holds."""
    return _view(context).locale.number(_number(value))


@pass_context
def ordinal(context: Context, value: Any) -> str:
    """A whole number as a place in an order: “first”, then “10th”."""
    return _view(context).locale.ordinal(_number(value))


def count(value: Any) -> int:
    """How many items a list holds."""
    return _number(value)


_MOST_DIGITS = 300  # as many as the largest number has that is reckoned with


def _number(value: Any) -> int:
    if type(value) is list:
        return len(value)
    if isinstance(value, bool):
        raise ValueMisuse("yes and no cannot be counted")
    if isinstance(value, int):
        check_number(value)
        return value
    if isinstance(value, str):
        if value.strip().isdecimal() and len(value) <= _MOST_DIGITS:
            return int(value)
        shown = "this" if "\x02" in value else f"“{value}”"
        raise ValueMisuse(
            f"{shown} is not a whole number", "Use it after a whole number or a list."
        )
    return len(_items(value, "counting"))


def _items(values: Any, filter_: str) -> list[Any]:
    """A list's items. A text is not a list of its letters, and a record not one of its fields."""
    if type(values) is list:
        return values[:]
    if isinstance(values, (str, Mapping)) or not isinstance(values, Iterable):
        raise ValueMisuse(
            f"{filter_} needs a list or a whole number"
            if filter_ == "counting"
            else f"“{filter_}” needs a list"
        )
    return list(values)


def _records(values: Any, filter_: str, *kinds: str) -> list[Record]:
    """The items of a list of records of these kinds."""
    records = _items(unread(values), filter_)
    for record in records:
        if not isinstance(record, Record) or record.kind not in kinds:
            use = " or ".join(f"{kind}s" for kind in kinds)
            raise ValueMisuse(
                f"“{filter_}” chooses among {use} only", f"Use it after a list of {use}."
            )
    return records


@pass_context
def join_and(context: Context, values: Iterable[Any]) -> str:
    """“a, b and c”."""
    texts = [text_of(value) for value in _items(values, "join_and")]
    check_length(sum(map(len, texts)))
    return _view(context).locale.join(texts)


def of(records: Any, **fields: Any) -> list[Any]:
    """Of a list, the records whose fields have these values: `meetings|of(kind='formal')`."""
    if not fields:
        raise ValueMisuse(
            "“of” needs a field and a value", "Write {{ actions|of(status='complete')|count }}."
        )
    conditions = [partial(_matches, name=name, wanted=wanted) for name, wanted in fields.items()]
    return choose(records, _items(unread(records), "of"), conditions)


def _matches(record: Any, name: str, wanted: Any) -> bool:
    if not isinstance(record, Record):
        raise ValueMisuse(
            "“of” chooses among records of the plan", "Use it after a list such as plan.actions."
        )
    recorder = record.view.recorder
    if (
        recorder is None
    ):  # by far most often: nothing to be told, and a word that is one of a field's words
        value = record.look_up(name)
        if type(value) is str and type(wanted) is str:
            asked = record.data.kind, name, wanted
            if asked not in record.view.allowed:
                _check_choice(record, name, value, wanted)
                record.view.allowed.add(asked)
            return value == wanted
    if (
        name in record.data.fields
        and recorder is not None
        and (record.kind, name) not in Record.computed
    ):
        value, facts = record.view.apart(lambda: record.get(name))
        # That a reference leads elsewhere is nothing that another reference would change (see
        # `facts.trace`).
        if not (isinstance(value, Record) and wanted not in (value.id, value)):
            recorder.depend(facts)
    else:
        value = record.look_up(name)
        if value is NotImplemented:
            known = ", ".join(record.field_names())
            raise ValueMisuse(f"{record.describe()} has no field “{name}”", f"It has: {known}.")
    if isinstance(wanted, str):
        _check_choice(record, name, value, wanted)
    if isinstance(value, Gap):
        return bool(value)  # of a gap that may decide nothing this is a fault
    if isinstance(value, Record) and isinstance(wanted, str):
        return bool(value.id == wanted)
    return bool(value == wanted)


def _check_choice(record: Record, name: str, value: Any, wanted: str) -> None:
    """A misspelt status or id would choose nothing, and a count of it would be wrong in silence."""
    store = record.view.store
    known = (
        store.index[value.kind]
        if isinstance(value, Record) and value.id
        else store.choices.get((record.kind, name))
    )
    if known is not None and wanted not in known:
        hint = did_you_mean(wanted, known) or f"It is one of: {', '.join(known)}."
        raise ValueMisuse(f"“{name}” of {record.kind}s is never “{wanted}”", hint)


def held(meetings: Any) -> list[Any]:
    """Of meetings, those held by `as_at`."""
    return choose(meetings, _records(meetings, "held", "meeting"), computed.WAS_HELD)


def planned(meetings: Any) -> list[Any]:
    """Of meetings, those still to come on the day of the board's own."""
    return choose(meetings, _records(meetings, "planned", "meeting"), computed.IS_PLANNED)


def overdue(things: Any) -> Any:
    """Of actions or requirements, those overdue on the day of the meeting; a gap where that cannot
    be told of one of them.
    """
    records = _records(things, "overdue", "action", "requirement")
    for record in records:
        late, facts = record.view.apart(partial(record.look_up, "overdue"))
        if isinstance(late, Gap):
            if record.view.recorder is not None:
                record.view.recorder.depend(facts)
            return late
    return choose(things, records, (lambda thing: bool(thing.look_up("overdue")),))


def days_before(day: Any, other: Any) -> int:
    """How many days one date lies before another."""
    if not isinstance(day, Day) or not isinstance(other, Day):
        raise ValueMisuse(
            "“days_before” needs two dates",
            "Write {{ requirement.x.due|days_before(meeting.date) }}.",
        )
    return computed.days_before(day.value, other.value)


def plural(number: Any, one: str, many: str) -> str:
    """`{{ n|plural('action', 'actions') }}`: the noun alone, in the form that the number asks
    for.
    """
    return one if _number(number) == 1 else many


def share(part: Any, whole: Any, *words: Any) -> Any:
    """Of five words, the one for a part of a whole: none of it, less than half, half, more than
    half, all of it.
    """
    if len(words) != 5:
        raise ValueMisuse(
            "“share” needs five words",
            "For none, less than half, half, more than half and all of them.",
        )
    some, all_ = _number(part), _number(whole)
    at = (
        0
        if some == 0
        else 4
        if some >= all_
        else 2
        if 2 * some == all_
        else 1
        if 2 * some < all_
        else 3
    )
    return words[at]


def grouped(records: Any, field: str) -> list[Fields]:
    """Records in groups by what a field holds, in the order in which the groups begin: each has
    `value` and `members`.

    Those in which the field is not given come last, under their first gap.
    """
    groups: dict[Any, tuple[Any, list[Any]]] = {}
    for record in _items(records, "grouped"):
        value = record.look_up(field) if isinstance(record, Record) else NotImplemented
        if value is NotImplemented:
            hint = "Use it after a list: {{ plan.workstreams|grouped('lead') }}."
            raise ValueMisuse(f"“grouped” finds no field “{field}” here", hint)
        groups.setdefault(None if isinstance(value, Gap) else value, (value, []))[1].append(record)
    ordered = [group for key, group in groups.items() if key is not None] + (
        [groups[None]] if None in groups else []
    )
    return [Fields({"value": value, "members": members}) for value, members in ordered]


def dated(value: Any, on: str, within: str) -> str:
    """A date with the word before it: one for a day, another for a month or a year: “on 8 November
    2012”, “in 2012”.
    """
    day = _day(value, "dated")
    return f"{on if day.value.day else within} {day}"


@pass_context
def rag(context: Context, rating: Any) -> Any:
    """A rating's word in the board's own scheme, else in the plan's: “Red”. In a cell of a table it
    brings its tint.
    """
    if isinstance(rating, Gap):
        return rating
    if not isinstance(rating, Record) or rating.kind != "rating":
        raise ValueMisuse(
            "only a rating has a word of a scheme",
            "Use it after a rating: {{ action.rating|rag }}.",
        )
    return computed.rag_value(rating, context.parent["board"])


def rated(actions: Any, code: str) -> list[Any]:
    """Of a list, those whose rating has this code; one that is withheld is not told, not even in a
    count.
    """
    return choose(actions, _items(unread(actions), "rated"), [partial(_has_rating, code=code)])


def _has_rating(thing: Any, code: str) -> bool:
    rating = thing.look_up("rating") if isinstance(thing, Record) else NotImplemented
    if rating is NotImplemented:
        raise ValueMisuse(
            "“rated” chooses among actions or workstreams",
            "Use it after a list: {{ plan.actions|rated('red') }}.",
        )
    return (
        isinstance(rating, Record)
        and rating.get("withheld") is None
        and bool(rating.get("value") == code)
    )


def known(values: Any, field: str) -> list[Any]:
    """Of a list, the records in which a field is given."""
    return choose(values, _items(unread(values), "known"), [partial(_is_known, field=field)])


def unknown(values: Any, field: str) -> list[Any]:
    """Of a list, the records in which a field is a gap."""
    return choose(
        values, _items(unread(values), "unknown"), [lambda record: not _is_known(record, field)]
    )


def _is_known(record: Any, field: str) -> bool:
    value = record.look_up(field) if isinstance(record, Record) else NotImplemented
    if value is NotImplemented:
        raise ValueMisuse(
            f"there is no field “{field}” here",
            "Use it after a list: {{ plan.actions|known('due')|count }}.",
        )
    return not isinstance(value, Gap)


def _view(context: Context) -> MeetingView:
    view: MeetingView = context.parent["_view"]
    return view


FILTERS: dict[str, Callable[..., Any]] = {
    **{form: _form(form) for form in _FORMS},
    "possessive": possessive,
    "holder": holder,
    "agree": agree,
    "day_month": _date_fields("dM", "day_month"),
    "month": _date_fields("M", "month"),
    "month_year": _date_fields("My", "month_year"),
    "year": _date_fields("y", "year"),
    "weekday": weekday,
    "words": words,
    "ordinal": ordinal,
    "count": count,
    "length": count,
    "join_and": join_and,
    "of": of,
    "held": held,
    "planned": planned,
    "overdue": overdue,
    "days_before": days_before,
    "plural": plural,
    "share": share,
    "grouped": grouped,
    "dated": dated,
    "known": known,
    "unknown": unknown,
    "rag": rag,
    "rated": rated,
}
