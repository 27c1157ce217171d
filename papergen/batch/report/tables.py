"""The report of a folder as tables for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from papergen.batch.report.page import given, printable
from papergen.batch.report.values import Report
from papergen.workbook.answers import answer_line, choices_of
from papergen.workbook.reading import Entry, ReadValue

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def as_tables(report: Report) -> dict[str, bytes]:
    """CSV files by their names: RFC 4180, UTF-8 with the byte order mark that Excel needs."""
    return {
        "papers.csv": _table(_PAPERS, _papers(report)),
        "faults.csv": _table(_FAULTS, _faults(report)),
        "differences.csv": _table(_DIFFERENCES, _differences(report)),
        "changes.csv": _table(_CHANGES, _changes(report)),
        "commitments.csv": _table(_COMMITMENTS, _commitments(report)),
        "lists.csv": _table(_LISTS, _lists(report)),
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
            yield (
                one.board,
                one.board_name,
                one.meeting,
                one.role,
                one.plan_title,
                one.paper,
                one.title,
                one.file,
                one.state,
                one.edited,
                len(one.gaps),
                len(one.problems),
                one.drafted,
            )


_FAULTS = ("board", "meeting", "plan", "paper", "file", "code", "message", "place", "what to do")


def _faults(report: Report) -> Iterator[Sequence[object]]:
    """The problems and gaps of each paper; a gap's code is “gap”."""
    for meeting in report.meetings:
        for one in meeting.papers:
            for fault in (*one.problems, *one.gaps):
                yield (
                    one.board,
                    one.meeting,
                    one.plan_title,
                    one.paper,
                    one.file,
                    fault["code"],
                    fault["message"],
                    fault["where"],
                    fault["hint"],
                )


_DIFFERENCES = ("plan", "fact", "value", "board", "meeting")


def _differences(report: Report) -> Iterator[Sequence[object]]:
    for one in report.differences:
        for value, boards in one.values:
            for board, meeting in boards:
                yield one.plan, one.fact, given(value), board, meeting


_CHANGES = ("plan", "fact", "before", "now", "compared with", "board", "meeting")


def _changes(report: Report) -> Iterator[Sequence[object]]:
    for one in report.changes:
        before, now = given(one.before), given(one.now)
        compared_with = f"the {one.since} before"
        for board, meeting in one.told:
            yield one.plan, one.fact, before, now, compared_with, board, meeting


_COMMITMENTS = ("due", "overdue", "commitment", "by", "to", "plan")


def _commitments(report: Report) -> Iterator[Sequence[object]]:
    for one in report.commitments:
        overdue = {True: "yes", False: "no", None: ""}[one.overdue]
        yield one.due, overdue, one.what, one.by, "; ".join(one.to), one.plan


_LISTS = (
    "list",
    "level",
    "code",
    "message",
    "cells",
    "first cell",
    "typed",
    "read as",
    "answers",
    "what they may be",
    "papers",
)


def _lists(report: Report) -> Iterator[Sequence[object]]:
    """A row for each value of each entry, and one for an entry that has none."""
    for one in report.lists:
        for entry in one.reading.entries:
            for value in _values(entry):
                yield (
                    one.reading.source,
                    entry.level.value,
                    entry.kind.code,
                    entry.kind.message,
                    value.count,
                    value.where,
                    value.typed,
                    value.read_as,
                    answer_line(entry),
                    choices_of(entry),
                    "; ".join(one.papers),
                )


def _values(entry: Entry) -> Sequence[ReadValue]:
    if entry.values or not entry.where:
        return entry.values
    return [ReadValue("", "", entry.count, entry.where[0])]


def _table(heading: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(heading)
    writer.writerows([_plain(str(cell)) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig", "backslashreplace")


def _plain(text: str) -> str:
    """A cell's text, which a spreadsheet never takes for a formula (OWASP, CSV injection)."""
    quote = "'" if text.startswith(_FORMULA) else ""
    return quote + printable(text)
