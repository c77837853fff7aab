from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from fakes import FakeEncoder
from reviewlens.search.relevance import (
    Judgement,
    Measured,
    Probes,
    Relevance,
    Sample,
    Unmeasured,
    load_probes,
    measure,
    read_measured,
)
from reviewlens.search.relevance.fit import logistic
from reviewlens.search.relevance.model import telling_terms
from reviewlens.search.relevance.words import Words
from reviewlens.store import Hit, StoredPassage, pack

PARTS = ("lid", "cable", "strap", "box", "spout", "handle", "button", "filter", "cup", "battery")
FAULTS = ("broke", "leaks", "rattles", "smells", "wobbles", "jams", "rusts", "cracked", "faded")
REVIEWS = [
    f"The {part} {fault} after week {week}. I wrote to the shop about the {part}."
    for week, part in enumerate(PARTS)
    for fault in FAULTS
]


def sample_of(texts: Sequence[str], encoder: FakeEncoder) -> Sample:
    return Sample(
        reviews=len(texts),
        ids=tuple(f"r{place:03}" for place in range(len(texts))),
        texts=tuple(f"\n{text}" for text in texts),
        languages=("en",) * len(texts),
        said_vectors=encoder.encode_documents(texts),
    )


@pytest.fixture(scope="module")
def encoder() -> FakeEncoder:
    return FakeEncoder()


@pytest.fixture(scope="module")
def probes(encoder: FakeEncoder, tmp_path_factory: pytest.TempPathFactory) -> Probes:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REVIEWLENS_CACHE", str(tmp_path_factory.mktemp("cache")))
        return load_probes(encoder)


@pytest.fixture(scope="module")
def measured(encoder: FakeEncoder, probes: Probes) -> Measured:
    found = measure(sample_of(REVIEWS, encoder), probes, encoder)
    assert isinstance(found, Measured)
    return found


def judged(measured: Measured, query: str, encoder: FakeEncoder, probes: Probes) -> list[Judgement]:
    """Judge the ten reviews nearest to a query."""
    vector = encoder.encode_queries([query])[0]
    vectors = encoder.encode_documents(REVIEWS)
    cosines = vectors @ vector
    hits = [
        Hit(
            float(cosines[row]),
            StoredPassage(f"r{row:03}", 0, text=REVIEWS[row], original=REVIEWS[row]),
        )
        for row in np.argsort(-cosines, kind="stable")[:10].tolist()
    ]
    return Relevance(measured, probes).judge(query, vector, hits)


@pytest.mark.parametrize("query", ["the spout leaks", "battery rusts", "wrote to the shop"])
def test_what_reviews_say_is_an_answer(
    query: str, measured: Measured, encoder: FakeEncoder, probes: Probes
) -> None:
    best = judged(measured, query, encoder, probes)[0]
    assert best.answers
    assert best.named


@pytest.mark.parametrize("query", ["orbit of a distant comet", "who reigned in Spain in 1601"])
def test_what_no_review_says_is_none(
    query: str, measured: Measured, encoder: FakeEncoder, probes: Probes
) -> None:
    found = judged(measured, query, encoder, probes)
    assert {one.strength for one in found} == {"weak"}
    assert not any(one.named for one in found)


def test_all_telling_words_in_one_statement_are_an_answer_however_improbable(
    measured: Measured, encoder: FakeEncoder, probes: Probes
) -> None:
    text = "The lid is red."
    hit = Hit(-1.0, StoredPassage("r", 0, text=text, original=text))
    relevance, vector = Relevance(measured, probes), encoder.encode_queries(["red lid"])[0]
    (one,) = relevance.judge("red lid", vector, [hit])
    assert one.named
    assert one.probability < 0.25
    assert one.strength == "weak"
    assert one.answers
    apart = replace(hit, passage=replace(hit.passage, original="The lid broke off. It is all red."))
    assert not relevance.judge("red lid", vector, [apart])[0].named


def test_a_side_makes_it_more_or_less_probable() -> None:
    one = Judgement(Hit(0.5, StoredPassage("r", 0)), 0.6, named=False)
    against, none, with_it = (one.on_side(lean).probability for lean in (-0.9, 0.0, 0.9))
    assert against < none < one.probability < with_it
    sure = replace(one, probability=0.95)
    assert none < sure.on_side(0.0).probability < sure.on_side(0.9).probability
    for certain in (0.0, 1.0):
        assert 0 <= replace(one, probability=certain).on_side(0.5).probability <= 1


