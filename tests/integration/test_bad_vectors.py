"""Vectors that cannot be used: refused before they are stored, and mended where they were."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from fakes import FakeEncoder
from reviewlens import Corpus
from reviewlens.errors import EncoderError, StoreError
from reviewlens.store import FIELDS, ReviewStore

BACKENDS = ("lite",)
ROWS = [f"r{number},Lamp number {number} is bright.,{number % 5 + 1}" for number in range(12)]


class Stumbling(FakeEncoder):
    """Gives nonsense for texts with a word.

    Attributes:
        word: The word; empty for none.
    """

    def __init__(self, word: str = "", factor: float = np.nan) -> None:
        super().__init__(dimension=16, name="stumbling")
        self.word, self._factor = word, factor

    def encode_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        vectors = super().encode_documents(texts)
        for row, text in enumerate(texts):
            if self.word and self.word in text:
                vectors[row] *= self._factor
        return vectors


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "reviews.csv"
    path.write_text("\n".join(["id,text,stars", *ROWS]), encoding="utf-8")
    return path


def spoil(database: Path, *review_ids: str) -> None:
    """Put vectors into a collection as earlier versions did, which did not look at them."""
    with ReviewStore.open(str(database)) as store:
        rows = store.get([f"{name}#0" for name in review_ids], FIELDS)
        store._check_vectors = lambda rows: None  # type: ignore[method-assign]
        store.upsert(
            replace(row, vector=np.full(16, np.nan if place % 2 else 0.5, dtype=np.float32))
            for place, row in enumerate(rows.values())
        )
        store.keep({"vectors": ""})
        store.settle()


def vectors(database: Path) -> NDArray[np.float32]:
    with ReviewStore.open(str(database)) as store:
        return np.stack([row.vector for page in store.scan(("vector",)) for row in page])


@pytest.mark.parametrize("factor", [np.nan, np.inf, 2.0, 0.0])
def test_a_review_that_cannot_be_embedded_is_named_and_not_stored(
    lite_path: Path, file: Path, factor: float
) -> None:
    encoder = Stumbling("number 7", factor)
    with Corpus.open(lite_path, encoder=encoder) as corpus:
        with pytest.raises(EncoderError, match=r"stumbling gave a vector.*the review 'r7'"):
            corpus.ingest(file)
        assert corpus.size() == 0
        encoder.word = ""
        assert corpus.ingest(file).indexed == len(ROWS)
        encoder.word = "nonsense"
        for ask in (corpus.search, corpus.count_matches):
            with pytest.raises(EncoderError, match="'nonsense about lamps'"):
                ask("nonsense about lamps")


def test_an_ingest_of_nothing_new_mends_what_an_earlier_version_stored(
    lite_path: Path, file: Path
) -> None:
    encoder = Stumbling()
    with Corpus.open(lite_path, encoder=encoder) as corpus:
        corpus.ingest(file)
    right = vectors(lite_path)
    spoil(lite_path, "r3", "r8")
    with Corpus.open(lite_path, encoder=encoder) as corpus:
        with pytest.raises(StoreError, match=r"'r(3|8)'.*reindex"):
            corpus.slice()
        before = encoder.encoded
        report = corpus.ingest(file)
        assert (report.unchanged, encoder.encoded - before) == (len(ROWS), 2)
        assert any("2 stored passages" in note for note in report.notes)
        # It is done once.
        assert not any("passages" in note for note in corpus.ingest(file).notes)
    assert np.allclose(vectors(lite_path), right, atol=1e-6)


def test_reindex_mends_and_copy_refuses_with_that_cure(
    lite_path: Path, file: Path, tmp_path: Path
) -> None:
    with Corpus.open(lite_path, encoder=Stumbling()) as corpus:
        corpus.ingest(file)
    right = vectors(lite_path)
    spoil(lite_path, "r1", "r2")
    with Corpus.open(lite_path, encoder=Stumbling()) as corpus:
        with pytest.raises(StoreError, match=r"'r(1|2)#0' has a vector.*reindex"):
            corpus.copy(tmp_path / "copy.db")
        corpus.reindex(grace=0)
        assert corpus.copy(tmp_path / "copy.db").reviews == len(ROWS)
    assert np.allclose(vectors(lite_path), right, atol=1e-6)
    assert np.allclose(vectors(tmp_path / "copy.db"), right, atol=1e-6)


def test_a_vector_of_another_length_is_not_stored(lite_path: Path, file: Path) -> None:
    with Corpus.open(lite_path, encoder=Stumbling()) as corpus:
        corpus.ingest(file)
        store = corpus._session.required()
        row = store.get(["r1#0"], FIELDS)["r1#0"]
        for wrong in (row.vector[:8], row.vector * 3):  # type: ignore[index,operator]
            with pytest.raises(StoreError, match="'r1#0' has a vector of"):
                store.upsert([replace(row, vector=wrong)])
