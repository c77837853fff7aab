"""Answers to a question, each statement with the reviews that say so."""

from reviewlens.asking.answer import BUDGET, MOST_READ, answer
from reviewlens.asking.results import Answer, AnswerMethod, Evidence, Statement

__all__ = ["BUDGET", "MOST_READ", "Answer", "AnswerMethod", "Evidence", "Statement", "answer"]
