"""Calling compiled functions: with the values of a run, its faults caught and placed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

from jinja2 import pass_context
from jinja2.exceptions import SecurityError, TemplateError, UndefinedError
from jinja2.nodes import EvalContext
from jinja2.runtime import Context

from papergen.engine import tracing, xml_writers
from papergen.engine.compiled import Function
from papergen.engine.limits import loop_counted
from papergen.engine.sandbox import Environment
from papergen.engine.state import RenderState
from papergen.engine.tag_sites import site_of_traceback
from papergen.engine.undefined import MissingName, Recorded
from papergen.engine.values import Printable, Reference, Tokenised, ValueMisuse
from papergen.engine.xml_writers import Markup
from papergen.text import did_you_mean

T = TypeVar("T")


class Values(Context):
    """Jinja's context for one function of ours, made with little ado: there are neither blocks nor
    globals of its own.
    """

    def __init__(self, run: RenderState) -> None:
        self.environment = run.environment
        self.parent = run.values
        self.vars = {}
        self.exported_vars = set()
        self.eval_ctx = run.evaluation
        self.name = None
        self.blocks = {}
        self.globals_keys = _NONE

    def resolve(self, key: str) -> Any:
        """The value of that name; undefined where there is none."""
        if key in self.vars:
            return self.vars[key]
        try:
            return self.parent[key]
        except KeyError:
            return MissingName(name=key)


_NONE: set[str] = set()


def make_environment(filters: Mapping[str, Any] | None = None) -> Environment:
    """The environment that code is compiled and run in: the filters of the language, `filters`, and
    those of our own.
    """
    environment = Environment(filters)
    environment.filters |= {name: pass_context(function) for name, function in _HOOKS.items()}
    return environment


def run_values(
    environment: Environment, run: RenderState, values: Mapping[str, Any]
) -> dict[str, Any]:
    """The names that compiled code sees: `values`, the functions of the language, and the run
    itself.
    """
    names: dict[str, Any] = {
        **environment.globals,
        **values,
        "label": run.label,
        "ref": _reference,
        "_run": run,
        "_drawing_id": run.drawing_id,
        "_bookmark_id": run.bookmark_id,
        "_bookmark_name": run.bookmark_name,
        "_bookmark_end_id": run.bookmark_end_id,
    }
    run.environment, run.values, run.evaluation = environment, names, EvalContext(environment)
    return names


def _reference(label: object, bare: bool = False) -> Reference:
    return Reference(str(label), bare)


def render(function: Function, run: RenderState) -> str:
    """The XML that a function gives in this run; empty when a fault, which is now among the run's
    problems, ends it.
    """
    return "".join(evaluate(function, run))


def evaluate(function: Function, run: RenderState) -> list[Any]:
    """What a function gives in this run, piece by piece."""
    return _attempt(run, lambda: list(function(Values(run)))) or []


def plain_text(value: Any, run: RenderState) -> str:
    """A value as XML character data, printed by no tag; empty when a fault ends it."""
    return _attempt(run, lambda: xml_writers.plain(Values(run), value)) or ""


def _attempt(run: RenderState, make: Callable[[], T]) -> T | None:
    """What `make` gives; None when a fault, which is now among the run's problems, ends it."""
    outer, run.inner_site = run.inner_site, -1
    try:
        return make()
    except FAULTS as fault:
        note_fault(run, fault)
        run.cut_short = True
    finally:
        run.inner_site = outer
    return None


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
"""What may come of a tag that its author got wrong."""


def note_fault(run: RenderState, fault: Exception) -> None:
    """Add what a tag's failure means to the run's problems. Raises it again where it is a fault of
    papergen's own.
    """
    if isinstance(fault, Recorded):
        return
    if isinstance(fault, ValueMisuse):
        site = run.inner_site if run.inner_site >= 0 else site_of_traceback(fault.__traceback__)
        run.report(run.site(site), fault.code, str(fault), fault.hint or _HINT)
        return
    site = site_of_traceback(fault.__traceback__)
    if site < 0 or (_is_ours(fault.__traceback__) and not isinstance(fault, RecursionError)):
        raise fault
    run.report(
        run.site(site), "expression-failed", f"this cannot be worked out: {_in_words(fault)}", _HINT
    )


