"""The jobs of a run while they are being written down."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from papergen.batch.jobs import Surveyed
from papergen.batch.manifest.database import as_json, storable
from papergen.batch.manifest.tables import (
    ASKED,
    DONE,
    PENDING,
    WITHDRAWN,
    drafts,
    files,
    jobs,
    papers,
    set_columns,
)

_PROMISE = ("id", "what", "by", "to", "due")
_OF_ASKED = tuple(name for name in ASKED if name not in ("version", "input_hash"))
_WHOSE = (
    select(jobs.c.id, jobs.c.board, jobs.c.file_name, papers.c.shown)
    .join(papers, papers.c.id == jobs.c.paper)
    .order_by(jobs.c.id)
)
_SET_ASKED = set_columns(*ASKED, "file_key", "state", "outcome", "problems")


class JobList:
    """The jobs of a run while they are being written down, in one transaction."""

    def __init__(self, run: int, version: str, connection: Connection) -> None:
        self.run = run
        self._version = version
        self._connection = connection
        known = connection.execute(select(papers.c.id, papers.c.path).where(papers.c.run == run))
        self._papers = {path: id_ for id_, path in known}

    def add(self, one: Surveyed) -> list[int]:
        """The jobs of a source; their ids, in the order in which they are asked for."""
        values: dict[str, Any] = {
            "run": self.run,
            "path": storable(one.source.path),
            "shown": storable(one.source.shown),
            "input_hash": one.input_hash,
            "files": as_json(one.files),
            "plan": one.plan_id,
            "plan_title": one.plan_title,
            "as_at": one.as_at,
            "promises": as_json(
                [{name: getattr(promise, name) for name in _PROMISE} for promise in one.promises]
            ),
            "notes": as_json(one.notes),
        }
        paper = self._papers.get(values["path"])
        if paper is None:
            inserted = self._connection.execute(insert(papers).values(values))
            assert inserted.inserted_primary_key is not None
            paper = int(inserted.inserted_primary_key[0])
        elif (
            not one.problems
        ):  # of a faulty one, what was known before is more than what is known now
            self._connection.execute(update(papers).where(papers.c.id == paper).values(values))
        self._add_jobs(paper, one)
        ids = {
            row.board: row.id
            for row in self._connection.execute(
                select(jobs.c.board, jobs.c.id).where(jobs.c.paper == paper)
            )
        }
        return [ids[asked.board] for asked in one.asked]

    def _add_jobs(self, paper: int, one: Surveyed) -> None:
        columns = (jobs.c.id.label("job"), drafts.c.outcome, *(drafts.c[name] for name in ASKED))
        known = select(jobs.c.board.label("of"), *columns).outerjoin(
            drafts, drafts.c.id == jobs.c.draft
        )
        before = {
            row.of: row for row in self._connection.execute(known.where(jobs.c.paper == paper))
        }
        added: list[dict[str, Any]] = []
        changed: list[dict[str, Any]] = []
        for asked in one.asked:
            now = {name: getattr(asked, name) for name in _OF_ASKED} | {
                "version": self._version,
                "input_hash": one.input_hash,
            }
            old = before.get(asked.board)
            # It is done if its last draft was made from the same, whatever was asked for, or has
            # failed, in between.
            done = old is not None and all(getattr(old, name) == now[name] for name in ASKED)
            now |= {"file_key": asked.file_name.casefold(), "state": DONE if done else PENDING}
            if old is None:
                added.append({"run": self.run, "paper": paper, **now})
            else:
                now |= {"outcome": old.outcome or "", "problems": "[]"}
                changed.append(
                    {"job": old.job, **{f"new_{name}": value for name, value in now.items()}}
                )
        if added:
            self._connection.execute(insert(jobs), added)
        if changed:
            self._connection.execute(_SET_ASKED, changed)

    def clashes(self) -> Sequence[Any]:
        """The jobs whose papers would be written to one file: `id`, `board`, `file_name`, and
        `shown` of their papers.

        Windows and macOS do not tell case apart.
        """
        asked_for = (jobs.c.run == self.run, jobs.c.state != WITHDRAWN, jobs.c.file_key != "")
        shared = (
            select(jobs.c.file_key)
            .where(*asked_for)
            .group_by(jobs.c.file_key)
            .having(func.count() > 1)
        )
        return self._connection.execute(_WHOSE.where(*asked_for, jobs.c.file_key.in_(shared))).all()

    def strangers(self) -> Sequence[Any]:
        """The jobs whose papers would be written over those of another plan, as `clashes` has
        them.
        """
        others = _WHOSE.join(files, files.c.name == jobs.c.file_name).where(
            files.c.plan != papers.c.plan
        )
        return self._connection.execute(
            others.where(jobs.c.run == self.run, jobs.c.state != WITHDRAWN)
        ).all()
