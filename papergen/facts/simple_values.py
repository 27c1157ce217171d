"""Values of templates and narratives that are not records.

These are dates, labels of ratings, and groups of named values.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Protocol

from papergen.dates import PartialDate, WrittenDate
from papergen.engine.values import Gap, Printable, ValueMisuse
from papergen.language.locale import Locale
from papergen.text import shorten

_DATE_FIELDS = "EdMy"
"""Weekday, day, month and year, as CLDR abbreviates them."""


class Day(Printable):
    """A date that prints in the brand's form, at its own precision; a month is “November 2012”."""

    __slots__ = ("_locale", "_shown", "value")

    def __init__(self, value: PartialDate, locale: Locale) -> None:
        self.value = value
        self._locale = locale
        self._shown: dict[str, str] = {}

    def format(self, fields: str = _DATE_FIELDS) -> str:
        """The date with these of its fields; where it has none of these, with all it has."""
        shown = self._shown.get(fields)
        if shown is None:
            shown = self._locale.format(self.value, fields)
            if not shown:
                shown = self._locale.format(self.value)
            self._shown[fields] = shown
        return shown

    def with_weekday(self) -> str:
        return self._locale.with_weekday(self.value)

    def parts(self, run: Any) -> Iterator[Any]:
        yield str(self)

    def quick(self, run: Any) -> str | None:
        return str(self)

    def __str__(self) -> str:
        return self.format()

    def __eq__(self, other: object) -> bool:
        # What is written in place of a date is equal to none.
        if not isinstance(other, (Day, Gap, str)):
            return False
        return self.value == _comparable_date(other)

    def __hash__(self) -> int:
        return hash(str(self.value))

    def __lt__(self, other: object) -> bool:
        return self.value < _comparable_date(other)

    def __le__(self, other: object) -> bool:
        return self.value <= _comparable_date(other)

    def __gt__(self, other: object) -> bool:
        return self.value > _comparable_date(other)

    def __ge__(self, other: object) -> bool:
        return self.value >= _comparable_date(other)

    def look_up(self, name: str) -> Any:
        if name in ("year", "month", "day"):
            return getattr(self.value, name)
        return NotImplemented


class WrittenDay(Printable):
    """A due date that is none, “Q3 2025/26”: it prints as it is written.

    It is compared by the last day that it can be. Without one it cannot be compared: what a paper
    says must not hang on a guess.
    """

    __slots__ = ("value",)

    def __init__(self, value: WrittenDate) -> None:
        self.value = value

    def format(self, fields: str = _DATE_FIELDS) -> str:
        """The text: it has no fields to choose from."""
        return self.value.text

    def with_weekday(self) -> str:
        return self.value.text

    def parts(self, run: Any) -> Iterator[Any]:
        yield self.value.text

    def quick(self, run: Any) -> str | None:
        return self.value.text

    def __str__(self) -> str:
        return self.value.text

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Gap):
            raise _unknown(other)
        if isinstance(other, str):
            return self.value.text == other
        return isinstance(other, WrittenDay) and self.value == other.value

    def __hash__(self) -> int:
        return hash(self.value)

    def __lt__(self, other: object) -> bool:
        return last_day(self) < _comparable_date(other)

    def __le__(self, other: object) -> bool:
        return last_day(self) <= _comparable_date(other)

    def __gt__(self, other: object) -> bool:
        return last_day(self) > _comparable_date(other)

    def __ge__(self, other: object) -> bool:
        return last_day(self) >= _comparable_date(other)

    def look_up(self, name: str) -> Any:
        if name == "text":
            return self.value.text
        # As of a month, which has no day: a paper asks for them before it prints them.
        return None if name in ("year", "month", "day") else NotImplemented


def first_day(date: Day | WrittenDay) -> PartialDate:
    """The first date that it can be. Raises ValueMisuse where that is not known."""
    if isinstance(date, Day):
        return date.value
    if date.value.first is None:
        raise _no_date(date)
    return date.value.first


def last_day(date: Day | WrittenDay) -> PartialDate:
    """The last date that it can be. Raises ValueMisuse where that is not known."""
    if isinstance(date, Day):
        return date.value
    if date.value.last is None:
        raise _no_date(date)
    return date.value.last


def _no_date(written: WrittenDay) -> ValueMisuse:
    return ValueMisuse(
        f"“{shorten(written.value.text)}” is no date, so it cannot be compared",
        "Ask first whether it is one: {% if x.due.year %}. Or give the days between which it lies, "
        "“from:” and “until:”, beside its “text:”.",
    )


def _unknown(gap: Gap) -> ValueMisuse:
    return ValueMisuse(f"the {gap.what} is not known, so it cannot be compared", gap.hint)


def _comparable_date(other: object) -> PartialDate:
    """The date that a template compares a date with. Raises ValueMisuse for any other value."""
    if isinstance(other, (Day, WrittenDay)):
        return last_day(other)
    if isinstance(other, Gap):
        raise _unknown(other)
    try:
        return PartialDate.parse(str(other))
    except ValueError:
        hint = (
            "Compare it with another date, or with one in quotation marks: {% if meeting.date "
            "< '2013-04-01' %}."
        )
        raise ValueMisuse("a date can only be compared with a date", hint) from None


class RatingLabel(Printable):
    """The label of a rating in its scheme, and the scheme's tint for it as RRGGBB, or empty.

    The tint shades a table cell that holds the label, so colour never carries the meaning alone.
    """

    __slots__ = ("label", "tint")

    def __init__(self, label: str, tint: str = "") -> None:
        self.label = label
        self.tint = tint

    def parts(self, run: Any) -> Iterator[Any]:
        yield self.label

    def quick(self, run: Any) -> str | None:
        return self.label

    def __str__(self) -> str:
        return self.label

    def __bool__(self) -> bool:
        return bool(self.label)


class HasFields(Protocol):
    """A value that lists the names of its fields."""

    def field_names(self) -> list[str]: ...


class Fields:
    """Named values: a section, a label, a group of records.

    Unlike in a mapping, a name that is missing is a fault with a suggestion.
    """

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values: dict[str, Any] = {}
        for name, value in values.items():
            self._values[name.replace("-", "_")] = value

    def look_up(self, name: str) -> Any:
        return self._values.get(name, NotImplemented)

    def __str__(self) -> str:
        raise not_printable(self)

    def field_names(self) -> list[str]:
        return list(self._values)


def not_printable(group: HasFields) -> ValueMisuse:
    """The fault of printing a group of fields, to be raised."""
    names = group.field_names()[:12]
    return ValueMisuse(
        "a group of fields cannot be printed",
        f"Print one of them: {', '.join(names)}.",
    )
