"""The worker processes of this machine: work and answers, faults, deaths, and that none is left
behind.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from pathlib import Path
from typing import Any

import pytest

from papergen.batch.pool import Pool
from papergen.batch.processes import LocalWorkers, WorkerLostError
from papergen.batch.scheduler import PoolLostError, Work, schedule

PATIENCE = 60
KILL = getattr(signal, "SIGKILL", signal.SIGTERM)  # Windows knows but one way


@pytest.fixture
def workers() -> Iterator[LocalWorkers]:
    made = LocalWorkers(2)
    yield made
    made.shutdown(cancel_futures=True)
    assert made.process_ids == []


def double(number: int) -> int:
    return 2 * number


def die(path: str) -> str:
    """The process that it first comes to is killed; the next is not."""
    if not Path(path).exists():
        Path(path).touch()
        os.kill(os.getpid(), KILL)
    return path


def die_always(_: Any) -> None:
    os.kill(os.getpid(), KILL)


def fail(message: str) -> None:
    raise ValueError(message)


def unpicklable(_: Any) -> Any:
    return lambda: None


def sleep(seconds: float) -> int:
    time.sleep(seconds)
    return os.getpid()


def test_answers_come_from_other_processes_that_stay(workers: LocalWorkers):
    assert [workers.submit(double, number).result(PATIENCE) for number in range(5)] == [
        0,
        2,
        4,
        6,
        8,
    ]
    first = {workers.submit(os.getpid).result(PATIENCE) for _ in range(20)}
    assert os.getpid() not in first
    assert len(first) <= 2


def test_work_is_done_side_by_side(workers: LocalWorkers):
    both = [workers.submit(sleep, 0.5) for _ in range(2)]
    assert len({future.result(PATIENCE) for future in both}) == 2


@pytest.mark.parametrize(
    ("function", "argument", "kind"),
    [
        (fail, "why", ValueError),
        (unpicklable, None, RuntimeError),
        (double, lambda: None, Exception),
    ],
    ids=["raised", "an answer that cannot travel", "work that cannot travel"],
)
def test_a_fault_is_its_own_works_alone(
    workers: LocalWorkers, function: Any, argument: Any, kind: type[Exception]
):
    with pytest.raises(kind):
        workers.submit(function, argument).result(PATIENCE)
    assert workers.submit(double, 21).result(PATIENCE) == 42


def test_a_worker_that_dies_takes_only_its_own_work_along(workers: LocalWorkers):
    lost = workers.submit(die_always, None)
    other = workers.submit(sleep, 0.2)
    with pytest.raises(WorkerLostError):
        lost.result(PATIENCE)
    assert other.result(PATIENCE)
    assert workers.submit(double, 1).result(PATIENCE) == 2


def test_a_worker_that_dies_while_it_waits_is_replaced(workers: LocalWorkers):
    assert workers.submit(double, 1).result(PATIENCE) == 2
    for process in workers.process_ids:
        os.kill(process, KILL)
    answers: list[Any] = []
    for number in range(8):
        try:
            answers.append(workers.submit(double, number).result(PATIENCE))
        except WorkerLostError:
            answers.append("lost")
    assert answers.count("lost") <= 2
    assert answers[-4:] == [8, 10, 12, 14]


def test_what_is_under_way_is_ended_with_the_workers():
    made = LocalWorkers(1)
    under_way, waiting = made.submit(sleep, 600), made.submit(sleep, 600)
    while not made.process_ids:
        time.sleep(0.01)
    made.shutdown(cancel_futures=True)
    assert isinstance(under_way.exception(PATIENCE), WorkerLostError)
    assert waiting.cancelled()
    with pytest.raises(RuntimeError):
        made.submit(double, 1)


def test_shutdown_waits_for_what_was_given_out():
    made = LocalWorkers(1)
    futures = [made.submit(double, number) for number in range(3)]
    made.shutdown()
    assert [future.result(0) for future in futures] == [0, 2, 4]


@pytest.mark.parametrize("workers", [0, -1])
def test_there_is_at_least_one_worker(workers: int):
    with pytest.raises(ValueError, match="at least one"):
        LocalWorkers(workers)


def test_only_what_stands_in_order_travels(workers: LocalWorkers):
    with pytest.raises(TypeError):
        workers.submit(double, number=1)


# -- giving out work


def pool_of(workers: LocalWorkers, **lost: Any) -> Pool:
    return Pool(workers, 2, shares_disk=True, worker_lost=(WorkerLostError,), **lost)


def giving_up(item: Any, fault: BaseException) -> Any:
    return item, type(fault).__name__


def never() -> bool:
    return False


def test_all_items_are_answered_and_few_are_given_out_at_a_time(workers: LocalWorkers):
    given = []

    def items() -> Iterator[int]:
        for number in range(50):
            given.append(number)
            yield number

    answers = []
    for answer in schedule(
        pool_of(workers), Work(double, lambda item: [item], giving_up), items(), never
    ):
        answers.append(answer)
        assert len(given) - len(answers) <= 4
    assert sorted(answers) == [2 * number for number in range(50)]


def test_an_item_whose_worker_died_is_tried_again(workers: LocalWorkers, tmp_path: Path):
    items = [str(tmp_path / name) for name in "ab"]
    assert (
        sorted(schedule(pool_of(workers), Work(die, lambda item: [item], giving_up), items, never))
        == items
    )


def test_one_that_kills_each_worker_is_given_up_and_the_others_are_done(workers: LocalWorkers):
    work = Work(die_on_seven, lambda item: [[one] for one in item], giving_up)
    answers = list(schedule(pool_of(workers), work, [[1, 2], [6, 7, 8]], never))
    assert sorted(map(str, answers)) == sorted(["[1, 2]", "[6]", "([7], 'WorkerLostError')", "[8]"])


def die_on_seven(numbers: list[int]) -> list[int]:
    if 7 in numbers:
        die_always(None)
    return numbers


def test_what_is_raised_is_given_up_at_once(workers: LocalWorkers):
    assert list(
        schedule(pool_of(workers), Work(fail, lambda item: [item], giving_up), ["a"], never)
    ) == [("a", "ValueError")]


def test_once_asked_to_stop_what_is_under_way_is_still_answered(workers: LocalWorkers):
    answers: list[int] = []
    for answer in schedule(
        pool_of(workers),
        Work(double, lambda item: [item], giving_up),
        range(1000),
        lambda: len(answers) > 5,
    ):
        answers.append(answer)  # noqa: PERF402 (they are counted as they come)
    assert 6 <= len(answers) <= 10


def test_a_pool_that_cannot_be_given_anything_is_lost():
    made = LocalWorkers(1)
    made.shutdown()
    with pytest.raises(PoolLostError, match="sent home"):
        list(schedule(pool_of(made), Work(double, lambda item: [item], giving_up), [1], never))


def test_a_pool_that_does_not_answer_is_asked_what_is_amiss(workers: LocalWorkers):
    pool = pool_of(workers, why_lost=lambda: "nobody is there")
    with pytest.raises(PoolLostError, match="nobody is there"):
        list(schedule(pool, Work(sleep, lambda item: [item], giving_up), [5], never))


def test_futures_are_those_of_the_standard_library(workers: LocalWorkers):
    futures = {workers.submit(sleep, seconds) for seconds in (0, 30)}
    done, _ = wait(futures, PATIENCE, FIRST_COMPLETED)
    assert len(done) == 1
    assert all(isinstance(future, Future) for future in futures)
