"""One tag at a time: its meaning as Jinja's tree, and what is wrong with it, in the words of those
who write tags.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Final, TypeVar

from jinja2 import TemplateSyntaxError, nodes

from papergen.engine.allowed_filters import REFUSED_FILTERS
from papergen.engine.jinja_internals import Parser
from papergen.engine.limits import MAX_NUMBER
from papergen.engine.sandbox import Environment
from papergen.text import FORBIDDEN_IN_XML, did_you_mean, shorten

N = TypeVar("N", bound=nodes.Node)

DEEPEST = 80
"""Operations within each other in one tag. Python's own parser gives up at 200 brackets, and each
operation takes up to two.
"""

SYNTAX, FORBIDDEN = 0, 1

# The functions for which the template compiler itself writes tags. Names that begin with an
# underscore are forbidden elsewhere.
INTERNAL: Final = ("_drawing_id", "_bookmark_id", "_bookmark_name", "_bookmark_end_id")


@dataclass(frozen=True, slots=True)
class TagProblem:
    """What is wrong with a tag. `kind`: SYNTAX or FORBIDDEN."""

    kind: int
    message: str
    hint: str


# -- parsing


def parse_expression(
    source: str, environment: Environment, internal: Collection[str] = ()
) -> tuple[nodes.Expr | None, list[TagProblem]]:
    """The tree of `{{ source }}`, and what is wrong with it.

    Where only filters or tests are wrong, the tree has others in place of them, so that its names
    can be checked; else it is None.
    """
    plain = _plain(source)
    if plain is not None:
        return plain, _faults_of_filters(plain, environment)

    def parse() -> nodes.Expr:
        parser = Parser(environment, source, state="variable")
        node = parser.parse_tuple(with_condexpr=True)
        if not parser.stream.eos:
            raise TemplateSyntaxError(
                "something is missing between its words, such as a full stop or |", 1
            )
        return node

    return _checked(parse, f"“{{{{ {source} }}}}”", environment, internal)


# Most tags are a name with fields and filters, for which Jinja's lexer and parser take ten times as
# long as this. Nothing but its filters can be wrong with such a tag.
_PLAIN: Final = re.compile(r"[a-zA-Z]\w*(?:\.[a-zA-Z]\w*)*(?:\|[a-zA-Z]\w*)*", re.ASCII)
NOT_NAMES: Final = frozenset(
    "true false none True False None not and or in is if else".split()  # noqa: SIM905
)


def _plain(source: str) -> nodes.Expr | None:
    """The tree of `name.field|filter`, equal to that of Jinja's parser; None for anything else."""
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


def _faults_of_filters(plain: nodes.Expr, environment: Environment) -> list[TagProblem]:
    found: list[TagProblem] = []
    node: nodes.Expr | None = plain
    while isinstance(node, nodes.Filter):
        found += _faults_of_filter(node, environment)
        node = node.node
    return found


_PLAIN_LOOP: Final = re.compile(r"([a-zA-Z]\w*) in (.+)", re.ASCII)


def parse_opener(
    source: str,
    shown: str,
    environment: Environment,
    internal: Collection[str] = (),
) -> tuple[nodes.Node | None, list[TagProblem]]:
    """The tree of an `if` or a `for` without what it holds, and what is wrong with it; see
    `parse_statement`.
    """
    keyword, _, rest = source.partition(" ")
    opener = None
    if keyword == "if":
        opener = _plain_if(rest)
    elif keyword == "for":
        opener = _plain_for(rest)
    if opener is not None:
        node, value = opener
        return node, _faults_of_filters(value, environment)
    return parse_statement(f"{{% {source} %}}{{% end{keyword} %}}", shown, environment, internal)


def _plain_if(rest: str) -> tuple[nodes.Node, nodes.Expr] | None:
    value = _plain(rest)
    if value is None:
        return None
    return nodes.If(value, [], [], [], lineno=1), value


def _plain_for(rest: str) -> tuple[nodes.Node, nodes.Expr] | None:
    loop = _PLAIN_LOOP.fullmatch(rest)
    if loop is None or loop[1] in NOT_NAMES or loop[1] == "loop":
        return None
    value = _plain(loop[2])
    if value is None:
        return None
    target = nodes.Name(loop[1], "store", lineno=1)
    return nodes.For(target, value, [], [], None, False, lineno=1), value


def parse_statement(
    source: str,
    shown: str,
    environment: Environment,
    internal: Collection[str] = (),
) -> tuple[nodes.Node | None, list[TagProblem]]:
    """The tree of a statement that is written out with its end. `shown`: the tag as its author
    wrote it.
    """

    def parse() -> nodes.Node:
        body = Parser(environment, source).parse().body
        if len(body) != 1:
            raise TemplateSyntaxError("it holds more than one statement", 1)
        return body[0]

    return _checked(parse, f"“{{% {shown} %}}”", environment, internal)


