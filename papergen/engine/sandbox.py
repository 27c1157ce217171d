"""The Jinja environment: sandboxed, strict, and quick at what papers use.

A template has the filters, tests, methods and functions that are listed as allowed, and no others.
None of them makes markup of data, or depends on chance or on the clock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import Any

from jinja2.sandbox import ImmutableSandboxedEnvironment, safe_range

from papergen.engine.allowed_filters import (
    allowed_filters,
    allowed_tests,
    paper_filters,
    weigh,
)
from papergen.engine.bounded_operations import METHODS, OPERATORS, BoundMethod, calculate
from papergen.engine.budget import check_length
from papergen.engine.jinja_internals import (
    DEFAULT_NAMESPACE,
    LOCAL_VARIABLES,
    LoopContext,
    Namespace,
    RunContext,
    runtime_names,
)
from papergen.engine.limits import LONG_TEXT
from papergen.engine.undefined import MissingName
from papergen.engine.values import Gap, Tokenised, is_docxtpl, text_of

_MAKERS = {name: DEFAULT_NAMESPACE[name] for name in ("dict", "namespace", "joiner", "cycler")}
"""The types that a template may make values of."""
_LOOP = frozenset({"first", "index", "index0", "last", "length", "revindex", "revindex0"})
"""What a loop knows of itself, and is only looked at."""


class Environment(ImmutableSandboxedEnvironment):
    """A sandbox in which names are looked up in records and mappings first, and gaps pass through
    filters. `filters`: those of papers, beside Jinja's.
    """

    intercepted_binops = OPERATORS

    def __init__(self, filters: Mapping[str, Callable[..., Any]] | None = None) -> None:
        super().__init__(undefined=MissingName, autoescape=False, cache_size=0)
        # Not Jinja's own dictionaries: these hold what is allowed, and nothing else.
        self.filters: dict[str, Any] = allowed_filters() | paper_filters(filters or {})
        self.filters["_weigh"] = weigh
        self.tests: dict[str, Any] = allowed_tests()
        self.globals = {"range": safe_range, **_MAKERS}

    @cached_property
    def module_names(self) -> dict[str, Any]:
        """What compiled code finds beside its values. Filters and tests do not change once code is
        bound.
        """
        names = runtime_names()
        names |= {f"filter_{name}": function for name, function in self.filters.items()}
        names |= {f"test_{name}": function for name, function in self.tests.items()}
        names |= {
            "environment": self,
            "field": self.getattr,
            "weigh": weigh,
            "concat": self.concat,
            "undefined": self.undefined,
        }
        return names

    def join_texts(self, context: RunContext, values: Iterable[Any]) -> str:
        """What `~` does: the texts of values, one after another."""
        made = "".join([value if type(value) is str else text_of(value) for value in values])
        if len(made) > LONG_TEXT:
            check_length(len(made))
            context.run.budget.count_text(len(made))
        return made

    def getattr(self, obj: Any, attribute: str) -> Any:
        kind = type(obj)
        if kind is dict:
            try:
                return obj[attribute]
            except KeyError:
                return self._method(obj, attribute, METHODS[dict])
        look_up = getattr(kind, "look_up", None)
        if look_up is not None:
            found = look_up(obj, attribute)
            return self.undefined(obj=obj, name=attribute) if found is NotImplemented else found
        if kind is Gap:
            return obj
        if kind in METHODS:
            return self._method(obj, attribute, METHODS[kind])
        if kind is LoopContext and attribute in _LOOP:
            return getattr(obj, attribute)
        if kind is Namespace and not attribute.startswith("_"):
            return self._of_namespace(obj, attribute)
        for base, methods in METHODS.items():
            if isinstance(obj, base) and hasattr(base, attribute):
                return self._method(obj, attribute, methods)
        return super().getattr(obj, attribute)

    def _of_namespace(self, namespace: Namespace, attribute: str) -> Any:
        try:
            return getattr(namespace, attribute)
        except AttributeError:
            return self.undefined(obj=namespace, name=attribute)

    def _method(self, obj: Any, name: str, allowed: frozenset[str]) -> Any:
        if name in allowed:
            return BoundMethod(obj, name)
        return self.undefined(obj=obj, name=name)

    def getitem(self, obj: Any, argument: Any) -> Any:
        kind = type(obj)
        if kind is Gap:
            return obj
        if isinstance(argument, str):
            if kind in METHODS or getattr(kind, "look_up", None) is not None:
                return self.getattr(obj, argument)
            try:
                return obj[argument]
            except (TypeError, LookupError):
                return self.getattr(obj, argument)
        return super().getitem(obj, argument)

    def call_binop(
        self,
        context: Any,
        operator: str,
        left: Any,
        right: Any,
    ) -> Any:
        return calculate(context.run.budget, operator, left, right)

    def call(self, context: Any, function: Any, /, *args: Any, **kwargs: Any) -> Any:
        if type(function) is BoundMethod:
            for name in LOCAL_VARIABLES:
                kwargs.pop(name, None)
            return function(context.run.budget, *args, **kwargs)
        return super().call(context, function, *args, **kwargs)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        # A subdocument's own methods change it and write files; a picture leads to its template.
        return not is_docxtpl(obj) and super().is_safe_attribute(obj, attr, value)

    def is_safe_callable(self, obj: Any) -> bool:
        if isinstance(obj, type):
            return any(obj is maker for maker in _MAKERS.values())
        if isinstance(obj, (Gap, MissingName)):
            return True
        # Records are not called; functions of the data (label, ref, a method of a text) are.
        return not isinstance(obj, Tokenised) and super().is_safe_callable(obj)
