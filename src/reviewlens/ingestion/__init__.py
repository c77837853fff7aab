"""From files to stored reviews: a first pass that decides, a second that writes."""

from reviewlens.ingestion.inspection import Inspection, inspect
from reviewlens.ingestion.options import IngestOptions, IngestSettings, ingest_options
from reviewlens.ingestion.reporting import ingest, plan
from reviewlens.ingestion.writing import STEPS, Assign

__all__ = [
    "STEPS",
    "Assign",
    "IngestOptions",
    "IngestSettings",
    "Inspection",
    "ingest",
    "ingest_options",
    "inspect",
    "plan",
]
