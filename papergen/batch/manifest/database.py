"""A manifest's file: an SQLite database of papergen's own, and what can be wrong with it."""

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
"""Characters, with those of the journal beside it (SQLite's MAX_PATHNAME is 512)."""


def engine_for(path: Path) -> Engine:
    """What opens the database at `path`; nothing is read yet."""
    # Never in memory, and not shared between processes: a run holds the folder's lock.
    url = URL.create("sqlite", database=str(path))
    engine = create_engine(
        url, poolclass=StaticPool, connect_args={"timeout": 30, "check_same_thread": False}
    )

    @event.listens_for(engine, "connect")
    def _set_up(connection: Any, _: Any) -> None:
        connection.isolation_level = (
            None  # else Python's own module would leave what makes tables out of transactions
        )
        cursor = connection.cursor()
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute("PRAGMA cache_size = -16000")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN")

    return engine


def prepare(connection: Connection, path: Path) -> None:
    """Make the tables of a new database, or see that it is one of papergen's. Raises OutputError:
    batch-manifest.
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
    """A text as a database can hold it. A file's name may hold bytes that are no text, which none
    takes.
    """
    return text.encode("utf-8", "backslashreplace").decode()


def _unreadable(path: Path, reason: str) -> Problem:
    hint = "Choose another folder with --out. The papers in this one are as they were."
    return Problem(
        "batch-manifest", f"the manifest cannot be read: {reason}", Location(str(path)), hint
    )


def damaged(path: Path) -> OutputError:
    """What a file is told as that is no manifest, or one no more."""
    return OutputError([_unreadable(path, "it is damaged, or is no database")])


@contextmanager
def undamaged(path: Path) -> Iterator[None]:
    """What is read from a manifest is as papergen wrote it; else OutputError is raised:
    batch-manifest.
    """
    try:
        yield
    except (ValueError, TypeError, KeyError, SQLAlchemyError, zlib.error) as fault:
        raise damaged(path) from fault


def as_error(path: Path, fault: DBAPIError) -> OutputError:
    """What a fault of the database is to a user."""
    reason = str(fault.orig)
    code = getattr(fault.orig, "sqlite_errorname", "")
    if code.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")) or "decode" in reason:
        return damaged(path)
    where = Location(str(path))
    if code == "SQLITE_FULL":
        hint = (
            "Free some room on the disk, and start the run again with --resume: nothing that was "
            "written is lost."
        )
        return OutputError(
            [Problem("output-full", "there is no room left for the manifest", where, hint)]
        )
    if code.startswith("SQLITE_BUSY"):
        hint = (
            "Close the program that has the manifest open, and start the run again with --resume."
        )
        return OutputError(
            [Problem("output-locked", "the manifest is open in another program", where, hint)]
        )
    if code == "SQLITE_CANTOPEN" and len(str(path.absolute())) > _LONGEST_PATH:
        hint = "Choose a folder with a shorter path with --out."
        return OutputError(
            [
                Problem(
                    "output-unwritable",
                    "the path of the manifest is too long for SQLite",
                    where,
                    hint,
                )
            ]
        )
    hint = (
        "Check that you may write to the folder, or choose another with --out; then start the run "
        "again with --resume."
    )
    return OutputError(
        [Problem("output-unwritable", f"the manifest cannot be written ({reason})", where, hint)]
    )
