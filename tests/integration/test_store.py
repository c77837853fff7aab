"""What every Milvus must do for the store: one suite, run on each backend."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from pymilvus.exceptions import MilvusException

from fakes import Wrapped, chosen
from milvus_servers import Backend, drop_collections
from reviewlens.errors import CollectionMissing, EncoderMismatch, SchemaMismatch, StoreError
from reviewlens.store import (
    FIELDS,
    Columns,
    Condition,
    Connection,
    Filters,
    PageLimits,
    Pin,
    ReviewStore,
    StoredPassage,
    passage_id,
)

BACKENDS = ("lite", "lite-server", "container-auth")
"""Each kind of Milvus; `test_visibility.py` asks one without authorisation."""
DIMENSION = 16
PIN = Pin("fake", "f" * 64, DIMENSION)


def unit_vectors(count: int, seed: int = 0) -> NDArray[np.float32]:
    vectors = np.random.default_rng(seed).standard_normal((count, DIMENSION), dtype=np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def review(number: int, **fields: object) -> StoredPassage:
    vector = unit_vectors(1, seed=number)[0]
    return StoredPassage(
        review_id=f"r{number}",
        passage=0,
        **{"text": f"text {number}", "original": f"Text {number}", "vector": vector, **fields},  # type: ignore[arg-type]
    )


@pytest.fixture
def fresh(backend: Backend, collection_name: str) -> Iterator[ReviewStore]:
    """A collection of the test's own."""
    with ReviewStore.open(backend.uri, collection_name, token=backend.token, create=True) as store:
        store.create(PIN)
        yield store


@pytest.fixture(scope="module")
def shared() -> Iterator[dict[Backend, str]]:
    """What the collection is called that tests have one after the other, on each server."""
    names: dict[Backend, str] = {}
    yield names
    for backend, name in names.items():
        drop_collections(backend, prefix=name)


@pytest.fixture
def store(backend: Backend, shared: dict[Backend, str]) -> Iterator[ReviewStore]:
    """A collection without rows, for a test that writes rows and notes columns alone.

    A server takes two seconds to make one, so the next test has the same.
    """
    if backend.name == "lite":  # its directory is the test's own
        name = "reviews"
    else:
        name = shared.setdefault(backend, f"test_{uuid.uuid4().hex[:12]}")
    with ReviewStore.open(backend.uri, name, token=backend.token, create=True) as store:
        store.create(PIN)
        yield store
    if backend.name != "lite":
        with ReviewStore.open(backend.uri, name, token=backend.token) as store:
            store.delete(store.passage_ids(Filters()))


def found(store: ReviewStore, **arguments: object) -> list[str]:
    """The review ids that a filter lets through, by way of query and search alike."""
    filters = chosen(**arguments)  # type: ignore[arg-type]
    ids = [key.removesuffix("#0") for key in store.passage_ids(filters)]
    hits = store.search(unit_vectors(1), 100, filters)[0]
    assert sorted(hit.passage.review_id for hit in hits) == ids
    return ids


def test_passage_comes_back_as_it_went_in(store: ReviewStore) -> None:
    given_ = review(
        1,
        content_hash="h",
        title="Ünïcödé 🎧",
        product='a "quoted" \\ name',
        author="ann",
        source="shop",
        language="de",
        rating=3.7,
        rating_given=7.0,
        time=1_351_123_200_123,
        tokens=5,
        tokens_embedded=4,
        tokens_unknown=1,
        cluster=12,
        cluster_confidence=0.5,
        extra={"city": "Paris", "delay": "3", "#odd": "5", "empty": "", "Flight Class": 'Econ "X"'},
    )
    store.upsert([given_])
    back = store.get([passage_id("r1", 0)], FIELDS)["r1#0"]
    assert np.array_equal(back.vector, given_.vector)
    for name in FIELDS:
        if name not in ("id", "vector"):
            assert getattr(back, name) == getattr(given_, name), name


