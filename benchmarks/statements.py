"""Which reviews say what is asked: whole reviews, statements, words, and these put together.

The queries of `queries/` are asked of the files that they were written for; each different text
counts once. `pool` writes the first ten of all systems, shuffled and without the systems' names, to
be judged; `measure` reads the judgements and tells for each system P@10 where ten or more reviews
say it, else R-precision. `dense`, `hybrid` and `keyword` are the product's own on Milvus Lite, with
what they refuse as nothing found and, in brackets, without refusals; all others are made of vectors
in memory.

    python benchmarks/statements.py pool --data FOLDER --to FOLDER
    python benchmarks/statements.py measure --data FOLDER [--half 0|1]
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import re
import tempfile
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from math import log
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from reviewlens import Corpus
from reviewlens.encoders import load_encoder
from reviewlens.encoders.embedding import embed_documents, embed_queries
from reviewlens.evaluation.metrics import bootstrapped_mean, paired_difference
from reviewlens.text.statements import split_statements
from reviewlens.text.support import stemmer
from setup import describe, read_texts

QUERIES = Path(__file__).parent / "queries"
FIRST = 10
SAYS, OPPOSITE, NOT = "says", "opposite", "not"
_RANK_CONSTANT = 60
_K1, _B = 1.2, 0.75

Ranked = Mapping[str, Sequence[Sequence[int]]]
"""By system, the rows found for each query, best first."""


@dataclass(frozen=True)
class Asked:
    """A file, its different texts, and what is asked of it."""

    name: str
    texts: list[str]
    queries: list[str]
    sides: list[str | None]

    def key(self, row: int) -> str:
        """What a text is called in the judgements."""
        return blake2b(self.texts[row].encode(), digest_size=6).hexdigest()


def asked(file: Path, data: Path) -> Asked:
    told = json.loads(file.read_text(encoding="utf-8"))
    texts = [text for text in dict.fromkeys(read_texts(data / told["file"])) if text.strip()]
    queries = told["queries"]
    return Asked(file.stem, texts, [q["text"] for q in queries], [q["side"] for q in queries])


def own(of: Asked) -> dict[str, list[list[int]]]:
    """What the product finds, with its refusals and without."""
    found: dict[str, list[list[int]]] = {}
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "reviews.csv"
        with file.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(("id", "text"))
            writer.writerows(enumerate(of.texts))
        with Corpus.open(Path(folder) / "reviews.db") as corpus:
            corpus.ingest(file, columns={"id": "id", "text": "text"})
            for mode in ("dense", "hybrid", "keyword"):
                for name, least in ((mode, None), (f"({mode})", -1.0)):
                    answers = (
                        corpus.where().search(query, n=FIRST, mode=mode, min_similarity=least)
                        for query in of.queries
                    )
                    found[name] = [[int(one.review_id) for one in answer] for answer in answers]
    return found


def in_memory(of: Asked) -> dict[str, list[list[int]]]:
    """What statements, whole reviews and words find, and these put together."""
    encoder = load_encoder()
    queries = embed_queries(encoder, of.queries)
    statements = [[one.text for one in split_statements(text)] or [text] for text in of.texts]
    flat = [one for own in statements for one in own]
    owner = np.repeat(np.arange(len(of.texts)), [len(own) for own in statements])
    each = _vectors(encoder, flat)
    by_statement = np.full((len(queries), len(of.texts)), -1, dtype=np.float32)
    for row, cosines in enumerate(queries @ each.T):
        np.maximum.at(by_statement[row], owner, cosines)
    by_review = queries @ _vectors(encoder, of.texts).T
    words = bm25(of.queries, of.texts)
    said = bm25(of.queries, flat)
    by_words = np.zeros_like(words)
    for row, scores in enumerate(said):
        np.maximum.at(by_words[row], owner, scores)
    systems = {
        "statement": by_statement,
        "review": by_review,
        "words": words,
        "words of statements": by_words,
        "statement + words": fused(by_statement, words),
        "statement + review + words": fused(by_statement, by_review, words),
        "statement + words of both": fused(by_statement, words, by_words),
        "all": fused(by_statement, by_review, words, by_words),
    }
    return {name: [first(row) for row in scores] for name, scores in systems.items()}


def _vectors(encoder: object, texts: Sequence[str]) -> NDArray[np.float32]:
    distinct = list(dict.fromkeys(texts))
    place = {text: row for row, text in enumerate(distinct)}
    vectors = embed_documents(encoder, distinct)  # type: ignore[arg-type]
    return vectors[[place[text] for text in texts]]


def bm25(queries: Sequence[str], texts: Sequence[str]) -> NDArray[np.float32]:
    """Scores of each text for each query: Robertson and Zaragoza, 2009."""
    counts = [Counter(_words(text)) for text in texts]
    lengths = np.array([count.total() for count in counts], dtype=np.float32)
    norm = _K1 * (1 - _B + _B * lengths / max(1.0, float(lengths.mean())))
    holding: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for row, count in enumerate(counts):
        for word, times in count.items():
            holding[word].append((row, times))
    scores = np.zeros((len(queries), len(texts)), dtype=np.float32)
    for number, query in enumerate(queries):
        for word in set(_words(query)) & holding.keys():
            weight = log(1 + (len(texts) - len(holding[word]) + 0.5) / (len(holding[word]) + 0.5))
            rows = np.array([row for row, _ in holding[word]])
            times = np.array([times for _, times in holding[word]], dtype=np.float32)
            scores[number, rows] += weight * times * (_K1 + 1) / (times + norm[rows])
    return scores


def _words(text: str) -> list[str]:
    return [stemmer("en")(word) for word in re.findall(r"[^\W_]+", text.lower())]


def fused(*scores: NDArray[np.float32]) -> NDArray[np.float32]:
    """Reciprocal rank fusion; what scores nothing by words has no rank there."""
    total = np.zeros_like(scores[0])
    for one in scores:
        ranks = np.argsort(np.argsort(-one, axis=1, kind="stable"), axis=1, kind="stable") + 1
        total += np.where(one == 0, 0, 1 / (_RANK_CONSTANT + ranks))
    return total


def first(scores: NDArray[np.float32]) -> list[int]:
    """The rows of the ten best, best first; one that scores nothing is none."""
    best = np.argsort(-scores, kind="stable")[:FIRST]
    return [int(row) for row in best if scores[row] > 0]


def found_in(file: Path, data: Path, kept: Path | None) -> tuple[Asked, dict[str, list[list[int]]]]:
    of = asked(file, data)
    copy = None if kept is None else kept / f"{of.name}.found.json"
    if copy is not None and copy.exists():
        return of, json.loads(copy.read_text())
    found = {**own(of), **in_memory(of)}
    if copy is not None:
        copy.write_text(json.dumps(found))
    return of, found


def pool(data: Path, to: Path) -> None:
    """Write what is to be judged: of each query the first ten of all systems, shuffled."""
    to.mkdir(parents=True, exist_ok=True)
    for file in sorted(QUERIES.glob("*.json")):
        of, found = found_in(file, data, to)
        known = judged(file)
        total = 0
        with (to / f"{of.name}.jsonl").open("w", encoding="utf-8") as stream:
            for number, query in enumerate(of.queries):
                rows = sorted({row for answers in found.values() for row in answers[number]})
                rows = [row for row in rows if (query, of.key(row)) not in known]
                random.Random(f"{of.name} {number}").shuffle(rows)
                total += len(rows)
                for row in rows:
                    line = {"query": query, "side": of.sides[number], "id": of.key(row),
                            "text": of.texts[row]}  # fmt: skip
                    stream.write(json.dumps(line, ensure_ascii=False) + "\n")
        print(f"{of.name}: {len(of.texts):,} texts, {total:,} to be judged")


def judged(file: Path) -> dict[tuple[str, str], str]:
    """The judgements of a file, by query and text."""
    kept = file.with_suffix(".judgements.csv")
    if not kept.exists():
        return {}
    with kept.open(encoding="utf-8", newline="") as stream:
        return {(row["query"], row["id"]): row["judgement"] for row in csv.DictReader(stream)}


def measure(data: Path, kept: Path | None, half: int | None) -> None:
    """Tell how well each system finds what says it."""
    scores: dict[str, list[float]] = defaultdict(list)
    opposite: dict[str, list[float]] = defaultdict(list)
    for file in sorted(QUERIES.glob("*.json")):
        of, found = found_in(file, data, kept)
        known = judged(file)
        by_file: dict[str, list[float]] = defaultdict(list)
        for number, query in enumerate(of.queries):
            if half is not None and number % 2 != half:
                continue
            true = {
                key for (asked_, key), told in known.items() if asked_ == query and told == SAYS
            }
            if not true:
                continue
            depth = min(FIRST, len(true))
            for system, answers in found.items():
                keys = [of.key(row) for row in answers[number][:depth]]
                by_file[system].append(sum(key in true for key in keys) / depth)
                if of.sides[number]:
                    against = [known.get((query, key)) == OPPOSITE for key in keys]
                    opposite[system].append(sum(against) / max(1, len(against)))
        for system, values in by_file.items():
            scores[system] += values
        means = (f"{system} {np.mean(values):.2f}" for system, values in by_file.items())
        print(f"{of.name} ({len(next(iter(by_file.values()), []))} queries): {', '.join(means)}")
    _tell(scores, opposite)


def _tell(scores: Mapping[str, Sequence[float]], opposite: Mapping[str, Sequence[float]]) -> None:
    best = max(("dense", "hybrid", "keyword"), key=lambda name: float(np.mean(scores[name])))
    print(f"\n| system | P@10 or R-precision | against {best} | hits that say the opposite |")
    print("|---|---|---|---|")
    for system, values in scores.items():
        mean = bootstrapped_mean(values, seed=1)
        gain = paired_difference(values, scores[best], seed=1)
        cells = (f"{one.value:.3f} ({one.low:.3f} to {one.high:.3f})" for one in (mean, gain))
        print(f"| {system} | {' | '.join(cells)} | {np.mean(opposite[system]):.3f} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("pool", "measure"))
    parser.add_argument("--data", type=Path, required=True, help="folder of the review files")
    parser.add_argument("--to", type=Path, help="folder for the pool, and for what was found")
    parser.add_argument("--half", type=int, choices=(0, 1), help="every other query alone")
    options = parser.parse_args()
    print(describe())
    if options.what == "pool":
        pool(options.data, options.to)
    else:
        measure(options.data, options.to, options.half)


if __name__ == "__main__":
    main()
