from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from fakes import FakeEncoder
from reviewlens.ingest.vectors import RecentVectors


@pytest.fixture
def encoder() -> FakeEncoder:
    return FakeEncoder(dimension=16)


def test_a_text_that_comes_again_is_encoded_once(encoder: FakeEncoder) -> None:
    vectors = RecentVectors(encoder)
    texts = ["good lamp", "bad lamp", "good lamp", "good lamp", "kettle"]
    first = vectors.of(texts)
    again = vectors.of(["kettle", "a new text", "good lamp"])
    assert (vectors.encoded, encoder.encoded) == (4, 4)
    wanted = encoder.encode_documents([*texts, "kettle", "a new text", "good lamp"])
    assert np.allclose(np.stack([*first, *again]), wanted, atol=1e-6)


def test_the_encoder_is_left_alone_when_it_has_nothing_to_do(encoder: FakeEncoder) -> None:
    vectors = RecentVectors(encoder)
    assert vectors.of([]) == []
    vectors.of(["lamp"])
    vectors.of(["lamp"])
    assert encoder.calls == 1


def test_what_was_used_longest_ago_is_forgotten(encoder: FakeEncoder) -> None:
    vectors = RecentVectors(encoder, kept=2)
    for text in ("one", "two", "one", "three"):
        vectors.of([text])
    assert vectors.encoded == 3
    vectors.of(["one"])  # was used after `two`
    assert vectors.encoded == 3
    vectors.of(["two"])
    assert vectors.encoded == 4


def test_more_texts_than_are_remembered_come_back_in_order(encoder: FakeEncoder) -> None:
    texts = [f"text {number % 7}" for number in range(20)]
    found = RecentVectors(encoder, kept=3).of(texts)
    assert np.allclose(np.stack(found), encoder.encode_documents(texts), atol=1e-6)


def test_a_remembered_vector_holds_no_others_in_memory(encoder: FakeEncoder) -> None:
    [vector, _] = RecentVectors(encoder).of(["one", "two"])
    assert vector.base is None


def test_many_texts_are_encoded_in_parts_of_about_equal_length(encoder: FakeEncoder) -> None:
    parts: list[list[str]] = []

    class Watched(FakeEncoder):
        def encode_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
            parts.append(list(texts))
            return super().encode_documents(texts)

    texts = ["lamp " * (number * 7 % 10 + 1) for number in range(10)]
    pauses: list[int] = []
    vectors = RecentVectors(Watched(dimension=16), at_once=4)
    found = vectors.of(texts, on_part=lambda: pauses.append(vectors.encoded))
    assert np.allclose(np.stack(found), encoder.encode_documents(texts), atol=1e-6)
    assert [len(part) for part in parts] == [4, 4, 2]
    assert [text for part in parts for text in part] == sorted(texts, key=len)
    assert pauses == [4, 8]