def test_words_that_are_negated_are_contrary(
    measured: Measured, encoder: FakeEncoder, probes: Probes
) -> None:
    texts = ("The lid is not loose.", "The lid is loose.", "The lid broke.")
    hits = [
        Hit(
            0.5,
            StoredPassage("r", 0, text=text, original=text, statements=pack([(0, len(text))], v)),
        )
        for text in texts
        for v in [encoder.encode_documents([text])]
    ]
    relevance, vector = Relevance(measured, probes), encoder.encode_queries(["loose lid"])[0]
    judged = relevance.judge("loose lid", vector, hits)
    assert [one.contrary for one in judged] == [True, False, None]


def test_of_stop_words_alone_all_tell() -> None:
    assert telling_terms("never again", ["en"], Words({})) == {"never", "again"}


def test_what_is_stored_judges_the_same(
    measured: Measured, encoder: FakeEncoder, probes: Probes
) -> None:
    stored = measured.stored()
    again = read_measured(stored, encoder.fingerprint)
    assert isinstance(again, Measured)
    assert again.stored() == stored
    assert len(stored) < 60_000
    for query in ("the spout leaks", "orbit of a distant comet"):
        ours = judged(again, query, encoder, probes)
        theirs = judged(measured, query, encoder, probes)
        assert [one.probability for one in ours] == [one.probability for one in theirs]


def test_same_reviews_are_measured_the_same(
    measured: Measured, encoder: FakeEncoder, probes: Probes
) -> None:
    assert measure(sample_of(REVIEWS, encoder), probes, encoder).stored() == measured.stored()


def test_what_is_of_another_encoder_or_version_is_not_taken(measured: Measured) -> None:
    stored = measured.stored()
    assert read_measured(stored, "another") is None
    assert read_measured(stored.replace('"version":2', '"version":1'), measured.fingerprint) is None
    assert read_measured("", measured.fingerprint) is None
    assert read_measured("{", measured.fingerprint) is None


def test_too_few_texts_are_not_measured(encoder: FakeEncoder, probes: Probes) -> None:
    found = measure(sample_of(["the lid broke"] * 200, encoder), probes, encoder)
    assert isinstance(found, Unmeasured)
    assert re.search("told: 1 different texts are too few", found.reason)
    assert read_measured(found.stored(), encoder.fingerprint) == found


def test_an_encoder_that_reads_no_probes_measures_nothing(
    encoder: FakeEncoder, probes: Probes
) -> None:
    few = replace(
        probes, texts=probes.texts[:9], languages=probes.languages[:9], vectors=probes.vectors[:9]
    )
    found = measure(sample_of(REVIEWS, encoder), few, encoder)
    assert isinstance(found, Unmeasured)
    assert "can read 9 of the texts" in found.reason


def test_a_query_in_a_language_that_the_reviews_lack_has_no_telling_words() -> None:
    words = Words({"lid": 0.5, "broke": 0.5})
    assert telling_terms("the lid broke", ["en"], words) == {"lid", "broke"}
    foreign = "der Deckel ist leider schon nach einer Woche zerbrochen"
    assert telling_terms(foreign, ["en"], words) == set()
    assert telling_terms(foreign, ["de"], words)


def test_probes_are_kept_and_read_again(
    encoder: FakeEncoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REVIEWLENS_CACHE", str(tmp_path))
    first = load_probes(encoder)
    calls = encoder.calls
    again = load_probes(encoder)
    assert encoder.calls == calls
    assert np.array_equal(first.vectors, again.vectors)
    (file,) = (tmp_path / "probes").iterdir()
    file.write_bytes(b"cut short")
    assert np.array_equal(load_probes(encoder).vectors, first.vectors)
    assert encoder.calls == calls + 1
    # East Asian characters are what this encoder does not know.
    assert "zh" not in again.languages
    assert len(set(again.texts)) == len(again.texts)


def test_logistic_regression_keeps_its_signs() -> None:
    random = np.random.default_rng(0)
    truth = np.repeat([1.0, 0.0], 200)
    rows = np.column_stack([truth + random.normal(0, 0.5, 400), truth + random.normal(0, 2, 400)])
    free, _ = logistic(rows, truth, (0, 0))
    assert free[0] > free[1] > 0
    held, intercept = logistic(rows, truth, (1, -1))
    assert held[0] > 0
    assert held[1] == 0
    assert ((rows @ held + intercept > 0) == truth).mean() > 0.8
