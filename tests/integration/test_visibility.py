"""What one process was told is stored, another finds at once: on a server with its own clock."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from forked import answering
from milvus_servers import Backend
from reviewlens.store import (
    Filters,
    Pin,
    ReviewStore,
    StoredPassage,
    ThemeRow,
    ThemeSets,
    Versions,
)
from reviewlens.store.properties import WRITTEN
from reviewlens.store.schema import encode_row

BACKENDS = ("container",)
DIMENSION = 8
SET = "main"
VECTOR = np.eye(1, DIMENSION, dtype=np.float32)


def review(number: int, text: str = "stored") -> StoredPassage:
    return StoredPassage(review_id=f"r{number}", passage=0, text=text, vector=VECTOR[0])


def theme(name: str) -> ThemeRow:
    return ThemeRow("theme", "0", {"number": 0, "name": name, "label": "", "hidden": False})


def current(store: ReviewStore) -> ReviewStore:
    """The store as `Session.follow` binds it anew."""
    return store.rebound() if store.moved() else store


def answer(uri: str, name: str, next_question: Callable[[], Any], tell: Callable[..., Any]) -> None:
    """Answer as a process does that has the store open all the while."""
    with ReviewStore.open(uri, name) as store:
        reads: dict[str, Callable[[], object]] = {
            "get": lambda: {row.text for row in store.get(["r0#0"], ("text",)).values()},
            "keys": lambda: store.passage_ids(Filters()),
            "count": lambda: store.count(),
            "search": lambda: {hit.passage.review_id for hit in store.search(VECTOR, 9)[0]},
            "theme": lambda: ThemeSets(store).labels(SET)[0],
            "served": lambda: (store.moved(), current(store).count()),
        }
        while (question := next_question()) is not None:
            tell(reads[question]())


@pytest.fixture
def store(backend: Backend, collection_name: str) -> Iterator[ReviewStore]:
    with ReviewStore.open(backend.uri, collection_name, create=True) as store:
        store.create(Pin("fake", "f" * 64, DIMENSION))
        store.upsert([review(0)])
        ThemeSets(store).write(SET, [theme("first")])
        yield store


def missed(store: ReviewStore, ask: Callable[[str], object], turns: int) -> list[str]:
    """Write so often, in turn in each way, and ask elsewhere at once; return what was not seen."""
    wrong: list[str] = []
    for turn in range(turns):
        match turn % 6:
            case 0:
                store.upsert([review(1)])
                question, wanted = "search", {"r0", "r1"}
            case 1:
                store.upsert([review(0, f"text {turn}")])
                question, wanted = "get", {f"text {turn}"}
            case 2:
                store.upsert([review(2)])
                question, wanted = "count", 3
            case 3:
                store.delete(["r1#0"])
                question, wanted = "keys", ["r0#0", "r2#0"]
            case 4:
                store.delete(["r2#0"])
                question, wanted = "search", {"r0"}
            case _:
                ThemeSets(store).update(SET, theme(f"name {turn}"))
                question, wanted = "theme", f"name {turn}"
        if (found := ask(question)) != wanted:
            wrong.append(f"{turn}: {question} gave {found}, wanted {wanted}")
    return wrong


@pytest.mark.parametrize("turns", [36, pytest.param(500, marks=pytest.mark.slow)])
def test_what_another_process_was_told_is_stored_is_never_missed(
    store: ReviewStore, turns: int
) -> None:
    with answering(answer, store.uri, store.name) as ask:
        assert missed(store, ask, turns) == []


def test_a_version_that_took_another_s_place_is_read_whole(store: ReviewStore) -> None:
    with answering(answer, store.uri, store.name) as ask:
        assert ask("served") == (False, 1)
        for turn in range(2):
            versions = Versions(store)
            built = versions.begin(store.pin, {}, analyzer="standard")
            built.upsert(review(number) for number in range(turn + 2))
            old, store = store, versions.serve(built)
            assert ask("served") == (True, turn + 2)
            assert old.version != store.version


def test_a_collection_of_an_earlier_version_is_read_as_of_now_until_it_is_written_to(
    backend: Backend, collection_name: str
) -> None:
    with ReviewStore.open(backend.uri, collection_name, create=True) as store:
        store.create(Pin("fake", "f" * 64, DIMENSION))
        row = encode_row(review(0))
        pymilvus = store._client._client
        with answering(answer, store.uri, store.name) as ask:
            for turn in range(10):  # as an earlier version writes
                pymilvus.upsert(store.version, [{**row, "text": f"text {turn}"}])
                assert ask("get") == {f"text {turn}"}
            store.upsert([review(0, "today")])
            assert ask("get") == {"today"}
        assert any(name.startswith(WRITTEN) for name in _properties(store))


def test_a_read_long_after_the_last_write_does_not_wait_for_the_clock(store: ReviewStore) -> None:
    pymilvus = store._client._client
    found: dict[str, list[float]] = {"ours": [], "now": []}
    time.sleep(1)
    for _ in range(9):
        for name, client in (("ours", store._client), ("now", pymilvus)):
            begun = time.perf_counter()
            client.query(store.version, filter='id == "r0#0"', output_fields=["id"], timeout=9)
            found[name].append(time.perf_counter() - begun)
    assert np.median(found["ours"]) < np.median(found["now"]) / 2, found


def _properties(store: ReviewStore) -> dict[str, str]:
    return dict(store._client.describe_collection(store.version)["properties"])
