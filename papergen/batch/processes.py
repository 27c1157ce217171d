"""Worker processes of this machine behind the interface of `concurrent.futures`.

The standard `ProcessPoolExecutor` shares one pipe among its workers. One of them that is killed
breaks all the others, takes with it which work was its own, and can leave the pool waiting for ever
for the rest of a message; workers whose parent is killed stay. Here each worker has a pipe of its
own: that one has died is an end of its pipe, nothing else is touched, and another takes its place.
A worker ends when its parent has gone.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from multiprocessing import connection, get_context, parent_process, resource_tracker
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from queue import Empty, SimpleQueue
from typing import Any

_SECONDS_TO_END = 5
_VALUES_BETWEEN_COLLECTIONS = 50_000
_ITEMS_BETWEEN_COLLECTIONS = 10
"""What is seldom looked for piles up: all of it is collected now and then, or a worker grows for as
long as it lives.
"""
_SENT_TO_ALL = (signal.SIGINT, signal.SIGTERM)


NOT_STARTED = "no worker could be started"
"""What a WorkerLostError begins with where there was none to lose."""


class WorkerLostError(Exception):
    """A worker ended before it had answered: it was killed, or the machine ran out of memory."""


@dataclass(slots=True, eq=False)
class _Item:
    future: Future[Any]
    function: Callable[..., Any]
    arguments: tuple[Any, ...]


class LocalWorkers(Executor):
    """An executor of `workers` spawned processes, each started when there is work for it."""

    def __init__(self, workers: int) -> None:
        if workers < 1:
            raise ValueError("there must be at least one worker")
        self._queue: SimpleQueue[_Item | None] = SimpleQueue()
        self._closed = False
        self._ending = False
        self._processes: dict[int, BaseProcess] = {}
        self._starting = threading.Lock()
        self._threads = [
            threading.Thread(target=self._serve, args=(number,), daemon=True)
            for number in range(workers)
        ]
        for thread in self._threads:
            thread.start()

    @property
    def process_ids(self) -> list[int]:
        """The processes that are running."""
        return [
            process.pid for process in list(self._processes.values()) if process.pid is not None
        ]

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Have a worker call `fn`, which must be importable by name, with arguments that can be
        pickled.

        The future raises what `fn` raised, or WorkerLostError.
        """
        if self._closed:
            raise RuntimeError("the workers were sent home")
        if kwargs:
            raise TypeError("only positional arguments travel")
        future: Future[Any] = Future()
        self._queue.put(_Item(future, fn, args))
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Send the workers home: at once with `cancel_futures`, whatever they are doing; else when
        all work is done.
        """
        self._closed = True
        if cancel_futures:
            self._ending = True
            for process in list(self._processes.values()):
                _kill(process)
            try:
                while True:
                    item = self._queue.get_nowait()
                    if item is not None:
                        item.future.cancel()
            except Empty:
                pass  # a thread may have taken the last of it: it ends its own worker
        for _ in self._threads:
            self._queue.put(None)
        if wait:
            for thread in self._threads:
                thread.join()

    def _serve(self, number: int) -> None:
        """One worker's side in this process: hand it work, one item at a time, and pass on what
        comes back.
        """
        pipe: Connection[Any, Any] | None = None
        while (item := self._queue.get()) is not None:
            if not item.future.set_running_or_notify_cancel():
                continue
            try:
                pipe = pipe or self._start(number)
            except (OSError, RuntimeError, MemoryError) as fault:
                item.future.set_exception(WorkerLostError(f"{NOT_STARTED} ({fault})"))
                continue
            try:
                pipe.send((item.function, item.arguments))
                failed, answer = pipe.recv()
            except (EOFError, OSError):
                pipe = None
                self._end(number)
                item.future.set_exception(
                    WorkerLostError("a worker ended before its work was done")
                )
            except Exception as fault:  # noqa: BLE001 (it is whoever asked that has to know: arguments that cannot be pickled)
                item.future.set_exception(fault)
            else:
                (item.future.set_exception if failed else item.future.set_result)(answer)
        if pipe is not None:
            pipe.close()
        self._end(number)

    def _start(self, number: int) -> Connection[Any, Any]:
        with self._starting:
            if sys.platform != "win32":
                # It is started with the first worker, and then lets signals through again.
                resource_tracker.ensure_running()
        with self._starting, _interrupts_blocked():
            ours, theirs = get_context("spawn").Pipe()
            process = get_context("spawn").Process(
                target=_work, args=(theirs,), name=f"papergen-{number + 1}", daemon=True
            )
            process.start()
            theirs.close()  # that the worker holds the only other end is how its death is seen
            self._processes[number] = process
            if self._ending:
                _kill(process)
        return ours

    def _end(self, number: int) -> None:
        process = self._processes.pop(number, None)
        if process is None:
            return
        process.join(_SECONDS_TO_END)
        if process.is_alive():
            process.kill()
            process.join()
        process.close()


def _kill(process: BaseProcess) -> None:
    try:
        process.kill()
    except ValueError:  # its own thread has closed it: it has ended
        return


@contextmanager
def _interrupts_blocked() -> Iterator[None]:
    """A process started meanwhile is not stopped by what is sent to all of them, as a terminal
    does: the run stops it.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, set(_SENT_TO_ALL))
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _work(pipe: Connection[Any, Any]) -> None:
    """The life of a worker process."""
    if threading.current_thread() is threading.main_thread():
        for number in _SENT_TO_ALL:
            signal.signal(number, signal.SIG_IGN)
        if hasattr(signal, "pthread_sigmask"):
            signal.pthread_sigmask(signal.SIG_UNBLOCK, set(_SENT_TO_ALL))
    try:
        threading.Thread(target=_end_with_parent, daemon=True).start()
    except (
        RuntimeError
    ):  # the system has no room for another thread: the run is told that this worker has ended
        return
    gc.set_threshold(_VALUES_BETWEEN_COLLECTIONS)
    for item in count(1):
        try:
            function, arguments = pipe.recv()
        except (EOFError, OSError):
            return
        try:
            answer = False, function(*arguments)
        except Exception as fault:  # noqa: BLE001 (it is told to whoever asked)
            answer = True, fault
        try:
            pipe.send(answer)
        except OSError:  # the run has gone
            return
        except Exception as fault:  # noqa: BLE001 (an answer that cannot be pickled is told as well)
            pipe.send((True, RuntimeError(f"{type(fault).__name__}: {fault}")))
        del answer
        if item % _ITEMS_BETWEEN_COLLECTIONS == 0:
            gc.collect()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)
