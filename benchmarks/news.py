"""Are new themes told from chance? False alarms on random halves, and intents held back.

    python benchmarks/news.py banking77_test.csv [--splits 200] [--intents 10] [--sizes 40 20 10]

The file has the columns `text` and `category`. Themes are found in one half of the texts (the known
ones); each text of the other half (the new ones) gets the theme of the nearest centre of a finer
part. First the halves are drawn at random, so that nothing is new: how many splits report any
emerging theme, or any that grows, shrinks or has vanished? Then all texts of one intent, or some of
them, are new and the rest is split at random: is it found, and are the texts and quotes given its
own? The intents are every eighth in sorted order, and with `--first` from another one on.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from clusters import reviews_of
from reviewlens.encoders import load_encoder
from reviewlens.ground.estimates import share
from reviewlens.ground.neighbors import NeighborGraph, nearest
from reviewlens.ground.slices import Slice
from reviewlens.insights.clusters import find_clusters
from reviewlens.insights.news import News, find_news

Known = NDArray[np.bool_]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", type=Path, help="CSV with the columns text and category")
    parser.add_argument("--splits", type=int, default=200, help="random halves")
    parser.add_argument("--intents", type=int, default=10, help="intents held back")
    parser.add_argument("--first", type=int, default=0, help="place of the first of these intents")
    parser.add_argument("--sizes", type=int, nargs="+", default=[40, 20, 10], help="of an intent")
    parser.add_argument("--new", type=float, default=0.5, help="share of texts that is new")
    arguments = parser.parse_args()
    table = pd.read_csv(arguments.file)
    intents = table["category"].to_numpy()
    encoder = load_encoder(device="cpu")
    reviews = reviews_of(table["text"].tolist(), encoder.encode_documents(table["text"].tolist()))
    print(f"{arguments.file.name}, {len(table)} texts, {arguments.new:.0%} new, {encoder.name}")
    if arguments.splits:
        random_splits(reviews, arguments.splits, arguments.new)
    chosen = sorted(set(intents))[arguments.first :: 8][: arguments.intents]
    for size in arguments.sizes if chosen else ():
        held_back(reviews, intents, chosen, size, arguments.new)


def random_splits(reviews: Slice, splits: int, new: float) -> None:
    graph = nearest(reviews.vectors)
    found, seconds = [], []
    for seed in range(splits):
        order = np.random.default_rng(seed).permutation(len(reviews))
        known = order < round((1 - new) * len(reviews))
        one, took = news_of(themed(reviews, known), graph, known, seed)
        found.append(one)
        seconds.append(took)
    emerging = sum(bool(one.emerging) for one in found)
    changed = sum(bool(one.growing or one.shrinking or one.vanished) for one in found)
    either = sum(len(one) > 0 for one in found)
    print(f"\n{splits} random splits with nothing new; seconds a split {np.mean(seconds):.2f}")
    named = (("emerging", emerging), ("growing, shrinking, vanished", changed), ("any", either))
    for name, count in named:
        rate = share(count, splits)
        print(f"{name:<30} {count:>4} {rate.value:>6.1%} ({rate.low:.1%} to {rate.high:.1%})")


def held_back(
    reviews: Slice, intents: NDArray[np.object_], chosen: list[str], size: int, new: float
) -> None:
    print(f"\nheld back: {size} texts of an intent")
    print("intent                                        found  texts   own  recall  quotes  p")
    found = 0
    for seed, intent in enumerate(chosen):
        own = np.flatnonzero(intents == intent)
        np.random.default_rng(seed).shuffle(own)
        known = drawn(len(reviews), new, seed)
        known[own] = False
        rows = np.setdiff1d(np.arange(len(reviews)), own[size:])
        part, known = reviews.take(rows), known[rows]
        news, _ = news_of(themed(part, known), nearest(part.vectors), known, seed)
        truth = dict(zip(part.ids, intents[rows] == intent, strict=True))
        members = [truth[one] for group in news.emerging for one in group.review_ids]
        quotes = [truth[quote.review_id] for group in news.emerging for quote in group.quotes]
        ours = bool(members) and np.mean(members) >= 0.8 and np.mean(quotes) >= 0.8
        found += ours
        if not members:
            print(f"{intent:<45} {'no':>6}", flush=True)
            continue
        print(
            f"{intent:<45} {'yes' if ours else 'wrong':>6} {len(members):>6} "
            f"{np.mean(members):>5.0%} {sum(members) / size:>7.0%} {np.mean(quotes):>7.0%}  "
            f"{min(group.p for group in news.emerging):.3f}  "
            + " | ".join(f"{group.label} ({group.reviews})" for group in news.emerging),
            flush=True,
        )
    print(f"{found} of {len(chosen)} found, at least 80 % of texts and of quotes the intent's own")


def drawn(count: int, new: float, seed: int) -> Known:
    known: Known = np.random.default_rng(seed).permutation(count) >= round(new * count)
    return known


def themed(reviews: Slice, known: Known) -> Slice:
    """Return the reviews with the clusters of the known ones, and for new ones the nearest."""
    old = np.flatnonzero(known)
    part = reviews.take(old)
    found = find_clusters(part, nearest(part.vectors)).assignments
    finer = np.array([one.cluster * 1_000 + one.subcluster for one in found])
    names, place = np.unique(finer, return_inverse=True)
    centres = np.zeros((len(names), part.vectors.shape[1]))
    np.add.at(centres, place, part.vectors)
    centres /= np.linalg.norm(centres, axis=1, keepdims=True)
    clusters = (names[(reviews.vectors @ centres.T).argmax(axis=1)] // 1_000).astype(np.int32)
    clusters[old] = finer // 1_000
    return replace(reviews, clusters=clusters)


def news_of(reviews: Slice, graph: NeighborGraph, known: Known, seed: int) -> tuple[News, float]:
    started = time.perf_counter()
    news = find_news(reviews, graph, known=known, labels={}, seed=seed)
    return news, time.perf_counter() - started


if __name__ == "__main__":
    main()
