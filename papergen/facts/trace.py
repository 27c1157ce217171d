"""Which facts each printed paragraph states or depends on: kept only when a draft is traced."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ParagraphFacts:
    """The facts of the plan and the register behind one paragraph.

    `part` is the part of the package, `index` the paragraph's place among all of that part (from 0, in document order),
    `facts` the paths of the values that were read to write it: “plan.phases[0].title”, “bodies.posts[2].short”.
    """

    part: str
    index: int
    facts: tuple[str, ...]


class Trace:
    """Told of paragraphs, controls and facts as they come, it keeps who depends on what.

    What is read inside a paragraph belongs to it. What is read outside, to choose or to repeat whole paragraphs, belongs to all
    paragraphs of that choice or loop.
    """

    def __init__(self) -> None:
        self._part = ""
        self._count = 0
        self._open: list[tuple[int, set[str]]] = []
        self._scopes: list[set[str]] = [set()]
        self._done: dict[tuple[str, int], ParagraphFacts] = {}

    def part(self, name: str) -> None:
        """The paragraphs that follow are of this part."""
        self._part, self._count = name, 0
        self._open, self._scopes = [], [set()]

    def begin(self) -> None:
        self._open.append((self._count, set()))
        self._count += 1

    def end(self) -> None:
        index, facts = self._open.pop()
        paths = facts.union(*self._scopes)
        self._done[self._part, index] = ParagraphFacts(self._part, index, tuple(sorted(paths)))

    def enter(self) -> None:
        self._scopes.append(set())

    def leave(self) -> None:
        self._scopes.pop()

    def read(self, path: str) -> None:
        (self._open[-1][1] if self._open else self._scopes[-1]).add(path)

    def depend(self, paths: Iterable[str]) -> None:
        for path in paths:
            self.read(path)

    @property
    def paragraphs(self) -> Sequence[ParagraphFacts]:
        return sorted(self._done.values(), key=lambda found: (found.part, found.index))
