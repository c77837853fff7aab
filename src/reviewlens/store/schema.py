"""The collection's fields, and the way between a stored row and its dataclass.

What stands for "absent" inside Milvus (a rating, a time) is known here and to the filters
alone; above the store absent is None.
"""

from __future__ import annotations

import json
import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from reviewlens.reading.model import NAME_BYTES, TEXT_BYTES
from reviewlens.store.made import KEY as MADE_KEY
from reviewlens.store.made import Made, decode_made
from reviewlens.store.packed import PACKED_BYTES

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SCHEMA_VERSION = 2
OLDEST_VERSION = 1
"""The oldest that is read: one without `statements`."""

Analyzer = Literal["standard", "jieba"]
"""What takes texts apart for BM25: at everything that is no letter or digit, or as Chinese."""

NO_RATING = -1.0
"""Stored where there are no stars: below every rating on the 1-5 scale."""
NO_NUMBER = -3.0e38
"""Stored where no rating was given: below everything a 32-bit float can reasonably hold."""
NO_TIME = -(2**62)
"""Stored where there is no date: before every representable time."""

ID_BYTES = 520
STATEMENTS = "statements"

FIELDS: tuple[str, ...] = (
    "id",
    "review_id",
    "passage",
    "content_hash",
    "text",
    "original",
    "title",
    "product",
    "author",
    "source",
    "language",
    "rating",
    "rating_given",
    "time",
    "tokens",
    "tokens_embedded",
    "tokens_unknown",
    "cluster",
    "cluster_confidence",
    "extra",
    "statements",
    "vector",
)
"""Every field that is written; `keywords` is made by the server from `text`."""

_VARCHARS = {
    "id": ID_BYTES + 16,
    "review_id": ID_BYTES,
    "content_hash": 80,
    "text": TEXT_BYTES,
    "original": TEXT_BYTES,
    "title": TEXT_BYTES,
    "product": NAME_BYTES,
    "author": NAME_BYTES,
    "source": NAME_BYTES,
    "language": 16,
    STATEMENTS: PACKED_BYTES,
}
_INTEGERS = ("passage", "time", "tokens", "tokens_embedded", "tokens_unknown", "cluster")
_FLOATS = ("rating", "rating_given", "cluster_confidence")


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """One row of the collection: a passage with the review it belongs to.

    Attributes:
        passage: 0 for the passage that carries the review.
        content_hash: What was embedded and what else was stored; on every passage of a review.
        original: The review as given; on passage 0 only.
        extra: The input's other columns by name, as strings.
        statements: What the passage says, one by one, with the vector of each, as `packed` puts
            them together; empty in a collection of version 1.
        vector: float32, unit length; None when it was not asked for.
        made: How the embedded text is put together from the passages; on passage 0 only, and None
            where that needs no telling, or an earlier version wrote it. It is kept in `extra`.

    The other fields are those of `Review` and `Passage`. A field that was not asked for when
    reading has its default.
    """

    review_id: str
    passage: int
    content_hash: str = ""
    text: str = ""
    original: str = ""
    title: str = ""
    product: str = ""
    author: str = ""
    source: str = ""
    language: str = ""
    rating: float | None = None
    rating_given: float | None = None
    time: int | None = None
    tokens: int = 0
    tokens_embedded: int = 0
    tokens_unknown: int = 0
    cluster: int = -1
    cluster_confidence: float = 0.0
    extra: Mapping[str, str] = field(default_factory=dict)
    statements: str = ""
    vector: NDArray[np.float32] | None = None
    made: Made | None = None


def passage_id(review_id: str, passage: int) -> str:
    """Return the primary key of a passage."""
    return f"{review_id}#{passage}"


def by_review(passage_ids: Iterable[str]) -> dict[str, list[str]]:
    """Return the primary keys of passages by the review that each is of, in the order given."""
    found: dict[str, list[str]] = {}
    for key in passage_ids:
        found.setdefault(key.rpartition("#")[0], []).append(key)
    return found


