"""Long work: started by a request, done in a thread, followed and cancelled by others."""

from __future__ import annotations

import logging
import secrets
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from starlette.responses import Response

from reviewlens.errors import ReviewLensError
from reviewlens.results import OnProgress
from reviewlens.server.failures import Failure, Refused, told
from reviewlens.server.tables import json_of

_log = logging.getLogger(__name__)

State = Literal["waiting", "running", "done", "failed", "cancelled"]
ENDED: tuple[State, ...] = ("done", "failed", "cancelled")

CANCELLING = "cancelling"
"""The stage of what was cancelled and has not stopped yet."""


class Cancelled(Exception):
    """Raised inside long work, at its next sign of progress, after it was cancelled."""


class Overloaded(Refused):
    """More requests wait than may; told as 503 with `Retry-After`."""

    def __init__(self) -> None:
        super().__init__("too many requests wait; try again", 503, "Overloaded")


@dataclass(frozen=True, slots=True)
class Job:
    """How far a piece of long work is.

    Attributes:
        job: Its id. Each request has one of its own, also where several ask the same and are
            answered by the same work.
        name: What it does: `ingest`, `clusters` …
        stage: What it is doing now: `reading`, `neighbours`, `writing` …; `cancelling` between
            the wish to stop and the end.
        done: Of `total` pieces of the stage; both 0 before the first sign of progress.
        seconds: Since it was started, until it ended.
        cancellable: Whether cancelling stops it before its end. What waits always can be; what
            runs, if it tells its progress on the way.
        failure: Why it failed, None where it has not.
    """

    job: str
    name: str
    state: State
    stage: str
    done: int
    total: int
    seconds: float
    cancellable: bool
    failure: Failure | None = None


@dataclass(slots=True, eq=False)
class Task:
    """What is done once for all who asked the same; `wanted_by` counts who still waits for it.

    Attributes:
        future: Has a result, None, when the task has ended, whatever came of it.
        body: The result as JSON; None where it is a response already.
        size: Bytes of the result as it is sent: what keeping it costs, roughly.
        status: The HTTP status of the failure.
        left: A file that the task leaves; removed when no job names the task any more.
        writes: Whether it changes the corpus.
    """

    name: str
    cancellable: bool
    started: float
    future: Future[None] = field(default_factory=Future)
    queued: Future[None] | None = None
    state: State = "waiting"
    stage: str = ""
    done: int = 0
    total: int = 0
    ended: float | None = None
    failure: Failure | None = None
    status: int = 500
    result: Any = None
    body: bytes | None = None
    size: int = 0
    wanted_by: int = 0
    left: Path | None = None
    writes: bool = False


@dataclass(slots=True, eq=False)
class Work:
    """A job as the server keeps it: one request's part in a task."""

    job: str
    task: Task
    given_up: bool = False

    @property
    def state(self) -> State:
        """Return how far it is; what others still want is cancelled for this one alone."""
        if self.given_up and self.task.state not in ENDED and self.task.wanted_by:
            return "cancelled"
        return self.task.state

    @property
    def result(self) -> Any:  # noqa: ANN401 - any result
        """Return what it gave; None before it is done."""
        return self.task.result

    def told(self) -> Job:
        """Return how far it is."""
        task, state = self.task, self.state
        until = time.monotonic() if task.ended is None else task.ended
        return Job(
            self.job,
            task.name,
            state,
            CANCELLING if state == "running" and not task.wanted_by else task.stage,
            task.done,
            task.total,
            round(until - task.started, 2),
            state == "waiting" or (state == "running" and task.cancellable),
            task.failure,
        )


