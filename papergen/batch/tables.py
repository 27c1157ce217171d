"""The tables of the manifest. Lists and mappings are kept as JSON."""

from __future__ import annotations

from sqlalchemy import Column, Float, ForeignKey, Index, Integer, LargeBinary, MetaData, Table, Text

FORMAT = 1
"""Changes with the tables (PRAGMA user_version)."""
APPLICATION = 0x50475042
"""“PGPB”: tells a manifest from any other SQLite database (PRAGMA application_id)."""

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
    Column("notes", Text, nullable=False),
    Index("paper_of_run", "run", "path", unique=True),
)
jobs = Table(
    "job",
    TABLES,
    Column("id", Integer, primary_key=True),
    Column("run", ForeignKey("run.id"), nullable=False),
    Column("paper", ForeignKey("paper.id"), nullable=False),
    Column("board", Text, nullable=False),
    Column("board_name", Text, nullable=False),
    Column("meeting", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("brand", Text, nullable=False),
    Column("file_name", Text, nullable=False),
    Column("file_key", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("input_hash", Text, nullable=False),
    Column("template_hash", Text, nullable=False),
    Column("outcome", Text, nullable=False, default=""),
    Column("file", Text, nullable=False, default=""),
    Column("edited", Text, nullable=False, default=""),
    Column("title", Text, nullable=False, default=""),
    Column("content_hash", Text, nullable=False, default=""),
    Column("told", ForeignKey("told.id")),
    Column("register", ForeignKey("told.id")),
    Column("gaps", Text, nullable=False, default="[]"),
    Column("problems", Text, nullable=False, default="[]"),
    Column("notices", Text, nullable=False, default="[]"),
    Column("prepare_seconds", Float, nullable=False, default=0.0),
    Column("render_seconds", Float, nullable=False, default=0.0),
    Column("write_seconds", Float, nullable=False, default=0.0),
    Column("ended", Text),
    Index("job_of_run", "run"),
    Index("job_of_board", "board", "run"),
    Index("job_of_paper", "paper", "board", unique=True),
    Index("job_of_file", "run", "file_key"),
)
told = Table(
    "told",
    TABLES,
    Column("id", Integer, primary_key=True),
    Column("key", Text, nullable=False, unique=True),
    Column("facts", LargeBinary, nullable=False),
)
files = Table(
    "file",
    TABLES,
    Column("name", Text, primary_key=True),
    Column("paper_name", Text, nullable=False),
    Column("content_hash", Text, nullable=False),
    Index("file_of_paper", "paper_name"),
)
