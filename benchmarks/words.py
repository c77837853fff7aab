"""How far do word vectors and word counts get on sentences, and what does each part give?

Spearman's correlation of cosines with the scores that people gave to pairs of sentences, on the
test part of STSb, with a 95 % bootstrap interval over the pairs. Peers are the default model, and
the recipe of Arora et al. that takes the common direction from the sentences themselves.

    python benchmarks/words.py --stsb stsb_en_test.csv
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from reviewlens.encoders import WordCounts, load_encoder
from reviewlens.encoders.words import open_vectors, similarities
from reviewlens.encoders.words.cut import cut_words
from setup import describe

Rows = NDArray[np.float64]


def weighted_means(texts: list[str], weight: float | None) -> Rows:
    """Weighted means of GloVe vectors; None weighs all words alike."""
    glove = open_vectors("glove-6b-50d")
    places = {word: place for place, word in enumerate(glove.words)}
    weights = np.ones(len(glove.words))
    if weight is not None:
        shares = 1 / np.arange(1, len(glove.words) + 1)
        weights = weight / (weight + shares / shares.sum())
    rows = np.zeros((len(texts), glove.vectors.shape[1]))
    for row, text in enumerate(texts):
        known = [places[cut.word] for cut in cut_words(text, places) if cut.word is not None]
        rows[row] = weights[known] @ glove.vectors[known].astype(float)
    return rows


def without(rows: Rows, direction: Rows) -> Rows:
    return rows - np.outer(rows @ direction, direction)


def own_direction(rows: Rows) -> Rows:
    return np.linalg.svd(rows, full_matrices=False)[2][0]


def spearman(rows: Rows, first: list[int], second: list[int], scores: Rows) -> str:
    unit = rows / np.linalg.norm(rows, axis=1, keepdims=True).clip(1e-12)
    cosines = (unit[first] * unit[second]).sum(axis=1)
    generator = np.random.default_rng(0)

    def correlation(pick: NDArray[np.int64]) -> float:
        ranks = rankdata(cosines[pick]), rankdata(scores[pick])
        return float(np.corrcoef(*ranks)[0, 1])

    every = np.arange(len(scores))
    draws = [correlation(generator.choice(every, len(every))) for _ in range(1_000)]
    low, high = np.quantile(draws, (0.025, 0.975))
    return f"{correlation(every):.3f} ({low:.3f} to {high:.3f})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--stsb", type=Path, required=True)
    with parser.parse_args().stsb.open(encoding="utf-8", newline="") as file:
        pairs = list(csv.reader(file))
    texts = sorted({text for one, other, _ in pairs for text in (one, other)})
    places = {text: place for place, text in enumerate(texts)}
    first, second = ([places[pair[side]] for pair in pairs] for side in (0, 1))
    scores = np.array([float(pair[2]) for pair in pairs])
    describe()
    means = {weight: weighted_means(texts, weight) for weight in (None, 1e-3, 1e-4)}
    recipes: dict[str, Callable[[], Rows]] = {
        "one-hot": lambda: WordCounts.fit(texts, weighting="one-hot").encode_documents(texts),
        "term frequency": lambda: WordCounts.fit(texts, weighting="tf").encode_documents(texts),
        "TF-IDF": lambda: WordCounts.fit(texts, weighting="tfidf").encode_documents(texts),
        "GloVe, plain mean": lambda: means[None],
        "GloVe, weights, a = 1e-3": lambda: means[1e-3],
        "GloVe, weights, a = 1e-3, own direction removed": lambda: without(
            means[1e-3], own_direction(means[1e-3])
        ),
        "GloVe, weights, a = 1e-4": lambda: means[1e-4],
        "GloVe, weights, a = 1e-4, own direction removed": lambda: without(
            means[1e-4], own_direction(means[1e-4])
        ),
        f"glove-6b-50d: a = {similarities.WEIGHT:g}, fixed direction removed": lambda: load_encoder(
            "glove-6b-50d"
        ).encode_documents(texts),
        "all-MiniLM-L6-v2": lambda: load_encoder(device="cpu").encode_documents(texts),
    }
    for name, recipe in recipes.items():
        print(f"{name:<52} {spearman(recipe().astype(float), first, second, scores)}")


if __name__ == "__main__":
    main()
