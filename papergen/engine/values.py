"""Values that are more than text: gaps, references, phrases, compiled text. They survive joins and
concatenation.

Jinja turns values into text in many places (`~`, `join`, `replace`). So `str()` of such a value is
a *token*: digits between two control characters that XML forbids, and that no source or data may
therefore hold. When text is written, tokens become values again.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from html import unescape
from math import isfinite
from types import ModuleType
from typing import Any

from papergen.engine.current_run import CURRENT_RUN
from papergen.engine.limits import MAX_NUMBER, MAX_TOKEN

"""What XML 1.0 (fifth edition, 2.2) has no place for."""
TOKEN = re.compile("\x02([0-9]+)\x03")
# Each byte of a token's JSON as three digits, there and back.
_DIGITS = [f"{byte:03}" for byte in range(256)]
_BYTES = {digits: byte for byte, digits in enumerate(_DIGITS)}
_THREE = re.compile("[0-9]{1,3}")


class ValueMisuse(Exception):  # noqa: N818 (a fault of the input; its name says which)
    """A value is used in a way it does not allow. `hint`: what to do instead; `code`: of the
    message.
    """

    def __init__(self, message: str, hint: str = "", code: str = "value-misused") -> None:
        super().__init__(message)
        self.hint = hint
        self.code = code


class Tokenised:
    """A value that concatenation carries along. `payload` is JSON-able; the decoder of its first
    item makes the value from it (`DECODERS`).
    """

    __slots__ = ()

    def payload(self) -> list[Any]:
        raise NotImplementedError

    def look_up(self, name: str) -> Any:
        """The field of that name, for templates; NotImplemented when there is none."""
        return NotImplemented

    def __str__(self) -> str:
        data = json.dumps(self.payload(), separators=(",", ":")).encode()
        if 3 * len(data) > MAX_TOKEN:
            raise ValueMisuse(
                "too many names and texts of the paper are put together here",
                "Print them one by one.",
            )
        run = CURRENT_RUN.get()
        if run is not None and len(data) > 1000:
            run.budget.spend(len(data) // 10)
        return f"\x02{''.join(map(_DIGITS.__getitem__, data))}\x03"

    def __add__(self, other: object) -> str:
        return str(self) + str(other)

    def __radd__(self, other: object) -> str:
        return str(other) + str(self)


Decoders = Mapping[str, Callable[[list[Any]], Tokenised]]
"""What makes a value from a payload, by the payload's first item."""


def decode_token(digits: str, decoders: Decoders) -> Tokenised:
    """The value of a token. Raises ValueMisuse for a token that was cut or changed."""
    try:
        payload = json.loads(bytes(map(_BYTES.__getitem__, _THREE.findall(digits))))
        return decoders[payload[0]](payload)
    except (ValueError, KeyError, IndexError, TypeError) as fault:
        raise ValueMisuse(
            "a value was cut or changed so that it can no longer be printed"
        ) from fault


@dataclass(frozen=True, slots=True)
class Gap(Tokenised):
    """A fact that the plan lacks.

    `what` completes “to be confirmed: …”; `hint` says where to put it; `path` is its place.

    A gap goes through filters, joins and concatenation; it is false in a condition. To compare it
    or loop over it is a fault, and so is a condition that it would have to decide (`undecided`).
    """

    what: str
    hint: str
    path: str = ""
    facts: tuple[str, ...] = ()
    """The facts that `what` is made of, where a draft is traced."""
    undecided: str = ""
    """The question that it leaves open, where that is one of yes or no: “whether action 1.3 is
    overdue”.
    """

    def payload(self) -> list[Any]:
        return ["gap", self.what, self.hint, self.path, *self.facts]

    def __str__(self) -> str:
        return Tokenised.__str__(self)

    def look_up(self, name: str) -> Gap:
        return self

    def __bool__(self) -> bool:
        if self.undecided:
            hint = (
                f"{self.hint} Or ask first whether it can be told: {{% if x.overdue is not gap "
                f"and x.overdue %}}."
            )
            raise ValueMisuse(f"{self.undecided} cannot be told without the {self.what}", hint)
        return False

    def _refuse(self, use: str) -> ValueMisuse:
        return ValueMisuse(f"the {self.what} is not known, so it cannot be {use}", self.hint)

    def __iter__(self) -> Iterator[Any]:
        raise self._refuse("looped over")

    def __len__(self) -> int:
        raise self._refuse("counted")

    def __contains__(self, item: object) -> bool:
        raise self._refuse("searched")

    def __call__(self, *args: object, **kwargs: object) -> Gap:
        return self

    def __getitem__(self, key: object) -> Gap:
        return self

    def _compare(self, other: object) -> bool:
        raise self._refuse("compared")

    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = _compare

    def __hash__(self) -> int:
        return hash((self.what, self.path))


