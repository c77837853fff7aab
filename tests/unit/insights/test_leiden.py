"""The private steps of scikit-network that make communities the same every time.

Where one fails after scikit-network was updated: see what became of the step, mend
`insights/clusters/leiden.py`, and only then add the version to its `KNOWN`.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from importlib.metadata import version
from typing import Any

import numpy as np
import pytest
from scipy import sparse
from sknetwork.clustering import Leiden

from reviewlens.errors import ReviewLensError
from reviewlens.insights.clusters import leiden
from reviewlens.insights.clusters.leiden import KNOWN, greedy_leiden


@pytest.fixture(autouse=True)
def _made_anew() -> Iterator[None]:
    leiden._greedy.cache_clear()
    yield
    leiden._greedy.cache_clear()


def random_graph() -> sparse.csr_matrix:
    draw = np.random.default_rng(5)
    upper = sparse.triu(sparse.random(300, 300, 0.03, random_state=draw, dtype=np.float64), 1)
    return sparse.csr_matrix(upper + upper.T)


def test_the_version_installed_is_known() -> None:
    assert version("scikit-network") in KNOWN


def test_the_steps_take_what_they_did() -> None:
    weights = ["adjacency", "out_weights", "in_weights"]
    assert list(inspect.signature(Leiden._optimize).parameters) == ["self", "labels", *weights]
    assert list(inspect.signature(Leiden._optimize_refine).parameters) == [
        "self", "labels", "labels_refined", *weights
    ]  # fmt: skip


def test_a_pass_gives_labels_and_the_rise_of_the_modularity() -> None:
    pair = sparse.csr_matrix(np.kron(np.eye(2), [[0, 1], [1, 0]]))
    weights = np.full(4, 0.25)
    labels, rise = Leiden()._optimize(np.arange(4), pair / pair.sum(), weights, weights)
    assert labels[0] == labels[1] != labels[2] == labels[3]
    assert rise > 0


def test_fit_asks_for_the_step_that_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    greedy = leiden._greedy()
    own = greedy._optimize_refine

    def counted(self: Any, labels: Any, *more: Any) -> Any:
        asked.append(len(labels))
        return own(self, labels, *more)

    monkeypatch.setattr(greedy, "_optimize_refine", counted)
    greedy_leiden(random_graph(), 1.0, 1e-3)
    assert asked[0] == 300


def test_communities_are_the_same_every_time() -> None:
    graph = random_graph()
    first = greedy_leiden(graph, 1.0, 1e-3)
    assert len(set(first.tolist())) > 3
    for _ in range(5):
        np.testing.assert_array_equal(greedy_leiden(graph, 1.0, 1e-3), first)


def test_another_way_to_refine_is_refused_and_not_left_to_chance(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delattr(Leiden, "_optimize_refine")
    with pytest.raises(ReviewLensError, match=r"pip install scikit-network==0\.33\.5"):
        greedy_leiden(random_graph(), 1.0, 1e-3)
