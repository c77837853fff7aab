"""Each part of Milvus Lite that it does not document and the modules `lite_…` use.

Where one fails after Milvus Lite was updated: see what became of the name, mend the module, and
only then add the version to `lite_version.KNOWN`.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import json
import logging
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from lite_installed import as_installed

from reviewlens.errors import StoreLocked
from reviewlens.store import lite_damage, lite_files, lite_service
from reviewlens.store.connection import Connection
from reviewlens.store.lite import PENDING_BYTES
from reviewlens.store.lite_version import KNOWN

milvus_lite = pytest.importorskip("milvus_lite")
fcntl = pytest.importorskip("fcntl")

from milvus_lite import constants, db, server_manager  # noqa: E402
from milvus_lite.engine import collection  # noqa: E402
from milvus_lite.exceptions import DataDirLockedError  # noqa: E402
from milvus_lite.index.files import parse_index_sidecar_name  # noqa: E402
from milvus_lite.index.spec import IndexSpec  # noqa: E402


def test_the_version_installed_is_known() -> None:
    assert milvus_lite.__version__ in KNOWN


@pytest.mark.parametrize(
    ("where", "parameters"),
    [
        ("server_manager:ServerManager.start_and_get_uri", ["self", "path", "args"]),
        ("server_manager:ServerManager.release_server", ["self", "path"]),
        ("analyzer.jieba_analyzer:JiebaAnalyzer.tokenize", ["self", "text"]),
        ("engine.projection:_is_primary", ["schema", "field_name"]),
        (
            "index.sparse_inverted:SparseInvertedIndex.search",
            ["self", "query_sparse_vectors", "top_k", "valid_mask"],
        ),
        ("index.sparse_factory:sparse_index_matches", ["index", "metric_type", "params"]),
        ("index.brute_force:BruteForceIndex.save", ["self", "path"]),
        ("index.faiss_hnsw:FaissHnswIndex.save", ["self", "path"]),
        (
            "index.brute_force:BruteForceIndex.search",
            ["index", "queries", "top_k", "valid_mask", "params"],
        ),
        ("index.factory:load_index_from_spec", ["spec", "path", "dim"]),
        ("storage.data_file:read_data_file", ["path"]),
        ("storage.segment:Segment.row_to_dict", ["segment", "row_idx"]),
    ],
)
def test_functions_that_are_called_or_replaced_take_what_they_did(
    where: str, parameters: list[str]
) -> None:
    module, _, path = where.partition(":")
    found: Any = importlib.import_module(f"milvus_lite.{module}")
    for name in path.split("."):
        found = getattr(found, name)
    # What was replaced by another test in this process takes the same by other names.
    assert len(inspect.signature(found).parameters) == len(parameters)


@pytest.mark.parametrize(
    ("module", "name", "provided"),
    [
        ("storage.data_file", "pq", {"write_table", "read_table"}),
        ("storage.delta_file", "pq", {"write_table", "read_table"}),
        ("schema.persistence", "json", {"dump", "load", "JSONDecodeError"}),
        ("storage.manifest", "json", {"dump", "load", "JSONDecodeError"}),
    ],
)
def test_no_more_is_used_of_what_is_replaced_than_the_replacement_has(
    module: str, name: str, provided: set[str]
) -> None:
    source = inspect.getsource(importlib.import_module(f"milvus_lite.{module}"))
    used = {
        node.attr
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == name
    }
    assert used <= provided
    assert used & {"write_table", "dump"}


def test_the_lock_is_an_exclusive_one_on_its_file(tmp_path: Path) -> None:
    assert db.LOCK_FILENAME == lite_service.LOCK
    connection = Connection(str(tmp_path / "reviews.db"), create=True)
    with (tmp_path / "reviews.db" / lite_service.LOCK).open("rb") as lock:
        with pytest.raises(BlockingIOError):
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        connection.close()
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)


def test_a_lock_that_is_held_is_logged_in_place_of_being_raised(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "LOCK").touch()
    with (tmp_path / "LOCK").open("rb+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with caplog.at_level(logging.ERROR, server_manager.__name__):
            manager = server_manager.server_manager_instance
            assert manager.start_and_get_uri(str(tmp_path)) is None
        [record] = caplog.records
        assert record.exc_info is not None
        assert isinstance(record.exc_info[1], DataDirLockedError)
        monkeypatch.setattr(lite_service, "refuse_locked", lambda path: None)
        with pytest.raises(StoreLocked):
            lite_service.serve(str(tmp_path))


@pytest.mark.parametrize(
    ("module", "logger"),
    [
        ("milvus_lite.storage.wal", lite_service.LOG_OF_WRITES),
        ("milvus_lite.server_manager", f"{lite_service.LOGGER}.server_manager"),
    ],
)
def test_loggers_have_the_names_that_are_listened_to(module: str, logger: str) -> None:
    own: logging.Logger = importlib.import_module(module).logger
    assert own.name == logger


def test_what_is_written_is_flushed_by_milvus_lite_at_three_times_as_much() -> None:
    assert constants.MEMTABLE_MEMORY_LIMIT >= 3 * PENDING_BYTES
    assert constants.WAL_SIZE_LIMIT >= constants.MEMTABLE_MEMORY_LIMIT


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with one collection, an alias, rows, a deletion and an index."""
    path = tmp_path_factory.mktemp("inside") / "reviews.db"
    with Connection(str(path), create=True) as connection:
        client = connection.client
        client.create_collection("one", dimension=4, id_type="string", max_length=9, timeout=30)
        rows = [{"id": f"r{n}", "vector": np.eye(4, dtype=np.float32)[n]} for n in range(4)]
        client.upsert("one", rows, timeout=30)
        client.flush("one", timeout=30)
        client.delete("one", filter='id == "r0"', timeout=30)
        client.flush("one", timeout=30)
        client.load_collection("one", timeout=30)
        client.create_alias("one", "other", timeout=30)
    return path


