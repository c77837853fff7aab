"""`recommend` from stored reviews to what is printed."""

from __future__ import annotations

import csv
import io
import json
from functools import partial
from pathlib import Path

from asked import Asked

REVIEWS = """id,text,stars,date,product,author
1,A quiet kettle that boils water fast,5,2024-01-05,kettle,"Smith, Ann"
2,The kettle lid leaks hot water,1,2024-01-06,kettle,bob
3,This teapot keeps water hot and boils it fast,5,2024-02-05,teapot,cid
4,The teapot boils water without noise,4,2024-02-06,teapot,dee
5,A bright lamp for reading in bed,5,2024-03-05,lamp,eve
6,The lamp flickers when I am reading,2,2024-03-06,lamp,"Smith, Ann"
7,Water stays hot in this flask,4,2024-04-05,flask,fay
8,Torch for reading in a tent bright enough,4,2024-04-06,torch,gus
"""


def test_recommendations_from_file_to_output(asked: Asked, tmp_path: Path) -> None:
    (tmp_path / "reviews.csv").write_text(REVIEWS, encoding="utf-8")
    with asked.open() as corpus:
        corpus.ingest("reviews.csv")
    ask = partial(asked.told, "recommend")

    ann = json.loads(ask("--author", "Smith, Ann", "-f", "json"))
    assert ann["recommendations"][0]["product"] == "teapot"
    assert ann["recommendations"][0]["stars"]["value"] == 4.5
    assert ann["recommendations"][0]["reason"]["review_id"] in ("3", "4")
    assert ann["left_out"] == ["kettle", "lamp"]
    assert (ann["liked"], ann["disliked"]) == (1, 1)

    # What is asked for need not be among what the filters leave.
    lamp = json.loads(ask("--for-product", "lamp", "--product", "torch", "-f", "json"))
    assert [one["product"] for one in lamp["recommendations"]] == ["torch"]

    first = ask("--review", "1", "--kind", "review", "-n", "2", "-f", "csv")
    assert first == ask("--review", "1", "--kind", "review", "-n", "2", "-f", "csv")
    assert next(csv.DictReader(io.StringIO(first)))["reason_review_id"] in ("3", "4")

    table = ask("--for-product", "kettle", "--details")
    assert "teapot · 4.5 stars (1.0 to 5.0) · 2 reviews" in table
    assert all(len(line) <= 80 for line in table.splitlines())

    assert "did you mean 'kettle'?" in ask("--for-product", "Ketle", status=1)
    assert "no author is named ''" in ask("--author", "", status=1)
    assert "'bob' has 1 review and none with 4 or 5 stars" in ask("--author", "bob", status=1)
    ask("--author", "bob", "--review", "1", status=2)
