"""Word counts as vectors, and the angles between them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reviewlens.encoders import (
    WordCounts,
    angle,
    compare_counts,
    compare_texts,
    cosine,
    load_encoder,
)
from reviewlens.errors import EncoderError, InputError

TEXTS = ["Tea, tea and milk.", "tea and honey", "Honey!"]
COUNTS = [
    (23, 32, 14, 10, 1, 0, 3, 2),
    (3, 2, 4, 0, 41, 30, 31, 12),
    (1, 3, 0, 2, 25, 23, 14, 10),
]


@pytest.mark.parametrize(("one", "other", "degrees"), [(0, 1, 82.42), (1, 2, 12.37), (0, 2, 82.13)])
def test_angles_of_three_lists_of_counts(one: int, other: int, degrees: float) -> None:
    assert round(angle(COUNTS[one], COUNTS[other]), 2) == degrees


def test_cosine_and_angle_by_hand() -> None:
    assert cosine([3, 4], [4, 3]) == pytest.approx(24 / 25)
    assert angle([1, 0], [0, 2]) == pytest.approx(90)
    assert angle([1, 2, 3], [2, 4, 6]) == pytest.approx(0, abs=1e-6)
    assert angle([1, 1], [-1, -1]) == pytest.approx(180)


@pytest.mark.parametrize(
    ("u", "v", "message"),
    [
        ([0, 0], [1, 2], "one of these is zero"),
        ([1, 2], [1, float("nan")], "is not finite"),
        ([1, 2], [1, 2, 3], r"shapes \(2,\) and \(3,\)"),
        ([[1]], [[1]], "wanted two of as many numbers"),
    ],
)
def test_vectors_without_an_angle_are_refused(u: Any, v: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        angle(u, v)


def test_texts_are_compared_over_their_joint_vocabulary() -> None:
    found = compare_texts(TEXTS)
    assert found.terms == ("and", "honey", "milk", "tea")
    assert found.counts == ((1, 0, 1, 2), (1, 1, 0, 1), (0, 1, 0, 0))
    assert [(pair.first, pair.second) for pair in found.pairs] == [(1, 2), (1, 3), (2, 3)]
    assert [pair.cosine for pair in found.pairs] == [0.707107, 0.0, 0.57735]
    assert [pair.angle for pair in found.pairs] == [45.0, 90.0, 54.7356]
    assert len(found.to_frame()) == 3
    with pytest.raises(InputError, match="text 2 has no word"):
        compare_texts(["tea", "?!"])
    with pytest.raises(InputError, match="an angle is between two; 1 given"):
        compare_counts([[1, 2]])


# One number more than words: the last is for texts without any.
@pytest.mark.parametrize(
    ("weighting", "expected"),
    [("one-hot", [1, 0, 1, 1, 0]), ("tf", [1, 0, 1, 2, 0])],
)
def test_vector_is_the_counts_at_unit_length(weighting: Any, expected: list[int]) -> None:
    counts = WordCounts.fit(TEXTS, weighting=weighting)
    assert counts.terms == ("and", "honey", "milk", "tea")
    assert counts.dimension == 5
    [vector] = counts.encode_documents(TEXTS[:1])
    assert vector == pytest.approx(np.array(expected) / np.linalg.norm(expected))


def test_tfidf_is_that_of_scikit_learn() -> None:
    from sklearn.feature_extraction.text import TfidfVectorizer

    texts = ["tea tea and milk", "tea and honey", "honey"]
    counts = WordCounts.fit(texts, weighting="tfidf")
    expected = TfidfVectorizer().fit_transform(texts).toarray()
    assert counts.encode_documents(texts)[:, :-1] == pytest.approx(expected, abs=1e-6)


def test_limit_keeps_the_most_frequent_words() -> None:
    counts = WordCounts.fit(["b b b a a", "d c c a"], weighting="tf", limit=3)
    assert counts.terms == ("a", "b", "c")
    assert WordCounts.fit(["d c b a"], limit=2).terms == ("a", "b")


def test_text_without_a_known_word_is_at_right_angles_to_all_others() -> None:
    counts = WordCounts.fit(TEXTS)
    empty, unknown, tea = counts.encode_documents(["", "xyzzy 好吃", "tea"])
    assert empty.tolist() == unknown.tolist() == [0, 0, 0, 0, 1]
    assert empty @ tea == 0
    assert counts.count_tokens(["xyzzy 好吃", "tea!"]) == [(3, 3), (1, 0)]


def test_saved_counts_are_the_same_encoder_when_loaded(tmp_path: Path) -> None:
    counts = WordCounts.fit([*TEXTS, "好吃 的 面条"])
    counts.save(tmp_path / "one.json")
    again = load_encoder(str(tmp_path / "one.json"))
    assert isinstance(again, WordCounts)
    assert again.name == counts.name == str(tmp_path / "one.json")
    assert again.fingerprint == counts.fingerprint
    assert np.array_equal(again.encode_documents(TEXTS), counts.encode_documents(TEXTS))
    again.save(tmp_path / "two.json")
    assert (tmp_path / "one.json").read_bytes() == (tmp_path / "two.json").read_bytes()
    other = WordCounts.fit(TEXTS, weighting="tf")
    assert other.fingerprint != counts.fingerprint


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "another"},
        {"format": 2},
        {"weighting": "bm25"},
        {"terms": []},
        {"terms": ["tea", "tea", "a", "b"]},
        {"idf": [1.0]},
        {"idf": [0.0, 1.0, 1.0, 1.0]},
        {"idf": None},
    ],
)
def test_file_that_holds_no_counts_is_refused(tmp_path: Path, change: dict[str, Any]) -> None:
    WordCounts.fit(TEXTS).save(tmp_path / "counts.json")
    content = json.loads((tmp_path / "counts.json").read_text(encoding="utf-8")) | change
    (tmp_path / "broken.json").write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(EncoderError, match="cannot be read as word counts"):
        load_encoder(str(tmp_path / "broken.json"))


def test_arguments_that_cannot_be_used_are_refused(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match="No such file"):
        load_encoder(str(tmp_path / "nowhere.json"))
    with pytest.raises(InputError, match="there is no word in the 2 texts"):
        WordCounts.fit(["", "?!"])
    with pytest.raises(InputError, match="the weighting is 'bm25'"):
        WordCounts.fit(TEXTS, weighting="bm25")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="the limit is 32,768 words; wanted 1 to 32,767"):
        WordCounts.fit(TEXTS, limit=32_768)
    with pytest.raises(InputError, match=r"kept in a \.json file"):
        WordCounts.fit(TEXTS).save(tmp_path / "counts.txt")
    with pytest.raises(InputError, match="cannot be written to"):
        WordCounts.fit(TEXTS).save(tmp_path / "nowhere" / "counts.json")
