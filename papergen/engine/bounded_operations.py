"""Operations whose results can be far larger than what they are made of: the same as Jinja's and
Python's, but bounded.

What a result will be is reckoned before it is made, so that nothing too large is ever made.
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Iterable, Sequence
from functools import partial, wraps
from typing import Any

from jinja2 import pass_environment
from jinja2.environment import Environment
from jinja2.filters import FILTERS as DEFAULT_FILTERS
from jinja2.filters import make_attrgetter

from papergen.engine.limits import (
    LONG_LIST,
    MAX_NUMBER,
    MAX_TEXT,
    MAX_WIDTH,
    count_items,
    count_text,
    counted,
)
from papergen.engine.undefined import refuse_missing
from papergen.engine.values import Gap, ValueMisuse, text_of

_LISTS = (list, tuple)
_FORM = re.compile(
    r"%(?:\((?P<key>[^)]*)\))?[-+ #0]*(?P<width>\*|[0-9]*)"
    r"(?:\.(?P<places>\*|[0-9]*))?[hlL]?(?P<kind>.|$)",
    re.DOTALL,
)


def calculate(operation: str, left: Any, right: Any) -> Any:
    """`left operation right`, for the operations that can grow: + - * ** %. Raises ValueMisuse for
    what is too large.
    """
    if isinstance(left, str) and operation == "%":
        check_form(left, right if isinstance(right, tuple) else (right,))
        return left % right
    _check_operands(operation, left, right)
    result = _OPERATIONS[operation](left, right)
    if isinstance(result, int):
        check_number(result)
    elif isinstance(result, str):
        count_text(len(result))
    elif isinstance(result, _LISTS):
        count_items(len(result), 100)
    return result


_OPERATIONS: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "**": operator.pow,
    "%": operator.mod,
}


def _check_operands(operation: str, left: Any, right: Any) -> None:
    if operation == "*":
        for text, times in ((left, right), (right, left)):
            if (
                isinstance(text, (str, *_LISTS))
                and isinstance(times, int)
                and len(text) * times > MAX_TEXT
            ):
                raise ValueMisuse("this multiplication would make far too long a text")
    elif operation == "**":
        if (
            isinstance(left, (int, float))
            and isinstance(right, (int, float))
            and (abs(left) > 1000 or abs(right) > 100)
        ):
            raise ValueMisuse("this power is too large a number")
    elif (
        operation == "+" and isinstance(left, (str, *_LISTS)) and isinstance(right, (str, *_LISTS))
    ):
        check_length(len(left) + len(right))


def check_number(number: int) -> None:
    """Refuse a whole number that no paper needs."""
    if abs(number) > MAX_NUMBER:
        raise ValueMisuse("this number is too large", "A number has at most 300 digits.")


def check_length(length: int) -> None:
    """Refuse a text or a list that is too long. `length`: what it would have."""
    if length > MAX_TEXT:
        message = f"this would make a text or a list of {length:,} characters or items"
        raise ValueMisuse(message, f"The most that a tag can make is {MAX_TEXT:,}.")


def join(separator: str, texts: Sequence[str]) -> str:
    """The texts with the separator between them."""
    length = sum(map(len, texts)) + len(separator) * len(texts)
    check_length(length)
    count_text(length)
    return separator.join(texts)


def check_form(form: str, values: Iterable[Any]) -> None:
    """Refuse a form whose texts are too wide, or which would make characters of numbers, and values
    that cannot be printed.
    """
    length = len(form)
    named: list[str] = []
    for found in _FORM.finditer(form):
        if found["kind"] == "c":
            raise ValueMisuse("“%c” makes a character of a number", "Write the character itself.")
        for size in (found["width"], found["places"]):
            if size and (size == "*" or int(size[:5]) > MAX_WIDTH):
                raise _too_wide()
        length += int(found["width"] or 0) + int(found["places"] or 0)
        named += [found["key"]] if found["key"] is not None else []
    for value in values:
        if isinstance(value, dict):  # one of its values is printed as often as it is named
            lengths = {key: len(text_of(value[key])) for key in {*named} if key in value}
            length += sum(lengths.get(key, 0) for key in named)
        else:
            length += len(text_of(value))
    check_length(length)


def _too_wide(most: int = MAX_WIDTH) -> ValueMisuse:
    what = "width" if most == MAX_WIDTH else "number"
    return ValueMisuse(f"this {what} is too large", f"Write a number up to {most:,}.")


# Filters. Those that keep Jinja's own meaning look at what they are given, and then call Jinja's.


def replace(value: Any, old: Any, new: Any, count: int | None = None) -> Any:
    """Jinja's `replace`."""
    _check_replaced(text_of(value), str(old), str(new), count)
    return str(value).replace(str(old), str(new), -1 if count is None else count)


