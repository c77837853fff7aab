"""`map` from stored reviews to the files it draws."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

from asked import Asked
from fakes import FakeEncoder

TEXTS = (
    "lamp flickers at night",
    "box arrived crushed",
    "=1+2 battery empty",
    "<b>kettle</b> leaks",
)


def test_map_from_file_to_picture(asked: Asked) -> None:
    def ingest(count: int) -> None:
        rows = [f"r{n:02},{TEXTS[n % 4]} {n},{n % 5 + 1},p{n % 3}" for n in range(count)]
        Path("reviews.csv").write_text("\n".join(["id,text,stars,product", *rows]), "utf-8")
        with asked.open(FakeEncoder(dimension=32)) as corpus:
            corpus.ingest("reviews.csv")

    ask = partial(asked.told, "map")
    ingest(16)
    files = [part for ending in ("html", "png", "csv") for part in ("-o", f"m.{ending}")]
    table = ask(*files, "--axes", "axes.json")
    assert "16 reviews, PCA" in table
    assert "of the variance" in table
    assert "plotly" in Path("m.html").read_text(encoding="utf-8")
    assert "'=1+2 battery empty" in Path("m.csv").read_text(encoding="utf-8")

    first = json.loads(ask("--axes", "axes.json", "-f", "json"))
    ingest(24)
    second = json.loads(ask("--axes", "axes.json", "-f", "json"))
    where = [[(p["review_id"], p["x"], p["y"]) for p in one["points"]] for one in (first, second)]
    assert where[1][:16] == where[0]
    # Sixteen are too few for clusters, 24 are not: each cluster has its own label.
    assert {p["label"] for p in first["points"]} == {""}
    labels = {(p["cluster"], p["label"]) for p in second["points"]}
    assert len({label for _, label in labels}) == len(labels) > 1
    ask("-o", "m.html")
    page = Path("m.html").read_text(encoding="utf-8")
    assert all(label in page for _, label in labels)
    assert "too few for clusters" in ask(
        "-o", "m.svg", "--color", "cluster", "--product", "p1", status=1
    )
    assert len(second["points"]) == 24
    assert len(ask("-f", "jsonl", "--product", "p1").splitlines()) == 8

    assert "wanted an ending of" in ask("-o", "m.gif", status=1)
    assert "wanted at least 3" in ask("-o", "m.png", "--product", "none", status=1)
    ask(status=2)
