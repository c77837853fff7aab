"""What is kept with a collection: spoilt, it is refused with what was wanted and a cure."""

from __future__ import annotations

import json
from typing import Any

import pytest

from reviewlens.errors import SchemaMismatch, StoreError
from reviewlens.search.relevance.model import read_measured
from reviewlens.store import ReviewStore
from reviewlens.store.properties import PREFIX, read_properties

KEPT = {
    "schema": "1",
    "encoder": "all-MiniLM-L6-v2",
    "fingerprint": "f" * 64,
    "dimension": "4",
    "columns": '{"extra": ["city"], "mapped": {"stars": "rating"}}',
    "scales": '{"shop": [1, 5]}',
    "vectors": "checked",
}


def described(**properties: Any) -> dict[str, Any]:
    """A collection as Milvus describes it; a property of None is not there."""
    kept = {
        PREFIX + key: value for key, value in {**KEPT, **properties}.items() if value is not None
    }
    return {
        "properties": {**kept, "timezone": "UTC"},
        "fields": [{"name": "id"}, {"name": "vector", "params": {"dim": 4}}],
    }


def test_what_is_right_is_read() -> None:
    assert read_properties(described(), "reviews", "x.db") == KEPT
    bare = read_properties(described(columns=None, scales=None, vectors=None), "reviews", "x.db")
    assert "columns" not in bare


@pytest.mark.parametrize(
    ("key", "value"),
    [
        *((key, None) for key in ("schema", "encoder", "fingerprint", "dimension")),
        *((key, "") for key in ("schema", "encoder", "fingerprint", "dimension")),
        ("schema", "one"),
        ("dimension", "four"),
        ("dimension", "-4"),
        ("dimension", "384"),
        ("columns", "{"),
        ("columns", "[]"),
        ("columns", "null"),
        ("columns", '{"extra": "city"}'),
        ("columns", '{"extra": [1]}'),
        ("columns", '{"mapped": ["stars"]}'),
        ("columns", '{"mapped": {"stars": 1}}'),
        ("scales", "1..5"),
        ("scales", '{"shop": [1]}'),
        ("boilerplate", '["Sent from my phone"]'),
        ("boilerplate", '{"sentences": "Sent from my phone"}'),
        ("boilerplate", '{"others": []}'),
        ("scales", '{"shop": ["1", "5"]}'),
        ("scales", '{"shop": 5}'),
    ],
)
def test_a_spoilt_property_is_named_with_what_is_wanted(key: str, value: str | None) -> None:
    with pytest.raises(SchemaMismatch) as caught:
        read_properties(described(**{key: value}), "reviews", "x.db")
    said = str(caught.value)
    assert f"reviewlens.{key} is {'missing' if value is None else repr(value)}, wanted " in said
    assert "'reviews' at x.db" in said
    assert "alter_collection_properties" in said
    assert "--collection" in said


@pytest.mark.parametrize(
    ("version", "said"), [("3", "a newer .*: update this one, or"), ("0", "an older .*: let")]
)
def test_another_schema_version_is_told_what_the_other_reviewlens_can_do(
    version: str, said: str
) -> None:
    # Of another version nothing else is known.
    kept = described(schema=version, columns="{", dimension=None)
    with pytest.raises(SchemaMismatch, match=f"{said}.* that one `export` .*another --collection"):
        read_properties(kept, "reviews", "x.db")


def test_a_foreign_collection_is_none_of_ours() -> None:
    with pytest.raises(SchemaMismatch, match="was not made by reviewlens"):
        read_properties({"properties": {"timezone": "UTC"}}, "reviews", "x.db")


@pytest.mark.parametrize("stored", ["{", "[]", '"x"', "3", '{"version": 1, "fingerprint": "f"}'])
def test_spoilt_relevance_is_none(stored: str) -> None:
    assert read_measured(stored, "f") is None
    half = json.dumps({"version": 1, "fingerprint": "f", "reviews": 1, "languages": 3})
    assert read_measured(half, "f") is None


@pytest.mark.parametrize("name", ["a" * 202, "a" * 256, "é" * 100, "1st", "", "a-b", "a b"])
def test_a_name_that_milvus_does_not_take_is_refused_before_anything_is_made(
    name: str, tmp_path: Any
) -> None:
    database = tmp_path / "x.db"
    with pytest.raises(StoreError, match=r"cannot be used; wanted up to 201 letters"):
        ReviewStore.open(str(database), name, create=True)
    assert not database.exists()
