"""Are texts of another kind found among reviews?

Texts of one file are planted among the reviews of another, 1 % of them, and the other way round.
The figure is the area under the ROC curve of the anomaly score, over draws. Peers are the local
outlier factor and the isolation forest of scikit-learn on the same vectors: on all rows, as they
would be used, and, for the former, on distinct texts alone. Only the text of a review is embedded,
not its title, which would give the files away.

    python benchmarks/anomalies.py --food fine_food_reviews_1k.csv --alexa amazon_alexa.tsv
    python benchmarks/anomalies.py --food FILE --alexa FILE --draws 2     # short form
"""

from __future__ import annotations

import argparse
import statistics
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from reviewlens.encoders import load_encoder
from reviewlens.ground.copies import distinct
from reviewlens.ground.neighbors import nearest
from reviewlens.ground.slices import Slice
from reviewlens.ingest import ingest_options
from reviewlens.insights.anomalies import find_anomalies
from reviewlens.reading.reviews import read_reviews
from reviewlens.reading.survey import survey_reviews
from reviewlens.text.languages import detect_languages
from setup import describe, timed

NEIGHBORS = 50
SHARE = 0.01


def read(file: Path, columns: dict[str, str], prefix: str) -> Slice:
    """The reviews of a file, each text encoded once."""
    with survey_reviews([file], ingest_options(columns=columns).read) as survey:
        reviews = [one for chunk in read_reviews(survey) for one in chunk.reviews]
    texts = [one.text for one in reviews]
    different = sorted(set(texts))
    known = load_encoder(device="cpu").encode_documents(different)
    place = {text: number for number, text in enumerate(different)}
    count = len(reviews)
    blank = ("",) * count
    return Slice(
        ids=tuple(f"{prefix}{number:05}" for number in range(count)),
        vectors=known[[place[text] for text in texts]],
        texts=tuple(texts),
        titles=blank,
        products=tuple(one.product for one in reviews),
        authors=blank,
        sources=blank,
        languages=tuple(detect_languages(texts)),
        stars=np.array([np.nan if one.rating is None else one.rating for one in reviews]),
        times=np.full(count, "NaT", "M8[ms]"),
        tokens=np.ones(count, np.int32),
        unknown=np.zeros(count, np.int32),
        clusters=np.full(count, -1, np.int32),
        extra=({},) * count,
    )


def joined(host: Slice, planted: Slice) -> Slice:
    """The host's reviews and, after them, the planted ones, which are of no product."""
    planted = replace(planted, products=("",) * len(planted))
    values = {}
    for name in Slice.__dataclass_fields__:
        one, other = getattr(host, name), getattr(planted, name)
        values[name] = one + other if isinstance(one, tuple) else np.concatenate([one, other])
    return Slice(**values)


def ours(reviews: Slice) -> NDArray[np.float64]:
    graph = nearest(reviews.vectors, NEIGHBORS)
    score = {one.review_id: one.score for one in find_anomalies(reviews, graph, n=0).anomalies}
    return np.array([score[name] for name in reviews.ids])


def outlier_factor(reviews: Slice) -> NDArray[np.float64]:
    from sklearn.neighbors import LocalOutlierFactor

    found = LocalOutlierFactor(n_neighbors=20, metric="cosine").fit(reviews.vectors)
    return -found.negative_outlier_factor_


def outlier_factor_of_texts(reviews: Slice) -> NDArray[np.float64]:
    found = distinct(reviews.texts)
    return outlier_factor(reviews.take(found.first))[found.of_row]


def isolation_forest(reviews: Slice) -> NDArray[np.float64]:
    from sklearn.ensemble import IsolationForest

    return -IsolationForest(random_state=0).fit(reviews.vectors).score_samples(reviews.vectors)


METHODS = {
    "reviewlens": ours,
    "LOF, all rows": outlier_factor,
    "LOF, distinct texts": outlier_factor_of_texts,
    "isolation forest": isolation_forest,
}


def contaminated(name: str, host: Slice, other: Slice, draws: int) -> None:
    """Print mean, least and largest area over the draws, and the seconds of a run."""
    from sklearn.metrics import roc_auc_score

    count = round(SHARE * len(host))
    areas: dict[str, list[float]] = {method: [] for method in METHODS}
    seconds: dict[str, list[float]] = {method: [] for method in METHODS}
    for draw in range(draws):
        chosen = np.random.default_rng(draw).choice(len(other), count, replace=False)
        reviews = joined(host, other.take(chosen))
        truth = np.arange(len(reviews)) >= len(host)
        for method, score in METHODS.items():
            scores: list[NDArray[np.float64]] = []
            seconds[method].append(timed(lambda s=score, r=reviews, to=scores: to.append(s(r))))
            areas[method].append(float(roc_auc_score(truth, scores[0])))
    print(f"{count} {name}, {draws} draws: area under the ROC curve")
    for method, values in areas.items():
        spread = statistics.stdev(values) if draws > 1 else 0.0
        print(f"  {method:20} {statistics.mean(values):.4f}  sd {spread:.4f}  "
              f"{min(values):.3f}-{max(values):.3f}  {statistics.median(seconds[method]):.1f} s",
              flush=True)  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--food", type=Path, required=True, help="fine_food_reviews_1k.csv")
    parser.add_argument("--alexa", type=Path, required=True, help="amazon_alexa.tsv")
    parser.add_argument("--draws", type=int, default=20)
    arguments = parser.parse_args()
    print(describe())
    food = read(arguments.food, {}, "food")
    alexa = read(arguments.alexa, {"text": "verified_reviews", "product": "variation"}, "alexa")
    contaminated(f"Alexa texts among {len(food):,} food reviews", food, alexa, arguments.draws)
    contaminated(f"food texts among {len(alexa):,} Alexa reviews", alexa, food, arguments.draws)


if __name__ == "__main__":
    main()
