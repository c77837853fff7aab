"""How well a collection and its encoder find what is in the user's own reviews."""

from reviewlens.evaluation.measures import LEAST_QUESTIONS, evaluate
from reviewlens.evaluation.results import Evaluation, Figure

__all__ = ["LEAST_QUESTIONS", "Evaluation", "Figure", "evaluate"]
