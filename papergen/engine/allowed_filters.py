"""The filters and tests of Jinja that templates may use, each with its bounds. What is not listed
here does not exist for a template.

All of them let a gap through as it is, but for `default`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any

from jinja2 import pass_context

from papergen.engine import jinja_internals
from papergen.engine.bounded_operations import (
    calculate,
    check_form,
    check_replaced,
    check_size,
    join,
)
from papergen.engine.budget import check_length
from papergen.engine.jinja_internals import PassArg, RunContext, make_attrgetter
from papergen.engine.limits import LONG_LIST, MAX_PARTS, MAX_PLACES, MAX_TEXT, MAX_WIDTH
from papergen.engine.undefined import MissingName, refuse_missing
from papergen.engine.values import (
    Capitalised,
    Gap,
    Printable,
    Recased,
    Tokenised,
    ValueMisuse,
    is_docxtpl,
    text_of,
)

REFUSED_FILTERS = {
    "safe": "values are always written as the characters they are",
    "forceescape": "values are always written as the characters they are",
    "tojson": "values are always written as the characters they are",
    "xmlattr": "values are always written as the characters they are",
    "urlize": "links are written in Markdown: [text](https://…)",
    "random": "the same input must give the same paper",
    "attr": "write the field after a full stop",
    "pprint": "print single fields",
}
"""Filters of Jinja that authors may look for, and what to do instead."""


# -- filters of our own


def _unchanged(value: Any) -> Any:
    """`e` and `escape`: text is escaped when it is written, once, for its place."""
    return value


def _default(value: Any, default_value: Any = "", boolean: bool = False) -> Any:
    if isinstance(value, (MissingName, Gap)) or (boolean and not value):
        return default_value
    return value


def _upper(value: Any) -> Any:
    return _recased(value, upper=True)


def _lower(value: Any) -> Any:
    return _recased(value, upper=False)


def _recased(value: Any, *, upper: bool) -> Any:
    if isinstance(value, Tokenised) or (isinstance(value, str) and "\x02" in value):
        return Recased(value, upper)
    text = text_of(value)
    return text.upper() if upper else text.lower()


def _cap(value: Any) -> Any:
    """A capital first letter, for the start of a sentence; the rest stays as it is."""
    if isinstance(value, (Printable, Tokenised)):
        return Capitalised(value)
    if isinstance(value, str) and value.startswith("\x02"):
        return Capitalised(value)
    text = text_of(value)
    return text[:1].upper() + text[1:]


@pass_context
def _sum(
    context: RunContext,
    values: Iterable[Any],
    attribute: str | int | None = None,
    start: Any = 0,
) -> Any:
    total = start
    for value in _fields(context, values, attribute):
        total = calculate(context.run.budget, "+", total, value)
    return total


@pass_context
def _join(
    context: RunContext,
    values: Iterable[Any],
    d: Any = "",
    attribute: str | int | None = None,
) -> str:
    texts = [text_of(value) for value in _fields(context, values, attribute)]
    return join(context.run.budget, text_of(d), texts)


def _fields(
    context: RunContext, values: Iterable[Any], attribute: str | int | None
) -> Iterable[Any]:
    if attribute is None:
        return values
    return map(make_attrgetter(context.environment, attribute), values)


def _float(value: Any, default: float = 0.0) -> float:
    number: float = jinja_internals.FILTERS["float"](value, default)
    if not math.isfinite(number):
        raise ValueMisuse(f"“{value}” is not a number", "Write the number in digits.")
    return number


# -- checks of what a filter of Jinja is given; each takes the filter's arguments


def _check_batch(_values: Any, linecount: Any, _fill_with: Any = None) -> None:
    check_size(linecount, MAX_PARTS)


def _check_slice(_values: Any, slices: Any, _fill_with: Any = None) -> None:
    check_size(slices, MAX_PARTS)


def _check_center(_text: Any, width: Any = 80) -> None:
    check_size(width, MAX_WIDTH)


def _check_round(_number: Any, precision: Any = 0, *_: Any, **__: Any) -> None:
    check_size(precision, MAX_PLACES)


def _check_format(form: Any, *args: Any, **kwargs: Any) -> None:
    check_form(text_of(form), (*args, kwargs) if kwargs else args)


def _check_indent(value: Any, width: Any = 4, *_: Any, **__: Any) -> None:
    check_size(width, MAX_WIDTH)
    text = text_of(value)
    added = len(width) if isinstance(width, str) else int(width)
    check_length(len(text) + (text.count("\n") + 1) * added)


def _check_wordwrap(value: Any, width: Any = 79, *args: Any, **kwargs: Any) -> None:
    check_size(width, MAX_TEXT)
    longest = 1
    for given in (width, *args, *kwargs.values()):
        if isinstance(given, str):
            longest = max(longest, len(given))
    check_length(len(text_of(value)) * longest)


def _check_replace(
    value: Any,
    old: Any,
    new: Any,
    count: int | None = None,
) -> None:
    check_replaced(text_of(value), str(old), str(new), -1 if count is None else count)


# -- the list


@dataclass(frozen=True, slots=True)
class FilterBounds:
    """How a filter is bounded.

    `per`: the items of a list that it goes through in a step. `compares`: it compares the items
    with each other. `lazy`: its result is made when it is gone through. `plain`: it looks at
    letters, so it refuses names and texts of the paper, which are put together when they are
    printed. `check` is called with the filter's arguments. `own` replaces Jinja's filter.
    """

    per: int = 1
    compares: bool = False
    lazy: bool = False
    plain: bool = False
    check: Callable[..., None] | None = None
    own: Callable[..., Any] | None = None


_ANY = FilterBounds()
_CHEAP = FilterBounds(per=100)
_COMPARES = FilterBounds(compares=True)
_LAZY = FilterBounds(lazy=True)
_PLAIN = FilterBounds(plain=True)

FILTERS: dict[str, FilterBounds] = {
    # Of lists
    "batch": FilterBounds(lazy=True, check=_check_batch),
    "count": _CHEAP,
    "dictsort": _COMPARES,
    "first": _CHEAP,
    "groupby": _COMPARES,
    "items": _LAZY,
    "join": FilterBounds(own=_join),
    "last": _CHEAP,
    "length": _CHEAP,
    "list": _CHEAP,
    "map": _LAZY,
    "max": _COMPARES,
    "min": _COMPARES,
    "reject": _LAZY,
    "rejectattr": _LAZY,
    "reverse": _PLAIN,
    "select": _LAZY,
    "selectattr": _LAZY,
    "slice": FilterBounds(lazy=True, check=_check_slice),
    "sort": _COMPARES,
    "sum": FilterBounds(own=_sum),
    "unique": FilterBounds(lazy=True, compares=True),
    # Of texts
    "cap": FilterBounds(own=_cap),
    "capitalize": _PLAIN,
    "center": FilterBounds(plain=True, check=_check_center),
    "format": FilterBounds(plain=True, check=_check_format),
    "indent": FilterBounds(plain=True, check=_check_indent),
    "lower": FilterBounds(own=_lower),
    "replace": FilterBounds(plain=True, check=_check_replace),
    "string": FilterBounds(per=100, own=text_of),
    "striptags": _PLAIN,
    "title": _PLAIN,
    "trim": _ANY,
    "truncate": _PLAIN,
    "upper": FilterBounds(own=_upper),
    "urlencode": _PLAIN,
    "wordcount": _PLAIN,
    "wordwrap": FilterBounds(plain=True, check=_check_wordwrap),
    # Of numbers
    "abs": _ANY,
    "filesizeformat": _PLAIN,
    "float": FilterBounds(plain=True, own=_float),
    "int": _PLAIN,
    "round": FilterBounds(check=_check_round),
}
UNBOUNDED_FILTERS: dict[str, Callable[..., Any]] = {
    "d": _default,
    "default": _default,
    "e": _unchanged,
    "escape": _unchanged,
}
"""These do the same for any value, a gap included."""

COMPARING_TESTS = frozenset(
    "!= < <= == > >= eq equalto ge greaterthan gt in le lessthan lt ne".split()  # noqa: SIM905
)
TESTS = COMPARING_TESTS | frozenset(
    (  # noqa: SIM905 (a list of words)
        "boolean callable defined divisibleby escaped even false filter float integer iterable "
        "lower mapping none number odd sameas sequence string test true undefined upper"
    ).split()
)
"""The tests of Jinja that a template may use."""


def allowed_filters() -> dict[str, Callable[..., Any]]:
    """The filters of a template, by name."""
    bounded_filters = {
        name: _bounded(name, bounds.own or jinja_internals.FILTERS[name], bounds)
        for name, bounds in FILTERS.items()
    }
    return bounded_filters | UNBOUNDED_FILTERS


def paper_filters(filters: Mapping[str, Callable[..., Any]]) -> dict[str, Callable[..., Any]]:
    """The filters that papers have beside those of Jinja, bounded."""
    return {
        name: _bounded(name, function, _CHEAP if name in _COUNTING else _ANY)
        for name, function in filters.items()
    }


_COUNTING = {"count", "length", "words"}
"""Of these: the filters that only ask for the length of a list."""


def allowed_tests() -> dict[str, Callable[..., Any]]:
    """The tests of a template, by name."""
    known: dict[str, Any] = {name: jinja_internals.TESTS[name] for name in TESTS}
    known |= {name: _weighed(known[name]) for name in COMPARING_TESTS}
    return known | {"gap": lambda value: isinstance(value, Gap)}


_SIZED = {str, list, tuple, range, dict}
_FIRST_ARGUMENTS: dict[Any, Callable[[RunContext], Any]] = {
    PassArg.context: lambda context: context,
    PassArg.eval_context: lambda context: context.eval_ctx,
    PassArg.environment: lambda context: context.environment,
}


def _bounded(name: str, function: Callable[..., Any], bounds: FilterBounds) -> Callable[..., Any]:
    """A filter that lets a gap through as it is, and counts what it goes through."""
    first_argument = _FIRST_ARGUMENTS.get(PassArg.from_obj(function))
    compares, plain, check = bounds.compares, bounds.plain, bounds.check

    @wraps(function)
    def filter_(context: RunContext, value: Any, *args: Any, **kwargs: Any) -> Any:
        kind = type(value)
        if kind is Gap:
            return value
        if plain and isinstance(value, Tokenised):
            raise _not_plain(name)
        if plain and is_docxtpl(value):
            raise ValueMisuse(
                f"“{name}” cannot change {kind.__name__} values",
                "Change the text in Python, before the value is made of it.",
            )
        if kind in _SIZED and (compares or len(value) > LONG_LIST):
            _count(context, value, bounds)
        if check is not None:
            check(value, *args, **kwargs)
        passed = () if first_argument is None else (first_argument(context),)
        try:
            result = function(*passed, value, *args, **kwargs)
        except ValueMisuse:
            # Of a name that is not defined, that is the fault, and not what the filter asks for.
            refuse_missing((value, *args))
            raise
        return context.run.budget.count_lazily(result) if bounds.lazy else result

    return pass_context(filter_)


def _count(context: RunContext, value: Any, bounds: FilterBounds) -> None:
    budget = context.run.budget
    if bounds.compares:
        budget.weigh(value)
        budget.count_items(len(value))
    if isinstance(value, str):
        budget.count_text(len(value), 4)
    else:
        budget.count_items(len(value), bounds.per)


def _not_plain(name: str) -> ValueMisuse:
    return ValueMisuse(
        f"“{name}” cannot change this, since it is put together only when it is printed",
        "Only |cap, |upper and |lower go with names and texts of the paper; a field such as "
        "x.title takes the others.",
    )


@pass_context
def weigh(context: RunContext, value: Any) -> Any:
    """The value, after its size is counted: before it is compared, searched or copied."""
    if type(value) in _SIZED:
        context.run.budget.weigh(value)
    return value


def _weighed(function: Callable[..., Any]) -> Callable[..., Any]:
    def test(context: RunContext, *values: Any) -> Any:
        for value in values:
            weigh(context, value)
        return function(*values)

    return pass_context(test)
