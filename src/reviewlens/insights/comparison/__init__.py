"""What tells two slices of the corpus apart."""

from reviewlens.insights.comparison.comparing import FEWEST_REVIEWS, compare_slices
from reviewlens.insights.comparison.results import Comparison, Difference, Side

__all__ = ["FEWEST_REVIEWS", "Comparison", "Difference", "Side", "compare_slices"]
