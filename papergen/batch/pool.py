"""Who does the work of a run: processes of this machine, or a cluster's."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from time import monotonic
from typing import Any

from papergen.batch.processes import NOT_STARTED, LocalWorkers, WorkerLostError
from papergen.errors import BatchError, Problem

_CHUNKS_EACH = 2
"""So that a worker that has finished one has the next at hand."""


@dataclass(frozen=True, slots=True)
class Pool:
    """An executor, and what there is to know of it.

    `shares_disk`: its workers see the files of this machine. `worker_lost` and `pool_lost` are what
    a future raises when the worker that had it died, and when there is nobody left; `tries` is how
    often to give it the same work before it is taken to pieces. `missing` says what is amiss where
    no answer comes, or nothing.
    """

    executor: Executor
    workers: int
    shares_disk: bool
    worker_lost: tuple[type[BaseException], ...] = ()
    pool_lost: tuple[type[BaseException], ...] = ()
    tries: int = 2
    missing: Callable[[], str] = str

    @property
    def window(self) -> int:
        """How many chunks to have with it at a time."""
        return self.workers * _CHUNKS_EACH


_SECONDS_BETWEEN_LOOKS = 5.0
_PATIENCE = 30.0

OpenPool = Callable[[], AbstractContextManager[Pool]]


def processors() -> int:
    """Those that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def local(workers: int) -> OpenPool:
    """Spawned processes of this machine."""

    @contextmanager
    def open_pool() -> Iterator[Pool]:
        try:
            executor = LocalWorkers(workers)
        except RuntimeError as fault:
            hint = "Close other programs, use fewer workers, or allow more processes."
            raise BatchError(
                [Problem("batch-worker", f"{NOT_STARTED} ({fault})", None, hint)]
            ) from fault
        try:
            yield Pool(executor, workers, shares_disk=True, worker_lost=(WorkerLostError,))
        finally:
            # Whoever got this far has all the answers that were wanted.
            executor.shutdown(cancel_futures=True)

    return open_pool


def cluster(address: str, seconds: float = 10.0) -> OpenPool:
    """The workers of a running Dask cluster, by the address of its scheduler. Hiring raises
    BatchError.
    """

    @contextmanager
    def open_pool() -> Iterator[Pool]:
        try:
            from distributed import Client, KilledWorker
            from distributed.client import FutureCancelledError
            from distributed.comm import CommClosedError
        except ImportError as fault:
            hint = "Install it with `pip install 'papergen[cluster]'`, or leave --scheduler out."
            raise BatchError(
                [
                    Problem(
                        "batch-cluster", "a cluster needs Dask, which is not installed", None, hint
                    )
                ]
            ) from fault
        with _quiet("distributed.client", "distributed.core", "distributed.comm"):
            try:
                client = Client(address, timeout=seconds, set_as_default=False)
            except (OSError, ValueError, ImportError) as fault:
                hint = (
                    "Check the address, such as tcp://scheduler:8786, and that a scheduler of the "
                    "same Dask runs there."
                )
                message = f"the scheduler at “{address}” cannot be reached ({fault})"
                raise BatchError([Problem("batch-cluster", message, None, hint)]) from fault
            try:
                threads = _threads(client)
                if not threads:
                    hint = (
                        f"Start some with `dask worker {address}`, in an environment where this "
                        "papergen is installed."
                    )
                    raise BatchError(
                        [
                            Problem(
                                "batch-cluster",
                                f"the cluster at “{address}” has no workers",
                                None,
                                hint,
                            )
                        ]
                    )
                yield Pool(
                    # A job is the same however often it is done, but Dask would give the answer
                    # that it had before.
                    client.get_executor(pure=False),
                    threads,
                    shares_disk=False,
                    worker_lost=(KilledWorker,),
                    pool_lost=(FutureCancelledError, CommClosedError),
                    tries=1,  # Dask has tried it with several workers by then
                    missing=_watch(client),
                )
            finally:
                client.close(timeout=seconds)

    return open_pool


def _threads(client: Any) -> int:
    """How many things a cluster does at a time."""
    return sum(
        worker["nthreads"]
        for worker in client.scheduler_info(n_workers=-1).get("workers", {}).values()
    )


def _watch(client: Any) -> Callable[[], str]:
    """Work for a cluster whose workers have all gone waits for others for ever; here it waits for a
    while.
    """
    looked = seen = monotonic()

    def missing() -> str:
        nonlocal looked, seen
        if monotonic() - looked < _SECONDS_BETWEEN_LOOKS:
            return ""
        looked = monotonic()
        try:
            if _threads(client):
                seen = looked
        except (OSError, RuntimeError) as fault:
            return f"the scheduler does not answer: {fault}"
        return "all its workers have gone" if looked - seen > _PATIENCE else ""

    return missing


@contextmanager
def _quiet(*names: str) -> Iterator[None]:
    """Dask logs what goes wrong with a traceback, which is told in words instead."""
    loggers = [logging.getLogger(name) for name in names]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for logger, level in zip(loggers, before, strict=True):
            logger.setLevel(level)
