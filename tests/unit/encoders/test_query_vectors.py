"""A text that is searched for again is not embedded again."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np

from fakes import FakeEncoder
from reviewlens.encoders import QueryVectors


def test_what_is_known_is_not_embedded_again() -> None:
    encoder, queries = FakeEncoder(), QueryVectors()
    first = queries.of(encoder, ["stale", "too sweet", "stale"])
    assert encoder.encoded == 2
    again = queries.of(encoder, ["crushed box", "stale", "too sweet"])
    assert (encoder.calls, encoder.encoded) == (2, 3)
    np.testing.assert_array_equal(
        first, FakeEncoder().encode_queries(["stale", "too sweet", "stale"])
    )
    np.testing.assert_array_equal(again[1:], first[:2])
    assert again.dtype == np.float32
    assert queries.of(encoder, []).shape == (0, encoder.dimension)


def test_another_encoder_is_asked_anew() -> None:
    one, other, queries = FakeEncoder(), FakeEncoder(name="other"), QueryVectors()
    assert not np.array_equal(queries.of(one, ["stale"]), queries.of(other, ["stale"]))
    assert (one.encoded, other.encoded) == (1, 1)


def test_what_was_used_last_is_kept() -> None:
    encoder, queries = FakeEncoder(), QueryVectors(kept=2)
    for text in ("a", "b", "a", "c"):  # `b` was used longest ago
        queries.of(encoder, [text])
    assert encoder.encoded == 3
    queries.of(encoder, ["a", "c"])
    assert encoder.encoded == 3
    assert queries.of(encoder, ["b", "d", "e"]).shape == (3, encoder.dimension)  # more than kept
    assert encoder.encoded == 6


def test_what_is_changed_outside_is_not_what_is_kept() -> None:
    encoder, queries = FakeEncoder(), QueryVectors()
    queries.of(encoder, ["stale"])[:] = 0
    assert queries.of(encoder, ["stale"]).any()


def test_threads_may_share_it() -> None:
    encoder, queries = FakeEncoder(dimension=16), QueryVectors(kept=8)
    texts = [f"text {number}" for number in range(40)]
    wanted = dict(zip(texts, encoder.encode_queries(texts), strict=True))

    def ask(number: int) -> bool:
        some = [texts[(number * 7 + step) % len(texts)] for step in range(5)]
        found = queries.of(encoder, some)
        return all(np.array_equal(one, wanted[text]) for one, text in zip(found, some, strict=True))

    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(ask, range(400)))
