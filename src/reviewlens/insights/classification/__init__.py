"""Which reviews belong under which label: by descriptions, by examples, by a saved model."""

from __future__ import annotations

from reviewlens.insights.classification.evaluation import (
    corrected_interval,
    split_by_text,
)
from reviewlens.insights.classification.examples import (
    Example,
    Given,
    given_labels,
    read_examples,
    usable_examples,
)
from reviewlens.insights.classification.models import LinearModel, Task, median_stars
from reviewlens.insights.classification.predictions import by_examples, by_model
from reviewlens.insights.classification.results import (
    Candidate,
    ClassFigures,
    Classification,
    Figures,
    Labelled,
    LabelSummary,
)
from reviewlens.insights.classification.saved import SavedModel, load_model, save_model
from reviewlens.insights.classification.training import METHODS, Learned, learn
from reviewlens.insights.classification.zero_shot import (
    by_descriptions,
    nearest_descriptions,
    read_descriptions,
)

__all__ = [
    "METHODS",
    "Candidate",
    "ClassFigures",
    "Classification",
    "Example",
    "Figures",
    "Given",
    "LabelSummary",
    "Labelled",
    "Learned",
    "LinearModel",
    "SavedModel",
    "Task",
    "by_descriptions",
    "by_examples",
    "by_model",
    "corrected_interval",
    "given_labels",
    "learn",
    "load_model",
    "median_stars",
    "nearest_descriptions",
    "read_descriptions",
    "read_examples",
    "save_model",
    "split_by_text",
    "usable_examples",
]