def _checked(
    parse: Callable[[], N],
    shown: str,
    environment: Environment,
    internal: Collection[str],
) -> tuple[N | None, list[TagProblem]]:
    hint = "Write {{ name }}, {{ name.field }} or {{ name|filter }}."
    try:
        tree = parse()
    except TemplateSyntaxError as fault:
        return None, [TagProblem(SYNTAX, f"{shown} cannot be understood: {_in_words(fault)}", hint)]
    except ValueError:  # Python's bound on the digits of a whole number
        message = f"{_short(shown)} cannot be understood: a number in it is too long"
        return None, [TagProblem(SYNTAX, message, hint)]
    except RecursionError:
        return None, [_too_deep(shown)]
    found: list[TagProblem] = []
    whole = _search(tree, shown, environment, internal, found)
    return (tree if whole else None), found


# -- what is wrong with a tree


def _search(
    tree: nodes.Node,
    shown: str,
    environment: Environment,
    internal: Collection[str],
    found: list[TagProblem],
) -> bool:
    """Add what is wrong in a tree to `found`. Whether the tree is of use: nothing but filters and
    tests is wrong.
    """
    whole = True
    to_search = [(tree, 1)]
    while to_search:
        node, depth = to_search.pop()
        if depth > DEEPEST:
            found.append(_too_deep(shown))
            return False
        children = list(node.iter_child_nodes())
        to_search += [(child, depth + 1) for child in reversed(children)]
        forbidden = _forbidden(node, shown, internal)
        if forbidden is not None:
            found.append(forbidden)
            whole = False
        elif isinstance(node, (nodes.Filter, nodes.Test)):
            found += _faults_of_filter(node, environment)
        elif isinstance(node, nodes.Const):
            found += _faults_of_constant(node.value)
    return whole


def _forbidden(node: nodes.Node, shown: str, internal: Collection[str]) -> TagProblem | None:
    """What makes a node useless: a hidden name, or a loop that papers do not have."""
    name = _hidden_name(node, internal)
    if name:
        message = f"the name “{name}” is not allowed"
        return TagProblem(FORBIDDEN, message, "Names do not begin with an underscore.")
    if not isinstance(node, nodes.For):
        return None
    if "loop" in _targets(node):
        return TagProblem(
            FORBIDDEN,
            "“loop” is what a loop knows of itself, and cannot be its variable",
            "Write another name: {% for action in phase.p1.actions %}.",
        )
    if node.recursive:
        message = f"{_short(shown)}: “recursive” is not allowed"
        return TagProblem(FORBIDDEN, message, "Write one loop inside the other.")
    return None


def _faults_of_constant(value: object) -> Iterator[TagProblem]:
    if isinstance(value, str):
        found = FORBIDDEN_IN_XML.search(value)
        if found:
            # It could pass for part of a token: a gap, or the name of a body, in a text.
            yield TagProblem(
                FORBIDDEN,
                f"a text in this tag makes the character U+{ord(found[0]):04X}, which no Word "
                "file can hold",
                "Write the text without a backslash; \\n and \\t are the only ones that a paper "
                "needs.",
            )
        return
    is_infinite = isinstance(value, float) and not math.isfinite(value)
    if is_infinite or (isinstance(value, int) and value > MAX_NUMBER):
        yield TagProblem(SYNTAX, "a number here is too large", "Write a smaller number.")


def _targets(loop: nodes.For) -> set[str]:
    targets = {name.name for name in loop.target.find_all(nodes.Name)}
    if isinstance(loop.target, nodes.Name):
        targets.add(loop.target.name)
    return targets


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
    """What is wrong with one filter or test, which then gets the name of one that there is."""
    is_filter = isinstance(node, nodes.Filter)
    known = environment.filters if is_filter else environment.tests
    if is_filter and node.name in REFUSED_FILTERS:
        hint = f"Leave it out: {REFUSED_FILTERS[node.name]}."
        yield TagProblem(FORBIDDEN, f"the filter “{node.name}” is not allowed", hint)
    elif node.name not in known or node.name.startswith("_"):
        word = "filter" if is_filter else "test"
        hint = _near_name(node.name, known)
        yield TagProblem(SYNTAX, f"there is no {word} “{node.name}”", hint)
    else:
        return
    node.name = "default" if is_filter else "defined"


def _near_name(name: str, known: Collection[str]) -> str:
    words = [name for name in known if name[:1].isalpha()]
    return did_you_mean(name, words) or "Check the spelling."


def _too_deep(shown: str) -> TagProblem:
    return TagProblem(
        FORBIDDEN,
        f"{_short(shown)} holds too many operations within each other",
        "Divide it into several tags, or set parts of it first: {% set name = … %}.",
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
