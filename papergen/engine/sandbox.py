"""The Jinja environment: sandboxed, strict, and quick at what papers use.

What cannot be proven safe is not there at all: no filter makes markup of data, nothing depends on
chance or on the clock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property, wraps
from typing import Any, cast

from jinja2 import nodes, runtime
from jinja2.compiler import CodeGenerator, Frame, operators
from jinja2.defaults import DEFAULT_NAMESPACE
from jinja2.filters import FILTERS as DEFAULT_FILTERS
from jinja2.idtracking import VAR_LOAD_RESOLVE
from jinja2.nodes import EvalContext
from jinja2.sandbox import ImmutableSandboxedEnvironment, safe_range
from jinja2.utils import Namespace, _PassArg

from papergen.engine import bounded_operations as bounded
from papergen.engine.limits import LONG_TEXT, count_text
from papergen.engine.undefined import MissingName
from papergen.engine.values import (
    Capitalised,
    Gap,
    Printable,
    Recased,
    Tokenised,
    ValueMisuse,
    is_docxtpl,
    text_of,
)

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
_PLAIN = (str, int, float, bool, list, tuple)


class Environment(ImmutableSandboxedEnvironment):
    """A sandbox in which names are looked up in records and mappings first, and gaps pass through
    filters.
    """

    intercepted_binops = frozenset({"+", "-", "*", "**", "%"})

    def __init__(self, filters: Mapping[str, Callable[..., Any]] | None = None) -> None:
        super().__init__(undefined=MissingName, autoescape=False, cache_size=0)
        self.code_generator_class = Generator
        known = DEFAULT_FILTERS | bounded.FILTERS
        self.filters = {
            name: bounded.metered(name, known[name])
            for name in known
            if name not in FORBIDDEN_FILTERS
        }
        self.filters |= {name: _on_plain_text(name, self.filters[name]) for name in _ON_PLAIN_TEXT}
        self.filters |= {"e": _same, "escape": _same, "default": _default, "d": _default}
        self.filters |= {"string": bounded.metered("string", text_of), "cap": _cap}
        self.filters |= {
            name: bounded.metered(name, _recase(name == "upper")) for name in ("upper", "lower")
        }
        self.filters["_weigh"] = bounded.weigh
        self.filters |= {
            name: bounded.metered(name, function) for name, function in (filters or {}).items()
        }
        self.globals = {"range": safe_range, **_MAKERS}
        self.tests |= {
            name: bounded.weighed(cast("Callable[..., Any]", self.tests[name]))
            for name in bounded.COMPARING
        }
        self.tests["gap"] = lambda value: isinstance(value, Gap)

    @cached_property
    def module_names(self) -> dict[str, Any]:
        """What compiled code finds beside its values. Filters and tests do not change once code is
        bound.
        """
        names: dict[str, Any] = {name: getattr(runtime, name) for name in runtime.exported}
        names |= {f"filter_{name}": function for name, function in self.filters.items()}
        names |= {f"test_{name}": function for name, function in self.tests.items()}
        names |= {
            "environment": self,
            "field": self.getattr,
            "weigh": bounded.weigh,
            "concat": self.concat,
        }
        return names | {"undefined": self.undefined, "cond_expr_undefined": runtime.Undefined}

    def join_texts(self, values: Iterable[Any]) -> str:
        """What `~` does: the texts of values, one after another."""
        made = "".join([value if type(value) is str else text_of(value) for value in values])
        if len(made) > LONG_TEXT:
            bounded.check_length(len(made))
            count_text(len(made))
        return made

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
            if kind is runtime.LoopContext and attribute in _LOOP:
                return getattr(obj, attribute)
            if kind is Namespace and attribute[:1] != "_":
                try:
                    return getattr(obj, attribute)
                except AttributeError:
                    return self.undefined(obj=obj, name=attribute)
            if kind in _PLAIN:
                if attribute in bounded.REFUSED_METHODS:
                    return self.undefined(obj=obj, name=attribute)
                own = bounded.method_of(obj, attribute)
                if own is not None:
                    return own
        return super().getattr(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        kind = type(obj)
        if kind is Gap:
            return obj
        if isinstance(argument, str) and (
            kind in _PLAIN or getattr(kind, "look_up", None) is not None
        ):
            return self.getattr(obj, argument)
        return super().getitem(obj, argument)

    def call_binop(self, context: Any, operation: str, left: Any, right: Any) -> Any:
        return bounded.calculate(operation, left, right)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        # A subdocument's own methods change it and write files; a picture leads to its template.
        return not is_docxtpl(obj) and super().is_safe_attribute(obj, attr, value)

    def is_safe_callable(self, obj: Any) -> bool:
        # Values of papergen's own are called for nothing; functions of the data (label, ref, a
        # method of text) are.
        if isinstance(obj, type):
            return any(obj is maker for maker in _MAKERS.values())
        return (not isinstance(obj, Tokenised) and super().is_safe_callable(obj)) or isinstance(
            obj, (Gap, MissingName)
        )


_LOOP = frozenset({"first", "index", "index0", "last", "length", "revindex", "revindex0"})
"""What a loop knows of itself, and is only looked at."""


def _is_spelt_out(node: nodes.Node) -> bool:
    """Whether a tag spells the value out: `'complete'`, `('red', 'amber')`."""
    return isinstance(node, nodes.Const) or (
        isinstance(node, (nodes.List, nodes.Tuple))
        and all(isinstance(item, nodes.Const) for item in node.items)
    )


_PASSED: dict[Any, str] = {
    None: "",
    _PassArg.context: "context, ",
    _PassArg.eval_context: "context.eval_ctx, ",
    _PassArg.environment: "environment, ",
}


class Generator(CodeGenerator):
    """Jinja's code generator, less the `str()` round each output: our writing filters return text.

    It also keeps the names that a template takes from its values, which a check of names needs,
    each with the line of its first use.
    """

    def __init__(self, environment: ImmutableSandboxedEnvironment, filename: str) -> None:
        # Folding constants costs a walk through each tree, and papers do not reckon with constants.
        super().__init__(environment, None, filename, optimized=False)
        self.undeclared: set[str] = set()
        self.loaded: dict[str, int] = {}
        self.assigned: set[str] = set()

    def visit_Assign(self, node: nodes.Assign, frame: Frame) -> None:  # noqa: N802 (Jinja's name)
        # What one branch of a control sets, Jinja takes from the values before: whether it is there
        # is seen when it runs.
        self.assigned.update(name.name for name in node.find_all(nodes.Name) if name.ctx == "store")
        if any(node.find_all(nodes.NSRef)):
            self.newline(
                node
                # Jinja's check that it is a namespace's field would else be the fault of the tag
                # before.
            )
            self.write("pass")
        super().visit_Assign(node, frame)

    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:  # noqa: N802 (Jinja's name)
        """The function alone: what else it needs it finds in `module_names`. No blocks, no
        inheritance, no imports.
        """
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
        self.writeline(
            f"debug_info = {'&'.join(f'{site}={line}' for site, line in self.debug_info)!r}"
        )

    def pull_dependencies(self, nodes: Iterable[nodes.Node]) -> None:
        """Nothing: filters and tests are in `module_names`, and one that does not exist is found
        before.
        """

    def visit_Filter(self, node: nodes.Filter, frame: Frame) -> None:  # noqa: N802 (Jinja's name)
        self._call("filter", node, self.environment.filters, frame)

    def visit_Test(self, node: nodes.Test, frame: Frame) -> None:  # noqa: N802 (Jinja's name)
        self._call("test", node, self.environment.tests, frame)

    def _call(
        self, kind: str, node: nodes.Filter | nodes.Test, known: Mapping[str, Any], frame: Frame
    ) -> None:
        passed = _PASSED[_PassArg.from_obj(known[node.name])]
        self.write(f"{kind}_{node.name}({passed}")
        assert node.node is not None
        self.visit(node.node, frame)
        self.signature(node, frame)
        self.write(")")

    def visit_Name(self, node: nodes.Name, frame: Frame) -> None:  # noqa: N802 (Jinja's name)
        if node.ctx == "load":
            self.loaded.setdefault(node.name, node.lineno)
            name = frame.symbols.ref(node.name)
            load = frame.symbols.find_load(name)
            if load is not None and load[0] == VAR_LOAD_RESOLVE:
                self.write(name)  # `resolve` has made it undefined where it is not there
                return
        super().visit_Name(node, frame)

    def write_commons(self) -> None:
        self.writeline("resolve = context.resolve")
        self.writeline("if 0: yield None")

    def visit_Output(self, node: nodes.Output, frame: Frame) -> None:  # noqa: N802 (Jinja's name)
        # Jinja puts constants together here, and asks of each child whether it is one; pieces have
        # none.
        start, end = ("yield ", "") if frame.buffer is None else (f"{frame.buffer}.append(", ")")
        for child in node.nodes:
            if isinstance(child, nodes.TemplateData):
                self.writeline(f"{start}{child.data!r}{end}")
            else:
                self.writeline(start, child)
                self.visit(child, frame)
                self.write(end)

    def visit_Compare(self, node: nodes.Compare, frame: Frame) -> None:  # noqa: N802 (Jinja's name)
        # To compare with what a tag spells out costs nothing; long lists, and lists within lists,
        # are another matter.
        spelt = [_is_spelt_out(one) for one in (node.expr, *(operand.expr for operand in node.ops))]
        searches = any("in" in operand.op for operand in node.ops)
        weighs = not any(spelt) or (searches and not spelt[-1])
        self.write("(")
        self._visit_weighed(node.expr, frame, weighs)
        for operand in node.ops:
            self.write(f" {operators[operand.op]} ")
            self._visit_weighed(operand.expr, frame, weighs)
        self.write(")")

    def visit_Getitem(self, node: nodes.Getitem, frame: Frame) -> None:  # noqa: N802 (Jinja's name)
        if not isinstance(node.arg, nodes.Slice):
            super().visit_Getitem(node, frame)
            return
        self._visit_weighed(node.node, frame, True)
        self.write("[")
        self.visit(node.arg, frame)
        self.write("]")

    def _visit_weighed(self, node: nodes.Node, frame: Frame, weighs: bool) -> None:
        if weighs and not _is_spelt_out(node):
            self.write("weigh(")
            self.visit(node, frame)
            self.write(")")
        else:
            self.visit(node, frame)

    def signature(
        self, node: Any, frame: Frame, extra_kwargs: Mapping[str, Any] | None = None
    ) -> None:
        if node.dyn_args is not None:
            node.dyn_args = nodes.Filter(
                node.dyn_args, "_weigh", [], [], None, None, lineno=node.lineno
            )
        super().signature(node, frame, extra_kwargs)

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
        self.undeclared |= {
            name
            for load, name in frame.symbols.loads.values()
            if load == "resolve" and name is not None
        }


def _same(value: Any) -> Any:
    """`e` and `escape` change nothing: text is escaped when it is written, once, for the place it
    is written to.
    """
    return value


def _default(value: Any, default_value: Any = "", boolean: bool = False) -> Any:
    if isinstance(value, (MissingName, Gap)) or (boolean and not value):
        return default_value
    return value


# Filters that look at the letters of a text, or count them.
_ON_PLAIN_TEXT = (
    "capitalize",
    "center",
    "filesizeformat",
    "float",
    "format",
    "indent",
    "int",
    "replace",
    "reverse",
    "striptags",
    "title",
    "truncate",
    "urlencode",
    "wordcount",
    "wordwrap",
)


def _on_plain_text(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """The filter, which refuses names and texts of the paper: these are put together only when they
    are printed.
    """
    position = 1 if hasattr(function, "jinja_pass_arg") else 0

    @wraps(function)
    def filter_(*args: Any, **kwargs: Any) -> Any:
        value = args[position] if len(args) > position else None
        if isinstance(value, Tokenised) and type(value) is not Gap:
            raise ValueMisuse(
                f"“{name}” cannot change this, since it is put together only when it is printed",
                (
                    "Only |cap, |upper and |lower go with names and texts of the paper; a field "
                    "such as x.title takes the others."
                ),
            )
        if is_docxtpl(value):
            raise ValueMisuse(
                f"“{name}” cannot change {type(value).__name__} values",
                "Change the text in Python, before the value is made of it.",
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
    """The value with a capital first letter, for the start of a sentence; the rest stays as it
    is.
    """
    if isinstance(value, Gap):
        return value
    if isinstance(value, (Printable, Tokenised)) or (
        isinstance(value, str) and value[:1] == "\x02"
    ):
        return Capitalised(value)
    text = text_of(value)
    count_text(len(text))
    return text[:1].upper() + text[1:]
