"""Runs of `papergen batch` for tests: in this process or as processes of their own, and what a run
leaves in its folder.
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import docx

from papergen.batch.events import BatchContext, Done, Event, Summary
from papergen.batch.pool import OpenPool, Pool
from papergen.batch.request import Request
from papergen.batch.run import run_batch


class Here(Executor):
    """Does its work in this process, at once.

    `before` is called first, and may raise what a lost worker does. `around` is a context manager
    for each thing to be done; `wrap` makes another function of the one that does it.
    """

    def __init__(self, before: Any = None, around: Any = None, wrap: Any = None) -> None:
        self._before = before or (lambda _: None)
        self._around = around or (lambda _: nullcontext())
        self._wrap = wrap or (lambda function: function)

    def submit(self, fn: Callable[..., Any], /, *args: Any, **_: Any) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            self._before(args[0])
            with self._around(args[0]):
                future.set_result(self._wrap(fn)(*args))
        except Exception as fault:  # noqa: BLE001 (as an executor does)
            future.set_exception(fault)
        return future


def here(
    before: Callable[[Any], None] | None = None,
    *,
    around: Any = None,
    wrap: Any = None,
    shares_disk: bool = True,
    **lost: Any,
) -> OpenPool:
    """A pool of this process alone."""

    @contextmanager
    def open_pool() -> Iterator[Pool]:
        yield Pool(Here(before, around, wrap), 1, shares_disk, **lost)

    return open_pool


@dataclass
class Office:
    """The context of a run: a clock that advances by a minute with each look, and a list of events."""

    open_pool: OpenPool = field(default_factory=here)
    fallback: OpenPool | None = None
    stop_after: int | None = None
    """Papers."""
    times: Iterator[str] = field(
        default_factory=lambda: (f"2012-11-01T09:{minute:02}:00+00:00" for minute in range(60))
    )
    events: list[Event] = field(default_factory=list)

    @property
    def done(self) -> list[Done]:
        return [event for event in self.events if isinstance(event, Done)]

    def run(self, *paths: str, out: str = "out", resume: bool = False, **asked: Any) -> Summary:
        def stopping() -> bool:
            return self.stop_after is not None and len(self.done) >= self.stop_after

        context = BatchContext(
            self.open_pool, lambda: next(self.times), stopping, self.events.append, self.fallback
        )
        request = Request(paths, str(Path.cwd()), **asked)
        return run_batch(request, Path(out), context, resume=resume)


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "papergen", "batch", *arguments]


def run_command(*arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(*arguments), capture_output=True, text=True, timeout=300, check=False, **options
    )


def papers_in(out: str | Path) -> dict[str, bytes]:
    """The papers of a folder, each by its name."""
    return {path.name: path.read_bytes() for path in sorted(Path(out).glob("*.docx"))}


def left_over(out: str | Path) -> list[str]:
    """What is in a folder and is neither a paper, its pristine copy, nor one of the few files a run
    keeps.
    """
    known = {
        "manifest.db",
        ".papergen",
        ".papergen/run.lock",
        ".papergen/pristine",
        ".papergen/next",
    }
    found = {path.relative_to(out).as_posix() for path in Path(out).rglob("*")}
    papers = set(papers_in(out))
    return sorted(found - known - papers - {f".papergen/pristine/{name}" for name in papers})


def edit(path: Path) -> bytes:
    """Add a paragraph, as an officer would; the file's new bytes."""
    document = docx.Document(str(path))
    document.add_paragraph("An officer wrote this.")
    stream = io.BytesIO()
    document.save(stream)
    path.write_bytes(stream.getvalue())
    return stream.getvalue()


def lines_of(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def without_terminal() -> dict[str, str]:
    return {
        key: value
        for key, value in os.environ.items()
        if key not in ("FORCE_COLOR", "PAPERGEN_DEBUG")
    }