@dataclass(frozen=True, slots=True)
class Reference(Tokenised):
    """`ref('label')`: “paragraph 16”, live. `bare`: the number alone."""

    label: str
    bare: bool = False

    def payload(self) -> list[Any]:
        return ["ref", self.label, self.bare]

    def __str__(self) -> str:
        return Tokenised.__str__(self)


@dataclass(frozen=True, slots=True)
class Anchor(Tokenised):
    """A text that references lead to, and that they repeat: “Appendix A”. Printed once."""

    label: str
    text: str

    def payload(self) -> list[Any]:
        return ["anchor", self.label, self.text]

    def __str__(self) -> str:
        return Tokenised.__str__(self)


class Printable:
    """A value that writes itself when it is printed: a body's name, a date, a phrase."""

    __slots__ = ()

    def parts(self, run: Any) -> Iterator[Any]:
        """The texts, gaps and references it consists of now, in this run, in order."""
        raise NotImplementedError

    def quick(self, run: Any) -> str | None:
        """Its text, where that is known at once and holds neither gaps nor references; else
        None.
        """
        return None


@dataclass(frozen=True, slots=True)
class Capitalised(Tokenised, Printable):
    """A printable value whose first letter becomes a capital when it is printed."""

    value: Any

    def parts(self, run: Any) -> Iterator[Any]:
        return capitalise(parts_of(self.value, run))

    def quick(self, run: Any) -> str | None:
        text = self.value.quick(run) if isinstance(self.value, Printable) else None
        return None if text is None else text[:1].upper() + text[1:]

    def payload(self) -> list[Any]:
        return ["cap", str(self.value)]

    def __str__(self) -> str:
        return Tokenised.__str__(self)


class Recased(Tokenised, Printable):
    """A printable value that is printed in capitals, or in small letters."""

    __slots__ = ("_upper", "_value")

    def __init__(self, value: Any, upper: bool) -> None:
        self._value = value
        self._upper = upper

    def parts(self, run: Any) -> Iterator[Any]:
        for part in parts_of(self._value, run):
            if isinstance(part, (Gap, Reference, Anchor)):
                yield part
            else:
                text = text_of(part)
                yield text.upper() if self._upper else text.lower()

    def payload(self) -> list[Any]:
        return ["case", str(self._value), self._upper]


DECODERS: Decoders = {
    "anchor": lambda payload: Anchor(*payload[1:]),
    "gap": lambda payload: Gap(payload[1], payload[2], payload[3], tuple(payload[4:])),
    "ref": lambda payload: Reference(*payload[1:]),
    "cap": lambda payload: Capitalised(*payload[1:]),
    "case": lambda payload: Recased(*payload[1:]),
}
"""The decoders of the engine's own values. Those who draft papers add those of records."""


def text_of(value: Any) -> str:
    """The text of a single value. Raises ValueMisuse for what has none: lists, groups of fields,
    functions, no value at all.
    """
    kind = type(value)
    if kind is str:
        return str(value)
    if kind is not int and is_docxtpl(value):
        return _text_of_docxtpl(value)
    if value is None:
        raise ValueMisuse(
            "there is no value to print",
            "Give the value, or test for it first: {% if x %}…{% endif %}.",
        )
    if isinstance(value, _COLLECTIONS) or not _has_text(value):
        raise _without_text(value)
    if kind is float and not isfinite(value):
        raise _not_a_number()
    if kind is int and abs(value) > MAX_NUMBER:
        raise _not_a_number()
    return str(value)


