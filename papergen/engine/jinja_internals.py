"""All that papergen uses of Jinja beyond what Jinja documents.

No other module imports these names, and `tests/engine/test_jinja_internals.py` checks each of the
following. They are those of Jinja 3.1.

- `CodeGenerator` writes Python for a tree, one `visit_…` method for each kind of node, with
  `newline`, `writeline`, `write`, `indent`, `outdent`, `blockvisit`, `signature`, `enter_frame`
  and `leave_frame`. The code goes to `stream`; `debug_info` has pairs of a node's line and the line
  of its code. The code knows the variables `context`, `environment` and `missing`.
- `Frame` knows the variables of a scope: `symbols.ref`, `find_ref`, `find_load`, `loads`; a load
  of the kind `VAR_LOAD_RESOLVE` calls `resolve`. Where output is collected it has a `buffer`.
- The code takes the names in `runtime.exported` from Jinja's runtime.
- `Context.__init__` only sets the attributes that `RunContext` sets.
- Functions that are marked by `pass_context` and the like have a `jinja_pass_arg`, a `_PassArg`.
- In a loop or block, `environment.call` also gets the arguments `LOCAL_VARIABLES`.
- `FILTERS`, `TESTS`, `DEFAULT_NAMESPACE`, `missing`, `make_attrgetter`, `Namespace`, `LoopContext`,
  `NodeTransformer`, and `Parser.parse_tuple` are where they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from jinja2 import nodes, runtime
from jinja2.compiler import CodeGenerator, Frame, operators
from jinja2.defaults import DEFAULT_NAMESPACE
from jinja2.filters import FILTERS, make_attrgetter
from jinja2.idtracking import VAR_LOAD_RESOLVE
from jinja2.nodes import EvalContext
from jinja2.parser import Parser
from jinja2.runtime import Context, LoopContext
from jinja2.sandbox import SandboxedEnvironment
from jinja2.tests import TESTS
from jinja2.utils import Namespace, _PassArg, missing
from jinja2.visitor import NodeTransformer

from papergen.engine.undefined import MissingName

if TYPE_CHECKING:
    from papergen.engine.state import RenderState

__all__ = [
    "DEFAULT_NAMESPACE",
    "FILTERS",
    "LOCAL_VARIABLES",
    "TESTS",
    "CheckingGenerator",
    "EvalContext",
    "Generator",
    "LoopContext",
    "Namespace",
    "NodeTransformer",
    "Parser",
    "PassArg",
    "RunContext",
    "make_attrgetter",
    "missing",
    "runtime_names",
]

PassArg = _PassArg
LOCAL_VARIABLES = ("_loop_vars", "_block_vars")


def runtime_names() -> dict[str, Any]:
    """What compiled code takes from Jinja's runtime, by name."""
    names: dict[str, Any] = {name: getattr(runtime, name) for name in runtime.exported}
    return names | {"cond_expr_undefined": runtime.Undefined}


class RunContext(Context):
    """Jinja's context for one call of a compiled function: the values of a run, and the run.

    Made for each call, so cheaply: there are neither blocks nor globals.
    """

    def __init__(self, run: RenderState) -> None:
        self.run = run
        self.environment = run.environment
        self.parent = run.values
        self.vars = {}
        self.exported_vars = set()
        self.eval_ctx = run.evaluation
        self.name = None
        self.blocks = {}
        self.globals_keys = _NO_NAMES

    def resolve(self, key: str) -> Any:
        """The value of that name; undefined where there is none."""
        if key in self.vars:
            return self.vars[key]
        try:
            return self.parent[key]
        except KeyError:
            return MissingName(name=key)


_NO_NAMES: set[str] = set()

_PASSED: dict[Any, str] = {
    None: "",
    _PassArg.context: "context, ",
    _PassArg.eval_context: "context.eval_ctx, ",
    _PassArg.environment: "environment, ",
}


