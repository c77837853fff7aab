"""Search: the reviews nearest in meaning to a text, or to another review."""

from reviewlens.retrieval.counting import CountGroup, MatchCount, count_matches
from reviewlens.retrieval.fusion import pool_size
from reviewlens.retrieval.modes import (
    MODES,
    Mode,
    by_both,
    by_words,
    dense_weight,
    reachable_scores,
)
from reviewlens.retrieval.polarity import POLARITIES, Polarity, Preference
from reviewlens.retrieval.reviews import (
    MOST_MATCHES,
    SHOWN,
    nearest_reviews,
    one_per_review,
    pooled,
)
from reviewlens.retrieval.searching import search
from reviewlens.retrieval.similar import similar

__all__ = [
    "MODES",
    "MOST_MATCHES",
    "POLARITIES",
    "SHOWN",
    "CountGroup",
    "MatchCount",
    "Mode",
    "Polarity",
    "Preference",
    "by_both",
    "by_words",
    "count_matches",
    "dense_weight",
    "nearest_reviews",
    "one_per_review",
    "pool_size",
    "pooled",
    "reachable_scores",
    "search",
    "similar",
]
