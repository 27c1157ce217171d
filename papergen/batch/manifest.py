"""The manifest of a folder of papers: which jobs each run had, from what each was made, and what became of it.

An SQLite database, through SQLAlchemy. It is written after the papers that it tells of: what it calls done stands in the
folder, unless somebody has changed it since. Times are for people; what came first is told by the numbers of the runs, since a
clock can be set back.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, CursorResult, Engine, Select, Update, bindparam, case, func, insert, select, update
from sqlalchemy.dialects.sqlite import insert as insert_or
from sqlalchemy.exc import DBAPIError

from papergen.batch.database import as_error, engine_for, prepare, storable
from papergen.batch.jobs import Missing, Result, Surveyed
from papergen.batch.tables import files, jobs, papers, runs, told
from papergen.errors import Problem
from papergen.quick import dataclass

NAME = "manifest.db"
RUNNING, STOPPED, FINISHED = "running", "stopped", "finished"
PENDING, DONE, FAILED, WITHDRAWN = "pending", "done", "failed", "withdrawn"


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
    """An open manifest. Every method is one transaction. OutputError says what is wrong with the file."""

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

    # -- runs --------------------------------------------------------------------------------------------------------

    def last_run(self) -> RunRow | None:
        with self._transaction() as connection:
            row = connection.execute(select(runs).order_by(runs.c.id.desc()).limit(1)).mappings().first()
        return None if row is None else _run_row(dict(row))

    @contextmanager
    def planning(self, last: RunRow | None, version: str, arguments: Mapping[str, Any], now: str) -> Iterator[Plan]:
        """What a run is to do, all of it or (where an exception leaves the block) nothing.

        A new run; or one that goes on, `last`. There a job that is still asked for keeps its outcome if it was made from the
        same, and it is for the run to see whether its paper still stands. A job that is not asked for any more is “withdrawn”.
        """
        with self._transaction() as connection:
            values = {"state": RUNNING, "version": version, "arguments": _json(arguments)}
            if last is None:
                run = int(connection.execute(insert(runs).values(started=now, **values)).inserted_primary_key[0])  # type: ignore[index]
            else:
                run = last.id
                connection.execute(update(runs).where(runs.c.id == run).values(ended=None, **values))
                connection.execute(update(jobs).where(jobs.c.run == run).values(state=WITHDRAWN))
            yield Plan(run, version, connection)

    def end(self, run: int, state: str, now: str, seconds: float) -> None:
        with self._transaction() as connection:
            values = {"state": state, "ended": now, "seconds": runs.c.seconds + max(seconds, 0.0)}
            connection.execute(update(runs).where(runs.c.id == run).values(values))

    # -- jobs --------------------------------------------------------------------------------------------------------

    def pending(self, paper: int) -> list[tuple[int, str, str]]:
        """The jobs of a paper that are to be done: their ids, boards and files' names."""
        query = select(jobs.c.id, jobs.c.board, jobs.c.file_name).where(jobs.c.paper == paper, jobs.c.state == PENDING)
        with self._transaction() as connection:
            return [(row.id, row.board, row.file_name) for row in connection.execute(query.order_by(jobs.c.id))]

    def done(self, run: int, *, after: int, most: int) -> list[tuple[int, str, str]]:
        """Jobs of a run that are done, at `most` so many, with ids `after` one: their ids, files and content hashes."""
        query = select(jobs.c.id, jobs.c.file, jobs.c.content_hash).where(jobs.c.run == run, jobs.c.state == DONE)
        with self._transaction() as connection:
            found = connection.execute(query.where(jobs.c.id > after).order_by(jobs.c.id).limit(most))
            return [(row.id, row.file, row.content_hash) for row in found]

    def failed(self, run: int) -> list[Mapping[str, Any]]:
        """The jobs of a run that have failed, each with its paper's `shown`."""
        query = (
            select(jobs, papers.c.shown)
            .join(papers, papers.c.id == jobs.c.paper)
            .where(jobs.c.run == run, jobs.c.state == FAILED)
            .order_by(jobs.c.id)
        )
        with self._transaction() as connection:
            return [_read(row, "gaps", "problems", "notices") for row in connection.execute(query).mappings()]

    def papers_to_do(self, run: int) -> list[tuple[int, str, str]]:
        """The papers of a run that have jobs to be done: their ids, paths and input hashes."""
        pending = select(jobs.c.paper).where(jobs.c.run == run, jobs.c.state == PENDING)
        query = select(papers.c.id, papers.c.path, papers.c.input_hash).where(papers.c.id.in_(pending)).order_by(papers.c.id)
        with self._transaction() as connection:
            return [(row.id, row.path, row.input_hash) for row in connection.execute(query)]

    def latest_papers(self) -> list[Mapping[str, Any]]:
        """Each paper's file as it was read last without a fault."""
        last = select(func.max(papers.c.id)).where(papers.c.input_hash != "").group_by(papers.c.path)
        query = select(papers).where(papers.c.id.in_(last))
        with self._transaction() as connection:
            found = connection.execute(query.order_by(papers.c.id)).mappings()
            return [_read(row, "files", "promises", "notes") for row in found]

    def counts(self, run: int) -> dict[str, int]:
        """How many jobs a run has in each state."""
        query = select(jobs.c.state, func.count().label("jobs")).where(jobs.c.run == run).group_by(jobs.c.state)
        with self._transaction() as connection:
            return {row.state: row.jobs for row in connection.execute(query)}

    def outcomes(self, run: int) -> dict[str, int]:
        """How many jobs of a run came to what: the words of `placing.State`, and “pending”."""
        word = case((jobs.c.state == PENDING, PENDING), else_=jobs.c.outcome)
        query = select(word.label("word"), func.count().label("jobs")).where(jobs.c.run == run, jobs.c.state != WITHDRAWN)
        with self._transaction() as connection:
            return {row.word: row.jobs for row in connection.execute(query.group_by(word))}

    def gaps(self, run: int, most: int) -> tuple[int, list[Mapping[str, str]]]:
        """How many different gaps the papers of a run have, and the first few of them, at `most` so many."""
        query = select(jobs.c.gaps).distinct().where(jobs.c.run == run, jobs.c.state == DONE, jobs.c.gaps != "[]")
        known: set[int] = set()  # their hashes, which take little room: there may be as many gaps as papers
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
                connection.execute(update(jobs).where(jobs.c.id.in_(some)).values(state=PENDING, outcome="", problems="[]"))

    def record(self, results: Sequence[Result], sets: Mapping[str, bytes], now: str) -> None:
        """What became of the jobs of a chunk."""
        with self._transaction() as connection:
            ids = _told_ids(connection, sets)
            connection.execute(_SET_OUTCOME, [_outcome(result, ids, now) for result in results])
            written = [
                {"name": result.file, "paper_name": result.made.name, "content_hash": result.made.content_hash}
                for result in results
                if result.file and result.made is not None and result.state != "kept"
            ]
            if written:
                connection.execute(_SET_FILE, written)

    def written(self, names: Sequence[str]) -> dict[str, dict[str, str]]:
        """By the names of papers, the content hashes of what was last written to their files and to those beside them."""
        found: dict[str, dict[str, str]] = {}
        with self._transaction() as connection:
            for some in _slices(names):
                for row in connection.execute(select(files).where(files.c.paper_name.in_(some))):
                    found.setdefault(row.paper_name, {})[row.name] = row.content_hash
        return found

    def facts(self, id_: int) -> bytes:
        """A set of facts by its number, as it is kept."""
        with self._transaction() as connection:
            return bytes(connection.execute(select(told.c.facts).where(told.c.id == id_)).scalar_one())

    def all_jobs(self) -> Iterator[Mapping[str, Any]]:
        """The jobs of all runs, the earliest first, each with what is known of its paper; read a page at a time."""
        columns = (papers.c.path, papers.c.shown, papers.c.plan, papers.c.plan_title, papers.c.as_at)
        query = select(jobs, *columns).join(papers, papers.c.id == jobs.c.paper).order_by(jobs.c.run, jobs.c.id)
        with self._transaction() as connection:
            for row in _page_by_page(connection, query).mappings():
                yield _read(row, "gaps", "problems", "notices")


