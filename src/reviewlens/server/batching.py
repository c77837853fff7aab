"""Searches that arrive together are answered together: one batch for the encoder and for Milvus.

Nothing is delayed for it. What arrives while nothing is under way goes at once; what arrives while
a batch is under way is the next batch, which is embedded while Milvus answers the one before.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from reviewlens import errors
from reviewlens.search.matches import Matches
from reviewlens.server.failures import Refused
from reviewlens.server.jobs import Overloaded
from reviewlens.store import Filters

if TYPE_CHECKING:
    from reviewlens.corpus import Corpus

_OF_ALL = (
    errors.AccessDenied,
    errors.CollectionMissing,
    errors.EncoderMismatch,
    errors.SchemaMismatch,
    errors.StoreLocked,
    errors.StoreUnreachable,
)
"""What no single query is to blame for: the others are not asked again."""

_PATIENCE = 0.5
"""Seconds that a search waits before it is asked whether somebody still waits for it."""


@dataclass(frozen=True, slots=True)
class Way:
    """How a text is searched for; only searches that are alike in all of it go together.

    Attributes:
        filters: Which reviews may be found.
        given: The other arguments of `Corpus.search`, by name.
    """

    filters: Filters
    given: tuple[tuple[str, Any], ...]

    def ask(self, corpus: Corpus, queries: Sequence[str]) -> list[Matches]:
        """Return the answers of the corpus, in order."""
        return corpus.only(self.filters).search_many(queries, **dict(self.given))


@dataclass(frozen=True, slots=True, eq=False)
class _Search:
    """A text that is searched for, who is told of its answer, and what tells whether they wait.

    Attributes:
        came: When it came, by `time.monotonic`.
    """

    query: str
    future: asyncio.Future[Matches]
    gone: Callable[[], Awaitable[bool]] | None
    came: float = field(default_factory=time.monotonic)


@dataclass(slots=True)
class _Line:
    """Searches of one way.

    Attributes:
        waiting: Those that are in no batch yet.
        asked: How many are in the batch that Milvus answers.
        changed: Set where one of these numbers has changed.
        worked: Whether batches are being made of what waits.
    """

    waiting: deque[_Search] = field(default_factory=deque)
    asked: int = 0
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    worked: bool = False

    async def next_batch(self, most: int) -> list[_Search]:
        """Return what is to be answered next, without those that nobody waits for; none at the end.

        A request costs Milvus as much as several searches in it. So a batch is not begun before it
        is as large as the one that is being answered, or that one is done.
        """
        while self.waiting or self.asked:
            if len(self.waiting) < max(1, min(self.asked, most)):
                self.changed.clear()
                await self.changed.wait()
            elif batch := await _taken(self.waiting, most):
                return batch
        return []


class Searches:
    """Answers searches, in batches where several wait.

    Args:
        corpus: What is asked.
        read: Runs a call in a thread; `Overloaded` where too many wait.
        most: Searches of a batch at most.
        waiting: Searches that may wait; the next is refused.

    Attributes:
        on_batch: Told the size of each batch.
    """

    def __init__(
        self,
        corpus: Corpus,
        read: Callable[[Callable[[], Any]], Awaitable[Any]],
        *,
        most: int,
        waiting: int,
    ) -> None:
        self._corpus = corpus
        self._read = read
        self._most = most
        self._allowed = waiting
        self.on_batch: Callable[[int], None] = lambda size: None
        self._waiting = 0
        self._lines: dict[Way, _Line] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def waiting(self) -> int:
        """Searches that are not answered yet."""
        return self._waiting

    async def search(
        self, query: str, way: Way, gone: Callable[[], Awaitable[bool]] | None = None
    ) -> Matches:
        """Return what `Corpus.search` answers.

        Args:
            query: What to look for.
            way: The other arguments.
            gone: Tells whether nobody waits for the answer any more; asked where that takes long.

        Raises:
            Overloaded: Too many wait already.
        """
        if self._waiting >= self._allowed:
            raise Overloaded
        line = self._lines.get(way)
        if line is None:
            line = self._lines[way] = _Line()
        future: asyncio.Future[Matches] = asyncio.get_running_loop().create_future()
        line.waiting.append(_Search(query, future, gone))
        line.changed.set()
        self._waiting += 1
        try:
            if not line.worked:
                line.worked = True
                self._start(self._work(way, line))
            return await future
        finally:
            self._waiting -= 1

    def _start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _work(self, way: Way, line: _Line) -> None:
        before: asyncio.Task[None] | None = None
        try:
            while batch := await line.next_batch(self._most):
                self.on_batch(len(batch))
                failed = await self._prepare(batch)
                if before is not None:
                    await before
                line.asked = len(batch)
                before = self._start(self._answer(way, line, batch, failed))
        finally:
            line.worked = False
            if not line.waiting:
                self._lines.pop(way, None)

    async def _prepare(self, batch: list[_Search]) -> Exception | None:
        """Embed the texts of a batch; return what went wrong."""
        queries = _queries(batch)
        try:
            await self._read(lambda: self._corpus.prepare(queries))
        except Exception as error:
            return error
        return None

    async def _answer(
        self, way: Way, line: _Line, batch: list[_Search], failed: Exception | None
    ) -> None:
        queries = _queries(batch)
        found: Sequence[Matches | BaseException]
        try:
            found = await self._read(lambda: _asked(self._corpus, way, queries, failed))
        except Exception as error:
            found = [error for _ in queries]
        line.asked = 0
        line.changed.set()
        answers = dict(zip(queries, found, strict=True))
        for one in batch:
            if one.future.done():
                continue
            answer = answers[one.query]
            if isinstance(answer, BaseException):
                one.future.set_exception(answer)
            else:
                one.future.set_result(answer)


def _queries(batch: Sequence[_Search]) -> list[str]:
    """Return the texts of a batch, each once."""
    return list(dict.fromkeys(one.query for one in batch))


async def _taken(waiting: deque[_Search], most: int) -> list[_Search]:
    """Take from a line at most so many that somebody waits for."""
    batch: list[_Search] = []
    while waiting and len(batch) < most:
        one = waiting.popleft()
        if one.future.done():
            continue
        if one.gone is not None and time.monotonic() - one.came > _PATIENCE and await one.gone():
            one.future.set_exception(Refused("nobody waits for this answer any more", 408))
            continue
        batch.append(one)
    return batch


def _asked(
    corpus: Corpus, way: Way, queries: Sequence[str], failed: Exception | None = None
) -> list[Matches | BaseException]:
    """Return for each query its answer, or why there is none, as if it had been asked alone."""
    try:
        if failed is not None:
            raise failed
        return [*way.ask(corpus, queries)]
    except _OF_ALL as error:
        return [error for _ in queries]
    except Exception as error:
        if len(queries) == 1:
            return [error]
        return [answer for query in queries for answer in _asked(corpus, way, [query])]
