"""What a run may do is counted in that run, whatever asks for it; what is not allowed is not there."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from jinja2 import UndefinedError
from narrative_reader import RUN_WORDS

from papergen.engine.bounded_operations import METHODS
from papergen.engine.codegen import compile_pieces
from papergen.engine.compiled import Tables
from papergen.engine.current_run import CURRENT_RUN
from papergen.engine.limits import MAX_STEPS
from papergen.engine.pieces import Context, Expression, Piece, Statement
from papergen.engine.render import InlineText, make_environment, render, run_values
from papergen.engine.state import RenderState
from papergen.engine.undefined import MissingName
from papergen.errors import Location

HERE = Location("paper.yaml", 1, 1)
ENVIRONMENT = make_environment()


def run_of(*pieces: Piece, **values: object) -> RenderState:
    """A run of pieces with values."""
    tables, problems = Tables(), []
    compiled = compile_pieces(pieces, ENVIRONMENT, tables, problems, origin="paper")
    assert compiled is not None, problems
    run = RenderState(words=RUN_WORDS, paragraphs=tables.paragraphs, sites=tables.sites)
    run_values(ENVIRONMENT, run, values)
    render(compiled.bind(ENVIRONMENT), run)
    return run


def codes(source: str, **values: object) -> list[str]:
    run = run_of(Expression(source, HERE, Context.PLAIN), **values)
    return [problem.code for problem in run.problems]


LONG = "a" * 900_000


@pytest.mark.parametrize(
    "source",
    [
        "x|upper",
        "x.split('a')|length",
        "x['strip']('b')",
        "[x, x]|map('upper')|list|length",
        "x ~ 'b'",
        "x + 'b'",
        "x[1:]",
        "x == y",
        "x is eq(y)",
        "[x]|select('eq', y)|list|length",
        "x in [y]",
        "numbers|sum",
        "numbers|sort|length",
        "numbers.index(4999)",
        "numbers|select('odd')|list|length",
        "many.items()|length",
        "cycler(*numbers).next()",
    ],
)
def test_each_operation_on_what_is_long_is_counted_in_its_run(source: str) -> None:
    numbers = [*range(5000)]
    values = {"x": LONG, "y": LONG[:-1] + "b", "numbers": numbers}
    run = run_of(Expression(source, HERE), many=dict.fromkeys(numbers, 1), **values)
    assert run.problems == []
    assert run.budget.steps > 100
    assert run_of(Expression("1", HERE), **values).budget.steps == 0


@pytest.mark.parametrize(
    "loop", ["range(99999)", "many", "many.items()", "many|items", "many.values()|reverse"]
)
def test_loops_within_loops_stop_whatever_they_go_through(loop: str) -> None:
    many = dict.fromkeys(range(99_999), 1)
    inner = [Statement(f"for b in {loop}", HERE), "text", Statement("endfor", HERE)]
    run = run_of(Statement(f"for a in {loop}", HERE), *inner, Statement("endfor", HERE), many=many)
    assert [problem.code for problem in run.problems] == ["too-much-work"]
    assert run.budget.steps <= MAX_STEPS + 99_999 * 99_999


def test_a_text_within_a_text_counts_in_the_same_run() -> None:
    tables, problems = Tables(), []
    pieces = [Expression("x|upper", HERE, Context.VALUE)]
    inner = compile_pieces(pieces, ENVIRONMENT, tables, problems, origin="paper")
    assert inner is not None
    title = InlineText(inner.bind(ENVIRONMENT))
    assert run_of(Expression("title", HERE), title=title, x=LONG).budget.steps > 100


def test_runs_in_threads_count_for_themselves() -> None:
    def steps(length: int) -> int:
        return run_of(Expression("x|upper", HERE), x="a" * length).budget.steps

    lengths = [20_000 * number for number in range(1, 21)]
    with ThreadPoolExecutor(4) as threads:
        assert [*threads.map(steps, lengths)] == [length // 4 for length in lengths]


def test_no_run_is_left_behind() -> None:
    run_of(Expression("x.nothing", HERE), x={})
    assert CURRENT_RUN.get() is None
    with pytest.raises(UndefinedError):
        str(MissingName(name="x"))


VALUES = ["text", [1], (1,), {"key": 1}, 5, 1.5, True, range(3)]


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_only_the_methods_that_are_listed_are_there(value: object) -> None:
    allowed = METHODS[type(value)]
    assert allowed <= {*dir(value)}
    for name in dir(value):
        if name.startswith("_"):
            continue
        defined = run_of(
            Statement(f"if x.{name} is defined", HERE),
            Expression("x.known", HERE),
            Statement("endif", HERE),
            x=value,
        ).problems
        assert bool(defined) == (name in allowed), name


class Text(str):
    __slots__ = ()


@pytest.mark.parametrize("source", ["x.center(9)", "x['center'](9)", "x.zfill(9)", "x.format(9)"])
def test_a_kind_of_text_has_no_more_methods_than_a_text(source: str) -> None:
    assert codes(source, x=Text("a")) == ["undefined-name"]
    assert codes("x.upper()", x=Text("a")) == []
