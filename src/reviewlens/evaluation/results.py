"""What an evaluation tells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from reviewlens.ground.estimates import Estimate
from reviewlens.results import Tabular

Task = Literal["index", "self-retrieval", "title", "neighbors"]
"""The index against exact search; a sentence finds its review; a title finds its text; nearest."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One measure of one way to search.

    Attributes:
        task: What was asked.
        measure: `recall@k`: share of queries whose review is among the first k (of `index`: share
            of the true nearest that are found); `mrr@10`: mean of one over the rank, 0 beyond the
            tenth; `ndcg@10`: the same with one over the logarithm of the rank; `same_stars`,
            `same_product`: share of the ten nearest reviews that have those of a review.
        encoder: Its name.
        mode: `dense`, `keyword` or `hybrid`.
        estimate: The figure, 0..1, higher is better, with its 95 % interval.
        chance: What it would be if reviews were drawn at random; None where that is next to 0.
        queries: How many questions it is the mean of.
        difference: From the first way to search of the same measure, with the 95 % interval over
            the same queries; None for the first itself.
    """

    task: Task
    measure: str
    encoder: str
    mode: str
    estimate: Estimate
    chance: float | None
    queries: int
    difference: Estimate | None


@dataclass(frozen=True, slots=True)
class Skipped:
    """A question that these reviews, or this Milvus, cannot answer.

    Attributes:
        task: Which one.
        what: The measure or mode left out; empty for all of the task.
        reason: Why.
    """

    task: Task
    what: str
    reason: str


@dataclass(frozen=True, slots=True, repr=False)
class Evaluation(Tabular):
    """How well reviews are found.

    Attributes:
        collection: Its name.
        reviews: Reviews that match the filters.
        sampled: How many of them were drawn.
        texts: Different texts among these, titles not counted: what is searched in the tasks
            `self-retrieval`, `title` and `neighbors`.
        seed: Of the draws.
        figures: By task, measure, encoder and mode.
        skipped: What could not be asked, and why.
        notes: What the user should know besides.
    """

    collection: str
    reviews: int
    sampled: int
    texts: int
    seed: int
    figures: tuple[Figure, ...]
    skipped: tuple[Skipped, ...]
    notes: tuple[str, ...] = ()

    def _rows(self) -> Sequence[Figure]:
        return self.figures
