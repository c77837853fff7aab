"""The sentence of a passage that says what a query says."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from fakes import FakeEncoder
from reviewlens.encoders import Encoder
from reviewlens.search.sentences import SHORT, matching_sentences
from reviewlens.store import StoredPassage

KETTLE = "The kettle leaks. It boils water in two minutes. The box was crushed."
LEAKS = "The kettle leaks, out of its spout and over whatever is below it."
BOILS = "It boils water in two minutes, as fast as the one that we had before."
CRUSHED = "The box was crushed, in each of its corners and along the whole lid."
LONG = f"{LEAKS} {BOILS} {CRUSHED}"


class Averager(FakeEncoder):
    """Tells by words alone what `likeness` says of a sentence; keeps what it encoded."""

    def __init__(self, likeness: dict[str, float] | None) -> None:
        super().__init__()
        self.likeness = likeness
        self.documents: list[str] = []

    def average_words(self, texts: Sequence[str]) -> NDArray[np.float32] | None:
        if self.likeness is None:
            return None
        query, *sentences = texts
        assert query not in sentences
        return np.array([[1.0], *([self.likeness[text]] for text in sentences)], np.float32)

    def encode_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.documents += texts
        return super().encode_documents(texts)

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return super().encode_documents(texts)


def sentence(encoder: Encoder, query: str, text: str = KETTLE, title: str = "") -> str:
    vector = encoder.encode_queries([query])[0]
    passage = StoredPassage("r", 0, text=text, title=title)
    (found,) = matching_sentences(query, vector, [passage], encoder)
    return found


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("leaks", "The kettle leaks."),
        ("crushed box", "The box was crushed."),
        ("minutes of water", "It boils water in two minutes."),
    ],
)
def test_the_nearest_sentence_is_found(query: str, expected: str) -> None:
    assert sentence(FakeEncoder(), query) == expected


def test_the_title_is_no_sentence() -> None:
    text = "Title: Crushed box; Content: The box came late. It was crushed. Nice."
    assert sentence(FakeEncoder(), "crushed box", text, "Crushed box") == "It was crushed."


def test_sentences_of_little_promise_are_not_encoded() -> None:
    encoder = Averager({LEAKS: 0.55, BOILS: 0.3, CRUSHED: 0.6})
    assert sentence(encoder, "kettle leaks", LONG) == LEAKS
    assert encoder.documents == [LEAKS, CRUSHED]


def test_one_sentence_is_chosen_without_the_encoder() -> None:
    encoder = Averager({LEAKS: 0.1, BOILS: 0.2, CRUSHED: 0.6})
    assert sentence(encoder, "kettle leaks", LONG) == CRUSHED
    assert sentence(encoder, "kettle", "It works.") == "It works."
    assert encoder.documents == []


def test_all_sentences_of_a_short_passage_are_encoded() -> None:
    encoder = Averager({})
    assert len(KETTLE) < SHORT < len(LONG)
    assert sentence(encoder, "crushed box") == "The box was crushed."
    assert len(encoder.documents) == 3


def test_an_encoder_that_cannot_tell_is_given_all() -> None:
    encoder = Averager(None)
    assert sentence(encoder, "kettle leaks", LONG) == LEAKS
    assert len(encoder.documents) == 3


def test_each_passage_gets_its_own_and_a_common_sentence_is_encoded_once() -> None:
    encoder = Averager(None)
    texts = [LONG, f"{LEAKS} Too loud.", "", "One only"]
    passages = [StoredPassage("r", number, text=text) for number, text in enumerate(texts)]
    vector = encoder.encode_queries(["the kettle leaks"])[0]
    found = matching_sentences("the kettle leaks", vector, passages, encoder)
    assert found == [LEAKS, LEAKS, "", "One only"]
    assert len(encoder.documents) == len(set(encoder.documents)) == 4
