"""How near a count is to the number of reviews that say it.

Of each file in `counts/`, fifteen things that reviews say, each with a rule of what says it,
written before any system was asked, and the reviews that do by that rule, found by reading.
`measure` tells for each what `count` says, with numbers learnt from the three other files; `learn`
gives those that come with the project (`count` in `search/relevance/prior.json`), learnt from all.

    python benchmarks/counting.py measure --data FOLDER --keep FOLDER
    python benchmarks/counting.py learn --data FOLDER --keep FOLDER
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from reviewlens import Corpus
from reviewlens.encoders import load_encoder
from reviewlens.encoders.embedding import embed_queries
from reviewlens.search.keeper import RelevanceKeeper
from reviewlens.search.mentions import find_mentions
from reviewlens.search.relevance import Relevance
from reviewlens.search.relevance.prior import ADDED, CountPrior
from setup import describe
from statements import QUERIES, asked

COUNTS = Path(__file__).parent / "counts"
SPREAD = 0.9
"""Chosen so that of counts of files not learnt from nineteen in twenty are held."""


@dataclass(frozen=True)
class Counted:
    """A thing that reviews say.

    Attributes:
        file: Whose.
        query: What they say.
        true: How many do.
        expected: The sum of the probabilities of those that may.
        literal: How many have all telling words in one statement.
        of: Reviews of the file.
    """

    file: str
    query: str
    true: int
    expected: float
    literal: int
    of: int


def counted(data: Path, keep: Path) -> list[Counted]:
    """Ask each file what it is counted by."""
    encoder, found = load_encoder(), []
    for file in sorted(COUNTS.glob("*.json")):
        told = json.loads(file.read_text(encoding="utf-8"))["counts"]
        of = asked(QUERIES / file.name, data)
        database = keep / f"{of.name}.db"
        vectors = embed_queries(encoder, [one["query"] for one in told])
        with Corpus.open(database) as corpus:
            if not database.exists():
                table = [{"id": str(row), "text": text} for row, text in enumerate(of.texts)]
                corpus.ingest(table, columns={"id": "id", "text": "text"})
            store = corpus._session.required()
            relevance = corpus._session.kept(RelevanceKeeper).of(store, encoder)
            assert isinstance(relevance, Relevance)
            total = store.count(None, base=store.readable_heads)
            for one, vector in zip(told, vectors, strict=True):
                mentions = find_mentions(store, encoder, one["query"], vector, relevance)
                own = [each for each in mentions.reviews if not each.opposed]
                expected = mentions.beyond + sum(each.found.probability for each in own)
                literal = sum(each.found.named for each in own)
                true = len(one["true"])
                found.append(Counted(of.name, one["query"], true, expected, literal, total))
    return found


def learnt(some: list[Counted]) -> CountPrior:
    """Return the numbers that fit some counts best."""
    literal = np.log([one.literal + ADDED for one in some])
    wanted = np.log([one.true + ADDED for one in some]) - literal
    excess = np.log([one.expected + ADDED for one in some]) - literal
    rows = np.stack([np.ones(len(some)), excess], axis=1)
    (intercept, found), *_ = np.linalg.lstsq(rows, wanted, rcond=None)
    return CountPrior(round(float(intercept), 4), round(float(found), 4), SPREAD)


def measure(some: list[Counted]) -> None:
    """Print what each count says, by numbers learnt from the other files."""
    held, widths, errors = [], [], []
    for one in some:
        prior = learnt([other for other in some if other.file != one.file])
        value, low, high = prior.estimate(one.expected, one.literal, one.of)
        held.append(low - 0.5 <= one.true <= high + 0.5)
        widths.append((high - low) / max(one.true, 0.01 * one.of))
        errors.append(np.log((value + ADDED) / (one.true + ADDED)))
        print(
            f"{one.file:22} {one.query:38} true {one.true:4}  {low:6.1f} {value:6.1f} {high:7.1f}"
            f"  literal {one.literal:4}{'' if held[-1] else '  missed'}"
        )
    print(
        f"held {sum(held)} of {len(held)}; width, as times the true number or 1 % of the file, "
        f"median {np.median(widths):.2f}; error of the logarithm: spread {np.std(errors):.2f}, "
        f"median {np.median(np.abs(errors)):.2f}"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=("measure", "learn"))
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--keep", type=Path, required=True)
    arguments = parser.parse_args()
    print(describe())
    every = counted(arguments.data, arguments.keep)
    if arguments.what == "measure":
        measure(every)
    else:
        print(learnt(every))
