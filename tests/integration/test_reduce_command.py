"""Shorter vectors on the real model: measured, written, and used by a collection."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from reviewlens import Corpus
from reviewlens.cli.main import run
from reviewlens.errors import EncoderMismatch

SAMPLE = Path(__file__).parents[2] / "datasets" / "sample_reviews.csv"

Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Command:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")

    def call(*arguments: str) -> tuple[int, str, str]:
        status = run(list(arguments))
        return status, *capsys.readouterr()

    return call


@pytest.fixture
def whole(sample_path: Path) -> str:
    """The sample reviews as the default encoder embeds them."""
    return str(sample_path)


def some_reviews(folder: Path, rows: int) -> str:
    """The first of the sample reviews, in a file of their own."""
    lines = SAMPLE.read_text(encoding="utf-8").splitlines(keepends=True)
    (folder / "some.csv").write_text("".join(lines[: rows + 1]), encoding="utf-8")
    return "some.csv"


def test_from_a_collection_to_a_shorter_one(whole: str, command: Command, tmp_path: Path) -> None:
    status, out, err = command(
        "--uri", whole, "reduce", "--from-collection", "--dimensions", "96",
        "--output", "shorter", "-f", "json",
    )  # fmt: skip
    assert (status, err) == (0, "")
    result = json.loads(out)
    kept = {row["method"]: row["recall"] for row in result["rows"]}
    assert kept["pca"]["low"] <= kept["pca"]["value"] <= kept["pca"]["high"]
    assert kept["pca"]["value"] > kept["first"]["high"]
    assert kept["pca"]["value"] > 0.8
    assert result["learnt_from"] + result["held_out"] >= 280

    file = some_reviews(tmp_path, 40)
    status, out, _ = command("--uri", "layer.db", "--encoder", "shorter", "ingest", file, "--force")
    assert status == 0
    with Corpus.open("layer.db") as corpus:
        assert corpus.stats().dimension == 96
        assert corpus.stats().encoder == str(tmp_path / "shorter")
        (first, *_) = corpus.search("arrived broken in a crushed box", 3).matches
        assert first.similarity > 0.3


def test_first_numbers_are_an_encoder_of_their_own(command: Command, tmp_path: Path) -> None:
    arguments = ("ingest", some_reviews(tmp_path, 60), "--dimensions", "128", "--force")
    status, out, err = command("--uri", "first.db", *arguments)
    assert status == 0
    assert "all-MiniLM-L6-v2+128d" in out
    (note,) = [line for line in err.splitlines() if "of 384 dimensions" in line]
    assert "With 128 of 384 dimensions, " in note
    with Corpus.open("first.db") as corpus:
        assert corpus.stats().dimension == 128
        assert corpus.search("battery does not last", 1, min_similarity=-1).matches[0].sentence
    with (
        Corpus.open("first.db", dimensions=64) as corpus,
        pytest.raises(EncoderMismatch, match=r"use --encoder all-MiniLM-L6-v2\+128d"),
    ):
        corpus.search("battery")
    with Corpus.open("first.db", encoder="all-MiniLM-L6-v2", dimensions=128) as corpus:
        assert len(corpus.search("battery", 2, min_similarity=-1)) == 2
    status, _, err = command("--uri", "first.db", "reduce", "--from-collection", "--dimensions=9")
    assert status == 1
    assert "is shortened already; give the whole one: --encoder all-MiniLM-L6-v2" in err


def test_a_file_is_measured_on(command: Command, tmp_path: Path) -> None:
    file = some_reviews(tmp_path, 120)
    status, out, _ = command("reduce", file, "--dimensions", "30", "--sample", "110", "-f", "json")
    result = json.loads(out)
    assert (status, result["learnt_from"], result["held_out"]) == (0, 55, 55)
    assert result["folder"] is None


def test_what_is_printed(whole: str, command: Command) -> None:
    arguments = ("--uri", whole, "reduce", "--from-collection", "--dimensions=128",
                 "--dimensions=64")  # fmt: skip
    status, out, _ = command(*arguments)
    assert status == 0
    lines = out.splitlines()
    assert lines[0].split() == ["kept", "dimensions", "recall@10"]
    assert [line.split()[-5] for line in lines[1:5]] == ["128", "128", "64", "64"]
    assert all(len(line) <= 80 for line in lines)
    assert "PCA was learnt from" in " ".join(lines)
    status, out, _ = command(*arguments, "-f", "csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert list(rows[0]) == ["method", "dimensions", "recall", "recall_low", "recall_high", "held"]
    assert [row["method"] for row in rows] == ["first", "pca", "first", "pca"]
    assert command(*arguments, "-f", "csv")[1] == out
    assert len(command(*arguments, "-f", "jsonl")[1].splitlines()) == 4


def test_wrong_use_is_told(command: Command, tmp_path: Path) -> None:
    assert command("reduce", "--dimensions", "9")[0] == 2
    assert command("reduce", "a.csv", "--from-collection", "--dimensions", "9")[0] == 2
    assert command("reduce", "a.csv")[0] == 2
    status, _, err = command("reduce", "a.csv", "--dimensions=9", "--dimensions=8", "-o", "out")
    assert (status, "give --dimensions once" in err) == (2, True)
    status, _, err = command("reduce", "--from-collection", "--dimensions", "9")
    assert status == 1
    (tmp_path / "few.csv").write_text("text\n" + "\n".join(f"tea {n}" for n in range(50)))
    status, _, err = command("reduce", "few.csv", "--dimensions", "9")
    assert (status, "there are 50 different texts, and 100 are wanted" in err) == (1, True)
    status, _, err = command("reduce", "few.csv", "--dimensions", "9", "-o", ".")
    assert (status, "is there already; give --output a folder that is not" in err) == (1, True)