def fields_there(fields: Iterable[str], version: int) -> list[str]:
    """Return those of some fields that a collection of a schema version has."""
    return [name for name in fields if name != STATEMENTS or version > OLDEST_VERSION]


def encode_row(stored: StoredPassage, version: int = SCHEMA_VERSION) -> dict[str, Any]:
    """Return the row that Milvus is given, for a collection of a schema version."""
    row: dict[str, Any] = {
        name: getattr(stored, name)
        for name in fields_there(FIELDS, version)
        if name not in ("id", "extra")
    }
    row["id"] = passage_id(stored.review_id, stored.passage)
    row["rating"] = NO_RATING if stored.rating is None else stored.rating
    row["rating_given"] = NO_NUMBER if stored.rating_given is None else stored.rating_given
    row["time"] = NO_TIME if stored.time is None else stored.time
    row["extra"] = encode_extra(stored.extra)
    if stored.made is not None:
        row["extra"][MADE_KEY] = stored.made.encoded()
    return row


def decode_row(row: Mapping[str, Any]) -> StoredPassage:
    """Return the passage of a row that Milvus gave; fields it lacks keep their defaults."""
    known = {name: row[name] for name in FIELDS if name in row}
    key = known.pop("id", "")
    review_id, _, number = key.rpartition("#")
    known.setdefault("review_id", review_id)
    known.setdefault("passage", int(number or 0))
    if "rating" in known:
        known["rating"] = _present(known["rating"], known["rating"] > NO_RATING / 2)
    if "rating_given" in known:
        known["rating_given"] = _present(
            known["rating_given"], known["rating_given"] > NO_NUMBER / 2
        )
    if "time" in known:
        known["time"] = known["time"] if known["time"] > NO_TIME else None
    if "extra" in known:
        encoded = known["extra"]
        known["extra"] = decode_extra(encoded)
        if MADE_KEY in encoded:
            known["made"] = decode_made(encoded[MADE_KEY])
    if "vector" in known:
        import numpy as np

        known["vector"] = np.asarray(known["vector"], dtype=np.float32)
    return StoredPassage(**known)


def _present(value: float, present: bool) -> float | None:  # noqa: FBT001 - a private one-liner
    # A 32-bit float read back as 64 bits shows digits that were never there (3.7000000476837).
    return float(f"{value:.7g}") if present else None


def confidence_column(label: str) -> str:
    """Return the name of the extra column that tells how sure the label in another one is."""
    return f"{label}.confidence"


def label_columns(extra: Collection[str]) -> list[str]:
    """Return the names of the extra columns that hold a label, and not what was ingested."""
    return [name for name in extra if confidence_column(name) in extra]


def text_key(column: str) -> str:
    """Return the key under which `extra` holds a column's text.

    A leading run of `#` is doubled, so that a column of that name never meets a number's key.
    """
    marks = len(column) - len(column.lstrip("#"))
    return "#" * marks + column


def number_key(column: str) -> str:
    """Return the key under which `extra` holds a column's number."""
    return "#" + text_key(column)


def encode_extra(extra: Mapping[str, str]) -> dict[str, str | float]:
    """Return the JSON of the extra columns: texts, and beside them the numbers among them."""
    encoded: dict[str, str | float] = {}
    for column, value in extra.items():
        encoded[text_key(column)] = value
        number = as_number(value)
        if number is not None:
            encoded[number_key(column)] = number
    return encoded


