"""The jobs of a run while they are written into the manifest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from papergen.batch.jobs import JobSpec, Surveyed
from papergen.batch.manifest.database import as_json, storable
from papergen.batch.manifest.readings import keep_readings
from papergen.batch.manifest.tables import (
    DONE,
    PENDING,
    SPEC,
    WITHDRAWN,
    drafts,
    files,
    jobs,
    papers,
    set_columns,
)

_JOBS_WITH_PAPERS = (
    select(jobs.c.id, jobs.c.board, jobs.c.file_name, papers.c.shown)
    .join(papers, papers.c.id == jobs.c.paper)
    .order_by(jobs.c.id)
)
_JOBS_WITH_DRAFTS = select(
    jobs.c.board.label("job_board"),
    jobs.c.id.label("job"),
    drafts.c.outcome,
    *(drafts.c[name] for name in SPEC),
).outerjoin(drafts, drafts.c.id == jobs.c.draft)
_SET_JOB = set_columns(*SPEC, "file_key", "state", "outcome", "problems")


class JobList:
    """The jobs of a run while they are written into the manifest, in one transaction."""

    def __init__(self, run: int, version: str, connection: Connection) -> None:
        self.run = run
        self._version = version
        self._connection = connection
        query = select(papers.c.id, papers.c.path).where(papers.c.run == run)
        self._papers: dict[str, int] = {path: id_ for id_, path in connection.execute(query)}

    def add(self, found: Surveyed) -> list[int]:
        """Add a source with its jobs, or update them; the ids of the jobs, in their order."""
        paper = self._add_paper(found)
        self._add_jobs(paper, found)
        query = select(jobs.c.board, jobs.c.id).where(jobs.c.paper == paper)
        ids = {row.board: row.id for row in self._connection.execute(query)}
        return [ids[job.board] for job in found.jobs]

    def _add_paper(self, found: Surveyed) -> int:
        ids = keep_readings(self._connection, found.readings)
        values = {**_paper_row(found), "readings": as_json(ids)}
        known = self._papers.get(values["path"])
        if known is None:
            inserted = self._connection.execute(insert(papers).values(run=self.run, **values))
            assert inserted.inserted_primary_key is not None
            return int(inserted.inserted_primary_key[0])
        if not found.problems:  # of a faulty paper the manifest knows more than can be read now
            self._connection.execute(update(papers).where(papers.c.id == known).values(values))
        return known

    def _add_jobs(self, paper: int, found: Surveyed) -> None:
        query = _JOBS_WITH_DRAFTS.where(jobs.c.paper == paper)
        before = {row.job_board: row for row in self._connection.execute(query)}
        added: list[dict[str, Any]] = []
        changed: list[dict[str, Any]] = []
        for job in found.jobs:
            spec = self._spec(job, found)
            old = before.get(job.board)
            row = {**spec, "file_key": job.file_name.casefold(), "state": PENDING}
            if old is None:
                added.append({"run": self.run, "paper": paper, **row})
                continue
            # The job is done if its last draft was made from the same, whatever was requested, or
            # has failed, in between.
            if all(getattr(old, name) == spec[name] for name in SPEC):
                row["state"] = DONE
            row["outcome"] = old.outcome or ""
            row["problems"] = "[]"
            new_values = {f"new_{name}": value for name, value in row.items()}
            changed.append({"job": old.job, **new_values})
        if added:
            self._connection.execute(insert(jobs), added)
        if changed:
            self._connection.execute(_SET_JOB, changed)

    def _spec(self, job: JobSpec, found: Surveyed) -> dict[str, Any]:
        """The values of the columns `SPEC`."""
        return {**asdict(job), "version": self._version, "input_hash": found.input_hash}

    def clashes(self) -> Sequence[Any]:
        """The jobs whose papers would be written to one file, as Windows and macOS see its name.

        Rows with `id`, `board` and `file_name`, and `shown` of the paper.
        """
        requested = (
            jobs.c.run == self.run,
            jobs.c.state != WITHDRAWN,
            jobs.c.file_key != "",
        )
        shared_names = (
            select(jobs.c.file_key)
            .where(*requested)
            .group_by(jobs.c.file_key)
            .having(func.count() > 1)
        )
        query = _JOBS_WITH_PAPERS.where(*requested, jobs.c.file_key.in_(shared_names))
        return self._connection.execute(query).all()

    def foreign_files(self) -> Sequence[Any]:
        """The jobs whose papers would overwrite those of another plan; rows as in `clashes`."""
        query = (
            _JOBS_WITH_PAPERS.join(files, files.c.name == jobs.c.file_name)
            .where(files.c.plan != papers.c.plan)
            .where(jobs.c.run == self.run, jobs.c.state != WITHDRAWN)
        )
        return self._connection.execute(query).all()


def _paper_row(found: Surveyed) -> dict[str, Any]:
    return {
        "path": storable(found.source.path),
        "shown": storable(found.source.shown),
        "input_hash": found.input_hash,
        "files": as_json(found.files),
        "plan": found.plan_id,
        "plan_title": found.plan_title,
        "as_at": found.as_at,
        "promises": as_json([asdict(promise) for promise in found.promises]),
    }