def test_absent_values_come_back_as_none(store: ReviewStore) -> None:
    store.upsert([review(1)])
    back = store.get(["r1#0"], FIELDS)["r1#0"]
    assert (back.rating, back.rating_given, back.time) == (None, None, None)


def test_upsert_replaces_by_id(store: ReviewStore) -> None:
    store.upsert([review(1, product="old"), review(2)])
    store.upsert([review(1, product="new")])
    assert store.count() == 2
    assert store.heads(["r1"], ("product",))["r1"].product == "new"


def test_deleted_passages_are_gone_at_once(store: ReviewStore) -> None:
    store.upsert([review(number) for number in range(5)])
    store.delete(["r1#0", "r3#0", "never#0"])
    assert found(store) == ["r0", "r2", "r4"]


@pytest.mark.parametrize("id_", ["it's", "back\\slash", "a','r1", "'] or id != '' or id in ['"])
def test_only_the_passage_of_that_key_is_deleted(store: ReviewStore, id_: str) -> None:
    store.upsert([review(1), review(2), replace(review(3), review_id=id_)])
    store.delete([f"{id_}#0"])
    assert found(store) == ["r1", "r2"]


def test_all_passages_of_some_reviews_come_in_one_answer(store: ReviewStore) -> None:
    vector = unit_vectors(1)[0]
    ids = ["a", "a#1", 'say "hi" \\', "absent", "é" * 100]
    store.upsert(
        StoredPassage(
            review_id=id_, passage=number, content_hash=f"{id_[:9]}.{number}", vector=vector
        )
        for id_ in (*ids, "other")
        for number in range(3)
        if id_ != "absent"
    )
    rows = store.passages(ids, ("content_hash", "time"))
    assert sorted((row.review_id, row.passage, row.content_hash) for row in rows) == sorted(
        (id_, number, f"{id_[:9]}.{number}")
        for id_ in ids
        if id_ != "absent"
        for number in range(3)
    )
    assert {row.time for row in rows} == {None}
    assert store.passages([], ("time",)) == store.passages(["absent"], ("time",)) == []


@pytest.mark.backends("lite", "container-auth")
def test_more_passages_than_a_server_s_window_come_in_one_answer(fresh: ReviewStore) -> None:
    vector = unit_vectors(1)[0]
    fresh.upsert(StoredPassage(review_id=f"r{n}", passage=0, vector=vector) for n in range(17_000))
    assert len(fresh.passages([f"r{n}" for n in range(20_000)], ("content_hash",))) == 17_000
    assert len(fresh.passage_ids(Filters())) == 17_000


def test_search_gives_cosine_nearest_first(store: ReviewStore) -> None:
    store.upsert([review(number) for number in range(50)])
    query = unit_vectors(1, seed=7)
    hits = store.search(query, 5)[0]
    assert hits[0].passage.review_id == "r7"
    assert hits[0].similarity == pytest.approx(1.0, abs=1e-5)
    everything = np.stack([unit_vectors(1, seed=number)[0] for number in range(50)])
    expected = np.sort(everything @ query[0])[::-1][:5]
    assert [hit.similarity for hit in hits] == pytest.approx(expected.tolist(), abs=1e-5)


def test_search_answers_many_queries_in_order(store: ReviewStore) -> None:
    store.upsert([review(number) for number in range(20)])
    queries = np.stack([unit_vectors(1, seed=number)[0] for number in (3, 11, 5)])
    answers = store.search(queries, 1)
    assert [hits[0].passage.review_id for hits in answers] == ["r3", "r11", "r5"]


