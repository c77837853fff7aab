"""Mean pairwise similarity, Vendi score, and samples that stand for all."""

from __future__ import annotations

import json
from dataclasses import asdict
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from reviewlens.errors import InputError, TooFewReviews
from reviewlens.insights.diversity import (
    _bootstrapped,
    mean_similarity,
    measure_diversity,
    spectral_entropy,
)
from reviewlens.insights.sample import choose_sample
from slices_of import slice_of

TOPICS = np.eye(16)


def around(topics: list[int], noise: float = 0.05, seed: int = 0) -> NDArray[Any]:
    rng = np.random.default_rng(seed)
    vectors = TOPICS[topics] + noise * rng.standard_normal((len(topics), 16))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def named(count: int) -> list[str]:
    return [f"text {number}" for number in range(count)]


# -- by hand -------------------------------------------------------------------------------------


def test_two_unlike_reviews_are_two_things() -> None:
    found = measure_diversity(slice_of(named(2), TOPICS[:2])).overall
    assert (found.vendi.value, found.similarity.value) == (2.0, 0.0)


def test_copies_are_one_thing() -> None:
    found = measure_diversity(slice_of(["same"] * 30)).overall
    assert asdict(found.vendi) == {"value": 1.0, "low": 1.0, "high": 1.0}
    assert asdict(found.similarity) == {"value": 1.0, "low": 1.0, "high": 1.0}


def test_three_of_four_alike_by_hand() -> None:
    found = measure_diversity(slice_of(named(4), TOPICS[[0, 0, 0, 1]])).overall
    assert found.similarity.value == 0.5  # three pairs of six
    expected = np.exp(-(0.75 * np.log(0.75) + 0.25 * np.log(0.25)))
    assert found.vendi.value == pytest.approx(expected, abs=0.005)
    assert found.unusual.review_id == "r0003"
    assert found.typical.review_id != "r0003"


# -- two roads -----------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [7, 16, 200])
def test_figures_are_those_of_all_pairs(count: int) -> None:
    vectors = around([n % 5 for n in range(count)], 0.4)
    cosines = vectors.astype(float) @ vectors.T
    pairs = [cosines[one, other] for one, other in combinations(range(count), 2)]
    mean, to_others = mean_similarity(vectors)
    assert mean == pytest.approx(np.mean(pairs), abs=1e-5)
    own = (cosines.sum(axis=1) - 1) / (count - 1)
    assert to_others == pytest.approx(own - own.mean(), abs=1e-5)
    values = np.linalg.eigvalsh(cosines / count)
    values = values[values > 1e-12]
    entropy, _ = spectral_entropy(vectors)
    assert np.exp(entropy) == pytest.approx(np.exp(-(values * np.log(values)).sum()), rel=1e-4)


@pytest.mark.parametrize("count", [12, 300])
def test_influence_is_the_change_of_a_little_more_weight(count: int) -> None:
    vectors = around([n % 4 for n in range(count)], 0.3)
    entropy, surprise = spectral_entropy(vectors)
    step = 1e-4
    for row in (0, 5):
        weights = np.full(count, (1 - step) / count)
        weights[row] += step
        values = np.linalg.eigvalsh((vectors * weights[:, None]).T.astype(float) @ vectors)
        values = values[values > 1e-9]
        moved = -(values * np.log(values)).sum()
        assert (moved - entropy) / step == pytest.approx(surprise[row], abs=0.02)


# By leaving each out, and by the derivative. Of more than 100 the score of equal size is drawn as
# well, which takes ten times as long and has a test of its own.
@pytest.mark.parametrize("count", [20, 100])
def test_intervals_hold_the_expected_figures(count: int) -> None:
    rng = np.random.default_rng(1)

    def drawn() -> NDArray[Any]:
        topics = rng.choice(16, count, p=np.array([8, 4, 2, 2, *[1] * 12]) / 28)
        return around(topics.tolist(), 0.1, int(rng.integers(1 << 30)))

    several = [drawn() for _ in range(300)]
    vendi = np.mean([np.exp(spectral_entropy(one)[0]) for one in several])
    similarity = np.mean([mean_similarity(one)[0] for one in several])
    held = np.zeros(2)
    for _ in range(60):
        found = measure_diversity(slice_of(named(count), drawn())).overall
        held[0] += found.vendi.low <= vendi <= found.vendi.high
        held[1] += found.similarity.low <= similarity <= found.similarity.high
    assert held.min() >= 49  # of 60; 55 to 58 are to be expected


