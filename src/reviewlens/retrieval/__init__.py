"""Search: the reviews nearest in meaning to a text, or to another review."""

from reviewlens.retrieval.catalogue import ORDERS, Catalogue, Order, matching, read_catalogue
from reviewlens.retrieval.counting import CountGroup, MatchCount, count_matches
from reviewlens.retrieval.facets import count_facets
from reviewlens.retrieval.fusion import pool_size
from reviewlens.retrieval.listing import list_reviews
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
)
from reviewlens.retrieval.searching import search
from reviewlens.retrieval.similar import similar

__all__ = [
    "MODES",
    "MOST_MATCHES",
    "ORDERS",
    "POLARITIES",
    "SHOWN",
    "Catalogue",
    "CountGroup",
    "MatchCount",
    "Mode",
    "Order",
    "Polarity",
    "Preference",
    "by_both",
    "by_words",
    "count_facets",
    "count_matches",
    "dense_weight",
    "list_reviews",
    "matching",
    "nearest_reviews",
    "one_per_review",
    "pool_size",
    "reachable_scores",
    "read_catalogue",
    "search",
    "similar",
]
