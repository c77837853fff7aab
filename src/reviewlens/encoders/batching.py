"""Which texts a model reads together, and how several streams share them out."""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


def token_batches(lengths: Sequence[int], budget: int) -> Iterator[list[int]]:
    """Yield the indices of texts in batches of about equal length, the longest texts first.

    Args:
        lengths: Tokens of each text.
        budget: Tokens of a batch at most, padding included; a longer text is a batch of its own.
    """
    order = sorted(range(len(lengths)), key=lambda index: -lengths[index])
    start = 0
    while start < len(order):
        size = max(1, budget // max(1, lengths[order[start]]))
        yield order[start : start + size]
        start += size


def physical_cores() -> int:
    """Return how many cores this process may use; two threads of one core count once."""
    import psutil

    try:
        allowed = len(os.sched_getaffinity(0))
    except AttributeError:  # not on Linux
        allowed = os.cpu_count() or 1
    return max(1, min(allowed, psutil.cpu_count(logical=False) or allowed))


class Streams:
    """Threads that work side by side on what is given to them; made when they are first needed.

    Args:
        count: How many.
    """

    def __init__(self, count: int) -> None:
        self.count = count
        self._pool: ThreadPoolExecutor | None = None
        self._making = threading.Lock()

    def map(self, work: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
        """Yield the results in order; at most two items a stream are taken ahead of them."""
        taken: deque[Future[Result]] = deque()
        try:
            for item in items:
                taken.append(self._executor().submit(work, item))
                if len(taken) >= 2 * self.count:
                    yield taken.popleft().result()
            while taken:
                yield taken.popleft().result()
        finally:
            for future in taken:
                future.cancel()

    def _executor(self) -> ThreadPoolExecutor:
        with self._making:
            if self._pool is None:
                self._pool = ThreadPoolExecutor(self.count, thread_name_prefix="encoder")
            return self._pool
