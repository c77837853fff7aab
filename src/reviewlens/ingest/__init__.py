"""From files to stored reviews: a first pass that decides, a second that writes."""

from reviewlens.ingest.changes import embedding_hash, fields_hashes
from reviewlens.ingest.embedded import Embedded, default_text, embedded_of, embedding_hashes
from reviewlens.ingest.inspection import (
    fitting_analyzer,
    inspect,
)
from reviewlens.ingest.options import IngestOptions, IngestSettings, ingest_options
from reviewlens.ingest.readability import require_readable
from reviewlens.ingest.repair import embedded_anew, sound, without_vector
from reviewlens.ingest.report import preview
from reviewlens.ingest.run import ingest_files, plan_files
from reviewlens.ingest.stored import awaits_ingest
from reviewlens.ingest.vectors import RecentVectors, Vectors
from reviewlens.ingest.writer import STEPS, Assign

__all__ = [
    "STEPS",
    "Assign",
    "Embedded",
    "IngestOptions",
    "IngestSettings",
    "RecentVectors",
    "Vectors",
    "awaits_ingest",
    "default_text",
    "embedded_anew",
    "embedded_of",
    "embedding_hash",
    "embedding_hashes",
    "fields_hashes",
    "fitting_analyzer",
    "ingest_files",
    "ingest_options",
    "inspect",
    "plan_files",
    "preview",
    "require_readable",
    "sound",
    "without_vector",
]
