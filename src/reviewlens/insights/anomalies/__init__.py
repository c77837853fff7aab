"""Which reviews are unlike the rest, and why?"""

from reviewlens.insights.anomalies.detection import find_anomalies
from reviewlens.insights.anomalies.results import KINDS, Anomalies, Anomaly

__all__ = ["KINDS", "Anomalies", "Anomaly", "find_anomalies"]
