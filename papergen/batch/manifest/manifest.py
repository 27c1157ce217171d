"""The manifest of a folder of papers: the jobs of each run, their sources and their results.

An SQLite database, through SQLAlchemy. It is written after the papers: what it calls done is in the
folder, unless somebody has changed it since. Times are for people. The numbers of the runs give
their order, since a clock can be set back.
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
from papergen.batch.manifest.readings import PlainReading, kept_readings
from papergen.batch.manifest.tables import (
    DONE,
    FAILED,
    PENDING,
    RUNNING,
    WITHDRAWN,
    drafts,
    fact_sets,
    files,
    jobs,
    papers,
    runs,
)

NAME = "manifest.db"
_PAGE = 1_000
_SLICE = 500
"""Values in one SQL statement: SQLite has a limit."""


@dataclass(frozen=True, slots=True)
class RunRow:
    """A run: its number and state, and the request (`arguments`) that began it."""

    id: int
    state: str
    version: str
    arguments: Mapping[str, Any]
    started: str
    ended: str | None


class Manifest:
    """An open manifest. Every method is one transaction, and raises OutputError for a bad file."""

    def __init__(self, path: Path, engine: Engine) -> None:
        self.path = path
        self._engine = engine

    @classmethod
    def open(cls, folder: Path) -> Manifest:
        """The manifest of a folder, which is made where there is none."""
        path = folder / NAME
        manifest = cls(path, engine_for(path))
        try:
            with manifest._transaction() as connection:
                prepare(connection, path)
        except BaseException:
            manifest.close()
            raise
        return manifest

    def __enter__(self) -> Manifest:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

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

    def _rows(self, query: Select[Any]) -> list[Mapping[Any, Any]]:
        """All rows of a query, in a transaction of its own."""
        with self._transaction() as connection:
            return [dict(row) for row in connection.execute(query).mappings()]

    # -- runs

    def last_run(self) -> RunRow | None:
        """The run that began last, if there is one."""
        rows = self._rows(select(runs).order_by(runs.c.id.desc()).limit(1))
        if not rows:
            return None
        row = rows[0]
        return RunRow(
            id=row["id"],
            state=row["state"],
            version=row["version"],
            arguments=json.loads(row["arguments"]),
            started=row["started"],
            ended=row["ended"],
        )

    def begin(self, version: str, arguments: Mapping[str, Any], now: str) -> int:
        """Add a run with its request; its number."""
        values = {
            "state": RUNNING,
            "version": version,
            "arguments": as_json(arguments),
            "started": now,
        }
        with self._transaction() as connection:
            inserted = connection.execute(insert(runs).values(values))
            assert inserted.inserted_primary_key is not None
            return int(inserted.inserted_primary_key[0])

    def forget(self, run: int) -> None:
        """Delete a run whose request was refused."""
        with self._transaction() as connection:
            connection.execute(delete(runs).where(runs.c.id == run))

    @contextmanager
    def planning(self, run: int, version: str, arguments: Mapping[str, Any]) -> Iterator[JobList]:
        """The jobs of a run, to be written: all, or none where an exception leaves the block.

        In a run that goes on, a job that is still requested is done if its last draft was made from
        the same; the run checks its file. A job that is no longer requested is “withdrawn”.
        """
        values = {
            "state": RUNNING,
            "version": version,
            "arguments": as_json(arguments),
            "ended": None,
        }
        with self._transaction() as connection:
            connection.execute(update(runs).where(runs.c.id == run).values(values))
            connection.execute(update(jobs).where(jobs.c.run == run).values(state=WITHDRAWN))
            yield JobList(run, version, connection)

    def end(self, run: int, state: str, now: str, seconds: float) -> None:
        """Set the state of a run that has ended, and add the seconds that it took."""
        values = {"state": state, "ended": now, "seconds": runs.c.seconds + max(seconds, 0.0)}
        with self._transaction() as connection:
            connection.execute(update(runs).where(runs.c.id == run).values(values))

    # -- jobs

    def papers_to_do(self, run: int) -> list[tuple[int, str, str]]:
        """The papers of a run with pending jobs: their ids, paths and input hashes."""
        pending = select(jobs.c.paper).where(jobs.c.run == run, jobs.c.state == PENDING)
        query = (
            select(papers.c.id, papers.c.path, papers.c.input_hash)
            .where(papers.c.id.in_(pending))
            .order_by(papers.c.id)
        )
        with self._transaction() as connection:
            return [(row.id, row.path, row.input_hash) for row in connection.execute(query)]

    def pending(self, paper: int) -> list[tuple[int, str, str]]:
        """The pending jobs of a paper: their ids, boards and files' names."""
        query = (
            select(jobs.c.id, jobs.c.board, jobs.c.file_name)
            .where(jobs.c.paper == paper, jobs.c.state == PENDING)
            .order_by(jobs.c.id)
        )
        with self._transaction() as connection:
            return [(row.id, row.board, row.file_name) for row in connection.execute(query)]

    def set_pending(self, ids: Iterable[int]) -> None:
        """Set jobs to be done (again)."""
        with self._transaction() as connection:
            for some in _slices(list(ids)):
                these = update(jobs).where(jobs.c.id.in_(some))
                connection.execute(these.values(state=PENDING))

    def done(self, run: int, *, after: int, most: int) -> list[tuple[int, str, str]]:
        """The first `most` done jobs with ids `after` one: their ids, files and content hashes."""
        query = (
            select(jobs.c.id, drafts.c.file, drafts.c.content_hash)
            .join(drafts, drafts.c.id == jobs.c.draft)
            .where(jobs.c.run == run, jobs.c.state == DONE, jobs.c.id > after)
            .order_by(jobs.c.id)
            .limit(most)
        )
        with self._transaction() as connection:
            return [(row.id, row.file, row.content_hash) for row in connection.execute(query)]

    def edited(self, run: int) -> list[int]:
        """The ids of the done jobs of a run whose drafts are beside an edited file."""
        query = (
            select(jobs.c.id)
            .join(drafts, drafts.c.id == jobs.c.draft)
            .where(jobs.c.run == run, jobs.c.state == DONE)
            .where(drafts.c.edited != "", drafts.c.outcome != "overwritten")
        )
        with self._transaction() as connection:
            return list(connection.scalars(query))

    def failed(self, run: int) -> list[Mapping[str, Any]]:
        """The failed jobs of a run, each with its paper's `shown`."""
        query = (
            select(jobs, papers.c.shown)
            .join(papers, papers.c.id == jobs.c.paper)
            .where(jobs.c.run == run, jobs.c.state == FAILED)
            .order_by(jobs.c.id)
        )
        return [_parsed(row, "problems") for row in self._rows(query)]

    def counts(self, run: int) -> dict[str, int]:
        """How many jobs of a run are in each state."""
        query = (
            select(jobs.c.state, func.count().label("jobs"))
            .where(jobs.c.run == run)
            .group_by(jobs.c.state)
        )
        with self._transaction() as connection:
            return {row.state: row.jobs for row in connection.execute(query)}

    def outcomes(self, run: int) -> dict[str, int]:
        """How many jobs of a run have each outcome: a value of `overwrite.State`, or “pending”."""
        word = case((jobs.c.state == PENDING, PENDING), else_=jobs.c.outcome)
        query = (
            select(word.label("word"), func.count().label("jobs"))
            .where(jobs.c.run == run, jobs.c.state != WITHDRAWN)
            .group_by(word)
        )
        with self._transaction() as connection:
            return {row.word: row.jobs for row in connection.execute(query)}

    def record(self, results: Sequence[Result], sets: Mapping[str, bytes], now: str) -> None:
        """Write the results of jobs, with the sets of facts that their papers name."""
        with self._transaction() as connection:
            write_outcomes(connection, results, sets, now)

    def written(self, names: Sequence[str]) -> dict[str, dict[str, str]]:
        """By the name of a paper, the content hash of each file that was last written for it."""
        found: dict[str, dict[str, str]] = {}
        with self._transaction() as connection:
            for some in _slices(names):
                query = select(files).where(files.c.paper_name.in_(some))
                for row in connection.execute(query):
                    found.setdefault(row.paper_name, {})[row.name] = row.content_hash
        return found

    # -- what the summary and the report show

    def gaps(self, run: int, most: int) -> tuple[int, list[Mapping[str, str]]]:
        """How many different gaps the papers of a run have, and the first `most` of them."""
        query = (
            select(drafts.c.gaps)
            .distinct()
            .join(jobs, jobs.c.draft == drafts.c.id)
            .where(jobs.c.run == run, jobs.c.state == DONE, drafts.c.gaps != "[]")
        )
        # There may be as many gaps as papers: only their hashes are kept.
        seen: set[int] = set()
        first: list[Mapping[str, str]] = []
        with self._transaction() as connection:
            for (text,) in connection.execution_options(yield_per=_PAGE).execute(query):
                for gap in json.loads(text):
                    number = hash(tuple(gap.values()))
                    if number not in seen and len(first) < most:
                        first.append(gap)
                    seen.add(number)
        return len(seen), first

    def latest_papers(self) -> list[Mapping[str, Any]]:
        """For each plan, the paper that was read last without a fault."""
        last = (
            select(func.max(papers.c.id)).where(papers.c.input_hash != "").group_by(papers.c.plan)
        )
        query = select(papers).where(papers.c.id.in_(last)).order_by(papers.c.id)
        return [_parsed(row, "files", "promises") for row in self._rows(query)]

    def readings(self, run: int) -> list[tuple[PlainReading, Sequence[str]]]:
        """How the lists of a run were read: each reading once, with the papers that it is of."""
        requested = select(jobs.c.paper).where(jobs.c.run == run, jobs.c.state != WITHDRAWN)
        query = (
            select(papers.c.shown, papers.c.readings)
            .where(papers.c.id.in_(requested))
            .order_by(papers.c.id)
        )
        with self._transaction() as connection:
            return kept_readings(connection, query)

    def latest_readings(self) -> list[tuple[PlainReading, Sequence[str]]]:
        """The same of all papers, as each was read last without a fault."""
        last = (
            select(func.max(papers.c.id)).where(papers.c.input_hash != "").group_by(papers.c.path)
        )
        query = (
            select(papers.c.shown, papers.c.readings)
            .where(papers.c.id.in_(last))
            .order_by(papers.c.shown)
        )
        with self._transaction() as connection:
            return kept_readings(connection, query)

    def all_drafts(self) -> Iterator[Mapping[str, Any]]:
        """All drafts, in the order in which they were made.

        Each page is a transaction of its own, so that a long report does not keep a run waiting.
        """
        in_order = select(drafts).order_by(drafts.c.id).limit(_PAGE)
        last = 0
        while page := self._rows(in_order.where(drafts.c.id > last)):
            last = page[-1]["id"]
            yield from (_parsed(row, "gaps", "notices") for row in page)

    def fact_set(self, id_: int) -> bytes:
        """A set of reported facts by its id, as it is kept."""
        query = select(fact_sets.c.facts).where(fact_sets.c.id == id_)
        with self._transaction() as connection:
            return bytes(connection.execute(query).scalar_one())

    def without_draft(self) -> list[Mapping[str, Any]]:
        """The jobs whose last state is failed or pending, each with its paper's `path`, `shown` and
        plan.

        A job without a board, of a paper that could not be read, is left out once that was read.
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
        return [_parsed(row, "problems") for row in self._rows(query)]


def _parsed(row: Mapping[Any, Any], *names: str) -> dict[str, Any]:
    """A row with the JSON of these columns parsed."""
    values = {name: json.loads(row[name]) for name in names}
    return {**row, **values}


def _slices(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(values), _SLICE):
        yield values[start : start + _SLICE]
