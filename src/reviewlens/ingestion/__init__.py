"""From files to stored reviews: a first pass that decides, a second that writes."""

from reviewlens.ingestion.changes import embedding_hash, fields_hash
from reviewlens.ingestion.embedded import Embedded, default_text, embedded_of
from reviewlens.ingestion.inspection import (
    UNKNOWN_SHARE,
    Inspection,
    fitting_analyzer,
    inspect,
)
from reviewlens.ingestion.mending import embedded_anew, mend_vectors, sound, without_vector
from reviewlens.ingestion.options import IngestOptions, IngestSettings, ingest_options
from reviewlens.ingestion.rejects import check_rejects
from reviewlens.ingestion.reporting import ingest, plan, preview
from reviewlens.ingestion.stored import awaits_ingest
from reviewlens.ingestion.vectors import RecentVectors
from reviewlens.ingestion.writing import STEPS, Assign

__all__ = [
    "STEPS",
    "UNKNOWN_SHARE",
    "Assign",
    "Embedded",
    "IngestOptions",
    "IngestSettings",
    "Inspection",
    "RecentVectors",
    "awaits_ingest",
    "check_rejects",
    "default_text",
    "embedded_anew",
    "embedded_of",
    "embedding_hash",
    "fields_hash",
    "fitting_analyzer",
    "ingest",
    "ingest_options",
    "inspect",
    "mend_vectors",
    "plan",
    "preview",
    "sound",
    "without_vector",
]
