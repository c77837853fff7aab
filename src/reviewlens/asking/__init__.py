"""Answers to a question, each statement with the reviews that say so."""

from reviewlens.asking.answer import BUDGET, MOST_READ, answer
from reviewlens.asking.results import Answer, AnswerMethod, Claim, Evidence

__all__ = ["BUDGET", "MOST_READ", "Answer", "AnswerMethod", "Claim", "Evidence", "answer"]
