"""A slice of the corpus: what is stored comes back as rows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from fakes import FakeEncoder
from milvus_servers import Backend
from reviewlens import Corpus
from reviewlens.errors import FilterError, TooFewReviews
from reviewlens.store import ReviewStore

LONG = "The kettle leaks. " * 30 + "The box was crushed. " * 30
REVIEWS = f"""id,title,text,stars,date,product,author,city
1,Leaks,<b>Wet</b> &amp; loud,2,2024-03-05,Kettle,ann,Paris
2,,{LONG},,,Kettle,bob,Rome
3,,Crunchy crackers,5,2025-01-01,Crackers,ann,
"""


@pytest.fixture
def corpus(backend: Backend, collection_name: str, tmp_path: Path) -> Iterator[Corpus]:
    file = tmp_path / "reviews.csv"
    file.write_text(REVIEWS, encoding="utf-8")
    with Corpus.open(
        backend.uri,
        collection=collection_name,
        token=backend.token,
        encoder=FakeEncoder(dimension=64, window=60),
    ) as corpus:
        corpus.ingest(file)
        yield corpus


def test_a_slice_holds_what_was_ingested(corpus: Corpus) -> None:
    found = corpus.slice()
    assert found.ids == ("1", "2", "3")
    assert found.texts[0] == "Wet & loud"
    assert found.titles == ("Leaks", "", "")
    assert found.products == ("Kettle", "Kettle", "Crackers")
    assert found.authors == ("ann", "bob", "ann")
    assert found.stars.tolist()[::2] == [2.0, 5.0]
    assert np.isnan(found.stars[1])
    assert np.isnat(found.times[1])
    assert found.times[0] == np.datetime64("2024-03-05")
    assert [extra["city"] for extra in found.extra] == ["Paris", "Rome", ""]
    assert np.linalg.norm(found.vectors, axis=1) == pytest.approx(1, abs=1e-6)
    quote = found.quote(0)
    assert (quote.review_id, quote.stars, quote.time) == ("1", 2.0, "2024-03-05T00:00:00Z")
    assert (found.quote(1).stars, found.quote(1).time) == (None, None)
    assert found.take(np.array([2, 0])).ids == ("3", "1")


def test_a_long_review_has_the_mean_of_its_passages(corpus: Corpus) -> None:
    found = corpus.slice()
    store = corpus._session.required()
    keys = store.passages_of(["2"])["2"]
    passages = store.get(keys, ("vector", "tokens"))
    assert len(keys) > 2
    mean = np.mean([passages[key].vector for key in keys], axis=0)
    assert found.vectors[1] == pytest.approx(mean / np.linalg.norm(mean), abs=1e-5)
    assert found.tokens[1] == sum(passages[key].tokens for key in keys)


def test_filters_choose_the_slice_and_too_few_are_refused(corpus: Corpus) -> None:
    assert corpus.where(product=["Kettle"]).slice().ids == ("1", "2")
    assert len(corpus.where(rating="3..3").slice()) == 0
    with pytest.raises(TooFewReviews, match=r"1 review matches the filters, too few for a test"):
        corpus.where(product=["Crackers"]).slice(fewest=2, purpose="a test")
    with pytest.raises(TooFewReviews, match=r"3 reviews are stored, .* ingest more"):
        corpus.slice(fewest=4, purpose="a test")
    with pytest.raises(FilterError):
        corpus.where("nowhere=1").slice()


def test_passages_without_a_first_one_are_no_review(corpus: Corpus) -> None:
    store: ReviewStore = corpus._session.required()
    store.delete(["2#0"])
    assert corpus.slice().ids == ("1", "3")


def test_what_was_written_into_texts_is_known_with_them(
    backend: Backend, collection_name: str, tmp_path: Path
) -> None:
    header, row = "stars,pros,cons,headline", "4,quiet motor,heavy lid,Fine"
    file = tmp_path / "sides.csv"
    file.write_text(f"{header}\n{row}\n", encoding="utf-8")
    template = "{headline}. Good: {pros} Bad: {cons}"
    with Corpus.open(
        backend.uri,
        collection=collection_name,
        token=backend.token,
        encoder=FakeEncoder(dimension=64, window=60),
    ) as corpus:
        corpus.ingest(file, source="marked")
        corpus.ingest(file, source="templated", text_template=template)
        corpus.ingest(file, source="named", columns={"text": ["cons", "stars"]})
        found = corpus.slice()
        by_source = {name: found.said(row) for row, name in enumerate(found.sources)}
        fixed = dict(zip(found.sources, found.fixed, strict=True))
        report = corpus.ingest(file, source="marked")
    assert (report.unchanged, report.columns["text"]) == (1, "pros, cons")
    assert fixed == {"marked": ("Pros:", "Cons:"), "templated": ("Good:", "Bad:"), "named": ()}
    assert by_source["marked"].split() == ["quiet", "motor", "heavy", "lid"]
    assert by_source["templated"].split() == ["Fine.", "quiet", "motor", "heavy", "lid"]
    assert by_source["named"].split() == ["heavy", "lid", "4"]
