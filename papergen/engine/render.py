"""Running compiled functions with the values of a run; their faults are caught and placed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

from jinja2 import pass_context
from jinja2.exceptions import SecurityError, TemplateError, UndefinedError

from papergen.engine import tracing, xml_writers
from papergen.engine.compiled import Function
from papergen.engine.current_run import CURRENT_RUN
from papergen.engine.jinja_internals import RunContext
from papergen.engine.sandbox import Environment
from papergen.engine.state import RenderState
from papergen.engine.tag_sites import site_of_traceback
from papergen.engine.undefined import Recorded
from papergen.engine.values import Printable, Reference, Tokenised, ValueMisuse
from papergen.engine.xml_writers import Markup
from papergen.text import did_you_mean

T = TypeVar("T")


def make_environment(filters: Mapping[str, Any] | None = None) -> Environment:
    """The environment in which code is compiled and run: with Jinja's filters, `filters`, and those
    that compiled code calls.
    """
    environment = Environment(filters)
    environment.filters |= {name: pass_context(hook) for name, hook in _HOOKS.items()}
    return environment


def run_values(
    environment: Environment, run: RenderState, values: Mapping[str, Any]
) -> dict[str, Any]:
    """Start a run: the names that compiled code sees are `values` and the functions of the
    language. Returns them.
    """
    names: dict[str, Any] = {
        **environment.globals,
        **values,
        "label": run.labels.label,
        "ref": _reference,
        "_drawing_id": run.ids.drawing_id,
        "_bookmark_id": run.ids.bookmark_id,
        "_bookmark_name": run.ids.bookmark_name,
        "_bookmark_end_id": run.ids.bookmark_end_id,
    }
    run.start(environment, names)
    return names


def _reference(label: object, bare: bool = False) -> Reference:
    return Reference(str(label), bare)


# -- running


def render(function: Function, run: RenderState) -> str:
    """The XML of a function in this run. A fault ends it: it is then empty, and the fault is among
    the run's problems.
    """
    return "".join(evaluate(function, run))


def evaluate(function: Function, run: RenderState) -> list[Any]:
    """What a function gives in this run, piece by piece; nothing where a fault ends it."""
    return _attempt(run, lambda: list(function(RunContext(run)))) or []


def plain_text(value: Any, run: RenderState) -> str:
    """A value that no tag prints, as XML character data; empty when a fault ends it."""
    return _attempt(run, lambda: xml_writers.plain(RunContext(run), value)) or ""


def _attempt(run: RenderState, make: Callable[[], T]) -> T | None:
    """The result of `make`; None when a fault, which is now among the run's problems, ends it."""
    faults = run.faults
    outer_site, faults.inner_site = faults.inner_site, -1
    outer_run = CURRENT_RUN.set(run)
    try:
        return make()
    except FAULTS as fault:
        note_fault(run, fault)
        faults.cut_short = True
    finally:
        CURRENT_RUN.reset(outer_run)
        faults.inner_site = outer_site
    return None


# -- faults

FAULTS = (
    Recorded,
    ValueMisuse,
    TemplateError,
    TypeError,
    ValueError,
    ArithmeticError,
    LookupError,
    AttributeError,
    RuntimeError,
    AssertionError,
    MemoryError,
)
"""What a tag raises that its author got wrong."""


def note_fault(run: RenderState, fault: Exception) -> None:
    """Add what a tag's failure means to the run's problems. Raises it again where it is a fault of
    papergen's own.
    """
    if isinstance(fault, Recorded):
        return
    faults = run.faults
    index = site_of_traceback(fault.__traceback__)
    if isinstance(fault, ValueMisuse):
        site = faults.site(faults.inner_site if faults.inner_site >= 0 else index)
        faults.report(site, fault.code, str(fault), fault.hint or _HINT)
        return
    if index < 0 or (_is_ours(fault.__traceback__) and not isinstance(fault, RecursionError)):
        raise fault
    message = f"this cannot be worked out: {_in_words(fault)}"
    faults.report(faults.site(index), "expression-failed", message, _HINT)


def _is_ours(traceback: TracebackType | None) -> bool:
    """Whether papergen's own code failed, and not an operation that a tag asks for."""
    while traceback is not None and traceback.tb_next is not None:
        traceback = traceback.tb_next
    if traceback is None:
        return False
    file = Path(traceback.tb_frame.f_code.co_filename)
    return file.is_relative_to(_OURS) and file.name not in _OPERATIONS_OF_TAGS


_OURS = Path(__file__).parent.parent
_OPERATIONS_OF_TAGS = {"sandbox.py", "bounded_operations.py", "allowed_filters.py"}
"""The modules in which an operation of a tag fails as Python's own would."""
_HINT = "Check that the values are of the kind that the tag expects; to join texts write ~."


def _in_words(fault: BaseException) -> str:
    for kind, words in _KINDS_IN_WORDS.items():
        if isinstance(fault, kind):
            return words
    said = str(fault)
    for form, words in _MESSAGES_IN_WORDS:
        if form.search(said):
            return words
    return said or type(fault).__name__


