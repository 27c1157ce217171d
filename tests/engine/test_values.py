"""Values inside expressions: gaps, references and records survive what Jinja does with them, or
fail with a place.
"""

from __future__ import annotations

import pickle

import pytest

from papergen.engine.codegen import compile_pieces
from papergen.engine.compiled import Tables
from papergen.engine.pieces import Begin, Context, End, Expression, Paragraph, Piece, Statement
from papergen.engine.render import InlineText, make_environment, render, run_values, suggest
from papergen.engine.state import RenderState, RunWords
from papergen.engine.values import Gap
from papergen.errors import Location, Problem

WORDS = RunWords(
    "paragraph", "to be confirmed", "[to be confirmed: {what}]", "To be confirmed: {what}. {hint}"
)
HERE = Location("paper.yaml", 1, 1)
OPEN, CLOSE = '<w:r><w:t xml:space="preserve">', "</w:t></w:r>"


def draft(pieces: list[Piece], **values: object) -> tuple[str, RenderState, list[Problem]]:
    """The XML of some pieces with some values, the run, and all problems."""
    environment = make_environment()
    tables, problems = Tables(), []
    compiled = compile_pieces(pieces, environment, tables, problems, origin="paper")
    if compiled is None:
        return "", RenderState(words=WORDS), problems
    function = pickle.loads(pickle.dumps(compiled)).bind(environment)
    run = RenderState(
        words=WORDS, paragraphs=tables.paragraphs, sites=tables.sites, suggest=suggest
    )
    run_values(environment, run, values)
    xml = render(function, run)
    run.check_references()
    return run.settle(xml), run, problems + run.problems


def expression(source: str, **values: object) -> tuple[str, list[str], RenderState]:
    xml, run, problems = draft([OPEN, Expression(source, HERE), CLOSE], **values)
    return xml.removeprefix(OPEN).removesuffix(CLOSE), [str(problem) for problem in problems], run


GAP = Gap("owner of action 1.3", "Add “owner:” to action 1.3.", "plan.actions[2].owner")


@pytest.mark.parametrize(
    "source",
    [
        "gap",
        "gap|upper",
        "gap|trim",
        "'by ' ~ gap",
        "[gap, 'x']|join(' and ')",
        "gap.title",
        "gap|default|upper",
        "(gap ~ 'x')|upper",
        "gap|cap",
    ],
)
def test_a_gap_survives_filters_joins_and_concatenation(source: str) -> None:
    xml, problems, run = (
        expression(source, gap=GAP)
        if "default" not in source
        else expression("gap.name|upper", gap=GAP)
    )
    assert problems == []
    assert "[to be confirmed: owner of action 1.3]" in xml
    assert '<w:shd w:val="clear" w:color="auto" w:fill="FFFF00"/>' in xml
    assert "highlight" not in xml, "LibreOffice paints it over the blank after a paragraph's number"
    assert list(run.gaps.found) == [(GAP.what, GAP.path)]
    assert len(run.gaps.comments) == 1


@pytest.mark.parametrize(
    ("source", "use"),
    [
        ("gap == 'x'", "compared"),
        ("gap < 3", "compared"),
        ("gap|count", "counted"),
        ("'x' in gap", "searched"),
    ],
)
def test_a_gap_that_is_compared_or_counted_is_a_fault_with_a_place(source: str, use: str) -> None:
    if "count" in source:
        source = "[1, 2]|batch(gap)|list"
    _, problems, _ = expression(source, gap=GAP)
    assert len(problems) == 1
    assert problems[0].startswith("paper.yaml:1:1: ")


def test_looping_over_a_gap_is_a_fault_with_a_place() -> None:
    _, _, problems = draft(
        [Statement("for x in gap", HERE), "x", Statement("endfor", HERE)], gap=GAP
    )
    assert [str(p) for p in problems] == [
        (
            "paper.yaml:1:1: value-misused: the owner of action 1.3 is not known, so it cannot be "
            "looped over"
        )
    ]
    assert problems[0].hint == GAP.hint


