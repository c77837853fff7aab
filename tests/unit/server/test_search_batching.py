"""Searches that arrive together are answered together, each as if it had been asked alone."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from reviewlens.errors import EncoderError, InputError, StoreUnreachable
from reviewlens.search.matches import Matches
from reviewlens.server import batching
from reviewlens.server.batching import Searches, Way
from reviewlens.server.failures import Refused
from reviewlens.server.jobs import Overloaded
from reviewlens.store import Filters, choose

ARGUMENTS: dict[str, Any] = {
    "n": 10,
    "mode": None,
    "polarity": None,
    "min_similarity": None,
    "explain": False,
}


def way_of(filters: Filters | None = None, **given: Any) -> Way:
    return Way(filters or Filters(), tuple((ARGUMENTS | given).items()))


PLAIN = way_of()


class Corpus:
    """Finds nothing; notes what it was asked together, and waits where it is told to."""

    def __init__(self) -> None:
        self.prepared: list[tuple[str, ...]] = []
        self.broken = False
        self.asked: list[tuple[str, ...]] = []
        self.given: list[dict[str, Any]] = []
        self.go_on = threading.Event()
        self.go_on.set()
        self.down = False
        self.filters = Filters()

    def only(self, filters: Filters) -> Corpus:
        self.filters = filters
        return self

    def prepare(self, queries: Sequence[str]) -> None:
        self.prepared.append(tuple(queries))
        if self.broken:
            raise EncoderError("the model cannot be run")

    def search_many(self, queries: Sequence[str], n: int, **given: Any) -> list[Matches]:
        self.asked.append(tuple(queries))
        self.given.append({"n": n, **given, "filters": self.filters})
        assert self.go_on.wait(5)
        if self.down:
            raise StoreUnreachable("Milvus does not answer")
        if "bad" in queries:
            raise InputError("the query is bad")
        return [Matches(query, False, (), None, notes=(f"n={n}",)) for query in queries]


async def in_thread(call: Callable[[], Any]) -> Any:
    return await asyncio.to_thread(call)


def searches(corpus: Corpus, *, most: int = 64, waiting: int = 100) -> Searches:
    return Searches(corpus, in_thread, most=most, waiting=waiting)  # type: ignore[arg-type]


async def ask_while_busy(
    corpus: Corpus, asked: Searches, queries: Sequence[tuple[str, Way]]
) -> list[Matches | BaseException]:
    """Ask one first, the others while it is being answered; return the others' answers."""
    corpus.go_on.clear()
    first = asyncio.create_task(asked.search("first", PLAIN))
    while not corpus.asked:
        await asyncio.sleep(0.001)
    others = [asyncio.create_task(asked.search(query, way)) for query, way in queries]
    await asyncio.sleep(0.01)
    corpus.go_on.set()
    await first
    return await asyncio.gather(*others, return_exceptions=True)


def names(answers: Sequence[Any]) -> list[str]:
    return [answer.query if isinstance(answer, Matches) else str(answer) for answer in answers]


def test_the_first_goes_at_once_and_what_arrives_meanwhile_is_the_next_batch() -> None:
    corpus = Corpus()
    asked = searches(corpus)
    some = [(text, PLAIN) for text in "abcde"]
    answers = asyncio.run(ask_while_busy(corpus, asked, some))
    assert corpus.asked == [("first",), tuple("abcde")]
    assert names(answers) == list("abcde")
    assert asked.waiting == 0


def test_a_batch_has_its_limit_and_one_is_no_batching() -> None:
    for most, batches in ((2, [("a", "b"), ("c",)]), (1, [("a",), ("b",), ("c",)])):
        corpus = Corpus()
        some = [(text, PLAIN) for text in "abc"]
        asyncio.run(ask_while_busy(corpus, searches(corpus, most=most), some))
        assert corpus.asked[1:] == batches


def test_the_same_text_is_asked_once() -> None:
    corpus = Corpus()
    some = [(text, PLAIN) for text in ("a", "b", "a")]
    answers = asyncio.run(ask_while_busy(corpus, searches(corpus), some))
    assert corpus.asked[1:] == [("a", "b")]
    assert names(answers) == ["a", "b", "a"]


def test_only_equal_arguments_go_together() -> None:
    corpus = Corpus()
    ways = [
        way_of(n=5),
        way_of(mode="keyword"),
        way_of(polarity="positive"),
        way_of(min_similarity=0.3),
        way_of(explain=True),
        way_of(choose(**{"product": ["x"]})),
        way_of(choose(**{"product": ["y"], "rating": "1..2"})),
    ]
    some = [(f"{number}{text}", way) for number, way in enumerate(ways) for text in "ab"]
    answers = asyncio.run(ask_while_busy(corpus, searches(corpus), some))
    assert names(answers) == [text for text, _ in some]
    for together, given in zip(corpus.asked[1:], corpus.given[1:], strict=True):
        assert len({text[0] for text in together}) == 1
        way = ways[int(together[0][0])]
        assert given == {**dict(way.given), "filters": way.filters}
    plain = way_of(choose(**{"product": ["y"], "rating": "1"}))
    other = way_of(choose(**{"rating": "1", "product": ["y"]}))
    assert plain == other


