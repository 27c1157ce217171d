"""One tag at a time: what it says as Jinja's tree, and what is wrong with it, in the words of those
who write tags.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Final, TypeVar

from jinja2 import TemplateSyntaxError, nodes
from jinja2.parser import Parser

from papergen.engine.limits import MAX_NUMBER
from papergen.engine.sandbox import FORBIDDEN_FILTERS, Environment
from papergen.text import FORBIDDEN_IN_XML, did_you_mean, shorten

N = TypeVar("N", bound=nodes.Node)

DEEPEST = 80
"""Operations within each other in one tag: Python's own parser gives up at 200 brackets, and each
takes up to two.
"""

SYNTAX, FORBIDDEN = 0, 1

# The functions that the template compiler writes itself: ids that are counted at run time, and
# cells. A user cannot: no name of a user's may begin with an underscore.
INTERNAL: Final = ("_drawing_id", "_bookmark_id", "_bookmark_name", "_bookmark_end_id")


@dataclass(frozen=True, slots=True)
class TagProblem:
    """What is wrong with a tag. `kind`: SYNTAX or FORBIDDEN."""

    kind: int
    message: str
    hint: str


def parse_expression(
    source: str, environment: Environment, internal: Collection[str] = ()
) -> tuple[nodes.Expr | None, list[TagProblem]]:
    """The tree of `{{ source }}`, and what is wrong with it.

    Where only filters or tests are wrong, the tree has others in place of them, so that its names
    can be checked; else it is None.
    """
    plain = _plain(source)
    if plain is not None:
        # Nothing can be wrong with it but its filters, so it need not be searched.
        return plain, [
            fault
            for filter_ in _filters_of(plain)
            for fault in _faults_of_filter(filter_, environment)
        ]

    def parse() -> nodes.Expr:
        parser = Parser(environment, source, state="variable")
        node = parser.parse_tuple(with_condexpr=True)
        if not parser.stream.eos:
            raise TemplateSyntaxError(
                "something is missing between its words, such as a full stop or |", 1
            )
        return node

    return _checked(parse, f"“{{{{ {source} }}}}”", environment, internal)


# Most tags are a name with fields and filters; Jinja's lexer and parser take ten times as long over
# them as this.
_PLAIN: Final = re.compile(r"[a-zA-Z]\w*(?:\.[a-zA-Z]\w*)*(?:\|[a-zA-Z]\w*)*", re.ASCII)
NOT_NAMES: Final = {
    "true",
    "false",
    "none",
    "True",
    "False",
    "None",
    "not",
    "and",
    "or",
    "in",
    "is",
    "if",
    "else",
}


def _plain(source: str) -> nodes.Expr | None:
    """The tree of `name.field|filter`, as Jinja's parser gives it; None for anything else."""
    if not _PLAIN.fullmatch(source) or source.count(".") + source.count("|") >= DEEPEST:
        return None
    value, *filters = source.split("|")
    name, *fields = value.split(".")
    if name in NOT_NAMES:
        return None
    node: nodes.Expr = nodes.Name(name, "load", lineno=1)
    for field in fields:
        node = nodes.Getattr(node, field, "load", lineno=1)
    for filter_ in filters:
        node = nodes.Filter(node, filter_, [], [], None, None, lineno=1)
    return node


def _filters_of(node: nodes.Expr | None) -> Iterator[nodes.Filter]:
    while isinstance(node, nodes.Filter):
        yield node
        node = node.node


_PLAIN_LOOP: Final = re.compile(r"([a-zA-Z]\w*) in (.+)", re.ASCII)


def parse_opener(
    source: str, shown: str, environment: Environment, internal: Collection[str] = ()
) -> tuple[nodes.Node | None, list[TagProblem]]:
    """The tree of an `if` or a `for` without what it holds, and what is wrong with it; see
    `parse_statement`.
    """
    keyword, _, rest = source.partition(" ")
    loop = _PLAIN_LOOP.fullmatch(rest) if keyword == "for" else None
    plain = _plain(loop[2] if loop else rest)
    if plain is not None and (keyword == "if" or (loop and loop[1] not in (*NOT_NAMES, "loop"))):
        found = [
            fault
            for filter_ in _filters_of(plain)
            for fault in _faults_of_filter(filter_, environment)
        ]
        if loop is None:
            return nodes.If(plain, [], [], [], lineno=1), found
        return nodes.For(
            nodes.Name(loop[1], "store", lineno=1), plain, [], [], None, False, lineno=1
        ), found
    return parse_statement(f"{{% {source} %}}{{% end{keyword} %}}", shown, environment, internal)


def parse_statement(
    source: str, shown: str, environment: Environment, internal: Collection[str] = ()
) -> tuple[nodes.Node | None, list[TagProblem]]:
    """The tree of a statement that is written out with its end; `shown` is the tag as its author
    wrote it.
    """

    def parse() -> nodes.Node:
        body = Parser(environment, source).parse().body
        if len(body) != 1:
            raise TemplateSyntaxError("it holds more than one statement", 1)
        return body[0]

    return _checked(parse, f"“{{% {shown} %}}”", environment, internal)


