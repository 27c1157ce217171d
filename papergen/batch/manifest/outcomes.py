"""How outcomes are written into the manifest's tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, select
from sqlalchemy.dialects.sqlite import insert as insert_or

from papergen.batch.jobs import MissingFact, Result
from papergen.batch.manifest.database import as_json
from papergen.batch.manifest.tables import (
    ASKED,
    DONE,
    FAILED,
    drafts,
    files,
    jobs,
    papers,
    set_columns,
    told,
)
from papergen.errors import Problem

_SET_OUTCOME = set_columns("state", "outcome", "problems", "ended")
_SET_DRAFT = set_columns("draft")
_MADE = (
    "outcome",
    "file",
    "edited",
    "title",
    "content_hash",
    "told",
    "register",
    "gaps",
    "notices",
)
_TIMES = ("prepare_seconds", "render_seconds", "write_seconds", "ended")
_ADD_DRAFT = insert(drafts).from_select(
    ["id", "paper", *ASKED, "path", "shown", "plan", "plan_title", *_MADE, *_TIMES],
    select(
        bindparam("draft"),
        jobs.c.paper,
        *(jobs.c[name] for name in ASKED),
        papers.c.path,
        papers.c.shown,
        papers.c.plan,
        papers.c.plan_title,
        *(bindparam(f"new_{name}") for name in (*_MADE, *_TIMES)),
    )
    .join(papers, papers.c.id == jobs.c.paper)
    .where(jobs.c.id == bindparam("job")),
)
_NEW_FILE = insert_or(files).from_select(
    ["name", "paper_name", "content_hash", "plan"],
    select(
        bindparam("new_name"),
        bindparam("new_paper_name"),
        bindparam("new_content_hash"),
        papers.c.plan,
    )
    .join(jobs, papers.c.id == jobs.c.paper)
    .where(jobs.c.id == bindparam("job")),
)
_SET_FILE = _NEW_FILE.on_conflict_do_update(
    index_elements=[files.c.name],
    set_={name: _NEW_FILE.excluded[name] for name in ("content_hash", "paper_name", "plan")},
)


def write_outcomes(
    connection: Connection, results: Sequence[Result], sets: Mapping[str, bytes], now: str
) -> None:
    """What became of jobs, with the sets of facts that their papers name."""
    ids = _told_ids(connection, sets)
    last = connection.execute(select(func.max(drafts.c.id))).scalar_one() or 0
    stood = [result for result in results if result.made is not None and not result.failed]
    made = {result.job: number for number, result in enumerate(stood, last + 1)}
    connection.execute(_SET_OUTCOME, [_outcome(result, now) for result in results])
    if stood:
        connection.execute(
            _ADD_DRAFT, [_draft(result, made[result.job], ids, now) for result in stood]
        )
        connection.execute(
            _SET_DRAFT, [{"job": job, "new_draft": draft} for job, draft in made.items()]
        )
    if written := [_written(result) for result in stood if result.state != "kept"]:
        connection.execute(_SET_FILE, written)


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


def _outcome(result: Result, now: str) -> dict[str, Any]:
    return {
        "job": result.job,
        "new_state": FAILED if result.failed else DONE,
        "new_outcome": result.state,
        "new_problems": _faults(result.problems),
        "new_ended": now,
    }


def _draft(result: Result, draft: int, ids: Mapping[str, int], now: str) -> dict[str, Any]:
    made = result.made
    assert made is not None
    return {
        "job": result.job,
        "draft": draft,
        "new_outcome": result.state,
        "new_file": result.file,
        "new_edited": result.edited,
        "new_title": made.title,
        "new_content_hash": made.content_hash,
        "new_told": ids[made.told],
        "new_register": ids[made.register],
        "new_gaps": _faults(made.gaps),
        "new_notices": _faults(result.notices),
        "new_prepare_seconds": result.prepare,
        "new_render_seconds": result.render,
        "new_write_seconds": result.write,
        "new_ended": now,
    }


def _written(result: Result) -> dict[str, Any]:
    made = result.made
    assert made is not None
    return {
        "job": result.job,
        "new_name": result.file,
        "new_paper_name": made.name,
        "new_content_hash": made.content_hash,
    }


def _faults(faults: Sequence[Problem | MissingFact]) -> str:
    return as_json([_plain(fault) for fault in faults]) if faults else "[]"


def _plain(fault: Problem | MissingFact) -> dict[str, str]:
    """A problem or a gap as it is kept."""
    where = str(fault.where) if fault.where else ""
    code = fault.code if isinstance(fault, Problem) else "gap"
    return {"code": code, "message": fault.message, "where": where, "hint": fault.hint}
