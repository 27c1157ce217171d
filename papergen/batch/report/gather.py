"""The report of a folder, gathered from its manifest and its papers."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from papergen.batch.manifest import tables as states
from papergen.batch.manifest.manifest import Manifest
from papergen.batch.report.compare import (
    FactSets,
    SentDraft,
    Series,
    changes,
    differences,
    series_of,
)
from papergen.batch.report.values import (
    AS_DRAFTED,
    EDITED,
    FAILED,
    NOT_THERE,
    TO_DO,
    UNREADABLE,
    Due,
    Report,
    ReportedList,
    ReportedMeeting,
    SentPaper,
)
from papergen.dates import PartialDate
from papergen.errors import SourceError
from papergen.storage.overwrite import found_hash
from papergen.workbook.reading_plain import from_plain

_JobKey = tuple[str, str]
"""The board of a job, and the path of its paper."""


def report_on(manifest: Manifest, folder: Path, today: PartialDate) -> Report:
    """The report of a folder. Raises OutputError where its manifest cannot be read."""
    last_run = manifest.last_run()
    if last_run is None:
        return Report(str(folder), 0, False, (), (), (), ())
    latest: dict[tuple[str, str, str], Mapping[str, Any]] = {}
    sent: dict[Series, list[SentDraft]] = {}
    for draft in manifest.all_drafts():
        latest[draft["board"], draft["meeting"], draft["file_name"]] = draft
        sent.setdefault(series_of(draft), []).append(SentDraft.of(draft))
    facts = FactSets(manifest)
    return Report(
        folder=str(folder),
        runs=last_run.id,
        unfinished=last_run.state != states.FINISHED,
        meetings=_meetings(latest.values(), manifest.without_draft(), folder),
        differences=list(differences(sent, facts)),
        changes=list(changes(sent, facts)),
        commitments=_commitments_due(manifest, today),
        lists=_lists(manifest),
    )


def _meetings(
    drafts: Collection[Mapping[str, Any]],
    without_draft: Iterable[Mapping[str, Any]],
    folder: Path,
) -> list[ReportedMeeting]:
    """All meetings with their papers: those that were drafted, and the jobs `without_draft`."""
    drafted = {_key(draft): draft for draft in drafts}
    failed_since: dict[_JobKey, Mapping[str, Any]] = {}
    rows = list(drafts)
    for job in without_draft:
        key = _key(job)
        if key in drafted and job["state"] == states.FAILED:
            failed_since[key] = job
        else:
            rows.append(job)
    # Of a paper that could not be read only the boards' ids are known.
    names = {row["board"]: row["board_name"] for row in rows if row["board_name"]}
    papers: dict[tuple[str, str, str], list[SentPaper]] = {}
    for row in rows:
        paper = _paper(row, folder)
        key = _key(row)
        if key in failed_since and drafted[key] is row:
            paper = _failed_since(paper, failed_since[key])
        name = row["board_name"] or names.get(row["board"], row["board"])
        papers.setdefault((name, row["board"], row["meeting"]), []).append(paper)
    return [
        ReportedMeeting(board, name, date, sorted(of_meeting, key=_plan_and_paper))
        for (name, board, date), of_meeting in sorted(papers.items())
    ]


def _key(row: Mapping[str, Any]) -> _JobKey:
    return row["board"], row["path"]


def _plan_and_paper(paper: SentPaper) -> tuple[str, str]:
    return paper.plan_title, paper.paper


def _paper(row: Mapping[str, Any], folder: Path) -> SentPaper:
    """The paper of a draft, or of a job that has none."""
    has_draft = "content_hash" in row
    if has_draft:
        state = _state_of_file(row, folder)
    elif row["state"] == states.FAILED:
        state = FAILED
    else:
        state = TO_DO
    return SentPaper(
        board=row["board"],
        board_name=row["board_name"],
        meeting=row["meeting"],
        role=row["role"],
        plan=row["plan"],
        plan_title=row["plan_title"],
        paper=row["shown"],
        title=row["title"] if has_draft else "",
        file=row["file"] if has_draft else "",
        state=state,
        edited=row["edited"] if has_draft else "",
        gaps=row["gaps"] if has_draft else (),
        problems=() if has_draft else row["problems"],
        notices=row["notices"] if has_draft else (),
        drafted=row["ended"] or "",
    )


def _failed_since(paper: SentPaper, job: Mapping[str, Any]) -> SentPaper:
    return replace(
        paper,
        state=f"{paper.state}; an earlier draft, as the last run failed",
        problems=[*paper.problems, *job["problems"]],
    )


def _state_of_file(draft: Mapping[str, Any], folder: Path) -> str:
    """Whether the file of a draft is there, and as it was drafted."""
    try:
        found = found_hash(folder / draft["file"])
    except (SourceError, OSError):
        return UNREADABLE
    if found is None:
        return NOT_THERE
    return AS_DRAFTED if found == draft["content_hash"] else EDITED


def _lists(manifest: Manifest) -> list[ReportedList]:
    """How the lists of actions were read, as their papers read them last."""
    found = []
    for plain, papers in manifest.latest_readings():
        found.append(ReportedList(from_plain(plain), papers))
    return found


def _commitments_due(manifest: Manifest, today: PartialDate) -> list[Due]:
    """The commitments of all plans, as the last paper of each that was read has them."""
    found = _commitments(manifest, today)
    return sorted(found, key=lambda due: (due.due == "", due.due, due.plan, due.what))


def _commitments(manifest: Manifest, today: PartialDate) -> Iterator[Due]:
    for paper in manifest.latest_papers():
        for promise in paper["promises"]:
            date = promise["due"]
            overdue = PartialDate.parse(date).last < today.first if date else None
            yield Due(
                plan=paper["plan_title"],
                what=promise["what"],
                by=promise["by"],
                to=promise["to"],
                due=date,
                overdue=overdue,
            )
