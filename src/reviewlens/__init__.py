"""Customer reviews from CSV into a searchable Milvus corpus, on your own machine.

>>> from reviewlens import Corpus
>>> with Corpus.open("reviews.db") as corpus:  # doctest: +SKIP
...     corpus.ingest("reviews.csv")
...     corpus.search("arrived broken")
"""

from reviewlens.corpus import Corpus
from reviewlens.errors import ReviewLensError
from reviewlens.results import (
    Check,
    CopyReport,
    DeleteReport,
    Diagnosis,
    ExportReport,
    IngestPlan,
    IngestReport,
    Match,
    Matches,
    Stats,
    TokenStatistics,
)

__version__ = "0.1.0"

__all__ = [
    "Check",
    "CopyReport",
    "Corpus",
    "DeleteReport",
    "Diagnosis",
    "ExportReport",
    "IngestPlan",
    "IngestReport",
    "Match",
    "Matches",
    "ReviewLensError",
    "Stats",
    "TokenStatistics",
    "__version__",
]
