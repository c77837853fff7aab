"""`search --polarity` from stored reviews to what is printed, on a server too."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from fakes import FakeEncoder
from milvus_servers import Backend
from reviewlens import Corpus
from reviewlens.cli.main import run
from reviewlens.search import Mode

PRAISE = ["love", "great", "lasts", "happy", "wonderful", "superb", "reliable", "excellent"]
BLAME = ["hate", "poor", "dies", "angry", "terrible", "broken", "useless", "awful"]
THINGS = ["battery", "lamp", "kettle", "zipper"]


def reviews(count: int, *, blame: bool = True) -> str:
    """Half praise and half complain, of the same things, four words of their side each."""
    draw = random.Random(5)
    rows = ["id,text,stars"]
    for number in range(count):
        bad = blame and number % 2 == 1
        words = draw.sample(BLAME if bad else PRAISE, 4)
        thing = THINGS[number // 2 % 4]
        rows.append(
            f"{number},the {thing} {thing} {thing} {' '.join(words)} {number},{1 + 4 * (not bad)}"
        )
    return "\n".join(rows) + "\n"


@pytest.mark.backends("lite", "container-auth")
def test_polarity_from_file_to_output(
    backend: Backend,
    collection_name: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    where = {"collection": collection_name, "encoder": FakeEncoder(), "token": backend.token}
    with Corpus.open(backend.uri, **where) as corpus:
        Path("a.csv").write_text(reviews(120), encoding="utf-8")
        corpus.ingest("a.csv")
        plain = corpus.search("battery", 10)
        assert (plain.side, plain.opposite) == (None, ())
        assert {match.rating for match in plain.matches} == {1.0, 5.0}
        for polarity, stars in (("positive", 5.0), ("negative", 1.0)):
            found = corpus.search("battery", 10, polarity=polarity)
            assert found.side == polarity
            assert {match.rating for match in found.matches} == {stars}
            assert {match.rating for match in found.opposite} == {6.0 - stars}
            assert all("battery" in match.text for match in found.matches)
            assert all((match.sentiment > 0) == (stars == 5.0) for match in found.matches)
        for polarity in (None, "auto"):
            blame = corpus.search("the battery dies terrible awful", 5, polarity=polarity)
            assert blame.side == "negative"
            assert {match.rating for match in blame.matches} == {1.0}
        assert corpus.search("kettle", 5, polarity="auto").side is None
        found = corpus.where(rating="..5").search("lamp", 3, polarity="negative")
        assert {match.rating for match in found.matches} == {1.0}


@pytest.mark.parametrize("mode", ["dense", "keyword", "hybrid"])
def test_what_is_said_decides_where_there_are_no_stars(
    mode: Mode, lite_path: Path, tmp_path: Path
) -> None:
    (tmp_path / "a.csv").write_text(reviews(120), encoding="utf-8")
    with Corpus.open(lite_path, encoder=FakeEncoder()) as corpus:
        corpus.ingest(tmp_path / "a.csv", columns={"rating": ""})
        for polarity, odd in (("positive", 0), ("negative", 1)):
            found = corpus.search("the zipper", 5, mode=mode, polarity=polarity)
            assert {int(match.review_id) % 2 for match in found.matches} == {odd}
            assert {int(match.review_id) % 2 for match in found.opposite} == {1 - odd}


def test_stars_decide_where_what_is_said_cannot_be_read(lite_path: Path, tmp_path: Path) -> None:
    rows = [
        f"{number},Nummer {number} der Lampe steht seit Tagen {'oben' if number % 3 else 'unten'} "
        f"bei uns im Zimmer,{1 + 4 * (number % 2)}"
        for number in range(60)
    ]
    (tmp_path / "a.csv").write_text("\n".join(["id,text,stars", *rows]), encoding="utf-8")
    with Corpus.open(lite_path, encoder=FakeEncoder()) as corpus:
        corpus.ingest(tmp_path / "a.csv")
        found = corpus.search("Lampe", 5, polarity="negative")
        assert [match.rating for match in found.matches] == [1.0] * 5
        assert {match.sentiment for match in found.matches} == {None}


def test_polarity_where_too_few_reviews_are_there_to_judge(lite_path: Path, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(reviews(24), encoding="utf-8")
    with Corpus.open(lite_path, encoder=FakeEncoder()) as corpus:
        corpus.ingest(tmp_path / "a.csv")
        found = corpus.search("battery", 3, polarity="negative")
        assert [match.rating for match in found.matches] == [1.0] * 3
        assert found.side == "negative"
        found = corpus.search("battery", 3, polarity="negative", min_similarity=-1)
        assert [match.rating for match in found.matches] == [1.0] * 3


def test_polarity_on_the_command_line(
    lite_path: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.csv").write_text(reviews(100), encoding="utf-8")
    with Corpus.open(lite_path, encoder=FakeEncoder()) as corpus:
        corpus.ingest("a.csv")
    command = ["--uri", str(lite_path), "search", "the battery", "-n", "2"]
    for mode in ("dense", "keyword", "hybrid"):
        assert run([*command, "--polarity", "negative", "--mode", mode, "-f", "json"]) == 0
        told = json.loads(capsys.readouterr().out)
        assert told["side"] == "negative"
        assert {one["rating"] for one in told["matches"]} == {1.0}
    assert run([*command, "--polarity", "negative"]) == 0
    assert "The opposite:" in capsys.readouterr().out
    assert run([*command, "--polarity", "friendly"]) == 2
