"""`clusters` from stored reviews to what is printed; and what is planted."""

from __future__ import annotations

import csv
import json
from functools import partial
from pathlib import Path

from rich.cells import cell_len

from asked import Asked
from reviewlens import Corpus
from reviewlens.insights.clusters import Cluster, Clusters

SUBJECTS = {
    "battery": ("charge", "drains", "empty", "hours", "dies"),
    "parcel": ("box", "crushed", "courier", "dented", "carton"),
    "refund": ("support", "email", "answer", "money", "waiting"),
}


def ids(webshop: str, survey: str) -> set[str]:
    return {f"webshop:{one}" for one in webshop.split()} | {
        f"app-survey:{one}" for one in survey.split()
    }


BROKEN = ids("4 73 115 120 163 61 28 126 142 214 77 109 113 201 35 173 186 194", "23 35 3 14 37 41")
PAIRING = ids("191 200 205 210 198 203 212", "80 81 83 86 91 79 82 87 92")
SUPPORT = ids("60 121 48 134 140 171 97 160 18 118 161 75 196 100", "58 16 47 64 42 39")
NOTHING = ids("13 23 27 38 70 82 93 103 107 119 139 148 156 162", "4 13 51 67 73 93")


def write(path: Path) -> Path:
    rows = ["id,text,stars,date,product"]
    for number, (subject, words) in enumerate(SUBJECTS.items()):
        for row in range(12 - number):
            chosen = [words[(row + step * step) % 5] for step in range(3)]
            text = f"{subject} {' '.join(chosen)} word{row}"
            rows.append(
                f"{subject}{row},{text},{number + 1},2024-0{number + 1}-05,kettle {row % 2}"
            )
    rows += ["x,Love it!,5,2024-05-05,kettle 0", "y,ok,5,,"]
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def test_clusters_from_file_to_output(asked: Asked, tmp_path: Path) -> None:
    with asked.open() as corpus:
        corpus.ingest(write(tmp_path / "reviews.csv"))
    ask = partial(asked.ask, "clusters")

    printed = ask("--assignments", "placed.csv", "-f", "json").out
    assert ask("-f", "json").out == printed
    answer = json.loads(printed)
    assert set(answer) == set(Clusters.__dataclass_fields__) - {"assignments"}
    assert set(answer["clusters"][0]) == set(Cluster.__dataclass_fields__)
    assert [one["reviews"] for one in answer["clusters"]] == [12, 11, 10, 2]
    assert [one["says_nothing"] for one in answer["clusters"]] == [False, False, False, True]
    assert answer["clusters"][1]["stars"] == {"value": 2.0, "low": 2.0, "high": 2.0}
    assert answer["clusters"][0]["quotes"][0]["review_id"].startswith("battery")
    assert answer["coverage"]["assigned"] == 1.0
    placed = list(csv.DictReader((tmp_path / "placed.csv").read_text("utf-8").splitlines()))
    assert list(placed[0]) == ["review_id", "cluster", "confidence", "subcluster"]
    expected = dict(zip(["battery", "parcel", "refund", "x", "y"], "01233", strict=True))
    assert all(row["cluster"] == expected[row["review_id"].rstrip("0123456789")] for row in placed)

    lines = ask("--resolution", "1", "-f", "jsonl").out.splitlines()
    rows = list(csv.DictReader(ask("--resolution", "1", "-f", "csv").out.splitlines()))
    assert [json.loads(line)["label"] for line in lines] == [row["label"] for row in rows]
    shown = ask("--details", "--resolution", "1").out
    assert "(says nothing)" in shown
    assert "12 reviews · 36.4% (" in shown
    assert all(cell_len(line) <= 80 for line in shown.splitlines())
    assert "across" in ask("--across", "product", "--details", "--resolution", "1").out

    answer = json.loads(ask("--unit", "sentence", "-f", "json", "--resolution", "1").out)
    assert (answer["unit"], answer["rows"], answer["reviews"]) == ("sentence", 35, 35)
    shown = ask("--unit", "sentence", "--resolution", "1").out
    assert "35 reviews, 35 sentences in" in " ".join(shown.split())

    assert "12 reviews match the filters, too few for clusters; wanted at least 20" in (
        ask("--rating", "1", status=1).err
    )
    assert "cannot be written to no/such" in ask("--assignments", "no/such", status=1).err
    ask("--clusters", "3", "--resolution", "1", status=2)


# -- planted -------------------------------------------------------------------------------------


def overlap(found: Clusters, planted: set[str]) -> float:
    """The best F1 of a cluster with what was planted."""
    own: dict[int, set[str]] = {}
    for one in found.assignments:
        own.setdefault(one.cluster, set()).add(one.review_id)
    return max(2 * len(ids & planted) / (len(ids) + len(planted)) for ids in own.values())


def test_planted_themes_of_the_sample_are_found(sample_path: Path) -> None:
    with Corpus.open(sample_path) as corpus:
        found = corpus.clusters()
        across = corpus.clusters(across="product")
        sentences = corpus.clusters(unit="sentence")
    assert found.stability > 0.85
    assert (len(found.assignments), found.coverage.assigned) == (283, 1.0)  # 27 are not read
    assert overlap(found, BROKEN) > 0.75
    assert overlap(found, PAIRING) > 0.75
    assert overlap(found, SUPPORT) > 0.6
    assert overlap(found, NOTHING) > 0.9
    place = {one.review_id: one.cluster for one in across.assignments}
    assert sentences.reviews == 283 < sentences.rows
    assert {one.review_id for one in sentences.assignments} == set(place)
    clusters_of = [one.review_id for one in sentences.assignments]
    assert len(clusters_of) > 1.3 * len(set(clusters_of))
    assert overlap(sentences, PAIRING) > 0.6
    words = {word for cluster in found.clusters for term in cluster.terms for word in term.split()}
    assert {"box", "refund", "update"} <= words
    for planted, least in ((BROKEN, 23), (PAIRING, 16), (SUPPORT, 18)):
        clusters = [place[one] for one in planted]
        assert max(clusters.count(one) for one in clusters) >= least
