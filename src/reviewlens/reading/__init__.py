"""Reviews: what they are, and how they are read from files."""

from __future__ import annotations

from reviewlens.reading.columns import ROLES
from reviewlens.reading.files import NamedFile
from reviewlens.reading.language import detect_languages
from reviewlens.reading.markup import clean_markup
from reviewlens.reading.model import Location, Passage, Rejected, Review
from reviewlens.reading.options import ReadOptions
from reviewlens.reading.preview import Look, look_at
from reviewlens.reading.quoted_rows import QuotedRows
from reviewlens.reading.records import wide_fields
from reviewlens.reading.reviews import Chunk, read_reviews
from reviewlens.reading.survey import FileSurvey, Survey, listed_paths, survey_reviews
from reviewlens.reading.template import embed

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
