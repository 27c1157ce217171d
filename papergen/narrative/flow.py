"""The order in which the blocks of a section are drafted, through its loops and branches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from papergen.engine.blocks import is_closer, is_middle, is_opener
from papergen.engine.tags import RawTag
from papergen.narrative.blocks import Block, Leaf, MarkdownTable
from papergen.narrative.controls import keyword_of
from papergen.narrative.spans import is_optional


def _keyword(block: Block) -> str:
    """The keyword of a statement; empty for any other block."""
    if not isinstance(block, RawTag):
        return ""
    return keyword_of(block)


class Flow:
    """The blocks of a section and the controls between them.

    `ends`: the closer of each control, by the offset of its opener.
    """

    def __init__(self, blocks: Sequence[Block], ends: Mapping[int, RawTag]) -> None:
        self.blocks = blocks
        self.end_of: dict[int, int] = {}
        """The index of the closer, for that of the opener and of each {% elif %} and {% else %}."""
        self.branches: dict[int, list[int]] = {}
        """The indexes at which a control's branches begin, opener first, by the opener's."""
        self.opener_of: dict[int, int] = {}
        """The index of the opener, for that of the closer."""
        self._match_controls(ends)

    def _match_controls(self, ends: Mapping[int, RawTag]) -> None:
        tags: dict[int, RawTag] = {}
        index_of: dict[int, int] = {}
        for index, block in enumerate(self.blocks):
            if isinstance(block, RawTag):
                tags[index] = block
                index_of[block.start] = index
        # The controls of the section have been matched: only their branches are read here.
        open_at: list[int] = []
        for index, tag in tags.items():
            keyword = keyword_of(tag)
            if is_opener(keyword):
                open_at.append(index)
                self.branches[index] = [index]
                closer = ends[tag.start]
                self.end_of[index] = index_of[closer.start]
            elif is_middle(keyword):
                opener = open_at[-1]
                self.branches[opener].append(index)
                self.end_of[index] = self.end_of[opener]
            elif is_closer(keyword):
                self.opener_of[index] = open_at.pop()

    # -- where lists start

    def list_starts(self) -> dict[int, list[tuple[int, int]]]:
        """The (key, level) of the ordered lists that start before a block, by the block's index.

        A list starts before its first item; where controls that hold nothing but its items come
        first, before them, so that its numbers run on through a loop, and are there when the first
        item is left out.
        """
        first: dict[int, int] = {}
        last: dict[int, int] = {}
        levels: dict[int, int] = {}
        for index, block in enumerate(self.blocks):
            if not isinstance(block, Leaf):
                continue
            for level, key in enumerate(block.lists):
                first.setdefault(key, index)
                last[key] = index
                levels[key] = level
        starts: dict[int, list[tuple[int, int]]] = {}
        for key, index in first.items():
            start = self._list_start(index, last[key])
            here = starts.setdefault(start, [])
            here.append((key, levels[key]))
        return starts

    def _list_start(self, first: int, last: int) -> int:
        """The index before which a list starts, from those of its first and last paragraph."""
        start = first
        for index in range(first - 1, -1, -1):
            if index in self.branches:
                if not self._are_statements(last + 1, self.end_of[index]):
                    break
                start = index
            elif _keyword(self.blocks[index]) != "set":
                break
        return start

    def _are_statements(self, start: int, end: int) -> bool:
        return all(isinstance(block, RawTag) for block in self.blocks[start:end])

    # -- tables that touch

    def meets_table(self, index: int) -> bool:
        """Whether another table may directly follow the table at `index`."""
        at = index + 1
        while at < len(self.blocks):
            if at in self.opener_of:
                opener = self.opener_of[at]
                loops = _keyword(self.blocks[opener]) == "for"
                if loops and self._reaches_table(opener + 1, at):
                    return True
                at += 1
            elif at in self.end_of and at not in self.branches:
                # A branch ends here; the next block is that after the whole control.
                at = self.end_of[at] + 1
            else:
                found, at = self._step(at)
                if found is not None:
                    return found
        return False

    def _reaches_table(self, at: int, stop: int) -> bool | None:
        """Whether a table comes first from `at` on.

        None if neither it nor a paragraph need come before `stop`.
        """
        while at < stop:
            found, at = self._step(at)
            if found is not None:
                return found
        return None

    def _step(self, at: int) -> tuple[bool | None, int]:
        """Whether the block or control at `at` comes out as a table first, and the index after it.

        None in place of the first if nothing need come out.
        """
        block = self.blocks[at]
        if isinstance(block, MarkdownTable):
            return True, at
        if isinstance(block, Leaf):
            if is_optional(block.spans):
                return None, at + 1
            return False, at + 1
        if at not in self.branches:
            return None, at + 1
        return self._step_over_control(at)

    def _step_over_control(self, at: int) -> tuple[bool | None, int]:
        end = self.end_of[at]
        edges = [*self.branches[at], end]
        found = []
        for start, stop in pairwise(edges):
            reaches = self._reaches_table(start + 1, stop)
            found.append(reaches)
        if any(found):
            return True, at
        last_branch = self.branches[at][-1]
        has_else = _keyword(self.blocks[last_branch]) == "else"
        if has_else and None not in found:
            return False, at
        return None, end + 1
