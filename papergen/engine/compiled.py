"""The result of compiling: functions, and the tables that all functions of one program share."""

from __future__ import annotations

import marshal
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from types import CodeType
from typing import Any

from papergen.engine.faults import TagSite
from papergen.engine.jinja_internals import RunContext
from papergen.engine.pieces import Paragraph
from papergen.engine.sandbox import Environment

Function = Callable[[RunContext], Iterator[Any]]
"""A compiled part or text: called with the context of a run, it yields its XML in pieces; compiled
for VALUE, its values.
"""


@dataclass(slots=True, eq=False)
class Tables:
    """What all functions of one program share: its paragraphs and its sites, by index."""

    paragraphs: list[Paragraph] = field(default_factory=list)
    sites: list[TagSite] = field(default_factory=list)
    unsure: set[str] = field(default_factory=set)
    """Names that faulty statements may have been meant to make."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """The code of one function. `names`: those it takes from the values, each with the index of the
    site that uses it first.
    """

    code: CodeType
    names: tuple[tuple[str, int], ...]

    def __reduce__(self) -> tuple[Any, ...]:
        return _unpickle, (marshal.dumps(self.code), self.names)

    def bind(self, environment: Environment) -> Function:
        """The function, with the environment's filters and tests."""
        module = dict(environment.module_names)
        exec(self.code, module)  # noqa: S102 (made by Jinja from checked trees; values never become code)
        root: Function = module["root"]
        return root


def _unpickle(code: bytes, names: tuple[tuple[str, int], ...]) -> Compiled:
    return Compiled(marshal.loads(code), names)  # noqa: S302 (from a program's own pickle)
