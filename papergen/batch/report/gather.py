"""What was told to whom, as a folder's manifest and its papers tell it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from papergen.batch.manifest import tables as states
from papergen.batch.manifest.manifest import Manifest
from papergen.batch.report.compare import Sent, Series, SetsOfFacts, changes, differences, series_of
from papergen.batch.report.values import (
    AS_DRAFTED,
    EDITED,
    FAILED,
    NOT_THERE,
    TO_DO,
    UNREADABLE,
    Due,
    Report,
    ReportedMeeting,
    SentPaper,
)
from papergen.dates import PartialDate
from papergen.errors import SourceError
from papergen.storage.overwrite import found_hash


def report_on(manifest: Manifest, folder: Path, today: PartialDate) -> Report:
    """The report of a folder. Raises OutputError where its manifest cannot be read."""
    last_run = manifest.last_run()
    if last_run is None:
        return Report(str(folder), 0, False, (), (), (), ())
    made: dict[tuple[str, str, str], Mapping[str, Any]] = {}
    sent: dict[Series, list[Sent]] = {}
    for draft in manifest.all_drafts():
        made[draft["board"], draft["meeting"], draft["file_name"]] = draft
        sent.setdefault(series_of(draft), []).append(Sent.of(draft))
    lacking = {(job["board"], job["path"]): job for job in manifest.lacking()}
    facts = SetsOfFacts(manifest)
    return Report(
        str(folder),
        last_run.id,
        last_run.state != states.FINISHED,
        _meetings(made.values(), lacking, folder),
        list(differences(sent, facts)),
        list(changes(sent, facts)),
        list(_due(manifest, today)),
    )


def _meetings(
    made: Iterable[Mapping[str, Any]],
    lacking: Mapping[tuple[str, str], Mapping[str, Any]],
    folder: Path,
) -> list[ReportedMeeting]:
    """`lacking`: by board and path, the jobs that have come to nothing, or not come to anything
    yet.
    """
    drafted = {(job["board"], job["path"]): job for job in made}
    failed = {
        key: job for key, job in lacking.items() if job["state"] == states.FAILED and key in drafted
    }
    jobs = [*made, *(job for key, job in lacking.items() if key not in failed)]
    # Of a paper that could not be read only the boards' ids are known.
    names = {job["board"]: job["board_name"] for job in jobs if job["board_name"]}
    found: dict[tuple[str, str, str], list[SentPaper]] = {}
    for job in jobs:
        name = job["board_name"] or names.get(job["board"], job["board"])
        told = _told(job, folder)
        key = job["board"], job["path"]
        if key in failed and drafted[key] is job:
            problems = [*told.problems, *failed[key]["problems"]]
            told = replace(
                told,
                state=f"{told.state}; an earlier draft, as the last run failed",
                problems=problems,
            )
        found.setdefault((name, job["board"], job["meeting"]), []).append(told)
    return [
        ReportedMeeting(
            board, name, date, sorted(papers, key=lambda paper: (paper.plan_title, paper.paper))
        )
        for (name, board, date), papers in sorted(found.items())
    ]


def _told(job: Mapping[str, Any], folder: Path) -> SentPaper:
    """`job` is a draft, or a job that has none."""
    drafted = "content_hash" in job
    return SentPaper(
        board=job["board"],
        board_name=job["board_name"],
        meeting=job["meeting"],
        role=job["role"],
        plan=job["plan"],
        plan_title=job["plan_title"],
        paper=job["shown"],
        title=job["title"] if drafted else "",
        file=job["file"] if drafted else "",
        state=_state(job, folder)
        if drafted
        else FAILED
        if job["state"] == states.FAILED
        else TO_DO,
        edited=job["edited"] if drafted else "",
        gaps=job["gaps"] if drafted else (),
        problems=() if drafted else job["problems"],
        notices=job["notices"] if drafted else (),
        drafted=job["ended"] or "",
    )


def _state(draft: Mapping[str, Any], folder: Path) -> str:
    """How the file of a draft stands."""
    try:
        found = found_hash(folder / draft["file"])
    except (SourceError, OSError):
        return UNREADABLE
    if found is None:
        return NOT_THERE
    return AS_DRAFTED if found == draft["content_hash"] else EDITED


def _due(manifest: Manifest, today: PartialDate) -> Iterator[Due]:
    """By the paper of each file that was read last."""
    found: dict[tuple[str, str], Due] = {}
    for paper in manifest.latest_papers():
        for promise in paper["promises"]:
            date = promise["due"]
            overdue = PartialDate.parse(date).last < today.first if date else None
            found[paper["plan"], promise["id"]] = Due(
                paper["plan_title"], promise["what"], promise["by"], promise["to"], date, overdue
            )
    yield from sorted(found.values(), key=lambda due: (due.due == "", due.due, due.plan, due.what))