class Jobs:
    """Runs long work: what reads in a few threads, what writes one after the other in one.

    Args:
        readers: Threads for what reads.
        kept: Ended jobs that are remembered, with their results.
        kept_bytes: What their results may take together, as they are sent.
        kept_seconds: How long after its end a job is remembered.
        most_waiting: Tasks that may be unfinished at once.
    """

    def __init__(
        self,
        *,
        readers: int = 2,
        kept: int = 100,
        kept_bytes: int = 128 * 1024 * 1024,
        kept_seconds: float = 3600,
        most_waiting: int = 64,
    ) -> None:
        self._kept = kept
        self._kept_bytes = kept_bytes
        self._kept_seconds = kept_seconds
        self._most_waiting = most_waiting
        self._reading = ThreadPoolExecutor(readers, thread_name_prefix="job")
        self._writing = ThreadPoolExecutor(1, thread_name_prefix="writer")
        self._all: dict[str, Work] = {}
        self._guard = threading.RLock()
        self._closed = False

    def start(
        self,
        name: str,
        call: Callable[[OnProgress], Any],
        *,
        writes: bool = False,
        cancellable: bool = True,
        left: Path | None = None,
    ) -> Work:
        """Run `call` in a thread; it is given what it tells its progress to.

        Args:
            name: What it does.
            call: Returns the result.
            writes: After all else that writes, never beside it.
            cancellable: Whether `call` tells its progress on the way.
            left: A file that it leaves, removed when the job is remembered no longer.

        Raises:
            Overloaded: Too much waits already.
        """
        self._forget()
        task = Task(name, cancellable, time.monotonic(), left=left, writes=writes)
        with self._guard:
            unfinished = {one.task for one in self._all.values() if one.task.ended is None}
            if self._closed or len(unfinished) >= self._most_waiting:
                raise Overloaded
            work = self._ticket(task)
            threads = self._writing if writes else self._reading
            task.queued = threads.submit(self._run, task, call)
        return work

    def join(self, task: Task) -> Work | None:
        """Take part in a task that another started; None if it was cancelled or has failed.

        The job of one that is done is not remembered: it is answered at once.
        """
        with self._guard:
            if task.state == "done":
                return Work("", task)
            if task.ended is not None or not task.wanted_by:
                return None
            return self._ticket(task)

    def find(self, job: str) -> Work | None:
        """Return a job by its id, None if it is not known, or no longer."""
        self._forget()
        with self._guard:
            return self._all.get(job)

    def list(self) -> list[Work]:
        """Return the jobs that are remembered, oldest first."""
        self._forget()
        with self._guard:
            return list(self._all.values())

    def cancel(self, work: Work) -> None:
        """Give a job up; the work stops, at its next sign of progress, when nobody wants it."""
        with self._guard:
            if work.given_up or work.task.ended is not None:
                return
            work.given_up = True
            work.task.wanted_by -= 1
            if not work.task.wanted_by and work.task.queued and work.task.queued.cancel():
                self._end(work.task, "cancelled")

    def close(self) -> None:
        """Cancel everything, wait until it has stopped, and forget it."""
        with self._guard:
            self._closed = True
            for work in self._all.values():
                self.cancel(work)
        self._reading.shutdown()
        self._writing.shutdown()
        with self._guard:
            self._drop([*self._all.values()])

    def _ticket(self, task: Task) -> Work:
        work = Work(secrets.token_urlsafe(16), task)
        task.wanted_by += 1
        self._all[work.job] = work
        return work

    def _forget(self) -> None:
        with self._guard:
            ended = [one for one in self._all.values() if one.task.ended is not None]
            ended.sort(key=lambda one: one.task.ended or 0, reverse=True)
            oldest = time.monotonic() - self._kept_seconds
            size, counted, old = 0, set[Task](), []
            for place, work in enumerate(ended):
                size += 0 if work.task in counted else work.task.size
                counted.add(work.task)
                late = (work.task.ended or 0) < oldest
                # The newest stays however large it is: somebody is about to fetch it.
                if late or place >= self._kept or (place and size > self._kept_bytes):
                    old.append(work)
            self._drop(old)

    def _drop(self, works: Sequence[Work]) -> None:
        for work in works:
            del self._all[work.job]
        kept = {one.task for one in self._all.values()}
        for task in {work.task for work in works} - kept:
            if task.left is not None:
                task.left.unlink(missing_ok=True)

    def _run(self, task: Task, call: Callable[[OnProgress], Any]) -> None:
        def progress(stage: str, done: int, total: int) -> None:
            if not task.wanted_by:
                raise Cancelled
            task.stage, task.done, task.total = stage, done, total

        try:
            task.state = "running"
            result = call(progress)
            if isinstance(result, Response):
                task.size = len(result.body) if hasattr(result, "body") else 0
            else:
                task.body = json_of(result)
                task.size = len(task.body)
            task.result = result
            self._end(task, "done")
        except Cancelled:
            self._end(task, "cancelled")
        except Exception as error:
            if not isinstance(error, ReviewLensError):
                _log.exception("the job %s failed", task.name)
            failure, task.status = told(error)
            self._end(task, "failed", failure)

    def _end(self, task: Task, state: State, failure: Failure | None = None) -> None:
        with self._guard:
            task.failure, task.ended = failure, time.monotonic()
            task.state = state
        task.future.set_result(None)
