"""Search: the reviews nearest in meaning to a text, or to another review."""

from reviewlens.search.catalogue import ORDERS, Catalogue, Order, matching, read_catalogue
from reviewlens.search.count import CountGroup, MatchCount, count_matches
from reviewlens.search.facets import count_facets
from reviewlens.search.fusion import pool_size
from reviewlens.search.matches import Match, Matches
from reviewlens.search.modes import (
    MODES,
    Mode,
    by_both,
    by_words,
    dense_weight,
    reachable_scores,
)
from reviewlens.search.pages import list_reviews
from reviewlens.search.retrieval import search
from reviewlens.search.reviews import (
    MOST_MATCHES,
    SHOWN,
    nearest_reviews,
    one_per_review,
)
from reviewlens.search.sides import POLARITIES, Polarity
from reviewlens.search.similar import similar

__all__ = [
    "MODES",
    "MOST_MATCHES",
    "ORDERS",
    "POLARITIES",
    "SHOWN",
    "Catalogue",
    "CountGroup",
    "Match",
    "MatchCount",
    "Matches",
    "Mode",
    "Order",
    "Polarity",
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
