"""`duplicates` from stored reviews to what is printed; and what is planted."""

from __future__ import annotations

import csv
import io
import json
from functools import partial
from pathlib import Path

from rich.cells import cell_len

from asked import Asked
from fakes import FakeEncoder
from reviewlens import Corpus
from reviewlens.insights.duplicates import DuplicateGroup, Duplicates

LONG = "These earbuds are the best I have ever owned: deep bass and a battery that lasts"


def ingest(asked: Asked) -> None:
    lines = [
        "id,text,stars,date,product,author",
        f"a,{LONG},5,2024-01-01,buds,ann",
        f"b,{LONG.upper()}!,5,2024-01-03,lamp,bob",
        f"c,{LONG} long,5,2024-01-04,buds,cid",
        "d,Love it!,5,2024-01-05,buds,dee",
        "e,love it,4,2024-01-06,lamp,eve",
        "f,The granola was stale,1,2024-01-07,granola,fay",
    ]
    file = Path("reviews.csv")
    file.write_text("\n".join(lines), encoding="utf-8")
    with asked.open(FakeEncoder(dimension=64)) as corpus:
        corpus.ingest(file)


def test_duplicates_from_file_to_output(asked: Asked) -> None:
    ingest(asked)
    ask = partial(asked.ask, "duplicates")

    text = ask("-f", "json").out
    answer = json.loads(text)
    assert set(answer) == set(Duplicates.__dataclass_fields__)
    assert set(answer["groups"][0]) == set(DuplicateGroup.__dataclass_fields__)
    assert [(group["kind"], group["review_ids"]) for group in answer["groups"]] == [
        ("exact", ["a", "b"]), ("near", ["a", "c"]), ("exact", ["d", "e"]),
    ]  # fmt: skip
    assert answer["groups"][0]["flags"] == ["authors", "products", "dates"]
    assert answer["groups"][2]["flags"] == ["short"]
    assert ask("-f", "json").out == text
    assert ask("--near", "1", "--meaning", "1.1", "-f", "jsonl").out.count("\n") == 2
    rows = list(csv.DictReader(io.StringIO(ask("--rating", "5", "-f", "csv").out)))
    assert [row["kind"] for row in rows] == ["exact", "near"]

    table = ask("--details", "-n", "2").out
    assert table.startswith("3 groups of copies in 6 reviews; 2 repeat the text of another\n")
    assert "2 authors · 2 products" in table
    assert "and 1 more groups" in table
    assert all(cell_len(line) <= 80 for line in table.splitlines())
    assert "too few for copies" in ask("--product", "granola", status=1).err


def test_planted_copied_reviews_are_found(sample_path: Path) -> None:
    with Corpus.open(sample_path) as corpus:
        result = corpus.duplicates()
    groups = {
        (group.kind, tuple(sorted(group.review_ids)), "authors" in group.flags)
        for group in result.groups
    }
    assert groups == {
        (kind, tuple(f"webshop:{number}" for number in numbers), True)
        for kind, numbers in (
            ("exact", (88, 90, 92)), ("exact", (147, 149, 150)),
            ("near", (110, 111, 112)), ("near", (177, 178, 179)),
        )
    }  # fmt: skip