def _checked(
    parse: Callable[[], N], shown: str, environment: Environment, internal: Collection[str]
) -> tuple[N | None, list[TagProblem]]:
    hint = "Write {{ name }}, {{ name.field }} or {{ name|filter }}."
    try:
        tree = parse()
    except TemplateSyntaxError as fault:
        return None, [TagProblem(SYNTAX, f"{shown} cannot be understood: {_in_words(fault)}", hint)]
    except ValueError:  # Python's bound on the digits of a whole number
        return None, [
            TagProblem(
                SYNTAX, f"{_short(shown)} cannot be understood: a number in it is too long", hint
            )
        ]
    except RecursionError:
        return None, [_too_deep(shown)]
    found: list[TagProblem] = []
    whole = _search(tree, shown, environment, internal, found)
    return (tree if whole else None), found


def _search(
    tree: nodes.Node,
    shown: str,
    environment: Environment,
    internal: Collection[str],
    found: list[TagProblem],
) -> bool:
    """Add what is wrong in a tree to `found`; tells whether the tree is of use: nothing but filters
    and tests is wrong.
    """
    whole = True
    todo = [(tree, 1)]
    while todo:
        node, depth = todo.pop()
        if depth > DEEPEST:
            found.append(_too_deep(shown))
            return False
        todo += [(child, depth + 1) for child in reversed(list(node.iter_child_nodes()))]
        name = _hidden_name(node, internal)
        if name:
            found.append(
                TagProblem(
                    FORBIDDEN,
                    f"the name “{name}” is not allowed",
                    "Names do not begin with an underscore.",
                )
            )
            whole = False
        elif isinstance(node, nodes.For) and "loop" in _targets(node):
            hint = "Write another name: {% for action in phase.p1.actions %}."
            found.append(
                TagProblem(
                    FORBIDDEN,
                    "“loop” is what a loop knows of itself, and cannot be its variable",
                    hint,
                )
            )
            whole = False
        elif isinstance(node, (nodes.Filter, nodes.Test)):
            found += _faults_of_filter(node, environment)
        elif isinstance(node, nodes.Const):
            found += _faults_of_constant(node.value)
        elif isinstance(node, nodes.For) and node.recursive:
            message = f"{_short(shown)}: “recursive” is not allowed"
            found.append(TagProblem(FORBIDDEN, message, "Write one loop inside the other."))
            whole = False
    return whole


def _faults_of_constant(value: object) -> Iterator[TagProblem]:
    if (isinstance(value, float) and not math.isfinite(value)) or (
        isinstance(value, int) and value > MAX_NUMBER
    ):
        yield TagProblem(SYNTAX, "a number here is too large", "Write a smaller number.")
    elif isinstance(value, str) and (found := FORBIDDEN_IN_XML.search(value)):
        # They could be taken for the characters by which papergen knows a gap, or the name of a
        # body, in a text.
        yield TagProblem(
            FORBIDDEN,
            (
                f"a text in this tag makes the character U+{ord(found[0]):04X}, which no Word "
                "file can hold"
            ),
            "Write the text without a backslash; \\n and \\t are the only ones that a paper needs.",
        )


def _targets(loop: nodes.For) -> set[str]:
    return {
        name.name
        for name in [loop.target, *loop.target.find_all(nodes.Name)]
        if isinstance(name, nodes.Name)
    }


def _hidden_name(node: nodes.Node, internal: Collection[str]) -> str:
    """The name that begins with an underscore, where the node uses one."""
    name = ""
    if isinstance(node, (nodes.Name, nodes.NSRef)):
        name = node.name
    elif isinstance(node, nodes.Getattr):
        name = node.attr
    elif isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const):
        name = str(node.arg.value)
    return name if name.startswith("_") and name not in internal else ""


def _faults_of_filter(
    node: nodes.Filter | nodes.Test, environment: Environment
) -> Iterator[TagProblem]:
    """What is wrong with one filter or test, which gets the name of one that there is."""
    known = environment.filters if isinstance(node, nodes.Filter) else environment.tests
    word = "filter" if isinstance(node, nodes.Filter) else "test"
    if isinstance(node, nodes.Filter) and node.name in FORBIDDEN_FILTERS:
        hint = f"Leave it out: {FORBIDDEN_FILTERS[node.name]}."
        yield TagProblem(FORBIDDEN, f"the filter “{node.name}” is not allowed", hint)
        node.name = "default"
    elif node.name not in known or node.name.startswith("_"):
        names = [name for name in known if name[:1].isalpha()]
        hint = did_you_mean(node.name, names) or "Check the spelling."
        yield TagProblem(SYNTAX, f"there is no {word} “{node.name}”", hint)
        node.name = "default" if word == "filter" else "defined"


def _too_deep(shown: str) -> TagProblem:
    hint = "Divide it into several tags, or set parts of it first: {% set name = … %}."
    return TagProblem(
        FORBIDDEN, f"{_short(shown)} holds too many operations within each other", hint
    )


def _short(shown: str) -> str:
    """A tag in its quotation marks, shortened between them."""
    return f"“{shorten(shown[1:-1], 58)}”"


def _in_words(fault: TemplateSyntaxError) -> str:
    message = re.sub(r" at \d+$", "", (fault.message or "").rstrip("."))
    for jargon, words in _WORDS.items():
        message = message.replace(jargon, words)
    return message[:1].lower() + message[1:]


_WORDS: Final = {
    "unexpected 'end of template'": "it ends too early",
    "unexpected 'end of statement block'": "it ends too early",
    "'end of template'": "its end",
    "'end of statement block', got '='": "two signs “==” to compare by",
    "'end of statement block'": "its end",
    "expected token": "expected",
}
"""What Jinja's parser says, in the words of those who write tags."""
