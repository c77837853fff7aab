"""Whether any review says what a query says: a floor, calibrated for the collection."""

from reviewlens.floor.calibration import CONSIDERED, calibrate
from reviewlens.floor.counting import Prevalence, prevalence
from reviewlens.floor.evidence import Question, Words, terms
from reviewlens.floor.model import FEWEST_TEXTS, Floor, Floored, Judge, Nearest, NoFloor, read_floor
from reviewlens.floor.probes import Probes, load_probes
from reviewlens.floor.sampling import Sample, read_sample

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