class Plan:
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
            "files": _json(one.files),
            "plan": one.plan_id,
            "plan_title": one.plan_title,
            "as_at": one.as_at,
            "promises": _json([{name: getattr(promise, name) for name in _PROMISE} for promise in one.promises]),
            "notes": _json(one.notes),
        }
        paper = self._papers.get(values["path"])
        if paper is None:
            paper = int(self._connection.execute(insert(papers).values(values)).inserted_primary_key[0])  # type: ignore[index]
        else:
            self._connection.execute(update(papers).where(papers.c.id == paper).values(values))
        self._add_jobs(paper, one)
        ids = {
            row.board: row.id for row in self._connection.execute(select(jobs.c.board, jobs.c.id).where(jobs.c.paper == paper))
        }
        return [ids[asked.board] for asked in one.asked]

    def _add_jobs(self, paper: int, one: Surveyed) -> None:
        before = {row.board: row for row in self._connection.execute(select(jobs).where(jobs.c.paper == paper))}
        added: list[dict[str, Any]] = []
        changed: list[dict[str, Any]] = []
        for asked in one.asked:
            now = {
                "board_name": asked.board_name,
                "meeting": asked.meeting,
                "role": asked.role,
                "brand": asked.brand,
                "file_name": asked.file_name,
                "file_key": asked.file_name.casefold(),
                "version": self._version,
                "input_hash": one.input_hash,
                "template_hash": asked.template_hash,
            }
            old = before.get(asked.board)
            if old is None:
                added.append({"run": self.run, "paper": paper, "board": asked.board, "state": PENDING, **now})
                continue
            same = old.content_hash and all(getattr(old, name) == value for name, value in now.items())
            state = DONE if same and not json.loads(old.problems) else PENDING
            changed.append({"job": old.id, "new_state": state, **{f"new_{name}": value for name, value in now.items()}})
        if added:
            self._connection.execute(insert(jobs), added)
        if changed:
            self._connection.execute(_SET_ASKED, changed)

    def clashes(self) -> Sequence[Any]:
        """The jobs whose papers would be written to one file: `id`, `board`, `file_name`, and `shown` of their papers.

        Windows and macOS do not tell case apart.
        """
        asked_for = (jobs.c.run == self.run, jobs.c.state != WITHDRAWN, jobs.c.file_key != "")
        shared = select(jobs.c.file_key).where(*asked_for).group_by(jobs.c.file_key).having(func.count() > 1)
        query = select(jobs.c.id, jobs.c.board, jobs.c.file_name, papers.c.shown).join(papers, papers.c.id == jobs.c.paper)
        clashing = query.where(*asked_for, jobs.c.file_key.in_(shared)).order_by(jobs.c.id)
        return self._connection.execute(clashing).all()


