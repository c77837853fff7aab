from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from fakes import FakeEncoder
from reviewlens.search.relevance import (
    Floor,
    Floored,
    NoFloor,
    Probes,
    Sample,
    calibrate,
    load_probes,
)
from reviewlens.search.relevance import read_floor as read
from reviewlens.search.relevance.fit import fit, logistic
from reviewlens.search.relevance.sample import questions
from reviewlens.store import Hit, StoredPassage

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
        originals=tuple(texts),
        texts=tuple(f"\n{text}" for text in texts),
        beginnings=tuple(texts),
        titles=("",) * len(texts),
        languages=("en",) * len(texts),
        vectors=encoder.encode_documents(texts),
        said_rows=np.arange(len(texts)),
        said_vectors=encoder.encode_documents(texts),
    )


def search_in(sample: Sample) -> Any:
    def nearest(vectors: NDArray[np.float32], n: int) -> list[list[Hit]]:
        return [
            [
                Hit(
                    float(cosines[row]),
                    StoredPassage(
                        review_id=sample.ids[row], passage=0, original=sample.beginnings[row]
                    ),
                )
                for row in np.argsort(-cosines, kind="stable")[:n]
            ]
            for cosines in vectors @ sample.vectors.T
        ]

    return nearest


@pytest.fixture(scope="module")
def encoder() -> FakeEncoder:
    return FakeEncoder()


@pytest.fixture(scope="module")
def probes(encoder: FakeEncoder, tmp_path_factory: pytest.TempPathFactory) -> Probes:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REVIEWLENS_CACHE", str(tmp_path_factory.mktemp("cache")))
        return load_probes(encoder)


@pytest.fixture(scope="module")
def floor(encoder: FakeEncoder, probes: Probes) -> Floor:
    sample = sample_of(REVIEWS, encoder)
    found = calibrate(sample, probes, encoder, search_in(sample))
    assert isinstance(found, Floor)
    return found


def strengths(floor: Floor, query: str, encoder: FakeEncoder, probes: Probes) -> list[str]:
    vector = encoder.encode_queries([query])[0]
    judge = Floored(floor, floor.unrelated(probes)).judge(query, vector)
    hits = search_in(sample_of(REVIEWS, encoder))(vector[None], 10)[0]
    return [judge.strength(judge.score(hit)) for hit in hits]


@pytest.mark.parametrize("query", ["the spout leaks", "battery rusts", "wrote to the shop"])
def test_what_reviews_say_is_answered(
    query: str, floor: Floor, encoder: FakeEncoder, probes: Probes
) -> None:
    assert strengths(floor, query, encoder, probes)[0] != "weak"


@pytest.mark.parametrize("query", ["orbit of a distant comet", "who reigned in Spain in 1601"])
def test_what_no_review_says_is_not(
    query: str, floor: Floor, encoder: FakeEncoder, probes: Probes
) -> None:
    assert set(strengths(floor, query, encoder, probes)) == {"weak"}


def test_floor_tells_how_often_it_errs(floor: Floor) -> None:
    figures = floor.figures
    assert figures.reviews == len(REVIEWS)
    assert figures.false_answers_low <= figures.false_answers <= figures.false_answers_high < 0.1
    assert figures.missed < 0.2
    assert figures.probes > 300


def test_stored_floor_is_the_same(floor: Floor, encoder: FakeEncoder, probes: Probes) -> None:
    stored = floor.stored()
    again = read(stored, encoder.fingerprint)
    assert isinstance(again, Floor)
    assert again.stored() == stored
    assert len(stored) < 60_000
    for query in ("the spout leaks", "orbit of a distant comet"):
        assert strengths(again, query, encoder, probes) == strengths(floor, query, encoder, probes)


def test_same_reviews_give_the_same_floor(
    floor: Floor, encoder: FakeEncoder, probes: Probes
) -> None:
    sample = sample_of(REVIEWS, encoder)
    assert calibrate(sample, probes, encoder, search_in(sample)).stored() == floor.stored()


def test_a_floor_of_another_encoder_or_version_is_not_taken(floor: Floor) -> None:
    stored = floor.stored()
    assert read(stored, "another") is None
    assert read(stored.replace('"version":1', '"version":0'), floor.fingerprint) is None
    assert read("", floor.fingerprint) is None
    assert read("{", floor.fingerprint) is None


