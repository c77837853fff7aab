"""What every encoder keeps to: the one of the tests as well as the real one."""

from __future__ import annotations

import numpy as np
import pytest

from fakes import FakeEncoder
from reviewlens.encoders import Encoder

TEXTS = ["The dog loves this food.", "Arrived stale and crushed.", "Great coffee!", "", "好吃"]


@pytest.fixture(params=["fake", "default"])
def encoder(request: pytest.FixtureRequest) -> Encoder:
    if request.param == "fake":
        return FakeEncoder()
    found: Encoder = request.getfixturevalue("default_encoder")
    return found


def test_vectors_are_unit_length_float32_in_order(encoder: Encoder) -> None:
    vectors = encoder.encode_documents(TEXTS)
    assert vectors.shape == (len(TEXTS), encoder.dimension)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(len(TEXTS)), abs=1e-6)
    assert np.abs(encoder.encode_documents(TEXTS[::-1])[::-1] - vectors).max() < 1e-5


def test_no_texts_give_no_vectors(encoder: Encoder) -> None:
    for vectors in (encoder.encode_documents([]), encoder.encode_queries([])):
        assert vectors.shape == (0, encoder.dimension)
        assert vectors.dtype == np.float32


def test_texts_that_share_words_are_near(encoder: Encoder) -> None:
    similarities = encoder.encode_documents(TEXTS[:3]) @ encoder.encode_queries(["stale"])[0]
    assert similarities.argmax() == 1


def test_tokens_are_counted_text_by_text(encoder: Encoder) -> None:
    counts = encoder.count_tokens(TEXTS)
    assert [count.tokens > 0 for count in counts] == [True, True, True, False, True]
    assert [count.unknown for count in counts] == [0, 0, 0, 0, 2]
    assert encoder.count_tokens([]) == []


def test_text_beyond_the_window_changes_nothing(encoder: Encoder) -> None:
    fits = "tea " * encoder.window
    assert encoder.count_tokens([fits])[0].tokens == encoder.window
    whole, longer, other = encoder.encode_documents([fits, fits + "milk", fits[:-4] + "milk"])
    assert np.abs(whole - longer).max() < 1e-6
    assert np.abs(whole - other).max() > 1e-5


def test_the_fake_encoder_counts_what_it_did() -> None:
    fake = FakeEncoder(dimension=8, window=3)
    fake.encode_documents(["a", "b"])
    fake.encode_queries(["c"])
    assert (fake.calls, fake.encoded, fake.dimension, fake.window) == (2, 3, 8, 3)
    assert FakeEncoder(dimension=8, window=3).fingerprint == fake.fingerprint
    assert FakeEncoder(name="another").fingerprint != FakeEncoder().fingerprint
