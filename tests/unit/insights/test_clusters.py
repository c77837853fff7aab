"""Clusters: the graph of shared neighbours, its partition, labels, and what is said of each."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from functools import cache
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import sparse
from sklearn.metrics import adjusted_mutual_info_score, adjusted_rand_score

from reviewlens.errors import InputError, TooFewReviews
from reviewlens.ground.neighbors import NeighborGraph, nearest
from reviewlens.ground.slices import Slice
from reviewlens.insights.clusters import Clusters, by_sentence, centred, find_clusters
from reviewlens.insights.clusters.clustering import place_reviews
from reviewlens.insights.clusters.graph import shared_neighbors
from reviewlens.insights.clusters.labels import label_groups
from reviewlens.insights.clusters.partition import (
    GRID,
    Partition,
    Trial,
    by_size,
    communities,
    join_small,
    partition,
    subdivide,
)
from reviewlens.text.contentless import says_nothing
from slices_of import ENCODER, slice_of

SUBJECTS = {
    "battery": "battery charge drains empty hours dies power".split(),  # noqa: SIM905
    "parcel": "parcel box crushed courier dented carton torn".split(),  # noqa: SIM905
    "refund": "refund support email answer money waiting reply".split(),  # noqa: SIM905
    "sound": "sound bass treble speaker music volume crisp".split(),  # noqa: SIM905
}


def graph_of(rows: list[list[int]]) -> NeighborGraph:
    found = np.array(rows, np.int32)
    return NeighborGraph(found, np.ones(found.shape, np.float32), 1.0)


def blobs(groups: int, size: int, *, spread: float = 0.5, seed: int = 0) -> tuple[Any, Any]:
    draw = np.random.default_rng(seed)
    centres = draw.standard_normal((groups, 32))
    truth = np.repeat(np.arange(groups), size)
    vectors = centres[truth] + spread * draw.standard_normal((groups * size, 32))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors.astype(np.float32), truth


def weights_of(vectors: NDArray[np.float32]) -> sparse.csr_matrix:
    return shared_neighbors(nearest(vectors), np.arange(len(vectors)), vectors)


@cache
def planted() -> tuple[Slice, tuple[str, ...]]:
    """Four subjects of 30, 25, 20 and 15 reviews, and five that say nothing."""
    draw = np.random.default_rng(0)
    texts, truth = [], []
    for (subject, words), size in zip(SUBJECTS.items(), (30, 25, 20, 15), strict=True):
        for _ in range(size):
            texts.append(" ".join([subject, *draw.choice(words, 4, replace=False)]))
            truth.append(subject)
    texts += ["Love it!", "ok", "5/5", "Great product", ""]
    truth += ["nothing"] * 5
    stars = [1.0, 2.0, 2.0, 4.0, 5.0]
    names = list(SUBJECTS)
    return slice_of(
        texts,
        stars=[stars[([*names, "nothing"]).index(subject)] for subject in truth],
        dates=[f"2024-01-{row % 28 + 1:02d}" for row in range(len(texts))],
        products=[f"Kettle {row % 2}" for row in range(len(texts))],
    ), tuple(truth)


@cache
def planted_found() -> Clusters:
    return found_in(planted()[0])


def found_in(reviews: Slice, **options: Any) -> Clusters:
    return find_clusters(reviews, nearest(reviews.vectors), **options)


# -- by hand -------------------------------------------------------------------------------------


def test_weight_of_an_edge_is_the_jaccard_index_of_its_neighbours() -> None:
    # Sets with oneself: 0 {0,1,2}, 1 {0,1,2}, 2 {1,2,3}, 3 {1,2,3}.
    graph = graph_of([[1, 2], [0, 2], [1, 3], [2, 1]])
    weights = shared_neighbors(graph, np.arange(4), np.eye(4, dtype=np.float32), 2).toarray()
    expected = [[0, 1, 0.5, 0], [1, 0, 0.5, 0.5], [0.5, 0.5, 0, 1], [0, 0.5, 1, 0]]
    np.testing.assert_allclose(weights, expected)


def test_copies_are_one_node_and_their_places_go_to_others() -> None:
    vectors = np.array([[1, 0], [1, 0], [1, 0], [0.9, 0.4], [0.4, 0.9], [0, 1]], np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    node_of = np.array([0, 0, 0, 1, 2, 3])
    among_all = shared_neighbors(nearest(vectors, 2), node_of, vectors, 2)
    distinct = vectors[[0, 3, 4, 5]]
    alone = shared_neighbors(nearest(distinct, 2), np.arange(4), distinct, 2)
    np.testing.assert_allclose(among_all.toarray(), alone.toarray())


def test_small_communities_go_where_their_edges_lead() -> None:
    labels = np.array([0, 0, 0, 1, 1, 1, 2, 3], np.int32)
    edges = np.zeros((8, 8), np.float32)
    edges[6, 1] = edges[1, 6] = 0.2
    edges[6, 4] = edges[4, 6] = 0.7
    vectors = np.repeat(np.eye(2, dtype=np.float32), 4, axis=0)
    vectors[7] = [1, 0.1]  # no edge: nearest to the centre of the first
    joined = join_small(labels, sparse.csr_matrix(edges), 3, vectors)
    assert joined[6] == joined[3]
    assert joined[7] == joined[0] != joined[3]


def test_last_community_stays_however_small() -> None:
    lone = join_small(np.array([0, 1], np.int32), sparse.csr_matrix((2, 2)), 5, np.eye(2))
    assert lone.tolist() == [0, 0]


def test_labels_are_numbered_by_size_then_by_first_row() -> None:
    assert by_size(np.array([7, 3, 3, 9, 9, 4])).tolist() == [2, 0, 0, 1, 1, 3]


def test_terms_are_what_a_group_has_and_the_others_have_not() -> None:
    documents = [["box", "crushed"], ["box", "crushed"], ["box", "late"], ["box", "late"]]
    first, second = label_groups(documents, [0, 0, 1, 1], terms=1)
    assert (first, second) == (("box crushed",), ("box late",))
    first, second = label_groups(documents, [0, 0, 1, 1], terms=2)
    assert first[0] == "box crushed"
    assert second[0] == "box late"


def test_no_word_comes_twice_in_a_label() -> None:
    documents = [["box", "boxes", "crushed", "crush"]] * 3 + [["slow", "support"]] * 3
    for terms in label_groups(documents, [0, 0, 0, 1, 1, 1], terms=4):
        words = " ".join(terms).split()
        assert len(words) == len({word[:4] for word in words})
    assert {len(terms) for terms in label_groups([["a1"], ["a1"]], [0, 0])} == {1}


def test_groups_of_the_same_words_have_labels_of_their_own() -> None:
    labels = label_groups([["box"], ["box"], [], []], [0, 1, 2, 3])
    assert len(set(labels)) == 4


def test_labels_that_would_be_the_same_get_more_words() -> None:
    groups = [[["box", colour]] * 2 + [["box"]] * 8 for colour in ("red", "blue")]
    first, second = label_groups([*groups[0], *groups[1]], [0] * 10 + [1] * 10, terms=1)
    assert first == ("box",)
    assert second == ("box", "blue")


def test_weak_words_name_a_group_only_where_there_are_no_others() -> None:
    documents = [["kettle", "leaks"], ["kettle", "leaks"], ["kettle", "rusty"], ["lamp"], ["lamp"]]
    weak = {0: frozenset({"kettle"}), 1: frozenset({"lamp"})}
    first, second = label_groups(documents, [0, 0, 0, 1, 1], weak=weak, terms=1)
    assert first == ("leaks",)
    assert second == ("lamp",)


@pytest.mark.parametrize(
    ("text", "language", "nothing"),
    [
        ("Love it!", "en", True),
        ("⭐⭐⭐⭐⭐", "", True),
        ("", "", True),
        ("10/10", "", True),
        ("Exactly what I wanted.", "en", True),
        ("Sehr gut", "de", True),
        pytest.param("非常好！！！", "zh", True, marks=pytest.mark.cjk),
        ("motor died", "en", False),
        ("Great sound", "en", False),
        ("I have one that they did not take back when I went there", "en", False),
        pytest.param("送餐太慢", "zh", False, marks=pytest.mark.cjk),
    ],
)
def test_reviews_that_only_judge_say_nothing(text: str, language: str, nothing: bool) -> None:  # noqa: FBT001
    assert says_nothing(text, "", language) is nothing


def test_title_that_says_something_is_enough() -> None:
    assert says_nothing("Good", "Nice", "en")
    assert not says_nothing("Good", "Broken hinge", "en")


def test_figures_of_a_cluster_are_those_of_its_reviews() -> None:
    reviews, truth = planted()
    found = planted_found()
    first = found.clusters[0]
    rows = [row for row, one in enumerate(found.assignments) if one.cluster == 0]
    assert {truth[row] for row in rows} == {"battery"}
    assert first.reviews == len(rows) == 30
    assert first.share
    assert first.share.value == round(30 / 90, 4)
    assert first.stars
    assert (first.stars.value, first.stars.low, first.stars.high) == (1.0, 1.0, 1.0)
    assert first.histogram == {"1": 30, "2": 0, "3": 0, "4": 0, "5": 0}
    assert first.products == {"Kettle 0": 15, "Kettle 1": 15}
    assert (first.first, first.last) == ("2024-01-01T00:00:00Z", "2024-01-28T00:00:00Z")
    # Quotes against all of its reviews: the nearest and the farthest by brute force.
    own = reviews.vectors[rows]
    order = np.argsort(-(own @ own.mean(axis=0)), kind="stable")
    assert first.quotes[0].review_id == reviews.ids[rows[order[0]]]
    assert first.extremes[0].review_id == reviews.ids[rows[order[-1]]]
    texts = [quote.text for quote in (*first.quotes, *first.extremes)]
    assert len(texts) == len(set(texts)) == 6


def test_clusters_are_numbered_by_reviews_and_not_by_texts() -> None:
    labels, stability = np.array([0, 0, 0, 1, 1], np.int32), np.array([0.9, 0.3])
    found = Partition(labels, np.arange(5) / 10, stability, Trial(1, 2, 1), ())
    node_of = np.array([0, 1, 2, -1, 3, 4, 4, 4])
    parts = np.array([0, 0, 1, 0, 1], np.int32)
    placed = place_reviews(node_of, found, parts, np.arange(8))
    assert placed.cluster.tolist() == [1, 1, 1, 2, 0, 0, 0, 0]
    assert placed.subcluster.tolist() == [0, 0, 1, 0, 0, 1, 1, 1]
    assert placed.confidence.tolist() == [0, 0.1, 0.2, 1, 0.3, 0.4, 0.4, 0.4]
    assert placed.stability.tolist() == [0.3, 0.9]
    assert placed.silent == 2
    # As sentences of three reviews: two of them are in the first community, one in the second.
    of_few = place_reviews(node_of, found, parts, np.array([0, 0, 1, 1, 2, 2, 2, 2]))
    assert of_few.cluster.tolist() == [0, 0, 0, 2, 1, 1, 1, 1]


def test_reviews_are_cut_into_sentences_and_those_that_say_nothing_are_left_out() -> None:
    reviews = slice_of(
        ["Love it! The box was crushed. It drains fast.", "Great.", "", "It drains fast."],
        titles=["Good kettle", "", "", ""],
        stars=[1, 5, None, 2],
    )
    calls: list[list[str]] = []

    def encode(texts: Sequence[str]) -> NDArray[np.float32]:
        calls.append(list(texts))
        return ENCODER.encode_documents(texts)

    parts = by_sentence(reviews, encode)
    expected = [
        ("r0000", "Good kettle"),
        ("r0000", "The box was crushed."),
        ("r0000", "It drains fast."),
        ("r0001", "Great."),
        ("r0002", ""),
        ("r0003", "It drains fast."),
    ]
    assert list(zip(parts.ids, parts.texts, strict=True)) == expected
    assert parts.titles == ("",) * 6
    np.testing.assert_array_equal(parts.stars, [1, 1, 1, 5, np.nan, 2])
    # Each text once, shortest first; and each vector with its own text.
    assert calls == [["", "Great.", "Good kettle", "It drains fast.", "The box was crushed."]]
    np.testing.assert_array_equal(parts.vectors, ENCODER.encode_documents(parts.texts))


def test_review_of_several_themes_is_counted_once_in_each() -> None:
    draw = np.random.default_rng(0)
    texts = []
    for row in range(40):
        about = [("battery", 2), ("parcel", 1)] if row < 30 else [("refund", 1)]
        said = [
            f"The {' '.join([subject, *draw.choice(SUBJECTS[subject], 4, replace=False)])}."
            for subject, sentences in about
            for _ in range(sentences)
        ]
        texts.append(" ".join(said))
    reviews = slice_of([*texts, "Great!"], stars=[1.0] * 30 + [5.0] * 11, products=["Kettle"] * 41)
    parts = by_sentence(reviews, ENCODER.encode_documents)
    found = found_in(parts, unit="sentence", clusters=3)
    assert (found.unit, found.rows, found.reviews) == ("sentence", 101, 41)
    names = [cluster.label.split(" ")[0].strip(",") for cluster in found.clusters]
    assert len(names) == 4
    of_subject = {
        next(s for s, words in SUBJECTS.items() if name in (s, *words)): cluster
        for name, cluster in zip(names[:3], found.clusters, strict=False)
    }
    for subject, count in (("battery", 30), ("parcel", 30), ("refund", 10)):
        cluster = of_subject[subject]
        assert cluster.reviews == count
        assert cluster.share
        assert cluster.share.value == count / 40
        assert sum(cluster.histogram.values()) == cluster.products["Kettle"] == count
        said = [quote.review_id for quote in (*cluster.quotes, *cluster.extremes)]
        assert len(said) == len(set(said)) == 6
        assert all(subject in quote.text for quote in cluster.quotes)
    assert found.clusters[3].says_nothing
    assert found.clusters[3].reviews == 1
    pairs = [(one.review_id, one.cluster) for one in found.assignments]
    assert len(pairs) == len(set(pairs)) == 30 * 2 + 10 + 1


# -- planted -------------------------------------------------------------------------------------


def test_planted_subjects_are_found_and_named() -> None:
    _, truth = planted()
    found = planted_found()
    assert adjusted_rand_score(truth, [one.cluster for one in found.assignments]) > 0.95
    assert [cluster.reviews for cluster in found.clusters] == [30, 25, 20, 15, 5]
    names = [*SUBJECTS]
    for cluster, name in zip(found.clusters, names, strict=False):
        assert set(" ".join(cluster.terms).split()) <= {name, *SUBJECTS[name]}
    assert {trial.resolution for trial in found.resolutions} == set(GRID)
    assert found.stability > 0.9
    assert (found.coverage.assigned, found.reviews) == (1.0, 95)
    assert found.coverage.confident > 0.9


def test_reviews_that_say_nothing_are_one_group_outside_the_shares() -> None:
    found = planted_found()
    last = found.clusters[-1]
    assert (last.cluster, last.reviews, last.share, last.stability) == (4, 5, None, None)
    assert [cluster.says_nothing for cluster in found.clusters] == [False] * 4 + [True]
    shares = [cluster.share.value for cluster in found.clusters if cluster.share]
    assert sum(shares) == pytest.approx(1, abs=1e-3)
    reviews, _ = planted()
    without = found_in(reviews.take(np.arange(90)), resolution=1)
    assert len(without) == 4
    assert not any(cluster.says_nothing for cluster in without.clusters)


@pytest.mark.parametrize(("groups", "size"), [(3, 100), (8, 40), (25, 24)])
def test_stability_finds_the_number_of_groups(groups: int, size: int) -> None:
    vectors, truth = blobs(groups, size)
    found = partition(weights_of(vectors), centres=vectors)
    assert adjusted_rand_score(truth, found.labels) > 0.95
    assert found.chosen.stability > 0.95
    assert len(found.stability) == groups
    assert found.stability.min() > 0.9


def test_noise_has_no_stability() -> None:
    vectors, _ = blobs(1, 300, spread=5)
    found = partition(weights_of(vectors), centres=vectors)
    assert found.chosen.stability < 0.7
    texts = [f"word{row} other{row} more{row}" for row in range(300)]
    notes = found_in(slice_of(texts, vectors), resolution=32.0).notes
    assert any("not stable" in note for note in notes)


def test_one_blob_and_single_texts_are_no_stable_partitions() -> None:
    complete = sparse.csr_matrix(1 - np.eye(60, dtype=np.float32))
    found = partition(complete, centres=np.ones((60, 2), np.float32))
    assert {trial.stability for trial in found.trials} == {0.0}
    assert found.labels.max() == 0


def test_given_number_of_clusters_is_met_or_told() -> None:
    vectors, _ = blobs(12, 25, spread=2)
    reviews = slice_of([f"word{row} other{row}" for row in range(300)], vectors)
    assert len(found_in(reviews, clusters=12)) == 12
    few = found_in(reviews, clusters=4)
    assert 3 <= len(few) <= 6
    (trial,) = found_in(reviews, resolution=2).resolutions
    assert trial.resolution == 2
    many = found_in(reviews, clusters=200)
    assert any("200 clusters were asked for" in note for note in many.notes)


def test_finer_level_splits_clusters_and_never_crosses_them() -> None:
    draw = np.random.default_rng(0)
    coarse = 4 * draw.standard_normal((3, 32))
    fine = (coarse[:, None] + 1.2 * draw.standard_normal((3, 2, 32))).reshape(-1, 32)
    truth = np.repeat(np.arange(6), 30)
    vectors = fine[truth] + 0.4 * draw.standard_normal((180, 32))
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    weights = weights_of(vectors)
    labels = by_size(truth // 2)
    parts = subdivide(weights, labels, smallest=5, centres=vectors)
    for label in range(3):
        own = labels == label
        assert set(parts[own]) == set(range(parts[own].max() + 1))
        assert parts[own].max() >= 1
        pairs = set(zip(parts[own].tolist(), truth[own].tolist(), strict=True))
        assert len(pairs) == parts[own].max() + 1  # no part holds two groups


def test_across_products_one_complaint_is_one_cluster() -> None:
    draw = np.random.default_rng(0)
    product = draw.standard_normal((4, 64))
    subject = 0.7 * draw.standard_normal((3, 64))
    of_product, of_subject = np.repeat(np.arange(4), 45), np.tile(np.repeat(np.arange(3), 15), 4)
    vectors = product[of_product] + subject[of_subject] + 0.3 * draw.standard_normal((180, 64))
    texts = [f"word{row} other{row}" for row in range(180)]
    reviews = slice_of(texts, vectors, products=[f"p{n}" for n in of_product])
    plain = [one.cluster for one in found_in(reviews, resolution=1).assignments]
    assert adjusted_rand_score(of_subject, plain) < 0.3
    across = found_in(centred(reviews, "product"), across="product", resolution=1)
    assert adjusted_rand_score(of_subject, [one.cluster for one in across.assignments]) > 0.9
    assert across.across == "product"


# -- two roads to one answer ---------------------------------------------------------------------


def test_weights_equal_those_by_sets() -> None:
    vectors, _ = blobs(3, 30, spread=2)
    graph = nearest(vectors, 50)
    weights = shared_neighbors(graph, np.arange(90), vectors).toarray()
    sets = [{row, *graph.rows[row, :15].tolist()} for row in range(90)]
    expected = np.zeros((90, 90))
    for one in range(90):
        for other in sets[one] - {one}:
            index = len(sets[one] & sets[other]) / len(sets[one] | sets[other])
            expected[one, other] = expected[other, one] = index
    np.testing.assert_allclose(weights, expected, rtol=1e-6)


def test_partition_is_as_good_as_the_random_leiden() -> None:
    from sknetwork.clustering import Leiden, get_modularity

    vectors, _ = blobs(10, 40, spread=1.2)
    weights = weights_of(vectors)
    ours = communities(weights, 2.0)
    theirs = Leiden(2.0).fit_predict(weights)
    best = get_modularity(weights, theirs, resolution=2.0)
    assert get_modularity(weights, ours, resolution=2.0) > best - 0.01
    for label in range(ours.max() + 1):  # Leiden's promise: communities hang together
        own = np.flatnonzero(ours == label)
        assert sparse.csgraph.connected_components(weights[own][:, own])[0] == 1


def test_stability_is_that_of_subsamples_drawn_by_hand() -> None:
    vectors, _ = blobs(6, 40, spread=2.2)
    weights = weights_of(vectors)
    found = partition(weights, resolution=2.0, centres=vectors, seed=3)
    draw = np.random.default_rng(3)
    whole, scores, best = communities(weights, 2.0), [], []
    for _ in range(6):
        rows = np.sort(draw.choice(240, 192, replace=False))
        part = communities(weights[rows][:, rows], 2.0)
        scores.append(adjusted_mutual_info_score(whole[rows], part))
        sets = [set(rows[part == label]) for label in range(part.max() + 1)]
        drawn = [set(rows[found.labels[rows] == label]) for label in range(len(found.stability))]
        best.append([max(len(a & b) / len(a | b) for b in sets) for a in drawn])
    assert found.chosen.stability == pytest.approx(np.mean(scores), abs=1e-4)
    assert 0.3 < found.chosen.stability < 0.98
    np.testing.assert_allclose(found.stability, np.mean(best, axis=0))


def test_finer_level_is_as_good_as_each_cluster_cut_alone() -> None:
    from sknetwork.clustering import get_modularity

    vectors, _ = blobs(9, 30, spread=2.2)
    weights = weights_of(vectors)
    labels = by_size(
        np.array([0] * 7 + [1, 1, 2])[np.arange(270) % 10]
    )  # across all groups: most edges lead out of a cluster
    parts = subdivide(weights, labels, smallest=2, centres=vectors)
    for label in range(3):
        own = np.flatnonzero(labels == label)
        inside = weights[own][:, own]
        alone = get_modularity(inside, communities(inside, 1.0))
        assert get_modularity(inside, parts[own]) > alone - 0.01


# -- the same again, and what cannot be ----------------------------------------------------------


def test_same_seed_gives_the_same_bytes() -> None:
    vectors, _ = blobs(4, 30, spread=2)
    reviews = slice_of([f"word{row % 50} other{row}" for row in range(120)], vectors)
    first, second = (json.dumps(asdict(found_in(reviews, seed=5))) for _ in range(2))
    assert first == second


def test_too_few_reviews_are_told() -> None:
    with pytest.raises(TooFewReviews, match=r"19 of 19 reviews say something.*at least 20"):
        found_in(slice_of([f"kettle number{row} leaks" for row in range(19)]))
    texts = [f"kettle number{row} leaks" for row in range(10)] + ["ok"] * 40
    with pytest.raises(TooFewReviews, match="10 of 50 reviews"):
        found_in(slice_of(texts))
    with pytest.raises(TooFewReviews):
        found_in(slice_of([]))


def test_what_cannot_be_is_refused() -> None:
    reviews, _ = planted()
    for options in ({"clusters": 1}, {"resolution": 0}, {"resolution": float("nan")}):
        with pytest.raises(InputError, match="wanted"):
            found_in(reviews, **options)
    with pytest.raises(InputError, match="wanted one of them"):
        found_in(reviews, resolution=1, clusters=3)
    with pytest.raises(InputError, match="all reviews are of one source"):
        centred(reviews, "source")


def test_copies_alone_are_one_cluster() -> None:
    found = found_in(slice_of(["The kettle leaks from the bottom"] * 30))
    assert [cluster.reviews for cluster in found.clusters] == [30]
    assert len(found.clusters[0].quotes) == 1
    assert found.clusters[0].extremes == ()


def test_many_copies_do_not_take_a_cluster_from_its_subject() -> None:
    reviews, truth = planted()
    copies = np.concatenate([np.arange(90), np.zeros(60, np.intp)])
    many = slice_of([reviews.texts[row] for row in copies])
    found = found_in(many, resolution=1)
    expected = [truth[row] for row in copies]
    assert adjusted_rand_score(expected, [one.cluster for one in found.assignments]) > 0.95
    assert found.clusters[0].reviews == 90


def test_reviews_without_stars_dates_or_products_have_none() -> None:
    texts = list(planted()[0].texts)
    for cluster in found_in(slice_of(texts), resolution=1).clusters:
        assert (cluster.stars, cluster.histogram, cluster.products) == (None, {}, {})
        assert (cluster.first, cluster.last) == (None, None)


@pytest.mark.cjk
def test_chinese_reviews_have_chinese_labels() -> None:
    subjects = ("送餐太慢等了很久", "味道不错米饭好吃", "包装破了汤洒了")
    draw = np.random.default_rng(0)
    texts = [f"{subject}{row}" for subject in subjects for row in range(15)]
    vectors = np.repeat(np.eye(3), 15, axis=0) + 0.05 * draw.standard_normal((45, 3))
    found = found_in(slice_of(texts, vectors, languages=["zh"] * 45), resolution=0.5)
    assert sorted(cluster.reviews for cluster in found.clusters) == [15, 15, 15]
    labels = " ".join(cluster.label for cluster in found.clusters)
    assert all(word in labels for word in ("太慢", "米饭", "包装"))
