from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from reviewlens.search.relevance import Question, prevalence
from reviewlens.search.relevance.share import Asked, CountLevel, calibrate_count

LEVEL = CountLevel(
    similarity=10.0,
    typical=-5.0,
    foreign=-2.0,
    intercept=-1.0,
    found=80,
    questions=100,
    false_share=0.02,
    false_low=0.0,
    false_high=0.04,
)


def question(typical: float = 0.0, foreign: float = 0.0) -> Question:
    return Question("", np.zeros(3, dtype=np.float32), frozenset(), typical, foreign)


def test_smallest_cosine_depends_on_the_query() -> None:
    # 10 c - 5 * 0.2 - 2 * 0.5 - 1 = 0
    assert LEVEL.cosine(question(0.2, 0.5)) == pytest.approx(0.3)
    assert LEVEL.cosine(question()) == pytest.approx(0.1)


def test_prevalence_by_hand() -> None:
    found = prevalence(98, 1000, LEVEL)
    # (0.098 - 0.02) / (0.8 - 0.02)
    assert found.share.value == 0.1
    assert found.reviews.value == 100.0
    assert found.share.low < 0.1 - 0.02 / 0.78 < 0.1 + 0.02 / 0.78 < found.share.high


def test_prevalence_covers_what_was_planted() -> None:
    random = np.random.default_rng(3)
    covered = 0
    for _ in range(300):
        false = float(np.clip(random.normal(0.02, 0.0102), 0, 1))
        counted = int(random.binomial(60, 0.8) + random.binomial(940, false))
        found = prevalence(counted, 1000, LEVEL).share
        covered += found.low <= 0.06 <= found.high
    assert covered >= 0.93 * 300


def test_none_counted_is_still_an_interval() -> None:
    found = prevalence(0, 100, LEVEL).share
    assert (found.value, found.low) == (0.0, 0.0)
    assert 0 < found.high < 0.2
    assert prevalence(100, 100, LEVEL).share.value == 1.0


def test_a_level_that_tells_nothing_gives_a_wide_interval() -> None:
    found = prevalence(50, 100, replace(LEVEL, found=50, false_share=0.5, false_high=0.6)).share
    assert found.high - found.low > 0.9


def test_calibrated_level_finds_planted_pairs() -> None:
    random = np.random.default_rng(0)
    cosines = random.normal(0.1, 0.05, (40, 200)).astype(np.float32)
    own = [int(row) for row in random.permutation(200)[:40]]
    cosines[np.arange(40), own] = random.normal(0.5, 0.05, 40)
    foreign = random.normal(0.05, 0.05, (60, 200)).astype(np.float32)
    level = calibrate_count(
        Asked([question()] * 40, cosines), own, Asked([question()] * 60, foreign)
    )
    assert level is not None
    assert (level.found, level.questions) == (40, 40)
    assert 0.18 < level.cosine(question()) < 0.23  # where one in fifty of the others is
    assert level.false_share < 0.02
    assert level.false_low <= level.false_share <= level.false_high


def test_no_level_where_a_question_is_no_nearer_to_its_review() -> None:
    cosines = np.full((10, 60), 0.3, dtype=np.float32)
    cosines[np.arange(10), np.arange(10)] = 0.1
    asked = Asked([question()] * 10, cosines)
    assert calibrate_count(asked, list(range(10)), asked) is None
