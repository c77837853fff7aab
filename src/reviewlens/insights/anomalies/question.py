"""`anomalies`: which reviews are unlike the rest, and why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from reviewlens.insights.anomalies.detection import FEWEST_TEXTS, find_anomalies
from reviewlens.insights.anomalies.results import Anomalies, Kind
from reviewlens.insights.base import graph_of, slice_of, themed
from reviewlens.questions import Face, Ge
from reviewlens.results import OnProgress
from reviewlens.session import Lease


def anomalies(
    lease: Lease,
    *,
    n: Annotated[int, Ge(0), Face(flag="-n")] = 20,
    kinds: Annotated[Sequence[Kind] | None, Face(flag="--kind")] = None,
    seed: Annotated[int, Ge(0)] = 0,
    on_progress: OnProgress | None = None,
) -> Anomalies:
    """List the reviews that are most unlike the rest, each with why.

    Args:
        n: How many; 0 for all, ordinary ones too.
        kinds: Only reviews of one of these kinds (`insights.anomalies.KINDS`), none where
            there are none of these; without it all.
        seed: For the folds in which stars are read from texts.
        on_progress: Told of the stages `reading` and `neighbours`.

    Raises:
        TooFewReviews: Fewer than 20, or than 20 different texts.
        InputError: A number below 0, or no such kind.
        MissingExtra: A review is Chinese or Japanese, and the extra `cjk` is missing.
    """
    reviews = slice_of(lease, fewest=FEWEST_TEXTS, purpose="anomalies", on_progress=on_progress)
    graph = graph_of(reviews, on_progress)
    reviews, themes = themed(lease, reviews, seed=seed, graph=graph)
    return find_anomalies(reviews, graph, n=n, kinds=kinds, themes=themes, seed=seed)
