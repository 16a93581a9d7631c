"""Worker processes that may be killed at any moment, also while they wait for something to do.

Where the broker is a folder, the processes of a Celery worker share one pipe and take turns at it with a semaphore. One
that is killed while it waits keeps the semaphore for ever: others are started in its place, and none of them ever gets a
task again. A lock on a file goes with the process that held it, because the kernel sees to that.
"""

import fcntl
import tempfile
from typing import Any

from billiard.pool import Pool
from celery.concurrency import prefork


class ProcessLock:
    """A lock between processes that fork from one another; it is released when the one that holds it ends, however."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile(prefix="docstore-pool-")  # noqa: SIM115 - open as long as the pool

    def acquire(self) -> bool:
        fcntl.lockf(self._file, fcntl.LOCK_EX)
        return True

    def release(self) -> None:
        fcntl.lockf(self._file, fcntl.LOCK_UN)

    def __enter__(self) -> bool:
        return self.acquire()

    def __exit__(self, *_: object) -> None:
        self.release()


class SturdyPool(Pool):
    """Processes that take turns at one pipe.

    What a process worked on when it died is given up after a moment, in which a last answer may come. That moment began anew
    whenever another process died, so that while they died often enough nothing was ever given up, nor anything begun.
    """

    def _setup_queues(self) -> None:
        super()._setup_queues()  # type: ignore[misc] # its stubs leave out what begins with a line
        for queue in (self._inqueue, self._outqueue):  # type: ignore[attr-defined] # the same
            queue._rlock, queue._wlock = ProcessLock(), ProcessLock()

    def on_job_process_lost(self, job: Any, pid: int, exitcode: int) -> None:
        if not job._worker_lost:
            super().on_job_process_lost(job, pid, exitcode)


class TaskPool(prefork.TaskPool):
    """Celery's own pool, sturdy where its processes share a pipe; with Redis each has a pipe of its own."""

    BlockingPool = SturdyPool
