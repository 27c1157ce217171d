"""The report of a folder as tables for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from papergen.batch.report.gather import Report
from papergen.batch.report.page import given

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def as_tables(report: Report) -> dict[str, bytes]:
    """CSV files by their names (RFC 4180, UTF-8 with a byte order mark, without which Excel takes it for another encoding)."""
    return {
        "papers.csv": _table(_PAPERS, _papers(report)),
        "differences.csv": _table(("plan", "fact", "value", "board"), _differences(report)),
        "changes.csv": _table(("plan", "fact", "before", "now", "compared with", "board"), _changes(report)),
        "commitments.csv": _table(("due", "overdue", "commitment", "by", "to", "plan"), _commitments(report)),
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
    "now",
    "edited",
    "gaps",
    "problems",
    "what is missing or wrong",
    "run",
    "drafted",
)


def _papers(report: Report) -> Iterator[Sequence[object]]:
    for meeting in report.meetings:
        for one in meeting.papers:
            whom = one.board, one.board_name, one.meeting, one.role
            what = one.plan_title, one.paper, one.title, one.file, one.state, one.edited
            told = "; ".join(fault["message"] for fault in (*one.problems, *one.gaps))
            yield *whom, *what, len(one.gaps), len(one.problems), told, one.run, one.drafted


def _differences(report: Report) -> Iterator[Sequence[object]]:
    for one in report.differences:
        for value, boards in one.values:
            for board in boards:
                yield one.plan, one.fact, given(value), board


def _changes(report: Report) -> Iterator[Sequence[object]]:
    for one in report.changes:
        for board in one.boards:
            yield one.plan, one.fact, given(one.before), given(one.now), f"the {one.since} before", board


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
    """A spreadsheet takes a text that begins so for a formula, which could come from anybody's plan (OWASP, CSV injection)."""
    return f"'{text}" if text.startswith(_FORMULA) else text
