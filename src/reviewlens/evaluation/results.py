"""What an evaluation tells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from reviewlens.document import Document, Gap, Part, Table, Text
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
        reviews: Reviews that match the filters, without those that the collection's encoder does
            not read.
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

    def document(self, *, details: bool = False) -> Document:
        """Return the figures, by what was asked; see `Tabular.document`."""
        drawn = f"{self.sampled:,} of {self.reviews:,} reviews, {self.texts:,} different texts"
        parts: list[Part] = [Text(f"{drawn}; in brackets 95 % intervals")]
        for task, figures in groupby(self.figures, key=lambda figure: figure.task):
            rows = list(figures)
            parts += [Gap(), Text(f"{_TASKS[task]} ({rows[0].queries:,} asked)", "strong")]
            parts.append(_table(rows))
        if self.skipped:
            parts += [Gap(), Text("Not asked:")]
        for one in self.skipped:
            what = _MEASURES.get(one.what, one.what)
            name = f"{_TASKS[one.task]}, {what}" if what else _TASKS[one.task]
            parts.append(Text(f"{name}: {one.reason}", inset=2))
        return tuple(parts)


_TASKS = {
    "index": "The index against exact search",
    "self-retrieval": "A sentence finds its review",
    "title": "A title finds its text",
    "neighbors": "The ten nearest reviews agree",
}
_MEASURES = {
    "recall@1": "first",
    "recall@10": "among the first 10",
    "mrr@10": "MRR@10",
    "ndcg@10": "nDCG@10",
    "same_stars": "in stars",
    "same_product": "in product",
}


def _table(figures: Sequence[Figure]) -> Table:
    several = any(figure.difference is not None for figure in figures)
    rows = []
    for figure in figures:
        way = figure.encoder if figure.mode == "dense" else f"{figure.encoder}, {figure.mode}"
        name = _MEASURES.get(figure.measure, figure.measure)
        row = [f"{name}, {way}" if len({one.encoder + one.mode for one in figures}) > 1 else name]
        shown = figure.estimate
        row.append(f"{shown.value:.3f} ({shown.low:.3f}-{shown.high:.3f})")
        if any(one.chance is not None for one in figures):
            row.append("" if figure.chance is None else f"by chance {figure.chance:.3f}")
        if several:
            row.append("" if figure.difference is None else _apart(figure.difference))
        rows.append(tuple(row))
    return Table(("",) * len(rows[0]), tuple(rows))


def _apart(difference: Estimate) -> str:
    """Return a difference, and whether its interval leaves 0 out."""
    told = "better" if difference.low > 0 else "worse" if difference.high < 0 else "no difference"
    return f"{difference.value:+.3f}, {told}"
