"""Which reviews are copies of each other, word for word, nearly so, or in meaning?"""

from reviewlens.insights.duplicates.detection import find_duplicates
from reviewlens.insights.duplicates.results import DuplicateGroup, Duplicates

__all__ = ["DuplicateGroup", "Duplicates", "find_duplicates"]
