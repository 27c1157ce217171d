"""The SQLite database of a manifest, and the problems that its file can have."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.pool import StaticPool

from papergen.batch.manifest.tables import APPLICATION, FORMAT, TABLES
from papergen.errors import Location, OutputError, Problem

_LONGEST_PATH = 500
"""Characters, with those of the journal's path (SQLite's MAX_PATHNAME is 512)."""


def engine_for(path: Path) -> Engine:
    """The engine for the database at `path`; nothing is read yet."""
    # One connection is enough: a run holds the folder's lock.
    url = URL.create("sqlite", database=str(path))
    engine = create_engine(
        url, poolclass=StaticPool, connect_args={"timeout": 30, "check_same_thread": False}
    )

    @event.listens_for(engine, "connect")
    def _set_up(connection: Any, _: Any) -> None:
        # Else sqlite3 would create tables outside of transactions.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute("PRAGMA cache_size = -16000")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN")

    return engine


def prepare(connection: Connection, path: Path) -> None:
    """Make the tables of a new database, or check that it is a manifest.

    Raises OutputError: batch-manifest.
    """
    known = connection.exec_driver_sql("PRAGMA application_id").scalar_one()
    version = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
    empty = not connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar_one()
    if empty:
        TABLES.create_all(connection)
        connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION}")
        connection.exec_driver_sql(f"PRAGMA user_version = {FORMAT}")
    elif known != APPLICATION:
        raise OutputError([_unreadable(path, "it is a database of something else")])
    elif version != FORMAT:
        raise OutputError(
            [_unreadable(path, f"it has format {version}, and this papergen writes {FORMAT}")]
        )


def as_json(value: Any) -> str:
    """A list or mapping as the manifest keeps it."""
    return json.dumps(value, separators=(",", ":"))


def storable(text: str) -> str:
    """A text as a database can hold it: the name of a file may hold bytes that are no text."""
    return text.encode("utf-8", "backslashreplace").decode()


def damaged(path: Path) -> OutputError:
    """The error of a file that is no manifest, or is one no more."""
    return OutputError([_unreadable(path, "it is damaged, or is no database")])


def _unreadable(path: Path, reason: str) -> Problem:
    message = f"the manifest cannot be read: {reason}"
    hint = "Choose another folder with --out. The papers in this one are as they were."
    return Problem("batch-manifest", message, Location(str(path)), hint)


@contextmanager
def undamaged(path: Path) -> Iterator[None]:
    """Raise OutputError (batch-manifest) where what is read here is not as papergen wrote it."""
    try:
        yield
    except (ValueError, TypeError, KeyError, SQLAlchemyError, zlib.error) as fault:
        raise damaged(path) from fault


def as_error(path: Path, fault: DBAPIError) -> OutputError:
    """The error to report for a fault of the database."""
    reason = str(fault.orig)
    code = getattr(fault.orig, "sqlite_errorname", "")
    if code.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")) or "decode" in reason:
        return damaged(path)
    return OutputError([_database_problem(path, code, reason)])


def _database_problem(path: Path, code: str, reason: str) -> Problem:
    where = Location(str(path))
    if code == "SQLITE_FULL":
        message = "there is no room left for the manifest"
        hint = (
            "Free some room on the disk, and start the run again with --resume: nothing that was "
            "written is lost."
        )
        return Problem("output-full", message, where, hint)
    if code.startswith("SQLITE_BUSY"):
        message = "the manifest is open in another program"
        hint = (
            "Close the program that has the manifest open, and start the run again with --resume."
        )
        return Problem("output-locked", message, where, hint)
    if code == "SQLITE_CANTOPEN" and len(str(path.absolute())) > _LONGEST_PATH:
        message = "the path of the manifest is too long for SQLite"
        hint = "Choose a folder with a shorter path with --out."
        return Problem("output-unwritable", message, where, hint)
    message = f"the manifest cannot be written ({reason})"
    hint = (
        "Check that you may write to the folder, or choose another with --out; then start the run "
        "again with --resume."
    )
    return Problem("output-unwritable", message, where, hint)
