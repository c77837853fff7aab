from __future__ import annotations

import math

import numpy as np
import pytest

from reviewlens.evaluation.metrics import (
    bootstrapped_mean,
    ndcg,
    paired_difference,
    recall,
    reciprocal_rank,
)


def test_measures_are_those_computed_by_hand() -> None:
    ranking, relevant = ["a", "b", "c", "d"], {"b", "d", "x"}
    assert recall(ranking, relevant, 2) == pytest.approx(1 / 3)
    assert recall(ranking, relevant, 10) == pytest.approx(2 / 3)
    assert reciprocal_rank(ranking, relevant, 10) == 0.5
    assert reciprocal_rank(ranking, {"d"}, 3) == 0.0
    best = 1 + 1 / math.log2(3) + 0.5
    assert ndcg(ranking, relevant, 10) == pytest.approx(
        (1 / math.log2(3) + 1 / math.log2(5)) / best
    )


def test_a_perfect_ranking_has_1_and_an_empty_one_0() -> None:
    for measure in (recall, reciprocal_rank, ndcg):
        assert measure(["a", "b"], {"a", "b"}, 10) == 1.0
        assert measure([], {"a"}, 10) == 0.0


def test_measures_agree_with_trec_eval() -> None:
    """The reference implementation, by other people, of the same definitions."""
    pytrec_eval = pytest.importorskip("pytrec_eval")
    random = np.random.default_rng(3)
    names = [f"d{number:03}" for number in range(60)]
    run: dict[str, dict[str, float]] = {}
    truth: dict[str, dict[str, int]] = {}
    rankings: dict[str, list[str]] = {}
    for query in range(200):
        found = random.choice(names, int(random.integers(1, 30)), replace=False).tolist()
        wanted = random.choice(names, int(random.integers(1, 15)), replace=False).tolist()
        rankings[f"q{query}"] = found
        run[f"q{query}"] = {name: float(len(found) - rank) for rank, name in enumerate(found)}
        truth[f"q{query}"] = dict.fromkeys(wanted, 1)
    measures = {"recall.1,10", "ndcg_cut.10", "recip_rank"}
    reference = pytrec_eval.RelevanceEvaluator(truth, measures).evaluate(run)
    for query, ranking in rankings.items():
        relevant, theirs = truth[query], reference[query]
        assert recall(ranking, relevant, 1) == pytest.approx(theirs["recall_1"], abs=1e-6)
        assert recall(ranking, relevant, 10) == pytest.approx(theirs["recall_10"], abs=1e-6)
        assert ndcg(ranking, relevant, 10) == pytest.approx(theirs["ndcg_cut_10"], abs=1e-6)
        assert reciprocal_rank(ranking, relevant, len(ranking)) == pytest.approx(
            theirs["recip_rank"], abs=1e-6
        )


def test_bootstrap_intervals_hold_the_mean_and_come_again() -> None:
    values = np.random.default_rng(1).random(200).tolist()
    found = bootstrapped_mean(values, seed=4)
    assert found.low < found.value < found.high
    # about 1.96 standard errors to either side
    error = float(np.std(values, ddof=1) / math.sqrt(200))
    assert found.high - found.low == pytest.approx(2 * 1.96 * error, rel=0.1)
    assert bootstrapped_mean(values, seed=4) == found
    assert bootstrapped_mean([0.5], seed=0).low == 0.5


def test_a_paired_difference_is_narrower_than_its_parts() -> None:
    random = np.random.default_rng(2)
    hard = random.random(300)
    one, other = (hard + 0.05).tolist(), hard.tolist()
    found = paired_difference(one, other, seed=0)
    assert (found.value, found.low, found.high) == (0.05, 0.05, 0.05)
    with pytest.raises(ValueError, match="longer"):
        paired_difference([1.0], [1.0, 2.0], seed=0)
