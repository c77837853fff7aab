"""`compare` from stored reviews to what is printed; and what is planted."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len

from asked import Asked
from reviewlens import Corpus
from reviewlens.errors import TooFewReviews
from reviewlens.insights.comparison import Comparison, Difference

MONTHS = ("until=2024-05", "since=2024-06")
DISHES = ("soup", "rice", "noodles", "curry", "salad", "burger", "pizza", "tacos", "sushi", "stew")


def write(path: Path) -> Path:
    """Twenty reviews of May, twenty of June; of June's, ten say that the courier was late."""
    rows = ["id,text,stars,date,product,city"]
    for n, dish in enumerate(DISHES):
        late = f"courier came late with cold {dish} number{n}"
        rows += [
            f"a{n},the {dish} tasted fresh and hot number{n},5,2024-05-{n + 1:02},lunch,Paris",
            f"b{n},generous portion of {dish} number{n},4,2024-05-{n + 11:02},dinner,Rome",
            f"c{n},the {dish} tasted fresh again word{n},5,2024-06-{n + 1:02},lunch,Paris",
            f"d{n},{late},1,2024-06-{n + 11:02},dinner,Rome",
        ]
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def asking(asked: Asked) -> Callable[..., Any]:
    """Store the reviews; return what runs `compare` on them and returns what was printed."""
    with asked.open() as corpus:
        corpus.ingest(write(Path("reviews.csv")))
    return partial(asked.ask, "compare")


def test_compare_from_file_to_output(asked: Asked) -> None:
    ask = asking(asked)
    answer = json.loads(ask(*MONTHS, "-f", "json").out)
    assert set(answer) == set(Comparison.__dataclass_fields__)
    assert set(answer["themes"][0]) == set(Difference.__dataclass_fields__)
    assert (answer["a"]["reviews"], answer["b"]["reviews"], answer["shared"]) == (20, 20, 0)
    assert answer["stars"]["value"] == 1.5
    word = answer["words"][-1]
    assert (word["more"], word["reviews_a"], word["reviews_b"]) == ("b", 0, 10)
    assert word["quotes_b"][0]["review_id"].startswith("d")
    assert any(theme["significant"] for theme in answer["themes"])

    table = ask(*MONTHS, "--details").out
    assert "A: until=2024-05" in table
    assert "A has 1.50 more (" in table
    assert f"  {word['name']}  " in table
    assert "prior, in mentions" in table
    assert all(cell_len(line) <= 80 for line in table.splitlines())

    both = ask("city=Paris and product=lunch", "rating<=2", "--since", "2024-06", "-f", "json")
    answer = json.loads(both.out)
    assert (answer["a"]["reviews"], answer["b"]["reviews"]) == (10, 10)
    few = ask("rating=2", "rating=1", status=1).err
    assert "0 reviews are on side A (rating=2), too few to compare; wanted at least 5" in few


def test_compare_in_other_forms(asked_on_lite: Asked) -> None:
    ask = asking(asked_on_lite)
    answer = json.loads(ask(*MONTHS, "-f", "json").out)
    lines = ask(*MONTHS, "-f", "jsonl").out
    assert [json.loads(line) for line in lines.splitlines()] == [
        *answer["themes"],
        *answer["words"],
    ]
    assert ask(*MONTHS, "-f", "jsonl").out == lines
    rows = list(csv.DictReader(ask(*MONTHS, "-f", "csv").out.splitlines()))
    assert [(row["kind"], row["name"]) for row in rows] == [
        (line["kind"], line["name"]) for line in map(json.loads, lines.splitlines())
    ]
    assert float(rows[-1]["log_odds_high"]) < 0
    rest = json.loads(ask(MONTHS[0], "-n", "1", "-f", "json").out)
    assert (rest["b"]["name"], rest["b"]["reviews"]) == ("the rest", 20)
    assert rest["words"][-1] in answer["words"]
    assert len(rest["words"]) <= 2
    shared = ask("city=Paris", "rating=5")
    assert "20 of the reviews are on both sides" in shared.err
    assert "none, beyond chance" in shared.out
    assert "has no operator" in ask("rating=1", "kettle", status=1).err
    assert "there is no column 'town'" in ask("town=Paris", status=1).err
    ask("rating=1", "-n", "-1", status=2)


# -- planted -------------------------------------------------------------------------------------


def test_planted_update_is_what_the_last_months_say_more(sample_path: Path) -> None:
    with Corpus.open(sample_path) as corpus:
        found = corpus.compare_texts("until=2026-07-31", "since=2026-08")
        back = corpus.where(since="2026-08").compare(corpus.where(until="2026-07-31"))
        with pytest.raises(TooFewReviews, match=r"side B \(rating=5 and product=no such\)"):
            corpus.compare_texts("rating=1", "rating=5 and product=no such")
    assert (found.a.reviews, found.b.reviews) == (263, 41)  # six are undated
    assert found.stars is not None
    assert found.stars.low > 0
    [theme] = [one for one in found.themes if one.significant]
    assert theme.more == "b"
    assert {"bluetooth", "update"} <= set(theme.name.split(", "))
    assert theme.reviews_b >= 12
    words = [word.name for word in found.words if word.more == "b"]
    assert {"bluetooth", "update"} <= set(words[:3])
    assert all(word.more == "b" for word in found.words)
    planted = "191 200 205 210 198 203 212"
    ids = {f"webshop:{one}" for one in planted.split()}
    ids |= {f"app-survey:{n}" for n in (79, 80, 81, 82, 83, 84, 86, 87, 91, 92)}
    quotes = [quote.review_id for one in (theme, *found.words) for quote in one.quotes_b]
    assert set(quotes) <= ids
    assert [asdict(word.quotes_a[0]) for word in back.words] == [
        asdict(word.quotes_b[0]) for word in found.words
    ]