def decode_extra(encoded: Mapping[str, Any]) -> dict[str, str]:
    """Return the extra columns as they were given."""
    extra = {}
    for key, value in encoded.items():
        marks = len(key) - len(key.lstrip("#"))
        if marks % 2 == 0:
            extra[key[marks // 2 :]] = value
    return extra


def as_number(text: str) -> float | None:
    """Return the finite number that a text is, else None (`1_000` and `nan` are no numbers)."""
    if not text or "_" in text:
        return None
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def build_schema(
    dimension: int,
    *,
    keywords: bool,
    analyzer: str = "standard",
    version: int = SCHEMA_VERSION,
) -> Any:  # noqa: ANN401 - pymilvus is untyped
    """Return the pymilvus schema.

    Args:
        dimension: Length of the vectors.
        keywords: Add the BM25 field, where the server can keep one.
        analyzer: What takes the texts of that field apart.
        version: Of the schema.
    """
    from pymilvus import DataType, Function, FunctionType, MilvusClient

    schema = MilvusClient.create_schema(auto_id=False, enable_dynamic_field=False)
    for name in fields_there(_VARCHARS, version):
        length = _VARCHARS[name]
        analyzed = _analyzed(analyzer) if keywords and name == "text" else {}
        schema.add_field(
            name, DataType.VARCHAR, is_primary=name == "id", max_length=length, **analyzed
        )
    for name in _INTEGERS:
        schema.add_field(name, DataType.INT64)
    for name in _FLOATS:
        schema.add_field(name, DataType.FLOAT)
    schema.add_field("extra", DataType.JSON)
    schema.add_field("vector", DataType.FLOAT_VECTOR, dim=dimension)
    if keywords:
        schema.add_field("keywords", DataType.SPARSE_FLOAT_VECTOR)
        schema.add_function(
            Function(
                name="bm25",
                function_type=FunctionType.BM25,
                input_field_names=["text"],
                output_field_names=["keywords"],
            )
        )
    return schema


def _analyzed(analyzer: str) -> dict[str, Any]:
    """Return what makes a field one whose words are found."""
    if analyzer == "standard":
        return {"enable_analyzer": True}
    # Milvus Lite writes words in lower case itself, and passes over the filter.
    return {
        "enable_analyzer": True,
        "analyzer_params": {"tokenizer": analyzer, "filter": ["lowercase"]},
    }


def described_analyzer(description: Mapping[str, Any]) -> str:
    """Return what takes the texts of a described collection apart; empty without BM25 field."""
    fields = {field["name"]: field for field in description.get("fields", ())}
    if "keywords" not in fields:
        return ""
    params = fields["text"].get("params", {}).get("analyzer_params", "{}")
    read = json.loads(params) if isinstance(params, str) else params
    tokenizer = read.get("tokenizer", "standard")
    return str(tokenizer.get("type") if isinstance(tokenizer, dict) else tokenizer)


def build_index(*, keywords: bool, lite: bool) -> Any:  # noqa: ANN401 - pymilvus is untyped
    """Return the pymilvus index parameters: cosine, BM25 where there are keywords.

    Milvus Lite looks at every row for each search whatever the index is: with HNSW it takes as long
    as comparing all (`lite_vectors`) and misses some of a hundred equal texts. A server has HNSW.
    """
    from pymilvus import MilvusClient

    index = MilvusClient.prepare_index_params()
    index.add_index(
        "vector",
        index_type="FLAT" if lite else "HNSW",
        metric_type="COSINE",
        params={} if lite else {"M": 32, "efConstruction": 256},
    )
    if keywords:
        index.add_index("keywords", index_type="SPARSE_INVERTED_INDEX", metric_type="BM25")
    return index


def batches(
    rows: Iterable[StoredPassage], *, version: int, most_rows: int, most_bytes: int
) -> Iterable[list[dict[str, Any]]]:
    """Yield encoded rows in batches that a server takes, in the order given."""
    batch: list[dict[str, Any]] = []
    size = 0
    for stored in rows:
        row = encode_row(stored, version)
        bytes_ = _row_bytes(row)
        if batch and (len(batch) == most_rows or size + bytes_ > most_bytes):
            yield batch
            batch, size = [], 0
        batch.append(row)
        size += bytes_
    if batch:
        yield batch


def _row_bytes(row: Mapping[str, Any]) -> int:
    """Return an upper estimate of a row's size on the wire, in bytes."""
    packed = len(row.get(STATEMENTS, ""))  # of one byte a character
    texts = sum(4 * len(value) for value in row.values() if isinstance(value, str)) - 3 * packed
    extra = sum(4 * (len(key) + len(str(value))) for key, value in row["extra"].items())
    return texts + extra + int(row["vector"].nbytes) + 200
