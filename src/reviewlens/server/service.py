"""What all routes share: the corpus, its threads, its jobs, and answers that are kept."""

from __future__ import annotations

import asyncio
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from fastapi import Depends, Request

from reviewlens.results import OnProgress
from reviewlens.server.batching import Searches
from reviewlens.server.jobs import Jobs, Overloaded, Task, Work
from reviewlens.server.options import Options
from reviewlens.server.uploads import Uploads

if TYPE_CHECKING:
    from reviewlens.corpus import Corpus

_Answer = TypeVar("_Answer")

_MOST_ANSWERS = 64
_MOST_ANSWER_BYTES = 128 * 1024 * 1024
_FRESH_SECONDS = 60.0
_MOST_LOOKS = 2


class Service:
    """One corpus as the routes see it.

    Attributes:
        corpus: Asked from threads alone, never from the event loop.
        options: What is allowed.
        jobs: Long work.
        uploads: Files that were uploaded, and others of the server's own.
        searches: Answers searches, those that arrive together in one batch.
    """

    def __init__(self, corpus: Corpus, options: Options) -> None:
        self.corpus = corpus
        self.options = options
        self.jobs = Jobs()
        self.uploads = Uploads()
        self._threads = ThreadPoolExecutor(options.threads, thread_name_prefix="question")
        self._looks = ThreadPoolExecutor(_MOST_LOOKS, thread_name_prefix="look")
        self._waiting = 0
        self.searches = Searches(
            corpus, self.read, most=options.most_batch, waiting=options.most_waiting
        )
        self._answers: OrderedDict[Hashable, Task] = OrderedDict()
        self._guard = threading.Lock()

    async def read(self, call: Callable[[], _Answer], *, looks: bool = False) -> _Answer:
        """Return what a short question answers, asked in a thread.

        Args:
            call: Asks.
            looks: Whether it is a first look at a file: in threads that no question needs.

        Raises:
            Overloaded: Too many wait already.
        """
        threads = self._looks if looks else self._threads
        if self._waiting >= self.options.most_waiting:
            raise Overloaded
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(threads, call)
        finally:
            self._waiting -= 1

    async def answer(
        self,
        name: str,
        call: Callable[[OnProgress], Any],
        *,
        key: Hashable = None,
        wait: float | None = None,
        cancellable: bool = True,
        left: Path | None = None,
        writes: bool = False,
    ) -> Work:
        """Start a long question, or find that it was asked before; wait a while for its answer.

        Args:
            name: Of the job.
            call: Asks; given what it tells its progress to. What it returns is a result, or a
                response, which is sent as it is.
            key: What the question is made of. The same question is answered once until the corpus
                changes; None for a question that is not kept.
            wait: Seconds; None for those of the options.
            cancellable: Whether `call` tells its progress on the way, and so can be stopped.
            left: A file that it leaves, removed when the job is remembered no longer.
            writes: Whether it changes the corpus: it then begins after whatever does so now.

        Returns:
            The work, ended or not; `answered` of routes/long.py makes the response of it.

        Raises:
            Overloaded: Too much waits already.
        """

        def changing(progress: OnProgress) -> Any:  # noqa: ANN401 - any result
            try:
                return call(progress)
            finally:
                self.changed()

        def start() -> Work:
            does = changing if writes else call
            return self.jobs.start(name, does, writes=writes, cancellable=cancellable, left=left)

        work = start() if key is None else self._known((name, key), start)
        seconds = self.options.wait_seconds if wait is None else wait
        await asyncio.wait([asyncio.wrap_future(work.task.future)], timeout=seconds)
        return work

    def _known(self, question: Hashable, start: Callable[[], Work]) -> Work:
        with self._guard:
            task = self._answers.get(question)
            work = None if task is None or self._stale(task) else self.jobs.join(task)
            if work is None:
                work = start()
                self._answers[question] = work.task
            self._answers.move_to_end(question)
            size = sum(task.size for task in self._answers.values())
            while len(self._answers) > 1 and (
                len(self._answers) > _MOST_ANSWERS or size > _MOST_ANSWER_BYTES
            ):
                size -= self._answers.popitem(last=False)[1].size
            return work

    def _stale(self, task: Task) -> bool:
        """Tell whether others may have changed the corpus since a task was answered."""
        age = time.monotonic() - task.started
        return age > _FRESH_SECONDS and not self.corpus.embedded

    def changed(self) -> None:
        """Give no answer any more that was made before now."""
        with self._guard:
            self._answers.clear()

    def close(self) -> None:
        """Stop all work and release the corpus."""
        self.jobs.close()
        self._threads.shutdown()
        self._looks.shutdown()
        self.uploads.close()
        self.corpus.close()


async def service_of(request: Request) -> Service:
    """Return the service of the app that a request is for."""
    service: Service = request.app.state.service
    return service


Shared = Annotated[Service, Depends(service_of)]
"""What a route takes to get at the corpus."""