_COLLECTIONS = (dict, list, tuple, set, frozenset, range)


def _without_text(value: Any) -> ValueMisuse:
    shown = describe(value)
    hint = "Print its items with {% for %}, or join them: {{ x|join(', ') }}."
    if shown == _FUNCTION:
        hint = (
            "Check the spelling; what a function gives is written with brackets after its name: "
            "{{ ref('x') }}."
        )
    return ValueMisuse(f"{shown} cannot be printed", hint)


def _not_a_number() -> ValueMisuse:
    return ValueMisuse(
        "this number is too large to be printed, or is none", "Check what it is worked out from."
    )


_XML_TAG = re.compile("<[^<>]*>")
_DOCXTPL_CLASSES = ("RichText", "RichTextParagraph", "Listing", "InlineImage", "Subdoc")


def is_docxtpl(value: Any) -> bool:
    """Whether a value is one of docxtpl's: rich text, a listing, a picture, a subdocument.

    docxtpl is not imported for it: where it is not loaded, nobody has made such a value.
    """
    docxtpl = sys.modules.get("docxtpl")
    if docxtpl is None:
        return False
    return issubclass(type(value), _docxtpl_classes(docxtpl))


@cache
def _docxtpl_classes(docxtpl: ModuleType) -> tuple[type, ...]:
    return tuple(getattr(docxtpl, name) for name in _DOCXTPL_CLASSES if hasattr(docxtpl, name))


def is_listing(value: Any) -> bool:
    """Whether a value is a listing of docxtpl's: text without a look of its own."""
    return is_docxtpl(value) and issubclass(type(value), sys.modules["docxtpl"].Listing)


def bare_text(value: Any) -> str:
    """The text of a value of docxtpl's, for places that hold nothing else. Raises ValueMisuse for
    pictures and subdocuments.
    """
    xml = getattr(value, "__dict__", {}).get("xml")
    if type(xml) is not str:
        raise ValueMisuse(
            f"{type(value).__name__} values cannot stand in the file’s properties or in an "
            "alternative text",
            "Print text there.",
        )
    return unescape(xml if is_listing(value) else _XML_TAG.sub("", xml))


def _text_of_docxtpl(value: Any) -> str:
    """The text of a listing. Raises ValueMisuse for docxtpl's other values: the look of rich text
    would be lost, and what stands in it as XML would be printed.
    """
    if is_listing(value):
        return bare_text(value)
    raise ValueMisuse(
        f"{type(value).__name__} values cannot be joined to text or changed in a tag",
        "Print the value by itself, or put it together in Python: a RichText takes others.",
    )


_FUNCTION = "a function"


def _has_text(value: Any) -> bool:
    """Whether a value has a text of its own, and not the one that Python gives every object."""
    to_text: Any = type(value).__str__
    return isinstance(value, (str, int, float)) or to_text is not object.__str__


def describe(value: Any) -> str:
    """What a value is, in words for a message."""
    if value is None:
        return "a value that is not there"
    if isinstance(value, dict) or hasattr(type(value), "field_names"):
        return "a group of fields"
    if isinstance(value, _COLLECTIONS) or hasattr(type(value), "__next__"):
        return "a list"
    return "a single value" if _has_text(value) else _FUNCTION


def parts_of(value: Any, run: Any) -> Iterator[Any]:
    """Texts, gaps and references of any value, those behind the tokens in its text included. Any
    other value comes out as it is.
    """
    if isinstance(value, Printable):
        for part in value.parts(run):
            if type(part) is str and "\x02" not in part:
                yield part
            else:
                yield from parts_of(part, run)
    elif isinstance(value, str) and "\x02" in value:
        for index, piece in enumerate(TOKEN.split(value)):
            if index % 2:
                yield from parts_of(decode_token(piece, run.decoders), run)
            elif piece:
                yield piece
    else:
        yield value


def capitalise(parts: Iterator[Any]) -> Iterator[Any]:
    """The same parts with a capital first letter, if they begin with a text and not with a gap."""
    first = True
    for part in parts:
        if first and isinstance(part, str):
            yield part[:1].upper() + part[1:]
            first = not part
        else:
            yield part
            first = False
