"""Variables in a traced program: what a `{% set %}` reads belongs to the paragraphs that use the variable.

The value is kept with what was read to make it; each use of the variable tells the recorder, and gives the value alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeVar

from jinja2 import nodes
from jinja2.runtime import Context as Values
from jinja2.visitor import NodeTransformer

N = TypeVar("N", bound=nodes.Node)


def watch_assignment(node: nodes.Assign) -> set[str]:
    """Make the assignment keep what its value is made of; the names whose uses are to be watched from now on."""
    names = [node.target] if isinstance(node.target, (nodes.Name, nodes.NSRef)) else list(node.target.find_all(nodes.Name))
    line = node.lineno
    start = nodes.Filter(nodes.Const(None, lineno=line), "_watch", [], [], None, None, lineno=line)
    several = nodes.Const(isinstance(node.target, nodes.Tuple), lineno=line)
    made = nodes.Tuple([start, node.node], "load", lineno=line)
    node.node = nodes.Filter(made, "_watched", [several], [], None, None, lineno=line)
    return {name.name for name in names}


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


def used(context: Values, value: Any) -> Any:
    """The value of a variable, or of a field of one."""
    if not isinstance(value, Watched):
        return value
    context.parent["_run"].recorder.depend(value.facts)
    return value.value
