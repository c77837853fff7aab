"""Saved themes given to later texts: do they agree with those of a refit, and how fast?

    python benchmarks/themes.py banking77_train.csv banking77_test.csv

Both files have the column `text`. Themes are found in the first and given to the second by their
centres; then both together are clustered anew at the same resolution, and matched. Prints the
adjusted mutual information of the two on the second file, and the seconds that assigning takes.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.metrics import adjusted_mutual_info_score

from clusters import reviews_of
from reviewlens.encoders import load_encoder
from reviewlens.ground.neighbors import nearest
from reviewlens.insights.clusters import find_clusters
from reviewlens.themes import assign, make_set, match_themes, said_by


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("saved", type=Path, help="CSV that the themes are found in")
    parser.add_argument("later", type=Path, help="CSV that they are given to")
    arguments = parser.parse_args()
    saved, later = (
        pd.read_csv(file)["text"].tolist() for file in (arguments.saved, arguments.later)
    )
    encoder = load_encoder(device="cpu")
    vectors = encoder.encode_documents([*saved, *later])
    old, new = (
        reviews_of(texts, part)
        for texts, part in ((saved, vectors[: len(saved)]), (later, vectors[len(saved) :]))
    )
    made = make_set("main", old, find_clusters(old, nearest(old.vectors)), created=0)
    print(f"{len(saved):,} texts in {len(made.themes)} themes, resolution {made.resolution:g}")
    numbers, confidence = assign(made, new.vectors, said_by(new))

    many = np.resize(np.arange(len(later)), 10_000)
    vectors_of_many, said = new.vectors[many], [said_by(new)[row] for row in many]
    started = time.perf_counter()
    assign(made, vectors_of_many, said)
    print(f"10,000 texts are given a theme in {time.perf_counter() - started:.2f} s")

    both = reviews_of([*saved, *later], vectors)
    found = find_clusters(both, nearest(vectors), resolution=made.resolution)
    known = [member.theme for member in made.members.values()]
    before = dict(zip(both.ids, [*known, *numbers.tolist()], strict=True))
    refitted, refit = match_themes(made, make_set("main", both, found, created=0), before)
    anew = np.array([refitted.members[key].theme for key in both.ids])
    print(
        f"a refit has {len(refitted.themes)} themes: {len(refit.kept)} go on, {len(refit.born)} "
        f"are new, {len(refit.died)} gone"
    )
    print(
        f"assigned against refitted, {len(later):,} texts: adjusted mutual information "
        f"{adjusted_mutual_info_score(anew[len(saved) :], numbers):.3f}, the same theme "
        f"{np.mean(anew[len(saved) :] == numbers):.1%}, mean confidence {confidence.mean():.2f}"
    )
    print(
        f"saved against refitted, {len(saved):,} texts: adjusted mutual information "
        f"{adjusted_mutual_info_score(anew[: len(saved)], known):.3f}"
    )


if __name__ == "__main__":
    main()