def test_a_gap_is_false_in_a_condition_and_default_replaces_it() -> None:
    assert expression("'yes' if gap else 'no'", gap=GAP)[0] == "no"
    assert expression("gap|default('nobody')", gap=GAP)[0] == "nobody"


def test_a_cut_token_is_a_fault_and_never_printed() -> None:
    xml, problems, _ = expression("(gap ~ 'x')|truncate(9, True, '')", gap=GAP)
    assert "\x02" not in xml
    assert len(problems) == 1


@pytest.mark.parametrize(
    "forged", ["\x0212345\x03", "\x02b0\x03", "\x02n0\x03", "\x02", "a\x00b", "\ud800", "\ufffe"]
)
def test_control_characters_in_data_cannot_pass_for_tokens(forged: str) -> None:
    xml, problems, _ = expression("x", x=forged)
    assert xml == ""
    assert len(problems) == 1
    assert "value-misused" in problems[0]


def test_text_is_escaped_once_and_breaks_become_elements() -> None:
    xml, problems, _ = expression("x", x="a & <b>\tc\r\nd\u2028e\u00a0\"'")
    assert problems == []
    assert xml == (
        'a &amp; &lt;b&gt;</w:t><w:tab/><w:t xml:space="preserve">c</w:t><w:br/><w:t '
        'xml:space="preserve">d\u2028e\u00a0"\''
    )


@pytest.mark.parametrize("value", [["a"], {"a": 1}, None, (1,), {1}])
def test_what_has_no_text_is_not_printed_as_python_would(value: object) -> None:
    xml, problems, _ = expression("x", x=value)
    assert xml == ""
    assert len(problems) == 1


class Html:
    def __html__(self) -> str:
        return "<w:p/>"

    def __str__(self) -> str:
        return "<b>"


@pytest.mark.parametrize("source", ["x", "x|e", "x|escape", "x|string", "x ~ ''", "[x]|join"])
def test_an_object_that_calls_itself_html_is_still_escaped(source: str) -> None:
    assert expression(source, x=Html())[0] == "&lt;b&gt;"


def test_all_undefined_names_are_reported_in_one_run_with_the_near_miss() -> None:
    pieces: list[Piece] = [
        Expression("x.titel", HERE),
        Expression("x.nothing.deep", Location("paper.yaml", 2, 5)),
    ]
    _, _, problems = draft(pieces, x={"title": "T"})
    assert [(str(p), p.hint) for p in problems] == [
        ("paper.yaml:1:1: undefined-name: “titel” is not defined", "Did you mean “title”?"),
        ("paper.yaml:2:5: undefined-name: “nothing” is not defined", "It has: title."),
    ]


@pytest.mark.parametrize(
    "source", ["x.a + 1", "1 - x.a", "-x.a", "x.a < 3", "x.a * 2", "x.a ** 2", "x.a // 2"]
)
def test_an_undefined_name_that_is_counted_with_is_reported_as_undefined(source: str) -> None:
    assert expression(source, x={"b": 1})[1] == [
        "paper.yaml:1:1: undefined-name: “a” is not defined"
    ]


def test_a_number_that_a_mapping_does_not_have_is_reported_as_a_name_is() -> None:
    _, _, problems = draft([OPEN, Expression("d[1]", HERE), CLOSE], d={"10": "x"})
    (problem,) = problems
    assert "“1” is not defined" in str(problem)
    assert problem.hint == "Did you mean “10”?"


def test_a_hyphen_of_an_id_is_explained() -> None:
    _, _, problems = draft(
        [Expression("x.programme-board", HERE)], x={"programme_board": "P"}, board="B"
    )
    assert (
        problems[0].hint
        == "Did you mean “programme_board”? A hyphen of an id is written as an underscore here."
    )
    environment, tables, found = make_environment(), Tables(), []
    pieces = [Expression("x.help-line-two", HERE)]
    compile_pieces(pieces, environment, tables, found, origin="paper", known=["x", "joiner"])
    assert {problem.hint for problem in found} == {
        "In a tag a hyphen is a minus sign: write “help_line_two”."
    }


