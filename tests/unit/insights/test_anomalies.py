"""Reviews unlike the rest, and why."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from fakes import FakeEncoder
from reviewlens.errors import InputError, TooFewReviews
from reviewlens.ground.neighbors import NeighborGraph, nearest
from reviewlens.ground.slices import Slice
from reviewlens.insights.anomalies import KINDS, Anomalies, Anomaly, find_anomalies
from reviewlens.insights.anomalies.distance import (
    distances,
    local_outlier_factor,
    percentiles,
)
from reviewlens.insights.anomalies.marks import (
    boilerplate,
    is_empty,
    other_language,
    own_languages,
    product_margins,
)
from reviewlens.insights.anomalies.polarity import Polarity, read_polarity
from slices_of import slice_of

WORDS = {
    "kettle": "kettle water boils spout handle lid steam pours tea coffee lever element litre",
    "lamp": "lamp light bulb shade glow bedside bright dims switch reading alarm sunrise colour",
    "good": "great excellent happy love perfect recommend",
    "bad": "awful broken useless refund terrible disappointed",
}


def made(count: int, *topics: str, seed: int = 1, words: int = 14) -> list[str]:
    """Texts of words of these topics, each of about `words`."""
    random = np.random.default_rng(seed)
    known = [word for topic in topics for word in WORDS[topic].split()]
    sizes = random.integers(words - 4, words + 5, count)
    return [" ".join(random.choice(known, size)) for size in sizes]


def found(reviews: Slice, **options: Any) -> Anomalies:
    return find_anomalies(reviews, nearest(reviews.vectors), **options)


def kinds(anomaly: Anomaly) -> set[str]:
    return {reason.kind for reason in anomaly.reasons}


def by_id(result: Anomalies) -> dict[str, Anomaly]:
    return {anomaly.review_id: anomaly for anomaly in result.anomalies}


# -- by hand -------------------------------------------------------------------------------------


def test_local_outlier_factor_by_hand() -> None:
    """Three texts at 0.1 of each other, a fourth at 0.4 of its two nearest."""
    rows = np.array([[1, 2], [0, 2], [0, 1], [0, 1]], np.int32)
    far = np.array([[0.1, 0.1], [0.1, 0.1], [0.1, 0.1], [0.4, 0.4]], np.float32)
    factor = local_outlier_factor(NeighborGraph(rows, 1 - far, 1.0), 2)
    np.testing.assert_allclose(factor, [1, 1, 1, 4], rtol=1e-5)


def test_percentile_counts_equals_by_half() -> None:
    np.testing.assert_allclose(percentiles(np.array([3.0, 1, 1, 9])), [0.625, 0.25, 0.25, 0.875])


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("EARN $500 A DAY! Message @fastcash_maria for your free training", "an advert"),
        ("Save now, 20 % discount and a free gift at https://shop.example", "an advert"),
        ("Lorem ipsum dolor sit amet", "filler text"),
        ("asdf asdf asdf jkl test test 123", "3 of its 6 words repeat"),
        ("more words, more words, more words", "3 of its 6 words repeat"),
        ("goooooooooooood", "o 13 times in a row"),
        ("2026-04-22 07:13:55,204 WARN [ble-3] status=133 retry=2/5 handle=0x001b", "% of its"),
        ("Your parcel is due. This is an automatically generated message.", "sent by a machine"),
        ("Diese Nachricht wurde automatisch erstellt.", "sent by a machine"),
    ],
)
def test_boilerplate_is_told_with_its_reason(text: str, told: str) -> None:
    assert told in boilerplate(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "I bought it for $20 and it is worth it.",
        "Their support, help@shop.example, answered within a day.",
        "Very, very good. I love love love it!",
        "Sooooo good!!!!!! 10/10",
        "It boils, it pours, it looks good, and it is easy to clean. It is quiet as well.",
        "味道不错，有点甜，孩子很喜欢。" * 6,
        "यह केतली बहुत अच्छी है और पानी जल्दी उबालती है, मुझे यह पसंद है।" * 2,
        "Great 👍👍👍 love it ❤️❤️❤️",
    ],
)
def test_review_is_no_boilerplate(text: str) -> None:
    assert boilerplate(text) == ""


@pytest.mark.parametrize(
    ("text", "words", "empty"),
    [
        ("ok", [], True),
        ("10/10 👍", [], True),
        ("Love it!", ["love"], True),
        ("motor died", ["motor", "died"], False),
        ("I would not have thought that of it", ["of"], False),
    ],
)
def test_text_that_is_empty(text: str, words: list[str], *, empty: bool) -> None:
    assert is_empty(text, lambda: words) is empty


def test_languages_of_a_corpus_are_those_with_enough_reviews() -> None:
    languages = ["en"] * 600 + ["de"] * 7 + ["fr"] * 6 + ["it"] * 5 + [""] * 50
    assert own_languages(languages) == ("en", "de")  # 1 % of 618 is 6.18
    assert own_languages(["en", "en", "de"]) == ("en",)
    assert own_languages(["", ""]) == ()


def test_other_language_is_told_of_the_corpus_and_of_the_product() -> None:
    languages = ["en"] * 40 + ["de"] * 30 + ["zh", "en", ""]
    products = ["kettle"] * 40 + ["lamp"] * 30 + ["kettle", "lamp", "lamp"]
    told = other_language(languages, products, own_languages(languages))
    assert told == {
        70: "in zh, as 1 of 73 reviews are; the corpus is in en, de",
        71: "in en, while 30 of 31 reviews of its product are in de",
    }


# -- planted -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def kettles() -> list[str]:
    return made(120, "kettle", "good")


def test_off_topic_text_comes_first_with_its_evidence(kettles: list[str]) -> None:
    odd = "parliament voted about taxes while farmers blocked seven motorways near the capital city"
    result = found(slice_of([*kettles[:60], odd, *kettles[60:]]), n=5)
    first = result.anomalies[0]
    assert (first.text, kinds(first)) == (odd, {"off-topic"})
    assert first.score > 0.99
    assert set(first.unusual_words) <= set(odd.split())
    assert len(first.unusual_words) == 6
    assert (first.words, first.characters, first.language) == (13, len(odd), "en")
    assert len(first.neighbors) == 3
    assert first.distance > 0.8
    assert result.kinds["off-topic"] == 1


def test_clump_of_texts_of_another_kind_is_found() -> None:
    """Each of the ten has near neighbours: the nine others."""
    random = np.random.default_rng(2)
    vectors = 0.25 * random.standard_normal((310, 32))
    vectors[:300, 0] += 1
    vectors[300:] *= 0.3
    vectors[300:, 1] += 1
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    result = distances(nearest(vectors.astype(np.float32), 50), [80] * 310)
    assert result.percentile[300:].mean() > 0.95


def test_short_text_is_not_off_topic() -> None:
    """By distance alone the forty short ones would come first."""
    short = made(40, "kettle", "good", seed=5, words=5)
    reviews = slice_of([*made(160, "kettle", "good", words=25), *short, "great"])
    result = by_id(found(reviews, n=0))
    far = sorted(result.values(), key=lambda one: -one.distance)[:20]
    assert sum(one.text in short for one in far) >= 18
    scores = [result[f"r{row:04}"].score for row in range(160, 200)]
    assert 0.3 < np.mean(scores) < 0.7
    assert kinds(result["r0200"]) == {"empty"}


def test_copies_do_not_make_a_text_ordinary(kettles: list[str]) -> None:
    odd = "parliament voted about taxes while farmers blocked seven motorways near the capital"
    result = found(slice_of([*kettles, *[odd] * 30]), n=0)
    first = result.anomalies[:30]
    assert {one.text for one in first} == {odd}
    assert {(one.score, one.copies) for one in first} == {(first[0].score, 30)}
    assert [one.review_id for one in first] == sorted(one.review_id for one in first)


def test_review_under_another_product_is_found() -> None:
    texts = [*made(60, "kettle", "good"), *made(60, "lamp", "good")]
    texts += made(1, "lamp", "good", seed=9, words=30)
    products = ["kettle"] * 60 + ["lamp"] * 60 + ["kettle"]
    result = found(slice_of(texts, products=products), n=3)
    first = next(one for one in result.anomalies if one.review_id == "r0120")
    assert kinds(first) >= {"unlike its product"}
    assert "nearer to the reviews of lamp" in "".join(reason.text for reason in first.reasons)
    assert result.kinds["unlike its product"] == 1


def test_products_that_cannot_be_told_apart_are_not_compared() -> None:
    texts = made(200, "kettle", "good")
    result = found(slice_of(texts, products=["black", "white"] * 100), n=0)
    assert result.kinds["unlike its product"] == 0


def starred() -> Slice:
    """Sixty good, sixty bad, and at the end one of each with the stars of the other."""
    good, bad = made(61, "kettle", "good", seed=3), made(61, "kettle", "bad", seed=4)
    good[-1] = "great excellent happy love perfect recommend kettle great love"
    bad[-1] = "awful broken useless refund terrible disappointed kettle awful refund"
    stars = [5.0] * 60 + [1.0] * 60 + [1.0, 5.0]
    texts = [*good[:60], *bad[:60], good[60], bad[60]]
    return slice_of(texts, FakeEncoder(dimension=64).encode_documents(texts), stars=stars)


def test_stars_that_contradict_the_text_are_found() -> None:
    assert found(starred(), kinds=()).anomalies == ()
    result = found(starred(), kinds=("stars contradict text",))
    assert {one.review_id for one in result.anomalies[:2]} == {"r0120", "r0121"}
    assert result.stars_told is not None
    assert result.stars_told > 0.9
    one = by_id(result)["r0120"]
    assert one.stars_expected is not None
    assert one.stars_expected > 0.85
    assert one.score >= one.stars_expected - 1e-4
    text = next(reason.text for reason in one.reasons if reason.kind == "stars contradict text")
    assert text.startswith("1 star, where the text speaks for four or five (")
    praised = by_id(result)["r0121"]
    assert praised.stars_expected is not None
    assert 1 - praised.stars_expected - 1e-4 <= praised.score <= 1


def test_stars_that_texts_do_not_tell_contradict_nothing() -> None:
    stars = [float(star) for star in np.random.default_rng(6).choice([1, 5], 160)]
    texts = made(160, "kettle", "good", "bad")
    vectors = FakeEncoder(dimension=64).encode_documents(texts)
    result = found(slice_of(texts, vectors, stars=stars), n=0)
    assert result.kinds["stars contradict text"] == 0
    assert "cannot be told from them" in result.notes[0]
    assert {one.stars_expected for one in result.anomalies} == {None}


def test_without_stars_it_is_said_that_they_were_not_compared(kettles: list[str]) -> None:
    result = found(slice_of(kettles))
    assert result.stars_told is None
    assert "stars were not compared with texts" in result.notes[0]


def test_nearest_theme_is_told(kettles: list[str]) -> None:
    reviews = slice_of([*kettles, *made(60, "lamp", "good")])
    themed = reviews.take(np.arange(180))
    themed.clusters[:120], themed.clusters[120:] = 4, 7
    result = by_id(found(themed, n=0))
    assert {result[f"r{row:04}"].theme for row in range(120)} == {4}
    assert {result[f"r{row:04}"].theme for row in range(120, 180)} == {7}
    assert {one.theme for one in found(reviews, n=0).anomalies} == {-1}


# -- two roads -----------------------------------------------------------------------------------


def clouds() -> NDArray[np.float32]:
    random = np.random.default_rng(7)
    points = random.standard_normal((300, 16)) + 3 * random.standard_normal((3, 16)).repeat(100, 0)
    return (points / np.linalg.norm(points, axis=1, keepdims=True)).astype(np.float32)


@pytest.mark.parametrize("k", [5, 20])
def test_local_outlier_factor_is_that_of_scikit_learn(k: int) -> None:
    from sklearn.neighbors import LocalOutlierFactor

    vectors = clouds()
    theirs = LocalOutlierFactor(n_neighbors=k, metric="cosine").fit(vectors)
    ours = local_outlier_factor(nearest(vectors, 30), k)
    np.testing.assert_allclose(ours, -theirs.negative_outlier_factor_, rtol=1e-4)


def test_product_margins_are_those_of_plain_loops() -> None:
    vectors = clouds()
    products = ["abc"[row // 100] for row in range(300)]
    margins, _, told = product_margins(vectors, products)
    for row in (0, 99, 150, 299):
        centres = {}
        for name in "abc":
            own = [one for one in range(300) if products[one] == name and one != row]
            centre = vectors[own].sum(axis=0)
            centres[name] = float(centre @ vectors[row] / np.linalg.norm(centre))
        mine = centres.pop(products[row])
        assert margins[row] == pytest.approx(mine - max(centres.values()), abs=1e-5)
    assert told == np.mean(margins > 0)


# -- edges ---------------------------------------------------------------------------------------


def test_same_answer_twice_and_another_order_of_rows_the_same_scores() -> None:
    reviews = starred()
    once, again = (json.dumps(asdict(found(reviews, n=0))) for _ in range(2))
    assert once == again
    turned = by_id(found(reviews.take(np.arange(len(reviews))[::-1]), n=0))
    for name, one in by_id(found(reviews, n=0)).items():
        assert one.distance == pytest.approx(turned[name].distance, abs=2e-4)
        assert one.lof == pytest.approx(turned[name].lof, abs=2e-4)


def test_list_is_by_falling_score_and_as_long_as_asked(kettles: list[str]) -> None:
    reviews = slice_of(kettles)
    every = found(reviews, n=0)
    scores = [one.score for one in every.anomalies]
    assert len(scores) == 120
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)
    assert found(reviews, n=7).anomalies == every.anomalies[:7]
    assert set(every.kinds) == set(KINDS)
    assert len(found(reviews, n=0, kinds=("unusual",))) == every.kinds["unusual"]


@pytest.mark.parametrize("texts", [[], ["One."], ["All the same"] * 50, made(19, "kettle")])
def test_too_few_texts_are_refused(texts: list[str]) -> None:
    reviews = slice_of(["one"]).take(np.arange(0)) if not texts else slice_of(texts)
    with pytest.raises(TooFewReviews, match=r"different texts in .* wanted at least 20"):
        found(reviews)


def test_twenty_texts_are_enough() -> None:
    assert len(found(slice_of(made(20, "kettle")))) == 20


def test_equal_vectors_give_finite_figures() -> None:
    texts = [f"text number {row} {'x' * row}" for row in range(30)]
    vectors = np.tile([[1.0, 0.0]], (30, 1))
    result = found(slice_of(texts, vectors), n=0)
    assert all(np.isfinite([one.score, one.distance, one.lof]).all() for one in result.anomalies)
    assert result.kinds["off-topic"] == 0


@pytest.mark.cjk
def test_chinese_corpus_is_in_its_own_language() -> None:
    random = np.random.default_rng(9)
    signs = list("这音箱的质很好电池也耐用孩子们喜欢味道不错")
    texts = ["".join(random.choice(signs, 20)) for _ in range(30)]
    result = found(slice_of([*texts, "The kettle boils"], languages=["zh"] * 30 + ["en"]), n=0)
    assert result.languages == ("zh",)
    assert result.kinds["other language"] == 1
    assert "other language" in kinds(by_id(result)["r0030"])


@pytest.mark.parametrize(
    ("options", "wanted"),
    [({"n": -1}, "0 for all"), ({"kinds": ("odd",)}, "wanted one of: off-topic")],
)
def test_what_cannot_be_asked_is_refused(options: dict[str, Any], wanted: str) -> None:
    with pytest.raises(InputError, match=wanted):
        found(slice_of(made(30, "kettle")), **options)


def read(stars: Sequence[float]) -> Polarity:
    count = len(stars)
    return read_polarity(
        clouds()[:count], np.array(stars), np.arange(count), [True] * count, seed=0
    )


def test_stars_need_both_sides() -> None:
    assert read([5.0] * 200 + [1.0] * 19).told is None
    assert read([5.0] * 200 + [1.0] * 20).told is not None
    assert read([3.0] * 200).told is None


def test_distances_of_texts_of_one_length() -> None:
    result = distances(nearest(clouds(), 20), [10] * 300)
    assert np.isfinite(result.percentile).all()
