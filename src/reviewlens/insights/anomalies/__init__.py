"""Which reviews are unlike the rest, and why?"""

from reviewlens.insights.anomalies.detection import FEWEST_TEXTS, find_anomalies
from reviewlens.insights.anomalies.results import (
    KINDS,
    Anomalies,
    Anomaly,
    Kind,
    Neighbor,
    Reason,
)

__all__ = [
    "FEWEST_TEXTS",
    "KINDS",
    "Anomalies",
    "Anomaly",
    "Kind",
    "Neighbor",
    "Reason",
    "find_anomalies",
]
