from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from reviewlens.search.relevance import Measured, Probes, Relevance
from reviewlens.search.relevance.across import across
from reviewlens.search.relevance.prior import load_prior
from reviewlens.search.relevance.words import Words
from reviewlens.store import Hit, StoredPassage, pack

DIMENSION = 200
AXES = np.eye(DIMENSION, dtype=np.float32)
SPEAKS = {"de": AXES[-1], "en": AXES[-2], "zh": AXES[-3]}
GERMAN = "der Deckel ist leider schon nach einer Woche zerbrochen"


def text_of(language: str, topic: int) -> NDArray[np.float32]:
    """What an encoder makes of a text: what it says, the language it is in, and chance."""
    chance = np.random.default_rng([topic, ord(language[0])]).normal(0, 0.1, DIMENSION)
    vector = 1.5 * SPEAKS[language] + 2 * AXES[topic] + chance
    return np.asarray(vector / np.linalg.norm(vector), dtype=np.float32)


def probes_of(counts: dict[str, int]) -> Probes:
    told = [language for language, count in counts.items() for _ in range(count)]
    vectors = [text_of(one, place) for place, one in enumerate(told)]
    domains = tuple(f"{one} {place}" for place, one in enumerate(told))
    return Probes(domains, tuple(told), domains, np.stack(vectors))


PROBES = probes_of({"de": 30, "en": 30})


def relevance_of(probes: Probes) -> Relevance:
    centroid = np.asarray(SPEAKS["en"] / 2, dtype=np.float32)
    return Relevance(Measured("f", 99, ("en",), centroid, Words({})), probes)


def hit_of(topic: int, query: NDArray[np.float32], *others: int) -> Hit:
    """A review that speaks of a topic, and then of others, a statement each."""
    topics = (topic, *others)
    text = " ".join(f"Review of {one}." for one in topics)
    vectors = np.stack([text_of("en", one) for one in topics])
    spans = [(15 * place, 15 * place + 14) for place in range(len(topics))]
    stored = StoredPassage(
        f"r{topic}", 0, text=text, original=text, statements=pack(spans, vectors)
    )
    return Hit(float((vectors @ query).max()), stored)


def test_a_query_in_another_language_is_held_against_texts_in_that_of_the_reviews() -> None:
    found = across(PROBES, "de", ["en"])
    assert found is not None
    assert np.array_equal(found.probes, PROBES.vectors[30:])
    assert np.allclose(found.shift, PROBES.vectors[:30].mean(axis=0) / 2)
    cosines = (PROBES.vectors[:30] - found.shift) @ PROBES.vectors[30:].T
    assert found.nearest == 4  # an eighth of thirty
    query = text_of("de", 140)
    question = found.question(GERMAN, query, AXES[-2])
    nearest = np.sort(found.probes @ (query - found.shift))[-4:]
    assert question.foreign == pytest.approx(nearest.mean(), rel=1e-5)
    assert question.typical == pytest.approx((query - found.shift)[-2], rel=1e-5)
    assert found.scale.mean == pytest.approx(cosines.mean())
    assert found.scale.spread == pytest.approx(cosines.std(), rel=1e-5)
    assert found.scale.mean < PROBES.scale.mean  # which has pairs of one language as well


def test_few_probes_of_a_language_are_stood_for_by_those_of_others() -> None:
    several = probes_of({"de": 30, "en": 30, "zh": 3})
    spoken = across(several, "zh", ["en"])
    assert spoken is not None
    assert np.allclose(
        spoken.shift, several.vectors[np.array(several.languages) != "en"].mean(axis=0) / 2
    )
    written = across(several, "de", ["zh"])
    assert written is not None
    assert len(written.probes) == 33
    assert across(probes_of({"en": 40}), "de", ["en"]) is None


def test_a_review_in_another_language_that_says_it_is_an_answer() -> None:
    query = text_of("de", 140)
    hits = [hit_of(140, query, 160), *(hit_of(topic, query) for topic in range(141, 152))]
    judged = relevance_of(PROBES).judge(GERMAN, query, hits)
    assert judged[0].answers
    assert not any(one.answers for one in judged[1:])
    # What is told of each is its cosine to the query as it is.
    assert [one.hit.similarity for one in judged] == pytest.approx(
        [hit.similarity for hit in hits], abs=0.005
    )
    assert judged[0].hit.span == (0, 14)


def test_passages_without_statements_are_weighed_as_they_are() -> None:
    query = text_of("de", 140)
    plain = [
        replace(one, passage=replace(one.passage, statements=b""))
        for one in (hit_of(140, query), hit_of(141, query))
    ]
    relevance = relevance_of(PROBES)
    judged = relevance.judge(GERMAN, query, plain)
    assert [one.hit.similarity for one in judged] == [one.similarity for one in plain]
    _, rows = relevance.evidence(relevance.question(GERMAN, query), plain)
    chances = load_prior(words=False).probabilities(rows)
    assert [one.probability for one in judged] == pytest.approx(chances.tolist(), abs=1e-4)


def test_a_query_in_the_language_of_the_reviews_is_judged_as_ever() -> None:
    relevance, query = relevance_of(PROBES), text_of("en", 140)
    hits = [hit_of(topic, query) for topic in (140, 141)]
    question = relevance.question("Review of 140", query)
    _, rows = relevance.evidence(question, hits)
    judged = relevance.judge("Review of 140", query, hits)
    chances = load_prior(words=True).probabilities(rows)
    assert [one.probability for one in judged] == pytest.approx(chances.tolist(), abs=1e-4)
