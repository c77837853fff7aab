"""What shorter vectors lose: by hand, on planted vectors, and what is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from fakes import FakeEncoder
from reviewlens.encoders import TokenCount
from reviewlens.encoders.reduced import ReducedEncoder
from reviewlens.errors import EncoderError, InputError, TooFewReviews
from reviewlens.ground.reduction import loss_note, recall, reduce_dimensions


def unit(rows: np.ndarray) -> np.ndarray:
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def angles(*degrees: float) -> np.ndarray:
    radians = np.radians(degrees)
    return np.stack([np.cos(radians), np.sin(radians)], axis=1).astype(np.float32)


class Planted:
    """Texts are numbers of rows; their vectors lie in a few directions that are none of the axes.

    The first numbers hold little of them, and so many components nearly all.
    """

    name = "planted"
    fingerprint = "0" * 64
    window = 10
    notes: tuple[str, ...] = ()
    dimension = 24

    def __init__(self, *, directions: int = 6) -> None:
        random = np.random.default_rng(5)
        basis = np.linalg.qr(random.standard_normal((self.dimension, directions)))[0]
        spread = random.standard_normal((1_000, directions)) @ basis.T
        self.vectors = unit(spread + 0.001 * random.standard_normal(spread.shape))
        self.encoded = 0
        self.rows: list[int] = []

    def count_tokens(self, texts: list[str]) -> list[TokenCount]:
        return [TokenCount(1, 0) for _ in texts]

    def encode_documents(self, texts: list[str]) -> np.ndarray:
        self.encoded += len(texts)
        self.rows += map(int, texts)
        return self.vectors[[int(text) for text in texts]]

    encode_queries = encode_documents


TEXTS = [str(number) for number in range(400)]


def test_recall_by_hand() -> None:
    whole = angles(0, 10, 25, 90)
    # Nearest: of 0 is 10, of 10 is 0, of 25 is 10, of 90 is 25. Shorter: 0-90 and 10-25 are pairs.
    shorter = angles(0, 30, 40, 5)
    found = recall(whole, shorter, 1)
    assert found.value == 0.25  # only that of 25
    assert found.low == 0.0
    assert recall(whole, whole, 2).value == 1.0


def test_a_text_at_the_same_cosine_counts() -> None:
    whole = angles(0, 20, -20, 120)
    shorter = angles(0, 40, -20, 120)  # of 0 both 20 and -20 are nearest
    assert recall(whole, shorter, 1).value == 1.0


def test_recall_agrees_with_counting_sets() -> None:
    random = np.random.default_rng(1)
    whole = unit(random.standard_normal((600, 12)))
    shorter = unit(whole[:, :7])
    exact, rough = whole @ whole.T, shorter @ shorter.T
    shares = []
    for row in range(600):
        nearest = [
            set(sorted(set(range(600)) - {row}, key=lambda other: -float(table[row, other]))[:10])
            for table in (exact, rough)
        ]
        shares.append(len(nearest[0] & nearest[1]) / 10)
    found = recall(whole, shorter)
    assert found.value == pytest.approx(np.mean(shares), abs=1e-4)
    margin = 1.96 * np.std(shares, ddof=1) / np.sqrt(600)
    assert found.high - found.low == pytest.approx(2 * margin, rel=0.01)


def test_components_find_planted_directions_that_first_numbers_miss() -> None:
    found = reduce_dimensions(TEXTS, Planted(), [3, 6])
    assert (found.dimension, found.learnt_from, found.held_out) == (24, 200, 200)
    by = {(row.method, row.dimensions): row for row in found.rows}
    assert list(by) == [("first", 6), ("pca", 6), ("first", 3), ("pca", 3)]
    assert by["pca", 6].recall.value > 0.97
    assert by["first", 6].recall.value < 0.9
    assert by["pca", 3].recall.value < by["pca", 6].recall.value
    assert by["pca", 6].held == pytest.approx(1.0, abs=1e-3)
    assert by["first", 6].held is None


def test_what_is_measured_was_not_learnt_from() -> None:
    encoder = Planted()
    by = {row.method: row for row in reduce_dimensions(TEXTS, encoder, [4]).rows}
    assert len(set(encoder.rows)) == len(encoder.rows) == 400
    learnt, measured = encoder.vectors[encoder.rows[:200]], encoder.vectors[encoder.rows[200:]]
    # Each figure again, of the half that it is to be of.
    lengths, directions = np.linalg.svd(learnt.astype(float), full_matrices=False)[1:]
    assert by["pca"].held == pytest.approx((lengths[:4] ** 2).sum() / 200, abs=1e-4)
    assert by["pca"].recall == recall(measured, unit(measured @ directions[:4].T))
    assert by["first"].recall == recall(measured, unit(measured[:, :4]))


def test_same_input_and_seed_give_the_same(tmp_path: Path) -> None:
    once = reduce_dimensions(TEXTS, Planted(), [5], sample=300, seed=4)
    again = reduce_dimensions(TEXTS, Planted(), [5], sample=300, seed=4)
    other = reduce_dimensions(TEXTS, Planted(), [5], sample=300, seed=5)
    assert once == again != other
    assert once.learnt_from == 150


def test_copies_count_once_and_known_vectors_are_not_made_again() -> None:
    encoder = Planted()
    found = reduce_dimensions(
        TEXTS * 3, encoder, [6], vectors=np.tile(encoder.vectors[:400], (3, 1))
    )
    assert encoder.encoded == 0
    assert found == reduce_dimensions(TEXTS, Planted(), [6])


def test_too_few_texts_are_told() -> None:
    with pytest.raises(TooFewReviews, match="there are 99 different texts, and 100 are wanted"):
        reduce_dimensions(TEXTS[:99], Planted(), [6])
    wide = FakeEncoder(dimension=256)
    with pytest.raises(TooFewReviews, match="402 are wanted: half of them to learn 200 dimensions"):
        reduce_dimensions(TEXTS, wide, [200])


@pytest.mark.parametrize("dimensions", [[24], [0], [25, 3], []])
def test_no_fewer_dimensions_are_refused(dimensions: list[int]) -> None:
    with pytest.raises(InputError, match="planted has 24 dimensions; wanted fewer, 1 to 23"):
        reduce_dimensions(TEXTS, Planted(), dimensions)


def test_a_shortened_encoder_is_refused() -> None:
    with pytest.raises(InputError, match=r"planted\+8d is shortened already.*--encoder planted"):
        reduce_dimensions(TEXTS, ReducedEncoder(Planted(), 8), [4])


def test_what_cannot_be_written_is_refused_before_encoding(tmp_path: Path) -> None:
    encoder = Planted()
    with pytest.raises(EncoderError, match="planted has none; --dimensions of ingest"):
        reduce_dimensions(TEXTS, encoder, [6], output=tmp_path / "model")
    assert encoder.encoded == 0


def test_loss_is_told_after_enough_texts() -> None:
    encoder = ReducedEncoder(Planted(), 12)
    encoder.encode_documents(TEXTS[:49])
    assert loss_note(encoder) == ()
    encoder.encode_documents(TEXTS)
    (note,) = loss_note(encoder)
    whole = Planted().vectors[:400]
    kept = recall(whole, unit(whole[:, :12]))
    assert note.startswith(f"With 12 of 24 dimensions, {kept.value:.1%} of the 10 nearest texts")
    assert "400 texts compared with each other" in note
    assert loss_note(Planted()) == ()
