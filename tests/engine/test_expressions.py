"""Plain tags are parsed without Jinja's parser, and must give the very tree that it gives."""

from __future__ import annotations

import keyword

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import TemplateSyntaxError, nodes
from jinja2.parser import Parser

from papergen.engine.expressions import parse_expression
from papergen.engine.sandbox import Environment

ENVIRONMENT = Environment()
FILTERS = sorted(name for name in ENVIRONMENT.filters if name[:1].isalpha())
WORDS = st.one_of(
    st.from_regex(r"[a-zA-Z][a-zA-Z0-9_]{0,8}", fullmatch=True),
    st.sampled_from(
        [
            *keyword.kwlist,
            "true",
            "none",
            "loop",
            "recursive",
            "ignore",
            "context",
            "with",
            "block",
            "pluralize",
        ]
    ),
)


@given(st.lists(WORDS, min_size=1, max_size=4), st.lists(st.sampled_from(FILTERS), max_size=3))
def test_a_plain_tag_has_the_tree_that_jinja_gives_it(names: list[str], filters: list[str]) -> None:
    source = "|".join([".".join(names), *filters])
    tree, problems = parse_expression(source, ENVIRONMENT)
    try:
        expected = Parser(ENVIRONMENT, source, state="variable").parse_tuple(with_condexpr=True)
    except TemplateSyntaxError:
        assert tree is None
        assert problems
    else:
        assert tree == expected
        assert not problems


@pytest.mark.parametrize("source", ["x y", "x.", "x|", "x..y", "x.1", "not x", "_x", "x._y", ""])
def test_what_is_not_plain_is_left_to_jinja_and_its_faults_are_found(source: str) -> None:
    tree, problems = parse_expression(source, ENVIRONMENT)
    assert (tree is None) == bool(problems)
    if source not in ("x.1", "not x"):
        assert problems


@pytest.mark.parametrize("source", ["x|upperr", "x|upperr(1) ~ y", "x is odder", "x|safe"])
def test_where_only_a_filter_or_test_is_wrong_the_names_can_still_be_checked(source: str) -> None:
    tree, problems = parse_expression(source, ENVIRONMENT)
    assert tree is not None
    assert "x" in {
        name.name for name in [tree, *tree.find_all(nodes.Name)] if isinstance(name, nodes.Name)
    }
    assert len(problems) == 1
