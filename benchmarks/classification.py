"""Stars and sentiment from the text, against the random forest of OpenAI's cookbook.

On a file of reviews with stars, embedded as an ingest does. (a) The cookbook's split into 80 and 20
of 100 rows, for comparison only: copies of a text stand on both sides of it. (b) Repeated five-fold
cross-validation in which all copies of a text are in one fold: `learn` with the task `stars`
against random forests on the same vectors and folds. Everything that `learn` chooses, it chooses
inside the part it learns from. (c) Sentiment by descriptions alone: four and five stars against
one and two.

    python benchmarks/classification.py --reviews FILE               # ten repeats, some ten minutes
    python benchmarks/classification.py --reviews FILE --repeats 1   # short form
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from reviewlens.ground.copies import distinct
from setup import SAMPLE, describe

DESCRIPTIONS = {
    "negative": "An Amazon review with a negative sentiment.",
    "positive": "An Amazon review with a positive sentiment.",
}
TREES = 100


def read(file: Path) -> tuple[np.ndarray, list[str], np.ndarray]:
    """Vectors, texts and stars of the reviews that have stars."""
    from reviewlens.encoders import load_encoder
    from reviewlens.ingest import ingest_options
    from reviewlens.reading.reviews import read_reviews
    from reviewlens.reading.survey import survey_reviews

    with survey_reviews([file], ingest_options().read) as survey:
        reviews = [review for chunk in read_reviews(survey) for review in chunk.reviews]
    reviews = [review for review in reviews if review.rating is not None]
    vectors = load_encoder(device="cpu").encode_documents([review.embedded for review in reviews])
    stars = np.array([review.rating for review in reviews], dtype=np.float64)
    return vectors, [review.text for review in reviews], stars


def forests(
    vectors: np.ndarray, stars: np.ndarray, others: np.ndarray, own: np.ndarray, seed: int
) -> dict[str, float]:
    """Figures of the cookbook's forests: one of classes, one of numbers."""
    from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor

    whole = np.floor(stars + 0.5).astype(int)
    classes = RandomForestClassifier(TREES, random_state=seed).fit(vectors[others], whole[others])
    numbers = RandomForestRegressor(TREES, random_state=seed, n_jobs=2)
    numbers.fit(vectors[others], stars[others])
    errors = np.abs(numbers.predict(vectors[own]) - stars[own])
    return {**scores(whole[own], classes.predict(vectors[own])), "MAE": float(errors.mean())}


def ours(
    vectors: np.ndarray,
    texts: list[str],
    stars: np.ndarray,
    others: np.ndarray,
    own: np.ndarray,
    seed: int,
) -> dict[str, float]:
    """Figures of `learn`: the likeliest stars for classes, the median for the error."""
    from reviewlens.insights.classification import learn, median_stars

    learned = learn(
        vectors[others], [texts[row] for row in others], stars[others], task="stars", seed=seed
    )
    found = learned.model.probabilities(vectors[own])
    errors = np.abs(median_stars(found) - stars[own])
    whole = np.floor(stars[own] + 0.5).astype(int)
    return {**scores(whole, found.argmax(axis=1) + 1), "MAE": float(errors.mean())}


def scores(truth: np.ndarray, said: np.ndarray) -> dict[str, float]:
    """Accuracy and macro-F1, by scikit-learn."""
    from sklearn.metrics import f1_score

    macro = f1_score(truth, said, average="macro", zero_division=0)
    return {"accuracy": float(np.mean(truth == said)), "macro-F1": float(macro)}


def shown(figures: dict[str, float]) -> str:
    return "  ".join(f"{name} {value:.3f}" for name, value in figures.items())


def leaking_split(vectors: np.ndarray, texts: list[str], stars: np.ndarray) -> None:
    """Print the cookbook's split, and how much of it leaks."""
    from sklearn.model_selection import train_test_split

    groups = distinct(texts).of_row
    others, own = train_test_split(np.arange(len(stars)), test_size=0.2, random_state=42)
    seen = np.isin(groups[own], groups[others]).mean()
    repeats = len(groups) - len(set(groups))
    print("(a) 80/20, seed 42, for comparison only")
    print(f"    {repeats} of {len(groups):,} texts repeat: {seen:.0%} of the test rows stand among "
          "the training rows")  # fmt: skip
    print(f"    random forest  {shown(forests(vectors, stars, others, own, 42))}")
    print(f"    reviewlens     {shown(ours(vectors, texts, stars, others, own, 42))}")
    print("    published, text-embedding-3-small with a forest: 0.78 / 0.54 / 0.52")


