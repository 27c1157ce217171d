"""Writing the results of jobs into the manifest's tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, select
from sqlalchemy.dialects.sqlite import insert as insert_or

from papergen.batch.jobs import MissingFact, Result
from papergen.batch.manifest.database import as_json
from papergen.batch.manifest.tables import (
    DONE,
    FAILED,
    PLAN_FACTS,
    REGISTER_FACTS,
    SPEC,
    drafts,
    fact_sets,
    files,
    jobs,
    papers,
    set_columns,
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
    PLAN_FACTS,
    REGISTER_FACTS,
    "gaps",
    "notices",
)
_TIMES = ("prepare_seconds", "render_seconds", "write_seconds", "ended")
_ADD_DRAFT = insert(drafts).from_select(
    ["id", "paper", *SPEC, "path", "shown", "plan", "plan_title", *_MADE, *_TIMES],
    select(
        bindparam("draft"),
        jobs.c.paper,
        *(jobs.c[name] for name in SPEC),
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
    """Write the results of jobs, with the sets of facts that their papers name."""
    fact_ids = _fact_ids(connection, sets)
    last_draft = connection.execute(select(func.max(drafts.c.id))).scalar_one() or 0
    drafted = [result for result in results if result.paper is not None and not result.failed]
    draft_ids = {result.job: number for number, result in enumerate(drafted, last_draft + 1)}
    connection.execute(_SET_OUTCOME, [_outcome_row(result, now) for result in results])
    if drafted:
        rows = [_draft_row(result, draft_ids[result.job], fact_ids, now) for result in drafted]
        connection.execute(_ADD_DRAFT, rows)
        links = [{"job": job, "new_draft": draft} for job, draft in draft_ids.items()]
        connection.execute(_SET_DRAFT, links)
    written = [_file_row(result) for result in drafted if result.state != "kept"]
    if written:
        connection.execute(_SET_FILE, written)


def _fact_ids(connection: Connection, sets: Mapping[str, bytes]) -> dict[str, int]:
    """The ids of sets of facts by their keys; new sets are added."""
    if not sets:
        return {}
    query = select(fact_sets.c.key, fact_sets.c.id).where(fact_sets.c.key.in_(list(sets)))
    ids = {row.key: row.id for row in connection.execute(query)}
    new = [{"key": key, "facts": facts} for key, facts in sets.items() if key not in ids]
    if new:
        connection.execute(insert(fact_sets), new)
        ids = {row.key: row.id for row in connection.execute(query)}
    return ids


def _outcome_row(result: Result, now: str) -> dict[str, Any]:
    return {
        "job": result.job,
        "new_state": FAILED if result.failed else DONE,
        "new_outcome": result.state,
        "new_problems": _faults(result.problems),
        "new_ended": now,
    }


def _draft_row(result: Result, draft: int, fact_ids: Mapping[str, int], now: str) -> dict[str, Any]:
    paper = result.paper
    assert paper is not None
    return {
        "job": result.job,
        "draft": draft,
        "new_outcome": result.state,
        "new_file": result.file,
        "new_edited": result.edited,
        "new_title": paper.title,
        "new_content_hash": paper.content_hash,
        f"new_{PLAN_FACTS}": fact_ids[paper.plan_facts],
        f"new_{REGISTER_FACTS}": fact_ids[paper.register_facts],
        "new_gaps": _faults(paper.gaps),
        "new_notices": _faults(result.notices),
        "new_prepare_seconds": result.prepare,
        "new_render_seconds": result.render,
        "new_write_seconds": result.write,
        "new_ended": now,
    }


def _file_row(result: Result) -> dict[str, Any]:
    paper = result.paper
    assert paper is not None
    return {
        "job": result.job,
        "new_name": result.file,
        "new_paper_name": paper.name,
        "new_content_hash": paper.content_hash,
    }


def _faults(faults: Sequence[Problem | MissingFact]) -> str:
    if not faults:
        return "[]"
    return as_json([_plain(fault) for fault in faults])


def _plain(fault: Problem | MissingFact) -> dict[str, str]:
    """A problem or a gap as it is kept."""
    code = fault.code if isinstance(fault, Problem) else "gap"
    where = str(fault.where) if fault.where else ""
    return {"code": code, "message": fault.message, "where": where, "hint": fault.hint}