def test_files_lie_where_they_are_looked_for(directory: Path) -> None:
    assert json.loads((directory / "aliases.json").read_text()) == {"other": "one"}
    folder = lite_files.folder_of(str(directory), "one")
    assert lite_files.collection_names(str(directory)) == ["one"]
    assert lite_files.is_there(str(directory), "one")
    files = {path.relative_to(folder).parts[0] for path in folder.iterdir()}
    assert files <= {"schema.json", "manifest.json", "manifest.json.prev", "wal", "partitions"}
    assert len(lite_damage.listed_by_folder(folder)) == 2  # rows and a deletion
    lite_damage.check_collection(str(directory), "one")


def test_the_list_of_files_and_the_schema_have_the_keys_that_are_read(directory: Path) -> None:
    folder = lite_files.folder_of(str(directory), "one")
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["manifest_format_version"] == lite_damage.FORMAT
    assert manifest.keys() >= {"partitions", "current_seq", "index_specs"}
    assert {"data_files", "delta_files"} <= manifest["partitions"]["_default"].keys()
    schema = json.loads((folder / "schema.json").read_text())
    assert schema["collection_name"] == "one"
    assert {"name", "dtype", "dim"} <= next(
        f for f in schema["fields"] if f["name"] == "vector"
    ).keys()
    for name in lite_damage.listed_by_folder(folder):
        assert 0 < lite_damage.last_write(folder, name) <= manifest["current_seq"]


def test_an_index_is_named_after_its_rows_and_counts_them(directory: Path) -> None:
    folder = lite_files.folder_of(str(directory), "one")
    [path] = folder.glob("partitions/*/indexes/*.idx")
    name = parse_index_sidecar_name(path.name)
    assert (path.parent.parent / "data" / f"{name.source_stem}.parquet").exists()
    assert name.field_name == "vector"
    spec = json.loads((folder / "manifest.json").read_text())["index_specs"][name.field_name]
    factory = importlib.import_module("milvus_lite.index.factory")
    index = factory.load_index_from_spec(IndexSpec.from_dict(spec), str(path), 4)
    assert index.num_vectors == 4
    assert factory._FAISS_AVAILABLE


def test_searches_that_are_replaced_are_called_as_they_were() -> None:
    """`lite_rows` and `lite_keywords` take arguments by their names, and what they look at."""
    own = as_installed(collection).Collection
    assert {"output_fields", "group_by_field", "ranker"} <= {
        *inspect.signature(own.search).parameters
    }
    search = inspect.getsource(own.search)
    call = search[search.index("self._search_sparse(") :].partition(")")[0]
    assert "vector_field=vector_field," in call
    assert "metric_type=metric_type," in call
    words = inspect.getsource(own._search_sparse)
    for used in ("self._index_specs.get(vector_field)", "self._read_snapshot()",
                 "seg.sparse_indexes.get(vector_field)", "table.column(vector_field)"):  # fmt: skip
        assert used in words
