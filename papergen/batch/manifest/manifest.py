"""The manifest of a folder of papers: which jobs each run had, from what each was made, and what
became of it.

An SQLite database, through SQLAlchemy. It is written after the papers that it tells of: what it
calls done stands in the folder, unless somebody has changed it since. Times are for people; what
came first is told by the numbers of the runs, since a clock can be set back.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Connection,
    CursorResult,
    Engine,
    Select,
    case,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.exc import DBAPIError

from papergen.batch.jobs import Result
from papergen.batch.manifest.database import as_error, as_json, damaged, engine_for, prepare
from papergen.batch.manifest.job_list import JobList
from papergen.batch.manifest.outcomes import write_outcomes
from papergen.batch.manifest.tables import (
    DONE,
    FAILED,
    PENDING,
    RUNNING,
    WITHDRAWN,
    drafts,
    files,
    jobs,
    papers,
    runs,
    told,
)

NAME = "manifest.db"
_PAGE = 1_000


@dataclass(frozen=True, slots=True)
class RunRow:
    """A run: its number, how it stands, and the command that it was asked for by."""

    id: int
    state: str
    version: str
    arguments: Mapping[str, Any]
    started: str
    ended: str | None


class Manifest:
    """An open manifest. Every method is one transaction. OutputError says what is wrong with the
    file.
    """

    def __init__(self, path: Path, engine: Engine) -> None:
        self.path = path
        self._engine = engine

    @classmethod
    def open(cls, folder: Path) -> Manifest:
        """The manifest of a folder, which is made where there is none."""
        path = folder / NAME
        manifest = cls(path, engine_for(path))
        try:
            manifest._prepare()
        except BaseException:
            manifest.close()
            raise
        return manifest

    def __enter__(self) -> Manifest:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _prepare(self) -> None:
        with self._transaction() as connection:
            prepare(connection, self.path)

    def close(self) -> None:
        self._engine.dispose()

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        try:
            with self._engine.begin() as connection:
                yield connection
        except DBAPIError as fault:
            raise as_error(self.path, fault) from fault
        except UnicodeDecodeError as fault:
            raise damaged(self.path) from fault

    # -- runs

    def last_run(self) -> RunRow | None:
        with self._transaction() as connection:
            row = (
                connection.execute(select(runs).order_by(runs.c.id.desc()).limit(1))
                .mappings()
                .first()
            )
        return None if row is None else _run_row(dict(row))

    def begin(self, version: str, arguments: Mapping[str, Any], now: str) -> int:
        """A new run, of which nothing is known yet but what was asked for; its number."""
        values = {
            "state": RUNNING,
            "version": version,
            "arguments": as_json(arguments),
            "started": now,
        }
        with self._transaction() as connection:
            return int(connection.execute(insert(runs).values(values)).inserted_primary_key[0])  # type: ignore[index]

    def forget(self, run: int) -> None:
        """There was no such run: what was asked for made no sense."""
        with self._transaction() as connection:
            connection.execute(delete(runs).where(runs.c.id == run))

    @contextmanager
    def planning(self, run: int, version: str, arguments: Mapping[str, Any]) -> Iterator[JobList]:
        """What a run is to do, all of it or (where an exception leaves the block) nothing.

        Of a run that goes on, a job that is still asked for is done if its last draft was made from
        the same, and it is for the run to see whether that still stands. A job that is not asked
        for any more is “withdrawn”.
        """
        with self._transaction() as connection:
            values = {
                "state": RUNNING,
                "version": version,
                "arguments": as_json(arguments),
                "ended": None,
            }
            connection.execute(update(runs).where(runs.c.id == run).values(values))
            connection.execute(update(jobs).where(jobs.c.run == run).values(state=WITHDRAWN))
            yield JobList(run, version, connection)

    def end(self, run: int, state: str, now: str, seconds: float) -> None:
        with self._transaction() as connection:
            values = {"state": state, "ended": now, "seconds": runs.c.seconds + max(seconds, 0.0)}
            connection.execute(update(runs).where(runs.c.id == run).values(values))

    # -- jobs

    def pending(self, paper: int) -> list[tuple[int, str, str]]:
        """The jobs of a paper that are to be done: their ids, boards and files' names."""
        query = select(jobs.c.id, jobs.c.board, jobs.c.file_name).where(
            jobs.c.paper == paper, jobs.c.state == PENDING
        )
        with self._transaction() as connection:
            return [
                (row.id, row.board, row.file_name)
                for row in connection.execute(query.order_by(jobs.c.id))
            ]

    def done(self, run: int, *, after: int, most: int) -> list[tuple[int, str, str]]:
        """Jobs of a run that are done, at `most` so many, with ids `after` one: their ids, files
        and content hashes.
        """
        query = select(jobs.c.id, drafts.c.file, drafts.c.content_hash).join(
            drafts, drafts.c.id == jobs.c.draft
        )
        asked = (
            query.where(jobs.c.run == run, jobs.c.state == DONE, jobs.c.id > after)
            .order_by(jobs.c.id)
            .limit(most)
        )
        with self._transaction() as connection:
            return [(row.id, row.file, row.content_hash) for row in connection.execute(asked)]

    def edited(self, run: int) -> list[int]:
        """The jobs of a run that are done, and whose drafts stand beside an edited file."""
        query = (
            select(jobs.c.id)
            .join(drafts, drafts.c.id == jobs.c.draft)
            .where(jobs.c.run == run, jobs.c.state == DONE)
        )
        with self._transaction() as connection:
            return list(
                connection.scalars(
                    query.where(drafts.c.edited != "", drafts.c.outcome != "overwritten")
                )
            )

    def failed(self, run: int) -> list[Mapping[str, Any]]:
        """The jobs of a run that have failed, each with its paper's `shown`."""
        query = (
            select(jobs, papers.c.shown)
            .join(papers, papers.c.id == jobs.c.paper)
            .where(jobs.c.run == run, jobs.c.state == FAILED)
            .order_by(jobs.c.id)
        )
        return [_read(row, "problems") for row in self._page(query)]

    def papers_to_do(self, run: int) -> list[tuple[int, str, str]]:
        """The papers of a run that have jobs to be done: their ids, paths and input hashes."""
        pending = select(jobs.c.paper).where(jobs.c.run == run, jobs.c.state == PENDING)
        query = (
            select(papers.c.id, papers.c.path, papers.c.input_hash)
            .where(papers.c.id.in_(pending))
            .order_by(papers.c.id)
        )
        with self._transaction() as connection:
            return [(row.id, row.path, row.input_hash) for row in connection.execute(query)]

    def latest_papers(self) -> list[Mapping[str, Any]]:
        """The paper of each plan that was read last without a fault."""
        last = (
            select(func.max(papers.c.id)).where(papers.c.input_hash != "").group_by(papers.c.plan)
        )
        query = select(papers).where(papers.c.id.in_(last)).order_by(papers.c.id)
        return [_read(row, "files", "promises", "notes") for row in self._page(query)]

    def counts(self, run: int) -> dict[str, int]:
        """How many jobs a run has in each state."""
        query = (
            select(jobs.c.state, func.count().label("jobs"))
            .where(jobs.c.run == run)
            .group_by(jobs.c.state)
        )
        with self._transaction() as connection:
            return {row.state: row.jobs for row in connection.execute(query)}

    def outcomes(self, run: int) -> dict[str, int]:
        """How many jobs of a run came to what: the words of `placing.State`, and “pending”."""
        word = case((jobs.c.state == PENDING, PENDING), else_=jobs.c.outcome)
        query = select(word.label("word"), func.count().label("jobs")).where(
            jobs.c.run == run, jobs.c.state != WITHDRAWN
        )
        with self._transaction() as connection:
            return {row.word: row.jobs for row in connection.execute(query.group_by(word))}

    def gaps(self, run: int, most: int) -> tuple[int, list[Mapping[str, str]]]:
        """How many different gaps the papers of a run have, and the first few of them, at `most` so
        many.
        """
        made = select(drafts.c.gaps).distinct().join(jobs, jobs.c.draft == drafts.c.id)
        query = made.where(jobs.c.run == run, jobs.c.state == DONE, drafts.c.gaps != "[]")
        known: set[int] = (
            set()
        )  # their hashes, which take little room: there may be as many gaps as papers
        first: list[Mapping[str, str]] = []
        with self._transaction() as connection:
            for (text,) in _page_by_page(connection, query):
                for gap in json.loads(text):
                    number = hash(tuple(gap.values()))
                    if number not in known and len(first) < most:
                        first.append(gap)
                    known.add(number)
        return len(known), first

    def pend(self, ids: Iterable[int]) -> None:
        """These jobs are to be done (again)."""
        with self._transaction() as connection:
            for some in _slices(list(ids)):
                connection.execute(update(jobs).where(jobs.c.id.in_(some)).values(state=PENDING))

    def record(self, results: Sequence[Result], sets: Mapping[str, bytes], now: str) -> None:
        """What became of the jobs of a chunk."""
        with self._transaction() as connection:
            write_outcomes(connection, results, sets, now)

    def written(self, names: Sequence[str]) -> dict[str, dict[str, str]]:
        """By the names of papers, the content hashes of what was last written to their files and to
        those beside them.
        """
        found: dict[str, dict[str, str]] = {}
        with self._transaction() as connection:
            for some in _slices(names):
                for row in connection.execute(select(files).where(files.c.paper_name.in_(some))):
                    found.setdefault(row.paper_name, {})[row.name] = row.content_hash
        return found

    def facts(self, id_: int) -> bytes:
        """A set of facts by its number, as it is kept."""
        with self._transaction() as connection:
            return bytes(
                connection.execute(select(told.c.facts).where(told.c.id == id_)).scalar_one()
            )

    def all_drafts(self) -> Iterator[Mapping[str, Any]]:
        """All drafts, in the order in which they were made."""
        last = 0
        while page := self._page(
            select(drafts).where(drafts.c.id > last).order_by(drafts.c.id).limit(_PAGE)
        ):
            last = page[-1]["id"]
            yield from (_read(row, "gaps", "notices") for row in page)

    def lacking(self) -> list[Mapping[str, Any]]:
        """The jobs that were last heard of as failed, or as still to do, each with its paper's
        `path`, `shown`, and plan.

        One without a board, of a paper that could not be read, is forgotten once its paper was
        read.
        """
        of_board = (
            select(func.max(jobs.c.id))
            .join(papers, papers.c.id == jobs.c.paper)
            .group_by(papers.c.path, jobs.c.board)
        )
        of_path = select(func.max(papers.c.id)).group_by(papers.c.path)
        query = (
            select(jobs, papers.c.path, papers.c.shown, papers.c.plan, papers.c.plan_title)
            .join(papers, papers.c.id == jobs.c.paper)
            .where(jobs.c.state.in_((FAILED, PENDING)), jobs.c.id.in_(of_board))
            .where(or_(jobs.c.board != "", papers.c.id.in_(of_path)))
            .order_by(jobs.c.id)
        )
        return [_read(row, "problems") for row in self._page(query)]

    def _page(self, query: Select[Any]) -> list[Mapping[Any, Any]]:
        """Rows, in a transaction of their own: whoever reads much is not to keep a run from
        writing.
        """
        with self._transaction() as connection:
            return [dict(row) for row in connection.execute(query).mappings()]


def _run_row(row: Mapping[str, Any]) -> RunRow:
    return RunRow(
        row["id"],
        row["state"],
        row["version"],
        json.loads(row["arguments"]),
        row["started"],
        row["ended"],
    )


def _read(row: Mapping[Any, Any], *names: str) -> dict[str, Any]:
    """A row whose columns of these names are JSON."""
    return {**row, **{name: json.loads(row[name]) for name in names}}


def _page_by_page(connection: Connection, query: Select[Any]) -> CursorResult[Any]:
    """The rows of a query that may be many: they are not all in memory at a time."""
    return connection.execution_options(yield_per=1_000).execute(query)


def _slices(values: Sequence[Any], size: int = 500) -> Iterator[Sequence[Any]]:
    for start in range(0, len(values), size):
        yield values[start : start + size]
