"""The progress of a run, as a bar or as lines of JSON; and the signals that stop a run."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from time import perf_counter
from types import FrameType
from typing import TYPE_CHECKING, Any, Self

import click

from papergen.cli.output import one_line, plain_problem, say, say_json
from papergen.cli.readings import plain_readings

if TYPE_CHECKING:
    from papergen.batch.events import Done, Event

_MOST_NAMED = 20
"""Edited papers that are named at the end."""
_STOPPING = b"\nStopping, once what is begun is done. Ctrl+C again stops at once.\n"


def now() -> str:
    """The time of day, as a manifest keeps it."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


class ProgressBar:
    """A bar on the terminal, with the rate, the time left and the failures so far.

    Nothing is shown where there is no terminal.
    """

    def __init__(self) -> None:
        self.edited_papers = 0
        """How many papers somebody had edited."""
        self.edited: list[tuple[str, str]] = []
        """The first few of them: a value of `overwrite.State`, and the file."""
        self._bar: Any = None
        self._failed = 0
        self._done = 0
        self._began = perf_counter()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._close()

    def report(self, event: Event) -> None:
        from papergen.batch.events import Done, PoolLost, Started, Surveying

        match event:
            case Surveying(read=read, files=files):
                if read == 1:
                    self._open("Reading the papers", files, None)
                self._bar.update(1)
            case Started(jobs=jobs, left=left):
                self._began = perf_counter()
                self._open("Drafting", jobs, lambda _: self._rate())
                self._bar.update(jobs - left)
            case Done():
                self._count(event)
            case PoolLost(reason=reason):
                why = one_line(reason)
                message = f"\nThe cluster was lost ({why}). The run goes on on this machine."
                say(message, to_stderr=True)

    def _count(self, event: Done) -> None:
        self._done += 1
        self._failed += event.result.failed
        if event.result.edited and not event.result.failed:
            self.edited_papers += 1
            if len(self.edited) < _MOST_NAMED:
                self.edited.append((event.result.state, event.result.edited))
        self._bar.update(1, event)

    def _rate(self) -> str:
        seconds = max(perf_counter() - self._began, 0.001)
        failed = f", {self._failed:,} failed" if self._failed else ""
        return f"{self._done / seconds:,.0f} a second{failed}"

    def _open(self, label: str, length: int, shown: Callable[[Any], str] | None) -> None:
        self._close()
        on_terminal = sys.stderr is not None and sys.stderr.isatty()
        self._bar = click.progressbar(
            length=length,
            label=label,
            hidden=not on_terminal or os.environ.get("TERM") == "dumb",
            file=sys.stderr,
            item_show_func=shown,
            update_min_steps=max(length // 1_000, 1),
        )
        self._bar.__enter__()

    def _close(self) -> None:
        if self._bar is not None:
            self._bar.__exit__(None, None, None)
            self._bar = None


class JsonLines:
    """One JSON object on a line for each event."""

    edited: tuple[tuple[str, str], ...] = ()
    edited_papers = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return

    def report(self, event: Event) -> None:
        from papergen.batch.events import Done, ListReading, PoolLost, Started

        match event:
            case Started(run=run, jobs=jobs, left=left):
                line = {"event": "started", "run": run, "papers": jobs, "to_do": left}
                say_json(line, on_one_line=True)
            case ListReading(reading=reading, papers=papers):
                (plain,) = plain_readings([reading])
                line = {"event": "reading", "papers": list(papers), "reading": plain}
                say_json(line, on_one_line=True)
            case Done():
                say_json(_plain_done(event), on_one_line=True)
            case PoolLost(reason=reason):
                say_json({"event": "cluster-lost", "reason": reason}, on_one_line=True)


def _plain_done(done: Done) -> dict[str, Any]:
    result, paper = done.result, done.result.paper
    return {
        "event": "paper",
        "paper": done.shown,
        "board": done.board,
        "state": result.state,
        "file": result.file,
        "edited": result.edited or None,
        "content_hash": paper.content_hash if paper and not result.failed else None,
        "gaps": len(paper.gaps) if paper else 0,
        "problems": [plain_problem(problem) for problem in result.problems],
        "seconds": round(result.prepare + result.render + result.write, 4),
    }


@contextmanager
def stop_by_signal(*, quiet: bool) -> Iterator[Callable[[], bool]]:
    """A function that returns whether the user has asked to stop, by Ctrl+C or a signal.

    A second request raises KeyboardInterrupt at once.
    """
    requests = 0

    def handle(_: int, __: FrameType | None) -> None:
        nonlocal requests
        requests += 1
        if requests == 2:
            raise KeyboardInterrupt
        if requests > 2:  # it is stopping
            return
        if not quiet:
            # Not by `say`: the signal may have come in the middle of the bar's own writing. That
            # the reader has gone must not keep the run from stopping.
            with suppress(OSError):
                os.write(2, _STOPPING)

    before: dict[signal.Signals, Any] = {}
    for number in (signal.SIGINT, signal.SIGTERM):
        if signal.getsignal(number) is not signal.SIG_IGN:
            before[number] = signal.signal(number, handle)
    try:
        yield lambda: requests > 0
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
