"""Worker processes of this machine behind the interface of `concurrent.futures`.

The standard `ProcessPoolExecutor` shares one pipe among its workers. A worker that is killed breaks
all the others, does not show which work was its own, and can leave the pool waiting for ever for
the rest of a message; workers whose parent is killed stay. Here each worker has a pipe of its own:
the death of one ends only its pipe, and another takes its place. A worker ends with its parent.
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
"""Automatic collections are rare, so a worker collects all garbage now and then: else it grows."""
_SENT_TO_ALL = (signal.SIGINT, signal.SIGTERM)
"""The signals that a terminal sends to the run and to all its workers."""

NOT_STARTED = "no worker could be started"
"""What the message of a WorkerLostError begins with where no worker was started."""


class WorkerLostError(Exception):
    """A worker ended without an answer: it was killed, or the machine ran out of memory."""


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
        self._threads: list[threading.Thread] = []
        for number in range(workers):
            thread = threading.Thread(target=self._serve, args=(number,), daemon=True)
            self._threads.append(thread)
        for thread in self._threads:
            thread.start()

    @property
    def process_ids(self) -> list[int]:
        """The processes that are running."""
        processes = list(self._processes.values())
        return [process.pid for process in processes if process.pid is not None]

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Have a worker call `fn`, which must be importable by name, with picklable arguments.

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
        """End the workers: at once with `cancel_futures`, else when all work is done."""
        self._closed = True
        if cancel_futures:
            self._ending = True
            for process in list(self._processes.values()):
                _kill(process)
            self._cancel_queued()
        for _ in self._threads:
            self._queue.put(None)
        if wait:
            for thread in self._threads:
                thread.join()

    def _cancel_queued(self) -> None:
        while True:
            try:
                item = self._queue.get_nowait()
            except Empty:
                return
            if item is not None:
                item.future.cancel()

    def _serve(self, number: int) -> None:
        """One worker's thread in this process: send it work, item by item, and pass on answers."""
        pipe: Connection[Any, Any] | None = None
        while (item := self._queue.get()) is not None:
            if not item.future.set_running_or_notify_cancel():
                continue
            try:
                pipe = pipe or self._start(number)
            except (OSError, RuntimeError, MemoryError) as fault:
                not_started = WorkerLostError(f"{NOT_STARTED} ({fault})")
                item.future.set_exception(not_started)
                continue
            try:
                pipe.send((item.function, item.arguments))
                failed, answer = pipe.recv()
            except (EOFError, OSError):
                pipe = None
                self._end(number)
                lost = WorkerLostError("a worker ended before its work was done")
                item.future.set_exception(lost)
            except Exception as fault:  # noqa: BLE001 (the caller gets it: arguments that cannot be pickled)
                item.future.set_exception(fault)
            else:
                if failed:
                    item.future.set_exception(answer)
                else:
                    item.future.set_result(answer)
        if pipe is not None:
            pipe.close()
        self._end(number)

    def _start(self, number: int) -> Connection[Any, Any]:
        with self._starting:
            if sys.platform != "win32":
                # It would start with the first worker, and unblock the signals that are blocked.
                resource_tracker.ensure_running()
        with self._starting, _interrupts_blocked():
            spawn = get_context("spawn")
            ours, theirs = spawn.Pipe()
            process = spawn.Process(
                target=_work,
                args=(theirs,),
                name=f"papergen-{number + 1}",
                daemon=True,
            )
            process.start()
            theirs.close()  # the worker has the only other end, so its death closes the pipe
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
    except ValueError:  # it has ended, and its thread has closed it
        return


@contextmanager
def _interrupts_blocked() -> Iterator[None]:
    """A process started meanwhile ignores the signals of the terminal: the run ends it."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, set(_SENT_TO_ALL))
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _work(pipe: Connection[Any, Any]) -> None:
    """The life of a worker process: read an item, do it, send the answer."""
    _ignore_interrupts()
    try:
        threading.Thread(target=_end_with_parent, daemon=True).start()
    except RuntimeError:
        # The system has no room for another thread. The run sees that this worker has ended.
        return
    gc.set_threshold(_VALUES_BETWEEN_COLLECTIONS)
    for number in count(1):
        try:
            function, arguments = pipe.recv()
        except (EOFError, OSError):
            return
        try:
            answer = False, function(*arguments)
        except Exception as fault:  # noqa: BLE001 (the caller gets it)
            answer = True, fault
        try:
            pipe.send(answer)
        except OSError:  # the run has ended
            return
        except Exception as fault:  # noqa: BLE001 (the caller gets it: an answer that cannot be pickled)
            pipe.send((True, RuntimeError(f"{type(fault).__name__}: {fault}")))
        del answer
        if number % _ITEMS_BETWEEN_COLLECTIONS == 0:
            gc.collect()


def _ignore_interrupts() -> None:
    if threading.current_thread() is not threading.main_thread():
        return
    for number in _SENT_TO_ALL:
        signal.signal(number, signal.SIG_IGN)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, set(_SENT_TO_ALL))


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)
