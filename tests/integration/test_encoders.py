"""Which encoder a collection is opened with, on the real model and Milvus Lite."""

from __future__ import annotations

from pathlib import Path

import pytest

from reviewlens import Corpus
from reviewlens.encoders import load_encoder
from reviewlens.encoders.model import Model
from reviewlens.encoders.sentence_transformers import SentenceTransformersEncoder
from reviewlens.encoders.sources import find_model
from reviewlens.errors import EncoderError, EncoderMismatch

REVIEWS = """id,text,stars
1,The kettle leaks from the bottom after a week.,1
2,Crunchy crackers with plenty of salt.,5
3,It arrived broken in a crushed box.,2
4,It arrived broken in a crushed box.,1
"""


@pytest.fixture(autouse=True)
def default_encoder_loaded_once() -> None:
    """Here each is loaded anew."""


@pytest.fixture
def reviews(tmp_path: Path) -> Path:
    file = tmp_path / "reviews.csv"
    file.write_text(REVIEWS, encoding="utf-8")
    return file


def test_a_collection_made_with_torch_opens_with_the_graph(reviews: Path, tmp_path: Path) -> None:
    torch = SentenceTransformersEncoder(
        Model(find_model("all-MiniLM-L6-v2").path, name="all-MiniLM-L6-v2"), device="cpu"
    )
    uri = tmp_path / "made.db"
    with Corpus.open(uri, encoder=torch) as corpus:
        corpus.ingest(reviews)
        expected = corpus.search("the kettle drips", 4).matches
    with Corpus.open(uri) as corpus:
        found = corpus.search("the kettle drips", 4).matches
        again = corpus.ingest(reviews)
    assert [match.review_id for match in found] == [match.review_id for match in expected]
    for one, other in zip(found, expected, strict=True):
        assert one.similarity == pytest.approx(other.similarity, abs=1e-5)
    assert (again.unchanged, again.encoded) == (4, 0)


def test_the_same_text_is_encoded_once(reviews: Path, tmp_path: Path) -> None:
    with Corpus.open(tmp_path / "once.db") as corpus:
        report = corpus.ingest(reviews)
        first, second = corpus.search("arrived broken", 2).matches
    assert (report.indexed, report.encoded) == (4, 3)
    assert first.similarity == second.similarity


def test_an_int8_collection_opens_with_its_encoder(reviews: Path, tmp_path: Path) -> None:
    uri = tmp_path / "int8.db"
    with Corpus.open(uri, precision="int8") as corpus:
        assert corpus.ingest(reviews).encoder == "all-MiniLM-L6-v2+int8"
    with Corpus.open(uri) as corpus:
        assert corpus.search("the kettle drips", 1).matches[0].review_id == "1"
        assert corpus.stats().encoder == "all-MiniLM-L6-v2+int8"
    with (
        Corpus.open(uri, precision="fp32") as corpus,
        pytest.raises(EncoderMismatch, match=r"use --encoder all-MiniLM-L6-v2\+int8"),
    ):
        corpus.search("the kettle drips")


def test_an_encoder_that_cannot_be_loaded_is_named_in_the_end(
    reviews: Path, tmp_path: Path
) -> None:
    uri = tmp_path / "made.db"
    with Corpus.open(uri) as corpus:
        corpus.ingest(reviews)
    with (
        Corpus.open(uri, encoder=str(tmp_path / "nowhere")) as corpus,
        pytest.raises(EncoderError, match="There is no model"),
    ):
        corpus.search("the kettle drips")


def test_a_fallback_stands_in_report_and_matches(
    reviews: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*_: object, **__: object) -> None:
        raise RuntimeError("no such operator")

    monkeypatch.setenv("REVIEWLENS_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr("torch.onnx.export", failing)
    uri = tmp_path / "fallback.db"
    with Corpus.open(uri, encoder=load_encoder(device="cpu")) as corpus:
        notes = corpus.ingest(reviews).notes
        assert "runs with torch, which is slower: it cannot be exported" in notes[-1]
    with Corpus.open(uri) as corpus:
        assert corpus.search("kettle", min_similarity=-1).notes == notes[-1:]