def _is_ours(traceback: TracebackType | None) -> bool:
    """Whether papergen's own code failed, and not an operation that a tag asks for: a fault of ours
    is not the user's.
    """
    while traceback is not None and traceback.tb_next is not None:
        traceback = traceback.tb_next
    name = traceback.tb_frame.f_code.co_filename if traceback is not None else ""
    return name.startswith(_OURS) and not name.endswith(("sandbox.py", "bounded_operations.py"))


_OURS = str(Path(__file__).parent.parent)
_HINT = "Check that the values are of the kind that the tag expects; to join texts write ~."


def _in_words(fault: BaseException) -> str:
    if isinstance(fault, SecurityError):
        return "it reaches for something that papers may not use"
    if isinstance(fault, ZeroDivisionError):
        return "it divides by zero"
    if isinstance(fault, (UndefinedError, RecursionError)):
        return (
            "a name in it is not defined"
            if isinstance(fault, UndefinedError)
            else "it goes round in circles"
        )
    if isinstance(fault, MemoryError):
        return "it makes more than this computer can hold"
    said = str(fault)
    return next(
        (words for form, words in _IN_WORDS if form.search(said)), said or type(fault).__name__
    )


# What Python says of its types means nothing to those who write papers.
_IN_WORDS = (
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


@dataclass(frozen=True, slots=True)
class SectionText(Markup):
    """The compiled body of a section: paragraphs, printed with `{{p … }}`. `path` tells it from
    others.
    """

    function: Function
    path: str = ""

    def write(self, context: Values) -> str:
        run: RenderState = context.parent["_run"]
        run.printed.add(self.path)
        return render(self.function, run)


@dataclass(frozen=True, slots=True)
class InlineText(Tokenised, Printable):
    """A compiled title, heading or recommendation: evaluated anew wherever it is printed. `index`:
    its place among them all.
    """

    function: Function
    index: int = 0

    def parts(self, run: RenderState) -> Iterator[Any]:
        if self.function in run.open_texts:
            raise ValueMisuse(
                "this text prints itself",
                "Take the tag out; a title cannot name the title of its own paper.",
            )
        run.open_texts.add(self.function)
        try:
            yield from evaluate(self.function, run)
        finally:
            run.open_texts.discard(self.function)

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
    names = getattr(owner, "field_names", None)
    known = (
        [str(key) for key in owner]
        if isinstance(owner, dict)
        else list(names())
        if names is not None
        else []
    )
    hint = did_you_mean(name, known)
    if hint.startswith(f"Did you mean “{name}_"):
        hint += " A hyphen of an id is written as an underscore here."
    if hint:
        return hint
    if known:
        return f"It has: {', '.join(sorted(known)[:30])}."
    return "Nothing of this kind is defined yet." if names is not None else ""


def _begin(context: Values, index: int) -> str:
    return context.parent["_run"].begin(index)  # type: ignore[no-any-return]


def _end(context: Values, index: int) -> str:
    return context.parent["_run"].end(index)  # type: ignore[no-any-return]


def _keep(context: Values, captured: str, index: int) -> str:
    return context.parent["_run"].keep(index, captured)  # type: ignore[no-any-return]


def _caption(context: Values, word: str) -> str:
    run: RenderState = context.parent["_run"]
    return xml_writers.caption(run, word)


def _new_list(context: Values, key: int, number: tuple[int, int]) -> str:
    return context.parent["_run"].new_list(key, number)  # type: ignore[no-any-return]


def _tell(event: str, *about: Any) -> Callable[..., str]:
    """What a traced program calls to tell the recorder of an event."""

    def hook(context: Values, value: Any) -> str:
        getattr(context.parent["_run"].recorder, event)(*(about or (value,)))
        return ""

    return hook


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
    "_loop": loop_counted,
    "_enter": _tell("enter"),
    "_decide": _tell("decide"),
    "_leave": _tell("leave"),
    "_wait": _tell("begin", True),
    "_skip": _tell("skip"),
    "_watch": tracing.watch,
    "_watched": tracing.watched,
    "_used": tracing.used,
    "_controlled": tracing.controlled,
}
