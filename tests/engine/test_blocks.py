"""Openers, middles and closers of blocks are matched in one place, which says what is wrong as a value."""

from __future__ import annotations

import pytest

from papergen.engine.blocks import (
    BlockStack,
    Mismatch,
    OpenBlock,
    first_word,
    is_closer,
    is_middle,
    is_opener,
    openers_for,
)


def stack_of(*blocks: tuple[str, str], by_container: bool = False) -> BlockStack[OpenBlock]:
    """A stack with blocks that are open, each a word and its container."""
    stack: BlockStack[OpenBlock] = BlockStack(by_container=by_container)
    for word, container in blocks:
        stack.open(OpenBlock(word, container))
    return stack


def words(stack: BlockStack[OpenBlock]) -> list[str]:
    return [block.word for block in stack.blocks]


@pytest.mark.parametrize(
    ("word", "kinds"),
    [
        ("if", (True, False, False)),
        ("for", (True, False, False)),
        ("elif", (False, True, False)),
        ("else", (False, True, False)),
        ("endif", (False, False, True)),
        ("endfor", (False, False, True)),
        ("set", (False, False, False)),
        ("", (False, False, False)),
    ],
)
def test_each_word_opens_divides_or_closes(word: str, kinds: tuple[bool, bool, bool]) -> None:
    assert (is_opener(word), is_middle(word), is_closer(word)) == kinds


def test_middles_and_closers_belong_to_certain_openers() -> None:
    assert openers_for("elif") == ("if",)
    assert openers_for("else") == ("if", "for")
    assert openers_for("endif") == ("if",)
    assert openers_for("endfor") == ("for",)
    assert openers_for("vm") == ()


def test_word_that_is_no_closer_ends_nothing() -> None:
    stack = stack_of(("if", "p"))
    match = stack.close("vm", "p")
    assert match.mismatch is Mismatch.UNOPENED
    assert words(stack) == ["if"]


def test_keyword_is_what_comes_before_the_first_blank() -> None:
    assert first_word("if x") == "if"
    assert first_word("endif") == "endif"
    assert first_word("  ") == ""


def test_closer_ends_its_block() -> None:
    stack = stack_of(("for", "p"), ("if", "p"))
    match = stack.close("endif", "p")
    assert match.block is not None
    assert match.block.word == "if"
    assert match.mismatch is None
    assert match.unclosed == ()
    assert words(stack) == ["for"]


def test_middles_begin_branches() -> None:
    stack = stack_of(("if", "p"))
    for word in ("elif", "elif", "else"):
        assert stack.middle(word, "p").mismatch is None
    (block,) = stack.blocks
    assert block.branch == 3
    assert block.has_else


@pytest.mark.parametrize("word", ["elif", "else"])
def test_nothing_follows_else(word: str) -> None:
    stack = stack_of(("if", "p"))
    stack.middle("else", "p")
    assert not stack.expects(word)
    assert stack.middle(word, "p").mismatch is Mismatch.AFTER_ELSE
    assert words(stack) == ["if"]


@pytest.mark.parametrize("word", ["elif", "else", "endif", "endfor"])
def test_word_without_opener_is_unopened(word: str) -> None:
    stack = stack_of()
    assert not stack.expects(word)
    match = stack.middle(word) if is_middle(word) else stack.close(word)
    assert match.mismatch is Mismatch.UNOPENED
    assert match.block is None
    assert match.innermost is None


def test_elif_does_not_divide_a_loop() -> None:
    stack = stack_of(("if", "p"), ("for", "p"))
    assert not stack.expects("elif")
    assert stack.expects("else")
    match = stack.middle("elif", "p")
    assert match.mismatch is Mismatch.UNOPENED
    assert match.innermost is stack.blocks[-1]


def test_closer_of_another_kind_leaves_all_open() -> None:
    stack = stack_of(("for", "p"))
    match = stack.close("endif", "p")
    assert match.mismatch is Mismatch.UNOPENED
    assert match.innermost is stack.blocks[-1]
    assert words(stack) == ["for"]


def test_closer_ends_what_is_open_inside_its_block() -> None:
    stack = stack_of(("if", "p"), ("for", "p"), ("for", "p"))
    assert not stack.expects("endif")
    innermost = stack.innermost
    match = stack.close("endif", "p")
    assert match.mismatch is None
    assert [block.word for block in match.unclosed] == ["for", "for"]
    assert match.innermost is innermost
    assert words(stack) == []


def test_block_crosses_its_container() -> None:
    stack = stack_of(("if", "cell"))
    assert stack.middle("else", "paragraph").mismatch is Mismatch.CROSSING
    (block,) = stack.blocks
    assert block.branch == 1
    assert not block.has_else, "an else in the right place may follow"
    assert stack.close("endif", "paragraph").mismatch is Mismatch.CROSSING
    assert words(stack) == []


def test_word_belongs_to_the_innermost_block() -> None:
    stack = stack_of(("if", "outer"), ("if", "inner"))
    match = stack.close("endif", "outer")
    assert match.mismatch is Mismatch.CROSSING
    assert match.block is not None
    assert match.block.container == "inner"
    assert [block.container for block in stack.blocks] == ["outer"]


def test_by_container_word_belongs_to_a_block_in_its_own() -> None:
    stack = stack_of(("if", "outer"), ("if", "inner"), by_container=True)
    assert stack.middle("else", "outer").block is stack.blocks[0]
    match = stack.close("endif", "outer")
    assert match.mismatch is None
    assert [block.container for block in match.unclosed] == ["inner"]
    assert words(stack) == []


def test_by_container_word_belongs_to_any_block_where_its_own_has_none() -> None:
    stack = stack_of(("if", "inner"), by_container=True)
    match = stack.close("endif", "outer")
    assert match.mismatch is Mismatch.CROSSING
    assert match.block is not None