def test_texts_whose_side_is_told_go_together() -> None:
    corpus = Corpus()
    way = way_of(polarity="auto")
    asyncio.run(ask_while_busy(corpus, searches(corpus), [("a", way), ("b", way)]))
    assert corpus.asked[1:] == [("a", "b")]


def test_one_that_fails_fails_alone() -> None:
    corpus = Corpus()
    some = [(text, PLAIN) for text in ("a", "bad", "b")]
    answers = asyncio.run(ask_while_busy(corpus, searches(corpus), some))
    assert names(answers) == ["a", "the query is bad", "b"]
    assert isinstance(answers[1], InputError)
    assert corpus.asked[1:] == [("a", "bad", "b"), ("a",), ("bad",), ("b",)]


def test_where_milvus_does_not_answer_it_is_asked_once_for_all() -> None:
    async def ask(corpus: Corpus, asked: Searches) -> list[Matches | BaseException]:
        tasks = [asyncio.create_task(asked.search(text, PLAIN)) for text in "abc"]
        return await asyncio.gather(*tasks, return_exceptions=True)

    corpus = Corpus()
    corpus.down = True
    answers = asyncio.run(ask(corpus, searches(corpus)))
    assert all(isinstance(answer, StoreUnreachable) for answer in answers)
    assert len(corpus.asked) <= 2


def test_who_has_gone_costs_no_search(monkeypatch: pytest.MonkeyPatch) -> None:
    corpus = Corpus()
    asked = searches(corpus)
    monkeypatch.setattr(batching, "_PATIENCE", 0)

    async def gone() -> bool:
        return True

    async def there() -> bool:
        return False

    async def run() -> None:
        corpus.go_on.clear()
        first = asyncio.create_task(asked.search("first", PLAIN))
        while not corpus.asked:
            await asyncio.sleep(0.001)
        next_ = asyncio.create_task(asked.search("next", PLAIN))  # is embedded already
        while len(corpus.prepared) < 2:
            await asyncio.sleep(0.001)
        left = asyncio.create_task(asked.search("left", PLAIN, gone))
        cancelled = asyncio.create_task(asked.search("cancelled", PLAIN))
        stays = asyncio.create_task(asked.search("stays", PLAIN, there))
        await asyncio.sleep(0.01)
        cancelled.cancel()
        await asyncio.sleep(0)
        corpus.go_on.set()
        assert (await first).query == "first"
        assert (await next_).query == "next"
        assert (await stays).query == "stays"
        with pytest.raises(Refused, match="nobody waits"):  # and so no traceback in the log
            await left

    asyncio.run(run())
    assert corpus.prepared == corpus.asked == [("first",), ("next",), ("stays",)]
    assert asked.waiting == 0


def test_a_batch_is_embedded_while_milvus_answers_the_one_before() -> None:
    async def run() -> None:
        corpus = Corpus()
        asked = searches(corpus)
        corpus.go_on.clear()
        tasks = [asyncio.create_task(asked.search(text, PLAIN)) for text in "abc"]
        while not corpus.asked:
            await asyncio.sleep(0.001)
        tasks += [asyncio.create_task(asked.search(text, PLAIN)) for text in "de"]
        await asyncio.sleep(0.02)
        assert corpus.prepared == [("a", "b", "c")]  # two are fewer than are being answered
        tasks += [asyncio.create_task(asked.search(text, PLAIN)) for text in "fg"]
        while len(corpus.prepared) < 2:
            await asyncio.sleep(0.001)
        assert corpus.asked == [("a", "b", "c")]
        tasks.append(asyncio.create_task(asked.search("h", PLAIN)))
        await asyncio.sleep(0.02)
        assert corpus.prepared[1:] == [("d", "e", "f", "g")]  # one ahead, no more
        corpus.go_on.set()
        assert names(await asyncio.gather(*tasks)) == list("abcdefgh")
        assert corpus.prepared == corpus.asked == [tuple("abc"), tuple("defg"), ("h",)]

    asyncio.run(run())


def test_what_cannot_be_embedded_is_told_without_a_second_try() -> None:
    corpus = Corpus()
    corpus.broken = True
    with pytest.raises(EncoderError, match="cannot be run"):
        asyncio.run(searches(corpus).search("a", PLAIN))
    assert corpus.prepared == [("a",)]
    assert corpus.asked == []


def test_more_than_may_wait_are_refused() -> None:
    async def run() -> None:
        corpus = Corpus()
        asked = searches(corpus, waiting=2)
        corpus.go_on.clear()
        waiting = [asyncio.create_task(asked.search(text, PLAIN)) for text in "ab"]
        await asyncio.sleep(0.01)
        with pytest.raises(Overloaded):
            await asked.search("c", PLAIN)
        corpus.go_on.set()
        await asyncio.gather(*waiting)
        assert (await asked.search("c", PLAIN)).query == "c"

    asyncio.run(run())
