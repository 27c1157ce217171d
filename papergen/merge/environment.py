"""The Jinja environment: sandboxed, strict, and quick at what papers use.

What cannot be proven safe is not there at all: no filter makes markup of data, nothing depends on chance or on the clock.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property, wraps
from typing import Any

from jinja2 import nodes, pass_environment, runtime
from jinja2.compiler import CodeGenerator, Frame
from jinja2.defaults import DEFAULT_NAMESPACE
from jinja2.filters import FILTERS as DEFAULT_FILTERS
from jinja2.filters import make_attrgetter
from jinja2.nodes import EvalContext
from jinja2.sandbox import ImmutableSandboxedEnvironment, safe_range
from jinja2.utils import _PassArg

from papergen.merge.undefined import Missing
from papergen.merge.values import Capitalised, Gap, Printable, Recased, Tokenised, ValueMisuse, text_of

FORBIDDEN_FILTERS = {
    "safe": "values are always written as the characters they are",
    "forceescape": "values are always written as the characters they are",
    "tojson": "values are always written as the characters they are",
    "xmlattr": "values are always written as the characters they are",
    "urlize": "links are written in Markdown: [text](https://…)",
    "random": "the same input must give the same paper",
    "attr": "write the field after a full stop",
    "pprint": "print single fields",
}
_MAKERS = {name: DEFAULT_NAMESPACE[name] for name in ("dict", "namespace", "joiner", "cycler")}
"""The types that a template may make values of."""
MAX_TEXT = 1_000_000
"""Characters that one operation may make: a bound on hostile templates, far above any paper."""
_MAX_WIDTH = 999
_WIDE_FORM = re.compile(r"%(?:\([^)]*\))?[-+ #0]*(?:\*|[0-9]{4,}|[0-9]*\.(?:\*|[0-9]{4,}))")
_WIDENING = {"center", "expandtabs", "format", "format_map", "ljust", "rjust", "zfill"}
"""The methods of texts that make them as wide as they are asked to."""


class Environment(ImmutableSandboxedEnvironment):
    """A sandbox in which names are looked up in records and mappings first, and gaps pass through filters."""

    intercepted_binops = frozenset({"*", "**", "%"})

    def __init__(self, filters: Mapping[str, Callable[..., Any]] | None = None) -> None:
        super().__init__(undefined=Missing, autoescape=False, cache_size=0)
        self.code_generator_class = Generator
        self.filters = {
            name: _through_gaps(function) for name, function in DEFAULT_FILTERS.items() if name not in FORBIDDEN_FILTERS
        }
        self.filters |= {name: _bounded(self.filters[name]) for name in ("center", "indent")}
        self.filters["format"] = _format
        self.filters |= {name: _on_plain_text(name, self.filters[name]) for name in _ON_PLAIN_TEXT}
        self.filters |= {"e": _same, "escape": _same, "string": _through_gaps(text_of), "default": _default, "d": _default}
        self.filters |= {"join": _through_gaps(_join), "cap": _cap, "upper": _recase(True), "lower": _recase(False)}
        self.filters |= {name: _through_gaps(function) for name, function in (filters or {}).items()}
        self.globals = {"range": safe_range, **_MAKERS}
        self.tests["gap"] = lambda value: isinstance(value, Gap)

    @cached_property
    def module_names(self) -> dict[str, Any]:
        """What compiled code finds beside its values. Filters and tests do not change once code is bound."""
        names: dict[str, Any] = {name: getattr(runtime, name) for name in runtime.exported}
        names |= {f"filter_{name}": function for name, function in self.filters.items()}
        names |= {f"test_{name}": function for name, function in self.tests.items()}
        return names | {"environment": self, "field": self.getattr}

    def join_texts(self, values: Iterable[Any]) -> str:
        """What `~` does: the texts of values, one after another."""
        return "".join([value if type(value) is str else text_of(value) for value in values])

    def getattr(self, obj: Any, attribute: str) -> Any:
        kind = type(obj)
        if kind is dict:
            try:
                return obj[attribute]
            except KeyError:
                pass
        else:
            look_up = getattr(kind, "look_up", None)
            if look_up is not None:
                found = look_up(obj, attribute)
                return self.undefined(obj=obj, name=attribute) if found is NotImplemented else found
            if kind is Gap:
                return obj
            if kind is str and attribute in _WIDENING:
                return self.undefined(obj=obj, name=attribute)
        return super().getattr(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        kind = type(obj)
        if kind is Gap:
            return obj
        if isinstance(argument, str) and getattr(kind, "look_up", None) is not None:
            return self.getattr(obj, argument)
        return super().getitem(obj, argument)

    def call_binop(self, context: Any, operation: str, left: Any, right: Any) -> Any:
        if operation == "*":
            for text, times in ((left, right), (right, left)):
                if isinstance(text, (str, list, tuple)) and isinstance(times, int) and len(text) * times > MAX_TEXT:
                    raise ValueMisuse("this multiplication would make far too long a text")
            return operator.mul(left, right)
        if operation == "**":
            if isinstance(left, (int, float)) and isinstance(right, (int, float)) and (abs(left) > 1000 or abs(right) > 100):
                raise ValueMisuse("this power is too large a number")
            return operator.pow(left, right)
        if isinstance(left, str):
            _check_form(left)
            return left % right
        return operator.mod(left, right)

    def is_safe_callable(self, obj: Any) -> bool:
        # Values of papergen's own are called for nothing; functions of the data (label, ref, a method of text) are.
        if isinstance(obj, type):
            return any(obj is maker for maker in _MAKERS.values())
        return (not isinstance(obj, Tokenised) and super().is_safe_callable(obj)) or isinstance(obj, (Gap, Missing))


_PASSED: dict[Any, str] = {
    None: "",
    _PassArg.context: "context, ",
    _PassArg.eval_context: "context.eval_ctx, ",
    _PassArg.environment: "environment, ",
}


class Generator(CodeGenerator):
    """Jinja's code generator, less the `str()` round each output: our writing filters return text.

    It also keeps the names that a template takes from its values, which a check of names needs, each with the line of its first
    use.
    """

    def __init__(self, environment: ImmutableSandboxedEnvironment, filename: str) -> None:
        # Folding constants costs a walk through each tree, and papers do not reckon with constants.
        super().__init__(environment, None, filename, optimized=False)
        self.undeclared: set[str] = set()
        self.loaded: dict[str, int] = {}
        self.assigned: set[str] = set()

    def visit_Assign(self, node: nodes.Assign, frame: Frame) -> None:  # noqa: N802 (Jinja's name)
        # What one branch of a control sets, Jinja takes from the values before: whether it is there is seen when it runs.
        self.assigned.update(name.name for name in node.find_all(nodes.Name) if name.ctx == "store")
        super().visit_Assign(node, frame)

    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:  # noqa: N802 (Jinja's name)
        """The function alone: what else it needs it finds in `module_names`. No blocks, no inheritance, no imports."""
        self.writeline("def root(context, missing=missing, environment=environment):")
        self.indent()
        self.write_commons()
        root = Frame(EvalContext(self.environment, self.name))
        root.symbols.analyze_node(node)
        root.toplevel = root.rootlevel = True
        self.enter_frame(root)
        self.blockvisit(node.body, root)
        self.leave_frame(root, with_python_scope=True)
        self.outdent()
        self.writeline(f"debug_info = {'&'.join(f'{site}={line}' for site, line in self.debug_info)!r}")

    def pull_dependencies(self, nodes: Iterable[nodes.Node]) -> None:
        """Nothing: filters and tests are in `module_names`, and one that does not exist is found before."""

    def visit_Filter(self, node: nodes.Filter, frame: Frame) -> None:  # noqa: N802 (Jinja's name)
        self._call("filter", node, self.environment.filters, frame)

    def visit_Test(self, node: nodes.Test, frame: Frame) -> None:  # noqa: N802 (Jinja's name)
        self._call("test", node, self.environment.tests, frame)

    def _call(self, kind: str, node: nodes.Filter | nodes.Test, known: Mapping[str, Any], frame: Frame) -> None:
        passed = _PASSED[_PassArg.from_obj(known[node.name])]
        self.write(f"{kind}_{node.name}({passed}")
        assert node.node is not None
        self.visit(node.node, frame)
        self.signature(node, frame)
        self.write(")")

    def visit_Name(self, node: nodes.Name, frame: Frame) -> None:  # noqa: N802 (Jinja's name)
        if node.ctx == "load":
            self.loaded.setdefault(node.name, node.lineno)
        super().visit_Name(node, frame)

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:  # noqa: N802 (Jinja's name)
        self.write("field(")
        self.visit(node.node, frame)
        self.write(f", {node.attr!r})")

    def visit_Concat(self, node: nodes.Concat, frame: Frame) -> None:  # noqa: N802 (Jinja's name)
        self.write("environment.join_texts((")
        for part in node.nodes:
            self.visit(part, frame)
            self.write(", ")
        self.write("))")

    def enter_frame(self, frame: Frame) -> None:
        super().enter_frame(frame)
        self.undeclared |= {name for load, name in frame.symbols.loads.values() if load == "resolve" and name is not None}

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        pass

    def _output_child_post(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        pass


def _through_gaps(function: Callable[..., Any]) -> Callable[..., Any]:
    """A filter that leaves a gap a gap. Jinja's own marks (pass_environment and the like) are kept."""
    position = 1 if hasattr(function, "jinja_pass_arg") else 0

    @wraps(function)
    def filter_(*args: Any, **kwargs: Any) -> Any:
        if len(args) > position and type(args[position]) is Gap:
            return args[position]
        return function(*args, **kwargs)

    return filter_


