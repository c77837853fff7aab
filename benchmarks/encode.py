"""Reviews a second: sentence-transformers' own `encode` against reviewlens in fp32 and int8.

All three take turns in one process, so that a slow minute of the machine hits each of them. What
the exported graphs lose is measured too: the least cosine to the original's vectors, and how many
of the ten nearest neighbours stay.

    python benchmarks/encode.py --reviews FILE                       # five rounds
    python benchmarks/encode.py --limit 200 --rounds 2               # short form
    python benchmarks/encode.py --reviews FILE --distinct            # no text twice
    python benchmarks/encode.py --reviews FILE --stsb stsb_test.csv  # Spearman as well
"""

from __future__ import annotations

import argparse
import csv
import statistics
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from reviewlens.encoders import Encoder, load_encoder
from reviewlens.encoders.model import Model
from reviewlens.encoders.sources import find_model
from setup import SAMPLE, describe, gemm_rate, read_texts, spread, timed

DEFAULT = "all-MiniLM-L6-v2"
PEER = "sentence-transformers"


def operations(lengths: list[int], model: Model) -> float:
    """Floating-point operations of the matrix products that these texts need at least."""
    config = model.folder.architecture
    width, layers = config["hidden_size"], config["num_hidden_layers"]
    a_token = 2 * layers * (4 * width * width + 2 * width * config["intermediate_size"])
    attention = 4 * layers * width
    return float(sum(n * (a_token + attention * n) for n in lengths))


def neighbours_kept(vectors: NDArray[np.float32], reference: NDArray[np.float32]) -> float:
    """Share of the ten nearest neighbours that are the same, 0-1, on average."""

    def nearest(matrix: NDArray[np.float32]) -> NDArray[np.int64]:
        similarities = matrix @ matrix.T
        np.fill_diagonal(similarities, -2)
        return np.argsort(-similarities, axis=1)[:, :10]

    pairs = zip(nearest(vectors), nearest(reference), strict=True)
    return float(np.mean([len(set(one) & set(other)) / 10 for one, other in pairs]))


def spearman(encode: object, file: Path) -> float:
    """Rank correlation of cosine and human score, on `first,second,score` rows without header."""
    from scipy.stats import spearmanr

    with file.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream))
    first = encode([row[0] for row in rows])  # type: ignore[operator]
    second = encode([row[1] for row in rows])  # type: ignore[operator]
    cosines = (first * second).sum(axis=1)
    return float(spearmanr(cosines, [float(row[2]) for row in rows]).statistic)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reviews", type=Path, default=SAMPLE)
    parser.add_argument("--limit", type=int, default=None)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--stsb", type=Path)
    parser.add_argument("--distinct", action="store_true", help="Leave repeated texts out.")
    arguments = parser.parse_args()
    texts = read_texts(arguments.reviews)[: arguments.limit]
    if arguments.distinct:
        texts = list(dict.fromkeys(texts))

    from sentence_transformers import SentenceTransformer

    model = Model(find_model(DEFAULT).path, name=DEFAULT)
    lengths = [len(ids) for ids in model.token_ids(texts)]
    distinct = [len(ids) for ids in model.token_ids(list(dict.fromkeys(texts)))]
    original = SentenceTransformer(str(model.folder.path), device="cpu", local_files_only=True)
    original.max_seq_length = model.folder.max_tokens
    encoders: dict[str, Encoder] = {
        "reviewlens fp32": load_encoder(DEFAULT, device="cpu"),
        "reviewlens int8": load_encoder(DEFAULT, device="cpu", precision="int8"),
    }
    runs = {PEER: lambda texts: original.encode(texts, show_progress_bar=False)}
    runs |= {name: encoder.encode_documents for name, encoder in encoders.items()}

    print(describe())
    print(f"{arguments.reviews.name}: {len(texts)} reviews, {sum(lengths):,} tokens, cut at 256; "
          f"{len(distinct)} distinct texts")  # fmt: skip
    vectors = {name: encode(texts) for name, encode in runs.items()}  # warm
    seconds: dict[str, list[float]] = {name: [] for name in runs}
    rates = []
    for _ in range(arguments.rounds):
        rates.append(gemm_rate())
        for name, encode in runs.items():
            seconds[name].append(timed(lambda encode=encode: encode(texts)))
    rate = statistics.median(rates)
    print(f"GEMM fp32: {rate:.0f} GFLOPS ({min(rates):.0f}-{max(rates):.0f})")
    print(f"{'':22}{'reviews/s':>10}{'tokens/s':>10}{'of GEMM':>9}{'ratio':>7}"
          f"{'cosine':>9}{'kept@10':>9}  seconds")  # fmt: skip
    for name, values in seconds.items():
        median = statistics.median(values)
        # The peer embeds a repeated text each time.
        done = operations(lengths if name == PEER else distinct, model)
        share = done / median / 1e9 / rate
        ratio = statistics.median(
            peer / own for peer, own in zip(seconds[PEER], values, strict=True)
        )
        cosine = float((vectors[name] * vectors[PEER]).sum(axis=1).min())
        kept = neighbours_kept(vectors[name], vectors[PEER])
        print(f"{name:22}{len(texts) / median:10.1f}{sum(lengths) / median:10.0f}{share:9.0%}"
              f"{ratio:7.2f}{cosine:9.5f}{kept:9.3f}  {spread(values)}")  # fmt: skip
    if arguments.stsb:
        for name, encode in runs.items():
            print(f"STSb Spearman, {name}: {spearman(encode, arguments.stsb):.4f}")


if __name__ == "__main__":
    main()
