"""From pieces to Python: one Jinja tree for each part or text, one function each.

Each tag is parsed on its own, so that a fault is the fault of one tag, and its place is known; the
tree is put together here. The line numbers of the tree are not lines: they are indexes into the
program's table of sites, plus one.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from jinja2 import nodes

from papergen.engine.compiled import Compiled, Tables
from papergen.engine.expressions import (
    INTERNAL,
    N,
    TagProblem,
    parse_expression,
    parse_opener,
    parse_statement,
)
from papergen.engine.faults import TagSite
from papergen.engine.limits import (
    DEEPEST_CONTROLS,
    MAX_BRANCHES,
    WORK_OF_PARAGRAPH,
    work_of,
    work_of_text,
)
from papergen.engine.pieces import (
    Begin,
    Caption,
    Context,
    End,
    Expression,
    NewList,
    Paragraph,
    Piece,
    Statement,
    writer,
)
from papergen.engine.sandbox import Environment, Generator
from papergen.engine.tag_sites import CODE_FILE
from papergen.engine.tracing import depend_on_control, watch_assignment, watch_uses
from papergen.errors import Location, Problem

_CODES: Final = {
    "paper": ("tag-syntax", "tag-forbidden", "control-unclosed"),
    "template": ("template-tag", "template-forbidden", "template-control"),
}
_PARAGRAPH = re.compile("<w:p[ />]")
_NAME = re.compile(r"[^\W\d]\w*")


def compile_pieces(
    pieces: Iterable[Piece],
    environment: Environment,
    tables: Tables,
    problems: list[Problem],
    *,
    origin: str,
    trace: bool = False,
    known: Collection[str] | None = None,
    checking: type[Generator] | None = None,
) -> Compiled | None:
    """Compile `pieces` to one function; None when there are problems with its tags, which are added
    to `problems`.

    `origin`: "paper" or "template". `trace`: also tell the run's recorder of the controls that
    paragraphs stand in. `known`: the names that may be taken from the values; any other is a
    problem too, also where a tag beside it is faulty. `checking`: the generator of code that is
    only run to find faults; it is made in spite of problems, and leaves faulty tags out.
    """
    found = len(problems)
    builder = _FunctionBuilder(environment, tables, problems, origin, trace)
    tree = nodes.Template(builder.build(pieces), lineno=1)
    sound = len(problems) == found
    generator = (checking or Generator)(environment, CODE_FILE)
    try:
        generator.visit(tree)
        code = compile(generator.stream.getvalue(), CODE_FILE, "exec")  # type: ignore[attr-defined]
    except (RecursionError, MemoryError, SyntaxError):
        # What the bounds on single tags do not foresee: Python's own bounds are known only when
        # they are met.
        if sound:
            message = "there is too much here within each other, or in one piece"
            where = tables.sites[-1].where if tables.sites else None
            problems.append(
                Problem(
                    _CODES[origin][1],
                    message,
                    where,
                    "Divide it into several texts, or into simpler tags.",
                )
            )
        return None
    tables.unsure |= builder.unsure
    # A traced program has been compiled without tracing before, and its names been checked.
    names = () if trace else _taken_names(generator)
    unknown = [
        name
        for name in names
        if known is not None and name[0] not in known and name[0] not in builder.unsure
    ]
    if unknown:
        from papergen.engine.unknown_names import unknown_names

        problems += unknown_names(unknown, known or (), tables)
    return Compiled(code, names) if sound or checking is not None else None


@dataclass(slots=True, eq=False)
class _OpenControl:
    """A control that is open: its node, and the list that its content goes to now."""

    node: nodes.If | nodes.For | nodes.AssignBlock
    site: int
    body: list[nodes.Node]
    statement: Statement | None
    in_else: bool = False
    numbers: bool = False
    """Whether numbered paragraphs stand in it."""
    work: nodes.Const | None = None
    """The steps of one round of a loop, which are known when it ends; until then, those counted
    before it.
    """
    assigned: list[nodes.Name | nodes.NSRef] = field(default_factory=list)
    """The variables that are set in it and are there after it (only noted when traced)."""
    own: set[str] = field(default_factory=set)
    """Of a loop: the names that are set in it and are gone after it (likewise)."""


class _FunctionBuilder:
    def __init__(
        self,
        environment: Environment,
        tables: Tables,
        problems: list[Problem],
        origin: str,
        trace: bool,
    ) -> None:
        self.environment = environment
        self.tables = tables
        self.problems = problems
        self.origin = origin
        self.internal = INTERNAL if origin == "template" else ()
        self.trace = trace
        self.root: list[nodes.Node] = []
        self.open: list[_OpenControl] = []
        self.indexes: dict[int, int] = {}
        self.variables: set[str] = set()
        self.work = 0
        """The steps that all tags up to here take, each run once."""
        self.faulty = False
        """Whether the tag that was parsed last has a fault: what there is of it is compiled for its
        names, and never run.
        """
        self.unsure: set[str] = set()
        """Names that faulty statements may have been meant to make: that they are not known would
        only follow.
        """

    def build(self, pieces: Iterable[Piece]) -> list[nodes.Node]:
        for piece in pieces:
            if isinstance(piece, str):
                self._output(nodes.TemplateData(piece, lineno=1))
                self.work += work_of_text(piece)
                if self.trace and (empty := len(_PARAGRAPH.findall(piece))):
                    self._hook("_skip", empty)
            elif isinstance(piece, Expression):
                self._expression(piece)
            elif isinstance(piece, Statement):
                self._statement(piece)
            elif isinstance(piece, Begin):
                self._begin(piece.paragraph)
            elif isinstance(piece, End):
                self._end(piece.paragraph)
            elif isinstance(piece, Caption):
                self._hook("_caption", piece.word)
            elif isinstance(piece, NewList):
                self._hook("_new_list", piece.key, piece.number)
        for control in self.open:
            assert control.statement is not None
            self._fault(
                2,
                control.statement.where,
                f"“{{% {control.statement.source} %}}” is never ended",
                _end_hint(control),
            )
        return self.root

    # -- output

    @property
    def body(self) -> list[nodes.Node]:
        return self.open[-1].body if self.open else self.root

    def _output(self, node: nodes.Expr) -> None:
        body = self.body
        if body and isinstance(body[-1], nodes.Output):
            body[-1].nodes.append(node)
        else:
            body.append(nodes.Output([node], lineno=node.lineno))

    def _never(self, body: list[nodes.Node]) -> None:
        self.body.append(nodes.If(nodes.Const(False, lineno=1), body, [], [], lineno=1))

    def _hook(self, name: str, *arguments: Any) -> None:
        first, *rest = [nodes.Const(argument, lineno=1) for argument in arguments or [None]]
        self._output(nodes.Filter(first, name, rest, [], None, None, lineno=1))

    def _expression(self, piece: Expression) -> None:
        site = self._site(piece.where, f"{{{{ {piece.source} }}}}")
        node = self._parse(piece.source, piece.where, site)
        if node is None:
            return
        if piece.context is Context.BLOCK:
            self._note_number()
        if self.faulty:
            self._never([nodes.Output([node], lineno=site + 1)])
            return
        name = writer(piece)
        arguments: list[nodes.Expr] = []
        if piece.properties and piece.context in (Context.TEXT, Context.RUN):
            arguments.append(nodes.Const(piece.properties, lineno=site + 1))
        self._output(nodes.Filter(node, name, arguments, [], None, None, lineno=site + 1))

    def _begin(self, paragraph: Paragraph) -> None:
        index = self.indexes[id(paragraph)] = len(self.tables.paragraphs)
        self.tables.paragraphs.append(paragraph)
        self.work += WORK_OF_PARAGRAPH + work_of_text(paragraph.open_xml)
        if paragraph.number is not None:
            self._note_number()
        if not paragraph.optional:
            self._hook("_begin", index)
            return
        if self.trace:
            self._hook("_wait")
        node = nodes.AssignBlock(
            nodes.Name(f"_paragraph_{index}", "store", lineno=1), None, [], lineno=1
        )
        self.body.append(node)
        self.open.append(_OpenControl(node, 0, node.body, None))

    def _end(self, paragraph: Paragraph) -> None:
        index = self.indexes[id(paragraph)]
        if not paragraph.optional:
            self._hook("_end", index)
            return
        assert isinstance(self.open[-1].node, nodes.AssignBlock), "a control crosses a paragraph"
        self.open.pop()
        captured = nodes.Name(f"_paragraph_{index}", "load", lineno=1)
        self._output(
            nodes.Filter(
                captured, "_keep", [nodes.Const(index, lineno=1)], [], None, None, lineno=1
            )
        )

    def _note_number(self) -> None:
        for control in self.open:
            control.numbers = True

    # -- statements

    def _statement(self, piece: Statement) -> None:
        site = self._site(piece.where, f"{{% {piece.source} %}}")
        keyword = piece.source.split(None, 1)[0] if piece.source.strip() else ""
        if keyword in ("if", "for"):
            self._opener(piece, site, keyword)
        elif keyword in ("elif", "else"):
            self._middle(piece, site, keyword)
        elif keyword in ("endif", "endfor"):
            self._closer(piece, keyword)
        elif keyword == "set":
            self._set(piece, site)
        else:
            self.unsure.update(_NAME.findall(piece.source))
            hint = "Statements are if, elif, else, for and set; nothing else."
            self._fault(1, piece.where, f"the statement “{keyword}” is not allowed", hint)

    def _opener(self, piece: Statement, site: int, keyword: str) -> None:
        node = self._parse_opener(piece.source, piece, site)
        if node is None:
            # A stand-in, so that the end of the faulty control is not a second fault.
            self.unsure.update(
                _NAME.findall(piece.source.partition(" in ")[0]) if keyword == "for" else ()
            )
            node = nodes.If(nodes.Const(True, lineno=site + 1), [], [], [], lineno=site + 1)
            node = (
                node
                if keyword == "if"
                else nodes.For(
                    nodes.Name("_", "store"), nodes.List([]), [], [], None, False, lineno=site + 1
                )
            )
        assert isinstance(node, (nodes.If, nodes.For))
        work = None
        if isinstance(node, nodes.For):
            work = nodes.Const(self.work, lineno=site + 1)
            node.iter = nodes.Filter(node.iter, "_loop", [work], [], None, None, lineno=site + 1)
        if self.trace:
            self._hook("_enter", keyword == "for")
        if self.faulty:
            self._never([node])
        else:
            self.body.append(node)
        self.open.append(_OpenControl(node, site, node.body, piece, work=work))
        if sum(control.statement is not None for control in self.open) == DEEPEST_CONTROLS + 1:
            message = f"controls are nested more than {DEEPEST_CONTROLS} deep"
            self._fault(
                1, piece.where, message, "Join conditions with “and”, or take the inner ones out."
            )
        self._decide(False)

    def _decide(self, decides: bool) -> None:
        """Tell the recorder whether what is read from here on chooses and repeats, or is what is
        chosen.
        """
        if self.trace:
            self._hook("_decide", decides)

    def _middle(self, piece: Statement, site: int, keyword: str) -> None:
        control = self.open[-1] if self.open else None
        allowed = (
            control is not None
            and not control.in_else
            and (
                isinstance(control.node, nodes.If)
                or (keyword == "else" and isinstance(control.node, nodes.For))
            )
        )
        if control is None or not allowed:
            message = f"“{{% {piece.source} %}}” has no “if” that it belongs to"
            self._fault(2, piece.where, message, "Put it between {% if … %} and {% endif %}.")
        elif keyword == "else":
            control.in_else = True
            control.body = control.node.else_ = []  # type: ignore[union-attr]
            self._decide(False)
        else:
            node = self._parse_opener(piece.source[2:], piece, site)
            if isinstance(node, nodes.If) and isinstance(control.node, nodes.If):
                if self.faulty:
                    node.test = nodes.And(nodes.Const(False, lineno=1), node.test, lineno=1)
                control.node.elif_.append(node)
                if len(control.node.elif_) == MAX_BRANCHES:
                    message = f"an “if” has more than {MAX_BRANCHES} branches"
                    self._fault(
                        1,
                        piece.where,
                        message,
                        "Look the text up instead: {{ {'a': 'x', 'b': 'y'}[value] }}.",
                    )
                control.body = node.body
                self._decide(False)

    def _closer(self, piece: Statement, keyword: str) -> None:
        wanted = nodes.If if keyword == "endif" else nodes.For
        if not self.open or not isinstance(self.open[-1].node, wanted):
            expected = (
                f" (“{{% {_end_of(self.open[-1])} %}}” is expected first)"
                if self.open and self.open[-1].statement
                else ""
            )
            self._fault(
                2,
                piece.where,
                f"“{{% {piece.source} %}}” ends nothing{expected}",
                "Each if needs one endif, each for one endfor, in that order.",
            )
            return
        self._decide(True)
        control = self.open.pop()
        if control.work is not None:
            control.work.value = max(1, self.work - control.work.value)
        if self.trace:
            self._hook("_leave", control.numbers)
            self.body.extend(depend_on_control(target) for target in control.assigned)

    def _set(self, piece: Statement, site: int) -> None:
        if "=" not in piece.source:
            self.unsure.update(_NAME.findall(piece.source))
            self._fault(
                1, piece.where, "“set” without “=” is not allowed", "Write {% set name = value %}."
            )
            return
        parsed = parse_statement(
            f"{{% {piece.source} %}}", piece.source, self.environment, self.internal
        )
        node = self._placed(*parsed, piece.where, site)
        if self.faulty:
            self.unsure.update(_NAME.findall(piece.source.partition("=")[0]))
            if isinstance(node, nodes.Assign):
                self._never([nodes.Output([node.node], lineno=site + 1)])
        elif node is not None:
            if self.trace and isinstance(node, nodes.Assign):
                self._watch(node)
            self.body.append(node)

    def _watch(self, node: nodes.Assign) -> None:
        targets = watch_assignment(node)
        names = {name.name for name in node.find_all(nodes.Name) if name.ctx == "store"}
        self.variables |= names | {target.name for target in targets}
        for control in reversed(self.open):
            if isinstance(control.node, nodes.For):
                # What is set in a loop is forgotten after it, but for fields of a namespace from
                # outside.
                control.own |= names
                names = set()
                targets = [
                    target
                    for target in targets
                    if isinstance(target, nodes.NSRef) and target.name not in control.own
                ]
            control.assigned += targets

    # -- parsing

    def _parse(self, source: str, where: Location, site: int) -> nodes.Expr | None:
        return self._placed(*parse_expression(source, self.environment, self.internal), where, site)

    def _parse_opener(self, source: str, piece: Statement, site: int) -> nodes.Node | None:
        return self._placed(
            *parse_opener(source, piece.source, self.environment, self.internal), piece.where, site
        )

    def _placed(
        self, node: N | None, problems: list[TagProblem], where: Location, site: int
    ) -> N | None:
        self.faulty = bool(problems)
        for problem in problems:
            self._fault(problem.kind, where, problem.message, problem.hint)
        if node is None:
            return None
        node.set_lineno(site + 1, override=True)
        return self._watched(node)

    def _watched(self, node: N) -> N:
        """The tree; in a traced program, with the uses of variables watched."""
        return watch_uses(node, self.variables) if self.variables else node

    # -- places

    def _site(self, where: Location, source: str) -> int:
        self.work += work_of(source)
        self.tables.sites.append(TagSite(where, source, self.origin))
        return len(self.tables.sites) - 1

    def _fault(self, which: int, where: Location, message: str, hint: str) -> None:
        self.problems.append(Problem(_CODES[self.origin][which], message, where, hint))


def _end_of(control: _OpenControl) -> str:
    return "endif" if isinstance(control.node, nodes.If) else "endfor"


def _end_hint(control: _OpenControl) -> str:
    return f"Add {{% {_end_of(control)} %}} where it is to end."


def _taken_names(generator: Generator) -> tuple[tuple[str, int], ...]:
    taken = generator.undeclared - generator.assigned
    return tuple(
        (name, line - 1)
        for name, line in generator.loaded.items()
        if name in taken and not name.startswith("_")
    )
