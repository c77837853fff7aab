"""A collection built anew from what is stored, beside the one in service, and swapped with it."""

from reviewlens.upkeep.reindex.question import reindex
from reviewlens.upkeep.reindex.rows import STEPS as COPY_STEPS
from reviewlens.upkeep.reindex.steps import STEPS

__all__ = ["COPY_STEPS", "STEPS", "reindex"]