def test_interval_of_many_is_that_of_the_mean() -> None:
    rng = np.random.default_rng(2)
    influences = rng.standard_normal((9_000, 1))
    low, high = _bootstrapped(influences - influences.mean(), rng)[:, 0]
    expected = 1.96 * influences.std() / np.sqrt(9_000)
    assert (-low, high) == pytest.approx((expected, expected), rel=0.15)


def test_interval_of_few_is_by_leaving_each_out() -> None:
    vectors = around([0, 0, 1, 2, 3, 3, 3, 4, 5, 6, 7, 8], 0.3)
    entropies = [spectral_entropy(np.delete(vectors, row, 0))[0] for row in range(12)]
    error = np.std(entropies) * 11 / np.sqrt(12)  # jackknife
    vendi = measure_diversity(slice_of(named(12), vectors)).overall.vendi
    assert np.log(vendi.high / vendi.low) / 2 / 2.2 == pytest.approx(error, rel=0.1)  # t of 11


# -- planted -------------------------------------------------------------------------------------


def planted() -> Any:
    """A product of eight subjects, one of two with more reviews, and one of three reviews."""
    topics = [n % 8 for n in range(40)] + [n % 2 for n in range(120)] + [9, 9, 9]
    products = ["varied"] * 40 + ["narrow"] * 120 + ["small"] * 3
    return slice_of(
        named(163),
        around(topics),
        products=products,
        stars=[n % 5 + 1 for n in range(162)] + [None],
    )


def test_varied_product_comes_first_though_it_is_smaller() -> None:
    found = measure_diversity(planted(), by="product")
    varied, narrow = found.groups
    assert (varied.group, narrow.group) == ("varied", "narrow")
    assert varied.vendi_equal.low > narrow.vendi_equal.high
    assert varied.similarity.high < narrow.similarity.low
    assert varied.vendi.value == pytest.approx(8, abs=1.5)
    assert found.equal_size == 40
    assert (found.groups_left_out, found.reviews_left_out, found.reviews_without) == (1, 3, 0)


def test_score_of_equal_size_does_not_grow_with_the_group() -> None:
    topics = np.random.default_rng(5).integers(16, size=630).tolist()
    products = ["small"] * 30 + ["large"] * 600
    found = measure_diversity(
        slice_of(named(630), around(topics, 0.3), products=products), by="product"
    )
    small, large = sorted(found.groups, key=lambda group: group.reviews)
    assert large.vendi.value > small.vendi.value * 1.04
    assert large.vendi_equal.value == pytest.approx(small.vendi_equal.value, rel=0.05)


def test_groups_by_calendar_stars_and_columns() -> None:
    dates = ["2024-01-05", "2024-02-05", None, "2024-02-29", "2024-01-31", "2023-12-31"]
    reviews = slice_of(
        named(6),
        TOPICS[:6],
        dates=dates,
        stars=[1, 4.6, 5, 1.2, None, 3],
        extra=[
            {"city": "Rom"},
            {"city": "Rom"},
            {"city": ""},
            {},
            {"city": "上海"},
            {"city": "上海"},
        ],
        clusters=[0, 0, 2, 2, -1, -1],
    )

    def groups(by: str) -> list[str]:
        return [group.group for group in measure_diversity(reviews, by=by, min_reviews=2).groups]

    assert groups("month") == ["2024-01", "2024-02"]
    assert groups("year") == ["2024"]
    assert groups("stars") == ["1", "5"]
    assert sorted(groups("city")) == ["Rom", "上海"]
    assert sorted(groups("cluster")) == ["0", "2"]
    assert measure_diversity(reviews, by="month", min_reviews=2).reviews_without == 1


def test_same_seed_gives_the_same_bytes() -> None:
    one, two, other = (
        json.dumps(asdict(measure_diversity(planted(), by="stars", seed=seed)))
        for seed in (3, 3, 4)
    )
    assert one == two
    assert one != other


