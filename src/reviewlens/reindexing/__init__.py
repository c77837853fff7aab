"""A collection built anew from what is stored, beside the one in service, and swapped with it."""

from reviewlens.reindexing.copying import STEPS as COPY_STEPS
from reviewlens.reindexing.reading import require_readable
from reviewlens.reindexing.rebuilding import GRACE_SECONDS, STEPS, Watching, reindex

__all__ = ["COPY_STEPS", "GRACE_SECONDS", "STEPS", "Watching", "reindex", "require_readable"]
