"""`diversity` from stored reviews to what is printed, on each Milvus."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from fakes import FakeEncoder
from milvus_servers import Backend, named_backend
from reviewlens import Corpus
from reviewlens.cli.main import run

SUBJECTS = ("lamp flickers", "box crushed", "colour faded", "support silent", "battery empty")


@pytest.fixture(params=["lite", pytest.param("container-auth", marks=pytest.mark.container)])
def backend(request: pytest.FixtureRequest) -> Backend:
    return named_backend(request.param, request)


def stored(backend: Backend, name: str, folder: Path) -> None:
    """Twelve reviews of five subjects about lamps, twelve of one about pens."""
    lines = ["id,text,stars,date,product,city"]
    for n in range(12):
        lines.append(
            f"a{n:02},{SUBJECTS[n % 5]} number {n},{n % 5 + 1},2024-01-{n + 1:02},lamp,Rome"
        )
        lines.append(f"b{n:02},writes smoothly every day number {n},5,2024-02-{n + 1:02},pen,Oslo")
    file = folder / "reviews.csv"
    file.write_text("\n".join(lines), encoding="utf-8")
    encoder = FakeEncoder(dimension=64)
    with Corpus.open(backend.uri, collection=name, encoder=encoder, token=backend.token) as corpus:
        corpus.ingest(file)


def test_diversity_from_file_to_output(
    backend: Backend,
    collection_name: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("REVIEWLENS_TOKEN", backend.token)
    stored(backend, collection_name, tmp_path)
    capsys.readouterr()

    def ask(*arguments: str) -> str:
        where = ["--uri", backend.uri, "--collection", collection_name]
        assert run([*where, "diversity", *arguments]) == 0
        return capsys.readouterr().out

    by_city = ("--by", "city", "--min-reviews", "5", "-f", "json")
    answer = json.loads(ask(*by_city))
    assert [group["group"] for group in answer["groups"]] == ["Rome", "Oslo"]
    assert answer["groups"][0]["similarity"]["high"] < answer["groups"][1]["similarity"]["low"]
    assert answer["groups"][1]["typical"]["review_id"].startswith("b")
    assert ask(*by_city) == ask(*by_city)
    assert json.loads(ask("--product", "pen", "-f", "json"))["reviews"] == 12

    table = ask("--by", "product", "--min-reviews", "5", "--details")
    assert "Vendi of 12" in table
    assert all(len(line) <= 80 for line in table.splitlines())

    rows = list(
        csv.DictReader(io.StringIO(ask("--by", "product", "--min-reviews", "5", "-f", "csv")))
    )
    assert rows[0]["group"] == "lamp"
    assert float(rows[0]["vendi_low"]) <= float(rows[0]["vendi"]) <= float(rows[0]["vendi_high"])

    sample = json.loads(ask("--sample", "2", "--kind", "diverse", "-f", "json"))
    assert {one["product"] for one in sample["sample"]} == {"lamp", "pen"}
    assert "stands for" in ask("--sample", "3")


def test_diversity_that_cannot_be_told_is_one_sentence(
    lite_path: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    stored(Backend("lite", str(lite_path), ""), "reviews", tmp_path)
    capsys.readouterr()
    start = ["--uri", str(lite_path), "diversity"]
    assert run([*start, "--by", "product"]) == 1
    assert "no product has 20 reviews, the most that one has is 12" in capsys.readouterr().err
    assert run([*start, "--by", "product", "--sample", "3"]) == 2
    assert run([*start, "--rating", "9.."]) == 1
    assert "there are 0 reviews" in capsys.readouterr().err
