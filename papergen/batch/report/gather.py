"""What was told to whom, as a folder's manifest and its papers tell it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from papergen.batch import manifest as states
from papergen.batch.manifest import Manifest
from papergen.batch.report.compare import Sent, SetsOfFacts, changes, differences
from papergen.batch.report.values import AS_DRAFTED, EDITED, FAILED, NOT_THERE, TO_DO, UNREADABLE, Due, Meeting, Report, Told
from papergen.dates import PartialDate
from papergen.errors import SourceError
from papergen.placing import found_hash


def report_on(manifest: Manifest, folder: Path, today: PartialDate) -> Report:
    """The report of a folder. Raises OutputError where its manifest cannot be read."""
    last_run = manifest.last_run()
    if last_run is None:
        return Report(str(folder), 0, False, (), (), (), ())
    made: dict[tuple[str, str, str], Mapping[str, Any]] = {}
    lacking: dict[tuple[str, str], Mapping[str, Any]] = {}
    sent: dict[tuple[str, str], list[Sent]] = {}
    for job in manifest.all_jobs():
        lacking.pop((job["board"], job["path"]), None)  # a later run tells what became of it
        if job["content_hash"]:
            made[job["board"], job["meeting"], job["file_name"]] = job
            sent.setdefault((job["board"], job["plan"]), []).append(Sent.of(job))
        elif job["state"] != states.WITHDRAWN:
            lacking[job["board"], job["path"]] = job
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
    made: Iterable[Mapping[str, Any]], lacking: Mapping[tuple[str, str], Mapping[str, Any]], folder: Path
) -> list[Meeting]:
    """`lacking`: by board and path, the jobs that have come to nothing, or not come to anything yet."""
    drafted = {(job["board"], job["path"]): job for job in made}
    failed = {key: job for key, job in lacking.items() if job["state"] == states.FAILED and key in drafted}
    jobs = [*made, *(job for key, job in lacking.items() if key not in failed)]
    # Of a paper that could not be read only the boards' ids are known.
    names = {job["board"]: job["board_name"] for job in jobs if job["board_name"]}
    found: dict[tuple[str, str, str], list[Told]] = {}
    for job in jobs:
        name = job["board_name"] or names.get(job["board"], job["board"])
        told = _told(job, folder)
        key = job["board"], job["path"]
        if key in failed and drafted[key] is job:
            problems = [*told.problems, *failed[key]["problems"]]
            told = replace(told, state=f"{told.state}, but an earlier draft: the last run failed", problems=problems)
        found.setdefault((name, job["board"], job["meeting"]), []).append(told)
    return [
        Meeting(board, name, date, sorted(papers, key=lambda paper: (paper.plan_title, paper.paper)))
        for (name, board, date), papers in sorted(found.items())
    ]


def _told(job: Mapping[str, Any], folder: Path) -> Told:
    return Told(
        board=job["board"],
        board_name=job["board_name"],
        meeting=job["meeting"],
        role=job["role"],
        plan=job["plan"],
        plan_title=job["plan_title"],
        paper=job["shown"],
        title=job["title"],
        file=job["file"],
        state=_state(job, folder),
        edited=job["edited"],
        gaps=job["gaps"],
        problems=job["problems"],
        notices=job["notices"],
        run=job["run"],
        drafted=job["ended"] or "",
    )


def _state(job: Mapping[str, Any], folder: Path) -> str:
    if job["state"] == states.PENDING:
        return TO_DO
    if job["state"] == states.FAILED:
        return FAILED
    try:
        found = found_hash(folder / job["file"])
    except SourceError:
        return UNREADABLE
    if found is None:
        return NOT_THERE
    return AS_DRAFTED if found == job["content_hash"] else EDITED


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
