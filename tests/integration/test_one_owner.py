"""One owner of the store: what is asked while it is opened, made and closed, on Milvus Lite."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from milvus_lite.db import MilvusLite
from starlette.testclient import TestClient

from fakes import FakeEncoder
from reviewlens import Corpus
from reviewlens.errors import CollectionMissing, StoreError
from reviewlens.server import make_app
from reviewlens.store import ReviewStore

ROWS = 20
CSV = "id,text\n" + "".join(f"{n},The lamp number {n} is broken\n" for n in range(ROWS))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "reviews.csv"
    path.write_text(CSV, encoding="utf-8")
    return path


@pytest.fixture
def corpus(lite_path: Path) -> Iterator[Corpus]:
    """A corpus on a directory without a collection, as a first run leaves it that was stopped."""
    lite_path.mkdir()
    with Corpus.open(lite_path, encoder=FakeEncoder(dimension=16)) as corpus:
        yield corpus


@contextmanager
def asked_all_the_while(corpus: Corpus, answers: list[object]) -> Iterator[None]:
    """Let two threads ask, one question after the other, until the block ends."""
    done = threading.Event()

    def ask() -> None:
        while not done.is_set():
            try:
                answers.append(corpus.size())
            except Exception as error:
                answers.append(error)

    with ThreadPoolExecutor(2) as threads:
        for _ in range(2):
            threads.submit(ask)
        try:
            yield
        finally:
            done.set()


def test_first_ingest_is_stored_while_others_ask(corpus: Corpus, file: Path) -> None:
    answers: list[object] = []
    with asked_all_the_while(corpus, answers):
        assert corpus.ingest(file).indexed == ROWS
        assert corpus.size() == ROWS
    others = [answer for answer in answers if not isinstance(answer, (int, CollectionMissing))]
    assert others == []
    assert any(isinstance(answer, CollectionMissing) for answer in answers)
    corpus.close()
    MilvusLite(corpus.uri).close()  # takes the lock: nobody holds the directory any more


def test_two_first_ingests_at_once_are_stored_with_the_columns_of_both(
    corpus: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = threading.Barrier(2)
    alter = MilvusLite.alter_collection_properties

    def at_once(*args: Any, **kwargs: Any) -> None:
        with suppress(threading.BrokenBarrierError):  # where only one gets here at a time
            both.wait(0.1)
        alter(*args, **kwargs)

    monkeypatch.setattr(MilvusLite, "alter_collection_properties", at_once)
    files = [tmp_path / f"{column}.csv" for column in ("size", "shade")]
    for file in files:
        rows = "".join(f"The {file.stem} of the lamp {n} is wrong,{n}\n" for n in range(9))
        file.write_text(f"text,{file.stem}\n{rows}", encoding="utf-8")
    with ThreadPoolExecutor(2) as threads:
        assert [report.indexed for report in threads.map(corpus.ingest, files)] == [9, 9]
    assert corpus.where("size=1").size() == corpus.where("shade=1").size() == 1


def test_first_upload_is_stored_while_readiness_is_asked(lite_path: Path) -> None:
    lite_path.mkdir()
    corpus = Corpus.open(lite_path, encoder=FakeEncoder(dimension=16))
    with TestClient(make_app(corpus), base_url="http://localhost") as client:
        sent = client.post("/api/v1/uploads", files={"file": ("a.csv", CSV.encode())}).json()
        done = threading.Event()
        statuses: list[int] = []

        def watch() -> None:
            while not done.is_set():
                statuses.append(client.get("/readyz").status_code)

        watching = threading.Thread(target=watch)
        watching.start()
        answer = client.post(f"/api/v1/uploads/{sent['upload']}/ingest?wait=60", json={})
        done.set()
        watching.join()
        assert (answer.status_code, answer.json()["indexed"]) == (200, ROWS)
        assert set(statuses) == {200}
    MilvusLite(str(lite_path)).close()


def test_question_without_a_collection_closes_nothing(corpus: Corpus) -> None:
    for _ in range(2):
        with pytest.raises(CollectionMissing, match="no collection 'reviews'"):
            corpus.size()
    with ReviewStore.open(corpus.uri, create=True) as other:
        assert other._connection.client.get_server_version()
        first = corpus._session.owner.store
        with pytest.raises(CollectionMissing):
            corpus.size()
    assert corpus._session.owner.store is not None
    assert first is not None
    assert corpus._session.owner.store._connection is first._connection


def test_collection_that_another_makes_is_found(corpus: Corpus, file: Path) -> None:
    with pytest.raises(CollectionMissing):
        corpus.size()
    with Corpus.open(corpus.uri, encoder=FakeEncoder(dimension=16)) as other:
        other.ingest(file)
    assert corpus.size() == ROWS


def test_close_waits_for_the_questions_under_way(corpus: Corpus, file: Path) -> None:
    corpus.ingest(file)
    asking, answered = threading.Event(), threading.Event()

    def ask() -> int:
        with corpus._session.owner.lease():
            asking.set()
            assert answered.wait(30)
            return corpus.size()

    with ThreadPoolExecutor(2) as threads:
        count = threads.submit(ask)
        assert asking.wait(30)
        closing = threads.submit(corpus.close)
        while not corpus._session.owner._closed:
            pass
        with pytest.raises(StoreError, match=r"was closed.*Corpus\.open"):
            corpus.search("lamp")
        assert not closing.done()
        answered.set()
        assert count.result(30) == ROWS
        closing.result(30)
    MilvusLite(corpus.uri).close()


def test_question_that_closes_its_own_corpus_ends_first(corpus: Corpus, file: Path) -> None:
    corpus.ingest(file, on_progress=lambda *_: corpus.close())
    with pytest.raises(StoreError, match="was closed"):
        corpus.ingest(file)
    MilvusLite(corpus.uri).close()
