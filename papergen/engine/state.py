"""One run of a program: what is counted or collected while one document is written."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jinja2.environment import Environment

from papergen.engine.budget import Budget
from papergen.engine.docxtpl_marks import DocxtplMarks
from papergen.engine.faults import Faults, TagSite
from papergen.engine.ids import Ids
from papergen.engine.jinja_internals import EvalContext
from papergen.engine.labels import Labels
from papergen.engine.numbering import ListFormat
from papergen.engine.paragraphs import ParagraphWriter
from papergen.engine.pieces import Paragraph
from papergen.engine.tracing import Recorder
from papergen.engine.values import DECODERS, Decoders, Gap
from papergen.errors import Problem

_EMPTY_RUN = re.compile(
    r'<w:r>(?:<w:rPr>(?:(?!</w:rPr>).)*</w:rPr>)?<w:t xml:space="preserve"></w:t></w:r>'
)


class Gaps:
    """The gaps that one document prints."""

    __slots__ = ("_recorder", "comments", "found")

    def __init__(self, recorder: Recorder | None) -> None:
        self._recorder = recorder
        self.found: dict[tuple[str, str], Gap] = {}
        """Each gap once, by what is missing and its path."""
        self.comments: list[Gap] = []
        """The gap of each comment, in the order of their ids."""

    def note(self, gap: Gap) -> None:
        """Note a gap that is printed."""
        if self._recorder is not None:
            self._recorder.depend(gap.facts)
        self.found.setdefault((gap.what, gap.path), gap)

    def comment(self, gap: Gap) -> int:
        """Note a gap that is printed with a comment; the comment's id."""
        self.note(gap)
        self.comments.append(gap)
        return len(self.comments) - 1


class MentionedNames:
    """The names of bodies and posts that one document has mentioned so far."""

    __slots__ = ("claimed", "introduced", "introducing", "short_forms")

    def __init__(self) -> None:
        self.introducing = True
        """Whether a name that is printed now is introduced; not so in headings and the like."""
        self.introduced: dict[str, frozenset[str]] = {}
        """By the path of a body or post: the facts by which its introduction came."""
        self.short_forms: dict[str, str] = {}
        """By short form: the path of the body or post that has it."""
        self.claimed: set[str] = set()
        """The paths of bodies and posts whose short forms are among `short_forms`."""


class PrintedTexts:
    """The texts of the paper that one document has printed."""

    __slots__ = ("open", "sections")

    def __init__(self) -> None:
        self.open: set[Callable[..., Any]] = set()
        """The titles, headings and recommendations that are being printed now."""
        self.sections: set[str] = set()
        """The paths of the sections that have been printed."""


@dataclass(frozen=True, slots=True)
class RunWords:
    """The words that a run prints by itself, in the language of the paper. Names in braces are for
    `str.format`.
    """

    reference: str
    """What stands before the number of a paragraph that is referred to: “paragraph”."""
    unknown: str
    """In place of a gap where nothing can be highlighted."""
    unknown_fact: str
    """In place of a gap in the text, with `{what}`."""
    unknown_comment: str
    """The Word comment on a gap, with `{what}` and `{hint}`."""


class RenderState:
    """The state of one run. `paragraphs` and `sites` are the program's own tables, indexed by what
    its code holds; `suggest` gives a hint for a field that a value does not have.
    """

    __slots__ = (
        "budget",
        "decoders",
        "docxtpl",
        "environment",
        "evaluation",
        "faults",
        "gaps",
        "ids",
        "labels",
        "names",
        "paragraphs",
        "recorder",
        "texts",
        "values",
        "words",
    )

    environment: Environment
    evaluation: EvalContext
    values: dict[str, Any]

    def __init__(
        self,
        *,
        words: RunWords,
        paragraphs: Sequence[Paragraph] = (),
        sites: Sequence[TagSite] = (),
        lists: Mapping[int, ListFormat] | None = None,
        first_id: int = 1,
        suggest: Callable[[Any, str], str] | None = None,
        recorder: Recorder | None = None,
        decoders: Decoders = DECODERS,
    ) -> None:
        self.recorder = recorder
        self.words = words
        self.decoders = decoders
        self.budget = Budget()
        self.faults = Faults(sites, suggest)
        self.ids = Ids(first_id)
        self.labels = Labels(self.ids, self.faults, recorder, words.reference)
        self.paragraphs = ParagraphWriter(paragraphs, lists or {}, self.ids, self.labels, recorder)
        self.gaps = Gaps(recorder)
        self.docxtpl = DocxtplMarks(self.budget, self.faults)
        self.names = MentionedNames()
        self.texts = PrintedTexts()

    def start(self, environment: Environment, values: dict[str, Any]) -> None:
        """Set what compiled code runs in, and the values that it sees."""
        self.environment = environment
        self.evaluation = EvalContext(environment)
        self.values = values
        self.faults.values = values

    @property
    def problems(self) -> list[Problem]:
        """What was found wrong."""
        return self.faults.problems

    def check_references(self) -> None:
        """Report references that lead nowhere, unless some paragraphs could not be written."""
        if not self.faults.cut_short:
            self.labels.check()

    def settle(self, xml: str) -> str:
        """A part as it is to be saved: with numbers for placeholders, and without the empty runs
        that gaps and references leave.
        """
        settled = self.labels.settle(xml)
        if self.labels.has_references or self.gaps.comments:
            return _EMPTY_RUN.sub("", settled)
        return settled
