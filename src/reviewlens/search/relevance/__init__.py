"""Whether a review says what a query says: a probability, by numbers that come with the project."""

from reviewlens.search.relevance.evidence import NAMES, Question
from reviewlens.search.relevance.measure import measure
from reviewlens.search.relevance.model import (
    ANSWER,
    CONSIDERED,
    FEWEST_TEXTS,
    Judgement,
    Measured,
    Relevance,
    Unmeasured,
    read_measured,
)
from reviewlens.search.relevance.prior import load_count_prior
from reviewlens.search.relevance.probes import Probes, load_probes
from reviewlens.search.relevance.sample import Sample, read_sample
from reviewlens.search.relevance.words import Words, terms, word_scores

__all__ = [
    "ANSWER",
    "CONSIDERED",
    "FEWEST_TEXTS",
    "NAMES",
    "Judgement",
    "Measured",
    "Probes",
    "Question",
    "Relevance",
    "Sample",
    "Unmeasured",
    "Words",
    "load_count_prior",
    "load_probes",
    "measure",
    "read_measured",
    "read_sample",
    "terms",
    "word_scores",
]