def test_filters_match_what_they_say(store: ReviewStore) -> None:
    day = 86_400_000
    store.remember(Columns(("city", "delay"), {"Produkt": "product"}), {})
    store.upsert(
        [
            review(0, rating=1.0, rating_given=2.0, time=0, product="lamp", language="en",
                   extra={"city": "Paris", "delay": "3"}),
            review(1, rating=3.7, rating_given=7.5, time=day, product="kettle", source="app",
                   extra={"city": "Rome", "delay": "10"}),
            review(2, rating=5.0, time=2 * day - 1, product="lamp", cluster=12,
                   extra={"city": "Paris, TX", "delay": "late"}),
            review(3, product="purifier"),
        ]
    )  # fmt: skip
    assert found(store) == ["r0", "r1", "r2", "r3"]
    assert found(store, rating="1..3.7") == ["r0", "r1"]
    assert found(store, rating="..2") == ["r0"]
    assert found(store, rating="4..") == ["r2"]
    assert found(store, rating=3.7) == ["r1"]
    assert found(store, since="1970-01-02") == ["r1", "r2"]
    assert found(store, until="1970-01-01") == ["r0"]
    assert found(store, until="1970-01-02") == ["r0", "r1", "r2"]
    assert found(store, since="1970-01-02T00:00:01") == ["r2"]
    assert found(store, product="lamp") == ["r0", "r2"]
    assert found(store, product=["lamp", "kettle"], source="app") == ["r1"]
    assert found(store, language="en") == ["r0"]
    assert found(store, cluster=12) == ["r2"]
    assert found(store, review_ids=["r3", "r1"]) == ["r1", "r3"]
    assert found(store, where="city=Paris") == ["r0"]
    assert found(store, where="city=Paris,Rome") == ["r0", "r1"]
    assert found(store, where=r"city=Paris\, TX") == ["r2"]
    assert found(store, where="city!=Paris") == ["r1", "r2", "r3"]
    assert found(store, where="city!=Paris,Rome") == ["r2", "r3"]
    assert found(store, where="delay>=3") == ["r0", "r1"]
    assert found(store, where="delay>3") == ["r1"]
    assert found(store, where="delay=3.0") == ["r0"]
    assert found(store, where="delay=late") == ["r2"]
    assert found(store, where="delay!=3") == ["r1", "r2", "r3"]
    assert found(store, where="delay!=3,late") == ["r1", "r3"]
    assert found(store, where="delay<5") == ["r0"]
    assert found(store, where="Produkt=lamp") == ["r0", "r2"]
    assert found(store, where="product!=lamp") == ["r1", "r3"]
    assert found(store, where="rating_given>=2") == ["r0", "r1"]
    assert found(store, where="rating_given<2") == []
    assert found(store, where="rating_given!=2") == ["r1", "r2", "r3"]
    assert found(store, where="cluster=12") == ["r2"]
    assert found(store, where="cluster<11.5") == ["r0", "r1", "r3"]
    assert found(store, where=["delay>=3", "city=Rome"]) == ["r1"]
    for name in ("product", "source", "language", "cluster", "review_ids"):
        assert found(store, **{name: []}) == [], name
        assert found(store, **{name: None}, rating="..2") == ["r0"], name
    assert found(store, where=[], rating="..2") == ["r0"]


HOSTILE = (
    '" or 1==1 or "', "'", '"', "\\", '\\"', "\\\\", "\n", "\r\n", "\t", "100 %", "%", "_", "%s",
    "🎧💥", "a\nb", "{x}", "$meta", "\u2028", "\u00a0", "null", "true", "0", '[""]', "*", "é",
    "e\u0301",
)  # fmt: skip


def test_hostile_values_match_only_themselves(store: ReviewStore) -> None:
    store.remember(Columns(("note",)), {})
    store.upsert(
        [
            review(number, product=value, extra={"note": value})
            for number, value in enumerate(HOSTILE)
        ]
    )
    for number, value in enumerate(HOSTILE):
        product = chosen(product=[value])
        note = Filters(where=(Condition("note", "=", (value,)),))
        for filters in (product, note):
            assert store.passage_ids(filters) == [f"r{number}#0"], (value, filters)