_KINDS_IN_WORDS: dict[type[Exception], str] = {
    SecurityError: "it reaches for something that papers may not use",
    ZeroDivisionError: "it divides by zero",
    UndefinedError: "a name in it is not defined",
    RecursionError: "it goes round in circles",
    MemoryError: "it makes more than this computer can hold",
}
# What Python says of its types means nothing to those who write papers.
_MESSAGES_IN_WORDS = (
    (re.compile("is not iterable|has no len"), "only a list can be looped over or counted"),
    (
        re.compile("unsupported operand|can only concatenate|can't multiply"),
        "text and numbers cannot be added or multiplied",
    ),
    (re.compile("not supported between"), "values of different kinds cannot be compared"),
    (
        re.compile("positional argument|keyword argument|required argument"),
        "it is given too many values, or too few",
    ),
    (re.compile("Range too big"), "it counts too far"),
    (
        re.compile("cannot assign attribute"),
        "only a field of a namespace can be set; write {% set name = value %}",
    ),
    (re.compile("Exceeds the limit"), "a number in it is too long"),
    (
        re.compile(
            "subscriptable|has no attribute|doesn't define|bad operand|is required, "
            "not|unhashable|non-iterable"
        ),
        "this cannot be done with a value of this kind",
    ),
    (re.compile("is not callable"), "it is used with brackets (…), which only a few names can be"),
)


# -- compiled texts as values


@dataclass(frozen=True, slots=True)
class SectionText(Markup):
    """The compiled body of a section: paragraphs, printed with `{{p … }}`. `path` tells it from
    others.
    """

    function: Function
    path: str = ""

    def write(self, context: RunContext) -> str:
        context.run.texts.sections.add(self.path)
        return render(self.function, context.run)


@dataclass(frozen=True, slots=True)
class InlineText(Tokenised, Printable):
    """A compiled title, heading or recommendation: evaluated anew wherever it is printed. `index`:
    its place among them all.
    """

    function: Function
    index: int = 0

    def parts(self, run: RenderState) -> Iterator[Any]:
        if self.function in run.texts.open:
            raise ValueMisuse(
                "this text prints itself",
                "Take the tag out; a title cannot name the title of its own paper.",
            )
        run.texts.open.add(self.function)
        try:
            yield from evaluate(self.function, run)
        finally:
            run.texts.open.discard(self.function)

    def payload(self) -> list[Any]:
        return ["text", self.index]

    def __str__(self) -> str:
        return Tokenised.__str__(self)

    def __bool__(self) -> bool:
        return True

    def __eq__(self, other: object) -> bool:
        raise ValueMisuse(
            "a text of the paper cannot be compared", "Compare the facts that it is made of."
        )

    def __hash__(self) -> int:
        return id(self)


@dataclass(frozen=True, slots=True)
class PhraseText(Tokenised, Printable):
    """Values that print one after another."""

    values: tuple[Any, ...]

    def parts(self, run: RenderState) -> Iterator[Any]:
        yield from self.values

    def __str__(self) -> str:
        return "".join(map(str, self.values))

    def __bool__(self) -> bool:
        return bool(self.values)


def suggest(owner: Any, name: str) -> str:
    """A hint for a field that `owner` does not have."""
    field_names = getattr(owner, "field_names", None)
    known: list[str] = []
    if isinstance(owner, dict):
        known = [str(key) for key in owner]
    elif field_names is not None:
        known = list(field_names())
    hint = did_you_mean(name, known)
    if hint:
        if hint.startswith(f"Did you mean “{name}_"):
            hint += " A hyphen of an id is written as an underscore here."
        return hint
    if known:
        return f"It has: {', '.join(sorted(known)[:30])}."
    return "Nothing of this kind is defined yet." if field_names is not None else ""


# -- what compiled code calls


def _begin(context: RunContext, index: int) -> str:
    return context.run.paragraphs.begin(index)


def _end(context: RunContext, index: int) -> str:
    return context.run.paragraphs.end(index)


def _keep(context: RunContext, captured: str, index: int) -> str:
    return context.run.paragraphs.keep(index, captured)


def _new_list(context: RunContext, key: int, number: tuple[int, int]) -> str:
    context.run.paragraphs.new_list(key, number)
    return ""


def _caption(context: RunContext, word: str) -> str:
    return xml_writers.caption(context.run, word)


def _loop(context: RunContext, values: Any, work: int) -> Any:
    return context.run.budget.loop(values, work)


_HOOKS: dict[str, Callable[..., Any]] = {
    "_text": xml_writers.text,
    "_heading": xml_writers.heading,
    "_note": xml_writers.note,
    "_margin": xml_writers.margin,
    "_attribute": xml_writers.attribute,
    "_colour": xml_writers.colour,
    "_number": xml_writers.number,
    "_plain": xml_writers.plain,
    "_block": xml_writers.block,
    "_last_block": xml_writers.last_block,
    "_inline": xml_writers.inline,
    "_same": xml_writers.same,
    "_tint": xml_writers.tint,
    "_begin": _begin,
    "_end": _end,
    "_keep": _keep,
    "_new_list": _new_list,
    "_caption": _caption,
    "_loop": _loop,
    "_enter": tracing.reporting("enter"),
    "_decide": tracing.reporting("decide"),
    "_leave": tracing.reporting("leave"),
    "_wait": tracing.reporting("begin"),
    "_skip": tracing.reporting("skip"),
    "_watch": tracing.watch,
    "_watched": tracing.watched,
    "_used": tracing.used,
    "_controlled": tracing.controlled,
}
