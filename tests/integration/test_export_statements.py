"""`export --statements`: what reviews say, a row each."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from fakes import FakeEncoder
from reviewlens import Corpus
from reviewlens.cli.main import run
from reviewlens.errors import InputError

TEXT = "The lid is awful. We love the spout, but the handle is terrible."


@pytest.fixture
def stored(lite_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("reviews.csv").write_text(
        f'id,text,stars\nb,"{TEXT}",2\na,It was fine for us.,4\n', encoding="utf-8"
    )
    with Corpus.open(lite_path, encoder=FakeEncoder()) as corpus:
        corpus.ingest("reviews.csv")
    return lite_path


def test_a_row_is_a_statement_with_its_sentiment(stored: Path, tmp_path: Path) -> None:
    file = tmp_path / "said.csv"
    with Corpus.open(stored, encoder=FakeEncoder()) as corpus:
        report = corpus.export(file, statements=True)
    assert report.reviews == 2
    rows = list(csv.DictReader(file.read_text(encoding="utf-8").splitlines()))
    assert [(row["review_id"], row["statement"], row["text"]) for row in rows] == [
        ("a", "0", "It was fine for us."),
        ("b", "0", "The lid is awful."),
        ("b", "1", "We love the spout"),
        ("b", "2", "but the handle is terrible."),
    ]
    blame, praise, handle = (float(row["sentiment"]) for row in rows[1:])
    assert blame < -0.5 < 0.5 < praise
    assert handle < -0.5
    assert [row["rating"] for row in rows] == ["4.0", "2.0", "2.0", "2.0"]


def test_the_command_takes_filters_and_refuses_vectors(
    stored: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    where = ["--uri", str(stored), "export", "--statements"]
    assert run([*where, "-f", "jsonl", "--rating", "4"]) == 0
    [only] = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert (only["review_id"], only["statement"], only["rating"]) == ("a", 0, 4.0)
    assert run([*where, "said.csv", "--vectors"]) == 1
    assert "give vectors or statements" in capsys.readouterr().err
    assert not Path("said.csv").exists()


def test_parquet_keeps_numbers(stored: Path, tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    with Corpus.open(stored, encoder=FakeEncoder()) as corpus:
        corpus.export(tmp_path / "said.parquet", statements=True)
        with pytest.raises(InputError, match="give vectors or statements"):
            corpus.export(tmp_path / "other.parquet", statements=True, vectors=True)
    table = parquet.read_table(tmp_path / "said.parquet").to_pydict()
    assert table["statement"] == [0, 0, 1, 2]
    assert all(-1 <= one <= 1 for one in table["sentiment"])
