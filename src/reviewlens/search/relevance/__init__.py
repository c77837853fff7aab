"""Whether any review says what a query says: a floor, calibrated for the collection."""

from reviewlens.search.relevance.calibration import CONSIDERED, calibrate
from reviewlens.search.relevance.evidence import Question, Words, terms
from reviewlens.search.relevance.model import (
    FEWEST_TEXTS,
    Floor,
    Floored,
    Judge,
    Nearest,
    NoFloor,
    read_floor,
)
from reviewlens.search.relevance.probes import Probes, load_probes
from reviewlens.search.relevance.sample import Sample, read_sample
from reviewlens.search.relevance.share import Prevalence, prevalence

__all__ = [
    "CONSIDERED",
    "FEWEST_TEXTS",
    "Floor",
    "Floored",
    "Judge",
    "Nearest",
    "NoFloor",
    "Prevalence",
    "Probes",
    "Question",
    "Sample",
    "Words",
    "calibrate",
    "load_probes",
    "prevalence",
    "read_floor",
    "read_sample",
    "terms",
]