def _check_replaced(text: str, old: str, new: str, count: int | None = None) -> None:
    if len(new) > len(old):
        times = text.count(old) if count is None or count < 0 else min(count, text.count(old))
        check_length(len(text) + times * (len(new) - len(old)))
    count_text(len(text), 10)


def _replace_in(text: str, old: str, new: str, count: int = -1) -> str:
    _check_replaced(text, old, new, count)
    return text.replace(old, new, count)


def _join_by(separator: str, texts: Iterable[str]) -> str:
    return join(separator, list(texts))


METHODS: dict[str, Callable[..., Any]] = {"replace": _replace_in, "join": _join_by}
"""Methods of texts that can make much of little, in place of Python's."""
REFUSED_METHODS = {
    # As wide as they are asked to.
    "center",
    "expandtabs",
    "format",
    "format_map",
    "ljust",
    "rjust",
    "zfill",
    # Bytes cannot be printed, and are as many as they are asked to.
    "encode",
    "to_bytes",
    "from_bytes",
    "maketrans",
    "translate",  # they make any character of any other
}


def method_of(value: Any, name: str) -> Callable[..., Any] | None:
    """The bounded method of that name of a single value, where there is one. What the others cost
    is counted here.
    """
    if isinstance(value, str):
        count_text(len(value), 10)
        own = METHODS.get(name)
        return partial(own, value) if own is not None else None
    if isinstance(value, _LISTS) and name in ("count", "index"):
        weigh(value)
        return weighed(getattr(value, name))
    return None


def weigh(value: Any) -> Any:
    """The value, counted by its size, lists within lists and all: before it is compared, searched
    or copied.
    """
    kind = type(value)
    if kind is str:
        count_text(len(value), 100)
    elif kind is list or kind is tuple or kind is dict:
        size, todo = 0, [value]
        while todo:
            one = todo.pop()
            size += len(one)
            check_length(size)
            todo += [
                inner
                for inner in (one.values() if type(one) is dict else one)
                if type(inner) in _NESTED
            ]
        count_items(size, 3)
    return value


_NESTED = {list, tuple, dict}
COMPARING = {
    "==",
    "!=",
    "<",
    "<=",
    ">",
    ">=",
    "eq",
    "equalto",
    "ne",
    "lt",
    "lessthan",
    "le",
    "gt",
    "greaterthan",
    "ge",
    "in",
}
"""The tests that compare."""


def weighed(function: Callable[..., Any]) -> Callable[..., Any]:
    """A test or a method that compares: all that it is given is counted first."""

    def test(*values: Any) -> Any:
        return function(*map(weigh, values))

    return test


_SIZES = {"linecount", "precision", "slices", "width"}
"""What Jinja calls the first argument of the filters that are bounded by it."""


def _bounded(
    function: Callable[..., Any], most: int, check: Callable[..., None] | None = None
) -> Callable[..., Any]:
    """A filter whose first argument may not be a number above `most`; `check` is called with its
    arguments.
    """
    position = 1 if hasattr(function, "jinja_pass_arg") else 0

    @wraps(function)
    def filter_(*args: Any, **kwargs: Any) -> Any:
        sizes = (
            *args[position + 1 : position + 2],
            *(value for key, value in kwargs.items() if key in _SIZES),
        )
        if any(isinstance(size, int) and abs(size) > most for size in sizes):
            raise _too_wide(most)
        if check is not None:
            check(*args[position:], **kwargs)
        return function(*args, **kwargs)

    return filter_


