"""Named values that are not a thing of the plan: a section, a label, a group of records."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from papergen.engine.values import ValueMisuse


class HasFields(Protocol):
    """What can say which fields it has."""

    def field_names(self) -> list[str]: ...


class Fields:
    """Named values, not a mapping: a name that is not there is a fault with a suggestion."""

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = {name.replace("-", "_"): value for name, value in values.items()}

    def look_up(self, name: str) -> Any:
        return self._values.get(name, NotImplemented)

    def __str__(self) -> str:
        raise no_text(self)

    def field_names(self) -> list[str]:
        return list(self._values)


def no_text(fields: HasFields) -> ValueMisuse:
    """The fault of printing what has no text of its own."""
    return ValueMisuse(
        "a group of fields cannot be printed",
        f"Print one of them: {', '.join(fields.field_names()[:12])}.",
    )