_texts = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0")
    | st.sampled_from("\"'\\%\n,"),
    min_size=1,
    max_size=40,
)


@settings(
    max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(values=st.lists(_texts, min_size=2, max_size=30, unique=True))
def test_any_text_matches_only_itself(store: ReviewStore, values: list[str]) -> None:
    store.remember(Columns(("note", 'odd "column" \\ =')), {})
    rows = [
        review(number, product=value, extra={"note": value, 'odd "column" \\ =': value})
        for number, value in enumerate(values)
    ]
    store.delete(store.passage_ids(Filters()))
    store.upsert(rows)
    for number, value in enumerate(values[:6]):
        for filters in (
            chosen(product=[value]),
            Filters(where=(Condition("note", "=", (value,)),)),
            Filters(where=(Condition('odd "column" \\ =', "=", (value,)),)),
        ):
            ids = [key.removesuffix("#0") for key in store.passage_ids(filters)]
            # "3" and "3.0" are one number, and are found by either.
            same = [f"r{n}" for n, other in enumerate(values) if _equal(other, value)]
            assert ids == sorted(same) if filters.where else ids == [f"r{number}"]


def _equal(one: str, other: str) -> bool:
    from reviewlens.store.schema import as_number

    return one == other or (as_number(one) is not None and as_number(one) == as_number(other))


def test_count_is_of_what_matches(store: ReviewStore) -> None:
    store.upsert([review(number, product="lamp") for number in range(7)])
    store.upsert([StoredPassage(review_id="r0", passage=1, vector=unit_vectors(1)[0])])
    assert store.count() == 7
    assert store.count(base="") == 8
    assert store.count(chosen(product="kettle")) == 0


def test_scan_pages_are_ordered_and_whole(store: ReviewStore) -> None:
    store.page_limits = PageLimits(rows=7)
    store.upsert([review(number) for number in range(40)])
    pages = [[row.review_id for row in page] for page in store.scan(("vector",))]
    assert [len(page) for page in pages] == [7, 7, 7, 7, 7, 5]
    ids = [review_id for page in pages for review_id in page]
    assert ids == sorted(f"r{number}" for number in range(40))


class Answers(Wrapped):
    """A store's client, which keeps how many rows were in each answer, and refuses large ones."""

    def __init__(self, store: ReviewStore, most: int = 1_000_000) -> None:
        super().__init__(store._client)
        self.most = most
        self.rows: list[int] = []

    def query(self, *asked: Any, **options: Any) -> list[Any]:
        rows: list[Any] = self.inner.query(*asked, **options)
        self.rows.append(len(rows))
        if len(rows) > self.most:
            raise MilvusException(message="query results exceed the limit size : internal error")
        return rows


def test_pages_are_as_large_as_the_rows_that_were_seen_allow(store: ReviewStore) -> None:
    store.page_limits = PageLimits(first_rows=5, rows=20, bytes=12_000)
    store.upsert([review(number, text="é" * 500 * (number > 60)) for number in range(10, 99)])
    keys = [f"r{number}#0" for number in range(10, 100)]
    answers = store._client = Answers(store)
    pages = list(store.pages(keys, ("text", "product")))
    assert [row.review_id for page in pages for row in page] == [key[:-2] for key in keys[:-1]]
    assert [len(page) for page in pages] == answers.rows
    assert answers.rows == [5, 20, 20, 20, 14, 10, 0]  # the last key is of nothing
    answers.rows.clear()
    assert len(store.get(keys, ("product", "rating"))) == 89  # of short fields alone
    assert answers.rows == [20, 20, 20, 20, 9]


def test_answer_that_is_too_large_is_asked_for_in_parts(store: ReviewStore) -> None:
    store.upsert([review(number) for number in range(10, 30)])
    answers = store._client = Answers(store, most=6)
    keys = [f"r{number}#0" for number in range(10, 30)]
    (page,) = store.pages(keys, ("text",))
    assert [row.review_id for row in page] == [key[:-2] for key in keys]
    assert answers.rows == [20, 10, 5, 5, 10, 5, 5]
    answers.most = 0
    with pytest.raises(StoreError, match="exceed the limit size"):
        list(store.pages(keys[:2], ("text",)))


def test_count_is_of_reviews_that_are_whole_whatever_was_written_before(fresh: ReviewStore) -> None:
    def passage(review_id: str, number: int) -> StoredPassage:
        return StoredPassage(review_id=review_id, passage=number, vector=unit_vectors(1)[0])

    assert fresh.count() == 0
    fresh.upsert([passage(id_, number) for id_ in "abcd" for number in range(3)])
    fresh.upsert([passage("headless", 1), passage("headless", 2)])  # as an interrupted ingest does
    fresh.upsert([passage("a", number) for number in range(5)])
    fresh.settle()
    fresh.delete(["b#0", "b#1", "b#2", "c#2", "d#0"])
    fresh.upsert([passage("e", 0), passage("a", 0)])
    assert fresh.count() == len(fresh.passage_ids(Filters(), base="passage == 0")) == 3
    fresh.settle()
    assert fresh.count() == 3


def test_collection_is_an_alias(store: ReviewStore, backend: Backend) -> None:
    with Connection(backend.uri, token=backend.token) as connection:
        found_ = connection.client.describe_alias(store.name)
    assert found_["collection_name"] == f"{store.name}_v1"


def test_reopened_collection_knows_what_it_is_bound_to(
    fresh: ReviewStore, backend: Backend
) -> None:
    columns = Columns(("city", "Größe"), {"Produkt": "product"})
    fresh.remember(columns, {"shop": (1.0, 5.0)})
    fresh.remember(Columns(("version",)), {"app": (0.0, 10.0)})
    fresh.upsert([review(1)])
    fresh.settle()
    fresh.close()
    with ReviewStore.open(backend.uri, fresh.name, token=backend.token) as again:
        assert again.pin == PIN
        assert again.columns == Columns(("city", "Größe", "version"), {"Produkt": "product"})
        assert again.scales == {"shop": (1.0, 5.0), "app": (0.0, 10.0)}
        assert again.count() == 1


def test_another_encoder_is_refused_with_both_names(store: ReviewStore) -> None:
    with pytest.raises(EncoderMismatch, match=r"encoder fake \(f+\), not with other \(0+\)"):
        store.create(Pin("other", "0" * 64, DIMENSION))


def test_interrupted_making_is_completed(backend: Backend, collection_name: str) -> None:
    with ReviewStore.open(backend.uri, collection_name, token=backend.token, create=True) as store:
        store.create(PIN)
        # What a kill between the collection and its alias leaves.
        store._client.drop_alias(collection_name)
    with ReviewStore.open(backend.uri, collection_name, token=backend.token, create=True) as store:
        assert not store.exists
        store.create(PIN)
        store.upsert([review(1)])
        assert found(store) == ["r1"]


def test_reviews_whose_name_is_lost_are_not_removed(fresh: ReviewStore, backend: Backend) -> None:
    fresh.upsert([review(1)])
    fresh._client.drop_alias(fresh.name)
    place = (backend.uri, fresh.name)
    with ReviewStore.open(*place, token=backend.token, create=True) as again:
        with pytest.raises(StoreError, match=f"{fresh.name}_v1, but the name .* is lost"):
            again.create(PIN)
        again._client.create_alias(f"{fresh.name}_v1", fresh.name)
    with ReviewStore.open(*place, token=backend.token) as again:
        assert found(again) == ["r1"]


def test_dropping_interrupted_before_its_end_is_completed(
    fresh: ReviewStore, backend: Backend
) -> None:
    fresh.upsert([review(1)])
    fresh.keep({"dropped": "yes"})
    fresh._client.drop_alias(fresh.name)
    with ReviewStore.open(backend.uri, fresh.name, token=backend.token, create=True) as again:
        again.create(PIN)
        assert again.count() == 0


def test_collection_of_another_program_is_not_removed(
    backend: Backend, collection_name: str
) -> None:
    theirs = f"{collection_name}_v1"
    with ReviewStore.open(backend.uri, collection_name, token=backend.token, create=True) as store:
        store._client.create_collection(theirs, dimension=4)
        with pytest.raises(SchemaMismatch, match="was not made by reviewlens"):
            store.create(PIN)
        assert store._client.has_collection(theirs)


def test_making_interrupted_before_the_schema_was_there_is_completed(lite_path: Path) -> None:
    # What a kill within Milvus Lite's making of a collection leaves, or within its dropping.
    (lite_path / "collections" / "reviews_v1").mkdir(parents=True)
    (lite_path / "collections" / "reviews_v1" / "schema.json.tmp").touch()
    with ReviewStore.open(str(lite_path), "reviews", create=True) as store:
        assert not store.exists
        store.create(PIN)
        store.upsert([review(1)])
        assert found(store) == ["r1"]


def test_missing_collection_is_named_with_the_others(store: ReviewStore, backend: Backend) -> None:
    with pytest.raises(CollectionMissing, match=f"no collection 'nosuch'.*{store.name}"):
        ReviewStore.open(backend.uri, "nosuch", token=backend.token)


def test_foreign_collection_is_refused(backend: Backend, collection_name: str) -> None:
    with Connection(backend.uri, token=backend.token, create=True) as connection:
        connection.client.create_collection(collection_name, dimension=4)
    with pytest.raises(SchemaMismatch, match="not made by reviewlens"):
        ReviewStore.open(backend.uri, collection_name, token=backend.token, create=True)


def test_a_collection_with_a_spoilt_property_is_refused_until_it_is_given_back(
    fresh: ReviewStore, backend: Backend
) -> None:
    fresh.remember(Columns(("city",), {}), {"shop": (1.0, 5.0)})
    right = fresh.properties
    for key in ("schema", "dimension", "encoder", "columns", "scales"):
        fresh.keep({key: "spoilt" if key != "encoder" else ""})
        with pytest.raises(SchemaMismatch, match=f"the property reviewlens.{key} is '"):
            ReviewStore.open(backend.uri, fresh.name, token=backend.token)
        fresh.keep({key: right[key]})
    with ReviewStore.open(backend.uri, fresh.name, token=backend.token) as again:
        assert again.properties == right


def test_dropped_collection_can_be_made_again(fresh: ReviewStore) -> None:
    fresh.upsert([review(1)])
    fresh.drop()
    assert not fresh.exists
    fresh.create(PIN)
    assert fresh.count() == 0


def test_large_rows_are_split_over_requests(store: ReviewStore) -> None:
    text = "é" * 32_000  # 64,000 bytes
    store.upsert([review(number, text=text, original=text) for number in range(70)])
    assert store.count() == 70


@pytest.mark.backends("lite", "container-auth")
def test_recall_against_exact_is_high(fresh: ReviewStore) -> None:
    vectors = unit_vectors(5_000, seed=99)
    fresh.upsert(
        StoredPassage(review_id=f"{number:05d}", passage=0, vector=vector)
        for number, vector in enumerate(vectors)
    )
    fresh.settle()
    queries = unit_vectors(50, seed=100)
    exact = np.sort(queries @ vectors.T, axis=1)[:, ::-1][:, :10]
    answers = fresh.search(queries, 10)
    # By similarity, not by id: of rows that tie, any will do.
    near = sum(
        hit.similarity >= worst - 1e-5
        for hits, worst in zip(answers, exact[:, -1], strict=True)
        for hit in hits
    )
    assert near / exact.size >= 0.99
