"""Giving work to an executor, a little at a time, and bearing it when workers die."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from dataclasses import dataclass
from typing import Generic, TypeVar

from papergen.batch.pool import Pool

Item = TypeVar("Item")
Answer = TypeVar("Answer")

_SECONDS_BETWEEN_LOOKS = 0.2


class PoolLostError(Exception):
    """There is nobody left to give work to: the scheduler of a cluster is gone, or all its workers
    are.
    """


@dataclass(frozen=True, slots=True)
class Work(Generic[Item, Answer]):
    """What is to be done: `function`, which can be imported by name, is called with each item.

    An item that a worker died over is tried again; after that its pieces are, as `split` gives
    them; one that is a single piece is given up. `give_up` says what stands for the answer, then
    and where a worker raised something.
    """

    function: Callable[[Item], Answer]
    split: Callable[[Item], Sequence[Item]]
    give_up: Callable[[Item, BaseException], Answer]


@dataclass(frozen=True, slots=True)
class _Try(Generic[Item]):
    item: Item
    number: int = 1


def schedule(
    pool: Pool, work: Work[Item, Answer], items: Iterable[Item], stopping: Callable[[], bool]
) -> Iterator[Answer]:
    """The answers, as they come. Only so many items are given out at a time; `items` is read as
    needed.

    Once `stopping` is true no more are given out, and the answers to those that were are still
    waited for. Raises CrewLostError, after the answers that have come.
    """
    coming = map(_Try, items)
    again: deque[_Try[Item]] = deque()
    out: dict[Future[Answer], _Try[Item]] = {}
    while True:
        while len(out) < pool.window and not stopping():
            attempt = again.popleft() if again else next(coming, None)
            if attempt is None:
                break
            out[_submit(pool, work, attempt.item)] = attempt
        if not out:
            return
        # A bound, so that a signal is seen and `stopping` is asked while a worker is busy.
        finished, _ = wait(out, _SECONDS_BETWEEN_LOOKS, FIRST_COMPLETED)
        lost = None if finished else pool.missing()
        for future in finished:
            attempt = out.pop(future)
            fault = _fault(future)
            if fault is None:
                yield future.result()
            elif isinstance(fault, (*pool.pool_lost, CancelledError)):
                lost = str(fault) or "the scheduler does not answer any more"
            elif not isinstance(fault, pool.worker_lost):
                yield work.give_up(attempt.item, fault)
            elif attempt.number < pool.tries:
                again.append(_Try(attempt.item, attempt.number + 1))
            elif len(pieces := work.split(attempt.item)) > 1:
                again.extend(map(_Try, pieces))
            else:
                yield work.give_up(attempt.item, fault)
        if lost:
            raise PoolLostError(lost)


def _submit(pool: Pool, work: Work[Item, Answer], item: Item) -> Future[Answer]:
    try:
        return pool.executor.submit(work.function, item)
    except Exception as fault:
        raise PoolLostError(f"{type(fault).__name__}: {fault}") from fault


def _fault(future: Future[Answer]) -> BaseException | None:
    try:
        return future.exception()
    except CancelledError as fault:
        return fault