class Generator(CodeGenerator):
    """Jinja's code generator, less what papers do not use, and with the bounds of `Budget`.

    Values are written as they are, without `str()`: the filters that write them return text. The
    names that a template takes from its values are kept, each with the line of its first use.
    """

    def __init__(self, environment: SandboxedEnvironment, filename: str) -> None:
        # To fold constants costs a walk through each tree, and papers hardly have any.
        super().__init__(environment, None, filename, optimized=False)
        self.undeclared: set[str] = set()
        self.loaded: dict[str, int] = {}
        self.assigned: set[str] = set()

    def code(self, tree: nodes.Template) -> str:
        """The Python code of a tree: one function `root`, and its `debug_info`."""
        self.visit(tree)
        written: str = self.stream.getvalue()  # type: ignore[attr-defined]
        return written

    # -- the function

    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:  # noqa: N802 (Jinja's name)
        """The function alone, without blocks, inheritance and imports."""
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
        pairs = "&".join(f"{site}={line}" for site, line in self.debug_info)
        self.writeline(f"debug_info = {pairs!r}")

    def write_commons(self) -> None:
        self.writeline("resolve = context.resolve")
        self.writeline("if 0: yield None")

    def pull_dependencies(self, nodes: Iterable[nodes.Node]) -> None:
        """Nothing: filters and tests are among the module's names, and `parse_expression` has
        reported those that do not exist.
        """

    def enter_frame(self, frame: Frame) -> None:
        super().enter_frame(frame)
        for load, name in frame.symbols.loads.values():
            if load == VAR_LOAD_RESOLVE and name is not None:
                self.undeclared.add(name)

    # -- statements

    def visit_Output(self, node: nodes.Output, frame: Frame) -> None:  # noqa: N802 (Jinja's name)
        # Jinja joins constants here, and asks each child whether it is one; pieces have none.
        start, end = "yield ", ""
        if frame.buffer is not None:
            start, end = f"{frame.buffer}.append(", ")"
        for child in node.nodes:
            if isinstance(child, nodes.TemplateData):
                self.writeline(f"{start}{child.data!r}{end}")
            else:
                self.writeline(start, child)
                self.visit(child, frame)
                self.write(end)

    def visit_Assign(self, node: nodes.Assign, frame: Frame) -> None:  # noqa: N802 (Jinja's name)
        # What only one branch of a control sets, Jinja loads from the values before the control;
        # whether it is there is found when it is used.
        for name in node.find_all(nodes.Name):
            if name.ctx == "store":
                self.assigned.add(name.name)
        if any(node.find_all(nodes.NSRef)):
            # Jinja writes its check of the namespace without a line of its own: without this one a
            # failure would be placed at the tag before.
            self.newline(node)
            self.write("pass")
        super().visit_Assign(node, frame)

    # -- expressions

    def visit_Name(self, node: nodes.Name, frame: Frame) -> None:  # noqa: N802 (Jinja's name)
        if node.ctx == "load":
            self.loaded.setdefault(node.name, node.lineno)
            name = frame.symbols.ref(node.name)
            load = frame.symbols.find_load(name)
            if load is not None and load[0] == VAR_LOAD_RESOLVE:
                self.write(name)  # `resolve` has returned an undefined value, where it is missing
                return
        super().visit_Name(node, frame)

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:  # noqa: N802 (Jinja's name)
        self.write("field(")
        self.visit(node.node, frame)
        self.write(f", {node.attr!r})")

    def visit_Getitem(self, node: nodes.Getitem, frame: Frame) -> None:  # noqa: N802 (Jinja's name)
        if not isinstance(node.arg, nodes.Slice):
            super().visit_Getitem(node, frame)
            return
        self._visit_weighed(node.node, frame)
        self.write("[")
        self.visit(node.arg, frame)
        self.write("]")

    def visit_Filter(self, node: nodes.Filter, frame: Frame) -> None:  # noqa: N802 (Jinja's name)
        self._call("filter", node, self.environment.filters, frame)

    def visit_Test(self, node: nodes.Test, frame: Frame) -> None:  # noqa: N802 (Jinja's name)
        self._call("test", node, self.environment.tests, frame)

    def _call(
        self,
        kind: str,
        node: nodes.Filter | nodes.Test,
        known: Mapping[str, Any],
        frame: Frame,
    ) -> None:
        assert node.node is not None
        passed = _PASSED[_PassArg.from_obj(known[node.name])]
        self.write(f"{kind}_{node.name}({passed}")
        self.visit(node.node, frame)
        self.signature(node, frame)
        self.write(")")

    def signature(
        self, node: Any, frame: Frame, extra_kwargs: Mapping[str, Any] | None = None
    ) -> None:
        if node.dyn_args is not None:  # the list of f(*list) is copied
            node.dyn_args = nodes.Filter(
                node.dyn_args, "_weigh", [], [], None, None, lineno=node.lineno
            )
        super().signature(node, frame, extra_kwargs)

    def visit_Concat(self, node: nodes.Concat, frame: Frame) -> None:  # noqa: N802 (Jinja's name)
        self.write("environment.join_texts(context, (")
        for part in node.nodes:
            self.visit(part, frame)
            self.write(", ")
        self.write("))")

    def visit_Compare(self, node: nodes.Compare, frame: Frame) -> None:  # noqa: N802 (Jinja's name)
        compared = [node.expr, *(operand.expr for operand in node.ops)]
        # To compare with what a tag spells out costs little, unless a long list is searched for it.
        weighs = not any(map(_is_spelt_out, compared))
        if any("in" in operand.op for operand in node.ops) and not _is_spelt_out(compared[-1]):
            weighs = True
        visit = self._visit_weighed if weighs else self.visit
        self.write("(")
        visit(node.expr, frame)
        for operand in node.ops:
            self.write(f" {operators[operand.op]} ")
            visit(operand.expr, frame)
        self.write(")")

    def _visit_weighed(self, node: nodes.Node, frame: Frame) -> None:
        if _is_spelt_out(node):
            self.visit(node, frame)
            return
        self.write("weigh(context, ")
        self.visit(node, frame)
        self.write(")")


