"""Operations whose results can be far larger than their operands: the same as Python's, but the
size of a result is worked out first, and one that is too large is never made.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from papergen.engine.budget import Budget, check_length, check_number
from papergen.engine.limits import MAX_TEXT, MAX_WIDTH
from papergen.engine.values import ValueMisuse, text_of

_SEQUENCES = (str, list, tuple)
_OPERATIONS: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "**": operator.pow,
    "%": operator.mod,
}
OPERATORS = frozenset(_OPERATIONS)
"""The operators that `calculate` knows: those whose results can grow."""


def calculate(
    budget: Budget,
    operation: str,
    left: Any,
    right: Any,
) -> Any:
    """`left operation right`, for one of the `OPERATORS`. Raises ValueMisuse for what is too
    large.
    """
    if isinstance(left, str) and operation == "%":
        check_form(left, right if isinstance(right, tuple) else (right,))
        return left % right
    if operation == "*":
        _check_repeated(left, right)
        _check_repeated(right, left)
    elif operation == "**":
        _check_power(left, right)
    elif operation == "+" and isinstance(left, _SEQUENCES) and isinstance(right, _SEQUENCES):
        check_length(len(left) + len(right))
    result = _OPERATIONS[operation](left, right)
    if isinstance(result, int):
        check_number(result)
    elif isinstance(result, str):
        budget.count_text(len(result))
    elif isinstance(result, (list, tuple)):
        budget.count_items(len(result), 100)
    return result


def _check_repeated(value: Any, times: Any) -> None:
    if isinstance(value, _SEQUENCES) and isinstance(times, int) and len(value) * times > MAX_TEXT:
        raise ValueMisuse("this multiplication would make far too long a text")


def _check_power(base: Any, exponent: Any) -> None:
    if not isinstance(base, (int, float)) or not isinstance(exponent, (int, float)):
        return
    if abs(base) > 1000 or abs(exponent) > 100:
        raise ValueMisuse("this power is too large a number")


def check_size(size: Any, most: int) -> None:
    """Raise ValueMisuse for a width or a number above `most`."""
    if isinstance(size, int) and abs(size) > most:
        what = "width" if most == MAX_WIDTH else "number"
        raise ValueMisuse(f"this {what} is too large", f"Write a number up to {most:,}.")


_PLACEHOLDER = re.compile(
    r"%(?:\((?P<key>[^)]*)\))?[-+ #0]*(?P<width>\*|[0-9]*)"
    r"(?:\.(?P<places>\*|[0-9]*))?[hlL]?(?P<kind>.|$)",
    re.DOTALL,
)


def check_form(form: str, values: Iterable[Any]) -> None:
    """Raise ValueMisuse where `form % values` would be too long, would turn a number into a
    character, or would print what cannot be printed.
    """
    length = len(form)
    named: list[str] = []
    for found in _PLACEHOLDER.finditer(form):
        if found["kind"] == "c":
            raise ValueMisuse("“%c” makes a character of a number", "Write the character itself.")
        length += _checked_size(found["width"]) + _checked_size(found["places"])
        if found["key"] is not None:
            named.append(found["key"])
    for value in values:
        if isinstance(value, dict):  # one of its values is printed as often as it is named
            lengths = {key: len(text_of(value[key])) for key in set(named) if key in value}
            length += sum(lengths.get(key, 0) for key in named)
        else:
            length += len(text_of(value))
    check_length(length)


def _checked_size(size: str | None) -> int:
    """The width or the places of a placeholder. Raises ValueMisuse for too many; `*` could be."""
    if not size:
        return 0
    number = MAX_WIDTH + 1 if size == "*" else int(size[:5])
    check_size(number, MAX_WIDTH)
    return number


def join(budget: Budget, separator: str, texts: Sequence[str]) -> str:
    """The texts with the separator between them."""
    length = sum(map(len, texts)) + len(separator) * len(texts)
    check_length(length)
    budget.count_text(length)
    return separator.join(texts)


def replace(
    budget: Budget,
    text: str,
    old: str,
    new: str,
    count: int = -1,
) -> str:
    """`text.replace(old, new, count)`."""
    check_replaced(text, old, new, count)
    budget.count_text(len(text), 10)
    return text.replace(old, new, count)


def check_replaced(
    text: str,
    old: str,
    new: str,
    count: int = -1,
) -> None:
    """Raise ValueMisuse where `text.replace(old, new, count)` would be too long."""
    if len(new) > len(old):
        times = text.count(old)
        if count >= 0:
            times = min(count, times)
        check_length(len(text) + times * (len(new) - len(old)))


# -- methods

_TEXT_METHODS = frozenset(
    (  # noqa: SIM905 (a list of words)
        "capitalize casefold count endswith find index isalnum isalpha isdecimal isdigit islower "
        "isnumeric isspace istitle isupper join lower lstrip partition removeprefix removesuffix "
        "replace rfind rindex rpartition rsplit rstrip split splitlines startswith strip swapcase "
        "title upper"
    ).split()
)
METHODS: dict[type, frozenset[str]] = {
    str: _TEXT_METHODS,
    list: frozenset({"count", "index"}),
    tuple: frozenset({"count", "index"}),
    dict: frozenset({"get", "items", "keys", "values"}),
    int: frozenset(),
    float: frozenset(),
    bool: frozenset(),
    range: frozenset(),
}
"""The methods and attributes that templates may use of Python's own values."""


class BoundMethod:
    """A method of a text, a list or a mapping, as a template calls it: its work is counted first.

    What a mapping holds comes as a list, so that there is one kind of collection to bound.
    """

    __slots__ = ("_name", "_value")

    def __init__(self, value: Any, name: str) -> None:
        self._value = value
        self._name = name

    def __call__(self, budget: Budget, *args: Any, **kwargs: Any) -> Any:
        value = self._value
        if isinstance(value, str):
            return self._call_of_text(budget, value, *args, **kwargs)
        method = getattr(value, self._name)
        if isinstance(value, dict):
            if self._name == "get":
                return method(*args, **kwargs)
            budget.count_items(len(value), 3)
            return list(method(*args, **kwargs))
        for compared in (value, *args):
            budget.weigh(compared)
        return method(*args, **kwargs)

    def _call_of_text(self, budget: Budget, text: str, *args: Any, **kwargs: Any) -> Any:
        if self._name == "replace":
            return replace(budget, text, *args, **kwargs)
        if self._name == "join":
            return join(budget, text, *map(list, args), **kwargs)
        budget.count_text(len(text), 10)
        return getattr(text, self._name)(*args, **kwargs)
