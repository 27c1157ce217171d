"""The tables of the manifest. Lists and mappings are kept as JSON."""

from __future__ import annotations

from sqlalchemy import (
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    Update,
    bindparam,
    update,
)

FORMAT = 2
"""Changes with the tables (PRAGMA user_version)."""
APPLICATION = 0x50475042
"""“PGPB”: marks a manifest among other SQLite databases (PRAGMA application_id)."""

RUNNING, STOPPED, FINISHED = "running", "stopped", "finished"
"""The states of runs."""
PENDING, DONE, FAILED, WITHDRAWN = "pending", "done", "failed", "withdrawn"
"""The states of jobs."""

TABLES = MetaData()
runs = Table(
    "run",
    TABLES,
    Column("id", Integer, primary_key=True),
    Column("state", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("arguments", Text, nullable=False),
    Column("started", Text, nullable=False),
    Column("ended", Text),
    Column("seconds", Float, nullable=False, default=0.0),
)
papers = Table(
    "paper",
    TABLES,
    Column("id", Integer, primary_key=True),
    Column("run", ForeignKey("run.id"), nullable=False),
    Column("path", Text, nullable=False),
    Column("shown", Text, nullable=False),
    Column("input_hash", Text, nullable=False),
    Column("files", Text, nullable=False),
    Column("plan", Text, nullable=False),
    Column("plan_title", Text, nullable=False),
    Column("as_at", Text, nullable=False),
    Column("promises", Text, nullable=False),
    Column("readings", Text, nullable=False),
    Index("paper_of_run", "run", "path", unique=True),
)
SPEC = (
    "board",
    "board_name",
    "meeting",
    "role",
    "brand",
    "file_name",
    "version",
    "input_hash",
    "template_hash",
)
"""The columns that say what a paper is made for, and from: now in a job, then in a draft."""
PLAN_FACTS, REGISTER_FACTS = "told", "register"
"""The columns of a draft with the ids of its two sets of reported facts."""


def _spec() -> list[Column[str]]:
    return [Column(name, Text, nullable=False) for name in SPEC]


jobs = Table(
    "job",
    TABLES,
    Column("id", Integer, primary_key=True),
    Column("run", ForeignKey("run.id"), nullable=False),
    Column("paper", ForeignKey("paper.id"), nullable=False),
    *_spec(),
    Column("file_key", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("outcome", Text, nullable=False, default=""),
    Column("problems", Text, nullable=False, default="[]"),
    Column("draft", ForeignKey("draft.id")),
    Column("ended", Text),
    Index("job_of_run", "run"),
    Index("job_of_paper", "paper", "board", unique=True),
    Index("job_of_file", "run", "file_key"),
)
drafts = Table(
    "draft",
    TABLES,
    Column("id", Integer, primary_key=True),
    Column("paper", ForeignKey("paper.id"), nullable=False),
    *_spec(),
    Column("path", Text, nullable=False),
    Column("shown", Text, nullable=False),
    Column("plan", Text, nullable=False),
    Column("plan_title", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("file", Text, nullable=False),
    Column("edited", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("content_hash", Text, nullable=False),
    Column(PLAN_FACTS, ForeignKey("told.id"), nullable=False),
    Column(REGISTER_FACTS, ForeignKey("told.id"), nullable=False),
    Column("gaps", Text, nullable=False),
    Column("notices", Text, nullable=False),
    Column("prepare_seconds", Float, nullable=False),
    Column("render_seconds", Float, nullable=False),
    Column("write_seconds", Float, nullable=False),
    Column("ended", Text, nullable=False),
)
"""The drafts, in the order in which they were made. A row never changes: a job that is done again
has another draft.
"""
fact_sets = Table(
    "told",
    TABLES,
    Column("id", Integer, primary_key=True),
    Column("key", Text, nullable=False, unique=True),
    Column("facts", LargeBinary, nullable=False),
)
readings = Table(
    "reading",
    TABLES,
    Column("id", Integer, primary_key=True),
    Column("key", Text, nullable=False, unique=True),
    Column("reading", Text, nullable=False),
)
"""How lists of actions were read. A paper has the ids of its own."""
files = Table(
    "file",
    TABLES,
    Column("name", Text, primary_key=True),
    Column("paper_name", Text, nullable=False),
    Column("plan", Text, nullable=False),
    Column("content_hash", Text, nullable=False),
    Index("file_of_paper", "paper_name"),
)


def set_columns(*names: str) -> Update:
    """A statement that sets these columns of a job (“job”) to new values (“new_…”)."""
    return (
        update(jobs)
        .where(jobs.c.id == bindparam("job"))
        .values({name: bindparam(f"new_{name}") for name in names})
    )
