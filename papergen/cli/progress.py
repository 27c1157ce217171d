"""How a run is followed while it is on: a bar for people, lines of JSON for programs; and how it is
asked to stop.
"""

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

from papergen.cli.output import as_json, one_line, say, say_json

if TYPE_CHECKING:
    from papergen.batch.events import Done, Event

_MOST_NAMED = 20
_STOPPING = b"\nStopping, once what is begun is done. Ctrl+C again stops at once.\n"


def now() -> str:
    """The time of day, as a manifest keeps it."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


class ProgressBar:
    """A live bar on the terminal, with the rate, the time left and the failures so far. Quiet where
    there is no terminal.
    """

    def __init__(self) -> None:
        self.edited: list[tuple[str, str]] = []
        """Papers that somebody had edited: the words of `placing.State`, and the file. The first
        few of `edited_papers`.
        """
        self.edited_papers = 0
        self._bar: Any = None
        self._failed = 0
        self._done = 0
        self._began = perf_counter()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._close()

    def tell(self, event: Event) -> None:
        from papergen.batch.events import Done, Looking, PoolLost, Started

        match event:
            case Looking(read=read, files=files):
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
                say(
                    (
                        f"\nThe cluster was lost ({one_line(reason)}). The run goes on on this "
                        "machine."
                    ),
                    to_stderr=True,
                )

    def _count(self, event: Done) -> None:
        self._done += 1
        self._failed += event.result.failed
        if event.result.edited and not event.result.failed:
            self.edited_papers += 1
            if len(self.edited) < _MOST_NAMED:
                self.edited.append((event.result.state, event.result.edited))
        self._bar.update(1, event)

    def _rate(self) -> str:
        rate = self._done / max(perf_counter() - self._began, 0.001)
        return f"{rate:,.0f} a second" + (f", {self._failed:,} failed" if self._failed else "")

    def _open(self, label: str, length: int, shown: Callable[[Any], str] | None) -> None:
        self._close()
        quiet = sys.stderr is None or not sys.stderr.isatty() or os.environ.get("TERM") == "dumb"
        steps = max(length // 1_000, 1)
        self._bar = click.progressbar(
            length=length,
            label=label,
            hidden=quiet,
            file=sys.stderr,
            item_show_func=shown,
            update_min_steps=steps,
        )
        self._bar.__enter__()

    def _close(self) -> None:
        if self._bar is not None:
            self._bar.__exit__(None, None, None)
            self._bar = None


class JsonLines:
    """One JSON object on a line for each thing that happens."""

    edited: tuple[tuple[str, str], ...] = ()
    edited_papers = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return

    def tell(self, event: Event) -> None:
        from papergen.batch.events import Done, PoolLost, Started

        match event:
            case Started(run=run, jobs=jobs, left=left):
                say_json(
                    {"event": "started", "run": run, "papers": jobs, "to_do": left},
                    on_one_line=True,
                )
            case Done(shown=shown, board=board, result=result):
                made = result.made
                line = {
                    "event": "paper",
                    "paper": shown,
                    "board": board,
                    "state": result.state,
                    "file": result.file,
                    "edited": result.edited or None,
                    "content_hash": made.content_hash if made and not result.failed else None,
                    "gaps": len(made.gaps) if made else 0,
                    "problems": [as_json(problem) for problem in result.problems],
                    "seconds": round(result.prepare + result.render + result.write, 4),
                }
                say_json(line, on_one_line=True)
            case PoolLost(reason=reason):
                say_json({"event": "cluster-lost", "reason": reason}, on_one_line=True)


@contextmanager
def stop_by_signal(*, quiet: bool) -> Iterator[Callable[[], bool]]:
    """Whether somebody has asked to stop, by Ctrl+C or by ending the process; asked a second time,
    it stops there and then.
    """
    asked = 0

    def ask(_: int, __: FrameType | None) -> None:
        nonlocal asked
        asked += 1
        if asked == 2:
            raise KeyboardInterrupt
        if asked > 2:  # it is stopping
            return
        if not quiet:
            # Not by `say`: the signal may have come in the middle of the bar's own writing.
            with suppress(
                OSError
            ):  # whoever read it has gone, and is not to keep the run from stopping
                os.write(2, _STOPPING)

    asked_for = [
        number
        for number in (signal.SIGINT, signal.SIGTERM)
        if signal.getsignal(number) is not signal.SIG_IGN
    ]
    before = {number: signal.signal(number, ask) for number in asked_for}
    try:
        yield lambda: asked > 0
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
