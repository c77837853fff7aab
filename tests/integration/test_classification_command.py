"""`classify` from stored reviews to labels that filters name, on a server too."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from fakes import FakeEncoder
from milvus_servers import Backend
from reviewlens import Corpus
from reviewlens.cli.main import run
from reviewlens.encoders import load_encoder
from reviewlens.errors import EncoderMismatch, InputError
from reviewlens.insights.classification import Classification

SUBJECTS = {
    "delivery": ["parcel", "crushed", "courier", "late", "box", "carton", "dented", "driver"],
    "price": ["expensive", "cost", "cheap", "money", "bargain", "overpriced", "budget", "discount"],
}
LABELS = {name: " ".join(words) for name, words in SUBJECTS.items()}


@pytest.fixture
def corpus(backend: Backend, collection_name: str, tmp_path: Path) -> Iterator[Corpus]:
    """Forty reviews of two subjects, of which every other one is labelled; the last is long."""
    lines = []
    for number in range(40):
        name = list(SUBJECTS)[number % 2]
        words = [SUBJECTS[name][(number + step) % 8] for step in range(4)]
        topic = name if number % 4 < 2 else ""
        text = " ".join(words) + f" filler{number}"
        if number == 39:
            text = ". ".join([text] * 60)
        lines.append(f"{number:02},{text},{1 + number % 5},{topic}")
    file = tmp_path / "reviews.csv"
    file.write_text("id,text,stars,topic\n" + "\n".join(lines) + "\n", encoding="utf-8")
    with Corpus.open(
        backend.uri, collection=collection_name, encoder=FakeEncoder(), token=backend.token
    ) as corpus:
        corpus.ingest(file)
        yield corpus


@pytest.mark.backends("lite", "container-auth")
def test_labels_are_learnt_saved_applied_and_filtered_by(corpus: Corpus, tmp_path: Path) -> None:
    truth = {f"{number:02}": list(SUBJECTS)[number % 2] for number in range(40)}
    model = tmp_path / "model.npz"
    found = corpus.classify(column="topic", save=model)
    assert (found.reviews, found.given) == (40, 20)
    assert {row.review_id: row.label for row in found.rows} == truth
    assert corpus.classify(column="topic", save=model) == found

    applied = corpus.where("topic=").classify(model=model, write="about")
    assert applied.reviews == 20
    assert {row.label for row in applied.rows} == set(SUBJECTS)
    assert corpus.where("about=price").size() == 10
    assert corpus.where("about=price", "about.confidence>=0").size() == 10
    assert corpus.where("about=delivery").size() == 10
    assert corpus.where("topic=price").size() == 10  # what was ingested is as it was
    match = corpus.where("about=price").search(SUBJECTS["price"][0], 1).matches[0]
    assert match.extra["about"] == "price"
    # Every passage of the long review has it, and its text is still whole.
    [long] = [match for match in corpus.where("about=price").search("cost", 20).matches
              if match.review_id == "39"]  # fmt: skip
    assert len(long.text) > 2_000

    # Written again, with a filter on labels of its own; labels that no longer hold go.
    corpus.where("about=price").classify(LABELS, min_similarity=1.0, write="about")
    assert corpus.where("about=price").size() == 0
    assert corpus.where("about=delivery").size() == 10
    report = corpus.ingest(tmp_path / "reviews.csv")
    assert (report.unchanged, report.encoded) == (40, 0)
    assert corpus.where("about=delivery").size() == 10
    # Other stars leave a label, another text does not.
    content = (tmp_path / "reviews.csv").read_text("utf-8")
    for old, new in (("filler2,3,", "filler2,4,"), ("filler6,2", "other6,2")):
        assert content.count(old) == 1
        content = content.replace(old, new)
    (tmp_path / "reviews.csv").write_text(content, encoding="utf-8")
    report = corpus.ingest(tmp_path / "reviews.csv")
    assert (report.updated, report.encoded, report.unchanged) == (2, 1, 38)
    assert corpus.where("about=delivery", "about.confidence>=0").size() == 9
    assert [m.review_id for m in corpus.where("about=delivery").search("filler2", 20).matches
            if m.review_id in ("02", "06")] == ["02"]  # fmt: skip
    with pytest.raises(InputError, match="'topic' holds what was ingested"):
        corpus.classify(LABELS, write="topic")


def test_other_encoder_and_odd_requests_are_refused(lite_path: Path, tmp_path: Path) -> None:
    file = tmp_path / "reviews.csv"
    rows = [f"{n},{SUBJECTS['price'][n % 8]} text {n},{1 + 4 * (n % 2)}" for n in range(20)]
    file.write_text("id,text,stars\n" + "\n".join(rows) + "\n", encoding="utf-8")
    model = tmp_path / "stars.npz"
    with Corpus.open(lite_path, encoder=FakeEncoder()) as corpus:
        corpus.ingest(file)
        corpus.classify(stars=True, save=model)
        for way in ({}, {"column": "topic", "stars": True}):
            with pytest.raises(InputError, match="give one of labels, column, examples"):
                corpus.classify(**way)
        with pytest.raises(InputError, match="nothing is learnt here"):
            corpus.classify(model=model, save=model)
        with pytest.raises(InputError, match="several labels a review were asked for"):
            corpus.classify(stars=True, several=True)
        with pytest.raises(InputError, match="'stars' holds what was ingested"):
            corpus.classify(model=model, write="stars")
    with Corpus.open(lite_path, collection="other", encoder=FakeEncoder(name="other")) as corpus:
        corpus.ingest(file)
        with pytest.raises(EncoderMismatch, match="was learnt on vectors of fake-bag-of-words"):
            corpus.classify(model=model)


def test_command_prints_labels_and_writes_them(
    corpus: Corpus,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    where = ["--uri", corpus.uri, "--collection", corpus.collection]

    def printed(*arguments: object) -> str:
        assert run([*where, "classify", *map(str, arguments)]) == 0
        return capsys.readouterr().out

    described = [part for name, text in LABELS.items() for part in ("--labels", f"{name}: {text}")]
    file = tmp_path / "labels.csv"
    table = printed(*described, "--min-similarity", -1, "--assignments", file)
    assert table.startswith("40 reviews")
    assert "20 reviews · 50% (35% to 65%)" in table
    assert [line for line in table.splitlines() if len(line) > 80] == []
    with file.open(encoding="utf-8") as opened:
        rows = list(csv.DictReader(opened))
    assert list(rows[0]) == ["review_id", "label", "confidence"]
    assert [row["label"] for row in rows] == ["delivery", "price"] * 20

    details = printed("--column", "topic", "--details")
    for word in ("precision", "True label", "method (* taken)", "20 with 20 distinct texts"):
        assert word in details
    assert [line for line in details.splitlines() if len(line) > 80] == []
    told = printed("--column", "topic", "-f", "json")
    assert told == printed("--column", "topic", "-f", "json")
    assert json.loads(told)["figures"]["examples"] == 20
    assert len(printed("--stars", "-f", "jsonl").splitlines()) == 40
    assert printed("--stars", "-f", "csv").startswith("review_id,label,labels,confidence,")
    assert run([*where, "classify"]) == 2
    assert run([*where, "classify", "--column", "nosuch"]) == 1
    assert "no review here has the column 'nosuch'; found topic" in capsys.readouterr().err


def test_attitudes_are_read_in_what_reviews_say(sample_path: Path) -> None:
    with Corpus.open(sample_path, encoder=load_encoder(device="cpu")) as corpus:
        stars = {one.review_id: one.rating or 3.0 for one in corpus.reviews()}

        def right(found: Classification) -> float:
            sided = [
                (row.label == "positive") == (stars[row.review_id] > 3)
                for row in found.rows
                if row.label is not None and stars[row.review_id] != 3
            ]
            return sum(sided) / len(sided)

        found = corpus.classify(["negative", "positive"])
        assert found.method == "sentiment"
        by_meaning = corpus.classify(["negative", "positive"], min_similarity=-1)
        assert by_meaning.method == "descriptions"
        assert "would be read as praise and blame" in by_meaning.notes[1]
        # Its reviews often praise by facts alone: "paired in ten seconds".
        assert right(found) > max(0.7, right(by_meaning))
