"""Reviews in Milvus. The only home of pymilvus."""

from reviewlens.store.addresses import is_local, local_path, without_password
from reviewlens.store.binding import LOOK_SECONDS
from reviewlens.store.collection import COMPUTED, MadeWith, Pin, encode_made_with
from reviewlens.store.companion import Companion, KeptRow
from reviewlens.store.conditions import Columns, Condition
from reviewlens.store.connection import Connection, Milvus, check_address, no_database
from reviewlens.store.filters import FILTERS, WHERE, Day, Filters, Stars, choose
from reviewlens.store.hits import Hit, KeywordHit
from reviewlens.store.languages import Languages
from reviewlens.store.made import Long, Made, made_of, spaces
from reviewlens.store.packed import PackedStatements, directions, least_cosine, pack, unpack
from reviewlens.store.review_store import WINDOW, PageLimits, ReviewStore
from reviewlens.store.schema import (
    FIELDS,
    SCHEMA_VERSION,
    Analyzer,
    StoredPassage,
    by_review,
    confidence_column,
    label_columns,
    passage_id,
)
from reviewlens.store.theme_sets import ThemeRow, ThemeSets, chunks
from reviewlens.store.versions import BEGUN, REPLACES, Versions
from reviewlens.store.written_filters import parse_expression

__all__ = [
    "BEGUN",
    "COMPUTED",
    "FIELDS",
    "FILTERS",
    "LOOK_SECONDS",
    "REPLACES",
    "SCHEMA_VERSION",
    "WHERE",
    "WINDOW",
    "Analyzer",
    "Columns",
    "Companion",
    "Condition",
    "Connection",
    "Day",
    "Filters",
    "Hit",
    "KeptRow",
    "KeywordHit",
    "Languages",
    "Long",
    "Made",
    "MadeWith",
    "Milvus",
    "PackedStatements",
    "PageLimits",
    "Pin",
    "ReviewStore",
    "Stars",
    "StoredPassage",
    "ThemeRow",
    "ThemeSets",
    "Versions",
    "by_review",
    "check_address",
    "choose",
    "chunks",
    "confidence_column",
    "directions",
    "encode_made_with",
    "is_local",
    "label_columns",
    "least_cosine",
    "local_path",
    "made_of",
    "no_database",
    "pack",
    "parse_expression",
    "passage_id",
    "spaces",
    "unpack",
    "without_password",
]
