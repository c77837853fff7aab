"""`diversity` from stored reviews to what is printed."""

from __future__ import annotations

import csv
import io
import json
from functools import partial
from pathlib import Path

from asked import Asked
from fakes import FakeEncoder

SUBJECTS = ("lamp flickers", "box crushed", "colour faded", "support silent", "battery empty")


def ingest(asked: Asked) -> None:
    """Twelve reviews of five subjects about lamps, twelve of one about pens."""
    lines = ["id,text,stars,date,product,city"]
    for n in range(12):
        lines.append(
            f"a{n:02},{SUBJECTS[n % 5]} number {n},{n % 5 + 1},2024-01-{n + 1:02},lamp,Rome"
        )
        lines.append(f"b{n:02},writes smoothly every day number {n},5,2024-02-{n + 1:02},pen,Oslo")
    file = Path("reviews.csv")
    file.write_text("\n".join(lines), encoding="utf-8")
    with asked.open(FakeEncoder(dimension=64)) as corpus:
        corpus.ingest(file)


def test_diversity_from_file_to_output(asked: Asked) -> None:
    ingest(asked)
    ask = partial(asked.told, "diversity")

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


def test_diversity_that_cannot_be_told_is_one_sentence(asked_on_lite: Asked) -> None:
    ingest(asked_on_lite)
    ask = partial(asked_on_lite.told, "diversity")
    assert "no product has 20 reviews, the most that one has is 12" in (
        ask("--by", "product", status=1)
    )
    ask("--by", "product", "--sample", "3", status=2)
    assert "0 reviews match the filters" in ask("--rating", "9..", status=1)