def test_too_few_texts_have_no_floor(encoder: FakeEncoder, probes: Probes) -> None:
    sample = sample_of(["the lid broke"] * 200, encoder)
    found = calibrate(sample, probes, encoder, search_in(sample))
    assert isinstance(found, NoFloor)
    assert re.match("There is no floor: 1 different texts are too few", found.reason)
    assert read(found.stored(), encoder.fingerprint) == found


def test_an_encoder_that_reads_no_probes_has_no_floor(encoder: FakeEncoder, probes: Probes) -> None:
    sample = sample_of(REVIEWS, encoder)
    few = replace(
        probes, texts=probes.texts[:9], languages=probes.languages[:9], vectors=probes.vectors[:9]
    )
    found = calibrate(sample, few, encoder, search_in(sample))
    assert isinstance(found, NoFloor)
    assert "can read 9 of the texts" in found.reason


def test_reviews_without_full_stops_have_a_floor(encoder: FakeEncoder, probes: Probes) -> None:
    plain = [text.replace(".", "") for text in REVIEWS]
    endless = [" and ".join(three) for three in zip(plain, plain[1:], plain[2:], strict=False)]
    sample = sample_of(endless, encoder)
    asked = questions(sample)
    assert len(asked) > 60
    assert all(text in endless[row] and len(text.split()) <= 6 for text, row, _ in asked)
    found = calibrate(sample, probes, encoder, search_in(sample))
    assert isinstance(found, Floor)
    assert found.count is not None
    assert strengths(found, "the spout leaks", encoder, probes)[0] != "none"


def test_letters_with_titles_have_a_floor_that_counts_nothing(
    encoder: FakeEncoder, probes: Probes
) -> None:
    plain = sample_of(REVIEWS, encoder)
    titled = replace(plain, titles=plain.originals, beginnings=("x",) * len(REVIEWS))
    found = calibrate(titled, probes, encoder, search_in(plain))
    assert isinstance(found, Floor)
    assert found.count is None


def test_letters_alone_have_no_floor(encoder: FakeEncoder, probes: Probes) -> None:
    sample = sample_of([chr(ord("A") + number) for number in range(60)], encoder)
    found = calibrate(sample, probes, encoder, search_in(sample))
    assert isinstance(found, NoFloor)
    assert "have 0 different sentences and titles" in found.reason


def test_a_domain_that_the_reviews_are_about_is_left_out(
    encoder: FakeEncoder, probes: Probes
) -> None:
    music = [
        f"{text} {end}"
        for text, domain in zip(probes.texts, probes.domains, strict=True)
        if domain == "en music"
        for end in ("I wonder", "they asked", "as my teacher said", "she wrote", "he says", "so")
    ]
    sample = sample_of(music, encoder)
    found = calibrate(sample, probes, encoder, search_in(sample))
    assert isinstance(found, Floor)
    assert "en music" in found.related
    assert strengths_in(found, "tune a violin", sample, encoder, probes)[0] != "weak"


def strengths_in(
    floor: Floor, query: str, sample: Sample, encoder: FakeEncoder, probes: Probes
) -> list[str]:
    vector = encoder.encode_queries([query])[0]
    judge = Floored(floor, floor.unrelated(probes)).judge(query, vector)
    return [judge.strength(judge.score(hit)) for hit in search_in(sample)(vector[None], 5)[0]]


def test_a_language_that_the_reviews_lack_has_a_floor_of_its_own(floor: Floor) -> None:
    assert floor.languages == ("en",)
    assert {"de", "es", "fr"} <= floor.levels.keys()
    assert min(floor.levels.values()) == floor.levels[""]


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


def test_questions_are_parts_of_the_reviews(encoder: FakeEncoder) -> None:
    sample = sample_of(REVIEWS, encoder)
    asked = questions(sample)
    assert len(asked) > 60
    assert all(text in sample.beginnings[row] for text, row, _ in asked)
    assert len({text for text, _, _ in asked}) == len(asked)


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


def test_a_query_is_as_well_answered_as_its_best_review() -> None:
    # The nearest review of an answered query does not say it, the second does: by its words.
    second = np.array([[0.5, 0.0], [0.4, 1.0]])
    first = np.array([[0.5, 1.0], [0.4, 0.0]])
    unsaid = [np.array([[0.5, 0.0], [0.4, 0.1]]) for _ in range(20)]
    weights, intercept = fit([second, first] * 10, unsaid, (1, 1))
    assert (second @ weights).max() + intercept > 0 > (unsaid[0] @ weights).max() + intercept
