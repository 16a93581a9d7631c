"""Worker processes that are killed while they wait for work: what comes next is done all the same."""

import os
import signal
import time
from collections.abc import Iterator

import pytest
from billiard.einfo import ExceptionWithTraceback

from workers.app import app
from workers.pool import SturdyPool, TaskPool

SECONDS = 30


@pytest.fixture
def pool() -> Iterator[SturdyPool]:
    made = SturdyPool(2, threads=True, lost_worker_timeout=1.5)
    yield made
    made.terminate()
    made.join()


def waiting(pool: SturdyPool, *, other_than: frozenset[int] = frozenset()) -> frozenset[int]:
    """The processes of the pool, once there are two and none of them is one of those."""
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        processes = pool._pool  # type: ignore[attr-defined] # left out of its stubs
        found = frozenset(one.pid for one in processes if one.is_alive()) - other_than
        if len(found) == 2:
            return found
        time.sleep(0.05)
    raise TimeoutError("the pool did not replace its processes")


@pytest.mark.requirement("REL-4")
def test_processes_killed_while_they_wait_take_no_work_with_them(pool: SturdyPool) -> None:
    assert pool.apply_async(abs, (-1,)).get(timeout=SECONDS) == 1
    first = waiting(pool)
    time.sleep(0.3)  # by then one of them waits at the pipe and the other for its turn

    for pid in first:
        os.kill(pid, signal.SIGKILL)

    waiting(pool, other_than=first)
    assert pool.apply_async(abs, (-2,)).get(timeout=SECONDS) == 2


def test_what_a_dead_process_worked_on_is_given_up_however_many_die_after_it(pool: SturdyPool) -> None:
    lost = pool.apply_async(time.sleep, (SECONDS,))
    time.sleep(0.5)
    until = time.monotonic() + SECONDS
    while not lost.ready() and time.monotonic() < until:
        for one in list(pool._pool):  # type: ignore[attr-defined] # left out of its stubs
            os.kill(one.pid, signal.SIGKILL)
        time.sleep(1.0)

    with pytest.raises(ExceptionWithTraceback, match="Worker exited prematurely"):
        lost.get(timeout=1)


def test_workers_use_it() -> None:
    assert app.conf.worker_pool == "workers.pool:TaskPool"
    assert TaskPool.BlockingPool is SturdyPool
