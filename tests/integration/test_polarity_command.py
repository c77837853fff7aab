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
from reviewlens.errors import TooFewReviews

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
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("REVIEWLENS_TOKEN", backend.token)
    where = {"collection": collection_name, "encoder": FakeEncoder(), "token": backend.token}
    with Corpus.open(backend.uri, **where) as corpus:
        Path("a.csv").write_text(reviews(120), encoding="utf-8")
        corpus.ingest("a.csv")
        plain = corpus.search("battery", 10)
        assert plain.side is None
        assert all(match.liking is None for match in plain.matches)
        assert {match.rating for match in plain.matches} == {1.0, 5.0}
        for polarity, stars in (("positive", 5.0), ("negative", 1.0)):
            found = corpus.search("battery", 10, polarity=polarity)
            assert found.side == polarity
            assert {match.rating for match in found.matches} == {stars}
            assert all("battery" in match.text for match in found.matches)
            likings = [match.liking for match in found.matches]
            assert all(one is not None and (one > 0) == (stars == 5.0) for one in likings)
        blame = corpus.search("the battery dies terrible awful", 5, polarity="auto")
        assert blame.side == "negative"
        assert {match.rating for match in blame.matches} == {1.0}
        assert corpus.search("kettle", 5, polarity="auto").side is None

    # It was kept with the collection: another process does not learn it anew.
    with Corpus.open(backend.uri, **where) as corpus:
        store = corpus._session.required()
        kept = json.dumps({**json.loads(store.properties["liking"]), "count": 119})
        store.keep({"liking": kept})
        found = corpus.where(rating="..5").search("lamp", 3, polarity="negative")
        assert {match.rating for match in found.matches} == {1.0}
        assert store.properties["liking"] == kept


def test_polarity_on_the_command_line(
    lite_path: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.csv").write_text(reviews(24, blame=False), encoding="utf-8")
    encoder = FakeEncoder()
    with Corpus.open(lite_path, encoder=encoder) as corpus:
        corpus.ingest("a.csv")
        with pytest.raises(TooFewReviews, match="there are too few here; wanted 20 different"):
            corpus.search("battery", polarity="negative")

    command = ["--uri", str(lite_path), "search", "the battery dies", "-n", "2"]
    assert run([*command, "--polarity", "negative"]) == 1
    assert "search without polarity" in capsys.readouterr().err
    assert run([*command, "--polarity", "auto", "-f", "json"]) == 0
    said = capsys.readouterr()
    assert "Searched without polarity: which reviews praise" in said.err
    assert json.loads(said.out)["side"] is None

    (tmp_path / "b.csv").write_text(reviews(100), encoding="utf-8")
    with Corpus.open(lite_path, encoder=encoder) as corpus:
        corpus.ingest("b.csv", replace=True)
    # More than a tenth has come: it is learnt anew.
    assert run([*command, "--polarity", "auto", "-f", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["side"] == "negative"
    assert run([*command, "--polarity", "friendly"]) == 2
    assert run([*command, "--polarity", "negative", "--mode", "keyword"]) == 1
    assert "wanted the mode dense or hybrid" in capsys.readouterr().err
    assert run([*command, "--polarity", "negative", "--mode", "hybrid", "-f", "json"]) == 0
    assert {one["rating"] for one in json.loads(capsys.readouterr().out)["matches"]} == {1.0}
