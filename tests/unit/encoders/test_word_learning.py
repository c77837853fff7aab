"""Toy word vectors: counted by hand, planted neighbours, the same bytes twice."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from reviewlens.encoders import WordVectors
from reviewlens.encoders.words.training import count_pairs, learn_words
from reviewlens.errors import InputError

# Kings and queens rule, cats and dogs sleep: no two of the same kind ever stand together.
KINGDOM = [
    f"the {who} {does} the {what}"
    for whos, does, whats in (
        (("king", "queen"), "rules", ("land", "castle")),
        (("cat", "dog"), "guards", ("sofa", "basket")),
    )
    for who in whos
    for what in whats
]


def test_pairs_are_counted_within_the_window() -> None:
    words, table = count_pairs(["b a. A c", "c"], window=1)
    assert words == ["a", "c", "b"]
    assert table.tolist() == [[2, 1, 1], [1, 0, 0], [1, 0, 0]]
    words, table = count_pairs(["b a. A c"], window=2)
    assert words == ["a", "b", "c"]
    assert table.tolist() == [[2, 2, 2], [2, 0, 0], [2, 0, 0]]


def test_vectors_give_back_how_far_pairs_exceed_chance() -> None:
    words, vectors = learn_words(["x y", "x y", "z w"], window=1)
    assert words == ["x", "y", "w", "z"]
    table = np.log([[1, 3, 1, 1], [3, 1, 1, 1], [1, 1, 1, 6], [1, 1, 6, 1]])
    # Left and right singular vectors differ by a sign alone where the table is symmetric.
    squares = vectors.astype(np.float64) @ vectors.T
    assert np.linalg.matrix_rank(vectors) == 4
    assert squares @ squares == pytest.approx(table @ table, abs=1e-4)


def test_pairs_rarer_than_chance_count_as_chance() -> None:
    words, vectors = learn_words(["a b", "d c"] * 4 + ["a c"], window=1)
    assert words == ["a", "c", "b", "d"]
    much = np.log(4 * 18 / (5 * 4))  # a and c stand together once, where chance has it 1.4 times
    table = np.array([[0, 0, much, 0], [0, 0, 0, much], [much, 0, 0, 0], [0, much, 0, 0]])
    squares = vectors.astype(np.float64) @ vectors.T
    assert squares @ squares == pytest.approx(table @ table, abs=1e-4)


def test_words_with_the_same_neighbours_are_near() -> None:
    learnt = WordVectors.learn(KINGDOM, window=2)
    for one, other in (("king", "queen"), ("cat", "dog"), ("sofa", "basket")):
        assert learnt.nearest(one, 1).neighbors[0].word == other


def test_the_same_text_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one.vec", "two.vec"):
        WordVectors.learn(KINGDOM).save(tmp_path / name)
    written = (tmp_path / "one.vec").read_bytes()
    assert written == (tmp_path / "two.vec").read_bytes()
    assert written.startswith(b"11 ")
    loaded = WordVectors.load(str(tmp_path / "one.vec"))
    assert loaded.nearest("king", 1).neighbors[0].word == "queen"


def test_dimension_is_bounded_by_the_text() -> None:
    assert WordVectors.learn(KINGDOM, dimension=3).dimension == 3
    assert WordVectors.learn(KINGDOM, dimension=50).dimension < 11


@pytest.mark.parametrize(
    ("sentences", "options", "message"),
    [
        ([], {}, "the text has 0 different words; wanted 2 to 2,000"),
        (["tea tea tea"], {}, "has 1 different words"),
        (["tea", "cup"], {}, "no word stands near another"),
        ([" ".join(f"w{n}" for n in range(2_001))], {}, "has 2,001 different words"),
        (["a b"], {"window": 0}, "the window is 0"),
        (["a b"], {"dimension": 0}, "the vectors are to have 0 numbers"),
    ],
)
def test_what_cannot_be_learnt_from_is_refused(
    sentences: list[str], options: dict[str, int], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        WordVectors.learn(sentences, **options)
