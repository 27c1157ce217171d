"""What follows what when a section is drafted: its blocks in the order of the text, loops and
branches taken into account.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from papergen.engine.tags import RawTag
from papergen.narrative.controls import keyword_of
from papergen.narrative.markdown import Block, Leaf, MarkdownTable
from papergen.narrative.spans import is_optional


class Flow:
    """The blocks of a section and the controls between them.

    `ends`: the closer of each control, by the offset of its opener.
    """

    def __init__(self, blocks: Sequence[Block], ends: Mapping[int, RawTag]) -> None:
        self.blocks = blocks
        index_of = {
            block.start: index for index, block in enumerate(blocks) if isinstance(block, RawTag)
        }
        self.end_of: dict[int, int] = {}
        """The index of the closer, for that of the opener and of each {% elif %} and {% else %}."""
        self.branches: dict[int, list[int]] = {}
        """The indexes at which the branches of a control begin, opener first, by the index of its
        opener.
        """
        self.opener_of: dict[int, int] = {}
        open_at: list[int] = []
        for index, block in enumerate(blocks):
            keyword = keyword_of(block) if isinstance(block, RawTag) else ""
            if keyword in ("if", "for") and isinstance(block, RawTag):
                open_at.append(index)
                self.branches[index] = [index]
                self.end_of[index] = index_of[ends[block.start].start]
            elif keyword in ("elif", "else"):
                self.branches[open_at[-1]].append(index)
                self.end_of[index] = self.end_of[open_at[-1]]
            elif keyword in ("endif", "endfor"):
                self.opener_of[index] = open_at.pop()

    def list_starts(self) -> dict[int, list[tuple[int, int]]]:
        """Where the ordered lists start: for an index, the (key, level) of the lists that start
        before its block.

        A list starts before its first item; where controls that hold nothing but its items come
        first, before them, so that its numbers run on through a loop, and are there when the first
        item is left out.
        """
        first: dict[int, int] = {}
        last: dict[int, int] = {}
        levels: dict[int, int] = {}
        for index, block in enumerate(self.blocks):
            if isinstance(block, Leaf):
                for level, key in enumerate(block.lists):
                    first.setdefault(key, index)
                    last[key], levels[key] = index, level
        starts: dict[int, list[tuple[int, int]]] = {}
        for key, index in first.items():
            starts.setdefault(self._start(index, last[key]), []).append((key, levels[key]))
        return starts

    def _start(self, first: int, last: int) -> int:
        start = first
        for index in range(first - 1, -1, -1):
            block = self.blocks[index]
            if not isinstance(block, RawTag):
                break
            if index in self.branches:
                between = self.blocks[last + 1 : self.end_of[index]]
                if not all(isinstance(each, RawTag) for each in between):
                    break
                start = index
            elif keyword_of(block) != "set":
                break
        return start

    def meets_table(self, index: int) -> bool:
        """Whether another table may directly follow the table at `index`."""
        at = index + 1
        while at < len(self.blocks):
            if at in self.opener_of:
                opener = self.opener_of[at]
                block = self.blocks[opener]
                if (
                    isinstance(block, RawTag)
                    and keyword_of(block) == "for"
                    and self._reaches(opener + 1, at)
                ):
                    return True
                at += 1
            elif at in self.end_of and at not in self.branches:
                at = self.end_of[at] + 1
            else:
                found, at = self._step(at)
                if found is not None:
                    return found
        return False

    def _reaches(self, at: int, stop: int) -> bool | None:
        """Whether a table comes first from `at` on: None if neither it nor a paragraph need come
        before `stop`.
        """
        while at < stop:
            found, at = self._step(at)
            if found is not None:
                return found
        return None

    def _step(self, at: int) -> tuple[bool | None, int]:
        block = self.blocks[at]
        if isinstance(block, MarkdownTable):
            return True, at
        if isinstance(block, Leaf):
            return (None if is_optional(block.spans) else False), at + 1
        if at not in self.branches:
            return None, at + 1
        edges = [*self.branches[at], self.end_of[at]]
        found = [self._reaches(start + 1, end) for start, end in pairwise(edges)]
        last = self.blocks[edges[-2]]
        has_else = isinstance(last, RawTag) and keyword_of(last) == "else"
        if any(found):
            return True, at
        if has_else and all(each is False for each in found):
            return False, at
        return None, self.end_of[at] + 1
