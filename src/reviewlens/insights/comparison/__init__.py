"""What tells two slices of the corpus apart."""

from reviewlens.insights.comparison.results import Comparison, Difference
from reviewlens.insights.comparison.sides import compare_slices

__all__ = ["Comparison", "Difference", "compare_slices"]
