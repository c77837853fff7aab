"""The graph of nearest neighbours."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from reviewlens.ground import neighbors
from reviewlens.ground.neighbors import exact_rows, inverted_lists, nearest


def unit_vectors(rows: int, dimension: int = 24, seed: int = 1) -> NDArray[np.float32]:
    found = np.random.default_rng(seed).standard_normal((rows, dimension)).astype(np.float32)
    return found / np.linalg.norm(found, axis=1, keepdims=True)


def test_neighbours_on_a_circle_are_those_beside() -> None:
    angles = np.deg2rad([0, 10, 30, 60])
    graph = nearest(np.column_stack([np.cos(angles), np.sin(angles)]).astype(np.float32), 2)
    assert graph.rows.tolist() == [[1, 2], [0, 2], [1, 0], [2, 1]]
    assert graph.similarities[0] == pytest.approx(np.cos(np.deg2rad([10, 30])), abs=1e-6)
    assert (len(graph), graph.k, graph.recall) == (4, 2, 1.0)


def test_exact_neighbours_are_those_of_all_products() -> None:
    vectors = unit_vectors(neighbors._BLOCK_ROWS + 50)  # more than are searched for at once
    graph = nearest(vectors, 7)
    some = np.r_[0:200, len(vectors) - 100 : len(vectors)]
    products = vectors[some] @ vectors.T
    products[np.arange(len(some)), some] = -2
    assert np.array_equal(graph.rows[some], np.argsort(-products, axis=1)[:, :7])
    assert np.allclose(graph.similarities[some], -np.sort(-products, axis=1)[:, :7], atol=1e-6)


def test_no_row_is_its_own_neighbour_even_among_copies() -> None:
    vectors = np.repeat(unit_vectors(3), 20, axis=0)
    graph = nearest(vectors, 5)
    assert not (graph.rows == np.arange(60)[:, None]).any()
    assert np.array_equal(
        graph.rows // 20, np.repeat([[0], [1], [2]], 20, axis=0).repeat(5, axis=1)
    )
    assert graph.similarities == pytest.approx(1.0, abs=1e-6)


@pytest.mark.parametrize(("rows", "k"), [(0, 0), (1, 0), (2, 1), (4, 3)])
def test_few_rows_have_few_neighbours(rows: int, k: int) -> None:
    graph = nearest(unit_vectors(rows), 10)
    assert graph.rows.shape == graph.similarities.shape == (rows, k)


def test_inverted_lists_find_nearly_all_and_the_recall_is_told() -> None:
    centres = unit_vectors(40)
    vectors = np.repeat(centres, 50, axis=0) + 0.05 * unit_vectors(2_000, seed=2)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    graph = nearest(vectors, 10, search=inverted_lists(vectors))
    exact = nearest(vectors, 10)
    found = np.mean(
        [len(np.intersect1d(*pair)) for pair in zip(graph.rows, exact.rows, strict=True)]
    )
    assert found / 10 > 0.95
    assert graph.recall == pytest.approx(found / 10, abs=0.03)
    again = nearest(vectors, 10, search=inverted_lists(vectors))
    assert np.array_equal(graph.rows, again.rows)


def test_what_a_search_leaves_out_is_completed() -> None:
    vectors = unit_vectors(50)
    complete = neighbors.exact_search(vectors)

    def poor(
        queries: NDArray[np.float32], limit: int
    ) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        rows, similarities = complete(queries, limit)
        rows[::2, 3:] = -1
        return rows, similarities

    graph = nearest(vectors, 6, search=poor)
    assert np.array_equal(graph.rows, nearest(vectors, 6).rows)
    assert graph.recall == 1.0


def test_many_rows_go_through_inverted_lists() -> None:
    vectors = unit_vectors(500)
    assert nearest(vectors, 5, exact_up_to=500).recall == 1
    assert nearest(vectors, 5, exact_up_to=499).recall < 1
    assert exact_rows(384) > 50_000


def test_progress_ends_with_all_rows() -> None:
    told: list[tuple[str, int, int]] = []
    nearest(unit_vectors(10), 3, on_progress=lambda *step: told.append(step))
    assert told[-1] == ("neighbours", 10, 10)
