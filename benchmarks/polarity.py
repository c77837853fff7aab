"""Does a search for praise find praise, and one for complaints complaints?

    python benchmarks/polarity.py --food fine_food_reviews_1k.csv --alexa amazon_alexa.tsv

Forty queries were written for this: ten that praise and ten that complain, about food and about
voice assistants. A hit is on the wrong side when it has four or five stars and the query complains,
or one or two and it praises; three stars are on neither. Each review is read by a direction that
was learnt without it and its copies (five folds), so that no review's own stars help it. With
`--seen` the direction is learnt from all, as in use. What is printed: wrong hits among the ten
first without polarity, with the side given, and with `auto`; and the mean cosine of these ten.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reviewlens.encoders import load_encoder
from reviewlens.ground.copies import distinct
from reviewlens.ground.estimates import share
from reviewlens.search.polarity import WEIGHT, Polarity, Preference, Side, by_side, pool_size
from reviewlens.search.sentiment import Liking, learn_liking
from reviewlens.store import Hit, StoredPassage

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

FOLDS = 5
TOP = 10


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--food", type=Path, required=True, help="Summary, Text, Score")
    parser.add_argument("--alexa", type=Path, required=True, help="verified_reviews, rating")
    parser.add_argument("--seen", action="store_true", help="learn from all, as in use")
    arguments = parser.parse_args()
    food = pd.read_csv(arguments.food)
    titles, texts = food["Summary"].fillna("").str.strip(), food["Text"].str.strip()
    alexa = pd.read_csv(arguments.alexa, sep="\t").rename(columns=str.strip)
    encoder = load_encoder(device="cpu")
    print(f"{encoder.name}, weight {WEIGHT}, {'all' if arguments.seen else f'{FOLDS} folds'}")
    print("corpus  reviews  bad   told   asked      wrong of 200            cosine")
    for name, documents, stars, queries in (
        ("food", ("Title: " + titles + "; Content: " + texts).tolist(), food["Score"], FOOD),
        ("alexa", alexa["verified_reviews"].fillna("").tolist(), alexa["rating"], ALEXA),
    ):
        measure(
            name,
            documents,
            encoder.encode_documents(documents),
            stars.to_numpy(dtype=float),
            encoder.encode_queries(queries),
            seen=arguments.seen,
        )


def measure(
    name: str,
    documents: list[str],
    vectors: NDArray[np.float32],
    stars: NDArray[np.float64],
    queries: NDArray[np.float32],
    *,
    seen: bool,
) -> None:
    of_row = distinct(documents).of_row
    whole = learn_liking(vectors, stars, of_row)
    assert whole is not None
    folds = np.random.default_rng(0).permutation(int(of_row.max()) + 1)[of_row] % FOLDS
    directions = [whole if seen else learn_liking(vectors[folds != fold], stars[folds != fold],
                  of_row[folds != fold]) for fold in range(FOLDS)]  # fmt: skip
    ids = [str(row) for row in range(len(documents))]
    for asked in (None, "side", "auto"):
        wrong, cosines = 0, []
        for place, query in enumerate(queries):
            praising = place < len(queries) // 2
            hits = [
                Hit(float(query @ vectors[row]), StoredPassage(ids[row], 0, vector=vectors[row]))
                for row in np.argsort(-(vectors @ query), kind="stable")
            ]
            polarity: Polarity = (
                "auto" if asked == "auto" else "positive" if praising else "negative"
            )
            side = Preference(polarity, whole).side(query) if asked else None
            if side is not None:
                hits = ranked(hits[: pool_size(TOP)], directions, folds, side)
            seen_texts: set[int] = set()
            for hit in hits:
                row = int(hit.passage.review_id)
                if of_row[row] in seen_texts:
                    continue
                seen_texts.add(int(of_row[row]))
                wrong += bool(stars[row] <= 2 if praising else stars[row] >= 4)
                cosines.append(hit.similarity)
                if len(seen_texts) == TOP:
                    break
        rate = share(wrong, len(queries) * TOP)
        print(
            f"{name:<7} {len(documents):>7} {int((stars <= 2).sum()):>4} {whole.told.value:>6.3f}"
            f"   {asked or 'not':<9} {wrong:>4} {rate.value:>6.1%} "
            f"({rate.low:.1%} to {rate.high:.1%}) {np.mean(cosines):>6.3f}"
        )


def ranked(
    hits: list[Hit], directions: list[Liking | None], folds: NDArray[np.int64], side: Side
) -> list[Hit]:
    """The hits in order, each read by the direction that was learnt without it."""
    scored = []
    spread = float(np.mean([one.spread for one in directions if one is not None]))
    for fold, liking in enumerate(directions):
        assert liking is not None
        own = [hit for hit in hits if folds[int(hit.passage.review_id)] == fold]
        alike = replace(liking, spread=spread)
        for hit, read in by_side(own, alike, side):
            gain = WEIGHT * spread * (read if side == "positive" else -read)
            scored.append((hit.similarity + gain, hit))
    return [hit for _, hit in sorted(scored, key=lambda one: -one[0])]


if __name__ == "__main__":
    main()
