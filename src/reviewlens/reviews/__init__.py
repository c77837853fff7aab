"""Reviews: what they are, and how they are read from files."""

from __future__ import annotations

from reviewlens.reviews.columns import ROLES
from reviewlens.reviews.files import NamedFile
from reviewlens.reviews.language import detect_languages
from reviewlens.reviews.markup import clean_markup
from reviewlens.reviews.model import Location, Passage, Rejected, Review
from reviewlens.reviews.options import ReadOptions
from reviewlens.reviews.preview import Look, look_at
from reviewlens.reviews.quoted_rows import QuotedRows
from reviewlens.reviews.reading import Chunk, read_reviews
from reviewlens.reviews.records import wide_fields
from reviewlens.reviews.survey import FileSurvey, Survey, listed_paths, survey_reviews
from reviewlens.reviews.template import embed

__all__ = [
    "ROLES",
    "Chunk",
    "FileSurvey",
    "Location",
    "Look",
    "NamedFile",
    "Passage",
    "QuotedRows",
    "ReadOptions",
    "Rejected",
    "Review",
    "Survey",
    "clean_markup",
    "detect_languages",
    "embed",
    "listed_paths",
    "look_at",
    "read_reviews",
    "survey_reviews",
    "wide_fields",
]
