"""The report of a folder as tables for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from papergen.batch.report.page import given, printable
from papergen.batch.report.values import Report

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def as_tables(report: Report) -> dict[str, bytes]:
    """CSV files by their names (RFC 4180, UTF-8 with a byte order mark, without which Excel takes
    it for another encoding).
    """
    return {
        "papers.csv": _table(_PAPERS, _papers(report)),
        "faults.csv": _table(_FAULTS, _faults(report)),
        "differences.csv": _table(
            ("plan", "fact", "value", "board", "meeting"), _differences(report)
        ),
        "changes.csv": _table(
            ("plan", "fact", "before", "now", "compared with", "board", "meeting"), _changes(report)
        ),
        "commitments.csv": _table(
            ("due", "overdue", "commitment", "by", "to", "plan"), _commitments(report)
        ),
    }


_PAPERS = (
    "board",
    "board name",
    "meeting",
    "role",
    "plan",
    "paper",
    "title",
    "file",
    "state of the file",
    "edited file beside it",
    "gaps",
    "problems",
    "drafted",
)


def _papers(report: Report) -> Iterator[Sequence[object]]:
    for meeting in report.meetings:
        for one in meeting.papers:
            whom = one.board, one.board_name, one.meeting, one.role
            what = one.plan_title, one.paper, one.title, one.file, one.state, one.edited
            yield *whom, *what, len(one.gaps), len(one.problems), one.drafted


_FAULTS = ("board", "meeting", "plan", "paper", "file", "code", "message", "place", "what to do")


def _faults(report: Report) -> Iterator[Sequence[object]]:
    """The problems and gaps of each paper; a gap's code is “gap”."""
    for meeting in report.meetings:
        for one in meeting.papers:
            for fault in (*one.problems, *one.gaps):
                told = (fault[name] for name in ("code", "message", "where", "hint"))
                yield one.board, one.meeting, one.plan_title, one.paper, one.file, *told


def _differences(report: Report) -> Iterator[Sequence[object]]:
    for one in report.differences:
        for value, told in one.values:
            for to in told:
                yield one.plan, one.fact, given(value), *to


def _changes(report: Report) -> Iterator[Sequence[object]]:
    for one in report.changes:
        for to in one.told:
            yield (
                one.plan,
                one.fact,
                given(one.before),
                given(one.now),
                f"the {one.since} before",
                *to,
            )


def _commitments(report: Report) -> Iterator[Sequence[object]]:
    for one in report.commitments:
        overdue = {True: "yes", False: "no", None: ""}[one.overdue]
        yield one.due, overdue, one.what, one.by, "; ".join(one.to), one.plan


def _table(heading: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(heading)
    writer.writerows([_plain(str(cell)) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig", "backslashreplace")


def _plain(text: str) -> str:
    """A spreadsheet takes a text that begins so for a formula, which could come from anybody's plan
    (OWASP, CSV injection).
    """
    return f"'{printable(text)}" if text.startswith(_FORMULA) else printable(text)
