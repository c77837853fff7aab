"""What tells two slices of the corpus apart."""

from reviewlens.insights.comparison.results import Comparison, Difference, Side
from reviewlens.insights.comparison.sides import FEWEST_REVIEWS, compare_slices

__all__ = ["FEWEST_REVIEWS", "Comparison", "Difference", "Side", "compare_slices"]
