"""Labels that are kept with the reviews: listed, renamed, dropped; whole after a stop."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from asked import Asked
from fakes import FakeEncoder
from reviewlens import Corpus
from reviewlens.errors import FilterError, InputError, NotFound
from reviewlens.insights.classification.kept_labels import LabelColumn
from reviewlens.server import make_app
from reviewlens.store import labels as written

TEXTS = ("the parcel was crushed", "too expensive for me", "a late parcel", "parcel of tea " * 150)


@pytest.fixture
def corpus(asked_on_lite: Asked, tmp_path: Path) -> Iterator[Corpus]:
    file = tmp_path / "reviews.csv"
    rows = "".join(f"{number},{text},red\n" for number, text in enumerate(TEXTS))
    file.write_text(f"id,text,colour\n{rows}", encoding="utf-8")
    with asked_on_lite.open(FakeEncoder()) as found:
        found.ingest(file)
        found.classify(["parcel", "expensive"], write="topic", min_similarity=None)
        yield found


def test_labels_are_listed_with_how_many_reviews_have_which(corpus: Corpus) -> None:
    found = corpus.labels.list()
    [column] = found
    assert (found.reviews, column.name, column.reviews) == (4, "topic", 4)
    assert column.labels == {"parcel": 3, "expensive": 1}
    assert list(column.labels) == ["parcel", "expensive"]
    assert column.confidence is not None
    assert 0 < column.confidence < 1
    [of_one] = corpus.where("topic=expensive").labels.list()
    assert of_one.labels == {"expensive": 1}


def test_renamed_labels_are_filtered_by_their_new_name_alone(corpus: Corpus) -> None:
    before = corpus.labels.list().columns[0]
    corpus.labels.rename("topic", "subject")
    [after] = corpus.labels.list()
    assert after == LabelColumn("subject", before.reviews, before.labels, before.confidence)
    assert corpus.where("subject=parcel", "subject.confidence>=0").size() == 3
    assert corpus.where("colour=red").size() == 4
    with pytest.raises(FilterError, match="topic"):
        corpus.where("topic=parcel").size()
    corpus.classify(["tea", "money"], write="topic", min_similarity=None)
    with pytest.raises(InputError, match="there are labels 'topic' already"):
        corpus.labels.rename("subject", "topic")
    with pytest.raises(InputError, match="'colour' holds what was ingested"):
        corpus.labels.rename("subject", "colour")


def test_dropped_labels_leave_the_reviews_as_they_were(corpus: Corpus, tmp_path: Path) -> None:
    corpus.labels.drop("topic")
    assert len(corpus.labels.list()) == 0
    with pytest.raises(FilterError, match="topic"):
        corpus.where("topic=parcel").size()
    assert {match.extra["colour"] for match in corpus.search("parcel", 4)} == {"red"}
    report = corpus.ingest(tmp_path / "reviews.csv")
    assert (report.unchanged, report.encoded) == (4, 0)
    with pytest.raises(NotFound, match="under the name 'topic'; found none"):
        corpus.labels.drop("topic")


@pytest.mark.parametrize("to", ["subject", None])
def test_a_change_that_was_stopped_is_completed(
    corpus: Corpus, monkeypatch: pytest.MonkeyPatch, to: str | None
) -> None:
    monkeypatch.setattr(written, "_REVIEWS_AT_ONCE", 2)

    def stop(stage: str, done: int, of: int | None) -> None:
        raise KeyboardInterrupt

    def change(**watched: object) -> None:
        if to is None:
            corpus.labels.drop("topic", **watched)  # type: ignore[arg-type]
        else:
            corpus.labels.rename("topic", to, **watched)  # type: ignore[arg-type]

    with pytest.raises(KeyboardInterrupt):
        change(on_progress=stop)
    [left] = corpus.labels.list()
    assert (left.name, left.reviews) == ("topic", 2)
    change()
    assert [one.reviews for one in corpus.labels.list()] == ([] if to is None else [4])


def test_commands(corpus: Corpus, asked_on_lite: Asked) -> None:
    corpus.close()

    def ask(*words: str) -> str:
        return asked_on_lite.ask("labels", *words).out

    assert ask("list").splitlines() == [
        "  name   labels                 reviews",
        "  topic  parcel 3, expensive 1        4",
    ]
    assert ask("rename", "topic", "subject") == "topic is called subject now\n"
    [row] = json.loads(ask("list", "-f", "json"))["columns"]
    assert (row["name"], row["labels"]) == ("subject", {"parcel": 3, "expensive": 1})
    assert ask("drop", "subject") == "the labels subject are gone\n"
    assert ask("list") == "No labels are kept: classify --write NAME keeps some.\n"


def test_over_http(corpus: Corpus) -> None:
    with TestClient(make_app(corpus), base_url="http://127.0.0.1/api/v1") as client:
        [row] = client.get("labels").json()["columns"]
        assert (row["name"], row["labels"]) == ("topic", {"parcel": 3, "expensive": 1})
        renamed = client.post("labels/topic/rename", json={"new_name": "subject"})
        assert renamed.json() == {"name": "subject"}
        assert [one["name"] for one in client.get("labels").json()["columns"]] == ["subject"]
        assert client.delete("labels/subject").json() == {"name": "subject"}
        assert client.get("labels").json()["columns"] == []
        assert client.delete("labels/subject").status_code == 404
