"""Does a search for praise find praise, and one for complaints complaints?

    python benchmarks/polarity.py --food fine_food_reviews_1k.csv --alexa amazon_alexa.tsv

Forty queries were written for this: ten that praise and ten that complain, about food and about
voice assistants. A hit is on the wrong side when it has four or five stars and the query complains,
or one or two and it praises; three stars are on neither. The reviews are ingested without their
stars, so that what they say alone decides. What is printed: wrong hits among the first ten where
no side counts (`--min-similarity -1`), where each query's own does, and with the side given.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import pandas as pd

from reviewlens import Corpus
from reviewlens.ground.estimates import share
from setup import describe

FOOD = (
    "coffee tastes rich and smooth",
    "my dog loves these treats",
    "a healthy snack that tastes delicious",
    "arrived fresh and well packed",
    "a better price than in the store",
    "the tea has a wonderful flavor",
    "gluten free and you cannot tell the difference",
    "my cat likes this food and looks healthier",
    "the chips are crunchy and not too salty",
    "the chocolate is creamy and not too sweet",
    "the coffee tastes bitter and burnt",
    "my dog got sick from these treats",
    "tastes like cardboard",
    "arrived stale and crushed",
    "far too expensive, cheaper in the store",
    "the tea has no flavor at all",
    "too sweet with an artificial aftertaste",
    "my cat refuses to eat this food",
    "the chips were broken and much too salty",
    "the chocolate arrived melted",
)
ALEXA = (
    "the sound quality is great",
    "easy to set up and works right away",
    "she understands everything I say",
    "my kids love talking to it",
    "the music fills the whole room",
    "the display is bright and clear",
    "works perfectly with my smart lights",
    "it answers every question we ask",
    "a gift that was very well received",
    "good value for the price",
    "the sound is tinny and weak",
    "setting it up was a nightmare",
    "it does not understand what I say",
    "stopped working after a few weeks",
    "it keeps losing the wifi connection",
    "the screen is useless without a video app",
    "it would not connect to my lights",
    "it cannot answer simple questions",
    "the refurbished unit arrived dead",
    "a waste of money",
)
"""The first ten of each praise, the others complain."""

TOP = 10


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--food", type=Path, required=True, help="Summary, Text, Score")
    parser.add_argument("--alexa", type=Path, required=True, help="verified_reviews, rating")
    arguments = parser.parse_args()
    food = pd.read_csv(arguments.food)
    alexa = pd.read_csv(arguments.alexa, sep="\t").rename(columns=str.strip)
    print(describe())
    print("corpus  reviews  side       wrong of those found      found")
    for name, titles, texts, stars, queries in (
        ("food", food["Summary"], food["Text"], food["Score"], FOOD),
        ("alexa", None, alexa["verified_reviews"], alexa["rating"], ALEXA),
    ):
        rows = pd.DataFrame({"id": range(len(texts)), "text": texts.fillna("").str.strip()})
        columns = {"id": "id", "text": "text"}
        if titles is not None:
            rows["title"] = titles.fillna("").str.strip()
            columns["title"] = "title"
        with tempfile.TemporaryDirectory() as folder, Corpus.open(Path(folder) / "r.db") as corpus:
            corpus.ingest(rows, columns=columns)
            measure(name, corpus, stars.tolist(), queries)


def measure(name: str, corpus: Corpus, stars: list[float], queries: tuple[str, ...]) -> None:
    for asked in ("none", "the query's", "given"):
        wrong = found = 0
        for number, query in enumerate(queries):
            praises = number < len(queries) // 2
            side = ("positive" if praises else "negative") if asked == "given" else None
            least = -1.0 if asked == "none" else None
            hits = corpus.search(query, TOP, polarity=side, min_similarity=least)
            given = [stars[int(hit.review_id)] for hit in hits]
            wrong += sum(one <= 2 if praises else one >= 4 for one in given)
            found += len(given)
        told = share(wrong, found)
        print(
            f"{name:6} {len(stars):8,}  {asked:11} {told.value:5.1%} ({told.low:.1%} to "
            f"{told.high:.1%}) {found:8}"
        )


if __name__ == "__main__":
    main()