def test_functions_that_make_values_can_be_called_and_other_types_cannot() -> None:
    assert (
        expression(
            "namespace(n=1).n ~ joiner('-')() ~ cycler('a').next() ~ dict(a=2).a ~ range(3)|sum"
        )[0]
        == "1a23"
    )
    assert expression("x()", x=int)[1] != []


@pytest.mark.parametrize("source", ["x is defined", "x|default('none given')"])
def test_an_undefined_name_may_be_tested_and_defaulted(source: str) -> None:
    assert expression(source)[1] == []


@pytest.mark.parametrize(
    "source",
    [
        "().__class__",
        "''['__class__']",
        "x._secret",
        "x|attr('real')",
        "x|safe",
        "x|tojson",
        ("'a' * 10**9"),
        "9**9**9",
        "'%999999d' % 1",
        "x.__init__.__globals__",
        "range(10**9)",
        "cycler.__init__",
        "x|map('safe')|list",
        "x|map(attribute='__class__')|list",
        "lipsum()",
        "[1]|random",
        "x|xmlattr",
        "'{0.__class__}'.format(x)",
        "label.__self__",
        "label.__globals__",
        "_run",
        "x|_text",
        "dict.mro()",
        "x.append(3)",
        "x.clear()",
    ],
)
def test_what_reaches_out_of_the_sandbox_is_refused(source: str) -> None:
    xml, problems, _ = expression(source, x=[1, 2])
    assert problems, xml


PARAGRAPH = Paragraph("<w:p>", HERE, "bg_1", None)


def test_labels_in_numbered_paragraphs_can_be_referred_to_before_and_after() -> None:
    one, two = (Paragraph("<w:p>", HERE, f"bg_{n}", None) for n in (1, 2))
    _, _, problems = draft(
        [
            Begin(one),
            Expression("label('a')", HERE),
            End(one),
            Begin(two),
            Expression("ref('b')", HERE),
            End(two),
        ]
    )
    assert sorted(p.code for p in problems) == ["unknown-label", "unknown-label"]


def test_an_optional_paragraph_that_comes_out_empty_is_dropped() -> None:
    paragraph = Paragraph("<w:p>", HERE, "bg_1", None, optional=True)
    pieces: list[Piece] = [Begin(paragraph), OPEN, Expression("x", HERE), CLOSE, End(paragraph)]
    assert draft(pieces, x="")[0] == ""
    assert draft(pieces, x="  ")[0] == ""
    assert "full" in draft(pieces, x="full")[0]
    assert "to be confirmed" in draft(pieces, x=GAP)[0]


def test_names_are_checked_before_anything_is_drafted() -> None:
    environment, tables, problems = make_environment(), Tables(), []
    pieces: list[Piece] = [
        Statement("if False", HERE),
        Expression("bord.name", HERE),
        Statement("endif", HERE),
        Expression("i", HERE),
    ]
    compile_pieces(pieces, environment, tables, problems, origin="template", known=["board", "i"])
    assert [(p.code, p.hint) for p in problems] == [("template-name", "Did you mean “board”?")]


def test_a_compiled_title_is_evaluated_where_it_is_printed() -> None:
    environment, tables, problems = make_environment(), Tables(), []
    inner = compile_pieces(
        ["Report on ", Expression("x", HERE, Context.VALUE)],
        environment,
        tables,
        problems,
        origin="paper",
    )
    assert inner is not None
    assert not problems
    title = InlineText(inner.bind(environment))
    xml, found, _ = expression("t", t=title, x="a < b")
    assert (xml, found) == ("Report on a &lt; b", [])
