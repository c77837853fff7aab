"""Facets and lists of reviews: on a real Milvus, they count and list what the filters leave."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fakes import FakeEncoder, chosen
from milvus_servers import Backend
from reviewlens import Corpus
from reviewlens.errors import CollectionMissing, FilterError

LONG = "The kettle leaks. " * 30
REVIEWS = f"""id,text,stars,date,product,city
a/1,Wet and loud,2,2024-03-05,Kettle,Paris
b#2,{LONG},,,Kettle,Rome
c~3,رائع جدا,5,2025-01-01,,
"""


@pytest.fixture
def corpus(backend: Backend, collection_name: str, tmp_path: Path) -> Iterator[Corpus]:
    file = tmp_path / "reviews.csv"
    file.write_text(REVIEWS, encoding="utf-8")
    with Corpus.open(
        backend.uri,
        collection=collection_name,
        token=backend.token,
        encoder=FakeEncoder(dimension=16, window=40),
    ) as corpus:
        corpus.ingest(file)
        yield corpus


def test_what_is_stored_is_listed(corpus: Corpus) -> None:
    found = corpus.reviews()
    assert [one.review_id for one in found.reviews] == ["c~3", "a/1", "b#2"]
    assert (found.total, len(found)) == (3, 3)
    first = found.reviews[0]
    assert (first.text, first.rating, first.time) == ("رائع جدا", 5.0, "2025-01-01T00:00:00Z")
    assert found.reviews[2].text == LONG
    assert found.reviews[1].extra == {"city": "Paris"}
    assert [
        one.review_id for one in corpus.where(ids=["b#2", "nobody", "a/1"]).reviews().reviews
    ] == [
        "a/1",
        "b#2",
    ]
    assert corpus.where("city=Rome").reviews().reviews == (found.reviews[2],)
    assert corpus.reviews(n=0).total == 3
    assert len(found.to_frame()) == 3


@pytest.mark.backends("lite", "container-auth")
def test_what_changes_is_counted_anew(corpus: Corpus, tmp_path: Path) -> None:
    assert [(one.value, one.count) for one in corpus.facets().products] == [("Kettle", 2), ("", 1)]
    more = tmp_path / "more.csv"
    more.write_text("id,text,product\nd,New,Lamp\n", encoding="utf-8")
    corpus.ingest(more)
    assert corpus.facets().total == 4
    corpus.delete("b#2")
    assert [(one.value, one.count) for one in corpus.facets().products] == [
        ("Kettle", 1),
        ("Lamp", 1),
        ("", 1),
    ]
    corpus.delete(everything=True)
    with pytest.raises(CollectionMissing):
        corpus.facets()
    corpus.ingest(more)
    assert corpus.facets().total == 1


def test_a_filter_that_cannot_be_read_is_refused(corpus: Corpus) -> None:
    with pytest.raises(FilterError, match="ctiy"):
        corpus.where("ctiy=Rome").facets()


FILTERS: list[dict[str, Any]] = [
    {},
    {"rating": "2..4"},
    {"rating": "..1.44444", "source": "app-survey"},
    {"since": "2025-06", "until": "2026-01"},
    {"until": "2025", "language": ["de", "fr", ""]},
    {"product": ["Ovandil Halo Lamp", "Fennolt Daypack 24L"], "rating": "4..", "since": "2025"},
    {"where": "country=DE", "language": "de"},
    {"rating": "9"},
]


@pytest.fixture(scope="module")
def sample(sample_path: Path) -> Iterator[Corpus]:
    with Corpus.open(sample_path) as corpus:
        yield corpus


@pytest.mark.parametrize("filters", FILTERS)
def test_each_count_is_what_that_choice_would_find(sample: Corpus, filters: dict[str, Any]) -> None:
    """The counts in memory and Milvus, asked for each value: two roads to one answer."""
    found = sample.only(chosen(**filters)).facets()
    assert found.total == sample.size()
    assert (
        found.reviews
        == sample.only(chosen(**filters)).size()
        == sample.only(chosen(**filters)).reviews(n=0).total
    )
    listed = {
        "product": found.products,
        "source": found.sources,
        "language": found.languages,
        "rating": [one for one in found.stars if one.value],
    }
    for name, values in listed.items():
        for one in values:
            wanted: dict[str, Any] = {**filters, name: one.value}
            assert sample.only(chosen(**wanted)).size() == one.count, (name, one)
    others = {name: value for name, value in filters.items() if name not in ("since", "until")}
    dated = [one for one in found.months if one.value]
    for month in dated[:: max(1, len(dated) // 4)]:
        assert (
            sample.only(chosen(since=month.value, until=month.value, **others)).size()
            == month.count
        )
    every = sum(one.count for one in found.months)
    assert every == sample.only(chosen(**others)).size()
