"""Is "no review says this" said where it should be, and only there?

Reviews are ingested as the command does. They are asked questions of another file, which they
cannot answer, and their own titles, which they can. Beside the calibrated floor stands the best
that a bare threshold on the nearest review's cosine can do when it is told the answers.

    python benchmarks/floor.py --reviews FILE --foreign FILE --foreign-column text
    python benchmarks/floor.py --foreign FILE --foreign-column text --limit 50    # short form
"""

from __future__ import annotations

import argparse
import csv
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from reviewlens import Corpus
from reviewlens.encoders import load_encoder
from reviewlens.ground.estimates import share
from reviewlens.search.floors import FloorKeeper
from reviewlens.search.matches import Matches
from setup import SAMPLE, describe, timed


def read_column(file: Path, column: str, count: int, seed: int) -> list[str]:
    """Different texts of a column, drawn at random."""
    delimiter = "\t" if file.suffix == ".tsv" else ","
    with file.open(encoding="utf-8-sig", newline="") as stream:
        texts = {(row[column] or "").strip() for row in csv.DictReader(stream, delimiter=delimiter)}
    return drawn(texts, count, seed)


def drawn(texts: set[str], count: int, seed: int) -> list[str]:
    """As many of the texts, none of them empty, at random."""
    ordered = sorted(texts - {""})
    chosen = np.random.default_rng(seed).permutation(len(ordered))[:count]
    return [ordered[place] for place in chosen]


def told(name: str, answers: Sequence[Matches], *, answered: bool) -> None:
    """Print the share of queries that were rightly answered, or rightly not."""
    right = sum(answer.answered == answered for answer in answers)
    found = share(right, len(answers))
    strong = sum(any(one.strength == "strong" for one in answer.matches) for answer in answers)
    print(
        f"  {name:32} {right:4} of {len(answers)}: {found.value:.1%} "
        f"({found.low:.1%} to {found.high:.1%}); {strong} with a strong one"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reviews", type=Path, default=SAMPLE)
    parser.add_argument("--source-column", default=None)
    parser.add_argument("--foreign", type=Path, required=True, help="What cannot be answered.")
    parser.add_argument("--foreign-column", default="text")
    parser.add_argument("--limit", type=int, default=200, help="Queries of either kind.")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    settings = {"source_column": arguments.source_column} if arguments.source_column else {}
    if arguments.reviews == SAMPLE:
        settings = {"source_column": "source"}

    print(describe())
    encoder = load_encoder(device="cpu")
    with (
        tempfile.TemporaryDirectory() as folder,
        Corpus.open(Path(folder) / "floor.db", encoder=encoder) as corpus,
    ):
        report = corpus.ingest(arguments.reviews, **settings)
        store = corpus._session.required()
        titles = {row.title.strip() for page in store.scan(("title",)) for row in page}
        own = drawn(titles, arguments.limit, arguments.seed)
        foreign = read_column(
            arguments.foreign, arguments.foreign_column, arguments.limit, arguments.seed
        )
        store.keep({"floor": ""})
        seconds = timed(
            lambda: corpus._session.kept(FloorKeeper).renew(store, encoder, report.indexed)
        )
        print(
            f"{arguments.reviews.name}, {report.indexed} reviews, calibrated in {seconds:.1f} s; "
            f"{len(foreign)} texts of {arguments.foreign.name}, {len(own)} own titles"
        )
        unanswerable = corpus.search_many(foreign)
        print(f"  measured at calibration: {unanswerable[0].calibration}")
        told("foreign, no review says this", unanswerable, answered=False)
        if not own:
            return
        answerable = corpus.search_many(own)
        told("own titles, something found", answerable, answered=True)
        far = np.sort([answer.nearest or -1.0 for answer in unanswerable])
        near = np.array([answer.nearest or -1.0 for answer in answerable])
        bare = (near > far[int(np.ceil(0.95 * len(far))) - 1]).mean()
        print(f"  a bare threshold that refuses 95 % of the foreign finds {bare:.1%} of the titles")


if __name__ == "__main__":
    main()
