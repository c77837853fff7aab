from __future__ import annotations

import random
import tracemalloc
from collections.abc import Sequence
from dataclasses import dataclass, field

from reviewlens.ingest.stored import StoredReviews, hashes
from reviewlens.store import StoredPassage


@dataclass
class Answers:
    """A store that holds some passages, and counts what it is asked."""

    rows: list[StoredPassage] = field(default_factory=list)
    exists: bool = True
    requests: int = 0

    def passages(self, review_ids: Sequence[str], fields: Sequence[str]) -> list[StoredPassage]:
        self.requests += 1
        wanted = set(review_ids)
        return [row for row in self.rows if row.review_id in wanted]


def passage(review_id: str, number: int = 0, content_hash: str = "e.f") -> StoredPassage:
    return StoredPassage(review_id=review_id, passage=number, content_hash=content_hash)


def test_passages_are_told_by_number_with_their_hashes() -> None:
    store = Answers([passage("a", 1, "x.y"), passage("a", 0), passage("b"), passage("c")])
    stored = StoredReviews(store)  # type: ignore[arg-type]
    heads = stored.read(["a", "b", "new"])
    assert heads == {"a": store.rows[1], "b": store.rows[2]}
    assert stored.passages(["b", "new", "a"]) == [
        {0: hashes("e.f")},
        {},
        {0: hashes("e.f"), 1: hashes("x.y")},
    ]
    assert store.requests == 1


def test_hashes_differ_in_the_part_that_differs() -> None:
    assert hashes("a.b")[0] == hashes("a.c")[0]
    assert hashes("a.b")[1] != hashes("a.c")[1]
    assert hashes("b.b")[0] != hashes("a.b")[0]
    assert hashes("b.b")[1] == hashes("a.b")[1]


def test_index_agrees_with_a_plain_dictionary() -> None:
    source = random.Random(3)
    plain: dict[str, dict[int, str]] = {}
    for number in range(3_000):
        numbers = source.sample(range(12), source.choice([0, 1, 1, 1, 2, 5]))
        plain[f"r{number}"] = {number: f"{source.random()}.{source.random()}" for number in numbers}
    store = Answers(
        [passage(id_, number, text) for id_, held in plain.items() for number, text in held.items()]
    )
    source.shuffle(store.rows)
    stored = StoredReviews(store)  # type: ignore[arg-type]
    ids = list(plain)
    for start in range(0, len(ids), 700):
        stored.read(ids[start : start + 700])
    source.shuffle(ids)
    assert stored.passages(ids) == [
        {number: hashes(text) for number, text in plain[id_].items()} for id_ in ids
    ]


def test_what_the_run_wrote_is_seen_for_an_id_that_comes_twice() -> None:
    stored = StoredReviews(Answers([passage("a", number) for number in range(3)]))  # type: ignore[arg-type]
    stored.read(["a", "b", "c"])
    stored.read(["a", "b"])
    for review_id in ("a", "b", "c"):
        stored.note(review_id, 2, hashes("new.f"))
    now = {0: hashes("new.f"), 1: hashes("new.f")}
    assert stored.passages(["a", "b"]) == [now, now]
    assert stored.passages(["c"]) == [{}]  # comes once: nothing need be remembered of it


def test_where_there_is_no_collection_nothing_is_asked() -> None:
    missing = Answers([passage("a")], exists=False)
    for store in (None, missing):
        stored = StoredReviews(store)  # type: ignore[arg-type]
        assert stored.read(["a"]) == {}
        assert stored.passages(["a"]) == [{}]
    assert missing.requests == 0
    assert StoredReviews(None).passages(["never read"]) == [{}]


def test_a_passage_takes_about_forty_bytes() -> None:
    count = 20_000
    store = Answers(
        [passage(f"review-{number}", 0, f"{number}.{number}") for number in range(count)]
    )
    stored = StoredReviews(store)  # type: ignore[arg-type]
    tracemalloc.start()
    try:
        stored.read([row.review_id for row in store.rows])
        stored.passages(["review-1"])
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert held < 48 * count