def _check_indented(value: Any, width: Any = 4, *_: Any, **__: Any) -> None:
    lines = text_of(value).count("\n") + 1
    check_length(
        len(text_of(value)) + lines * (len(width) if isinstance(width, str) else int(width))
    )


def _check_wrapped(value: Any, *given: Any, **named: Any) -> None:
    breaks = max(
        (one for one in (*given, *named.values()) if isinstance(one, str)), key=len, default=""
    )
    check_length(len(text_of(value)) * max(1, len(breaks)))


@pass_environment
def _sum(
    environment: Environment,
    values: Iterable[Any],
    attribute: str | int | None = None,
    start: Any = 0,
) -> Any:
    if attribute is not None:
        values = map(make_attrgetter(environment, attribute), values)
    for value in values:
        start = calculate("+", start, value)
    return start


@pass_environment
def _join(
    environment: Environment, values: Iterable[Any], d: Any = "", attribute: str | int | None = None
) -> str:
    """Jinja's `join`, which takes what has a text, and nothing else."""
    if attribute is not None:
        values = map(make_attrgetter(environment, attribute), values)
    return join(text_of(d), list(map(text_of, values)))


def _format(value: Any, *args: Any, **kwargs: Any) -> Any:
    check_form(text_of(value), (*args, kwargs) if kwargs else args)
    return DEFAULT_FILTERS["format"](value, *args, **kwargs)


def _float(value: Any, default: float = 0.0) -> float:
    made: float = DEFAULT_FILTERS["float"](value, default)
    if not math.isfinite(made):
        raise ValueMisuse(f"“{value}” is not a number", "Write the number in digits.")
    return made


_MOST_IN_A_LIST = 10_000

FILTERS: dict[str, Callable[..., Any]] = {
    "batch": _bounded(DEFAULT_FILTERS["batch"], _MOST_IN_A_LIST),
    "center": _bounded(DEFAULT_FILTERS["center"], MAX_WIDTH),
    "float": _float,
    "format": _format,
    "indent": _bounded(DEFAULT_FILTERS["indent"], MAX_WIDTH, _check_indented),
    "join": _join,
    "replace": replace,
    "round": _bounded(DEFAULT_FILTERS["round"], 300),
    "slice": _bounded(DEFAULT_FILTERS["slice"], _MOST_IN_A_LIST),
    "sum": _sum,
    "wordwrap": _bounded(DEFAULT_FILTERS["wordwrap"], MAX_TEXT, _check_wrapped),
}
"""In place of Jinja's."""
LAZY = {"batch", "items", "map", "reject", "rejectattr", "select", "selectattr", "slice", "unique"}
"""The filters whose results are made when they are gone through."""


def metered(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """A filter that leaves a gap a gap, and counts what it goes through. Jinja's own marks
    (pass_environment …) are kept.
    """
    position = 1 if hasattr(function, "jinja_pass_arg") else 0
    per = 100 if name in _CHEAP else 1
    lazy = name in LAZY
    compares = name in _COMPARING_FILTERS

    @wraps(function)
    def filter_(*args: Any, **kwargs: Any) -> Any:
        if len(args) > position:
            value = args[position]
            kind = type(value)
            if kind is Gap:
                return value
            if kind in _SIZED and (compares or len(value) > LONG_LIST):
                if compares:  # most call a function for each item
                    weigh(value)
                    count_items(len(value))
                if kind is str:
                    count_text(len(value), 4)
                else:
                    count_items(len(value), per)
        try:
            result = function(*args, **kwargs)
        except ValueMisuse:
            # Of a name that is not defined that is the fault, and not what the filter asks for.
            refuse_missing(args[position:])
            raise
        return counted(result) if lazy else result

    return filter_


_SIZED = {str, list, tuple, range, dict}
_COMPARING_FILTERS = {"dictsort", "groupby", "max", "min", "sort", "unique"}
_CHEAP = {"count", "length", "words", "first", "last", "list", "string", "default", "d"}
"""These do little for each of the items of a list, or nothing."""
