"""The gate of Milvus Lite: many read, one flushes alone."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import pytest

from reviewlens.store import lite
from reviewlens.store.lite import Gate, LiteClient


class Recorder:
    """A client that keeps what was asked of it."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def upsert(self, collection: str, data: Sequence[Any], **_: Any) -> dict[str, int]:
        self.asked.append(f"upsert {len(data)}")
        return {"upsert_count": len(data)}

    def delete(self, collection: str, *, filter: str) -> None:
        self.asked.append(f"delete {filter}")

    def flush(self, collection: str, **_: Any) -> None:
        self.asked.append("flush")

    def describe_collection(self, name: str) -> str:
        return f"described {name}"


def test_readers_are_in_together_and_a_flush_is_alone() -> None:
    gate = Gate()
    order: list[str] = []
    with gate.shared(), gate.shared():

        def flush() -> None:
            with gate.writing, gate.alone():
                order.append("flush")

        def read() -> None:
            with gate.shared():
                order.append("read")

        flushing = threading.Thread(target=flush)
        flushing.start()
        while not gate._alone:
            time.sleep(0.001)
        late = threading.Thread(target=read)
        late.start()
        time.sleep(0.02)
        assert order == []  # the flush waits for those inside, and the late reader for the flush
    flushing.join()
    late.join()
    assert order == ["flush", "read"]


def test_gate_opens_again_after_an_error() -> None:
    gate = Gate()
    for enter in (gate.shared, gate.alone):
        try:
            with enter():
                raise RuntimeError
        except RuntimeError:
            pass
    with gate.alone():
        pass
    with gate.shared():
        pass


def test_what_is_written_is_flushed_before_milvus_lite_would_do_so() -> None:
    inner = Recorder()
    client = LiteClient(inner, "flushed-before")
    row = {"id": "r1#0", "text": "x" * 1_000_000, "extra": {"city": "Paris"}}
    for _ in range(8):
        client.upsert("reviews_v1", [row])
    # First what an earlier process may have left; then after 40 MB at an upper estimate of 8 bytes
    # a character.
    assert inner.asked == ["flush", *["upsert 1"] * 4, "flush", *["upsert 1"] * 4]
    client.delete("reviews_v1", filter='id == "r1#0"')
    assert inner.asked[-1] == 'delete id == "r1#0"'
    assert client.describe_collection("reviews_v1") == "described reviews_v1"


def test_collections_are_counted_apart_and_connections_together() -> None:
    inner = Recorder()
    one, other = LiteClient(inner, "together"), LiteClient(inner, "together")
    rows = [{"text": "x" * 3_000_000}]
    one.upsert("a", rows)
    one.upsert("b", rows)
    other.upsert("a", rows)
    assert inner.asked == ["flush", "upsert 1", "flush", "upsert 1", "flush", "upsert 1"]
    assert LiteClient(inner, "apart")._gate is not one._gate


def test_estimate_of_bytes_is_above_what_a_value_takes() -> None:
    import numpy as np

    vector = np.zeros(384, dtype=np.float32)
    assert lite._bytes(vector) >= vector.nbytes
    assert lite._bytes("评论" * 100) >= len(("评论" * 100).encode())
    assert lite._bytes({"a": "b", "n": 1.5}) > 0
    assert lite._bytes(None) > 0


@pytest.mark.parametrize(
    "change",
    ["alter_alias", "alter_collection_properties", "create_alias", "create_index", "drop_alias"],
)
def test_a_file_of_metadata_is_written_by_one_at_a_time(change: str) -> None:
    asked: list[str] = []
    client = LiteClient(SimpleNamespace(**{change: asked.append}), change)
    changing = threading.Thread(target=getattr(client, change), args=("reviews",))
    with client._gate.writing:
        changing.start()
        changing.join(0.05)
        assert asked == []
    changing.join(5)
    assert asked == ["reviews"]


def test_nothing_is_written_between_the_two_figures_of_a_count() -> None:
    class Counted(Recorder):
        def query(self, collection: str, *, filter: str, output_fields: list[str]) -> list[Any]:
            writer = threading.Thread(target=lambda: client.delete("reviews", filter='id == "a#0"'))
            writer.start()
            writers.append(writer)
            time.sleep(0.02)
            self.asked.append(f"count {filter}")
            return [{"count(*)": 2 if filter else 9}]

    writers: list[threading.Thread] = []
    recorder = Counted()
    client = LiteClient(recorder, "somewhere else")
    client._gate.pending["reviews"] = 0
    assert client.count_without("reviews", "passage > 0") == 7
    for writer in writers:
        writer.join()
    assert recorder.asked == ["count ", "count passage > 0", *['delete id == "a#0"'] * 2]
