"""A question asks one version of the collection, and is asked again where that is gone."""

from __future__ import annotations

import inspect
import threading

import pytest

from reviewlens import Corpus
from reviewlens.corpus.continuity import Question, on_one_collection, once_on_one_collection
from reviewlens.errors import CollectionReplaced

# What holds for these alone is said beside each.
NOT_QUESTIONS = {
    "close",
    "diagnose",  # opens a connection of its own
    "ingest",  # reads files that may come but once; ends with an error that says what to do
    "plan",  # asks no collection
    "preview",  # asks no collection
    "reindex",
    "search",  # is `search_many`
}


class Asking:
    """Stands in for a corpus: its versions are numbers."""

    def __init__(self, last: int) -> None:
        self._question = Question()
        self.now = 1
        self.last = last
        self.asked: list[int] = []

    def _serving_store(self) -> int:  # type: ignore[override]
        return self.now

    def _follow(self, store: int) -> None:  # type: ignore[override]
        self.now = store + 1

    def _request(self) -> int:
        version: int = self._question.store  # type: ignore[assignment]
        self.asked.append(version)
        if version < self.last:
            raise CollectionReplaced(f"{version} is gone")
        return version

    @on_one_collection  # type: ignore[type-var]
    def question(self) -> tuple[int, int]:
        return self.inner(), self._request()

    @on_one_collection  # type: ignore[type-var]
    def inner(self) -> int:
        return self._request()

    @once_on_one_collection  # type: ignore[type-var]
    def command(self) -> int:
        return self._request()


def test_question_is_asked_again_from_its_start() -> None:
    corpus = Asking(last=2)
    assert corpus.question() == (2, 2)
    assert corpus.asked == [1, 2, 2]
    assert corpus._question.store is None


def test_inner_question_stays_on_the_version_of_the_outer_one() -> None:
    corpus = Asking(last=1)
    corpus.now = 1
    seen: list[object] = []

    def request() -> int:
        seen.append(corpus._question.store)
        corpus.now = 5  # swapped while the question is under way
        return 0

    corpus._request = request  # type: ignore[method-assign]
    corpus.question()
    assert seen == [1, 1]


def test_question_gives_up_after_three_versions() -> None:
    corpus = Asking(last=99)
    with pytest.raises(CollectionReplaced, match="3 is gone"):
        corpus.question()


def test_command_is_not_run_twice_but_the_next_asks_the_new_version() -> None:
    corpus = Asking(last=2)
    with pytest.raises(CollectionReplaced, match="1 is gone"):
        corpus.command()
    assert corpus.command() == 2


def test_threads_ask_apart() -> None:
    corpus = Asking(last=1)
    inside: list[object] = []

    def look() -> int:
        thread = threading.Thread(target=lambda: inside.append(corpus._question.store))
        thread.start()
        thread.join()
        return 0

    corpus._request = look  # type: ignore[method-assign]
    corpus.question()
    assert inside == [None, None]


def test_every_public_method_asks_one_version() -> None:
    methods = {
        name: found
        for name, found in inspect.getmembers(Corpus, inspect.isfunction)
        if not name.startswith("_")
    }
    plain = {name for name, found in methods.items() if not hasattr(found, "__wrapped__")}
    assert plain == NOT_QUESTIONS
