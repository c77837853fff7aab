"""Rows that Milvus Lite gives the quick way are those that it gives by itself."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from lite_installed import as_installed

from reviewlens.store.lite_rows import _asking, quicken
from reviewlens.store.lite_version import KNOWN

milvus_lite = pytest.importorskip("milvus_lite")
pa = pytest.importorskip("pyarrow")

from milvus_lite.engine import collection, projection  # noqa: E402
from milvus_lite.schema.types import CollectionSchema, DataType, FieldSchema  # noqa: E402
from milvus_lite.storage import segment  # noqa: E402


def table(**more: list[Any]) -> Any:
    """Seven rows in parts of four, none and three, with what columns may have."""
    columns = {
        "_seq": pa.array(range(7), pa.uint64()),
        "id": [f"r{number}#0" for number in range(7)],
        "rating": pa.array([1, 2.5, None, 4, 5, float("inf"), -1], pa.float32()),
        "time": pa.array([0, 1, 2**40, -1, 4, 5, None], pa.int64()),
        "text": ["a", "", None, "日本", 'say "x"', "\n", "z" * 100],
        "vector": pa.FixedSizeListArray.from_arrays(
            pa.array(np.linspace(-1, 1, 21), pa.float32()), 3
        ),
        "keywords": [b"\x00\x01", b"", None, b"d", b"e", b"f", b"g"],
        **more,
    }
    whole = pa.table(columns)
    return pa.concat_tables([whole.slice(0, 4), whole.slice(4, 0), whole.slice(4, 3)])


def rows(module: Any, of: Any) -> list[dict[str, Any]]:
    vectors = np.zeros((7, 3), dtype=np.float32)
    pks = of.column("id").to_pylist()
    file = module.Segment("f", "p", "id", "vector", pks, np.arange(7), vectors, of)
    return [file.row_to_dict(number) for number in (0, 3, 4, 6, 5, 2, 1)]


@pytest.mark.parametrize(
    "more", [{}, {"$meta": ['{"own": 1}', None, "no JSON", "{}", "", "3", ""]}]
)
def test_rows_are_the_same(more: dict[str, list[Any]]) -> None:
    quicken()
    of = table(**more)
    assert of.column("id").num_chunks > 1
    assert rows(segment, of) == rows(as_installed(segment), of)


def test_a_file_that_is_gone_is_not_remembered() -> None:
    quicken()
    before = pa.total_allocated_bytes()
    of = pa.table({"id": ["a"] * 7, "text": [f"{number}" * 1_000_000 for number in range(7)]})
    assert rows(segment, of)[1]["text"].startswith("333")
    assert pa.total_allocated_bytes() > before + 6_000_000
    del of
    assert pa.total_allocated_bytes() < before + 1_000_000


def test_the_primary_key_is_the_same() -> None:
    quicken()
    fields = [
        FieldSchema(name, DataType.VARCHAR, is_primary=name == "id") for name in ("a", "id", "b")
    ]
    again = as_installed(projection)
    for name in ("a", "id", "b", "nosuch"):
        schema = CollectionSchema(fields)
        assert projection._is_primary(schema, name) == again._is_primary(schema, name)
        assert projection._is_primary(schema, name) is (name == "id")


@pytest.mark.parametrize(
    ("asked", "made"),
    [
        ({"output_fields": ["text", "rating"]}, {"id", "text", "rating"}),
        ({"output_fields": []}, {"id"}),
        ({"output_fields": ["*"]}, None),
        ({"output_fields": None}, None),
        ({}, None),
        ({"output_fields": ["text"], "group_by_field": "rating"}, None),
        ({"output_fields": ["text"], "ranker": {"name": "boost"}}, None),
    ],
)
def test_a_search_makes_of_its_hits_what_was_asked_for(
    asked: dict[str, Any], made: set[str] | None
) -> None:
    quicken()
    of = table()
    every = rows(as_installed(segment), of)
    search = _asking(lambda _, **__: rows(segment, of))
    wanted = [
        {name: value for name, value in row.items() if made is None or name in made}
        for row in every
    ]
    assert search(SimpleNamespace(_pk_name="id"), **asked) == wanted
    assert rows(segment, of) == every


def test_only_versions_that_were_compared_are_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    own = as_installed(segment).Segment.row_to_dict
    monkeypatch.setattr(segment.Segment, "row_to_dict", own)
    monkeypatch.setattr(projection, "_is_primary", as_installed(projection)._is_primary)
    monkeypatch.setattr(collection.Collection, "search", lambda: None)
    monkeypatch.setattr(milvus_lite, "__version__", "99.0")
    quicken()
    assert segment.Segment.row_to_dict is own
    monkeypatch.setattr(milvus_lite, "__version__", KNOWN[0])
    quicken()
    quick = segment.Segment.row_to_dict
    assert quick is not own
    quicken()
    assert segment.Segment.row_to_dict is quick
