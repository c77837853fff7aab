"""What is damage to a collection of Milvus Lite, and what only looks so."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from reviewlens.errors import StoreError
from reviewlens.store.lite_damage import check_collection


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A collection whose making was interrupted before it had a list of files."""
    folder = tmp_path / "collections" / "reviews"
    folder.mkdir(parents=True)
    schema = {"collection_name": "reviews", "fields": [], "properties": {}}
    (folder / "schema.json").write_text(json.dumps(schema), encoding="utf-8")
    return folder


def test_a_collection_without_a_list_of_files_that_has_none_is_whole(
    folder: Path, tmp_path: Path
) -> None:
    check_collection(str(tmp_path), folder.name)


@pytest.mark.parametrize(
    "left", ["manifest.json.prev", "partitions/_default/delta/delta_000001.parquet"]
)
def test_one_that_has_lost_its_list_of_files_is_damaged(
    folder: Path, tmp_path: Path, left: str
) -> None:
    (folder / left).parent.mkdir(parents=True, exist_ok=True)
    (folder / left).touch()
    with pytest.raises(StoreError, match=r"manifest\.json is damaged \(it is missing\)"):
        check_collection(str(tmp_path), folder.name)
