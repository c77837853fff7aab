"""`anomalies` from stored reviews to what is printed; and what is planted."""

from __future__ import annotations

import csv
import io
import json
from functools import partial
from pathlib import Path

import pytest
from rich.cells import cell_len

from asked import Asked
from fakes import FakeEncoder
from reviewlens import Corpus
from reviewlens.insights.anomalies import Anomalies, Anomaly

NO_REVIEWS = {
    "app-survey:46", "app-survey:6", "app-survey:65", "webshop:49", "webshop:25", "webshop:114",
    "webshop:36",
}  # fmt: skip
CONTRADICTED = {
    "webshop:51", "webshop:52", "webshop:136", "app-survey:56", "webshop:151", "webshop:155",
}  # fmt: skip


def ingest(asked: Asked) -> None:
    """Thirty reviews of kettles, one in Chinese, one of something else, one of machine's make."""
    lines = ["id,text,stars,date,product"]
    parts = ("lid", "spout", "handle", "base", "switch", "steam")
    for n in range(30):
        text = f"The kettle boils water and the {parts[n % 6]} of kettle {n} pours water well"
        lines.append(f"k{n:02},{text},{n % 5 + 1},2024-01-{n + 1:02},kettle")
    lines.append("zh,味道很好 会再买 孩子很喜欢,5,2024-02-01,kettle")
    lines.append("odd,Farmers blocked seven motorways over new taxes yesterday,3,,kettle")
    lines.append("log,Lorem ipsum dolor sit amet,3,2024-02-03,lamp")
    file = Path("reviews.csv")
    file.write_text("\n".join(lines), encoding="utf-8")
    with asked.open(FakeEncoder(dimension=64)) as corpus:
        corpus.ingest(file)


@pytest.mark.cjk
def test_anomalies_from_file_to_output(asked: Asked) -> None:
    ingest(asked)
    ask = partial(asked.ask, "anomalies")

    answer = json.loads(ask("-n", "3", "-f", "json").out)
    assert set(answer) == set(Anomalies.__dataclass_fields__)
    assert set(answer["anomalies"][0]) == set(Anomaly.__dataclass_fields__)
    assert {one["review_id"] for one in answer["anomalies"]} == {"zh", "odd", "log"}
    reasons = {one["review_id"]: one["reasons"][0]["kind"] for one in answer["anomalies"]}
    assert reasons == {"zh": "other language", "odd": "off-topic", "log": "boilerplate"}
    assert ask("-n", "0", "-f", "json").out == ask("-n", "0", "-f", "json").out

    every = [json.loads(line) for line in ask("-n", "0", "-f", "jsonl").out.splitlines()]
    assert len(every) == 33
    assert [one["score"] for one in every] == sorted((one["score"] for one in every), reverse=True)
    rows = list(csv.DictReader(io.StringIO(ask("--kind", "boilerplate", "-f", "csv").out)))
    assert [row["review_id"] for row in rows] == ["log"]
    assert ask("--product", "kettle", "-n", "0", "-f", "jsonl").out.count("\n") == 32

    shown = ask("--details", "-n", "3")
    assert "boilerplate: filler text" in shown.out
    assert "stars were not compared with texts" in shown.err
    assert all(cell_len(line) <= 80 for line in shown.out.splitlines())
    assert "1 review matches the filters, too few for anomalies" in (
        ask("--product", "lamp", status=1).err
    )


@pytest.fixture(scope="module")
def sample(sample_path: Path) -> Anomalies:
    with Corpus.open(sample_path) as corpus:
        return corpus.anomalies(n=0)


def test_planted_texts_that_are_no_reviews_are_found(sample: Anomalies) -> None:
    ids = [one.review_id for one in sample.anomalies]
    assert len(NO_REVIEWS & set(ids[:10])) >= 5
    assert len(NO_REVIEWS & set(ids[:25])) >= 6
    assert set(ids[:80]) >= NO_REVIEWS  # the recipe, beside reviews of a granola, comes late
    kinds = {one.review_id: {reason.kind for reason in one.reasons} for one in sample.anomalies}
    assert sum("boilerplate" in found for found in kinds.values()) == 4
    assert all(kinds[name] for name in NO_REVIEWS - {"webshop:36"})


def test_planted_stars_that_contradict_the_text_are_found(sample: Anomalies) -> None:
    told = {
        one.review_id
        for one in sample.anomalies
        if "stars contradict text" in {reason.kind for reason in one.reasons}
    }
    assert len(told) <= 6
    assert len(told & CONTRADICTED) >= 3


def test_short_and_foreign_reviews_of_the_sample_are_told_as_such(sample: Anomalies) -> None:
    assert sample.languages == ("en",)
    kinds = {one.review_id: {reason.kind for reason in one.reasons} for one in sample.anomalies}
    foreign = ("app-survey:5", "app-survey:17", "app-survey:40", "webshop:129", "webshop:24")
    assert not kinds.keys() & set(foreign)
    [note] = [note for note in sample.notes if "does not read" in note]
    assert note.startswith("27 reviews are in languages (German 8, French 6, Spanish 5, Chinese ")
    assert all("empty" in kinds[name] for name in ("webshop:23", "app-survey:4", "webshop:82"))
