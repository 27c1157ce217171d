"""The filters of papers: forms of names, dates and numbers, and choices among records.

`FILTERS`, at the end, lists them all; so does `docs/template-tags.md`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

from jinja2 import pass_context
from jinja2.runtime import Context

from papergen.engine.budget import check_length, check_number
from papergen.engine.values import Gap, ValueMisuse, text_of
from papergen.facts import computed, deadlines, name_filters
from papergen.facts.matching import matches
from papergen.facts.records import Record
from papergen.facts.selection import choose, unread
from papergen.facts.simple_values import Day, Fields, WrittenDay, first_day, last_day
from papergen.facts.view import MeetingView

# -- dates


def _date_fields(fields: str, form: str) -> Callable[[Any], str]:
    def filter_(value: Any) -> str:
        return _day(value, form).format(fields)

    filter_.__doc__ = f"A date, of which only these fields print: {fields}."
    return filter_


def weekday(value: Any) -> str:
    """A date with its day of the week, in the brand's form: “Thursday 8 November 2012”."""
    return _day(value, "weekday").with_weekday()


def dated(value: Any, on: str, within: str) -> str:
    """A date after a word: `on` before a day, `within` before a month or a year.

    “on 8 November 2012”, “in 2012”. What is written in place of a date stands alone.
    """
    day = _day(value, "dated")
    if isinstance(day, WrittenDay):
        return str(day)
    if day.value.day:
        return f"{on} {day}"
    return f"{within} {day}"


def days_before(day: Any, other: Any) -> int:
    """How many days one date lies before another."""
    dates = (Day, WrittenDay)
    if not isinstance(day, dates) or not isinstance(other, dates):
        raise ValueMisuse(
            "“days_before” needs two dates",
            "Write {{ requirement.x.due|days_before(meeting.date) }}.",
        )
    return deadlines.days_before(last_day(day), first_day(other))


def _day(value: Any, form: str) -> Day | WrittenDay:
    if isinstance(value, (Day, WrittenDay)):
        return value
    hint = "Use it after a date: {{ meeting.date|" + form + " }}."
    raise ValueMisuse(f"only a date has a form “{form}”", hint)


# -- numbers


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


@pass_context
def plural(
    context: Context,
    number: Any,
    one: str,
    many: str,
) -> str:
    """The noun alone, in the form for a number: `{{ n|plural('action', 'actions') }}`."""
    locale = _view(context).locale
    form = locale.plural_form(_number(number))
    return (one, many)[form]


def share(part: Any, whole: Any, *words: Any) -> Any:
    """Of five words, the one for a part of a whole.

    They are for none of it, less than half, half, more than half, and all of it.
    """
    if len(words) != 5:
        raise ValueMisuse(
            "“share” needs five words",
            "For none, less than half, half, more than half and all of them.",
        )
    none_of_it, less_than_half, half, more_than_half, all_of_it = words
    number = _number(part)
    total = _number(whole)
    if number == 0:
        return none_of_it
    if number >= total:
        return all_of_it
    if 2 * number == total:
        return half
    if 2 * number < total:
        return less_than_half
    return more_than_half


_MOST_DIGITS = 300
"""As many as the largest number has that a template may work with."""


def _number(value: Any) -> int:
    """A whole number, given as a number or as text, or the length of a list."""
    if type(value) is list:
        return len(value)
    if isinstance(value, bool):
        raise ValueMisuse("yes and no cannot be counted")
    if isinstance(value, int):
        check_number(value)
        return value
    if isinstance(value, str):
        return _number_of_text(value)
    return len(_items(value, "counting"))


def _number_of_text(value: str) -> int:
    if len(value) <= _MOST_DIGITS and value.strip().isdecimal():
        return int(value)
    shown = f"“{value}”"
    if "\x02" in value:
        shown = "this"
    raise ValueMisuse(f"{shown} is not a whole number", "Use it after a whole number or a list.")


# -- lists


def _items(values: Any, filter_: str) -> list[Any]:
    """A list's items. A text is not a list of its letters, and a record not one of its fields."""
    if type(values) is list:
        return values[:]
    is_text_or_mapping = isinstance(values, (str, Mapping))
    if isinstance(values, Iterable) and not is_text_or_mapping:
        return list(values)
    if filter_ == "counting":
        raise ValueMisuse("counting needs a list or a whole number")
    raise ValueMisuse(f"“{filter_}” needs a list")


def _records(values: Any, filter_: str, *kinds: str) -> list[Record]:
    """The items of a list of records of these kinds. Raises ValueMisuse for any other list."""
    records = _items(unread(values), filter_)
    for record in records:
        if isinstance(record, Record) and record.kind in kinds:
            continue
        plurals = [f"{kind}s" for kind in kinds]
        use = " or ".join(plurals)
        raise ValueMisuse(
            f"“{filter_}” chooses among {use} only",
            f"Use it after a list of {use}.",
        )
    return records


@pass_context
def join_and(context: Context, values: Iterable[Any]) -> str:
    """“a, b and c”."""
    items = _items(values, "join_and")
    texts = [text_of(item) for item in items]
    length = sum(map(len, texts))
    check_length(length)
    return _view(context).locale.join(texts)


