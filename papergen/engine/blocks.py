"""The words that begin, divide and end blocks, `if` and `for`, and the one matcher for them.

Texts, templates and the generator of code match blocks with `BlockStack`, each in its own words
for what is wrong. Those that only read matched blocks, as trees or by depth, share the words.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from enum import Enum
from typing import Final, Generic, TypeVar

CLOSERS: Final = {"for": "endfor", "if": "endif"}
"""The word that ends a block, by the word that begins it."""
OPENERS: Final = {closer: opener for opener, closer in CLOSERS.items()}
"""The word that begins a block, by the word that ends it."""
MIDDLES: Final = {"elif": ("if",), "else": ("if", "for")}
"""The words that begin the blocks which a middle word may divide."""


def is_opener(word: str) -> bool:
    """Whether the statement with this keyword begins a block."""
    return word in CLOSERS


def is_middle(word: str) -> bool:
    """Whether the statement with this keyword begins another branch of a block."""
    return word in MIDDLES


def is_closer(word: str) -> bool:
    """Whether the statement with this keyword ends a block."""
    return word in OPENERS


def openers_for(word: str) -> tuple[str, ...]:
    """The words that begin the blocks which a middle or closing word may belong to; none for any
    other word.
    """
    if word in OPENERS:
        return (OPENERS[word],)
    return MIDDLES.get(word, ())


def first_word(body: str) -> str:
    """The keyword of a statement: what comes before its first blank."""
    words = body.split(None, 1)
    return words[0] if words else ""


@dataclass(slots=True, eq=False)
class OpenBlock:
    """A block that is open. `container`: what it may not cross, such as a paragraph or a cell; None
    where there is no such thing.
    """

    word: str
    container: Hashable
    branch: int = field(default=0, kw_only=True)
    """How many middle words it has had."""
    has_else: bool = field(default=False, kw_only=True)


B = TypeVar("B", bound=OpenBlock)


class Mismatch(Enum):
    """What is wrong with a middle or closing word."""

    UNOPENED = "no open block takes the word"
    CROSSING = "the block that it belongs to is open in another container"
    AFTER_ELSE = "the block that it belongs to has had its else"


@dataclass(frozen=True, slots=True)
class Match(Generic[B]):
    """What a middle or closing word belongs to, and what is wrong.

    `block`: None where no block takes the word. `innermost`: the innermost block before the word.
    `unclosed`: the blocks inside `block` that a closing word has ended before their own end.
    """

    block: B | None
    innermost: B | None
    mismatch: Mismatch | None = None
    unclosed: tuple[B, ...] = ()


class BlockStack(Generic[B]):
    """The blocks that are open, outermost first.

    `by_container`: a word belongs to a block in its own container before any other that is open.
    """

    def __init__(self, *, by_container: bool = False) -> None:
        self.blocks: list[B] = []
        self.by_container = by_container

    @property
    def innermost(self) -> B | None:
        return self.blocks[-1] if self.blocks else None

    def expects(self, word: str) -> bool:
        """Whether a middle or closing word may come here: it belongs to the innermost block."""
        block = self.innermost
        if block is None or block.word not in openers_for(word):
            return False
        return is_closer(word) or not block.has_else

    def open(self, block: B) -> None:
        """Add a block inside all that are open."""
        self.blocks.append(block)

    def middle(self, word: str, container: Hashable = None) -> Match[B]:
        """Begin another branch of a block.

        The word belongs to the innermost block, whichever word has begun that.
        """
        innermost = self.innermost
        candidates = self._candidates(self.blocks, container)
        block = candidates[-1] if candidates else None
        if block is None or block.word not in MIDDLES[word]:
            return Match(None, innermost, Mismatch.UNOPENED)
        block.branch += 1
        if block.container != container:
            return Match(block, innermost, Mismatch.CROSSING)
        if block.has_else:
            return Match(block, innermost, Mismatch.AFTER_ELSE)
        block.has_else = word == "else"
        return Match(block, innermost)

    def close(self, word: str, container: Hashable = None) -> Match[B]:
        """End the innermost block that the word may end, and all that are open inside it. A word
        that is no closer ends none.
        """
        innermost = self.innermost
        ended = [block for block in self.blocks if block.word in openers_for(word)]
        candidates = self._candidates(ended, container)
        if not candidates:
            return Match(None, innermost, Mismatch.UNOPENED)
        block = candidates[-1]
        index = self.blocks.index(block)
        unclosed = tuple(self.blocks[index + 1 :])
        del self.blocks[index:]
        mismatch = None
        if block.container != container:
            mismatch = Mismatch.CROSSING
        return Match(block, innermost, mismatch, unclosed)

    def _candidates(self, blocks: list[B], container: Hashable) -> list[B]:
        if not self.by_container:
            return blocks
        inside = [block for block in blocks if block.container == container]
        return inside or blocks
