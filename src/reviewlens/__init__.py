"""Customer reviews from CSV into a searchable Milvus corpus, on your own machine.

>>> from reviewlens import Corpus
>>> with Corpus.open("reviews.db") as corpus:  # doctest: +SKIP
...     corpus.ingest("reviews.csv")
...     corpus.search("arrived broken")
"""

import os
from importlib import import_module
from typing import TYPE_CHECKING

from reviewlens.errors import ReviewLensError

# What dependencies would tell their makers, and what they would keep for it in the user's folders,
# is switched off before any of them is imported, unless the user has switched it himself.
for _switch in ("ORT_DISABLE_TELEMETRY", "HF_HUB_DISABLE_TELEMETRY"):
    os.environ.setdefault(_switch, "1")

if TYPE_CHECKING:
    from reviewlens.corpus import Corpus
    from reviewlens.results import (
        Check,
        CopyReport,
        DeleteReport,
        Diagnosis,
        ExportReport,
        IngestPlan,
        IngestReport,
        ReindexReport,
        Stats,
        TokenStatistics,
    )
    from reviewlens.search import Match, Matches

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
    "ReindexReport",
    "ReviewLensError",
    "Stats",
    "TokenStatistics",
    "__version__",
]

if not TYPE_CHECKING:  # a type checker that sees `__getattr__` believes in every name

    def __getattr__(name: str) -> object:
        """Import the home of a public name when it is first asked for (PEP 562).

        `reviewlens --help` then waits for neither the corpus nor the results.
        """
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        homes = {"Corpus": "corpus", "Match": "search", "Matches": "search"}
        return getattr(import_module(f"{__name__}.{homes.get(name, 'results')}"), name)

    def __dir__() -> list[str]:
        """Return the public names, imported or not, with all that is there."""
        return sorted({*globals(), *__all__})