def _is_spelt_out(node: nodes.Node) -> bool:
    """Whether a tag spells the value out: `'complete'`, `('red', 'amber')`."""
    if isinstance(node, (nodes.List, nodes.Tuple)):
        return all(isinstance(item, nodes.Const) for item in node.items)
    return isinstance(node, nodes.Const)


_MOST_GUARDS = 4
"""Guarded controls within one another: Python has room for 20 blocks in all. A control deeper down
fails with the one round it.
"""


class CheckingGenerator(Generator):
    """Code in which each tag fails by itself, and the run goes on. A control that fails is left out
    with all that it holds. Its values must be those of `checking.checking_values`.
    """

    _guards = 0

    def visit_Output(self, node: nodes.Output, frame: Frame) -> None:  # noqa: N802 (Jinja's name)
        for child in node.nodes:
            one = nodes.Output([child], lineno=child.lineno)
            if isinstance(child, nodes.TemplateData):
                super().visit_Output(one, frame)
                continue
            with self._guarded(always=True):
                super().visit_Output(one, frame)

    def visit_If(self, node: nodes.If, frame: Frame) -> None:  # noqa: N802 (Jinja's name)
        with self._guarded():
            super().visit_If(node, frame)

    def visit_For(self, node: nodes.For, frame: Frame) -> None:  # noqa: N802 (Jinja's name)
        with self._guarded():
            super().visit_For(node, frame)

    def visit_Assign(self, node: nodes.Assign, frame: Frame) -> None:  # noqa: N802 (Jinja's name)
        targets = [name.name for name in node.target.find_all(nodes.Name)]
        if isinstance(node.target, nodes.Name):
            targets.append(node.target.name)
        known = [name for name in targets if frame.symbols.find_ref(name)]
        with self._guarded(*map(frame.symbols.ref, known)):
            super().visit_Assign(node, frame)

    @contextmanager
    def _guarded(self, *targets: str, always: bool = False) -> Iterator[None]:
        """Write what follows within a `try`. `targets`: variables that a failure leaves silent."""
        if self._guards >= _MOST_GUARDS and not always:
            yield
            return
        self._guards += 1
        self.writeline("try:")
        self.indent()
        yield
        self.outdent()
        self._guards -= 1
        self.writeline("except Exception as fault:")
        self.indent()
        self.writeline("context.parent['_failed'](fault)")
        for target in targets:
            self.writeline(f"{target} = context.parent['_silent']")
        self.outdent()
