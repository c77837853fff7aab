"""Clusters beside k-means told the number, and BERTopic: do they find labelled intents?

    python benchmarks/clusters.py banking77_test.csv [--bertopic PYTHON]

The file has the columns `text` and `category`. Two tasks: all intents; and every eighth in sorted
order. Prints for each method the share left unassigned, normalised mutual information, adjusted
Rand index, the number of clusters, and the seconds after the vectors are there. PYTHON is the
interpreter of another environment that has BERTopic; it is run with its defaults on the same
vectors.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score

from reviewlens.encoders import load_encoder
from reviewlens.ground.neighbors import nearest
from reviewlens.ground.slices import Slice
from reviewlens.insights.clusters import find_clusters

_BERTOPIC = """
import json, sys, time
import numpy as np
from bertopic import BERTopic
from bertopic.backend import BaseEmbedder
texts = json.load(open(sys.argv[1]))
vectors = np.load(sys.argv[2])
started = time.perf_counter()
topics, _ = BERTopic(embedding_model=BaseEmbedder()).fit_transform(texts, vectors)
print(json.dumps([time.perf_counter() - started, [int(topic) for topic in topics]]))
"""

Labels = NDArray[np.int64]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", type=Path, help="CSV with the columns text and category")
    parser.add_argument("--bertopic", metavar="PYTHON", help="interpreter that has BERTopic")
    arguments = parser.parse_args()
    table = pd.read_csv(arguments.file)
    encoder = load_encoder(device="cpu")
    vectors = encoder.encode_documents(table["text"].tolist())
    print(f"{arguments.file.name}, {len(table)} texts, {encoder.name}")
    intents = sorted(table["category"].unique())
    for name, chosen in (("all intents", intents), ("every eighth", intents[::8])):
        rows = np.flatnonzero(table["category"].isin(chosen))
        texts = table["text"].iloc[rows].tolist()
        truth = pd.factorize(table["category"].iloc[rows])[0]
        print(f"\n{name}: {len(chosen)}, {len(rows)} texts")
        print("method                  clusters  unassigned    NMI    ARI  seconds")
        own = reviews_of(texts, vectors[rows])
        report("reviewlens, no number", truth, timed(partial(ours, own)))
        report("k-means, told", truth, timed(partial(told, own, len(chosen))))
        if arguments.bertopic:
            report("BERTopic, defaults", truth, bertopic(arguments.bertopic, own))


def reviews_of(texts: list[str], vectors: NDArray[np.float32]) -> Slice:
    count = len(texts)
    blank = ("",) * count
    return Slice(
        ids=tuple(f"{row:06}" for row in range(count)),
        vectors=vectors,
        texts=tuple(texts),
        titles=blank,
        products=blank,
        authors=blank,
        sources=blank,
        languages=("en",) * count,
        stars=np.full(count, np.nan),
        times=np.full(count, "NaT", dtype="datetime64[ms]"),
        tokens=np.zeros(count, np.int32),
        unknown=np.zeros(count, np.int32),
        clusters=np.full(count, -1, np.int32),
        extra=({},) * count,
    )


def ours(reviews: Slice) -> Labels:
    found = find_clusters(reviews, nearest(reviews.vectors))
    return np.array([one.cluster for one in found.assignments])


def told(reviews: Slice, k: int) -> Labels:
    labels: Labels = KMeans(k, n_init=10, random_state=0).fit_predict(reviews.vectors)
    return labels


def bertopic(python: str, reviews: Slice) -> tuple[float, Labels]:
    with tempfile.TemporaryDirectory() as folder:
        texts, vectors = Path(folder) / "texts.json", Path(folder) / "vectors.npy"
        texts.write_text(json.dumps(reviews.texts))
        np.save(vectors, reviews.vectors)
        command = [python, "-c", _BERTOPIC, str(texts), str(vectors)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"BERTopic did not run:\n{done.stderr}")
    seconds, topics = json.loads(done.stdout.splitlines()[-1])
    return seconds, np.array(topics)


def timed(call: Callable[[], Labels]) -> tuple[float, Labels]:
    started = time.perf_counter()
    labels = call()
    return time.perf_counter() - started, labels


def report(name: str, truth: Labels, answer: tuple[float, Labels]) -> None:
    seconds, labels = answer
    clusters = len(set(labels[labels >= 0].tolist()))
    print(
        f"{name:<23} {clusters:>8} {np.mean(labels < 0):>11.1%} "
        f"{normalized_mutual_info_score(truth, labels):>6.3f} "
        f"{adjusted_rand_score(truth, labels):>6.3f} {seconds:>8.1f}"
    )


if __name__ == "__main__":
    main()
