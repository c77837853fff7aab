"""Is the kind of a question told? Learns the numbers of `asking/kinds.npz`, and measures.

    python benchmarks/kinds.py train
    python benchmarks/kinds.py measure [--questions FILE …]

`train` learns from the exemplars of `asking/kinds.txt`. `measure` reads the questions of
`kinds/asked.txt`, which were written before any rule: each second one was looked at while rules
were made, the others were not; then it learns without one field after the other, and reads the
questions of that. `--questions` measures JSON files instead: lists of objects with `question` and
`kind`, of which those that are `absent` are of any kind and not counted.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from reviewlens.asking.kinds import EXEMPLARS, NUMBERS, Kind, Numbers, features_of, read_question

ASKED = Path(__file__).parent / "kinds" / "asked.txt"
KINDS: tuple[Kind, ...] = get_args(Kind)
FEWEST = 2
"""How many exemplars bear a feature that is learnt."""
FORGOTTEN = 0.02
"""How much large weights cost."""


@dataclass(frozen=True)
class Asked:
    """A question whose kind is known, and of which field it is."""

    kind: Kind
    field: str
    question: str


def read(file: Path) -> list[Asked]:
    """Read questions that stand below their kinds; the matter's brackets are taken off."""
    found: list[Asked] = []
    kind = KINDS[0]
    for line in file.read_text(encoding="utf-8").splitlines():
        if line.startswith("== "):
            kind = next(one for one in KINDS if one == line[3:])
        elif line:
            field, question = line.split(": ", 1)
            found.append(Asked(kind, field, question.replace("[", "").replace("]", "")))
    return found


def learn(asked: Sequence[Asked]) -> Numbers:
    """Learn by multinomial logistic regression what tells the kinds."""
    told = [features_of(one.question) for one in asked]
    counts = Counter(name for one in told for name in one)
    names = sorted(name for name, times in counts.items() if times >= FEWEST)
    empty = Numbers.of(names, np.zeros((len(names) + 1, len(KINDS)), dtype=np.float32))
    rows = np.stack([empty.row(one) for one in told]).astype(np.float64)
    truth = np.eye(len(KINDS))[[KINDS.index(one.kind) for one in asked]]

    def cost(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        weights = flat.reshape(rows.shape[1], -1)
        logits = rows @ weights
        logits -= logits.max(axis=1, keepdims=True)
        shares = np.exp(logits)
        shares /= shares.sum(axis=1, keepdims=True)
        loss = -float((truth * np.log(shares + 1e-12)).sum()) + FORGOTTEN * float((flat**2).sum())
        return loss, (rows.T @ (shares - truth) + 2 * FORGOTTEN * weights).ravel()

    start = np.zeros(rows.shape[1] * len(KINDS))
    best = minimize(cost, start, jac=True, method="L-BFGS-B", options={"maxiter": 300})
    return Numbers.of(names, best.x.reshape(rows.shape[1], -1).astype(np.float32))


def train() -> None:
    """Learn the numbers and write them."""
    numbers = learn(read(EXEMPLARS))
    numbers.save(NUMBERS)
    print(
        f"{NUMBERS.name}: {len(numbers.rows):,} features, {NUMBERS.stat().st_size / 1024:.0f} KiB"
    )


def measure() -> None:
    """Tell how many questions of the set, and of each field left out, are read rightly."""
    own, asked = read(EXEMPLARS), read(ASKED)
    numbers = learn(own)
    for name, part in (("looked at", asked[::2]), ("held out", asked[1::2])):
        tell(name, part, [numbers.kind_of(one.question)[0] for one in part])
    fields = sorted({one.field for one in (*own, *asked)} - {"none"})
    left: list[Asked] = []
    read_as: list[Kind] = []
    for number, field in enumerate(fields):
        others = [one for one in own if one.field != field]
        # What is not about reviews is of no field: each time a part of it is left out.
        nowhere = [one for one in own if one.field == "none"][number :: len(fields)]
        numbers = learn([one for one in others if one not in nowhere])
        part = [one for one in (*own, *asked) if one.field == field] + nowhere
        left += part
        read_as += [numbers.kind_of(one.question)[0] for one in part]
    tell("a field left out", left, read_as)


def measure_files(files: Sequence[Path]) -> None:
    """Tell how many questions of JSON files are read rightly."""
    for file in files:
        rows = [one for one in json.loads(file.read_text()) if one["kind"] in KINDS]
        part = [Asked(one["kind"], file.stem, one["question"]) for one in rows]
        tell(str(file), part, [read_question(one.question).kind for one in part])


def tell(name: str, asked: Sequence[Asked], read_as: Sequence[Kind]) -> None:
    """Print the share that is right, with its 95 % interval (Wilson), and the mistakes."""
    wrong = [(one, kind) for one, kind in zip(asked, read_as, strict=True) if one.kind != kind]
    n, right = len(asked), len(asked) - len(wrong)
    middle, spread = right + 1.92, 1.96 * np.sqrt(right * (n - right) / n + 0.96)
    low, high = (middle - spread) / (n + 3.84), (middle + spread) / (n + 3.84)
    print(f"{name}: {right} of {n} right, {right / n:.3f} ({low:.3f} to {high:.3f})")
    for (kind, other), times in Counter((one.kind, kind) for one, kind in wrong).most_common():
        print(f"  {kind} read as {other}: {times}")
    for one, kind in wrong:
        print(f"    {one.question} | {one.kind} | {kind}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("what", choices=["train", "measure"])
    parser.add_argument("--questions", type=Path, nargs="+", help="JSON files to measure instead")
    given = parser.parse_args()
    if given.what == "train":
        train()
    elif given.questions:
        measure_files(given.questions)
    else:
        measure()


if __name__ == "__main__":
    main()
