"""The numbers by which a review's probability is told: how they are learnt, and how well they do.

Learnt from the judged queries of `queries/`, from matters there that their reviews do not speak of,
and from the probes, of which they speak as little. `measure` learns from three of the files and
asks the fourth: P@10 where ten or more reviews say it, else R-precision; how many queries find no
answer; the same of absent matters, of questions to a bank and of words drawn at random. `learn`
writes the numbers that come with the project.

    python benchmarks/relevance.py measure --data FOLDER [--keep FOLDER]
    python benchmarks/relevance.py learn --data FOLDER [--keep FOLDER]
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from reviewlens import Corpus
from reviewlens.encoders import Encoder, load_encoder
from reviewlens.encoders.embedding import embed_queries
from reviewlens.search.keeper import RelevanceKeeper
from reviewlens.search.modes import find_reviews
from reviewlens.search.relevance import CONSIDERED, NAMES, Relevance, read_sample
from reviewlens.search.relevance.evidence import BY_MEANING
from reviewlens.search.relevance.model import ANSWER
from reviewlens.search.relevance.prior import NUMBERS, Prior, SidePrior
from reviewlens.search.reviews import SHOWN
from reviewlens.search.sides import TAKES_A_SIDE, read_query, read_statements, sign_of
from reviewlens.store import Hit
from reviewlens.text.words import content_words
from setup import describe
from statements import FIRST, QUERIES, SAYS, Asked, asked, judged

WORDS, BANK = 100, 400
WEIGHTS = {"judged": 1.0, "short": 0.5, "absent": 1.0, "probe": 0.8}
_FEWEST, _MOST = 20, 250
_FAR = 20  # of the last hits of a query, which nobody judged, that are taken for wrong ones


@dataclass
class Query:
    """What was found for a query.

    Attributes:
        kind: A key of `WEIGHTS`, `word` or `bank`.
        number: Which of its kind.
        keys: Of the texts found, as the judgements call them.
        rows: Evidence, of shape (found, evidence).
        truth: 1 where the review says it, 0 where it does not, NaN where nobody knows.
        leans: How much each leans to the side of the query, -1 to 1; None where it takes none.
    """

    kind: str
    number: int
    keys: list[str]
    rows: NDArray[np.float64]
    truth: NDArray[np.float64]
    leans: NDArray[np.float64] | None


_FAR = 3.0  # of median absolute deviations, scaled to standard deviations
_SCALE = 1.4826


def near_domains(scores: NDArray[np.float32], domains: Sequence[str]) -> set[str]:
    """Return the domains whose middle score is far above that of the others.

    The reviews may well speak of these: recipes, where food is reviewed.
    """
    names = sorted(set(domains))
    own = np.array(domains)
    middles = np.array([np.median(scores[own == name]) for name in names])
    middle = np.median(middles)
    spread = _SCALE * np.median(np.abs(middles - middle))
    far = middles > middle + _FAR * max(spread, 1e-6)
    return {name for name, is_far in zip(names, far, strict=True) if is_far}


def queries_of(file: Path, data: Path, keep: Path) -> list[Query]:
    """Ask a file all that is asked of it."""
    of, told = asked(file, data), json.loads(file.read_text(encoding="utf-8"))
    known = judged(file)
    database = keep / f"{of.name}.db"
    with Corpus.open(database) as corpus:
        if not database.exists():
            table = [{"id": str(row), "text": text} for row, text in enumerate(of.texts)]
            corpus.ingest(table, columns={"id": "id", "text": "text"})
        store, encoder = corpus._session.required(), load_encoder()
        relevance = corpus._session.kept(RelevanceKeeper).of(store, encoder)
        assert isinstance(relevance, Relevance)
        probes = relevance.probes
        sample = read_sample(store).said_vectors
        related = near_domains((probes.vectors @ sample.T).max(axis=1), probes.domains)
        unrelated = [
            text
            for text, domain in zip(probes.texts, probes.domains, strict=True)
            if domain.startswith("en ") and domain not in related
        ]
        groups = {
            "judged": of.queries,
            "short": [one["short"] for one in told["queries"]],
            "absent": [one["text"] for one in told["absent"]],
            "probe": unrelated,
            "word": random_words(of),
            "bank": bank_questions(data),
        }
        found = []
        for kind, texts in groups.items():
            vectors = embed_queries(encoder, texts)
            modes = ["hybrid"] * len(texts)
            fields = (*SHOWN, "text", "statements")
            answers = find_reviews(
                store,
                texts,
                vectors,
                modes,
                CONSIDERED,
                None,
                fields,
                relevance.words,  # type: ignore[arg-type]
            )
            for number, (text, vector, hits) in enumerate(
                zip(texts, vectors, answers, strict=True)
            ):
                said, rows = relevance.evidence(relevance.question(text, vector), hits)
                keys = [of.key(int(hit.passage.review_id)) for hit in hits]
                judged_as = of.queries[number] if kind == "short" else text
                truth = truth_of(kind, judged_as, keys, known)
                judged_hits = [
                    replace(hit, span=one.span) for hit, one in zip(hits, said, strict=True)
                ]
                leans = leans_of(text, vector, judged_hits, encoder)
                found.append(Query(kind, number, keys, rows, truth, leans))
    return found


def leans_of(
    text: str, vector: NDArray[np.float32], hits: Sequence[Hit], encoder: Encoder
) -> NDArray[np.float64] | None:
    """How much each review leans to the side of a query that takes one, its stars aside."""
    side = read_query(text, vector, encoder)
    if side is None or abs(side) < TAKES_A_SIDE:
        return None
    return sign_of(side) * np.array([one or 0.0 for one in read_statements(hits, encoder)])


def truth_of(
    kind: str, text: str, keys: Sequence[str], known: Mapping[tuple[str, str], str]
) -> NDArray[np.float64]:
    """What is known of the reviews found."""
    if kind not in ("judged", "short"):
        return np.zeros(len(keys))
    told = [known.get((text, key)) for key in keys]
    truth = np.array([np.nan if one is None else float(one == SAYS) for one in told])
    last = truth[-_FAR:]
    last[np.isnan(last)] = 0.0
    return truth


def random_words(of: Asked) -> list[str]:
    """Words of three letters or more that stand in 20 to 250 of the reviews."""
    counts: dict[str, int] = {}
    for text in of.texts:
        for word in {one for one in content_words(text, "en") if len(one) > 2 and one.isalpha()}:
            counts[word] = counts.get(word, 0) + 1
    some = sorted(word for word, count in counts.items() if _FEWEST <= count <= _MOST)
    return random.Random(of.name).sample(some, min(WORDS, len(some)))


def bank_questions(data: Path) -> list[str]:
    """Questions of the customers of a bank."""
    with (data / "banking77_train.csv").open(encoding="utf-8", newline="") as stream:
        texts = sorted({row["text"] for row in csv.DictReader(stream)})
    return random.Random(3).sample(texts, BANK)


def learn(files: Sequence[Sequence[Query]], names: Sequence[str] = NAMES) -> Prior:
    """Fit the numbers of some of the evidence to what is known of some files."""
    columns = [NAMES.index(name) for name in names]
    rows, truth, weights = [], [], []
    for query in (query for own in files for query in own if query.kind in WEIGHTS):
        known = ~np.isnan(query.truth)
        if query.kind in ("absent", "probe"):
            known[FIRST:] = False
        rows.append(query.rows[known])
        truth.append(query.truth[known])
        weights.append(np.full(known.sum(), WEIGHTS[query.kind]))
    table = np.concatenate(rows)[:, columns]
    middle, spread = table.mean(axis=0), np.maximum(table.std(axis=0), 1e-9)
    model = LogisticRegression(C=1.0, max_iter=5_000)
    model.fit((table - middle) / spread, np.concatenate(truth), np.concatenate(weights))
    own = model.coef_[0] / spread
    return Prior(
        {name: round(float(one), 5) for name, one in zip(names, own, strict=True)},
        round(float(model.intercept_[0] - own @ middle), 5),
    )


def learn_side(files: Sequence[Sequence[Query]], prior: Prior) -> SidePrior:
    """Fit what the side of a review adds, for queries that take one."""
    rows, truth = [], []
    for query in (query for own in files for query in own if query.kind in ("judged", "short")):
        if query.leans is None:
            continue
        known = ~np.isnan(query.truth)
        chances = np.clip(prior.probabilities(query.rows), 1e-4, 1 - 1e-4)
        rows.append(np.column_stack((np.log(chances / (1 - chances)), query.leans))[known])
        truth.append(query.truth[known])
    model = LogisticRegression(C=100.0).fit(np.concatenate(rows), np.concatenate(truth))
    certainty, lean = (round(float(one), 5) for one in model.coef_[0])
    return SidePrior(certainty, lean, round(float(model.intercept_[0]), 5))


def chances_of(query: Query, prior: Prior, side: SidePrior) -> NDArray[np.float64]:
    """What is told of each review."""
    chances = prior.probabilities(query.rows)
    if query.leans is None:
        return chances
    return np.array([side.probability(*one) for one in zip(chances, query.leans, strict=True)])


def measure(files: Mapping[str, list[Query]], names: Sequence[str] = NAMES) -> None:
    """Learn from all files but one and tell how well that one is judged, for each."""
    print("| file | P@10 or R-precision | in few words | refused of either | absent | bank | words "
          "| log loss |\n|---|---|---|---|---|---|---|---|")  # fmt: skip
    everything = []
    for name, own in files.items():
        others = [other for file, other in files.items() if file != name]
        prior = learn(others, names)
        side = learn_side(others, prior)
        file = QUERIES / f"{name}.json"
        known = judged(file)
        texts = [one["text"] for one in json.loads(file.read_text())["queries"]]
        precision: dict[str, list[float]] = {"judged": [], "short": []}
        losses = []
        refused: dict[str, list[bool]] = {}
        for query in own:
            chances = chances_of(query, prior, side)
            named = query.rows[:, NAMES.index("best_said")] == 1
            refused.setdefault(query.kind, []).append(
                not (chances >= ANSWER).any() and not named.any()
            )
            if query.kind not in ("judged", "short"):
                continue
            text = texts[query.number]
            true = {key for (one, key), told in known.items() if one == text and told == SAYS}
            if true:
                depth = min(FIRST, len(true))
                first = np.argsort(-chances, kind="stable")[:depth]
                right = sum(query.keys[row] in true for row in first) / depth
                precision[query.kind].append(right)
            told = ~np.isnan(query.truth)
            chance = np.where(query.truth == 1, chances, 1 - chances)[told]
            losses.append(-np.log(np.maximum(chance, 1e-9)).mean())
        everything += precision["judged"]
        share = {kind: f"{np.mean(some):.3f}" for kind, some in refused.items()}
        cells = (
            name,
            *(f"{np.mean(precision[kind]):.3f}" for kind in ("judged", "short")),
            f"{sum(refused['judged'])} + {sum(refused['short'])} of {len(refused['judged'])}",
            *(share[kind] for kind in ("absent", "bank", "word")),
            f"{np.mean(losses):.3f}",
        )
        print(f"| {' | '.join(cells)} |")
    print(f"\nall: {np.mean(everything):.3f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("learn", "measure"))
    parser.add_argument("--data", type=Path, required=True, help="folder of the review files")
    parser.add_argument("--keep", type=Path, help="folder for the collections, to be used again")
    options = parser.parse_args()
    print(describe())
    with tempfile.TemporaryDirectory() as folder:
        keep = options.keep or Path(folder)
        files = {file.stem: queries_of(file, options.data, keep) for file in every_file()}
    if options.what == "measure":
        for names in (NAMES, BY_MEANING):
            print(f"\nby {', '.join(names)}")
            measure(files, names)
    else:
        own = list(files.values())
        prior = learn(own)
        plain = {
            "words": asdict(prior),
            "meaning": asdict(learn(own, BY_MEANING)),
            "side": asdict(learn_side(own, prior)),
        }
        NUMBERS.write_text(json.dumps(plain, indent=1) + "\n", encoding="utf-8")
        print(NUMBERS.read_text())


def every_file() -> Iterator[Path]:
    yield from sorted(QUERIES.glob("*.json"))


if __name__ == "__main__":
    main()