def grouped(vectors: np.ndarray, texts: list[str], stars: np.ndarray, repeats: int) -> None:
    """Print both on folds that no text crosses, and the paired differences."""
    from reviewlens.insights.classification import (
        corrected_interval,
        split_by_text,
    )

    groups, whole = distinct(texts).of_row, np.floor(stars + 0.5).astype(int)
    theirs: list[dict[str, float]] = []
    mine: list[dict[str, float]] = []
    for repeat in range(repeats):
        for place, (others, own) in enumerate(split_by_text(whole, groups, 5, repeat)):
            theirs.append(forests(vectors, stars, others, own, 10 * repeat + place))
            mine.append(ours(vectors, texts, stars, others, own, 10 * repeat + place))
    print(f"(b) {repeats} times five folds, all copies of a text in one")
    for name, figures in (("random forest", theirs), ("reviewlens", mine)):
        means = {key: float(np.mean([one[key] for one in figures])) for key in figures[0]}
        print(f"    {name:<13}  {shown(means)}")
    for key in mine[0]:
        sign = -1 if key == "MAE" else 1
        pairs = zip(mine, theirs, strict=True)
        gain = corrected_interval([sign * (one[key] - other[key]) for one, other in pairs], 0.25)
        verdict = "better" if gain.low > 0 else "not shown to be better"
        print(f"    gain in {key:<9} {gain.value:+.3f} ({gain.low:+.3f} to {gain.high:+.3f})  "
              f"{verdict}")  # fmt: skip


def sentiment(vectors: np.ndarray, texts: list[str], stars: np.ndarray) -> None:
    """Print sentiment by descriptions alone, and by examples on folds that no text crosses."""
    from reviewlens.encoders import load_encoder
    from reviewlens.insights.classification import learn, nearest_descriptions

    rows = np.flatnonzero(stars != 3)
    names = list(DESCRIPTIONS)
    truth = np.array(["positive" if stars[row] > 3 else "negative" for row in rows])
    described = load_encoder(device="cpu").encode_queries(list(DESCRIPTIONS.values()))
    said = np.array(names)[nearest_descriptions(vectors[rows], described)]
    commonest = {"accuracy": float(max(np.mean(truth == name) for name in names))}
    print("(c) sentiment of four and five stars against one and two")
    print(f"    always positive          {shown(commonest)}")
    print(f"    descriptions alone       {shown(scores(truth, said))}")
    print("    published, text-embedding-3-small: 0.95 / 0.91")
    some = [texts[row] for row in rows]
    for count in (50, 100, 200, 400):
        found = [by_few(vectors[rows], some, truth, count, draw) for draw in range(10)]
        means = {key: float(np.mean([one[key] for one in found])) for key in found[0]}
        print(f"    {count:>3} random examples      {shown(means)}  (mean of ten draws)")
    figures = learn(vectors[rows], some, truth, seed=0).figures
    print(f"    {len(rows)} examples, crossed   accuracy {figures.accuracy.value:.3f}  "
          f"macro-F1 {figures.macro_f1.value:.3f}")  # fmt: skip


def by_few(
    vectors: np.ndarray, texts: list[str], truth: np.ndarray, count: int, draw: int
) -> dict[str, float]:
    """Figures, on all texts not learnt from, of what some random examples teach."""
    from reviewlens.insights.classification import learn

    groups = distinct(texts).of_row
    order = np.random.default_rng(draw).permutation(len(texts))
    order = order[np.unique(groups[order], return_index=True)[1]]  # one row a text
    order = np.random.default_rng(draw).permutation(order)
    few = order[:count]
    learned = learn(vectors[few], [texts[row] for row in few], truth[few], seed=draw)
    rest = np.flatnonzero(~np.isin(groups, groups[few]))
    said = learned.model.probabilities(vectors[rest]).argmax(axis=1)
    return scores(truth[rest], np.array(learned.model.labels)[said])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reviews", type=Path, default=SAMPLE)
    parser.add_argument("--repeats", type=int, default=10)
    options = parser.parse_args()
    print(describe())
    vectors, texts, stars = read(options.reviews)
    leaking_split(vectors, texts, stars)
    grouped(vectors, texts, stars, options.repeats)
    sentiment(vectors, texts, stars)


if __name__ == "__main__":
    main()
