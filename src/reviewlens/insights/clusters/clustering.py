"""What the reviews are about: every review in a cluster, every cluster described."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from reviewlens.errors import InputError, TooFewReviews
from reviewlens.ground.copies import normalised
from reviewlens.ground.neighbors import NeighborGraph
from reviewlens.ground.slices import Slice
from reviewlens.insights.clusters.description import Placement, describe
from reviewlens.insights.clusters.graph import shared_neighbors
from reviewlens.insights.clusters.partition import Partition, partition, subdivide
from reviewlens.insights.clusters.results import Assignment, Clusters, Coverage
from reviewlens.text.contentless import says_nothing

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Across = Literal["product", "language", "source"]
Unit = Literal["review", "sentence"]

FEWEST_REVIEWS = 20
CONFIDENT = 0.5
_SMALLEST_CLUSTER = 5
_FRAIL = 0.75  # of noise without any groups it is 0.6 to 0.7


def find_clusters(
    reviews: Slice,
    graph: NeighborGraph,
    *,
    resolution: float | None = None,
    clusters: int | None = None,
    across: Across | None = None,
    unit: Unit = "review",
    seed: int = 0,
) -> Clusters:
    """Group reviews by what they say, and say what each group is about.

    A graph of the 15 nearest neighbours, weighted by the neighbours that two reviews share, is cut
    into communities by the Leiden algorithm. The number of clusters is not asked for: it follows
    from the resolution at which most of them are found again when a fifth of the reviews is left
    out. Unlike with density methods (HDBSCAN) no review is left without a cluster; how sure its
    place is stands beside it. Reviews that say nothing are told by a rule and form one group
    outside the shares. Copies of a text count as one in the graph and as many in the figures.

    Args:
        reviews: At least 20 rows that say something; with `unit` as `sentence` what `by_sentence`
            gave.
        graph: Their neighbours, 50 a review where copies are many.
        resolution: Above 0; higher gives more and smaller clusters. None takes the most stable.
        clusters: About so many, at least 2; the resolution is searched for.
        across: What `centred` was given: the same text in two groups then has two vectors.
        unit: What a row is. A review whose sentences are in several clusters is counted once in
            each of them.
        seed: Of the subsamples.

    Raises:
        TooFewReviews: There are fewer than 20, or fewer that say something.
        InputError: Both `resolution` and `clusters` are given, or one is out of range.
    """
    import numpy as np

    _check(resolution, clusters)
    node_of = _nodes(reviews, across)
    speaking = np.flatnonzero(node_of >= 0)
    if len(speaking) < FEWEST_REVIEWS:
        raise TooFewReviews(
            f"{len(speaking)} of {len(reviews)} {unit}s say something, too few for clusters; "
            f"wanted at least {FEWEST_REVIEWS}: widen the filters or ingest more"
        )
    nodes, first = np.unique(node_of[speaking], return_index=True)
    centres = reviews.vectors[speaking[first]]
    smallest = max(2, min(_SMALLEST_CLUSTER, len(nodes) // 20))
    weights = shared_neighbors(graph, node_of, reviews.vectors)
    found = partition(
        weights,
        resolution=resolution,
        clusters=clusters,
        smallest=smallest,
        centres=centres,
        seed=seed,
    )
    parts = subdivide(weights, found.labels, smallest=smallest, centres=centres)
    _, review_of = np.unique(reviews.ids, return_inverse=True)
    placed = place_reviews(node_of, found, parts, review_of)
    confident = np.bincount(review_of, placed.confidence >= CONFIDENT) > 0
    return Clusters(
        clusters=describe(reviews, placed, review_of),
        assignments=_assignments(reviews, placed),
        unit=unit,
        rows=len(reviews),
        reviews=len(confident),
        coverage=Coverage(1.0, round(float(confident.mean()), 4), CONFIDENT),
        stability=found.chosen.stability,
        resolution=round(found.chosen.resolution, 4),
        resolutions=found.trials,
        across=across,
        recall=round(graph.recall, 4),
        notes=_notes(found.chosen.stability, clusters, len(found.stability)),
    )


def centred(reviews: Slice, across: Across) -> Slice:
    """Take from each vector the mean of its product, language or source.

    What remains is how a review differs from others of its group, so that one complaint about all
    products is one cluster, and not one for each.

    Raises:
        InputError: There are fewer than two groups.
    """
    import numpy as np

    names, group = np.unique(group_names(reviews, across), return_inverse=True)
    if len(names) < 2:
        raise InputError(
            f"all reviews are of one {across} ({names[0] if len(names) else 'none'!s}); wanted at "
            f"least two to look across them: leave out --across {across}"
        )
    sums = np.zeros((len(names), reviews.vectors.shape[1]), dtype=np.float64)
    np.add.at(sums, group, reviews.vectors)
    means = sums / np.bincount(group)[:, None]
    vectors = reviews.vectors - means[group].astype(np.float32)
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    # The only review of its group is its mean: it keeps its own direction.
    alone = lengths[:, 0] < 1e-6
    vectors[alone], lengths[alone] = reviews.vectors[alone], 1.0
    return replace(reviews, vectors=vectors / lengths)


def group_names(reviews: Slice, across: Across) -> Sequence[str]:
    """Return the product, language or source of each review."""
    fields = {
        "product": reviews.products,
        "language": reviews.languages,
        "source": reviews.sources,
    }
    return fields[across]


def _check(resolution: float | None, clusters: int | None) -> None:
    if resolution is not None and clusters is not None:
        raise InputError("both a resolution and a number of clusters are given; wanted one of them")
    if resolution is not None and not 0 < resolution < float("inf"):
        raise InputError(f"the resolution is {resolution}; wanted a number above 0, such as 1")
    if clusters is not None and clusters < 2:
        raise InputError(f"{clusters} clusters are asked for; wanted 2 or more")


def _nodes(reviews: Slice, across: Across | None) -> NDArray[np.intp]:
    """Number the distinct texts that say something, -1 for the others."""
    import numpy as np

    groups = ("",) * len(reviews) if across is None else group_names(reviews, across)
    numbers: dict[tuple[str, ...], int] = {}
    result = np.empty(len(reviews), dtype=np.intp)
    silent: dict[tuple[str, str, str], bool] = {}
    columns = zip(reviews.texts, reviews.titles, reviews.languages, groups, strict=True)
    for row, (text, title, language, group) in enumerate(columns):
        key = (normalised(text), normalised(title), language)
        if key not in silent:
            silent[key] = says_nothing(text, title, language)
        result[row] = -1 if silent[key] else numbers.setdefault((*key, group), len(numbers))
    return result


def place_reviews(
    node_of: NDArray[np.intp],
    found: Partition,
    parts: NDArray[np.int32],
    review_of: NDArray[np.intp],
) -> Placement:
    """Carry what was found of texts over to rows; clusters are numbered by their reviews."""
    import numpy as np

    spoken = node_of >= 0
    count = int(found.labels.max()) + 1
    of_row = found.labels[node_of[spoken]]
    # A review counts once in a cluster, however many of its sentences are there.
    once = np.unique(np.stack([of_row, review_of[spoken]], axis=1), axis=0)[:, 0]
    order = np.argsort(-np.bincount(once, minlength=count), kind="stable")
    rank = np.empty(count, dtype=np.int32)
    rank[order] = np.arange(count)
    cluster = np.full(len(node_of), count, dtype=np.int32)
    cluster[spoken] = rank[of_row]
    subcluster = np.zeros(len(node_of), dtype=np.int32)
    subcluster[spoken] = parts[node_of[spoken]]
    confidence = np.ones(len(node_of))
    confidence[spoken] = found.confidence[node_of[spoken]]
    silent = None if spoken.all() else count
    return Placement(cluster, subcluster, confidence, found.stability[order], silent)


def _assignments(reviews: Slice, placed: Placement) -> tuple[Assignment, ...]:
    """Return a row for each review and cluster: that of its surest sentence there."""
    surest: dict[tuple[str, int], Assignment] = {}
    for one in map(
        Assignment,
        reviews.ids,
        placed.cluster.tolist(),
        placed.confidence.round(4).tolist(),
        placed.subcluster.tolist(),
    ):
        known = surest.setdefault((one.review_id, one.cluster), one)
        if one.confidence > known.confidence:
            surest[one.review_id, one.cluster] = one
    return tuple(surest.values())


def _notes(stability: float, wanted: int | None, found: int) -> tuple[str, ...]:
    notes = []
    if wanted is not None and wanted != found:
        notes.append(f"{wanted} clusters were asked for; the nearest number found is {found}.")
    if stability < _FRAIL:
        notes.append(
            f"These clusters are not stable ({stability:.2f} of 1): without a fifth of the reviews "
            "many would be others. There may be too few reviews, or no groups in them."
        )
    return tuple(notes)
