"""What only a faulty text or template needs: its other faults found, and hints. Loaded when there
is one.

In code made by `CheckingGenerator` each tag that fails is left out by itself, and the run goes on;
a control that fails is left out with all that stands in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NoReturn

from jinja2 import nodes
from jinja2.compiler import Frame

from papergen.engine.expressions import NOT_NAMES
from papergen.engine.pieces import Context, Expression, Piece, Statement
from papergen.engine.render import FAULTS, note_fault
from papergen.engine.sandbox import Generator
from papergen.engine.state import RenderState
from papergen.engine.tag_sites import site_of_traceback
from papergen.engine.undefined import MissingName, Recorded
from papergen.errors import Location


def tags_alone(pieces: Iterable[Expression | Statement]) -> list[Piece]:
    """The tags of a text whose controls are not whole, as pieces by which each tag's own faults,
    and no others, can be found.

    Each control ends where it begins; the names of its loop are known from there on. So are all
    names in an `unread` statement, whose own fault is told where it is found. What belongs to no
    opener is left out. None of it is run.
    """
    pieces = list(pieces)
    found: list[Piece] = []
    for piece in pieces:
        if isinstance(piece, Expression):
            found.append(Expression(piece.source, piece.where, Context.PLAIN))
            continue
        word, _, rest = piece.source.partition(" ")
        if word in ("if", "elif"):
            if not rest:
                continue  # there is nothing in it, which is told where controls are read
            found += [Statement(f"if {rest}", piece.where), Statement("endif", piece.where)]
        elif word == "for":
            found += [piece, Statement("endfor", piece.where)]
            found += _known_from_here(rest.partition(" in ")[0], piece)
        elif word == "set" and "=" in rest:
            found.append(piece)
        else:  # unread, or a macro, say: refused where controls are read
            found += _known_from_here(rest, piece)
    return (
        [Statement("if false", pieces[0].where), *found, Statement("endif", pieces[0].where)]
        if pieces
        else []
    )


def unread(text: str, where: Location) -> Statement:
    """What stands for a statement that cannot be read."""
    return Statement(f"unread {text}", where)


def _known_from_here(text: str, piece: Statement) -> list[Piece]:
    """Statements that make all names in `text` known."""
    return [
        Statement(f"set {name} = 0", piece.where)
        for name in _NAME.findall(text)
        if name not in NOT_NAMES
    ]


_NAME = re.compile(r"[a-zA-Z]\w*", re.ASCII)


class Silent(MissingName):
    """The value of what could not be worked out: a tag that uses it is left out, and nothing is
    told of it.
    """

    __slots__ = ()

    def _record(self, *, cuts: bool = False) -> NoReturn:
        raise Recorded


_MOST_GUARDS = 4
"""Of controls, within one another: Python has room for 20 blocks in all. One deeper down fails with
the one round it.
"""


class CheckingGenerator(Generator):
    """Code in which each tag fails by itself. Its values must be those of `checking_values`."""

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
        targets += [node.target.name] if isinstance(node.target, nodes.Name) else []
        with self._guarded(
            *(frame.symbols.ref(name) for name in targets if frame.symbols.find_ref(name))
        ):
            super().visit_Assign(node, frame)

    @contextmanager
    def _guarded(self, *targets: str, always: bool = False) -> Iterator[None]:
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


def checking_values(run: RenderState, unsure: Iterable[str]) -> Mapping[str, Any]:
    """What checking code takes from the values of its run; `unsure`: names that faulty statements
    were perhaps to make.
    """
    silent = Silent()
    told: set[tuple[int, int]] = set()

    def failed(fault: Exception) -> None:
        if not isinstance(fault, FAULTS):
            raise fault
        index = site_of_traceback(fault.__traceback__)
        site = run.site(index)
        if (index, run.inner_site) not in told:  # a tag in a loop of thousands is one fault
            note_fault(run, fault)
            told.add((index, run.inner_site))
        run.inner_site = -1
        # Only a control, a section or a label that is left out can be missed elsewhere.
        if (
            site is None
            or not site.source.startswith("{{")
            or "label" in site.source
            or "body" in site.source
        ):
            run.cut_short = True

    return {**dict.fromkeys(unsure, silent), "_silent": silent, "_failed": failed}
