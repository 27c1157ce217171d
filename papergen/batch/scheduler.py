"""Giving work to a pool, a little at a time, and going on when workers die."""

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
    """No worker is left: the scheduler of a cluster is gone, or all its workers are."""


@dataclass(frozen=True, slots=True)
class Work(Generic[Item, Answer]):
    """What is to be done: `function`, which can be imported by name, is called with each item.

    An item whose worker died is tried again, then the pieces that `split` returns are; a single
    piece is given up. `give_up` returns the answer for an item that was given up, and for one with
    which `function` raised something.
    """

    function: Callable[[Item], Answer]
    split: Callable[[Item], Sequence[Item]]
    give_up: Callable[[Item, BaseException], Answer]


@dataclass(frozen=True, slots=True)
class _Attempt(Generic[Item]):
    item: Item
    number: int = 1


def schedule(
    pool: Pool,
    work: Work[Item, Answer],
    items: Iterable[Item],
    stopping: Callable[[], bool],
) -> Iterator[Answer]:
    """The answers, as they come. `items` is read as needed: few are with the pool at a time.

    Once `stopping` returns true, no more items are submitted; the answers to those that were are
    still yielded. Raises PoolLostError, after the answers that have come.
    """
    new = map(_Attempt, items)
    again: deque[_Attempt[Item]] = deque()
    running: dict[Future[Answer], _Attempt[Item]] = {}
    while True:
        while len(running) < pool.window and not stopping():
            attempt = again.popleft() if again else next(new, None)
            if attempt is None:
                break
            running[_submit(pool, work, attempt.item)] = attempt
        if not running:
            return
        # The timeout lets signals through, and asks `stopping` again, while workers are busy.
        finished, _ = wait(running, _SECONDS_BETWEEN_LOOKS, FIRST_COMPLETED)
        lost = "" if finished else pool.why_lost()
        for future in finished:
            attempt = running.pop(future)
            fault = _fault(future)
            if fault is None:
                yield future.result()
            elif isinstance(fault, (*pool.pool_lost, CancelledError)):
                lost = str(fault) or "the scheduler does not answer any more"
            elif retries := _retries(pool, work, attempt, fault):
                again.extend(retries)
            else:
                yield work.give_up(attempt.item, fault)
        if lost:
            raise PoolLostError(lost)


def _submit(
    pool: Pool,
    work: Work[Item, Answer],
    item: Item,
) -> Future[Answer]:
    try:
        return pool.executor.submit(work.function, item)
    except Exception as fault:
        raise PoolLostError(f"{type(fault).__name__}: {fault}") from fault


def _fault(future: Future[Answer]) -> BaseException | None:
    try:
        return future.exception()
    except CancelledError as fault:
        return fault


def _retries(
    pool: Pool,
    work: Work[Item, Answer],
    attempt: _Attempt[Item],
    fault: BaseException,
) -> list[_Attempt[Item]]:
    """What to try after a failed attempt; nothing where its item is to be given up."""
    if not isinstance(fault, pool.worker_lost):
        return []
    if attempt.number < pool.tries:
        return [_Attempt(attempt.item, attempt.number + 1)]
    pieces = work.split(attempt.item)
    if len(pieces) == 1:
        return []
    return [_Attempt(piece) for piece in pieces]
