"""The values of a report. Their names are also those of `papergen batch report --json`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from papergen.workbook.reading import Certainty, Reading

AS_DRAFTED, EDITED, NOT_THERE = "as drafted", "edited since", "not in the folder"
UNREADABLE, FAILED, TO_DO = "cannot be read", "failed", "still to do"
"""The states of papers' files."""

Audience = tuple[str, str]
"""A board's name, and the date of its meeting (ISO 8601)."""


@dataclass(frozen=True, slots=True)
class SentPaper:
    """A paper that a board was to get.

    `state` is that of its file now, “failed” or “still to do”; it says so where the file is an
    earlier draft, since a later run failed. `edited` is a file beside it that an officer edited.
    """

    board: str
    board_name: str
    meeting: str
    role: str
    plan: str
    plan_title: str
    paper: str
    title: str
    file: str
    state: str
    edited: str
    gaps: Sequence[Mapping[str, str]]
    problems: Sequence[Mapping[str, str]]
    notices: Sequence[Mapping[str, str]]
    drafted: str

    @property
    def link(self) -> str:
        """The file, where it is in the folder."""
        return "" if self.state.startswith(NOT_THERE) else self.file


@dataclass(frozen=True, slots=True)
class ReportedMeeting:
    """A board's meeting, with its papers."""

    board: str
    board_name: str
    date: str
    papers: Sequence[SentPaper]

    @property
    def gaps(self) -> int:
        return sum(len(paper.gaps) for paper in self.papers)

    @property
    def problems(self) -> int:
        return sum(len(paper.problems) for paper in self.papers)


@dataclass(frozen=True, slots=True)
class Difference:
    """A fact that boards were told with different values.

    `values`: each value (None: not given), and who was told it.
    """

    plan: str
    fact: str
    values: Sequence[tuple[str | None, Sequence[Audience]]]


@dataclass(frozen=True, slots=True)
class Change:
    """A fact that the boards `told` were told otherwise before.

    `since` is “meeting” or “draft”: the paper before that it was compared with.
    """

    plan: str
    fact: str
    before: str | None
    now: str | None
    since: str
    told: Sequence[Audience]


@dataclass(frozen=True, slots=True)
class Due:
    """A commitment that is not known to be kept.

    `overdue`: whether its date has passed; None where it has none.
    """

    plan: str
    what: str
    by: str
    to: Sequence[str]
    due: str
    overdue: bool | None


@dataclass(frozen=True, slots=True)
class ReportedList:
    """How a list of actions was read, and the papers that it was read for."""

    reading: Reading
    papers: Sequence[str]

    @property
    def questions(self) -> int:
        return len(self.reading.of(Certainty.QUESTION))


@dataclass(frozen=True, slots=True)
class Report:
    """The report of a folder. `unfinished`: the last run was stopped."""

    folder: str
    runs: int
    unfinished: bool
    meetings: Sequence[ReportedMeeting]
    differences: Sequence[Difference]
    changes: Sequence[Change]
    commitments: Sequence[Due]
    lists: Sequence[ReportedList] = ()

    @property
    def questions(self) -> int:
        """How many questions the lists ask."""
        return sum(one.questions for one in self.lists)

    @property
    def papers(self) -> int:
        return sum(len(meeting.papers) for meeting in self.meetings)
