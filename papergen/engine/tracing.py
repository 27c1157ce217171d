"""What a traced draft reports while it is written; `facts.provenance` records it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from jinja2 import nodes
from jinja2.runtime import Context as Values
from jinja2.visitor import NodeTransformer


class Recorder(Protocol):
    """Told what is written where, when a draft is traced."""

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


def watch_assignment(node: nodes.Assign) -> list[Target]:
    """Make the assignment keep what its value is made of; the variables whose uses are to be
    watched from now on.
    """
    value = node.node
    assert isinstance(value, nodes.Expr)
    if (
        isinstance(value, nodes.Call)
        and isinstance(value.node, nodes.Name)
        and value.node.name == "namespace"
    ):
        for field in value.kwargs:
            field.value = _watched(field.value)
        if isinstance(node.target, nodes.Name):  # its fields are what is used, and set again
            return [
                nodes.NSRef(node.target.name, field.key, lineno=node.lineno)
                for field in value.kwargs
            ]
    elif isinstance(value, nodes.Tuple) and isinstance(node.target, nodes.Tuple):
        value.items = [_watched(item) for item in value.items]
    else:
        node.node = _watched(value, several=isinstance(node.target, nodes.Tuple))
    if isinstance(node.target, (nodes.Name, nodes.NSRef)):
        return [node.target]
    return list(node.target.find_all(nodes.Name))


def depend_on_control(target: Target) -> nodes.Stmt:
    """The statement, right after a control, that lets a variable depend on what decided the
    control.
    """
    line = target.lineno
    value: nodes.Expr = nodes.Name(target.name, "load", lineno=line)
    if isinstance(target, nodes.Name):
        return _control(nodes.Name(target.name, "store", lineno=line), value)
    # The namespace may have been made in the control, and in a branch that was not taken.
    made = nodes.Test(value, "defined", [], [], None, None, lineno=line)
    kept = _control(
        nodes.NSRef(target.name, target.attr, lineno=line),
        nodes.Getattr(value, target.attr, "load", lineno=line),
    )
    return nodes.If(made, [kept], [], [], lineno=line)


def _control(target: nodes.Expr, value: nodes.Expr) -> nodes.Assign:
    line = target.lineno
    return nodes.Assign(
        target, nodes.Filter(value, "_controlled", [], [], None, None, lineno=line), lineno=line
    )


def _watched(value: nodes.Expr, *, several: bool = False) -> nodes.Expr:
    line = value.lineno
    start = nodes.Filter(nodes.Const(None, lineno=line), "_watch", [], [], None, None, lineno=line)
    made = nodes.Tuple([start, value], "load", lineno=line)
    return nodes.Filter(
        made, "_watched", [nodes.Const(several, lineno=line)], [], None, None, lineno=line
    )


def watch_uses(node: N, variables: set[str]) -> N:
    """The tree, in which each use of the variables, or of a field of one, is told of."""
    watched: N = _Uses(variables).visit(node)
    return watched


class _Uses(NodeTransformer):
    def __init__(self, variables: set[str]) -> None:
        self.variables = variables

    def visit_Name(self, node: nodes.Name) -> nodes.Node:  # noqa: N802 (Jinja's name)
        return _used(node) if node.ctx == "load" and node.name in self.variables else node

    def visit_Getattr(self, node: nodes.Getattr) -> nodes.Node:  # noqa: N802 (Jinja's name)
        of_variable = isinstance(node.node, nodes.Name) and node.node.name in self.variables
        self.generic_visit(node)
        return _used(node) if of_variable else node


def _used(node: nodes.Expr) -> nodes.Filter:
    return nodes.Filter(node, "_used", [], [], None, None, lineno=node.lineno)


@dataclass(frozen=True, slots=True)
class Watched:
    """A variable's value, with the facts that it is made of."""

    value: Any
    facts: frozenset[str]


def watch(context: Values, _: None) -> None:
    """Keep apart what is read from now on."""
    context.parent["_run"].recorder.watch()


def watched(context: Values, made: tuple[None, Any], several: bool) -> Any:
    """`made`: the value, after the call of `watch`. `several`: it will be unpacked."""
    facts = context.parent["_run"].recorder.watched()
    value = made[1]
    return tuple(Watched(item, facts) for item in value) if several else Watched(value, facts)


def controlled(context: Values, value: Any) -> Watched:
    """The value, which also depends on the control that is just over."""
    facts: frozenset[str] = context.parent["_run"].recorder.left
    return (
        Watched(value.value, value.facts | facts)
        if isinstance(value, Watched)
        else Watched(value, facts)
    )


def used(context: Values, value: Any) -> Any:
    """The value of a variable, or of a field of one."""
    if not isinstance(value, Watched):
        return value
    context.parent["_run"].recorder.depend(value.facts)
    return value.value
