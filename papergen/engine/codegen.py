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

from papergen.engine.blocks import (
    CLOSERS,
    BlockStack,
    OpenBlock,
    first_word,
    is_closer,
    is_middle,
    is_opener,
)
from papergen.engine.compiled import Compiled, Tables
from papergen.engine.expressions import (
    FORBIDDEN,
    INTERNAL,
    N,
    TagProblem,
    parse_expression,
    parse_opener,
    parse_statement,
)
from papergen.engine.faults import TagSite
from papergen.engine.jinja_internals import Generator
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
from papergen.engine.sandbox import Environment
from papergen.engine.tag_sites import CODE_FILE
from papergen.engine.tracing import (
    Target,
    depend_on_control,
    filtered,
    watch_assignment,
    watch_uses,
)
from papergen.errors import Location, Problem

_CODES: Final = {
    "paper": ("tag-syntax", "tag-forbidden", "control-unclosed"),
    "template": ("template-tag", "template-forbidden", "template-control"),
}
"""By origin: the message codes of a tag's faults."""
_CONTROL = 2
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

    `origin`: "paper" or "template". `trace`: the code also reports to the run's recorder the
    controls that paragraphs stand in. `known`: the names that may be taken from the values; any
    other is a problem too, also where a tag beside it is faulty. `checking`: the generator of code
    that is only run to find faults; it is made in spite of problems, and leaves faulty tags out.
    """
    found = len(problems)
    builder = _FunctionBuilder(environment, tables, problems, origin, trace)
    tree = nodes.Template(builder.build(pieces), lineno=1)
    is_sound = len(problems) == found
    generator = (checking or Generator)(environment, CODE_FILE)
    try:
        code = compile(generator.code(tree), CODE_FILE, "exec")
    except (RecursionError, MemoryError, SyntaxError):
        # What the bounds on single tags do not foresee: Python's own bounds.
        if is_sound:
            problems.append(_too_much(tables, origin))
        return None
    tables.unsure |= builder.unsure
    names: tuple[tuple[str, int], ...] = ()
    if not trace:  # a traced program has been compiled without tracing before
        names = _taken_names(generator)
    if known is not None:
        unknown = [
            (name, site) for name, site in names if name not in known and name not in builder.unsure
        ]
        if unknown:
            from papergen.engine.unknown_names import unknown_names

            problems += unknown_names(unknown, known, tables)
    return Compiled(code, names) if is_sound or checking is not None else None


def _too_much(tables: Tables, origin: str) -> Problem:
    return Problem(
        _CODES[origin][FORBIDDEN],
        "there is too much here within each other, or in one piece",
        tables.sites[-1].where if tables.sites else None,
        "Divide it into several texts, or into simpler tags.",
    )


def _taken_names(generator: Generator) -> tuple[tuple[str, int], ...]:
    """The names that a function takes from the values, each with the site of its first use."""
    taken = generator.undeclared - generator.assigned
    return tuple(
        (name, line - 1)
        for name, line in generator.loaded.items()
        if name in taken and not name.startswith("_")
    )


@dataclass(slots=True, eq=False)
class _OpenControl(OpenBlock):
    """A control that is open: its node, and the list that its content goes to now.

    The content of an optional paragraph is one too, with an empty word: no word divides or ends it.
    """

    node: nodes.If | nodes.For | nodes.AssignBlock
    body: list[nodes.Node]
    statement: Statement | None
    """None for the content of an optional paragraph."""
    numbers: bool = False
    """Whether numbered paragraphs stand in it."""
    work: nodes.Const | None = None
    """The steps of one round of a loop, known when it ends; until then, those counted before it."""
    assigned: list[Target] = field(default_factory=list)
    """The variables that are set in it and are there after it (only noted when traced)."""
    own: set[str] = field(default_factory=set)
    """Of a loop: the names that are set in it and are gone after it (likewise)."""


class _FunctionBuilder:
    """Puts the tree of one function together."""

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
        self.variables: set[str] = set()
        """The variables whose uses are watched, where traced."""
        self.root: list[nodes.Node] = []
        self.open: BlockStack[_OpenControl] = BlockStack()
        self.indexes: dict[int, int] = {}
        """By a paragraph's identity: its index in the table of paragraphs."""
        self.work = 0
        """The steps of all so far."""
        self.faulty = False
        """Whether the tag that was parsed last has a fault: what there is of it is compiled for its
        names, and never run.
        """
        self.unsure: set[str] = set()
        """Names that faulty statements may have been meant to make: that these are not known is no
        fault of its own.
        """

    def build(self, pieces: Iterable[Piece]) -> list[nodes.Node]:
        """The tree's nodes. What is wrong is added to the problems."""
        for piece in pieces:
            if isinstance(piece, str):
                self._literal(piece)
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
        for control in self.open.blocks:
            assert control.statement is not None
            self._fault(
                _CONTROL,
                control.statement.where,
                f"“{{% {control.statement.source} %}}” is never ended",
                f"Add {{% {CLOSERS[control.word]} %}} where it is to end.",
            )
        return self.root

    # -- output

    @property
    def body(self) -> list[nodes.Node]:
        """The list that the next node goes to."""
        control = self.open.innermost
        return self.root if control is None else control.body

    def _output(self, node: nodes.Expr) -> None:
        body = self.body
        if body and isinstance(body[-1], nodes.Output):
            body[-1].nodes.append(node)
        else:
            body.append(nodes.Output([node], lineno=node.lineno))

    def _never(self, body: list[nodes.Node]) -> None:
        """Nodes that are compiled and never run."""
        self.body.append(nodes.If(nodes.Const(False, lineno=1), body, [], [], lineno=1))

    def _hook(self, name: str, *arguments: Any) -> None:
        """A call of one of our own filters, of which the first argument is the value."""
        value, *others = arguments
        self._output(filtered(nodes.Const(value, lineno=1), name, *others))

    def _trace(self, name: str, argument: Any) -> None:
        """A call that reports to the recorder, where traced."""
        if self.trace:
            self._hook(name, argument)

    def _literal(self, xml: str) -> None:
        self._output(nodes.TemplateData(xml, lineno=1))
        self.work += work_of_text(xml)
        if self.trace:
            paragraphs = len(_PARAGRAPH.findall(xml))
            if paragraphs:
                self._hook("_skip", paragraphs)

    def _expression(self, piece: Expression) -> None:
        site = self._site(piece.where, f"{{{{ {piece.source} }}}}")
        parsed = parse_expression(piece.source, self.environment, self.internal)
        node = self._placed(*parsed, piece.where, site)
        if node is None:
            return
        if piece.context is Context.BLOCK:
            self._note_number()
        if self.faulty:
            self._never([nodes.Output([node], lineno=site + 1)])
            return
        arguments: list[Any] = []
        if piece.properties and piece.context in (Context.TEXT, Context.RUN):
            arguments.append(piece.properties)
        elif piece.context is Context.VALUE:
            arguments.append(site)
        self._output(filtered(node, writer(piece), *arguments))

    # -- paragraphs

    def _begin(self, paragraph: Paragraph) -> None:
        index = self.indexes[id(paragraph)] = len(self.tables.paragraphs)
        self.tables.paragraphs.append(paragraph)
        self.work += WORK_OF_PARAGRAPH + work_of_text(paragraph.open_xml)
        if paragraph.number is not None:
            self._note_number()
        if not paragraph.optional:
            self._hook("_begin", index)
            return
        self._trace("_wait", True)
        name = nodes.Name(f"_paragraph_{index}", "store", lineno=1)
        node = nodes.AssignBlock(name, None, [], lineno=1)
        self.body.append(node)
        content = _OpenControl("", None, node, node.body, None)
        self.open.open(content)

    def _end(self, paragraph: Paragraph) -> None:
        index = self.indexes[id(paragraph)]
        if not paragraph.optional:
            self._hook("_end", index)
            return
        control = self.open.blocks.pop()
        assert isinstance(control.node, nodes.AssignBlock), "a control crosses a paragraph"
        content = nodes.Name(f"_paragraph_{index}", "load", lineno=1)
        self._output(filtered(content, "_keep", index))

    def _note_number(self) -> None:
        for control in self.open.blocks:
            control.numbers = True

    # -- statements

    def _statement(self, piece: Statement) -> None:
        site = self._site(piece.where, f"{{% {piece.source} %}}")
        keyword = first_word(piece.source)
        if is_opener(keyword):
            self._opener(piece, site, keyword)
        elif is_middle(keyword):
            self._middle(piece, site, keyword)
        elif is_closer(keyword):
            self._closer(piece, keyword)
        elif keyword == "set":
            self._set(piece, site)
        else:
            self._note_unsure(piece.source)
            message = f"the statement “{keyword}” is not allowed"
            hint = "Statements are if, elif, else, for and set; nothing else."
            self._fault(FORBIDDEN, piece.where, message, hint)

    def _opener(self, piece: Statement, site: int, keyword: str) -> None:
        node = self._parse_opener(piece.source, piece, site)
        if node is None:
            node = self._stand_in(piece, site, keyword)
        assert isinstance(node, (nodes.If, nodes.For))
        work = None
        if isinstance(node, nodes.For):
            work = nodes.Const(self.work, lineno=site + 1)
            node.iter = nodes.Filter(node.iter, "_loop", [work], [], None, None, lineno=site + 1)
        self._trace("_enter", keyword == "for")
        if self.faulty:
            self._never([node])
        else:
            self.body.append(node)
        control = _OpenControl(keyword, None, node, node.body, piece, work=work)
        self.open.open(control)
        depth = sum(control.statement is not None for control in self.open.blocks)
        if depth == DEEPEST_CONTROLS + 1:
            message = f"controls are nested more than {DEEPEST_CONTROLS} deep"
            hint = "Join conditions with “and”, or take the inner ones out."
            self._fault(FORBIDDEN, piece.where, message, hint)
        self._trace("_decide", False)

    def _stand_in(self, piece: Statement, site: int, keyword: str) -> nodes.Node:
        """A control in the place of a faulty one, so that its end is not a second fault."""
        if keyword == "if":
            return nodes.If(nodes.Const(True, lineno=site + 1), [], [], [], lineno=site + 1)
        self._note_unsure(piece.source.partition(" in ")[0])
        target, nothing = nodes.Name("_", "store"), nodes.List([])
        return nodes.For(target, nothing, [], [], None, False, lineno=site + 1)

    def _middle(self, piece: Statement, site: int, keyword: str) -> None:
        if not self.open.expects(keyword):
            message = f"“{{% {piece.source} %}}” has no “if” that it belongs to"
            hint = "Put it between {% if … %} and {% endif %}."
            self._fault(_CONTROL, piece.where, message, hint)
            return
        control = self.open.middle(keyword).block
        assert control is not None
        if keyword == "elif":
            self._elif(control, piece, site)
            return
        assert isinstance(control.node, (nodes.If, nodes.For))
        control.body = control.node.else_ = []
        self._trace("_decide", False)

    def _elif(self, control: _OpenControl, piece: Statement, site: int) -> None:
        node = self._parse_opener(piece.source.removeprefix("el"), piece, site)
        if not isinstance(node, nodes.If) or not isinstance(control.node, nodes.If):
            return
        if self.faulty:
            node.test = nodes.And(nodes.Const(False, lineno=1), node.test, lineno=1)
        control.node.elif_.append(node)
        if len(control.node.elif_) == MAX_BRANCHES:
            message = f"an “if” has more than {MAX_BRANCHES} branches"
            hint = "Look the text up instead: {{ {'a': 'x', 'b': 'y'}[value] }}."
            self._fault(FORBIDDEN, piece.where, message, hint)
        control.body = node.body
        self._trace("_decide", False)

    def _closer(self, piece: Statement, keyword: str) -> None:
        if not self.open.expects(keyword):
            message = f"“{{% {piece.source} %}}” ends nothing"
            innermost = self.open.innermost
            if innermost is not None and innermost.statement:
                message += f" (“{{% {CLOSERS[innermost.word]} %}}” is expected first)"
            hint = "Each if needs one endif, each for one endfor, in that order."
            self._fault(_CONTROL, piece.where, message, hint)
            return
        self._trace("_decide", True)
        control = self.open.close(keyword).block
        assert control is not None
        if control.work is not None:
            control.work.value = max(1, self.work - control.work.value)
        if self.trace:
            self._hook("_leave", control.numbers)
            self.body.extend(depend_on_control(target) for target in control.assigned)

    def _set(self, piece: Statement, site: int) -> None:
        if "=" not in piece.source:
            self._note_unsure(piece.source)
            message = "“set” without “=” is not allowed"
            self._fault(FORBIDDEN, piece.where, message, "Write {% set name = value %}.")
            return
        written = f"{{% {piece.source} %}}"
        parsed = parse_statement(written, piece.source, self.environment, self.internal)
        node = self._placed(*parsed, piece.where, site)
        if self.faulty:
            self._note_unsure(piece.source.partition("=")[0])
            if isinstance(node, nodes.Assign):
                self._never([nodes.Output([node.node], lineno=site + 1)])
        elif node is not None:
            if self.trace and isinstance(node, nodes.Assign):
                self._watch(node)
            self.body.append(node)

    def _watch(self, node: nodes.Assign) -> None:
        """Watch the variables of an assignment from here on, and after the controls it is in."""
        targets = watch_assignment(node)
        names = {name.name for name in node.find_all(nodes.Name) if name.ctx == "store"}
        self.variables |= names | {target.name for target in targets}
        for control in reversed(self.open.blocks):
            if isinstance(control.node, nodes.For):
                # What is set in a loop is forgotten after it, but for the fields of a namespace
                # that was made outside.
                control.own |= names
                names = set()
                targets = [
                    target
                    for target in targets
                    if isinstance(target, nodes.NSRef) and target.name not in control.own
                ]
            control.assigned += targets

    def _note_unsure(self, text: str) -> None:
        self.unsure.update(_NAME.findall(text))

    # -- parsing

    def _parse_opener(self, source: str, piece: Statement, site: int) -> nodes.Node | None:
        parsed = parse_opener(source, piece.source, self.environment, self.internal)
        return self._placed(*parsed, piece.where, site)

    def _placed(
        self,
        node: N | None,
        problems: list[TagProblem],
        where: Location,
        site: int,
    ) -> N | None:
        """The tree of a tag at its site, its problems reported; in a traced program, with the uses
        of variables watched.
        """
        self.faulty = bool(problems)
        for problem in problems:
            self._fault(problem.kind, where, problem.message, problem.hint)
        if node is None:
            return None
        node.set_lineno(site + 1, override=True)
        return watch_uses(node, self.variables) if self.variables else node

    def _site(self, where: Location, source: str) -> int:
        self.work += work_of(source)
        self.tables.sites.append(TagSite(where, source, self.origin))
        return len(self.tables.sites) - 1

    def _fault(
        self,
        kind: int,
        where: Location,
        message: str,
        hint: str,
    ) -> None:
        """`kind`: that of a TagProblem, or _CONTROL."""
        self.problems.append(Problem(_CODES[self.origin][kind], message, where, hint))
