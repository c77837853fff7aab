"""A collection built anew from what is stored, beside the one in service, and swapped with it."""

from reviewlens.upkeep.reindex.readable import require_readable
from reviewlens.upkeep.reindex.rows import STEPS as COPY_STEPS
from reviewlens.upkeep.reindex.steps import GRACE_SECONDS, STEPS, Watching, reindex

__all__ = ["COPY_STEPS", "GRACE_SECONDS", "STEPS", "Watching", "reindex", "require_readable"]
