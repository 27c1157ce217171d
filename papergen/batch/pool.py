"""The workers of a run: processes of this machine, or those of a cluster."""

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
"""Chunks for each worker, so that one that has finished has the next at hand."""
_SECONDS_BETWEEN_LOOKS = 5.0
_PATIENCE = 30.0
"""Seconds that a cluster may be without workers."""


@dataclass(frozen=True, slots=True)
class Pool:
    """An executor, and what the scheduler has to know of it.

    `shares_disk`: its workers see the files of this machine. `worker_lost` and `pool_lost` are the
    exceptions of a future whose worker died, and of one for which no worker is left. `tries` is how
    often to submit the same work before it is split. `why_lost` is called while no answer comes: it
    returns why the pool is lost, or an empty string.
    """

    executor: Executor
    workers: int
    shares_disk: bool
    worker_lost: tuple[type[BaseException], ...] = ()
    pool_lost: tuple[type[BaseException], ...] = ()
    tries: int = 2
    why_lost: Callable[[], str] = str

    @property
    def window(self) -> int:
        """How many chunks to have with it at a time."""
        return self.workers * _CHUNKS_EACH


OpenPool = Callable[[], AbstractContextManager[Pool]]


def processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def local(workers: int) -> OpenPool:
    """Spawned processes of this machine. Opening the pool raises BatchError."""

    @contextmanager
    def open_pool() -> Iterator[Pool]:
        try:
            executor = LocalWorkers(workers)
        except RuntimeError as fault:
            hint = "Close other programs, use fewer workers, or allow more processes."
            problem = Problem("batch-worker", f"{NOT_STARTED} ({fault})", None, hint)
            raise BatchError([problem]) from fault
        try:
            yield Pool(
                executor,
                workers,
                shares_disk=True,
                worker_lost=(WorkerLostError,),
            )
        finally:
            # All answers that were wanted have come.
            executor.shutdown(cancel_futures=True)

    return open_pool


def cluster(address: str, seconds: float = 10.0) -> OpenPool:
    """The workers of a running Dask cluster, by the address of its scheduler.

    `seconds` is how long to wait for it. Opening the pool raises BatchError.
    """

    @contextmanager
    def open_pool() -> Iterator[Pool]:
        try:
            from distributed import Client, KilledWorker
            from distributed.client import FutureCancelledError
            from distributed.comm import CommClosedError
        except ImportError as fault:
            raise _without_dask() from fault
        # Dask logs a traceback of what goes wrong, which papergen reports in words.
        with _quiet("distributed.client", "distributed.core", "distributed.comm"):
            try:
                client = Client(address, timeout=seconds, set_as_default=False)
            except (OSError, ValueError, ImportError) as fault:
                raise _unreachable(address, fault) from fault
            try:
                threads = _threads(client)
                if not threads:
                    raise _without_workers(address)
                yield Pool(
                    # `pure`: Dask would take a job for one that it has done before.
                    client.get_executor(pure=False),
                    threads,
                    shares_disk=False,
                    worker_lost=(KilledWorker,),
                    pool_lost=(FutureCancelledError, CommClosedError),
                    tries=1,  # Dask itself has tried it with several workers
                    why_lost=_watch(client),
                )
            finally:
                client.close(timeout=seconds)

    return open_pool


def _without_dask() -> BatchError:
    message = "a cluster needs Dask, which is not installed"
    hint = "Install it with `pip install 'papergen[cluster]'`, or leave --scheduler out."
    problem = Problem("batch-cluster", message, None, hint)
    return BatchError([problem])


def _unreachable(address: str, fault: Exception) -> BatchError:
    message = f"the scheduler at “{address}” cannot be reached ({fault})"
    hint = (
        "Check the address, such as tcp://scheduler:8786, and that a scheduler of the "
        "same Dask runs there."
    )
    problem = Problem("batch-cluster", message, None, hint)
    return BatchError([problem])


def _without_workers(address: str) -> BatchError:
    message = f"the cluster at “{address}” has no workers"
    hint = (
        f"Start some with `dask worker {address}`, in an environment where this "
        "papergen is installed."
    )
    problem = Problem("batch-cluster", message, None, hint)
    return BatchError([problem])


def _threads(client: Any) -> int:
    """How many things a cluster does at a time."""
    workers = client.scheduler_info(n_workers=-1).get("workers", {})
    return sum(worker["nthreads"] for worker in workers.values())


def _watch(client: Any) -> Callable[[], str]:
    """A function that returns why a cluster is lost, or an empty string.

    Dask would wait for ever where all workers have gone; here the run waits for a while.
    """
    looked = seen = monotonic()

    def why_lost() -> str:
        nonlocal looked, seen
        if monotonic() - looked < _SECONDS_BETWEEN_LOOKS:
            return ""
        looked = monotonic()
        try:
            if _threads(client):
                seen = looked
        except (OSError, RuntimeError) as fault:
            return f"the scheduler does not answer: {fault}"
        if looked - seen > _PATIENCE:
            return "all its workers have gone"
        return ""

    return why_lost


@contextmanager
def _quiet(*names: str) -> Iterator[None]:
    """Nothing is logged by these loggers."""
    loggers = [logging.getLogger(name) for name in names]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)
