"""Which facts each printed paragraph states or depends on: kept only when a draft is traced.

A fact is a value of the plan or the register, named by its path. A paragraph depends on it when
another value of that one fact, all others staying as they are, would change what the paragraph
says. A value that is printed does; so does one that decides a condition, a choice of records
(`facts.selection`), or a computed date, where it decides it *alone*: a meeting that is of another
body and cancelled besides is not in a count, and neither of the two facts by itself would bring it
in.

What is read inside a paragraph belongs to it. What a control reads to choose or to repeat
paragraphs belongs to all paragraphs that it prints; in a loop to those that are printed after it is
read. What a variable is made of (`{% set %}`) belongs to the paragraphs that use the variable, and
so does what decided a control that sets it. A later mention of a body, which is short, depends on
the references and conditions that all earlier mentions depended on; a reference to a numbered
paragraph on the conditions of numbered paragraphs before that one.

A reference counts as changed when it leads to a thing that the paper does not mention: another body
that it does mention would also be in full here and short further on. An entry of a list counts as
changed, not as removed. Ids are no facts: to change one is to rename a thing.

Not exact in principle, since only what is written is read:

- what a text that was not written would have done: a condition that is false does not show which
  bodies the paragraphs behind it would have introduced, and so made short further on;
- an expression of a paper that weighs several facts: of `a and b`, only those are known that Jinja
  looked at, from the left, and each counts, even where both alone decide; a number or a date that
  is compared counts, however far it is from the mark;
- a condition inside an expression (`{{ x if y }}`): the paragraph depends on `y`; a later mention
  of a body that was introduced by `x` does not;
- a fact of which every other value would be a fault of the paper, such as one that a label is named
  after, counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeVar

_ROOTS = ("plan.", "bodies.")


@dataclass(frozen=True, slots=True)
class ParagraphFacts:
    """The facts of the plan and the register behind one paragraph.

    `part` is the part of the package, `index` the paragraph's place among all of that part (from 0,
    in document order), `facts` the paths of the values that were read to write it:
    “plan.phases[0].title”, “bodies.posts[2].short”. The core properties count as one paragraph.
    `stated`: those of the facts that a tag read to print it; the others decided what is printed, or
    were counted.
    """

    part: str
    index: int
    facts: tuple[str, ...]
    stated: tuple[str, ...] = ()


@dataclass(slots=True, eq=False)
class _Paragraph:
    """A paragraph that is being written.

    `waits`: its content is made before it is known whether it is printed.
    """

    index: int
    waits: bool
    facts: set[str] = field(default_factory=set)
    conditions: set[str] = field(default_factory=set)
    """Of its facts, those that the controls inside it read."""
    stated: set[str] = field(default_factory=set)
    """Of its facts, those that its tags read themselves, to print them."""
    labels: list[str] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class _DecidedControl:
    """An `if` or `for` that is open.

    `decides`: what is read now is read to choose or repeat; otherwise it belongs to the content.
    """

    loops: bool
    decides: bool = True
    facts: set[str] = field(default_factory=set)


@dataclass(slots=True, eq=False)
class _Aside:
    """A value that is made now and used later."""

    facts: set[str] = field(default_factory=set)


_Frame = _Paragraph | _DecidedControl | _Aside
_F = TypeVar("_F", _Paragraph, _DecidedControl, _Aside)


class Trace:
    """Records which paragraph depends on what.

    A draft reports its paragraphs, controls and facts to it, in order.
    """

    def __init__(self) -> None:
        self._part = ""
        self._count = 0
        self._frames: list[_Frame] = []
        """What is open, the innermost last."""
        self._before: set[str] = set()
        """The facts that decided how many numbered paragraphs there are so far."""
        self._labels: dict[str, frozenset[str]] = {}
        """The facts that the number of a labelled paragraph depends on, by label."""
        self.left: frozenset[str] = frozenset()
        """The facts that the control that was left last has read."""
        self._done: dict[tuple[str, int], tuple[set[str], _Paragraph]] = {}

    def part(self, name: str) -> None:
        """The paragraphs that follow are of this part."""
        self._part = name
        self._count = 0
        self._frames = []

    @contextmanager
    def whole(self, part: str) -> Iterator[None]:
        """What is read meanwhile belongs to a part as a whole."""
        self.part(part)
        self.begin()
        yield
        self.end(decided=False)

    # -- paragraphs

    def begin(self, waits: bool = False) -> None:
        """A paragraph begins, or the one that waited is now to be printed."""
        top = self._top()
        if isinstance(top, _Paragraph) and top.waits:
            top.waits = False
            return
        paragraph = _Paragraph(self._count, waits)
        self._frames.append(paragraph)
        self._count += 1

    def skip(self, paragraphs: int) -> None:
        """So many paragraphs follow that hold nothing."""
        self._count += paragraphs

    def end(self, decided: bool) -> None:
        """The paragraph ends.

        `decided`: it is numbered, and the controls in it decided that it is printed.
        """
        paragraph = self._close(_Paragraph)
        facts = paragraph.facts | self.conditions()
        place = (self._part, paragraph.index)
        self._done[place] = (facts, paragraph)
        if decided:
            self._before |= paragraph.conditions

    def drop(self, numbered: bool) -> None:
        """The paragraph that waited is not printed."""
        paragraph = self._close(_Paragraph)
        self._count = paragraph.index
        if numbered:
            self._before |= paragraph.facts

    # -- controls

    def enter(self, loops: bool) -> None:
        """A control begins."""
        self._frames.append(_DecidedControl(loops))

    def decide(self, decides: bool) -> None:
        """From now on, what is read decides what is printed, or is content of what is."""
        control = self._frames[-1]
        if isinstance(control, _DecidedControl):
            control.decides = decides

    def leave(self, numbers: bool) -> None:
        """The control ends. `numbers`: it holds numbered paragraphs, printed or not."""
        control = self._close(_DecidedControl)
        self.left = frozenset(control.facts)
        around = self._around()
        if around is not None:
            around.facts |= control.facts
            if isinstance(around, _Paragraph):
                around.conditions |= control.facts
        elif numbers:
            self._before |= control.facts

    def conditions(self) -> frozenset[str]:
        """The facts that decided that what is written now is written."""
        facts: set[str] = set()
        for frame in self._frames:
            if isinstance(frame, _DecidedControl):
                facts |= frame.facts
        return frozenset(facts)

    # -- facts

    def read(self, path: str, *, alone: bool = True) -> None:
        """A fact is read: by itself (`alone`), or among those by which something is chosen."""
        if not path.startswith(_ROOTS) or path.endswith(".id"):
            return
        top = self._top()
        if isinstance(top, _DecidedControl) and not top.decides:
            top = self._around()
        if top is None:
            return
        top.facts.add(path)
        if alone and isinstance(top, _Paragraph):
            top.stated.add(path)

    def depend(self, paths: Iterable[str]) -> None:
        """Facts decide what is written now."""
        for path in paths:
            self.read(path, alone=False)

    def watch(self) -> None:
        """What is read from now on is kept apart, until `watched`."""
        self._frames.append(_Aside())

    def watched(self) -> frozenset[str]:
        """The facts that were read since `watch`, which are not recorded otherwise."""
        return frozenset(self._close(_Aside).facts)

    def _close(self, kind: type[_F]) -> _F:
        """Remove and return the innermost frame of a kind.

        Those inside it, which a fault has left open, are removed with it.
        """
        while True:
            frame = self._frames.pop()
            if isinstance(frame, kind):
                return frame

    def _top(self) -> _Frame | None:
        """The innermost frame."""
        if not self._frames:
            return None
        return self._frames[-1]

    def _around(self) -> _Paragraph | _Aside | None:
        """The frame around the innermost controls."""
        for frame in reversed(self._frames):
            if not isinstance(frame, _DecidedControl):
                return frame
        return None

    # -- labels and references

    def label(self, name: str, numbered: bool) -> None:
        """The paragraph that has just ended has this label.

        `numbered`: its number depends on those before it.
        """
        facts: set[str] = set()
        if numbered:
            facts |= self._before
        for frame in self._frames:
            if isinstance(frame, _DecidedControl) and frame.loops:
                facts |= frame.facts
        self._labels[name] = frozenset(facts)

    def refer(self, name: str) -> None:
        """The paragraph that is being written shows the number of the one with this label."""
        around = self._around()
        if isinstance(around, _Paragraph):
            around.labels.append(name)

    # -- the result

    @property
    def paragraphs(self) -> Sequence[ParagraphFacts]:
        """The facts of each paragraph, by part, in document order."""
        found = []
        for part, index in sorted(self._done):
            facts, paragraph = self._done[part, index]
            paths = set(facts)
            for label in paragraph.labels:
                paths |= self._labels.get(label, frozenset())
            paragraph_facts = ParagraphFacts(
                part=part,
                index=index,
                facts=tuple(sorted(paths)),
                stated=tuple(sorted(paragraph.stated)),
            )
            found.append(paragraph_facts)
        return found