def test_too_few_reviews_is_told() -> None:
    with pytest.raises(TooFewReviews, match="there is 1 review; wanted at least 2"):
        measure_diversity(slice_of(["one"]))
    with pytest.raises(TooFewReviews, match=r"no product has 500 reviews, the most .* is 120"):
        measure_diversity(planted(), by="product", min_reviews=500)
    with pytest.raises(TooFewReviews, match="no month has 20 reviews, the most that one has is 0"):
        measure_diversity(planted(), by="month")


def test_unknown_column_is_told_with_a_near_one() -> None:
    with pytest.raises(InputError, match=r"no column 'produkt'.* did you mean 'product'"):
        measure_diversity(planted(), by="produkt")


# -- samples -------------------------------------------------------------------------------------


def test_representative_sample_has_one_of_each_subject_the_largest_first() -> None:
    topics = [0] * 50 + [1] * 30 + [2] * 20
    sample = choose_sample(slice_of(named(100), around(topics)), 3)
    assert [topics[int(one.review_id[1:])] for one in sample.sample] == [0, 1, 2]
    assert [one.stands_for for one in sample.sample] == [50, 30, 20]
    assert sample.coverage > 0.9


def test_representative_sample_is_that_of_plain_greedy() -> None:
    vectors = around([n % 6 for n in range(150)], 0.5)
    cosines = vectors @ vectors.T
    covered, plain = np.zeros(150), []
    for _ in range(8):
        gains = np.maximum(cosines - covered, 0).sum(axis=1)
        gains[plain] = -1
        plain.append(int(gains.argmax()))
        covered = np.maximum(covered, cosines[plain[-1]])
    sample = choose_sample(slice_of(named(150), vectors), 8)
    assert [int(one.review_id[1:]) for one in sample.sample] == plain
    assert sample.coverage == pytest.approx(covered.mean(), abs=1e-3)


def test_representative_pair_is_near_the_best_of_all_pairs() -> None:
    vectors = around([n % 4 for n in range(40)], 0.5)
    cosines = vectors @ vectors.T
    best = max(
        np.maximum(cosines[a], cosines[b]).clip(0).mean() for a, b in combinations(range(40), 2)
    )
    assert choose_sample(slice_of(named(40), vectors), 2).coverage >= 0.9 * best


def test_diverse_sample_finds_what_is_rare() -> None:
    topics = [0] * 90 + [1] * 8 + [2, 3]
    sample = choose_sample(slice_of(named(100), around(topics, 0.02)), 4, kind="diverse")
    assert {topics[int(one.review_id[1:])] for one in sample.sample} == {0, 1, 2, 3}
    assert topics[int(sample.sample[0].review_id[1:])] == 0
    assert max(one.nearest or 0 for one in sample.sample) < 0.3


@pytest.mark.parametrize("kind", ["representative", "diverse"])
def test_no_text_is_chosen_twice(kind: Any) -> None:
    texts = ["很好 会再买", "Good", "good ", "Leaks at once"]
    sample = choose_sample(slice_of(texts), 9, kind=kind)
    assert sorted(one.review_id for one in sample.sample) == ["r0000", "r0001", "r0003"]
    assert (sample.reviews, sample.distinct, sample.worst) == (4, 3, 1.0)
    assert sum(one.stands_for for one in sample.sample) == 4


def test_texts_of_one_vector_are_all_chosen_where_all_are_wanted() -> None:
    sample = choose_sample(slice_of(named(3), TOPICS[[0, 0, 0]]), 3)
    assert sorted(one.review_id for one in sample.sample) == ["r0000", "r0001", "r0002"]


@pytest.mark.parametrize(("compared", "candidates"), [(1_540_000, 1_100), (6_000, 1_000)])
def test_sample_of_many_is_drawn_from_some(compared: int, candidates: int) -> None:
    reviews = slice_of(named(1_400), around([n % 3 for n in range(1_400)]))
    samples = [choose_sample(reviews, 6, compared=compared, seed=seed) for seed in (1, 1, 2)]
    assert samples[0] == samples[1] != samples[2]
    assert samples[0].candidates == candidates
    assert samples[0].coverage > 0.9


def test_sample_of_nothing_is_told() -> None:
    with pytest.raises(TooFewReviews, match="no reviews to choose from"):
        choose_sample(slice_of([]), 3)
    with pytest.raises(InputError, match="sample of 0"):
        choose_sample(slice_of(["a"]), 0)
    assert choose_sample(slice_of(["a"]), 3).sample[0].nearest is None
