"""Reviews in Milvus. The only home of pymilvus."""

from reviewlens.store.collection import Pin
from reviewlens.store.connection import (
    Connection,
    Milvus,
    check_address,
    is_local,
    without_password,
)
from reviewlens.store.expressions import parse_expression
from reviewlens.store.filters import (
    Columns,
    Condition,
    FilterArguments,
    Filters,
    build_filters,
)
from reviewlens.store.review_store import Hit, ReviewStore
from reviewlens.store.schema import (
    FIELDS,
    StoredPassage,
    confidence_column,
    label_columns,
    passage_id,
)
from reviewlens.store.theme_sets import ThemeRow, ThemeSets, chunks

__all__ = [
    "FIELDS",
    "Columns",
    "Condition",
    "Connection",
    "FilterArguments",
    "Filters",
    "Hit",
    "Milvus",
    "Pin",
    "ReviewStore",
    "StoredPassage",
    "ThemeRow",
    "ThemeSets",
    "build_filters",
    "check_address",
    "chunks",
    "confidence_column",
    "is_local",
    "label_columns",
    "parse_expression",
    "passage_id",
    "without_password",
]
