"""How a traced draft reports what it does, while it is written; `facts.provenance` records it.

A traced program has more tags: those that report its controls, and those that keep, with the value
of a variable, the facts it is made of.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from jinja2 import nodes

from papergen.engine.jinja_internals import NodeTransformer, RunContext


class Recorder(Protocol):
    """Records what a traced draft writes where."""

    def begin(self, waits: bool = False) -> None: ...
    def end(self, decided: bool) -> None: ...
    def drop(self, numbered: bool) -> None: ...
    def skip(self, paragraphs: int) -> None: ...
    def enter(self, loops: bool) -> None: ...
    def decide(self, decides: bool) -> None: ...
    def leave(self, numbers: bool) -> None: ...

    left: frozenset[str]

    def conditions(self) -> frozenset[str]: ...
    def depend(self, paths: Iterable[str]) -> None: ...
    def watch(self) -> None: ...
    def watched(self) -> frozenset[str]: ...
    def label(self, name: str, numbered: bool) -> None: ...
    def refer(self, name: str) -> None: ...


N = TypeVar("N", bound=nodes.Node)
Target = nodes.Name | nodes.NSRef


# -- the trees of a traced program


def filtered(value: nodes.Expr, name: str, *arguments: Any) -> nodes.Filter:
    """The tree of `value|name(*arguments)`; the arguments are constants."""
    line = value.lineno
    constants: list[nodes.Expr] = [nodes.Const(argument, lineno=line) for argument in arguments]
    return nodes.Filter(value, name, constants, [], None, None, lineno=line)


def watch_assignment(node: nodes.Assign) -> list[Target]:
    """Make an assignment keep what its value is made of. Returns the variables whose uses are to be
    watched from here on.
    """
    value, target = node.node, node.target
    assert isinstance(value, nodes.Expr)
    if _makes_namespace(value):
        assert isinstance(value, nodes.Call)
        for field in value.kwargs:
            field.value = _watched(field.value)
        if isinstance(target, nodes.Name):  # its fields are used, and set again
            return [nodes.NSRef(target.name, each.key, lineno=node.lineno) for each in value.kwargs]
    elif isinstance(value, nodes.Tuple) and isinstance(target, nodes.Tuple):
        value.items = [_watched(item) for item in value.items]
    else:
        node.node = _watched(value, several=isinstance(target, nodes.Tuple))
    if isinstance(target, (nodes.Name, nodes.NSRef)):
        return [target]
    return list(target.find_all(nodes.Name))


def _makes_namespace(value: nodes.Expr) -> bool:
    if not isinstance(value, nodes.Call):
        return False
    return isinstance(value.node, nodes.Name) and value.node.name == "namespace"


def depend_on_control(target: Target) -> nodes.Stmt:
    """The statement, right after a control, that makes a variable depend on what decided the
    control.
    """
    line = target.lineno
    value: nodes.Expr = nodes.Name(target.name, "load", lineno=line)
    if isinstance(target, nodes.Name):
        stored = nodes.Name(target.name, "store", lineno=line)
        return nodes.Assign(stored, filtered(value, "_controlled"), lineno=line)
    field = nodes.Getattr(value, target.attr, "load", lineno=line)
    kept = nodes.Assign(
        nodes.NSRef(target.name, target.attr, lineno=line),
        filtered(field, "_controlled"),
        lineno=line,
    )
    # The namespace may have been made in the control, in a branch that was not taken.
    is_made = nodes.Test(value, "defined", [], [], None, None, lineno=line)
    return nodes.If(is_made, [kept], [], [], lineno=line)


def _watched(value: nodes.Expr, *, several: bool = False) -> nodes.Expr:
    line = value.lineno
    start = filtered(nodes.Const(None, lineno=line), "_watch")
    made = nodes.Tuple([start, value], "load", lineno=line)
    return filtered(made, "_watched", several)


def watch_uses(node: N, variables: set[str]) -> N:
    """The tree, in which each use of the variables, or of a field of one, is reported."""
    watched: N = _Uses(variables).visit(node)
    return watched


class _Uses(NodeTransformer):
    def __init__(self, variables: set[str]) -> None:
        self.variables = variables

    def visit_Name(self, node: nodes.Name) -> nodes.Node:  # noqa: N802 (Jinja's name)
        if node.ctx == "load" and node.name in self.variables:
            return filtered(node, "_used")
        return node

    def visit_Getattr(self, node: nodes.Getattr) -> nodes.Node:  # noqa: N802 (Jinja's name)
        of_variable = isinstance(node.node, nodes.Name) and node.node.name in self.variables
        self.generic_visit(node)
        return filtered(node, "_used") if of_variable else node


# -- what compiled code calls


@dataclass(frozen=True, slots=True)
class Watched:
    """A variable's value, with the facts that it is made of."""

    value: Any
    facts: frozenset[str]


def _recorder(context: RunContext) -> Recorder:
    recorder = context.run.recorder
    assert recorder is not None, "a traced program runs without a recorder"
    return recorder


def watch(context: RunContext, _: None) -> None:
    """Keep apart what is read from now on."""
    _recorder(context).watch()


def watched(context: RunContext, made: tuple[None, Any], several: bool) -> Any:
    """`made`: the value, after the call of `watch`. `several`: it will be unpacked."""
    facts = _recorder(context).watched()
    value = made[1]
    if several:
        return tuple(Watched(item, facts) for item in value)
    return Watched(value, facts)


def controlled(context: RunContext, value: Any) -> Watched:
    """The value, which also depends on the control that has just ended."""
    facts = _recorder(context).left
    if isinstance(value, Watched):
        return Watched(value.value, value.facts | facts)
    return Watched(value, facts)


def used(context: RunContext, value: Any) -> Any:
    """The value of a variable, or of a field of one."""
    if not isinstance(value, Watched):
        return value
    _recorder(context).depend(value.facts)
    return value.value


def reporting(event: str) -> Any:
    """A filter that calls the recorder's method `event` with the value, and writes nothing."""

    def report(context: RunContext, value: Any) -> str:
        getattr(_recorder(context), event)(value)
        return ""

    return report
