"""A question asks one version of the collection, and is asked again where that is gone."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from reviewlens import Corpus
from reviewlens.errors import CollectionReplaced
from reviewlens.insights.classification.kept_labels import Labels
from reviewlens.questions import asked_of
from reviewlens.session import Encoders, Lease, Session, load_options
from reviewlens.themes import Themes

ONCE = {
    *("export", "copy", "reindex"),
    *("judge", "adopt", "rename", "hide", "merge", "split", "use", "drop"),
}
"""What must not be run twice; all else is asked again of the version in its place."""


class Numbered(Session):
    """A session whose versions are numbers, each gone before the last."""

    def __init__(self, last: int) -> None:
        super().__init__(
            "nowhere.db", "any", "", Encoders(None, load_options()), on_opened=lambda _: None
        )
        self.now: Any = 1
        self.last = last
        self.asked: list[int] = []

    def serving(self) -> Any:
        return self.now

    def follow(self, store: Any) -> None:
        self.now = store + 1

    def request(self, lease: Lease) -> int:
        version: Any = lease.store
        self.asked.append(version)
        if version < self.last:
            raise CollectionReplaced(f"{version} is gone")
        return int(version)


def test_question_is_asked_again_from_its_start() -> None:
    session = Numbered(last=2)
    found = session.ask(lambda lease: (session.request(lease), session.request(lease)))
    assert found == (2, 2)
    assert session.asked == [1, 2, 2]


def test_all_parts_of_a_question_stay_on_one_version() -> None:
    session = Numbered(last=1)

    def question(lease: Lease) -> tuple[int, int, int]:
        first = session.request(lease)
        session.now = 5  # swapped while the question is under way
        return first, session.request(lease), session.request(lease.of(lease.filters))

    assert session.ask(question) == (1, 1, 1)


def test_question_gives_up_after_three_versions() -> None:
    session = Numbered(last=99)
    with pytest.raises(CollectionReplaced, match="3 is gone"):
        session.ask(session.request)


def test_command_is_not_run_twice_but_the_next_asks_the_new_version() -> None:
    session = Numbered(last=2)
    with pytest.raises(CollectionReplaced, match="1 is gone"):
        session.ask(session.request, times=1)
    assert session.ask(session.request, times=1) == 2


def test_threads_ask_apart() -> None:
    session = Numbered(last=1)
    inside: list[int] = []

    def question(lease: Lease) -> int:
        session.now = 7
        thread = threading.Thread(target=lambda: inside.append(session.ask(session.request)))
        thread.start()
        thread.join()
        return session.request(lease)

    assert session.ask(question) == 1
    assert inside == [7]


def test_what_parts_of_a_question_share_is_made_once() -> None:
    session = Numbered(last=1)
    made: list[int] = []

    def make() -> str:
        made.append(1)
        return "graph"

    assert session.ask(lambda lease: [lease.once("graph", make), lease.once("graph", make)]) == [
        "graph",
        "graph",
    ]
    assert made == [1]


def test_only_what_changes_something_is_run_but_once() -> None:
    questions = {**asked_of(Corpus), **asked_of(Themes), **asked_of(Labels)}
    assert {name for name, asked in questions.items() if asked.times == 1} == ONCE
    assert all(asked.times == 3 for name, asked in questions.items() if name not in ONCE)
