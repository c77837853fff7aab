"""What the reviews are about."""

from reviewlens.insights.clusters.clustering import FEWEST_REVIEWS, centred, find_clusters
from reviewlens.insights.clusters.labels import label_groups
from reviewlens.insights.clusters.names import name_clusters
from reviewlens.insights.clusters.results import Cluster, Clusters, Coverage
from reviewlens.insights.clusters.sentences import by_sentence

__all__ = [
    "FEWEST_REVIEWS",
    "Cluster",
    "Clusters",
    "Coverage",
    "by_sentence",
    "centred",
    "find_clusters",
    "label_groups",
    "name_clusters",
]
