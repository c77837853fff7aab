"""The results that the Python API, the command line and HTTP share.

Frozen dataclasses of plain fields: `dataclasses.asdict` of one is its JSON. Results that hold
a list offer it as a pandas table (`to_frame`) and as HTML in a notebook.
"""

from reviewlens.results.ingest import (
    ColumnPreview,
    FilePreview,
    IngestPlan,
    IngestReport,
    LeftOut,
    TokenStatistics,
)
from reviewlens.results.names import Sided, as_json
from reviewlens.results.result import OnProgress, Quote, Single, Tabular, iso_month, iso_time
from reviewlens.results.reviews import Facet, Facets, Reviews, StoredReview, ThemeFacet
from reviewlens.results.upkeep import (
    Check,
    CopyReport,
    DeleteReport,
    Diagnosis,
    ExportReport,
    ReindexReport,
    Stats,
)

__all__ = [
    "Check",
    "ColumnPreview",
    "CopyReport",
    "DeleteReport",
    "Diagnosis",
    "ExportReport",
    "Facet",
    "Facets",
    "FilePreview",
    "IngestPlan",
    "IngestReport",
    "LeftOut",
    "OnProgress",
    "Quote",
    "ReindexReport",
    "Reviews",
    "Sided",
    "Single",
    "Stats",
    "StoredReview",
    "Tabular",
    "ThemeFacet",
    "TokenStatistics",
    "as_json",
    "iso_month",
    "iso_time",
]