def _bounded(function: Callable[..., Any]) -> Callable[..., Any]:
    """A filter that makes a text as wide as it is asked to: to a width that a line can have."""

    @wraps(function)
    def filter_(value: Any, *args: Any, **kwargs: Any) -> Any:
        if any(isinstance(width, int) and width > _MAX_WIDTH for width in (*args, *kwargs.values())):
            raise _too_wide()
        return function(value, *args, **kwargs)

    return filter_


def _format(value: Any, *args: Any, **kwargs: Any) -> Any:
    if isinstance(value, Gap):
        return value
    _check_form(text_of(value))
    return DEFAULT_FILTERS["format"](value, *args, **kwargs)


def _check_form(form: str) -> None:
    """Refuse a form such as “%9999999d”, or one whose width is a value."""
    if _WIDE_FORM.search(form):
        raise _too_wide()


def _too_wide() -> ValueMisuse:
    return ValueMisuse("this width is too large", f"Write a number up to {_MAX_WIDTH}.")


def _same(value: Any) -> Any:
    """`e` and `escape` change nothing: text is escaped when it is written, once, for the place it is written to."""
    return value


def _default(value: Any, default_value: Any = "", boolean: bool = False) -> Any:
    if isinstance(value, (Missing, Gap)) or (boolean and not value):
        return default_value
    return value


