"""`clusters`: what the reviews are about."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from reviewlens.encoders import embed_documents
from reviewlens.errors import InputError
from reviewlens.insights.base import graph_of, slice_of
from reviewlens.insights.clusters.clustering import (
    FEWEST_REVIEWS,
    Across,
    Unit,
    centred,
    find_clusters,
)
from reviewlens.insights.clusters.names import name_clusters
from reviewlens.insights.clusters.results import Clusters
from reviewlens.insights.clusters.sentences import by_sentence
from reviewlens.language_models import LanguageModel
from reviewlens.questions import Face, Ge, Gt, Le, one_of
from reviewlens.results import OnProgress
from reviewlens.session import Lease


@one_of("resolution", "clusters")
def clusters(
    lease: Lease,
    *,
    resolution: Annotated[float | None, Gt(0), Le(1_000), Face(metavar="X")] = None,
    clusters: Annotated[int | None, Ge(2), Le(10_000), Face(metavar="N")] = None,
    across: Across | None = None,
    unit: Unit = "review",
    model: Annotated[LanguageModel | None, Face(query="named")] = None,
    seed: Annotated[int, Ge(0)] = 0,
    on_progress: OnProgress | None = None,
) -> Clusters:
    """Group reviews by what they say, each group with its label, stars and quotes.

    Args:
        resolution: Above 0; higher gives more and smaller clusters. Without it the one, of
            0.25 to 32, whose clusters are found again most nearly in subsamples.
        clusters: About so many, 2 or more, instead of a resolution.
        across: `product`, `language` or `source`: what is common to all reviews of one is
            taken out first, so that a theme that all share is one cluster.
        unit: `sentence` cuts reviews into sentences and encodes these, so that a review may be
            in several clusters, and is counted once in each.
        model: Names the clusters from their keywords and quotes, which are sent to it; a
            cluster to which it gives no usable name keeps its keywords.
        seed: For the subsamples.
        on_progress: Told of the stages `reading`, `encoding` (of sentences) and `neighbours`.

    Raises:
        TooFewReviews: Fewer than 20, or than 20 that say something.
        InputError: Both a resolution and a number of clusters, one out of its range, or but
            one group to look across.
        MissingExtra: A review is Chinese or Japanese, and the extra `cjk` is missing.
    """
    reviews = slice_of(lease, fewest=FEWEST_REVIEWS, purpose="clusters", on_progress=on_progress)
    if unit == "sentence":
        encode = partial(embed_documents, lease.encoder)
        reviews = by_sentence(reviews, encode, on_progress=on_progress)
    elif unit != "review":
        raise InputError(f"the unit is {unit!r}; wanted review or sentence")
    if across is not None:
        reviews = centred(reviews, across)
    found = find_clusters(
        reviews,
        graph_of(reviews, on_progress),
        resolution=resolution,
        clusters=clusters,
        across=across,
        unit=unit,
        seed=seed,
    )
    return found if model is None else name_clusters(found, model)