_PROMISE = ("id", "what", "by", "to", "due")


def _set(*names: str) -> Update:
    """A statement that gives a job new values in these columns."""
    return update(jobs).where(jobs.c.id == bindparam("job")).values({name: bindparam(f"new_{name}") for name in names})


_ASKED = ("board_name", "meeting", "role", "brand", "file_name", "file_key", "version", "input_hash", "template_hash")
_SET_ASKED = _set("state", *_ASKED)
_SET_OUTCOME = _set(
    "state",
    "outcome",
    "file",
    "edited",
    "title",
    "content_hash",
    "told",
    "register",
    "gaps",
    "problems",
    "notices",
    "prepare_seconds",
    "render_seconds",
    "write_seconds",
    "ended",
)
_NEW_FILE = insert_or(files)
_SET_FILE = _NEW_FILE.on_conflict_do_update(
    index_elements=[files.c.name],
    set_={"content_hash": _NEW_FILE.excluded.content_hash, "paper_name": _NEW_FILE.excluded.paper_name},
)


def _told_ids(connection: Connection, sets: Mapping[str, bytes]) -> dict[str, int]:
    if not sets:
        return {}
    query = select(told.c.key, told.c.id).where(told.c.key.in_(list(sets)))
    ids = {row.key: row.id for row in connection.execute(query)}
    new = [{"key": key, "facts": facts} for key, facts in sets.items() if key not in ids]
    if new:
        connection.execute(insert(told), new)
        ids = {row.key: row.id for row in connection.execute(query)}
    return ids


def _outcome(result: Result, ids: Mapping[str, int], now: str) -> dict[str, Any]:
    made = result.made
    return {
        "job": result.job,
        "new_state": FAILED if result.failed else DONE,
        "new_outcome": result.state,
        "new_file": result.file,
        "new_edited": result.edited,
        "new_title": made.title if made else "",
        "new_content_hash": made.content_hash if made and not result.failed else "",
        "new_told": ids.get(made.told) if made and not result.failed else None,
        "new_register": ids.get(made.register) if made and not result.failed else None,
        "new_gaps": _faults(made.gaps if made else ()),
        "new_problems": _faults(result.problems),
        "new_notices": _faults(result.notices),
        "new_prepare_seconds": result.prepare,
        "new_render_seconds": result.render,
        "new_write_seconds": result.write,
        "new_ended": now,
    }


def _faults(faults: Sequence[Problem | Missing]) -> str:
    return _json([_plain(fault) for fault in faults]) if faults else "[]"


def _plain(fault: Problem | Missing) -> dict[str, str]:
    """A problem or a gap as it is kept."""
    where = str(fault.where) if fault.where else ""
    code = fault.code if isinstance(fault, Problem) else "gap"
    return {"code": code, "message": fault.message, "where": where, "hint": fault.hint}


def _run_row(row: Mapping[str, Any]) -> RunRow:
    return RunRow(row["id"], row["state"], row["version"], json.loads(row["arguments"]), row["started"], row["ended"])


def _read(row: Mapping[Any, Any], *names: str) -> dict[str, Any]:
    """A row whose columns of these names are JSON."""
    return {**row, **{name: json.loads(row[name]) for name in names}}


def _json(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))


def _page_by_page(connection: Connection, query: Select[Any]) -> CursorResult[Any]:
    """The rows of a query that may be many: they are not all in memory at a time."""
    return connection.execution_options(yield_per=1_000).execute(query)


def _slices(values: Sequence[Any], size: int = 500) -> Iterator[Sequence[Any]]:
    for start in range(0, len(values), size):
        yield values[start : start + size]