@pass_environment
def _join(environment: Environment, values: Iterable[Any], d: Any = "", attribute: str | int | None = None) -> str:
    """Jinja's `join`, which takes what has a text, and nothing else."""
    if attribute is not None:
        values = map(make_attrgetter(environment, attribute), values)
    return text_of(d).join(map(text_of, values))


# Filters that look at the letters of a text, or count them.
_ON_PLAIN_TEXT = (
    "capitalize", "center", "filesizeformat", "float", "format", "indent", "int", "replace", "reverse", "striptags", "title",
    "truncate", "urlencode", "wordcount", "wordwrap",
)  # fmt: skip


def _on_plain_text(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """The filter, which refuses names and texts of the paper: these are put together only when they are printed."""
    position = 1 if hasattr(function, "jinja_pass_arg") else 0

    @wraps(function)
    def filter_(*args: Any, **kwargs: Any) -> Any:
        value = args[position] if len(args) > position else None
        if isinstance(value, Tokenised) and type(value) is not Gap:
            raise ValueMisuse(
                f"“{name}” cannot change this, since it is put together only when it is printed",
                "Only |cap, |upper and |lower go with names and texts of the paper; a field such as x.title takes the others.",
            )
        return function(*args, **kwargs)

    return filter_


def _recase(upper: bool) -> Callable[[Any], Any]:
    def filter_(value: Any) -> Any:
        if isinstance(value, Gap):
            return value
        if isinstance(value, Tokenised) or (isinstance(value, str) and "\x02" in value):
            return Recased(value, upper)
        shown = text_of(value)
        return shown.upper() if upper else shown.lower()

    return filter_


def _cap(value: Any) -> Any:
    """The value with a capital first letter, for the start of a sentence; the rest stays as it is."""
    if isinstance(value, Gap):
        return value
    if isinstance(value, (Printable, Tokenised)) or (isinstance(value, str) and value[:1] == "\x02"):
        return Capitalised(value)
    text = text_of(value)
    return text[:1].upper() + text[1:]
