"""`search --mode`, `search --compare` and `evaluate`, from a file to what is printed."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pytest

from fakes import FakeEncoder, Register
from milvus_servers import Backend
from reviewlens import Corpus
from reviewlens.cli.main import run
from reviewlens.cli.output import terminal_width

SUBJECTS = ["kettle boils water", "lamp flickers nightly", "radio hums loudly"]
HEADER = "id,title,text,stars,product\n"


def table() -> str:
    rows = [
        f"{number}-{place},{subject} {place},The {subject} again. Bought {number}{place} in shop "
        f"{place}.,{number + 1},p{number}"
        for number, subject in enumerate(SUBJECTS)
        for place in range(10)
    ]
    return HEADER + "\n".join([*rows, "code,Faulty,My XJ-900 shows E04,1,p9"]) + "\n"


# Milvus Lite in this process: test_modes.py, test_evaluation.py, and the commands of the documents.
BACKENDS = ("lite-server", "container-auth")


def test_modes_and_evaluation_from_file_to_output(
    backend: Backend,
    collection_name: str,
    tmp_path: Path,
    registered: Register,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    registered("other", lambda: FakeEncoder(name="other"))
    (tmp_path / "reviews.csv").write_text(table(), encoding="utf-8")
    monkeypatch.setenv("REVIEWLENS_TOKEN", backend.token)
    with Corpus.open(
        backend.uri, collection=collection_name, encoder=FakeEncoder(), token=backend.token
    ) as corpus:
        corpus.ingest("reviews.csv")
        keywords = bool(corpus.stats().analyzer)
    assert keywords == backend.name.startswith("lite")
    where = ["--uri", backend.uri, "--collection", collection_name]

    def ask(*arguments: str, status: int = 0) -> tuple[str, str]:
        capsys.readouterr()
        assert run([*where, *arguments]) == status
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        return said.out, said.err

    search = ["search", "XJ-900", "-n", "3", "--min-similarity", "-1"]
    out, err = ask(*search, "-f", "json")
    answer = json.loads(out)
    assert answer["matches"][0]["review_id"] == "code"
    if keywords:
        assert answer["mode"] == "hybrid"
        assert answer["matches"][0]["keyword_score"] > 0
        assert answer["matches"][0]["score"] > answer["matches"][1]["score"]
        assert "meaning alone" not in err
        out, _ = ask(*search, "--mode", "keyword", "-f", "csv")
        assert [row["review_id"] for row in csv.DictReader(io.StringIO(out))] == ["code"]
        out, _ = ask(*search, "--mode", "hybrid", "--details")
        assert "words " in out.splitlines()[0]
    else:
        assert answer["mode"] == "dense"
        assert answer["matches"][0]["keyword_score"] is None
        lacking = r"this Milvus \(v2\.3\.5.*\) has no keyword search: use Milvus Lite or "
        assert re.match(rf"Searched by meaning alone: {lacking}", err)
        assert answer["notes"] == [err.strip()]
        _, err = ask(*search, "--mode", "keyword", status=1)
        assert re.match(rf"reviewlens: {lacking}", err)

    out, _ = ask("evaluate", "-f", "json")
    found = json.loads(out)
    assert (found["reviews"], found["texts"]) == (31, 31)
    index = [one for one in found["figures"] if one["task"] == "index"]
    assert [one["estimate"]["value"] for one in index] == [1.0]
    modes = {one["mode"] for one in found["figures"] if one["task"] == "title"}
    assert modes == ({"dense", "keyword", "hybrid"} if keywords else {"dense"})
    assert bool(found["skipped"]) != keywords
    out, _ = ask("evaluate", "--encoder", "fake-bag-of-words", "--encoder", "other")
    assert "A title finds its text (31 asked)" in out
    assert ("Not asked:" in out) != keywords
    assert max(map(len, out.splitlines())) <= 80
    out, _ = ask("evaluate", "--encoder", "other", "-f", "csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert {row["encoder"] for row in rows if row["task"] != "index"} == {"other"}
    assert {row["mode"] for row in rows} == {"dense"}
    assert all(float(row["estimate_low"]) <= float(row["estimate"]) for row in rows)


def test_two_collections_are_compared_side_by_side(
    lite_path: Path,
    tmp_path: Path,
    registered: Register,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    (tmp_path / "reviews.csv").write_text(table(), encoding="utf-8")
    for name in ("reviews", "others"):
        registered(name, lambda name=name: FakeEncoder(name=name))
        with Corpus.open(lite_path, collection=name, encoder=FakeEncoder(name=name)) as corpus:
            corpus.ingest(tmp_path / "reviews.csv")

    def ask(*arguments: str, status: int = 0) -> tuple[str, str]:
        capsys.readouterr()
        assert run(["--uri", str(lite_path), "search", *arguments]) == status
        said = capsys.readouterr()
        return said.out, said.err

    asked = ["water boils", "-n", "3", "--min-similarity", "-1", "--compare", "others, reviews"]
    out, _ = ask(*asked)
    lines = out.splitlines()
    assert lines[0].split() == ["reviews", "others"]
    assert lines[-1].startswith("= found by all: ")
    assert max(map(len, lines)) <= terminal_width() == 80
    out, _ = ask(*asked, "-f", "json")
    answers = json.loads(out)
    assert [one["collection"] for one in answers] == ["reviews", "others"]
    assert all(len(one["matches"]) == 3 for one in answers)
    alone, _ = ask(*asked[:-2], "-f", "json")
    assert {"collection": "reviews", **json.loads(alone)} == answers[0]
    out, _ = ask(*asked, "-f", "csv")
    assert {row["collection"] for row in csv.DictReader(io.StringIO(out))} == {"reviews", "others"}
    _, err = ask("water", "--compare", "reviews", status=2)
    assert "names no other collection" in err
    _, err = ask("water", "--compare", "missing", status=1)
    assert "there is no collection 'missing'" in err
