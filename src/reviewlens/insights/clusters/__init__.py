"""What the reviews are about."""

from reviewlens.insights.clusters.clustering import (
    FEWEST_REVIEWS,
    Across,
    Unit,
    centred,
    find_clusters,
)
from reviewlens.insights.clusters.labels import label_groups
from reviewlens.insights.clusters.names import name_clusters
from reviewlens.insights.clusters.results import (
    Assignment,
    Cluster,
    Clusters,
    Coverage,
    Subcluster,
)
from reviewlens.insights.clusters.sentences import by_sentence

__all__ = [
    "FEWEST_REVIEWS",
    "Across",
    "Assignment",
    "Cluster",
    "Clusters",
    "Coverage",
    "Subcluster",
    "Unit",
    "by_sentence",
    "centred",
    "find_clusters",
    "label_groups",
    "name_clusters",
]
