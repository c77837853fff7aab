"""Counts checked by a simulated person: how often the interval holds, and how wide it is.

python benchmarks/checks.py [--draws 1000] [--checks 20 50 100] [--limits]

A population has so many reviews that say it and so many that do not; a model orders them, and gives
each a probability by what its scores are worth. The 500 of 2,000, or 2,000 of 20,000, with the
highest are looked at; all others have one probability, the mean of theirs. Of this, 20 reviews are
drawn and judged, then 30 and 50 more. `half` is half the width of the interval that is told without
checks, the sum of the probabilities times exp(±1.96 · 0.6), where that holds the number.

`--limits` has populations that no belief of `checked_estimate` fits: what the probabilities pass
over, or are surer of than they may be, is where the interval must not be relied on.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit, ndtri

from reviewlens.search.checked_estimate import checked_estimate
from reviewlens.search.strata import draw

SIZES = (2_000, 20_000)
LOOKED_AT = {2_000: 500, 20_000: 2_000}
SHARES = (0.003, 0.02, 0.1)
MODELS = ("good", "middling", "high", "low", "top wrong")
LIMITS = ("high 5", "low 5", "overconfident", "tail /4", "tail 0")
LOG_ERROR = 0.6
_Z = 1.96


@dataclass(frozen=True, slots=True)
class Cell:
    """A kind of population with what was measured of it, by number of checks.

    Attributes:
        held: Share of intervals that held the number.
        width: Median width by the number.
        half: Half of that without checks, likewise.
        held_without: Share of intervals without checks that held it.
    """

    reviews: int
    share: float
    model: str
    held: tuple[float, ...]
    width: tuple[float, ...]
    half: float
    held_without: float


def population(
    reviews: int, share: float, model: str, generator: np.random.Generator
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return the probabilities of a population, and which of it say it."""
    says = np.arange(reviews) < round(reviews * share)
    count = int(says.sum())
    distance = math.sqrt(2) * ndtri(0.97 if model == "good" else 0.9)
    scores = generator.standard_normal(reviews) + distance * says
    values = expit(logit(share) + distance * scores - distance**2 / 2)
    if model == "top wrong":  # a neighbouring matter: half as many look as the best of ours do
        others = slice(count, count + max(1, count // 2))
        values[others] = np.maximum(values[others], np.quantile(values[:count], 0.9))
    if model == "overconfident":
        values = expit(1.5 * logit(values) + 1)
    tail = np.argsort(-values)[LOOKED_AT[reviews] :]
    factor = {"high": 2.0, "low": 0.5, "high 5": 5.0, "low 5": 0.2}.get(model, 1.0)
    values = np.minimum(values * factor, 0.98) if factor > 1 else values * factor
    values[tail] = values[tail].mean() * {"tail /4": 0.25, "tail 0": 0.0}.get(model, 1.0)
    return values, says


def measure(
    reviews: int, share: float, model: str, *, draws: int, checks: Sequence[int] = (20, 50, 100)
) -> Cell:
    """Draw and judge a population so many times, each another one."""
    held = np.zeros((draws, len(checks)))
    width = np.zeros((draws, len(checks)))
    half, without = np.zeros(draws), np.zeros(draws)
    for number in range(draws):
        seeds = [number, reviews, round(share * 1000), len(model)]
        values, says = population(reviews, share, model, np.random.default_rng(seeds))
        truth = int(says.sum())
        judged: dict[int, bool | None] = {}
        for step, wanted in enumerate(checks):
            rows = draw(values, judged, wanted - len(judged), seed=number).rows
            judged |= {row: bool(says[row]) for row in rows}
            found = checked_estimate(values, judged, seed=number).reviews
            held[number, step] = found.low <= truth <= found.high
            width[number, step] = (found.high - found.low) / truth
        low, high = values.sum() * np.exp(np.array((-_Z, _Z)) * LOG_ERROR)
        half[number] = (high - low) / truth / 2
        without[number] = low <= truth <= high
    return Cell(
        reviews,
        share,
        model,
        tuple(held.mean(axis=0).round(3).tolist()),
        tuple(np.median(width, axis=0).round(2).tolist()),
        round(float(np.median(half)), 2),
        round(float(without.mean()), 2),
    )


def main() -> None:
    """Measure every cell, and print a row of each as it is done."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=1000)
    parser.add_argument("--checks", type=int, nargs="+", default=[20, 50, 100])
    parser.add_argument("--limits", action="store_true")
    given = parser.parse_args()
    print(f"| reviews | share | model | held {given.checks} | width / number | half | without |")
    print("|---|---|---|---|---|---|---|")
    for reviews in SIZES:
        for share in SHARES:
            for model in LIMITS if given.limits else MODELS:
                cell = measure(reviews, share, model, draws=given.draws, checks=given.checks)
                held = " · ".join(f"{value:.3f}" for value in cell.held)
                width = " · ".join(f"{value:.2f}" for value in cell.width)
                print(
                    f"| {reviews:,} | {share:.1%} | {model} | {held} | {width} | {cell.half:.2f} "
                    f"| {cell.held_without:.2f} |",
                    flush=True,
                )


if __name__ == "__main__":
    main()