def grouped(records: Any, field: str) -> list[Fields]:
    """Records in groups by what a field holds, in the order in which the groups begin.

    Each group has `value` and `members`. Those in which the field is not given come last, under
    their first gap.
    """
    groups: dict[Any, list[Any]] = {}
    gaps: list[Gap] = []
    without: list[Any] = []
    for record in _items(records, "grouped"):
        value = _field_of(record, field)
        if value is NotImplemented:
            hint = "Use it after a list: {{ plan.workstreams|grouped('lead') }}."
            raise ValueMisuse(f"“grouped” finds no field “{field}” here", hint)
        if isinstance(value, Gap):
            gaps.append(value)
            without.append(record)
        else:
            members = groups.setdefault(value, [])
            members.append(record)
    found = [_group(value, members) for value, members in groups.items()]
    if gaps:
        found.append(_group(gaps[0], without))
    return found


def _group(value: Any, members: list[Any]) -> Fields:
    return Fields({"value": value, "members": members})


def _field_of(thing: Any, field: str) -> Any:
    """The field of a record; NotImplemented where there is none, or where it is no record."""
    if not isinstance(thing, Record):
        return NotImplemented
    return thing.look_up(field)


# -- choices among records


def of(records: Any, **fields: Any) -> list[Any]:
    """Of a list, the records whose fields have these values: `meetings|of(kind='formal')`."""
    if not fields:
        raise ValueMisuse(
            "“of” needs a field and a value",
            "Write {{ actions|of(status='complete')|count }}.",
        )
    members = _items(unread(records), "of")
    conditions = []
    for name, wanted in fields.items():
        condition = partial(matches, name=name, wanted=wanted)
        conditions.append(condition)
    return choose(records, members, conditions)


def held(meetings: Any) -> list[Any]:
    """Of meetings, those held by `as_at`."""
    members = _records(meetings, "held", "meeting")
    return choose(meetings, members, computed.WAS_HELD)


def planned(meetings: Any) -> list[Any]:
    """Of meetings, those still to come on the day of the board's own."""
    members = _records(meetings, "planned", "meeting")
    return choose(meetings, members, computed.IS_PLANNED)


def overdue(things: Any) -> Any:
    """Of actions or requirements, those overdue on the day of the meeting.

    A gap where this is not known of one of them.
    """
    records = _records(things, "overdue", "action", "requirement")
    for record in records:
        late, facts = record.view.apart(partial(record.look_up, "overdue"))
        if isinstance(late, Gap):
            if record.view.recorder is not None:
                record.view.recorder.depend(facts)
            return late
    return choose(things, records, [_is_overdue])


def _is_overdue(thing: Record) -> bool:
    return bool(thing.look_up("overdue"))


def known(values: Any, field: str) -> list[Any]:
    """Of a list, the records in which a field is given."""
    members = _items(unread(values), "known")
    return choose(values, members, [partial(_is_known, field=field)])


def unknown(values: Any, field: str) -> list[Any]:
    """Of a list, the records in which a field is a gap."""
    members = _items(unread(values), "unknown")
    return choose(values, members, [partial(_is_unknown, field=field)])


def _is_known(record: Any, field: str) -> bool:
    value = _field_of(record, field)
    if value is NotImplemented:
        raise ValueMisuse(
            f"there is no field “{field}” here",
            "Use it after a list: {{ plan.actions|known('due')|count }}.",
        )
    return not isinstance(value, Gap)


def _is_unknown(record: Any, field: str) -> bool:
    return not _is_known(record, field)


# -- ratings


@pass_context
def rag(context: Context, rating: Any) -> Any:
    """A rating's word in the board's own scheme, else in the plan's: “Red”.

    A cell of a table that holds it takes its tint.
    """
    if isinstance(rating, Gap):
        return rating
    if not isinstance(rating, Record) or rating.kind != "rating":
        raise ValueMisuse(
            "only a rating has a word of a scheme",
            "Use it after a rating: {{ action.rating|rag }}.",
        )
    return computed.rating_label(rating, context.parent["board"])


def rated(actions: Any, code: str) -> list[Any]:
    """Of a list, those whose rating has this code.

    A withheld one is left out, so that not even a count discloses it.
    """
    members = _items(unread(actions), "rated")
    return choose(actions, members, [partial(_has_rating, code=code)])


def _has_rating(thing: Any, code: str) -> bool:
    rating = _field_of(thing, "rating")
    if rating is NotImplemented:
        raise ValueMisuse(
            "“rated” chooses among actions or workstreams",
            "Use it after a list: {{ plan.actions|rated('red') }}.",
        )
    if not isinstance(rating, Record):
        return False
    if rating.get("withheld") is not None:
        return False
    return bool(rating.get("value") == code)


def _view(context: Context) -> MeetingView:
    view: MeetingView = context.parent["_view"]
    return view


FILTERS: dict[str, Callable[..., Any]] = {
    **{form: name_filters.form_filter(form) for form in name_filters.FORMS},
    "possessive": name_filters.possessive,
    "holder": name_filters.holder,
    "agree": name_filters.agree,
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
"""The filters by name, besides those of Jinja that the sandbox allows."""
