"""The work and the output of one run, counted against their bounds (see `limits`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NoReturn

from papergen.engine.limits import (
    LONG_LIST,
    LONG_TEXT,
    MAX_NUMBER,
    MAX_OUTPUT,
    MAX_STEPS,
    MAX_TEXT,
)
from papergen.engine.undefined import Recorded
from papergen.engine.values import ValueMisuse

_NESTED = {list, tuple, dict}
_SIZED = (str, tuple, dict, range, set, frozenset)


def check_number(number: int) -> None:
    """Raise ValueMisuse for a whole number that no paper needs."""
    if abs(number) > MAX_NUMBER:
        raise ValueMisuse("this number is too large", "A number has at most 300 digits.")


def check_length(length: int) -> None:
    """Raise ValueMisuse for a text or a list of this length, if it is too long."""
    if length > MAX_TEXT:
        message = f"this would make a text or a list of {length:,} characters or items"
        raise ValueMisuse(message, f"The most that a tag can make is {MAX_TEXT:,}.")


class Budget:
    """What one run has done so far. Each method raises ValueMisuse where the run does too much, and
    Recorded once that has been reported.
    """

    __slots__ = ("exhausted", "steps", "written")

    def __init__(self) -> None:
        self.steps = 0
        self.written = 0
        self.exhausted = False

    def spend(self, steps: int) -> None:
        """Count steps."""
        self.steps += steps
        if self.steps > MAX_STEPS:
            self._stop("this paper asks for too much work")

    def write(self, characters: int) -> None:
        """Count characters of the output."""
        self.written += characters
        if self.written > MAX_OUTPUT:
            self._stop("this paper would be far too long")

    def _stop(self, message: str) -> NoReturn:
        if self.exhausted:
            raise Recorded
        self.exhausted = True
        hint = (
            "A loop goes round too often, most likely one that stands in another loop; or a text "
            "or list grows in a loop."
        )
        raise ValueMisuse(message, hint, "too-much-work")

    def count_text(self, length: int, per: int = 1000) -> None:
        """Count an operation on a text of this length: a step for every `per` characters."""
        if length > LONG_TEXT:
            self.spend(length // per)

    def count_items(self, length: int, per: int = 1) -> None:
        """Count an operation on a list of this length: a step for every `per` items."""
        if length > LONG_LIST:
            self.spend(length // per)

    def weigh(self, value: Any) -> None:
        """Count a value that is compared, searched or copied, with the lists within it."""
        kind = type(value)
        if kind is str:
            self.count_text(len(value), 100)
        elif kind in _NESTED:
            self.count_items(_whole_size(value), 3)

    def loop(self, values: Any, work: int) -> Any:
        """What a loop goes through, after all its rounds are counted. `work`: the steps of one.

        Returns what cannot be looped over as it is: the loop itself raises.
        """
        if isinstance(values, list):
            length = list.__len__(values)  # the `len` of a traced list records a count
        elif isinstance(values, _SIZED):
            length = len(values)
        elif hasattr(type(values), "__next__"):
            return self._loop_unsized(values, work)
        else:
            return values
        self.spend(length * work)
        return values

    def _loop_unsized(self, values: Iterator[Any], work: int) -> Iterator[Any]:
        for value in values:
            self.spend(work)
            yield value

    def count_lazily(self, values: Iterable[Any]) -> Iterator[Any]:
        """The values of a list that is made on the way, counted as they are asked for."""
        for at, value in enumerate(values, 1):
            if at % LONG_LIST == 0:
                self.spend(LONG_LIST)
            yield value


def _whole_size(value: Any) -> int:
    """The items of a list or mapping and of all within it. Raises ValueMisuse for too many."""
    size = 0
    to_count = [value]
    while to_count:
        one = to_count.pop()
        size += len(one)
        check_length(size)
        items = one.values() if type(one) is dict else one
        to_count += [item for item in items if type(item) in _NESTED]
    return size
